//! The names in a statement, as far as they may be of tables and functions.

/// A statement in lower case and without its comments, quotes gone.
pub fn plain(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(next) = rest.chars().next() {
        let skipped = match rest {
            _ if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            _ => 0,
        };
        if skipped > 0 {
            plain.push(' ');
        } else {
            plain.push(next.to_ascii_lowercase());
        }
        rest = &rest[if skipped > 0 { skipped } else { next.len_utf8() }..];
    }
    plain
}

/// What may name a table or function: every word but a column behind its table (`s.name`), the new name of something (`as name`), and
/// what stands in quotes with others. Whatever stands around a name changes nothing.
pub fn names(statement: &str) -> Vec<String> {
    let plain = plain(statement);
    let mut found = Vec::new();
    for (number, piece) in plain.split('\'').enumerate() {
        // A text is a name when it is one alone: `'skills'::regclass`.
        if number % 2 == 1 && piece.trim().contains(char::is_whitespace) {
            continue;
        }
        let words = words(piece);
        for (at, (word, before)) in words.iter().enumerate() {
            let behind = at.checked_sub(1).and_then(|at| words.get(at)).map(|(word, _)| word.as_str());
            let of_schema = behind.is_some_and(|schema| schema == "public");
            if *before == '.' && !of_schema || behind == Some("as") && *before == ' ' {
                continue;
            }
            found.push(word.clone());
        }
    }
    found
}

/// The words of a text, each with the sign before it.
fn words(text: &str) -> Vec<(String, char)> {
    let (mut words, mut word, mut sign) = (Vec::new(), String::new(), ' ');
    for c in text.chars().chain([' ']) {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else {
            if !word.is_empty() {
                words.push((std::mem::take(&mut word), sign));
                sign = ' ';
            }
            if !c.is_whitespace() && c != '"' {
                sign = c;
            }
        }
    }
    words
}
