//! What a card looks like on each platform. Channels of one platform share it.

pub(crate) mod lark;
pub(crate) mod slack;
#[cfg(test)]
mod tests;

use crate::card::Told;

/// How much of a card a message shows.
#[derive(Clone, Copy)]
pub(crate) enum Shape<'a> {
    /// One message that is edited: all that is known, and how it came about.
    Living(&'a [Told]),
    /// A message about one state among others: what is known with it.
    Note,
}
