//! The metrics of organisations, of what lifts households, of policies and projects.

use super::{Employment, Ledgers, Measure, Metric, Names, Reached, Running, Source, Stock, View};

/// Households that a store or an organisation lifts.
pub const LIFTED: Stock = Stock("households_lifted");
/// Persons in these households.
pub const PERSONS_LIFTED: Stock = Stock("persons_lifted");
/// What households received from who lifts them, by the way.
pub const BENEFITS: &str = "benefits";
/// Policy documents in force.
pub const POLICIES: Stock = Stock("policy_documents");
/// Policy documents that were issued.
pub const POLICIES_ISSUED: Reached =
    Reached { standing: "policy_documents_issued", ended: "policy_documents_issued_ended" };
/// What was paid for projects, by the source of their funds.
pub const PAYMENTS: &str = "project_payments";
/// The budgets of projects, from the month in which they begin on.
pub const BUDGETS: &str = "project_budgets";

/// What a household counts in that is lifted.
pub const LIFTED_HOUSEHOLD: Ledgers =
    Ledgers { stock: Some(LIFTED), persons: Some(PERSONS_LIFTED), enrolled: None, reached: None, ever: None };
/// What a policy document counts in.
pub const POLICY: Ledgers =
    Ledgers { stock: Some(POLICIES), persons: None, enrolled: Some(POLICIES_ISSUED), reached: None, ever: None };

const HOUSEHOLD_TYPE: Option<Names> = Some(Names::List("household_type"));
const FEN: (&str, &str) = ("分", "fen");
const PERSON_UNIT: (&str, &str) = ("人", "persons");

pub(super) const HOUSEHOLDS_LIFTED: Metric = Metric {
    code: "households_lifted",
    zh: "带动户数",
    en: "Households lifted",
    unit: ("户", "households"),
    view: View::Beneficiary,
    source: Source::Standing(LIFTED),
    personal: true,
    kinds: None,
    types: HOUSEHOLD_TYPE,
    part_of: Some("households"),
    definition: (
        "期末至少有一项有效联农带农关系的在册户数，每户一次，按期末所属机构和户类型计。",
        "Active households with at least one benefit link in force at the period's end, each once, by their home and type of that day.",
    ),
};

pub(super) const PERSONS_LIFTED_AT_END: Metric = Metric {
    code: "persons_lifted",
    zh: "带动人数",
    en: "Persons lifted",
    unit: PERSON_UNIT,
    source: Source::Standing(PERSONS_LIFTED),
    part_of: Some("persons"),
    definition: (
        "上述农户期末的成员人数，每人一次。",
        "Members of the households that households_lifted counts, at the period's end, each once.",
    ),
    ..HOUSEHOLDS_LIFTED
};

pub(super) const BENEFIT_AMOUNT: Metric = Metric {
    code: "benefit_amount",
    zh: "带动增收金额",
    en: "Benefits received",
    unit: FEN,
    view: View::Activity,
    source: Source::Activity(BENEFITS, Measure::Amount),
    personal: false,
    kinds: Some(Names::List("benefit_mode")),
    types: None,
    part_of: None,
    definition: (
        "期内登记且未作废的带动收益金额之和，以分计，按带动主体的登记机构和带动方式计；只计登记数，不作推算。",
        "The sum of the benefits, in fen, that were recorded for the period and are not voided, by the point that keeps the store or organisation and by way; what is recorded alone, nothing is inferred.",
    ),
};

pub(super) const MEMBERS_DISABLED: Metric = Metric {
    code: "members_disabled",
    zh: "残疾成员数",
    en: "Members with disabilities",
    unit: PERSON_UNIT,
    view: View::Beneficiary,
    source: Source::Employment(Employment::Disabled),
    personal: true,
    kinds: Some(Names::List("membership_role")),
    types: None,
    part_of: None,
    definition: (
        "期末在任一组织中任成员、登记有残疾的在册人员数，每人一次，按其户期末所属机构计，按分工分（一人多岗的分别计）；1–4 人的数不显示，一项不显示的，其同组各项均不显示。",
        "Persons on the register with a disability who belong to an organisation at the period's end, each once, by the home of their household then; by role, where one may have several. Numbers of 1 to 4 are hidden, and with one of them all the parts that it stands beside.",
    ),
};

pub(super) const WAGE_MEAN: Metric = Metric {
    code: "wage_mean",
    zh: "月均工资",
    en: "Mean monthly wage",
    unit: FEN,
    view: View::Activity,
    source: Source::Employment(Employment::MeanWage),
    kinds: None,
    definition: (
        "期内登记且未作废的月工资之和，与工资条数之比，按组织的登记机构计；任一月份不足 5 人的不显示，一项不显示的，其同组各项均不显示。",
        "The sum of the monthly wages recorded for the period that are not voided, beside their number, by the point that keeps the organisation; where a month tells of fewer than 5 persons nothing is shown, and with one such figure nothing of the parts that it stands beside.",
    ),
    ..MEMBERS_DISABLED
};

pub(super) const WAGE_MEDIAN: Metric = Metric {
    code: "wage_median",
    zh: "月工资中位数",
    en: "Median monthly wage",
    source: Source::Employment(Employment::MedianWage),
    definition: (
        "上述月工资的中位数；条数为双数的，取中间两数的平均，四舍五入到分。",
        "The median of the wages that wage_mean counts; of an even number, the mean of the two in the middle, rounded to a fen.",
    ),
    ..WAGE_MEAN
};

pub(super) const POLICIES_AT_END: Metric = Metric {
    code: "policy_documents",
    zh: "有效政策文件数",
    en: "Policy documents in force",
    unit: ("份", "documents"),
    view: View::Activity,
    source: Source::Standing(POLICIES),
    personal: false,
    kinds: None,
    types: Some(Names::List("policy_topic")),
    part_of: None,
    definition: (
        "期末当月末（期未结束的，为本月末）已印发且未失效的政策文件数，按登记机构和主题计。",
        "Policy documents that were issued and are in force at the end of the period's last month, or of this month while the period runs, by the point that keeps them and by topic.",
    ),
};

pub(super) const POLICIES_NEW: Metric = Metric {
    code: "policy_documents_issued",
    zh: "印发政策文件数",
    en: "Policy documents issued",
    source: Source::Distinct(POLICIES_ISSUED),
    definition: (
        "印发日在期内的政策文件数，每份一次，之后失效的也计。",
        "Policy documents whose day of issue lies in the period, each once, those that have lapsed since among them.",
    ),
    ..POLICIES_AT_END
};

pub(super) const PAID: Metric = Metric {
    code: "project_payments",
    zh: "项目支付金额",
    en: "Paid for projects",
    unit: FEN,
    source: Source::Activity(PAYMENTS, Measure::Amount),
    kinds: Some(Names::List("funding_source")),
    types: None,
    definition: (
        "期内登记且未作废的项目支付金额之和，以分计，按项目的登记机构和资金来源计。",
        "The sum of the payments, in fen, that are not voided, by the point that keeps the project and by the source of its funds.",
    ),
    ..POLICIES_AT_END
};

pub(super) const PAID_SHARE: Metric = Metric {
    code: "project_paid_share",
    zh: "项目资金支付率",
    en: "Share of budgets paid",
    unit: FEN,
    source: Source::Portion(Running(PAYMENTS, Measure::Amount), Running(BUDGETS, Measure::Amount)),
    types: None,
    definition: (
        "截至期末的项目支付金额，与期末当月以前（含当月）开工项目的预算之比。",
        "Everything paid for projects up to the period's end, of the budgets of the projects that have begun by its last month.",
    ),
    ..POLICIES_AT_END
};
