//! Secrets among the settings.

use kernel::{Redactor, Secret};
use url::Url;

use super::Settings;

/// A secret on the command line: neither `Debug` nor help shows it.
#[derive(Clone)]
pub struct SecretText(Secret<String>);

impl SecretText {
    pub fn secret(&self) -> Secret<String> {
        self.0.clone()
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("…")
    }
}

impl std::str::FromStr for SecretText {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(Secret::new(text.to_owned())))
    }
}

impl Settings {
    /// Of every secret among the settings. While it lives, no log shows one of them.
    pub fn redactor(&self) -> Redactor {
        let values = [
            &self.database.database_url,
            &self.keys.master_key,
            &self.keys.token_pepper,
            &self.model.llm_api_key,
            &self.model.embeddings_api_key,
            &self.supabase.supabase_jwt_secret,
            &self.listen.metrics_token,
            &self.mail.smtp_url,
            &self.peers.redis_url,
            &self.peers.nats_url,
            &self.files.files_s3_access_key_id,
            &self.files.files_s3_secret_access_key,
        ];
        let values = values.into_iter().flatten().map(SecretText::secret);
        Redactor::new(&values.flat_map(with_password).collect::<Vec<_>>())
    }
}

/// The value, the password in it if it is a URL, and its parts if it is several.
fn with_password(value: Secret<String>) -> Vec<Secret<String>> {
    let Ok(url) = Url::parse(value.expose()) else {
        let parts = value.expose().split(',').map(|part| Secret::new(part.trim().to_owned()));
        return parts.chain([value.clone()]).collect();
    };
    let password = url.password().map(str::to_owned);
    let decoded = password
        .as_ref()
        .map(|password| percent_encoding::percent_decode_str(password).decode_utf8_lossy().into_owned());
    [password, decoded].into_iter().flatten().map(Secret::new).chain([value]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_setting_is_forgotten() {
        let mut settings = Settings::defaults().unwrap();
        let secret = |name: &str| Some(format!("canary-{name}").parse().unwrap());
        settings.database.database_url = Some("postgres://u:canary%2Fdatabase@h/d".parse().unwrap());
        settings.keys.master_key = Some("canary-master,canary-older".parse().unwrap());
        settings.keys.token_pepper = secret("pepper");
        settings.model.llm_api_key = secret("llm");
        settings.model.embeddings_api_key = secret("embeddings");
        settings.supabase.supabase_jwt_secret = secret("supabase");
        settings.listen.metrics_token = secret("metrics");
        settings.mail.smtp_url = Some("smtps://u:canary-smtp@h".parse().unwrap());
        settings.peers.redis_url = Some("rediss://:canary-redis@h".parse().unwrap());
        settings.peers.nats_url = Some("nats://u:canary-nats@h".parse().unwrap());
        settings.files.files_s3_access_key_id = secret("file-id");
        settings.files.files_s3_secret_access_key = secret("file-secret");
        // Whoever adds a secret adds it here, and to the list above.
        let declared = concat!(include_str!("mod.rs"), include_str!("peers.rs"), include_str!("files.rs"));
        assert_eq!(declared.matches("Option<SecretText>").count(), 12);
        let redactor = settings.redactor();
        let said = "canary/database canary%2Fdatabase canary-master canary-pepper canary-llm canary-embeddings \
            canary-supabase canary-older canary-metrics canary-smtp canary-redis canary-nats \
            canary-file-id canary-file-secret";
        assert_eq!(redactor.text(said).replace("[hidden]", "").trim(), "");
    }
}
