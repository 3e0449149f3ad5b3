//! The words of logistics, organisations, policies and projects.

use super::{CodeList, Deserialize, ObjectBuilder, PartialSchema, RefOr, Schema, Serialize, ToSchema, Type, entry};

words! {
    /// A register: what stays from one day to another, and is entered and edited in one way.
    RegisterKind {
        /// A place where parcels are handled.
        LogisticsSite = "logistics_site", "物流站点", "Logistics site";
        /// A village that a logistics site serves.
        Coverage = "coverage", "物流覆盖", "Coverage";
        /// What a village is equipped with.
        Infrastructure = "infrastructure", "村级基础设施", "Village infrastructure";
        /// A person in an organisation.
        Membership = "membership", "组织成员", "Membership";
        /// A household that a store or an organisation lifts.
        BenefitLink = "benefit_link", "联农带农关系", "Benefit link";
    }
}

/// What a logistics site is.
pub const LOGISTICS_SITE_KINDS: CodeList = CodeList {
    code: "logistics_site_kind",
    zh: "物流站点类别",
    en: "Kind of logistics site",
    standard: None,
    entries: &[
        entry("express_station", "快递服务站", "Express station"),
        entry("sorting_centre", "分拨中心", "Sorting centre"),
        entry("warehouse", "仓库", "Warehouse"),
        entry("cold_store", "冷库", "Cold store"),
    ],
};

/// Which way parcels go, as the villages see it.
pub const PARCEL_DIRECTIONS: CodeList = CodeList {
    code: "parcel_direction",
    zh: "快件流向",
    en: "Direction of parcels",
    standard: None,
    entries: &[entry("in", "进港", "In"), entry("out", "出港", "Out")],
};

/// What a village may be equipped with.
pub const INFRASTRUCTURE_KINDS: CodeList = CodeList {
    code: "infrastructure_kind",
    zh: "基础设施类别",
    en: "Kind of infrastructure",
    standard: None,
    entries: &[
        entry("broadband", "宽带网络", "Broadband"),
        entry("mobile_network", "4G/5G 网络", "Mobile broadband"),
        entry("paved_road", "硬化道路", "Paved road"),
        entry("three_phase_power", "动力电", "Three-phase power"),
    ],
};

/// What somebody does in an organisation.
pub const MEMBERSHIP_ROLES: CodeList = CodeList {
    code: "membership_role",
    zh: "成员分工",
    en: "Role in an organisation",
    standard: None,
    entries: &[
        entry("maker", "生产加工", "Makes"),
        entry("seller", "销售", "Sells"),
        entry("host", "直播主播", "Hosts livestreams"),
        entry("manager", "管理", "Manages"),
        entry("other", "其他", "Other"),
    ],
};

/// How a household is lifted.
pub const BENEFIT_MODES: CodeList = CodeList {
    code: "benefit_mode",
    zh: "联农带农方式",
    en: "Way of lifting",
    standard: None,
    entries: &[
        entry("employment", "务工就业", "Employment"),
        entry("purchase", "订单收购", "Purchase by contract"),
        entry("agency_sales", "代销", "Selling for the household"),
        entry("dividend", "入股分红", "Dividends"),
        entry("land_rent", "土地流转", "Rent for land"),
        entry("other", "其他", "Other"),
    ],
};

/// What a policy document is about.
pub const POLICY_TOPICS: CodeList = CodeList {
    code: "policy_topic",
    zh: "政策主题",
    en: "Topic of a policy",
    standard: None,
    entries: &[
        entry("development", "产业发展", "Development of the industry"),
        entry("organisation", "机构建设", "Organisation"),
        entry("funding", "资金扶持", "Funding"),
        entry("logistics", "物流体系", "Logistics"),
        entry("infrastructure", "基础设施", "Infrastructure"),
        entry("training", "人才培训", "Training"),
        entry("brand", "品牌与质量", "Brands and quality"),
        entry("other", "其他", "Other"),
    ],
};

/// Where the funds of a project come from.
pub const FUNDING_SOURCES: CodeList = CodeList {
    code: "funding_source",
    zh: "资金来源",
    en: "Source of funds",
    standard: None,
    entries: &[
        entry("central", "中央财政", "Central budget"),
        entry("provincial", "省级财政", "Provincial budget"),
        entry("municipal", "市级财政", "Municipal budget"),
        entry("county", "县级财政", "County budget"),
        entry("cooperation", "东西部协作", "East-west cooperation"),
        entry("social", "社会资金", "Social funds"),
        entry("other", "其他", "Other"),
    ],
};
