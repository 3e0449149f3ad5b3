//! Cursors: opaque, tied to their list and its filters, and signed, so that a page continues where the last one ended
//! at the same cost however far down the list it is.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use subtle::ConstantTimeEq as _;

use super::answer::List;
use crate::{
    app::{Paged, Want},
    auth::{Keys, Permission, Tx, keys::Purpose},
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
const MAC_BYTES: usize = 16;

/// The parameters of a list. What is not serialised does not belong to the filters.
pub trait Listing: Serialize {
    /// The list's name, unique in the API.
    const NAME: &'static str;
    /// How many rows are wanted.
    fn limit(&self) -> Option<i64>;
    /// Where the last page ended.
    fn cursor(&self) -> Option<&str>;
    /// Whether the whole list is to be counted.
    fn count(&self) -> bool {
        false
    }
}

/// What a page costs: a count looks at the whole list.
pub fn cost<L: Listing>(listing: Option<&L>) -> Cost {
    if listing.is_some_and(Listing::count) { Cost::Slow } else { Cost::Quick }
}

#[derive(Serialize, Deserialize)]
struct Content<K> {
    version: u8,
    filters: [u8; 8],
    key: K,
}

/// What a list's parameters ask for.
///
/// # Errors
/// [`Error::BadCursor`] when the cursor was not handed out for this list and these filters; a limit out of range.
pub fn want<P: Permission, L: Listing, K: DeserializeOwned>(tx: &Tx<'_, P>, listing: &L) -> Result<Want<K>> {
    let limit = listing.limit().unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Error::Invalid(vec![Fault::new("limit", "range").with("min", 1).with("max", MAX_LIMIT)]));
    }
    let after = listing.cursor().map(|cursor| read(&tx.gate().keys, cursor, filters(listing)?)).transpose()?;
    Ok(Want { after, limit, count: listing.count() })
}

/// The answer of a list: its rows, and the cursor of the next page.
///
/// # Errors
/// The conversion's own.
pub fn list<P: Permission, L: Listing, T, U, K: Serialize>(
    tx: &Tx<'_, P>,
    listing: &L,
    page: Paged<T>,
    key: impl FnOnce(&T) -> K,
    convert: impl FnMut(T) -> Result<U>,
) -> Result<List<U>> {
    let next_cursor = match page.items.last().filter(|_| page.more) {
        Some(last) => Some(write(&tx.gate().keys, key(last), filters(listing)?)?),
        None => None,
    };
    Ok(List { items: page.items.into_iter().map(convert).collect::<Result<_>>()?, next_cursor, count: page.count })
}

fn filters<L: Listing>(listing: &L) -> Result<[u8; 8]> {
    let digest = content_digest(&(L::NAME, listing)).map_err(Error::internal)?;
    let mut short = [0; 8];
    short.copy_from_slice(&digest[..8]);
    Ok(short)
}

fn write<K: Serialize>(keys: &Keys, key: K, filters: [u8; 8]) -> Result<String> {
    let content = serde_json::to_vec(&Content { version: VERSION, filters, key }).map_err(Error::internal)?;
    let mac = keys.mac(Purpose::Cursor, &[&content]);
    Ok(URL_SAFE_NO_PAD.encode([&mac[..MAC_BYTES], &content].concat()))
}

fn read<K: DeserializeOwned>(keys: &Keys, cursor: &str, filters: [u8; 8]) -> Result<K> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Error::BadCursor)?;
    let (mac, content) = bytes.split_at_checked(MAC_BYTES).ok_or(Error::BadCursor)?;
    let signed: bool = keys.mac(Purpose::Cursor, &[content])[..MAC_BYTES].ct_eq(mac).into();
    let content: Content<K> = serde_json::from_slice(content)
        .map_err(|_| Error::BadCursor)
        .and_then(|content| if signed { Ok(content) } else { Err(Error::BadCursor) })?;
    if content.version == VERSION && content.filters == filters { Ok(content.key) } else { Err(Error::BadCursor) }
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
            let cursor = write(&keys, &key, [1; 8]).unwrap();
            prop_assert_eq!(read::<String>(&keys, &cursor, [1; 8]).unwrap(), key);
            prop_assert_eq!(read::<String>(&keys, &cursor, [2; 8]), Err(Error::BadCursor));
            let mut bytes = URL_SAFE_NO_PAD.decode(&cursor).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            prop_assert_eq!(read::<String>(&keys, &URL_SAFE_NO_PAD.encode(bytes), [1; 8]), Err(Error::BadCursor));
        }
    }
}
