//! Seek pagination: a page ends with a cursor that names the last row, so that a page costs the same
//! however deep it is and rows that arrive meanwhile neither repeat nor hide another.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Error, Result};

/// One page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it as `cursor` to get the page after this one; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<Cursor>,
}

/// The position after a row. Opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct Cursor(String);

/// The query parameters of a list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Rows on a page, 1 to 200; 50 unless given.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
}

impl Cursor {
    /// The position after the row with this sort key.
    pub fn after(key: &impl Serialize) -> Self {
        Self(URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default()))
    }

    /// The sort key of the row this cursor stands after.
    pub fn key<K: DeserializeOwned>(&self) -> Result<K> {
        let invalid = || Error::field("invalid_cursor", "cursor", "is not a cursor that this list returned");
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).map_err(|_| invalid())?;
        serde_json::from_slice(&bytes).map_err(|_| invalid())
    }
}

impl PageQuery {
    /// How many rows to show. [`Page::of`] wants one row more than that.
    pub fn limit(&self) -> Result<i64> {
        match self.limit.unwrap_or(50) {
            limit @ 1..=200 => Ok(i64::from(limit)),
            limit => {
                Err(Error::field("invalid_limit", "limit", format!("must be from 1 to 200, not {limit}")))
            }
        }
    }

    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>> {
        self.cursor.as_ref().map(Cursor::key).transpose()
    }
}

impl<T> Page<T> {
    /// A page from up to `limit + 1` rows: the extra row only says that there is more.
    pub fn of<K: Serialize>(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> K) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = if more { rows.last().map(|row| Cursor::after(&key(row))) } else { None };
        Self { items: rows, next_cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_cursor_gives_back_its_key(id: u64, text: String) {
            let cursor = Cursor::after(&(id, &text));
            proptest::prop_assert_eq!(cursor.key::<(u64, String)>().unwrap(), (id, text));
        }

        #[test]
        fn pages_walk_every_row_once(total in 0_usize..50, limit in 1_i64..10) {
            let rows: Vec<usize> = (0..total).collect();
            let (mut seen, mut after) = (Vec::<usize>::new(), None::<usize>);
            loop {
                let fetched = rows.iter().copied().filter(|row| after.is_none_or(|a| *row > a));
                let page = Page::of(fetched.take(limit as usize + 1).collect(), limit, |row| *row);
                seen.extend(&page.items);
                match page.next_cursor {
                    Some(cursor) => after = Some(cursor.key().unwrap()),
                    None => break,
                }
            }
            proptest::prop_assert_eq!(seen, rows);
        }
    }

    #[test]
    fn a_foreign_cursor_is_refused_with_its_name() {
        let query = PageQuery { limit: None, cursor: Some(Cursor("nonsense".into())) };
        assert_eq!(query.after::<u64>().unwrap_err().code().0, "invalid_cursor");
    }
}
