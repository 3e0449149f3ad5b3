//! The keys of the installation.

use std::{fs, io::Read as _, path::Path};

use super::{Failure, on_house, start_log, words};
use crate::{
    app::maintenance,
    auth::keys::{KeyFile, copy, write_private},
    config::{Config, KeySource},
    edge::Edge,
};

/// Seals every personal field with a new key, or goes on with a rotation that was interrupted.
///
/// # Errors
/// The key does not come from a file, or why it cannot.
pub fn rotate(config: &Config) -> Result<(), Failure> {
    start_log(config.log_format, true);
    let path = key_file(config)?;
    let (newest, count) = on_house(config, async |house| {
        let mut file = KeyFile::read(path)?;
        let unfinished = maintenance::sealed_with_old_keys(&house.gate).await.map_err(words)?;
        if unfinished == 0 {
            let next = file.newest().checked_add(1).ok_or("there have been 255 keys; no more can be made")?;
            file.sealing.insert(next, house.gate.tools().edge.random());
            file.replace(path)?;
        }
        let mut count = 0;
        // Whoever wrote meanwhile may have sealed with the key that was the newest a moment ago.
        loop {
            match maintenance::seal_anew(&house.gate).await.map_err(words)? {
                0 => break,
                some => count += some,
            }
        }
        let facts = maintenance::rotation(file.newest(), count);
        maintenance::note(&house.gate, "installation.rotate_keys", facts).await.map_err(words)?;
        Ok((file.newest(), count))
    })?;
    println!("key {newest}: {count} values sealed anew, 0 left under older keys");
    eprintln!(
        "Make a new copy of the key file: terrace keys export FILE. Older backups need its older keys, which stay in it."
    );
    Ok(())
}

/// Writes a copy of the key file that a passphrase opens.
///
/// # Errors
/// The passphrase is too short, the file exists, or why it cannot.
pub fn export(config: &Config, file: &Path) -> Result<(), Failure> {
    let keys = KeyFile::read(key_file(config)?)?;
    let copy = copy::close(&keys, &passphrase()?, &Edge::system())?;
    write_private(file, &copy).map_err(|error| format!("{}: {error}", file.display()))?;
    println!("{}: {} keys behind the passphrase", file.display(), keys.sealing.len() + 1);
    Ok(())
}

/// Makes the key file from a copy.
///
/// # Errors
/// The passphrase is wrong, there is a key file, or why it cannot.
pub fn import(config: &Config, file: &Path) -> Result<(), Failure> {
    let path = key_file(config)?;
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let keys = copy::open(&text, &passphrase()?).map_err(|error| format!("{}: {error}", file.display()))?;
    keys.create(path)?;
    println!("{}: {} keys", path.display(), keys.sealing.len() + 1);
    Ok(())
}

fn key_file(config: &Config) -> Result<&Path, Failure> {
    match &config.key {
        KeySource::File(path) => Ok(path),
        KeySource::Given(_) => {
            Err("the key comes from TERRACE_KEY; put it into a key file and name it with --key-file".to_owned())
        }
    }
}

fn passphrase() -> Result<String, Failure> {
    if let Ok(given) = std::env::var("TERRACE_PASSPHRASE") {
        return Ok(given);
    }
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).map_err(|error| error.to_string())?;
    let line = input.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err("no passphrase: set TERRACE_PASSPHRASE, or write it into the first line of the input".to_owned());
    }
    Ok(line.to_owned())
}
