//! Keys of subjects: what is written about one for ever is sealed with its key, and gone when that is destroyed.
//!
//! The organization's data key wraps them. A subject is whatever somebody may ask to have erased, such as an issue; the rows
//! about it may be in any table and stay as they are, unreadable.

use aes_gcm::{
    Aes256Gcm,
    aead::{Generate, Key, KeyInit},
};
use chrono::{DateTime, Utc};
use kernel::{OrgId, Result, Secret};
use uuid::Uuid;

use super::{
    Keyring, data_keys,
    seal::{self, Place, failed},
};
use crate::db::TenantTx;

/// What somebody may ask to have erased.
#[derive(Clone, Copy, Debug)]
pub struct Erasable<'a> {
    /// As events name it: `issue`.
    pub kind: &'a str,
    pub id: Uuid,
}

/// The key of one subject, unwrapped. Keep it inside the work that needs it.
pub struct SubjectKey {
    org: OrgId,
    subject: (String, Uuid),
    cipher: Box<Aes256Gcm>,
}

/// Whether what was written about a subject can be read.
pub enum Readable {
    /// Nothing was sealed for it.
    Never,
    With(SubjectKey),
    /// Its key was destroyed then.
    Erased(DateTime<Utc>),
}

impl Readable {
    pub const fn key(&self) -> Option<&SubjectKey> {
        match self {
            Self::With(key) => Some(key),
            Self::Never | Self::Erased(_) => None,
        }
    }

    pub const fn erased_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Erased(at) => Some(*at),
            Self::Never | Self::With(_) => None,
        }
    }
}

impl SubjectKey {
    /// Binds a value to its column and row.
    fn place(&self, column: &str, row: Uuid) -> Place {
        let (kind, subject) = &self.subject;
        let org = self.org.uuid();
        let parts = [org.as_bytes().as_slice(), kind.as_bytes(), subject.as_bytes(), row.as_bytes()];
        Place::new(column, &parts)
    }

    /// Seals what is to stand in a column (`run_steps.sealed`) of a row.
    pub fn seal(&self, column: &str, row: Uuid, plain: &[u8]) -> Result<Vec<u8>> {
        seal::seal(&self.cipher, plain, &self.place(column, row))
    }

    pub fn open(&self, column: &str, row: Uuid, sealed: &[u8]) -> Result<Vec<u8>> {
        seal::open(&self.cipher, sealed, &self.place(column, row))
    }
}

fn wrapping_place(org: OrgId, subject: Erasable<'_>) -> Place {
    Place::new("subject key", &[org.uuid().as_bytes(), subject.kind.as_bytes(), subject.id.as_bytes()])
}

#[derive(sqlx::FromRow)]
struct Row {
    wrapped: Option<Vec<u8>>,
    destroyed_at: Option<DateTime<Utc>>,
    master_key_id: Option<String>,
    data_key: Option<Vec<u8>>,
}

/// What there is for a subject.
pub async fn readable(tx: &mut TenantTx, keyring: &Keyring, subject: Erasable<'_>) -> Result<Readable> {
    let org = tx.org();
    let query = "select s.wrapped, s.destroyed_at, k.master_key_id, k.wrapped as data_key
        from subject_keys s left join data_keys k on k.org_id = s.org_id and k.id = s.data_key_id
        where s.org_id = $1 and s.subject_type = $2 and s.subject_id = $3";
    let row: Option<Row> =
        sqlx::query_as(query).bind(org).bind(subject.kind).bind(subject.id).fetch_optional(tx.conn()).await?;
    let Some(row) = row else { return Ok(Readable::Never) };
    if let Some(at) = row.destroyed_at {
        return Ok(Readable::Erased(at));
    }
    let ((wrapped, master_key_id), data_key) = row
        .wrapped
        .zip(row.master_key_id)
        .zip(row.data_key)
        .ok_or_else(|| failed("the data key that wraps a subject's key is gone"))?;
    let data_key = data_keys::unwrap(keyring, org, &master_key_id, &data_key)?;
    let key = Secret::new(seal::open(&data_key, &wrapped, &wrapping_place(org, subject))?);
    let cipher = Aes256Gcm::new_from_slice(key.expose())
        .map_err(|_| failed("a subject's key has the wrong length"))?;
    Ok(Readable::With(SubjectKey {
        org,
        subject: (subject.kind.to_owned(), subject.id),
        cipher: Box::new(cipher),
    }))
}

/// The key of a subject, made if there is none; none when it was erased.
pub async fn subject_key(
    tx: &mut TenantTx,
    keyring: &Keyring,
    subject: Erasable<'_>,
) -> Result<Option<SubjectKey>> {
    let known = match readable(tx, keyring, subject).await? {
        Readable::Never => {
            make(tx, keyring, subject).await?;
            // Whoever came first made it.
            readable(tx, keyring, subject).await?
        }
        known => known,
    };
    Ok(match known {
        Readable::With(key) => Some(key),
        Readable::Never | Readable::Erased(_) => None,
    })
}

async fn make(tx: &mut TenantTx, keyring: &Keyring, subject: Erasable<'_>) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let (data_key_id, data_key) = data_keys::current(tx, keyring).await?;
    let fresh = Key::<Aes256Gcm>::generate();
    let query =
        "insert into subject_keys (org_id, subject_type, subject_id, data_key_id, wrapped, created_at)
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing";
    sqlx::query(query)
        .bind(org)
        .bind(subject.kind)
        .bind(subject.id)
        .bind(data_key_id)
        .bind(seal::seal(&data_key, &fresh, &wrapping_place(org, subject))?)
        .bind(now)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Destroys the key of a subject, for ever: none can be made for it again.
pub async fn destroy_subject_key(tx: &mut TenantTx, subject: Erasable<'_>) -> Result<()> {
    let (org, now) = (tx.org(), tx.now());
    let query = "insert into subject_keys (org_id, subject_type, subject_id, created_at, destroyed_at)
        values ($1, $2, $3, $4, $4)
        on conflict (org_id, subject_type, subject_id) do update
            set data_key_id = null, wrapped = null, destroyed_at = coalesce(subject_keys.destroyed_at, $4)";
    sqlx::query(query).bind(org).bind(subject.kind).bind(subject.id).bind(now).execute(tx.conn()).await?;
    Ok(())
}
