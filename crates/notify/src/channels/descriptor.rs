//! What there is to know of a channel without opening it.

use std::fmt;

use messengers::SendError;
use serde::Serialize;
use sqlx::{FromRow, Row, postgres::PgRow};
use utoipa::ToSchema;

use super::{CHANNELS, Channel, Field, Opening};

/// A channel: a way of a platform to be told, as the API shows it.
#[derive(Serialize, ToSchema)]
#[schema(as = Channel)]
pub struct Descriptor {
    /// The name of its folder.
    #[schema(value_type = String)]
    pub id: &'static str,
    /// For people: "Slack app".
    #[schema(value_type = String)]
    pub name: &'static str,
    /// The platform, as receivers have it.
    #[schema(value_type = super::ImType)]
    pub im_type: &'static str,
    /// How the platform is reached, as receivers have it.
    #[schema(value_type = super::Transport)]
    pub transport: &'static str,
    /// What somebody fills in to be told there, in the order of the form.
    #[schema(value_type = Vec<Field>)]
    pub settings: &'static [Field],
    pub limits: Limits,
    pub abilities: Abilities,
    #[serde(skip)]
    pub(crate) open: Open,
}

/// Makes the way to a receiver's place; gives up when a credential or the destination is missing.
pub(crate) type Open = fn(&Opening<'_>) -> Result<Box<dyn Channel>, SendError>;

/// What the platform takes. Messages are made to keep to it; what comes too fast waits as long as the platform asks.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = ChannelLimits)]
pub struct Limits {
    /// The longest single text of a message, in UTF-16 units.
    #[schema(required = true)]
    pub text_units: Option<u32>,
    /// The largest request, in bytes.
    #[schema(required = true)]
    pub request_bytes: Option<u32>,
}

#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = ChannelAbilities)]
pub struct Abilities {
    /// One message about a subject, edited as that changes; otherwise a message for each state.
    pub edits: bool,
    /// Whoever is at the destination agrees before anything is told there; see `confirm_receiver`.
    pub confirms: bool,
}

impl Descriptor {
    /// The channel of an `im_type` and a `transport`, if there is one.
    pub fn find(im_type: &str, transport: &str) -> Option<&'static Self> {
        CHANNELS.iter().copied().find(|channel| channel.im_type == im_type && channel.transport == transport)
    }

    pub fn destination(&self) -> Option<&'static Field> {
        self.settings.iter().find(|setting| !setting.credential)
    }

    pub fn credentials(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.settings.iter().filter(|setting| setting.credential)
    }
}

impl PartialEq for Descriptor {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl fmt::Debug for Descriptor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id)
    }
}

/// From the columns `im_type` and `transport`. A row of a channel that this version does not have is an error.
impl<'r> FromRow<'r, PgRow> for &'static Descriptor {
    fn from_row(row: &'r PgRow) -> sqlx::Result<Self> {
        let (im_type, transport) = (row.try_get("im_type")?, row.try_get("transport")?);
        Descriptor::find(im_type, transport)
            .ok_or_else(|| sqlx::Error::Decode(format!("there is no channel {im_type}, {transport}").into()))
    }
}
