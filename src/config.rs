//! Every setting: documented here, read from flags, then the environment, then a file, then its default, and checked
//! once.

use std::{fs, net::IpAddr, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use serde::Deserialize;

use crate::{
    auth::{Keys, Rules},
    db::{DatabaseUrl, Limits},
    edge::Edge,
};

/// The settings as they are given; what is not given stays open for the next source.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// The database: sqlite:FILE, or postgres://USER@HOST/NAME [default: sqlite:terrace.db]
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// A TOML file with settings, named like these flags
    #[arg(long, env = "TERRACE_CONFIG", global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, env = "TERRACE_LISTEN", global = true, value_name = "HOST:PORT")]
    pub listen: Option<String>,
    /// The file with the installation's key, made on the first start [default: beside the database, or terrace.keys]
    #[arg(long, env = "TERRACE_KEY_FILE", global = true, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// The installation's key itself, 64 hexadecimal digits, instead of a file; from the environment only
    #[arg(skip)]
    #[serde(skip)]
    pub key: Option<String>,
    /// Threads that answer requests [default: one for each core]
    #[arg(long, env = "TERRACE_WORKERS", global = true, value_name = "N")]
    pub workers: Option<usize>,
    /// Database connections for reading [default: 8]
    #[arg(long, env = "TERRACE_READERS", global = true, value_name = "N")]
    pub readers: Option<u32>,
    /// PostgreSQL connections for writing [default: 16]
    #[arg(long, env = "TERRACE_WRITERS", global = true, value_name = "N")]
    pub writers: Option<u32>,
    /// Requests that may wait for the database before others are answered 503 [default: 1024]
    #[arg(long, env = "TERRACE_WAITING", global = true, value_name = "N")]
    pub waiting: Option<usize>,
    /// How long an answer may take, in seconds [default: 30]
    #[arg(long, env = "TERRACE_REQUEST_TIMEOUT", global = true, value_name = "SECONDS")]
    pub request_timeout: Option<u64>,
    /// How long a session may idle, in minutes; village phones may want more [default: 30]
    #[arg(long, env = "TERRACE_SESSION_IDLE", global = true, value_name = "MINUTES")]
    pub session_idle: Option<u32>,
    /// How long a session lasts at most, in hours [default: 12]
    #[arg(long, env = "TERRACE_SESSION_LENGTH", global = true, value_name = "HOURS")]
    pub session_length: Option<u32>,
    /// Proxies whose X-Forwarded-For is believed, by address [default: none]
    #[arg(long, env = "TERRACE_TRUSTED_PROXIES", global = true, value_name = "ADDRESSES", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<IpAddr>>,
    /// Clients come over TLS, by a proxy: tell browsers to stay with it [default: false]
    #[arg(long, env = "TERRACE_BEHIND_TLS", global = true, num_args = 0..=1, default_missing_value = "true")]
    pub behind_tls: Option<bool>,
    /// How log lines look [default: text]
    #[arg(long, env = "TERRACE_LOG_FORMAT", global = true, value_enum)]
    pub log_format: Option<LogFormat>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// The settings in force.
#[derive(Clone, Debug)]
pub struct Config {
    /// The database.
    pub database: DatabaseUrl,
    /// What is asked of it at once.
    pub limits: Limits,
    /// Where to listen.
    pub listen: String,
    /// Where the key is.
    pub key: KeySource,
    /// Threads that answer requests; none for one on each core.
    pub workers: Option<usize>,
    /// How long an answer may take.
    pub request_timeout: Duration,
    /// How long sessions last.
    pub rules: Rules,
    /// Proxies whose word about addresses is taken.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whether clients come over TLS.
    pub behind_tls: bool,
    /// How log lines look.
    pub log_format: LogFormat,
}

/// Where the installation's key is.
#[derive(Clone)]
pub enum KeySource {
    /// In the environment.
    Given(String),
    /// In a file.
    File(PathBuf),
}

impl std::fmt::Debug for KeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Given(_) => f.write_str("Given(…)"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

impl Settings {
    /// The settings in force.
    ///
    /// # Errors
    /// Which setting is wrong, and how to write it.
    pub fn resolve(mut self) -> Result<Config, String> {
        if let Some(path) = self.config.take() {
            self.fill_from(read_file(&path)?);
        }
        self.key = self.key.or_else(|| std::env::var("TERRACE_KEY").ok());
        let database: DatabaseUrl = self.database.as_deref().unwrap_or("sqlite:terrace.db").parse()?;
        let key = match (self.key, self.key_file, &database) {
            (Some(key), _, _) => KeySource::Given(key),
            (None, Some(file), _) => KeySource::File(file),
            (None, None, DatabaseUrl::Sqlite(file)) => KeySource::File(file.with_extension("keys")),
            (None, None, DatabaseUrl::Postgres(_)) => KeySource::File("terrace.keys".into()),
        };
        let at_least_one = |name: &str, value: u64| match value {
            0 => Err(format!("{name} must be at least 1")),
            value => Ok(value),
        };
        let defaults = Limits::default();
        let request_timeout = Duration::from_secs(at_least_one("request-timeout", self.request_timeout.unwrap_or(30))?);
        let limits = Limits {
            readers: self.readers.unwrap_or(defaults.readers),
            writers: self.writers.unwrap_or(defaults.writers),
            waiting: self.waiting.unwrap_or(defaults.waiting),
            statement_timeout: request_timeout,
            ..defaults
        };
        at_least_one("readers", limits.readers.into())?;
        at_least_one("writers", limits.writers.into())?;
        at_least_one("waiting", limits.waiting as u64)?;
        let workers =
            self.workers.map(|workers| at_least_one("workers", workers as u64).map(|_| workers)).transpose()?;
        let idle = u64::from(self.session_idle.unwrap_or(30));
        if idle < 15 {
            return Err("session-idle must be at least 15: an access token lives so many minutes".to_owned());
        }
        let length = at_least_one("session-length", self.session_length.unwrap_or(12).into())?;
        let seconds = |count: u64, unit: i64| i64::try_from(count).unwrap_or(i64::from(u32::MAX)) * unit;
        Ok(Config {
            database,
            limits,
            listen: self.listen.unwrap_or_else(|| "127.0.0.1:8080".to_owned()),
            key,
            workers,
            request_timeout,
            rules: Rules { idle_seconds: seconds(idle, 60), session_seconds: seconds(length, 3600) },
            trusted_proxies: self.trusted_proxies.unwrap_or_default(),
            behind_tls: self.behind_tls.unwrap_or_default(),
            log_format: self.log_format.unwrap_or_default(),
        })
    }

    fn fill_from(&mut self, file: Self) {
        macro_rules! fill {
            ($($field:ident)+) => {$( self.$field = self.$field.take().or(file.$field); )+};
        }
        fill!(database listen key_file workers readers writers waiting request_timeout session_idle session_length);
        fill!(trusted_proxies behind_tls log_format);
    }
}

fn read_file(path: &std::path::Path) -> Result<Settings, String> {
    let words = |error: &dyn std::fmt::Display| format!("config file {}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| words(&error))?;
    let deserializer = toml::Deserializer::parse(&text).map_err(|error| words(&error.message()))?;
    serde_path_to_error::deserialize(deserializer)
        .map_err(|error| words(&format!("{}: {}", error.path(), error.inner().message())))
}

impl Config {
    /// The installation's keys. A missing file is made only if it may be.
    ///
    /// # Errors
    /// When there are none to be had, or none that are good.
    pub fn keys(&self, edge: &Edge, may_make: bool) -> Result<Keys, String> {
        match &self.key {
            KeySource::Given(secret) => Keys::from_secret(secret).map_err(|error| format!("TERRACE_KEY: {error}")),
            KeySource::File(path) => Keys::from_file(path, may_make, edge),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_fills_what_flags_leave_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("terrace.toml");
        fs::write(
            &path,
            "database = \"sqlite:from-file.db\"\nlisten = \"0.0.0.0:80\"\ntrusted-proxies = [\"127.0.0.1\"]\n",
        )
        .unwrap();
        let flags = Settings {
            config: Some(path),
            listen: Some("127.0.0.1:9".into()),
            key: Some(String::new()),
            ..Settings::default()
        };
        let config = flags.resolve().unwrap();
        assert_eq!(config.listen, "127.0.0.1:9");
        assert_eq!(config.database, DatabaseUrl::Sqlite("from-file.db".into()));
        assert_eq!(config.trusted_proxies.len(), 1);
    }

    #[test]
    fn wrong_settings_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("terrace.toml");
        fs::write(&path, "unknown-name = \"x\"\n").unwrap();
        let from_file = Settings { config: Some(path), ..Settings::default() }.resolve();
        assert!(from_file.unwrap_err().contains("unknown-name"));
        let zero = Settings { writers: Some(0), ..Settings::default() }.resolve();
        assert!(zero.unwrap_err().contains("writers"));
        let scheme = Settings { database: Some("mysql://x".into()), ..Settings::default() }.resolve();
        assert!(scheme.unwrap_err().contains("mysql"));
    }
}
