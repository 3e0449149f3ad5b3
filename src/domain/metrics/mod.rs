//! The registry of metrics: what each statistic is called and exactly how it is counted.
//!
//! Everything that is shown as a figure is an entry here. The API serves the registry, and statistics are read by it.

mod process;

use serde::Serialize;
use utoipa::ToSchema;

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
    pub stock: Stock,
    /// How many persons belong to those that stand.
    pub persons: Option<Stock>,
    /// How many were enrolled in a period.
    pub enrolled: Option<Reached>,
    /// How many were reached in a period.
    pub reached: Reached,
}

/// The column of an assistance cell that a metric reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The number of records.
    Count,
    /// The sum of their quantities.
    Quantity,
    /// The sum of their amounts in fen.
    Amount,
}

/// What a metric is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The months of the ledger [`ASSISTANCE`], added up.
    Activity(Measure),
    /// The running sum of a stock.
    Standing(Stock),
    /// The distinct subjects of a period.
    Distinct(Reached),
    /// Those of the distinct subjects of a period that still stand at its end, of all that stand then: n of N.
    Share(Reached, Stock),
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
            Source::Standing(_) => Nature::Stock,
            Source::Activity(_) | Source::Distinct(_) | Source::Share(..) | Source::Process(_) => Nature::Flow,
        }
    }

    /// Whether months may be added to quarters and years, and kinds to a total.
    pub fn is_additive(&self) -> bool {
        matches!(self.source, Source::Activity(_))
    }

    /// Whether a report freezes it.
    pub fn is_frozen(&self) -> bool {
        !matches!(self.source, Source::Process(_))
    }

    /// Whether it is told as a part of a whole, n of N.
    pub fn is_share(&self) -> bool {
        matches!(self.source, Source::Share(..) | Source::Process(Process::OnTime | Process::Returned))
    }

    /// Whether it is told as a sum over n things, whose quotient is their mean.
    pub fn is_mean(&self) -> bool {
        self.source == Source::Process(Process::ReviewHours)
    }

    /// Whether it is also told by kind of assistance.
    pub fn has_kinds(&self) -> bool {
        match self.source {
            Source::Activity(_) => true,
            Source::Distinct(reached) => reached == ASSISTED,
            Source::Standing(_) | Source::Share(..) | Source::Process(_) => false,
        }
    }

    /// Whether it is also told by the type of household, or by the kind of village.
    pub fn has_types(&self) -> bool {
        matches!(self.source, Source::Standing(_) | Source::Distinct(_))
    }
}

/// The ledger of assistance records, by the point that gave it and the month in which it was given.
pub const ASSISTANCE: &str = "assistance";
/// Households on the register.
pub const HOUSEHOLDS: Stock = Stock("households");
/// Members of households on the register.
pub const PERSONS: Stock = Stock("persons");
/// Village points that stand.
pub const VILLAGES: Stock = Stock("villages");
/// Households that were registered.
pub const REGISTERED: Reached = Reached { standing: "registered", ended: "registered_ended" };
/// Households that were given assistance.
pub const ASSISTED: Reached = Reached { standing: "assisted", ended: "assisted_ended" };
/// Village points that gave assistance.
pub const SERVING: Reached = Reached { standing: "serving", ended: "serving_ended" };

/// What a household counts in.
pub const HOUSEHOLD: Ledgers =
    Ledgers { stock: HOUSEHOLDS, persons: Some(PERSONS), enrolled: Some(REGISTERED), reached: ASSISTED };
/// What a village point counts in.
pub const VILLAGE: Ledgers = Ledgers { stock: VILLAGES, persons: None, enrolled: None, reached: SERVING };

/// What authorities have published.
pub const REFERENCES: &[Reference] = &[Reference {
    metric: "villages",
    region_code: "621200000000",
    value: 3_201,
    as_of: "2023-01-01",
    source: (
        "陇南市公布的行政村数；公布日期不详，自区划数据的版本年 2023 年起列示",
        "Administrative villages as published by the city of Longnan; the day of publication is not known, so it is shown from the edition of the divisions, 2023, on",
    ),
}];

const HOUSEHOLD_UNIT: (&str, &str) = ("户", "households");
const VILLAGE_UNIT: (&str, &str) = ("个", "villages");

/// Every metric, in the order in which they are shown.
pub const METRICS: &[Metric] = &[
    Metric {
        code: "assistance_count",
        zh: "帮扶次数",
        en: "Assistance given",
        unit: ("次", "times"),
        view: View::Activity,
        source: Source::Activity(Measure::Count),
        personal: false,
        definition: (
            "本机构及其下级在期内提供且未作废的帮扶记录条数，按提供机构和提供日期计。",
            "Assistance records that are not voided, by the point that gave the assistance and the day it was given.",
        ),
    },
    Metric {
        code: "assistance_quantity",
        zh: "帮扶数量",
        en: "Quantity of assistance",
        unit: ("件", "units"),
        view: View::Activity,
        source: Source::Activity(Measure::Quantity),
        personal: false,
        definition: (
            "上述帮扶记录的数量之和。",
            "The sum of the quantities of the records that assistance_count counts.",
        ),
    },
    Metric {
        code: "assistance_amount",
        zh: "帮扶金额",
        en: "Amount of assistance",
        unit: ("分", "fen"),
        view: View::Activity,
        source: Source::Activity(Measure::Amount),
        personal: false,
        definition: (
            "上述帮扶记录的金额之和，以分计；未填金额的按零计。",
            "The sum of the amounts, in fen, of the records that assistance_count counts; one without an amount adds nothing.",
        ),
    },
    Metric {
        code: "households",
        zh: "在册户数",
        en: "Households on the register",
        unit: HOUSEHOLD_UNIT,
        view: View::Beneficiary,
        source: Source::Standing(HOUSEHOLDS),
        personal: true,
        definition: (
            "期末在册的户数，按期末所属机构和户类型计；期未结束的，按当前计。",
            "Active households at the period's end, by their home and type of that day; now, while the period runs.",
        ),
    },
    Metric {
        code: "households_registered",
        zh: "新登记户数",
        en: "Households registered",
        unit: HOUSEHOLD_UNIT,
        view: View::Beneficiary,
        source: Source::Distinct(REGISTERED),
        personal: true,
        definition: (
            "登记日在期内的户数，每户一次，按期末所属机构和户类型计。",
            "Households whose day of registration lies in the period, each once, by their home and type at the period's end.",
        ),
    },
    Metric {
        code: "persons",
        zh: "在册人数",
        en: "Persons on the register",
        unit: ("人", "persons"),
        view: View::Beneficiary,
        source: Source::Standing(PERSONS),
        personal: true,
        definition: (
            "期末在册户的成员人数，按期末所属机构和户类型计。",
            "Members of active households at the period's end, by the household's home and type of that day.",
        ),
    },
    Metric {
        code: "households_assisted",
        zh: "受帮扶户数",
        en: "Households assisted",
        unit: HOUSEHOLD_UNIT,
        view: View::Beneficiary,
        source: Source::Distinct(ASSISTED),
        personal: true,
        definition: (
            "期内至少有一条未作废帮扶记录的户数，每户一次，按期末所属机构和户类型计；各类别之和不等于合计。",
            "Households with at least one record in the period that is not voided, each once, by their home and type at the period's end; kinds do not add up to the total.",
        ),
    },
    Metric {
        code: "households_assisted_share",
        zh: "受帮扶户占比",
        en: "Share of households assisted",
        unit: HOUSEHOLD_UNIT,
        view: View::Beneficiary,
        source: Source::Share(ASSISTED, HOUSEHOLDS),
        personal: true,
        definition: (
            "期内受帮扶且期末仍在册的户数，与期末在册户数之比。",
            "Households assisted in the period that are still active at its end, of all that are active then.",
        ),
    },
    Metric {
        code: "villages",
        zh: "村级服务点数",
        en: "Village points",
        unit: VILLAGE_UNIT,
        view: View::Activity,
        source: Source::Standing(VILLAGES),
        personal: false,
        definition: (
            "期末已开设且未关闭的村级服务点数，按村委会和社区居委会分。",
            "Village points that have opened and are not closed at the period's end, by village committees and residents' communities.",
        ),
    },
    Metric {
        code: "villages_serving",
        zh: "有业务的村级服务点数",
        en: "Village points serving",
        unit: VILLAGE_UNIT,
        view: View::Activity,
        source: Source::Distinct(SERVING),
        personal: false,
        definition: (
            "期内至少提供一条未作废帮扶记录的村级服务点数，每点一次。",
            "Village points that gave at least one record in the period that is not voided, each once.",
        ),
    },
    Metric {
        code: "villages_serving_share",
        zh: "村级服务点业务覆盖率",
        en: "Share of village points serving",
        unit: VILLAGE_UNIT,
        view: View::Activity,
        source: Source::Share(SERVING, VILLAGES),
        personal: false,
        definition: (
            "期内有业务且期末仍在的村级服务点数，与期末村级服务点数之比。",
            "Village points that served in the period and still stand at its end, of all that stand then.",
        ),
    },
    process::ON_TIME,
    process::RETURNED,
    process::REVIEW_HOURS,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_references_stand_beside_a_metric() {
        let mut codes: Vec<_> = METRICS.iter().map(|metric| metric.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), METRICS.len());
        assert!(REFERENCES.iter().all(|reference| Metric::by_code(reference.metric).is_some()));
    }
}
