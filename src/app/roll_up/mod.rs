//! How a change finds its way into the cells: the history before and after it, and the difference between the two.
//!
//! The arithmetic is [`crate::domain::roll_up`]'s. Here the histories are loaded, under the locks that keep them still.

mod standing;

use std::collections::{BTreeMap, HashMap};

pub use standing::{
    Equipment, budget, equipment, equipped, opening, partner_with, policy, site, store, store_with, village,
    village_with,
};

use standing::standing_for;

use crate::{
    auth::{Permission, Tx},
    db::{
        Conn,
        household_members::{self, Member},
        households::{self, Household, HouseholdSpan},
        ledger_entries::LedgerEntry,
        presence::{self, Months, Presence, Sort},
        register_items::{self, RegisterItem},
        service_points::{self, ServicePoint},
    },
    domain::{
        Day, Id, Month, PointPath,
        codes::Tier,
        metrics::{ASSISTANCE, HOUSEHOLD, LIFTED_HOUSEHOLD, TRAINEE},
        roll_up::{ANY, Amounts, CellKey, Dated, Standing, Stretch, Subject, Tally, during},
    },
    error::Result,
};

/// A counted record, as far as it enters cells.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Of which kind.
    pub kind: &'a str,
    /// On which day.
    pub on: Day,
    /// How much.
    pub quantity: i64,
    /// What it was worth, in fen.
    pub amount_fen: i64,
}

/// A household's dated rows, and the points that a record given to it concerns, locked.
#[derive(Debug)]
pub struct Places {
    /// The dated rows.
    pub spans: Vec<HouseholdSpan>,
    points: HashMap<Id, ServicePoint>,
}

impl Places {
    /// Of a household that is locked, and of the point that gives.
    ///
    /// # Errors
    /// The database's own.
    pub fn lock(conn: &mut Conn, household: &Household, giver: Id) -> Result<Self> {
        Self::with(conn, household, &[], Some(giver))
    }

    /// Of a household that is locked, and of one more point, which is shared as the homes are.
    ///
    /// # Errors
    /// The database's own.
    pub fn share(conn: &mut Conn, household: &Household, other: Id) -> Result<Self> {
        Self::with(conn, household, &[other], None)
    }

    fn with(conn: &mut Conn, household: &Household, others: &[Id], locked: Option<Id>) -> Result<Self> {
        let spans = households::spans(conn, household.id)?;
        let shared: Vec<Id> = spans.iter().map(|span| span.service_point_id).chain(others.iter().copied()).collect();
        let points = service_points::for_count(conn, &shared, locked)?;
        Ok(Self { spans, points: points.into_iter().map(|point| (point.id, point)).collect() })
    }

    /// The home that counts in a month: where the household is at its end, or where it first was.
    pub fn home_in(&self, month: Month) -> Option<&ServicePoint> {
        let spans = &self.spans;
        let standing = spans.iter().rev().find(|span| span.valid_from <= month.last_day()).or(spans.first());
        standing.and_then(|span| self.point(span.service_point_id))
    }

    /// The places of the points in the tree.
    pub fn paths(&self) -> impl Iterator<Item = (Id, PointPath)> {
        self.points.values().map(|point| (point.id, point.path.clone()))
    }

    /// One of the points.
    pub fn point(&self, id: Id) -> Option<&ServicePoint> {
        self.points.get(&id)
    }
}

/// Records of one household and one giver count from now on (1), or no more (-1).
///
/// # Errors
/// The database's own.
pub fn records<P: Permission>(
    tx: &mut Tx<'_, P>,
    places: &Places,
    household: Id,
    giver: &ServicePoint,
    changes: &[(Given<'_>, i64)],
) -> Result<()> {
    let mut kinds: Vec<&str> = changes.iter().map(|(given, _)| given.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    // One record is the rule, and what is known of other kinds does not matter then.
    let only = match kinds[..] {
        [one] => Some([ANY, one, one]),
        [one, other] => Some([ANY, one, other]),
        _ => None,
    };
    let present = presence::of_household(tx.conn(), household, only)?;
    let spans = places.spans.iter().map(HouseholdSpan::counted).collect();
    let mut subjects = vec![(Sort::Household, household, Subject { spans, ..part(present) })];
    if giver.tier == Tier::Village {
        let present = presence::of(tx.conn(), Sort::Village, giver.id)?;
        subjects.extend(village_with(giver, present).map(|village| (Sort::Village, giver.id, village)));
    }
    let mut tally = Tally::default();
    let mut hits: Vec<Vec<Hit<'_>>> = vec![Vec::new(); subjects.len()];
    for (given, sign) in changes {
        let amounts = Amounts { n: *sign, quantity: sign * given.quantity, amount_fen: sign * given.amount_fen };
        let (point, kind, month) = (giver.id, given.kind.to_owned(), given.on.month());
        tally.add(CellKey { point, ledger: ASSISTANCE, period: month.key(), kind, class: String::new() }, amounts);
        for (at, hits) in hits.iter_mut().enumerate() {
            // The household comes first, and is the only one that is told by kind.
            hits.push((ANY, month, *sign));
            if at == 0 {
                hits.push((given.kind, month, *sign));
            }
        }
    }
    let mut rows = Vec::new();
    for (subject, hits) in subjects.into_iter().zip(hits) {
        tally = tally.plus(reach(subject, &hits, &mut rows));
    }
    presence::add(tx.conn(), &rows)?;
    tx.count(tally, places.paths());
    Ok(())
}

/// So many more counted records of a kind in a month.
type Hit<'a> = (&'a str, Month, i64);

/// A subject is reached by more records, or by fewer: what that changes in the cells, and `rows` of its presence to be added. The
/// subject is locked.
fn reach((sort, id, mut subject): (Sort, Id, Subject), hits: &[Hit<'_>], rows: &mut Vec<Presence>) -> Tally {
    let mut sums: BTreeMap<(&str, Month), i64> = BTreeMap::new();
    for (kind, month, sign) in hits {
        *sums.entry((kind, *month)).or_default() += sign;
    }
    sums.retain(|_, n| *n != 0);
    rows.extend(sums.iter().map(|((kind, month), n)| {
        let kept = if sort == Sort::Household { kind } else { sort.any() };
        Presence { subject_id: id, kind: kept.to_owned(), period: month.key(), n: *n }
    }));
    // Cells know whether it was reached in a month, and not how often: mostly, one record more in a village changes nothing.
    let appears = |((kind, month), n): (&(&str, Month), &i64)| {
        let held = subject.presence.get(*kind).and_then(|months| months.get(month)).copied().unwrap_or_default();
        (held > 0) != (held + n > 0)
    };
    if !sums.iter().any(appears) {
        return Tally::default();
    }
    let before = subject.tally();
    sums.iter().for_each(|((kind, month), n)| subject.reach(&[kind], *month, *n));
    subject.tally().since(before)
}

/// Entries of one point count from now on (1), or no more (-1); each reaches the subject, if there is one, which is locked.
///
/// # Errors
/// The database's own.
pub fn entries<P: Permission>(
    tx: &mut Tx<'_, P>,
    changes: &[(&LedgerEntry, i64)],
    reached: Option<(Sort, Id, Subject)>,
    paths: impl IntoIterator<Item = (Id, PointPath)>,
) -> Result<()> {
    let mut tally = Tally::default();
    changes.iter().for_each(|(entry, sign)| entry.entered().enter(&mut tally, *sign));
    if let Some((sort, id, subject)) = reached {
        let hits: Vec<Hit<'_>> = changes.iter().map(|(entry, sign)| (ANY, entry.on_day.month(), *sign)).collect();
        let mut rows = Vec::new();
        tally = tally.plus(reach((sort, id, subject), &hits, &mut rows));
        presence::add(tx.conn(), &rows)?;
    }
    tx.count(tally, paths);
    Ok(())
}

/// A member of a household as statistics of training see it.
pub fn trainee_with(spans: &[HouseholdSpan], presence: Months) -> Subject {
    let spans = spans.iter().map(HouseholdSpan::counted).collect();
    Subject { ledgers: &TRAINEE, spans, enrolled_on: None, persons: Vec::new(), presence }
}

/// A household as statistics of what lifts it see it.
pub fn lifted_with(spans: &[HouseholdSpan], members: &[Member], links: &[RegisterItem]) -> Subject {
    let spans: Vec<Dated<Standing>> = spans.iter().map(HouseholdSpan::counted).collect();
    let spans = during(&spans, links.iter().map(RegisterItem::days).collect());
    let persons = members.iter().map(|member| (member.joined_on, member.left_on)).collect();
    Subject { ledgers: &LIFTED_HOUSEHOLD, persons, ..standing_for(spans) }
}

/// A link by which a household is lifted was entered or changed. The household is locked.
///
/// # Errors
/// The database's own.
pub fn lifted<P: Permission>(
    tx: &mut Tx<'_, P>,
    household: Id,
    before: Option<&RegisterItem>,
    after: &RegisterItem,
) -> Result<()> {
    let spans = households::spans(tx.conn(), household)?;
    let members = household_members::of_household(tx.conn(), household)?;
    let is = register_items::of_household(tx.conn(), household)?;
    let others = is.iter().filter(|link| link.id != after.id).cloned();
    let was: Vec<RegisterItem> = others.chain(before.cloned()).collect();
    let tally = |links: &[RegisterItem]| lifted_with(&spans, &members, links).tally();
    let difference = tally(&is).since(tally(&was));
    let homes: Vec<Id> = spans.iter().map(|span| span.service_point_id).collect();
    let points = service_points::for_count(tx.conn(), &homes, None)?;
    tx.count(difference, points.into_iter().map(|point| (point.id, point.path)));
    Ok(())
}

/// A household of which only the records matter.
fn part(presence: Months) -> Subject {
    Subject { ledgers: &HOUSEHOLD, spans: Vec::new(), enrolled_on: None, persons: Vec::new(), presence }
}

/// What a household adds to the cells as it lies in the database.
///
/// # Errors
/// The database's own.
pub fn tally_of(conn: &mut Conn, household: &Household) -> Result<Tally> {
    let spans = households::spans(conn, household.id)?;
    let members = household_members::of_household(conn, household.id)?;
    let mut tally = whole(household, &spans, &members, presence::of_household(conn, household.id, None)?).tally();
    // Its members go with it, as far as they are counted one by one.
    let ids: Vec<Id> = members.iter().map(|member| member.id).collect();
    for (_, presence) in presence::of_each(conn, Sort::Person, &ids)? {
        tally = tally.plus(trainee_with(&spans, presence).tally());
    }
    let links = register_items::of_household(conn, household.id)?;
    if !links.is_empty() {
        tally = tally.plus(lifted_with(&spans, &members, &links).tally());
    }
    Ok(tally)
}

fn whole(household: &Household, spans: &[HouseholdSpan], members: &[Member], presence: Months) -> Subject {
    Subject {
        ledgers: &HOUSEHOLD,
        spans: spans.iter().map(HouseholdSpan::counted).collect(),
        enrolled_on: Some(household.registered_on),
        persons: members.iter().map(|member| (member.joined_on, member.left_on)).collect(),
        presence,
    }
}

/// A household counts that was made just now, at home at a point that is shared.
pub fn registered<P: Permission>(
    tx: &mut Tx<'_, P>,
    household: &Household,
    home: &ServicePoint,
    spans: &[HouseholdSpan],
    members: &[Member],
) {
    let tally = whole(household, spans, members, Months::new()).tally();
    tx.count(tally, [(home.id, home.path.clone())]);
}

/// Brings the cells from what a household added before a change to what it adds now. The household is locked.
///
/// # Errors
/// The database's own.
pub fn settle<P: Permission>(tx: &mut Tx<'_, P>, household: &Household, before: Tally) -> Result<()> {
    let difference = tally_of(tx.conn(), household)?.since(before);
    let homes: Vec<Id> = difference.cells().map(|(key, _)| key.point).collect();
    let points = service_points::for_count(tx.conn(), &homes, None)?;
    tx.count(difference, points.into_iter().map(|point| (point.id, point.path)));
    Ok(())
}
