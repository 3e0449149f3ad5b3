//! The metrics of monthly reports themselves.

use super::{Metric, Process, Source, View};

/// How many reports come in on time.
pub(super) const ON_TIME: Metric = Metric {
    code: "reports_on_time_share",
    zh: "月报按时率",
    en: "Share of reports on time",
    unit: ("份", "reports"),
    view: View::Activity,
    source: Source::Process(Process::OnTime),
    personal: false,
    kinds: None,
    types: None,
    part_of: None,
    definition: (
        "期内各月月报中，首次上报（自行撤回的不计）不晚于截止日的份数，与已上报或已到期的份数之比；免报和无须上报的不计，之后被退回不算迟报。",
        "Reports for the period's months whose first submission that was not taken back came by the end of the due day, of all that were sent in or are due; waived ones are left out, and a later return makes none late.",
    ),
};

/// How many submissions are sent back.
pub(super) const RETURNED: Metric = Metric {
    code: "reports_return_share",
    zh: "月报退回率",
    en: "Share of submissions returned",
    unit: ("次", "submissions"),
    view: View::Activity,
    source: Source::Process(Process::Returned),
    personal: false,
    kinds: None,
    types: None,
    part_of: None,
    definition: (
        "期内各月月报的上报中，被退回的次数，与已审定或退回的次数之比，按上报机构计；审定后又重新打开的算已审定。",
        "Submissions of the period's months that were returned, of those approved or returned, by the point that submitted; one that was approved and opened again counts as approved.",
    ),
};

/// How long a decision takes.
pub(super) const REVIEW_HOURS: Metric = Metric {
    code: "reports_review_hours",
    zh: "月报平均审核时长",
    en: "Mean time to review",
    unit: ("小时", "hours"),
    view: View::Activity,
    source: Source::Process(Process::ReviewHours),
    personal: false,
    kinds: None,
    types: None,
    part_of: None,
    definition: (
        "期内各月月报的上报中，已审定或退回且未重新打开的，自上报至审定或退回的小时数（每次四舍五入为整数）之和，与次数之比，按上报机构计。",
        "The mean over submissions of the period's months that were approved or returned and not opened again: the sum of the hours, each rounded, from submission to decision, beside their number, by the point that submitted.",
    ),
};
