//! Ids that cannot be mistaken for each other. Each is a UUIDv7 (RFC 9562), so it sorts by the time it was made.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// Counts within a millisecond, so that ids made by one process sort in the order in which they were made.
static CONTEXT: Mutex<ContextV7> = Mutex::new(ContextV7::new());

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
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id that sorts after every id made for an earlier moment.
            pub fn new(at: DateTime<Utc>) -> Self {
                Self(uuid_v7(at))
            }

            pub const fn uuid(self) -> Uuid {
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

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
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
    /// An invitation to an organization.
    InvitationId
    /// A session of a browser, by the name that may be shown.
    SessionId
    EventId
    JobId
    DataKeyId
    ConfigurationId
    AlertId
    IssueId
    SkillId
    /// A pattern that ties alerts to a skill.
    BindingId
    ToolId
    RunId
    StepId
    /// A place where a team is told.
    ReceiverId
    /// One message at a receiver.
    MessageId
    DeliveryId
}

fn uuid_v7(at: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    let context = CONTEXT.lock().unwrap_or_else(PoisonError::into_inner);
    Uuid::new_v7(Timestamp::from_unix(&*context, seconds, at.timestamp_subsec_nanos()))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::AlertId;

    #[test]
    fn ids_sort_by_the_time_they_were_made_for() {
        let at = |ms| DateTime::from_timestamp_millis(ms).unwrap();
        assert!(AlertId::new(at(1_700_000_000_000)) < AlertId::new(at(1_700_000_000_001)));
    }
}
