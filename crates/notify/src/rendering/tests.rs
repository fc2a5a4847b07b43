//! What a card looks like, by platform.

mod lark;
mod slack;
