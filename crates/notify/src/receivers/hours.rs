//! When a receiver listens.

use chrono::NaiveTime;
use kernel::Result;
use platform::db::TenantTx;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;

/// Hours of the week in a time zone. What happens at another time is told elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReceiverHours)]
pub struct Hours {
    /// Of the IANA database, such as `Europe/Berlin`.
    pub time_zone: String,
    /// From 1 for Monday to 7 for Sunday.
    pub weekdays: Vec<u8>,
    /// `HH:MM`.
    pub from: String,
    /// `HH:MM`. When it is not after `from`, the hours end on the next day.
    pub to: String,
}

impl Hours {
    /// What is wrong with them: the field and why.
    pub(super) async fn check(&self, tx: &mut TenantTx) -> Result<Option<(&'static str, String)>> {
        let is_time = |text: &str| text.len() == 5 && NaiveTime::parse_from_str(text, "%H:%M").is_ok();
        let wrong = match self {
            _ if self.weekdays.is_empty() || !self.weekdays.iter().all(|day| (1..=7).contains(day)) => Some(
                ("hours/weekdays", "must be numbers from 1 (Monday) to 7 (Sunday), one at least".to_owned()),
            ),
            _ if !is_time(&self.from) => Some(("hours/from", "must be a time such as 09:00".to_owned())),
            _ if !is_time(&self.to) => Some(("hours/to", "must be a time such as 17:30".to_owned())),
            _ => None,
        };
        if wrong.is_some() {
            return Ok(wrong);
        }
        let is_known = store::knows_time_zone(tx, &self.time_zone).await?;
        let detail = "must be a time zone of the IANA database, such as Europe/Berlin".to_owned();
        Ok((!is_known).then_some(("hours/time_zone", detail)))
    }
}
