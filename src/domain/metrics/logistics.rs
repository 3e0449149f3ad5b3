//! The metrics of logistics sites, of the villages that they cover, and of what villages are equipped with.

use super::{Ledgers, Measure, Metric, Names, Running, Source, Stock, VILLAGES, View};

/// Logistics sites.
pub const SITES: Stock = Stock("logistics_sites");
/// Villages that a site covers.
pub const COVERED: Stock = Stock("villages_covered");
/// Parcels, by direction.
pub const PARCELS: &str = "parcels";

/// What a logistics site counts in.
pub const SITE: Ledgers = standing(SITES);
/// What a covered village counts in.
pub const COVERED_VILLAGE: Ledgers = standing(COVERED);
/// What a village counts in that is equipped, by the kind of infrastructure.
pub static EQUIPPED: [(&str, Ledgers); 4] = [
    ("broadband", standing(BROADBAND)),
    ("mobile_network", standing(MOBILE)),
    ("paved_road", standing(ROAD)),
    ("three_phase_power", standing(POWER)),
];

const BROADBAND: Stock = Stock("villages_broadband");
const MOBILE: Stock = Stock("villages_mobile_network");
const ROAD: Stock = Stock("villages_paved_road");
const POWER: Stock = Stock("villages_three_phase_power");

const fn standing(stock: Stock) -> Ledgers {
    Ledgers { stock: Some(stock), persons: None, enrolled: None, reached: None, ever: None }
}

/// Of the villages that stand, those that something holds of.
const fn of_villages(stock: Stock) -> Source {
    Source::Portion(Running(stock.0, Measure::Count), Running(VILLAGES.0, Measure::Count))
}

pub(super) const SITES_AT_END: Metric = Metric {
    code: "logistics_sites",
    zh: "物流站点数",
    en: "Logistics sites",
    unit: ("个", "sites"),
    view: View::Activity,
    source: Source::Standing(SITES),
    personal: false,
    kinds: None,
    types: Some(Names::List("logistics_site_kind")),
    part_of: None,
    definition: (
        "期末仍在运营的物流站点数（撤销日当天仍算运营），按登记机构和站点类别计；期未结束的，按当前计。",
        "Logistics sites that have opened and are not closed at the period's end, by the point that keeps them and by kind; now, while the period runs.",
    ),
};

pub(super) const PARCELS_HANDLED: Metric = Metric {
    code: "parcels",
    zh: "快件量",
    en: "Parcels",
    unit: ("件", "parcels"),
    source: Source::Activity(PARCELS, Measure::Quantity),
    kinds: Some(Names::List("parcel_direction")),
    types: None,
    definition: (
        "物流站点按月填报的进港、出港快件数之和，按站点的登记机构计，未作废的才计。",
        "The parcels that logistics sites report for each month, in and out, by the point that keeps the site; voided reports are left out.",
    ),
    ..SITES_AT_END
};

pub(super) const COVERAGE: Metric = Metric {
    code: "villages_covered_share",
    zh: "物流覆盖率",
    en: "Share of villages covered",
    unit: ("个", "villages"),
    source: of_villages(COVERED),
    types: Some(Names::List("village_kind")),
    definition: (
        "期末至少有一个运营中的物流站点覆盖的村级服务点数（每村一次），与期末村级服务点数之比；分类数为分子。",
        "Village points that at least one logistics site at work covers at the period's end, each once, of all village points that stand then; by kind of village the numerator is told.",
    ),
    ..SITES_AT_END
};

pub(super) const WITH_BROADBAND: Metric = Metric {
    code: "villages_broadband_share",
    zh: "宽带通村率",
    en: "Share of villages with broadband",
    source: of_villages(BROADBAND),
    definition: (
        "期末已通宽带的村级服务点数，与期末村级服务点数之比；分类数为分子。",
        "Village points with broadband at the period's end, of all village points that stand then; by kind of village the numerator is told.",
    ),
    ..COVERAGE
};

pub(super) const WITH_MOBILE: Metric = Metric {
    code: "villages_mobile_network_share",
    zh: "4G/5G 通村率",
    en: "Share of villages with mobile broadband",
    source: of_villages(MOBILE),
    definition: (
        "期末已通 4G 或 5G 网络的村级服务点数，与期末村级服务点数之比；分类数为分子。",
        "Village points with a 4G or 5G network at the period's end, of all village points that stand then; by kind of village the numerator is told.",
    ),
    ..COVERAGE
};

pub(super) const WITH_ROAD: Metric = Metric {
    code: "villages_paved_road_share",
    zh: "硬化路通村率",
    en: "Share of villages with a paved road",
    source: of_villages(ROAD),
    definition: (
        "期末已通硬化道路的村级服务点数，与期末村级服务点数之比；分类数为分子。",
        "Village points on a paved road at the period's end, of all village points that stand then; by kind of village the numerator is told.",
    ),
    ..COVERAGE
};

pub(super) const WITH_POWER: Metric = Metric {
    code: "villages_three_phase_power_share",
    zh: "动力电通村率",
    en: "Share of villages with three-phase power",
    source: of_villages(POWER),
    definition: (
        "期末已通动力电的村级服务点数，与期末村级服务点数之比；分类数为分子。",
        "Village points with three-phase power at the period's end, of all village points that stand then; by kind of village the numerator is told.",
    ),
    ..COVERAGE
};
