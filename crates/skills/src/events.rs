//! What skills, bindings and tools tell the rest of the product.

use kernel::NodeId;
use platform::record::{Change, Declared, Nothing};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    bindings::Binding,
    permissions::{SkillsRead, ToolsRead},
    skills::Status,
    tools::ToolKind,
};

/// All of them.
pub const ALL: &[&[Declared]] = &[SKILLS, BINDINGS, TOOLS];

platform::events! {
    /// What happens to skills.
    pub SKILLS, about "skill", for SkillsRead {
        /// There is a new skill.
        SkillCreated: Change<SkillSummary> = "skill.created.v1",
        /// A skill was changed.
        SkillUpdated: Change<SkillSummary> = "skill.updated.v1",
        /// A skill is no more, and what led to it.
        SkillDeleted: Change<SkillSummary> = "skill.deleted.v1",
    }
    /// What happens to what leads to skills.
    pub BINDINGS, about "skill_binding", for SkillsRead {
        /// Alerts of a pattern lead to a skill.
        BindingCreated: Change<Binding> = "skill.binding_created.v1",
        /// A binding was changed.
        BindingUpdated: Change<Binding> = "skill.binding_updated.v1",
        /// A binding is no more.
        BindingDeleted: Change<Binding> = "skill.binding_deleted.v1",
    }
    /// What happens to tools.
    pub TOOLS, about "tool", for ToolsRead {
        /// There is a new tool.
        ToolCreated: Change<ToolSummary> = "tool.created.v1",
        /// A tool was changed.
        ToolUpdated: Change<ToolSummary> = "tool.updated.v1",
        /// A tool is no more.
        ToolDeleted: Change<ToolSummary> = "tool.deleted.v1",
        /// A person tried a tool out; its arguments may be anything and are not kept.
        ToolTested: Change<Nothing> = "tool.tested.v1",
    }
}

/// What the record keeps of a skill: which version, not its text.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SkillSummary {
    pub name: String,
    pub problem_description: String,
    pub status: Status,
    pub version: i32,
    #[schema(required = true)]
    pub origin: Option<String>,
    #[schema(required = true)]
    pub node_id: Option<NodeId>,
    /// The patterns that led to it, when it is no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_bindings: Option<Vec<String>>,
}

/// What the record keeps of a tool. Code may be long, and people put things into it that they should not.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ToolSummary {
    pub name: String,
    #[schema(required = true)]
    pub description: Option<String>,
    #[serde(rename = "type")]
    pub kind: ToolKind,
    /// Without its code.
    pub config: Value,
    pub status: Status,
    #[schema(required = true)]
    pub node_id: Option<NodeId>,
}
