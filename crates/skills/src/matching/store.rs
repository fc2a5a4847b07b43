//! What matching reads.

use kernel::{Result, SkillId};
use pgvector::Vector;
use platform::db::TenantTx;

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

pub async fn bindings(tx: &mut TenantTx) -> Result<Vec<Binding>> {
    let org = tx.org();
    let query = "select b.alert_pattern, b.priority, b.skill_id, s.name as skill_name
        from alert_skill_bindings b join skills s on s.org_id = b.org_id and s.id = b.skill_id
        where b.org_id = $1 and s.status = 'active' order by b.priority desc, b.id";
    Ok(sqlx::query_as(query).bind(org).fetch_all(tx.conn()).await?)
}

pub async fn active_name(tx: &mut TenantTx, skill: SkillId) -> Result<Option<String>> {
    let org = tx.org();
    let query = "select name from skills where org_id = $1 and id = $2 and status = 'active'";
    Ok(sqlx::query_scalar(query).bind(org).bind(skill).fetch_optional(tx.conn()).await?)
}

/// The nearest active skills by vector and the best by words, each with both measures.
pub async fn nearest(
    tx: &mut TenantTx,
    vector: Option<&Vector>,
    model: &str,
    words: &str,
    limit: i64,
) -> Result<Vec<Similarity>> {
    let org = tx.org();
    // Other organizations' skills are filtered out after the index was asked: keep asking until there are enough.
    sqlx::query("set local hnsw.iterative_scan = 'relaxed_order'").execute(tx.conn()).await?;
    let query = "with by_vector as materialized (
            select id from skills
            where org_id = $1 and status = 'active' and embedding_model = $3 and $2::vector is not null
            order by embedding <=> $2 limit $5
        ), by_words as materialized (
            select id from skills
            where org_id = $1 and status = 'active' and search @@ to_tsquery('english', $4)
            order by ts_rank_cd(search, to_tsquery('english', $4)) desc, id limit $5
        )
        select s.id as skill_id, s.name,
            case when s.embedding_model = $3 then 1 - (s.embedding <=> $2) end as cosine,
            ts_rank_cd('{0, 0, 0.4, 1}', s.search, to_tsquery('english', $4), 32)::double precision as words
        from skills s
        where s.org_id = $1 and s.id in (select id from by_vector union select id from by_words)";
    let rows = sqlx::query_as(query).bind(org).bind(vector).bind(model).bind(words).bind(limit);
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
