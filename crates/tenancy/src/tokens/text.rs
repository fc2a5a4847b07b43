//! The text of a token: `{org}.{team}.{random}` or `{org}.{random}`.
//!
//! The random part is 32 letters and digits (190 bits) and 8 hexadecimal digits of the SHA-256 of all that stands
//! before them. The check digits catch a token that was cut off or mistyped without asking the database, and let
//! scanners of leaked secrets tell a token from noise; they prove nothing.

use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Result, Secret};
use rand::{Rng, distr::Alphanumeric};
use sha2::{Digest, Sha256};

const RANDOM: usize = 32;
const CHECK: usize = 8;
/// How much of the random part people may see: 24 of its 190 bits.
const SHOWN: usize = 4;

/// A token as it is stored.
pub(crate) type TokenMac = [u8; 32];

/// A new token of an organization, or of one of its teams.
pub(crate) fn generate(org: &str, team: Option<&str>) -> Secret<String> {
    let mut text = org.to_owned();
    if let Some(team) = team {
        text.push('.');
        text.push_str(team);
    }
    text.push('.');
    text.extend(rand::rng().sample_iter(Alphanumeric).take(RANDOM).map(char::from));
    let check = check_digits(&text);
    text.push_str(&check);
    Secret::new(text)
}

fn check_digits(text: &str) -> String {
    hex::encode(&Sha256::digest(text.as_bytes())[..CHECK / 2])
}

/// Whether a credential looks like a token rather than a JWT, whose first part always holds capitals (RFC 7515
/// section 3.3: it is the base64 of `{"`, thus `ey`, and of the rest of a JSON object).
pub(crate) fn is_shaped(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let Some((random, names)) = parts.split_last() else { return false };
    let slug = |part: &&str| {
        (1..=63).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    matches!(names.len(), 1 | 2)
        && names.iter().all(slug)
        && random.len() == RANDOM + CHECK
        && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether the check digits fit.
pub(crate) fn is_whole(text: &str) -> bool {
    is_shaped(text)
        && text.split_at(text.len() - CHECK).1 == check_digits(text.split_at(text.len() - CHECK).0)
}

/// The start of a token, by which people recognize it.
pub(crate) fn hint(text: &str) -> String {
    let shown = text.len().saturating_sub(RANDOM + CHECK - SHOWN);
    format!("{}…", text.get(..shown).unwrap_or_default())
}

/// What is stored of a token.
pub(crate) fn mac(pepper: &[u8], text: &str) -> Result<TokenMac> {
    let mut mac = Hmac::<Sha256>::new_from_slice(pepper).map_err(Error::internal)?;
    mac.update(text.as_bytes());
    Ok(mac.finalize().into_bytes().into())
}
