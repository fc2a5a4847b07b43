//! Files: what is too large for a row and has to outlive a process, such as attachments, documents and backups.
//!
//! A domain names a file by organization, area and id ([`FileName`]), hands its content in as a stream ([`Files::put`]) and reads it
//! back whole or in part ([`Files::get`]). Where files stand is the operator's choice ([`Place`]): a folder, or a bucket of an
//! S3-compatible store. Both are the trait `ObjectStore` of the crate `object_store`, and the same tests run over both.
//!
//! What holds over both:
//! - A file is one object, its content and then a label of fixed length ([`label`]): content type and SHA-256. The store shows an
//!   object whole or not at all, so nobody reads half a file, and there is nothing beside it that could be lost. What was
//!   acknowledged is on the disk (the folder is synced) or in the bucket.
//! - Whoever reads a whole file has its checksum compared; a difference ends the stream with an error.
//! - An organization is part of every name and cannot be left out or escaped.
//! - A store that is away, full or refuses us is a clear error ([`Fault`]); it is looked at again every second until it can
//!   be written, and from time to time before that ([`Files::watch`]).

mod copy;
mod fault;
mod label;
mod list;
mod name;
mod place;
mod probe;
mod read;
mod write;

use std::{os::unix::fs::DirBuilderExt, path::PathBuf, sync::Arc};

use chrono::{DateTime, Utc};
use kernel::Result;
use object_store::{ObjectStore, path::Path};
use tokio::sync::{Notify, watch};

pub use copy::Copied;
pub use fault::Fault;
pub use name::FileName;
pub use place::{Bucket, Place};
pub use probe::ProbeStep;
pub use read::Content;
pub use write::NewFile;

/// Where files are kept.
#[derive(Clone)]
pub struct Files(Arc<Inner>);

struct Inner {
    store: Arc<dyn ObjectStore>,
    /// Where it is one, to be made at the first write.
    folder: Option<PathBuf>,
    /// Whether it can be written; none before that was tried.
    up: watch::Sender<Option<bool>>,
    /// Somebody met a store that is away.
    doubted: Notify,
}

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInfo {
    pub size: u64,
    pub content_type: String,
    /// Of the content, in hexadecimal digits.
    pub sha256: String,
}

/// A file among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub name: FileName,
    pub size: u64,
    pub modified: DateTime<Utc>,
}

impl Files {
    /// Of this place, which need not answer yet.
    ///
    /// # Errors
    /// `invalid_setting` when it cannot be a place for files.
    pub fn open(place: &Place) -> Result<Self> {
        let folder = match place {
            Place::Folder(folder) => Some(folder.clone()),
            Place::Bucket(_) => None,
        };
        let (store, up, doubted) = (place.open()?, watch::Sender::new(None), Notify::new());
        Ok(Self(Arc::new(Inner { store, folder, up, doubted })))
    }

    /// Removes a file; that there is none is no error.
    pub async fn delete(&self, name: &FileName) -> Result<()> {
        self.remove(&name.path()).await.or_else(|error| match fault::of(&error) {
            Fault::Missing => Ok(()),
            _ => Err(self.heed(&error)),
        })
    }

    /// Makes the folder for nobody but us; those above it as usual, for a database may stand there that runs as somebody else.
    /// Where that fails the store says why.
    async fn make_folder(&self) {
        let Some(folder) = self.0.folder.clone() else { return };
        let make = move || {
            folder.parent().map_or(Ok(()), std::fs::create_dir_all)?;
            std::fs::DirBuilder::new().mode(0o700).create(folder)
        };
        let _said_later = tokio::task::spawn_blocking(make).await;
    }

    async fn remove(&self, path: &Path) -> object_store::Result<()> {
        use object_store::ObjectStoreExt;
        self.0.store.delete(path).await
    }

    /// Says in the log and to the watch what the store did, and to the caller what that means.
    fn heed(&self, error: &object_store::Error) -> kernel::Error {
        let fault = fault::of(error);
        if fault != Fault::Missing {
            tracing::warn!(?fault, error = fault::chain(error), "files cannot be kept or read");
            self.0.doubted.notify_one();
        }
        fault.error()
    }

    /// Whether files can be written; none before that was tried.
    pub fn is_up(&self) -> Option<bool> {
        *self.0.up.borrow()
    }
}
