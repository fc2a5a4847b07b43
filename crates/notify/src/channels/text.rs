//! Text from outside, made to fit.

/// Cuts a text so that its cost stays within a limit, and marks the cut. Control characters other than line feeds
/// are dropped: they show nothing and cost much.
pub(super) fn fit(text: &str, limit: usize, cost: impl Fn(char) -> usize) -> String {
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

/// The same on one line.
pub(super) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
