//! `/households/{id}/identity`, `/export` and `/erase`: the numbers that name people.

use actix_web::http::Method;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    HouseholdAnswer,
    acts::{SpanAnswer, span},
    answer,
};
use crate::{
    api::{
        answer::{Changed, Plain},
        assistance_records::{AssistanceRecordAnswer, VersionAnswer, versions},
        endpoint::{Endpoint, Heading, endpoint},
        extract::{Body, IfMatch, PathId},
        members::{self, MemberAnswer},
        problem::Problem,
    },
    app::households::{self as app, File, Reason, ShowIdentity, Shown},
    auth::{Authorized, Permission, Tx, can},
    db::{
        doubtful_items::Explanation, ledger_entries::LedgerEntry, register_items::RegisterItem, service_points,
        stores::Store,
    },
    domain::{
        Day, Id, Instant, Month,
        codes::{Ledger, RecordState, RegisterKind},
    },
    error::Result,
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "households", id, summary };
    vec![
        endpoint(
            Method::POST,
            "/api/v1/households/{id}/identity",
            heading(
                "show_identity",
                "Show the identity and telephone numbers of a household whole; it is noted who saw them.",
            ),
            show_identity,
        ),
        endpoint(
            Method::POST,
            "/api/v1/households/{id}/export",
            heading("export_household", "Hand over the whole file of a household; it is noted who asked for it."),
            export,
        ),
        endpoint(
            Method::POST,
            "/api/v1/households/{id}/erase",
            heading(
                "erase_household",
                "Erase what identifies the people of a household that has ended; what counts stays.",
            ),
            erase,
        ),
    ]
}

/// A household's numbers in clear.
#[derive(Debug, Serialize, ToSchema)]
struct Identity {
    /// Its telephone number.
    phone: Option<String>,
    /// Those of its members.
    members: Vec<MemberIdentity>,
}

/// A member's numbers in clear.
#[derive(Debug, Serialize, ToSchema)]
struct MemberIdentity {
    /// The member.
    member_id: Id,
    /// The name.
    name: Option<String>,
    /// The identity number.
    identity_number: Option<String>,
    /// The telephone number.
    phone: Option<String>,
    /// The number of the disability certificate.
    disability_certificate: Option<String>,
}

/// Everything that is kept of a household.
#[derive(Debug, Serialize, ToSchema)]
struct HouseholdFile {
    /// The household.
    household: HouseholdAnswer,
    /// Its numbers in clear.
    identity: Identity,
    /// Its members, those who have left among them.
    members: Vec<MemberAnswer>,
    /// Where it was at home, of which type and in which state.
    history: Vec<SpanAnswer>,
    /// What it was given.
    records: Vec<RecordFile>,
    /// What was said about doubtful items of the household, its members and its records.
    explanations: Vec<ExplanationFile>,
    /// The stores that belong to it.
    stores: Vec<StoreFile>,
    /// Training sessions that its members attended, livestreams that they hosted, their wages, and benefits that the household received.
    entries: Vec<EntryFile>,
    /// Who lifts it, and which organisations its members belong to.
    register_items: Vec<ItemFile>,
}

/// A store.
#[derive(Debug, Serialize, ToSchema)]
struct StoreFile {
    /// The store.
    id: Id,
    /// What it is called.
    name: String,
    /// The platform that it is on.
    platform_id: Id,
    /// Where it is found.
    link: Option<String>,
    /// Its first day.
    opened_on: Day,
    /// Its last day.
    closed_on: Option<Day>,
}

impl From<Store> for StoreFile {
    fn from(store: Store) -> Self {
        let Store { id, name, platform_id, link, opened_on, closed_on, .. } = store;
        Self { id, name, platform_id, link, opened_on, closed_on }
    }
}

/// What an entry of a ledger says of a member or the household.
#[derive(Debug, Serialize, ToSchema)]
struct EntryFile {
    /// The entry.
    id: Id,
    /// An attendance, a livestream, a wage or a benefit.
    ledger: Ledger,
    /// Who; null for the household.
    member_id: Option<Id>,
    /// On which day; the first of a wage's month.
    on: Day,
    /// The topic, the role or the way.
    kind: String,
    /// How long it took.
    minutes: Option<i64>,
    /// A wage or a benefit in fen.
    amount_fen: Option<i64>,
    /// Whatever else was noted.
    note: Option<String>,
    /// Whether it counts.
    state: RecordState,
    /// Why it was voided.
    void_reason: Option<String>,
}

/// What a member or the household stands in a register with.
#[derive(Debug, Serialize, ToSchema)]
struct ItemFile {
    /// The item.
    id: Id,
    /// A membership, or a benefit link.
    register: RegisterKind,
    /// Who; null for the household.
    member_id: Option<Id>,
    /// The role or the way.
    kind: String,
    /// The organisation.
    organisation_id: Option<Id>,
    /// The store.
    store_id: Option<Id>,
    /// The first day.
    starts_on: Day,
    /// The last day.
    ends_on: Option<Day>,
}

impl From<RegisterItem> for ItemFile {
    fn from(item: RegisterItem) -> Self {
        let RegisterItem { id, register, member_id, kind, organisation_id, store_id, starts_on, ends_on, .. } = item;
        Self { id, register, member_id, kind, organisation_id, store_id, starts_on, ends_on }
    }
}

impl From<LedgerEntry> for EntryFile {
    fn from(entry: LedgerEntry) -> Self {
        let LedgerEntry { id, ledger, member_id, on_day: on, kind, minutes, note, state, void_reason, .. } = entry;
        // What a livestream sold is the store's.
        let amount_fen = Some(entry.amount_fen).filter(|_| matches!(ledger, Ledger::Wage | Ledger::Benefit));
        Self { id, ledger, member_id, on, kind, minutes, amount_fen, note, state, void_reason }
    }
}

/// A record with everything that it has said.
#[derive(Debug, Serialize, ToSchema)]
struct RecordFile {
    /// The record.
    record: AssistanceRecordAnswer,
    /// Its versions, the first one first.
    versions: Vec<VersionAnswer>,
}

/// What somebody said about a doubtful item. At which point is not told: it may be one that the reader must not see.
#[derive(Debug, Serialize, ToSchema)]
struct ExplanationFile {
    /// The rule that found the item.
    rule: String,
    /// What the item was about: the household, a member or a record.
    subject_id: Id,
    /// The month of the item, if it has one.
    month: Option<Month>,
    /// The explanation.
    note: String,
    /// When it was given.
    created_at: Instant,
}

impl From<Explanation> for ExplanationFile {
    fn from(row: Explanation) -> Self {
        let month = Month::from_key(row.period);
        Self { rule: row.rule, subject_id: row.subject_id, month, note: row.note, created_at: row.created_at }
    }
}

fn identity(shown: &Shown) -> Identity {
    let members = shown.members.iter().map(|numbers| MemberIdentity {
        member_id: numbers.member.id,
        name: numbers.member.name.clone(),
        identity_number: numbers.identity_number.clone(),
        phone: numbers.phone.clone(),
        disability_certificate: numbers.disability_certificate.clone(),
    });
    Identity { phone: shown.phone.clone(), members: members.collect() }
}

fn file<P: Permission>(tx: &mut Tx<'_, P>, file: File) -> Result<HouseholdFile> {
    let scope = tx.actor().scope();
    let points: Vec<Id> = file
        .records
        .iter()
        .map(|record| record.service_point_id)
        .chain(file.spans.iter().map(|span| span.service_point_id))
        .collect();
    let seen = service_points::reached(tx.conn(), &scope, &points)?;
    let visible = |point: Id| Some(point).filter(|point| seen.contains(point));
    let records = file.records.into_iter().map(|record| {
        let giver = visible(record.service_point_id);
        let before = file.versions.iter().filter(|version| version.record_id == record.id).cloned().collect();
        RecordFile { versions: versions(&record, before), record: AssistanceRecordAnswer::seen(record, giver) }
    });
    Ok(HouseholdFile {
        identity: identity(&file.shown),
        history: file
            .spans
            .into_iter()
            .map(|row| {
                let home = visible(row.service_point_id);
                span(row, home)
            })
            .collect(),
        records: records.collect(),
        members: file
            .shown
            .members
            .into_iter()
            .map(|numbers| members::answer(tx, numbers.member))
            .collect::<Result<_>>()?,
        explanations: file.explanations.into_iter().map(ExplanationFile::from).collect(),
        stores: file.stores.into_iter().map(StoreFile::from).collect(),
        entries: file.entries.into_iter().map(EntryFile::from).collect(),
        register_items: file.items.into_iter().map(ItemFile::from).collect(),
        household: answer(tx, file.household)?,
    })
}

async fn show_identity(
    access: Authorized<can::ShowIdentity>,
    id: PathId,
    body: Body<ShowIdentity>,
) -> Result<Plain<Identity>, Problem> {
    let shown = access.write((id, body), |tx, (id, request)| app::show_identity(tx, *id, request));
    Ok(Plain(identity(&shown.await?)))
}

async fn export(
    access: Authorized<can::ExportHouseholds>,
    id: PathId,
    body: Body<Reason>,
) -> Result<Plain<HouseholdFile>, Problem> {
    let exported = access.write((id, body), |tx, (id, request)| {
        let exported = app::export(tx, *id, request)?;
        file(tx, exported)
    });
    Ok(Plain(exported.await?))
}

async fn erase(
    access: Authorized<can::EraseHouseholds>,
    id: PathId,
    version: IfMatch,
    body: Body<Reason>,
) -> Result<Changed<HouseholdAnswer>, Problem> {
    let household = access.write((id, version, body), |tx, (id, version, request)| {
        let household = app::erase(tx, *id, *version, request)?;
        answer(tx, household)
    });
    Ok(Changed(household.await?))
}
