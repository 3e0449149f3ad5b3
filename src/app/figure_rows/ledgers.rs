//! The rows behind figures of ledgers, and those of stores, partners and training.

use std::collections::HashSet;

use super::{Asked, BATCH, Counted, Row, RowKey, WAGES, added, gather};
use crate::{
    app::{
        Paged, Want, conversion,
        roll_up::{opening, partner_with, store_with, trainee_with},
        statistics::value,
    },
    auth::{Tx, can},
    db::{
        catalogue_items::{self, CatalogueItem},
        figure_rows, households,
        ledger_entries::{self, Filter, LedgerEntry},
        presence::{self, Sort},
        stores,
    },
    domain::{
        Id, Month,
        access::Reach,
        codes::{Catalogue, Ledger, RecordState},
        metrics::{
            ATTENDANCES, BENEFITS, LIVESTREAMS, Measure, PARCELS, PAYMENTS, SALES_CAMPAIGNS, SALES_PLATFORMS,
            SALES_PRODUCTS, Source, TRAINING_SESSIONS,
        },
        roll_up::Subject,
    },
    error::Result,
};

type Reading<'a> = Tx<'a, can::ReadHouseholds>;

/// The entries that a ledger's cells add up, newest first; for a cumulative metric those of all time, and its opening balances.
pub(super) fn entries(
    tx: &mut Reading<'_>,
    reach: &Reach,
    asked: &Asked,
    (ledger, measure, cumulative): (&str, Measure, Option<&'static str>),
    want: &Want<RowKey>,
) -> Result<Paged<Row>> {
    let (mut from, to) = asked.days(tx.today());
    if cumulative.is_some() || matches!(asked.metric.source, Source::Portion(..)) {
        from = Month::FIRST.first_day();
    }
    let of = match ledger {
        LIVESTREAMS => Ledger::Livestream,
        TRAINING_SESSIONS => Ledger::TrainingSession,
        ATTENDANCES => Ledger::Attendance,
        PARCELS => Ledger::Parcels,
        BENEFITS => Ledger::Benefit,
        PAYMENTS => Ledger::Payment,
        WAGES => Ledger::Wage,
        _ => Ledger::Sale,
    };
    let mut filter = Filter { state: Some(RecordState::Active), ..Filter::of(of, (from, to)) };
    let kind_id = asked.kind.as_deref().map(|kind| kind.parse::<Id>().unwrap_or(Id::from_bytes([0; 16])));
    match (ledger, &asked.kind) {
        (SALES_PLATFORMS | LIVESTREAMS, _) => filter.platform_id = kind_id,
        (SALES_PRODUCTS, _) => filter.product_id = kind_id,
        (SALES_CAMPAIGNS, _) => filter.campaign_id = kind_id,
        (_, kind) => filter.kind.clone_from(kind),
    }
    let as_row = |entry: LedgerEntry| {
        let kind = kind_in(ledger, &entry);
        // A sale without a product counts in no product's figure.
        let counts = kind.is_some() || !matches!(ledger, SALES_PLATFORMS | SALES_PRODUCTS | SALES_CAMPAIGNS);
        counts.then(|| entry_row(&entry, measure, kind))
    };
    let mut after = want.after.and_then(|(day, id)| Some((day?, id)));
    let mut rows: Vec<Row> = Vec::new();
    let many = usize::try_from(want.fetch()).unwrap_or_default();
    loop {
        let found = ledger_entries::page(tx.conn(), reach, &filter, after, BATCH.max(want.fetch()))?;
        let is_last = (found.len() as i64) < BATCH.max(want.fetch());
        after = found.last().map(|entry| (entry.on_day, entry.id)).or(after);
        rows.extend(found.into_iter().filter_map(as_row));
        if is_last || rows.len() >= many {
            break;
        }
    }
    if let Some(metric) = cumulative {
        rows.extend(
            balances(tx, reach, metric, asked)?.into_iter().filter(|row| {
                want.after.is_none_or(|(day, id)| day.is_none_or(|day| (row.on, row.id) < (Some(day), id)))
            }),
        );
        rows.sort_by_key(|row| std::cmp::Reverse((row.on, row.id)));
    }
    rows.truncate(many);
    Ok(want.page(rows, None))
}

/// The kind under which a ledger counts an entry.
fn kind_in(ledger: &str, entry: &LedgerEntry) -> Option<String> {
    let id = |id: Option<Id>| id.map(|id| id.to_string());
    match ledger {
        SALES_PLATFORMS | LIVESTREAMS => id(entry.platform_id),
        SALES_PRODUCTS => id(entry.product_id),
        SALES_CAMPAIGNS => id(entry.campaign_id),
        _ => Some(entry.kind.clone()).filter(|kind| !kind.is_empty()),
    }
}

fn entry_row(entry: &LedgerEntry, measure: Measure, kind: Option<String>) -> Row {
    Row {
        counted: Counted::LedgerEntry,
        id: entry.id,
        is_seen: true,
        service_point_id: entry.service_point_id,
        class: None,
        on: Some(entry.on_day),
        value: match measure {
            Measure::Count => 1,
            Measure::Quantity => entry.quantity,
            Measure::Amount => entry.amount_fen,
        },
        kind,
    }
}

/// The opening balances of a cumulative metric that count in the period.
fn balances(tx: &mut Reading<'_>, reach: &Reach, metric: &str, asked: &Asked) -> Result<Vec<Row>> {
    let all = catalogue_items::all(tx.conn(), reach, Catalogue::OpeningBalance)?;
    let row = |item: CatalogueItem| {
        let tally = opening(&item);
        let values = tally.cells().filter_map(|(key, held)| value(asked.metric.source, asked.period, key.period, held));
        let sum: i64 = values.sum();
        Row {
            counted: Counted::CatalogueItem,
            id: item.id,
            is_seen: true,
            service_point_id: item.service_point_id,
            kind: None,
            class: None,
            on: item.starts_on,
            value: sum,
        }
    };
    let of_metric = all.into_iter().filter(|item| item.kind.as_deref() == Some(metric));
    Ok(of_metric.map(row).filter(|row| row.value != 0).collect())
}

/// The stores that a figure counts.
pub(super) fn stores(tx: &mut Reading<'_>, reach: &Reach, asked: &Asked, want: &Want<RowKey>) -> Result<Paged<Row>> {
    let mut found = Vec::new();
    let filter = stores::Filter::default();
    gather(want, &mut found, |after| {
        let batch = stores::page(tx.conn(), reach, &filter, after, BATCH)?;
        let ids: Vec<Id> = batch.iter().map(|store| store.id).collect();
        let mut present = presence::of_each(tx.conn(), Sort::Store, &ids)?;
        let rows = batch.into_iter().map(|store| {
            let subject = store_with(&store, present.remove(&store.id).unwrap_or_default());
            let counted = added(&subject, asked, &HashSet::from([store.service_point_id]));
            let row = counted.map(|(service_point_id, class, value)| Row {
                counted: Counted::Store,
                id: store.id,
                is_seen: true,
                service_point_id,
                kind: None,
                class: Some(class),
                on: Some(store.opened_on),
                value,
            });
            (store.id, row)
        });
        Ok(rows.collect())
    })?;
    Ok(want.page(found, None))
}

/// The partners that a figure counts.
pub(super) fn partners(tx: &mut Reading<'_>, reach: &Reach, asked: &Asked, want: &Want<RowKey>) -> Result<Paged<Row>> {
    let mut found = Vec::new();
    let filter = catalogue_items::Filter::default();
    gather(want, &mut found, |after| {
        let mut rows = Vec::new();
        for partner in catalogue_items::page(tx.conn(), reach, (Catalogue::Partner, &filter), after, BATCH)? {
            let agreements = catalogue_items::below(tx.conn(), Catalogue::Agreement, partner.id)?;
            let points = HashSet::from([partner.service_point_id]);
            let counted = added(&partner_with(&partner, &agreements), asked, &points);
            let row = counted.map(|(service_point_id, class, value)| Row {
                counted: Counted::CatalogueItem,
                id: partner.id,
                is_seen: true,
                service_point_id,
                kind: None,
                class: Some(class),
                on: agreements.first().and_then(|agreement| agreement.starts_on),
                value,
            });
            rows.push((partner.id, row));
        }
        Ok(rows)
    })?;
    Ok(want.page(found, None))
}

/// The persons that a figure of training counts; before them, on the first page, the opening balances of a cumulative one.
pub(super) fn trainees(tx: &mut Reading<'_>, reach: &Reach, asked: &Asked, want: &Want<RowKey>) -> Result<Paged<Row>> {
    let points: HashSet<Id> = figure_rows::points(tx.conn(), reach)?.into_iter().collect();
    let seen = tx.reach()?;
    let mut found = Vec::new();
    // The balances come first and have days; the persons have none.
    let past_balances = want.after.is_some_and(|(day, _)| day.is_none());
    if !past_balances && matches!(asked.metric.source, Source::Cumulative(..)) {
        found = balances(tx, reach, asked.metric.code, asked)?;
        found.sort_by_key(|row| (row.on, row.id));
        found.retain(|row| want.after.is_none_or(|after| (row.on, row.id) > after));
    }
    let limit = want.fetch();
    let mut after = want.after.filter(|_| past_balances).map(|(_, id)| id);
    while (found.len() as i64) < limit {
        let batch = figure_rows::trainees(tx.conn(), reach, after, BATCH)?;
        let Some((last, _)) = batch.last() else { break };
        after = Some(*last);
        let ids: Vec<Id> = batch.iter().map(|(member, _)| *member).collect();
        let mut present = presence::of_each(tx.conn(), Sort::Person, &ids)?;
        for (member, household) in batch {
            let spans = households::spans(tx.conn(), household)?;
            let subject: Subject = trainee_with(&spans, present.remove(&member).unwrap_or_default());
            let home = households::find(tx.conn(), household)?;
            found.extend(added(&subject, asked, &points).map(|(service_point_id, class, value)| Row {
                counted: Counted::Member,
                id: member,
                is_seen: home.as_ref().is_some_and(|placed| seen.covers(placed.path())),
                service_point_id,
                kind: None,
                class: Some(class),
                on: None,
                value,
            }));
        }
    }
    Ok(want.page(found, None))
}

/// The trained persons whose household opened a store in time.
pub(super) fn converted(tx: &mut Reading<'_>, reach: &Reach, asked: &Asked, want: &Want<RowKey>) -> Result<Paged<Row>> {
    let today = tx.today();
    let persons = conversion::persons(tx.conn(), reach, asked.period, today)?;
    let after = want.after.map(|(_, id)| id);
    let seen = tx.reach()?;
    let rows =
        persons.into_iter().filter(|(trainee, in_time)| *in_time && after.is_none_or(|id| trainee.member_id > id));
    let rows = rows.map(|(trainee, _)| Row {
        counted: Counted::Member,
        id: trainee.member_id,
        is_seen: seen.covers(&trainee.path),
        service_point_id: trainee.home,
        kind: None,
        class: Some(trainee.household_type),
        on: Some(trainee.first_day),
        value: 1,
    });
    Ok(want.page(rows.take(usize::try_from(want.fetch()).unwrap_or_default()).collect(), None))
}
