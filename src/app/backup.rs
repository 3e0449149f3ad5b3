//! The file of a backup: one line that says what it is, then the database as it was in one snapshot.
//!
//! The line holds the SHA-256 of what follows, so that a damaged file is known before anything is made of it, and the name of
//! the key that it belongs to, so that a wrong one is; never a key.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Read, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    db::{DatabaseUrl, backup},
    domain::{Instant, digest::hex},
    error::{Error, Result},
};

const FORMAT: &str = "terrace-backup/1";
/// No first line is longer.
const LONGEST_LINE: u64 = 4096;

/// The first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Label {
    format: String,
    program: String,
    made_at: String,
    key: String,
    bytes: u64,
    sha256: String,
}

/// Writes a backup into a new file that only its owner may read; tells its size in bytes.
///
/// # Errors
/// The file exists or cannot be written; the database is PostgreSQL's.
pub fn write(url: &DatabaseUrl, file: &Path, key: &str, now: Instant) -> Result<u64> {
    refuse_existing(file)?;
    let copy = Temporary(beside(file, "copy"));
    let whole = Temporary(beside(file, "partial"));
    copy.begin()?;
    backup::copy_into(url, &copy.0)?;
    let (bytes, sha256) =
        measure(&mut File::open(&copy.0).map_err(|error| words(&copy.0, &error))?, &mut std::io::sink())
            .map_err(|error| words(&copy.0, &error))?;
    let label = Label {
        format: FORMAT.to_owned(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now.to_string(),
        key: key.to_owned(),
        bytes,
        sha256,
    };
    let line = serde_json::to_string(&label).map_err(Error::internal)? + "\n";
    whole.begin()?;
    let put = || {
        let mut out = fs::OpenOptions::new().write(true).open(&whole.0)?;
        out.write_all(line.as_bytes())?;
        std::io::copy(&mut File::open(&copy.0)?, &mut out)?;
        out.sync_all()?;
        fs::rename(&whole.0, file)
    };
    put().map_err(|error: std::io::Error| words(file, &error))?;
    Ok(bytes + line.len() as u64)
}

/// Unpacks the database of a backup into a new file.
///
/// # Errors
/// It is no backup, one of a newer program, one that belongs to another key, or it is damaged; the new file does not exist then.
pub fn unpack(file: &Path, target: &Path, key: &str) -> Result<Unpacked> {
    refuse_existing(target)?;
    let mut source = BufReader::new(File::open(file).map_err(|error| words(file, &error))?);
    let mut line = String::new();
    let read = source.by_ref().take(LONGEST_LINE).read_line(&mut line);
    let label: Option<Label> = read.ok().and_then(|_| serde_json::from_str(&line).ok());
    let label = label.ok_or_else(|| refuse(file, "it is no backup, or its beginning is damaged"))?;
    if label.format != FORMAT {
        return Err(refuse(file, &format!("it was made by a newer program ({}); use that one", label.program)));
    }
    if label.key != key {
        let words = format!(
            "it belongs to the key {}, the key file holds {key}; bring back the key file that was kept apart (terrace keys import)",
            label.key
        );
        return Err(refuse(file, &words));
    }
    let partial = Temporary(beside(target, "partial"));
    partial.begin()?;
    let mut out = fs::OpenOptions::new().write(true).open(&partial.0).map_err(|error| words(&partial.0, &error))?;
    let (bytes, sha256) = measure(&mut source, &mut out).map_err(|error| words(file, &error))?;
    if (bytes, &sha256) != (label.bytes, &label.sha256) {
        return Err(refuse(file, "it is damaged or not complete: it is not what was written"));
    }
    out.sync_all().map_err(|error| words(&partial.0, &error))?;
    backup::check(&partial.0)?;
    Ok(Unpacked { partial, target: target.to_owned(), made_at: label.made_at })
}

/// A database that was unpacked and has yet to prove itself. It goes when it is dropped before it is settled.
#[derive(Debug)]
pub struct Unpacked {
    partial: Temporary,
    target: PathBuf,
    /// When the backup was made.
    pub made_at: String,
}

impl Unpacked {
    /// Where it lies meanwhile.
    pub fn path(&self) -> &Path {
        &self.partial.0
    }

    /// Gives it its name. Nobody has it open.
    ///
    /// # Errors
    /// It cannot be renamed.
    pub fn settle(self) -> Result<()> {
        refuse_existing(&self.target)?;
        backup::fold_log(&self.partial.0)?;
        fs::rename(&self.partial.0, &self.target).map_err(|error| words(&self.target, &error))
    }
}

/// A file that goes when it is no longer needed, with what SQLite lays beside it.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Temporary {
    /// Makes it, empty, for its owner only. One of an earlier try goes.
    fn begin(&self) -> Result<()> {
        self.remove();
        crate::auth::keys::write_private(&self.0, "").map_err(|error| words(&self.0, &error))
    }

    fn remove(&self) {
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.0.clone().into_os_string();
            name.push(end);
            // It may well not be there.
            drop(fs::remove_file(name));
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        self.remove();
    }
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(end);
    name.into()
}

fn measure(source: &mut impl Read, out: &mut impl Write) -> std::io::Result<(u64, String)> {
    let (mut hasher, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 20]);
    loop {
        let read = source.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, hex(&hasher.finalize())));
        }
        hasher.update(&buffer[..read]);
        out.write_all(&buffer[..read])?;
        bytes += read as u64;
    }
}

fn refuse_existing(file: &Path) -> Result<()> {
    if file.exists() { Err(refuse(file, "it exists already; choose another name")) } else { Ok(()) }
}

fn refuse(file: &Path, why: &str) -> Error {
    Error::internal(format!("{}: {why}", file.display()))
}

fn words(file: &Path, error: &std::io::Error) -> Error {
    refuse(file, &error.to_string())
}
