//! Region codes: the 12 digits of the national statistical divisions.
//!
//! Digits 1–6 are GB/T 2260 (county), 7–9 GB/T 10114 (township), 10–12 the statistical bureau's own number
//! of the village: 001–199 a residents' community, 200 and above a village committee.

use super::codes::{Tier, VillageKind};

/// Whether the text is a region code: twelve ASCII digits.
pub fn is_region_code(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is the code of a county-level division: its last six digits are zeros, the two before them are not both.
pub fn is_county_code(text: &str) -> bool {
    is_region_code(text) && text.ends_with("000000") && &text[4..6] != "00"
}

/// The kind of village that a code names, if it is a village's.
pub fn village_kind(tier: Tier, region_code: Option<&str>) -> Option<VillageKind> {
    let code = region_code.filter(|code| tier == Tier::Village && is_region_code(code))?;
    match code[9..].parse::<u16>().ok()? {
        0 => None,
        1..=199 => Some(VillageKind::Community),
        _ => Some(VillageKind::Committee),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_three_digits_tell_the_kind_of_village() {
        let kind = |code| village_kind(Tier::Village, Some(code));
        assert_eq!(kind("621202001001"), Some(VillageKind::Community));
        assert_eq!(kind("621202001199"), Some(VillageKind::Community));
        assert_eq!(kind("621202001200"), Some(VillageKind::Committee));
        assert_eq!(kind("621202001000"), None);
        assert_eq!(kind("62120200120"), None);
        assert_eq!(village_kind(Tier::County, Some("621202001200")), None);
    }
}
