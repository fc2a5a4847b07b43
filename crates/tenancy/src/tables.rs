//! The tables of tenancy.

use platform::domain::Table;

pub(crate) const TABLES: &[Table] = &[
    Table::plain("organizations"),
    Table::published("tenants"),
    Table::plain("org_nodes"),
    Table::published("tenant_nodes"),
    Table::plain("users"),
    Table::published("people"),
    Table::plain("memberships"),
    Table::plain("membership_nodes"),
    Table::published("active_members"),
    Table::published("member_addresses"),
    Table::plain("invitations"),
    Table::plain("sessions"),
    Table::plain("known_devices"),
    Table::plain("throttles"),
    Table::plain("access_tokens"),
];
