//! Tenancy: who may enter, as whom, into which organization.
//!
//! An **organization** is the tenant. It has a tree of units and teams ([`nodes`]). A **person** is known once, by
//! e-mail, and has a **membership** with a role in each organization ([`members`]). A person enters with a password
//! ([`sign_in`]) or with a JWT of Supabase Auth ([`supabase`]) and holds a **session** ([`sessions`]); a program holds
//! an **access token** ([`tokens`]). The [`authenticator`] turns any of these into a caller with permissions, which
//! come from one table ([`permissions`]).
//!
//! Invariants: no secret is stored readable (passwords as argon2id, tokens as HMAC, session ids as SHA-256, settings
//! sealed); every refusal of a sign-in costs the same and says the same; a suspended organization and an inactive
//! person or membership get nothing, from the next request on; an organization keeps at least one active admin.

pub mod admin;
mod authenticator;
mod members;
mod nodes;
mod organizations;
mod ownership;
mod permissions;
mod sign_in;
mod tokens;

use std::sync::Arc;

use platform::{App, http::Authenticator};
use url::Url;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use authenticator::network::Network;
pub use members::{NewMember, Status};
pub use nodes::{Node, NodeKind};
pub use organizations::{Organization, OrganizationStatus};
pub use permissions::{Permissions, Role, TokenScope};
pub use tokens::Token;

/// How the operator set up the way in.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where people reach Steward; with `https` the session's cookie is `Secure`.
    pub public_url: Option<Url>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
}

/// What tenancy needs. Make it once: the caches and counters in it are shared by its clones.
#[derive(Clone)]
pub struct Deps {
    pub(crate) app: App,
    pub(crate) options: Arc<Options>,
    pub(crate) tokens: Arc<tokens::cache::TokenCache>,
}

impl Deps {
    pub fn new(app: App, options: Options) -> kernel::Result<Self> {
        Ok(Self { app, options: Arc::new(options), tokens: Arc::default() })
    }
}

/// What the server installs to find out who sends a request.
pub fn authenticator(deps: Deps) -> Arc<dyn Authenticator> {
    Arc::new(authenticator::CredentialAuthenticator::new(deps))
}

pub fn routes(deps: Deps) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(organizations::routes::get_organization, organizations::routes::update_organization))
        .routes(routes!(nodes::routes::list_nodes, nodes::routes::create_node))
        .routes(routes!(members::routes::list_members, members::routes::add_member))
        .routes(routes!(members::routes::update_member, members::routes::remove_member))
        .routes(routes!(tokens::routes::list_tokens, tokens::routes::create_token))
        .routes(routes!(tokens::routes::revoke_token))
        .with_state(deps)
}
