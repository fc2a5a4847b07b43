//! What the operator does from the command line, without signing in: `steward admin …` and the first start.

use chrono::{DateTime, Utc};
use kernel::{Error, OrgId, Result, Secret, UserId};
use platform::{
    App,
    db::{Actor, Origin, Scope, TenantTx},
};
use rand::{Rng, distr::Alphanumeric};

pub use crate::account::prove::Proved;
use crate::{
    account::{
        By,
        password::{self, Named},
    },
    members::{self, NewMember},
    nodes,
    organizations::{self, OrganizationStatus},
    permissions::{Role, TokenScope},
    tokens::{self, NewToken, Owner},
};

/// The name under which the record shows the operator.
const ACTOR: &str = "steward admin";

/// A token to make; the node is named by its slug.
pub struct TokenRequest<'a> {
    pub name: &'a str,
    pub role: Role,
    pub scopes: Vec<TokenScope>,
    pub node: Option<&'a str>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// The organization and the admin of a server that has none.
pub struct First<'a> {
    pub slug: &'a str,
    pub name: &'a str,
    pub email: &'a str,
}

/// An address that nobody can guess, for an admin who was not named. Nobody has it: `.invalid` is reserved (RFC 2606).
pub fn random_address() -> String {
    let name = rand::rng().sample_iter(Alphanumeric).take(10).map(char::from).collect::<String>();
    format!("admin-{}@steward.invalid", name.to_lowercase())
}

/// Whether the server has no organization yet.
pub async fn is_new(app: &App) -> Result<bool> {
    let mut system = app.db.system("whether there is any organization").await?;
    Ok(!organizations::store::any(system.conn()).await?)
}

/// How to sign in after the first start. To be printed once: it is kept nowhere.
pub struct FirstLogin {
    pub organization: String,
    pub email: String,
    pub password: Secret<String>,
}

/// Creates an organization with the root of its tree.
///
/// # Errors
/// `slug_taken`, `invalid_slug`, `invalid_name`
pub async fn create_org(app: &App, slug: &str, name: &str) -> Result<OrgId> {
    let org = OrgId::new(app.clock.now());
    let mut tx = app.db.tenant(app.db.system_scope(org, ACTOR)).await?;
    organizations::actions::create(&mut tx, slug, name).await?;
    tx.commit().await?;
    Ok(org)
}

/// Suspends an organization or lets it in again. Running servers follow within two seconds.
pub async fn set_org_status(app: &App, slug: &str, status: OrganizationStatus) -> Result<()> {
    let mut tx = enter(app, slug).await?;
    organizations::actions::set_status(&mut tx, status).await?;
    tx.commit().await
}

/// Adds a person to an organization.
///
/// # Errors
/// `organization not found`, `already_member`, `account_exists`, `invalid_email`, `invalid_name`, `invalid_password`
pub async fn create_user(app: &App, organization: &str, new: NewMember) -> Result<UserId> {
    let new = new.check().await?;
    let mut tx = enter(app, organization).await?;
    let user = members::actions::add(&mut tx, &new).await?;
    tx.commit().await?;
    Ok(user)
}

/// Makes a token of the organization and answers its text.
///
/// # Errors
/// `organization not found`, `node not found`, `invalid_name`, `invalid_scopes`, `invalid_expiry`
pub async fn create_token(
    app: &App,
    organization: &str,
    request: TokenRequest<'_>,
) -> Result<Secret<String>> {
    let mut tx = enter(app, organization).await?;
    let node = match request.node {
        Some(slug) => {
            Some(nodes::store::find_by_slug(&mut tx, slug).await?.ok_or(Error::NotFound("node"))?.id)
        }
        None => None,
    };
    let TokenRequest { name, role, scopes, expires_at, .. } = request;
    let owner = Owner::Organization;
    let new = NewToken { name: name.to_owned(), role, scopes, node, expires_at, owner };
    let created = tokens::actions::create(&mut tx, &app.keyring, &new).await?;
    tx.commit().await?;
    Ok(created.text)
}

/// Sets a person's password and ends their sessions. An account whose address is not proved is named with its organization.
///
/// # Errors
/// `user not found`, `organization not found`, `invalid_setting` when `--org` must be given, `address_proved` when it must not,
/// `invalid_password`
pub async fn set_password(
    app: &App,
    email: &str,
    organization: Option<&str>,
    password: Secret<String>,
) -> Result<()> {
    password::set(app, &by(&Origin::default()), &Named { email, organization }, &password).await
}

/// Vouches for the address of an account that only this organization knows, and gives it a new password.
///
/// # Errors
/// `user not found`, `organization not found`, `address_proved`, `invalid_setting` when another organization holds the account,
/// `invalid_password`
pub async fn verify_email(
    app: &App,
    email: &str,
    organization: &str,
    password: Secret<String>,
) -> Result<Proved> {
    password::verify(
        app,
        &by(&Origin::default()),
        &Named { email, organization: Some(organization) },
        &password,
    )
    .await
}

fn by(origin: &Origin) -> By<'_> {
    By { actor: Actor::System { name: ACTOR.into() }, origin }
}

/// Creates the first organization and its admin when the server has no organization at all. Of two servers that
/// start at once, one does it.
pub async fn bootstrap(app: &App, first: First<'_>) -> Result<Option<FirstLogin>> {
    if !is_new(app).await? {
        return Ok(None);
    }
    let password: String = rand::rng().sample_iter(Alphanumeric).take(24).map(char::from).collect();
    let password = Secret::new(password);
    let admin = NewMember {
        email: first.email.into(),
        name: Some("Administrator".into()),
        role: Role::Admin,
        password: Some(password.clone()),
    };
    let admin = admin.check().await?;
    let mut tx = app.db.tenant(app.db.system_scope(OrgId::new(app.clock.now()), "first start")).await?;
    match organizations::actions::create(&mut tx, first.slug, first.name).await {
        Err(error) if error.code().0 == "slug_taken" => return Ok(None),
        outcome => outcome?,
    }
    members::actions::add(&mut tx, &admin).await?;
    tx.commit().await?;
    Ok(Some(FirstLogin { organization: first.slug.into(), email: first.email.into(), password }))
}

/// The operator's scope in the organization with this slug.
///
/// # Errors
/// `organization not found`
pub async fn scope(app: &App, slug: &str) -> Result<Scope> {
    let mut system = app.db.system("the command line names organizations by slug").await?;
    let org =
        organizations::store::id_of(system.conn(), slug).await?.ok_or(Error::NotFound("organization"))?;
    system.commit().await?;
    Ok(app.db.system_scope(org, ACTOR))
}

/// A transaction in the organization with this slug.
async fn enter(app: &App, slug: &str) -> Result<TenantTx> {
    app.db.tenant(scope(app, slug).await?).await
}

#[cfg(test)]
mod tests;
