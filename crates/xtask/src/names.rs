//! A public type's name has one meaning in the workspace: who reads `Conclusion` knows whose it is without looking at the imports.

use std::collections::BTreeMap;

/// What every module of its kind has, and is read with the module's name before it: `notify::Options`.
const OF_THEIR_MODULE: [(&str, &str); 7] = [
    ("Deps", "what a domain is given"),
    ("Options", "what a part is told at its start"),
    ("Limits", "what a part keeps to"),
    ("Filter", "the query of an aggregate's list"),
    ("Status", "the states of an aggregate, with a name of their own in the document"),
    ("Settings", "the flags of the process, and what organizations set"),
    ("Webhook", "one for each platform"),
];

/// Names with more than one meaning that are still there, and how many. None is added.
const STILL: [(&str, usize); 37] = [
    ("Accepted", 2),
    ("Access", 2),
    ("App", 2),
    ("Binding", 2),
    ("Brief", 2),
    ("Budget", 2),
    ("Client", 2),
    ("Current", 2),
    ("Decision", 2),
    ("Delivery", 2),
    ("Disk", 2),
    ("Egress", 2),
    ("Ended", 3),
    ("Entry", 2),
    ("Files", 2),
    ("Limit", 2),
    ("LogFormat", 2),
    ("Mail", 2),
    ("Memory", 2),
    ("Message", 2),
    ("Name", 2),
    ("NodeRights", 2),
    ("Posted", 2),
    ("Prepared", 2),
    ("Program", 2),
    ("Provider", 2),
    ("Query", 2),
    ("Reader", 2),
    ("Request", 3),
    ("Server", 2),
    ("SignedIn", 2),
    ("State", 2),
    ("Stop", 2),
    ("Told", 2),
    ("Tokens", 2),
    ("Tool", 2),
    ("Work", 2),
];

/// Names that more than one public type has, of these files, each a name and a text.
pub fn shared(files: &[(String, String)]) -> Vec<String> {
    let mut places = BTreeMap::<&str, Vec<String>>::new();
    for (file, text) in files.iter().filter(|(file, _)| file.contains("/src/") && !file.contains("/test")) {
        let product = text.split("#[cfg(test)]\nmod").next().unwrap_or_default();
        for (number, line) in product.lines().enumerate() {
            if let Some(name) = declared(line) {
                places.entry(name).or_default().push(format!("{file}:{}", number + 1));
            }
        }
    }
    places.retain(|name, places| places.len() > allowed(name));
    let said = |(name, places): (&str, Vec<String>)| {
        format!("{}: {name} is also {}: give it a name of its own", places[places.len() - 1], places[0])
    };
    places.into_iter().map(said).collect()
}

fn allowed(name: &str) -> usize {
    if OF_THEIR_MODULE.iter().any(|(usual, _)| *usual == name) {
        return usize::MAX;
    }
    let still = STILL.iter().find(|(known, _)| *known == name);
    still.map_or(1, |(_, times)| *times)
}

/// The name of a public type that a line declares.
fn declared(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("pub ")?;
    let rest = ["struct ", "enum ", "type ", "trait "].iter().find_map(|kind| rest.strip_prefix(kind))?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    rest.starts_with(|c: char| c.is_ascii_uppercase()).then(|| &rest[..end])
}

#[cfg(test)]
mod tests {
    use super::shared;

    fn files(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_name_with_two_meanings_is_refused() {
        let said = shared(&files(&[
            ("crates/alerts/src/model.rs", "/// A\npub struct Conclusion {\n}\npub struct Options;\n"),
            ("crates/runs/src/model.rs", "pub enum Conclusion<T> {\n}\npub type Options = ();\n"),
        ]));
        let expected = "crates/runs/src/model.rs:1: Conclusion is also crates/alerts/src/model.rs:2: give it a name of its own";
        assert_eq!(said, [expected]);
    }

    #[test]
    fn what_no_other_crate_sees_and_what_only_tests_have_is_free() {
        let said = shared(&files(&[
            ("crates/alerts/src/model.rs", "pub(crate) struct Claim;\nstruct Step;\npub fn claim() {}\n"),
            (
                "crates/runs/src/model.rs",
                "pub struct Claim;\n#[cfg(test)]\nmod tests {\n    pub struct Step;\n}\n",
            ),
            ("crates/skills/src/tests/model.rs", "pub struct Claim;\n"),
        ]));
        assert_eq!(said, Vec::<String>::new());
    }

    #[test]
    fn a_known_exception_does_not_grow() {
        let twice =
            [("crates/a/src/a.rs", "pub struct Told;\n"), ("crates/b/src/b.rs", "pub struct Told;\n")];
        assert_eq!(shared(&files(&twice)), Vec::<String>::new());
        let thrice = [twice[0], twice[1], ("crates/c/src/c.rs", "pub trait Told {}\n")];
        assert_eq!(shared(&files(&thrice)).len(), 1);
    }
}
