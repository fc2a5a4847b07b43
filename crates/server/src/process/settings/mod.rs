//! Settings: flags, then environment, then a TOML file, then defaults, in that order.
//!
//! Each is declared once, here. `steward serve --help` lists them; `docs/operations.md` explains them. A TOML
//! key is the flag's name with underscores: `--public-url` is `public_url`.

mod file;
mod files;
mod logging;
mod peers;
mod secret_text;
mod work;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, Command, ValueEnum};
use kernel::{Error, Result};
use url::Url;

pub use file::with_file;
pub use files::Files;
pub use logging::{LogFormat, Logging};
pub use peers::{Nats, Peers};
pub use secret_text::SecretText;
pub use work::Work;

/// Where the database is.
#[derive(Args, Clone, Debug)]
// Its name is also that of a subcommand, and clap names groups after both.
#[group(skip)]
pub struct Database {
    /// An existing PostgreSQL 15+ with pgvector 0.8+ to use instead of the embedded one
    #[arg(long, env = "STEWARD_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<SecretText>,

    /// Folder of the embedded database and of generated keys [default: /var/lib/steward for root, else
    /// ~/.local/share/steward]
    #[arg(long, env = "STEWARD_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// bin folder of a PostgreSQL installation to run instead of the packed one
    #[arg(long, env = "STEWARD_PG_BIN", value_name = "DIR")]
    pub pg_bin: Option<PathBuf>,

    /// Connections to the database for requests and jobs, besides a few of its own
    #[arg(long, env = "STEWARD_DATABASE_CONNECTIONS", value_name = "N", default_value_t = 20,
        value_parser = clap::value_parser!(u16).range(4..=500))]
    pub database_connections: u16,
}

/// What the embedded database leaves free.
#[derive(Args, Clone, Debug)]
pub struct Disk {
    /// While less than this is free on the embedded database's disk nothing is stored, in megabytes; 0 keeps nothing free
    #[arg(long, env = "STEWARD_DISK_RESERVE", value_name = "MB", default_value_t = 256)]
    pub disk_reserve: u32,
}

/// The keys that seal secrets.
#[derive(Args, Clone, Debug)]
pub struct Keys {
    /// File of master keys, one base64 key of 32 bytes a line, the current one first [default: <data-dir>/master.key,
    /// made at first start]
    #[arg(long, env = "STEWARD_MASTER_KEY_FILE", value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,

    /// The master key itself, instead of a file; several are separated by commas, the current one first
    #[arg(long, env = "STEWARD_MASTER_KEY", hide_env_values = true, value_name = "KEY")]
    pub master_key: Option<SecretText>,

    /// What access tokens are authenticated with, instead of what the database keeps under the master key; another one ends
    /// them [default: made from the master key at the first start and kept]
    #[arg(long, env = "STEWARD_TOKEN_PEPPER", hide_env_values = true, value_name = "TEXT")]
    pub token_pepper: Option<SecretText>,
}

/// The mail server that carries invitations and links for a new password. Without one, invitations are links to copy.
#[derive(Args, Clone, Debug)]
pub struct Mail {
    /// Where mail is handed in: smtps://user:password@host (TLS), smtp://user:password@host (STARTTLS), or
    /// smtp://host?tls=none for a relay that is trusted
    #[arg(long, env = "STEWARD_SMTP_URL", hide_env_values = true, value_name = "URL")]
    pub smtp_url: Option<SecretText>,

    /// Whom mails come from: steward@example.com, or Steward <steward@example.com>
    #[arg(long, env = "STEWARD_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,

    /// File of certificates (PEM) that the mail server may show beside those the machine trusts
    #[arg(long, env = "STEWARD_SMTP_CA_FILE", value_name = "FILE")]
    pub smtp_ca_file: Option<PathBuf>,
}

/// Where customers' addresses may lead.
#[derive(Args, Clone, Debug)]
pub struct Egress {
    /// Private hosts that tools and receivers may call, as host or host:port; separate several by commas
    #[arg(long, env = "STEWARD_EGRESS_ALLOW", value_name = "HOST", value_delimiter = ',')]
    pub egress_allow: Vec<String>,

    /// Longest wait for an answer from outside, in seconds
    #[arg(long, env = "STEWARD_EGRESS_TIMEOUT", value_name = "SECONDS", default_value_t = 30)]
    pub egress_timeout: u64,

    /// Command lines that MCP tools may start on this machine, each exactly as written; none unless named
    #[arg(long, env = "STEWARD_MCP_STDIO_ALLOW", value_name = "COMMAND", value_delimiter = ',')]
    pub mcp_stdio_allow: Vec<String>,

    /// Base URL of Slack's Web API
    #[arg(long, env = "STEWARD_SLACK_API_URL", value_name = "URL", default_value = "https://slack.com/api")]
    pub slack_api_url: Url,

    /// Base URL of Lark's open API (Feishu: https://open.feishu.cn/open-apis)
    #[arg(
        long,
        env = "STEWARD_LARK_API_URL",
        value_name = "URL",
        default_value = "https://open.larksuite.com/open-apis"
    )]
    pub lark_api_url: Url,
}

/// Which language model investigates. Without one, the executable steps of skills run and rules conclude.
#[derive(Args, Clone, Debug)]
pub struct Model {
    /// How the model is spoken to
    #[arg(long, env = "STEWARD_LLM_PROVIDER", value_name = "PROVIDER", default_value = "none")]
    pub llm_provider: Provider,

    /// Base URL of its API [default: the provider's own]
    #[arg(long, env = "STEWARD_LLM_BASE_URL", value_name = "URL")]
    pub llm_base_url: Option<Url>,

    /// Its key
    #[arg(long, env = "STEWARD_LLM_API_KEY", hide_env_values = true, value_name = "KEY")]
    pub llm_api_key: Option<SecretText>,

    /// Its name
    #[arg(long, env = "STEWARD_LLM_MODEL", value_name = "NAME")]
    pub llm_model: Option<String>,

    /// Price of a million input tokens in USD
    #[arg(long, env = "STEWARD_LLM_PRICE_IN", value_name = "USD", default_value_t = 0.0)]
    pub llm_price_in: f64,

    /// Price of a million output tokens in USD
    #[arg(long, env = "STEWARD_LLM_PRICE_OUT", value_name = "USD", default_value_t = 0.0)]
    pub llm_price_out: f64,

    /// Price of a million cached input tokens in USD [default: as input]
    #[arg(long, env = "STEWARD_LLM_PRICE_CACHED", value_name = "USD")]
    pub llm_price_cached: Option<f64>,

    /// Most tokens of one answer
    #[arg(long, env = "STEWARD_LLM_MAX_OUTPUT_TOKENS", value_name = "N", default_value_t = 4096)]
    pub llm_max_output_tokens: u32,

    /// Longest wait for one answer, in seconds
    #[arg(long, env = "STEWARD_LLM_TIMEOUT", value_name = "SECONDS", default_value_t = 120)]
    pub llm_timeout: u64,

    /// Most calls of the model in one run
    #[arg(long, env = "STEWARD_RUN_MAX_STEPS", value_name = "N", default_value_t = 30)]
    pub run_max_steps: u32,

    /// Most that one run may cost in USD; counted before each call
    #[arg(long, env = "STEWARD_RUN_MAX_COST", value_name = "USD", default_value_t = 1.0)]
    pub run_max_cost: f64,

    /// Most tokens of one run
    #[arg(long, env = "STEWARD_RUN_MAX_TOKENS", value_name = "N", default_value_t = 500_000)]
    pub run_max_tokens: u64,

    /// Base URL of an OpenAI-compatible embeddings API [default: the built-in embedding, which needs no model]
    #[arg(long, env = "STEWARD_EMBEDDINGS_BASE_URL", value_name = "URL", requires = "embeddings_model")]
    pub embeddings_base_url: Option<Url>,

    /// Name of the embedding model, of at most 1536 dimensions
    #[arg(long, env = "STEWARD_EMBEDDINGS_MODEL", value_name = "NAME", requires = "embeddings_base_url")]
    pub embeddings_model: Option<String>,

    /// Key of the embeddings API
    #[arg(long, env = "STEWARD_EMBEDDINGS_API_KEY", hide_env_values = true, value_name = "KEY")]
    pub embeddings_api_key: Option<SecretText>,

    /// Least score, 0 to 1, at which a skill matches an alert by meaning [default: calibrated for the embedding]
    #[arg(long, env = "STEWARD_MATCH_THRESHOLD", value_name = "SCORE")]
    pub match_threshold: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Provider {
    None,
    /// OpenAI's chat completions, which most servers speak
    Openai,
    Anthropic,
}

/// Sign-in with Supabase Auth.
#[derive(Args, Clone, Debug)]
pub struct Supabase {
    /// Issuer of the JWTs: https://<project>.supabase.co/auth/v1
    #[arg(long, env = "STEWARD_SUPABASE_ISSUER", value_name = "URL")]
    pub supabase_issuer: Option<Url>,

    /// Their audience
    #[arg(long, env = "STEWARD_SUPABASE_AUDIENCE", value_name = "TEXT", default_value = "authenticated")]
    pub supabase_audience: String,

    /// The project's JWT secret, for HS256
    #[arg(long, env = "STEWARD_SUPABASE_JWT_SECRET", hide_env_values = true, value_name = "SECRET")]
    pub supabase_jwt_secret: Option<SecretText>,

    /// Its key set, for RS256 and ES256 [default: <issuer>/.well-known/jwks.json]
    #[arg(long, env = "STEWARD_SUPABASE_JWKS_URL", value_name = "URL")]
    pub supabase_jwks_url: Option<Url>,

    /// Its publishable key (or legacy anon key): with it, the console signs people in with their Supabase password
    #[arg(long, env = "STEWARD_SUPABASE_PUBLISHABLE_KEY", value_name = "KEY")]
    pub supabase_publishable_key: Option<String>,
}

impl Supabase {
    /// Where browsers sign in at the project, when they can.
    pub fn sign_in_origin(&self) -> Option<String> {
        let issuer = self.supabase_issuer.as_ref().filter(|_| self.supabase_publishable_key.is_some())?;
        Some(issuer.origin().ascii_serialization())
    }
}

/// How the server is reached.
#[derive(Args, Clone, Debug)]
pub struct Listen {
    /// Address to listen on
    #[arg(long, env = "STEWARD_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Another address, for monitoring: /healthz, /readyz and /metrics without credentials; of `worker` the only one
    /// [default: nowhere]
    #[arg(long, env = "STEWARD_MONITOR_LISTEN", value_name = "ADDRESS")]
    pub monitor_listen: Option<SocketAddr>,

    /// Bearer token with which /metrics can be read at --listen as well; while it is changed two, separated by a comma
    /// [default: it cannot]
    #[arg(long, env = "STEWARD_METRICS_TOKEN", hide_env_values = true, value_name = "TEXT")]
    pub metrics_token: Option<SecretText>,

    /// The address people type, for links and cookies [default: http://<listen>]
    #[arg(long, env = "STEWARD_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Url>,

    /// Proxies whose X-Forwarded-For is believed, as address or network (10.0.0.0/8); separate several by commas
    #[arg(long, env = "STEWARD_TRUSTED_PROXIES", value_name = "ADDRESS", value_delimiter = ',')]
    pub trusted_proxies: Vec<platform::http::Network>,

    /// Requests per second of one caller, a person or a token, with a burst of ten seconds' worth; 0 is no limit
    #[arg(long, env = "STEWARD_RATE_LIMIT", value_name = "N", default_value_t = 100)]
    pub rate_limit: u32,

    /// Webhooks per second of one token, with a burst of ten seconds' worth; 0 is no limit
    #[arg(long, env = "STEWARD_INTAKE_RATE_LIMIT", value_name = "N", default_value_t = 20_000)]
    pub intake_rate_limit: u32,

    /// Requests per second of one network that are refused or come from nobody, with a burst of ten seconds' worth; 0 is
    /// no limit
    #[arg(long, env = "STEWARD_STRANGER_RATE_LIMIT", value_name = "N", default_value_t = 50)]
    pub stranger_rate_limit: u32,

    /// Connections at once; one address may have a quarter of them
    #[arg(long, env = "STEWARD_MAX_CONNECTIONS", value_name = "N", default_value_t = 2048,
        value_parser = clap::value_parser!(u32).range(16..=100_000))]
    pub max_connections: u32,

    /// Address of the admin that the first start makes [default: asked for at a terminal, else a random one]
    #[arg(long, env = "STEWARD_ADMIN_EMAIL", value_name = "ADDRESS")]
    pub admin_email: Option<String>,
}

/// Everything that `serve` and `worker` need.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    #[command(flatten, next_help_heading = "Database")]
    pub database: Database,
    #[command(flatten, next_help_heading = "Database")]
    pub disk: Disk,
    #[command(flatten, next_help_heading = "HTTP")]
    pub listen: Listen,
    #[command(flatten, next_help_heading = "Files")]
    pub files: Files,
    #[command(flatten, next_help_heading = "Several processes")]
    pub peers: Peers,
    #[command(flatten, next_help_heading = "Keys")]
    pub keys: Keys,
    #[command(flatten, next_help_heading = "Model")]
    pub model: Model,
    #[command(flatten, next_help_heading = "Way out")]
    pub egress: Egress,
    #[command(flatten, next_help_heading = "Mail")]
    pub mail: Mail,
    #[command(flatten, next_help_heading = "Supabase Auth")]
    pub supabase: Supabase,
    #[command(flatten, next_help_heading = "Jobs")]
    pub work: Work,
    #[command(flatten, next_help_heading = "Logging")]
    pub logging: Logging,
}

impl Settings {
    /// The address people type.
    pub fn public_url(&self) -> Result<Url> {
        match &self.listen.public_url {
            Some(url) => Ok(url.clone()),
            None => Url::parse(&format!("http://{}", self.listen.listen)).map_err(Error::internal),
        }
    }

    pub fn egress_timeout(&self) -> Duration {
        Duration::from_secs(self.egress.egress_timeout)
    }

    /// Checks what no single setting can tell.
    ///
    /// # Errors
    /// `invalid_setting`, naming the setting.
    pub fn check(&self) -> Result<()> {
        let wrong = |name, detail: &str| Err(Error::field("invalid_setting", name, detail));
        let model = &self.model;
        if model.llm_provider != Provider::None && model.llm_model.is_none() {
            return wrong("--llm-model", "is needed when --llm-provider is set");
        }
        if model.llm_provider == Provider::Anthropic && model.llm_api_key.is_none() {
            return wrong("--llm-api-key", "is needed for Anthropic; set STEWARD_LLM_API_KEY");
        }
        for (name, price) in
            [("--llm-price-in", model.llm_price_in), ("--llm-price-out", model.llm_price_out)]
        {
            if !(0.0..=10_000.0).contains(&price) {
                return wrong(name, "must be from 0 to 10000");
            }
        }
        if model.match_threshold.is_some_and(|score| !(0.0..=1.0).contains(&score)) {
            return wrong("--match-threshold", "must be from 0 to 1");
        }
        let supabase = &self.supabase;
        if supabase.supabase_issuer.is_none()
            && (supabase.supabase_jwt_secret.is_some()
                || supabase.supabase_jwks_url.is_some()
                || supabase.supabase_publishable_key.is_some())
        {
            return wrong("--supabase-issuer", "is needed to check who issued a JWT");
        }
        if self.mail.smtp_url.is_some() != self.mail.mail_from.is_some() {
            return wrong("--mail-from", "belongs together with --smtp-url: give both or neither");
        }
        if let Some(url) = &self.listen.public_url
            && !matches!(url.scheme(), "http" | "https")
        {
            return wrong("--public-url", "must begin with http:// or https://");
        }
        Ok(())
    }
}

impl Settings {
    /// The settings of a server that was told nothing, not even by its environment.
    pub fn defaults() -> Result<Self> {
        use clap::FromArgMatches;
        let command =
            Self::augment_args(Command::new("steward")).mut_args(|argument| argument.env(None::<&str>));
        let matches = command.try_get_matches_from(["steward"]).map_err(Error::internal)?;
        Self::from_arg_matches(&matches).map_err(Error::internal)
    }
}
