//! The code that is mailed: eight letters and digits that nobody mistakes for others.

use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, OrgId, Result, Secret};
use sha2::Sha256;

use crate::AddressId;

/// Crockford's base 32: without I, L, O and U.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 8;

/// The code of an address in a generation.
pub(super) fn code(
    pepper: &[u8],
    org: OrgId,
    (address, generation): (AddressId, i32),
) -> Result<Secret<String>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(pepper).map_err(Error::internal)?;
    for part in [
        b"steward address code\0".as_slice(),
        org.uuid().as_bytes(),
        address.uuid().as_bytes(),
        &generation.to_be_bytes(),
    ] {
        mac.update(part);
    }
    let bytes = mac.finalize().into_bytes();
    Ok(Secret::new(
        bytes.iter().take(LENGTH).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect(),
    ))
}

/// Whether somebody means this code: in any case, with spaces and dashes, and with letters that look like digits.
pub(super) fn fits(given: &str, code: &Secret<String>) -> bool {
    let typed = given.chars().filter(char::is_ascii_alphanumeric).take(LENGTH + 1);
    let typed = typed.map(|letter| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    typed.eq(code.expose().chars())
}

#[cfg(test)]
mod tests {
    use kernel::Secret;
    use uuid::Uuid;

    use super::{code, fits};

    #[test]
    fn each_address_and_generation_has_a_code_of_its_own() {
        let (org, address) = (Uuid::from_u128(1).into(), Uuid::from_u128(2));
        let of = |address: Uuid, generation| {
            code(b"pepper", org, (address.into(), generation)).unwrap().expose().clone()
        };
        assert_eq!(of(address, 1), of(address, 1));
        assert_ne!(of(address, 1), of(address, 2));
        assert_ne!(of(address, 1), of(Uuid::from_u128(3), 1));
        assert_eq!(of(address, 1).len(), 8);
    }

    #[test]
    fn a_code_is_taken_as_people_type_it() {
        let code = Secret::new("01AB23CD".to_owned());
        for typed in ["01AB23CD", " 01ab-23cd ", "OIAB 23CD", "olab23cd"] {
            assert!(fits(typed, &code), "{typed}");
        }
        for typed in ["", "01AB23C", "01AB23CDE", "01AB23CE"] {
            assert!(!fits(typed, &code), "{typed}");
        }
    }
}
