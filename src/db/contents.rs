//! The content of every audited row, for whoever compares it with what was audited.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _,
    dsl::{exists, not},
};

use super::{
    Conn, QueryResult,
    accounts::Account,
    assistance_records::AssistanceRecord,
    catalogue_items::CatalogueItem,
    doubtful_items::Explanation,
    grants::Grant,
    household_members::Member,
    households::Household,
    inspection_findings::Finding,
    inspection_items::Item,
    inspections::Inspection,
    ledger_entries::LedgerEntry,
    notices::Notice,
    organisations::Organisation,
    period_exceptions::PeriodException,
    register_items::RegisterItem,
    reporting_rules::ReportingRule,
    reports::{Report, Waiver},
    schema,
    service_points::ServicePoint,
    stores::Store,
    transfer_requests::TransferRequest,
};
use crate::{
    domain::{
        Id,
        digest::{Digest, content_digest},
    },
    error::{Error, Result},
};

/// The rows after an id in the order of their ids, at most so many: the id and the digest of the content.
pub type Batch = fn(&mut Conn, Option<Id>, i64) -> Result<Vec<(Id, Digest)>>;

/// What an event says of the content of an object: of which version, and the digest.
pub type AuditedContent = (Id, Option<i64>, Option<Vec<u8>>);

/// A kind of audited objects, and how its rows are gone through.
pub struct Kind {
    /// What events call it.
    pub name: &'static str,
    /// Its rows.
    pub batch: Batch,
    /// Objects that were made, and are no more; at most so many.
    pub vanished: fn(&mut Conn, i64) -> QueryResult<Vec<Id>>,
}

macro_rules! kind {
    ($name:literal, $table:ident, $row:ty) => {
        Kind {
            name: $name,
            batch: |conn, after, limit| {
                use schema::$table::dsl;
                let mut query = dsl::$table.order(dsl::id).limit(limit).into_boxed();
                if let Some(after) = after {
                    query = query.filter(dsl::id.gt(after));
                }
                let rows: Vec<$row> = query.load(conn)?;
                let digest = |row: $row| Ok((row.id, content_digest(&row).map_err(Error::internal)?));
                rows.into_iter().map(digest).collect()
            },
            vanished: |conn, limit| {
                use schema::{audit_events::dsl, $table::dsl as rows};
                dsl::audit_events
                    .filter(dsl::object_type.eq($name).and(dsl::object_version.eq(1)))
                    .filter(not(exists(rows::$table.filter(rows::id.eq(dsl::object_id)))))
                    .select(dsl::object_id)
                    .distinct()
                    .limit(limit)
                    .load(conn)
            },
        }
    };
}

/// Every kind.
pub const KINDS: [Kind; 21] = [
    kind!("service_point", service_points, ServicePoint),
    kind!("account", accounts, Account),
    kind!("grant", grants, Grant),
    kind!("household", households, Household),
    kind!("household_member", household_members, Member),
    kind!("transfer_request", transfer_requests, TransferRequest),
    kind!("assistance_record", assistance_records, AssistanceRecord),
    kind!("report", reports, Report),
    kind!("report_waiver", report_waivers, Waiver),
    kind!("inspection", inspections, Inspection),
    kind!("inspection_item", inspection_items, Item),
    kind!("inspection_finding", inspection_findings, Finding),
    kind!("doubtful_explanation", doubtful_explanations, Explanation),
    kind!("reporting_rule", reporting_rules, ReportingRule),
    kind!("period_exception", period_exceptions, PeriodException),
    kind!("notice", notices, Notice),
    kind!("catalogue_item", catalogue_items, CatalogueItem),
    kind!("organisation", organisations, Organisation),
    kind!("store", stores, Store),
    kind!("register_item", register_items, RegisterItem),
    kind!("ledger_entry", ledger_entries, LedgerEntry),
];

/// What events say of the contents of some objects of a kind: of which version, and the digest, the latest last. Clients choose ids,
/// and may choose the same one for two things of different kinds.
///
/// # Errors
/// The database's own.
pub fn audited(conn: &mut Conn, kind: &'static str, objects: &[Id]) -> QueryResult<Vec<AuditedContent>> {
    use schema::audit_events::dsl;
    dsl::audit_events
        .filter(dsl::object_id.eq_any(objects.to_vec()))
        .filter(dsl::object_type.eq(kind))
        .filter(dsl::object_version.is_not_null())
        .select((dsl::object_id, dsl::object_version, dsl::content_hash))
        .order((dsl::object_version, dsl::id))
        .load(conn)
}
