//! When reports are due, after which day a month is locked, and how a point stands with its report.
//!
//! The first submission that the point did not take back itself decides: it is on time if it was sent in by the end of the day
//! on which it was due (Asia/Shanghai). A later return or reopening does not make it late, and neither does sending it in again.

use super::{
    Day, Month,
    codes::{Tier, Timeliness},
};

/// The due day and the lock day of a tier, from a month on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whose reports.
    pub tier: Tier,
    /// The day of the next month by whose end they are due.
    pub due_day: u32,
    /// The last day of the next month on which entries are taken; none when there is no such day.
    pub lock_day: Option<u32>,
    /// The first month for which it counts; none means always.
    pub valid_from: Option<Month>,
}

impl Rule {
    /// The last day on which a report for the month is on time.
    pub fn due(&self, month: Month) -> Day {
        month.next().day(self.due_day)
    }

    /// The last day on which entries for the month are taken.
    pub fn last_day(&self, month: Month) -> Option<Day> {
        self.lock_day.map(|day| month.next().day(day))
    }
}

/// What counts while nobody has set anything: the tiers one after the other, and the bureau closes its own in the end. No month is
/// locked.
pub const DEFAULTS: [Rule; 4] = [
    Rule { tier: Tier::Village, due_day: 3, lock_day: None, valid_from: None },
    Rule { tier: Tier::Township, due_day: 5, lock_day: None, valid_from: None },
    Rule { tier: Tier::County, due_day: 8, lock_day: None, valid_from: None },
    Rule { tier: Tier::Bureau, due_day: 10, lock_day: None, valid_from: None },
];

/// Every rule, the defaults first, then those that were set, in the order in which that was done.
#[derive(Clone, Debug)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// The defaults, and what was set since.
    pub fn new(set: impl IntoIterator<Item = Rule>) -> Self {
        Self(DEFAULTS.into_iter().chain(set).collect())
    }

    /// The rule of a tier for a month: of those that have begun the one that begins last, and of two such the one that was set
    /// later.
    pub fn of(&self, tier: Tier, month: Month) -> Rule {
        let begun = self.0.iter().filter(|rule| rule.tier == tier && rule.valid_from.is_none_or(|from| from <= month));
        begun.max_by_key(|rule| rule.valid_from).copied().unwrap_or(DEFAULTS[0])
    }

    /// The first month that may be locked at all.
    pub fn first_locked(&self) -> Option<Month> {
        self.0.iter().filter(|rule| rule.lock_day.is_some()).filter_map(|rule| rule.valid_from).min()
    }

    /// The last day on which entries for a month are taken at a point so deep in the tree: the first one of its own tier's and
    /// those above, because an entry moves the figures of all of them.
    pub fn last_day(&self, depth: usize, month: Month) -> Option<Day> {
        let tiers = Tier::ALL.iter().filter(|tier| tier.depth() <= depth);
        tiers.filter_map(|tier| self.of(*tier, month).last_day(month)).min()
    }
}

/// What decides how a point stands with its report for a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether a report is expected of it.
    pub is_expected: bool,
    /// Whether it is not waited for.
    pub is_waived: bool,
    /// The day of the first submission that was not taken back.
    pub sent: Option<Day>,
    /// Whether the report is with the reviewer, or approved.
    pub stands: bool,
}

impl Facts {
    /// How the point stands.
    pub fn class(&self, due: Day, today: Day) -> Timeliness {
        match self.sent {
            _ if !self.is_expected => Timeliness::NotExpected,
            _ if self.is_waived && !self.stands => Timeliness::Waived,
            Some(day) if day <= due => Timeliness::OnTime,
            Some(_) => Timeliness::Late,
            None if today > due => Timeliness::Missing,
            None => Timeliness::NotDue,
        }
    }

    /// Whether the point is to be reminded: it is due, and the report is not with the reviewer, never sent in or sent back.
    pub fn is_outstanding(&self, due: Day, today: Day) -> bool {
        self.is_expected && !self.is_waived && !self.stands && today > due
    }
}

/// How many points stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([i64; Timeliness::ALL.len()]);

impl Counts {
    /// One point more.
    pub fn add(&mut self, class: Timeliness) {
        self.0[class as usize] += 1;
    }

    /// These and others.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(sum, more)| *sum += more);
        self
    }

    /// How many points stand so.
    pub const fn of(&self, class: Timeliness) -> i64 {
        self.0[class as usize]
    }

    /// How many reports are waited for, or have come: those that are not expected, or waived, are left out.
    pub const fn expected(&self) -> i64 {
        self.sent() + self.of(Timeliness::Missing) + self.of(Timeliness::NotDue)
    }

    /// How many have been sent in, or are due: those of which it can be said whether they are on time.
    pub const fn due(&self) -> i64 {
        self.sent() + self.of(Timeliness::Missing)
    }

    /// How many have been sent in.
    pub const fn sent(&self) -> i64 {
        self.of(Timeliness::OnTime) + self.of(Timeliness::Late)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_rule_that_begins_last_counts_and_of_two_the_later_one() {
        let rule = |due_day, from| Rule {
            tier: Tier::Village,
            due_day,
            lock_day: Some(due_day + 1),
            valid_from: Some(month(from)),
        };
        let rules = Rules::new([rule(10, "2026-05"), rule(11, "2026-03"), rule(12, "2026-03")]);
        let due = |text| rules.of(Tier::Village, month(text)).due_day;
        assert_eq!(["2026-02", "2026-03", "2026-04", "2026-05"].map(due), [3, 12, 12, 10]);
        assert_eq!(rules.of(Tier::County, month("2026-05")).due_day, 8);
        assert_eq!(rules.first_locked(), Some(month("2026-03")));
        assert_eq!(rules.last_day(4, month("2026-12")), Some(day("2027-01-11")));
        assert_eq!(rules.last_day(3, month("2026-12")), None, "a township is not locked by its villages");
        assert_eq!(rules.last_day(4, month("2026-02")), None);
    }

    #[test]
    fn a_day_that_a_month_lacks_is_its_last() {
        assert_eq!(month("2026-02").day(30), day("2026-02-28"));
        assert_eq!(month("2026-12").next(), month("2027-01"));
    }

    proptest! {
        #[test]
        fn every_point_is_of_one_class(
            (is_expected, is_waived, stands) in any::<(bool, bool, bool)>(), sent in proptest::option::of(0_u64..20), today in 0_u64..20,
        ) {
            let first = day("2026-12-01");
            let facts = Facts { is_expected, is_waived, stands: stands && sent.is_some(), sent: sent.map(|n| first.plus_days(n)) };
            let (due, today) = (first.plus_days(2), first.plus_days(today));
            let mut counts = Counts::default();
            counts.add(facts.class(due, today));
            let apart = counts.of(Timeliness::NotExpected) + counts.of(Timeliness::Waived);
            prop_assert_eq!(counts.expected() + apart, 1);
            prop_assert_eq!(facts.class(due, today) == Timeliness::NotExpected, !is_expected);
            if facts.is_outstanding(due, today) {
                prop_assert!(is_expected && !is_waived && today > due && !facts.stands);
            }
            if facts.class(due, today) == Timeliness::Missing {
                prop_assert!(facts.is_outstanding(due, today));
            }
        }
    }
}
