//! The tables of receivers and deliveries.

use platform::domain::Table;

pub(crate) const TABLES: &[Table] = &[
    Table::plain("im_receivers"),
    Table::plain("mail_addresses"),
    Table::plain("im_messages"),
    Table::plain("deliveries"),
];
