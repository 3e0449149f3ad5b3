//! How the domain's types lie in the databases' columns.
//!
//! Words are text, ids are `uuid` in PostgreSQL and sixteen bytes in SQLite, instants are timestamps in UTC.

use diesel::{
    deserialize::{self, FromSql},
    pg::{Pg, PgValue},
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{Binary, Date, HasSqlType, Integer, SqlType, Text, Timestamp},
    sqlite::Sqlite,
};

use super::MultiBackend;
use crate::domain::{
    CodeSet, Day, Id, Instant, Month, PointPath,
    codes::{
        AccountStatus, Catalogue, ChildState, FindingState, HouseholdStatus, InspectionItemState, InspectionMethod,
        InspectionState, Ledger, NoticeKind, PointStatus, RecordState, RegisterKind, ReportDecision, ReportState, Role,
        Tier, TransferState,
    },
    income::Income,
};

/// The SQL type of an [`Id`].
#[derive(Clone, Copy, Debug, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct Uid;

impl HasSqlType<Uid> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<Uid>(lookup)
    }
}

/// Makes a type usable in expressions and rows of the given SQL type on the common backend.
macro_rules! column_type {
    ($type:ty, $sql:ty) => {
        const _: () = {
            use diesel::{
                Queryable, expression::AsExpression, internal::derives::as_expression::Bound, sql_types::Nullable,
            };
            impl AsExpression<$sql> for $type {
                type Expression = Bound<$sql, Self>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }
            impl AsExpression<Nullable<$sql>> for $type {
                type Expression = Bound<Nullable<$sql>, Self>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }
            impl<'a> AsExpression<$sql> for &'a $type {
                type Expression = Bound<$sql, &'a $type>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }
            impl<'a> AsExpression<Nullable<$sql>> for &'a $type {
                type Expression = Bound<Nullable<$sql>, &'a $type>;
                fn as_expression(self) -> Self::Expression {
                    Bound::new(self)
                }
            }
            impl<DB> ToSql<Nullable<$sql>, DB> for $type
            where
                DB: diesel::backend::Backend,
                $type: ToSql<$sql, DB>,
            {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                    ToSql::<$sql, DB>::to_sql(self, out)
                }
            }
            impl ToSql<$sql, MultiBackend> for $type {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                    out.set_value((<$sql>::default(), self));
                    Ok(IsNull::No)
                }
            }
            impl FromSql<$sql, MultiBackend> for $type {
                fn from_sql(
                    value: <MultiBackend as diesel::backend::Backend>::RawValue<'_>,
                ) -> deserialize::Result<Self> {
                    value.from_sql::<Self, $sql>()
                }
            }
            impl<DB> Queryable<$sql, DB> for $type
            where
                DB: diesel::backend::Backend,
                $type: FromSql<$sql, DB>,
            {
                type Row = Self;
                fn build(row: Self) -> deserialize::Result<Self> {
                    Ok(row)
                }
            }
        };
    };
}

column_type!(Id, Uid);

impl ToSql<Uid, Pg> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        std::io::Write::write_all(out, self.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl ToSql<Uid, Sqlite> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(&self.as_bytes()[..]);
        Ok(IsNull::No)
    }
}

impl FromSql<Uid, Pg> for Id {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_bytes(value.as_bytes().try_into()?))
    }
}

impl FromSql<Uid, Sqlite> for Id {
    fn from_sql(value: <Sqlite as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
        Ok(Self::from_bytes(bytes.as_slice().try_into()?))
    }
}

/// A type that lies in a column as another type does, by a conversion each way; in SQLite as a text.
macro_rules! column_as {
    ($type:ty, $sql:ty, $inner:ty, ($to:expr, $from:expr), ($write:expr, $read:expr)) => {
        column_type!($type, $sql);

        impl ToSql<$sql, Pg> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                let inner: $inner = $to(self);
                <$inner as ToSql<$sql, Pg>>::to_sql(&inner, &mut out.reborrow())
            }
        }
        impl ToSql<$sql, Sqlite> for $type {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                let text: String = $write(self);
                out.set_value(text);
                Ok(IsNull::No)
            }
        }
        impl FromSql<$sql, Pg> for $type {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                $from(<$inner as FromSql<$sql, Pg>>::from_sql(value)?).ok_or_else(|| unreadable(stringify!($type)))
            }
        }
        impl FromSql<$sql, Sqlite> for $type {
            fn from_sql(value: <Sqlite as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
                $read(text).ok_or_else(|| unreadable(stringify!($type)))
            }
        }
    };
    ($type:ty, $to:expr, $from:expr) => {
        column_as!($type, Text, String, ($to, $from), ($to, $from));
    };
}

fn unreadable(what: &str) -> Box<dyn std::error::Error + Send + Sync> {
    format!("the database holds something that is no {what}").into()
}

// SQLite keeps days and instants in the text form that diesel writes. It is written and read by hand: diesel tries one
// pattern after the other.
column_as!(
    Instant,
    Timestamp,
    chrono::NaiveDateTime,
    (|instant: &Instant| instant.naive_utc(), |naive| Some(Instant::from_naive_utc(naive))),
    (|instant: &Instant| instant.stored(), |text: String| Instant::from_stored(&text))
);
column_as!(
    Day,
    Date,
    chrono::NaiveDate,
    (|day: &Day| day.date(), Day::new),
    (|day: &Day| day.to_string(), |text: String| text.parse::<Day>().ok())
);
column_as!(PointPath, |path: &PointPath| path.as_str().to_owned(), |text| Some(PointPath::from_stored(text)));

column_as!(CodeSet, |codes: &CodeSet| codes.stored(), |text: String| Some(CodeSet::from_stored(&text)));
column_as!(Income, |income: &Income| serde_json::to_string(income).unwrap_or_default(), |text: String| {
    serde_json::from_str::<Income>(&text).ok()
});

/// Words lie in the databases by their codes.
macro_rules! word_columns {
    ($($type:ty),+) => {$(
        column_as!($type, |word: &$type| word.code().to_owned(), |code: String| <$type>::from_code(&code));
    )+};
}
word_columns!(Tier, PointStatus, Role, AccountStatus, HouseholdStatus, RecordState, TransferState);
word_columns!(ReportState, ReportDecision, ChildState);
word_columns!(InspectionMethod, InspectionState, InspectionItemState, FindingState);
word_columns!(NoticeKind);
word_columns!(Catalogue, Ledger, RegisterKind);

// A month lies in a column as year * 100 + month.
column_type!(Month, Integer);

impl ToSql<Integer, Pg> for Month {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <i32 as ToSql<Integer, Pg>>::to_sql(&self.key(), &mut out.reborrow())
    }
}

impl ToSql<Integer, Sqlite> for Month {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.key());
        Ok(IsNull::No)
    }
}

impl FromSql<Integer, Pg> for Month {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Self::from_key(<i32 as FromSql<Integer, Pg>>::from_sql(value)?).ok_or_else(|| unreadable("Month"))
    }
}

impl FromSql<Integer, Sqlite> for Month {
    fn from_sql(value: <Sqlite as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Self::from_key(<i32 as FromSql<Integer, Sqlite>>::from_sql(value)?).ok_or_else(|| unreadable("Month"))
    }
}
