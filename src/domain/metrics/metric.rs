//! What a metric is: what it is read from, and how it may be told.

use serde::Serialize;
use utoipa::ToSchema;

use super::{METRICS, PARTNERS, PAYMENTS, POLICIES, POLICIES_ISSUED};
use crate::domain::codes::Catalogue;

/// Whose doing a metric counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// What points did, by the point that did it.
    Activity,
    /// Who was reached, by the household's home.
    Beneficiary,
}

/// Whether a metric counts what happened within a period or what stands at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// 当期: within the period.
    Flow,
    /// 期末: at the period's end, or now when the period still runs.
    Stock,
}

/// A ledger of net changes, read as a running sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stock(pub &'static str);

/// Two ledgers of distinct subjects for each period: those that still stand at its end, and those that do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Of those that stand.
    pub standing: &'static str,
    /// Of those that have ended.
    pub ended: &'static str,
}

/// What a subject, something that is counted once, counts in.
#[derive(Debug, PartialEq, Eq)]
pub struct Ledgers {
    /// How many stand.
    pub stock: Option<Stock>,
    /// How many persons belong to those that stand.
    pub persons: Option<Stock>,
    /// How many were enrolled in a period.
    pub enrolled: Option<Reached>,
    /// How many were reached in a period.
    pub reached: Option<Reached>,
    /// How many were ever reached: from the month of the first time on, for good.
    pub ever: Option<Stock>,
}

/// The column of a ledger's cell that a metric reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The number of records.
    Count,
    /// The sum of their quantities.
    Quantity,
    /// The sum of their amounts in fen.
    Amount,
}

/// A ledger that is read as a running sum, and the column of its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running(pub &'static str, pub Measure);

/// What is told of the members of organisations. It is counted from the rows when it is asked, and what is told of few persons is
/// hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Employment {
    /// Those with disabilities, by role.
    Disabled,
    /// The sum of the monthly wages, beside their number.
    MeanWage,
    /// The one in the middle.
    MedianWage,
}

/// What a metric is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The months of a ledger of activity, added up.
    Activity(&'static str, Measure),
    /// The same, beside the number of the period's days that have begun: a mean of each day.
    PerDay(&'static str, Measure),
    /// Everything that a ledger holds up to the period's end, and, in another ledger, the opening balances: what was before the
    /// system counted. No report freezes it, because an opening balance may be found out later.
    Cumulative(&'static str, Measure, &'static str),
    /// The running sum of a stock.
    Standing(Stock),
    /// The distinct subjects of a period.
    Distinct(Reached),
    /// Those of the distinct subjects of a period that still stand at its end, of all that stand then: n of N.
    Share(Reached, Stock),
    /// The running sum of one ledger up to the period's end, of that of another: n of N.
    Portion(Running, Running),
    /// What is told of the members of organisations. A disability has no days, so no report freezes it.
    Employment(Employment),
    /// Those of the persons trained in a period whose household has opened a store within a year after the training. A later
    /// store changes it, so no report freezes it.
    Converted,
    /// Monthly reports themselves, by the point and month of the report: it may change long after the month, so no report freezes it.
    Process(Process),
}

/// What is told of monthly reports, each time as a sum beside the number of what it is a sum over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Process {
    /// Reports sent in on time, of those that were sent in or are due.
    OnTime,
    /// Submissions that were sent back, of those decided about.
    Returned,
    /// The hours from submissions to decisions, of so many of them: a mean.
    ReviewHours,
}

/// A value that an authority has published, shown beside what the system counts and never mixed with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The metric that it stands beside.
    pub metric: &'static str,
    /// The region that it is about.
    pub region_code: &'static str,
    /// The value.
    pub value: i64,
    /// The first day from which it is shown, as `YYYY-MM-DD`.
    pub as_of: &'static str,
    /// Where it comes from, in Chinese and in English.
    pub source: (&'static str, &'static str),
}

/// Where the names of a metric's kinds or types are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// In a code list.
    List(&'static str),
    /// In a catalogue: they are ids of its items.
    Items(Catalogue),
}

/// A named statistic.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// The code that the API uses.
    pub code: &'static str,
    /// The name in Chinese.
    pub zh: &'static str,
    /// The name in English.
    pub en: &'static str,
    /// The unit in Chinese and in English.
    pub unit: (&'static str, &'static str),
    /// Whose doing is counted.
    pub view: View,
    /// What it is read from.
    pub source: Source,
    /// Whether it tells of households or persons, which an administrator does not see.
    pub personal: bool,
    /// What its kinds are named by; none when it is not told by kind.
    pub kinds: Option<Names>,
    /// What its types are named by; none when it is not told by type.
    pub types: Option<Names>,
    /// The metric that counts all of what it counts, and more: the two are never added.
    pub part_of: Option<&'static str>,
    /// How it is counted (口径), in Chinese and in English, one sentence each.
    pub definition: (&'static str, &'static str),
}

impl Metric {
    /// The metric with this code.
    pub fn by_code(code: &str) -> Option<&'static Self> {
        METRICS.iter().find(|metric| metric.code == code)
    }

    /// Flow or stock.
    pub fn nature(&self) -> Nature {
        match self.source {
            Source::Standing(_)
            | Source::Cumulative(..)
            | Source::Portion(..)
            | Source::Employment(Employment::Disabled) => Nature::Stock,
            Source::Employment(_)
            | Source::Activity(..)
            | Source::PerDay(..)
            | Source::Distinct(_)
            | Source::Share(..)
            | Source::Converted
            | Source::Process(_) => Nature::Flow,
        }
    }

    /// Whether months may be added to quarters and years, and kinds to a total.
    pub fn is_additive(&self) -> bool {
        matches!(self.source, Source::Activity(..))
    }

    /// Whether a report freezes it.
    pub fn is_frozen(&self) -> bool {
        match self.source {
            Source::Activity(..) | Source::Share(..) => true,
            // What partners agree on and what policies say is not reported by months, and a budget may rightly change.
            Source::Standing(stock) => stock != PARTNERS && stock != POLICIES,
            Source::Distinct(reached) => reached != POLICIES_ISSUED,
            Source::Portion(Running(ledger, _), _) => ledger != PAYMENTS,
            Source::PerDay(..)
            | Source::Cumulative(..)
            | Source::Employment(_)
            | Source::Converted
            | Source::Process(_) => false,
        }
    }

    /// Whether it is told as a part of a whole, n of N.
    pub fn is_share(&self) -> bool {
        matches!(
            self.source,
            Source::Share(..)
                | Source::Portion(..)
                | Source::Converted
                | Source::Process(Process::OnTime | Process::Returned)
        )
    }

    /// Whether it is told as a sum over n things, whose quotient is their mean.
    pub fn is_mean(&self) -> bool {
        matches!(
            self.source,
            Source::PerDay(..) | Source::Employment(Employment::MeanWage) | Source::Process(Process::ReviewHours)
        )
    }

    /// Whether it is also told by kind: of assistance, of channel, by platform.
    pub fn has_kinds(&self) -> bool {
        self.kinds.is_some()
    }

    /// Whether it is also told by the type of household, or by the kind of village.
    pub fn has_types(&self) -> bool {
        self.types.is_some()
    }
}
