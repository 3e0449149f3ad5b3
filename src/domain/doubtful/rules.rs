//! The rules themselves.

use super::{Parameter, Rule, livelihoods, trade};
use crate::domain::codes::{DoubtfulSubject as S, Severity};

/// From when on the first values hold.
pub(super) const FIRST: &str = "2020-01-01";

/// Every rule, in the order in which they are shown.
pub const RULES: &[Rule] = &[
    Rule {
        code: "identity_invalid",
        name: ("身份证号有误", "Bad identity number"),
        severity: Severity::Error,
        subject: S::Member,
        definition: (
            "在册成员的身份证号位数、出生日期或校验位不符，或密文无法解开、与检索码不符。",
            "A present member's identity number has a wrong length, day of birth or check digit, or what is kept of it cannot be opened or is not what it is found by.",
        ),
        parameters: &[],
    },
    Rule {
        code: "identity_duplicate",
        name: ("身份证号重复", "Identity number twice"),
        severity: Severity::Error,
        subject: S::Member,
        definition: (
            "在册成员的身份证号与另一在册成员相同；正常登记不会发生，仅在数据被改动或导入时出现。",
            "Another present member has the same identity number, which no entry allows and only altered or imported data can show.",
        ),
        parameters: &[],
    },
    Rule {
        code: "head_not_one",
        name: ("户主不唯一", "Not one head"),
        severity: Severity::Error,
        subject: S::Household,
        definition: (
            "在册户没有户主或有两名及以上户主（关系 02）。",
            "An active household has no head or more than one (relation 02).",
        ),
        parameters: &[],
    },
    Rule {
        code: "two_spouses",
        name: ("配偶多于一人", "Two spouses"),
        severity: Severity::Error,
        subject: S::Household,
        definition: (
            "在册户的在册成员中关系为配偶（10）的多于一人。",
            "More than one present member of an active household is the head's spouse (relation 10).",
        ),
        parameters: &[],
    },
    Rule {
        code: "idle_of_working_age",
        name: ("劳动年龄健康者登记为无劳动力", "Of working age, healthy, no worker"),
        severity: Severity::Doubtful,
        subject: S::Member,
        definition: (
            "年满起始年龄且未超过截止年龄、健康状况仅为健康的在册成员登记为无劳动力；是否在校系统未登记，在校者以说明销号。",
            "A present member between the two ages whose health is healthy alone is put down as no worker; whether somebody is at school is not kept, so a student is explained.",
        ),
        parameters: &[
            Parameter { code: "age_from", name: ("起始年龄", "From this age"), values: &[(FIRST, 16)] },
            Parameter { code: "age_to", name: ("截止年龄", "Up to this age"), values: &[(FIRST, 59)] },
        ],
    },
    Rule {
        code: "phone_malformed",
        name: ("电话号码位数不符", "Telephone number of odd length"),
        severity: Severity::Doubtful,
        subject: S::Household,
        definition: (
            "在册户或其在册成员的电话号码去掉国家代码后不是规定位数，或密文无法解开。",
            "A telephone number of an active household or its present members does not have so many digits without the country's prefix, or cannot be opened.",
        ),
        parameters: &[Parameter { code: "digits", name: ("位数", "Digits"), values: &[(FIRST, 11)] }],
    },
    Rule {
        code: "phone_shared",
        name: ("多户共用电话", "One telephone, several households"),
        severity: Severity::Doubtful,
        subject: S::Household,
        definition: (
            "在册户或其在册成员的电话号码同时登记在规定户数及以上的在册户（含本户）。",
            "A telephone number of an active household or its present members is that of at least so many active households, this one among them.",
        ),
        parameters: &[Parameter { code: "households", name: ("户数", "Households"), values: &[(FIRST, 2)] }],
    },
    Rule {
        code: "income_unusual",
        name: ("人均收入异常", "Unusual income per person"),
        severity: Severity::Doubtful,
        subject: S::Household,
        definition: (
            "在册户人均纯收入不高于下限或高于上限（分/年）；未登记收入的不计。",
            "An active household's yearly net income per person is at or below the lower limit, or above the upper one, in fen; without an income there is nothing to find.",
        ),
        parameters: &[
            Parameter { code: "low_fen", name: ("下限（分）", "Lower limit in fen"), values: &[(FIRST, 50_000)] },
            Parameter {
                code: "high_fen", name: ("上限（分）", "Upper limit in fen"), values: &[(FIRST, 3_000_000)]
            },
        ],
    },
    Rule {
        code: "never_assisted",
        name: ("登记后无帮扶", "Registered, never assisted"),
        severity: Severity::Doubtful,
        subject: S::Household,
        definition: (
            "在册户登记已超过规定天数，仍没有任何有效帮扶记录。",
            "An active household was registered more than so many days ago and no counted record of assistance names it.",
        ),
        parameters: &[Parameter { code: "days", name: ("天数", "Days"), values: &[(FIRST, 31)] }],
    },
    Rule {
        code: "given_twice",
        name: ("两处同日同类帮扶", "Given twice on a day"),
        severity: Severity::Doubtful,
        subject: S::AssistanceRecord,
        definition: (
            "当月的有效记录与另一服务点给同一户、同一天、同一类别的有效记录并存。",
            "A counted record of the month stands beside another point's counted record for the same household, kind and day.",
        ),
        parameters: &[],
    },
    Rule {
        code: "logged_late",
        name: ("补录过迟", "Logged late"),
        severity: Severity::Doubtful,
        subject: S::AssistanceRecord,
        definition: (
            "当月有效记录的录入日比帮扶日晚超过规定天数。",
            "A counted record of the month was logged more than so many days after the day it was given.",
        ),
        parameters: &[Parameter { code: "days", name: ("天数", "Days"), values: &[(FIRST, 30)] }],
    },
    Rule {
        code: "copied_notes",
        name: ("备注雷同", "Notes alike"),
        severity: Severity::Doubtful,
        subject: S::ServicePoint,
        definition: (
            "一个服务点当月的有效记录中，同一备注至少出现规定条数，且占有备注记录的规定百分比及以上。",
            "Of a point's counted records of the month at least so many, and at least so many percent of those with a note, have the same note.",
        ),
        parameters: &[
            Parameter { code: "records", name: ("条数", "Records"), values: &[(FIRST, 5)] },
            Parameter { code: "percent", name: ("百分比", "Percent"), values: &[(FIRST, 50)] },
        ],
    },
    Rule {
        code: "outside_hours",
        name: ("非工作时间集中录入", "Bursts outside working hours"),
        severity: Severity::Doubtful,
        subject: S::ServicePoint,
        definition: (
            "一个服务点当月的有效记录中，同一账号在规定分钟内、于工作时间之外录入至少规定条数。",
            "Of a point's counted records of the month one account logged at least so many within so many minutes, all outside working hours.",
        ),
        parameters: &[
            Parameter { code: "records", name: ("条数", "Records"), values: &[(FIRST, 10)] },
            Parameter { code: "minutes", name: ("分钟", "Minutes"), values: &[(FIRST, 60)] },
            Parameter { code: "from_hour", name: ("上班时点", "Work begins at"), values: &[(FIRST, 7)] },
            Parameter { code: "to_hour", name: ("下班时点", "Work ends at"), values: &[(FIRST, 21)] },
        ],
    },
    Rule {
        code: "point_silent",
        name: ("长期无业务", "Silent"),
        severity: Severity::Doubtful,
        subject: S::ServicePoint,
        definition: (
            "运行中的村级服务点至月末（当月为今日）已连续规定天数没有有效记录，且开设满该天数。",
            "A village point at work, open for so many days, gave nothing that counts in as many days up to the month's end, or today.",
        ),
        parameters: &[Parameter { code: "days", name: ("天数", "Days"), values: &[(FIRST, 30)] }],
    },
    Rule {
        code: "count_outlier",
        name: ("业务量偏离同级", "Far from its siblings"),
        severity: Severity::Doubtful,
        subject: S::ServicePoint,
        definition: (
            "服务点当月有效记录数（含下级）与同一上级的各服务点相比，修正 Z 分数绝对值超过限值（百分之一）；同级不足规定个数或中位绝对差为零的不计。",
            "The modified z-score of the month's counted records of a point's subtree among its parent's children is beyond the limit, in hundredths; with fewer children than so many, or a median deviation of zero, there is nothing to find.",
        ),
        parameters: &[
            Parameter {
                code: "score_hundredths",
                name: ("限值（百分之一）", "Limit in hundredths"),
                values: &[(FIRST, 350)],
            },
            Parameter { code: "points", name: ("同级个数", "Children"), values: &[(FIRST, 5)] },
        ],
    },
    Rule {
        code: "same_counts",
        name: ("连月数量相同", "The same count month by month"),
        severity: Severity::Doubtful,
        subject: S::ServicePoint,
        definition: (
            "服务点（含下级）当月及之前连续共规定月数的有效记录数完全相同，且不少于规定条数。",
            "A point's subtree has the same count of records, at least so many, in this month and those before it, so many months in all.",
        ),
        parameters: &[
            Parameter { code: "months", name: ("月数", "Months"), values: &[(FIRST, 3)] },
            Parameter { code: "records", name: ("条数", "Records"), values: &[(FIRST, 5)] },
        ],
    },
    Rule {
        code: "round_amounts",
        name: ("金额全为整数", "All amounts round"),
        severity: Severity::Doubtful,
        subject: S::ServicePoint,
        definition: (
            "一个服务点当月有金额的有效记录至少规定条数，且金额全部为规定单位（分）的整数倍。",
            "A point has at least so many counted records of the month with an amount above zero, and all those amounts are multiples of so many fen.",
        ),
        parameters: &[
            Parameter { code: "records", name: ("条数", "Records"), values: &[(FIRST, 5)] },
            Parameter { code: "unit_fen", name: ("单位（分）", "Unit in fen"), values: &[(FIRST, 10_000)] },
        ],
    },
    trade::SALE_LATE,
    trade::SOLD_TWICE,
    trade::ORDER_VALUE,
    trade::STORE_IDLE,
    livelihoods::ENTRY_LATE,
    livelihoods::PARCELS_REPEATED,
    livelihoods::WAGE_UNUSUAL,
    livelihoods::BENEFIT_UNUSUAL,
];
