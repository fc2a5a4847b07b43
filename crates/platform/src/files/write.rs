use bytes::Bytes;
use futures::{Stream, StreamExt};
use kernel::{Error, Result};
use object_store::{ObjectStore, ObjectStoreExt, PutPayloadMut, WriteMultipart, path::Path};
use sha2::{Digest, Sha256};

use super::{FileInfo, FileName, Files, label};

/// What is sent at once. A smaller file is one request; of a larger one two parts are under way.
const PART: usize = 8 << 20;
const UNDER_WAY: usize = 2;

/// What a file is to be.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    pub content_type: &'a str,
    /// Bytes that it may have at most.
    pub limit: u64,
}

/// Whose fault it is that a file is not stored.
pub(super) enum Refused {
    /// The content's, or the caller's.
    Content(Error),
    Store(object_store::Error),
}

impl From<object_store::Error> for Refused {
    fn from(error: object_store::Error) -> Self {
        Self::Store(error)
    }
}

impl Files {
    /// Stores a file under this name, whole or not at all; one that was there before is replaced at that moment.
    ///
    /// # Errors
    /// `file_too_large`, `invalid_file`, what the content ended with, `unavailable`, `disk_full`.
    pub async fn put(
        &self,
        name: &FileName,
        new: NewFile<'_>,
        content: impl Stream<Item = Result<Bytes>> + Send + Unpin,
    ) -> Result<FileInfo> {
        self.write(name.path(), new, content).await.map_err(|refused| match refused {
            Refused::Content(error) => error,
            Refused::Store(error) => self.heed(&error),
        })
    }

    pub(super) async fn write(
        &self,
        path: Path,
        new: NewFile<'_>,
        mut content: impl Stream<Item = Result<Bytes>> + Send + Unpin,
    ) -> Result<FileInfo, Refused> {
        let content_type = label::content_type(new.content_type).map_err(Refused::Content)?;
        self.make_folder().await;
        let (mut upload, mut sum, mut size) = (Upload::new(self, path), Sha256::new(), 0);
        while let Some(bytes) = content.next().await {
            let bytes = match bytes {
                Ok(bytes) if size + bytes.len() as u64 <= new.limit => bytes,
                ended => return Err(Refused::Content(upload.abort(ended, new.limit).await)),
            };
            size += bytes.len() as u64;
            sum.update(&bytes);
            upload.add(bytes).await?;
        }
        let label = label::Label { sha256: hex::encode(sum.finalize()), content_type };
        upload.finish(label.text().into()).await?;
        let label::Label { sha256, content_type } = label;
        Ok(FileInfo { size, content_type, sha256 })
    }
}

/// An object on its way: small ones are kept in memory until they are whole.
struct Upload<'a> {
    store: &'a dyn ObjectStore,
    path: Path,
    first: PutPayloadMut,
    parts: Option<WriteMultipart>,
}

impl<'a> Upload<'a> {
    fn new(files: &'a Files, path: Path) -> Self {
        Self { store: &*files.0.store, path, first: PutPayloadMut::new(), parts: None }
    }

    async fn add(&mut self, bytes: Bytes) -> object_store::Result<()> {
        if let Some(parts) = &mut self.parts {
            parts.wait_for_capacity(UNDER_WAY).await?;
            parts.put(bytes);
            return Ok(());
        }
        self.first.push(bytes);
        if self.first.content_length() >= PART {
            let upload = self.store.put_multipart(&self.path).await?;
            let parts = self.parts.insert(WriteMultipart::new_with_chunk_size(upload, PART));
            let first = std::mem::take(&mut self.first).freeze();
            first.into_iter().for_each(|bytes| parts.put(bytes));
        }
        Ok(())
    }

    /// From here on the object is seen.
    async fn finish(mut self, label: Bytes) -> object_store::Result<()> {
        match self.parts {
            Some(mut parts) => {
                parts.put(label);
                parts.finish().await.map(|_| ())
            }
            None => {
                self.first.push(label);
                self.store.put(&self.path, self.first.freeze()).await.map(|_| ())
            }
        }
    }

    /// Takes back what was sent, because of this.
    async fn abort(self, ended: Result<Bytes>, limit: u64) -> Error {
        if let Some(parts) = self.parts
            && let Err(error) = parts.abort().await
        {
            tracing::debug!(%error, "the parts of a file are left to the store");
        }
        let detail = || format!("the file has more than {limit} bytes, which is the most");
        ended.err().unwrap_or_else(|| Error::invalid("file_too_large", detail()))
    }
}
