//! What the text of a migration says about itself, and its statements.

/// Whether versions from before it can work beside it: a line `-- expand` among the comments that it begins with. Who forgets it is safe: older
/// versions then refuse the database.
pub(super) fn expands(sql: &str) -> bool {
    comments(sql).any(|line| line == "-- expand")
}

/// A statement of a migration that runs in no transaction.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub sql: &'a str,
    /// It is repeated, each time in a transaction of its own, until it changes no row.
    pub batched: bool,
}

/// The statements, each of which ends with the line that ends in `;`, but for lines within `$$ … $$`.
pub(super) fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut begin, mut end, mut within) = (Vec::new(), 0, 0, false);
    for line in sql.split_inclusive('\n') {
        end += line.len();
        within ^= line.matches("$$").count() % 2 == 1;
        if !within && line.trim_end().ends_with(';') && !line.trim_start().starts_with("--") {
            pieces.push(&sql[begin..end]);
            begin = end;
        }
    }
    pieces.push(&sql[begin..]);
    pieces.into_iter().filter_map(piece).collect()
}

/// None where there are only comments.
fn piece(sql: &str) -> Option<Piece<'_>> {
    let statement = sql.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("--"));
    statement.then(|| Piece { sql: sql.trim(), batched: comments(sql).any(|line| line == "-- batched") })
}

/// The index that a statement makes concurrently.
pub(super) fn index_made_concurrently(sql: &str) -> Option<&str> {
    let lines = sql.lines().filter(|line| !line.trim_start().starts_with("--"));
    let mut words = lines.flat_map(str::split_whitespace).map(|word| (word, word.to_ascii_lowercase()));
    let mut next = || words.next();
    let (_, first) = next()?;
    let (_, second) = next()?;
    let second = if second == "unique" { next()?.1 } else { second };
    let (_, third) = next()?;
    if (&*first, &*second, &*third) != ("create", "index", "concurrently") {
        return None;
    }
    let (name, lower) = next()?;
    match &*lower {
        "if" => words.nth(2).map(|(name, _)| name),
        "on" => None,
        _ => Some(name),
    }
}

/// The lines that a text begins with, as far as they are comments or empty.
fn comments(sql: &str) -> impl Iterator<Item = &str> {
    sql.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with("--"))
}

#[cfg(test)]
mod tests {
    use super::{Piece, expands, index_made_concurrently, pieces};

    #[test]
    fn a_migration_expands_if_it_says_so_before_anything_else() {
        assert!(expands("-- expand\nalter table t add column c text;"));
        assert!(expands("-- no-transaction\n-- Why.\n-- expand\n\nselect 1;"));
        assert!(!expands("-- It does not expand.\nselect 1;"));
        assert!(!expands("select 1;\n-- expand"));
    }

    #[test]
    fn statements_end_with_a_line_that_ends_so_and_bodies_of_functions_are_whole() {
        let sql = "-- no-transaction\n\n-- Why;\nselect 1,\n    ';' as a;\n-- batched\nupdate t set a = 1;\ndo $$ begin\n    perform 1;\nend $$;\n-- That was it.\n";
        let [one, two, three] = &pieces(sql)[..] else { panic!("{:?}", pieces(sql)) };
        assert!(one.sql.ends_with("';' as a;") && !one.batched);
        assert_eq!(*two, Piece { sql: "-- batched\nupdate t set a = 1;", batched: true });
        assert_eq!(*three, Piece { sql: "do $$ begin\n    perform 1;\nend $$;", batched: false });
        assert_eq!(pieces("select 1")[0].sql, "select 1", "the last may end without");
    }

    #[test]
    fn the_name_of_an_index_that_is_made_concurrently_is_found() {
        let cases = [
            ("create index concurrently t_a on t (a);", Some("t_a")),
            ("-- Serves this.\ncreate unique index\n  concurrently if not exists t_a on t (a);", Some("t_a")),
            ("create index t_a on t (a);", None),
            ("create index concurrently on t (a);", None),
            ("drop index concurrently t_a;", None),
            ("select 1;", None),
        ];
        for (sql, name) in cases {
            assert_eq!(index_made_concurrently(sql), name, "{sql}");
        }
    }
}
