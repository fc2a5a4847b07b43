//! What a change leaves alone.

use serde::{Deserialize, Deserializer};

/// Tells a member that is null from one that is absent: `#[serde(default, deserialize_with = "kernel::given")]`.
///
/// # Errors
/// When the value is neither null nor a `T`.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}
