//! Monthly reports: what may be done with one, what is frozen when it is sent in, and its digest.

mod digests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use digests::{
    ChildDigest, EntryFacts, HouseholdFacts, ItemFacts, RecordDigests, RecordFacts, StoreFacts, add_entries,
    own_digest, record_digests, report_digest,
};

use super::{
    Day, Month,
    codes::{PointStatus, ReportState},
    digest::canonical,
};

/// What is done with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send it in.
    Submit,
    /// Take it back before anybody decides.
    Withdraw,
    /// Approve it; the bureau's own is final then.
    Approve,
    /// Send it back with a reason.
    Return,
    /// Open it again after it was approved.
    Reopen,
}

/// What else decides whether a step may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whether who acts sent in what the report holds now.
    pub is_submitter: bool,
    /// Where the report of the point above is; none at the root.
    pub parent: Option<ReportState>,
}

/// Why a step is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has been sent in.
    Submitted,
    /// It does not wait for a decision.
    NotSubmitted,
    /// It is not approved.
    NotApproved,
    /// Who acts sent it in.
    OwnReport,
    /// The report of the point above has been sent in.
    ParentSubmitted,
}

/// Where a step leads. A report that is approved already stays so when it is approved again.
///
/// # Errors
/// Why it is not taken.
pub fn next(state: ReportState, step: Step, facts: Facts) -> Result<ReportState, Refusal> {
    use ReportState as S;
    let parent_closed = facts.parent.is_some_and(ReportState::closes);
    match (step, state) {
        (Step::Submit, S::Submitted | S::Approved) => Err(Refusal::Submitted),
        (Step::Submit, S::Open | S::Returned) if parent_closed => Err(Refusal::ParentSubmitted),
        (Step::Submit, S::Open | S::Returned) => Ok(S::Submitted),
        (Step::Withdraw, S::Submitted) => Ok(S::Open),
        (Step::Approve | Step::Return, S::Submitted) | (Step::Approve, S::Approved) if facts.is_submitter => {
            Err(Refusal::OwnReport)
        }
        (Step::Approve, S::Submitted | S::Approved) => Ok(S::Approved),
        (Step::Return, S::Submitted) => Ok(S::Returned),
        (Step::Withdraw | Step::Approve | Step::Return, _) => Err(Refusal::NotSubmitted),
        // The bureau's manager opens the bureau's own, whoever sent it in.
        (Step::Reopen, S::Approved) if facts.is_submitter && facts.parent.is_some() => Err(Refusal::OwnReport),
        (Step::Reopen, S::Approved) if parent_closed => Err(Refusal::ParentSubmitted),
        (Step::Reopen, S::Approved) => Ok(S::Open),
        (Step::Reopen, S::Open | S::Submitted | S::Returned) => Err(Refusal::NotApproved),
    }
}

/// Whether a report for a month is expected of a point with these days. A suspended point is still there.
pub fn is_expected(status: PointStatus, opened_on: Day, closed_on: Option<Day>, month: Month) -> bool {
    status != PointStatus::Planned
        && opened_on <= month.last_day()
        && closed_on.is_none_or(|last| last >= month.first_day())
}

/// One metric as it is frozen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// How many.
    pub value: i64,
    /// For a share: of how many.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub of: Option<i64>,
    /// By kind of assistance.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub by_kind: BTreeMap<String, i64>,
    /// By type of household, or by kind of village.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub by_type: BTreeMap<String, i64>,
}

/// Figures of a month by the code of the metric.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Figures(pub BTreeMap<String, Frozen>);

impl Figures {
    /// These and others; none when a sum is past i64.
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let mut sum = self.clone();
        for (code, more) in &other.0 {
            let held = sum.0.entry(code.clone()).or_default();
            held.value = held.value.checked_add(more.value)?;
            held.of = match (held.of, more.of) {
                (Some(one), Some(other)) => Some(one.checked_add(other)?),
                (one, other) => one.or(other),
            };
            for (parts, more) in [(&mut held.by_kind, &more.by_kind), (&mut held.by_type, &more.by_type)] {
                for (part, value) in more {
                    let part = parts.entry(part.clone()).or_default();
                    *part = part.checked_add(*value)?;
                }
                parts.retain(|_, value| *value != 0);
            }
        }
        Some(sum)
    }

    /// These, as far as the others know their metrics: the registry may have grown since.
    #[must_use]
    pub fn known_to(&self, others: &Self) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(code, _)| others.0.contains_key(*code))
                .map(|(c, f)| (c.clone(), f.clone()))
                .collect(),
        )
    }

    /// Whether nothing of what these metrics count happened.
    pub fn is_nil<'a>(&self, flows: impl IntoIterator<Item = &'a str>) -> bool {
        flows.into_iter().all(|code| self.0.get(code).is_none_or(|frozen| frozen.value == 0))
    }

    /// The text that is kept.
    ///
    /// # Errors
    /// None in practice.
    pub fn stored(&self) -> serde_json::Result<String> {
        Ok(canonical(&serde_json::to_value(self)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Id, codes::ChildState};

    const STATES: [ReportState; 4] =
        [ReportState::Open, ReportState::Submitted, ReportState::Approved, ReportState::Returned];

    fn facts(is_submitter: bool, parent: Option<ReportState>) -> Facts {
        Facts { is_submitter, parent }
    }

    #[test]
    fn nobody_decides_about_what_they_sent_in() {
        for step in [Step::Approve, Step::Return, Step::Reopen] {
            for state in STATES {
                for parent in STATES {
                    assert!(next(state, step, facts(true, Some(parent))).is_err(), "{step:?} {state:?} {parent:?}");
                }
            }
        }
        assert_eq!(next(ReportState::Approved, Step::Reopen, facts(true, None)), Ok(ReportState::Open));
        assert_eq!(next(ReportState::Submitted, Step::Approve, facts(true, None)), Err(Refusal::OwnReport));
    }

    #[test]
    fn a_parent_that_was_sent_in_holds_its_children() {
        for parent in [ReportState::Submitted, ReportState::Approved] {
            let facts = facts(false, Some(parent));
            assert_eq!(next(ReportState::Approved, Step::Reopen, facts), Err(Refusal::ParentSubmitted));
            assert_eq!(next(ReportState::Open, Step::Submit, facts), Err(Refusal::ParentSubmitted));
        }
        for parent in [None, Some(ReportState::Open), Some(ReportState::Returned)] {
            assert_eq!(next(ReportState::Approved, Step::Reopen, facts(false, parent)), Ok(ReportState::Open));
        }
    }

    #[test]
    fn each_step_has_the_states_that_it_is_taken_in() {
        use ReportState::{Approved, Open, Returned, Submitted};
        let to = |step| STATES.map(|state| next(state, step, facts(false, Some(Open))).ok());
        // From: open, submitted, approved, returned.
        assert_eq!(to(Step::Submit), [Some(Submitted), None, None, Some(Submitted)]);
        assert_eq!(to(Step::Withdraw), [None, Some(Open), None, None]);
        assert_eq!(to(Step::Approve), [None, Some(Approved), Some(Approved), None]);
        assert_eq!(to(Step::Return), [None, Some(Returned), None, None]);
        assert_eq!(to(Step::Reopen), [None, None, Some(Open), None]);
    }

    #[test]
    fn a_point_is_expected_from_the_month_of_its_first_day_to_that_of_its_last() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let month = |text: &str| text.parse::<Month>().unwrap();
        let (opened, closed) = (day("2026-03-31"), Some(day("2026-06-01")));
        let expected = |text| is_expected(PointStatus::Closed, opened, closed, month(text));
        assert_eq!(["2026-02", "2026-03", "2026-06", "2026-07"].map(expected), [false, true, true, false]);
        assert!(is_expected(PointStatus::Suspended, opened, None, month("2030-01")));
        assert!(!is_expected(PointStatus::Planned, opened, None, month("2030-01")));
    }

    #[test]
    fn a_digest_changes_with_each_part_and_not_with_the_order_of_children() {
        let id = |n| Id::from_bytes([n; 16]);
        let month = |text: &str| text.parse::<Month>().unwrap();
        let figures = |value| Figures([("a".to_owned(), Frozen { value, ..Frozen::default() })].into());
        let child = |code, state, digest| ChildDigest { code, state, digest };
        let (one, two) = (child("1", ChildState::Approved, Some("x")), child("2", ChildState::Waived, None));
        let digest = |point, text, value, own, children: &[ChildDigest<'static>]| {
            report_digest((id(point), month(text)), &figures(value), own, children.to_vec()).unwrap()
        };
        let base = digest(1, "2026-10", 5, "own", &[one.clone(), two.clone()]);
        assert_eq!(base, digest(1, "2026-10", 5, "own", &[two.clone(), one.clone()]));
        let others = [
            digest(2, "2026-10", 5, "own", &[one.clone(), two.clone()]),
            digest(1, "2026-09", 5, "own", &[one.clone(), two.clone()]),
            digest(1, "2026-10", 6, "own", &[one.clone(), two.clone()]),
            digest(1, "2026-10", 5, "other", &[one.clone(), two.clone()]),
            digest(1, "2026-10", 5, "own", std::slice::from_ref(&one)),
            digest(1, "2026-10", 5, "own", &[child("1", ChildState::Approved, Some("y")), two.clone()]),
            digest(1, "2026-10", 5, "own", &[child("1", ChildState::Absent, Some("x")), two]),
        ];
        assert!(others.iter().all(|other| *other != base));
    }

    #[test]
    fn figures_add_up_part_by_part() {
        let frozen = |value, of, kind: &str| Frozen {
            value,
            of,
            by_kind: [(kind.to_owned(), value)].into(),
            by_type: BTreeMap::new(),
        };
        let one = Figures([("m".to_owned(), frozen(2, Some(4), "a"))].into());
        let other = Figures([("m".to_owned(), frozen(3, Some(5), "b"))].into());
        let sum = one.plus(&other).unwrap();
        assert_eq!((sum.0["m"].value, sum.0["m"].of, sum.0["m"].by_kind.len()), (5, Some(9), 2));
        assert_eq!(Figures([("m".to_owned(), frozen(i64::MAX, None, "a"))].into()).plus(&one), None);
        assert!(!sum.is_nil(["m"]) && sum.is_nil(["other"]));
    }
}
