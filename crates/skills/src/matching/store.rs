//! What matching reads.

use kernel::{NodeId, Result};
use pgvector::Vector;
use platform::{by_lexemes, db::TenantTx};

use crate::SkillId;

/// A binding to an active skill.
#[derive(sqlx::FromRow)]
pub struct Binding {
    pub alert_pattern: String,
    pub priority: i32,
    pub skill_id: SkillId,
    pub skill_name: String,
}

/// How alike a skill and an alert are, as the database measures it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Similarity {
    pub skill_id: SkillId,
    pub name: String,
    /// Cosine of the vectors; none if one of them is missing.
    pub cosine: Option<f64>,
    /// Rank of the words, 0 to 1.
    pub words: f64,
}

/// The bindings to active skills that are for what this node owns, in their order; none is the whole organization.
pub async fn bindings(tx: &mut TenantTx, node: Option<NodeId>) -> Result<Vec<Binding>> {
    let org = tx.org();
    let query = "select b.alert_pattern, b.priority, b.skill_id, s.name as skill_name
        from alert_skill_bindings b join skills s on s.org_id = b.org_id and s.id = b.skill_id
        where b.org_id = $1 and s.status = 'active'
            and (s.node_id is null or s.node_id in (select nodes_above($1, array[$2::uuid])))
        order by b.priority desc, b.id";
    Ok(sqlx::query_as(query).bind(org).bind(node).fetch_all(tx.conn()).await?)
}

/// An active skill and the patterns that lead to it.
#[derive(sqlx::FromRow)]
pub struct Patterns {
    pub node_id: Option<NodeId>,
    pub patterns: Vec<String>,
}

pub async fn patterns(tx: &mut TenantTx, skill: SkillId) -> Result<Option<Patterns>> {
    let org = tx.org();
    let query = "select s.node_id, array(select b.alert_pattern from alert_skill_bindings b
            where b.org_id = s.org_id and b.skill_id = s.id) as patterns
        from skills s where s.org_id = $1 and s.id = $2 and s.status = 'active'";
    Ok(sqlx::query_as(query).bind(org).bind(skill).fetch_optional(tx.conn()).await?)
}

/// The name of this skill if it is active and for what this node owns.
pub async fn active_name(tx: &mut TenantTx, skill: SkillId, node: Option<NodeId>) -> Result<Option<String>> {
    let org = tx.org();
    let query = "select name from skills where org_id = $1 and id = $2 and status = 'active'
        and (node_id is null or node_id in (select nodes_above($1, array[$3::uuid])))";
    Ok(sqlx::query_scalar(query).bind(org).bind(skill).bind(node).fetch_optional(tx.conn()).await?)
}

/// The nearest active skills by vector and the best by words, of those for what this node owns; each with both measures.
pub async fn nearest(
    tx: &mut TenantTx,
    node: Option<NodeId>,
    (vector, model): (Option<&Vector>, &str),
    words: &str,
    limit: i64,
) -> Result<Vec<Similarity>> {
    let org = tx.org();
    // Other organizations' skills are filtered out after the index was asked: keep asking until there are enough.
    sqlx::query("set local hnsw.iterative_scan = 'relaxed_order'").execute(tx.conn()).await?;
    let query = concat!(
        "with owners as materialized (
            select nodes_above($1, array[$6::uuid]) as id
        ), by_vector as materialized (
            select id from skills
            where org_id = $1 and status = 'active' and (node_id is null or node_id in (select id from owners)) and embedding_model = $3 and $2::vector is not null
            order by embedding <=> $2 limit $5
        ), by_words as materialized (
            select id from skills
            where org_id = $1 and status = 'active' and (node_id is null or node_id in (select id from owners))
                and id in ", by_lexemes!("skills", "$1", "to_tsquery('english', $4)"), "
            order by ts_rank_cd(search, to_tsquery('english', $4)) desc, id limit $5
        )
        select s.id as skill_id, s.name,
            case when s.embedding_model = $3 then 1 - (s.embedding <=> $2) end as cosine,
            ts_rank_cd('{0, 0, 0.4, 1}', s.search, to_tsquery('english', $4), 32)::double precision as words
        from skills s
        where s.org_id = $1 and s.id in (select id from by_vector union select id from by_words)"
    );
    let rows = sqlx::query_as(query).bind(org).bind(vector).bind(model).bind(words).bind(limit).bind(node);
    Ok(rows.fetch_all(tx.conn()).await?)
}

/// How alike one skill is to each of many alerts, in their order.
pub async fn similarities(
    tx: &mut TenantTx,
    skill: SkillId,
    model: &str,
    alerts: &[(Option<Vector>, String)],
) -> Result<Vec<Similarity>> {
    let org = tx.org();
    let (vectors, words): (Vec<_>, Vec<_>) = alerts.iter().cloned().unzip();
    let query = "select s.id as skill_id, s.name,
            case when s.embedding_model = $3 then 1 - (s.embedding <=> q.vector) end as cosine,
            ts_rank_cd('{0, 0, 0.4, 1}', s.search, to_tsquery('english', q.words), 32)::double precision as words
        from unnest($4::vector[], $5::text[]) with ordinality as q (vector, words, ord)
        join skills s on s.org_id = $1 and s.id = $2
        order by q.ord";
    let rows = sqlx::query_as(query).bind(org).bind(skill).bind(model).bind(vectors).bind(words);
    Ok(rows.fetch_all(tx.conn()).await?)
}
