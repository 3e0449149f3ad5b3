//! The rules about sales and stores.

use super::{Parameter, Rule, rules::FIRST};
use crate::domain::codes::{DoubtfulSubject as S, Severity};

pub(super) const SALE_LATE: Rule = Rule {
    code: "sale_logged_late",
    name: ("销售迟录", "Sale logged late"),
    severity: Severity::Doubtful,
    subject: S::Sale,
    definition: (
        "有效销售记录在其日期（按月填报的为月末）之后超过规定天数才登记。",
        "A counted sales report was logged more than so many days after its day, or after the end of its month.",
    ),
    parameters: &[Parameter { code: "days", name: ("天数", "Days"), values: &[(FIRST, 30)] }],
};

pub(super) const SOLD_TWICE: Rule = Rule {
    code: "sold_twice",
    name: ("同月既按月又按日填报", "Reported by the month and by days"),
    severity: Severity::Doubtful,
    subject: S::Sale,
    definition: (
        "同一网店（或机构）当月按月填报的有效销售记录，与不属于促销活动的按日或另一条按月有效记录渠道、产品相同。",
        "A counted report of a whole month has another of the same store, or of the same point without one, with the same channel and product: of the month as well, or of a day of it outside of campaigns.",
    ),
    parameters: &[],
};

pub(super) const ORDER_VALUE: Rule = Rule {
    code: "order_value_unusual",
    name: ("单均金额异常", "Unusual value of an order"),
    severity: Severity::Doubtful,
    subject: S::Sale,
    definition: (
        "有效销售记录的金额与订单数之比低于下限或高于上限（分）；未填订单数的不计。",
        "The amount of a counted sales report divided by its orders is below the lower limit or above the upper one, in fen; without orders there is nothing to find.",
    ),
    parameters: &[
        Parameter { code: "low_fen", name: ("下限（分）", "Lower limit in fen"), values: &[(FIRST, 100)] },
        Parameter { code: "high_fen", name: ("上限（分）", "Upper limit in fen"), values: &[(FIRST, 5_000_000)] },
    ],
};

pub(super) const STORE_IDLE: Rule = Rule {
    code: "store_idle",
    name: ("网店久无销售", "Store without sales"),
    severity: Severity::Doubtful,
    subject: S::Store,
    definition: (
        "月末仍在经营的网店，至月末连续规定月数（均已开店）没有任何有效销售记录。",
        "A store that is open at the month's end has no counted sales report in so many months up to it, in all of which it was open.",
    ),
    parameters: &[Parameter { code: "months", name: ("月数", "Months"), values: &[(FIRST, 3)] }],
};
