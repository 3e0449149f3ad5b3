//! External indicators: figures that somebody else has published. No cell holds one, so none is ever added to what is counted.

use super::{KeepIndicator, Keeping, find_in, item, kept_in};
use crate::{
    app::{
        input::Faults,
        registers::{Kept, Register},
    },
    auth::can,
    db::{
        Conn, QueryResult,
        catalogue_items::{self, CatalogueItem},
    },
    domain::{Id, access::Placed, codes::Catalogue},
    error::Result,
};

impl Register for KeepIndicator {
    kept_in!(Catalogue::Indicator);

    const ACTIONS: [&'static str; 2] = ["indicator.enter", "indicator.edit"];

    fn row(
        &self,
        _tx: &mut Keeping<'_>,
        faults: &mut Faults,
        kept: Kept,
        _before: Option<&CatalogueItem>,
    ) -> Result<CatalogueItem> {
        faults.unless(self.as_of <= kept.updated_at.day(), "/as_of", "in_future");
        Ok(CatalogueItem {
            value: Some(self.value),
            decimals: Some(self.decimals),
            mark: Some(self.unit.to_string()),
            starts_on: Some(self.as_of),
            source: Some(self.source.to_string()),
            note: Some(self.definition.to_string()),
            ..item(Catalogue::Indicator, self.service_point_id, &self.name, kept)
        })
    }
}
