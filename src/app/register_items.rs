//! What the registers have in common: their items lie in one table, and stand from one day to another.

use super::{
    Paged, Want,
    closing::{self, Touched},
    reach_within,
    registers::{Kept, moved_from, row},
};
use crate::{
    auth::{Permission, Tx, can},
    db::{
        Conn, QueryResult,
        ledger_entries::{self, Owner},
        register_items::{self, Filter, RegisterItem},
    },
    domain::{Day, Id, Month, PointPath, access::Placed, codes::RegisterKind},
    error::{Conflict, Result},
};

row!(RegisterItem);

/// The transaction of whoever enters and edits.
pub(super) type Entering<'a> = Tx<'a, can::LogAssistance>;

/// The item with an id, if it is one of this register.
pub(super) fn find_in(conn: &mut Conn, id: Id, register: RegisterKind) -> QueryResult<Option<Placed<RegisterItem>>> {
    Ok(register_items::find(conn, id)?.filter(|placed| placed.origin(|item| item.register == register)))
}

/// An item of a register that names nothing.
pub(super) fn blank(
    register: RegisterKind,
    service_point_id: Id,
    (starts_on, ends_on): (Day, Option<Day>),
    kept: Kept,
) -> RegisterItem {
    let Kept { id, version, created_by, request_digest, created_at, updated_at } = kept;
    RegisterItem {
        id,
        register,
        service_point_id,
        kind: String::new(),
        name: None,
        partner_id: None,
        site_id: None,
        store_id: None,
        organisation_id: None,
        household_id: None,
        member_id: None,
        starts_on,
        ends_on,
        version,
        created_by,
        request_digest,
        created_at,
        updated_at,
    }
}

/// The entries of an item lie within its days.
///
/// # Errors
/// One does not.
pub(super) fn hold_entries(conn: &mut Conn, item: &RegisterItem) -> Result<()> {
    match ledger_entries::first_end_and_last_begin(conn, Owner::Item(item.id))? {
        Some((first, last)) if first < item.starts_on || item.ends_on.is_some_and(|ends_on| ends_on < last) => {
            Err(Conflict::EntriesOutside.into())
        }
        _ => Ok(()),
    }
}

/// The first month whose figures or digests a change of an item moves: by its days, or by its kind.
pub(super) fn changed_from(before: Option<&RegisterItem>, after: &RegisterItem) -> Option<Month> {
    let days = |item: &RegisterItem| (item.starts_on, item.ends_on);
    let other_kind = before.filter(|before| before.kind != after.kind).map(|before| before.starts_on.month());
    moved_from(before.map(days), days(after)).into_iter().chain(other_kind).min()
}

/// The months from the one on in which something changes are open at these points.
///
/// # Errors
/// One is not.
pub(super) fn require_open(tx: &mut Entering<'_>, paths: &[&PointPath], from: Option<Month>) -> Result<()> {
    match from {
        Some(month) => closing::require_open(tx, paths, Touched::From(month)),
        None => Ok(()),
    }
}

/// What is the same for the requests of every register.
macro_rules! kept_in {
    ($register:expr) => {
        type Row = RegisterItem;
        type Write = can::LogAssistance;

        fn id(&self) -> Option<Id> {
            self.id
        }

        fn service_point_id(&self) -> Id {
            self.service_point_id
        }

        fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<RegisterItem>>> {
            find_in(conn, id, $register)
        }

        fn find_any(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<RegisterItem>>> {
            register_items::find(conn, id)
        }

        fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
            register_items::lock(conn, id)
        }

        fn write(conn: &mut Conn, before: Option<&RegisterItem>, after: &RegisterItem) -> QueryResult<()> {
            match before {
                None => register_items::insert(conn, after),
                Some(_) => register_items::update(conn, after),
            }
        }
    };
}
pub(super) use kept_in;

/// The items of a register at points within reach, of one subtree if asked.
///
/// # Errors
/// That subtree's top is not within reach.
pub fn list<P: Permission>(
    tx: &mut Tx<'_, P>,
    within: Option<Id>,
    (register, filter): (RegisterKind, &Filter),
    want: &Want<Id>,
) -> Result<Paged<RegisterItem>> {
    let reach = reach_within(tx, within)?;
    let rows = register_items::page(tx.conn(), &reach, (register, filter), want.after, want.fetch())?;
    Ok(want.page(rows, None))
}
