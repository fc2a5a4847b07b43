//! Tenancy: who may enter, as whom, into which organization.
//!
//! An **organization** is the tenant. It has a tree of units and teams ([`nodes`]). A **person** is known once, by a proved
//! address ([`account`]), and has a **membership** with a role in each organization ([`members`]), which they accepted
//! ([`invitations`]). A person enters with a password ([`sign_in`]) or with a JWT of Supabase Auth ([`supabase`]) and holds a
//! **session** ([`sessions`]); a program holds an **access token** ([`tokens`]). The [`authenticator`] turns any of these into a caller with permissions, which
//! come from one table ([`permissions`]).
//!
//! Invariants: no secret is stored readable (passwords as argon2id, tokens as HMAC, session ids as SHA-256, settings
//! sealed); every refusal of a sign-in costs the same and says the same ([`throttle`]); nobody but its person, the mail of its
//! address or the operator sets a password; a suspended organization and an inactive
//! person or membership get nothing, from the next request on; an organization keeps at least one active admin.

mod account;
pub mod admin;
mod audit;
mod authenticator;
mod configurations;
pub mod events;
mod invitations;
mod links;
mod mail;
mod me;
mod members;
mod nodes;
mod organizations;
mod ownership;
pub mod permissions;
pub mod retention;
mod rights;
mod sessions;
mod sign_in;
mod supabase;
mod tables;
#[cfg(test)]
mod testing;
mod throttle;
mod tokens;

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::Result;
use platform::routes;
use platform::{
    App,
    domain::Domain,
    http::{Authenticator, Routes},
};
use tokio_util::task::TaskTracker;
use url::Url;

pub use members::{MemberStatus, NewMember};
pub use nodes::{Node, NodeKind};
pub use organizations::{Organization, OrganizationStatus};
pub use permissions::{Access, Permissions, ROLES, Role, TokenScope};
pub use supabase::{SupabaseKeys, SupabaseOptions};
pub use tokens::Token;

kernel::ids! {
    /// A session of a browser, by the name that may be shown.
    SessionId
    /// An invitation to an organization.
    InvitationId
}

/// How the operator set up the way in.
#[derive(Clone, Default)]
pub struct Options {
    /// Where people reach Steward; with `https` the session's cookie is `Secure`.
    pub public_url: Option<Url>,
    /// The Supabase project whose users may sign in, if there is one.
    pub supabase: Option<SupabaseOptions>,
    /// How mail is sent, if at all.
    pub mail: Option<messengers::email::Sending>,
    /// The permissions that there are; whoever made none known may do nothing.
    pub access: Access,
    /// How keys of sealed values begin that other domains set.
    pub sealed_keys: Vec<&'static str>,
    /// Where sessions are kept at hand for all processes.
    pub hot: platform::hot::Hot,
}

/// What tenancy needs. Make it once: the caches and counters in it are shared by its clones.
#[derive(Clone)]
pub struct Deps {
    pub(crate) app: App,
    pub(crate) options: Arc<Options>,
    pub(crate) tokens: Arc<tokens::cache::TokenCache>,
    pub(crate) lookups: Arc<tokens::lookup::Lookups>,
    pub(crate) supabase: Option<Arc<supabase::Verifier>>,
    pub(crate) sessions: sessions::cache::SessionCache,
    /// What is done after an answer was given, so that the answer does not tell by its time.
    pub afterwards: TaskTracker,
}

impl Deps {
    pub fn new(app: App, options: Options) -> Result<Self> {
        let supabase = options.supabase.as_ref().map(supabase::Verifier::new).transpose()?.map(Arc::new);
        let sessions = sessions::cache::SessionCache::new(options.hot.clone(), app.keyring.clone());
        Ok(Self {
            sessions,
            app,
            options: Arc::new(options),
            tokens: Arc::default(),
            lookups: Arc::default(),
            supabase,
            afterwards: TaskTracker::new(),
        })
    }
}

/// What the server installs to find out who sends a request.
pub fn authenticator(deps: Deps) -> Arc<dyn Authenticator> {
    Arc::new(authenticator::CredentialAuthenticator::new(deps))
}

fn routes(deps: Deps) -> Routes {
    Routes::new()
        .routes(routes!(sign_in::routes::list_sign_in_methods))
        .routes(routes!(sign_in::routes::sign_in))
        .routes(routes!(sign_in::routes::sign_in_with_supabase))
        .routes(routes!(sign_in::routes::list_supabase_invitations))
        .routes(routes!(sign_in::routes::sign_out))
        .routes(routes!(account::routes::request_password_reset))
        .routes(routes!(account::routes::set_password))
        .routes(routes!(invitations::answer_routes::get_invitation))
        .routes(routes!(invitations::answer_routes::accept_invitation))
        .routes(routes!(invitations::answer_routes::decline_invitation))
        .routes(routes!(me::routes::get_me, account::routes::update_me))
        .routes(routes!(account::routes::change_password))
        .routes(routes!(account::routes::request_address_proof))
        .routes(routes!(sessions::routes::list_sessions, sessions::routes::end_other_sessions))
        .routes(routes!(sessions::routes::end_session))
        .routes(routes!(invitations::answer_routes::list_my_invitations))
        .routes(routes!(invitations::answer_routes::accept_my_invitation))
        .routes(routes!(invitations::answer_routes::decline_my_invitation))
        .routes(routes!(me::routes::switch_organization))
        .routes(routes!(organizations::routes::get_organization, organizations::routes::update_organization))
        .routes(routes!(nodes::routes::list_nodes, nodes::routes::create_node))
        .routes(routes!(members::routes::list_members))
        .routes(routes!(members::routes::update_member, members::routes::remove_member))
        .routes(routes!(members::routes::set_member_node, members::routes::remove_member_node))
        .routes(routes!(invitations::routes::list_invitations, invitations::routes::create_invitation))
        .routes(routes!(invitations::routes::resend_invitation))
        .routes(routes!(invitations::routes::revoke_invitation))
        .routes(routes!(tokens::routes::list_tokens, tokens::routes::create_token))
        .routes(routes!(tokens::routes::revoke_token))
        .routes(routes!(configurations::routes::list_configurations))
        .routes(routes!(configurations::routes::list_configuration_versions))
        .routes(routes!(configurations::routes::restore_configuration))
        .routes(routes!(configurations::routes::forget_configurations))
        .routes(routes!(
            configurations::routes::set_configuration,
            configurations::routes::delete_configuration
        ))
        .routes(routes!(audit::list_audit_log))
        .with_state(deps)
}

/// What organizations, people and their credentials bring.
pub fn domain(deps: &Deps) -> Domain {
    let mut domain = Domain {
        api: routes(deps.clone()),
        queues: &["notify"],
        events: events::ALL,
        permissions: permissions::PERMISSIONS,
        settings: retention::SETTINGS,
        tables: tables::TABLES,
        ..Domain::new("tenancy")
    };
    invitations::register(deps.clone(), &mut domain.jobs);
    account::reset::register(deps.clone(), &mut domain.jobs);
    domain.cron.every(TimeDelta::minutes(10), "clean_up_throttles", throttle::clean_up);
    domain.cron.every(TimeDelta::minutes(10), "clean_up_sessions", sessions::actions::clean_up);
    domain.cron.every(TimeDelta::hours(1), "forget_ways_in", retention::forget_ways_in);
    domain
}
