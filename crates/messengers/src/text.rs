//! Text from outside, made to fit.

/// Cuts a text so that its cost stays within a limit, and marks the cut. Control characters other than line feeds
/// are dropped: they show nothing and cost much.
pub fn fit(text: &str, limit: usize, cost: impl Fn(char) -> usize) -> String {
    let mark = cost('…');
    let (mut fitted, mut used, mut safe) = (String::new(), 0, 0);
    for next in text.trim().chars().filter(|next| !next.is_control() || *next == '\n') {
        used += cost(next);
        if used > limit {
            fitted.truncate(safe);
            fitted.push('…');
            return fitted;
        }
        fitted.push(next);
        if used + mark <= limit {
            safe = fitted.len();
        }
    }
    fitted
}

/// A text on one line.
pub fn line(text: &str) -> String {
    let words =
        text.split(|next: char| next.is_whitespace() || next.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A title on one line; platforms refuse an empty one.
pub fn title(text: &str) -> String {
    Some(line(text)).filter(|title| !title.is_empty()).unwrap_or_else(|| "Untitled".into())
}
