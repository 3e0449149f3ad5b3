//! The words of the process around monthly reports: how they came in, and what a point is told.

use super::{Deserialize, ObjectBuilder, PartialSchema, RefOr, Schema, Serialize, ToSchema, Type};

words! {
    /// How a point stands with its report for a month: exactly one of these.
    Timeliness {
        /// Sent in by the end of the day on which it was due.
        OnTime = "on_time", "按时", "On time";
        /// Sent in later.
        Late = "late", "迟报", "Late";
        /// Due, and not sent in.
        Missing = "missing", "未报", "Missing";
        /// Not due yet, and not sent in.
        NotDue = "not_due", "未到期", "Not due";
        /// No report is expected.
        NotExpected = "not_expected", "无须上报", "Not expected";
        /// Not waited for.
        Waived = "waived", "免报", "Waived";
    }
}

words! {
    /// What a notice is about.
    NoticeKind {
        /// A report is due and has not been sent in.
        Chase = "chase", "催报", "Reminder";
        /// A report was sent back.
        Return = "return", "退回", "Return";
        /// A report was opened again.
        Reopen = "reopen", "重新打开", "Opened again";
        /// Something is announced to a point and everything below it.
        Announcement = "announcement", "公告", "Announcement";
    }
}
