//! How a change finds its way into the cells: the history before and after it, and the difference between the two.
//!
//! The arithmetic is [`crate::domain::roll_up`]'s. Here the histories are loaded, under the locks that keep them still.

use std::collections::{BTreeMap, HashMap};

use crate::{
    auth::{Permission, Tx},
    db::{
        Conn,
        household_members::{self, Member},
        households::{self, Household, HouseholdSpan},
        presence::{self, Months, Presence},
        service_points::{self, ServicePoint},
    },
    domain::{
        Day, Id, Month,
        codes::{PointStatus, Tier},
        metrics::{ASSISTANCE, HOUSEHOLD, VILLAGE},
        region,
        roll_up::{ANY, Amounts, CellKey, Dated, Standing, Subject, Tally},
    },
    error::Result,
};

/// The class of a village whose region code does not tell its kind.
const UNKNOWN_KIND: &str = "unknown";

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
        let spans = households::spans(conn, household.id)?;
        let homes: Vec<Id> = spans.iter().map(|span| span.service_point_id).collect();
        let points = service_points::for_count(conn, &homes, Some(giver))?;
        Ok(Self { spans, points: points.into_iter().map(|point| (point.id, point)).collect() })
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
    let present = presence::of(tx.conn(), household, only)?;
    let spans = places.spans.iter().map(HouseholdSpan::counted).collect();
    let mut subjects = vec![(household, Subject { spans, ..part(present) })];
    if giver.tier == Tier::Village {
        let present = presence::of(tx.conn(), giver.id, None)?;
        subjects.extend(village_with(giver, present).map(|village| (giver.id, village)));
    }
    let mut tally = Tally::default();
    for (given, sign) in changes {
        let amounts = Amounts { n: *sign, quantity: sign * given.quantity, amount_fen: sign * given.amount_fen };
        let (point, kind, period) = (giver.id, given.kind.to_owned(), given.on.month().key());
        tally.add(CellKey { point, ledger: ASSISTANCE, period, kind, class: String::new() }, amounts);
    }
    let mut rows: BTreeMap<(Id, &str, Month), i64> = BTreeMap::new();
    for (id, subject) in &mut subjects {
        let before = subject.tally();
        for (given, sign) in changes {
            let kinds: &[&str] = if *id == household { &[ANY, given.kind] } else { &[ANY] };
            subject.reach(kinds, given.on.month(), *sign);
            for kind in kinds {
                *rows.entry((*id, kind, given.on.month())).or_default() += sign;
            }
        }
        tally = tally.plus(subject.tally().since(before));
    }
    let rows: Vec<Presence> = rows
        .into_iter()
        .filter(|(_, n)| *n != 0)
        .map(|((subject_id, kind, month), n)| Presence { subject_id, kind: kind.to_owned(), period: month.key(), n })
        .collect();
    presence::add(tx.conn(), &rows)?;
    tx.count(tally, places.points.values().map(|point| (point.id, point.path.clone())));
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
    Ok(whole(household, &spans, &members, presence::of(conn, household.id, None)?).tally())
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

/// The same for a point that was opened or changed, if it is a village. The point is locked.
///
/// # Errors
/// The database's own.
pub fn village<P: Permission>(tx: &mut Tx<'_, P>, before: Option<&ServicePoint>, after: &ServicePoint) -> Result<()> {
    if after.tier != Tier::Village {
        return Ok(());
    }
    let presence = match before {
        Some(_) => presence::of(tx.conn(), after.id, None)?,
        None => Months::new(),
    };
    let tally =
        |point: &ServicePoint| village_with(point, presence.clone()).map(|village| village.tally()).unwrap_or_default();
    let difference = tally(after).since(before.map(tally).unwrap_or_default());
    tx.count(difference, [(after.id, after.path.clone())]);
    Ok(())
}

/// A village point as statistics see it. A planned one has not begun.
pub fn village_with(point: &ServicePoint, presence: Months) -> Option<Subject> {
    if point.tier != Tier::Village {
        return None;
    }
    let kind = region::village_kind(point.tier, point.region_code.as_deref());
    let class = kind.map_or(UNKNOWN_KIND, |kind| kind.code()).to_owned();
    // The day of closing is the last one.
    let end = point.closed_on.map(|last| last.plus_days(1));
    let open = Standing { home: point.id, class, active: true };
    let closed = end.map(|from| Dated { from, to: None, value: Standing { active: false, ..open.clone() } });
    let mut spans = vec![Dated { from: point.opened_on, to: end, value: open }];
    spans.extend(closed);
    if point.status == PointStatus::Planned {
        spans.clear();
    }
    Some(Subject { ledgers: &VILLAGE, spans, enrolled_on: None, persons: Vec::new(), presence })
}
