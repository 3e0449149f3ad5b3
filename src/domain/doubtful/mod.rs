//! The registry of rules that find doubtful items (疑点): what each is called, how grave it is, what it looks at, and exactly
//! when it finds something. The API serves the registry, and a scan goes by it.
//!
//! A rule about a household or a member tells of the register as it stands now. A rule about a record or a point tells of one
//! month, and so does one about an entry of a ledger or a store. What a rule finds is not kept: it is open as long as it is found and nobody has explained these very facts.

mod judge;
mod livelihoods;
mod rules;
mod trade;

pub use judge::{Burst, bursts, commonest, is_outlier, phone_digits};
pub use rules::RULES;

use super::{
    Day,
    codes::{DoubtfulSubject, Severity},
};

/// A number that a rule goes by, and from which day on it has held which value.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// What it is called.
    pub code: &'static str,
    /// In Chinese and in English.
    pub name: (&'static str, &'static str),
    /// The first days, as `YYYY-MM-DD`, and the values; the earliest first.
    pub values: &'static [(&'static str, i64)],
}

impl Parameter {
    /// The value on a day: before the first one, the first.
    pub fn on(&self, day: Day) -> i64 {
        let day = day.to_string();
        let held = self.values.iter().rev().find(|(from, _)| *from <= day.as_str()).or(self.values.first());
        held.map_or(0, |(_, value)| *value)
    }
}

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The code that the API uses.
    pub code: &'static str,
    /// The name in Chinese and in English.
    pub name: (&'static str, &'static str),
    /// How grave what it finds is.
    pub severity: Severity,
    /// What it looks at.
    pub subject: DoubtfulSubject,
    /// When it finds something (口径), in Chinese and in English, one sentence each.
    pub definition: (&'static str, &'static str),
    /// The numbers that it goes by.
    pub parameters: &'static [Parameter],
}

impl Rule {
    /// The rule with this code.
    pub fn by_code(code: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.code == code)
    }

    /// Whether what it finds belongs to a month.
    pub const fn is_monthly(&self) -> bool {
        !matches!(self.subject, DoubtfulSubject::Household | DoubtfulSubject::Member)
    }

    /// The value of a parameter on a day; 0 for one that it does not have.
    pub fn value(&self, parameter: &str, on: Day) -> i64 {
        self.parameters.iter().find(|known| known.code == parameter).map_or(0, |known| known.on(on))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_sentences_are_there() {
        let codes: BTreeSet<&str> = RULES.iter().map(|rule| rule.code).collect();
        assert_eq!(codes.len(), RULES.len());
        for rule in RULES {
            assert!(rule.definition.0.ends_with('。') && rule.definition.1.ends_with('.'), "{}", rule.code);
            for parameter in rule.parameters {
                assert!(parameter.values.is_sorted_by(|a, b| a.0 < b.0) && !parameter.values.is_empty());
                assert!(parameter.values.iter().all(|(from, _)| from.parse::<Day>().is_ok()));
            }
        }
    }

    #[test]
    fn a_value_holds_from_its_day_on() {
        let parameter = Parameter { code: "n", name: ("", ""), values: &[("2020-01-01", 1), ("2026-07-01", 2)] };
        let on = |day: &str| parameter.on(day.parse().unwrap());
        assert_eq!([on("2019-01-01"), on("2020-01-01"), on("2026-06-30"), on("2026-07-01")], [1, 1, 1, 2]);
    }
}
