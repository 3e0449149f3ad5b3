//! Reading audit events: lists, the timeline of one thing, and the signed head of the chain.

use std::collections::HashSet;

use serde_json::Value;

use super::{Paged, Want, input::Faults, reach_within};
use crate::{
    auth::{Permission, Tx, can, chain},
    db::{
        accounts, assistance_records,
        audit_events::{self, Filter, Shown},
        audit_seals, doubtful_items, grants, household_members, households, reports, service_points, transfer_requests,
    },
    domain::{
        Day, Id,
        audit::MASK,
        audit_chain::Head,
        codes::{AUDIT_ACTIONS, AUDIT_OBJECTS},
        policy::Action,
    },
    error::{Error, Result},
};

/// Fields that hold the id of a point, which may lie out of the reader's scope.
const POINTS: [&str; 3] = ["service_point_id", "parent_id", "merged_into"];

/// An event, and what it changed.
#[derive(Clone, Debug)]
pub struct Told {
    /// The event.
    pub shown: Shown,
    /// The fields that differ, in the order of their names.
    pub changes: Vec<Change>,
}

/// A field before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which.
    pub field: String,
    /// What it held; `***` for what is personal or out of scope.
    pub before: Value,
    /// What it holds.
    pub after: Value,
}

/// Events of the points within reach, of one subtree if asked, between two days, newest first.
///
/// # Errors
/// The subtree's top is not within reach; the window is too wide.
pub fn list(
    tx: &mut Tx<'_, can::ReadAudit>,
    within: Option<Id>,
    (from, to): (Day, Day),
    filter: Filter,
    want: &Want<Id>,
) -> Result<Paged<Told>> {
    let reach = reach_within(tx, within)?;
    let mut faults = Faults::default();
    faults.window(from, to);
    for (code, list, pointer) in
        [(&filter.action, &AUDIT_ACTIONS, "action"), (&filter.object_type, &AUDIT_OBJECTS, "object_type")]
    {
        if let Some(code) = code {
            faults.code(list, code, to, pointer);
        }
    }
    faults.finish()?;
    let filter = Filter { from: Some(from.begins_at()), before: Some(to.plus_days(1).begins_at()), ..filter };
    let mut whole = tx.actor().reach(Action::ReadWholeAudit);
    if let Some(top) = within {
        let top = tx.find(top, service_points::find)?;
        whole = whole.narrowed_to(&top.path);
    }
    let rows = audit_events::page(tx.conn(), (&reach, &whole), &filter, want.after, want.fetch())?;
    told(tx, want.page(rows, None))
}

/// Everything that happened to a service point.
///
/// # Errors
/// There is none within reach.
pub fn of_point(tx: &mut Tx<'_, can::ReadWholeAudit>, id: Id, want: &Want<Id>) -> Result<Paged<Told>> {
    tx.find(id, service_points::find)?;
    timeline(tx, vec![id], want)
}

/// Everything that happened to a household, its members, the requests to transfer it and what was said about doubtful items of
/// them, as far as it happened within reach.
///
/// # Errors
/// There is none within reach.
pub fn of_household(tx: &mut Tx<'_, can::ReadWholeAudit>, id: Id, want: &Want<Id>) -> Result<Paged<Told>> {
    tx.find(id, households::find)?;
    let mut objects = vec![id];
    objects.extend(household_members::of_household(tx.conn(), id)?.into_iter().map(|member| member.id));
    let explained = doubtful_items::of_subjects(tx.conn(), &objects)?;
    objects.extend(explained.into_iter().map(|explanation| explanation.id));
    objects.extend(transfer_requests::of_household(tx.conn(), id)?);
    timeline(tx, objects, want)
}

/// Everything that happened to an assistance record, with what was said about doubtful items of it.
///
/// # Errors
/// There is none within reach.
pub fn of_record(tx: &mut Tx<'_, can::ReadWholeAudit>, id: Id, want: &Want<Id>) -> Result<Paged<Told>> {
    tx.find(id, assistance_records::find)?;
    let mut objects = vec![id];
    let explained = doubtful_items::of_subjects(tx.conn(), &[id])?;
    objects.extend(explained.into_iter().map(|explanation| explanation.id));
    timeline(tx, objects, want)
}

/// Everything that happened to a monthly report: who sent it in, took it back, approved, returned or opened it again.
///
/// # Errors
/// There is none within reach.
pub fn of_report(tx: &mut Tx<'_, can::ReadWholeAudit>, id: Id, want: &Want<Id>) -> Result<Paged<Told>> {
    tx.find(id, reports::find)?;
    timeline(tx, vec![id], want)
}

/// Everything that happened to an account and its grants.
///
/// # Errors
/// There is none within reach.
pub fn of_account(tx: &mut Tx<'_, can::ReadAudit>, id: Id, want: &Want<Id>) -> Result<Paged<Told>> {
    tx.find(id, accounts::find)?;
    let mut objects = vec![id];
    objects.extend(grants::ids_of_account(tx.conn(), id)?);
    timeline(tx, objects, want)
}

/// The end of the chain, signed: whoever keeps it can tell later whether the chain was cut off.
///
/// # Errors
/// The database's own.
pub fn head(tx: &mut Tx<'_, can::SignHead>) -> Result<Head> {
    tx.reach()?;
    let (keys, now) = (tx.tools().keys.clone(), tx.now());
    Ok(chain::head(&keys, tx.conn(), now)?)
}

/// How many events wait for their place in the chain.
///
/// # Errors
/// The database's own.
pub fn waiting(tx: &mut Tx<'_, can::Enter>) -> Result<i64> {
    Ok(audit_seals::count_waiting(tx.conn())?)
}

fn timeline<P: Permission>(tx: &mut Tx<'_, P>, objects: Vec<Id>, want: &Want<Id>) -> Result<Paged<Told>> {
    let (reach, whole) = (tx.reach()?, tx.actor().reach(Action::ReadWholeAudit));
    let filter = Filter { objects: Some(objects), ..Filter::default() };
    let rows = audit_events::page(tx.conn(), (&reach, &whole), &filter, want.after, want.fetch())?;
    told(tx, want.page(rows, None))
}

/// Reads what the events changed, and hides points that are out of the reader's scope.
fn told<P: Permission>(tx: &mut Tx<'_, P>, page: Paged<Shown>) -> Result<Paged<Told>> {
    let Paged { items, more, count } = page;
    let mut items = items
        .into_iter()
        .map(|shown| Ok(Told { changes: changes(shown.event.before.as_deref(), shown.event.after.as_deref())?, shown }))
        .collect::<Result<Vec<_>>>()?;
    let named = |value: &Value| value.as_str().and_then(|text| text.parse::<Id>().ok());
    let points: Vec<Id> = items
        .iter()
        .flat_map(|told| &told.changes)
        .filter(|change| POINTS.contains(&change.field.as_str()))
        .flat_map(|change| [named(&change.before), named(&change.after)])
        .flatten()
        .collect();
    let scope = tx.actor().scope();
    let seen: HashSet<Id> = service_points::reached(tx.conn(), &scope, &points)?.into_iter().collect();
    for change in items.iter_mut().flat_map(|told| &mut told.changes) {
        if POINTS.contains(&change.field.as_str()) {
            for value in [&mut change.before, &mut change.after] {
                if named(value).is_some_and(|id| !seen.contains(&id)) {
                    *value = MASK.into();
                }
            }
        }
    }
    Ok(Paged { items, more, count })
}

/// The fields that differ between two copies. What is no pair of objects (a repaired number) is told whole.
fn changes(before: Option<&str>, after: Option<&str>) -> Result<Vec<Change>> {
    let read = |copy: Option<&str>| copy.map_or(Ok(Value::Null), serde_json::from_str).map_err(Error::internal);
    match (read(before)?, read(after)?) {
        (Value::Null, Value::Null) => Ok(Vec::new()),
        (Value::Object(mut before), Value::Object(after)) => {
            let mut changes: Vec<Change> = after
                .into_iter()
                .map(|(field, after)| Change { before: before.remove(&field).unwrap_or_default(), field, after })
                .collect();
            changes.extend(before.into_iter().map(|(field, before)| Change { field, before, after: Value::Null }));
            // A masked field that was changed looks the same before and after; the version tells that something was.
            changes
                .retain(|change| change.before != change.after && !["version", "updated_at"].contains(&&*change.field));
            changes.sort_by(|a, b| a.field.cmp(&b.field));
            Ok(changes)
        }
        (before, after) => Ok(vec![Change { field: "values".to_owned(), before, after }]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let told =
            changes(Some(r#"{"a":1,"b":"x","gone":2,"version":1}"#), Some(r#"{"a":1,"b":"y","new":[1],"version":2}"#));
        let told: Vec<(String, Value, Value)> =
            told.unwrap().into_iter().map(|change| (change.field, change.before, change.after)).collect();
        let (null, x, y) = (Value::Null, Value::from("x"), Value::from("y"));
        let expected =
            [("b".into(), x, y), ("gone".into(), 2.into(), null.clone()), ("new".into(), null, vec![1].into())];
        assert_eq!(told, expected);
        assert_eq!(changes(None, None).unwrap(), []);
        assert_eq!(changes(Some("[1]"), Some("[2]")).unwrap()[0].field, "values");
    }
}
