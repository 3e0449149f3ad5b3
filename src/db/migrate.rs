//! Migrations, embedded for both databases and applied when the program starts.

use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::Conn;
use crate::error::{Error, Result};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number; two programs that start at once take turns by it.
const POSTGRES_LOCK: i64 = 0x0074_6572_7261_6365;

/// Applies what is missing.
///
/// # Errors
/// When the database was migrated by a newer program or one before the first release, or a migration fails; nothing is half
/// applied.
pub fn up(conn: &mut Conn) -> Result<()> {
    if let Conn::Pg(pg) = conn {
        use diesel::RunQueryDsl as _;
        diesel::sql_query(format!("SELECT pg_advisory_lock({POSTGRES_LOCK})")).execute(pg)?;
    }
    let outcome = refuse_strange(conn).and_then(|()| {
        both!(&mut *conn, c => c.run_pending_migrations(embedded_for(c)).map(drop)).map_err(Error::internal)
    });
    if let Conn::Pg(pg) = conn {
        use diesel::RunQueryDsl as _;
        diesel::sql_query(format!("SELECT pg_advisory_unlock({POSTGRES_LOCK})")).execute(pg)?;
    }
    outcome
}

/// Takes every migration back; all data is lost. For tests.
///
/// # Errors
/// When a migration fails.
pub fn down(conn: &mut Conn) -> Result<()> {
    both!(conn, c => c.revert_all_migrations(embedded_for(c)).map(drop)).map_err(Error::internal)
}

/// Whether every migration of this program is applied. diesel's own question would first make its table, which a
/// connection for reading may not.
///
/// # Errors
/// When the database does not answer.
pub fn is_current(conn: &mut Conn) -> Result<bool> {
    use diesel::{QueryDsl as _, RunQueryDsl as _};
    let applied: Vec<String> =
        own::__diesel_schema_migrations::table.select(own::__diesel_schema_migrations::version).load(conn)?;
    Ok(names_of(&SQLITE)?.iter().all(|known| applied.contains(known)))
}

/// diesel's own table.
mod own {
    diesel::table! {
        __diesel_schema_migrations (version) {
            version -> Text,
        }
    }
}

fn refuse_strange(conn: &mut Conn) -> Result<()> {
    let known: Vec<String> = names_of(&SQLITE)?;
    let applied = both!(conn, c => c.applied_migrations()).map_err(Error::internal)?;
    match applied.iter().map(ToString::to_string).find(|version| !known.contains(version)) {
        // Migrations were replaced before the first release, and never since.
        Some(version) if known.iter().any(|known| *known > version) => Err(Error::internal(format!(
            "the database was made by a program before the first release (migration {version}), whose tables cannot be \
             taken over; use an empty database"
        ))),
        Some(version) => Err(Error::internal(format!(
            "the database was migrated by a newer program (migration {version}); use that program or a newer one"
        ))),
        None => Ok(()),
    }
}

fn names_of(source: &EmbeddedMigrations) -> Result<Vec<String>> {
    let migrations: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> = source.migrations().map_err(Error::internal)?;
    Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
}

/// The migrations of a connection's own database.
trait Embedded {
    fn embedded(&self) -> EmbeddedMigrations;
}

impl Embedded for diesel::PgConnection {
    fn embedded(&self) -> EmbeddedMigrations {
        POSTGRES
    }
}

impl Embedded for diesel::SqliteConnection {
    fn embedded(&self) -> EmbeddedMigrations {
        SQLITE
    }
}

fn embedded_for(conn: &impl Embedded) -> EmbeddedMigrations {
    conn.embedded()
}
