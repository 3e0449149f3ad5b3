//! Bare inserts: the same row with the same indexes, in a durable transaction of its own, prepared, and nothing else: no
//! HTTP, no session, no cells. What the machine and the database can do at best, to measure the rest by.

use std::{sync::Arc, time::Duration};

use diesel::{
    PgConnection, QueryResult, RunQueryDsl as _, SqliteConnection,
    connection::{AnsiTransactionManager, TransactionManager as _},
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{BigInt, Binary, Date, Nullable, Text, Timestamp},
    sqlite::Sqlite,
};
use rand::{SeedableRng as _, rngs::StdRng};
use terrace::{
    config::Config,
    db::{Conn, Db, assistance_records::AssistanceRecord, types::Uid},
    domain::{Id, codes::Role},
    edge::Edge,
    error::Error,
    server::House,
};

use crate::{
    drive::{Timings, Until, drive},
    support::{Result, people, place::Place, seed::Seeded},
};

/// The statement. diesel's own INSERT is prepared anew each time on PostgreSQL; this one is kept by each connection.
struct Insert<'r>(&'r AssistanceRecord);

impl QueryId for Insert<'_> {
    type QueryId = Insert<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

/// The same for both databases, whose values are written by traits of their own.
macro_rules! insert_for {
    ($backend:ty, $conn:ty) => {
        impl QueryFragment<$backend> for Insert<'_> {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, $backend>) -> QueryResult<()> {
                let record = self.0;
                out.push_sql(
                    "INSERT INTO assistance_records (id, household_id, member_id, service_point_id, kind, subkind, given_on, \
                     quantity, unit, amount_fen, note, state, void_reason, version, created_by, request_digest, created_at, \
                     updated_at) VALUES (",
                );
                out.push_bind_param::<Uid, _>(&record.id)?;
                macro_rules! next {
                    ($sql:ty, $field:ident) => {
                        out.push_sql(", ");
                        out.push_bind_param::<$sql, _>(&record.$field)?;
                    };
                }
                next!(Uid, household_id);
                next!(Nullable<Uid>, member_id);
                next!(Uid, service_point_id);
                next!(Text, kind);
                next!(Nullable<Text>, subkind);
                next!(Date, given_on);
                next!(BigInt, quantity);
                next!(Nullable<Text>, unit);
                next!(Nullable<BigInt>, amount_fen);
                next!(Nullable<Text>, note);
                next!(Text, state);
                next!(Nullable<Text>, void_reason);
                next!(BigInt, version);
                next!(Uid, created_by);
                next!(Binary, request_digest);
                next!(Timestamp, created_at);
                next!(Timestamp, updated_at);
                out.push_sql(")");
                Ok(())
            }
        }
        impl diesel::RunQueryDsl<$conn> for Insert<'_> {}
    };
}
insert_for!(Pg, PgConnection);
insert_for!(Sqlite, SqliteConnection);

/// Where bare inserts go: through the one grouped writer of SQLite, or on a connection for each thread.
enum Bare {
    Grouped(Db, tokio::runtime::Runtime),
    Own(PgConnection),
}

/// Threads that insert.
pub struct BareInserts<'s> {
    threads: Vec<(Bare, StdRng)>,
    seeded: &'s Seeded,
    edge: Arc<Edge>,
    /// Whose records these are, so that they can be taken away again.
    clerk: Id,
}

impl<'s> BareInserts<'s> {
    /// So many threads.
    pub fn prepare(
        (place, config, house): (&Place, &Config, &House),
        seeded: &'s Seeded,
        threads: usize,
    ) -> Result<Self> {
        let clerk = people::open_account(house, &mut place.connect()?, Role::Worker, seeded.network.bureau)?;
        let edge = Arc::clone(&house.gate.tools().edge);
        let grouped =
            if place.is_sqlite() { Some(Db::open(&config.database, config.limits, Arc::clone(&edge))?) } else { None };
        let one = |_| -> Result<(Bare, StdRng)> {
            let bare = match &grouped {
                Some(db) => Bare::Grouped(db.clone(), tokio::runtime::Builder::new_current_thread().build()?),
                None => Bare::Own(postgres(place.connect()?)?),
            };
            Ok((bare, StdRng::from_seed(edge.random())))
        };
        Ok(Self { threads: (0..threads).map(one).collect::<Result<_>>()?, seeded, clerk, edge })
    }

    /// Inserts as fast as it goes.
    pub fn run(&mut self, warm_up: Duration, length: Duration) -> Result<Timings> {
        let (seeded, edge, created_by) = (self.seeded, &self.edge, self.clerk);
        drive(&mut self.threads, warm_up, Until::Over(length), |(bare, rng)| {
            let record = AssistanceRecord { created_by, ..seeded.record(edge.now(), rng) };
            match bare {
                Bare::Grouped(db, runtime) => {
                    runtime.block_on(db.write(move |conn| match conn {
                        Conn::Sqlite(sqlite) => Ok(Insert(&record).execute(sqlite).map(drop)?),
                        Conn::Pg(_) => Err(Error::internal("PostgreSQL has no grouped writer")),
                    }))?;
                }
                Bare::Own(pg) => {
                    AnsiTransactionManager::begin_transaction(pg)?;
                    Insert(&record).execute(pg)?;
                    AnsiTransactionManager::commit_transaction(pg)?;
                }
            }
            Ok(())
        })
    }

    /// Takes the records away again: they were counted nowhere.
    pub fn take_away(self, place: &Place) -> Result<()> {
        let clerk = self.clerk;
        drop(self);
        let name = if place.is_sqlite() { format!("X'{}'", clerk.simple()) } else { format!("'{clerk}'") };
        place.execute(&format!("DELETE FROM assistance_records WHERE created_by = {name}"))
    }
}

fn postgres(conn: Conn) -> Result<PgConnection> {
    match conn {
        Conn::Pg(pg) => Ok(pg),
        Conn::Sqlite(_) => Err("SQLite has one writer".into()),
    }
}
