//! From one place to another, such as from a folder to a bucket. What is there already with the same checksum is left alone, so that
//! a copy that was broken off goes on where it was. Each file that was written is read back.

use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Error, Result};

use super::{FileName, Files, Listed, NewFile};

/// Names that are asked for at once, and files under way.
const PAGE: usize = 1000;
const AT_ONCE: usize = 4;

/// What a copy did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    pub copied: u64,
    pub bytes: u64,
    /// Were there already.
    pub there: u64,
}

impl Copied {
    fn and(self, other: Self) -> Self {
        Self {
            copied: self.copied + other.copied,
            bytes: self.bytes + other.bytes,
            there: self.there + other.there,
        }
    }
}

impl Files {
    /// Copies every file of every organization; `tell` hears how far it is, page by page.
    ///
    /// # Errors
    /// The first one, naming the file; what was copied stays.
    pub async fn copy_all(&self, to: &Self, tell: impl Fn(Copied)) -> Result<Copied> {
        let (mut done, mut after) = (Copied::default(), None::<FileName>);
        loop {
            let page = self.listed(&FileName::root(), after.as_ref(), PAGE).await;
            let page = page.map_err(|error| self.heed(&error))?;
            after = page.last().map(|listed| listed.name.clone());
            if after.is_none() {
                return Ok(done);
            }
            let copies = stream::iter(page).map(|listed| self.copy(to, listed)).buffer_unordered(AT_ONCE);
            done = copies.try_fold(done, |sum, one| async move { Ok(sum.and(one)) }).await?;
            tell(done);
        }
    }

    async fn copy(&self, to: &Self, listed: Listed) -> Result<Copied> {
        let name = listed.name;
        let info = match self.head(&name).await {
            Ok(info) => info,
            // Somebody deleted it since it was listed.
            Err(Error::NotFound(_)) => return Ok(Copied::default()),
            Err(error) => return Err(error),
        };
        match to.head(&name).await {
            Ok(there)
                if (&there.sha256, there.size, &there.content_type)
                    == (&info.sha256, info.size, &info.content_type) =>
            {
                return Ok(Copied { there: 1, ..Copied::default() });
            }
            Ok(_) | Err(Error::NotFound(_) | Error::Internal(_)) => {}
            Err(error) => return Err(error),
        }
        let content = self.get(&name, None).await?;
        let new = NewFile { content_type: &info.content_type, limit: u64::MAX };
        to.put(&name, new, content.stream).await?;
        let mut written = to.get(&name, None).await?;
        while written.stream.try_next().await?.is_some() {}
        Ok(Copied { copied: 1, bytes: written.info.size, there: 0 })
    }
}
