//! Dated rows: what holds from a day on, one row after the other.

use super::Standing;
use crate::domain::Day;

/// A dated row: what holds from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated<T> {
    /// The first day.
    pub from: Day,
    /// The first day of the next row; none for the last one.
    pub to: Option<Day>,
    /// What holds.
    pub value: T,
}

/// Makes something hold from a day on that is not before the last row begins: the last row ends there and another begins,
/// or gives way to it when they begin on the same day. A row that would repeat the one before it is not made.
pub fn follow<T: PartialEq>(rows: &mut Vec<Dated<T>>, from: Day, value: T) {
    if rows.last().is_some_and(|last| last.from == from) {
        rows.pop();
    }
    match rows.last_mut() {
        Some(last) if last.value == value => last.to = None,
        last => {
            if let Some(last) = last {
                last.to = Some(from);
            }
            rows.push(Dated { from, to: None, value });
        }
    }
}

/// A stretch of days: the first one, and the first one after it.
pub type Stretch = (Day, Option<Day>);

/// What holds while any of some stretches lasts, and in between: rows without gaps from the first day of the first one on.
pub fn united<T: PartialEq>(mut stretches: Vec<Stretch>, holds: impl Fn(bool) -> T) -> Vec<Dated<T>> {
    stretches.sort_unstable();
    let (mut rows, mut until): (Vec<Dated<T>>, Option<Day>) = (Vec::new(), None);
    for (from, to) in stretches {
        match (rows.is_empty(), until) {
            // The one before goes on without an end.
            (false, None) => break,
            (false, Some(end)) if from <= end => until = to.map(|to| to.max(end)),
            (is_first, end) => {
                if let Some(end) = end.filter(|_| !is_first) {
                    follow(&mut rows, end, holds(false));
                }
                follow(&mut rows, from, holds(true));
                until = to;
            }
        }
    }
    if let Some(end) = until {
        follow(&mut rows, end, holds(false));
    }
    rows
}

/// The days that two stretches have in common.
pub fn common((from, to): Stretch, (other_from, other_to): Stretch) -> Option<Stretch> {
    let from = from.max(other_from);
    let to = to.into_iter().chain(other_to).min();
    to.is_none_or(|to| from < to).then_some((from, to))
}

/// The same rows, but standing only while any of some stretches lasts.
pub fn during(rows: &[Dated<Standing>], stretches: Vec<Stretch>) -> Vec<Dated<Standing>> {
    let lasts = united(stretches, |lasts| lasts);
    let mut cuts: Vec<Day> = rows.iter().map(|row| row.from).chain(lasts.iter().map(|row| row.from)).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut found = Vec::new();
    for day in cuts {
        let Some(row) = rows.iter().rev().find(|row| row.from <= day) else { continue };
        let is_lasting = lasts.iter().rev().find(|row| row.from <= day).is_some_and(|row| row.value);
        follow(&mut found, day, Standing { active: row.value.active && is_lasting, ..row.value.clone() });
    }
    found
}
