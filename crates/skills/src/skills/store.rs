//! Rows of `skills`.

use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, OrgId, Result};
use pgvector::Vector;
use platform::db::{SystemTx, TenantTx, not_changeable, violated};

use super::model::Status;
use crate::SkillId;

/// A skill as it is stored, without its vector.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct SkillRecord {
    pub id: SkillId,
    pub name: String,
    pub problem_description: String,
    pub sop: String,
    pub origin: Option<String>,
    pub version: i32,
    pub status: Status,
    pub node_id: Option<NodeId>,
    pub updated_at: DateTime<Utc>,
}

/// What a run needs of a skill.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct RunnableSkill {
    pub id: SkillId,
    pub name: String,
    pub problem_description: String,
    pub sop: String,
    pub version: i32,
}

/// A vector and the model that made it.
pub struct Embedding {
    pub vector: Vector,
    pub model: String,
}

/// A skill without an embedding of the current model.
#[derive(sqlx::FromRow)]
pub struct Stale {
    pub org_id: OrgId,
    pub id: SkillId,
    pub version: i32,
    pub name: String,
    pub problem_description: String,
}

pub async fn insert(tx: &mut TenantTx, new: &SkillRecord, embedding: Option<Embedding>) -> Result<()> {
    let (org, now, user) = (tx.org(), tx.now(), tx.actor().user());
    let (vector, model) = embedding.map(|e| (e.vector, e.model)).unzip();
    let query = "insert into skills (org_id, id, created_by, name, problem_description, sop, origin, version,
            embedding, embedding_model, status, node_id, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)";
    sqlx::query(query)
        .bind(org)
        .bind(new.id)
        .bind(user)
        .bind(&new.name)
        .bind(&new.problem_description)
        .bind(&new.sop)
        .bind(&new.origin)
        .bind(new.version)
        .bind(vector)
        .bind(model)
        .bind(new.status)
        .bind(new.node_id)
        .bind(now)
        .execute(tx.conn())
        .await
        .map_err(|error| name_taken(error, &new.name))?;
    Ok(())
}

/// Writes a changed skill. Its embedding is replaced when there is one to replace it with, and dropped when the
/// text it stands for is another.
pub async fn update(tx: &mut TenantTx, skill: &SkillRecord, embedding: Option<Embedding>) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let (vector, model) = embedding.map(|e| (e.vector, e.model)).unzip();
    let query = "update skills set name = $3, problem_description = $4, sop = $5, origin = $6, version = $7,
            status = $8, updated_at = $9, node_id = $12,
            embedding = case when $10::vector is not null then $10
                when name = $3 and problem_description = $4 then embedding end,
            embedding_model = case when $10::vector is not null then $11
                when name = $3 and problem_description = $4 then embedding_model end
        where org_id = $1 and id = $2";
    sqlx::query(query)
        .bind(org)
        .bind(skill.id)
        .bind(&skill.name)
        .bind(&skill.problem_description)
        .bind(&skill.sop)
        .bind(&skill.origin)
        .bind(skill.version)
        .bind(skill.status)
        .bind(now)
        .bind(vector)
        .bind(model)
        .bind(skill.node_id)
        .execute(tx.conn())
        .await
        .map_err(|error| name_taken(error, &skill.name))?;
    Ok(())
}

fn name_taken(error: sqlx::Error, name: &str) -> Error {
    match violated(&error) {
        Some("skills_name_key") => {
            Error::conflict("skill_name_taken", format!("there is a skill called {name} already"))
        }
        _ => error.into(),
    }
}

/// The skill, locked until the transaction ends.
pub async fn lock(tx: &mut TenantTx, id: SkillId) -> Result<SkillRecord> {
    let org = tx.org();
    let query =
        "select id, name, problem_description, sop, origin, version, status, node_id, updated_at from skills
        where org_id = $1 and id = $2 for update";
    let found: Option<SkillRecord> =
        sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    match found {
        Some(skill) => Ok(skill),
        None => Err(not_changeable("skill", exists(tx, id).await?)),
    }
}

/// Whether the transaction may read this skill.
pub async fn exists(tx: &mut TenantTx, id: SkillId) -> Result<bool> {
    let org = tx.org();
    let query = "select exists (select from skills where org_id = $1 and id = $2)";
    Ok(sqlx::query_scalar(query).bind(org).bind(id).fetch_one(tx.conn()).await?)
}

/// The skill that an import from `origin` updates: the one that came from there, or one of its name.
pub async fn lock_imported(tx: &mut TenantTx, origin: &str, name: &str) -> Result<Option<SkillRecord>> {
    let org = tx.org();
    let query =
        "select id, name, problem_description, sop, origin, version, status, node_id, updated_at from skills
        where org_id = $1 and (origin = $2 or name = $3)
        order by (origin is not distinct from $2) desc limit 1 for update";
    Ok(sqlx::query_as(query).bind(org).bind(origin).bind(name).fetch_optional(tx.conn()).await?)
}

/// Deletes the skill; answers the patterns of the bindings that went with it.
pub async fn delete(tx: &mut TenantTx, id: SkillId) -> Result<Vec<String>> {
    let org = tx.org();
    let query =
        "select alert_pattern from alert_skill_bindings where org_id = $1 and skill_id = $2 order by id";
    let patterns = sqlx::query_scalar(query).bind(org).bind(id).fetch_all(tx.conn()).await?;
    sqlx::query("delete from skills where org_id = $1 and id = $2")
        .bind(org)
        .bind(id)
        .execute(tx.conn())
        .await?;
    Ok(patterns)
}

/// The skill as a run follows it, whether active or not: a run that has begun goes on.
pub async fn get_runnable(tx: &mut TenantTx, id: SkillId) -> Result<RunnableSkill> {
    let org = tx.org();
    let query =
        "select id, name, problem_description, sop, version from skills where org_id = $1 and id = $2";
    let found = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    found.ok_or(Error::NotFound("skill"))
}

/// Skills of all organizations that this model has not embedded, the latest changed first.
pub async fn stale(tx: &mut SystemTx, model: &str, limit: i64) -> Result<Vec<Stale>> {
    let query = "select org_id, id, version, name, problem_description from skills
        where embedding_model is distinct from $1 and is_active(org_id) order by updated_at desc, id limit $2";
    Ok(sqlx::query_as(query).bind(model).bind(limit).fetch_all(tx.conn()).await?)
}

/// Stores embeddings of skills that did not change meanwhile; answers how many.
pub async fn put_embeddings(
    tx: &mut SystemTx,
    model: &str,
    skills: &[Stale],
    vectors: Vec<Vector>,
) -> Result<u64> {
    let query = "update skills s set embedding = e.vector, embedding_model = $1
        from unnest($2::uuid[], $3::uuid[], $4::integer[], $5::vector[]) as e (org_id, id, version, vector)
        where s.org_id = e.org_id and s.id = e.id and s.version = e.version";
    let stored = sqlx::query(query)
        .bind(model)
        .bind(skills.iter().map(|skill| skill.org_id).collect::<Vec<_>>())
        .bind(skills.iter().map(|skill| skill.id).collect::<Vec<_>>())
        .bind(skills.iter().map(|skill| skill.version).collect::<Vec<_>>())
        .bind(vectors)
        .execute(tx.conn())
        .await?;
    Ok(stored.rows_affected())
}
