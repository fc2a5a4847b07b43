//! What a statement answers beside what Rust reads from it.

use super::types::{ReadColumn, Row};

/// A column as the database says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// As sqlx names it.
    pub of: String,
    /// None where neither the database nor the text tells.
    pub may_be_null: Option<bool>,
}

/// What is wrong, and the columns read into what takes no null of which nobody knows whether they may be it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Compared {
    pub faults: Vec<String>,
    pub untold: Vec<String>,
}

pub fn compare(row: &Row, columns: &[Column]) -> Compared {
    let mut compared = Compared::default();
    match row {
        Row::First(field) => compared.column(field, columns.first(), 0),
        Row::Placed(fields) => {
            for (number, field) in fields.iter().enumerate() {
                compared.column(field, columns.get(number), number);
            }
        }
        Row::Named(fields) => {
            for field in fields {
                // Of two columns with one name the last is read.
                let column = columns.iter().rev().find(|column| column.name == field.name);
                compared.column(field, column, 0);
            }
        }
    }
    compared
}

impl Compared {
    fn column(&mut self, field: &ReadColumn, column: Option<&Column>, number: usize) {
        let name = if field.name.is_empty() { (number + 1).to_string() } else { field.name.clone() };
        let Some(column) = column else {
            if !field.may_lack {
                self.faults.push(format!("there is no column {name}"));
            }
            return;
        };
        if !field.from.is_empty() && !field.from.iter().any(|of| of.eq_ignore_ascii_case(&column.of)) {
            self.faults.push(format!("column {name} is {}, read as {}", column.of, field.from[0]));
        }
        match column.may_be_null {
            Some(true) if !field.optional => {
                self.faults.push(format!("column {name} may be null, and is read as if it never were"));
            }
            None if !field.optional => self.untold.push(name),
            _ => {}
        }
    }
}
