//! Frames: which records an inspection may draw, gathered in a snapshot and kept with their digest.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::{
        audit,
        idempotence::{Made, replay, request_digest},
        input::{Faults, LONGEST_WINDOW_DAYS, holds_no_number},
    },
    auth::{Tx, can},
    db::{
        Conn,
        inspection_frames::{self, FramePart},
        inspections::{self, Inspection, Stratum},
        service_points,
    },
    domain::{
        CodeSet, Day, Id, PointPath, Text,
        access::Reach,
        codes::{ASSISTANCE_KINDS, InspectionMethod, InspectionState},
        digest::hex,
        sampling::{Facts, Frame, Line, large, unpack, weight},
    },
    error::{Conflict, Error, Fault, Result},
};

/// An inspection that is to be framed.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FrameInspection {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The top of the points whose records are inspected.
    pub service_point_id: Id,
    /// What it is called.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// The first day on which the records were given.
    pub period_from: Day,
    /// The last day, not in the future; at most 366 days together.
    pub period_to: Day,
    /// Codes of the list `assistance_kind`; all when nothing is said.
    pub kinds: Option<CodeSet>,
    /// How the sample is drawn.
    pub method: InspectionMethod,
    /// How many records are drawn, no more than the frame has.
    #[validate(range(min = 1, max = 1_000))]
    #[schema(minimum = 1, maximum = 1_000)]
    pub sample_size: i64,
}

/// A frame as a snapshot of the database has it.
#[derive(Clone, Debug)]
pub struct Snapshot {
    frame: Frame,
    top: PointPath,
}

/// Gathers the frame: every counted record that points of the subtree gave in the period, of the kinds. Nothing is written, so
/// nobody who writes waits for the pass. None when the inspection was framed before by the same request.
///
/// # Errors
/// The top is unknown, or may not be inspected by the caller; a rule is broken; there are too few records.
pub fn prepare(tx: &mut Tx<'_, can::DrawInspections>, request: &FrameInspection) -> Result<Option<Snapshot>> {
    let reach = tx.reach()?;
    let digest = request_digest(tx, request)?;
    if replay(tx, request.id, &digest, inspections::find)?.is_some() {
        return Ok(None);
    }
    let top = tx.find(request.service_point_id, service_points::find);
    let top = top.map_err(|error| error.at("/service_point_id"))?.path;
    let window = (request.period_from, request.period_to);
    let mut faults = Faults::of(request);
    faults.id(request.id);
    faults.unless(window.1 <= tx.today(), "/period_to", "in_future");
    faults.unless(window.0 <= window.1, "/period_to", "before_period_from");
    faults.unless(window.1.days_since(window.0) < LONGEST_WINDOW_DAYS, "/period_to", "window_too_wide");
    let kinds: Vec<String> = request.kinds.iter().flat_map(CodeSet::iter).map(str::to_owned).collect();
    for kind in &kinds {
        faults.code(&ASSISTANCE_KINDS, kind, window.1, "/kinds");
    }
    faults.finish()?;
    let frame = gather(tx.conn(), &reach.narrowed_to(&top), &top, window, &kinds)?;
    if frame.lines().is_empty() {
        return Err(Error::invalid("/service_point_id", "empty_frame"));
    }
    if usize::try_from(request.sample_size).is_ok_and(|size| size > frame.lines().len()) {
        let fault = Fault::new("/sample_size", "larger_than_frame").with("max", frame.lines().len());
        return Err(Error::Invalid(vec![fault]));
    }
    Ok(Some(Snapshot { frame, top }))
}

fn gather(conn: &mut Conn, reach: &Reach, top: &PointPath, (from, to): (Day, Day), kinds: &[String]) -> Result<Frame> {
    let points = inspection_frames::points(conn, top)?;
    let strata: HashMap<Id, Id> =
        points.into_iter().filter_map(|(id, path)| Some((id, stratum(&path, top)?))).collect();
    let mut found: Vec<(Line, Facts)> = Vec::new();
    let mut amounts = Vec::new();
    let mut first = from;
    // A month at a time, so that only what a frame needs of a record is in memory for all of them.
    while first <= to {
        let last = first.month().last_day().min(to);
        for record in inspection_frames::candidates(conn, reach, (first, last), kinds)? {
            let Some(stratum) = strata.get(&record.service_point_id) else { continue };
            let version = u32::try_from(record.version).map_err(Error::internal)?;
            amounts.extend(record.amount_fen.filter(|amount| *amount > 0));
            let facts = Facts {
                given_on: record.given_on,
                logged_on: record.created_at.day(),
                amount_fen: record.amount_fen,
                version: record.version,
            };
            found.push((Line { stratum: *stratum, record: record.id, version, weight: 1 }, facts));
        }
        first = last.plus_days(1);
    }
    let large = large(amounts);
    let weighed = found.into_iter().map(|(line, facts)| Line { weight: weight(&facts, large), ..line });
    Ok(Frame::of(weighed.collect()))
}

/// The county on the way to a point, and the bureau for itself. Below a county the top is all the strata that there are: who
/// inspects a township learns nothing of what lies above.
fn stratum(path: &PointPath, top: &PointPath) -> Option<Id> {
    let ids = path.ids();
    ids.get(top.depth().max(2) - 1).or(ids.first()).copied()
}

/// Keeps the frame that [`prepare`] gathered, and its digest.
///
/// # Errors
/// The top is unknown or has moved meanwhile, or may not be inspected by the caller.
pub fn frame(
    tx: &mut Tx<'_, can::DrawInspections>,
    request: &FrameInspection,
    snapshot: Option<&Snapshot>,
) -> Result<Made<Inspection>> {
    tx.reach()?;
    let digest = request_digest(tx, request)?;
    if let Some(made) = replay(tx, request.id, &digest, inspections::find)? {
        return Ok(made);
    }
    let top = tx.find(request.service_point_id, service_points::find_shared);
    let top = top.map_err(|error| error.at("/service_point_id"))?;
    let snapshot = snapshot.filter(|snapshot| snapshot.top == top.path).ok_or(Conflict::Simultaneous)?;
    let frame = &snapshot.frame;
    let id = request.id.unwrap_or_else(|| tx.new_id());
    let parts: Vec<FramePart> =
        (1..).zip(frame.parts()).map(|(part, lines)| FramePart { inspection_id: id, part, lines }).collect();
    let inspection = Inspection {
        id,
        service_point_id: top.id,
        name: request.name.to_string(),
        period_from: request.period_from,
        period_to: request.period_to,
        kinds: request.kinds.clone().unwrap_or_default(),
        method: request.method,
        sample_size: request.sample_size,
        frame_size: i64::try_from(frame.lines().len()).map_err(Error::internal)?,
        frame_parts: i64::try_from(parts.len()).map_err(Error::internal)?,
        frame_digest: hex(frame.digest()),
        framed_at: tx.now(),
        seed: None,
        seed_source: None,
        seeded_at: None,
        drawn_at: None,
        closed_at: None,
        close_reason: None,
        state: InspectionState::Framed,
        version: 1,
        created_by: tx.account_id()?,
        request_digest: digest.to_vec(),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    let strata: Vec<Stratum> = frame
        .counts()
        .into_iter()
        .map(|((stratum_id, weight), frame_size)| Stratum {
            inspection_id: id,
            stratum_id,
            weight: i64::from(weight),
            frame_size,
            sample_size: 0,
        })
        .collect();
    inspections::insert(tx.conn(), &inspection)?;
    inspection_frames::insert(tx.conn(), &parts)?;
    inspections::insert_strata(tx.conn(), &strata)?;
    audit::created(tx, "inspection.frame", &inspection)?;
    Ok(Made::New(inspection))
}

/// The lines of one part of a frame.
///
/// # Errors
/// There is no such inspection within reach, or no such part.
pub fn part(tx: &mut Tx<'_, can::ReadInspections>, id: Id, part: i64) -> Result<(Inspection, Vec<Line>)> {
    let inspection = tx.find(id, inspections::find)?;
    let packed = inspection_frames::part(tx.conn(), id, part)?.ok_or(Error::NotFoundAt("part".to_owned()))?;
    Ok((inspection, unpack(&packed).ok_or(Conflict::FrameAltered)?))
}
