//! Whether callers who were let in some time ago would still be, with the same rights: one question for all of them.

use std::collections::HashMap;

use kernel::{OrgId, Result, TokenId, UserId};
use platform::{
    db::Actor,
    http::{Caller, CredentialId},
};

use crate::{Deps, members, rights::Rights, sessions, tokens};

/// What a credential gives now.
struct Present {
    org: OrgId,
    rights: Rights,
}

impl Present {
    /// Whoever has other rights than before shows their credential again, and gets what there is for those.
    fn is_as_before(&self, caller: &Caller) -> bool {
        self.org == caller.org
            && self.rights.everywhere == caller.permissions
            && self.rights.nodes == caller.nodes
    }
}

pub(super) async fn recheck(deps: &Deps, callers: &[Caller]) -> Result<Vec<bool>> {
    let (app, access) = (&deps.app, &deps.options.access);
    let now = app.clock.now();
    let (mut hashes, mut orgs, mut ids, mut people) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for caller in callers {
        match (&caller.credential, &caller.actor) {
            (CredentialId::Session(hash), _) => hashes.push(hash.clone()),
            (CredentialId::Token(id), _) => {
                orgs.push(caller.org);
                ids.push(*id);
            }
            (CredentialId::Jwt { .. }, Actor::User { id, .. }) => people.push(*id),
            (CredentialId::Jwt { .. }, _) => {}
        }
    }
    let mut tx = app.db.system("callers of every organization are asked about at once").await?;
    let sessions: HashMap<Vec<u8>, Present> = sessions::store::find(tx.conn(), &hashes)
        .await?
        .into_iter()
        .filter(|session| session.check(now).is_ok())
        .map(|session| {
            let place = session.place();
            (session.id_hash, Present { org: place.org_id, rights: place.rights(access) })
        })
        .collect();
    let tokens: HashMap<TokenId, Present> = tokens::store::find_by_ids(tx.conn(), &orgs, &ids)
        .await?
        .into_iter()
        .filter(|token| token.check(now).is_ok())
        .map(|token| (token.id, Present { org: token.org_id, rights: token.rights(access) }))
        .collect();
    let places: HashMap<(UserId, OrgId), Present> = members::store::places_of_all(tx.conn(), &people)
        .await?
        .into_iter()
        .filter(|(_, place)| place.check().is_ok())
        .map(|(user, place)| {
            ((user, place.org_id), Present { org: place.org_id, rights: place.rights(access) })
        })
        .collect();
    let present = |caller: &Caller| match (&caller.credential, &caller.actor) {
        (CredentialId::Session(hash), _) => sessions.get(hash),
        (CredentialId::Token(id), _) => tokens.get(id),
        (CredentialId::Jwt { expires_at }, Actor::User { id, .. }) if now < *expires_at => {
            places.get(&(*id, caller.org))
        }
        (CredentialId::Jwt { .. }, _) => None,
    };
    Ok(callers.iter().map(|caller| present(caller).is_some_and(|now| now.is_as_before(caller))).collect())
}
