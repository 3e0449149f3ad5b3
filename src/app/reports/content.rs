//! What a report says: the point's own figures, records and households, and what comes from the points below.

use std::collections::BTreeMap;

use crate::{
    app::statistics,
    db::{
        Conn,
        reports::{self, Report},
        service_points::{self, ParentSpan, ServicePoint},
    },
    domain::{
        Id, Month,
        codes::{ChildState, ReportState},
        digest::{hex, sha256},
        metrics::{METRICS, Nature, Source},
        reports::{
            ChildDigest, Figures, RecordDigests, add_entries, is_expected, own_digest, record_digests, report_digest,
        },
    },
    error::{Conflict, Error, Result},
};

/// What a point itself adds to its report.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// Its figures.
    pub figures: Figures,
    /// The digest of each of its records and entries.
    pub records: RecordDigests,
    /// The digest of its records, entries, households, stores and items of registers.
    pub digest: String,
    is_empty: bool,
}

/// A point just below, and how it stands.
#[derive(Clone, Debug)]
pub struct Part {
    /// The point.
    pub point: ServicePoint,
    /// How it stands; none while its report is waited for.
    pub state: Option<ChildState>,
    /// Its report, if it has one.
    pub report: Option<Report>,
    /// The digest that stands for it.
    pub digest: Option<String>,
    /// What it adds to the figures: those that were frozen, or, while it is waited for, those of this moment.
    pub figures: Option<Figures>,
}

impl Part {
    /// The region code of the point, or its id.
    pub fn code(&self) -> String {
        self.point.region_code.clone().unwrap_or_else(|| self.point.id.to_string())
    }
}

/// What a report says if it is sent in now.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The point's own part.
    pub own: Own,
    /// The points below.
    pub parts: Vec<Part>,
    /// The figures of all of it.
    pub figures: Figures,
}

impl Draft {
    /// Whether nothing has happened in the month: what stands is no happening.
    pub fn is_nil(&self) -> bool {
        let flows = METRICS.iter().filter(|metric| {
            metric.nature() == Nature::Flow && metric.is_frozen() && !matches!(metric.source, Source::Share(..))
        });
        self.figures.is_nil(flows.map(|metric| metric.code))
    }

    /// Whether a report is still waited for.
    pub fn is_missing_any(&self) -> bool {
        self.parts.iter().any(|part| part.state.is_none())
    }

    /// The digest of all of it.
    ///
    /// # Errors
    /// None in practice.
    pub fn digest(&self, point: Id, month: Month) -> Result<String> {
        let codes: Vec<String> = self.parts.iter().map(Part::code).collect();
        let children =
            self.parts.iter().zip(&codes).filter_map(|(part, code)| {
                Some(ChildDigest { code, state: part.state?, digest: part.digest.as_deref() })
            });
        let digest = report_digest((point, month), &self.figures, &self.own.digest, children.collect());
        Ok(hex(&digest.map_err(Error::internal)?))
    }
}

/// What the point itself adds.
///
/// # Errors
/// The database's own.
pub fn own(conn: &mut Conn, point: &ServicePoint, month: Month) -> Result<Own> {
    let (figures, _) = statistics::of_month(conn, point, month)?;
    content(conn, point.id, month, figures)
}

fn content(conn: &mut Conn, point: Id, month: Month, figures: Figures) -> Result<Own> {
    let mut records = record_digests(&reports::record_facts(conn, point, month)?).map_err(Error::internal)?;
    add_entries(&mut records, &reports::entry_facts(conn, point, month)?).map_err(Error::internal)?;
    let households = reports::household_facts(conn, point, month)?;
    let stores = reports::store_facts(conn, point, month)?;
    let items = reports::item_facts(conn, point, month)?;
    let digest = hex(&own_digest(&records, &households, &stores, &items).map_err(Error::internal)?);
    let is_empty = records.is_empty() && households.is_empty() && stores.is_empty() && items.is_empty();
    Ok(Own { figures, records, digest, is_empty })
}

/// The digest of what a whole subtree did and looks after; none when that is nothing.
///
/// # Errors
/// The database's own.
pub fn subtree_digest(conn: &mut Conn, top: &ServicePoint, month: Month) -> Result<Option<String>> {
    let mut text = String::new();
    for point in service_points::subtree(conn, &top.path)? {
        let own = content(conn, point.id, month, Figures::default())?;
        if !own.is_empty {
            text.push_str(&format!("{}:{}\n", point.id, own.digest));
        }
    }
    Ok(Some(hex(&sha256(text.as_bytes()))).filter(|_| !text.is_empty()))
}

/// The point above at a month's end; the first one, if the point was opened later.
///
/// # Errors
/// The database's own.
pub fn parent_at(conn: &mut Conn, point: Id, month: Month) -> Result<Option<Id>> {
    Ok(holding(&service_points::parents(conn, point)?, month).map(|span| span.parent_id))
}

fn holding(spans: &[ParentSpan], month: Month) -> Option<&ParentSpan> {
    spans.iter().rev().find(|span| span.valid_from <= month.last_day()).or(spans.first())
}

/// The points that hung just below at a month's end.
///
/// # Errors
/// The database's own.
pub fn children_at(conn: &mut Conn, point: Id, month: Month) -> Result<Vec<ServicePoint>> {
    let mut spans: BTreeMap<Id, Vec<ParentSpan>> = BTreeMap::new();
    for span in reports::parents_of(conn, point)? {
        spans.entry(span.service_point_id).or_default().push(span);
    }
    let mut children = reports::children_ever(conn, point)?;
    children.retain(|child| {
        spans.get(&child.id).and_then(|spans| holding(spans, month)).is_some_and(|span| span.parent_id == point)
    });
    Ok(children)
}

/// Whether a report of the point is expected for the month.
pub fn expects(point: &ServicePoint, month: Month) -> bool {
    is_expected(point.status, point.opened_on, point.closed_on, month)
}

/// What the report of a point says if it is sent in now.
///
/// # Errors
/// The database's own.
pub fn draft(conn: &mut Conn, point: &ServicePoint, month: Month) -> Result<Draft> {
    let own = own(conn, point, month)?;
    let children = children_at(conn, point.id, month)?;
    let ids: Vec<Id> = children.iter().map(|child| child.id).collect();
    let mut held: BTreeMap<Id, Report> =
        reports::of_points(conn, &ids, month)?.into_iter().map(|report| (report.service_point_id, report)).collect();
    let waived = reports::waivers_in_force(conn, &ids, month)?;
    let mut parts = Vec::new();
    for child in children {
        let report = held.remove(&child.id);
        let is_waived = waived.iter().any(|waiver| waiver.service_point_id == child.id);
        parts.extend(part(conn, child, report, is_waived, month)?);
    }
    let mut figures = own.figures.clone();
    for part in &parts {
        if let Some(more) = &part.figures {
            figures = figures.plus(more).ok_or(Error::Conflict(Conflict::SumTooLarge))?;
        }
    }
    Ok(Draft { own, parts, figures })
}

fn part(
    conn: &mut Conn,
    point: ServicePoint,
    report: Option<Report>,
    is_waived: bool,
    month: Month,
) -> Result<Option<Part>> {
    let approved = report.as_ref().filter(|report| report.state == ReportState::Approved);
    let (state, digest, figures) = if let Some(report) = approved {
        let frozen = reports::submission(conn, report.id, report.submission)?;
        (Some(ChildState::Approved), Some(report.digest.clone()), Some(read(&frozen.figures)?))
    } else if !expects(&point, month) {
        let Some(digest) = subtree_digest(conn, &point, month)? else { return Ok(None) };
        (Some(ChildState::Absent), Some(digest), Some(statistics::of_month(conn, &point, month)?.1))
    } else if is_waived {
        (Some(ChildState::Waived), None, None)
    } else {
        (None, None, Some(statistics::of_month(conn, &point, month)?.1))
    };
    Ok(Some(Part { point, state, report, digest, figures }))
}

/// Figures as they are kept.
///
/// # Errors
/// They were changed behind the program's back.
pub fn read(figures: &str) -> Result<Figures> {
    serde_json::from_str(figures).map_err(Error::internal)
}
