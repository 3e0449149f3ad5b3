//! What stands from one day to another: villages with what holds of them, stores, sites, partners, policy documents; and amounts that
//! count from a day on: budgets, opening balances.

use super::{Months, Stretch, Subject};
use crate::{
    auth::{Permission, Tx},
    db::{
        Conn,
        catalogue_items::CatalogueItem,
        presence::{self, Sort},
        register_items::{self, RegisterItem},
        service_points::ServicePoint,
        stores::Store,
    },
    domain::{
        Id, PointPath,
        codes::{PointStatus, RegisterKind, Tier},
        metrics::{BUDGETS, COVERED_VILLAGE, EQUIPPED, Measure, Metric, PARTNER, POLICY, SITE, STORE, Source, VILLAGE},
        region,
        roll_up::{ANY, Amounts, CellKey, Dated, Standing, Tally, common, during, united},
    },
    error::Result,
};

/// The class of a village whose region code does not tell its kind.
const UNKNOWN_KIND: &str = "unknown";

/// A store as statistics see it.
pub fn store_with(store: &Store, presence: Months) -> Subject {
    let enrolled_on = Some(store.opened_on);
    Subject { ledgers: &STORE, spans: store.spans(), enrolled_on, persons: Vec::new(), presence }
}

/// A store was entered or changed. It is locked, and its point is shared.
///
/// # Errors
/// The database's own.
pub fn store<P: Permission>(tx: &mut Tx<'_, P>, before: Option<&Store>, after: &Store, path: &PointPath) -> Result<()> {
    let presence = match before {
        Some(_) => presence::of(tx.conn(), Sort::Store, after.id)?,
        None => Months::new(),
    };
    let was = before.map(|before| store_with(before, presence.clone()).tally()).unwrap_or_default();
    let difference = store_with(after, presence).tally().since(was);
    tx.count(difference, [(after.service_point_id, path.clone())]);
    Ok(())
}

/// A partner as statistics see it: it stands while any of its agreements is in force.
pub fn partner_with(partner: &CatalogueItem, agreements: &[CatalogueItem]) -> Subject {
    let class = partner.kind.clone().unwrap_or_default();
    let standing = |active| Standing { home: partner.service_point_id, class: class.clone(), active };
    let days = agreements
        .iter()
        .filter_map(|agreement| Some((agreement.starts_on?, agreement.ends_on.map(|last| last.plus_days(1)))));
    let spans = united(days.collect(), standing);
    Subject { ledgers: &PARTNER, spans, enrolled_on: None, persons: Vec::new(), presence: Months::new() }
}

/// A policy document as statistics see it.
pub fn policy(document: &CatalogueItem) -> Subject {
    let class = document.kind.clone().unwrap_or_default();
    let standing = |active| Standing { home: document.service_point_id, class: class.clone(), active };
    let days = document.starts_on.map(|from| (from, document.ends_on.map(|last| last.plus_days(1))));
    let spans = united(days.into_iter().collect(), standing);
    Subject { ledgers: &POLICY, spans, enrolled_on: document.starts_on, persons: Vec::new(), presence: Months::new() }
}

/// What the budget of a project adds to the cells of its point.
pub fn budget(project: &CatalogueItem) -> Tally {
    let mut tally = Tally::default();
    if let Some((from, amount_fen)) = project.starts_on.zip(project.value) {
        let (point, class) = (project.service_point_id, project.kind.clone().unwrap_or_default());
        let key = CellKey { point, ledger: BUDGETS, period: from.month().key(), kind: ANY.to_owned(), class };
        tally.add(key, Amounts { amount_fen, ..Amounts::default() });
    }
    tally
}

/// A logistics site as statistics see it.
pub fn site(site: &RegisterItem) -> Subject {
    Subject { ledgers: &SITE, ..standing_for(site.spans()) }
}

/// A subject of which only the days matter on which it stands.
pub(super) fn standing_for(spans: Vec<Dated<Standing>>) -> Subject {
    let presence = Months::new();
    Subject { ledgers: &COVERED_VILLAGE, spans, enrolled_on: None, persons: Vec::new(), presence }
}

/// What holds of a village from day to day.
#[derive(Clone, Debug, Default)]
pub struct Equipment {
    /// The days on which a site covers it.
    pub covered: Vec<Stretch>,
    /// The kind of infrastructure, and the days on which it is there.
    pub infrastructure: Vec<(String, Stretch)>,
}

impl Equipment {
    /// What is known of a village: its coverages with their sites, and its infrastructure.
    pub fn of<'a>(
        coverages: impl IntoIterator<Item = (&'a RegisterItem, &'a RegisterItem)>,
        infrastructure: impl IntoIterator<Item = &'a RegisterItem>,
    ) -> Self {
        let covered = coverages.into_iter().filter_map(|(coverage, site)| common(coverage.days(), site.days()));
        let infrastructure = infrastructure.into_iter().map(|item| (item.kind.clone(), item.days()));
        Self { covered: covered.collect(), infrastructure: infrastructure.collect() }
    }

    /// What it adds to the cells of the village, while that stands.
    pub fn tally(&self, village: &ServicePoint) -> Tally {
        let Some(Subject { spans, .. }) = village_with(village, Months::new()) else { return Tally::default() };
        let of_kind = |kind: &str| {
            let same = self.infrastructure.iter().filter(move |(other, _)| other == kind);
            same.map(|(_, days)| *days).collect::<Vec<Stretch>>()
        };
        let all = EQUIPPED.iter().map(|(kind, ledgers)| (ledgers, of_kind(kind)));
        let all = std::iter::once((&COVERED_VILLAGE, self.covered.clone())).chain(all);
        all.filter(|(_, days)| !days.is_empty()).fold(Tally::default(), |tally, (ledgers, days)| {
            tally.plus(Subject { ledgers, ..standing_for(during(&spans, days)) }.tally())
        })
    }
}

/// What holds of a village that is locked; of one item, if that is said, as it was before: it may not have been there.
///
/// # Errors
/// The database's own.
pub fn equipment(conn: &mut Conn, village: Id, was: Option<(Id, Option<&RegisterItem>)>) -> Result<Equipment> {
    let as_it_was = |item: RegisterItem| match was {
        Some((id, before)) if id == item.id => before.cloned(),
        _ => Some(item),
    };
    let coverages = register_items::at_point(conn, RegisterKind::Coverage, village)?;
    let mut covered = Vec::with_capacity(coverages.len());
    for coverage in coverages.into_iter().filter_map(as_it_was) {
        let site = coverage.site_id.map(|id| register_items::find(conn, id)).transpose()?.flatten();
        let site = site.and_then(|placed| as_it_was(placed.origin(RegisterItem::clone)));
        covered.extend(site.map(|site| (coverage, site)));
    }
    let infrastructure = register_items::at_point(conn, RegisterKind::Infrastructure, village)?;
    let infrastructure: Vec<RegisterItem> = infrastructure.into_iter().filter_map(as_it_was).collect();
    Ok(Equipment::of(covered.iter().map(|(coverage, site)| (coverage, site)), &infrastructure))
}

/// A village is covered or equipped otherwise than before. It is locked.
pub fn equipped<P: Permission>(tx: &mut Tx<'_, P>, village: &ServicePoint, was: &Equipment, is: &Equipment) {
    tx.count(is.tally(village).since(was.tally(village)), [(village.id, village.path.clone())]);
}

/// What an opening balance adds to the cells of its point.
pub fn opening(item: &CatalogueItem) -> Tally {
    let mut tally = Tally::default();
    let source = item.kind.as_deref().and_then(Metric::by_code).map(|metric| metric.source);
    if let (Some(Source::Cumulative(_, measure, ledger)), Some(day), Some(value)) = (source, item.starts_on, item.value)
    {
        let amounts = match measure {
            Measure::Count => Amounts::of(value),
            Measure::Quantity => Amounts { quantity: value, ..Amounts::default() },
            Measure::Amount => Amounts { amount_fen: value, ..Amounts::default() },
        };
        let (point, period) = (item.service_point_id, day.month().key());
        tally.add(CellKey { point, ledger, period, kind: ANY.to_owned(), class: String::new() }, amounts);
    }
    tally
}

/// A point was opened or changed; if it is a village, it counts otherwise than before. The point is locked.
///
/// # Errors
/// The database's own.
pub fn village<P: Permission>(tx: &mut Tx<'_, P>, before: Option<&ServicePoint>, after: &ServicePoint) -> Result<()> {
    if after.tier != Tier::Village {
        return Ok(());
    }
    let (presence, equipment) = match before {
        Some(_) => (presence::of(tx.conn(), Sort::Village, after.id)?, equipment(tx.conn(), after.id, None)?),
        None => (Months::new(), Equipment::default()),
    };
    let tally = |point: &ServicePoint| {
        let village = village_with(point, presence.clone()).map(|village| village.tally()).unwrap_or_default();
        village.plus(equipment.tally(point))
    };
    let difference = tally(after).since(before.map(tally).unwrap_or_default());
    tx.count(difference, [(after.id, after.path.clone())]);
    Ok(())
}

/// A village point as statistics see it. A planned one has not begun.
pub fn village_with(point: &ServicePoint, presence: Months) -> Option<Subject> {
    if point.tier != Tier::Village {
        return None;
    }
    let kind = region::village_kind(point.tier, point.region_code.as_deref());
    let class = kind.map_or(UNKNOWN_KIND, |kind| kind.code()).to_owned();
    // The day of closing is the last one.
    let end = point.closed_on.map(|last| last.plus_days(1));
    let open = Standing { home: point.id, class, active: true };
    let closed = end.map(|from| Dated { from, to: None, value: Standing { active: false, ..open.clone() } });
    let mut spans = vec![Dated { from: point.opened_on, to: end, value: open }];
    spans.extend(closed);
    if point.status == PointStatus::Planned {
        spans.clear();
    }
    Some(Subject { ledgers: &VILLAGE, spans, enrolled_on: None, persons: Vec::new(), presence })
}
