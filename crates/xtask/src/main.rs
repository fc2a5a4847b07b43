//! `cargo xtask tidy`: the house rules that neither the compiler nor clippy knows.

mod finders;
mod guides;
mod lexemes;
mod migrations;
mod names;
mod owners;
mod rooms;
mod search;
mod vocabulary;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use owners::Owners;

/// A file longer than this wants to be two.
const LONGEST_FILE: usize = 400;
/// Tests may be longer: they are read one by one.
const LONGEST_TESTS: usize = 1000;

/// Where the server plugs domains in.
const COMPOSE: &str = "crates/server/src/process/compose.rs";

/// Which crate may use which. `server` may use all; testkit and xtask are for developers.
const EDGES: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("platform", &["kernel"]),
    ("testkit", &["kernel", "platform"]),
    ("llm", &["kernel", "platform"]),
    ("messengers", &["kernel", "platform"]),
    ("tenancy", &["kernel", "platform", "messengers"]),
    ("notify", &["kernel", "platform", "messengers"]),
    ("alerts", &["kernel", "platform"]),
    ("skills", &["kernel", "platform", "llm"]),
    ("runs", &["kernel", "platform", "llm", "skills"]),
    ("server", &["kernel", "platform", "llm", "messengers", "tenancy", "notify", "alerts", "skills", "runs"]),
    ("xtask", &[]),
];

fn main() -> ExitCode {
    let task = std::env::args().nth(1);
    if task.as_deref() != Some("tidy") {
        return say(&["usage: cargo xtask tidy".to_owned()]);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut problems = Vec::new();
    edges(&root, &mut problems);
    let sources = files(&root.join("crates"), "rs");
    for file in &sources {
        source(&root, file, &mut problems);
    }
    walls(&root, &sources, &mut problems);
    for file in
        files(&root.join("console/src"), "ts").into_iter().chain(files(&root.join("console/src"), "tsx"))
    {
        length(&root, &file, &mut problems);
    }
    error_pages(&root, &mut problems);
    for guide in files(&root.join("docs"), "md").into_iter().filter(|file| is_guide(file)) {
        let text = fs::read_to_string(&guide).unwrap_or_default();
        problems.extend(guides::nowhere(&root, &shown(&root, &guide), &text));
    }
    let ups: Vec<_> = files(&root.join("migrations"), "sql").iter().map(|file| shown(&root, file)).collect();
    problems.extend(migrations::without_way_back(&ups));
    say(&problems)
}

#[expect(clippy::print_stderr, reason = "the command's own output")]
fn say(problems: &[String]) -> ExitCode {
    for problem in problems {
        eprintln!("{problem}");
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A forbidden dependency must not even be declared.
fn edges(root: &Path, problems: &mut Vec<String>) {
    let crates: BTreeSet<&str> = EDGES.iter().map(|(name, _)| *name).collect();
    for (name, allowed) in EDGES {
        let manifest =
            fs::read_to_string(root.join("crates").join(name).join("Cargo.toml")).unwrap_or_default();
        let mut section = "";
        for line in manifest.lines() {
            if line.starts_with('[') {
                section = line;
            }
            let dependency = line.split(['.', ' ', '=']).next().unwrap_or_default();
            let internal = section == "[dependencies]" && crates.contains(dependency);
            if internal && !allowed.contains(&dependency) {
                problems.push(format!("crates/{name}/Cargo.toml: {name} must not depend on {dependency}"));
            }
        }
    }
}

/// Who owns which table, and who knows whom.
fn walls(root: &Path, sources: &[PathBuf], problems: &mut Vec<String>) {
    let text = |file: &Path| fs::read_to_string(file).unwrap_or_default();
    let read: Vec<_> = sources.iter().map(|file| (shown(root, file), text(file))).collect();
    problems
        .extend(migrations::unwatched(&read, |file| fs::read_to_string(root.join(file)).unwrap_or_default()));
    problems.extend(names::shared(&read));
    let mut owners = Owners::default();
    read.iter()
        .filter(|(name, _)| name.ends_with("/src/tables.rs"))
        .for_each(|(name, text)| owners.read(name, text));
    let mut crates: Vec<_> = read.iter().map(|(name, _)| owners::crate_of(name).to_owned()).collect();
    crates.dedup();
    for file in files(&root.join("migrations"), "sql") {
        owners.read_migration(&shown(root, &file), &text(&file), &crates);
    }
    match xtask::sql::of_product(root) {
        Ok(found) => problems.extend(owners.trespasses(&found)),
        Err(problem) => problems.push(problem),
    }
    let product = xtask::product::sources(root).unwrap_or_default();
    let known = vocabulary::Vocabulary::of(&product, &owners);
    for (name, text) in &product {
        problems.extend(rooms::named_domains(name, text, &known));
        problems.extend(rooms::untyped_events(name, text));
        problems.extend(rooms::handlers_beyond_their_caller(name, text));
    }
    let plugs =
        |(name, text): &&(String, String)| name.ends_with("/src/lib.rs") && text.contains("pub fn domain(");
    let domains: Vec<_> =
        read.iter().filter(plugs).map(|(name, _)| owners::crate_of(name).to_owned()).collect();
    let bounded: Vec<_> = EDGES.iter().map(|(name, _)| *name).collect();
    let compose = read.iter().find(|(name, _)| name == COMPOSE).map_or("", |(_, text)| text);
    problems.extend(rooms::forgotten(&crates, &bounded, compose, &domains));
}

fn source(root: &Path, file: &Path, problems: &mut Vec<String>) {
    length(root, file, problems);
    let text = fs::read_to_string(file).unwrap_or_default();
    let name = shown(root, file);
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if ["utils", "util", "common", "helpers", "helper", "manager", "misc"].contains(&stem) {
        problems.push(format!("{name}: name the file after what it is"));
    }
    if stem == "lib" && !text.starts_with("//!") {
        problems.push(format!("{name}: a crate opens with its story (//!)"));
    }
    problems.extend(search::elsewhere(&name, &text));
    problems.extend(finders::misnamed(&name, &text));
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["XX", "X"].concat()];
    for (number, line) in text.lines().enumerate() {
        if marks.iter().any(|mark| line.contains(mark.as_str())) {
            problems.push(format!("{name}:{}: finish it, or file it", number + 1));
        }
    }
}

fn length(root: &Path, file: &Path, problems: &mut Vec<String>) {
    let name = shown(root, file);
    let lines = fs::read_to_string(file).unwrap_or_default().lines().count();
    let tests = name.contains("test") || name.contains("/e2e/");
    let longest = if tests { LONGEST_TESTS } else { LONGEST_FILE };
    if lines > longest && !name.ends_with("schema.d.ts") {
        problems.push(format!("{name}: {lines} lines; more than {longest} want to be two files"));
    }
}

/// Every code that is made anywhere has a page.
fn error_pages(root: &Path, problems: &mut Vec<String>) {
    let makers = [
        "Error::invalid(",
        "Error::field(",
        "Error::conflict(",
        "Error::forbidden(",
        "Error::unauthenticated(",
    ];
    let mut codes: BTreeSet<String> = ["not_found", "unavailable", "internal"].map(String::from).into();
    for file in files(&root.join("crates"), "rs") {
        let text = fs::read_to_string(&file).unwrap_or_default();
        for maker in makers.iter().copied().chain(["Code("]) {
            for (at, _) in text.match_indices(maker) {
                let rest = text[at + maker.len()..].trim_start();
                let code = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(code, _)| code);
                codes.extend(code.filter(|code| is_code(code)).map(String::from));
            }
        }
    }
    for code in codes {
        if !root.join(format!("docs/errors/{code}.md")).exists() {
            problems.push(format!("docs/errors/{code}.md: the error code {code} has no page"));
        }
    }
}

fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn is_guide(file: &Path) -> bool {
    file.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("adding-"))
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|known| known == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn shown(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).display().to_string()
}
