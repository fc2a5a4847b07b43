//! What callers may be allowed to do: a type for each permission, declared by the domain whose things it is about with
//! [`permissions!`](crate::permissions).

/// A question that a handler's signature asks.
pub trait Permission: Send + Sync + 'static {
    /// As in `/api/v1/me`: `alerts:read`.
    const NAME: &'static str;
    /// Who has it.
    const HOLDERS: Holders;
}

/// Any signed-in caller; asks for nothing else.
pub struct SignedIn;
impl Permission for SignedIn {
    const NAME: &'static str = "";
    const HOLDERS: Holders = Holders::Everyone;
}

/// Whose roles hold a permission. Which role belongs to whom is for `tenancy` to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holders {
    /// Every person and every program.
    Everyone,
    /// Every person, and no program.
    People,
    /// Those who work on what comes in.
    Workers,
    /// The same, and programs.
    WorkersAndPrograms,
    /// Those who lead the work.
    Leads,
    /// Those who run the organization.
    Admins,
    /// Whatever sends what comes in: programs, also those with a token for nothing else. Of people, admins.
    Senders,
}

/// A permission as it can be given.
#[derive(Clone, Copy, Debug)]
pub struct Grantable {
    pub name: &'static str,
    pub holders: Holders,
    /// What it allows, in a phrase.
    pub means: &'static str,
}

/// Declares permissions: a type for each, and the list of them.
///
/// ```ignore
/// platform::permissions! {
///     pub PERMISSIONS {
///         /// See alerts.
///         AlertsRead = "alerts:read", for Everyone;
///     }
/// }
/// ```
#[macro_export]
macro_rules! permissions {
    ($visible:vis $list:ident {$(
        #[doc = $means:literal]
        $name:ident = $text:literal, for $holders:ident;
    )+}) => {
        $(
            #[doc = concat!("`", $text, "`:", $means)]
            pub struct $name;
            impl $crate::http::Permission for $name {
                const NAME: &'static str = $text;
                const HOLDERS: $crate::http::Holders = $crate::http::Holders::$holders;
            }
        )+
        /// All of them.
        $visible const $list: &[$crate::http::Grantable] = &[$($crate::http::Grantable {
            name: $text,
            holders: $crate::http::Holders::$holders,
            means: $means.trim_ascii(),
        }),+];
    };
}

permissions! {
    pub PERMISSIONS {
        /// See who changed what.
        AuditRead = "audit:read", for Leads;
        /// See the queue: what waits, runs and was given up.
        JobsRead = "jobs:read", for Leads;
        /// Pause and limit queues, cancel jobs, have dead letters tried again.
        JobsWrite = "jobs:write", for Leads;
        /// See settings; never a secret's value.
        SettingsRead = "settings:read", for Admins;
        /// Change settings, secrets, and the organization's tree.
        SettingsWrite = "settings:write", for Admins;
    }
}
