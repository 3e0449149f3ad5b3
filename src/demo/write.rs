//! The plan, carried out by the use cases that real data go through.

use std::sync::Arc;

use super::{
    Counts,
    sitting::{Act, By, Entry, Later, Page, Sent, Sitting, Verdict},
};
use crate::{
    app::{
        assistance_records::Assistance,
        households,
        idempotence::request_digest,
        ledger::{self, Logbook},
        reports::{self, ApproveReport, SubmitAgain, SubmitReport},
    },
    auth::{Gate, Permission, Ready, Tx, can},
    db,
    domain::{Id, Text},
    edge::Edge,
    error::{Conflict, Error, Result},
};

/// The version of a row that nothing has become of yet.
const FIRST: i64 = 1;

/// Carries out one sitting, in one transaction.
///
/// # Errors
/// Something of it was refused, which no part of a plan should be; the database's own.
pub async fn write(gate: &Arc<Gate>, past: &Arc<Edge>, sitting: Sitting) -> Result<Counts> {
    match sitting {
        Sitting::Write(acts) => carry_out(gate, past, acts, do_act).await,
        Sitting::Log(pages) => carry_out(gate, past, pages, log).await,
        Sitting::Transfer(transfers) => {
            carry_out(
                gate,
                past,
                transfers,
                |tx: &mut Tx<'_, can::TransferHouseholds>, by, (at, id, request), counts| {
                    tx.turn_to(by, *at)?;
                    counts.transferred += 1;
                    households::transfer(tx, *id, FIRST, request).map(drop)
                },
            )
            .await
        }
        Sitting::Submit(sent) => {
            carry_out(gate, past, sent, |tx, by, (at, sent), counts| {
                tx.turn_to(by, *at)?;
                submit(tx, sent, counts)
            })
            .await
        }
        Sitting::Review(verdicts) => {
            carry_out(gate, past, verdicts, |tx, by, (at, id, verdict), _| {
                tx.turn_to(by, *at)?;
                review(tx, *id, verdict)
            })
            .await
        }
        Sitting::Reopen(reopened) => {
            carry_out(gate, past, reopened, |tx: &mut Tx<'_, can::ReopenReports>, by, (at, id, reason), _| {
                tx.turn_to(by, *at)?;
                let report = tx.find(*id, db::reports::find)?;
                reports::reopen(tx, *id, report.version, reason).map(drop)
            })
            .await
        }
        Sitting::Waive(waived) => {
            carry_out(gate, past, waived, |tx: &mut Tx<'_, can::WaiveReports>, by, (at, request), _| {
                tx.turn_to(by, *at)?;
                reports::waive(tx, request).map(drop)
            })
            .await
        }
    }
}

/// Does each of these things as whoever does it, all of them in one transaction.
///
/// # Errors
/// Something of it was refused; the database's own.
pub async fn carry_out<P: Permission, T: Send + Sync + 'static>(
    gate: &Arc<Gate>,
    past: &Arc<Edge>,
    things: Vec<By<T>>,
    work: fn(&mut Tx<'_, P>, Id, &T, &mut Counts) -> Result<()>,
) -> Result<Counts> {
    let first = things.first().map(|By(account, _)| *account);
    let first = first.ok_or_else(|| Error::internal("nobody is to do anything"))?;
    let all = move |tx: &mut Tx<'_, P>, things: &Vec<By<T>>| {
        let mut counts = Counts::default();
        things.iter().try_for_each(|By(account, thing)| work(tx, *account, thing, &mut counts))?;
        Ok(counts)
    };
    gate.stand_in::<P>(first, past).write(Ready(Ok(things)), all).await
}

fn do_act(tx: &mut Tx<'_, can::WriteHouseholds>, by: Id, act: &Act, counts: &mut Counts) -> Result<()> {
    match act {
        Act::Register(at, request) => {
            tx.turn_to(by, *at)?;
            counts.households += 1;
            counts.persons += request.members.len();
            households::register(tx, request)?.map(drop)
        }
        Act::ChangeType(at, id, request) => {
            tx.turn_to(by, *at)?;
            counts.retyped += 1;
            households::change_type(tx, *id, FIRST, request).map(drop)
        }
        Act::ChangeStatus(at, id, request) => {
            tx.turn_to(by, *at)?;
            counts.ended += 1;
            households::change_status(tx, *id, FIRST, request)?.map(drop)
        }
    }
}

fn log(tx: &mut Tx<'_, can::LogAssistance>, by: Id, page: &Page, counts: &mut Counts) -> Result<()> {
    let Some(begin) = page.entries.first() else { return Ok(()) };
    tx.turn_to(by, begin.at)?;
    let mut book = Logbook::<Assistance>::open(tx, (page.household, page.giver))?;
    let mut later = Vec::new();
    for Entry { at, request, later: found } in &page.entries {
        tx.turn_to(by, *at)?;
        let digest = request_digest(tx, request)?;
        let record = book.log(tx, request, digest)?;
        later.extend(found.as_ref().map(|found| (record.id, found)));
    }
    counts.records += page.entries.len();
    book.close(tx)?;
    for (id, (at, what)) in later {
        tx.turn_to(by, *at)?;
        match what {
            Later::Correct(request) => {
                counts.corrected += 1;
                ledger::correct::<Assistance>(tx, id, FIRST, request)?;
            }
            Later::Void(request) => {
                counts.voided += 1;
                ledger::void::<Assistance>(tx, id, FIRST, request)?;
            }
        }
    }
    Ok(())
}

fn submit(tx: &mut Tx<'_, can::SubmitReports>, sent: &Sent, counts: &mut Counts) -> Result<()> {
    match sent {
        Sent::First(request) => {
            counts.reports += 1;
            match reports::submit(tx, request) {
                // The plan does not know where nothing happened.
                Err(Error::Conflict(Conflict::NilNeeded)) => {
                    reports::submit(tx, &SubmitReport { nil: true, ..request.clone() }).map(drop)
                }
                other => other.map(drop),
            }
        }
        Sent::Again(id) => {
            let report = tx.find(*id, db::reports::find)?;
            let sent = db::reports::submission(tx.conn(), *id, report.submission)?;
            let again = SubmitAgain { nil: sent.nil, note: sent.note.as_deref().map(Text::new) };
            reports::submit_again(tx, *id, report.version, &again).map(drop)
        }
    }
}

/// Decides about the content that is there, as somebody does who has looked at it.
fn review(tx: &mut Tx<'_, can::ReviewReports>, id: Id, verdict: &Verdict) -> Result<()> {
    let report = tx.find(id, db::reports::find)?;
    match verdict {
        Verdict::Approve => {
            let digest = Text::new(&report.digest);
            reports::approve(tx, id, report.version, &ApproveReport { digest }).map(drop)
        }
        Verdict::Return(reason) => reports::send_back(tx, id, report.version, reason).map(drop),
    }
}
