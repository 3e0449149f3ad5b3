//! Problem answers (RFC 9457): what went wrong, as a status, a stable code, and words in the reader's language.
//!
//! Causes stay in the log. What a client is told depends on the kind of error alone.

use std::fmt;

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::words::{self, Language};
use crate::{
    domain::Id,
    error::{Conflict, Error, Fault},
};

/// Anything that keeps a request from its answer.
#[derive(Clone, Debug)]
pub enum Problem {
    /// A use case could not go through.
    Use(Error),
    /// Nothing lives at this path.
    UnknownRoute,
    /// Something lives at this path, but not for this method; the ones it has.
    WrongMethod(String),
    /// The answer took too long.
    TimedOut,
    /// The caller takes none of the encodings that there are.
    NotAcceptable,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Use(error)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Use(error) => error.fmt(f),
            other => write!(f, "{other:?}"),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.kind().0
    }

    /// Without a body: the words are added where the language and the request's id are known, see
    /// `middleware::answer_problem`.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// The body of a problem answer, as the API describes it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:terrace:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// What is the matter, in the reader's language.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What to do about it, in the reader's language.
    detail: String,
    /// The stable code.
    code: &'static str,
    /// Each thing wrong with the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FaultBody>,
    /// The version that the resource has now, when a change named another.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    current_version: Option<i64>,
    /// The permission that is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>)]
    permission: Option<&'static str>,
    /// The county in which the person is registered already.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    county: Option<String>,
    /// The household in which the person is registered already, if the caller may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    household_id: Option<Id>,
    /// Whose report closes the month, if the caller may see that point.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    service_point_id: Option<Id>,
    /// The month that is closed or locked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    month: Option<String>,
    /// The last day on which entries for that month were taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    last_day: Option<String>,
    /// The request's id, for asking the people who run the server.
    request_id: String,
}

/// One thing wrong with a request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Fault)]
pub struct FaultBody {
    /// Where: a JSON pointer into the body, or the name of a parameter.
    pointer: String,
    /// The stable code.
    code: &'static str,
    /// What is wrong, in the reader's language.
    message: String,
}

impl Problem {
    /// The status and the code.
    fn kind(&self) -> (StatusCode, &'static str) {
        use StatusCode as S;
        let Self::Use(error) = self else {
            return match self {
                Self::WrongMethod(_) => (S::METHOD_NOT_ALLOWED, "route.wrong_method"),
                Self::TimedOut => (S::SERVICE_UNAVAILABLE, "server.timed_out"),
                Self::NotAcceptable => (S::NOT_ACCEPTABLE, "request.not_acceptable"),
                Self::UnknownRoute | Self::Use(_) => (S::NOT_FOUND, "route.unknown"),
            };
        };
        match error {
            Error::SignInRequired => (S::UNAUTHORIZED, "auth.sign_in_required"),
            Error::WrongCredentials => (S::UNAUTHORIZED, "auth.wrong_credentials"),
            Error::PasswordChangeRequired => (S::FORBIDDEN, "auth.password_change_required"),
            Error::NotAllowed(_) => (S::FORBIDDEN, "permission.denied"),
            Error::OwnAccount => (S::FORBIDDEN, "account.own"),
            Error::OwnReport => (S::FORBIDDEN, "report.own"),
            Error::PeriodClosed { .. } => (S::CONFLICT, "period.closed"),
            Error::PeriodLocked { .. } => (S::CONFLICT, "period.locked"),
            Error::RoleNotGrantable => (S::FORBIDDEN, "grant.role_not_allowed"),
            Error::NotFound | Error::NotFoundAt(_) => (S::NOT_FOUND, "resource.not_found"),
            Error::Malformed(_) => (S::BAD_REQUEST, "request.malformed"),
            Error::TooLarge { .. } => (S::PAYLOAD_TOO_LARGE, "request.too_large"),
            Error::NotJson => (S::UNSUPPORTED_MEDIA_TYPE, "request.not_json"),
            Error::Invalid(_) => (S::UNPROCESSABLE_ENTITY, "request.invalid"),
            Error::BadCursor => (S::BAD_REQUEST, "request.bad_cursor"),
            Error::Conflict(conflict) => (S::CONFLICT, conflict_code(*conflict)),
            Error::DuplicateIdentity { .. } => (S::CONFLICT, "household.duplicate_identity"),
            Error::Stale { .. } => (S::PRECONDITION_FAILED, "version.stale"),
            Error::VersionRequired => (S::PRECONDITION_REQUIRED, "version.required"),
            Error::TooMany { .. } => (S::TOO_MANY_REQUESTS, "request.too_many"),
            Error::Busy(_) | Error::Collision(_) => (S::SERVICE_UNAVAILABLE, "server.busy"),
            Error::Unknown(_) => (S::SERVICE_UNAVAILABLE, "server.timed_out"),
            Error::Internal(_) => (S::INTERNAL_SERVER_ERROR, "server.failed"),
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.kind().1
    }

    /// Whether the cause is the server's and belongs into the log.
    pub fn is_ours(&self) -> bool {
        self.status_code().is_server_error()
    }

    /// What is told, in words.
    pub fn body(&self, language: Language, request_id: &str) -> ProblemBody {
        let (status, code) = self.kind();
        let (title, detail) = words::problem(code, language);
        let faults: Vec<Fault> = match self {
            Self::Use(Error::Invalid(faults)) => faults.clone(),
            Self::Use(Error::Malformed(fault)) => vec![fault.clone()],
            Self::Use(Error::NotFoundAt(pointer)) => vec![Fault::new(pointer, "not_found")],
            _ => Vec::new(),
        };
        ProblemBody {
            kind: format!("urn:terrace:problem:{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: match self {
                Self::Use(Error::NotAllowed(permission)) => detail.replace("{permission}", permission),
                Self::Use(Error::TooLarge { limit }) => detail.replace("{limit}", &limit.to_string()),
                Self::Use(Error::PeriodClosed { month, .. }) => detail.replace("{month}", month),
                Self::Use(Error::PeriodLocked { month, last_day, .. }) => {
                    detail.replace("{month}", month).replace("{day}", last_day)
                }
                Self::Use(Error::TooMany { retry_after }) => detail.replace("{seconds}", &retry_after.to_string()),
                _ => detail.to_owned(),
            },
            code,
            errors: faults
                .into_iter()
                .map(|fault| FaultBody {
                    message: words::fault(&fault, language),
                    pointer: fault.pointer,
                    code: fault.code,
                })
                .collect(),
            current_version: match self {
                Self::Use(Error::Stale { current }) => Some(*current),
                _ => None,
            },
            permission: match self {
                Self::Use(Error::NotAllowed(permission)) => Some(*permission),
                _ => None,
            },
            county: match self {
                Self::Use(Error::DuplicateIdentity { county, .. }) => county.clone(),
                _ => None,
            },
            household_id: match self {
                Self::Use(Error::DuplicateIdentity { household_id: Some(id), .. }) => id.parse().ok(),
                _ => None,
            },
            service_point_id: match self {
                Self::Use(
                    Error::PeriodClosed { point: Some(id), .. } | Error::PeriodLocked { point: Some(id), .. },
                ) => id.parse().ok(),
                _ => None,
            },
            month: match self {
                Self::Use(Error::PeriodClosed { month, .. } | Error::PeriodLocked { month, .. }) => Some(month.clone()),
                _ => None,
            },
            last_day: match self {
                Self::Use(Error::PeriodLocked { last_day, .. }) => Some(last_day.clone()),
                _ => None,
            },
            request_id: request_id.to_owned(),
        }
    }

    /// The whole answer.
    pub fn answer(&self, language: Language, request_id: &str) -> HttpResponse {
        let (status, code) = self.kind();
        let body = self.body(language, request_id);
        let mut answer = HttpResponse::build(status);
        self.headers(&mut answer);
        answer
            .insert_header((header::CONTENT_TYPE, "application/problem+json"))
            .insert_header((header::CONTENT_LANGUAGE, language.tag()))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(serde_json::to_string(&body).unwrap_or_else(|_| json!({ "code": code }).to_string()))
    }

    fn headers(&self, answer: &mut HttpResponseBuilder) {
        match self {
            Self::WrongMethod(allowed) => {
                answer.insert_header((header::ALLOW, allowed.as_str()));
            }
            Self::Use(Error::SignInRequired) => {
                answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            Self::Use(Error::TooMany { retry_after }) => {
                answer.insert_header((header::RETRY_AFTER, retry_after.to_string()));
            }
            Self::Use(Error::Busy(_) | Error::Collision(_) | Error::Unknown(_)) | Self::TimedOut => {
                answer.insert_header((header::RETRY_AFTER, "1"));
            }
            _ => {}
        }
    }
}

const fn conflict_code(conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::IdTaken => "id.taken",
        Conflict::UsernameTaken => "account.username_taken",
        Conflict::RegionCodeTaken => "service_point.region_code_taken",
        Conflict::PointEnded => "service_point.ended",
        Conflict::PointNotActive => "service_point.not_active",
        Conflict::OpenChildren => "service_point.open_children",
        Conflict::RecordsAfterClose => "service_point.records_after_close",
        Conflict::AlreadySo => "resource.already_so",
        Conflict::RecordVoided => "assistance_record.voided",
        Conflict::HouseholdNotActive => "household.not_active",
        Conflict::HouseholdActive => "household.active",
        Conflict::RecordsAfterEnd => "household.records_after_end",
        Conflict::HeadNeeded => "household.head_needed",
        Conflict::MemberNotPresent => "household_member.not_present",
        Conflict::TransferPending => "transfer_request.pending",
        Conflict::TransferAnswered => "transfer_request.answered",
        Conflict::DoubtfulChanged => "doubtful_item.changed",
        Conflict::SumTooLarge => "statistics.sum_too_large",
        Conflict::GrantRevoked => "grant.revoked",
        Conflict::MonthRuns => "report.month_runs",
        Conflict::ReportNotExpected => "report.not_expected",
        Conflict::ReportBegun => "report.begun",
        Conflict::ReportSubmitted => "report.submitted",
        Conflict::ReportNotSubmitted => "report.not_submitted",
        Conflict::ReportNotApproved => "report.not_approved",
        Conflict::ParentSubmitted => "report.parent_submitted",
        Conflict::ReportsMissing => "report.children_missing",
        Conflict::NilNeeded => "report.nil_needed",
        Conflict::NotNil => "report.not_nil",
        Conflict::ErrorsOpen => "report.errors_open",
        Conflict::NoteNeeded => "report.note_needed",
        Conflict::OtherContent => "report.other_content",
        Conflict::ContentChanged => "report.content_changed",
        Conflict::WaiverRevoked => "report_waiver.revoked",
        Conflict::InspectionOrder => "inspection.out_of_order",
        Conflict::InspectionClosed => "inspection.closed",
        Conflict::FrameAltered => "inspection.frame_altered",
        Conflict::VerificationRuns => "verification.running",
        Conflict::NothingFound => "inspection_item.nothing_found",
        Conflict::FindingPending => "inspection_finding.pending",
        Conflict::FindingDecided => "inspection_finding.decided",
        Conflict::FindingOwn => "inspection_finding.own",
        Conflict::ExceptionRevoked => "period_exception.revoked",
        Conflict::OpeningCovers => "opening_balance.covers",
        Conflict::CreditCodeTaken => "organisation.credit_code_taken",
        Conflict::EntriesOutside => "entries.outside",
        Conflict::EntryVoided => "ledger_entry.voided",
        Conflict::SessionAttended => "training_session.attended",
        Conflict::DependencyMissing => "dependency.missing",
        Conflict::Simultaneous => "resource.simultaneous_change",
    }
}

/// The part of a JSON value's path as a JSON pointer (RFC 6901).
pub fn pointer_segment(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Where in a JSON value a string with U+0000 stands, if anywhere.
pub fn find_nul(value: &Value, at: &str) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(|| at.to_owned()),
        Value::Array(items) => items.iter().enumerate().find_map(|(n, item)| find_nul(item, &format!("{at}/{n}"))),
        Value::Object(members) => members.iter().find_map(|(name, item)| {
            let at = format!("{at}/{}", pointer_segment(&name.replace('\0', "")));
            if name.contains('\0') { Some(at) } else { find_nul(item, &at) }
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}
