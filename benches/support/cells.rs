//! Cells and presence of rows that were written past the program: the program's own recount says what they should be, and
//! they are written in bulk.

use terrace::{
    app::{
        recount::{Difference, Recount},
        verify,
    },
    db::Conn,
    server::House,
};

use super::{
    Result,
    rows::{Rows, STATEMENT, TRANSACTION, Value, together},
};

/// Counts everything again.
pub fn recount(house: &House) -> Result<Recount> {
    Ok(actix_web::rt::System::new().block_on(verify::look(&house.gate))?)
}

/// Brings cells and presence to what the records say.
pub fn fill(house: &House, conn: &mut Conn) -> Result<()> {
    let found = recount(house)?;
    let mut presence =
        Rows::of(conn, "presence", "subject_id, kind, period, n").or_replaced("subject_id, kind, period", &["n"]);
    let mut cells = Rows::of(conn, "cells", "service_point_id, ledger, period, kind, class, n, quantity, amount_fen")
        .or_replaced("service_point_id, ledger, period, kind, class", &["n", "quantity", "amount_fen"]);
    for differences in found.differences.chunks(TRANSACTION) {
        together(conn, |conn| {
            for some in differences.chunks(STATEMENT) {
                for difference in some {
                    match difference {
                        Difference::Presence(right, _) => presence.push(&[
                            Value::Id(right.subject_id),
                            Value::Text(&right.kind),
                            Value::Int(right.period.into()),
                            Value::Int(right.n),
                        ])?,
                        Difference::Cell(point, (ledger, period, kind, class), _, right) => cells.push(&[
                            Value::Id(*point),
                            Value::Text(ledger),
                            Value::Int((*period).into()),
                            Value::Text(kind),
                            Value::Text(class),
                            Value::Int(right.n),
                            Value::Int(right.quantity),
                            Value::Int(right.amount_fen),
                        ])?,
                        other => {
                            return Err(format!("the rows were not written as they should be: {}", other.line()).into());
                        }
                    }
                }
                presence.flush(conn)?;
                cells.flush(conn)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}
