//! Inspections, for whoever checks a draw away from the server.

use std::io::BufWriter;

use super::{Failure, on_house, start_log, words};
use crate::{app::maintenance, config::Config, domain::Id};

/// Prints the lines of a frame, as they were digested; the digest that was kept goes to the error output.
///
/// # Errors
/// Why it cannot.
pub fn frame(config: &Config, id: Id) -> Result<(), Failure> {
    start_log(config.log_format, true);
    let out = BufWriter::new(std::io::stdout());
    let digest = on_house(config, async |house| maintenance::export_frame(&house.gate, id, out).await.map_err(words))?;
    eprintln!("frame {digest}");
    Ok(())
}
