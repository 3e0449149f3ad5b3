//! What an inspection says of the whole, as far as it was checked.

use std::collections::BTreeMap;

use crate::{
    auth::{Tx, can},
    db::{
        inspection_items,
        inspections::{self, Inspection},
    },
    domain::{
        Id,
        codes::{InspectionItemState, InspectionMethod},
        estimate::{Estimate, Part, estimate},
    },
    error::Result,
};

/// What was found in a stratum, or in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StratumResult {
    /// How many records the frame has.
    pub frame_size: i64,
    /// How many were drawn.
    pub sample_size: i64,
    /// How many of those are in each state; states with none are left out.
    pub found: BTreeMap<InspectionItemState, i64>,
    /// The share of errors in the frame; none while nothing is known of a part of it.
    pub estimate: Option<Estimate>,
}

impl StratumResult {
    /// How many were checked with an answer.
    pub fn checked(&self) -> i64 {
        self.sum(InspectionItemState::is_answer)
    }

    /// How many of those were wrong.
    pub fn errors(&self) -> i64 {
        self.sum(InspectionItemState::is_error)
    }

    fn sum(&self, which: impl Fn(InspectionItemState) -> bool) -> i64 {
        self.found.iter().filter(|(state, _)| which(**state)).map(|(_, count)| count).sum()
    }

    fn add(&mut self, other: &Self) {
        self.frame_size += other.frame_size;
        self.sample_size += other.sample_size;
        for (state, count) in &other.found {
            *self.found.entry(*state).or_default() += count;
        }
    }

    fn part(&self) -> Part {
        Part { size: self.frame_size, checked: self.checked(), errors: self.errors() }
    }
}

/// What was found, by stratum in the order of the frame, and in all.
#[derive(Clone, Debug)]
pub struct Results {
    /// The inspection.
    pub inspection: Inspection,
    /// The strata with their names.
    pub strata: Vec<(Id, String, StratumResult)>,
    /// All of it.
    pub total: StratumResult,
}

/// What an inspection found so far.
///
/// # Errors
/// There is none within reach.
pub fn results(tx: &mut Tx<'_, can::ReadInspections>, id: Id) -> Result<Results> {
    let inspection = tx.find(id, inspections::find)?;
    let rows = inspections::strata(tx.conn(), id)?;
    let mut cells: BTreeMap<(Id, i64), StratumResult> = BTreeMap::new();
    let mut names = BTreeMap::new();
    for (row, name) in rows {
        let (frame_size, sample_size) = (row.frame_size, row.sample_size);
        let cell = StratumResult { frame_size, sample_size, ..StratumResult::default() };
        cells.insert((row.stratum_id, row.weight), cell);
        names.insert(row.stratum_id, name);
    }
    for (stratum, weight, state, count) in inspection_items::counts(tx.conn(), id)? {
        cells.entry((stratum, weight)).or_default().found.insert(state, count);
    }
    let by_weight = inspection.method == InspectionMethod::Risk;
    let mut strata = Vec::with_capacity(names.len());
    for (stratum, name) in names {
        let own = cells.range((stratum, i64::MIN)..=(stratum, i64::MAX));
        strata.push((stratum, name, summed(own, |(_, weight)| if by_weight { *weight } else { 0 })));
    }
    let total = if by_weight {
        summed(cells.iter(), |(_, weight)| *weight)
    } else {
        summed(cells.iter(), |(stratum, _)| *stratum)
    };
    Ok(Results { inspection, strata, total })
}

/// The sum of some cells. Records are drawn with equal chances within the parts that `part` puts them in: within a stratum, or,
/// where the conspicuous are drawn more likely, among those of one weight. So each part is judged by its own sample.
fn summed<'a, K: Ord>(
    cells: impl Iterator<Item = (&'a (Id, i64), &'a StratumResult)>,
    part: impl Fn(&(Id, i64)) -> K,
) -> StratumResult {
    let mut parts: BTreeMap<K, StratumResult> = BTreeMap::new();
    for (key, cell) in cells {
        parts.entry(part(key)).or_default().add(cell);
    }
    let mut sum = StratumResult::default();
    parts.values().for_each(|part| sum.add(part));
    let parts: Vec<Part> = parts.values().map(StratumResult::part).collect();
    StratumResult { estimate: estimate(&parts), ..sum }
}
