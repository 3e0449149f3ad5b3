//! The key file: the installation's secret in its first line, and a line for each sealing key that came after.
//!
//! ```text
//! 64 hexadecimal digits
//! seal 2 64 hexadecimal digits
//! ```
//!
//! Only its owner may read it. It is replaced whole, so that a crash leaves the old one or the new one.

use std::{collections::BTreeMap, fmt, fs, io::Write as _, path::Path};

use crate::{
    domain::digest::{Digest, hex, unhex},
    edge::Edge,
};

/// What a key file holds.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyFile {
    /// The secret that every key but the later sealing keys is made from.
    pub secret: Digest,
    /// Sealing keys by their numbers, from 2: the first one is made from the secret.
    pub sealing: BTreeMap<u8, Digest>,
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyFile(…)")
    }
}

impl KeyFile {
    /// A new one.
    pub fn draw(edge: &Edge) -> Self {
        Self { secret: edge.random(), sealing: BTreeMap::new() }
    }

    /// Reads what it says.
    ///
    /// # Errors
    /// Which line is no key, or none that was drawn at random.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let secret = read_secret(lines.next().unwrap_or_default())?;
        let mut sealing = BTreeMap::new();
        for line in lines {
            let mut words = line.split_whitespace();
            let parts = (words.next(), words.next().and_then(|id| id.parse::<u8>().ok()), words.next(), words.next());
            let (Some("seal"), Some(id @ 2..), Some(key), None) = parts else {
                return Err("a line after the first must be: seal, a number from 2, 64 hexadecimal digits".to_owned());
            };
            if sealing.insert(id, read_secret(key)?).is_some() {
                return Err(format!("it has two sealing keys with the number {id}"));
            }
        }
        Ok(Self { secret, sealing })
    }

    /// What it says, as text.
    pub fn text(&self) -> String {
        let later = self.sealing.iter().map(|(id, key)| format!("seal {id} {}\n", hex(key)));
        format!("{}\n{}", hex(&self.secret), later.collect::<String>())
    }

    /// The number of the newest sealing key.
    pub fn newest(&self) -> u8 {
        self.sealing.last_key_value().map_or(1, |(id, _)| *id)
    }

    /// Reads the file.
    ///
    /// # Errors
    /// It cannot be read, others may read it, or it holds no good keys.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| words(path, &error))?;
        refuse_shared(path).and_then(|()| Self::parse(&text)).map_err(|error| words(path, &error))
    }

    /// Writes it where no file is.
    ///
    /// # Errors
    /// There is one, or it cannot be written.
    pub fn create(&self, path: &Path) -> Result<(), String> {
        write_private(path, &self.text()).map_err(|error| words(path, &error))
    }

    /// Writes it in the place of the one that is there.
    ///
    /// # Errors
    /// It cannot be written; the old one stands then.
    pub fn replace(&self, path: &Path) -> Result<(), String> {
        let beside = path.with_extension("keys.new");
        // One that an interrupted replacement left behind.
        drop(fs::remove_file(&beside));
        write_private(&beside, &self.text())
            .and_then(|()| fs::rename(&beside, path))
            .map_err(|error| words(path, &error))
    }
}

fn words(path: &Path, error: &dyn fmt::Display) -> String {
    format!("key file {}: {error}", path.display())
}

/// Reads 32 random bytes.
fn read_secret(text: &str) -> Result<Digest, String> {
    let bytes = unhex(text).ok_or("the key must be 64 hexadecimal digits (32 random bytes)")?;
    let mut distinct = bytes.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    // 32 random bytes have fewer than 20 distinct values less than once in 10^10 draws; counting up is the other habit of
    // people who type a key.
    let steps =
        bytes.windows(2).filter(|pair| pair[1].wrapping_sub(pair[0]) == bytes[1].wrapping_sub(bytes[0])).count();
    if distinct.len() < 20 || steps > 8 {
        return Err("the key is not random enough; delete it and let the program make one".to_owned());
    }
    Ok(bytes)
}

#[cfg(unix)]
fn refuse_shared(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).map_err(|error| error.to_string())?.permissions().mode();
    if mode & 0o077 != 0 { Err(format!("others may read it; run chmod 600 {}", path.display())) } else { Ok(()) }
}

#[cfg(not(unix))]
fn refuse_shared(_path: &Path) -> Result<(), String> {
    Ok(())
}

/// Writes a new file that only its owner may read, and waits until it is on the disk.
///
/// # Errors
/// There is one already, or it cannot be written.
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Instant;

    #[test]
    fn weak_or_sample_secrets_are_refused() {
        let counting: String = (0..32).map(|n| format!("{n:02x}")).collect();
        for secret in ["", "secret", &"0".repeat(64), &"ab".repeat(32), &counting, &"zz".repeat(32)] {
            assert!(KeyFile::parse(secret).is_err(), "{secret}");
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let edge = Edge::reproducible(Instant::from_unix_micros(0), 3);
        let mut file = KeyFile::draw(&edge);
        assert_eq!((KeyFile::parse(&file.text()), file.newest()), (Ok(file.clone()), 1));
        file.sealing.insert(2, edge.random());
        file.sealing.insert(3, edge.random());
        assert_eq!((KeyFile::parse(&file.text()), file.newest()), (Ok(file.clone()), 3));
        let text = file.text();
        for wrong in
            [text.replace("seal 2", "seal 3"), text.replace("seal 2", "seal 1"), text.replace("seal 2", "key 2")]
        {
            assert!(KeyFile::parse(&wrong).is_err(), "{wrong}");
        }
    }
}
