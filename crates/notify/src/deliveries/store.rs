//! The statements of messages and deliveries.

use chrono::{DateTime, Utc};
use kernel::{Error, EventId, NodeId, Result};
use platform::{
    db::TenantTx,
    retention::{Batch, Expired},
    settings::{Counted, MOST_COUNTED},
};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use super::Announcement;
use crate::{
    DeliveryId, MessageId, ReceiverId,
    card::Card,
    receivers::{Destination, Status},
};

/// The states of a message that are looked at: far more than a message shows.
const CARDS: i64 = 20;

/// A message at a receiver.
#[derive(sqlx::FromRow)]
pub(super) struct Message {
    pub id: MessageId,
    pub receiver_id: ReceiverId,
}

/// A delivery and its receiver.
#[derive(sqlx::FromRow)]
pub(super) struct Recipient {
    pub delivery_id: DeliveryId,
    pub receiver_id: ReceiverId,
}

/// A delivery that is to be sent again.
#[derive(sqlx::FromRow)]
pub(super) struct Reopened {
    pub receiver_id: ReceiverId,
    /// Of the receiver.
    pub node_id: Option<NodeId>,
    #[sqlx(json)]
    pub card: Card,
}

/// All that sending a delivery takes, except the credentials.
#[derive(sqlx::FromRow)]
pub(super) struct Task {
    pub id: DeliveryId,
    pub message_id: MessageId,
    pub receiver_id: ReceiverId,
    /// The receiver's owner.
    pub node_id: Option<NodeId>,
    pub subject_type: String,
    pub subject_id: Uuid,
    #[sqlx(json)]
    pub card: Card,
    /// How often it was tried.
    pub attempts: i32,
    /// How often that failed, without the times at which the platform asked for a break.
    pub failures: i32,
    /// It was given up, and is tried again.
    pub is_failed: bool,
    pub event_id: EventId,
    pub created_at: DateTime<Utc>,
    pub external_ref: Option<Value>,
    #[sqlx(flatten)]
    pub destination: Destination,
    pub receiver_status: Status,
    /// Of the receiver, until now.
    pub consecutive_failures: i32,
    /// The cards that the message has shown and this one, by the order of their events.
    #[sqlx(skip)]
    pub cards: Vec<Known>,
}

impl Task {
    /// A platform's text without what it repeats of what it was told.
    pub fn unsaid(&self, text: &str) -> String {
        let cards = self.cards.iter().map(|known| &known.card).chain([&self.card]);
        cards.fold(text.to_owned(), |text, card| card.unsaid(&text))
    }
}

/// A card that a message has shown.
#[derive(sqlx::FromRow)]
pub(super) struct Known {
    #[sqlx(json)]
    pub card: Card,
}

/// Who is told: see [`super::announce`]. Sorted, so that two announcements lock messages in the same order.
pub(super) async fn recipients(tx: &mut TenantTx, news: &Announcement) -> Result<Vec<ReceiverId>> {
    let (org, now) = (tx.org(), tx.now());
    let query = "with usable as (
            select id, receiver_im, is_default, listens(min_severity, hours, $5, $6) as listens from im_receivers
            where org_id = $1 and status = 'active'
                and (node_id is null or node_id in (select nodes_above($1, array[$4::uuid])))
        ), named as (
            select id from usable where receiver_im = any($2) and listens
        )
        select id from named
        union
        select id from usable where is_default and listens and not exists (select from named)
        union
        select usable.id from im_messages m join usable on usable.id = m.receiver_id
        where m.org_id = $1 and m.subject_id = $3
        order by id";
    let rows = sqlx::query_scalar(query)
        .bind(org)
        .bind(&news.receivers)
        .bind(news.subject_id)
        .bind(news.node_id)
        .bind(i32::from(news.card.severity.rank()))
        .bind(now);
    Ok(rows.fetch_all(tx.conn()).await?)
}

/// The names that no receiver has which is for the use of what this node owns, each once.
pub(super) async fn unknown(
    tx: &mut TenantTx,
    names: &[String],
    node: Option<NodeId>,
) -> Result<Vec<String>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let org = tx.org();
    let query = "select distinct n.name from unnest($2::text[]) as n (name)
        where not exists (select from im_receivers r where r.org_id = $1 and r.receiver_im = n.name
            and (r.node_id is null or r.node_id in (select nodes_above($1, array[$3::uuid]))))
        order by n.name";
    Ok(sqlx::query_scalar(query).bind(org).bind(names).bind(node).fetch_all(tx.conn()).await?)
}

/// The message of each receiver about the subject, made where there is none.
pub(super) async fn open_messages(
    tx: &mut TenantTx,
    receivers: &[ReceiverId],
    (subject_type, subject_id): (&str, Uuid),
) -> Result<Vec<Message>> {
    let (org, now) = (tx.org(), tx.now());
    let query = "insert into im_messages (org_id, id, receiver_id, subject_type, subject_id, created_at, updated_at)
        select $1, m.id, m.receiver_id, $2, $3, $4, $4 from unnest($5::uuid[], $6::uuid[]) as m (id, receiver_id)
        on conflict (org_id, receiver_id, subject_id) do update set updated_at = $4
        returning id, receiver_id";
    let messages = sqlx::query_as(query)
        .bind(org)
        .bind(subject_type)
        .bind(subject_id)
        .bind(now)
        .bind(receivers.iter().map(|_| MessageId::new(now)).collect::<Vec<_>>())
        .bind(receivers)
        .fetch_all(tx.conn())
        .await?;
    Ok(messages)
}

/// Makes a delivery for each message; answers those that were not there already.
pub(super) async fn insert_deliveries(
    tx: &mut TenantTx,
    messages: &[Message],
    (event_id, card): (EventId, &Card),
    instead_of: Option<ReceiverId>,
) -> Result<Vec<Recipient>> {
    let (org, now) = (tx.org(), tx.now());
    let query =
        "insert into deliveries (org_id, id, message_id, receiver_id, event_id, card, urgency, instead_of, created_at)
        select $1, d.id, d.message_id, d.receiver_id, $2, $3, $8, $9, $4
        from unnest($5::uuid[], $6::uuid[], $7::uuid[]) as d (id, message_id, receiver_id)
        on conflict (org_id, message_id, event_id) do nothing
        returning id as delivery_id, receiver_id";
    let new = sqlx::query_as(query)
        .bind(org)
        .bind(event_id)
        .bind(Json(card))
        .bind(now)
        .bind(messages.iter().map(|_| DeliveryId::new(now)).collect::<Vec<_>>())
        .bind(messages.iter().map(|message| message.id).collect::<Vec<_>>())
        .bind(messages.iter().map(|message| message.receiver_id).collect::<Vec<_>>())
        .bind(i16::from(card.severity.rank()))
        .bind(instead_of)
        .fetch_all(tx.conn())
        .await?;
    Ok(new)
}

/// The newest event about the subject for which there is a delivery.
pub(super) async fn newest_event(tx: &mut TenantTx, subject: Uuid) -> Result<Option<EventId>> {
    let org = tx.org();
    let query = "select d.event_id from im_messages m
        join deliveries d on d.org_id = m.org_id and d.message_id = m.id
        where m.org_id = $1 and m.subject_id = $2 order by d.event_id desc limit 1";
    Ok(sqlx::query_scalar(query).bind(org).bind(subject).fetch_optional(tx.conn()).await?)
}

/// Loads what is to be sent; none when it was delivered or superseded already, or deleted with its receiver.
pub(super) async fn load(tx: &mut TenantTx, id: DeliveryId) -> Result<Option<Task>> {
    let org = tx.org();
    let query = "select d.id, d.message_id, d.receiver_id, m.subject_type, m.subject_id, d.card, d.attempts,
            d.failures, d.status = 'failed' as is_failed, d.event_id, d.created_at, m.external_ref, r.node_id, r.im_type,
            r.transport, r.destination_id, r.status as receiver_status, r.consecutive_failures
        from deliveries d
        join im_messages m on m.org_id = d.org_id and m.id = d.message_id
        join im_receivers r on r.org_id = d.org_id and r.id = d.receiver_id
        where d.org_id = $1 and d.id = $2 and d.status in ('pending', 'failed')";
    let task: Option<Task> = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    let Some(mut task) = task else { return Ok(None) };
    let query = "select card from (
            select card, event_id from deliveries
            where org_id = $1 and message_id = $2 and (status in ('delivered', 'superseded') or id = $3)
            order by event_id desc limit $4) as newest
        order by event_id";
    task.cards = sqlx::query_as::<_, Known>(query)
        .bind(org)
        .bind(task.message_id)
        .bind(id)
        .bind(CARDS)
        .fetch_all(tx.conn())
        .await?;
    Ok(Some(task))
}

/// Records that the platform has the message, and how it calls it.
pub(super) async fn record_delivered(
    tx: &mut TenantTx,
    task: &Task,
    external_ref: Option<&Value>,
) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query =
        "update deliveries set status = 'delivered', delivered_at = $3, attempts = attempts + 1, error = null
        where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(task.id).bind(now).execute(tx.conn()).await?;
    let query = "update im_messages set external_ref = coalesce($3, external_ref), updated_at = $4
        where org_id = $1 and id = $2";
    sqlx::query(query)
        .bind(org)
        .bind(task.message_id)
        .bind(external_ref)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Records an attempt after which there will be another one, and for how many failures it counts.
pub(super) async fn record_attempt(
    tx: &mut TenantTx,
    id: DeliveryId,
    (error, failures): (&str, i32),
) -> Result<()> {
    let org = tx.org();
    let query = "update deliveries set attempts = attempts + 1, failures = failures + $4, error = $3
        where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).bind(error).bind(failures).execute(tx.conn()).await?;
    Ok(())
}

/// Records the last attempt; answers whether the delivery was pending until now.
pub(super) async fn record_failed(tx: &mut TenantTx, id: DeliveryId, error: &str) -> Result<bool> {
    let org = tx.org();
    let query = "with before as (
            select status from deliveries where org_id = $1 and id = $2 for update
        )
        update deliveries d set status = 'failed', attempts = attempts + 1, error = $3 from before
        where d.org_id = $1 and d.id = $2 returning before.status = 'pending'";
    let was_pending =
        sqlx::query_scalar(query).bind(org).bind(id).bind(error).fetch_optional(tx.conn()).await?;
    Ok(was_pending.unwrap_or(false))
}

/// Makes a failed delivery pending again; answers its receiver.
pub(super) async fn reopen(tx: &mut TenantTx, id: DeliveryId) -> Result<Option<Reopened>> {
    let org = tx.org();
    let query = "update deliveries d set status = 'pending', error = null, failures = 0 from im_receivers r
        where d.org_id = $1 and d.id = $2 and d.status = 'failed' and r.org_id = d.org_id and r.id = d.receiver_id
        returning d.receiver_id, r.node_id, d.card";
    Ok(sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?)
}

/// # Errors
/// Not found.
pub(super) async fn exists(tx: &mut TenantTx, id: DeliveryId) -> Result<()> {
    let org = tx.org();
    let query = "select from deliveries where org_id = $1 and id = $2";
    let found = sqlx::query(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    found.map(drop).ok_or(Error::NotFound("delivery"))
}

/// Overwrites what receivers were told, or are to be told, about a subject. What platforms have stays there.
pub async fn erase(tx: &mut TenantTx, subject: Uuid) -> Result<Vec<DeliveryId>> {
    let org = tx.org();
    let query = "update deliveries d set error = case when d.error is not null then 'Erased' end,
            card = d.card || jsonb_build_object('title', 'Erased', 'summary', null, 'cause', null, 'note', null, 'actions', '[]'::jsonb)
        from im_messages m
        where m.org_id = $1 and m.subject_id = $2 and d.org_id = $1 and d.message_id = m.id returning d.id";
    let erased = sqlx::query_scalar(query).bind(org).bind(subject).fetch_all(tx.conn()).await?;
    let query = "update im_receivers r set last_error = 'Erased' where r.org_id = $1 and r.last_error is not null
        and exists (select from im_messages m where m.org_id = $1 and m.receiver_id = r.id and m.subject_id = $2)";
    sqlx::query(query).bind(org).bind(subject).execute(tx.conn()).await?;
    Ok(erased)
}

/// The SQL that says of a message `m` of the organization `$1` that nothing was said in it since `$2`, and nothing waits for it.
macro_rules! message_is_over {
    () => {
        "m.updated_at < $2 and not exists (
            select from deliveries d
            where d.org_id = $1 and d.message_id = m.id and (d.status = 'pending' or d.created_at >= $2))"
    };
}

/// How many are over.
pub async fn count_over(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<Counted> {
    let org = tx.org();
    let query = concat!(
        "select count(*), min(updated_at) as oldest from (
            select m.updated_at from im_messages m where m.org_id = $1 and m.id < uuid_v7_floor($2) and ",
        message_is_over!(),
        " order by m.id limit $3) over"
    );
    Ok(sqlx::query_as(query).bind(org).bind(before).bind(MOST_COUNTED).fetch_one(tx.conn()).await?)
}

/// Removes messages that nothing was said in for long enough and nothing waits for, with their deliveries.
pub async fn forget_old(tx: &mut TenantTx, over: Expired) -> Result<Batch> {
    let org = tx.org();
    let query = concat!(
        "with looked as (
            select id from im_messages where org_id = $1 and id > $3 and id < uuid_v7_floor($2) order by id limit $4
        ), gone as (
            delete from im_messages where org_id = $1 and id = any (array(
                select m.id from im_messages m
                where m.org_id = $1 and m.id = any (array(select id from looked)) and ",
        message_is_over!(),
        " for update skip locked))
            returning id
        )
        select array(select id from gone) as removed, (select id from looked order by id desc limit 1) as last"
    );
    let batch = sqlx::query_as(query).bind(org).bind(over.before).bind(over.after).bind(over.rows);
    Ok(batch.fetch_one(tx.conn()).await?)
}

/// Removes what was told about these subjects, and what is still to be.
pub async fn forget(tx: &mut TenantTx, subjects: &[Uuid]) -> Result<()> {
    let org = tx.org();
    let query = "delete from im_messages where org_id = $1 and subject_id = any($2)";
    sqlx::query(query).bind(org).bind(subjects).execute(tx.conn()).await?;
    Ok(())
}
