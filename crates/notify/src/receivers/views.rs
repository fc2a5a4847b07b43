//! Receivers as they are shown: everything but their credentials.

use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, Page, PageQuery, Result};
use platform::{db::TenantTx, http::Revised};
use serde::Serialize;

use super::{Holder, Hours, ReceiverHealth, Status};
use crate::{
    ReceiverId,
    card::Urgency,
    channels::{Descriptor, ImType, Transport},
};

/// A place where a team is told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Receiver {
    pub id: ReceiverId,
    pub name: String,
    /// What alerts call it.
    pub receiver_im: String,
    pub im_type: ImType,
    pub transport: Transport,
    pub destination_id: Option<String>,
    /// Told of issues whose alerts name no receiver.
    pub is_default: bool,
    pub status: Status,
    /// The node that owns it; null for the whole organization.
    pub node_id: Option<NodeId>,
    /// The least severity that it hears of.
    pub min_severity: Urgency,
    /// When it listens; null is always.
    pub hours: Option<Hours>,
    /// The receiver that is told what this one could not be.
    pub fallback_id: Option<ReceiverId>,
    /// Whether all credentials that it needs are stored.
    pub has_credentials: bool,
    /// Nothing is told there until somebody enters the code that was mailed to the address.
    pub awaits_confirmation: bool,
    /// What the mail server said to the mail with the code, if it did not take it.
    pub confirmation_error: Option<String>,
    pub health: ReceiverHealth,
    pub last_delivered_at: Option<DateTime<Utc>>,
    pub last_failed_at: Option<DateTime<Utc>>,
    /// What the platform said at `last_failed_at`.
    pub last_error: Option<String>,
    pub consecutive_failures: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Revised for Receiver {
    fn updated_at(&self) -> DateTime<Utc> {
        self.updated_at
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ReceiverId,
    name: String,
    receiver_im: String,
    #[sqlx(flatten)]
    channel: &'static Descriptor,
    destination_id: Option<String>,
    is_default: bool,
    status: Status,
    node_id: Option<NodeId>,
    min_severity: Urgency,
    #[sqlx(json(nullable))]
    hours: Option<Hours>,
    fallback_id: Option<ReceiverId>,
    credentials: Vec<String>,
    awaits_confirmation: bool,
    confirmation_error: Option<String>,
    last_delivered_at: Option<DateTime<Utc>>,
    last_failed_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
    consecutive_failures: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// The rows of an organization (`$1`), and which of them.
macro_rules! receivers {
    ($which:literal) => {
        concat!(
            "select r.id, r.name, r.receiver_im, r.im_type, r.transport, r.destination_id, r.is_default, r.status,
                r.node_id, r.min_severity, r.hours, r.fallback_id, array(select split_part(c.config_key, '/', 3) from sealed_names c
                    where c.org_id = r.org_id and c.config_type = r.im_type
                        and starts_with(c.config_key, 'receiver/' || r.id || '/')) as credentials,
                exists (select from mail_addresses a where a.org_id = r.org_id and a.address = r.destination_id
                    and a.confirmed_at is null) as awaits_confirmation,
                (select a.error from mail_addresses a where a.org_id = r.org_id and a.address = r.destination_id)
                    as confirmation_error,
                r.last_delivered_at, r.last_failed_at, r.last_error, r.consecutive_failures, r.created_at, r.updated_at
            from im_receivers r where r.org_id = $1 ",
            $which
        )
    };
}

impl From<Row> for Receiver {
    fn from(row: Row) -> Self {
        let mut needed = row.channel.credentials().filter(|setting| setting.required);
        Self {
            has_credentials: needed.all(|needed| row.credentials.iter().any(|stored| stored == needed.name)),
            health: health(row.consecutive_failures, row.last_delivered_at),
            awaits_confirmation: row.awaits_confirmation,
            confirmation_error: row.confirmation_error,
            id: row.id,
            name: row.name,
            receiver_im: row.receiver_im,
            im_type: row.channel.im_type.into(),
            transport: row.channel.transport.into(),
            destination_id: row.destination_id,
            is_default: row.is_default,
            status: row.status,
            node_id: row.node_id,
            min_severity: row.min_severity,
            hours: row.hours,
            fallback_id: row.fallback_id,
            last_delivered_at: row.last_delivered_at,
            last_failed_at: row.last_failed_at,
            last_error: row.last_error,
            consecutive_failures: row.consecutive_failures,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

const fn health(consecutive_failures: i32, last_delivered_at: Option<DateTime<Utc>>) -> ReceiverHealth {
    match (consecutive_failures, last_delivered_at) {
        (1.., _) => ReceiverHealth::Failing,
        (_, Some(_)) => ReceiverHealth::Ok,
        (_, None) => ReceiverHealth::Unknown,
    }
}

/// The receivers of an organization, oldest first.
pub(super) async fn list(tx: &mut TenantTx, page: &PageQuery) -> Result<Page<Receiver>> {
    let limit = page.limit()?;
    let org = tx.org();
    let query = receivers!("and ($2::uuid is null or r.id > $2) order by r.id limit $3");
    let rows: Vec<Row> = sqlx::query_as(query)
        .bind(org)
        .bind(page.after::<ReceiverId>()?)
        .bind(limit + 1)
        .fetch_all(tx.conn())
        .await?;
    let receivers = rows.into_iter().map(Receiver::from).collect();
    Ok(Page::of(receivers, limit, |receiver: &Receiver| receiver.id))
}

pub(super) async fn get(tx: &mut TenantTx, id: ReceiverId) -> Result<Receiver> {
    let org = tx.org();
    let query = receivers!("and r.id = $2");
    let row: Option<Row> = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    row.map(Receiver::from).ok_or(Error::NotFound("receiver"))
}

/// Whose credentials are asked for.
#[derive(sqlx::FromRow)]
struct Held {
    #[sqlx(flatten)]
    channel: &'static Descriptor,
    node_id: Option<NodeId>,
}

pub(super) async fn holder(tx: &mut TenantTx, id: ReceiverId) -> Result<Holder> {
    let org = tx.org();
    let query = "select im_type, transport, node_id from im_receivers where org_id = $1 and id = $2";
    let held: Option<Held> = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    let Held { channel, node_id } = held.ok_or(Error::NotFound("receiver"))?;
    Ok(Holder { receiver: id, channel, node: node_id })
}

/// A receiver whose messages do not arrive.
#[derive(Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct FailingReceiver {
    pub id: ReceiverId,
    pub name: String,
    pub receiver_im: String,
    pub im_type: String,
    pub last_error: Option<String>,
    pub last_failed_at: Option<DateTime<Utc>>,
    pub consecutive_failures: i32,
}

/// The receivers whose last messages did not arrive, the latest first.
pub async fn failing(tx: &mut TenantTx, most: i64) -> Result<Vec<FailingReceiver>> {
    let org = tx.org();
    let query = "select id, name, receiver_im, im_type, last_error, last_failed_at, consecutive_failures from im_receivers
        where org_id = $1 and status = 'active' and consecutive_failures > 0 order by last_failed_at desc limit $2";
    Ok(sqlx::query_as(query).bind(org).bind(most).fetch_all(tx.conn()).await?)
}
