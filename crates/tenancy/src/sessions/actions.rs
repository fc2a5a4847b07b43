//! Opening, finding, moving and closing sessions.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, EventId, Result, Secret, UserId};
use platform::{
    App,
    db::{Actor, Db, Origin},
    http::Caller,
    record::{Change, Subject},
};
use serde_json::json;

use super::{
    IDLE, Method,
    cookie::{self, SessionId},
    store::{self, FoundSession},
};
use crate::{
    Deps,
    members::{
        self,
        model::{Person, Place, choose},
    },
};

/// The last use of a session is written at most this often.
const SEEN: TimeDelta = TimeDelta::minutes(1);

/// A session that begins.
pub(crate) struct Opened {
    pub id: SessionId,
    pub caller: Caller,
}

/// A person as a caller in one organization.
pub(crate) fn caller(
    person: &Person,
    place: &Place,
    origin: Origin,
    csrf_token: Option<String>,
    now: DateTime<Utc>,
) -> Caller {
    Caller {
        org: place.org_id,
        actor: Actor::User { id: person.id, name: person.display_name().to_owned() },
        role: place.role.to_string(),
        permissions: place.role.permissions(),
        origin,
        correlation: EventId::new(now).uuid(),
        csrf_token,
    }
}

fn subject(user: UserId) -> Subject<'static> {
    Subject { kind: "member", id: user.uuid() }
}

/// Opens a session for somebody who proved who they are.
pub(crate) async fn open(
    deps: &Deps,
    person: &Person,
    place: &Place,
    method: Method,
    origin: Origin,
) -> Result<Opened> {
    let id = Secret::new(cookie::random());
    let csrf_token = cookie::random();
    let caller = caller(person, place, origin, Some(csrf_token.clone()), deps.app.clock.now());
    let mut tx = caller.tx(&deps.app.db).await?;
    store::insert(&mut tx, &cookie::hash(&id), person.id, &csrf_token).await?;
    let change = Change {
        kind: "member.signed_in.v1",
        subject: subject(person.id),
        before: None,
        after: Some(json!({ "method": method })),
        reason: None,
    };
    tx.record(change).await?;
    tx.commit().await?;
    Ok(Opened { id, caller })
}

/// The session that a browser holds, when it still lasts and lets its person in.
///
/// # Errors
/// `session_expired`, `organization_suspended`, `user_inactive`
pub(crate) async fn find(app: &App, id: &SessionId) -> Result<FoundSession> {
    let (hash, now) = (cookie::hash(id), app.clock.now());
    let mut tx = app.db.system("a session tells which organization it is in").await?;
    let found = store::find(tx.conn(), &hash).await?;
    let lasting = found.filter(|session| now < session.expires_at && now - session.last_seen_at < IDLE);
    let session = lasting
        .ok_or_else(|| Error::unauthenticated("session_expired", "your session ended; sign in again"))?;
    session.person().status.check("your account")?;
    session.place().check()?;
    if now - session.last_seen_at >= SEEN && tx.takes_writes() {
        store::touch(tx.conn(), &hash, now).await?;
    }
    tx.commit().await?;
    Ok(session)
}

/// Moves a session to another organization of its person.
///
/// # Errors
/// `no_session`, `no_membership`, `organization_suspended`, `user_inactive`
pub(crate) async fn switch(app: &App, caller: &Caller, id: Option<&SessionId>, slug: &str) -> Result<Caller> {
    let no_session =
        || Error::conflict("no_session", "only a browser's session can move to another organization");
    let (user, id) = caller.actor.user().zip(id).ok_or_else(no_session)?;
    let mut tx = app.db.system("a person chooses among organizations").await?;
    let place = choose(members::store::places(tx.conn(), user).await?, Some(slug))?;
    if !store::switch(tx.conn(), &cookie::hash(id), user, place.org_id).await? {
        return Err(no_session());
    }
    tx.commit().await?;
    let (role, permissions) = (place.role.to_string(), place.role.permissions());
    Ok(Caller { org: place.org_id, role, permissions, ..caller.clone() })
}

/// Ends a session.
pub(crate) async fn close(deps: &Deps, caller: &Caller, id: &SessionId) -> Result<()> {
    let Some(user) = caller.actor.user() else { return Ok(()) };
    let mut tx = caller.tx(&deps.app.db).await?;
    if store::delete(&mut tx, &cookie::hash(id), user).await? {
        let kind = "member.signed_out.v1";
        tx.record(Change { kind, subject: subject(user), before: None, after: None, reason: None }).await?;
    }
    tx.commit().await
}

/// Removes sessions that ended by themselves; they opened nothing any more.
pub(crate) async fn clean_up(db: Db) -> Result<()> {
    let now = db.clock().now();
    let mut tx = db.system("sessions of all organizations end").await?;
    let removed = store::delete_expired(&mut tx, now).await?;
    tx.commit().await?;
    tracing::debug!(removed, "removed sessions that ended");
    Ok(())
}
