//! What somebody does who holds the link of an invitation and is not signed in.

use chrono::{DateTime, Utc};
use kernel::{Error, Result, Secret, UserId};
use platform::{App, db::Origin};
use serde::Serialize;

use super::{
    answers,
    model::{Delivery, Invitation, InvitationLink},
    store,
};
use crate::{
    Deps, InvitationId, links,
    members::{
        self,
        model::{MemberStatus, Person, Place, choose},
        store::NewPerson,
    },
    organizations::{self, Organization, model::check_name},
    ownership::{as_owner, as_tenant},
    permissions::Role,
    sign_in::{self, actions::Attempt, passwords},
    throttle::devices::Device,
};

/// What an invitation offers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Offer {
    pub id: InvitationId,
    /// The name of the organization.
    pub organization: String,
    /// Its slug.
    pub organization_slug: String,
    pub email: String,
    pub role: Role,
    pub expires_at: DateTime<Utc>,
    /// Whether the link went to the address by mail. If it did not, an account that is made with it works in this organization
    /// only, and signs in by naming it.
    pub proves_address: bool,
}

/// # Errors
/// `invalid_link`, `invitation_ended`, `organization_suspended`
pub(crate) async fn look(app: &App, link: &Secret<String>) -> Result<Offer> {
    let (invitation, organization) = get(app, link).await?;
    Ok(Offer {
        id: invitation.id,
        organization: organization.name,
        organization_slug: organization.slug,
        proves_address: invitation.delivery == Delivery::Mail,
        email: invitation.email,
        role: invitation.role,
        expires_at: invitation.expires_at,
    })
}

/// Makes an account with a password that its person chose, and accepts. If the link proves an address that has an account, its
/// password lets its person accept with that.
///
/// # Errors
/// Those of [`look`]; `invalid_name`, `invalid_password`; `account_exists` when the address has an account with another password
pub(crate) async fn accept(
    deps: &Deps,
    link: &Secret<String>,
    name: Option<&str>,
    password: &Secret<String>,
    (origin, device): (Origin, &Device),
) -> Result<(Person, Place)> {
    let app = &deps.app;
    let (invitation, organization) = get(app, link).await?;
    let name = name.map(check_name).transpose()?;
    let password_hash = passwords::set(password).await?;

    let user = UserId::new(app.clock.now());
    let shown = name.as_deref().unwrap_or(&invitation.email);
    let mut tx = answers::begin(app, invitation.org_id, (user, shown), origin.clone()).await?;
    let invitation = answers::lock(&mut tx, invitation.id).await?;
    // It may have been replaced while the password was hashed.
    invitation.check_link(app.keyring.pepper(), &InvitationLink::parse(link)?)?;
    let verified = invitation.delivery == Delivery::Mail;
    let new = NewPerson {
        id: user,
        email: &invitation.email,
        name: name.as_deref(),
        password_hash: Some(&password_hash),
        verified,
    };
    as_owner(&mut tx, "an account is a person's, not an organization's").await?;
    let introduced = members::store::insert_person(&mut tx, &new).await?;
    as_tenant(&mut tx).await?;
    match (introduced, verified) {
        (true, _) => {}
        (false, true) => {
            drop(tx);
            let email = &invitation.email;
            let attempt = Attempt { email, password, organization: None, origin: &origin, device };
            let person = prove(app, &attempt).await?;
            answers::accept(app, &person, invitation.id, origin.clone()).await?;
            let place = enter(app, person.id, &organization).await?;
            return Ok((person, place));
        }
        (false, false) => return Err(members::actions::already_member(&invitation.email)),
    }
    answers::join(&mut tx, &invitation, user).await?;
    tx.commit().await?;
    let place = enter(app, user, &organization).await?;
    let person = Person {
        id: user,
        email: invitation.email,
        name,
        status: MemberStatus::Active,
        home_org_id: (!verified).then_some(invitation.org_id),
    };
    Ok((person, place))
}

/// Somebody whose address has an account proves that it is theirs.
async fn prove(app: &App, attempt: &Attempt<'_>) -> Result<Person> {
    sign_in::actions::prove(app, attempt).await.map_err(|error| match error.code().0 {
        "invalid_credentials" => Error::conflict(
            "account_exists",
            "this address has an account, and this is not its password; if it is forgotten, have a link for a new one sent",
        ),
        _ => error,
    })
}

async fn enter(app: &App, user: UserId, organization: &Organization) -> Result<Place> {
    let mut tx = app.db.system("a person enters the organization that they joined").await?;
    choose(members::store::places(tx.conn(), user).await?, Some(&organization.slug))
}

/// # Errors
/// Those of [`look`]
pub(crate) async fn decline(app: &App, link: &Secret<String>, origin: Origin) -> Result<()> {
    let (invitation, _) = get(app, link).await?;
    let scope = app.db.system_scope(invitation.org_id, "invited person");
    let mut tx = app.db.tenant(platform::db::Scope { origin, ..scope }).await?;
    let invitation = answers::lock(&mut tx, invitation.id).await?;
    answers::refuse(&mut tx, &invitation).await?;
    tx.commit().await
}

/// The invitation of a link that fits, and who invites.
async fn get(app: &App, link: &Secret<String>) -> Result<(Invitation, Organization)> {
    let link = InvitationLink::parse(link)?;
    let (org, id) = link.place();
    let mut tx = app.db.tenant(app.db.system_scope(org, "invited person")).await?;
    let found = store::find(tx.conn(), org, id).await?.ok_or_else(links::invalid)?;
    found.check_link(app.keyring.pepper(), &link)?;
    found.check_pending(tx.now())?;
    let organization = organizations::store::get(&mut tx).await?;
    organization.status.check()?;
    Ok((found, organization))
}
