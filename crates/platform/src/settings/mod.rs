//! Settings that people change while the server runs.
//!
//! A domain declares each as a constant, [`Setting`], and reads it with [`read`] in the transaction that obeys it. The server lists
//! all of them over HTTP with what they mean and what they may be ([`routes`]), so that a console needs to know none. What was set is
//! kept in `node_configurations` at the root of the organization's tree; what was not has its default, which may change with a
//! version.
//!
//! Where numbers say how long something is kept, a setting also tells what would be over ([`Setting::over`]): whoever shortens one is asked with that
//! ([`preview`](SettingPreview)). What the operator of the server limits is limited in the list too ([`Settings::limited`]).
//!
//! Invariants: what is stored was valid when it was set, and whoever set it is in the audit log; what this version cannot read,
//! because a newer one wrote it, counts as its default and is left as it is. Secrets are no settings ([`crate::secrets`]); what the operator of the
//! server decides is a flag.

mod actions;
mod routes;
mod store;

use std::{fmt::Display, pin::Pin, sync::Arc};

use chrono::{DateTime, Utc};
use kernel::{Error, Result};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

pub use actions::read;
pub use routes::routes;

use crate::{
    db::{Db, TenantTx},
    http::{Revised, SettingsRead},
    record::Change,
};

/// What an organization may set.
#[derive(Clone, Copy, Debug)]
pub struct Setting<T> {
    /// Two words or more in `snake_case`, separated by dots: `issues.kept_days`.
    pub key: &'static str,
    /// What it is, for people; no sentence.
    pub title: &'static str,
    /// What follows from it, for people; sentences.
    pub help: &'static str,
    /// What its numbers count.
    pub unit: &'static str,
    pub default: T,
    /// The least and the most that a number may be.
    pub bounds: (u32, u32),
    /// Of a setting that says for how many days something is kept: counts what is over.
    pub over: Option<Counting>,
}

/// Counts what of the transaction's organization is over because it ended before a moment, up to [`MOST_COUNTED`].
pub type Counting =
    for<'a> fn(&'a mut TenantTx, DateTime<Utc>) -> Pin<Box<dyn Future<Output = Result<Counted>> + Send + 'a>>;

/// Nobody waits for more to be counted.
pub const MOST_COUNTED: i64 = 10_000;

/// What is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Counted {
    /// How many; 10,000 may be more.
    pub count: i64,
    /// When the oldest of them ended.
    #[schema(required = true)]
    pub oldest: Option<DateTime<Utc>>,
}

/// What a setting may be.
pub trait Kind: Copy + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its types in JSON Schema.
    const TYPE: &'static [&'static str];

    /// The number that has to be within bounds, if it is one.
    fn number(self) -> Option<u32>;
}

impl Kind for u32 {
    const TYPE: &'static [&'static str] = &["integer"];

    fn number(self) -> Option<u32> {
        Some(self)
    }
}

/// A number, or none.
impl Kind for Option<u32> {
    const TYPE: &'static [&'static str] = &["integer", "null"];

    fn number(self) -> Option<u32> {
        self
    }
}

/// A setting without its type, for lists of them.
pub trait AnySetting: Sync {
    fn key(&self) -> &'static str;

    fn title(&self) -> &'static str;

    fn help(&self) -> &'static str;

    fn unit(&self) -> &'static str;

    fn default(&self) -> Value;

    /// A JSON Schema of its values.
    fn schema(&self) -> Value;

    /// Counts what is over after a time.
    fn over(&self) -> Option<Counting>;

    /// Why it cannot have this value.
    fn refusal(&self, value: &Value) -> Option<String>;
}

impl<T: Kind> Setting<T> {
    /// # Errors
    /// Why it cannot be that.
    fn parse(&self, value: &Value) -> Result<T, String> {
        let (least, most) = self.bounds;
        let nothing = if T::TYPE.contains(&"null") { ", or null" } else { "" };
        let wrong = || format!("must be a whole number from {least} to {most}{nothing}");
        let parsed = T::deserialize(value).map_err(|_| wrong())?;
        match parsed.number() {
            Some(number) if !(least..=most).contains(&number) => Err(wrong()),
            _ => Ok(parsed),
        }
    }

    /// What a stored value means.
    fn understand(&self, stored: Option<&Value>) -> T {
        let Some(value) = stored else { return self.default };
        self.parse(value).unwrap_or_else(|reason| {
            not_read(self.key, &reason);
            self.default
        })
    }
}

fn not_read(key: &str, reason: &dyn Display) {
    tracing::warn!(key, %reason, "a setting is stored that this version cannot read; its default is in force");
}

impl<T: Kind> AnySetting for Setting<T> {
    fn key(&self) -> &'static str {
        self.key
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn help(&self) -> &'static str {
        self.help
    }

    fn unit(&self) -> &'static str {
        self.unit
    }

    fn default(&self) -> Value {
        json!(self.default)
    }

    fn schema(&self) -> Value {
        let (least, most) = self.bounds;
        json!({ "type": T::TYPE, "minimum": least, "maximum": most })
    }

    fn over(&self) -> Option<Counting> {
        self.over
    }

    fn refusal(&self, value: &Value) -> Option<String> {
        self.parse(value).err()
    }
}

/// Every setting of the product.
#[derive(Clone)]
pub struct Settings {
    db: Db,
    declared: Arc<[&'static dyn AnySetting]>,
    limited: Arc<[Setting<u32>]>,
}

impl Settings {
    pub fn new(db: Db, declared: impl IntoIterator<Item = &'static dyn AnySetting>) -> Self {
        let mut declared: Vec<_> = declared.into_iter().collect();
        declared.sort_by_key(|setting| setting.key());
        Self { db, declared: declared.into(), limited: Arc::default() }
    }

    /// Of these there is nothing longer than so many days, whatever an organization sets: that is their default, and the most they may be.
    #[must_use]
    pub fn limited(self, settings: &[&Setting<Option<u32>>], days: u32) -> Self {
        let limited = settings.iter().map(|setting| Setting {
            key: setting.key,
            title: setting.title,
            help: setting.help,
            unit: setting.unit,
            default: days,
            bounds: (setting.bounds.0.min(days), setting.bounds.1.min(days)),
            over: setting.over,
        });
        Self { limited: limited.collect(), ..self }
    }

    fn all(&self) -> impl Iterator<Item = &dyn AnySetting> {
        self.declared.iter().map(|declared| {
            let limited = self.limited.iter().find(|limited| limited.key == declared.key());
            limited.map_or(*declared as &dyn AnySetting, |limited| limited)
        })
    }

    fn find(&self, key: &str) -> Result<&dyn AnySetting> {
        self.all().find(|setting| setting.key() == key).ok_or(Error::NotFound("setting"))
    }
}

/// A setting as it is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SettingState {
    pub key: String,
    /// What it is.
    pub title: String,
    /// What follows from it.
    pub help: String,
    /// What its numbers count, such as `days`.
    pub unit: String,
    /// A JSON Schema of its values.
    #[schema(value_type = Object)]
    pub schema: Value,
    /// What is in force where nothing is set.
    pub default: Value,
    /// What is in force.
    pub value: Value,
    /// Whether it was set.
    pub is_set: bool,
    /// When it was last set or reset; null for one that never was.
    #[schema(required = true)]
    pub changed_at: Option<DateTime<Utc>>,
    /// By whom.
    #[schema(required = true)]
    pub changed_by: Option<String>,
    /// This state of it, for If-Match.
    pub etag: String,
}

/// What a value would do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SettingPreview {
    /// What is over with that value and goes within the hour; null where a setting is about no such thing.
    #[schema(required = true)]
    pub over: Option<Counted>,
}

impl Revised for SettingState {
    fn updated_at(&self) -> DateTime<Utc> {
        self.changed_at.unwrap_or_default()
    }
}

/// What a setting was or is.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SettingValue {
    pub key: String,
    pub value: Value,
}

crate::events! {
    /// What happens to settings. The subject is the node that they are of.
    pub SETTINGS, about "setting", for SettingsRead {
        /// A setting has another value.
        SettingSet: Change<SettingValue> = "setting.set.v1",
        /// A setting has its default again.
        SettingReset: Change<SettingValue> = "setting.reset.v1",
    }
}
