//! What a report's digest covers.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::Figures;
use crate::domain::{
    Day, Id, Month,
    codes::{ChildState, HouseholdStatus, Ledger, RecordState, RegisterKind},
    digest::{Digest, canonical, content_digest, hex, sha256},
};

/// Raised when what a digest covers changes.
const FORMAT: &str = "terrace-report-1";

/// The facts of a record that a digest covers: what was given, not what was noted about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordFacts {
    /// The record.
    pub id: Id,
    /// To whom.
    pub household_id: Id,
    /// To which member.
    pub member_id: Option<Id>,
    /// Of which kind.
    pub kind: String,
    /// Of which subkind.
    pub subkind: Option<String>,
    /// On which day.
    pub given_on: Day,
    /// How much.
    pub quantity: i64,
    /// Of what.
    pub unit: Option<String>,
    /// What it was worth.
    pub amount_fen: Option<i64>,
    /// Whether it counts.
    pub state: RecordState,
}

/// The facts of a household that a digest covers, as of the month's end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HouseholdFacts {
    /// The household.
    pub id: Id,
    /// Its home.
    pub home: Id,
    /// Its type.
    pub household_type: String,
    /// Its state.
    pub status: HouseholdStatus,
    /// The day of its registration.
    pub registered_on: Day,
    /// How many members were present.
    pub persons: i64,
}

/// The facts of an entry of a ledger that a digest covers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryFacts {
    /// The entry.
    pub id: Id,
    /// Of which ledger.
    pub ledger: Ledger,
    /// The days.
    pub days: (Day, Day),
    /// Whether it stands for a whole month.
    pub whole_month: bool,
    /// Channel, topic, direction, role, way or source of funds.
    pub kind: String,
    /// Store, platform, product, campaign, partner, training session and person.
    pub named: [Option<Id>; 7],
    /// Orders, heads or parcels.
    pub quantity: i64,
    /// The amount in fen.
    pub amount_fen: i64,
    /// Viewers and minutes.
    pub told: [Option<i64>; 2],
    /// Whether it counts.
    pub state: RecordState,
    /// The item of a register and the project; an entry without either has the digest that it had before there were any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Id>,
}

/// The facts of an item of a register that a digest covers, as of the month's end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ItemFacts {
    /// The item.
    pub id: Id,
    /// Of which register.
    pub register: RegisterKind,
    /// Its kind, role or way.
    pub kind: String,
    /// Site, store, organisation, household and person.
    pub named: [Option<Id>; 5],
    /// Its first day.
    pub starts_on: Day,
    /// Its last day, if that was within the month.
    pub ends_on: Option<Day>,
}

/// The facts of a store that a digest covers, as of the month's end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoreFacts {
    /// The store.
    pub id: Id,
    /// The platform that it is on.
    pub platform_id: Id,
    /// Its first day.
    pub opened_on: Day,
    /// Its last day, if that was within the month.
    pub closed_on: Option<Day>,
}

/// The digest of each record, by its id.
pub type RecordDigests = BTreeMap<Id, String>;

/// The digests of records, one by one.
///
/// # Errors
/// None in practice.
pub fn record_digests(records: &[RecordFacts]) -> serde_json::Result<RecordDigests> {
    records.iter().map(|record| Ok((record.id, hex(&content_digest(record)?)))).collect()
}

/// The digests of entries of ledgers beside those of records. Clients choose ids: where two things have the same, the digest is
/// one of both.
///
/// # Errors
/// None in practice.
pub fn add_entries(digests: &mut RecordDigests, entries: &[EntryFacts]) -> serde_json::Result<()> {
    for entry in entries {
        let own = hex(&content_digest(entry)?);
        let both = |held: &String| hex(&sha256(format!("{held}{own}").as_bytes()));
        let digest = digests.get(&entry.id).map_or_else(|| own.clone(), both);
        digests.insert(entry.id, digest);
    }
    Ok(())
}

/// The digest of what a point did and whom it looks after.
///
/// # Errors
/// None in practice.
pub fn own_digest(
    records: &RecordDigests,
    households: &[HouseholdFacts],
    stores: &[StoreFacts],
    items: &[ItemFacts],
) -> serde_json::Result<Digest> {
    let households: BTreeMap<Id, String> = households
        .iter()
        .map(|household| Ok((household.id, hex(&content_digest(household)?))))
        .collect::<serde_json::Result<_>>()?;
    let records: Vec<_> = records.iter().collect();
    let households: Vec<_> = households.iter().collect();
    let mut content = json!({ "records": records, "households": households });
    // A point without stores or items has the digest that it had before there were any.
    if let Some(content) = content.as_object_mut() {
        let stores: BTreeMap<Id, &StoreFacts> = stores.iter().map(|store| (store.id, store)).collect();
        let items: BTreeMap<Id, &ItemFacts> = items.iter().map(|item| (item.id, item)).collect();
        if !stores.is_empty() {
            content.insert("stores".to_owned(), serde_json::to_value(stores.values().collect::<Vec<_>>())?);
        }
        if !items.is_empty() {
            content.insert("items".to_owned(), serde_json::to_value(items.values().collect::<Vec<_>>())?);
        }
    }
    Ok(sha256(canonical(&content).as_bytes()))
}

/// A point just below, as a digest covers it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChildDigest<'a> {
    /// Its region code, or its id.
    pub code: &'a str,
    /// How it stands in the report.
    pub state: ChildState,
    /// The digest of its report, or of what it still counts.
    pub digest: Option<&'a str>,
}

/// The digest of a report.
///
/// # Errors
/// None in practice.
pub fn report_digest(
    (point, month): (Id, Month),
    figures: &Figures,
    own: &str,
    mut children: Vec<ChildDigest<'_>>,
) -> serde_json::Result<Digest> {
    children.sort();
    let children: Vec<_> = children.iter().map(|child| json!([child.code, child.state, child.digest])).collect();
    let content = json!({
        "format": FORMAT, "point": point, "month": month, "figures": figures, "own": own, "children": children,
    });
    Ok(sha256(canonical(&content).as_bytes()))
}
