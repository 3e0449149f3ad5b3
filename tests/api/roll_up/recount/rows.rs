//! The rows that every number follows from, as they lie in the database.

use diesel::prelude::*;
use terrace::{
    db::Conn,
    domain::{Day, Id},
};

/// Tables of the test's own, so that it reads what is there and not what the program makes of it.
macro_rules! rows {
    ($($(#[$meta:meta])* $row:ident from $sql:literal as $table:ident { $($field:ident: $sql_type:ty => $type:ty,)+ })+) => {$(
        diesel::table! {
            use diesel::sql_types::*;
            use terrace::db::types::Uid;

            #[sql_name = $sql]
            $table (id) {
                id -> Uid,
                $($field -> $sql_type,)+
            }
        }

        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Queryable)]
        pub struct $row {
            pub id: Id,
            $(pub $field: $type,)+
        }

        impl $row {
            pub fn all(conn: &mut Conn) -> Vec<Self> {
                $table::table.load(conn).unwrap()
            }
        }
    )+};
}

rows! {
    /// A point, where it hangs and how long it stands.
    Node from "service_points" as nodes {
        parent_id: Nullable<Uid> => Option<Id>,
        tier: Text => String,
        region_code: Nullable<Text> => Option<String>,
        name: Text => String,
        status: Text => String,
        opened_on: Date => Day,
        closed_on: Nullable<Date> => Option<Day>,
        version: BigInt => i64,
    }

    /// A household as it is now.
    Household from "households" as households {
        service_point_id: Uid => Id,
        persons: BigInt => i64,
        household_type: Text => String,
        status: Text => String,
        registered_on: Date => Day,
        erased_on: Nullable<Date> => Option<Day>,
        version: BigInt => i64,
    }

    /// Somebody who belongs or belonged to a household.
    Member from "household_members" as members {
        household_id: Uid => Id,
        relation: Text => String,
        present: Bool => bool,
        joined_on: Date => Day,
        left_on: Nullable<Date> => Option<Day>,
        disability_category: Nullable<Text> => Option<String>,
        version: BigInt => i64,
    }

    /// Something that was given.
    Given from "assistance_records" as given {
        household_id: Uid => Id,
        member_id: Nullable<Uid> => Option<Id>,
        service_point_id: Uid => Id,
        kind: Text => String,
        given_on: Date => Day,
        quantity: BigInt => i64,
        amount_fen: Nullable<BigInt> => Option<i64>,
        state: Text => String,
        version: BigInt => i64,
        created_by: Uid => Id,
    }

    /// A wish to have a household. No number follows from it, but what may be done does.
    Wish from "transfer_requests" as wishes {
        household_id: Uid => Id,
        service_point_id: Uid => Id,
        state: Text => String,
        version: BigInt => i64,
    }

    /// An online store.
    Store from "stores" as stores {
        service_point_id: Uid => Id,
        platform_id: Uid => Id,
        household_id: Nullable<Uid> => Option<Id>,
        organisation_id: Nullable<Uid> => Option<Id>,
        opened_on: Date => Day,
        closed_on: Nullable<Date> => Option<Day>,
        version: BigInt => i64,
    }

    /// Whose a store may be. No number follows from it.
    Organisation from "organisations" as organisations {
        service_point_id: Uid => Id,
        version: BigInt => i64,
    }

    /// An item of a catalogue.
    Item from "catalogue_items" as items {
        catalogue: Text => String,
        service_point_id: Uid => Id,
        kind: Nullable<Text> => Option<String>,
        parent_id: Nullable<Uid> => Option<Id>,
        starts_on: Nullable<Date> => Option<Day>,
        ends_on: Nullable<Date> => Option<Day>,
        value: Nullable<BigInt> => Option<i64>,
        version: BigInt => i64,
    }

    /// An item of a register: a logistics site, a coverage, what a village is equipped with, a membership, a benefit link.
    Registered from "register_items" as registered {
        register: Text => String,
        service_point_id: Uid => Id,
        kind: Text => String,
        partner_id: Nullable<Uid> => Option<Id>,
        site_id: Nullable<Uid> => Option<Id>,
        store_id: Nullable<Uid> => Option<Id>,
        organisation_id: Nullable<Uid> => Option<Id>,
        household_id: Nullable<Uid> => Option<Id>,
        member_id: Nullable<Uid> => Option<Id>,
        starts_on: Date => Day,
        ends_on: Nullable<Date> => Option<Day>,
        version: BigInt => i64,
    }

    /// An entry of any ledger but that of assistance.
    Entry from "ledger_entries" as entries {
        ledger: Text => String,
        service_point_id: Uid => Id,
        on_day: Date => Day,
        whole_month: Bool => bool,
        ends_on: Nullable<Date> => Option<Day>,
        kind: Text => String,
        store_id: Nullable<Uid> => Option<Id>,
        platform_id: Nullable<Uid> => Option<Id>,
        product_id: Nullable<Uid> => Option<Id>,
        campaign_id: Nullable<Uid> => Option<Id>,
        partner_id: Nullable<Uid> => Option<Id>,
        session_id: Nullable<Uid> => Option<Id>,
        member_id: Nullable<Uid> => Option<Id>,
        item_id: Nullable<Uid> => Option<Id>,
        project_id: Nullable<Uid> => Option<Id>,
        quantity: BigInt => i64,
        amount_fen: BigInt => i64,
        minutes: Nullable<BigInt> => Option<i64>,
        state: Text => String,
        version: BigInt => i64,
        created_by: Uid => Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use terrace::db::types::Uid;

    #[sql_name = "household_spans"]
    spans (household_id, valid_from) {
        household_id -> Uid,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        service_point_id -> Uid,
        household_type -> Text,
        status -> Text,
    }
}

/// A dated row of a household.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct Span {
    pub household_id: Id,
    pub valid_from: Day,
    pub valid_to: Option<Day>,
    pub service_point_id: Id,
    pub household_type: String,
    pub status: String,
}

impl Span {
    pub fn all(conn: &mut Conn) -> Vec<Self> {
        spans::table.load(conn).unwrap()
    }
}

/// Makes a household say one more.
pub fn spoil_persons(conn: &mut Conn, id: Id) {
    let household = households::table.filter(households::id.eq(id));
    assert_eq!(
        diesel::update(household).set(households::persons.eq(households::persons + 1)).execute(conn).unwrap(),
        1
    );
}

/// Makes a store open a year and a half earlier than anybody said.
pub fn spoil_store(conn: &mut Conn, id: Id, opened_on: Day) {
    let store = stores::table.filter(stores::id.eq(id));
    assert_eq!(diesel::update(store).set(stores::opened_on.eq(opened_on)).execute(conn).unwrap(), 1);
}

/// Makes an entry tell of so many more orders or heads.
pub fn spoil_entry(conn: &mut Conn, id: Id, more: i64) {
    let entry = entries::table.filter(entries::id.eq(id));
    assert_eq!(diesel::update(entry).set(entries::quantity.eq(entries::quantity + more)).execute(conn).unwrap(), 1);
}

/// Makes an item of a catalogue say that much more.
pub fn spoil_item(conn: &mut Conn, id: Id, more: i64) {
    let item = items::table.filter(items::id.eq(id));
    assert_eq!(diesel::update(item).set(items::value.eq(items::value + more)).execute(conn).unwrap(), 1);
}

/// Makes an item of a register begin on another day.
pub fn spoil_registered(conn: &mut Conn, id: Id, starts_on: Day) {
    let item = registered::table.filter(registered::id.eq(id));
    assert_eq!(diesel::update(item).set(registered::starts_on.eq(starts_on)).execute(conn).unwrap(), 1);
}
