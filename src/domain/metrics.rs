//! The registry of metrics: what each statistic is called and exactly how it is counted.

use serde::Serialize;
use utoipa::ToSchema;

/// Whose doing a metric counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// What points did, by the point that did it.
    Activity,
}

/// Whether a metric counts what happened within a period or what stands at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// 当期: within the period.
    Flow,
}

/// The column of a cell that a metric reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The number of records.
    Count,
    /// The sum of their quantities.
    Quantity,
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
    /// Flow or stock.
    pub nature: Nature,
    /// Whether months may be added to quarters and years.
    pub additive_over_time: bool,
    /// Whether kinds may be added to a total.
    pub additive_over_kinds: bool,
    /// How it is counted (口径), in Chinese and in English, one sentence each.
    pub definition: (&'static str, &'static str),
    /// The ledger whose cells hold it.
    pub ledger: &'static str,
    /// The column of those cells.
    pub measure: Measure,
}

/// The ledger of assistance records.
pub const ASSISTANCE: &str = "assistance";

/// Every metric.
pub const METRICS: &[Metric] = &[
    Metric {
        code: "assistance_count",
        zh: "帮扶次数",
        en: "Assistance given",
        unit: ("次", "times"),
        view: View::Activity,
        nature: Nature::Flow,
        additive_over_time: true,
        additive_over_kinds: true,
        definition: (
            "本机构及其下级在期内提供且未作废的帮扶记录条数，按提供机构和提供日期计。",
            "Assistance records that are not voided, by the point that gave the assistance and the day it was given.",
        ),
        ledger: ASSISTANCE,
        measure: Measure::Count,
    },
    Metric {
        code: "assistance_quantity",
        zh: "帮扶数量",
        en: "Quantity of assistance",
        unit: ("件", "units"),
        view: View::Activity,
        nature: Nature::Flow,
        additive_over_time: true,
        additive_over_kinds: true,
        definition: (
            "上述帮扶记录的数量之和。",
            "The sum of the quantities of the records that assistance_count counts.",
        ),
        ledger: ASSISTANCE,
        measure: Measure::Quantity,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique() {
        let mut codes: Vec<_> = METRICS.iter().map(|metric| metric.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), METRICS.len());
    }
}
