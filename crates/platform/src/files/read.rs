use std::ops::Range;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream, stream::BoxStream};
use kernel::{Error, Result};
use object_store::{GetOptions, GetRange, ObjectMeta, ObjectStore, path::Path};
use sha2::{Digest, Sha256};

use super::{
    FileInfo, FileName, Files,
    label::{self, Label},
};

/// A file that is replaced again and again while it is read.
const TRIES: usize = 5;

/// A file, open.
pub struct Content {
    pub info: FileInfo,
    /// The bytes that were asked for. It ends with an error where the store fails, or the whole is not what was stored.
    pub stream: BoxStream<'static, Result<Bytes>>,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.info.fmt(out)
    }
}

impl Content {
    /// Everything, for files that fit into memory.
    pub async fn bytes(self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut stream = self.stream;
        while let Some(next) = stream.try_next().await? {
            bytes.extend_from_slice(&next);
        }
        Ok(bytes)
    }
}

impl Files {
    /// What is known of a file.
    ///
    /// # Errors
    /// `not_found`, `unavailable`.
    pub async fn head(&self, name: &FileName) -> Result<FileInfo> {
        Ok(self.look(&name.path()).await?.0)
    }

    /// A file, or the bytes of it in this range; what of the range is past its end is left out.
    ///
    /// # Errors
    /// `not_found`, `unavailable`.
    pub async fn get(&self, name: &FileName, range: Option<Range<u64>>) -> Result<Content> {
        self.read(&name.path(), range).await
    }

    pub(super) async fn read(&self, path: &Path, range: Option<Range<u64>>) -> Result<Content> {
        for _ in 0..TRIES {
            let (info, meta) = self.look(path).await?;
            let whole = range.is_none();
            let range = range.clone().unwrap_or(0..info.size);
            let range = range.start..range.end.min(info.size);
            let expected = whole.then(|| info.sha256.clone());
            if range.is_empty() {
                return Ok(Content { info, stream: stream::empty().boxed() });
            }
            // The bytes of the file whose label was read, and of no other.
            let options = GetOptions {
                if_match: meta.e_tag,
                range: Some(GetRange::Bounded(range)),
                ..GetOptions::default()
            };
            match self.0.store.get_opts(path, options).await {
                Ok(found) => {
                    let files = self.clone();
                    let bytes = found.into_stream().map_err(move |error| files.heed(&error)).boxed();
                    let stream = match expected {
                        Some(sum) => verified(bytes, sum),
                        None => bytes,
                    };
                    return Ok(Content { info, stream });
                }
                Err(object_store::Error::Precondition { .. }) => {}
                Err(error) => return Err(self.heed(&error)),
            }
        }
        Err(Error::unavailable("the file is replaced again and again"))
    }

    /// The label of what stands here, and the object it belongs to.
    async fn look(&self, path: &Path) -> Result<(FileInfo, ObjectMeta)> {
        let options = GetOptions { range: Some(GetRange::Suffix(label::LENGTH)), ..GetOptions::default() };
        let found = self.0.store.get_opts(path, options).await.map_err(|error| self.heed(&error))?;
        let meta = found.meta.clone();
        let bytes = found.bytes().await.map_err(|error| self.heed(&error))?;
        let Some(Label { sha256, content_type }) = Label::read(&bytes) else {
            return Err(Error::internal(format!(
                "{path} has no label: it was not stored by Steward, or is damaged"
            )));
        };
        let size = meta.size.saturating_sub(label::LENGTH);
        Ok((FileInfo { size, content_type, sha256 }, meta))
    }
}

/// The same bytes, and an error at their end when their sum is another.
fn verified(bytes: BoxStream<'static, Result<Bytes>>, sum: String) -> BoxStream<'static, Result<Bytes>> {
    stream::try_unfold((bytes, Sha256::new(), sum), |(mut bytes, mut so_far, sum)| async move {
        match bytes.try_next().await? {
            Some(next) => {
                so_far.update(&next);
                Ok(Some((next, (bytes, so_far, sum))))
            }
            None if hex::encode(so_far.finalize()) == sum => Ok(None),
            None => Err(Error::internal("a file is damaged: its checksum is not the one it was stored with")),
        }
    })
    .boxed()
}
