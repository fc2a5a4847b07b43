//! The words of the descriptors, as requests, answers and events carry them. Any text can be read as one: which there
//! are, the document says from the descriptors, and [`crate::receivers`] refuses the rest by name.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use super::{CHANNELS, Descriptor};

macro_rules! word {
    ($(#[doc = $story:literal])* $name:ident of $all:expr) => {
        $(#[doc = $story])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&'static str> for $name {
            fn from(word: &'static str) -> Self {
                Self(Cow::Borrowed(word))
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let story = concat!($($story),*).trim_start();
                let words = ObjectBuilder::new().schema_type(Type::String).description(Some(story));
                words.enum_values(Some(distinct($all))).into()
            }
        }

        impl ToSchema for $name {}
    };
}

word! {
    /// A messaging platform.
    ImType of words(|channel| vec![channel.im_type])
}
word! {
    /// How the platform is reached.
    Transport of words(|channel| vec![channel.transport])
}
word! {
    /// A credential of a receiver.
    Credential of words(|channel| channel.credentials().map(|setting| setting.name).collect())
}

fn words(of: impl Fn(&Descriptor) -> Vec<&'static str>) -> impl Iterator<Item = &'static str> {
    CHANNELS.iter().flat_map(move |channel| of(channel))
}

/// In the order in which they come.
pub(crate) fn distinct(words: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut distinct = Vec::new();
    for word in words {
        if !distinct.contains(&word) {
            distinct.push(word);
        }
    }
    distinct
}
