//! The words that only classify persons.

use super::{CodeList, entry};

/// The head of the household, in the list [`RELATIONS`].
pub const HEAD: &str = "02";

/// What a member is to the head of the household (与户主关系).
///
/// The standard also has a general code for each group (40 for any grandchild) and tells husband from wife and the
/// first child from the second. Left out are 01, the person asked, who in a register is the head, and whatever the
/// sex and the birth dates say anyway: two codes for one thing would be counted apart.
pub const RELATIONS: CodeList = CodeList {
    code: "relation",
    zh: "与户主关系",
    en: "Relation to the head",
    standard: Some("GB/T 4761-2008"),
    entries: &[
        entry("02", "户主", "Head of the household"),
        entry("10", "配偶", "Spouse"),
        entry("20", "子", "Son"),
        entry("27", "养子或继子", "Adopted son or stepson"),
        entry("28", "女婿", "Son-in-law"),
        entry("29", "其他儿子", "Other son"),
        entry("30", "女", "Daughter"),
        entry("37", "养女或继女", "Adopted daughter or stepdaughter"),
        entry("38", "儿媳", "Daughter-in-law"),
        entry("39", "其他女儿", "Other daughter"),
        entry("41", "孙子", "Son's son"),
        entry("42", "孙女", "Son's daughter"),
        entry("43", "外孙子", "Daughter's son"),
        entry("44", "外孙女", "Daughter's daughter"),
        entry("45", "孙媳妇或外孙媳妇", "Grandson's wife"),
        entry("46", "孙女婿或外孙女婿", "Granddaughter's husband"),
        entry("47", "曾孙子或外曾孙子", "Great-grandson"),
        entry("48", "曾孙女或外曾孙女", "Great-granddaughter"),
        entry("49", "其他孙辈", "Other grandchild"),
        entry("51", "父亲", "Father"),
        entry("52", "母亲", "Mother"),
        entry("53", "公公", "Husband's father"),
        entry("54", "婆婆", "Husband's mother"),
        entry("55", "岳父", "Wife's father"),
        entry("56", "岳母", "Wife's mother"),
        entry("57", "继父或养父", "Stepfather or adoptive father"),
        entry("58", "继母或养母", "Stepmother or adoptive mother"),
        entry("59", "其他父母关系", "Other parent"),
        entry("61", "祖父", "Father's father"),
        entry("62", "祖母", "Father's mother"),
        entry("63", "外祖父", "Mother's father"),
        entry("64", "外祖母", "Mother's mother"),
        entry("65", "配偶的祖父母或外祖父母", "Spouse's grandparent"),
        entry("66", "曾祖父", "Great-grandfather"),
        entry("67", "曾祖母", "Great-grandmother"),
        entry("68", "配偶的曾祖父母或外曾祖父母", "Spouse's great-grandparent"),
        entry("69", "其他祖父母或外祖父母", "Other grandparent"),
        entry("71", "兄", "Elder brother"),
        entry("72", "嫂", "Elder brother's wife"),
        entry("73", "弟", "Younger brother"),
        entry("74", "弟媳", "Younger brother's wife"),
        entry("75", "姐姐", "Elder sister"),
        entry("76", "姐夫", "Elder sister's husband"),
        entry("77", "妹妹", "Younger sister"),
        entry("78", "妹夫", "Younger sister's husband"),
        entry("79", "其他兄弟姐妹", "Other brother or sister"),
        entry("81", "伯父", "Father's elder brother"),
        entry("82", "伯母", "Wife of the father's elder brother"),
        entry("83", "叔父", "Father's younger brother"),
        entry("84", "婶母", "Wife of the father's younger brother"),
        entry("85", "舅父", "Mother's brother"),
        entry("86", "舅母", "Wife of the mother's brother"),
        entry("87", "姨夫", "Husband of the mother's sister"),
        entry("88", "姨母", "Mother's sister"),
        entry("89", "姑父", "Husband of the father's sister"),
        entry("90", "姑母", "Father's sister"),
        entry("91", "堂兄弟、堂姐妹", "Cousin in the male line"),
        entry("92", "表兄弟、表姐妹", "Other cousin"),
        entry("93", "侄子", "Brother's son"),
        entry("94", "侄女", "Brother's daughter"),
        entry("95", "外甥", "Sister's son"),
        entry("96", "外甥女", "Sister's daughter"),
        entry("97", "其他亲属", "Other relative"),
        entry("99", "非亲属", "Not related"),
    ],
};

/// The sex of a person.
pub const SEXES: CodeList = CodeList {
    code: "sex",
    zh: "性别",
    en: "Sex",
    standard: Some("GB/T 2261.1-2003"),
    entries: &[
        entry("0", "未知的性别", "Unknown"),
        entry("1", "男性", "Male"),
        entry("2", "女性", "Female"),
        entry("9", "未说明的性别", "Not stated"),
    ],
};

/// The 56 peoples of China.
pub const ETHNICITIES: CodeList = CodeList {
    code: "ethnicity",
    zh: "民族",
    en: "Ethnicity",
    standard: Some("GB/T 3304-1991"),
    entries: &[
        entry("01", "汉族", "Han"),
        entry("02", "蒙古族", "Mongol"),
        entry("03", "回族", "Hui"),
        entry("04", "藏族", "Tibetan"),
        entry("05", "维吾尔族", "Uygur"),
        entry("06", "苗族", "Miao"),
        entry("07", "彝族", "Yi"),
        entry("08", "壮族", "Zhuang"),
        entry("09", "布依族", "Buyei"),
        entry("10", "朝鲜族", "Korean"),
        entry("11", "满族", "Manchu"),
        entry("12", "侗族", "Dong"),
        entry("13", "瑶族", "Yao"),
        entry("14", "白族", "Bai"),
        entry("15", "土家族", "Tujia"),
        entry("16", "哈尼族", "Hani"),
        entry("17", "哈萨克族", "Kazak"),
        entry("18", "傣族", "Dai"),
        entry("19", "黎族", "Li"),
        entry("20", "傈僳族", "Lisu"),
        entry("21", "佤族", "Va"),
        entry("22", "畲族", "She"),
        entry("23", "高山族", "Gaoshan"),
        entry("24", "拉祜族", "Lahu"),
        entry("25", "水族", "Sui"),
        entry("26", "东乡族", "Dongxiang"),
        entry("27", "纳西族", "Naxi"),
        entry("28", "景颇族", "Jingpo"),
        entry("29", "柯尔克孜族", "Kirgiz"),
        entry("30", "土族", "Tu"),
        entry("31", "达斡尔族", "Daur"),
        entry("32", "仫佬族", "Mulao"),
        entry("33", "羌族", "Qiang"),
        entry("34", "布朗族", "Blang"),
        entry("35", "撒拉族", "Salar"),
        entry("36", "毛南族", "Maonan"),
        entry("37", "仡佬族", "Gelao"),
        entry("38", "锡伯族", "Xibe"),
        entry("39", "阿昌族", "Achang"),
        entry("40", "普米族", "Pumi"),
        entry("41", "塔吉克族", "Tajik"),
        entry("42", "怒族", "Nu"),
        entry("43", "乌孜别克族", "Uzbek"),
        entry("44", "俄罗斯族", "Russian"),
        entry("45", "鄂温克族", "Ewenki"),
        entry("46", "德昂族", "De'ang"),
        entry("47", "保安族", "Bonan"),
        entry("48", "裕固族", "Yugur"),
        entry("49", "京族", "Gin"),
        entry("50", "塔塔尔族", "Tatar"),
        entry("51", "独龙族", "Derung"),
        entry("52", "鄂伦春族", "Oroqen"),
        entry("53", "赫哲族", "Hezhen"),
        entry("54", "门巴族", "Monba"),
        entry("55", "珞巴族", "Lhoba"),
        entry("56", "基诺族", "Jino"),
    ],
};

/// How far a person went to school, in the steps of the poverty registers (文化程度).
pub const EDUCATION: CodeList = CodeList {
    code: "education",
    zh: "文化程度",
    en: "Education",
    standard: None,
    entries: &[
        entry("illiterate", "文盲或半文盲", "Illiterate or nearly so"),
        entry("primary", "小学", "Primary school"),
        entry("junior_secondary", "初中", "Junior secondary school"),
        entry("senior_secondary", "高中", "Senior secondary school"),
        entry("junior_college", "大专", "Junior college"),
        entry("university", "本科及以上", "University"),
    ],
};

/// A person's health; several may hold.
pub const HEALTH: CodeList = CodeList {
    code: "health",
    zh: "健康状况",
    en: "Health",
    standard: None,
    entries: &[
        entry("healthy", "健康", "Healthy"),
        entry("chronic_illness", "长期慢性病", "Long chronic illness"),
        entry("serious_illness", "患有大病", "Serious illness"),
        entry("disabled", "残疾", "Disabled"),
    ],
};

/// What work a person is able to do (劳动技能).
pub const LABOUR_SKILLS: CodeList = CodeList {
    code: "labour_skill",
    zh: "劳动技能",
    en: "Ability to work",
    standard: None,
    entries: &[
        entry("ordinary", "普通劳动力", "Ordinary worker"),
        entry("skilled", "技能劳动力", "Skilled worker"),
        entry("weak", "弱劳动力或半劳动力", "Weak or half a worker"),
        entry("lost", "丧失劳动力", "Ability to work lost"),
        entry("none", "无劳动力", "No worker"),
    ],
};

/// The kind of a disability, as the disability certificate numbers it.
pub const DISABILITY_CATEGORIES: CodeList = CodeList {
    code: "disability_category",
    zh: "残疾类别",
    en: "Kind of disability",
    standard: Some("GB/T 26341-2010"),
    entries: &[
        entry("1", "视力残疾", "Visual"),
        entry("2", "听力残疾", "Hearing"),
        entry("3", "言语残疾", "Speech"),
        entry("4", "肢体残疾", "Physical"),
        entry("5", "智力残疾", "Intellectual"),
        entry("6", "精神残疾", "Mental"),
        entry("7", "多重残疾", "Multiple"),
    ],
};

/// How grave a disability is, the gravest first.
pub const DISABILITY_GRADES: CodeList = CodeList {
    code: "disability_grade",
    zh: "残疾等级",
    en: "Grade of disability",
    standard: Some("GB/T 26341-2010"),
    entries: &[
        entry("1", "一级", "Grade 1"),
        entry("2", "二级", "Grade 2"),
        entry("3", "三级", "Grade 3"),
        entry("4", "四级", "Grade 4"),
    ],
};

/// Why a member is registered without an identity number.
pub const NO_IDENTITY_REASONS: CodeList = CodeList {
    code: "no_identity_reason",
    zh: "无身份证号原因",
    en: "Reason for no identity number",
    standard: None,
    entries: &[
        entry("infant", "婴幼儿未落户", "Infant not yet registered"),
        entry("not_issued", "未办理户口", "Never issued"),
        entry("lost", "证件遗失", "Papers lost"),
        entry("foreign", "外籍人员", "Foreign national"),
        entry("unknown", "不详", "Not known"),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(list: &CodeList) -> Vec<&'static str> {
        list.entries.iter().map(|entry| entry.code).collect()
    }

    #[test]
    fn the_codes_of_a_standard_are_the_standard_s() {
        let numbered = |range: std::ops::RangeInclusive<u32>, width: usize| -> Vec<String> {
            range.map(|number| format!("{number:0width$}")).collect()
        };
        assert_eq!(codes(&ETHNICITIES), numbered(1..=56, 2));
        assert_eq!(codes(&DISABILITY_CATEGORIES), numbered(1..=7, 1));
        assert_eq!(codes(&DISABILITY_GRADES), numbered(1..=4, 1));
        assert_eq!(codes(&SEXES), ["0", "1", "2", "9"]);
        let relations = codes(&RELATIONS);
        assert!(relations.is_sorted() && relations.iter().all(|code| code.len() == 2));
        for code in [HEAD, "10", "20", "28", "30", "38", "41", "44", "51", "56", "61", "64", "93", "97", "99"] {
            assert!(relations.contains(&code), "{code}");
        }
    }
}
