//! Organisations: cooperatives, workshops and enterprises that stores may belong to.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Paged, Want,
    input::{Faults, holds_no_number},
    reach_within,
    registers::{Kept, Register, row},
};
use crate::{
    auth::{Tx, can},
    db::{
        Conn, QueryResult,
        organisations::{self, Organisation},
        register_items,
        service_points::ServicePoint,
    },
    domain::{Day, Id, Text, access::Placed, codes::ORGANISATION_KINDS, credit_code::is_credit_code},
    error::{Conflict, Result},
};

row!(Organisation);

/// An organisation: the whole of it.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepOrganisation {
    /// The id, if the client chooses it.
    pub id: Option<Id>,
    /// The point that looks after it; it stays.
    pub service_point_id: Id,
    /// A code of the list `organisation_kind`.
    #[schema(example = "cooperative")]
    pub kind: Text,
    /// What it is called.
    #[validate(length(min = 1, max = 100), non_control_character, custom(function = "holds_no_number"))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Text,
    /// Its unified social credit code (GB 32100), if it has one.
    #[schema(example = "91350100M000100Y43")]
    pub credit_code: Option<Text>,
    /// Its first day.
    pub founded_on: Option<Day>,
    /// Its last day.
    pub ended_on: Option<Day>,
}

impl Register for KeepOrganisation {
    type Row = Organisation;
    type Write = can::LogAssistance;

    const ACTIONS: [&'static str; 2] = ["organisation.enter", "organisation.edit"];

    fn id(&self) -> Option<Id> {
        self.id
    }

    fn service_point_id(&self) -> Id {
        self.service_point_id
    }

    fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Placed<Organisation>>> {
        organisations::find(conn, id)
    }

    fn lock(conn: &mut Conn, id: Id) -> QueryResult<()> {
        organisations::lock(conn, id)
    }

    fn row(
        &self,
        tx: &mut Tx<'_, can::LogAssistance>,
        faults: &mut Faults,
        kept: Kept,
        _before: Option<&Organisation>,
    ) -> Result<Organisation> {
        let today = tx.today();
        faults.code(&ORGANISATION_KINDS, &self.kind, today, "/kind");
        let is_valid = self.credit_code.as_deref().is_none_or(is_credit_code);
        faults.unless(is_valid, "/credit_code", "credit_code");
        faults.unless(self.founded_on.is_none_or(|day| day <= today), "/founded_on", "in_future");
        let in_order = self.founded_on.zip(self.ended_on).is_none_or(|(first, last)| first <= last);
        faults.unless(in_order, "/ended_on", "before_from");
        let Kept { id, version, created_by, request_digest, created_at, updated_at } = kept;
        Ok(Organisation {
            id,
            service_point_id: self.service_point_id,
            kind: self.kind.to_string(),
            name: self.name.to_string(),
            credit_code: self.credit_code.as_deref().map(str::to_owned),
            founded_on: self.founded_on,
            ended_on: self.ended_on,
            version,
            created_by,
            request_digest,
            created_at,
            updated_at,
        })
    }

    fn check(
        tx: &mut Tx<'_, can::LogAssistance>,
        _point: &ServicePoint,
        _before: Option<&Organisation>,
        after: &Organisation,
    ) -> Result<()> {
        if register_items::lies_outside(tx.conn(), after.id, (after.founded_on, after.ended_on))? {
            return Err(Conflict::EntriesOutside.into());
        }
        let Some(code) = after.credit_code.as_deref() else { return Ok(()) };
        match organisations::by_credit_code(tx.conn(), code)? {
            Some(other) if other != after.id => Err(Conflict::CreditCodeTaken.into()),
            _ => Ok(()),
        }
    }

    fn write(conn: &mut Conn, before: Option<&Organisation>, after: &Organisation) -> QueryResult<()> {
        match before {
            None => organisations::insert(conn, after),
            Some(_) => organisations::update(conn, after),
        }
    }
}

/// The organisations of points within reach, of one subtree or kind if asked.
///
/// # Errors
/// That subtree's top is not within reach.
pub fn list(
    tx: &mut Tx<'_, can::ReadHouseholds>,
    within: Option<Id>,
    kind: Option<&str>,
    want: &Want<Id>,
) -> Result<Paged<Organisation>> {
    let reach = reach_within(tx, within)?;
    let rows = organisations::page(tx.conn(), &reach, kind, want.after, want.fetch())?;
    Ok(want.page(rows, None))
}
