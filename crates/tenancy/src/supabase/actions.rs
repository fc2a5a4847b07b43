//! From a JWT to a person and the organization they enter.

use chrono::{DateTime, Utc};
use kernel::{Error, OrgId, Result, Secret, UserId};
use platform::{
    App,
    db::{Actor, Origin, Scope},
    record::Change,
};
use sqlx::PgConnection;

use super::{
    Claims,
    store::{self, Binding, NewSupabaseUser},
};
use crate::{
    Deps, InvitationId,
    events::{self, Account, MemberBound},
    invitations::{self, answers, views::MyInvitation},
    members::{
        self,
        model::{Person, Place, choose, normalize_email},
    },
    ownership::{as_owner, as_tenant},
};

/// # Errors
/// `invalid_token`, also when this server knows no Supabase project; `token_expired`
pub(crate) async fn verify(deps: &Deps, jwt: &Secret<String>) -> Result<Claims> {
    let Some(supabase) = &deps.supabase else {
        return Err(super::invalid("this server is not set up for Supabase Auth"));
    };
    supabase.verify(jwt, deps.app.clock.now()).await
}

/// The person of a verified JWT and the organization they enter. `signed_in_at` is when the person proved who they are.
///
/// # Errors
/// `not_invited`; `invitation_pending` for somebody who has yet to accept; `user_inactive`, `organization_suspended`,
/// `no_membership`
pub(crate) async fn enter(
    deps: &Deps,
    claims: &Claims,
    organization: Option<&str>,
    signed_in_at: DateTime<Utc>,
) -> Result<(Person, Place)> {
    let now = deps.app.clock.now();
    let mut tx = deps.app.db.system("a Supabase user is known across organizations").await?;
    let (found, bound) = known(tx.conn(), claims, now).await?;
    let Some(person) = found else { return Err(not_invited(tx.conn(), claims, now).await?) };
    person.status.check("your account")?;
    let places = members::store::places(tx.conn(), person.id).await?;
    if places.is_empty() && !invitations::views::of_email(tx.conn(), &person.email, now).await?.is_empty() {
        return Err(pending());
    }
    let organizations: Vec<_> = places.iter().map(|place| place.org_id).collect();
    let place = choose(places, organization)?;
    if tx.takes_writes() {
        store::signed_in(tx.conn(), person.id, signed_in_at, now).await?;
    }
    tx.commit().await?;
    if let Some(before) = bound {
        record_binding(deps, &person, before, &organizations).await?;
    }
    Ok((person, place))
}

/// The person of a JWT, by its id; or the one whom the operator made for its address. Answers the id that one had.
async fn known(
    conn: &mut PgConnection,
    claims: &Claims,
    now: DateTime<Utc>,
) -> Result<(Option<Person>, Option<UserId>)> {
    let user = claims.user()?;
    if let Some(person) = members::store::person(conn, user).await? {
        return Ok((Some(person), None));
    }
    let bound = bind(conn, claims, user, now).await?;
    Ok((members::store::person(conn, user).await?, bound))
}

async fn not_invited(conn: &mut PgConnection, claims: &Claims, now: DateTime<Utc>) -> Result<Error> {
    if let Some(email) = address(claims)
        && !invitations::views::of_email(conn, &email, now).await?.is_empty()
    {
        return Ok(pending());
    }
    let detail = "nobody invited this e-mail; ask an administrator of your organization";
    Ok(Error::forbidden("not_invited", detail))
}

fn pending() -> Error {
    Error::forbidden("invitation_pending", "you are invited: accept the invitation first")
}

/// The address that the JWT proves.
fn address(claims: &Claims) -> Option<String> {
    claims.verified_email().and_then(|email| normalize_email(email).ok())
}

/// The open invitations of a JWT's user.
pub(crate) async fn invitations(deps: &Deps, claims: &Claims) -> Result<Vec<MyInvitation>> {
    let now = deps.app.clock.now();
    let mut tx = deps.app.db.system("a Supabase user is known across organizations").await?;
    let (person, _) = known(tx.conn(), claims, now).await?;
    let Some(email) = person.map(|person| person.email).or_else(|| address(claims)) else {
        return Ok(Vec::new());
    };
    invitations::views::of_email(tx.conn(), &email, now).await
}

/// Accepts an invitation, with an account that is made for it if need be, and enters.
///
/// # Errors
/// Those of [`enter`]; `invitation not found`, `invitation_ended`; `account_exists` when somebody has the address and a password
pub(crate) async fn accept(
    deps: &Deps,
    claims: &Claims,
    id: InvitationId,
    origin: Origin,
) -> Result<(Person, Place)> {
    let (app, now) = (&deps.app, deps.app.clock.now());
    let mut tx = app.db.system("a Supabase user is known across organizations").await?;
    let (person, _) = known(tx.conn(), claims, now).await?;
    tx.commit().await?;
    let slug = match person {
        Some(person) => answers::accept(app, &person, id, origin).await?.organization,
        None => introduce(app, claims, id, origin).await?,
    };
    enter(deps, claims, Some(&slug), now).await
}

/// Makes an account for a JWT's user, who accepts; answers the slug of who invited.
async fn introduce(app: &App, claims: &Claims, id: InvitationId, origin: Origin) -> Result<String> {
    let user = claims.user()?;
    let email = address(claims).ok_or(Error::NotFound("invitation"))?;
    let (org, slug) = answers::place(app, &email, id).await?;
    let name = claims.name();
    let shown = name.as_deref().unwrap_or(&email);
    let mut tx = answers::begin(app, org, (user, shown), origin).await?;
    let invitation = answers::lock(&mut tx, id).await?;
    let new = NewSupabaseUser { user, email: &email, name: name.as_deref(), avatar_url: claims.avatar_url() };
    as_owner(&mut tx, "an account is a person's, not an organization's").await?;
    let introduced = store::insert(&mut tx, &new).await?;
    as_tenant(&mut tx).await?;
    if !introduced {
        let detail =
            "this address has an account with a password; sign in with that, then accept the invitation";
        return Err(Error::conflict("account_exists", detail));
    }
    answers::join(&mut tx, &invitation, user).await?;
    tx.commit().await?;
    Ok(slug)
}

/// Binds the account that the operator made for the JWT's e-mail, if there is one; answers the id it had.
async fn bind(
    conn: &mut PgConnection,
    claims: &Claims,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Option<UserId>> {
    let Some(email) = address(claims) else { return Ok(None) };
    let Some(waiting) = store::lock_without_password(conn, &email).await? else { return Ok(None) };
    let before = waiting.id;
    store::bind(conn, &Binding { before, user, name: claims.name(), avatar_url: claims.avatar_url(), now })
        .await?;
    Ok(Some(before))
}

/// Each organization of the person has in its record that a member's id changed.
async fn record_binding(deps: &Deps, person: &Person, before: UserId, organizations: &[OrgId]) -> Result<()> {
    for org in organizations {
        let actor = Actor::User { id: person.id, name: person.display_name().to_owned() };
        let scope = Scope { actor, ..deps.app.db.system_scope(*org, "supabase") };
        let mut tx = deps.app.db.tenant(scope).await?;
        let after = Account { email: Some(person.email.clone()), ..Account::of(person.id) };
        let change = Change::between(Account::of(before), after);
        tx.record::<MemberBound, _>(events::member(person.id), change).await?;
        tx.commit().await?;
    }
    Ok(())
}
