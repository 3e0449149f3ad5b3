//! What policy documents, projects and external indicators look like.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    api::ledgers::identified,
    db::catalogue_items::CatalogueItem,
    domain::{Day, Id, Instant},
};

/// A policy document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PolicyDocument)]
pub(in crate::api) struct PolicyAnswer {
    /// The item.
    id: Id,
    /// The county or the bureau that keeps it.
    service_point_id: Id,
    /// What it is called.
    name: String,
    /// Its number.
    number: Option<String>,
    /// Who issued it.
    issuer: Option<String>,
    /// A code of the list `policy_topic`.
    topic: Option<String>,
    /// The day on which it was issued.
    issued_on: Option<Day>,
    /// The last day on which it is in force; null while no end is set.
    ends_on: Option<Day>,
    /// Whatever else is to be known.
    note: Option<String>,
    /// Its file, if it has one.
    file: Option<PolicyFile>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

/// The file of a policy document.
#[derive(Debug, Serialize, ToSchema)]
struct PolicyFile {
    /// The SHA-256 of its content, in hexadecimal.
    digest: String,
    /// Its media type.
    media_type: String,
}

impl PolicyAnswer {
    /// A document, with the media type of its file.
    pub fn of(item: CatalogueItem, media_type: Option<String>) -> Self {
        Self {
            id: item.id,
            service_point_id: item.service_point_id,
            name: item.name,
            number: item.mark,
            issuer: item.source,
            topic: item.kind,
            issued_on: item.starts_on,
            ends_on: item.ends_on,
            note: item.note,
            file: item.file_digest.zip(media_type).map(|(digest, media_type)| PolicyFile { digest, media_type }),
            version: item.version,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// A project.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Project)]
pub(in crate::api) struct ProjectAnswer {
    /// The item.
    id: Id,
    /// The county or the bureau that keeps it.
    service_point_id: Id,
    /// What it is called.
    name: String,
    /// A code of the list `funding_source`.
    funding_source: Option<String>,
    /// The budget in fen.
    budget_fen: Option<i64>,
    /// What was paid up to now, in fen.
    paid_fen: i64,
    /// The first day.
    starts_on: Option<Day>,
    /// The last day; null while it runs.
    ends_on: Option<Day>,
    /// The villages that it is for, those that the caller sees.
    village_ids: Vec<Id>,
    /// Whatever else is to be known.
    note: Option<String>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl ProjectAnswer {
    /// A project, with what was paid and the villages that the caller sees.
    pub fn of(item: CatalogueItem, paid_fen: i64, village_ids: Vec<Id>) -> Self {
        Self {
            id: item.id,
            service_point_id: item.service_point_id,
            name: item.name,
            funding_source: item.kind,
            budget_fen: item.value,
            paid_fen,
            starts_on: item.starts_on,
            ends_on: item.ends_on,
            village_ids,
            note: item.note,
            version: item.version,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// An external indicator.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Indicator)]
pub(in crate::api) struct IndicatorAnswer {
    /// The item.
    id: Id,
    /// The county or the bureau that it is about.
    service_point_id: Id,
    /// What it is called.
    name: String,
    /// The value, in units of its last decimal.
    value: Option<i64>,
    /// How many of the value's digits stand behind the point.
    decimals: Option<i64>,
    /// The unit.
    unit: Option<String>,
    /// The day of which it tells.
    as_of: Option<Day>,
    /// Who published it, and where.
    source: Option<String>,
    /// How it is counted.
    definition: Option<String>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<CatalogueItem> for IndicatorAnswer {
    fn from(item: CatalogueItem) -> Self {
        Self {
            id: item.id,
            service_point_id: item.service_point_id,
            name: item.name,
            value: item.value,
            decimals: item.decimals,
            unit: item.mark,
            as_of: item.starts_on,
            source: item.source,
            definition: item.note,
            version: item.version,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

identified!(PolicyAnswer, ProjectAnswer, IndicatorAnswer);
