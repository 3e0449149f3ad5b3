//! Backups of the SQLite database, and what is made of them.

use std::{path::Path, sync::Arc};

use serde_json::json;

use super::{Failure, on_house, start_log, tell_all, words};
use crate::{
    app::{backup, maintenance, verify},
    config::Config,
    db::DatabaseUrl,
    edge::Edge,
    server::House,
};

/// Writes a backup, and notes it.
///
/// # Errors
/// Why it cannot.
pub fn make(config: &Config, file: &Path) -> Result<(), Failure> {
    start_log(config.log_format, true);
    if let DatabaseUrl::Sqlite(database) = &config.database
        && !database.exists()
    {
        return Err(format!("there is no database {}", database.display()));
    }
    let bytes = on_house(config, async |house| {
        let tools = house.gate.tools();
        let written = backup::write(&config.database, file, tools.keys.name(), tools.edge.now()).map_err(words)?;
        maintenance::note(&house.gate, "installation.backup", json!({ "bytes": written })).await.map_err(words)?;
        Ok(written)
    })?;
    println!("{}: {bytes} bytes", file.display());
    eprintln!("The keys are not in it: terrace keys export makes a copy of them, to be kept apart.");
    Ok(())
}

/// Makes a new database from a backup and verifies it before it gets its name.
///
/// # Errors
/// The backup is refused, something in it is wrong, or why it cannot.
pub fn restore(config: &Config, file: &Path) -> Result<(), Failure> {
    start_log(config.log_format, true);
    let DatabaseUrl::Sqlite(target) = &config.database else {
        return Err("PostgreSQL is restored by its own tools: pg_restore (see docs/operations.md)".to_owned());
    };
    let edge = Arc::new(Edge::system());
    let keys = config
        .keys(&edge, false)
        .map_err(|error| format!("{error}; a backup needs the keys that were kept apart (terrace keys import)"))?;
    let unpacked = backup::unpack(file, target, keys.name()).map_err(words)?;
    let beside = Config { database: DatabaseUrl::Sqlite(unpacked.path().to_owned()), ..config.clone() };
    actix_web::rt::System::new().block_on(async {
        let house = House::open(&beside, edge).map_err(words)?;
        tell_all(&verify::verify(&house.gate, None).await.map_err(words)?)?;
        let facts = json!({ "made_at": unpacked.made_at });
        maintenance::note(&house.gate, "installation.restore", facts).await.map_err(words)
    })?;
    let made_at = unpacked.made_at.clone();
    unpacked.settle().map_err(words)?;
    println!("{}: as it was at {made_at}", target.display());
    Ok(())
}
