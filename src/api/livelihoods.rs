//! `/memberships`, `/wages`, `/benefit-links` and `/benefits`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    endpoint::Endpoint,
    ledgers::{LedgerApi, entries_filters, identified, ledger_endpoints},
    page::Filters,
    registers::{RegisterApi, register_endpoints},
};
use crate::{
    app::{
        Paged, Want,
        livelihoods::{Benefits, KeepBenefitLink, KeepMembership, Wages},
        register_items,
    },
    auth::{Permission, Tx, can},
    db::{
        ledger_entries::LedgerEntry,
        register_items::{Filter, RegisterItem},
    },
    domain::{
        Day, Id, Instant, Month, Text,
        codes::{Ledger, RecordState, RegisterKind},
    },
    error::Result,
};

/// The rows of the table.
pub fn endpoints() -> Vec<Endpoint> {
    [
        register_endpoints!(
            KeepMembership,
            "organisations",
            "memberships",
            "membership",
            "memberships",
            "membership of an organisation"
        ),
        register_endpoints!(
            KeepBenefitLink,
            "benefits",
            "benefit-links",
            "benefit_link",
            "benefit_links",
            "link by which a household is lifted"
        ),
        ledger_endpoints!(Wages, "wages", "wage", "wages", "record of a month's wage"),
        ledger_endpoints!(Benefits, "benefits", "benefit", "benefits", "benefit of a household"),
    ]
    .concat()
}

/// A person in an organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Membership)]
pub(super) struct MembershipAnswer {
    /// The item.
    id: Id,
    /// The point that looks after the organisation.
    service_point_id: Id,
    /// The organisation.
    organisation_id: Option<Id>,
    /// The registered person.
    member_id: Option<Id>,
    /// A code of the list `membership_role`.
    role: String,
    /// The first day.
    starts_on: Day,
    /// The last day; null while it goes on.
    ends_on: Option<Day>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<RegisterItem> for MembershipAnswer {
    fn from(row: RegisterItem) -> Self {
        Self {
            id: row.id,
            service_point_id: row.service_point_id,
            organisation_id: row.organisation_id,
            member_id: row.member_id,
            role: row.kind,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A household that a store or an organisation lifts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BenefitLink)]
pub(super) struct LinkAnswer {
    /// The item.
    id: Id,
    /// The point that looks after who lifts.
    service_point_id: Id,
    /// The store that lifts.
    store_id: Option<Id>,
    /// The organisation that lifts.
    organisation_id: Option<Id>,
    /// The household.
    household_id: Option<Id>,
    /// A code of the list `benefit_mode`.
    mode: String,
    /// The first day.
    starts_on: Day,
    /// The last day; null while it goes on.
    ends_on: Option<Day>,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was entered.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<RegisterItem> for LinkAnswer {
    fn from(row: RegisterItem) -> Self {
        Self {
            id: row.id,
            service_point_id: row.service_point_id,
            store_id: row.store_id,
            organisation_id: row.organisation_id,
            household_id: row.household_id,
            mode: row.kind,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What a member of an organisation earned in a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Wage)]
pub(super) struct WageAnswer {
    /// The entry.
    id: Id,
    /// The membership.
    membership_id: Option<Id>,
    /// The person.
    member_id: Option<Id>,
    /// The point in whose figures it counts.
    service_point_id: Id,
    /// The month.
    month: Month,
    /// The role in which it was earned.
    role: String,
    /// The wage in fen.
    amount_fen: i64,
    /// Whether it counts.
    state: RecordState,
    /// Why it was voided.
    void_reason: Option<String>,
    /// The account that logged it.
    logged_by: Id,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was logged.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<LedgerEntry> for WageAnswer {
    fn from(row: LedgerEntry) -> Self {
        Self {
            id: row.id,
            membership_id: row.item_id,
            member_id: row.member_id,
            service_point_id: row.service_point_id,
            month: row.on_day.month(),
            role: row.kind,
            amount_fen: row.amount_fen,
            state: row.state,
            void_reason: row.void_reason,
            logged_by: row.created_by,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What a household received from who lifts it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Benefit)]
pub(super) struct BenefitAnswer {
    /// The entry.
    id: Id,
    /// The benefit link.
    link_id: Option<Id>,
    /// The point in whose figures it counts.
    service_point_id: Id,
    /// The day.
    on: Day,
    /// In which way: a code of the list `benefit_mode`.
    mode: String,
    /// The amount in fen.
    amount_fen: i64,
    /// Whether it counts.
    state: RecordState,
    /// Why it was voided.
    void_reason: Option<String>,
    /// The account that logged it.
    logged_by: Id,
    /// Counts the changes, from 1.
    version: i64,
    /// When it was logged.
    created_at: Instant,
    /// When it was last changed.
    updated_at: Instant,
}

impl From<LedgerEntry> for BenefitAnswer {
    fn from(row: LedgerEntry) -> Self {
        Self {
            id: row.id,
            link_id: row.item_id,
            service_point_id: row.service_point_id,
            on: row.on_day,
            mode: row.kind,
            amount_fen: row.amount_fen,
            state: row.state,
            void_reason: row.void_reason,
            logged_by: row.created_by,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

identified!(MembershipAnswer, LinkAnswer, WageAnswer, BenefitAnswer);

/// What a list is narrowed to.
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct MembershipsFilters {
    /// Of points in the subtree of this one only.
    service_point_id: Option<Id>,
    /// Of this organisation only.
    organisation_id: Option<Id>,
    /// Of this person only.
    member_id: Option<Id>,
    /// In this role only.
    role: Option<Text>,
    /// In force on this day only.
    on: Option<Day>,
}

impl Filters for MembershipsFilters {
    const NAME: &'static str = "memberships";
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct LinksFilters {
    /// Of points in the subtree of this one only.
    service_point_id: Option<Id>,
    /// By this store only.
    store_id: Option<Id>,
    /// By this organisation only.
    organisation_id: Option<Id>,
    /// Of this household only.
    household_id: Option<Id>,
    /// In this way only.
    mode: Option<Text>,
    /// In force on this day only.
    on: Option<Day>,
}

impl Filters for LinksFilters {
    const NAME: &'static str = "benefit-links";
}

impl RegisterApi for KeepMembership {
    type Read = can::ReadHouseholds;
    const PATH: &'static str = "/api/v1/memberships";
    type Answer = MembershipAnswer;
    type Filters = MembershipsFilters;

    fn list(
        tx: &mut Tx<'_, can::ReadHouseholds>,
        asked: &MembershipsFilters,
        want: &Want<Id>,
    ) -> Result<Paged<RegisterItem>> {
        let filter = Filter {
            organisation_id: asked.organisation_id,
            member_id: asked.member_id,
            kind: asked.role.as_ref().map(ToString::to_string),
            on: asked.on,
            ..Filter::default()
        };
        register_items::list(tx, asked.service_point_id, (RegisterKind::Membership, &filter), want)
    }

    fn answer<P: Permission>(_tx: &mut Tx<'_, P>, row: RegisterItem) -> Result<MembershipAnswer> {
        Ok(row.into())
    }
}

impl RegisterApi for KeepBenefitLink {
    type Read = can::ReadHouseholds;
    const PATH: &'static str = "/api/v1/benefit-links";
    type Answer = LinkAnswer;
    type Filters = LinksFilters;

    fn list(
        tx: &mut Tx<'_, can::ReadHouseholds>,
        asked: &LinksFilters,
        want: &Want<Id>,
    ) -> Result<Paged<RegisterItem>> {
        let filter = Filter {
            store_id: asked.store_id,
            organisation_id: asked.organisation_id,
            household_id: asked.household_id,
            kind: asked.mode.as_ref().map(ToString::to_string),
            on: asked.on,
            ..Filter::default()
        };
        register_items::list(tx, asked.service_point_id, (RegisterKind::BenefitLink, &filter), want)
    }

    fn answer<P: Permission>(_tx: &mut Tx<'_, P>, row: RegisterItem) -> Result<LinkAnswer> {
        Ok(row.into())
    }
}

entries_filters!(WagesFilters, "wages", {
    /// Of this membership only.
    membership_id: Id => item_id,
    /// Of this person only.
    member_id: Id => member_id,
    /// In this role only.
    role: Text => kind,
});

entries_filters!(BenefitsFilters, "benefits", {
    /// Of this link only.
    link_id: Id => item_id,
    /// In this way only.
    mode: Text => kind,
});

impl LedgerApi for Wages {
    const LEDGER: Ledger = Ledger::Wage;
    const PATH: &'static str = "/api/v1/wages";
    type Answer = WageAnswer;
    type Filters = WagesFilters;
}

impl LedgerApi for Benefits {
    const LEDGER: Ledger = Ledger::Benefit;
    const PATH: &'static str = "/api/v1/benefits";
    type Answer = BenefitAnswer;
    type Filters = BenefitsFilters;
}
