//! The crash test: whatever was answered is there, once, after the process was killed in the middle of its work.
//!
//! The program itself is run, on a real port and a real database. Clients write over HTTP under ids of their own; at
//! random moments the process gets SIGKILL, which no handler sees, and is started again on the same database and port.
//! A client whose answer was lost asks again with the same id, or with the same version when it changes something. At
//! the end everything that the clients were told is compared with what the server says, one by one and in its counts,
//! and `terrace verify` recounts it. After the last kill the clients do not come back: what each had under way may have
//! happened or not, but not by half and not twice.
//!
//! What is drawn is seeded; what meets a kill is up to the machine, and that is the point. SIGKILL takes the process
//! and leaves the operating system: a power cut is not tested here.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod acts;
mod check;
mod client;
mod desk;
mod http;
mod office;

#[allow(clippy::allow_attributes, dead_code, clippy::expect_used, reason = "shared with tests/api, which uses more")]
#[path = "../api/support/database.rs"]
mod database;
#[allow(clippy::allow_attributes, dead_code, reason = "shared with tests/api, which uses more")]
#[path = "../api/support/people.rs"]
mod people;

use std::{
    panic::resume_unwind,
    thread::{self, sleep},
    time::{Duration, Instant},
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

use crate::{
    acts::{Book, Doubt},
    client::{Client, Together},
    database::Backend,
    desk::{Desk, PATIENCE, Server},
    office::Office,
};

const SEED: u64 = 20_261_124;
const CLIENTS: usize = 8;
/// How often the process is killed while clients write.
const KILLS: usize = 7;

mod what_was_answered_outlives_a_kill {
    use super::*;

    #[test]
    fn sqlite() {
        run(&Desk::set_up(Backend::Sqlite).unwrap());
    }

    #[test]
    fn postgres() {
        if let Some(desk) = Desk::set_up(Backend::Postgres) {
            run(&desk);
        }
    }
}

fn run(desk: &Desk) {
    let office = Office::open(desk);
    let together = Together::default();
    let (mut book, doubts) = write_through_kills(desk, &office, &together);
    // A transaction of the killed server may still be ending inside PostgreSQL.
    desk.wait_for_silence();
    let recounted = desk.verify();
    let server = Server::start(desk);
    let in_doubt = doubts.len();
    let happened =
        doubts.into_iter().map(|doubt| check::settle(&office, &mut book, doubt)).filter(|happened| *happened).count();
    check::everything(&office, desk, &book);
    assert_eq!(desk.verify(), recounted, "beside the server");
    let counted = book.records.values().filter(|record| record.counts()).count();
    assert_eq!(recounted, (book.households.len(), counted), "households and counted records of the recount");
    // And as a dead server leaves it that had only been read from.
    server.kill();
    assert_eq!(desk.verify(), recounted, "after the end");
    let tally = together.tally();
    eprintln!("{tally}; of {in_doubt} in doubt at the end {happened} had happened; {book}");
    assert!(tally.lost > 0, "no kill met a request: nothing was tested");
}

/// Lets the clients write while the process is killed again and again. What they know at the end, and what they do not.
fn write_through_kills(desk: &Desk, office: &Office, together: &Together) -> (Book, Vec<Doubt>) {
    let mut rng = StdRng::seed_from_u64(SEED);
    thread::scope(|scope| {
        // Whatever ends this, a client stops at its next trouble; else the scope would wait for it for ever.
        let _end = together.end_when_dropped();
        let mut server = Server::start(desk);
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| scope.spawn(move || Client::new(number, SEED, office, together).work()))
            .collect();
        for kill in 1..=KILLS {
            let (before, begun) = (together.tally().acknowledged, Instant::now());
            let wanted = before + rng.gen_range(30..=150);
            while !together.wait_for(wanted, Duration::from_millis(100)) {
                assert!(begun.elapsed() < PATIENCE, "the clients come to a stop: {}", together.tally());
                if clients.iter().any(thread::ScopedJoinHandle::is_finished) {
                    break;
                }
            }
            // Some at once: the other answers of that commit are on their way.
            if rng.r#gen() {
                sleep(Duration::from_micros(rng.gen_range(0..8_000)));
            }
            server.kill();
            let round = together.tally().acknowledged - before;
            eprintln!("kill {kill}: {round} acknowledged in {:?}", begun.elapsed());
            if kill == KILLS {
                together.end();
                break;
            }
            match kill % 3 {
                // A server that finds the disorder, and
                0 => {}
                // a command that does, and has to leave it so that the next server is content;
                1 => drop(desk.verify()),
                // and one that is killed while it puts things in order.
                _ => Server::spawn(desk).kill_after(Duration::from_millis(rng.gen_range(0..60))),
            }
            server = Server::start(desk);
        }
        let mut book = Book::default();
        let mut doubts = Vec::new();
        for client in clients {
            let (own, doubt) = client.join().unwrap_or_else(|panic| resume_unwind(panic));
            book.add(own);
            doubts.extend(doubt);
        }
        (book, doubts)
    })
}
