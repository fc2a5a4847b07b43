//! Searching is `platform::search`'s alone: elsewhere an operator of full text or JSON stands below a row-level policy and
//! reads every row of the organization (docs/adr/0016-search.md).

/// Operators that no policy lets through to an index, and patterns that none serves.
const REFUSED: [&str; 5] = ["@@", "@>", "<@", "ilike", "strpos("];
const HOME: &str = "crates/platform/src/search.rs";

/// The lines of a source of the product that search by themselves. Tests may, to show what happens.
pub fn elsewhere(file: &str, text: &str) -> Vec<String> {
    let ours = file == HOME || file.starts_with("crates/xtask/") || file.contains("/tests");
    if ours {
        return Vec::new();
    }
    let code = |line: &&str| !line.trim_start().starts_with("//");
    let found = text
        .lines()
        .enumerate()
        .filter(|(_, line)| code(line) && REFUSED.iter().any(|word| line.contains(word)));
    found
        .map(|(number, _)| {
            format!("{file}:{}: search by `platform::search` (docs/adr/0016-search.md)", number + 1)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::elsewhere;

    #[test]
    fn a_query_that_searches_by_itself_is_refused() {
        for operator in [
            "search @@ to_tsquery($1)",
            "labels @> $1",
            "$1 <@ labels",
            "name ilike $1",
            "strpos(name, $1) > 0",
        ] {
            let text = format!("//! A story.\nlet query = \"select id from skills where {operator}\";\n");
            let said = elsewhere("crates/skills/src/skills/views.rs", &text);
            assert_eq!(
                said,
                [
                    "crates/skills/src/skills/views.rs:2: search by `platform::search` (docs/adr/0016-search.md)"
                ]
            );
        }
    }

    #[test]
    fn its_home_and_comments_and_tests_may_say_it() {
        let text = "let query = \"select id from skills where search @@ $1\";";
        for file in [
            "crates/platform/src/search.rs",
            "crates/server/tests/it/search.rs",
            "crates/skills/src/skills/tests.rs",
        ] {
            assert!(elsewhere(file, text).is_empty(), "{file}");
        }
        assert!(elsewhere("crates/skills/src/lib.rs", "//! not `@@`").is_empty());
    }
}
