//! Skills as screens show them.

use chrono::{DateTime, Utc};
use kernel::{Error, NodeId, Page, PageQuery, Result, UserId};
use platform::{by_words, db::TenantTx, http::Revised, search};
use serde::{Deserialize, Serialize};

use super::model::Status;
use crate::{SkillId, sop};

/// A skill in a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SkillRow {
    pub id: SkillId,
    pub name: String,
    pub problem_description: String,
    pub status: Status,
    /// Grows with every change.
    pub version: i32,
    /// Can the server follow its SOP without a model?
    pub executable: bool,
    /// The model that made its embedding; absent until one has.
    #[schema(required)]
    pub embedding_model: Option<String>,
    /// The file it was imported from.
    #[schema(required)]
    pub origin: Option<String>,
    /// The node that owns it; absent for the whole organization.
    #[schema(required)]
    pub node_id: Option<NodeId>,
    pub updated_at: DateTime<Utc>,
    /// How many bindings lead to it.
    pub bindings: i64,
}

/// A skill with its SOP.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Skill {
    #[serde(flatten)]
    pub row: SkillRow,
    /// Markdown.
    pub sop: String,
    #[schema(required)]
    pub created_by: Option<UserId>,
    pub created_at: DateTime<Utc>,
    /// The steps the server can do itself.
    pub steps: Vec<StepOutline>,
}

/// A step that calls a tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StepOutline {
    /// From 1.
    pub line: usize,
    pub label: String,
    pub tool: String,
}

/// Which skills.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SkillFilter {
    pub status: Option<Status>,
    /// Words with which words of the name or the description begin; all of them.
    pub q: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: SkillId,
    name: String,
    problem_description: String,
    sop: String,
    status: Status,
    version: i32,
    embedding_model: Option<String>,
    origin: Option<String>,
    node_id: Option<NodeId>,
    created_by: Option<UserId>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    bindings: i64,
}

impl Revised for Skill {
    fn updated_at(&self) -> DateTime<Utc> {
        self.row.updated_at
    }
}

impl From<Row> for Skill {
    fn from(row: Row) -> Self {
        let parsed = sop::parse(&row.sop).unwrap_or_default();
        let row_shown = SkillRow {
            id: row.id,
            name: row.name,
            problem_description: row.problem_description,
            status: row.status,
            version: row.version,
            executable: parsed.is_executable(),
            embedding_model: row.embedding_model,
            origin: row.origin,
            node_id: row.node_id,
            updated_at: row.updated_at,
            bindings: row.bindings,
        };
        let (created_by, created_at) = (row.created_by, row.created_at);
        Self { row: row_shown, sop: row.sop, created_by, created_at, steps: outline(&parsed.steps) }
    }
}

pub fn outline(steps: &[sop::SopStep]) -> Vec<StepOutline> {
    let shown = |step: &sop::SopStep| StepOutline {
        line: step.line,
        label: step.label.clone(),
        tool: step.tool.clone(),
    };
    steps.iter().map(shown).collect()
}

/// Skills by name.
pub async fn list(tx: &mut TenantTx, filter: &SkillFilter, page: &PageQuery) -> Result<Page<SkillRow>> {
    let (org, limit) = (tx.org(), page.limit()?);
    let (after_name, after_id) = page.after::<(String, SkillId)>()?.unzip();
    let words = search::typed(filter.q.as_deref());
    macro_rules! query {
        ($words:expr) => {
            concat!(
                "select s.id, s.name, s.problem_description, s.sop, s.status, s.version, s.embedding_model, s.origin,
            s.node_id, s.created_by, s.created_at, s.updated_at,
            (select count(*) from alert_skill_bindings b where b.org_id = s.org_id and b.skill_id = s.id) as bindings
        from skills s
        where s.org_id = $1 and ($2::text is null or s.status = $2)
            and ($4::text is null or (s.name, s.id) > ($4, $5)) and ",
                $words,
                " order by s.name, s.id limit $6"
            )
        };
    }
    let query = match words {
        Some(_) => search::query_as(query!(concat!("s.id in ", by_words!("skills", "$1", "$3")))),
        None => sqlx::query_as(query!("$3::text is null")),
    };
    let rows: Vec<Row> = query
        .bind(org)
        .bind(filter.status)
        .bind(words)
        .bind(after_name)
        .bind(after_id)
        .bind(limit + 1)
        .fetch_all(tx.conn())
        .await?;
    let rows = rows.into_iter().map(|row| Skill::from(row).row).collect();
    Ok(Page::of(rows, limit, |row: &SkillRow| (row.name.clone(), row.id)))
}

pub async fn get(tx: &mut TenantTx, id: SkillId) -> Result<Skill> {
    let org = tx.org();
    let query = "select s.id, s.name, s.problem_description, s.sop, s.status, s.version, s.embedding_model, s.origin,
            s.node_id, s.created_by, s.created_at, s.updated_at,
            (select count(*) from alert_skill_bindings b where b.org_id = s.org_id and b.skill_id = s.id) as bindings
        from skills s where s.org_id = $1 and s.id = $2";
    let found: Option<Row> = sqlx::query_as(query).bind(org).bind(id).fetch_optional(tx.conn()).await?;
    found.map(Skill::from).ok_or(Error::NotFound("skill"))
}
