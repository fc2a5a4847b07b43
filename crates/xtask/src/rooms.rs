//! The rooms stay apart: the machine names no domain, kinds of events stand where they are declared, and whoever adds a crate plugs
//! it in.

use super::{
    lexemes::{self, Is, Lexeme},
    owners::crate_of,
    vocabulary::{MACHINE, Vocabulary},
};

/// Where the machine names a domain.
pub fn named_domains(file: &str, text: &str, known: &Vocabulary) -> Vec<String> {
    if !MACHINE.contains(&crate_of(file)) {
        return Vec::new();
    }
    let mut said = Vec::new();
    let module =
        file.split("/src/").nth(1).and_then(|path| path.split(['/', '.']).next()).unwrap_or_default();
    if known.crates.contains(module) || known.has(module) {
        said.push(format!("{file}: {module} is a domain's: the machine knows none"));
    }
    each(&lexemes::of(text), &mut |lexeme| {
        let named = match &lexeme.is {
            Is::Root(name) if known.has_crate(name) => Some(name.as_str()),
            Is::Name(name) | Is::Root(name) => of_domain(name, known).then_some(name.as_str()),
            Is::Text(text) => told(text, known),
            Is::Macro(..) => None,
        };
        said.extend(
            named.map(|name| format!("{file}:{}: {name} is a domain's: the machine knows none", lexeme.line)),
        );
    });
    said
}

/// `RunId`, and `MAX_OPEN_ALERTS` as well. What is written small is a verb as often as a thing.
fn of_domain(name: &str, known: &Vocabulary) -> bool {
    let constant =
        name.contains(|c: char| c.is_ascii_uppercase()) && !name.contains(|c: char| c.is_ascii_lowercase());
    let parts = format!("_{}_", name.to_ascii_lowercase());
    known.types.contains(name)
        || constant && known.tables.iter().any(|table| parts.contains(&format!("_{table}_")))
}

/// What a text says that is a domain's: a word alone, or among others one that is none of a language.
fn told<'a>(text: &'a str, known: &Vocabulary) -> Option<&'a str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !"._:".contains(c));
    let mut words =
        words.map(|word| word.trim_matches(['.', ':'])).filter(|word| word.contains(['.', ':', '_']));
    if known.has(text) { Some(text) } else { words.find(|word| known.has(word)) }
}

fn each(lexemes: &[Lexeme], look: &mut impl FnMut(&Lexeme)) {
    for lexeme in lexemes {
        look(lexeme);
        if let Is::Macro(_, given) = &lexeme.is {
            each(given, look);
        }
    }
}

/// Kinds of events as text, outside `events!`, which declares them.
pub fn untyped_events(file: &str, text: &str) -> Vec<String> {
    let mut said = Vec::new();
    kinds(&lexemes::of(text), &mut |line| {
        said.push(format!("{file}:{line}: an event is a type: name it, not its kind"));
    });
    said
}

fn kinds(lexemes: &[Lexeme], say: &mut impl FnMut(usize)) {
    for lexeme in lexemes {
        match &lexeme.is {
            Is::Text(text) if text.split(char::is_whitespace).any(is_kind) => say(lexeme.line),
            Is::Macro(name, given) if name != "events" => kinds(given, say),
            _ => {}
        }
    }
}

/// `issue.opened.v1`, and what makes such: `issue.{what}.v1`.
fn is_kind(word: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "_-{}".contains(c))
    };
    let parts: Vec<&str> =
        word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && !"{}".contains(c)).split('.').collect();
    match parts.as_slice() {
        [subject @ .., version] if subject.len() >= 2 => {
            let number = version.strip_prefix('v').unwrap_or_default();
            let version = number.starts_with('{') || number.parse::<u8>().is_ok();
            version && subject.iter().all(|part| plain(part))
        }
        _ => false,
    }
}

/// Handlers that step out of their caller's transaction: who may see what is decided before them, or in a use case.
pub fn handlers_beyond_their_caller(file: &str, text: &str) -> Vec<String> {
    let mut said = Vec::new();
    if file.ends_with("routes.rs") || text.contains("utoipa::path(") {
        each(&lexemes::of(text), &mut |lexeme| {
            if matches!(&lexeme.is, Is::Name(name) if name == "system") {
                said.push(format!(
                    "{file}:{}: `Db::system` belongs into actions.rs or views.rs",
                    lexeme.line
                ));
            }
        });
    }
    said
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
    use super::{
        super::owners::Owners, Vocabulary, forgotten, handlers_beyond_their_caller, named_domains,
        untyped_events,
    };

    const ALERTS: &str = "kernel::ids! {\n    /// One.\n    IssueId\n}";
    const EVENTS: &str = "platform::events! {
        /// What happens.
        pub ISSUES, about \"issue\", for IssuesRead { /// Opened.\n IssueOpened: Change<Nothing> = \"issue.opened.v1\" }
    }";

    fn vocabulary(more: &[(&str, &str)]) -> Vocabulary {
        let mut owners = Owners::default();
        owners.read("crates/alerts/src/tables.rs", "Table::plain(\"open_alerts\"), Table::plain(\"alerts\")");
        owners.read("crates/notes/src/tables.rs", "Table::plain(\"notes\")");
        let sources = [
            ("crates/alerts/src/lib.rs", ALERTS),
            ("crates/alerts/src/events.rs", EVENTS),
            ("crates/runs/src/lib.rs", "kernel::ids! { RunId }"),
            (
                "crates/runs/src/events.rs",
                "events! { pub ALL, about \"run\", for A { Over = \"run.over.v1\" } }",
            ),
            (
                "crates/runs/src/permissions.rs",
                "platform::permissions! { pub PERMISSIONS { /// Look.\n RunsRead = \"runs:read\", for Everyone; } }",
            ),
            (
                "crates/notify/src/events.rs",
                "events! { pub ALL, about \"delivery\", for A { Failed = \"delivery.failed.v1\" } }",
            ),
            ("crates/notify/src/channels/slack_bot/mod.rs", ""),
            ("crates/tenancy/src/lib.rs", "kernel::ids! { SessionId }"),
        ];
        let sources = sources.iter().chain(more).map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Vocabulary::of(&sources.collect::<Vec<_>>(), &owners)
    }

    #[test]
    fn what_a_domain_declares_is_refused_in_the_machine() {
        for line in [
            "use alerts::Alert;",
            "use notify;",
            "fn f() { notify::send() }",
            "pub struct IssueId;",
            "fn f(run: RunId) {}",
            "fn f(of: IssueOpened) {}",
            "const A: &str = \"issue\";",
            "const A: &str = \"run\";",
            "const A: &str = \"delivery\";",
            "const A: &str = \"slack\";",
            "const A: &str = \"needs runs:read here\";",
            "const A: &str = concat!(\"runs\", \":read\");",
            "const A: &str = concat!(\"al\", \"erts\");",
            "const ALERTS: u8 = 1;",
            "const MAX_OPEN_ALERTS: u8 = 1;",
            "const A: (&str, &str) = (\"a // b\", \"issue\");",
            "#[cfg(test)] mod tests {} const A: &str = \"issue\";",
            "#[serde(rename = \"issue\")] struct A;",
        ] {
            let text = format!("//! Such as alerts.\n{line}\n");
            for file in ["http/caller.rs", "http/tests_of/testing.rs"] {
                let said = named_domains(&format!("crates/platform/src/{file}"), &text, &vocabulary(&[]));
                assert_eq!(said.len(), 1, "{line}: {said:?}");
            }
        }
        assert_eq!(named_domains("crates/platform/src/alerts.rs", "", &vocabulary(&[])).len(), 1);
        assert_eq!(named_domains("crates/platform/src/notify/mod.rs", "", &vocabulary(&[])).len(), 1);
    }

    #[test]
    fn a_word_of_the_language_is_nobody_s() {
        let own = "/// An issue.\nfn run(a: Reissued) { self.run(); self.note(\"the issue of a run\"); notify.notify_one() } // issue
            #[cfg(test)]\nmod tests { use alerts; }";
        assert_eq!(named_domains("crates/kernel/src/id.rs", own, &vocabulary(&[])), [""; 0]);
        assert_eq!(
            named_domains("crates/server/src/process/compose.rs", "use alerts;", &vocabulary(&[])),
            [""; 0]
        );
    }

    #[test]
    fn domains_that_are_to_come_find_room_for_their_names() {
        let declared = [
            ("notes", "lib", "kernel::ids! { NoteId }"),
            ("memory", "lib", "kernel::ids! { MemoryId }"),
            (
                "memory",
                "events",
                "events! { pub ALL, about \"memory\", for A { MemoryMade = \"memory.made.v1\" } }",
            ),
            ("platform", "hot/memory", ""),
            ("work", "lib", "kernel::ids! { WorkId }"),
            (
                "work",
                "permissions",
                "permissions! { pub PERMISSIONS { WorkRead = \"work:read\", for Everyone; } }",
            ),
        ];
        let to_come = declared.map(|(domain, file, text)| (format!("crates/{domain}/src/{file}.rs"), text));
        let to_come = to_come.each_ref().map(|(file, text)| (file.as_str(), *text));
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let known = vocabulary(&to_come);
        let product = xtask::product::sources(&root).unwrap();
        let said: Vec<_> =
            product.iter().flat_map(|(file, text)| named_domains(file, text, &known)).collect();
        assert_eq!(said, [""; 0]);
    }

    #[test]
    fn an_event_without_a_type_is_refused() {
        for kind in [
            "\"issue.opened.v1\"",
            "\"issue2.opened.v1\"",
            "\"issue-x.opened.v1\"",
            "concat!(\"issue.opened\", \".v1\")",
            "format!(\"issue.{s}.v1\")",
            "&[\"a\", r#\"issue.opened.v12\"#]",
        ] {
            let text =
                format!("fn f() {{\n    tx.emit({kind}, payload)\n}}\nevents! {{ A = \"issue.closed.v1\" }}");
            for file in ["issues/actions.rs", "events.rs", "tests_of/events.rs"] {
                let said = untyped_events(&format!("crates/alerts/src/{file}"), &text);
                let expected =
                    format!("crates/alerts/src/{file}:2: an event is a type: name it, not its kind");
                assert_eq!(said, [expected], "{kind}");
            }
        }
        for other in ["\"a.b.c\"; // \"issue.opened.v1\"", "\"v1\"; \"1.v1\"; \"issue.opened\""] {
            assert_eq!(untyped_events("crates/alerts/src/issues/actions.rs", other), [""; 0]);
        }
    }

    #[test]
    fn a_handler_that_asks_as_the_server_is_refused() {
        let text = "async fn everything(State(db): State<Db>) {\n    db.system(\"why\").await?;\n}";
        let said = |file: &str, text: &str| handlers_beyond_their_caller(file, text);
        assert_eq!(said("crates/alerts/src/issues/routes.rs", text).len(), 1);
        assert_eq!(said("crates/tenancy/src/invitations/answer_routes.rs", text).len(), 1);
        assert_eq!(
            said("crates/server/src/reads/overview.rs", &format!("#[utoipa::path(get)]{text}")).len(),
            1
        );
        assert_eq!(said("crates/alerts/src/issues/actions.rs", text), [""; 0]);
        assert_eq!(said("crates/alerts/src/issues/routes.rs", "// db.system(\"why\")"), [""; 0]);
    }

    #[test]
    fn a_domain_that_nobody_plugs_in_and_a_crate_without_bounds_are_refused() {
        let crates = ["alerts".to_owned(), "weather".to_owned()];
        let said = forgotten(&crates, &["alerts"], "vec![alerts::domain(deps)]", &crates);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said.iter().all(|line| line.starts_with("crates/weather: ")), "{said:?}");
    }
}
