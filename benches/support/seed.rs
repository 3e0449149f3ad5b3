//! Households and records in numbers, written past the program, as years of the network would have left them.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use terrace::{
    db::{Conn, assistance_records::AssistanceRecord},
    domain::{Day, Id, Instant, codes::RecordState},
};

use super::{
    Result,
    network::Network,
    rows::{Rows, STATEMENT, TRANSACTION, Value, together},
};

/// Kinds of assistance.
pub const KINDS: [&str; 8] = [
    "guidance",
    "exhibition_sales",
    "incubation",
    "brand_operation",
    "logistics",
    "distribution",
    "training",
    "convenience",
];

/// Records lie within so many days before today.
const RECORD_DAYS: u64 = 730;

/// A household and the village that is its home.
#[derive(Clone, Copy)]
pub struct Home {
    /// The household.
    pub id: Id,
    /// Its home.
    pub village: Id,
}

/// A network with households.
pub struct Seeded {
    /// The tree.
    pub network: Network,
    /// The account that wrote what was not written through the API.
    pub clerk: Id,
    /// The first day on which assistance was given.
    pub first_day: Day,
    households: Vec<Home>,
    by_county: Vec<Vec<usize>>,
}

impl Seeded {
    /// A network without households yet. Records will lie before `today`.
    pub fn new(network: Network, clerk: Id, today: Day) -> Result<Self> {
        let first_day = days_before(today, RECORD_DAYS)?;
        let by_county = vec![Vec::new(); network.counties.len()];
        Ok(Self { network, clerk, first_day, households: Vec::new(), by_county })
    }

    /// Notes a household of a county.
    pub(super) fn note(&mut self, home: Home, county: usize) {
        self.by_county[county].push(self.households.len());
        self.households.push(home);
    }

    /// The counties, by number, that have households.
    pub fn counties_with_households(&self) -> Vec<usize> {
        (0..self.by_county.len()).filter(|county| !self.by_county[*county].is_empty()).collect()
    }

    /// Any household of a county.
    pub fn any_of_county(&self, county: usize, rng: &mut StdRng) -> Home {
        let numbers = &self.by_county[county];
        self.households[numbers[rng.gen_range(0..numbers.len())]]
    }

    /// Writes so many records over the last two years, in the order in which they were given. Each call has a seed of its
    /// own.
    pub fn records(&self, conn: &mut Conn, (number, seed): (usize, u64)) -> Result<()> {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut records = Rows::of(
            conn,
            "assistance_records",
            "id, household_id, service_point_id, kind, given_on, quantity, amount_fen, state, version, created_by, \
             request_digest, created_at, updated_at",
        );
        for begin in (0..number).step_by(TRANSACTION) {
            together(conn, |conn| {
                for at in begin..number.min(begin + TRANSACTION) {
                    let day = self.first_day.plus_days(RECORD_DAYS * at as u64 / number as u64);
                    let record = self.record_of(day, noon_of(day), &mut rng);
                    records.push(&[
                        Value::Id(record.id),
                        Value::Id(record.household_id),
                        Value::Id(record.service_point_id),
                        Value::Text(&record.kind),
                        Value::Day(record.given_on),
                        Value::Int(record.quantity),
                        record.amount_fen.map_or(Value::Null, Value::Int),
                        Value::Text(record.state.code()),
                        Value::Int(record.version),
                        Value::Id(record.created_by),
                        Value::Bytes(&record.request_digest),
                        Value::Instant(record.created_at),
                        Value::Instant(record.updated_at),
                    ])?;
                    if at % STATEMENT == STATEMENT - 1 {
                        records.flush(conn)?;
                    }
                }
                records.flush(conn)
            })?;
        }
        Ok(())
    }

    /// A record of this moment, not written anywhere.
    pub fn record(&self, now: Instant, rng: &mut StdRng) -> AssistanceRecord {
        self.record_of(now.day(), now, rng)
    }

    fn record_of(&self, day: Day, now: Instant, rng: &mut StdRng) -> AssistanceRecord {
        let home = self.households[rng.gen_range(0..self.households.len())];
        AssistanceRecord {
            id: Id::from_parts(now, rng.r#gen()),
            household_id: home.id,
            member_id: None,
            service_point_id: home.village,
            kind: KINDS[rng.gen_range(0..KINDS.len())].to_owned(),
            subkind: None,
            given_on: day,
            quantity: rng.gen_range(1..20),
            unit: None,
            amount_fen: Some(rng.gen_range(1..100_000)),
            note: None,
            state: RecordState::Active,
            void_reason: None,
            version: 1,
            created_by: self.clerk,
            request_digest: rng.r#gen::<[u8; 32]>().to_vec(),
            created_at: now,
            updated_at: now,
        }
    }
}

/// A day so many days earlier.
pub fn days_before(day: Day, days: u64) -> Result<Day> {
    let earlier = day.date().checked_sub_days(chrono::Days::new(days)).and_then(Day::new);
    Ok(earlier.ok_or("the clock is out of range")?)
}

/// Noon in China.
pub fn noon_of(day: Day) -> Instant {
    Instant::from_naive_utc(day.date().and_time(chrono::NaiveTime::MIN)).plus_seconds(4 * 3600)
}
