//! Making, renaming and suspending organizations.

use kernel::{NodeId, Result};
use platform::{db::TenantTx, record::Change};

use super::{
    model::{Organization, OrganizationStatus, check_name, check_slug},
    store,
};
use crate::{
    events::{
        Name, OrganizationActivated, OrganizationCreated, OrganizationDeleted, OrganizationMade,
        OrganizationRenamed, OrganizationState, OrganizationSuspended,
    },
    nodes::{self, NodeKind},
    ownership::{as_owner, as_tenant},
};

/// Creates the organization that the transaction names, with the root of its tree.
///
/// # Errors
/// `invalid_slug`, `invalid_name`, `slug_taken`
pub(crate) async fn create(tx: &mut TenantTx, slug: &str, name: &str) -> Result<()> {
    check_slug(slug)?;
    let name = check_name(name)?;
    as_owner(tx, "only an organization that does not exist yet can be created").await?;
    store::insert(tx, slug, &name).await?;
    as_tenant(tx).await?;
    let root =
        nodes::NewNode { id: NodeId::new(tx.now()), parent_id: None, kind: NodeKind::Org, slug, name: &name };
    nodes::store::insert(tx, &root).await?;
    let made = OrganizationMade { slug: slug.to_owned(), name };
    tx.record::<OrganizationCreated, _>((tx.org().uuid(), None), Change::to(made)).await.map(drop)
}

/// # Errors
/// `invalid_name`
pub(crate) async fn rename(tx: &mut TenantTx, name: &str) -> Result<Organization> {
    let name = check_name(name)?;
    let before = store::lock(tx).await?;
    store::rename(tx, &name).await?;
    let change = Change::between(Name { name: before.name.clone() }, Name { name: name.clone() });
    tx.record::<OrganizationRenamed, _>((before.id.uuid(), None), change).await?;
    Ok(Organization { name, ..before })
}

/// Suspends an organization or lets it in again. What it has is kept; its people and tokens get
/// `organization_suspended` from the next request on (another process may let a token in for two more seconds).
pub(crate) async fn set_status(tx: &mut TenantTx, status: OrganizationStatus) -> Result<()> {
    let before = store::get(tx).await?;
    as_owner(tx, "a tenant must not lift its own suspension").await?;
    store::set_status(tx, status).await?;
    as_tenant(tx).await?;
    let subject = (before.id.uuid(), None);
    let change = Change::between(OrganizationState { status: before.status }, OrganizationState { status });
    match status {
        OrganizationStatus::Active => tx.record::<OrganizationActivated, _>(subject, change).await,
        OrganizationStatus::Suspended => tx.record::<OrganizationSuspended, _>(subject, change).await,
        OrganizationStatus::Deleted => tx.record::<OrganizationDeleted, _>(subject, change).await,
    }
    .map(drop)
}
