//! What happened, for ever: events that others react to, and audit lines that people read.
//!
//! Both are written by the transaction that made the change. An event of a kind that a reaction waits for
//! also puts that reaction's job into the queue, in the same commit, so that no effect is ever missed. Each kind is a type
//! ([`EventKind`]) with its payload and the permission to read it.
//!
//! Whoever follows what happens reads events in the order of their positions, up to where that is settled ([`log`]).
//!
//! Both carry ids and states, never what somebody said: they are for ever, and that must be erasable ([`crate::erasure`]).

mod forget;
pub mod history;
mod kind;
pub(crate) mod log;
mod taken;

use chrono::{DateTime, Utc};
use kernel::{EventId, NodeId, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

pub use self::forget::{AUDIT_KEPT, EVENTS_KEPT, events_over, forget_reasons, forget_record};
pub use self::kind::{Catalogue, Change, Declared, EventKind, Happened, Nothing};
use crate::db::TenantTx;

/// One thing, and the node that owns it, if one does: who acts there and above may read what happens to it.
pub type Subject = (Uuid, Option<NodeId>);

/// One event, in a batch.
#[derive(Clone, Debug)]
pub struct NewEvent {
    kind: &'static str,
    subject_type: &'static str,
    subject: Subject,
    payload: Value,
}

impl NewEvent {
    /// # Errors
    /// When the payload is no JSON.
    pub fn new<E: EventKind>(subject: Subject, payload: &E::Payload) -> Result<Self> {
        let payload = serde_json::to_value(payload)?;
        Ok(Self { kind: E::KIND, subject_type: E::SUBJECT, subject, payload })
    }

    /// The same about a thing of another kind.
    #[must_use]
    pub fn about(self, subject_type: &'static str) -> Self {
        Self { subject_type, ..self }
    }
}

/// An event as its readers get it: reactions and the live stream.
#[derive(Clone, Debug, Serialize, Deserialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Event {
    pub id: EventId,
    pub kind: String,
    pub subject_type: String,
    pub subject_id: Uuid,
    /// The node that owns the subject, if one does.
    #[serde(default)]
    #[schema(required = true)]
    pub node_id: Option<NodeId>,
    // As its kind declares it: `as_kind` reads it, and nothing else does.
    payload: Value,
    pub occurred_at: DateTime<Utc>,
}

impl TenantTx {
    /// Records a fact that needs no audit line because nobody decided it.
    pub async fn emit<E: EventKind>(&mut self, subject: Subject, payload: &E::Payload) -> Result<EventId> {
        let ids = self.emit_all(vec![NewEvent::new::<E>(subject, payload)?]).await?;
        ids.into_iter().next().ok_or_else(|| kernel::Error::internal("an event was not written"))
    }

    /// Records many facts in one round trip.
    pub async fn emit_all(&mut self, events: Vec<NewEvent>) -> Result<Vec<EventId>> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.now();
        let ids: Vec<EventId> = events.iter().map(|_| EventId::new(now)).collect();
        let scope = self.scope().clone();
        let query = "insert into event_log
                (org_id, id, kind, subject_type, subject_id, node_id, actor, payload, correlation_id, causation_id, occurred_at)
            select $1, e.id, e.kind, e.subject_type, e.subject_id, e.node_id, $2, e.payload, $3, $4, $5
            from unnest($6::uuid[], $7::text[], $8::text[], $9::uuid[], $10::jsonb[], $11::uuid[])
                as e (id, kind, subject_type, subject_id, payload, node_id)";
        sqlx::query(query)
            .bind(scope.org)
            .bind(Json(&scope.actor))
            .bind(scope.correlation)
            .bind(scope.causation)
            .bind(now)
            .bind(&ids)
            .bind(events.iter().map(|event| event.kind).collect::<Vec<_>>())
            .bind(events.iter().map(|event| event.subject_type).collect::<Vec<_>>())
            .bind(events.iter().map(|event| event.subject.0).collect::<Vec<_>>())
            .bind(events.iter().map(|event| &event.payload).collect::<Vec<_>>())
            .bind(events.iter().map(|event| event.subject.1).collect::<Vec<_>>())
            .execute(self.conn())
            .await?;
        self.added_events = true;
        self.enqueue_reactions(events, &ids).await?;
        Ok(ids)
    }

    async fn enqueue_reactions(&mut self, events: Vec<NewEvent>, ids: &[EventId]) -> Result<()> {
        let now = self.now();
        let mut reactions = Vec::new();
        for (event, id) in events.into_iter().zip(ids) {
            let waiting = self.db().subscriptions_to(event.kind);
            if waiting.is_empty() {
                continue;
            }
            let args = serde_json::to_value(Event {
                id: *id,
                kind: event.kind.into(),
                subject_type: event.subject_type.into(),
                subject_id: event.subject.0,
                node_id: event.subject.1,
                payload: event.payload,
                occurred_at: now,
            })?;
            reactions.extend(waiting.iter().map(|reaction| reaction.job(*id, event.subject.0, args.clone())));
        }
        self.enqueue_all(reactions).await
    }

    /// What happened to one thing: its events of these kinds after `after` and before `before`, oldest first; of very
    /// many the newest `most`.
    pub async fn history(
        &mut self,
        subject: Uuid,
        kinds: &[&str],
        (after, before): (Option<EventId>, EventId),
        most: i64,
    ) -> Result<Vec<Event>> {
        let org = self.org();
        let query = "select id, kind, subject_type, subject_id, node_id, payload, occurred_at from (
                select * from event_log
                where org_id = $1 and subject_id = $2 and kind = any($3) and ($4::uuid is null or id > $4) and id < $5
                order by id desc limit $6) newest
            order by id";
        Ok(sqlx::query_as(query)
            .bind(org)
            .bind(subject)
            .bind(kinds)
            .bind(after)
            .bind(before)
            .bind(most)
            .fetch_all(self.conn())
            .await?)
    }

    /// Records a change made by this transaction's actor, as an event and as an audit line.
    pub async fn record<E, T>(&mut self, subject: Subject, change: Change<T>) -> Result<EventId>
    where
        E: EventKind<Payload = Change<T>>,
        T: Serialize,
    {
        let id = self.emit::<E>(subject, &change).await?;
        let scope = self.scope().clone();
        let now = self.now();
        let query =
            "insert into audit_logs (org_id, id, actor_type, actor_id, actor_name, action, subject_type,
                subject_id, node_id, before, after, ip, user_agent, occurred_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        sqlx::query(query)
            .bind(scope.org)
            .bind(id)
            .bind(scope.actor.kind())
            .bind(scope.actor.id())
            .bind(scope.actor.name())
            .bind(action_of(E::KIND))
            .bind(E::SUBJECT)
            .bind(subject.0)
            .bind(subject.1)
            .bind(change.before.map(Json))
            .bind(change.after.map(Json))
            .bind(scope.origin.ip)
            .bind(scope.origin.user_agent)
            .bind(now)
            .execute(self.conn())
            .await?;
        if let Some(reason) = change.reason {
            self.keep_reason(id, (E::SUBJECT, subject.0), &reason).await?;
        }
        Ok(id)
    }

    /// Words stand beside the record, so that they can be erased.
    async fn keep_reason(&mut self, line: EventId, (kind, id): (&str, Uuid), reason: &str) -> Result<()> {
        let org = self.org();
        let query = "insert into change_reasons (org_id, id, subject_type, subject_id, reason)
            values ($1, $2, $3, $4, $5)";
        sqlx::query(query).bind(org).bind(line).bind(kind).bind(id).bind(reason).execute(self.conn()).await?;
        Ok(())
    }
}

/// The event's kind without its version.
fn action_of(kind: &str) -> &str {
    kind.rsplit_once(".v").map_or(kind, |(action, _)| action)
}
