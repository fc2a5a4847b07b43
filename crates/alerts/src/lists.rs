//! Query parameters that hold several values.

use std::{fmt::Display, str::FromStr};

use serde::{Deserialize, Deserializer, de::Error};

use crate::ingest::Texts;

/// Values separated by commas: `status=open,investigating`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

impl<'de, T> Deserialize<'de> for List<T>
where
    T: FromStr,
    T::Err: Display,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        words.map(|word| word.parse().map_err(D::Error::custom)).collect::<Result<_, _>>().map(Self)
    }
}

/// Names and values as a JSON object: `labels={"service":"checkout"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels(pub Texts);

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let labels: Texts = serde_json::from_str(&text).map_err(|_| {
            D::Error::custom("must be a JSON object of texts, such as {\"service\":\"checkout\"}")
        })?;
        if labels.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
            return Err(D::Error::custom("must hold no NUL character"));
        }
        Ok(Self(labels))
    }
}
