//! Ids that cannot be mistaken for each other; a domain declares those of its own things with [`ids!`](crate::ids). Each is a UUIDv7 (RFC 9562), so it sorts by the time it was made.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// Counts within a millisecond, so that ids made by one process sort in the order in which they were made.
static CONTEXT: Mutex<ContextV7> = Mutex::new(ContextV7::new());

/// Declares ids, each a type of its own:
///
/// ```ignore
/// kernel::ids! {
///     /// An alert.
///     AlertId
/// }
/// ```
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize, sqlx::Type, utoipa::ToSchema,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A new id that sorts after every id made for an earlier moment.
            pub fn new(at: chrono::DateTime<chrono::Utc>) -> Self {
                Self($crate::uuid_v7(at))
            }

            pub const fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(out)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// An organization: the tenant.
    OrgId
    /// A node of an organization's tree.
    NodeId
    /// A person, across organizations.
    UserId
    /// An access token.
    TokenId
    EventId
    JobId
    DataKeyId
    ConfigurationId
}

/// A new UUIDv7 that sorts after every one made by this process for an earlier moment.
pub fn uuid_v7(at: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    let context = CONTEXT.lock().unwrap_or_else(PoisonError::into_inner);
    Uuid::new_v7(Timestamp::from_unix(&*context, seconds, at.timestamp_subsec_nanos()))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::EventId;

    #[test]
    fn ids_sort_by_the_time_they_were_made_for() {
        let at = |ms| DateTime::from_timestamp_millis(ms).unwrap();
        assert!(EventId::new(at(1_700_000_000_000)) < EventId::new(at(1_700_000_000_001)));
    }
}
