//! The words that only classify households and assistance, and all lists together.
//!
//! Where a national standard numbers the words, its codes are taken as they are, so that files of other offices can
//! be read and written without a table of translation. The other codes are this network's own.

use super::{CodeList, audit::*, entry, livelihoods::*, persons::*, trade::*};

/// What a household is in the programme's eyes (户类型).
pub const HOUSEHOLD_TYPES: CodeList = CodeList {
    code: "household_type",
    zh: "户类型",
    en: "Household type",
    standard: None,
    entries: &[
        entry("lifted", "脱贫户", "Lifted out of poverty"),
        entry(MONITORED, "监测户", "Monitored against return to poverty"),
        entry("general", "一般农户", "General rural household"),
    ],
};

/// The type of a household that is monitored.
pub const MONITORED: &str = "monitored";

/// Why a monitored household is monitored (监测对象类别).
pub const MONITORING_CATEGORIES: CodeList = CodeList {
    code: "monitoring_category",
    zh: "监测对象类别",
    en: "Monitoring category",
    standard: None,
    entries: &[
        entry("unstable", "脱贫不稳定户", "Lifted out of poverty, not yet stable"),
        entry("marginal", "边缘易致贫户", "On the margin of poverty"),
        entry("sudden_hardship", "突发严重困难户", "In sudden serious hardship"),
    ],
};

/// What may bring a household into poverty, or back into it (致贫返贫风险).
pub const RISK_CAUSES: CodeList = CodeList {
    code: "risk_cause",
    zh: "致贫返贫风险",
    en: "Risk of poverty",
    standard: None,
    entries: &[
        entry("illness", "因病", "Illness"),
        entry("disability", "因残", "Disability"),
        entry("schooling", "因学", "Cost of schooling"),
        entry("disaster", "因灾", "Disaster"),
        entry("marriage", "因婚", "Cost of a marriage"),
        entry("bereavement", "因丧", "Bereavement"),
        entry("land_shortage", "缺土地", "Lack of land"),
        entry("water_shortage", "缺水", "Lack of water"),
        entry("skills_shortage", "缺技术", "Lack of skills"),
        entry("labour_shortage", "缺劳力", "Lack of labour"),
        entry("funds_shortage", "缺资金", "Lack of funds"),
        entry("poor_transport", "交通条件落后", "Poor transport"),
        entry("low_motivation", "自身发展动力不足", "Little drive of its own"),
        entry("other", "其他", "Other"),
    ],
};

/// How a household consented to being registered.
pub const CONSENT_FORMS: CodeList = CodeList {
    code: "consent_form",
    zh: "同意方式",
    en: "Form of consent",
    standard: None,
    entries: &[
        entry("written", "书面", "Written"),
        entry("oral", "口头", "Oral"),
        entry("electronic", "电子", "Electronic"),
    ],
};

/// The kind that has subkinds.
pub const CONVENIENCE: &str = "convenience";

/// What was done for a household.
pub const ASSISTANCE_KINDS: CodeList = CodeList {
    code: "assistance_kind",
    zh: "帮扶类别",
    en: "Kind of assistance",
    standard: None,
    entries: &[
        entry("guidance", "咨询指导", "Guidance"),
        entry("exhibition_sales", "展销", "Exhibition and sales"),
        entry("incubation", "创业孵化", "Incubation"),
        entry("brand_operation", "品牌运营", "Brand operation"),
        entry("logistics", "物流", "Logistics"),
        entry("distribution", "配送", "Distribution"),
        entry("training", "培训", "Training"),
        entry(CONVENIENCE, "便民服务", "Convenience service"),
    ],
};

/// What a convenience service did on the household's behalf.
pub const ASSISTANCE_SUBKINDS: CodeList = CodeList {
    code: "assistance_subkind",
    zh: "便民服务类别",
    en: "Kind of convenience service",
    standard: None,
    entries: &[
        entry("buy", "代买", "Buying"),
        entry("sell", "代卖", "Selling"),
        entry("pay", "代缴", "Paying"),
        entry("collect", "代收", "Collecting"),
        entry("send", "代发", "Sending"),
    ],
};

/// What a quantity of assistance is counted in.
pub const QUANTITY_UNITS: CodeList = CodeList {
    code: "quantity_unit",
    zh: "数量单位",
    en: "Unit of quantity",
    standard: None,
    entries: &[
        entry("time", "次", "Time"),
        entry("piece", "件", "Piece"),
        entry("order", "单", "Order"),
        entry("hour", "小时", "Hour"),
        entry("kilogram", "公斤", "Kilogram"),
        entry("copy", "份", "Copy"),
        entry("person_time", "人次", "Person-time"),
    ],
};

/// Ready reasons for sending a report back.
pub const RETURN_PHRASES: CodeList = CodeList {
    code: "report_return_phrase",
    zh: "退回理由常用语",
    en: "Ready reasons for a return",
    standard: None,
    entries: &[
        entry("records_missing", "有帮扶未登记", "Assistance is missing"),
        entry("records_doubled", "记录重复", "Records are doubled"),
        entry("wrong_amount", "金额与凭证不符", "Amounts differ from the vouchers"),
        entry("wrong_quantity", "数量明显有误", "Quantities are plainly wrong"),
        entry("wrong_kind", "帮扶类别选错", "The kind is wrong"),
        entry("wrong_household", "记错农户", "Another household was meant"),
        entry("nil_unlikely", "零报告与实际不符", "A nil report cannot be right"),
        entry("explanation_needed", "变动较大，请说明", "Explain the change"),
    ],
};

/// Every list, as the API serves them.
pub const CODE_LISTS: &[CodeList] = &[
    HOUSEHOLD_TYPES,
    MONITORING_CATEGORIES,
    RISK_CAUSES,
    RELATIONS,
    SEXES,
    ETHNICITIES,
    EDUCATION,
    HEALTH,
    LABOUR_SKILLS,
    DISABILITY_CATEGORIES,
    DISABILITY_GRADES,
    NO_IDENTITY_REASONS,
    CONSENT_FORMS,
    ASSISTANCE_KINDS,
    ASSISTANCE_SUBKINDS,
    QUANTITY_UNITS,
    AUDIT_ACTIONS,
    AUDIT_OBJECTS,
    RETURN_PHRASES,
    SALES_CHANNELS,
    PLATFORM_KINDS,
    PARTNER_KINDS,
    PARTNER_REACHES,
    PRODUCT_CATEGORIES,
    TRAINING_TOPICS,
    ORGANISATION_KINDS,
    LOGISTICS_SITE_KINDS,
    PARCEL_DIRECTIONS,
    INFRASTRUCTURE_KINDS,
    MEMBERSHIP_ROLES,
    BENEFIT_MODES,
    POLICY_TOPICS,
    FUNDING_SOURCES,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn codes(list: &CodeList) -> Vec<&'static str> {
        list.entries.iter().map(|entry| entry.code).collect()
    }

    #[test]
    fn every_list_and_every_word_of_it_has_a_code_of_its_own() {
        let lists: BTreeSet<_> = CODE_LISTS.iter().map(|list| list.code).collect();
        assert_eq!(lists.len(), CODE_LISTS.len());
        for list in CODE_LISTS {
            let own: BTreeSet<_> = codes(list).into_iter().collect();
            assert_eq!(own.len(), list.entries.len(), "{}", list.code);
            let labels: BTreeSet<_> = list.entries.iter().map(|entry| entry.zh).collect();
            assert_eq!(labels.len(), list.entries.len(), "{}", list.code);
        }
    }

    #[test]
    fn codes_and_labels_are_short_and_clean() {
        // Actions have a dot between what and how.
        let clean =
            |code: &str| code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.');
        for list in CODE_LISTS {
            assert!(clean(list.code) && (3..=32).contains(&list.code.len()), "{}", list.code);
            assert!(!list.zh.is_empty() && !list.en.is_empty());
            assert!((2..=150).contains(&list.entries.len()), "{}", list.code);
            for entry in list.entries {
                assert!(clean(entry.code) && (1..=32).contains(&entry.code.len()), "{entry:?}");
                assert!((1..=16).contains(&entry.zh.chars().count()), "{entry:?}");
                assert!(entry.en.is_ascii() && (2..=48).contains(&entry.en.len()), "{entry:?}");
                assert_eq!((entry.zh, entry.en), (entry.zh.trim(), entry.en.trim()));
            }
        }
    }
}
