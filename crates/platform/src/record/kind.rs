//! What may happen: a type for each kind of event, declared by the domain in which it happens with [`events!`](crate::events).

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use kernel::{EventId, NodeId, Result};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Ref, RefOr, Schema,
        schema::{ObjectBuilder, OneOfBuilder, Type},
    },
};
use uuid::Uuid;

use super::Event;
use crate::{
    http::{AuditRead, Permission},
    settings::Setting,
};

/// A kind of event. Its name and the shape of its payload are a contract: what changes them is the next version.
pub trait EventKind: 'static {
    type Payload: Serialize + DeserializeOwned + ToSchema + 'static;

    /// Past tense and versioned: `issue.opened.v1`.
    const KIND: &'static str;
    /// What it happens to, singular and `snake_case`: `issue`, `im_receiver`.
    const SUBJECT: &'static str;
    /// The permission that its readers need, in the organization or at the subject's owner.
    const READ: &'static str;
    /// What happened, in a sentence.
    const MEANS: &'static str;
}

/// A change that a person or program made, as it is in the event and in the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<T> {
    pub before: Option<T>,
    pub after: Option<T>,
    /// What whoever made it said about it, which stands beside the record.
    #[serde(skip)]
    pub reason: Option<String>,
}

/// The derived one would forget the schema of `T`.
impl<T: ToSchema> ToSchema for Change<T> {
    fn name() -> Cow<'static, str> {
        format!("Change_{}", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T: ToSchema> PartialSchema for Change<T> {
    fn schema() -> RefOr<Schema> {
        let state = || {
            let none = ObjectBuilder::new().schema_type(Type::Null);
            OneOfBuilder::new().item(none).item(Ref::from_schema_name(T::name()))
        };
        let change = ObjectBuilder::new().property("before", state()).property("after", state());
        RefOr::T(change.required("before").required("after").into())
    }
}

impl<T> Change<T> {
    pub fn between(before: T, after: T) -> Self {
        Self { before: Some(before), after: Some(after), reason: None }
    }

    /// There is something that was not.
    pub fn to(after: T) -> Self {
        Self { before: None, after: Some(after), reason: None }
    }

    /// Something is no more.
    pub fn from(before: T) -> Self {
        Self { before: Some(before), after: None, reason: None }
    }

    #[must_use]
    pub fn because(self, reason: Option<&str>) -> Self {
        Self { reason: reason.map(str::to_owned), ..self }
    }
}

impl Change<Nothing> {
    /// Something happened of which there is nothing to compare.
    pub const fn done() -> Self {
        Self { before: None, after: None, reason: None }
    }
}

/// A [`Change`] says no more than that it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Nothing {}

/// An event of one kind, as a reaction gets it.
#[derive(Clone, Debug)]
pub struct Happened<E: EventKind> {
    pub id: EventId,
    pub subject_id: Uuid,
    /// The node that owns the subject, if one does.
    pub node_id: Option<NodeId>,
    pub occurred_at: DateTime<Utc>,
    pub payload: E::Payload,
}

impl Event {
    /// The event as one of this kind, if it is.
    ///
    /// # Errors
    /// When its payload has another shape than its kind.
    pub fn as_kind<E: EventKind>(&self) -> Result<Option<Happened<E>>> {
        if self.kind != E::KIND {
            return Ok(None);
        }
        Ok(Some(Happened {
            id: self.id,
            subject_id: self.subject_id,
            node_id: self.node_id,
            occurred_at: self.occurred_at,
            payload: E::Payload::deserialize(&self.payload)?,
        }))
    }

    /// That it happened, and no more.
    pub(crate) fn bare(&self) -> Self {
        Self { payload: serde_json::Value::Null, ..self.clone() }
    }
}

/// What is known of a kind without its type: for the catalogue and the live stream.
#[derive(Clone, Copy)]
pub struct Declared {
    pub kind: &'static str,
    pub subject: &'static str,
    pub read: &'static str,
    pub means: &'static str,
    /// After how many days an organization has it removed, where that may be sooner than [`EVENTS_KEPT`](super::EVENTS_KEPT).
    pub kept: Option<&'static Setting<Option<u32>>>,
    /// The JSON schema of the payload.
    pub payload: fn() -> RefOr<Schema>,
    /// The schemas that the payload's refers to.
    pub parts: fn(&mut Vec<(String, RefOr<Schema>)>),
}

impl Declared {
    pub const fn of<E: EventKind>() -> Self {
        Self {
            kind: E::KIND,
            subject: E::SUBJECT,
            read: E::READ,
            means: E::MEANS,
            kept: None,
            payload: <E::Payload as PartialSchema>::schema,
            parts: <E::Payload as ToSchema>::schemas,
        }
    }

    #[must_use]
    pub const fn kept(self, setting: &'static Setting<Option<u32>>) -> Self {
        Self { kept: Some(setting), ..self }
    }
}

/// Every kind of event that the product knows.
#[derive(Clone, Default)]
pub struct Catalogue(Arc<BTreeMap<&'static str, Declared>>);

impl Catalogue {
    /// The kinds of all domains.
    pub fn of(lists: impl IntoIterator<Item = &'static [Declared]>) -> Self {
        Self(Arc::new(lists.into_iter().flatten().map(|declared| (declared.kind, *declared)).collect()))
    }

    /// The permission that readers of a kind need. What is not known, such as a kind of a newer version, is for those who may read
    /// everything.
    pub fn read_permission(&self, kind: &str) -> &'static str {
        self.0.get(kind).map_or(AuditRead::NAME, |declared| declared.read)
    }

    /// The settings that may have events removed sooner than others, with the kinds that each is about.
    pub fn kept_apart(&self) -> Vec<(&'static Setting<Option<u32>>, Vec<&'static str>)> {
        let mut apart: BTreeMap<_, (_, Vec<_>)> = BTreeMap::new();
        for declared in self.iter() {
            if let Some(setting) = declared.kept {
                apart.entry(setting.key).or_insert((setting, Vec::new())).1.push(declared.kind);
            }
        }
        apart.into_values().collect()
    }

    /// By kind.
    pub fn iter(&self) -> impl Iterator<Item = &Declared> {
        self.0.values()
    }
}

/// Declares what may happen to a kind of thing, who may read of it, and with `kept` the setting after which it may go sooner than
/// other events. A kind is the type of its payload, unless another type is given for that:
///
/// ```ignore
/// platform::events! {
///     /// What happens to issues.
///     pub ISSUES, about "issue", for IssuesRead, kept ISSUE_EVENTS_KEPT {
///         /// Alerts need looking into that belong to no open issue.
///         IssueOpened = "issue.opened.v1",
///         /// A person changed an issue.
///         IssueChanged: Change<IssueState> = "issue.changed.v1",
///     }
/// }
/// ```
#[macro_export]
macro_rules! events {
    ($(
        $(#[$about:meta])*
        $visible:vis $list:ident, about $subject:literal, for $permission:ty $(, kept $kept:path)? {$(
            $(#[doc = $means:literal])+
            $name:ident $(: $payload:ty)? = $kind:literal
        ),+ $(,)?}
    )+) => {$(
        $(#[$about])*
        $visible const $list: &[$crate::record::Declared] = $crate::events! { @list [$($kept)?] $($name)+ };

        $($crate::events! { @kind
            [$(#[doc = $means])+] $name [$($payload)?] $kind, $subject, $permission, concat!($($means),+)
        })+
    )+};
    (@list [] $($name:ident)+) => { &[$($crate::record::Declared::of::<$name>()),+] };
    (@list [$kept:path] $($name:ident)+) => { &[$($crate::record::Declared::of::<$name>().kept(&$kept)),+] };
    (@kind [$($doc:tt)+] $name:ident [] $kind:literal, $subject:literal, $permission:ty, $means:expr) => {
        impl $crate::record::EventKind for $name {
            type Payload = Self;
            const KIND: &'static str = $kind;
            const SUBJECT: &'static str = $subject;
            const READ: &'static str = <$permission as $crate::http::Permission>::NAME;
            const MEANS: &'static str = $means;
        }
    };
    (@kind [$($doc:tt)+] $name:ident [$payload:ty] $kind:literal, $subject:literal, $permission:ty, $means:expr) => {
        $($doc)+
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl $crate::record::EventKind for $name {
            type Payload = $payload;
            const KIND: &'static str = $kind;
            const SUBJECT: &'static str = $subject;
            const READ: &'static str = <$permission as $crate::http::Permission>::NAME;
            const MEANS: &'static str = $means;
        }
    };
}
