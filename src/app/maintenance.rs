//! What whoever looks after a server does on its own machine: exporting the audit events and frames, drawing a signed head, changing the
//! key of personal fields, printing the annual report, noting that a backup was made or restored.

use std::{io::Write, sync::Arc};

use serde_json::{Value, json};

use super::{
    annual_report::{self, AnnualReport},
    audit,
};
use crate::{
    auth::{
        Gate, Ready, Tx, can, chain,
        seal::{self, Place},
    },
    db::{
        Cost, audit_seals, inspection_frames, inspections,
        sealed::{SEALED_COLUMNS, SealedColumn},
        service_points,
    },
    domain::{
        Id,
        audit_chain::{Exported, Head},
        digest::hex,
        sampling::unpack,
    },
    error::{Conflict, Error, Result},
};

/// So many rows are read, or changed, together, so that a server at work is never held up for long.
const BATCH: i64 = 500;

/// Writes every sealed event in the order of the chain, a line of JSON each, in one snapshot; tells how many.
///
/// # Errors
/// The database's own; an event was removed; the lines cannot be written.
pub async fn export_events(gate: &Arc<Gate>, mut out: impl Write + Send + 'static) -> Result<i64> {
    let access = gate.operator::<can::Maintain>("audit export");
    access
        .read(Cost::Slow, (), move |tx, ()| {
            let mut seq = 0;
            loop {
                let batch = audit_seals::after(tx.conn(), seq, BATCH)?;
                if batch.is_empty() {
                    break;
                }
                for (seal, event) in batch {
                    seq = seal.seq;
                    let event = event.map(|event| serde_json::to_value(event).map(without_absent)).transpose();
                    let event = event.map_err(Error::internal)?.ok_or_else(|| {
                        Error::internal(format!(
                            "the event {} at place {seq} was removed; see terrace verify",
                            seal.event_id
                        ))
                    })?;
                    let line = Exported { seq, digest: hex(&seal.digest), event };
                    serde_json::to_writer(&mut out, &line).map_err(Error::internal)?;
                    out.write_all(b"\n").map_err(Error::internal)?;
                }
            }
            out.flush().map_err(Error::internal)?;
            Ok(seq)
        })
        .await
}

/// As digests see it.
fn without_absent(mut event: Value) -> Value {
    if let Value::Object(fields) = &mut event {
        fields.retain(|_, value| !value.is_null());
    }
    event
}

/// Writes every line of an inspection's frame, as it was digested; tells the digest that was kept of it.
///
/// # Errors
/// There is no such inspection; the lines cannot be read or written.
pub async fn export_frame(gate: &Arc<Gate>, id: Id, mut out: impl Write + Send + 'static) -> Result<String> {
    let access = gate.operator::<can::Maintain>("inspection frame");
    access
        .read(Cost::Slow, (), move |tx, ()| {
            let inspection = tx.find(id, inspections::find)?;
            for packed in inspection_frames::parts(tx.conn(), id)? {
                for line in unpack(&packed).ok_or(Conflict::FrameAltered)? {
                    writeln!(out, "{}", line.text()).map_err(Error::internal)?;
                }
            }
            out.flush().map_err(Error::internal)?;
            Ok(inspection.frame_digest)
        })
        .await
}

/// The end of the chain, signed.
///
/// # Errors
/// The database's own.
pub async fn head(gate: &Arc<Gate>) -> Result<Head> {
    let access = gate.operator::<can::Maintain>("audit head");
    access
        .read(Cost::Quick, (), |tx, ()| {
            let (keys, now) = (tx.tools().keys.clone(), tx.now());
            Ok(chain::head(&keys, tx.conn(), now)?)
        })
        .await
}

/// How many values are sealed with another key than the newest.
///
/// # Errors
/// The database's own.
pub async fn sealed_with_old_keys(gate: &Arc<Gate>) -> Result<u64> {
    let mut count = 0;
    for column in &SEALED_COLUMNS {
        let mut after = None;
        while let Some((last, old)) = old_values(gate, column, after).await? {
            count += old.len() as u64;
            after = Some(last);
        }
    }
    Ok(count)
}

/// Seals every value that another key sealed with the newest, while servers go on; tells how many. It may be interrupted and
/// called again. A value that somebody changes meanwhile is left to them.
///
/// # Errors
/// The database's own; a value cannot be opened.
pub async fn seal_anew(gate: &Arc<Gate>) -> Result<u64> {
    let access = gate.operator::<can::Maintain>("keys rotate");
    let mut count = 0;
    for column in &SEALED_COLUMNS {
        let mut after = None;
        while let Some((last, old)) = old_values(gate, column, after).await? {
            after = Some(last);
            if old.is_empty() {
                continue;
            }
            count += access
                .write(Ready(Ok(old)), move |tx, old| {
                    let mut replaced = 0;
                    for (id, sealed) in old {
                        let place = Place { table: column.table, column: column.column, row: *id };
                        let clear = seal::open(&tx.tools().keys, place, sealed)?;
                        let anew = seal::seal(&tx.tools().keys, &tx.tools().edge, place, &clear)?;
                        replaced += (column.replace)(tx.conn(), *id, sealed, &anew)? as u64;
                    }
                    Ok(replaced)
                })
                .await?;
        }
    }
    Ok(count)
}

type Values = Vec<(Id, Vec<u8>)>;

/// The next values that another key than the newest sealed, and the last id that was looked at.
async fn old_values(
    gate: &Arc<Gate>,
    column: &'static SealedColumn,
    after: Option<Id>,
) -> Result<Option<(Id, Values)>> {
    let access = gate.operator::<can::Maintain>("keys rotate");
    access
        .read(Cost::Slow, (), move |tx, ()| {
            let newest = tx.tools().keys.ring.newest();
            let batch = (column.batch)(tx.conn(), after, BATCH)?;
            let Some((last, _)) = batch.last() else { return Ok(None) };
            let last = *last;
            let old = batch.into_iter().filter_map(|(id, sealed)| Some((id, sealed?)));
            Ok(Some((last, old.filter(|(_, sealed)| seal::key_of(sealed) != Some(newest)).collect())))
        })
        .await
}

/// Notes something about the installation as a whole, at its root.
///
/// # Errors
/// The database's own.
pub async fn note(gate: &Arc<Gate>, action: &'static str, facts: Value) -> Result<()> {
    let access = gate.operator::<can::Maintain>(action);
    access
        .write((), move |tx, ()| match service_points::root(tx.conn())? {
            Some(root) => audit::installation(tx, action, ("installation", root.id), root.id, &facts).map(drop),
            // There is nothing yet that could be told of.
            None => Ok(()),
        })
        .await
}

/// What [`note`] tells of a rotation.
pub fn rotation(newest: u8, values: u64) -> Value {
    json!({ "key": newest, "values": values })
}

/// The annual report of the point with a region code, or of the whole network, for whoever looks after the server.
///
/// # Errors
/// The database's own.
pub async fn annual_report(gate: &Arc<Gate>, code: Option<String>, year: i32) -> Result<Option<AnnualReport>> {
    let read = move |tx: &mut Tx<'_, can::Maintain>, (): &()| {
        let today = tx.today();
        annual_report::of_region(tx.conn(), code.as_deref(), year, today)
    };
    gate.operator::<can::Maintain>("report").read(Cost::Slow, (), read).await
}
