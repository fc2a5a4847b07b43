//! The one way to search: by words, by what words mean in a language, and by what a JSON value contains.
//!
//! A domain's query asks `<table>_search`, a view of the tables' owner beside a table, and never uses `@@` or `@>` itself
//! (`cargo xtask tidy` refuses them): below a row-level policy these operators are not leakproof, so that PostgreSQL would read
//! every row of the organization instead of an index. The view shows the rows that the table's policies show: the organization that
//! the transaction names, and the nodes that it reaches. The macros here write a condition for the query on the table, which row-level
//! security filters once more:
//!
//! ```sql
//! select … from alerts a where a.org_id = $1 and a.id in (…the condition…) order by a.id desc
//! ```
//!
//! The migration that makes a table searchable creates an index over `search_words`, `search_lexemes` or `search_json` and calls
//! `make_searchable`. Queries that search are made with [`query_as`], as the right plan depends on what is searched for: a word in every other
//! row is found soonest by reading the newest, a rare one by the index. Why: docs/adr/0016-search.md.

use sqlx::{
    FromRow, Postgres,
    postgres::{PgArguments, PgRow},
    query::QueryAs,
};

/// `(select …)`: the ids of rows that hold all words of a text, each as the beginning of a word, in any order and case.
/// What is in quotes, and words that signs tie together (`10.1.2.3`, `checkout-1.eu-west-1`), stands as it was typed.
/// The text may be null; then words are no condition. A text without any word finds nothing.
///
/// Takes the table's name and the parameters of the organization and the text: `by_words!("issues", "$1", "$7")`.
#[macro_export]
macro_rules! by_words {
    ($table:literal, $org:literal, $text:literal) => {
        concat!(
            "(select f.id from ",
            $table,
            "_search f where (",
            $text,
            "::text is null or f.words @@ search_query(",
            $org,
            ", ",
            $text,
            ") and (search_literals(",
            $text,
            ") is null or f.content ~* all (search_literals(",
            $text,
            ")))))"
        )
    };
}

/// Like [`by_words!`]; and whose labels contain a JSON value, unless that is null.
#[macro_export]
macro_rules! by_words_and_labels {
    ($table:literal, $org:literal, $text:literal, $labels:literal) => {
        concat!(
            "(select f.id from ",
            $table,
            "_search f where (",
            $text,
            "::text is null or f.words @@ search_query(",
            $org,
            ", ",
            $text,
            ") and (search_literals(",
            $text,
            ") is null or f.content ~* all (search_literals(",
            $text,
            "))))",
            " and (",
            $labels,
            "::jsonb is null or f.labels @> search_json(",
            $org,
            ", ",
            $labels,
            ")))"
        )
    };
}

/// `(select …)`: the ids of rows whose lexemes match a query of PostgreSQL, such as `to_tsquery('english', $4)`.
#[macro_export]
macro_rules! by_lexemes {
    ($table:literal, $org:literal, $query:literal) => {
        concat!(
            "(select f.id from ",
            $table,
            "_search f where f.lexemes @@ search_lexemes(",
            $org,
            ", ",
            $query,
            "))"
        )
    };
}

/// A query that is planned anew each time, for what it searches for.
pub fn query_as<T: for<'r> FromRow<'r, PgRow>>(
    query: &'static str,
) -> QueryAs<'static, Postgres, T, PgArguments> {
    sqlx::query_as(query).persistent(false)
}

/// What a person typed into a field of a search, if it is anything.
pub fn typed(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
