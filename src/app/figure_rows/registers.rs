//! The rows behind the figures of logistics, organisations and policies.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{Asked, BATCH, Counted, Row, RowKey, added, gather};
use crate::{
    app::{
        Paged, Want, employment,
        roll_up::{Equipment, equipment, policy, site, village_with},
        statistics::value,
    },
    auth::{Tx, can},
    db::{
        catalogue_items::{self, CatalogueItem},
        figure_rows,
        presence::{self, Sort},
        register_items::{self, RegisterItem},
        service_points::ServicePoint,
        workers,
    },
    domain::{
        Id,
        access::Reach,
        codes::{Catalogue, RegisterKind},
        metrics::{Running, Source},
    },
    error::Result,
};

type Reading<'a> = Tx<'a, can::ReadHouseholds>;

/// The logistics sites that a figure counts.
pub(super) fn sites(tx: &mut Reading<'_>, reach: &Reach, asked: &Asked, want: &Want<RowKey>) -> Result<Paged<Row>> {
    let mut found = Vec::new();
    let filter = register_items::Filter::default();
    gather(want, &mut found, |after| {
        let batch = register_items::page(tx.conn(), reach, (RegisterKind::LogisticsSite, &filter), after, BATCH)?;
        let row = |item: RegisterItem| {
            let counted = added(&site(&item), asked, &HashSet::from([item.service_point_id]));
            let row = counted.map(|(service_point_id, class, value)| Row {
                counted: Counted::RegisterItem,
                id: item.id,
                is_seen: true,
                service_point_id,
                kind: None,
                class: Some(class),
                on: Some(item.starts_on),
                value,
            });
            (item.id, row)
        };
        Ok(batch.into_iter().map(row).collect())
    })?;
    Ok(want.page(found, None))
}

/// The policy documents that a figure counts.
pub(super) fn policies(tx: &mut Reading<'_>, reach: &Reach, asked: &Asked, want: &Want<RowKey>) -> Result<Paged<Row>> {
    let mut found = Vec::new();
    let filter = catalogue_items::Filter::default();
    gather(want, &mut found, |after| {
        let batch = catalogue_items::page(tx.conn(), reach, (Catalogue::PolicyDocument, &filter), after, BATCH)?;
        let row = |item: CatalogueItem| {
            let counted = added(&policy(&item), asked, &HashSet::from([item.service_point_id]));
            let row = counted.map(|(service_point_id, class, value)| Row {
                counted: Counted::CatalogueItem,
                id: item.id,
                is_seen: true,
                service_point_id,
                kind: None,
                class: Some(class),
                on: item.starts_on,
                value,
            });
            (item.id, row)
        };
        Ok(batch.into_iter().map(row).collect())
    })?;
    Ok(want.page(found, None))
}

/// The village points that a figure counts.
pub(super) fn villages(tx: &mut Reading<'_>, reach: &Reach, asked: &Asked, want: &Want<RowKey>) -> Result<Paged<Row>> {
    let mut found = Vec::new();
    gather(want, &mut found, |after| {
        let mut rows = Vec::new();
        for point in figure_rows::villages(tx.conn(), reach, after, BATCH)? {
            let presence = presence::of(tx.conn(), Sort::Village, point.id)?;
            let village = village_with(&point, presence);
            let counted = village.and_then(|village| added(&village, asked, &HashSet::from([point.id])));
            rows.push((point.id, counted.map(|(_, class, value)| village_row(&point, class, value))));
        }
        Ok(rows)
    })?;
    Ok(want.page(found, None))
}

fn village_row(point: &ServicePoint, class: String, value: i64) -> Row {
    Row {
        counted: Counted::ServicePoint,
        id: point.id,
        is_seen: true,
        service_point_id: point.id,
        kind: None,
        class: Some(class),
        on: Some(point.opened_on),
        value,
    }
}

/// The villages that are covered or equipped, as a figure counts them.
pub(super) fn equipped_villages(
    tx: &mut Reading<'_>,
    reach: &Reach,
    asked: &Asked,
    want: &Want<RowKey>,
) -> Result<Paged<Row>> {
    let Source::Portion(Running(ledger, _), _) = asked.metric.source else { return Ok(want.page(Vec::new(), None)) };
    let mut found = Vec::new();
    gather(want, &mut found, |after| {
        let mut rows = Vec::new();
        for village in figure_rows::villages(tx.conn(), reach, after, BATCH)? {
            let equipment = equipment(tx.conn(), village.id, None)?;
            let counted = stands(&village, &equipment, ledger, asked);
            rows.push((village.id, counted.map(|class| village_row(&village, class, 1))));
        }
        Ok(rows)
    })?;
    Ok(want.page(found, None))
}

/// As what kind of village it counts in the ledger, if it does.
fn stands(village: &ServicePoint, equipment: &Equipment, ledger: &str, asked: &Asked) -> Option<String> {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for (key, amounts) in equipment.tally(village).cells() {
        let is_wanted = key.ledger == ledger && asked.class.as_ref().is_none_or(|class| *class == key.class);
        if let Some(n) = value(asked.metric.source, asked.period, key.period, amounts).filter(|_| is_wanted) {
            *sums.entry(key.class.clone()).or_default() += n;
        }
    }
    sums.into_iter().find(|(_, n)| *n != 0).map(|(class, _)| class)
}

/// The members of organisations with disabilities, each once.
pub(super) fn disabled(tx: &mut Reading<'_>, reach: &Reach, asked: &Asked, want: &Want<RowKey>) -> Result<Paged<Row>> {
    let day = employment::day_of(asked.period, tx.today());
    let (seen, after) = (tx.reach()?, want.after.map(|(_, id)| id));
    let mut known = BTreeSet::new();
    let rows = workers::disabled(tx.conn(), day)?;
    let rows = rows.into_iter().filter(|row| {
        let is_asked = asked.kind.as_ref().is_none_or(|kind| *kind == row.role);
        is_asked && reach.covers(&row.path) && after.is_none_or(|after: Id| row.member_id > after)
    });
    let rows = rows.filter(|row| known.insert(row.member_id)).map(|row| Row {
        counted: Counted::Member,
        id: row.member_id,
        is_seen: seen.covers(&row.path),
        service_point_id: row.home,
        kind: asked.kind.clone(),
        class: None,
        on: None,
        value: 1,
    });
    Ok(want.page(rows.take(usize::try_from(want.fetch()).unwrap_or_default()).collect(), None))
}
