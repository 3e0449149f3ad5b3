//! The metrics of training: sessions (期数), attendances (人次) and persons (人数) are three different things.

use super::{Ledgers, Measure, Metric, Names, Reached, Source, Stock, View};

/// Training sessions, by topic.
pub const TRAINING_SESSIONS: &str = "training_sessions";
/// Attendances, by the session's topic and host.
pub const ATTENDANCES: &str = "attendances";
/// Opening balances of persons trained.
pub const TRAINED_OPENING: &str = "trained_opening";
/// Persons who attended.
pub const TRAINED: Reached = Reached { standing: "trained", ended: "trained_ended" };
/// Persons who have ever attended.
pub const TRAINED_EVER: Stock = Stock("trained_ever");

/// What a person counts in who attends.
pub const TRAINEE: Ledgers =
    Ledgers { stock: None, persons: None, enrolled: None, reached: Some(TRAINED), ever: Some(TRAINED_EVER) };

const TOPICS: Option<Names> = Some(Names::List("training_topic"));
const PERSON_UNIT: (&str, &str) = ("人", "persons");

pub(super) const SESSIONS: Metric = Metric {
    code: "training_sessions",
    zh: "培训期数",
    en: "Training sessions",
    unit: ("期", "sessions"),
    view: View::Activity,
    source: Source::Activity(TRAINING_SESSIONS, Measure::Count),
    personal: false,
    kinds: TOPICS,
    types: None,
    part_of: None,
    definition: (
        "首日在期内且未作废的培训班期数，按举办机构和主题计。",
        "Training sessions whose first day lies in the period and that are not voided, by the point that holds them and by topic.",
    ),
};

pub(super) const ATTENDED: Metric = Metric {
    code: "training_attendances",
    zh: "培训人次",
    en: "Training attendances",
    unit: ("人次", "attendances"),
    source: Source::Activity(ATTENDANCES, Measure::Quantity),
    definition: (
        "上述培训班未作废参训记录的人次之和，按名单的每人一次，按人头的按人头数。",
        "The heads of the attendances of these sessions that are not voided: one for a person by name, and as many as were counted where nobody was named.",
    ),
    ..SESSIONS
};

pub(super) const PERSONS_TRAINED: Metric = Metric {
    code: "persons_trained",
    zh: "参训人数",
    en: "Persons trained",
    unit: PERSON_UNIT,
    view: View::Beneficiary,
    source: Source::Distinct(TRAINED),
    personal: true,
    kinds: None,
    types: Some(Names::List("household_type")),
    part_of: None,
    definition: (
        "期内至少参训一次的在册登记人员数，每人一次，按其户期末所属机构和户类型计；只按人头登记的不计。",
        "Persons by name who attended at least once in the period, each once, by the home and type of their household at the period's end; heads without a name are not counted.",
    ),
};

pub(super) const PERSONS_EVER: Metric = Metric {
    code: "persons_trained_cumulative",
    zh: "累计培训人数",
    en: "Persons ever trained",
    source: Source::Cumulative(TRAINED_EVER.0, Measure::Count, TRAINED_OPENING),
    types: None,
    definition: (
        "截至期末至少参训过一次的登记人员数，每人一次，按其户所属机构计，加上期末以前生效的期初数。",
        "Persons by name who have attended at least once up to the period's end, each once, by the home of their household, and the opening balances of days up to it.",
    ),
    ..PERSONS_TRAINED
};

pub(super) const CONVERSION: Metric = Metric {
    code: "training_conversion_share",
    zh: "培训转化率",
    en: "Share of trained persons with a store",
    source: Source::Converted,
    types: None,
    definition: (
        "期内参训人员中，其户在期内首次参训后 12 个月内开设网店的人数，与期内参训人数之比；未满 12 个月的，按当前计。",
        "Persons trained in the period whose household opened a store within twelve months after their first training in it, of all persons trained in it; as of now, while the twelve months run.",
    ),
    ..PERSONS_TRAINED
};
