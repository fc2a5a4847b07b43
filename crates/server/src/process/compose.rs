//! The domains, built and connected.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::TimeDelta;
use kernel::{Error, Result, Secret, SystemClock};
use llm::{EmbeddingOptions, EmbeddingProvider, Limits, Usd};
use messengers::email;
use metrics_exporter_prometheus::PrometheusHandle;
use platform::{
    App,
    db::{self, Db, Partitioned, maintain_partitions},
    dead_letters::{self, Source},
    domain::{Domain, Kept, Table, TableKind},
    feed::Relay,
    files::Files,
    hot::Hot,
    http::{self, Authenticator, Grantable, Routes},
    jobs::{self, Cron, Registry, cron},
    live::LiveHub,
    outbound::{Outbound, Policy},
    record::{self, Catalogue},
    secrets::Keyring,
    settings::AnySetting,
};
use tenancy::Access;
use tokio_util::sync::CancellationToken;

use crate::{
    erasure,
    process::{
        domains::Domains,
        files, first_admin,
        settings::{Mail, Model, Provider, SecretText, Settings},
    },
    reactions, reads,
};

/// What others need of the domains that know no other.
pub struct Shared {
    pub skills: skills::Deps,
    pub runs: runs::Deps,
    pub notify: notify::Deps,
}

/// The product, ready to be served.
pub struct Product {
    pub app: App,
    pub domains: Domains,
    /// What people and programs call, and what other systems post to.
    pub api: Routes,
    pub hooks: Routes,
    pub authenticator: Arc<dyn Authenticator>,
    pub registry: Registry,
    pub cron: Cron,
    pub queues: BTreeSet<&'static str>,
    pub dead_letters: Vec<Source>,
    pub events: Catalogue,
    pub permissions: Vec<Grantable>,
    /// What organizations may set.
    pub settings: Vec<&'static dyn AnySetting>,
    pub tables: Vec<(&'static str, Table)>,
    pub live: LiveHub,
    pub hot: Hot,
    pub files: Files,
    /// Hands events on, where there is somebody to take them.
    pub relay: Option<Relay>,
    pub metrics: PrometheusHandle,
    /// Cancelled when the process is to stop.
    pub stop: CancellationToken,
}

/// The domains that know no other, each in one line, and what the server needs of them.
pub fn domains(settings: &Settings, app: &App) -> Result<(Shared, Vec<Domain>)> {
    let skills = skills(&settings.model, skills_options(settings), app)?;
    let runs = runs(settings, app, skills.clone())?;
    let notify = notify(settings, app)?;
    let plugged = vec![
        alerts::domain(alerts::Deps::new(app.clone())),
        skills::domain(skills.clone()),
        runs::domain(runs.clone()),
        notify::domain(notify.clone()),
    ];
    Ok((Shared { skills, runs, notify }, plugged))
}

/// Builds the product over a database.
pub fn compose(settings: &Settings, db: Db, keyring: Keyring, metrics: PrometheusHandle) -> Result<Product> {
    compose_of(settings, db, keyring, metrics, domains)
}

/// Builds a product of these domains, tenancy and the machine.
pub fn compose_of(
    settings: &Settings,
    db: Db,
    keyring: Keyring,
    metrics: PrometheusHandle,
    domains: impl FnOnce(&Settings, &App) -> Result<(Shared, Vec<Domain>)>,
) -> Result<Product> {
    let policy = Policy { allowed: settings.egress.egress_allow.clone() };
    let app = App {
        clock: db.shared_clock(),
        keyring: Arc::new(keyring),
        outbound: Outbound::new(policy, settings.egress_timeout())?,
        db,
    };
    let (hot, stop) = (settings.peers.hot()?, CancellationToken::new());
    let (shared, mut plugged) = domains(settings, &app)?;
    // Whoever says who may do what knows what there is to be done.
    let permissions = plugged.iter().map(|domain| domain.permissions).chain([http::PERMISSIONS]);
    let access = Access::of(permissions.chain([tenancy::permissions::PERMISSIONS]).flatten());
    let sealed_keys = plugged.iter().flat_map(|domain| domain.sealed_keys).copied().collect();
    let options = tenancy::Options { access, sealed_keys, ..tenancy_options(settings, &hot)? };
    let tenancy = tenancy::Deps::new(app.clone(), options)?;
    let authenticator = tenancy::authenticator(tenancy.clone());
    plugged.push(tenancy::domain(&tenancy));
    let events =
        Catalogue::of(plugged.iter().flat_map(|domain| domain.events).chain(platform::EVENTS).copied());
    let live = LiveHub::new(app.db.clone(), authenticator.clone(), events.clone(), stop.clone());
    let set = plugged.iter().flat_map(|domain| domain.settings).chain(platform::retention::SETTINGS).copied();
    let set = limited(platform::settings::Settings::new(app.db.clone(), set), settings);
    plugged.push(platform::domain(live.clone(), events.clone(), set));

    let Shared { skills, runs, notify } = shared;
    let domains = Domains { tenancy, skills, runs, notify };
    let mut product = Product {
        api: reads::routes(&app, &domains).merge(erasure::routes(app.clone())),
        hooks: Routes::new(),
        registry: Registry::default(),
        cron: Cron::default(),
        queues: BTreeSet::new(),
        dead_letters: Vec::new(),
        events,
        permissions: Vec::new(),
        settings: Vec::new(),
        tables: Vec::new(),
        live,
        relay: settings.peers.feed()?.map(|options| Relay::new(app.db.clone(), options)),
        authenticator,
        app,
        domains,
        hot,
        files: files::open(&settings.files, &settings.database)?,
        metrics,
        stop,
    };
    plugged.into_iter().for_each(|domain| product.plug(domain));
    for reaction in reactions::all() {
        reaction.register(&product.domains, &mut product.registry);
    }
    product.keep_in_order(settings.work.retention());
    product.show_work();
    Ok(product)
}

/// Nothing of the record is kept longer than the operator says.
fn limited(set: platform::settings::Settings, settings: &Settings) -> platform::settings::Settings {
    match settings.work.retention_days {
        0 => set,
        days => set.limited(&[&record::EVENTS_KEPT, &record::AUDIT_KEPT], days),
    }
}

fn skills_options(settings: &Settings) -> skills::Options {
    skills::Options {
        sandbox: settings.work.sandbox(),
        mcp_stdio: settings.egress.mcp_stdio_allow.clone(),
        ..skills::Options::default()
    }
}

fn runs(settings: &Settings, app: &App, skills: skills::Deps) -> Result<runs::Deps> {
    let client = Outbound::trusted(Duration::from_secs(settings.model.llm_timeout))?;
    Ok(runs::Deps {
        app: app.clone(),
        skills,
        model: chat_options(&settings.model).build(client)?,
        options: runs::Options { limits: limits(&settings.model) },
    })
}

fn notify(settings: &Settings, app: &App) -> Result<notify::Deps> {
    let options = notify::Options {
        public_url: settings.public_url()?,
        slack_api_url: settings.egress.slack_api_url.clone(),
        lark_api_url: settings.egress.lark_api_url.clone(),
        mail: mail(settings)?,
    };
    notify::Deps::new(app.clone(), options)
}

/// The skills domain alone, for commands that need no more.
pub fn skills(model: &Model, mut options: skills::Options, app: &App) -> Result<skills::Deps> {
    let embedding = EmbeddingOptions {
        provider: match model.embeddings_model {
            Some(_) => EmbeddingProvider::OpenAi,
            None => EmbeddingProvider::Builtin,
        },
        base_url: model.embeddings_base_url.clone(),
        api_key: model.embeddings_api_key.as_ref().map(SecretText::secret),
        model: model.embeddings_model.clone(),
    };
    let embedder = embedding.build(Outbound::trusted(Duration::from_secs(30))?)?;
    if let Some(threshold) = model.match_threshold {
        options.matching.threshold = threshold;
    }
    Ok(skills::Deps::new(app.clone(), embedder, options))
}

fn tenancy_options(settings: &Settings, hot: &Hot) -> Result<tenancy::Options> {
    Ok(tenancy::Options {
        public_url: Some(settings.public_url()?),
        supabase: supabase_options(settings)?,
        mail: mail(settings)?,
        hot: hot.clone(),
        ..tenancy::Options::default()
    })
}

/// The operator's mail server.
fn mail(settings: &Settings) -> Result<Option<email::Sending>> {
    let Mail { smtp_url, mail_from, smtp_ca_file } = &settings.mail;
    let (Some(url), Some(from)) = (smtp_url, mail_from) else { return Ok(None) };
    let wrong =
        |name, error: &dyn std::fmt::Display| Error::field("invalid_setting", name, error.to_string());
    let mut server =
        email::Server::from_url(url.secret().expose()).map_err(|error| wrong("--smtp-url", &error))?;
    if let Some(path) = smtp_ca_file {
        let ca = std::fs::read_to_string(path);
        server.extra_ca = Some(ca.map_err(|error| wrong("--smtp-ca-file", &error))?);
    }
    let client = email::Client::new(server, email::Egress::Trusted);
    Ok(Some(email::Sending {
        client: client.map_err(|error| wrong("--smtp-url", &error))?,
        sender: from.parse().map_err(|error| wrong("--mail-from", &error))?,
    }))
}

fn supabase_options(settings: &Settings) -> Result<Option<tenancy::SupabaseOptions>> {
    let supabase = &settings.supabase;
    let Some(issuer) = &supabase.supabase_issuer else { return Ok(None) };
    let issuer = issuer.as_str().trim_end_matches('/').to_owned();
    let keys = match (&supabase.supabase_jwt_secret, &supabase.supabase_jwks_url) {
        (Some(secret), _) => tenancy::SupabaseKeys::Secret(secret.secret()),
        (None, Some(url)) => tenancy::SupabaseKeys::Jwks(url.clone()),
        (None, None) => {
            let url = format!("{issuer}/.well-known/jwks.json").parse().map_err(kernel::Error::internal)?;
            tenancy::SupabaseKeys::Jwks(url)
        }
    };
    let (audience, publishable_key) =
        (supabase.supabase_audience.clone(), supabase.supabase_publishable_key.clone());
    Ok(Some(tenancy::SupabaseOptions { issuer, audience, keys, publishable_key }))
}

fn chat_options(model: &Model) -> llm::Options {
    llm::Options {
        provider: match model.llm_provider {
            Provider::None => llm::Provider::None,
            Provider::Openai => llm::Provider::OpenAi,
            Provider::Anthropic => llm::Provider::Anthropic,
        },
        base_url: model.llm_base_url.clone(),
        api_key: model.llm_api_key.as_ref().map(SecretText::secret),
        model: model.llm_model.clone(),
        price_in_per_mtok: model.llm_price_in,
        price_out_per_mtok: model.llm_price_out,
        price_cached_in_per_mtok: model.llm_price_cached,
        max_output_tokens: model.llm_max_output_tokens,
        timeout: Duration::from_secs(model.llm_timeout),
        ..llm::Options::default()
    }
}

fn limits(model: &Model) -> Limits {
    Limits {
        steps: model.run_max_steps,
        tokens: model.run_max_tokens,
        cost_usd: Usd::from_dollars(model.run_max_cost).unwrap_or(Usd::ZERO),
    }
}

impl Product {
    /// Takes in what a domain brings.
    fn plug(&mut self, domain: Domain) {
        let take = |router: &mut Routes, other| *router = std::mem::take(router).merge(other);
        take(&mut self.api, domain.api);
        take(&mut self.hooks, domain.hooks);
        self.registry.extend(domain.jobs);
        self.cron.extend(domain.cron);
        self.queues.extend(domain.queues);
        self.dead_letters.extend(domain.dead_letters);
        self.permissions.extend(domain.permissions);
        self.settings.extend(domain.settings);
        self.tables.extend(domain.tables.iter().map(|table| (domain.name, *table)));
    }

    /// The queue, what was given up, and the periodic tasks, of all domains.
    fn show_work(&mut self) {
        let db = &self.app.db;
        let jobs = jobs::routes(db.clone(), self.registry.clone(), self.queues.iter().copied());
        let letters = dead_letters::routes(db.clone(), self.dead_letters.clone());
        let cron = cron::routes(db.clone(), self.cron.clone());
        self.api = std::mem::take(&mut self.api).merge(jobs).merge(letters).merge(cron);
    }

    /// The reconcilers that are about all domains at once.
    fn keep_in_order(&mut self, kept: Option<TimeDelta>) {
        let tables: Arc<[Partitioned]> = self.partitioned(kept).into();
        self.cron.every(TimeDelta::hours(1), "maintain_partitions", move |db| {
            let tables = tables.clone();
            async move { maintain_partitions(&db, &tables).await }
        });
        if let Some(kept) = kept {
            self.cron.every(TimeDelta::hours(6), "forget_reasons", move |db| async move {
                record::forget_reasons(&db, kept).await
            });
        }
        self.cron.every(TimeDelta::hours(1), "forget_issues", erasure::forget_issues);
    }

    /// The tables that are partitioned by month, and which of them go by whole months when the operator keeps records for this time.
    pub fn partitioned(&self, kept: Option<TimeDelta>) -> Vec<Partitioned> {
        let months = self.tables.iter().filter_map(|(_, table)| match table.kind {
            TableKind::Monthly(Kept::AsRecord) => Some(Partitioned { table: table.name, kept }),
            TableKind::Monthly(Kept::Always) => Some(Partitioned { table: table.name, kept: None }),
            TableKind::Plain | TableKind::Published => None,
        });
        months.collect()
    }

    /// At the first start of a server without an organization: makes one with an admin and prints how to sign in.
    #[expect(clippy::print_stderr, reason = "said once, to the person at the terminal, and kept in no log")]
    pub async fn bootstrap(&self, settings: &Settings) -> Result<()> {
        if !tenancy::admin::is_new(&self.app).await? {
            return Ok(());
        }
        let email = match &settings.listen.admin_email {
            Some(email) => email.clone(),
            None => first_admin::ask().await?.unwrap_or_else(tenancy::admin::random_address),
        };
        let first = tenancy::admin::First { slug: "main", name: "Main", email: &email };
        if let Some(credentials) = tenancy::admin::bootstrap(&self.app, first).await? {
            eprintln!(
                "\n  This server had no organization; it has one now.\n\n  \
                   sign in   {}\n  email     {}\n  password  {}\n\n  \
                   The password is shown once. Change it on the page Account.\n",
                settings.public_url()?,
                credentials.email,
                credentials.password.expose(),
            );
        }
        Ok(())
    }
}

/// The product without a database, for what only looks at its shape.
pub fn disconnected() -> Result<Product> {
    let settings = Settings::defaults()?;
    let options = db::Options {
        url: Secret::new("postgres://localhost/none".into()),
        max_connections: 1,
        clock: Arc::new(SystemClock),
        subscriptions: reactions::subscriptions(),
    };
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle();
    compose(&settings, Db::lazy(options)?, Keyring::new(&[Keyring::generate()])?, metrics)
}
