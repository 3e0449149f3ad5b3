//! Whether the reports that stand are still what was frozen, and what is frozen still what lies in the database.

use super::content::{own, read, subtree_digest};
use crate::{
    app::integrity::Findings,
    db::{
        Conn,
        reports::{self, Child, Report},
        service_points::{self, ServicePoint},
    },
    domain::{
        codes::{ChildState, ReportState},
        digest::hex,
        reports::{ChildDigest, Figures, report_digest},
    },
    error::{Error, Result},
};

/// So many reports are looked at together.
const BATCH: i64 = 500;

/// Computes the digests of every report that stands again, in one snapshot.
///
/// # Errors
/// The database's own.
pub fn digests(conn: &mut Conn) -> Result<Findings> {
    let (mut found, mut after) = (Findings::default(), None);
    loop {
        let batch = reports::standing(conn, after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = Some(last.id);
        for report in batch {
            found.looked_at += 1;
            let point = point(conn, &report)?;
            let wrong = wrong(conn, &point, &report)?;
            if !wrong.is_empty() {
                found.note(format!(
                    "the report of {} ({}) for {} is not what was frozen: {}",
                    point.name,
                    point.id,
                    report.month,
                    wrong.join(", ")
                ));
            }
        }
    }
    Ok(found)
}

fn point(conn: &mut Conn, report: &Report) -> Result<ServicePoint> {
    let point = service_points::find(conn, report.service_point_id)?;
    Ok(point.ok_or_else(|| Error::internal("a report without a point"))?.origin(ServicePoint::clone))
}

/// What differs, in words.
fn wrong(conn: &mut Conn, point: &ServicePoint, report: &Report) -> Result<Vec<&'static str>> {
    let mut wrong = Vec::new();
    let sent = reports::submission(conn, report.id, report.submission)?;
    let children = reports::children(conn, report.id, report.submission)?;
    let now = own(conn, point, report.month)?;
    if now.digest != sent.own_digest {
        wrong.push("records or households");
    }
    let figures = read(&sent.figures).ok();
    let (own_figures, from_below) = (read(&sent.own_figures).ok(), sum(&children));
    let adds_up = own_figures.as_ref().zip(from_below).and_then(|(own, below)| own.plus(&below)) == figures;
    if own_figures.as_ref().is_none_or(|own| *own != now.figures.known_to(own)) || !adds_up {
        wrong.push("figures");
    }
    if !are_intact(conn, report, &children)? {
        wrong.push("children");
    }
    let parts = children.iter().map(|child| ChildDigest {
        code: &child.code,
        state: child.state,
        digest: child.digest.as_deref(),
    });
    let id = (report.service_point_id, report.month);
    let digest = report_digest(id, &figures.unwrap_or_default(), &sent.own_digest, parts.collect());
    let digest = hex(&digest.map_err(Error::internal)?);
    if digest != sent.digest || digest != report.digest {
        wrong.push("digest");
    }
    Ok(wrong)
}

/// What the children added to the figures; none when that cannot be read.
fn sum(children: &[Child]) -> Option<Figures> {
    let figures = children.iter().filter_map(|child| child.figures.as_deref());
    figures.map(|figures| read(figures).ok()).try_fold(Figures::default(), |sum, figures| sum.plus(&figures?))
}

/// Whether each child's digest is still that of its report, or of what it counts without one.
fn are_intact(conn: &mut Conn, report: &Report, children: &[Child]) -> Result<bool> {
    for child in children {
        let digest = match child.state {
            ChildState::Waived => continue,
            ChildState::Approved => reports::of_point(conn, child.service_point_id, report.month)?
                .filter(|held| held.state == ReportState::Approved)
                .map(|held| held.digest),
            ChildState::Absent => {
                let point = service_points::find(conn, child.service_point_id)?;
                match point.map(|placed| placed.origin(ServicePoint::clone)) {
                    Some(point) => subtree_digest(conn, &point, report.month)?,
                    None => None,
                }
            }
        };
        if digest != child.digest {
            return Ok(false);
        }
    }
    Ok(true)
}
