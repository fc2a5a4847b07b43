//! How this process tells what it does.

use clap::{Args, ValueEnum};
use url::Url;

/// How this process tells what it does.
#[derive(Args, Clone, Debug)]
pub struct Logging {
    /// What is logged: a filter as of tracing-subscriber
    #[arg(
        long,
        env = "STEWARD_LOG",
        value_name = "FILTER",
        default_value = "info,sqlx=warn,rmcp=warn,hyper=warn,object_store=warn,async_nats=off"
    )]
    pub log: String,

    /// How it is logged
    #[arg(long, env = "STEWARD_LOG_FORMAT", value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// Base URL of an OpenTelemetry collector (OTLP over HTTP) that gets traces
    #[arg(long, env = "STEWARD_OTLP_ENDPOINT", value_name = "URL")]
    pub otlp_endpoint: Option<Url>,
}

impl Logging {
    /// How the commands that run once log: warnings only.
    pub(crate) fn quiet() -> Self {
        Self { log: "warn".into(), log_format: LogFormat::Text, otlp_endpoint: None }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

#[cfg(test)]
mod tests {
    use tracing::Level;
    use tracing_subscriber::filter::Targets;

    use crate::process::settings::Settings;

    #[test]
    fn the_relay_tells_that_nats_is_away_and_its_library_does_not_tell_each_attempt() {
        let filter: Targets = Settings::defaults().unwrap().logging.log.parse().unwrap();
        assert!(filter.would_enable("platform::feed::relay", &Level::WARN));
        assert!(!filter.would_enable("async_nats::connector", &Level::ERROR));
        assert!(!filter.would_enable("async_nats", &Level::INFO));
    }
}
