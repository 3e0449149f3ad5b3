//! The words of monthly reports, inspections and doubtful items.

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, Type},
    },
};

words! {
    /// Where a point's monthly report is.
    ReportState {
        /// Not sent in, or taken back, or opened again.
        Open = "open", "填报中", "Open";
        /// Sent in; the month is closed.
        Submitted = "submitted", "已上报", "Submitted";
        /// Approved; the bureau's own is final.
        Approved = "approved", "已审定", "Approved";
        /// Sent back with a reason.
        Returned = "returned", "已退回", "Returned";
    }
}

impl ReportState {
    /// Whether nothing that is dated into the month may change.
    pub const fn closes(self) -> bool {
        matches!(self, Self::Submitted | Self::Approved)
    }
}

words! {
    /// What became of what was sent in.
    ReportDecision {
        /// It was approved.
        Approved = "approved", "审定", "Approved";
        /// It was sent back with a reason.
        Returned = "returned", "退回", "Returned";
        /// It was taken back before anybody decided.
        Withdrawn = "withdrawn", "撤回", "Withdrawn";
        /// It was approved, and opened again with a reason.
        Reopened = "reopened", "重新打开", "Reopened";
    }
}

words! {
    /// How a point just below stands in a report.
    ChildState {
        /// Its own report is approved.
        Approved = "approved", "已审定", "Approved";
        /// It was not waited for, and is left out.
        Waived = "waived", "免报", "Waived";
        /// No report was expected of it; what it still counts is taken as it is.
        Absent = "absent", "无须上报", "Not expected";
    }
}

words! {
    /// How an inspection draws its sample.
    InspectionMethod {
        /// Each stratum in proportion to its size.
        Proportional = "proportional", "按比例分层", "Stratified, in proportion";
        /// Each stratum alike.
        Equal = "equal", "等量分层", "Stratified, alike";
        /// What is conspicuous more likely than the rest, without strata.
        Risk = "risk", "按风险加权", "Weighted by risk";
    }
}

words! {
    /// How far an inspection has come; each state follows the one before it.
    InspectionState {
        /// The frame stands, and its digest is kept.
        Framed = "framed", "已建框", "Framed";
        /// The seed was given.
        Seeded = "seeded", "已定种子", "Seeded";
        /// The sample was drawn.
        Drawn = "drawn", "已抽取", "Drawn";
        /// Nothing is checked any more.
        Closed = "closed", "已结束", "Closed";
    }
}

words! {
    /// What was found in the field about a drawn record.
    InspectionItemState {
        /// Nobody has looked yet.
        Open = "open", "待核查", "To be checked";
        /// It is as recorded.
        Confirmed = "confirmed", "属实", "Confirmed";
        /// It was given, but not so much or worth something else.
        AmountDiffers = "amount_differs", "数量或金额不符", "Amount differs";
        /// It was not given.
        NotFound = "not_found", "查无此事", "Not found";
        /// Nobody answered.
        Refused = "refused", "拒绝核查", "Refused";
    }
}

impl InspectionItemState {
    /// Whether it says that the record is right or wrong: who refuses says neither.
    pub const fn is_answer(self) -> bool {
        matches!(self, Self::Confirmed | Self::AmountDiffers | Self::NotFound)
    }

    /// Whether it says that the record is wrong.
    pub const fn is_error(self) -> bool {
        matches!(self, Self::AmountDiffers | Self::NotFound)
    }
}

words! {
    /// What became of a finding.
    FindingState {
        /// Nobody has decided yet.
        Open = "open", "待决定", "Open";
        /// The report is to go back.
        Accepted = "accepted", "已采纳", "Accepted";
        /// It is not, with a reason.
        Dismissed = "dismissed", "不予采纳", "Dismissed";
    }
}

words! {
    /// How grave a doubtful item (疑点) is.
    Severity {
        /// Wrong: it is corrected before a report is submitted.
        Error = "error", "错误", "Error";
        /// Perhaps right: it is corrected or explained.
        Doubtful = "doubtful", "疑点", "Doubtful";
    }
}

words! {
    /// What became of a doubtful item.
    DoubtfulState {
        /// Neither corrected nor explained.
        Open = "open", "待处理", "Open";
        /// These very facts were explained.
        Explained = "explained", "已说明", "Explained";
    }
}

words! {
    /// What a doubtful item is about.
    DoubtfulSubject {
        /// A household, as it stands.
        Household = "household", "农户", "Household";
        /// A member of a household, as the member stands.
        Member = "household_member", "成员", "Member";
        /// An assistance record of a month.
        AssistanceRecord = "assistance_record", "帮扶记录", "Assistance record";
        /// A sales report of a month.
        Sale = "sale", "销售记录", "Sales report";
        /// A store in a month.
        Store = "store", "网店", "Store";
        /// An entry of another ledger in a month.
        Entry = "ledger_entry", "台账记录", "Entry of a ledger";
        /// A service point in a month.
        ServicePoint = "service_point", "机构", "Service point";
    }
}

words! {
    /// How far a verification has come that was asked for.
    VerificationState {
        /// It is under way.
        Running = "running", "进行中", "Running";
        /// It ended, and what it found is told.
        Finished = "finished", "已完成", "Finished";
        /// It could not be carried out; the server's log says why.
        Failed = "failed", "未能完成", "Failed";
        /// No end of it is known: the server was stopped meanwhile, or another one is at it.
        Lost = "lost", "无结果", "Without a result";
    }
}
