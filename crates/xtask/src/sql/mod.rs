//! The SQL of the sources: which texts are sent to the database, and what these name.
//!
//! What sqlx is given must be a text that stands in the sources: a literal, a `concat!`, a macro of ours that makes such, or a constant or
//! variable that is one of these. Then whoever reads the sources has read all SQL. What is put together while the product runs is found
//! as such, and stands in few places ([`DYNAMIC`]).

//!
//! Of a statement that reads rows it is told what they are read into ([`Row`]), so that it can be held against what the database
//! answers ([`compare`]): from the sources alone, with the rules that the compiler has in full ([`rows`], [`types`], [`modules`]).

mod calls;
mod columns;
mod expand;
mod modules;
mod names;
mod nulls;
mod rows;
mod sources;
mod texts;
mod types;

pub use columns::{Column, Compared, compare};
pub use names::names;
pub use nulls::of as may_be_null;
pub use sources::{Found, Statement, StatementRole, of, of_product};
pub use types::{ReadColumn, Row};

/// Where statements are made of parts that no reader of the sources knows, or handed on by who is read where it is called.
pub const DYNAMIC: [&str; 4] = [
    "crates/platform/src/db/partitions/",
    "crates/platform/src/db/schema/alone.rs",
    "crates/platform/src/db/transaction.rs",
    "crates/platform/src/search.rs",
];
