//! A skill and what makes it acceptable.

use kernel::{Code, Error, FieldError, NodeId, Result};
use serde::{Deserialize, Serialize};

use crate::sop::{self, Sop, SopError};

/// Bytes of an SOP.
const MAX_SOP: usize = 128 * 1024;
/// Characters of a problem description.
pub const MAX_PROBLEM: usize = 4_000;
/// Characters of a name.
pub const MAX_NAME: usize = 255;

/// Is a skill matched, a tool called?
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = SkillStatus)]
pub enum Status {
    #[default]
    Active,
    Inactive,
}

/// What people say about a skill.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillInput {
    pub name: String,
    /// The problem it is for, in the words an alert might use.
    pub problem_description: String,
    /// Markdown.
    pub sop: String,
    /// Active unless given; a change without it leaves it as it is.
    pub status: Option<Status>,
    /// The node that owns it: it is for what that node and those below it have, and changed there and above. Null is for the
    /// whole organization. Left out, a change leaves it as it is.
    #[serde(default, deserialize_with = "kernel::given")]
    #[schema(value_type = Option<NodeId>)]
    pub node_id: Option<Option<NodeId>>,
}

impl SkillInput {
    pub fn new(name: &str, problem_description: &str, sop: &str) -> Self {
        let (name, problem_description, sop) = (name.into(), problem_description.into(), sop.into());
        Self { name, problem_description, sop, status: None, node_id: None }
    }

    /// Fails with every place that is wrong: `invalid_skill`, or `invalid_sop` with pointers `/sop:<line>`.
    pub fn check(&self) -> Result<Sop> {
        let mut fields = Vec::new();
        let mut wrong =
            |pointer: &str, detail: String| fields.push(FieldError { pointer: pointer.into(), detail });
        if !(1..=MAX_NAME).contains(&self.name.trim().chars().count()) {
            wrong("/name", format!("must have 1 to {MAX_NAME} characters"));
        }
        if !(1..=MAX_PROBLEM).contains(&self.problem_description.trim().chars().count()) {
            wrong("/problem_description", format!("must have 1 to {MAX_PROBLEM} characters"));
        }
        if self.sop.len() > MAX_SOP {
            wrong("/sop", format!("is longer than {MAX_SOP} bytes"));
        }
        if !fields.is_empty() {
            let detail = "the skill cannot be saved as it is".into();
            return Err(Error::Invalid { code: Code("invalid_skill"), detail, fields });
        }
        sop::parse(&self.sop).map_err(invalid_sop)
    }
}

fn invalid_sop(errors: Vec<SopError>) -> Error {
    let field = |error: &SopError| FieldError {
        pointer: format!("/sop:{}", error.line),
        detail: error.detail.clone(),
    };
    let detail = match errors.as_slice() {
        [error] => format!("line {}: {}", error.line, error.detail),
        errors => format!("the SOP has {} mistakes", errors.len()),
    };
    Error::Invalid { code: Code("invalid_sop"), detail, fields: errors.iter().map(field).collect() }
}
