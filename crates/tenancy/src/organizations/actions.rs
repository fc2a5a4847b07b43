//! Making, renaming and suspending organizations.

use kernel::{NodeId, OrgId, Result};
use platform::{
    db::TenantTx,
    record::{Change, Subject},
};
use serde_json::json;

use super::{
    model::{Organization, OrganizationStatus, check_name, check_slug},
    store,
};
use crate::{
    nodes::{self, NodeKind},
    ownership::{as_owner, as_tenant},
};

fn subject(org: OrgId) -> Subject<'static> {
    Subject::new("organization", org.uuid())
}

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
    let after = json!({ "slug": slug, "name": name });
    let kind = "organization.created.v1";
    tx.record(Change { kind, subject: subject(tx.org()), before: None, after: Some(after), reason: None })
        .await?;
    Ok(())
}

/// # Errors
/// `invalid_name`
pub(crate) async fn rename(tx: &mut TenantTx, name: &str) -> Result<Organization> {
    let name = check_name(name)?;
    let before = store::lock(tx).await?;
    store::rename(tx, &name).await?;
    let change = Change {
        kind: "organization.renamed.v1",
        subject: subject(before.id),
        before: Some(json!({ "name": before.name })),
        after: Some(json!({ "name": name })),
        reason: None,
    };
    tx.record(change).await?;
    Ok(Organization { name, ..before })
}

/// Suspends an organization or lets it in again. What it has is kept; its people and tokens get
/// `organization_suspended` from the next request on (another process may let a token in for two more seconds).
pub(crate) async fn set_status(tx: &mut TenantTx, status: OrganizationStatus) -> Result<()> {
    let before = store::find(tx).await?;
    as_owner(tx, "a tenant must not lift its own suspension").await?;
    store::set_status(tx, status).await?;
    as_tenant(tx).await?;
    let kind = match status {
        OrganizationStatus::Active => "organization.activated.v1",
        OrganizationStatus::Suspended => "organization.suspended.v1",
        OrganizationStatus::Deleted => "organization.deleted.v1",
    };
    let change = Change {
        kind,
        subject: subject(before.id),
        before: Some(json!({ "status": before.status })),
        after: Some(json!({ "status": status })),
        reason: None,
    };
    tx.record(change).await?;
    Ok(())
}
