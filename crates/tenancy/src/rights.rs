//! What somebody may do, and where: in the whole organization, and at nodes of its tree and below them.
//!
//! A person has the permissions of their role in the organization, and beside it a role or single permissions at nodes. What is
//! given at the root is given everywhere. A token has its role's permissions cut down to its scopes, everywhere or at its node;
//! one that is a person's has no more of them than its owner has in the same place.

use std::{collections::BTreeSet, sync::Arc};

use kernel::NodeId;
use platform::http::NodeRights;
use serde::{Deserialize, Serialize};

use crate::permissions::{Access, Permissions, Role};

/// What a person is given at a node, as the database tells it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub node_id: NodeId,
    pub role: Option<Role>,
    pub permissions: Vec<String>,
    /// Whether the node is the root of the tree.
    pub root: bool,
    /// The node and all below it.
    pub below: BTreeSet<NodeId>,
}

/// The SQL of a member's [`Grant`]s as JSON, from `memberships m`.
macro_rules! grants {
    () => {
        "coalesce((
            select jsonb_agg(jsonb_build_object('node_id', g.node_id, 'role', g.role, 'permissions', g.permissions,
                'root', n.parent_id is null,
                'below', (select jsonb_agg(b) from nodes_below(g.org_id, array[g.node_id]) b)) order by g.node_id)
            from membership_nodes g join org_nodes n on n.org_id = g.org_id and n.id = g.node_id
            where g.org_id = m.org_id and g.user_id = m.user_id), '[]')"
    };
}

pub(crate) use grants;

/// Where a token counts.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Place {
    pub node: NodeId,
    /// The node and all below it.
    pub below: BTreeSet<NodeId>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rights {
    pub everywhere: Permissions,
    pub nodes: Arc<Vec<NodeRights>>,
}

impl Rights {
    pub(crate) fn of_person(access: &Access, role: Option<Role>, grants: &[Grant]) -> Self {
        let of_role =
            |role: Option<Role>| role.map(|role| (*access.of_role(role)).clone()).unwrap_or_default();
        let mut everywhere = of_role(role);
        let mut nodes = Vec::new();
        for grant in grants {
            let mut permissions = of_role(grant.role);
            permissions.extend(grant.permissions.iter().filter_map(|name| access.known(name)));
            if grant.root {
                everywhere.extend(permissions);
            } else {
                nodes.push(NodeRights { node: grant.node_id, permissions, below: grant.below.clone() });
            }
        }
        Self { everywhere: Arc::new(everywhere), nodes: Arc::new(nodes) }
    }

    /// Of a token that grants these permissions, everywhere or at its place; and, if it is a person's, as far as they go.
    pub(crate) fn of_token(granted: &Permissions, place: Option<&Place>, owner: Option<&Self>) -> Self {
        match (place, owner) {
            (None, None) => Self { everywhere: granted.clone(), nodes: Arc::default() },
            (Some(place), None) => Self::at([rights_at(place, (**granted).clone())]),
            (None, Some(owner)) => {
                let everywhere = granted.intersection(&owner.everywhere).copied().collect();
                Self { everywhere: Arc::new(everywhere), ..owner.cut(granted, |_| true) }
            }
            (Some(place), Some(owner)) => {
                let mut held = (*owner.everywhere).clone();
                for at in owner.nodes.iter().filter(|at| at.below.contains(&place.node)) {
                    held.extend(&at.permissions);
                }
                let here = rights_at(place, granted.intersection(&held).copied().collect());
                // What the owner has further down, if they have no more of it here.
                let inside = owner.cut(granted, |node| place.below.contains(&node) && node != place.node);
                Self::at(std::iter::once(here).chain(inside.nodes.iter().cloned()))
            }
        }
    }

    fn at(nodes: impl IntoIterator<Item = NodeRights>) -> Self {
        let some = nodes.into_iter().filter(|at| !at.permissions.is_empty());
        Self { everywhere: Permissions::default(), nodes: Arc::new(some.collect()) }
    }

    /// What is held at some of the nodes, of these permissions.
    fn cut(&self, granted: &Permissions, keep: impl Fn(NodeId) -> bool) -> Self {
        let kept = self.nodes.iter().filter(|at| keep(at.node));
        Self::at(kept.map(|at| NodeRights {
            permissions: at.permissions.intersection(granted).copied().collect(),
            ..at.clone()
        }))
    }
}

fn rights_at(place: &Place, permissions: BTreeSet<&'static str>) -> NodeRights {
    NodeRights { node: place.node, permissions, below: place.below.clone() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::testing::access;

    const NAMES: [&str; 4] = ["alerts:read", "alerts:write", "skills:read", "skills:write"];

    /// A chain of nodes with a side branch: 0 is the root, 1 below it, 2 and 3 below 1, 4 below 2.
    const PARENTS: [Option<usize>; 5] = [None, Some(0), Some(1), Some(1), Some(2)];

    fn node(number: usize) -> NodeId {
        NodeId(Uuid::from_u128(number as u128 + 1))
    }

    fn below(number: usize) -> BTreeSet<NodeId> {
        let is_below = |mut inner: usize| {
            while inner != number {
                match PARENTS[inner] {
                    Some(parent) => inner = parent,
                    None => return false,
                }
            }
            true
        };
        (0..PARENTS.len()).filter(|inner| is_below(*inner)).map(node).collect()
    }

    fn may(rights: &Rights, name: &str, at: Option<NodeId>) -> bool {
        rights.everywhere.contains(name)
            || at.is_some_and(|at| {
                rights.nodes.iter().any(|held| held.below.contains(&at) && held.permissions.contains(name))
            })
    }

    fn permissions() -> impl Strategy<Value = BTreeSet<&'static str>> {
        proptest::collection::btree_set(proptest::sample::select(NAMES.to_vec()), 0..4)
    }

    fn person() -> impl Strategy<Value = Rights> {
        let grants = proptest::collection::vec((0..PARENTS.len(), permissions()), 0..4);
        (permissions(), grants).prop_map(|(everywhere, grants)| {
            let grants: Vec<Grant> = grants
                .into_iter()
                .map(|(number, permissions)| Grant {
                    node_id: node(number),
                    role: None,
                    permissions: permissions.into_iter().map(str::to_owned).collect(),
                    root: number == 0,
                    below: below(number),
                })
                .collect();
            let mut rights = Rights::of_person(&access(), None, &grants);
            let all = rights.everywhere.union(&everywhere).copied().collect();
            rights.everywhere = Arc::new(all);
            rights
        })
    }

    proptest! {
        /// A token may do something in a place if it grants it, counts there, and its owner may do it there: neither more nor less.
        #[test]
        fn a_token_goes_exactly_as_far_as_it_grants_and_its_owner_goes(
            granted in permissions(), place in proptest::option::of(1..PARENTS.len()), owner in proptest::option::of(person()),
        ) {
            let span = place.map(|number| Place { node: node(number), below: below(number) });
            let token = Rights::of_token(&Arc::new(granted.clone()), span.as_ref(), owner.as_ref());
            for name in NAMES {
                for at in (0..PARENTS.len()).map(|number| Some(node(number))).chain([None]) {
                    let counts = span.as_ref().is_none_or(|span| at.is_some_and(|at| span.below.contains(&at)));
                    let owned = owner.as_ref().is_none_or(|owner| may(owner, name, at));
                    let expected = granted.contains(name) && counts && owned;
                    prop_assert_eq!(may(&token, name, at), expected, "{} at {:?}", name, at);
                }
            }
        }
    }

    #[test]
    fn what_is_given_at_the_root_is_given_everywhere_and_unknown_words_give_nothing() {
        let grant = |number: usize, permissions: &[&str]| Grant {
            node_id: node(number),
            role: (number == 1).then_some(Role::Viewer),
            permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
            root: number == 0,
            below: below(number),
        };
        let rights = Rights::of_person(
            &access(),
            None,
            &[grant(0, &["jobs:read"]), grant(1, &["skills:write", "everything"])],
        );
        assert_eq!(Vec::from_iter(rights.everywhere.iter().copied()), ["jobs:read"]);
        let mut expected = (*access().of_role(Role::Viewer)).clone();
        expected.insert("skills:write");
        assert_eq!(rights.nodes[0].permissions, expected);
        assert!(may(&rights, "skills:write", Some(node(4))) && !may(&rights, "skills:write", None));
    }
}
