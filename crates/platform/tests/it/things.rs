//! A domain of nothing but events.

use platform::{
    record::{Catalogue, Change},
    settings::Setting,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

platform::permissions! {
    pub PERMISSIONS {
        /// See things.
        ThingsRead = "things:read", for Everyone;
        /// See other things.
        OthersRead = "others:read", for Everyone;
    }
}

/// How long what happens to other things is kept.
pub const OTHERS_KEPT: Setting<Option<u32>> = Setting {
    key: "other_things.events_kept_days",
    title: "Events of other things",
    help: "Nobody asks for them later.",
    unit: "days",
    default: None,
    bounds: (7, 3650),
    over: None,
};

platform::events! {
    THINGS, about "thing", for ThingsRead {
        /// There is a new thing.
        Made: Change<Thing> = "thing.made.v1",
        /// Something came of a thing.
        First = "thing.first.v1",
        /// Something else did.
        Second: First = "thing.second.v1",
        /// And something else.
        Third: First = "thing.third.v1",
        /// And again.
        Fourth: First = "thing.fourth.v1",
        /// One of many.
        Numbered = "thing.numbered.v1",
    }
    OTHERS, about "other_thing", for OthersRead, kept OTHERS_KEPT {
        /// Not everybody may see it.
        Hidden: First = "other_thing.hidden.v1",
        /// One of many others.
        OtherNumbered: Numbered = "other_thing.numbered.v1",
    }
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Thing {
    pub name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct First {}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Numbered {
    pub number: usize,
}

/// To see all of them.
pub fn every_permission() -> Vec<&'static str> {
    PERMISSIONS.iter().map(|permission| permission.name).collect()
}

pub fn catalogue() -> Catalogue {
    Catalogue::of([THINGS, OTHERS])
}
