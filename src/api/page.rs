//! Pages of lists. A cursor is tied to its list and its filters and encrypted, because it holds the place of a row in the
//! tree; with it a page continues where the last one ended, at the same cost however far down the list it is.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::IntoParams;

use super::answer::List;
use crate::{
    app::{Paged, Want},
    auth::{Keys, Permission, Tx, keys::Purpose, seal},
    db::Cost,
    domain::digest::content_digest,
    error::{Error, Fault, Result},
};

/// Rows on a page when the caller does not say.
const DEFAULT_LIMIT: i64 = 50;
/// Rows on a page at most.
pub const MAX_LIMIT: i64 = 200;
/// Raised when a cursor's content changes its meaning.
const VERSION: u8 = 1;

/// What a list can be narrowed to. Its fields are parameters of the request.
pub trait Filters: Serialize {
    /// The list's name, unique in the API.
    const NAME: &'static str;
    /// Whether the whole list can be counted.
    const COUNTS: bool = false;
}

/// What is asked of a list.
#[derive(Debug)]
pub struct Listing<F> {
    /// What it is narrowed to.
    pub filters: F,
    limit: i64,
    cursor: Option<String>,
    count: bool,
}

/// The parameters that every list has.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct Paging {
    /// Rows on a page, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Whether to count the whole list.
    count: Option<bool>,
}

impl<F: Filters> Listing<F> {
    /// The names of the parameters that are not filters.
    pub fn paging_names() -> &'static [&'static str] {
        if F::COUNTS { &["limit", "cursor", "count"] } else { &["limit", "cursor"] }
    }

    /// # Errors
    /// The limit is out of range.
    pub fn new(paging: Paging, filters: F) -> Result<Self> {
        let Paging { limit, cursor, count } = paging;
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Error::Invalid(vec![Fault::new("limit", "range").with("min", 1).with("max", MAX_LIMIT)]));
        }
        Ok(Self { filters, limit, cursor, count: count.unwrap_or_default() })
    }

    /// The same page of the list with other filters: with their defaults put in, or with what the path says.
    pub fn with<G>(&self, filters: G) -> Listing<G> {
        Listing { filters, limit: self.limit, cursor: self.cursor.clone(), count: self.count }
    }

    /// What it costs: a count looks at the whole list.
    pub fn cost(&self) -> Cost {
        if self.count { Cost::Slow } else { Cost::Quick }
    }
}

/// What a list's parameters ask for.
///
/// # Errors
/// [`Error::BadCursor`] when the cursor was not handed out for this list and these filters.
pub fn want<P: Permission, F: Filters, K: DeserializeOwned>(tx: &Tx<'_, P>, listing: &Listing<F>) -> Result<Want<K>> {
    let read = |cursor| read(&tx.tools().keys, cursor, context(&listing.filters)?);
    let after = listing.cursor.as_deref().map(read).transpose()?;
    Ok(Want { after, limit: listing.limit, count: listing.count })
}

/// The answer of a list: its rows, and the cursor of the next page.
///
/// # Errors
/// The conversion's own.
pub fn list<P: Permission, F: Filters, T, U, K: Serialize>(
    tx: &Tx<'_, P>,
    listing: &Listing<F>,
    page: Paged<T>,
    key: impl FnOnce(&T) -> K,
    convert: impl FnMut(T) -> Result<U>,
) -> Result<List<U>> {
    let next_cursor = match page.items.last().filter(|_| page.more) {
        Some(last) => Some(cursor(tx, listing, key(last))?),
        None => None,
    };
    Ok(List { items: page.items.into_iter().map(convert).collect::<Result<_>>()?, next_cursor, count: page.count })
}

/// The cursor of a place in a list.
///
/// # Errors
/// Never: a key can be written.
pub fn cursor<P: Permission, F: Filters, K: Serialize>(tx: &Tx<'_, P>, listing: &Listing<F>, key: K) -> Result<String> {
    write(&tx.tools().keys, key, context(&listing.filters)?)
}

/// What a cursor belongs to: the list and its filters.
fn context<F: Filters>(filters: &F) -> Result<[u8; 32]> {
    content_digest(&(VERSION, F::NAME, filters)).map_err(Error::internal)
}

fn write<K: Serialize>(keys: &Keys, key: K, context: [u8; 32]) -> Result<String> {
    let key = serde_json::to_vec(&key).map_err(Error::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(seal::hide(keys, Purpose::Cursor, &context, &key)?))
}

fn read<K: DeserializeOwned>(keys: &Keys, cursor: &str, context: [u8; 32]) -> Result<K> {
    let hidden = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Error::BadCursor)?;
    let key = seal::show(keys, Purpose::Cursor, &context, &hidden).ok_or(Error::BadCursor)?;
    serde_json::from_slice(&key).map_err(|_| Error::BadCursor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        domain::{Instant, digest::hex},
        edge::Edge,
    };

    fn keys() -> Keys {
        let edge = Edge::reproducible(Instant::from_unix_micros(0), 11);
        Keys::from_secret(&hex(&edge.random::<32>())).unwrap()
    }

    proptest! {
        #[test]
        fn a_cursor_reads_back_and_no_changed_one_does(key in ".{0,20}", at in 0_usize..200, bit in 0_u8..6) {
            let keys = keys();
            let cursor = write(&keys, &key, [1; 32]).unwrap();
            prop_assert_eq!(read::<String>(&keys, &cursor, [1; 32]).unwrap(), key);
            prop_assert_eq!(read::<String>(&keys, &cursor, [2; 32]), Err(Error::BadCursor));
            let mut bytes = URL_SAFE_NO_PAD.decode(&cursor).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            prop_assert_eq!(read::<String>(&keys, &URL_SAFE_NO_PAD.encode(bytes), [1; 32]), Err(Error::BadCursor));
        }
    }
}
