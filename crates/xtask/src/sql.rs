//! The SQL in a source: string literals that begin with a statement's verb, and the tables they name.

/// A statement, and the line it begins in.
pub struct Statement<'a> {
    pub line: usize,
    pub text: &'a str,
}

/// The statements of a source outside its comments, and pieces that macros put together.
pub fn statements(source: &str) -> Vec<Statement<'_>> {
    let mut found = Vec::new();
    let (mut at, bytes) = (0, source.as_bytes());
    while at < bytes.len() {
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at += source[at..].find('\n').unwrap_or(source.len() - at);
            }
            // A character, such as '"'; a lifetime has no second quote.
            b'\'' if bytes.get(at + 2) == Some(&b'\'') => at += 3,
            b'\'' if bytes.get(at + 1) == Some(&b'\\') && bytes.get(at + 3) == Some(&b'\'') => at += 4,
            b'"' => {
                let begin = at + 1;
                at = begin;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                let text = source.get(begin..at.min(source.len())).unwrap_or_default();
                if is_sql(text) {
                    found.push(Statement { line: source[..begin].matches('\n').count() + 1, text });
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    found
}

fn is_sql(text: &str) -> bool {
    let words: Vec<_> = text.split_whitespace().take(3).collect();
    match words.as_slice() {
        ["select" | "with", ..] => text.contains("select "),
        ["insert", "into", ..] | ["delete", "from", ..] => true,
        ["update", _, ..] => text.contains(" set "),
        ["from" | "join" | "and" | "where" | "left" | "(select", ..] => {
            text.contains("select ") || text.contains(" join ")
        }
        _ => false,
    }
}

/// What a statement reads or writes: the words behind `from`, `join`, `into`, `update` and `delete from`.
pub fn tables(statement: &str) -> impl Iterator<Item = &str> {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let after = ["from", "join", "into", "update"];
    let found: Vec<&str> = words
        .windows(2)
        .filter(|pair| after.contains(&pair[0].trim_start_matches('(')))
        .map(|pair| pair[1].trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
        .filter(|name| {
            !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
        .collect();
    found.into_iter()
}
