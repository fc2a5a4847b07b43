use chrono::{DateTime, Utc};
use kernel::{NodeId, OrgId, Result, UserId};
use platform::{
    db::{TenantTx, violated},
    retention::{Batch, Expired},
    settings::{Counted, MOST_COUNTED},
};
use sqlx::PgConnection;

use super::model::{Delivery, Invitation};
use crate::{InvitationId, permissions::Role};

/// An invitation that begins.
pub(crate) struct NewInvitation<'a> {
    pub id: InvitationId,
    pub email: &'a str,
    pub role: Role,
    pub node: Option<NodeId>,
    pub delivery: Delivery,
    pub expires_at: DateTime<Utc>,
}

/// Answers false when the address has an open invitation.
pub(crate) async fn insert(tx: &mut TenantTx, new: &NewInvitation<'_>) -> Result<bool> {
    let (org, now, by) = (tx.org(), tx.now(), tx.actor().user());
    let query =
        "insert into invitations (org_id, id, email, role, invited_by, delivery, created_at, expires_at, node_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let inserted = sqlx::query(query)
        .bind(org)
        .bind(new.id)
        .bind(new.email)
        .bind(new.role)
        .bind(by)
        .bind(new.delivery)
        .bind(now)
        .bind(new.expires_at)
        .bind(new.node)
        .execute(tx.conn())
        .await;
    match inserted {
        Ok(_) => Ok(true),
        Err(error) if violated(&error) == Some("invitations_open_email_key") => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Locks it, so that of two answers one counts.
pub(crate) async fn lock(tx: &mut TenantTx, id: InvitationId) -> Result<Option<Invitation>> {
    let org = tx.org();
    let query = "select org_id, id, email, role, node_id, invited_by as inviter, delivery, generation, expires_at, accepted_at, declined_at, revoked_at
        from invitations where org_id = $1 and id = $2 for update";
    Ok(sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?)
}

/// Across organizations: the one that a link names.
pub(crate) async fn find(
    conn: &mut PgConnection,
    org: OrgId,
    id: InvitationId,
) -> Result<Option<Invitation>> {
    let query = "select org_id, id, email, role, node_id, invited_by as inviter, delivery, generation, expires_at, accepted_at, declined_at, revoked_at
        from invitations where org_id = $1 and id = $2";
    Ok(sqlx::query_as(query).bind(org).bind(id).fetch_optional(conn).await?)
}

/// Makes a new link the one in force.
pub(crate) async fn renew(
    tx: &mut TenantTx,
    id: InvitationId,
    delivery: Delivery,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    let org = tx.org();
    let query =
        "update invitations set generation = generation + 1, delivery = $3, expires_at = $4, sent_at = null,
            send_error = null
        where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).bind(delivery).bind(expires_at).execute(tx.conn()).await?;
    Ok(())
}

pub(crate) async fn revoke(tx: &mut TenantTx, id: InvitationId) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update invitations set revoked_at = $3 where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).bind(now).execute(tx.conn()).await?;
    Ok(())
}

/// An organization that invites this address and lets people in.
pub(crate) async fn inviting(
    conn: &mut PgConnection,
    email: &str,
    now: DateTime<Utc>,
) -> Result<Option<OrgId>> {
    let query = "select i.org_id from invitations i join organizations o on o.id = i.org_id and o.status = 'active'
        where i.email = $1 and i.expires_at > $2 and i.accepted_at is null and i.declined_at is null and i.revoked_at is null
        order by i.id desc limit 1";
    Ok(sqlx::query_scalar(query).bind(email).bind(now).fetch_optional(conn).await?)
}

/// Takes back the open invitations that somebody gave.
pub(crate) async fn revoke_by(tx: &mut TenantTx, inviter: UserId) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update invitations set revoked_at = $3 where org_id = $1 and invited_by = $2
        and accepted_at is null and declined_at is null and revoked_at is null";
    sqlx::query(query).bind(org).bind(inviter).bind(now).execute(tx.conn()).await?;
    Ok(())
}

/// Takes back the open invitation of an address that became a member in another way, or is invited anew.
pub(crate) async fn revoke_of_email(tx: &mut TenantTx, email: &str) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update invitations set revoked_at = $3 where org_id = $1 and email = $2
        and accepted_at is null and declined_at is null and revoked_at is null";
    sqlx::query(query).bind(org).bind(email).bind(now).execute(tx.conn()).await?;
    Ok(())
}

/// Takes back an invitation of this address that has expired.
pub(crate) async fn revoke_expired(tx: &mut TenantTx, email: &str) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update invitations set revoked_at = $3 where org_id = $1 and email = $2 and expires_at <= $3
        and accepted_at is null and declined_at is null and revoked_at is null";
    sqlx::query(query).bind(org).bind(email).bind(now).execute(tx.conn()).await?;
    Ok(())
}

pub(crate) async fn accept(tx: &mut TenantTx, id: InvitationId) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update invitations set accepted_at = $3 where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).bind(now).execute(tx.conn()).await?;
    Ok(())
}

pub(crate) async fn decline(tx: &mut TenantTx, id: InvitationId) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update invitations set declined_at = $3 where org_id = $1 and id = $2";
    sqlx::query(query).bind(org).bind(id).bind(now).execute(tx.conn()).await?;
    Ok(())
}

/// What became of sending this link; one that was replaced meanwhile says nothing.
pub(crate) async fn sent(tx: &mut TenantTx, invitation: &Invitation, error: Option<&str>) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update invitations set sent_at = case when $4::text is null then $5::timestamptz end, send_error = $4
        where org_id = $1 and id = $2 and generation = $3";
    sqlx::query(query)
        .bind(org)
        .bind(invitation.id)
        .bind(invitation.generation)
        .bind(error)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// How many are over, as `forget` sees it.
pub(crate) async fn count_over(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<Counted> {
    let org = tx.org();
    let query = "select count(*), min(ended_at) as oldest from (
            select coalesce(accepted_at, declined_at, revoked_at, expires_at) as ended_at from invitations
            where org_id = $1 and coalesce(accepted_at, declined_at, revoked_at, expires_at) < $2 limit $3) over";
    Ok(sqlx::query_as(query).bind(org).bind(before).bind(MOST_COUNTED).fetch_one(tx.conn()).await?)
}

/// Removes those that have been over for long enough.
pub(crate) async fn forget(tx: &mut TenantTx, over: Expired) -> Result<Batch> {
    let org = tx.org();
    let query = "with looked as (
            select id from invitations where org_id = $1 and id > $3 and id < uuid_v7_floor($2) order by id limit $4
        ), gone as (
            delete from invitations where org_id = $1 and id = any (array(select id from looked))
                and coalesce(accepted_at, declined_at, revoked_at, expires_at) < $2
            returning id
        )
        select array(select id from gone) as removed, (select id from looked order by id desc limit 1) as last";
    let batch = sqlx::query_as(query).bind(org).bind(over.before).bind(over.after).bind(over.rows);
    Ok(batch.fetch_one(tx.conn()).await?)
}
