//! What is read across domains: each domain answers for its own things, and they meet here.

mod history;
mod issue_runs;
mod overview;

use platform::{App, http::Routes};

use crate::process::domains::Domains;

/// Every endpoint that belongs to no domain alone.
pub fn routes(app: &App, domains: &Domains) -> Routes {
    let overview = overview::Deps {
        app: app.clone(),
        model: domains.runs.model.as_ref().map(|model| model.profile().model.clone()),
        embedding_model: domains.skills.embedder.model().to_owned(),
    };
    history::routes(app.db.clone()).merge(issue_runs::routes(app.clone())).merge(overview::routes(overview))
}
