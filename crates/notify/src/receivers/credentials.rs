//! The credentials of a receiver: where they are sealed, and how they are kept out of errors. Which there are is said by
//! the descriptor of its channel.

use kernel::{NodeId, Redactor, Result, Secret};
use messengers::SendError;
use platform::{
    db::TenantTx,
    secrets::{self, Keyring, Name, SecretVersion},
};
use url::Url;

use crate::{ReceiverId, channels::Descriptor};

/// Whose credentials they are: what they are sealed for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holder {
    pub receiver: ReceiverId,
    pub channel: &'static Descriptor,
    pub node: Option<NodeId>,
}

/// How the keys of their sealed values begin.
pub(crate) const SEALED: &str = "receiver/";

fn key(receiver: ReceiverId, credential: &str) -> String {
    format!("{SEALED}{receiver}/{credential}")
}

impl Holder {
    const fn name(self, key: &str) -> Name<'_> {
        Name { node: self.node, config_type: self.channel.im_type, config_key: key }
    }

    /// Seals a credential. The one before stays as an earlier version.
    pub(super) async fn put(
        self,
        tx: &mut TenantTx,
        keyring: &Keyring,
        credential: &str,
        value: &Secret<String>,
    ) -> Result<()> {
        let key = key(self.receiver, credential);
        secrets::put(tx, keyring, self.name(&key), &Secret::new(value.expose().trim().to_owned())).await
    }

    /// Seals what is stored for another owner.
    pub(super) async fn move_to(
        self,
        tx: &mut TenantTx,
        keyring: &Keyring,
        node: Option<NodeId>,
        credentials: &[&str],
    ) -> Result<()> {
        for credential in credentials {
            secrets::move_to(tx, keyring, self.name(&key(self.receiver, credential)), node).await?;
        }
        Ok(())
    }

    /// The versions of a credential that count; empty when it is not stored.
    pub(super) async fn versions(self, tx: &mut TenantTx, credential: &str) -> Result<Vec<SecretVersion>> {
        secrets::versions(tx, self.name(&key(self.receiver, credential))).await
    }

    /// Uses an earlier version again; answers its new number.
    pub(super) async fn restore(
        self,
        tx: &mut TenantTx,
        keyring: &Keyring,
        credential: &str,
        version: i32,
    ) -> Result<i32> {
        secrets::restore(tx, keyring, self.name(&key(self.receiver, credential)), version).await
    }

    /// Removes the earlier versions of a credential; answers their numbers.
    pub(super) async fn forget_earlier(self, tx: &mut TenantTx, credential: &str) -> Result<Vec<i32>> {
        secrets::forget_earlier(tx, self.name(&key(self.receiver, credential))).await
    }

    /// Removes a credential with its earlier versions.
    pub(super) async fn delete(self, tx: &mut TenantTx, credential: &str) -> Result<()> {
        secrets::delete(tx, self.name(&key(self.receiver, credential))).await.map(drop)
    }
}

/// Opened credentials, for one call.
pub(crate) struct Credentials {
    opened: Vec<(&'static str, Secret<String>)>,
    redactor: Redactor,
}

impl Credentials {
    /// Opens what is stored for a receiver. Earlier versions that still count are never sent, but a platform may repeat them.
    pub async fn open(tx: &mut TenantTx, keyring: &Keyring, holder: Holder) -> Result<Self> {
        let (mut opened, mut earlier) = (Vec::new(), Vec::new());
        for setting in holder.channel.credentials() {
            let key = key(holder.receiver, setting.name);
            let mut versions = secrets::counting(tx, keyring, holder.name(&key)).await?.into_iter();
            opened.extend(versions.next().map(|current| (setting.name, current.value)));
            earlier.extend(versions.map(|version| version.value));
        }
        Ok(Self::new(opened, &earlier))
    }

    fn new(opened: Vec<(&'static str, Secret<String>)>, earlier: &[Secret<String>]) -> Self {
        let current = opened.iter().map(|(_, value)| value);
        Self { redactor: messengers::redactor(current.chain(earlier)), opened }
    }

    pub fn get(&self, wanted: &str) -> Option<&Secret<String>> {
        self.opened.iter().find(|(credential, _)| *credential == wanted).map(|(_, value)| value)
    }

    /// # Errors
    /// [`SendError::GiveUp`] when it is not stored.
    pub fn require(&self, wanted: &str) -> Result<&Secret<String>, SendError> {
        self.get(wanted).ok_or_else(|| {
            SendError::give_up(format!("no {wanted} is stored for this receiver; add it to the receiver"))
        })
    }

    /// # Errors
    /// As [`Credentials::require`], and when what is stored is no URL.
    pub fn require_url(&self, wanted: &str) -> Result<Url, SendError> {
        let text = self.require(wanted)?;
        Url::parse(text.expose()).map_err(|_| SendError::give_up(format!("the stored {wanted} is no URL")))
    }

    /// A text from a platform without any of the credentials, in case the platform repeats what it was sent.
    pub fn scrub(&self, text: &str) -> String {
        self.redactor.text(text)
    }

    #[cfg(test)]
    pub fn of(values: Vec<(&'static str, &str)>) -> Self {
        Self::new(
            values.into_iter().map(|(name, value)| (name, Secret::new(value.to_owned()))).collect(),
            &[],
        )
    }
}
