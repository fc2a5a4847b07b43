//! The settings that choose a model, checked once at start.

use std::{sync::Arc, time::Duration};

use kernel::{Error, Result, Secret};
use reqwest::Client;
use url::Url;

use crate::{
    ChatModel, Prices, Profile, Retry, Usd,
    providers::{Anthropic, OpenAi},
    transport::{Auth, Endpoint},
};

/// Which kind of provider answers. `none` runs skills by their executable steps alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    #[default]
    None,
    /// Any endpoint that speaks OpenAI's chat completions: OpenAI, Azure, vLLM, Ollama, …
    OpenAi,
    Anthropic,
}

/// The settings below `llm`. Prices are US dollars per million tokens.
#[derive(Clone)]
pub struct Options {
    pub provider: Provider,
    /// Where the API begins; the provider's public address unless given. For `openai` it includes the version,
    /// such as `http://127.0.0.1:11434/v1`.
    pub base_url: Option<Url>,
    /// Absent for a server that asks for none.
    pub api_key: Option<Secret<String>>,
    pub model: Option<String>,
    pub price_in_per_mtok: f64,
    pub price_out_per_mtok: f64,
    /// The price of prompt tokens read from the provider's cache; that of other prompt tokens unless given.
    pub price_cached_in_per_mtok: Option<f64>,
    pub max_output_tokens: u32,
    /// How long one call may take.
    pub timeout: Duration,
    pub retry: Retry,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            provider: Provider::None,
            base_url: None,
            api_key: None,
            model: None,
            price_in_per_mtok: 0.0,
            price_out_per_mtok: 0.0,
            price_cached_in_per_mtok: None,
            max_output_tokens: 4096,
            timeout: Duration::from_secs(120),
            retry: Retry::default(),
        }
    }
}

impl Options {
    /// The configured model, or none when `--llm-provider` is `none`. An error names the setting that is wrong.
    pub fn build(&self, client: Client) -> Result<Option<Arc<dyn ChatModel>>> {
        if self.provider == Provider::None {
            return Ok(None);
        }
        let profile = Profile {
            model: required(
                self.model.as_deref(),
                "--llm-model",
                "the name of the model, as the provider knows it",
            )?,
            prices: self.prices()?,
            max_output_tokens: self.output_limit()?,
        };
        let endpoint = |base: &str, path: &[&str], auth| {
            let base = self.base_url.as_ref().map_or(base, Url::as_str);
            let endpoint = Endpoint::new(client, "llm", &address(base, "--llm-base-url", path)?, auth)?;
            Ok::<_, Error>(endpoint.patient(self.timeout, self.retry))
        };
        let key = self.api_key.as_ref();
        Ok(Some(match self.provider {
            Provider::Anthropic => {
                let key = key.ok_or_else(|| missing("--llm-api-key", "a key of the provider"))?;
                let path = ["v1", "messages"];
                Arc::new(Anthropic::new(
                    endpoint("https://api.anthropic.com", &path, Auth::Anthropic(key))?,
                    profile,
                ))
            }
            Provider::None | Provider::OpenAi => {
                let path = ["chat", "completions"];
                Arc::new(OpenAi::new(
                    endpoint("https://api.openai.com/v1", &path, Auth::bearer(key))?,
                    profile,
                ))
            }
        }))
    }

    fn prices(&self) -> Result<Prices> {
        let price = |dollars, setting: &'static str| {
            Usd::from_dollars(dollars).ok_or_else(|| {
                Error::field(
                    "invalid_setting",
                    setting,
                    "must be US dollars per million tokens, zero or more",
                )
            })
        };
        let cached = self.price_cached_in_per_mtok.unwrap_or(self.price_in_per_mtok);
        Ok(Prices {
            input: price(self.price_in_per_mtok, "--llm-price-in")?,
            output: price(self.price_out_per_mtok, "--llm-price-out")?,
            cached: price(cached, "--llm-price-cached")?,
        })
    }

    fn output_limit(&self) -> Result<u32> {
        match self.max_output_tokens {
            limit @ 256..=1_000_000 => Ok(limit),
            limit => Err(Error::field(
                "invalid_setting",
                "--llm-max-output-tokens",
                format!("must be from 256 to 1000000, not {limit}"),
            )),
        }
    }
}

/// A text setting that has no default.
pub(crate) fn required(value: Option<&str>, setting: &'static str, what: &str) -> Result<String> {
    match value.map(str::trim) {
        Some(value) if !value.is_empty() => Ok(value.to_owned()),
        _ => Err(missing(setting, what)),
    }
}

fn missing(setting: &'static str, what: &str) -> Error {
    Error::field("invalid_setting", setting, format!("is required: {what}"))
}

/// The address of an operation below a base address, whose query stays (Azure keeps its API version there).
pub(crate) fn address(base: &str, setting: &'static str, path: &[&str]) -> Result<Url> {
    let invalid = |detail| Error::field("invalid_setting", setting, detail);
    let mut url = Url::parse(base).map_err(|error| invalid(format!("is not a URL: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid("must begin with http:// or https://".to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("must not hold a password; give the key as api_key".to_owned()));
    }
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn openai() -> Options {
        Options { provider: Provider::OpenAi, model: Some("m".into()), ..Options::default() }
    }

    fn url(text: &str) -> Option<Url> {
        Some(text.parse().unwrap())
    }

    #[track_caller]
    fn refused(options: &Options, setting: &str) {
        let Err(Error::Invalid { code, fields, .. }) = options.build(Client::new()) else {
            panic!("{setting} is not refused")
        };
        assert_eq!((code.0, fields[0].pointer.as_str()), ("invalid_setting", setting));
    }

    #[test]
    fn without_a_provider_there_is_no_model() {
        assert!(Options::default().build(Client::new()).unwrap().is_none());
    }

    #[test]
    fn a_wrong_setting_is_named() {
        refused(&Options { model: Some(" ".into()), ..openai() }, "--llm-model");
        refused(&Options { provider: Provider::Anthropic, ..openai() }, "--llm-api-key");
        refused(&Options { api_key: Some(Secret::new("two\nlines".into())), ..openai() }, "--llm-api-key");
        refused(&Options { base_url: url("ftp://host"), ..openai() }, "--llm-base-url");
        refused(&Options { base_url: url("https://me:secret@host/v1"), ..openai() }, "--llm-base-url");
        refused(&Options { price_in_per_mtok: -1.0, ..openai() }, "--llm-price-in");
        refused(&Options { price_out_per_mtok: f64::NAN, ..openai() }, "--llm-price-out");
        refused(&Options { price_cached_in_per_mtok: Some(-1.0), ..openai() }, "--llm-price-cached");
        refused(&Options { max_output_tokens: 0, ..openai() }, "--llm-max-output-tokens");
    }

    #[test]
    fn a_cached_token_costs_as_much_as_any_other_unless_a_price_is_given() {
        let priced = Options { price_in_per_mtok: 3.0, price_out_per_mtok: 15.0, ..openai() };
        assert_eq!(priced.prices().unwrap().cached, Usd::from_micros(3_000_000));
    }

    #[test]
    fn the_query_of_a_base_address_stays() {
        let url =
            address("https://x.azure.com/openai/v1/?api-version=2024-10-21", "--llm-base-url", &["chat"]);
        assert_eq!(url.unwrap().as_str(), "https://x.azure.com/openai/v1/chat?api-version=2024-10-21");
    }
}
