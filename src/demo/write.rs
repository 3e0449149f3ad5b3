//! The plan, carried out by the use cases that real data go through.

use std::sync::Arc;

use super::{
    Counts,
    plan::{Act, Entry, Later, Page, Sitting},
};
use crate::{
    app::{
        assistance_records::{self, Logbook},
        households,
        idempotence::request_digest,
    },
    auth::{Gate, Ready, Tx, can},
    domain::codes::HouseholdStatus,
    edge::Edge,
    error::Result,
};

/// The version of a row that nothing has become of yet.
const FIRST: i64 = 1;

/// Carries out one sitting in one transaction.
///
/// # Errors
/// Something of it was refused, which no part of a plan should be; the database's own.
pub async fn write(gate: &Arc<Gate>, past: &Arc<Edge>, sitting: Sitting) -> Result<Counts> {
    match sitting {
        Sitting::Write(account, acts) => {
            let access = gate.stand_in::<can::WriteHouseholds>(account, past);
            access.write(Ready(Ok(acts)), |tx, acts| all(acts, |act, counts| do_act(tx, act, counts))).await
        }
        Sitting::Log(account, pages) => {
            let access = gate.stand_in::<can::LogAssistance>(account, past);
            access.write(Ready(Ok(pages)), |tx, pages| all(pages, |page, counts| log(tx, page, counts))).await
        }
        Sitting::Transfer(account, transfers) => {
            let access = gate.stand_in::<can::TransferHouseholds>(account, past);
            access
                .write(Ready(Ok(transfers)), |tx, transfers| {
                    all(transfers, |(at, id, request), counts| {
                        tx.turn_to(*at)?;
                        counts.transferred += 1;
                        households::transfer(tx, *id, FIRST, request).map(drop)
                    })
                })
                .await
        }
    }
}

fn all<T>(things: &[T], mut work: impl FnMut(&T, &mut Counts) -> Result<()>) -> Result<Counts> {
    let mut counts = Counts::default();
    things.iter().try_for_each(|thing| work(thing, &mut counts))?;
    Ok(counts)
}

fn do_act(tx: &mut Tx<'_, can::WriteHouseholds>, act: &Act, counts: &mut Counts) -> Result<()> {
    match act {
        Act::Register(at, request) => {
            tx.turn_to(*at)?;
            counts.households += 1;
            counts.persons += request.members.len();
            households::register(tx, request)?.map(drop)
        }
        Act::ChangeType(at, id, request) => {
            tx.turn_to(*at)?;
            counts.retyped += 1;
            households::change_type(tx, *id, FIRST, request).map(drop)
        }
        Act::ChangeStatus(at, id, request) => {
            tx.turn_to(*at)?;
            counts.ended += usize::from(request.status != HouseholdStatus::Active);
            households::change_status(tx, *id, FIRST, request)?.map(drop)
        }
    }
}

fn log(tx: &mut Tx<'_, can::LogAssistance>, page: &Page, counts: &mut Counts) -> Result<()> {
    let mut book = Logbook::open(tx, page.household, page.giver)?;
    let mut later = Vec::new();
    for Entry { at, request, later: found } in &page.entries {
        tx.turn_to(*at)?;
        let digest = request_digest(tx, request)?;
        let record = book.log(tx, request, digest)?;
        later.extend(found.as_ref().map(|found| (record.id, found)));
    }
    counts.records += page.entries.len();
    book.close(tx)?;
    for (id, (at, what)) in later {
        tx.turn_to(*at)?;
        match what {
            Later::Correct(request) => {
                counts.corrected += 1;
                assistance_records::correct(tx, id, FIRST, request)?;
            }
            Later::Void(request) => {
                counts.voided += 1;
                assistance_records::void(tx, id, FIRST, request)?;
            }
        }
    }
    Ok(())
}
