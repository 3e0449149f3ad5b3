//! The chain of audit events, on the server's machine and away from it.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, BufWriter},
    path::Path,
};

use super::{Failure, on_house, start_log, words};
use crate::{
    app::maintenance,
    auth::keys::is_signed,
    config::Config,
    domain::audit_chain::{HEAD_FORMAT, Head, Reader},
};

/// Prints the signed end of the chain.
///
/// # Errors
/// Why it cannot.
pub fn head(config: &Config) -> Result<(), Failure> {
    start_log(config.log_format, true);
    let head = on_house(config, async |house| maintenance::head(&house.gate).await.map_err(words))?;
    println!("{}", serde_json::to_string(&head).map_err(|error| error.to_string())?);
    Ok(())
}

/// Prints every event in the order of the chain.
///
/// # Errors
/// Why it cannot.
pub fn export(config: &Config) -> Result<(), Failure> {
    start_log(config.log_format, true);
    let out = BufWriter::new(std::io::stdout());
    let count = on_house(config, async |house| maintenance::export_events(&house.gate, out).await.map_err(words))?;
    eprintln!("{count} events");
    Ok(())
}

/// Checks an export against a signed head, without a database.
///
/// # Errors
/// Something is wrong with one of them, which is told line by line, or why they cannot be read.
pub fn verify(export: &Path, head: &Path, public_key: Option<&str>) -> Result<(), Failure> {
    let head = read_head(head)?;
    if !is_signed(&head.public_key, &head.signed(), &head.signature) {
        return Err("the head was changed: its signature does not belong to it".to_owned());
    }
    if public_key.is_some_and(|key| !key.eq_ignore_ascii_case(&head.public_key)) {
        return Err(format!("the head was signed by another key: {}", head.public_key));
    }
    let lines = BufReader::new(File::open(export).map_err(|error| format!("{}: {error}", export.display()))?);
    let mut reader = Reader::new(&head);
    for (number, line) in (1..).zip(lines.lines()) {
        reader.line(number, &line.map_err(|error| format!("{}: {error}", export.display()))?);
    }
    let (count, faults) = reader.finish();
    faults.iter().for_each(|fault| println!("{fault}"));
    println!(
        "{count} events, {} of them under the head of {}, signed by {}",
        head.seq.min(count),
        head.at,
        head.public_key
    );
    match faults.len() {
        0 => Ok(()),
        1 => Err("1 finding: the events are not what was sealed".to_owned()),
        many => Err(format!("{many} findings: the events are not what was sealed")),
    }
}

/// Reads a head from a file.
pub(super) fn read_head(file: &Path) -> Result<Head, Failure> {
    let words = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = fs::read_to_string(file).map_err(|error| words(&error))?;
    let head: Head = serde_json::from_str(&text).map_err(|error| words(&format!("it is no head: {error}")))?;
    if head.format == HEAD_FORMAT {
        Ok(head)
    } else {
        Err(words(&format!("it is a head of another program: {}", head.format)))
    }
}
