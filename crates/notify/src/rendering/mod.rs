//! What a card looks like on each platform. Channels of one platform share it.

pub(crate) mod lark;
pub(crate) mod slack;
#[cfg(test)]
mod tests;

use crate::card::{Card, State, Told};

/// How much of a card a message shows.
#[derive(Clone, Copy)]
pub(crate) enum Shape<'a> {
    /// One message that is edited: all that is known, and how it came about.
    Living(&'a [Told]),
    /// A message about one state among others: what is new with it.
    Note,
}

impl Shape<'_> {
    /// Whether the cause and what to do belong into the message.
    fn explains(self, card: &Card) -> bool {
        matches!(self, Self::Living(_)) || card.state == State::Concluded
    }
}
