//! The rules about parcels, wages, benefits and payments.

use super::{Parameter, Rule, rules::FIRST};
use crate::domain::codes::{DoubtfulSubject as S, Severity};

pub(super) const ENTRY_LATE: Rule = Rule {
    code: "entry_logged_late",
    name: ("台账迟录", "Entry logged late"),
    severity: Severity::Doubtful,
    subject: S::Entry,
    definition: (
        "有效的快件量、工资、带动收益或项目支付记录，在其日期（按月填报的为月末）之后超过规定天数才登记。",
        "A counted entry of parcels, a wage, a benefit or a payment was logged more than so many days after its day, or after the end of its month.",
    ),
    parameters: &[Parameter { code: "days", name: ("天数", "Days"), values: &[(FIRST, 60)] }],
};

pub(super) const PARCELS_REPEATED: Rule = Rule {
    code: "parcels_repeated",
    name: ("快件量连月相同", "The same parcels month by month"),
    severity: Severity::Doubtful,
    subject: S::Entry,
    definition: (
        "同一站点同一流向的有效快件量，当月及之前连续共规定月数完全相同，且不为零。",
        "The counted parcels of a site in one direction are the same, and more than none, in this month and those before it, so many months in all.",
    ),
    parameters: &[Parameter { code: "months", name: ("月数", "Months"), values: &[(FIRST, 3)] }],
};

pub(super) const WAGE_UNUSUAL: Rule = Rule {
    code: "wage_unusual",
    name: ("月工资异常", "Unusual wage"),
    severity: Severity::Doubtful,
    subject: S::Entry,
    definition: (
        "有效工资记录的月工资低于下限或高于上限（分）。",
        "The wage of a counted record is below the lower limit or above the upper one, in fen.",
    ),
    parameters: &[
        Parameter { code: "low_fen", name: ("下限（分）", "Lower limit in fen"), values: &[(FIRST, 20_000)] },
        Parameter { code: "high_fen", name: ("上限（分）", "Upper limit in fen"), values: &[(FIRST, 2_000_000)] },
    ],
};

pub(super) const BENEFIT_UNUSUAL: Rule = Rule {
    code: "benefit_unusual",
    name: ("带动收益异常", "Unusual benefit"),
    severity: Severity::Doubtful,
    subject: S::Entry,
    definition: (
        "同一联农带农关系当月有效收益之和高于上限（分）；以其中最后一条记录提示。",
        "The counted benefits of one link in the month are together above the limit, in fen; the last of them is told.",
    ),
    parameters: &[Parameter {
        code: "high_fen",
        name: ("上限（分）", "Upper limit in fen"),
        values: &[(FIRST, 2_000_000)],
    }],
};
