//! The rooms stay apart: the machine names no domain, kinds of events stand where they are declared, and whoever adds a crate plugs
//! it in.

use super::owners::{Owners, crate_of};

/// Crates that know no domain.
const MACHINE: [&str; 2] = ["kernel", "platform"];
/// Crates that are no domain.
const NO_DOMAIN: [&str; 6] = ["kernel", "platform", "server", "testkit", "xtask", "llm"];

/// Words by which the machine would know a domain: the domains' crates and what their tables hold. `runs` and `notify` are also verbs.
pub fn domain_words(crates: &[String], owners: &Owners) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for name in crates.iter().filter(|name| !NO_DOMAIN.contains(&name.as_str())) {
        words.push(name.clone());
        // Organizations and their people are what the machine works for.
        for table in owners.of(name).filter(|_| name != "tenancy") {
            words.push(table.to_owned());
            words.extend(table.strip_suffix('s').map(String::from));
        }
    }
    words.retain(|word| !["runs", "run", "notify"].contains(&word.as_str()));
    words
}

/// Lines of the machine that name a domain, outside comments and tests.
pub fn named_domains(file: &str, text: &str, words: &[String]) -> Vec<String> {
    if !MACHINE.contains(&crate_of(file)) || !file.contains("/src/") {
        return Vec::new();
    }
    let product = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut said = Vec::new();
    for (number, line) in code(product) {
        let named =
            line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').find(|word| is_domain(word, words));
        if let Some(word) = named {
            said.push(format!("{file}:{}: {word} is a domain's: the machine knows none", number + 1));
        }
    }
    said
}

/// The lines of a source without its comments.
fn code(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = source.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    lines.map(|(number, line)| (number, line.split(" // ").next().unwrap_or_default()))
}

/// `alerts`, and `AlertId` as well: a name's parts are compared too.
fn is_domain(name: &str, words: &[String]) -> bool {
    let mut parts = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !parts.is_empty() {
            parts.push('_');
        }
        parts.push(c.to_ascii_lowercase());
    }
    words.iter().any(|word| name == word || parts.split('_').any(|part| part == word))
}

/// Kinds of events as text, outside the place that declares them.
pub fn untyped_events(file: &str, text: &str) -> Vec<String> {
    let declared = file.ends_with("/events.rs") || text.contains("events! {");
    if declared || file.contains("/tests") || file.contains("/testing") || !file.contains("/src/") {
        return Vec::new();
    }
    let product = text.split("#[cfg(test)]").next().unwrap_or_default();
    code(product)
        .filter(|(_, line)| line.split('"').skip(1).step_by(2).any(is_kind))
        .map(|(number, _)| format!("{file}:{}: an event is a type: name it, not its kind", number + 1))
        .collect()
}

/// `issue.opened.v1`
fn is_kind(text: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    match text.split('.').collect::<Vec<_>>().as_slice() {
        [subject, happened, version] => {
            plain(subject)
                && plain(happened)
                && version.strip_prefix('v').is_some_and(|v| v.parse::<u8>().is_ok())
        }
        _ => false,
    }
}

/// Domains that the server does not plug in, and crates whose dependencies nobody bounds.
pub fn forgotten(crates: &[String], edges: &[&str], compose: &str, with_domain: &[String]) -> Vec<String> {
    let mut said = Vec::new();
    for name in crates.iter().filter(|name| !edges.contains(&name.as_str())) {
        said.push(format!("crates/{name}: say in EDGES of xtask which crates it may use"));
    }
    for name in with_domain.iter().filter(|name| !compose.contains(&format!("{name}::domain("))) {
        said.push(format!("crates/{name}: has a `domain` that the server does not plug in"));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::{Owners, domain_words, forgotten, named_domains, untyped_events};

    fn words() -> Vec<String> {
        let mut owners = Owners::default();
        owners.read("crates/alerts/src/tables.rs", "Table::plain(\"open_alerts\"), Table::plain(\"issues\")");
        domain_words(&["alerts".into(), "platform".into()], &owners)
    }

    #[test]
    fn a_domains_name_in_the_machine_is_refused() {
        for line in [
            "use alerts::Alert;",
            "pub struct IssueId;",
            "\"select id from issues\"",
            "const A: &str = \"issue\";",
        ] {
            let text = format!("//! Such as alerts.\n{line}\n");
            let said = named_domains("crates/platform/src/http/caller.rs", &text, &words());
            assert_eq!(said.len(), 1, "{line}: {said:?}");
        }
        let own = "let reissued = tissue; // an issue\n#[cfg(test)]\nmod tests { use alerts; }";
        assert!(named_domains("crates/kernel/src/id.rs", own, &words()).is_empty());
        assert!(named_domains("crates/server/src/process/compose.rs", "use alerts;", &words()).is_empty());
    }

    #[test]
    fn an_event_without_a_type_is_refused() {
        let text = "fn f() {\n    tx.emit(\"issue.opened.v1\", payload)\n}";
        let said = untyped_events("crates/alerts/src/issues/actions.rs", text);
        assert_eq!(
            said,
            ["crates/alerts/src/issues/actions.rs:2: an event is a type: name it, not its kind"]
        );
        assert!(untyped_events("crates/alerts/src/events.rs", text).is_empty());
        assert!(
            untyped_events("crates/alerts/src/issues/actions.rs", "\"a.b.c\"; // \"issue.opened.v1\"")
                .is_empty()
        );
    }

    #[test]
    fn a_domain_that_nobody_plugs_in_and_a_crate_without_bounds_are_refused() {
        let crates = ["alerts".to_owned(), "weather".to_owned()];
        let said = forgotten(&crates, &["alerts"], "vec![alerts::domain(deps)]", &crates);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said.iter().all(|line| line.starts_with("crates/weather: ")), "{said:?}");
    }
}
