//! The sources that the product is made of: without tests, and without what only developers run.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Crates that are not in the binary.
const DEVELOPERS: [&str; 2] = ["testkit", "xtask"];

/// Every source of the product, each a name and a text.
///
/// # Errors
/// When a file cannot be read.
pub fn sources(root: &Path) -> io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join("crates"))? {
        let folder = entry?.path();
        if !DEVELOPERS.iter().any(|developers| folder.ends_with(developers)) {
            find(&folder.join("src"), &mut files)?;
        }
    }
    files.sort();
    let shown = |file: &PathBuf| file.strip_prefix(root).unwrap_or(file).display().to_string();
    let read: Vec<(String, String)> =
        files.iter().map(|file| Ok((shown(file), fs::read_to_string(file)?))).collect::<io::Result<_>>()?;
    Ok(without_tests(read))
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// The files that are compiled into the product: what a file is called says nothing, `#[cfg(test)] mod` does.
fn without_tests(files: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut tests = BTreeSet::new();
    for (name, text) in &files {
        let folder = match name.rsplit_once('/') {
            Some((folder, "lib.rs" | "main.rs" | "mod.rs")) => folder,
            _ => name.trim_end_matches(".rs"),
        };
        let mut named = Vec::new();
        code(text.parse().unwrap_or_default(), &mut named);
        tests.extend(named.into_iter().map(|module| format!("{folder}/{module}")));
    }
    let is_test = |name: &str| {
        tests
            .iter()
            .any(|test| name.strip_prefix(test).is_some_and(|rest| rest == ".rs" || rest.starts_with('/')))
    };
    files.into_iter().filter(|(name, _)| !is_test(name)).collect()
}

/// The tokens without the modules that only tests have, whose names are taken down.
pub fn code(tokens: TokenStream, tests: &mut Vec<String>) -> TokenStream {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut kept, mut at) = (Vec::new(), 0);
    while let Some(tree) = trees.get(at) {
        if let Some((name, length)) = test_module(&trees[at..]) {
            tests.push(name);
            at += length;
            continue;
        }
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let mut inner = proc_macro2::Group::new(Delimiter::Brace, code(group.stream(), tests));
                inner.set_span(group.span());
                kept.push(TokenTree::Group(inner));
            }
            tree => kept.push(tree.clone()),
        }
        at += 1;
    }
    kept.into_iter().collect()
}

/// A module for tests that begins here: its name, and how many trees it has.
fn test_module(trees: &[TokenTree]) -> Option<(String, usize)> {
    let (mut at, mut for_tests) = (0, false);
    while is(trees.get(at), "#") {
        let said = trees.get(at + 1)?.to_string().replace(char::is_whitespace, "");
        for_tests |= said == "[cfg(test)]";
        at += 2;
    }
    if is(trees.get(at), "pub") {
        at += 1;
        at += usize::from(matches!(trees.get(at), Some(TokenTree::Group(_))));
    }
    let begins = for_tests && is(trees.get(at), "mod");
    begins.then(|| Some((trees.get(at + 1)?.to_string(), at + 3))).flatten()
}

fn is(tree: Option<&TokenTree>, text: &str) -> bool {
    tree.is_some_and(|tree| tree.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::{code, without_tests};

    #[test]
    fn what_only_tests_have_is_left_out_and_nothing_else_whatever_its_name_is() {
        let files = [
            (
                "crates/a/src/lib.rs",
                "#[cfg(test)]\nmod tests;\n#[cfg(test)]\npub(crate) mod given;\nmod testing;",
            ),
            ("crates/a/src/tests/one.rs", ""),
            ("crates/a/src/given.rs", ""),
            ("crates/a/src/testing.rs", "#[cfg(test)] mod deep;"),
            ("crates/a/src/testing/deep.rs", ""),
            ("crates/a/src/testing/tests.rs", ""),
            ("crates/a/src/tests_of_others.rs", ""),
        ];
        let files = files.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
        let left: Vec<_> = without_tests(files).into_iter().map(|(name, _)| name).collect();
        assert_eq!(
            left,
            [
                "crates/a/src/lib.rs",
                "crates/a/src/testing.rs",
                "crates/a/src/testing/tests.rs",
                "crates/a/src/tests_of_others.rs"
            ]
        );
    }

    #[test]
    fn what_follows_a_module_of_tests_is_read() {
        let text = "fn a() {} #[cfg(test)] #[path = \"b\"] mod b { fn c() {} } mod d { #[cfg(test)] mod e {} fn f() {} }
            #[cfg(test)] fn g() {}";
        let (mut tests, text) = (Vec::new(), text.parse().unwrap());
        let left = code(text, &mut tests).to_string();
        assert_eq!(tests, ["b", "e"]);
        assert!(["a", "d", "f", "g"].iter().all(|name| left.contains(&format!(" {name} "))), "{left}");
        assert!(!left.contains("fn c"), "{left}");
    }
}
