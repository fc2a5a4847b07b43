//! The guides name places that there are: a guide whose paths have moved sends people nowhere.

use std::path::Path;

/// Where a path of the repository begins.
const ROOTS: [&str; 8] =
    ["bench/", "console/", "crates/", "demo/", "docs/", "migrations/", "tools/", "openapi/"];

/// The places that a guide names and that are not there: in backticks from the repository's root or a crate's, in links from
/// the guide's own folder. Of `channels/<channel>/mod.rs` the part before `<` must be there.
pub fn nowhere(root: &Path, guide: &str, text: &str) -> Vec<String> {
    let mut missing = Vec::new();
    for quoted in text.split('`').skip(1).step_by(2) {
        let place = known(quoted);
        if let Some(rooted) = rooted(root, place)
            && !root.join(&rooted).exists()
        {
            missing.push(format!("{guide}: there is no {quoted}"));
        }
    }
    let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
    for link in links.filter(|link| !link.contains("://")) {
        let file = link.split('#').next().unwrap_or_default();
        if !root.join("docs").join(file).exists() {
            missing.push(format!("{guide}: there is no {link}"));
        }
    }
    missing
}

/// What of a place is the same for everybody who follows the guide.
fn known(place: &str) -> &str {
    place
        .split_once('<')
        .map_or(place, |(before, _)| before.rsplit_once('/').map_or("", |(folder, _)| folder))
}

/// A path from the repository's root; none when it is something else that stands in backticks.
fn rooted(root: &Path, place: &str) -> Option<String> {
    if place.contains(char::is_whitespace) {
        return None;
    }
    if ROOTS.iter().any(|start| place.starts_with(start)) {
        return Some(place.to_owned());
    }
    let (first, rest) = place.split_once('/')?;
    let of_crate = rest.starts_with("src/") && root.join("crates").join(first).is_dir();
    of_crate.then(|| format!("crates/{place}"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::nowhere;

    fn check(text: &str, expected: &[&str]) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        assert_eq!(nowhere(&root, "docs/adding-a-thing.md", text), expected, "{text}");
    }

    #[test]
    fn a_guide_that_names_a_place_that_is_not_there_is_refused() {
        check(
            "See `crates/gone/src/lib.rs`.",
            &["docs/adding-a-thing.md: there is no crates/gone/src/lib.rs"],
        );
        check(
            "In `notify/src/gone/<x>.rs`.",
            &["docs/adding-a-thing.md: there is no notify/src/gone/<x>.rs"],
        );
        check("And [this](gone.md#part).", &["docs/adding-a-thing.md: there is no gone.md#part"]);
    }

    #[test]
    fn what_is_there_and_what_is_no_place_is_left_alone() {
        check("`crates/notify/src/channels/<channel>/`, `notify/src/lib.rs`, `openapi/`", &[]);
        check(
            "`GET /api/v1/receivers`, `application/json`, [receivers](receivers.md), [far](https://x.example)",
            &[],
        );
    }
}
