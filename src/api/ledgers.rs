//! What the collections of every ledger have in common: sales, livestreams, training sessions, attendances.

use std::borrow::Cow;

use serde::{Serialize, de::DeserializeOwned};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        Ref, RefOr, Schema,
        schema::{ObjectBuilder, SchemaType, Type},
    },
};
use validator::Validate;

use super::{
    answer::{Changed, Created, Identified, Item, List, Versioned},
    extract::{Body, IfMatch, Pages, PathId},
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::{
        entries as app,
        ledger::{self, Book, VoidEntry},
    },
    auth::{Authorized, can},
    db::{
        Cost,
        ledger_entries::{Filter, LedgerEntry},
    },
    domain::{Day, Id, Instant, codes::Ledger},
    error::Result,
};

/// What a list of entries is narrowed to; the window of days always.
pub(super) trait EntriesFilters: Filters + Clone + Send + Sync {
    /// The first and the last day, as they are asked for.
    fn window(&self) -> (Option<Day>, Option<Day>);
    /// The same with these days.
    fn within(self, days: (Day, Day)) -> Self;
    /// The top of the subtree.
    fn top(&self) -> Option<Id>;
    /// What the entries are.
    fn filter(&self, ledger: Ledger, days: (Day, Day)) -> Filter;
}

/// A ledger as the API shows it.
pub(super) trait LedgerApi: Book<Entry = LedgerEntry> + 'static {
    /// Which one.
    const LEDGER: Ledger;
    /// The path of the collection.
    const PATH: &'static str;
    /// What an entry looks like.
    type Answer: From<LedgerEntry> + Serialize + ToSchema + Versioned + Identified + Send + 'static;
    /// What a list is narrowed to.
    type Filters: EntriesFilters + DeserializeOwned + IntoParams + 'static;
}

/// What an entry said in one of its versions.
#[derive(Debug, Serialize)]
pub(super) struct EntryVersion<T> {
    /// Which version.
    version: i64,
    /// Why this version was made; null for the first.
    reason: Option<String>,
    /// The account that made it.
    changed_by: Id,
    /// When it was made.
    changed_at: Instant,
    /// What it said.
    entry: T,
}

impl<T: ToSchema> PartialSchema for EntryVersion<T> {
    fn schema() -> RefOr<Schema> {
        let nullable = SchemaType::from_iter([Type::String, Type::Null]);
        let reason =
            ObjectBuilder::new().schema_type(nullable).description(Some("Why it was made; null for the first."));
        let version = ObjectBuilder::new().schema_type(Type::Integer).description(Some("Which version."));
        ObjectBuilder::new()
            .description(Some("What an entry said in one of its versions."))
            .property("version", version)
            .property("reason", reason)
            .property("changed_by", Ref::from_schema_name(Id::name()))
            .property("changed_at", Ref::from_schema_name(Instant::name()))
            .property("entry", Ref::from_schema_name(T::name()))
            .required("version")
            .required("reason")
            .required("changed_by")
            .required("changed_at")
            .required("entry")
            .into()
    }
}

impl<T: ToSchema> ToSchema for EntryVersion<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Version", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
        schemas.push((T::name().into_owned(), T::schema()));
        schemas.push((Id::name().into_owned(), Id::schema()));
        schemas.push((Instant::name().into_owned(), Instant::schema()));
    }
}

pub(super) async fn list<L: LedgerApi>(
    access: Authorized<can::ReadHouseholds>,
    pages: Pages<L::Filters>,
) -> Result<List<L::Answer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        // The defaults belong to the cursor too: tomorrow they would be others.
        let (from, to) = listing.filters.window();
        let to = to.unwrap_or(tx.today());
        let days = (from.unwrap_or(to.month().first_day()), to);
        let listing = &listing.with(listing.filters.clone().within(days));
        let want = page::want(tx, listing)?;
        let filter = listing.filters.filter(L::LEDGER, days);
        let found = app::list(tx, listing.filters.top(), &filter, &want)?;
        page::list(tx, listing, found, |entry| (entry.on_day, entry.id), |entry| Ok(entry.into()))
    });
    Ok(page.await?)
}

pub(super) async fn log<L: LedgerApi>(
    access: Authorized<can::LogAssistance>,
    body: Body<L::Request>,
) -> Result<Created<L::Answer>, Problem>
where
    L::Request: DeserializeOwned + ToSchema + Clone + Send + Sync + 'static,
{
    let made = access.write(body, |tx, request| ledger::log::<L>(tx, request)?.map(|entry| Ok(entry.into())));
    Ok(Created(made.await?, L::PATH))
}

pub(super) async fn get<L: LedgerApi>(
    access: Authorized<can::ReadHouseholds>,
    id: PathId,
) -> Result<Item<L::Answer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| app::get(tx, L::LEDGER, *id)).await?.into()))
}

pub(super) async fn correct<L: LedgerApi>(
    access: Authorized<can::LogAssistance>,
    id: PathId,
    version: IfMatch,
    body: Body<L::Correction>,
) -> Result<Changed<L::Answer>, Problem>
where
    L::Correction: Validate + DeserializeOwned + ToSchema + Clone + Send + Sync + 'static,
{
    let input = (id, version, body);
    let entry = access.write(input, |tx, (id, version, request)| ledger::correct::<L>(tx, *id, *version, request));
    Ok(Changed(entry.await?.into()))
}

pub(super) async fn void<L: LedgerApi>(
    access: Authorized<can::LogAssistance>,
    id: PathId,
    version: IfMatch,
    body: Body<VoidEntry>,
) -> Result<Changed<L::Answer>, Problem> {
    let input = (id, version, body);
    let entry = access.write(input, |tx, (id, version, request)| ledger::void::<L>(tx, *id, *version, request));
    Ok(Changed(entry.await?.into()))
}

pub(super) async fn versions<L: LedgerApi>(
    access: Authorized<can::ReadHouseholds>,
    id: PathId,
) -> Result<List<EntryVersion<L::Answer>>, Problem> {
    let (entry, replaced) = access.read(Cost::Quick, id, |tx, id| app::versions(tx, L::LEDGER, *id)).await?;
    // Each was made when the one before it was replaced.
    let mut made = (None, entry.created_by, entry.created_at);
    let mut items = Vec::with_capacity(replaced.len() + 1);
    for (was, version) in replaced {
        let (reason, changed_by, changed_at) = made;
        made = (Some(version.replaced_reason), version.replaced_by, version.replaced_at);
        items.push(EntryVersion { version: was.version, reason, changed_by, changed_at, entry: was.into() });
    }
    let (reason, changed_by, changed_at) = made;
    items.push(EntryVersion { version: entry.version, reason, changed_by, changed_at, entry: entry.into() });
    Ok(List { items, next_cursor: None, count: None })
}

/// The rows of the table for a ledger: its book, the last part of its path, what one and many of its entries are called in ids
/// of operations, and in words.
macro_rules! ledger_endpoints {
    ($book:ty, $collection:literal, $one:literal, $many:literal, $words:literal) => {{
        use actix_web::http::Method;
        use $crate::api::{
            endpoint::{Heading, endpoint},
            ledgers,
        };
        let heading = |id, summary| Heading { tag: $collection, id, summary };
        vec![
            endpoint(
                Method::GET,
                concat!("/api/v1/", $collection),
                heading(concat!("list_", $many), concat!("List ", $words, "s in a window of days, newest first.")),
                ledgers::list::<$book>,
            ),
            endpoint(
                Method::POST,
                concat!("/api/v1/", $collection),
                heading(concat!("log_", $one), concat!("Log one ", $words, ".")),
                ledgers::log::<$book>,
            ),
            endpoint(
                Method::GET,
                concat!("/api/v1/", $collection, "/{id}"),
                heading(concat!("get_", $one), concat!("Show one ", $words, ".")),
                ledgers::get::<$book>,
            ),
            endpoint(
                Method::PATCH,
                concat!("/api/v1/", $collection, "/{id}"),
                heading(concat!("correct_", $one), concat!("Correct one ", $words, "; what it said is kept.")),
                ledgers::correct::<$book>,
            ),
            endpoint(
                Method::GET,
                concat!("/api/v1/", $collection, "/{id}/versions"),
                heading(
                    concat!("list_", $one, "_versions"),
                    concat!("List everything that one ", $words, " has said, the first version first."),
                ),
                ledgers::versions::<$book>,
            ),
            endpoint(
                Method::POST,
                concat!("/api/v1/", $collection, "/{id}/void"),
                heading(concat!("void_", $one), concat!("Take one ", $words, " back; it counts nowhere any more.")),
                ledgers::void::<$book>,
            ),
        ]
    }};
}
pub(super) use ledger_endpoints;

/// What a list of a ledger is narrowed to: the window, the subtree, the state, and what else the ledger has.
macro_rules! entries_filters {
    ($name:ident, $list:literal, { $($(#[$doc:meta])* $field:ident: $type:ty => $column:ident,)* }) => {
        /// What the list is narrowed to.
        #[derive(Clone, Debug, serde::Deserialize, serde::Serialize, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            /// The first day; the first of the last day's month when nothing is said.
            from: Option<$crate::domain::Day>,
            /// The last day; today when nothing is said. At most 366 days together.
            to: Option<$crate::domain::Day>,
            /// Of points in the subtree of this one only.
            service_point_id: Option<$crate::domain::Id>,
            /// This state only.
            #[param(inline)]
            state: Option<$crate::domain::codes::RecordState>,
            $($(#[$doc])* $field: Option<$type>,)*
        }

        impl $crate::api::page::Filters for $name {
            const NAME: &'static str = $list;
        }

        impl $crate::api::ledgers::EntriesFilters for $name {
            fn window(&self) -> (Option<$crate::domain::Day>, Option<$crate::domain::Day>) {
                (self.from, self.to)
            }

            fn within(self, (from, to): ($crate::domain::Day, $crate::domain::Day)) -> Self {
                Self { from: Some(from), to: Some(to), ..self }
            }

            fn top(&self) -> Option<$crate::domain::Id> {
                self.service_point_id
            }

            fn filter(
                &self,
                ledger: $crate::domain::codes::Ledger,
                days: ($crate::domain::Day, $crate::domain::Day),
            ) -> $crate::db::ledger_entries::Filter {
                let mut filter = $crate::db::ledger_entries::Filter::of(ledger, days);
                filter.state = self.state;
                $(filter.$column = self.$field.clone().map(Into::into);)*
                filter
            }
        }
    };
}
pub(super) use entries_filters;

/// Takes id and version of an answer from its fields.
macro_rules! identified {
    ($($type:ty),+) => {$(
        impl $crate::api::answer::Versioned for $type {
            fn version(&self) -> i64 {
                self.version
            }
        }

        impl $crate::api::answer::Identified for $type {
            fn id(&self) -> $crate::domain::Id {
                self.id
            }
        }
    )+};
}
pub(super) use identified;
