//! The metrics of stores, sales, livestreams and partners.

use super::{Ledgers, Measure, Metric, Names, Reached, Source, Stock, View};
use crate::domain::codes::Catalogue;

/// Sales, by channel.
pub const SALES: &str = "sales";
/// Opening balances of sales.
pub const SALES_OPENING: &str = "sales_opening";
/// The same sales by platform, as far as they were made on one.
pub const SALES_PLATFORMS: &str = "sales_platforms";
/// The same sales by product, as far as one is named.
pub const SALES_PRODUCTS: &str = "sales_products";
/// The same sales by campaign, as far as they were made in one.
pub const SALES_CAMPAIGNS: &str = "sales_campaigns";
/// Livestreams, by platform.
pub const LIVESTREAMS: &str = "livestreams";
/// Open stores.
pub const STORES: Stock = Stock("stores");
/// Stores that were opened.
pub const STORES_OPENED: Reached = Reached { standing: "stores_opened", ended: "stores_opened_ended" };
/// Stores that sold something.
pub const STORES_ACTIVE: Reached = Reached { standing: "stores_active", ended: "stores_active_ended" };
/// Partners with an agreement in force.
pub const PARTNERS: Stock = Stock("partners");

/// What a store counts in.
pub const STORE: Ledgers = Ledgers {
    stock: Some(STORES),
    persons: None,
    enrolled: Some(STORES_OPENED),
    reached: Some(STORES_ACTIVE),
    ever: None,
};
/// What a partner counts in.
pub const PARTNER: Ledgers =
    Ledgers { stock: Some(PARTNERS), persons: None, enrolled: None, reached: None, ever: None };

const STORE_UNIT: (&str, &str) = ("家", "stores");
const FEN: (&str, &str) = ("分", "fen");
const ORDER_UNIT: (&str, &str) = ("单", "orders");
const PLATFORMS: Option<Names> = Some(Names::Items(Catalogue::Platform));
const CHANNELS: Option<Names> = Some(Names::List("sales_channel"));
const WHOLE: Option<&str> = Some("sales_amount");

/// What most of these metrics have in common.
const PLAIN: Metric = Metric {
    code: "",
    zh: "",
    en: "",
    unit: FEN,
    view: View::Activity,
    source: Source::Activity(SALES, Measure::Amount),
    personal: false,
    kinds: None,
    types: None,
    part_of: None,
    definition: ("", ""),
};

pub(super) const STORES_AT_END: Metric = Metric {
    code: "stores",
    zh: "网店数",
    en: "Open stores",
    unit: STORE_UNIT,
    source: Source::Standing(STORES),
    types: PLATFORMS,
    definition: (
        "期末仍在经营的网店数（关闭日当天仍算经营），按管理机构和平台计；期未结束的，按当前计。",
        "Stores that have opened and are not closed at the period's end, by the point that keeps them and by platform; now, while the period runs.",
    ),
    ..PLAIN
};

pub(super) const STORES_NEW: Metric = Metric {
    code: "stores_opened",
    zh: "新开网店数",
    en: "Stores opened",
    unit: STORE_UNIT,
    source: Source::Distinct(STORES_OPENED),
    types: PLATFORMS,
    definition: (
        "开店日在期内的网店数，每店一次，期末已关闭的也计。",
        "Stores whose first day lies in the period, each once, those that have closed since among them.",
    ),
    ..PLAIN
};

pub(super) const STORES_SELLING: Metric = Metric {
    code: "stores_active",
    zh: "活跃网店数",
    en: "Active stores",
    unit: STORE_UNIT,
    source: Source::Distinct(STORES_ACTIVE),
    types: PLATFORMS,
    definition: (
        "期内至少有一条未作废销售记录的网店数，每店一次。",
        "Stores with at least one sales report in the period that is not voided, each once.",
    ),
    ..PLAIN
};

pub(super) const STORES_SELLING_SHARE: Metric = Metric {
    code: "stores_active_share",
    zh: "网店活跃率",
    en: "Share of stores active",
    unit: STORE_UNIT,
    source: Source::Share(STORES_ACTIVE, STORES),
    definition: (
        "期内活跃且期末仍在经营的网店数，与期末网店数之比。",
        "Stores that were active in the period and are open at its end, of all that are open then.",
    ),
    ..PLAIN
};

pub(super) const AMOUNT: Metric = Metric {
    code: "sales_amount",
    zh: "销售额",
    en: "Sales",
    source: Source::Activity(SALES, Measure::Amount),
    kinds: CHANNELS,
    definition: (
        "本机构及其下级的网店和机构在期内未作废销售记录的金额之和，以分计，按渠道分；按月填报的计入该月。",
        "The sum of the amounts, in fen, of sales reports that are not voided, by channel and by the point that keeps the store or sold itself; a report of a month counts in that month.",
    ),
    ..PLAIN
};

pub(super) const ORDERS: Metric = Metric {
    code: "sales_orders",
    zh: "订单数",
    en: "Orders",
    unit: ORDER_UNIT,
    source: Source::Activity(SALES, Measure::Quantity),
    kinds: CHANNELS,
    definition: ("上述销售记录的订单数之和。", "The sum of the orders of the reports that sales_amount counts."),
    ..PLAIN
};

pub(super) const ORDERS_PER_DAY: Metric = Metric {
    code: "orders_per_day",
    zh: "日均订单数",
    en: "Orders per day",
    unit: ORDER_UNIT,
    source: Source::PerDay(SALES, Measure::Quantity),
    definition: (
        "期内订单数与期内已到天数之比。",
        "The orders of the period, beside the number of its days that have begun.",
    ),
    ..PLAIN
};

pub(super) const BY_PLATFORM: Metric = Metric {
    code: "platform_sales",
    zh: "平台销售额",
    en: "Sales on platforms",
    source: Source::Activity(SALES_PLATFORMS, Measure::Amount),
    kinds: PLATFORMS,
    part_of: WHOLE,
    definition: (
        "销售额中由网店在平台上实现的部分，按平台分；是销售额的一部分，不得与其相加。",
        "That part of sales_amount which stores made on a platform, by platform; never to be added to it.",
    ),
    ..PLAIN
};

pub(super) const BY_PRODUCT: Metric = Metric {
    code: "product_sales",
    zh: "产品销售额",
    en: "Sales of products",
    source: Source::Activity(SALES_PRODUCTS, Measure::Amount),
    kinds: Some(Names::Items(Catalogue::Product)),
    part_of: WHOLE,
    definition: (
        "销售额中写明产品的部分，按产品分；是销售额的一部分，不得与其相加。",
        "That part of sales_amount which names a product, by product; never to be added to it.",
    ),
    ..PLAIN
};

pub(super) const BY_CAMPAIGN: Metric = Metric {
    code: "campaign_sales",
    zh: "活动销售额",
    en: "Sales in campaigns",
    source: Source::Activity(SALES_CAMPAIGNS, Measure::Amount),
    kinds: Some(Names::Items(Catalogue::Campaign)),
    part_of: WHOLE,
    definition: (
        "销售额中归入某项促销活动的部分，按活动分，每条记录至多归入一项；是销售额的一部分，不得与其相加。",
        "That part of sales_amount which was made in a campaign, by campaign, each report in one at most; never to be added to it.",
    ),
    ..PLAIN
};

pub(super) const CUMULATIVE: Metric = Metric {
    code: "sales_cumulative",
    zh: "累计销售额",
    en: "Cumulative sales",
    source: Source::Cumulative(SALES, Measure::Amount, SALES_OPENING),
    definition: (
        "截至期末的全部销售额，加上期末以前生效的期初数；期初数所含时段不再录入销售。",
        "All of sales_amount up to the period's end, and the opening balances of days up to it; no sales are taken for the time that an opening balance stands for.",
    ),
    ..PLAIN
};

pub(super) const LIVESTREAM_SESSIONS: Metric = Metric {
    code: "livestream_sessions",
    zh: "直播场次",
    en: "Livestream sessions",
    unit: ("场", "sessions"),
    source: Source::Activity(LIVESTREAMS, Measure::Count),
    kinds: PLATFORMS,
    definition: (
        "期内未作废的直播场次，按网店的管理机构和平台计。",
        "Livestreams in the period that are not voided, by the point that keeps the store and by platform.",
    ),
    ..PLAIN
};

pub(super) const LIVESTREAM_AMOUNT: Metric = Metric {
    code: "livestream_sales",
    zh: "直播销售额",
    en: "Sales in livestreams",
    source: Source::Activity(LIVESTREAMS, Measure::Amount),
    kinds: PLATFORMS,
    part_of: WHOLE,
    definition: (
        "上述直播场次中登记的销售额；已含在网店的销售记录中，不得与销售额相加。",
        "What the livestreams themselves note as sold; the store's sales reports hold it too, so it is never to be added to sales_amount.",
    ),
    ..PLAIN
};

pub(super) const ACTIVE_PARTNERS: Metric = Metric {
    code: "partners",
    zh: "合作单位数",
    en: "Partners",
    unit: ("家", "partners"),
    source: Source::Standing(PARTNERS),
    types: Some(Names::List("partner_kind")),
    definition: (
        "期末当月末（期未结束的，为本月末）至少有一份有效协议的合作单位数，按登记机构和单位类别计。",
        "Partners with at least one agreement in force at the end of the period's last month, or of this month while the period runs, by the point that keeps them and by kind.",
    ),
    ..PLAIN
};
