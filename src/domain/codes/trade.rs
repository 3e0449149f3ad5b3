//! The words of trade and training: catalogues, stores, sales, training sessions.

use super::{CodeList, Deserialize, ObjectBuilder, PartialSchema, RefOr, Schema, Serialize, ToSchema, Type, entry};

words! {
    /// A ledger: entries that are logged, corrected, voided and counted in one way.
    Ledger {
        /// What a store or a point sold on a day or in a month.
        Sale = "sale", "销售记录", "Sales report";
        /// A livestream of a store.
        Livestream = "livestream", "直播场次", "Livestream session";
        /// A training session.
        TrainingSession = "training_session", "培训班", "Training session";
        /// A person, or so many heads, at a training session.
        Attendance = "attendance", "参训记录", "Attendance";
        /// Parcels at a logistics site in a month, one way.
        Parcels = "parcel", "快件量", "Parcels";
        /// What a member of an organisation earned in a month.
        Wage = "wage", "工资记录", "Wage";
        /// What a household received from who lifts it.
        Benefit = "benefit", "带动收益", "Benefit";
        /// What was paid for a project.
        Payment = "payment", "项目支付", "Payment";
    }
}

words! {
    /// A list that managers at a county or the bureau keep.
    Catalogue {
        /// Who business is done with.
        Partner = "partner", "合作单位", "Partner";
        /// An agreement with a partner.
        Agreement = "agreement", "合作协议", "Agreement";
        /// Where stores are.
        Platform = "platform", "电商平台", "Platform";
        /// What is sold.
        Product = "product", "产品", "Product";
        /// A sales campaign with its days.
        Campaign = "campaign", "促销活动", "Campaign";
        /// What a cumulative figure was before the system counted.
        OpeningBalance = "opening_balance", "期初数", "Opening balance";
        /// A document that sets a policy.
        PolicyDocument = "policy_document", "政策文件", "Policy document";
        /// What is built or subsidised with public funds.
        Project = "project", "项目", "Project";
        /// A figure that somebody else has published.
        Indicator = "indicator", "外部指标", "External indicator";
    }
}

/// How something was sold.
pub const SALES_CHANNELS: CodeList = CodeList {
    code: "sales_channel",
    zh: "销售渠道",
    en: "Sales channel",
    standard: None,
    entries: &[
        entry("online", "线上", "Online"),
        entry("offline", "线下", "Offline"),
        entry("contactless", "无接触配送", "Contactless delivery"),
    ],
};

/// What kind of place for trade a platform is.
pub const PLATFORM_KINDS: CodeList = CodeList {
    code: "platform_kind",
    zh: "平台类别",
    en: "Kind of platform",
    standard: None,
    entries: &[
        entry("shelf", "货架电商", "Shelf"),
        entry("live", "直播电商", "Livestream"),
        entry("social", "社交电商", "Social"),
    ],
};

/// What business a partner is in.
pub const PARTNER_KINDS: CodeList = CodeList {
    code: "partner_kind",
    zh: "合作单位类别",
    en: "Kind of partner",
    standard: None,
    entries: &[
        entry("platform", "平台企业", "Platform operator"),
        entry("logistics", "物流企业", "Logistics"),
        entry("training", "培训机构", "Training institution"),
        entry("enterprise", "电商企业", "E-commerce enterprise"),
        entry("other", "其他", "Other"),
    ],
};

/// How far a partner's business reaches.
pub const PARTNER_REACHES: CodeList = CodeList {
    code: "partner_reach",
    zh: "经营范围",
    en: "Reach of business",
    standard: None,
    entries: &[entry("national", "全国", "National"), entry("local", "本地", "Local")],
};

/// What kind of product something is.
pub const PRODUCT_CATEGORIES: CodeList = CodeList {
    code: "product_category",
    zh: "产品类别",
    en: "Product category",
    standard: None,
    entries: &[
        entry("medicinal", "中药材", "Medicinal materials"),
        entry("spice", "调味品", "Spices"),
        entry("oil", "食用油", "Edible oil"),
        entry("nut", "坚果", "Nuts"),
        entry("fungus", "食用菌", "Fungi"),
        entry("honey", "蜂蜜", "Honey"),
        entry("fruit", "果品", "Fruit"),
        entry("tea", "茶叶", "Tea"),
        entry("grain", "粮食杂粮", "Grain"),
        entry("livestock", "畜禽产品", "Livestock products"),
        entry("handicraft", "手工艺品", "Handicrafts"),
        entry("other", "其他", "Other"),
    ],
};

/// What a training session teaches.
pub const TRAINING_TOPICS: CodeList = CodeList {
    code: "training_topic",
    zh: "培训主题",
    en: "Training topic",
    standard: None,
    entries: &[
        entry("store", "网店运营", "Running a store"),
        entry("livestream", "直播带货", "Livestream selling"),
        entry("photography", "摄影与美工", "Photography and design"),
        entry("logistics", "仓储物流", "Storage and logistics"),
        entry("brand", "品牌营销", "Branding"),
        entry("management", "电商管理", "Management"),
        entry("other", "其他", "Other"),
    ],
};

/// What an organisation is.
pub const ORGANISATION_KINDS: CodeList = CodeList {
    code: "organisation_kind",
    zh: "组织类别",
    en: "Kind of organisation",
    standard: None,
    entries: &[
        entry("cooperative", "合作社", "Cooperative"),
        entry("workshop", "帮扶车间", "Workshop"),
        entry("enterprise", "企业", "Enterprise"),
    ],
};
