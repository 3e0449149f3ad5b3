//! A database of the benchmark's own: a new SQLite file, or a new PostgreSQL database on the server of a URL. It goes with
//! the benchmark.

use diesel::{
    Connection as _, PgConnection, SqliteConnection, connection::SimpleConnection as _, deserialize::QueryableByName,
    prelude::RunQueryDsl as _, sql_types::Text,
};
use terrace::db::{Conn, DatabaseUrl};

use super::Result;

/// A database, and what to do with it in the end.
pub struct Place {
    /// Where it is.
    pub url: DatabaseUrl,
    keeper: Keeper,
}

enum Keeper {
    Folder(tempfile::TempDir),
    Server { url: String, name: String },
}

/// A setting of PostgreSQL.
#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    value: String,
}

impl Place {
    /// An empty database: a file in a temporary folder, or one made on the server of this PostgreSQL URL.
    pub fn fresh(server: Option<&str>) -> Result<Self> {
        let Some(url) = server else {
            let folder = tempfile::tempdir()?;
            return Ok(Self {
                url: DatabaseUrl::Sqlite(folder.path().join("terrace.db")),
                keeper: Keeper::Folder(folder),
            });
        };
        if !matches!(url.parse(), Ok(DatabaseUrl::Postgres(_))) {
            return Err(
                "--database takes postgres://USER@HOST/NAME; without it a SQLite file is made below TMPDIR".into()
            );
        }
        let name = format!("terrace_bench_{}", std::process::id());
        let mut admin = PgConnection::establish(url)?;
        // One of the same name is the rest of a process that was killed.
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))?;
        Ok(Self {
            url: DatabaseUrl::Postgres(with_database(url, &name)?),
            keeper: Keeper::Server { url: url.to_owned(), name },
        })
    }

    /// Whether it is a SQLite file.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.url, DatabaseUrl::Sqlite(_))
    }

    /// A connection around the program, for looking on.
    pub fn connect(&self) -> Result<Conn> {
        Ok(match &self.url {
            DatabaseUrl::Sqlite(file) => {
                let name = file.to_str().ok_or("the temporary folder's name is not UTF-8")?;
                let mut conn = SqliteConnection::establish(name)?;
                conn.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON")?;
                Conn::Sqlite(conn)
            }
            DatabaseUrl::Postgres(url) => Conn::Pg(PgConnection::establish(url)?),
        })
    }

    /// A connection for writing very many rows: it does not wait for the disk, which the program always does.
    pub fn connect_for_bulk(&self) -> Result<Conn> {
        let mut conn = self.connect()?;
        match &mut conn {
            Conn::Sqlite(sqlite) => sqlite.batch_execute(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; \
                 PRAGMA cache_size = -524288; PRAGMA temp_store = MEMORY",
            )?,
            Conn::Pg(pg) => pg.batch_execute("SET synchronous_commit = off; SET work_mem = '256MB'")?,
        }
        Ok(conn)
    }

    /// Brings the database to rest after a bulk of rows.
    pub fn settle(&self) -> Result<()> {
        match &mut self.connect()? {
            Conn::Sqlite(sqlite) => sqlite.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?,
            // What autovacuum does within a minute or two, done now.
            Conn::Pg(pg) => {
                pg.batch_execute("VACUUM ANALYZE")?;
                pg.batch_execute("CHECKPOINT").or_else(|_| pg.batch_execute("SELECT 1"))?;
            }
        }
        Ok(())
    }

    /// Which database it is, and whether what it acknowledges is on the disk.
    pub fn describe(&self) -> Result<String> {
        match (&mut self.connect()?, &self.keeper) {
            (Conn::Sqlite(sqlite), Keeper::Folder(folder)) => {
                let version: Setting = diesel::sql_query("SELECT sqlite_version() AS value").get_result(sqlite)?;
                Ok(format!("SQLite {}, WAL, synchronous FULL, in {}", version.value, folder.path().display()))
            }
            (Conn::Pg(pg), _) => {
                let mut setting = |name: &str| -> Result<String> {
                    let query = format!("SELECT current_setting('{name}') AS value");
                    Ok(diesel::sql_query(query).get_result::<Setting>(pg)?.value)
                };
                Ok(format!(
                    "PostgreSQL {}, fsync {}, synchronous_commit {}, shared_buffers {}",
                    setting("server_version")?,
                    setting("fsync")?,
                    setting("synchronous_commit")?,
                    setting("shared_buffers")?
                ))
            }
            (Conn::Sqlite(_), Keeper::Server { .. }) => Err("the database is not the one that was made".into()),
        }
    }

    /// Does something that is the same on both.
    pub fn execute(&self, sql: &str) -> Result<()> {
        Ok(self.connect()?.batch_execute(sql)?)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Keeper::Server { url, name } = &self.keeper
            && let Ok(mut admin) = PgConnection::establish(url)
            && let Err(error) = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        {
            eprintln!("the database {name} stays behind: {error}");
        }
    }
}

fn with_database(url: &str, name: &str) -> Result<String> {
    let (base, query) = url.split_once('?').map_or((url, String::new()), |(base, query)| (base, format!("?{query}")));
    let (server, _) = base.rsplit_once('/').ok_or("the URL names no database to begin with, such as /postgres")?;
    Ok(format!("{server}/{name}{query}"))
}
