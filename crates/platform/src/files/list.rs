use std::collections::BTreeMap;

use futures::TryStreamExt;
use kernel::{OrgId, Page, PageQuery, Result};
use object_store::{ObjectMeta, ObjectStore, path::Path};

use super::{FileName, Files, Listed, label, name};

impl Files {
    /// The files of an area, by their ids, page by page.
    ///
    /// # Errors
    /// `invalid_file`, `invalid_cursor`, `invalid_limit`, `unavailable`.
    pub async fn list(&self, org: OrgId, area: &str, page: &PageQuery) -> Result<Page<Listed>> {
        let folder = FileName::folder(org, &name::part("area", area.to_owned())?);
        let limit = page.limit()?;
        let after = page.after::<String>()?.map(|id| FileName::new(org, area, id)).transpose()?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
        let found = self.listed(&folder, after.as_ref(), most).await.map_err(|error| self.heed(&error))?;
        Ok(Page::of(found, limit, |listed| listed.name.id().to_owned()))
    }

    /// The first files in a folder after this one, by name.
    pub(super) async fn listed(
        &self,
        folder: &Path,
        after: Option<&FileName>,
        most: usize,
    ) -> object_store::Result<Vec<Listed>> {
        let store = &self.0.store;
        let mut objects = match after {
            Some(name) => store.list_with_offset(Some(folder), &name.path()),
            None => store.list(Some(folder)),
        };
        // A folder lists in any order, a bucket by name: the first ones are known when all were seen, and no more than those are kept.
        let mut first = BTreeMap::new();
        while let Some(object) = objects.try_next().await? {
            let Some(listed) = listed(object) else { continue };
            first.insert(listed.name.to_string(), listed);
            if first.len() > most {
                first.pop_last();
            }
            if self.0.folder.is_none() && first.len() == most {
                break;
            }
        }
        Ok(first.into_values().collect())
    }
}

fn listed(object: ObjectMeta) -> Option<Listed> {
    let (name, size) = (FileName::of(&object.location)?, object.size.checked_sub(label::LENGTH)?);
    Some(Listed { name, size, modified: object.last_modified })
}
