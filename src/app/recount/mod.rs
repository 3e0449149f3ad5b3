//! The recount: everything that the program keeps to be quick, counted again from the records, the dated rows, the members and
//! the points.
//!
//! Households come in batches, so that the memory needed is that of the cells and not that of the records.

mod ledgers;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::roll_up::{lifted_with, trainee_with, village_with};
use crate::{
    db::{
        Conn,
        assistance_records::{self, Counted},
        cells::{self, Cell},
        files,
        household_members::{self, Member},
        households::{self, Household, HouseholdSpan},
        presence::{self, Months, Presence, Sort},
        register_items::RegisterItem,
        service_points::{self, ServicePoint},
    },
    domain::{
        Id, PointPath,
        codes::{HEAD, HouseholdStatus},
        digest::{hex, sha256},
        metrics::{ASSISTANCE, HOUSEHOLD},
        roll_up::{ANY, Amounts, CellKey, Subject, Tally},
    },
    error::{Error, Result},
};

/// So many households are counted at a time.
const BATCH: i64 = 1_000;

/// A cell's key behind its point.
pub type Key = (String, i32, String, String);

/// Something that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A cell: the point, its key, what it holds, what it should hold.
    Cell(Id, Key, Amounts, Amounts),
    /// A presence: the row as it should be, and what it holds.
    Presence(Presence, i64),
    /// What follows from a household's members: the household, its head's name and its persons as they should be.
    Derived(Id, Option<String>, i64),
    /// Anything else, in words: a repair does not know which side is right.
    Other(String),
}

/// What a recount found.
#[derive(Clone, Debug, Default)]
pub struct Recount {
    /// Everything that is not what it should be.
    pub differences: Vec<Difference>,
    /// How many households were counted.
    pub households: u64,
    /// How many counted records of assistance.
    pub records: u64,
    /// How many counted entries of the other ledgers.
    pub entries: u64,
    /// How many stores.
    pub stores: u64,
    /// How many cells with something in them.
    pub cells: u64,
}

/// Counts everything again and compares it with what is kept. In one snapshot, or under locks.
///
/// # Errors
/// The database's own.
pub fn recount(conn: &mut Conn) -> Result<Recount> {
    let points: HashMap<Id, ServicePoint> =
        service_points::all(conn)?.into_iter().map(|point| (point.id, point)).collect();
    let mut counter = Counter {
        points,
        at_points: HashMap::new(),
        villages: HashMap::new(),
        reached: HashMap::new(),
        links: HashMap::new(),
        compared: HashSet::new(),
        found: Recount::default(),
    };
    counter.paths();
    counter.entries(conn)?;
    counter.stores(conn)?;
    counter.catalogues(conn)?;
    counter.registers(conn)?;
    counter.files(conn)?;
    let mut after = None;
    loop {
        let batch = households::after(conn, after, BATCH)?;
        let last = batch.last().map(|household| household.id);
        counter.batch(conn, &batch, after, last)?;
        match last {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    counter.villages(conn)?;
    counter.unreached();
    counter.compare(conn)?;
    Ok(counter.found)
}

struct Counter {
    points: HashMap<Id, ServicePoint>,
    /// What happened at each point itself.
    at_points: HashMap<Id, BTreeMap<Key, Amounts>>,
    /// In which months each point gave.
    villages: HashMap<Id, Months>,
    /// In which months each store sold and each person was trained.
    reached: HashMap<(Sort, Id), Months>,
    /// By which links each household is lifted.
    links: HashMap<Id, Vec<RegisterItem>>,
    /// Of which of these the kept presence was looked at.
    compared: HashSet<(Sort, Id)>,
    found: Recount,
}

impl Counter {
    fn note(&mut self, difference: Difference) {
        self.found.differences.push(difference);
    }

    /// Every file is what its digest says.
    fn files(&mut self, conn: &mut Conn) -> Result<()> {
        for digest in files::digests(conn)? {
            let file = files::find(conn, &digest)?;
            if file.is_some_and(|file| hex(&sha256(&file.content)) != digest) {
                self.note(Difference::Other(format!("the file {digest} is not what its digest says")));
            }
        }
        Ok(())
    }

    /// Every path is that of the parent, and the point's own id.
    fn paths(&mut self) {
        let mut wrong: Vec<Id> = self
            .points
            .values()
            .filter(|point| {
                let above = point.parent_id.map(|parent| self.points.get(&parent));
                match above {
                    None => point.path != PointPath::root(point.id),
                    Some(parent) => parent.is_none_or(|parent| point.path != parent.path.child(point.id)),
                }
            })
            .map(|point| point.id)
            .collect();
        wrong.sort_unstable();
        for id in wrong {
            self.note(Difference::Other(format!(
                "the path of the service point {id} is not that of its parent and itself"
            )));
        }
    }

    fn batch(&mut self, conn: &mut Conn, batch: &[Household], after: Option<Id>, last: Option<Id>) -> Result<()> {
        let Some(last_id) = last else {
            // What is present after the last household is no household.
            return self.strangers(presence::between(conn, after, None)?);
        };
        let mut spans: HashMap<Id, Vec<HouseholdSpan>> = HashMap::new();
        for span in households::spans_between(conn, after, last_id)? {
            spans.entry(span.household_id).or_default().push(span);
        }
        let mut members: HashMap<Id, Vec<Member>> = HashMap::new();
        for member in household_members::between(conn, after, last_id)? {
            members.entry(member.household_id).or_default().push(member);
        }
        let mut records: HashMap<Id, Vec<Counted>> = HashMap::new();
        for record in assistance_records::counted_between(conn, after, last_id)? {
            records.entry(record.household_id).or_default().push(record);
        }
        let mut present: HashMap<Id, Vec<Presence>> = HashMap::new();
        for row in presence::between(conn, after, last)? {
            present.entry(row.subject_id).or_default().push(row);
        }
        for household in batch {
            let id = household.id;
            let take = |rows: Option<Vec<HouseholdSpan>>| rows.unwrap_or_default();
            let members = members.remove(&id).unwrap_or_default();
            let records = records.remove(&id).unwrap_or_default();
            let (kept, others) = present
                .remove(&id)
                .unwrap_or_default()
                .into_iter()
                .partition(|row: &Presence| Sort::of(&row.kind) == Sort::Household);
            self.strangers(others)?;
            self.household(household, &take(spans.remove(&id)), &members, &records, kept);
        }
        self.strangers(present.into_values().flatten().collect())
    }

    /// Presence of what is no household: of stores and persons, which is what their entries say, and of points, which is looked
    /// at later.
    fn strangers(&mut self, rows: Vec<Presence>) -> Result<()> {
        let mut by_subject: BTreeMap<(Sort, Id), Vec<Presence>> = BTreeMap::new();
        for row in rows {
            match Sort::of(&row.kind) {
                Sort::Village if self.points.contains_key(&row.subject_id) => {}
                sort => by_subject.entry((sort, row.subject_id)).or_default().push(row),
            }
        }
        for ((sort, id), kept) in by_subject {
            let right = self.reached.get(&(sort, id)).map(|months| marked(sort, months)).unwrap_or_default();
            self.compared.insert((sort, id));
            self.presence(id, &right, kept);
        }
        Ok(())
    }

    fn household(
        &mut self,
        household: &Household,
        spans: &[HouseholdSpan],
        members: &[Member],
        records: &[Counted],
        kept: Vec<Presence>,
    ) {
        self.found.households += 1;
        self.rows(household, spans, members);
        let mut subject = Subject {
            ledgers: &HOUSEHOLD,
            spans: spans.iter().map(HouseholdSpan::counted).collect(),
            enrolled_on: Some(household.registered_on),
            persons: members.iter().map(|member| (member.joined_on, member.left_on)).collect(),
            presence: Months::new(),
        };
        for record in records {
            self.found.records += 1;
            let month = record.given_on.month();
            subject.reach(&[ANY, &record.kind], month, 1);
            let given = self.villages.entry(record.service_point_id).or_default();
            *given.entry(ANY.to_owned()).or_default().entry(month).or_default() += 1;
            let amount_fen = record.amount_fen.unwrap_or_default();
            let key = (ASSISTANCE.to_owned(), month.key(), record.kind.clone(), String::new());
            self.add(record.service_point_id, key, Amounts { n: 1, quantity: record.quantity, amount_fen });
        }
        self.presence(household.id, &subject.presence, kept);
        self.subject(&subject);
        for member in members {
            if let Some(presence) = self.reached.get(&(Sort::Person, member.id)).cloned() {
                self.subject(&trainee_with(spans, presence));
            }
        }
        if let Some(links) = self.links.remove(&household.id) {
            self.subject(&lifted_with(spans, members, &links));
        }
    }

    /// What a household's row repeats of its dated rows and its members.
    fn rows(&mut self, household: &Household, spans: &[HouseholdSpan], members: &[Member]) {
        let id = household.id;
        let now = spans.last().map(|span| (span.service_point_id, span.household_type.as_str(), span.status));
        if now != Some((household.service_point_id, household.household_type.as_str(), household.status)) {
            self.note(Difference::Other(format!("the household {id} is not what its last dated row says")));
        }
        let joined = spans.windows(2).all(|pair| pair[0].valid_to == Some(pair[1].valid_from));
        let ends = spans.first().is_some_and(|span| span.valid_from == household.registered_on)
            && spans.last().is_some_and(|span| span.valid_to.is_none());
        if !(joined && ends) {
            self.note(Difference::Other(format!("the dated rows of the household {id} have gaps")));
        }
        let active = household.status == HouseholdStatus::Active && household.erased_on.is_none();
        for member in members.iter().filter(|member| member.present != (active && member.left_on.is_none())) {
            self.note(Difference::Other(format!(
                "the member {} of the household {id} is present or is not, wrongly",
                member.id
            )));
        }
        let heads = members.iter().filter(|member| member.is_head()).count();
        if active && heads != 1 {
            self.note(Difference::Other(format!("the household {id} has {heads} heads")));
        }
        let head = members.iter().rfind(|member| member.relation == HEAD && member.left_on.is_none());
        let name = head.and_then(|head| head.name.clone());
        let persons = i64::try_from(members.iter().filter(|member| member.present).count()).unwrap_or(i64::MAX);
        if (&household.head_name, household.persons) != (&name, persons) {
            self.note(Difference::Derived(id, name, persons));
        }
    }

    fn presence(&mut self, subject_id: Id, right: &Months, kept: Vec<Presence>) {
        let mut rows: BTreeMap<(&str, i32), (i64, i64)> = BTreeMap::new();
        for (kind, months) in right {
            for (month, n) in months {
                rows.entry((kind, month.key())).or_default().0 = *n;
            }
        }
        for row in &kept {
            rows.entry((&row.kind, row.period)).or_default().1 = row.n;
        }
        let wrong: Vec<Difference> = rows
            .into_iter()
            .filter(|(_, (right, held))| right != held)
            .map(|((kind, period), (n, held))| {
                Difference::Presence(Presence { subject_id, kind: kind.to_owned(), period, n }, held)
            })
            .collect();
        self.found.differences.extend(wrong);
    }

    fn subject(&mut self, subject: &Subject) {
        self.tally(&subject.tally());
    }

    fn tally(&mut self, tally: &Tally) {
        for (key, amounts) in tally.cells() {
            let CellKey { point, ledger, period, kind, class } = key.clone();
            self.add(point, (ledger.to_owned(), period, kind, class), amounts);
        }
    }

    fn add(&mut self, point: Id, key: Key, amounts: Amounts) {
        let held = self.at_points.entry(point).or_default().entry(key).or_default();
        // What is past i64 is shown as a difference: the kept cell cannot be.
        *held = held.plus(amounts).unwrap_or(*held);
    }

    fn villages(&mut self, conn: &mut Conn) -> Result<()> {
        let mut ids: Vec<Id> = self.points.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            let Some(point) = self.points.get(&id).cloned() else { continue };
            let given = self.villages.remove(&id).unwrap_or_default();
            let mut kept = presence::rows(conn, id)?;
            kept.retain(|row| Sort::of(&row.kind) == Sort::Village);
            match village_with(&point, given.clone()) {
                Some(village) => {
                    self.presence(id, &marked(Sort::Village, &given), kept);
                    self.subject(&village);
                }
                None => self.presence(id, &Months::new(), kept),
            }
        }
        Ok(())
    }

    /// Carries what happened at each point up the tree, by parents, and compares it with the cells.
    fn compare(&mut self, conn: &mut Conn) -> Result<()> {
        let mut right: HashMap<Id, BTreeMap<Key, Amounts>> = HashMap::new();
        for (at, cells) in std::mem::take(&mut self.at_points) {
            for point in self.counted_at(at)? {
                let held = right.entry(point).or_default();
                for (key, amounts) in &cells {
                    let sum = held.entry(key.clone()).or_default();
                    *sum = sum.plus(*amounts).unwrap_or(*sum);
                }
            }
        }
        let mut points: Vec<Id> = self.points.keys().copied().collect();
        points.sort_unstable();
        for point in points {
            let kept = cells::of_point(conn, point)?.into_iter().map(|cell: Cell| {
                let amounts = cell.amounts();
                ((cell.ledger, cell.period, cell.kind, cell.class), amounts)
            });
            let mut rows: BTreeMap<Key, (Amounts, Amounts)> = BTreeMap::new();
            for (key, amounts) in right.remove(&point).unwrap_or_default() {
                rows.entry(key).or_default().1 = amounts;
            }
            for (key, amounts) in kept {
                rows.entry(key).or_default().0 = amounts;
            }
            for (key, (held, right)) in rows {
                self.found.cells += u64::from(!held.is_zero());
                if held != right {
                    self.note(Difference::Cell(point, key, held, right));
                }
            }
        }
        Ok(())
    }

    /// The points whose cells count what happened at one: itself, and those above whose cells hold totals.
    fn counted_at(&self, at: Id) -> Result<Vec<Id>> {
        let mut counted = vec![at];
        let mut point = self.points.get(&at).ok_or_else(|| Error::internal(format!("no service point {at}")))?;
        while let Some(parent) = point.parent_id.and_then(|parent| self.points.get(&parent)) {
            if cells::holds_total(parent.tier) {
                counted.push(parent.id);
            }
            point = parent;
        }
        Ok(counted)
    }
}

/// Months under any kind, as rows of a sort keep them.
fn marked(sort: Sort, months: &Months) -> Months {
    months.values().map(|months| (sort.any().to_owned(), months.clone())).collect()
}
