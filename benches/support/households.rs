//! Households with their members, written past the program. Every personal field is sealed and every name can be found, as
//! if they had come through the API.

use std::collections::HashMap;

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use terrace::{
    auth::{
        Tools,
        keys::Purpose,
        seal::{self, Place},
    },
    db::Conn,
    domain::{Day, Id, search_keys::search_keys},
};

use super::{
    Result,
    rows::{Rows, STATEMENT, TRANSACTION, Value, together},
    seed::{Home, Seeded, days_before, noon_of},
};

/// Households were registered within so many days before the first record.
const REGISTRATION_DAYS: u64 = 365;

/// Types of households, by how many of ten have them.
const TYPES: [&str; 10] =
    ["general", "general", "general", "general", "general", "general", "lifted", "lifted", "lifted", "monitored"];

const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "罗",
];
const GIVEN_NAMES: [&str; 20] = [
    "秀兰", "建国", "玉梅", "小明", "志强", "海燕", "永平", "文丽", "成林", "春花", "大山", "立新", "冬梅", "国庆",
    "金凤", "有才", "桂芳", "光明", "雪莲", "宝珠",
];

/// What is written row by row.
struct Tables {
    households: Rows,
    spans: Rows,
    members: Rows,
    keys: Rows,
    names: HashMap<String, Vec<String>>,
}

/// A person's place among all.
struct Person<'a> {
    household: Id,
    name: &'a str,
    number: usize,
    relation: &'a str,
    day: Day,
}

/// Registers so many households, the villages in turn as their homes, with two members or one.
pub fn register(seeded: &mut Seeded, tools: &Tools, conn: &mut Conn, number: usize) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(1);
    let mut tables = Tables::of(conn);
    let mut people = 0;
    for begin in (0..number).step_by(TRANSACTION) {
        together(conn, |conn| {
            for at in begin..number.min(begin + TRANSACTION) {
                let back = REGISTRATION_DAYS * (number - at) as u64 / number as u64;
                let day = days_before(seeded.first_day, back)?;
                let village = seeded.network.villages[at % seeded.network.villages.len()];
                let home = Home { id: Id::from_parts(noon_of(day), rng.r#gen()), village: village.id };
                let persons = 1 + at % 2;
                let mut name = || {
                    let (surname, given) = (rng.gen_range(0..SURNAMES.len()), rng.gen_range(0..GIVEN_NAMES.len()));
                    format!("模拟{}{}", SURNAMES[surname], GIVEN_NAMES[given])
                };
                let names: Vec<String> = (0..persons).map(|_| name()).collect();
                tables.household(seeded, tools, (home, at, day), &names, &mut rng)?;
                for (name, relation) in names.iter().zip(["02", "10"]) {
                    tables.member(
                        tools,
                        &Person { household: home.id, name, number: people, relation, day },
                        seeded.clerk,
                    )?;
                    people += 1;
                }
                seeded.note(home, village.county);
                if at % STATEMENT == STATEMENT - 1 {
                    tables.flush(conn)?;
                }
            }
            tables.flush(conn)
        })?;
    }
    Ok(())
}

impl Tables {
    fn of(conn: &Conn) -> Self {
        Self {
            households: Rows::of(
                conn,
                "households",
                "id, service_point_id, head_name, persons, address, phone, phone_tail, external_number, household_type, \
                 risk_causes, status, registered_on, version, created_by, request_digest, created_at, updated_at",
            ),
            spans: Rows::of(
                conn,
                "household_spans",
                "household_id, valid_from, service_point_id, household_type, status",
            ),
            members: Rows::of(
                conn,
                "household_members",
                "id, household_id, name, relation, sex, birth_on, identity_number, identity_hash, health, present, \
                 joined_on, version, created_by, created_at, updated_at",
            ),
            keys: Rows::of(conn, "household_member_keys", "key, member_id, household_id"),
            names: HashMap::new(),
        }
    }

    /// Parents before children, for the foreign keys.
    fn flush(&mut self, conn: &mut Conn) -> Result<()> {
        [&mut self.households, &mut self.spans, &mut self.members, &mut self.keys]
            .into_iter()
            .try_for_each(|rows| rows.flush(conn))
    }

    fn household(
        &mut self,
        seeded: &Seeded,
        tools: &Tools,
        (home, at, day): (Home, usize, Day),
        names: &[String],
        rng: &mut StdRng,
    ) -> Result<()> {
        let phone = format!("139{:08}", at % 100_000_000);
        let place = Place { table: "households", column: "phone", row: home.id };
        let sealed = seal::seal(&tools.keys, &tools.edge, place, &phone)?;
        let household_type = TYPES[at % TYPES.len()];
        let now = noon_of(day);
        self.households.push(&[
            Value::Id(home.id),
            Value::Id(home.village),
            Value::Text(&names[0]),
            Value::Int(i64::try_from(names.len())?),
            Value::Text(&format!("模拟地址 {at} 号")),
            Value::Bytes(&sealed),
            Value::Text(&phone[7..]),
            Value::Text(&format!("S{at:09}")),
            Value::Text(household_type),
            Value::Text(""),
            Value::Text("active"),
            Value::Day(day),
            Value::Int(1),
            Value::Id(seeded.clerk),
            Value::Bytes(&rng.r#gen::<[u8; 32]>()),
            Value::Instant(now),
            Value::Instant(now),
        ])?;
        self.spans.push(&[
            Value::Id(home.id),
            Value::Day(day),
            Value::Id(home.village),
            Value::Text(household_type),
            Value::Text("active"),
        ])
    }

    fn member(&mut self, tools: &Tools, person: &Person<'_>, clerk: Id) -> Result<()> {
        let now = noon_of(person.day);
        let id = Id::from_parts(now, tools.edge.random());
        let (number, birth_on, sex) = identity(person.number)?;
        let place = Place { table: "household_members", column: "identity_number", row: id };
        self.members.push(&[
            Value::Id(id),
            Value::Id(person.household),
            Value::Text(person.name),
            Value::Text(person.relation),
            Value::Text(sex),
            Value::Day(birth_on),
            Value::Bytes(&seal::seal(&tools.keys, &tools.edge, place, &number)?),
            Value::Bytes(&tools.keys.mac(Purpose::Identity, &[number.as_bytes()])),
            Value::Text(""),
            Value::Bool(true),
            Value::Day(person.day),
            Value::Int(1),
            Value::Id(clerk),
            Value::Instant(now),
            Value::Instant(now),
        ])?;
        // There are few names, and their pinyin takes longer than a row.
        let keys = self.names.entry(person.name.to_owned()).or_insert_with(|| search_keys(person.name));
        keys.iter().try_for_each(|key| self.keys.push(&[Value::Text(key), Value::Id(id), Value::Id(person.household)]))
    }
}

/// An identity number of the region 999999, which is never issued, its day of birth and its sex.
pub fn identity(number: usize) -> Result<(String, Day, &'static str)> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (back, sequence) = (number / 999, number % 999 + 1);
    let birth_on = days_before("1999-12-31".parse::<Day>()?, back as u64)?;
    let digits = format!("999999{}{sequence:03}", birth_on.date().format("%Y%m%d"));
    let sum: u32 = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = char::from(b"10X98765432"[(sum % 11) as usize]);
    Ok((format!("{digits}{check}"), birth_on, if sequence % 2 == 1 { "1" } else { "2" }))
}
