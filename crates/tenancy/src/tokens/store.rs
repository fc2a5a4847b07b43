use chrono::{DateTime, TimeDelta, Utc};
use kernel::{NodeId, OrgId, Result, TokenId, UserId};
use platform::{
    db::TenantTx,
    retention::{Batch, Expired},
    settings::{Counted, MOST_COUNTED},
};
use sqlx::PgConnection;

use super::{
    model::{FoundToken, Owner},
    text::TokenMac,
};
use crate::{permissions::Role, rights::grants};

/// A token's last use is written at most this often.
const LAST_USED: TimeDelta = TimeDelta::minutes(1);

pub(crate) struct NewRow<'a> {
    pub id: TokenId,
    pub node_id: Option<NodeId>,
    pub name: &'a str,
    pub role: Role,
    pub scopes: &'a [&'static str],
    pub hint: &'a str,
    pub mac: &'a TokenMac,
    pub expires_at: Option<DateTime<Utc>>,
    pub owner: Owner,
}

pub(crate) async fn insert(tx: &mut TenantTx, token: &NewRow<'_>) -> Result<()> {
    let (org, now, by) = (tx.org(), tx.now(), tx.actor().user());
    let query = "insert into access_tokens
            (org_id, id, node_id, name, role, scopes, hint, mac, created_by, created_at, expires_at, owner)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    sqlx::query(query)
        .bind(org)
        .bind(token.id)
        .bind(token.node_id)
        .bind(token.name)
        .bind(token.role)
        .bind(token.scopes)
        .bind(token.hint)
        .bind(token.mac.as_slice())
        .bind(by)
        .bind(now)
        .bind(token.expires_at)
        .bind(token.owner)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Revokes a token; answers its name, and nothing when there is none to revoke.
pub(crate) async fn revoke(tx: &mut TenantTx, id: TokenId) -> Result<Option<String>> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update access_tokens set revoked_at = $3
        where org_id = $1 and id = $2 and revoked_at is null returning name";
    Ok(sqlx::query_scalar(query).bind(org).bind(id).bind(now).fetch_optional(tx.conn()).await?)
}

/// Revokes what a person made for themselves; answers which.
pub(crate) async fn revoke_of_person(tx: &mut TenantTx, user: UserId) -> Result<Vec<(TokenId, String)>> {
    let (org, now) = (tx.org(), tx.now());
    let query = "update access_tokens set revoked_at = $3
        where org_id = $1 and created_by = $2 and owner = 'person' and revoked_at is null returning id, name";
    Ok(sqlx::query_as(query).bind(org).bind(user).bind(now).fetch_all(tx.conn()).await?)
}

pub(crate) async fn exists(tx: &mut TenantTx, id: TokenId) -> Result<bool> {
    let org = tx.org();
    let query = "select exists (select from access_tokens where org_id = $1 and id = $2)";
    Ok(sqlx::query_scalar(query).bind(org).bind(id).fetch_one(tx.conn()).await?)
}

macro_rules! found {
    ($condition:literal) => {
        concat!(
            "select t.org_id, t.id, t.mac, t.name, t.role, t.scopes, t.owner, t.created_by, t.expires_at, t.revoked_at,
                t.last_used_at, o.status as organization_status, m.role as owner_role, m.status as owner_status,
                u.status as owner_user_status, case when m.user_id is not null then ",
            grants!(),
            " end as owner_grants, case when t.node_id is not null then jsonb_build_object('node', t.node_id,
                'below', (select jsonb_agg(b) from nodes_below(t.org_id, array[t.node_id]) b)) end as place
            from access_tokens t
            join organizations o on o.id = t.org_id
            left join memberships m on m.org_id = t.org_id and m.user_id = t.created_by and t.owner = 'person'
            left join users u on u.id = m.user_id where ",
            $condition
        )
    };
}

/// Across organizations: a credential is what tells the organization.
pub(crate) async fn find_by_mac(conn: &mut PgConnection, macs: &[Vec<u8>]) -> Result<Vec<FoundToken>> {
    Ok(sqlx::query_as(found!("t.mac = any($1)")).bind(macs).fetch_all(conn).await?)
}

/// Across organizations.
pub(crate) async fn find_by_ids(
    conn: &mut PgConnection,
    orgs: &[OrgId],
    ids: &[TokenId],
) -> Result<Vec<FoundToken>> {
    let query = found!("(t.org_id, t.id) in (select * from unnest($1::uuid[], $2::uuid[]))");
    Ok(sqlx::query_as(query).bind(orgs).bind(ids).fetch_all(conn).await?)
}

/// Keeps when tokens that let their holders in were used last.
pub(crate) async fn touch(conn: &mut PgConnection, tokens: &[FoundToken], now: DateTime<Utc>) -> Result<()> {
    let due = |token: &&FoundToken| {
        token.check(now).is_ok() && token.last_used_at.is_none_or(|at| now - at >= LAST_USED)
    };
    let used: Vec<_> = tokens.iter().filter(due).collect();
    if used.is_empty() {
        return Ok(());
    }
    let query = "update access_tokens t set last_used_at = $3 from unnest($1::uuid[], $2::uuid[]) as used (org_id, id)
        where t.org_id = used.org_id and t.id = used.id and (t.last_used_at is null or t.last_used_at < $3)";
    sqlx::query(query)
        .bind(used.iter().map(|token| token.org_id).collect::<Vec<_>>())
        .bind(used.iter().map(|token| token.id).collect::<Vec<_>>())
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}

/// How many are over, as `forget` sees it.
pub(crate) async fn count_over(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<Counted> {
    let org = tx.org();
    let query = "select count(*), min(ended_at) as oldest from (
            select least(revoked_at, expires_at) as ended_at from access_tokens
            where org_id = $1 and least(revoked_at, expires_at) < $2 limit $3) over";
    Ok(sqlx::query_as(query).bind(org).bind(before).bind(MOST_COUNTED).fetch_one(tx.conn()).await?)
}

/// Removes those that have been over for long enough.
pub(crate) async fn forget(tx: &mut TenantTx, over: Expired) -> Result<Batch> {
    let org = tx.org();
    let query = "with looked as (
            select id from access_tokens where org_id = $1 and id > $3 and id < uuid_v7_floor($2) order by id limit $4
        ), gone as (
            delete from access_tokens where org_id = $1 and id = any (array(select id from looked))
                and least(revoked_at, expires_at) < $2
            returning id
        )
        select array(select id from gone) as removed, (select id from looked order by id desc limit 1) as last";
    let batch = sqlx::query_as(query).bind(org).bind(over.before).bind(over.after).bind(over.rows);
    Ok(batch.fetch_one(tx.conn()).await?)
}
