use std::fmt::Display;

use kernel::{Error, OrgId, Result};
use object_store::path::Path;

/// Bytes of an area and of an id.
const LONGEST: usize = 100;
const ROOT: &str = "files";

/// The name of a file: `files/<organization>/<area>/<id>`.
///
/// Area and id are of letters, digits, `-`, `_` and `.`, and do not begin with a dot: a name has exactly four parts, whatever a
/// domain makes it of, and leads into no other organization.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileName {
    org: OrgId,
    area: String,
    id: String,
}

impl FileName {
    /// # Errors
    /// `invalid_file` when area or id is no part of a name.
    pub fn new(org: OrgId, area: &str, id: impl Display) -> Result<Self> {
        Ok(Self { org, area: part("area", area.to_owned())?, id: part("id", id.to_string())? })
    }

    pub const fn org(&self) -> OrgId {
        self.org
    }

    pub fn area(&self) -> &str {
        &self.area
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn path(&self) -> Path {
        Self::folder(self.org, &self.area).join(self.id.as_str())
    }

    /// Where the files of an area stand.
    pub(super) fn folder(org: OrgId, area: &str) -> Path {
        Self::root().join(org.to_string()).join(area)
    }

    /// Where all files stand.
    pub(super) fn root() -> Path {
        Path::from(ROOT)
    }

    /// The name of what stands here, if that is a file.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let mut parts = path.as_ref().split('/');
        let (root, org, area, id) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let name = Self::new(org.parse().ok()?, area, id).ok()?;
        (root == ROOT && name.path() == *path).then_some(name)
    }
}

impl Display for FileName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{ROOT}/{}/{}/{}", self.org, self.area, self.id)
    }
}

pub(super) fn part(which: &'static str, text: String) -> Result<String> {
    let fits = (1..=LONGEST).contains(&text.len())
        && !text.starts_with('.')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let detail = "must be 1 to 100 letters, digits, -, _ and ., and not begin with a dot";
    if fits { Ok(text) } else { Err(Error::field("invalid_file", which, detail)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words() -> impl Strategy<Value = String> {
        // What leads elsewhere, more often than chance would have it.
        let trap = prop::sample::select(vec![
            "..",
            ".",
            "",
            "a/../../b",
            "/etc",
            "%2e%2e",
            "a#1",
            "a\\b",
            "a b",
            "\0",
            "é",
            "files",
        ]);
        prop_oneof![trap.prop_map(str::to_owned), ".*", "[A-Za-z0-9._-]{1,110}"]
    }

    proptest! {
        #[test]
        fn a_name_stays_in_its_organization_and_area_or_is_refused(id: u128, area in words(), file in words()) {
            let org = OrgId::from(uuid::Uuid::from_u128(id));
            let Ok(name) = FileName::new(org, &area, &file) else { return Ok(()) };
            let path = name.path().to_string();
            prop_assert_eq!(&path, &format!("files/{}/{}/{}", org, area, file));
            prop_assert!(path.split('/').all(|part| !part.starts_with('.') && !part.is_empty()));
            prop_assert_eq!(FileName::of(&name.path()), Some(name));
        }

        #[test]
        fn what_no_domain_named_is_no_file(path in words()) {
            prop_assert_eq!(Path::parse(&path).ok().and_then(|path| FileName::of(&path)), None);
        }
    }

    #[test]
    fn a_name_that_leads_elsewhere_is_refused() {
        let org = OrgId::from(uuid::Uuid::nil());
        for id in ["..", ".hidden", "", "a/b", "a#1", "a b", &"a".repeat(101)] {
            assert_eq!(FileName::new(org, "area", id).unwrap_err().code().0, "invalid_file", "{id}");
            assert_eq!(FileName::new(org, id, "id").unwrap_err().code().0, "invalid_file", "{id}");
        }
        assert!(FileName::new(org, "area", "report-2026.11.pdf").is_ok());
    }
}
