//! What messages are signed with.

use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use base64::{Engine, alphabet, engine::GeneralPurpose, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use kernel::Secret;
use sha2::Sha256;

const PREFIX: &str = "whsec_";
/// As long as the specification asks for, in bytes.
const SIZES: std::ops::RangeInclusive<usize> = 24..=64;
/// The new one and the old one; a third would be a rotation that never ended.
const MOST: usize = 2;

/// Some programs that make secrets leave the padding out.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The secrets of one address: one, or two with a comma between them while it changes over. Each signs every message.
pub struct Secrets {
    texts: Vec<Secret<String>>,
    keys: Vec<Hmac<Sha256>>,
}

/// Why a text is no secret; the text is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be whsec_ and 24 to 64 bytes in base64, such as of `openssl rand -base64 32`; or two of these with a comma \
     between them"
)]
pub struct InvalidSecrets;

impl Secrets {
    /// # Errors
    /// When it is not one or two secrets of this kind.
    pub fn parse(text: &str) -> Result<Self, InvalidSecrets> {
        let texts: Vec<_> = text.split(',').map(str::trim).collect();
        if texts.len() > MOST {
            return Err(InvalidSecrets);
        }
        let keys = texts.iter().map(|text| key(text)).collect::<Result<_, _>>()?;
        Ok(Self { texts: texts.into_iter().map(|text| Secret::new(text.to_owned())).collect(), keys })
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &Secret<String>> {
        self.texts.iter()
    }

    /// The value of the header `webhook-signature`.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let signed = self.keys.iter().map(|key| {
            let mut mac = key.clone();
            mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
            format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
        });
        signed.collect::<Vec<_>>().join(" ")
    }
}

fn key(text: &str) -> Result<Hmac<Sha256>, InvalidSecrets> {
    let encoded = text.strip_prefix(PREFIX).ok_or(InvalidSecrets)?;
    let bytes = LENIENT.decode(encoded).map_err(|_| InvalidSecrets)?;
    if !SIZES.contains(&bytes.len()) {
        return Err(InvalidSecrets);
    }
    Hmac::new_from_slice(&bytes).map_err(|_| InvalidSecrets)
}

#[cfg(test)]
mod tests {
    use super::Secrets;

    /// The example that the libraries of the specification share.
    #[test]
    fn the_published_example_has_the_published_signature() {
        let secrets = Secrets::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = secrets.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn while_a_secret_changes_over_both_sign() {
        let (old, new) =
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_bm90IHRoZSBzYW1lIGFzIHRoZSBvdGhlciBvbmU=");
        let sign = |text: &str| Secrets::parse(text).unwrap().sign("msg_1", 1, "{}");
        assert_eq!(sign(&format!("{new}, {old}")), format!("{} {}", sign(new), sign(old)));
        assert_ne!(sign(new), sign(old));
    }

    #[test]
    fn what_is_no_secret_is_refused_whole() {
        let check = |text: &str, taken: bool| assert_eq!(Secrets::parse(text).is_ok(), taken, "{text}");
        check("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true);
        check("whsec_bm90IHRoZSBzYW1lIGFzIHRoZSBvdGhlciBvbmU", true);
        for wrong in [
            "",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_",
            "whsec_c2hvcnQ=",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa!!",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,hunter2",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ] {
            check(wrong, false);
        }
        check(&format!("whsec_{}", "AAAA".repeat(22)), false);
    }
}
