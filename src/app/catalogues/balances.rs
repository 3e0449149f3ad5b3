//! Opening balances: what a cumulative figure was before the system counted. Nothing is entered for the time that one stands
//! for, and none is entered for a time of which something is there, so that nothing is counted twice.

use super::{KeepOpeningBalance, Keeping, find_in, item, kept_in};
use crate::{
    app::{
        input::Faults,
        registers::{Kept, Register},
        roll_up,
        statistics::REGISTRY,
    },
    auth::can,
    db::{
        Conn, QueryResult,
        catalogue_items::{self, CatalogueItem},
        cells, service_points,
        service_points::ServicePoint,
    },
    domain::{
        Id, Text,
        access::Placed,
        codes::Catalogue,
        metrics::{Metric, Source},
    },
    error::{Conflict, Fault, Result},
};

impl Register for KeepOpeningBalance {
    kept_in!(Catalogue::OpeningBalance);

    const ACTIONS: [&'static str; 2] = ["opening_balance.enter", "opening_balance.edit"];

    fn row(
        &self,
        _tx: &mut Keeping<'_>,
        faults: &mut Faults,
        kept: Kept,
        before: Option<&CatalogueItem>,
    ) -> Result<CatalogueItem> {
        let is_cumulative =
            Metric::by_code(&self.metric).is_some_and(|metric| matches!(metric.source, Source::Cumulative(..)));
        if !is_cumulative {
            faults.push(Fault::new("/metric", "unknown_code").with("list", REGISTRY));
        }
        let is_same = before.is_none_or(|before| before.kind.as_deref() == Some(&*self.metric));
        faults.unless(is_same, "/metric", "fixed");
        faults.unless(self.as_of == self.as_of.month().first_day(), "/as_of", "not_first_of_month");
        faults.unless(self.as_of <= kept.updated_at.day(), "/as_of", "in_future");
        let (kind, starts_on, value) = (Some(self.metric.to_string()), Some(self.as_of), Some(self.value));
        let item = item(Catalogue::OpeningBalance, self.service_point_id, &Text::default(), kept);
        Ok(CatalogueItem { kind, starts_on, value, note: Some(self.source.to_string()), ..item })
    }

    /// Whoever enters something below shares a point of the subtree, and sees the balance or is seen.
    fn hold(&self, conn: &mut Conn, point: Id) -> QueryResult<Option<Placed<ServicePoint>>> {
        let Some(found) = service_points::find(conn, point)? else { return Ok(None) };
        service_points::lock_subtree(conn, found.path())?;
        service_points::find(conn, point)
    }

    fn check(
        tx: &mut Keeping<'_>,
        point: &ServicePoint,
        before: Option<&CatalogueItem>,
        after: &CatalogueItem,
    ) -> Result<()> {
        let (Some(metric), Some(day)) = (after.kind.as_deref(), after.starts_on) else { return Ok(()) };
        // What moved in since brought its own past: of the days that it stands for already nothing is asked again.
        let is_longer = before.is_none_or(|before| before.starts_on < after.starts_on);
        if is_longer
            && let Some(Source::Cumulative(ledger, ..)) = Metric::by_code(metric).map(|metric| metric.source)
            && cells::holds_before(tx.conn(), point.id, ledger, day.month().key())?
        {
            return Err(Conflict::OpeningCovers.into());
        }
        if before.is_none() && catalogue_items::has_opening(tx.conn(), point.id, metric)? {
            return Err(Conflict::AlreadySo.into());
        }
        Ok(())
    }

    fn count(
        tx: &mut Keeping<'_>,
        point: &ServicePoint,
        before: Option<&CatalogueItem>,
        after: &CatalogueItem,
    ) -> Result<()> {
        let was = before.map(roll_up::opening).unwrap_or_default();
        tx.count(roll_up::opening(after).since(was), [(point.id, point.path.clone())]);
        Ok(())
    }
}
