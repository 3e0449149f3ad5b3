//! Doubtful items (疑点): what the rules find wrong or odd in the data, and what people say about it.
//!
//! What is found is not kept. Each look computes it from the rows in its own snapshot, so a correction closes an item in the
//! moment in which it is made, and nothing has to be kept up by every write. Only explanations are kept, with a keyed hash of the
//! facts that they explain: when those change, the item is open again.

mod livelihoods;
mod monthly;
mod scan;
mod standing;
mod trade;

use std::{
    collections::{BTreeMap, HashMap},
    ops::ControlFlow,
};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

pub use scan::{Found, Key};
use scan::{Question, scan};

use super::{
    Paged, Want, audit,
    idempotence::{Made, replay, request_digest},
    input::{Faults, holds_no_number},
    reach_within,
};
use crate::{
    auth::{Permission, Tx, can},
    db::{
        assistance_records,
        doubtful_items::{self as db, Explanation},
        household_members, households, ledger_entries,
        service_points::{self, ServicePoint},
        stores,
    },
    domain::{
        Id, Month, PointPath, Text,
        access::{Area, Reach},
        codes::{DoubtfulState, DoubtfulSubject, Severity},
        doubtful::{RULES, Rule},
        policy::{Action, Extent},
    },
    error::{Conflict, Error, Fault, Result},
};

/// What the registry of rules is called where it is asked for.
const REGISTRY: &str = "doubtful_rule";

/// What a list is narrowed to.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The subtree of this point.
    pub service_point_id: Option<Id>,
    /// The month of the rules that go by months.
    pub month: Month,
    /// One rule.
    pub rule: Option<String>,
    /// One severity.
    pub severity: Option<Severity>,
    /// One state.
    pub state: Option<DoubtfulState>,
}

/// Something that a rule found, and what was said about it.
#[derive(Clone, Debug)]
pub struct Item {
    /// What was found.
    pub found: Found,
    /// The explanation of these very facts.
    pub explanation: Option<Explanation>,
    /// The other points that are concerned, as far as they may be told.
    pub elsewhere: Vec<Elsewhere>,
}

/// Another point, which may lie out of scope.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elsewhere {
    /// The point, if the caller may see what lies there.
    pub service_point_id: Option<Id>,
    /// The name of its county; none at the bureau.
    pub county: Option<String>,
}

/// What somebody has to say about an item.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Explain {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The rule that found the item.
    #[schema(example = "income_unusual")]
    pub rule: Text,
    /// What the item is about.
    pub subject_id: Id,
    /// The month of an item that has one.
    pub month: Option<Month>,
    /// The facts that are explained, as the item tells them: what has changed meanwhile is not explained unseen.
    #[validate(length(min = 1, max = 64))]
    #[schema(min_length = 1, max_length = 64)]
    pub fingerprint: Text,
    /// The explanation; no identity or telephone numbers.
    #[validate(length(min = 1, max = 500), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 500)]
    pub note: Text,
}

/// How much a rule finds at a point and below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Neither corrected nor explained.
    pub open: u64,
    /// Explained.
    pub explained: u64,
}

/// What is found at a point, by child and rule.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The point.
    pub point: Id,
    /// What would be in the way of a report.
    pub open: Open,
    /// By the child whose subtree it lies in, or the point itself, and by rule.
    pub parts: Vec<(Id, &'static Rule, Counts)>,
}

/// What is in the way of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// Errors, which are corrected.
    pub errors: u64,
    /// Doubtful items that nobody has explained.
    pub unexplained: u64,
}

impl Open {
    fn note(&mut self, item: &Item) {
        match (state_of(item), item.found.rule.severity) {
            (DoubtfulState::Open, Severity::Error) => self.errors += 1,
            (DoubtfulState::Open, Severity::Doubtful) => self.unexplained += 1,
            (DoubtfulState::Explained, _) => {}
        }
    }
}

/// The items that belong to reached points, in the order of the tree.
///
/// # Errors
/// The top of the subtree is not within reach; the month has not begun.
pub fn list(tx: &mut Tx<'_, can::ReadDoubtful>, filter: &Filter, want: &Want<Key>) -> Result<Paged<Item>> {
    let reach = reach_within(tx, filter.service_point_id)?;
    not_in_future(tx, filter.month)?;
    let rules: Vec<&Rule> = RULES
        .iter()
        .filter(|rule| filter.rule.as_ref().is_none_or(|code| rule.code == code))
        .filter(|rule| filter.severity.is_none_or(|severity| rule.severity == severity))
        .collect();
    let from = want.after.as_ref().map(|(path, ..)| path.clone());
    let question = Question { reach, month: filter.month, rules, from };
    let enough = usize::try_from(want.fetch()).unwrap_or_default();
    let mut items = Vec::new();
    scan(tx, &question, |tx, mut found| {
        found.retain(|found| want.after.as_ref().is_none_or(|after| found.key() > *after));
        let judged = judged(tx, found)?.into_iter();
        items.extend(judged.filter(|item| filter.state.is_none_or(|state| state_of(item) == state)));
        Ok(if items.len() >= enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    items.truncate(enough);
    tell_elsewhere(tx, &mut items)?;
    Ok(want.page(items, None))
}

/// How much is found at a point, by its children and by rule.
///
/// # Errors
/// The point is not within reach; the month has not begun.
pub fn summary(tx: &mut Tx<'_, can::ReadDoubtful>, id: Id, month: Month) -> Result<Summary> {
    let top = tx.find(id, service_points::find)?;
    not_in_future(tx, month)?;
    summary_of(tx, &top, month)
}

/// The same of a point that the caller has found already.
///
/// # Errors
/// The database's own.
pub fn summary_of<P: Permission>(tx: &mut Tx<'_, P>, top: &ServicePoint, month: Month) -> Result<Summary> {
    let reach = tx.reach()?.narrowed_to(&top.path);
    let question = Question { reach, month, rules: RULES.iter().collect(), from: None };
    let mut parts: BTreeMap<(PointPath, &str), (Id, &'static Rule, Counts)> = BTreeMap::new();
    let mut open = Open::default();
    scan(tx, &question, |tx, found| {
        for item in judged(tx, found)? {
            open.note(&item);
            let child = item.found.path.ids().get(top.path.depth()).copied();
            let place = child.map_or_else(|| top.path.clone(), |child| top.path.child(child));
            let rule = item.found.rule;
            let part = parts.entry((place, rule.code)).or_insert((child.unwrap_or(top.id), rule, Counts::default()));
            match state_of(&item) {
                DoubtfulState::Open => part.2.open += 1,
                DoubtfulState::Explained => part.2.explained += 1,
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(Summary { point: top.id, open, parts: parts.into_values().collect() })
}

/// What is in the way of the report of a point on a month: what is open at the point itself, because the points below are asked
/// for their own reports. It is for the report to authorize.
///
/// # Errors
/// The database's own.
pub fn open_for_report<P: Permission>(tx: &mut Tx<'_, P>, point: &PointPath, month: Month) -> Result<Open> {
    let reach = Reach::new(vec![Area { path: point.clone(), extent: Extent::Own }]);
    let question = Question { reach, month, rules: RULES.iter().collect(), from: None };
    let mut open = Open::default();
    scan(tx, &question, |tx, found| {
        judged(tx, found)?.iter().for_each(|item| open.note(item));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(open)
}

/// Explains an item.
///
/// # Errors
/// The subject is unknown; the rule finds an error; nothing is found any more, or with other facts; these facts were explained
/// before.
pub fn explain(tx: &mut Tx<'_, can::ExplainDoubtful>, request: &Explain) -> Result<Made<Explanation>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, db::find)? {
        return Ok(made);
    }
    let Some(rule) = Rule::by_code(&request.rule) else {
        return Err(Error::Invalid(vec![Fault::new("/rule", "unknown_code").with("list", REGISTRY)]));
    };
    let path = place(tx, rule.subject, request.subject_id).map_err(|error| error.at("/subject_id"))?;
    let mut faults = Faults::of(request);
    faults.id(request.id);
    faults.unless(rule.severity == Severity::Doubtful, "/rule", "only_corrected");
    faults.unless(rule.is_monthly() == request.month.is_some(), "/month", "month_of_rule");
    let this_month = tx.today().month();
    let month = request.month.unwrap_or(this_month);
    faults.unless(month <= this_month, "/month", "in_future");
    faults.finish()?;
    let reach = Reach::new(vec![Area { path, extent: Extent::Own }]);
    let question = Question { reach, month, rules: vec![rule], from: None };
    let mut items = Vec::new();
    scan(tx, &question, |tx, mut found| {
        found.retain(|found| found.subject_id == request.subject_id && *found.fingerprint == *request.fingerprint);
        items.extend(judged(tx, found)?);
        Ok(ControlFlow::Continue(()))
    })?;
    let Some(item) = items.pop() else { return Err(Conflict::DoubtfulChanged.into()) };
    if item.explanation.is_some() {
        return Err(Conflict::AlreadySo.into());
    }
    let explanation = Explanation {
        id: request.id.unwrap_or_else(|| tx.new_id()),
        rule: rule.code.to_owned(),
        subject_id: request.subject_id,
        period: item.found.period(),
        fingerprint: item.found.fingerprint,
        service_point_id: item.found.service_point_id,
        note: request.note.to_string(),
        version: 1,
        created_by: tx.account_id()?,
        request_digest: digest.to_vec(),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    db::insert(tx.conn(), &explanation)?;
    audit::created(tx, "doubtful_item.explain", &explanation)?;
    Ok(Made::New(explanation))
}

/// Takes away what was said about these subjects: the people in them are to be known no more.
///
/// # Errors
/// The database's own.
pub fn erase<P: Permission>(tx: &mut Tx<'_, P>, subjects: &[Id]) -> Result<()> {
    for before in db::of_subjects(tx.conn(), subjects)? {
        let (version, updated_at) = (before.version + 1, tx.now());
        let after = Explanation { note: String::new(), version, updated_at, ..before.clone() };
        db::update(tx.conn(), &after)?;
        audit::changed(tx, "doubtful_explanation.erase", &before, &after, None)?;
    }
    Ok(())
}

/// One explanation.
///
/// # Errors
/// There is none within reach.
pub fn get(tx: &mut Tx<'_, can::ReadDoubtful>, id: Id) -> Result<Explanation> {
    tx.find(id, db::find)
}

/// Whether an item waits for something.
pub fn state_of(item: &Item) -> DoubtfulState {
    if item.explanation.is_some() { DoubtfulState::Explained } else { DoubtfulState::Open }
}

fn not_in_future<P: Permission>(tx: &Tx<'_, P>, month: Month) -> Result<()> {
    if month <= tx.today().month() { Ok(()) } else { Err(Error::invalid("month", "in_future")) }
}

/// Where something lies that an item is about, if the caller may explain there.
fn place(tx: &mut Tx<'_, can::ExplainDoubtful>, subject: DoubtfulSubject, id: Id) -> Result<PointPath> {
    let point = match subject {
        DoubtfulSubject::ServicePoint => id,
        DoubtfulSubject::Household => tx.find(id, households::find)?.service_point_id,
        DoubtfulSubject::AssistanceRecord => tx.find(id, assistance_records::find)?.service_point_id,
        DoubtfulSubject::Sale | DoubtfulSubject::Entry => tx.find(id, ledger_entries::find)?.service_point_id,
        DoubtfulSubject::Store => tx.find(id, stores::find)?.service_point_id,
        DoubtfulSubject::Member => {
            let household = tx.find(id, household_members::find)?.household_id;
            tx.find(household, households::find)?.service_point_id
        }
    };
    Ok(tx.find(point, service_points::find)?.path)
}

/// What was found, each with the explanation of its facts.
fn judged<P: Permission>(tx: &mut Tx<'_, P>, found: Vec<Found>) -> Result<Vec<Item>> {
    let mut subjects: Vec<Id> = found.iter().map(|found| found.subject_id).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let given = db::of_subjects(tx.conn(), &subjects)?.into_iter();
    let mut given: HashMap<(Id, String, i32, String), Explanation> =
        given.map(|row| ((row.subject_id, row.rule.clone(), row.period, row.fingerprint.clone()), row)).collect();
    let item = |found: Found| {
        let key = (found.subject_id, found.rule.code.to_owned(), found.period(), found.fingerprint.clone());
        Item { explanation: given.remove(&key), found, elsewhere: Vec::new() }
    };
    Ok(found.into_iter().map(item).collect())
}

/// Tells which other points are concerned: those that the caller may see by their ids, all of them by their counties.
fn tell_elsewhere<P: Permission>(tx: &mut Tx<'_, P>, items: &mut [Item]) -> Result<()> {
    let mut ids: Vec<Id> = items.iter().flat_map(|item| item.found.elsewhere.iter().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    let paths: HashMap<Id, PointPath> =
        db::paths(tx.conn(), &ids)?.into_iter().map(|(id, path, _)| (id, path)).collect();
    let county = |path: &PointPath| path.ids().get(1).copied();
    let mut counties: Vec<Id> = paths.values().filter_map(county).collect();
    counties.sort_unstable();
    counties.dedup();
    let names: HashMap<Id, String> =
        db::paths(tx.conn(), &counties)?.into_iter().map(|(id, _, name)| (id, name)).collect();
    let reach = tx.actor().reach(Action::ReadDoubtful);
    for item in items {
        let told = item.found.elsewhere.iter().filter_map(|id| paths.get(id).map(|path| (*id, path)));
        item.elsewhere = told
            .map(|(id, path)| Elsewhere {
                service_point_id: reach.covers(path).then_some(id),
                county: county(path).and_then(|county| names.get(&county).cloned()),
            })
            .collect();
        // By what is told, so that the order tells nothing else; and each once.
        item.elsewhere.sort_unstable();
        item.elsewhere.dedup();
    }
    Ok(())
}
