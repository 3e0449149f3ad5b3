//! What can go wrong, in the words of the network and without HTTP.
//!
//! An error says what is the matter and, in its place in the API, what to do about it. Causes that only the
//! people who run the server can act on are kept for the log and never reach a client.

use std::fmt;

/// The result of anything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong on the way through a use case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// No session: no token, or one that is expired, forged, or whose session has ended.
    SignInRequired,
    /// The user name or the password is wrong, or the account may not sign in; which one is not told.
    WrongCredentials,
    /// The first password must be changed before anything else.
    PasswordChangeRequired,
    /// The actor sees the resource but may not do this there: the permission that is missing.
    NotAllowed(&'static str),
    /// Nobody manages the own account or the own grants.
    OwnAccount,
    /// The actor may open accounts, but not give or manage this role here.
    RoleNotGrantable,
    /// The resource does not exist or lies outside the actor's scope; the two are not told apart.
    NotFound,
    /// The same for a resource that the request's body or query refers to, with the place of the reference.
    NotFoundAt(String),
    /// The request cannot be read: syntax, a wrong type, an unknown field. The first fault only.
    Malformed(Fault),
    /// The request's body is longer than the limit, in bytes.
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The request's body is not what its content type must say: JSON, not compressed.
    NotJson,
    /// The request can be read but breaks rules: every fault.
    Invalid(Vec<Fault>),
    /// The page cursor is not one that was handed out for this list.
    BadCursor,
    /// The request contradicts what is there.
    Conflict(Conflict),
    /// The person is registered in a household already.
    DuplicateIdentity {
        /// The county that this household belongs to; none at the bureau.
        county: Option<String>,
        /// The id of the household, if the caller may read it.
        household_id: Option<String>,
    },
    /// Nobody approves, returns or opens again what they submitted themselves.
    OwnReport,
    /// The day lies in a month that is closed.
    PeriodClosed {
        /// Whose report closes it: its id; none when that lies out of the caller's scope.
        point: Option<String>,
        /// The month.
        month: String,
    },
    /// The day lies in a month for which nothing is entered any more, although it may be open.
    PeriodLocked {
        /// Where it is locked: the id of a point; none when that lies out of the caller's scope.
        point: Option<String>,
        /// The month.
        month: String,
        /// The last day on which entries were taken.
        last_day: String,
    },
    /// The resource has changed since the caller read it; its present version.
    Stale {
        /// The version now.
        current: i64,
    },
    /// A change must name the version that it changes.
    VersionRequired,
    /// Too many tries.
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// The database has no room for this request now; nothing was written.
    Busy(String),
    /// The connection was lost while a transaction was being committed: nobody knows whether it was. Whoever asks again
    /// with the same id is told.
    Unknown(String),
    /// The database refused because of what another transaction did at the same time; worth another try.
    Collision(String),
    /// Something that should not happen; the cause is for the log.
    Internal(String),
}

/// What a request contradicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conflict {
    /// The id belongs to something else, or to the same thing made with other content.
    IdTaken,
    /// The user name belongs to another account.
    UsernameTaken,
    /// The region code belongs to another point that has not ended.
    RegionCodeTaken,
    /// The point has ended.
    PointEnded,
    /// The point takes no new households or records in its present state.
    PointNotActive,
    /// The point still has children that have not ended.
    OpenChildren,
    /// The point has records given after the day on which it is to close.
    RecordsAfterClose,
    /// The point is already in that state or place.
    AlreadySo,
    /// The record is voided already.
    RecordVoided,
    /// The household is not active.
    HouseholdNotActive,
    /// The household is active.
    HouseholdActive,
    /// The household has counted records of its end or later.
    RecordsAfterEnd,
    /// The head cannot leave; another member must be made the head before.
    HeadNeeded,
    /// The member has left, or the household has ended.
    MemberNotPresent,
    /// Such a request to transfer waits for its answer already.
    TransferPending,
    /// The request to transfer was answered or withdrawn already.
    TransferAnswered,
    /// A statistic would be past i64.
    SumTooLarge,
    /// The grant is revoked already.
    GrantRevoked,
    /// The month has not ended.
    MonthRuns,
    /// No report is expected of the point for that month.
    ReportNotExpected,
    /// The report has been sent in before, and is to be sent in again at its own address.
    ReportBegun,
    /// The report has been sent in.
    ReportSubmitted,
    /// The report has not been sent in, or has been decided about.
    ReportNotSubmitted,
    /// The report is not approved.
    ReportNotApproved,
    /// The report of the point above has been sent in.
    ParentSubmitted,
    /// Reports of points below are missing.
    ReportsMissing,
    /// There is nothing to report, and that was not said.
    NilNeeded,
    /// It was said that there is nothing to report, and there is.
    NotNil,
    /// The rules for doubtful items find errors.
    ErrorsOpen,
    /// The rules find doubtful items that nobody has explained.
    NoteNeeded,
    /// What was looked at is not what was sent in.
    OtherContent,
    /// The records are not those that were sent in.
    ContentChanged,
    /// The waiver has been taken back.
    WaiverRevoked,
    /// The inspection has not come so far yet, or is past it.
    InspectionOrder,
    /// The inspection is closed.
    InspectionClosed,
    /// The lines of the frame are not those whose digest was kept.
    FrameAltered,
    /// A verification is under way; there is one at a time.
    VerificationRuns,
    /// What was drawn has not been checked, or was found right.
    NothingFound,
    /// Such a finding waits or was accepted already.
    FindingPending,
    /// The finding was decided already.
    FindingDecided,
    /// Nobody decides the own finding.
    FindingOwn,
    /// The leave for late entries has been taken back.
    ExceptionRevoked,
    /// Something that must have been received before has not arrived.
    DependencyMissing,
    /// A row with the same key was made at the same moment.
    Simultaneous,
    /// An opening balance stands for these days already, or something was entered for days that it is to stand for.
    OpeningCovers,
    /// The credit code belongs to another organisation.
    CreditCodeTaken,
    /// The store has entries of days on which it would not be open.
    EntriesOutside,
    /// The entry, or the training session that it belongs to, is voided already.
    EntryVoided,
    /// Somebody has attended the training session.
    SessionAttended,
    /// A doubtful item is not found any more, or with other facts than those that are to be explained.
    DoubtfulChanged,
}

/// One thing wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where: a JSON pointer into the body (`/head_name`), or the name of a parameter.
    pub pointer: String,
    /// What, as a stable code.
    pub code: &'static str,
    /// Numbers and words that the message mentions.
    pub params: Vec<(&'static str, String)>,
}

impl Fault {
    /// A fault that needs no further words.
    pub fn new(pointer: impl Into<String>, code: &'static str) -> Self {
        Self { pointer: pointer.into(), code, params: Vec::new() }
    }

    /// The same fault with a number or word for its message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.params.push((name, value.to_string()));
        self
    }
}

impl Error {
    /// An error that only the log explains.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// One broken rule.
    pub fn invalid(pointer: impl Into<String>, code: &'static str) -> Self {
        Self::Invalid(vec![Fault::new(pointer, code)])
    }

    /// A missing resource becomes a missing reference at `pointer`; every other error stays.
    #[must_use]
    pub fn at(self, pointer: &str) -> Self {
        match self {
            Self::NotFound => Self::NotFoundAt(pointer.to_owned()),
            other => other,
        }
    }
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

impl fmt::Display for Error {
    /// For the log and the command line: what happened, with its cause.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy(cause) => write!(f, "the database is busy: {cause}"),
            Self::Unknown(cause) => write!(f, "the commit was not answered: {cause}"),
            Self::Collision(cause) => write!(f, "another transaction was in the way: {cause}"),
            Self::Internal(cause) => write!(f, "{cause}"),
            Self::Invalid(faults) => {
                let faults: Vec<String> =
                    faults.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect();
                write!(f, "invalid: {}", faults.join(", "))
            }
            other => write!(f, "{other:?}"),
        }
    }
}

impl std::error::Error for Error {}
