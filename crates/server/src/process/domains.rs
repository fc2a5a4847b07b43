//! What the domains bring, for effects and reads across them.

/// Every domain's own dependencies, for what the server does across domains.
#[derive(Clone)]
pub struct Domains {
    pub tenancy: tenancy::Deps,
    pub skills: skills::Deps,
    pub runs: runs::Deps,
    pub notify: notify::Deps,
}
