//! The registry of metrics: what each statistic is called and exactly how it is counted.
//!
//! Everything that is shown as a figure is an entry here. The API serves the registry, and statistics are read by it.

mod livelihoods;
mod logistics;
mod metric;
mod process;
mod trade;
mod training;

pub use livelihoods::{
    BENEFITS, BUDGETS, LIFTED, LIFTED_HOUSEHOLD, PAYMENTS, PERSONS_LIFTED, POLICIES, POLICIES_ISSUED, POLICY,
};
pub use logistics::{COVERED, COVERED_VILLAGE, EQUIPPED, PARCELS, SITE, SITES};
pub use metric::{
    Employment, Ledgers, Measure, Metric, Names, Nature, Process, Reached, Reference, Running, Source, Stock, View,
};
pub use trade::{
    LIVESTREAMS, PARTNER, PARTNERS, SALES, SALES_CAMPAIGNS, SALES_PLATFORMS, SALES_PRODUCTS, STORE, STORES,
    STORES_ACTIVE, STORES_OPENED,
};
pub use training::{ATTENDANCES, TRAINED, TRAINED_EVER, TRAINEE, TRAINING_SESSIONS};

/// The ledger of assistance records, by the point that gave it and the month in which it was given.
pub const ASSISTANCE: &str = "assistance";
/// Households on the register.
pub const HOUSEHOLDS: Stock = Stock("households");
/// Members of households on the register.
pub const PERSONS: Stock = Stock("persons");
/// Village points that stand.
pub const VILLAGES: Stock = Stock("villages");
/// Households that were registered.
pub const REGISTERED: Reached = Reached { standing: "registered", ended: "registered_ended" };
/// Households that were given assistance.
pub const ASSISTED: Reached = Reached { standing: "assisted", ended: "assisted_ended" };
/// Village points that gave assistance.
pub const SERVING: Reached = Reached { standing: "serving", ended: "serving_ended" };

/// What a household counts in.
pub const HOUSEHOLD: Ledgers = Ledgers {
    stock: Some(HOUSEHOLDS),
    persons: Some(PERSONS),
    enrolled: Some(REGISTERED),
    reached: Some(ASSISTED),
    ever: None,
};
/// What a village point counts in.
pub const VILLAGE: Ledgers =
    Ledgers { stock: Some(VILLAGES), persons: None, enrolled: None, reached: Some(SERVING), ever: None };

/// What authorities have published.
pub const REFERENCES: &[Reference] = &[Reference {
    metric: "villages",
    region_code: "621200000000",
    value: 3_201,
    as_of: "2023-01-01",
    source: (
        "陇南市公布的行政村数；公布日期不详，自区划数据的版本年 2023 年起列示",
        "Administrative villages as published by the city of Longnan; the day of publication is not known, so it is shown from the edition of the divisions, 2023, on",
    ),
}];

const ASSISTANCE_KIND: Option<Names> = Some(Names::List("assistance_kind"));
const HOUSEHOLD_TYPE: Option<Names> = Some(Names::List("household_type"));
const VILLAGE_TYPE: Option<Names> = Some(Names::List("village_kind"));
const HOUSEHOLD_UNIT: (&str, &str) = ("户", "households");
const VILLAGE_UNIT: (&str, &str) = ("个", "villages");

/// Every metric, in the order in which they are shown.
pub const METRICS: &[Metric] = &[
    Metric {
        code: "assistance_count",
        zh: "帮扶次数",
        en: "Assistance given",
        unit: ("次", "times"),
        view: View::Activity,
        source: Source::Activity(ASSISTANCE, Measure::Count),
        personal: false,
        kinds: ASSISTANCE_KIND,
        types: None,
        part_of: None,
        definition: (
            "本机构及其下级在期内提供且未作废的帮扶记录条数，按提供机构和提供日期计。",
            "Assistance records that are not voided, by the point that gave the assistance and the day it was given.",
        ),
    },
    Metric {
        code: "assistance_quantity",
        zh: "帮扶数量",
        en: "Quantity of assistance",
        unit: ("件", "units"),
        view: View::Activity,
        source: Source::Activity(ASSISTANCE, Measure::Quantity),
        personal: false,
        kinds: ASSISTANCE_KIND,
        types: None,
        part_of: None,
        definition: (
            "上述帮扶记录的数量之和。",
            "The sum of the quantities of the records that assistance_count counts.",
        ),
    },
    Metric {
        code: "assistance_amount",
        zh: "帮扶金额",
        en: "Amount of assistance",
        unit: ("分", "fen"),
        view: View::Activity,
        source: Source::Activity(ASSISTANCE, Measure::Amount),
        personal: false,
        kinds: ASSISTANCE_KIND,
        types: None,
        part_of: None,
        definition: (
            "上述帮扶记录的金额之和，以分计；未填金额的按零计。",
            "The sum of the amounts, in fen, of the records that assistance_count counts; one without an amount adds nothing.",
        ),
    },
    Metric {
        code: "households",
        zh: "在册户数",
        en: "Households on the register",
        unit: HOUSEHOLD_UNIT,
        view: View::Beneficiary,
        source: Source::Standing(HOUSEHOLDS),
        personal: true,
        kinds: None,
        types: HOUSEHOLD_TYPE,
        part_of: None,
        definition: (
            "期末在册的户数，按期末所属机构和户类型计；期未结束的，按当前计。",
            "Active households at the period's end, by their home and type of that day; now, while the period runs.",
        ),
    },
    Metric {
        code: "households_registered",
        zh: "新登记户数",
        en: "Households registered",
        unit: HOUSEHOLD_UNIT,
        view: View::Beneficiary,
        source: Source::Distinct(REGISTERED),
        personal: true,
        kinds: None,
        types: HOUSEHOLD_TYPE,
        part_of: None,
        definition: (
            "登记日在期内的户数，每户一次，按期末所属机构和户类型计。",
            "Households whose day of registration lies in the period, each once, by their home and type at the period's end.",
        ),
    },
    Metric {
        code: "persons",
        zh: "在册人数",
        en: "Persons on the register",
        unit: ("人", "persons"),
        view: View::Beneficiary,
        source: Source::Standing(PERSONS),
        personal: true,
        kinds: None,
        types: HOUSEHOLD_TYPE,
        part_of: None,
        definition: (
            "期末在册户的成员人数，按期末所属机构和户类型计。",
            "Members of active households at the period's end, by the household's home and type of that day.",
        ),
    },
    Metric {
        code: "households_assisted",
        zh: "受帮扶户数",
        en: "Households assisted",
        unit: HOUSEHOLD_UNIT,
        view: View::Beneficiary,
        source: Source::Distinct(ASSISTED),
        personal: true,
        kinds: ASSISTANCE_KIND,
        types: HOUSEHOLD_TYPE,
        part_of: None,
        definition: (
            "期内至少有一条未作废帮扶记录的户数，每户一次，按期末所属机构和户类型计；各类别之和不等于合计。",
            "Households with at least one record in the period that is not voided, each once, by their home and type at the period's end; kinds do not add up to the total.",
        ),
    },
    Metric {
        code: "households_assisted_share",
        zh: "受帮扶户占比",
        en: "Share of households assisted",
        unit: HOUSEHOLD_UNIT,
        view: View::Beneficiary,
        source: Source::Share(ASSISTED, HOUSEHOLDS),
        personal: true,
        kinds: None,
        types: None,
        part_of: None,
        definition: (
            "期内受帮扶且期末仍在册的户数，与期末在册户数之比。",
            "Households assisted in the period that are still active at its end, of all that are active then.",
        ),
    },
    Metric {
        code: "villages",
        zh: "村级服务点数",
        en: "Village points",
        unit: VILLAGE_UNIT,
        view: View::Activity,
        source: Source::Standing(VILLAGES),
        personal: false,
        kinds: None,
        types: VILLAGE_TYPE,
        part_of: None,
        definition: (
            "期末已开设且未关闭的村级服务点数，按村委会和社区居委会分。",
            "Village points that have opened and are not closed at the period's end, by village committees and residents' communities.",
        ),
    },
    Metric {
        code: "villages_serving",
        zh: "有业务的村级服务点数",
        en: "Village points serving",
        unit: VILLAGE_UNIT,
        view: View::Activity,
        source: Source::Distinct(SERVING),
        personal: false,
        kinds: None,
        types: VILLAGE_TYPE,
        part_of: None,
        definition: (
            "期内至少提供一条未作废帮扶记录的村级服务点数，每点一次。",
            "Village points that gave at least one record in the period that is not voided, each once.",
        ),
    },
    Metric {
        code: "villages_serving_share",
        zh: "村级服务点业务覆盖率",
        en: "Share of village points serving",
        unit: VILLAGE_UNIT,
        view: View::Activity,
        source: Source::Share(SERVING, VILLAGES),
        personal: false,
        kinds: None,
        types: None,
        part_of: None,
        definition: (
            "期内有业务且期末仍在的村级服务点数，与期末村级服务点数之比。",
            "Village points that served in the period and still stand at its end, of all that stand then.",
        ),
    },
    trade::STORES_AT_END,
    trade::STORES_NEW,
    trade::STORES_SELLING,
    trade::STORES_SELLING_SHARE,
    trade::AMOUNT,
    trade::ORDERS,
    trade::ORDERS_PER_DAY,
    trade::BY_PLATFORM,
    trade::BY_PRODUCT,
    trade::BY_CAMPAIGN,
    trade::CUMULATIVE,
    trade::LIVESTREAM_SESSIONS,
    trade::LIVESTREAM_AMOUNT,
    trade::ACTIVE_PARTNERS,
    training::SESSIONS,
    training::ATTENDED,
    training::PERSONS_TRAINED,
    training::PERSONS_EVER,
    training::CONVERSION,
    logistics::SITES_AT_END,
    logistics::COVERAGE,
    logistics::PARCELS_HANDLED,
    logistics::WITH_BROADBAND,
    logistics::WITH_MOBILE,
    logistics::WITH_ROAD,
    logistics::WITH_POWER,
    livelihoods::HOUSEHOLDS_LIFTED,
    livelihoods::PERSONS_LIFTED_AT_END,
    livelihoods::BENEFIT_AMOUNT,
    livelihoods::MEMBERS_DISABLED,
    livelihoods::WAGE_MEAN,
    livelihoods::WAGE_MEDIAN,
    livelihoods::POLICIES_AT_END,
    livelihoods::POLICIES_NEW,
    livelihoods::PAID,
    livelihoods::PAID_SHARE,
    process::ON_TIME,
    process::RETURNED,
    process::REVIEW_HOURS,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_references_stand_beside_a_metric() {
        let mut codes: Vec<_> = METRICS.iter().map(|metric| metric.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), METRICS.len());
        assert!(METRICS.iter().all(|metric| metric.part_of.is_none_or(|whole| Metric::by_code(whole).is_some())));
        assert!(REFERENCES.iter().all(|reference| Metric::by_code(reference.metric).is_some()));
    }
}
