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
