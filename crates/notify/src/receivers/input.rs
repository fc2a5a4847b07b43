//! A receiver as it is written, and what may be stored of it. Which fields there are beside the receiver's own, and what
//! may stand in them, is said by the descriptor of the channel.

use std::collections::BTreeMap;

use kernel::{Code, Error, FieldError, NodeId, Result, Secret};
use platform::outbound::Outbound;
use serde::Deserialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr, Schema, Type,
        schema::{AdditionalProperties, SchemaType},
    },
};

use super::{Hours, Status};
use crate::{
    ReceiverId,
    card::Urgency,
    channels::{CHANNELS, Descriptor, Field, ImType, Transport, distinct},
};

/// A receiver as it is written. Credentials go in and never come out; one that is not given stays as it is.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ReceiverInput {
    /// 1 to 255 characters.
    pub name: String,
    /// What alerts call it: 1 to 100 letters, digits, dots, dashes and underscores, the first a letter or digit.
    pub receiver_im: String,
    pub im_type: ImType,
    pub transport: Transport,
    #[schema(ignore)]
    pub destination_id: Option<String>,
    /// Told of issues whose alerts name no receiver. False unless given on creation, unchanged on update.
    pub is_default: Option<bool>,
    /// Active unless given on creation, unchanged on update.
    pub status: Option<Status>,
    /// The least severity that it hears of. Low unless given on creation, unchanged on update.
    pub min_severity: Option<Urgency>,
    /// When it listens; null is always. Left out, a change leaves it as it is.
    #[serde(default, deserialize_with = "kernel::given")]
    #[schema(value_type = Option<Hours>)]
    pub hours: Option<Option<Hours>>,
    /// The receiver that is told what this one could not be. Left out, a change leaves it as it is.
    #[serde(default, deserialize_with = "kernel::given")]
    #[schema(value_type = Option<ReceiverId>)]
    pub fallback_id: Option<Option<ReceiverId>>,
    /// The node that owns it: it is told of what that node and those below it have, and changed there and above. Null is for
    /// the whole organization. Left out, a change leaves it as it is.
    #[serde(default, deserialize_with = "kernel::given")]
    #[schema(value_type = Option<NodeId>)]
    pub node_id: Option<Option<NodeId>>,
    /// Whatever else is given: the channel's credentials, or a mistake.
    #[serde(flatten)]
    #[schema(ignore)]
    pub credentials: BTreeMap<String, Option<Secret<String>>>,
}

/// [`ReceiverInput`] as the document has it: with the settings of every channel.
pub(super) struct Written;

impl ToSchema for Written {
    fn name() -> std::borrow::Cow<'static, str> {
        ReceiverInput::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ReceiverInput::schemas(schemas);
    }
}

impl PartialSchema for Written {
    fn schema() -> RefOr<Schema> {
        let RefOr::T(Schema::Object(mut object)) = ReceiverInput::schema() else {
            return ReceiverInput::schema();
        };
        let settings: Vec<_> = CHANNELS.iter().flat_map(|channel| channel.settings).collect();
        for name in distinct(settings.iter().map(|setting| setting.name)) {
            let credential = settings.iter().any(|setting| setting.name == name && setting.credential);
            let text = ObjectBuilder::new()
                .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
                .description(Some(of_channels(name)));
            let text = if credential { text.write_only(true) } else { text };
            object.properties.insert(name.to_owned(), text.into());
        }
        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        object.into()
    }
}

/// What a setting is on each channel that has one of this name.
fn of_channels(name: &str) -> String {
    let of = |channel: &&Descriptor| {
        let setting = channel.settings.iter().find(|setting| setting.name == name)?;
        Some(format!("{}: {}.", channel.name, setting.help))
    };
    CHANNELS.iter().filter_map(of).collect::<Vec<_>>().join(" ")
}

impl ReceiverInput {
    /// The credentials that are given; an empty field of a form is none.
    pub fn given(&self) -> impl Iterator<Item = (&str, &Secret<String>)> {
        self.credentials
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.as_ref()?)))
            .filter(|(_, value)| !value.expose().trim().is_empty())
    }

    pub fn destination_id(&self) -> Option<&str> {
        self.destination_id.as_deref().map(str::trim).filter(|id| !id.is_empty())
    }

    /// The destination as this channel stores it.
    pub fn destination_at(&self, channel: &Descriptor) -> Option<String> {
        let id = self.destination_id()?;
        Some(channel.destination().map_or_else(|| id.to_owned(), |field| field.canonical(id)))
    }

    /// Whether this can be a receiver, given which credentials are stored already and fit: the channel that it is of.
    ///
    /// # Errors
    /// `invalid_receiver` with every field that is wrong.
    pub fn check(
        &self,
        stored: impl FnOnce(&'static Descriptor) -> Vec<&'static str>,
        outbound: &Outbound,
    ) -> Result<&'static Descriptor> {
        let mut wrong = Wrong::default();
        if !(1..=255).contains(&self.name.trim().chars().count()) {
            wrong.add("name", "must have 1 to 255 characters");
        }
        if !is_receiver_im(&self.receiver_im) {
            let detail = "must be 1 to 100 letters, digits, dots, dashes and underscores, starting with a letter or digit";
            wrong.add("receiver_im", detail);
        }
        match Descriptor::find(self.im_type.as_str(), self.transport.as_str()) {
            Some(channel) => {
                self.check_settings(channel, (&stored(channel), outbound), &mut wrong);
                wrong.none().map(|()| channel)
            }
            None => {
                self.name_channels(&mut wrong);
                Err(wrong.error())
            }
        }
    }

    fn check_settings(
        &self,
        channel: &'static Descriptor,
        (stored, outbound): (&[&str], &Outbound),
        wrong: &mut Wrong,
    ) {
        for (name, value) in &self.credentials {
            let known = channel.credentials().any(|setting| setting.name == name);
            // What a form leaves empty is not given; what no channel knows is a mistake even then.
            let given = value.as_ref().is_some_and(|value| !value.expose().trim().is_empty());
            if !known && (given || !is_credential(name)) {
                wrong.add(name, format!("is no setting of the channel {}", channel.name));
            }
        }
        for setting in channel.settings {
            match self.value(setting) {
                Some(value) => {
                    if let Err(detail) = setting.check(value, outbound) {
                        wrong.add(setting.name, detail);
                    }
                }
                None if setting.required && !stored.contains(&setting.name) => {
                    let detail = format!("is needed by the channel {}: {}", channel.name, setting.label);
                    wrong.add(setting.name, detail);
                }
                None => {}
            }
        }
        if channel.settings.iter().all(|setting| setting.credential)
            && self.destination_id().is_some_and(|id| id.chars().count() > 255)
        {
            wrong.add("destination_id", "must have at most 255 characters");
        }
    }

    fn value(&self, setting: &Field) -> Option<&str> {
        if setting.credential {
            return self
                .given()
                .find(|(name, _)| *name == setting.name)
                .map(|(_, value)| value.expose().trim());
        }
        self.destination_id()
    }

    /// Which channels there are, for somebody who asked for none of them.
    fn name_channels(&self, wrong: &mut Wrong) {
        let of_platform = |channel: &&&'static Descriptor| channel.im_type == self.im_type.as_str();
        let transports: Vec<_> =
            CHANNELS.iter().filter(of_platform).map(|channel| channel.transport).collect();
        if transports.is_empty() {
            let platforms = distinct(CHANNELS.iter().map(|channel| channel.im_type));
            wrong.add("im_type", format!("must be one of {}", platforms.join(", ")));
        } else {
            let platform = self.im_type.as_str();
            wrong.add("transport", format!("{platform} is reached by {}", transports.join(" or ")));
        }
    }
}

/// A receiver with one field that is wrong.
pub(super) fn wrong(pointer: &str, detail: impl Into<String>) -> Error {
    let fields = vec![FieldError { pointer: format!("/{pointer}"), detail: detail.into() }];
    Error::Invalid {
        code: Code("invalid_receiver"),
        detail: "1 of the receiver's fields cannot be stored".into(),
        fields,
    }
}

#[derive(Default)]
struct Wrong(Vec<FieldError>);

impl Wrong {
    fn add(&mut self, field: &str, detail: impl Into<String>) {
        let field = field.replace('~', "~0").replace('/', "~1");
        self.0.push(FieldError { pointer: format!("/{field}"), detail: detail.into() });
    }

    fn none(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(self.error()) }
    }

    fn error(self) -> Error {
        let detail = format!("{} of the receiver's fields cannot be stored", self.0.len());
        Error::Invalid { code: Code("invalid_receiver"), detail, fields: self.0 }
    }
}

fn is_credential(name: &str) -> bool {
    CHANNELS.iter().any(|channel| channel.credentials().any(|setting| setting.name == name))
}

/// As the table's CHECK has it.
pub(super) fn is_receiver_im(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphanumeric())
        && text.len() <= 100
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}
