//! Opening, finding, moving and closing sessions.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, EventId, Result, UserId};
use platform::{
    App,
    db::{Actor, Db, Origin, Reach},
    http::{Caller, CredentialId},
    record::Change,
};
use sqlx::PgConnection;

use super::{
    Method,
    cookie::{self, SessionKey},
    store::{self, FoundSession},
};
use crate::{
    Deps, SessionId,
    events::{self, MemberSessionsEnded, MemberSignedIn, MemberSignedOut, SignedIn},
    members::{
        self,
        model::{Person, Place, choose},
    },
    permissions::Access,
    rights::Rights,
};

/// The last use of a session is written at most this often.
const SEEN: TimeDelta = TimeDelta::minutes(1);

/// A session that begins.
pub(crate) struct Opened {
    pub key: SessionKey,
    pub caller: Caller,
}

/// A person as a caller in one organization.
pub(crate) fn caller(
    access: &Access,
    (person, place): (&Person, &Place),
    origin: Origin,
    csrf_token: Option<String>,
    credential: CredentialId,
    now: DateTime<Utc>,
) -> Caller {
    let Rights { everywhere, nodes } = place.rights(access);
    Caller {
        org: place.org_id,
        actor: Actor::User { id: person.id, name: person.display_name().to_owned() },
        role: place.role.map(|role| role.to_string()),
        permissions: everywhere,
        nodes,
        reach: Reach::NOWHERE,
        home: None,
        origin,
        correlation: EventId::new(now).uuid(),
        csrf_token,
        credential,
        granted: None,
    }
}

/// Opens a session for somebody who proved who they are.
pub(crate) async fn open(
    deps: &Deps,
    person: &Person,
    place: &Place,
    method: Method,
    origin: Origin,
) -> Result<Opened> {
    let key = cookie::generate(deps.app.keyring.pepper())?;
    let csrf_token = cookie::random();
    let (hash, now) = (cookie::hash(&key), deps.app.clock.now());
    let credential = CredentialId::Session(hash.clone());
    let caller =
        caller(&deps.options.access, (person, place), origin, Some(csrf_token.clone()), credential, now);
    let mut tx = caller.tx(&deps.app.db).await?;
    store::insert(&mut tx, &hash, person.id, &csrf_token).await?;
    tx.record::<MemberSignedIn, _>(events::member(person.id), Change::to(SignedIn { method })).await?;
    tx.commit().await?;
    Ok(Opened { key, caller })
}

/// The session that a browser holds, when it still lasts and lets its person in; for a request that only reads, as it was a second ago.
///
/// # Errors
/// `session_expired`, `organization_suspended`, `user_inactive`
pub(crate) async fn get(deps: &Deps, key: &SessionKey, reads: bool) -> Result<FoundSession> {
    let app = &deps.app;
    let (hash, now) = (ours(app, key)?, app.clock.now());
    if reads && let Some(session) = deps.sessions.get(&hash, now).await {
        return session.check(now).map(|()| session);
    }
    let mut tx = app.db.system("a session tells which organization it is in").await?;
    let session = look_up(tx.conn(), hash).await?;
    session.check(now)?;
    if now - session.last_seen_at >= SEEN && tx.takes_writes() {
        store::touch(tx.conn(), &session.id_hash, now).await?;
    }
    tx.commit().await?;
    if reads {
        deps.sessions.keep(&session, now).await;
    }
    Ok(session)
}

/// The session that a browser holds, when it still lasts, also where its organization lets nobody in.
///
/// # Errors
/// `session_expired`, `user_inactive`
pub(crate) async fn get_lasting(app: &App, key: &SessionKey) -> Result<FoundSession> {
    let hash = ours(app, key)?;
    let mut tx = app.db.system("a session tells which organization it is in").await?;
    let session = look_up(tx.conn(), hash).await?;
    session.check_lasting(app.clock.now())?;
    Ok(session)
}

/// The hash of a key that we made; a made-up one costs no look-up.
fn ours(app: &App, key: &SessionKey) -> Result<Vec<u8>> {
    if cookie::is_ours(app.keyring.pepper(), key) { Ok(cookie::hash(key)) } else { Err(ended()) }
}

async fn look_up(conn: &mut PgConnection, hash: Vec<u8>) -> Result<FoundSession> {
    store::find(conn, &[hash]).await?.into_iter().next().ok_or_else(ended)
}

pub(super) fn ended() -> Error {
    Error::unauthenticated("session_expired", "your session ended; sign in again")
}

/// Moves a session to another organization of its person.
///
/// # Errors
/// `no_session`, `no_membership`, `organization_suspended`, `user_inactive`
pub(crate) async fn switch(
    deps: &Deps,
    caller: &Caller,
    id: Option<&SessionKey>,
    slug: &str,
) -> Result<Caller> {
    let no_session =
        || Error::conflict("no_session", "only a browser's session can move to another organization");
    let (user, id) = caller.actor.user().zip(id).ok_or_else(no_session)?;
    let hash = cookie::hash(id);
    let mut tx = deps.app.db.system("a person chooses among organizations").await?;
    let place = choose(members::store::places(tx.conn(), user).await?, Some(slug))?;
    if !store::switch(tx.conn(), &hash, user, place.org_id).await? {
        return Err(no_session());
    }
    tx.commit().await?;
    deps.sessions.forget(&[hash]).await;
    let role = place.role.map(|role| role.to_string());
    let Rights { everywhere, nodes } = place.rights(&deps.options.access);
    Ok(Caller { org: place.org_id, role, permissions: everywhere, nodes, ..caller.clone() })
}

/// Ends a session.
pub(crate) async fn close(deps: &Deps, caller: &Caller, id: &SessionKey) -> Result<()> {
    let Some(user) = caller.actor.user() else { return Ok(()) };
    let (hash, mut tx) = (cookie::hash(id), caller.tx(&deps.app.db).await?);
    if store::delete(&mut tx, &hash, user).await? {
        tx.record::<MemberSignedOut, _>(events::member(user), Change::done()).await?;
    }
    tx.commit().await?;
    deps.sessions.forget(&[hash]).await;
    Ok(())
}

/// Ends one of a person's own sessions, wherever it works.
///
/// # Errors
/// `session not found`
pub(crate) async fn end(deps: &Deps, caller: &Caller, user: UserId, id: SessionId) -> Result<()> {
    let mut tx = deps.app.db.system("a person has sessions in several organizations").await?;
    let ended = store::delete_of_person(tx.conn(), user, id).await?;
    let hash = ended.ok_or(Error::NotFound("session"))?;
    tx.commit().await?;
    deps.sessions.forget(&[hash]).await;
    record_end(&deps.app, caller, user).await
}

/// Ends all of a person's own sessions but one.
pub(crate) async fn end_others(
    deps: &Deps,
    caller: &Caller,
    user: UserId,
    kept: Option<&SessionKey>,
) -> Result<()> {
    let mut tx = deps.app.db.system("a person has sessions in several organizations").await?;
    let ended = store::delete_all_of_person(tx.conn(), user, kept.map(cookie::hash).as_deref()).await?;
    tx.commit().await?;
    deps.sessions.forget(&ended).await;
    record_end(&deps.app, caller, user).await
}

async fn record_end(app: &App, caller: &Caller, user: UserId) -> Result<()> {
    let mut tx = caller.tx(&app.db).await?;
    tx.record::<MemberSessionsEnded, _>(events::member(user), Change::done()).await?;
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
