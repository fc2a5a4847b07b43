//! Skills: what to do about a kind of problem.

mod actions;
mod model;
mod routes;
mod store;
#[cfg(test)]
mod tests;
mod views;

pub use actions::{Saved, create, delete, embed_stale, save_imported, update};
pub use model::{MAX_NAME, MAX_PROBLEM, SkillInput, Status};
pub use routes::routes;
pub(crate) use store::lock;
pub use store::{RunnableSkill, get_runnable};
pub use views::{Skill, SkillRow};
