//! `/inspections`.

use actix_web::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Changed, Created, Identified, Item, List, Plain, Versioned},
    endpoint::{Endpoint, Heading, endpoint},
    extract::{Body, IfMatch, Pages, PathId, Query},
    page::{self, Filters},
    problem::Problem,
};
use crate::{
    app::{
        households::Reason,
        inspections::{self as app, FrameInspection, GiveSeed, Results, StratumResult},
    },
    auth::{Authorized, Ready, can},
    db::{Cost, inspections::Inspection},
    domain::{
        CodeSet, Day, Id, Instant,
        codes::{InspectionItemState as State, InspectionMethod, InspectionState},
        sampling::Line,
    },
    error::Result,
};

const PATH: &str = "/api/v1/inspections";

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    let heading = |id, summary| Heading { tag: "inspections", id, summary };
    vec![
        endpoint(Method::GET, PATH, heading("list_inspections", "List inspections."), list),
        endpoint(
            Method::POST,
            PATH,
            heading("frame_inspection", "Begin an inspection: its frame is gathered and its digest kept."),
            frame,
        ),
        endpoint(Method::GET, "/api/v1/inspections/{id}", heading("get_inspection", "Show an inspection."), get),
        endpoint(
            Method::GET,
            "/api/v1/inspections/{id}/frame",
            heading("get_inspection_frame", "Show the lines of a frame, one part at a time."),
            frame_part,
        ),
        endpoint(
            Method::GET,
            "/api/v1/inspections/{id}/results",
            heading("get_inspection_results", "Show what was found so far, and what it says of the whole."),
            results,
        ),
        endpoint(
            Method::POST,
            "/api/v1/inspections/{id}/seed",
            heading("seed_inspection", "Give the seed of the draw, once the frame stands."),
            seed,
        ),
        endpoint(
            Method::POST,
            "/api/v1/inspections/{id}/draw",
            heading("draw_inspection", "Draw the sample that follows from the frame and the seed."),
            draw,
        ),
        endpoint(
            Method::POST,
            "/api/v1/inspections/{id}/close",
            heading("close_inspection", "Close an inspection, finished or not."),
            close,
        ),
    ]
}

/// An inspection.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Inspection)]
pub struct InspectionAnswer {
    /// The inspection.
    pub id: Id,
    /// The top of the points whose records are inspected.
    pub service_point_id: Id,
    /// What it is called.
    pub name: String,
    /// The first day on which the records were given.
    pub period_from: Day,
    /// The last day.
    pub period_to: Day,
    /// Codes of the list `assistance_kind`; empty for all.
    pub kinds: CodeSet,
    /// How the sample is drawn.
    pub method: InspectionMethod,
    /// How many records are drawn.
    pub sample_size: i64,
    /// How many records the frame has.
    pub frame_size: i64,
    /// How many parts it is shown in.
    pub frame_parts: i64,
    /// The SHA-256 of its lines, each with a line feed, as hexadecimal digits.
    pub frame_digest: String,
    /// When it was made.
    pub framed_at: Instant,
    /// What the draw begins with.
    pub seed: Option<String>,
    /// Where the seed is from; null for one that was made here.
    pub seed_source: Option<String>,
    /// When it was given.
    pub seeded_at: Option<Instant>,
    /// When the sample was drawn.
    pub drawn_at: Option<Instant>,
    /// When the inspection was closed.
    pub closed_at: Option<Instant>,
    /// Why.
    pub close_reason: Option<String>,
    /// How far it has come.
    pub state: InspectionState,
    /// The account that made it.
    pub framed_by: Id,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl From<Inspection> for InspectionAnswer {
    fn from(inspection: Inspection) -> Self {
        Self {
            id: inspection.id,
            service_point_id: inspection.service_point_id,
            name: inspection.name,
            period_from: inspection.period_from,
            period_to: inspection.period_to,
            kinds: inspection.kinds,
            method: inspection.method,
            sample_size: inspection.sample_size,
            frame_size: inspection.frame_size,
            frame_parts: inspection.frame_parts,
            frame_digest: inspection.frame_digest,
            framed_at: inspection.framed_at,
            seed: inspection.seed,
            seed_source: inspection.seed_source,
            seeded_at: inspection.seeded_at,
            drawn_at: inspection.drawn_at,
            closed_at: inspection.closed_at,
            close_reason: inspection.close_reason,
            state: inspection.state,
            framed_by: inspection.created_by,
            version: inspection.version,
            created_at: inspection.created_at,
            updated_at: inspection.updated_at,
        }
    }
}

impl Versioned for InspectionAnswer {
    fn version(&self) -> i64 {
        self.version
    }
}

impl Identified for InspectionAnswer {
    fn id(&self) -> Id {
        self.id
    }
}

/// A part of a frame. All parts one after the other, each line with a line feed, are what was digested.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InspectionFramePart)]
pub struct FramePartAnswer {
    /// Which one.
    pub part: i64,
    /// How many there are.
    pub frame_parts: i64,
    /// The digest of all of them.
    pub frame_digest: String,
    /// The lines: stratum, record, version and weight, with a space between.
    pub lines: Vec<String>,
}

/// What was found in a part of a frame.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InspectionResult)]
pub struct ResultAnswer {
    /// How many records the frame has.
    pub frame_size: i64,
    /// How many were drawn.
    pub sample_size: i64,
    /// How many of those are still to be checked.
    pub open: i64,
    /// How many were confirmed.
    pub confirmed: i64,
    /// Of how many the quantity or the amount differs.
    pub amount_differs: i64,
    /// How many were not given.
    pub not_found: i64,
    /// Of how many nobody would say: neither right nor wrong.
    pub refused: i64,
    /// How many were confirmed, differ or were not given.
    pub checked: i64,
    /// How many differ or were not given.
    pub errors: i64,
    /// The share of errors that this says of the frame, in hundredths of a percent; null while nothing was checked in a part
    /// that counts on its own.
    pub rate_bp: Option<i64>,
    /// The lower end of its 95 % interval.
    pub low_bp: Option<i64>,
    /// The upper end.
    pub high_bp: Option<i64>,
}

impl From<StratumResult> for ResultAnswer {
    fn from(result: StratumResult) -> Self {
        let count = |state: State| result.found.get(&state).copied().unwrap_or_default();
        Self {
            frame_size: result.frame_size,
            sample_size: result.sample_size,
            open: count(State::Open),
            confirmed: count(State::Confirmed),
            amount_differs: count(State::AmountDiffers),
            not_found: count(State::NotFound),
            refused: count(State::Refused),
            checked: result.checked(),
            errors: result.errors(),
            rate_bp: result.estimate.map(|estimate| estimate.rate_bp),
            low_bp: result.estimate.map(|estimate| estimate.low_bp),
            high_bp: result.estimate.map(|estimate| estimate.high_bp),
        }
    }
}

/// What was found in a stratum.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InspectionStratum)]
pub struct StratumAnswer {
    /// The county, or the bureau for what it gave itself; below a county, the top of the inspection.
    pub service_point_id: Id,
    /// Its name.
    pub name: String,
    /// What was found.
    pub result: ResultAnswer,
}

/// What an inspection found so far.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InspectionResults)]
pub struct ResultsAnswer {
    /// The inspection.
    pub inspection: InspectionAnswer,
    /// By stratum, in the order of the frame.
    pub strata: Vec<StratumAnswer>,
    /// In all: each part weighs what it has in the frame, not what was drawn of it.
    pub total: ResultAnswer,
}

impl From<Results> for ResultsAnswer {
    fn from(results: Results) -> Self {
        let stratum = |(service_point_id, name, result): (Id, String, StratumResult)| StratumAnswer {
            service_point_id,
            name,
            result: result.into(),
        };
        Self {
            inspection: results.inspection.into(),
            strata: results.strata.into_iter().map(stratum).collect(),
            total: results.total.into(),
        }
    }
}

/// What a list of inspections is narrowed to.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct InspectionsFilters {
    /// Tops in the subtree of this point only.
    service_point_id: Option<Id>,
    /// This state only.
    #[param(inline)]
    state: Option<InspectionState>,
}

impl Filters for InspectionsFilters {
    const NAME: &'static str = "inspections";
}

/// Which part of a frame.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct PartQuery {
    /// The part, from 1; the first when nothing is said.
    #[param(minimum = 1)]
    part: Option<i64>,
}

async fn list(
    access: Authorized<can::ReadInspections>,
    pages: Pages<InspectionsFilters>,
) -> Result<List<InspectionAnswer>, Problem> {
    let page = access.read(Cost::Slow, pages, |tx, listing| {
        let want = page::want(tx, listing)?;
        let found = app::list(tx, listing.filters.service_point_id, listing.filters.state, &want)?;
        page::list(tx, listing, found, |inspection| inspection.id, |inspection| Ok(inspection.into()))
    });
    Ok(page.await?)
}

async fn frame(
    access: Authorized<can::DrawInspections>,
    body: Body<FrameInspection>,
) -> Result<Created<InspectionAnswer>, Problem> {
    // The pass over the records is a read; only its outcome is written.
    let gathered = access.read(Cost::Slow, body, |tx, request| Ok((request.clone(), app::prepare(tx, request)?)));
    let gathered = Ready(Ok(gathered.await?));
    let made = access.write(gathered, |tx, (request, snapshot)| {
        app::frame(tx, request, snapshot.as_ref())?.map(|inspection| Ok(inspection.into()))
    });
    Ok(Created(made.await?, PATH))
}

async fn get(access: Authorized<can::ReadInspections>, id: PathId) -> Result<Item<InspectionAnswer>, Problem> {
    Ok(Item(access.read(Cost::Quick, id, |tx, id| app::get(tx, *id)).await?.into()))
}

async fn frame_part(
    access: Authorized<can::ReadInspections>,
    id: PathId,
    query: Query<PartQuery>,
) -> Result<Plain<FramePartAnswer>, Problem> {
    let part = access.read(Cost::Slow, (id, query), |tx, (id, query)| {
        let part = query.part.unwrap_or(1);
        let (inspection, lines) = app::part(tx, *id, part)?;
        Ok(FramePartAnswer {
            part,
            frame_parts: inspection.frame_parts,
            frame_digest: inspection.frame_digest,
            lines: lines.iter().map(Line::text).collect(),
        })
    });
    Ok(Plain(part.await?))
}

async fn results(access: Authorized<can::ReadInspections>, id: PathId) -> Result<Plain<ResultsAnswer>, Problem> {
    Ok(Plain(access.read(Cost::Slow, id, |tx, id| app::results(tx, *id)).await?.into()))
}

async fn seed(
    access: Authorized<can::DrawInspections>,
    id: PathId,
    version: IfMatch,
    body: Body<GiveSeed>,
) -> Result<Changed<InspectionAnswer>, Problem> {
    let inspection =
        access.write((id, version, body), |tx, (id, version, request)| app::give_seed(tx, *id, *version, request));
    Ok(Changed(inspection.await?.into()))
}

async fn draw(
    access: Authorized<can::DrawInspections>,
    id: PathId,
    version: IfMatch,
) -> Result<Changed<InspectionAnswer>, Problem> {
    // As for the frame: the pass over it is a read.
    let drawn = access
        .read(Cost::Slow, (id, version), |tx, (id, version)| Ok((*id, *version, app::sample(tx, *id, *version)?)));
    let drawn = Ready(Ok(drawn.await?));
    let inspection = access.write(drawn, |tx, (id, version, sample)| app::draw(tx, *id, *version, sample));
    Ok(Changed(inspection.await?.into()))
}

async fn close(
    access: Authorized<can::DrawInspections>,
    id: PathId,
    version: IfMatch,
    body: Body<Reason>,
) -> Result<Changed<InspectionAnswer>, Problem> {
    let inspection =
        access.write((id, version, body), |tx, (id, version, request)| app::close(tx, *id, *version, request));
    Ok(Changed(inspection.await?.into()))
}
