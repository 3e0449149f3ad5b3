//! The entries of every ledger but that of assistance, and what each was before it was corrected or voided.

mod questions;
mod versions;

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _,
    prelude::{AsChangeset, Queryable},
    sql_types::{BigInt, Binary, Bool, Date, Nullable, Text, Timestamp},
};
use serde::{Deserialize, Serialize};

pub use questions::{
    Owner, first_end_and_last_begin, is_attended, is_logged, is_sold_outside, last_day, last_of_household,
    of_household, paid,
};
pub use versions::{EntryVersion, keep, rewrite, versions};

use super::{
    Conn, MultiBackend, QueryResult,
    schema::{ledger_entries, service_points},
    scope::within,
    types::Uid,
    upsert::{self, added},
};
use crate::domain::{
    Day, Id, Instant, PointPath,
    access::{Placed, Reach},
    audit::Audited,
    codes::{Ledger, RecordState},
    ledgers::Entered,
};

/// An entry of a ledger. Which of its fields mean something depends on the ledger.
#[derive(Clone, Debug, PartialEq, Queryable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = ledger_entries, treat_none_as_null = true)]
pub struct LedgerEntry {
    /// The entry.
    pub id: Id,
    /// Of which ledger.
    pub ledger: Ledger,
    /// The point in whose figures it counts.
    pub service_point_id: Id,
    /// On which day; the first one of a month or of a training session.
    pub on_day: Day,
    /// Whether it stands for the whole month of the day.
    pub whole_month: bool,
    /// The last day of a training session.
    pub ends_on: Option<Day>,
    /// A sale's channel; the topic of a training session; the direction of parcels; the role of who earned; how a household is lifted;
    /// where a project's funds come from.
    pub kind: String,
    /// What a training session is called.
    pub name: Option<String>,
    /// Of which store.
    pub store_id: Option<Id>,
    /// On which platform.
    pub platform_id: Option<Id>,
    /// Which product.
    pub product_id: Option<Id>,
    /// In which campaign.
    pub campaign_id: Option<Id>,
    /// Which partner holds the training session.
    pub partner_id: Option<Id>,
    /// At which training session.
    pub session_id: Option<Id>,
    /// Which person attended or earned.
    pub member_id: Option<Id>,
    /// Orders, heads or parcels.
    pub quantity: i64,
    /// The amount in fen.
    pub amount_fen: i64,
    /// Who watched a livestream.
    pub viewers: Option<i64>,
    /// How long it took.
    pub minutes: Option<i64>,
    /// Whatever else is to be known.
    pub note: Option<String>,
    /// Whether it counts.
    pub state: RecordState,
    /// Why it was voided.
    pub void_reason: Option<String>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// The account that logged it.
    pub created_by: Id,
    /// The digest of the request that logged it.
    #[serde(skip)]
    pub request_digest: Vec<u8>,
    /// When it was logged.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// The logistics site, the membership or the benefit link that it tells of.
    pub item_id: Option<Id>,
    /// The project that was paid for.
    pub project_id: Option<Id>,
}

impl LedgerEntry {
    /// The entry as cells see it.
    pub fn entered(&self) -> Entered<'_> {
        Entered {
            ledger: self.ledger,
            point: self.service_point_id,
            month: self.on_day.month(),
            kind: &self.kind,
            platform: self.platform_id,
            product: self.product_id,
            campaign: self.campaign_id,
            quantity: self.quantity,
            amount_fen: self.amount_fen,
        }
    }

    /// The days that it stands for.
    pub fn days(&self) -> (Day, Day) {
        let last = if self.whole_month { self.on_day.month().last_day() } else { self.on_day };
        (self.on_day, self.ends_on.unwrap_or(last))
    }
}

impl Audited for LedgerEntry {
    const TYPE: &'static str = "ledger_entry";
    const PERSONAL: &'static [&'static str] = &["note", "void_reason"];

    fn id(&self) -> Id {
        self.id
    }

    fn service_point_id(&self) -> Id {
        self.service_point_id
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// The entry with this id, of whichever ledger, placed at its point.
///
/// # Errors
/// The database's own.
pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<LedgerEntry>>> {
    let query = ledger_entries::table
        .inner_join(service_points::table)
        .filter(ledger_entries::id.eq(id))
        .select((ledger_entries::all_columns, service_points::path));
    let row: Option<(LedgerEntry, PointPath)> = both!(conn, c => query.get_result(c).optional())?;
    Ok(row.map(|(entry, path)| Placed::new(entry, path)))
}

/// Locks an entry.
///
/// # Errors
/// The database's own.
pub fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
    lock_row!(ledger_entries, conn, id)
}

/// What a list of entries is narrowed to; the ledger and the window of days always.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Of this ledger.
    pub ledger: Ledger,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// Of this channel or topic.
    pub kind: Option<String>,
    /// Of this store.
    pub store_id: Option<Id>,
    /// On this platform.
    pub platform_id: Option<Id>,
    /// Of this product.
    pub product_id: Option<Id>,
    /// In this campaign.
    pub campaign_id: Option<Id>,
    /// At this training session.
    pub session_id: Option<Id>,
    /// Of this person.
    pub member_id: Option<Id>,
    /// Of this logistics site, membership or benefit link.
    pub item_id: Option<Id>,
    /// Of this project.
    pub project_id: Option<Id>,
    /// In this state.
    pub state: Option<RecordState>,
}

impl Filter {
    /// Everything of a ledger in a window of days.
    pub fn of(ledger: Ledger, (from, to): (Day, Day)) -> Self {
        let kind = None;
        let (store_id, platform_id, product_id, campaign_id) = (None, None, None, None);
        let (session_id, member_id, item_id, project_id, state) = (None, None, None, None, None);
        Self {
            ledger,
            from,
            to,
            kind,
            store_id,
            platform_id,
            product_id,
            campaign_id,
            session_id,
            member_id,
            item_id,
            project_id,
            state,
        }
    }
}

/// Where a page ended.
pub type PageKey = (Day, Id);

/// One page of the entries of reached points, newest first.
///
/// # Errors
/// The database's own.
pub fn page(
    conn: &mut Conn,
    reach: &Reach,
    filter: &Filter,
    after: Option<PageKey>,
    limit: i64,
) -> QueryResult<Vec<LedgerEntry>> {
    use ledger_entries::dsl;
    let mut query = ledger_entries::table
        .inner_join(service_points::table)
        .select(ledger_entries::all_columns)
        .into_boxed::<MultiBackend>()
        .filter(within(reach))
        .filter(dsl::ledger.eq(filter.ledger))
        .filter(dsl::on_day.between(filter.from, filter.to))
        .order((dsl::on_day.desc(), dsl::id.desc()))
        .limit(limit);
    if let Some((day, id)) = after {
        query = query.filter(dsl::on_day.le(day)).filter(dsl::on_day.lt(day).or(dsl::id.lt(id)));
    }
    if let Some(kind) = filter.kind.clone() {
        query = query.filter(dsl::kind.eq(kind));
    }
    if let Some(store) = filter.store_id {
        query = query.filter(dsl::store_id.eq(store));
    }
    if let Some(platform) = filter.platform_id {
        query = query.filter(dsl::platform_id.eq(platform));
    }
    if let Some(product) = filter.product_id {
        query = query.filter(dsl::product_id.eq(product));
    }
    if let Some(campaign) = filter.campaign_id {
        query = query.filter(dsl::campaign_id.eq(campaign));
    }
    if let Some(session) = filter.session_id {
        query = query.filter(dsl::session_id.eq(session));
    }
    if let Some(member) = filter.member_id {
        query = query.filter(dsl::member_id.eq(member));
    }
    if let Some(item) = filter.item_id {
        query = query.filter(dsl::item_id.eq(item));
    }
    if let Some(project) = filter.project_id {
        query = query.filter(dsl::project_id.eq(project));
    }
    if let Some(state) = filter.state {
        query = query.filter(dsl::state.eq(state));
    }
    query.load(conn)
}

/// Every counted entry after an id, in the order of their ids, for recounts.
///
/// # Errors
/// The database's own.
pub fn counted_after(conn: &mut Conn, after: Option<Id>, limit: i64) -> QueryResult<Vec<LedgerEntry>> {
    use ledger_entries::dsl;
    let mut query =
        dsl::ledger_entries.filter(dsl::state.eq(RecordState::Active)).order(dsl::id).limit(limit).into_boxed();
    if let Some(after) = after {
        query = query.filter(dsl::id.gt(after));
    }
    query.load(conn)
}

/// The entries of a point on some days, voided ones too, by id.
///
/// # Errors
/// The database's own.
pub fn of_point(conn: &mut Conn, point: Id, (first, last): (Day, Day)) -> QueryResult<Vec<LedgerEntry>> {
    use ledger_entries::dsl;
    dsl::ledger_entries
        .filter(dsl::service_point_id.eq(point))
        .filter(dsl::on_day.between(first, last))
        .order(dsl::id)
        .load(conn)
}

/// Puts new entries in place.
///
/// # Errors
/// The database's own.
pub fn insert(conn: &mut Conn, entries: &[LedgerEntry]) -> QueryResult<()> {
    upsert::add(conn, entries)
}

added! {
    ledger_entries of LedgerEntry {
        id: Uid,
        ledger: Text,
        service_point_id: Uid,
        on_day: Date,
        whole_month: Bool,
        ends_on: Nullable<Date>,
        kind: Text,
        name: Nullable<Text>,
        store_id: Nullable<Uid>,
        platform_id: Nullable<Uid>,
        product_id: Nullable<Uid>,
        campaign_id: Nullable<Uid>,
        partner_id: Nullable<Uid>,
        session_id: Nullable<Uid>,
        member_id: Nullable<Uid>,
        quantity: BigInt,
        amount_fen: BigInt,
        viewers: Nullable<BigInt>,
        minutes: Nullable<BigInt>,
        note: Nullable<Text>,
        state: Text,
        void_reason: Nullable<Text>,
        version: BigInt,
        created_by: Uid,
        request_digest: Binary,
        created_at: Timestamp,
        updated_at: Timestamp,
        item_id: Nullable<Uid>,
        project_id: Nullable<Uid>,
    }
}

/// Writes an entry's fields.
///
/// # Errors
/// The database's own.
pub fn update(conn: &mut Conn, entry: &LedgerEntry) -> QueryResult<()> {
    diesel::update(ledger_entries::table.find(entry.id)).set(entry).execute(conn)?;
    Ok(())
}
