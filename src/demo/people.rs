//! Invented households and their people. Every name begins with 模拟, and every identity number is of the region 999999,
//! which is never issued.

use std::collections::HashMap;

use chrono::Datelike as _;

use super::dice::Dice;
use crate::{
    app::{
        households::{Consent, RegisterHousehold},
        members::{Disability, NewMember},
    },
    domain::{
        CodeSet, Day, Id, Text,
        codes::{HEAD, MONITORED},
        identity::completed,
        income::Income,
    },
};

/// What every invented name begins with.
pub const SIMULATED: &str = "模拟";

const SURNAMES: &[&str] = &[
    "唐", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "谢", "徐", "孙", "马", "田", "胡", "郭", "林", "高", "梁",
    "罗",
];
const MEN: &[&str] =
    &["建国", "志军", "永安", "国庆", "满堂", "文斌", "海军", "新民", "小龙", "玉林", "卫东", "振华", "满仓", "来福"];
const WOMEN: &[&str] =
    &["玉梅", "海燕", "文丽", "春花", "冬梅", "桂芳", "雪莲", "宝珠", "翠云", "小兰", "巧玲", "翠芳", "彩霞", "爱琴"];

/// Sexes as identity numbers tell them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Sex {
    Male,
    Female,
}

impl Sex {
    fn other(self) -> Self {
        if self == Self::Male { Self::Female } else { Self::Male }
    }
}

/// Invents people, no identity number twice.
#[derive(Debug, Default)]
pub struct People {
    /// How many were born on a day.
    born: HashMap<(Day, Sex), u16>,
    /// How many households there are.
    households: u32,
}

/// Somebody, before there is a request.
struct Person {
    relation: &'static str,
    sex: Sex,
    age: i64,
}

impl People {
    /// A household at home at a point, registered on a day.
    pub fn household(
        &mut self,
        id: Id,
        (home, home_name): (Id, &str),
        registered_on: Day,
        dice: &mut Dice,
    ) -> RegisterHousehold {
        self.households += 1;
        let household_type = ["general", "lifted", MONITORED][dice.weighed(&[61, 28, 11])];
        let surname = dice.pick(SURNAMES);
        let persons = together(dice);
        let heads = persons.len();
        let members = persons.into_iter().map(|person| self.member(person, surname, registered_on, dice)).collect();
        let number = self.households;
        let (category, causes) = risk(household_type, dice);
        RegisterHousehold {
            id: Some(id),
            service_point_id: home,
            address: Text::new(&format!("{SIMULATED}地址 {home_name}{}号", dice.among(1..=320))),
            phone: dice.often(870).then(|| phone(dice)),
            external_number: dice.often(600).then(|| Text::new(&format!("MN{number:08}"))),
            household_type: Text::new(household_type),
            monitoring_category: category.map(Text::new),
            risk_causes: causes,
            registered_on: Some(registered_on),
            income: dice.often(820).then(|| income(registered_on, household_type, heads, dice)),
            consent: dice.often(930).then(|| Consent {
                given_on: registered_on,
                how: Text::new(["written", "oral", "electronic"][dice.weighed(&[70, 20, 10])]),
            }),
            members,
        }
    }

    fn member(&mut self, person: Person, surname: &str, registered_on: Day, dice: &mut Dice) -> NewMember {
        let Person { relation, sex, age } = person;
        let given = dice.pick(if sex == Sex::Male { MEN } else { WOMEN });
        let surname = if matches!(relation, "10" | "38" | "52") { dice.pick(SURNAMES) } else { surname };
        let born = birthday(registered_on, age, dice);
        let unnumbered = match age {
            0..=1 => dice.often(250).then_some("infant"),
            _ => dice.often(4).then_some("lost"),
        };
        let number = unnumbered.is_none().then(|| self.identity(born, sex)).flatten();
        let disability = dice.often(if age > 55 { 60 } else { 22 }).then(|| disability(number.as_deref(), dice));
        let health = match disability {
            Some(_) => "disabled",
            None if age > 55 => ["healthy", "chronic_illness", "serious_illness"][dice.weighed(&[66, 30, 4])],
            None => ["healthy", "chronic_illness", "serious_illness"][dice.weighed(&[940, 50, 10])],
        };
        let code = |code: Option<&str>| code.map(Text::new);
        NewMember {
            id: None,
            name: Text::new(&format!("{SIMULATED}{surname}{given}")),
            relation: Text::new(relation),
            sex: number.is_none().then(|| Text::new(if sex == Sex::Male { "1" } else { "2" })),
            birth_on: number.is_none().then_some(born),
            no_identity_reason: code(number.is_none().then(|| unnumbered.unwrap_or("unknown"))),
            identity_number: number.as_deref().map(Text::new),
            ethnicity: code(Some(["01", "03", "04"][dice.weighed(&[965, 15, 20])])),
            education: code(education(age, dice)),
            health: [health.to_owned()].into_iter().collect(),
            labour_skill: code(labour(age, disability.is_some(), dice)),
            disability,
            phone: (age >= 16 && dice.often(300)).then(|| phone(dice)),
            joined_on: None,
        }
    }

    /// An identity number of region 999999 that nobody else has; none when five hundred were born on that day.
    fn identity(&mut self, born: Day, sex: Sex) -> Option<String> {
        let before = self.born.entry((born, sex)).or_default();
        *before += 1;
        let sequence = *before * 2 - u16::from(sex == Sex::Male);
        let date = born.to_string().replace('-', "");
        (sequence < 1000).then(|| completed(&format!("999999{date}{sequence:03}")))
    }
}

/// Who lives together: a head, mostly with a spouse and children, sometimes with parents or grandchildren.
fn together(dice: &mut Dice) -> Vec<Person> {
    let size = 1 + dice.weighed(&[18, 30, 25, 17, 7, 3]);
    let sex = if dice.often(780) { Sex::Male } else { Sex::Female };
    let age = if size == 1 { dice.among(50..=84) } else { dice.among(29..=70) };
    let mut persons = vec![Person { relation: HEAD, sex, age }];
    let spouse = size > 1 && dice.often(900);
    if spouse {
        persons.push(Person { relation: "10", sex: sex.other(), age: (age + dice.among(-5..=4)).max(22) });
    }
    let mut parents = [("51", Sex::Male), ("52", Sex::Female)].into_iter();
    while persons.len() < size {
        let old = if age <= 58 && dice.often(260) { parents.next() } else { None };
        let child_sex = if dice.often(520) { Sex::Male } else { Sex::Female };
        persons.push(match old {
            Some((relation, sex)) => Person { relation, sex, age: age + dice.among(20..=30) },
            None if age >= 56 && dice.often(450) => {
                let relation = if child_sex == Sex::Male { "41" } else { "42" };
                Person { relation, sex: child_sex, age: (age - dice.among(44..=58)).max(1) }
            }
            None => {
                let relation = if child_sex == Sex::Male { "20" } else { "30" };
                Person { relation, sex: child_sex, age: (age - dice.among(22..=34)).max(1) }
            }
        });
    }
    persons
}

/// A birthday that makes somebody so many years old on a day.
fn birthday(on: Day, age: i64, dice: &mut Dice) -> Day {
    let years = chrono::Months::new(12 * u32::try_from(age).unwrap_or_default());
    let latest = on.date().checked_sub_months(years).and_then(Day::new).unwrap_or(on);
    latest.minus_days(dice.among(0..=364).unsigned_abs())
}

fn risk(household_type: &str, dice: &mut Dice) -> (Option<&'static str>, CodeSet) {
    const CAUSES: [&str; 8] = [
        "illness",
        "disability",
        "schooling",
        "disaster",
        "skills_shortage",
        "labour_shortage",
        "funds_shortage",
        "poor_transport",
    ];
    let monitored = household_type == MONITORED;
    let category = monitored.then(|| ["unstable", "marginal", "sudden_hardship"][dice.weighed(&[45, 35, 20])]);
    let number = match household_type {
        MONITORED => dice.among(1..=3),
        "lifted" if dice.often(160) => 1,
        _ => 0,
    };
    let causes = (0..number).map(|_| CAUSES[dice.weighed(&[30, 14, 16, 5, 12, 12, 8, 3])].to_owned()).collect();
    (category, causes)
}

fn income(registered_on: Day, household_type: &str, persons: usize, dice: &mut Dice) -> Income {
    let persons = i64::try_from(persons).unwrap_or(1);
    let percent = match household_type {
        MONITORED => 55,
        "lifted" => 85,
        _ => 120,
    };
    let mut yuan = |range| dice.among(range) * persons * percent;
    Income {
        year: registered_on.date().year() - 1,
        wages_fen: yuan(2_000..=9_500),
        business_fen: yuan(1_000..=7_500),
        property_fen: yuan(0..=300),
        transfers_fen: yuan(400..=3_000),
        business_expenses_fen: yuan(200..=2_200),
    }
}

fn disability(number: Option<&str>, dice: &mut Dice) -> Disability {
    let category = ["1", "2", "3", "4", "5", "6", "7"][dice.weighed(&[14, 20, 3, 42, 8, 9, 4])];
    let grade = ["1", "2", "3", "4"][dice.weighed(&[14, 28, 30, 28])];
    let certificate = number.filter(|_| dice.often(750)).map(|number| Text::new(&format!("{number}{category}{grade}")));
    Disability { category: Text::new(category), grade: Text::new(grade), certificate }
}

fn education(age: i64, dice: &mut Dice) -> Option<&'static str> {
    const LEVELS: [&str; 6] =
        ["illiterate", "primary", "junior_secondary", "senior_secondary", "junior_college", "university"];
    let weights = match age {
        0..=6 => return None,
        7..=12 => [0, 1, 0, 0, 0, 0],
        13..=15 => [0, 0, 1, 0, 0, 0],
        16..=22 => [0, 2, 30, 45, 13, 10],
        23..=45 => [3, 22, 45, 17, 8, 5],
        46..=60 => [12, 42, 36, 9, 1, 0],
        _ => [38, 44, 15, 3, 0, 0],
    };
    Some(LEVELS[dice.weighed(&weights)])
}

fn labour(age: i64, disabled: bool, dice: &mut Dice) -> Option<&'static str> {
    match age {
        0..=15 => Some("none"),
        _ if disabled && dice.often(550) => Some(["weak", "lost"][dice.below(2)]),
        16..=60 => Some(["ordinary", "skilled", "weak"][dice.weighed(&[76, 17, 7])]),
        61..=70 => Some(["ordinary", "weak"][dice.weighed(&[35, 65])]),
        _ => Some(["weak", "none"][dice.weighed(&[40, 60])]),
    }
}

/// A number that begins with 154, which no operator has been given.
fn phone(dice: &mut Dice) -> Text {
    Text::new(&format!("154{:08}", dice.among(0..=99_999_999)))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use validator::Validate as _;

    use super::*;
    use crate::domain::{identity::IdentityNumber, search_keys::search_keys};

    fn invented(number: usize) -> Vec<RegisterHousehold> {
        let (mut people, mut dice) = (People::default(), Dice::of(5, 5));
        let (id, day) = (Id::from_bytes([1; 16]), "2026-01-15".parse().unwrap());
        (0..number).map(|_| people.household(id, (id, "模拟村"), day, &mut dice)).collect()
    }

    #[test]
    fn people_are_simulated_and_no_number_is_given_twice() {
        let (mut numbers, today) = (HashSet::new(), "2026-01-15".parse::<Day>().unwrap());
        for household in invented(4_000) {
            household.validate().unwrap();
            assert!(household.address.starts_with(SIMULATED));
            assert_eq!(household.members.iter().filter(|member| &*member.relation == HEAD).count(), 1);
            for member in &household.members {
                assert!(member.name.starts_with(SIMULATED), "{}", &*member.name);
                assert_ne!(member.identity_number.is_some(), member.no_identity_reason.is_some());
                let Some(number) = &member.identity_number else { continue };
                let read = IdentityNumber::parse(number, today).unwrap();
                assert!(read.expose().starts_with("999999"));
                assert!(numbers.insert(number.to_string()), "{}", &**number);
            }
        }
        assert!(numbers.len() > 10_000);
    }

    #[test]
    fn relations_fit_the_ages_and_sexes() {
        let today = "2026-01-15".parse::<Day>().unwrap();
        for household in invented(2_000) {
            let of = |member: &NewMember| {
                let number = member.identity_number.as_ref().map(|text| IdentityNumber::parse(text, today).unwrap());
                let born = member.birth_on.or(number.as_ref().map(IdentityNumber::birth_on)).unwrap();
                let sex = member.sex.as_deref().map(str::to_owned).or(number.map(|number| number.sex().to_owned()));
                (born, sex.unwrap())
            };
            let (head, head_sex) = of(&household.members[0]);
            for member in &household.members[1..] {
                let (born, sex) = of(member);
                match &*member.relation {
                    "10" => assert_ne!(sex, head_sex),
                    "51" => assert!(born < head && sex == "1"),
                    "52" => assert!(born < head && sex == "2"),
                    "20" | "41" => assert!(born > head && sex == "1"),
                    "30" | "42" => assert!(born > head && sex == "2"),
                    other => panic!("{other}"),
                }
            }
        }
    }

    #[test]
    fn types_and_sizes_are_spread_as_they_should_be() {
        let (mut types, mut persons) = (BTreeMap::<String, usize>::new(), 0);
        for household in invented(10_000) {
            *types.entry(household.household_type.to_string()).or_default() += 1;
            persons += household.members.len();
            let monitored = &*household.household_type == MONITORED;
            assert_eq!(monitored, household.monitoring_category.is_some());
            assert!(!monitored || household.risk_causes.iter().next().is_some());
        }
        assert!((5_800..6_400).contains(&types["general"]) && (950..1_250).contains(&types[MONITORED]), "{types:?}");
        assert!((26_000..28_800).contains(&persons), "{persons}");
    }

    /// Each reading of a character doubles the keys of a name; there are hundreds of thousands of them.
    #[test]
    fn names_are_read_in_one_way() {
        let plain = search_keys(SIMULATED).len();
        let names = [SURNAMES, MEN, WOMEN].concat();
        let ambiguous = |name: &&str| search_keys(&format!("{SIMULATED}{name}")).len() > plain;
        assert_eq!(names.into_iter().filter(ambiguous).collect::<Vec<_>>(), [""; 0]);
    }
}
