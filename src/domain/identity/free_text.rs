//! Personal numbers that were typed where none belongs: in notes and reasons.

use super::{LENGTH, birth_day, check_holds, is_certificate_end, is_mobile, is_shaped};

/// Whether free text holds a number that names a person: an identity number, a disability certificate's, or a mobile
/// number, by itself or written with spaces or hyphens in it.
///
/// Digits that go on without a break are one number, so a longer one never counts for a part of it. An identity number
/// must hold a day besides its check character: numbers of orders are as long, and one in eleven passes the check.
pub fn holds_personal_number(text: &str) -> bool {
    // An x ends an identity number, or is a mere sign beside a number (`3x13900000000`): read it in both ways.
    [Some('X'), None].into_iter().any(|x| {
        let plain: String = text.chars().map(|c| plain(c, x)).collect();
        plain.split('|').any(|stretch| {
            let groups: Vec<&str> = stretch.split_ascii_whitespace().collect();
            (0..groups.len()).any(|first| begins_personal_number(&groups[first..]))
        })
    })
}

/// A digit, or the X, as itself, also when it is full-width; what may stand inside a number as a space; all else as
/// a bar.
fn plain(c: char, x: Option<char>) -> char {
    match c {
        '0'..='9' => c,
        '０'..='９' => u8::try_from(u32::from(c) - u32::from('０')).map_or('|', |digit| char::from(b'0' + digit)),
        'x' | 'X' | 'ｘ' | 'Ｘ' => x.unwrap_or('|'),
        '-' | '－' | '\u{2010}'..='\u{2015}' | '\u{2212}' => ' ',
        _ if c.is_whitespace() => ' ',
        _ => '|',
    }
}

/// Whether the first of these groups of digits, alone or with some that follow, are a number that names a person.
fn begins_personal_number(groups: &[&str]) -> bool {
    let mut joined = String::new();
    // No group is empty, so more of them than a certificate has places cannot be one.
    groups.iter().take(LENGTH + 4).any(|group| {
        joined.push_str(group);
        let national = joined.strip_prefix("0086").or_else(|| joined.strip_prefix("86")).unwrap_or(&joined);
        is_mobile(national)
            || joined.split_at_checked(LENGTH).is_some_and(|(number, end)| {
                let valid = is_shaped(number) && check_holds(number) && birth_day(number).is_some();
                valid && (end.is_empty() || is_certificate_end(end))
            })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::{completed, tests::numbers},
        *,
    };

    #[test]
    fn personal_numbers_are_found_in_notes() {
        for text in [
            "身份证11010519491231002X已核对",
            "11010519491231002x",
            "110105 19491231 002X",
            "110105-19491231-002-X。",
            "１１０１０５１９４９１２３１００２Ｘ",
            "证号 11010519491231002X42",
            "证号11010519491231002X42B1",
            "电话13900001234,下午在家",
            "139 0000 1234",
            "139-0000-1234",
            "139—0000—1234",
            "+8613900001234",
            "+86 139 0000 1234",
            "2026-11-23 13900001234",
            "13900001234 2026-11-23",
            "3x13900001234",
            "13900001234x2",
        ] {
            assert!(holds_personal_number(text), "{text}");
        }
        for text in [
            "",
            "代买 3 件, 2026-11-23 送到, 1390 元",
            "运单 139000012345",
            "运单 75139000012341",
            "110105194912310021",
            "111010519491231002X",
            "11010519491231002X5",
            "12900001234",
            "0939-8212345",
            "1390000,1234",
        ] {
            assert!(!holds_personal_number(text), "{text}");
        }
    }

    #[test]
    fn a_number_without_a_day_in_it_is_somebody_s_order() {
        assert!(holds_personal_number(&completed("99999920261201001")));
        assert!(!holds_personal_number(&completed("99999920261301001")));
    }

    proptest! {
        #[test]
        fn a_number_is_found_however_it_is_spaced(number in numbers(), gaps in prop::collection::vec("[ -]{0,2}", 18)) {
            let spaced: String = number.chars().zip(gaps).flat_map(|(c, gap)| [c.to_string(), gap]).collect();
            let note = format!("已核对{spaced}本人");
            prop_assert!(holds_personal_number(&note));
        }

        #[test]
        fn any_text_can_be_searched(text in any::<String>(), digits in "[0-9xX -]{0,60}") {
            let both = format!("{text}{digits}");
            prop_assert!(!holds_personal_number(&both) || both.chars().filter(|c| !c.is_alphabetic()).count() >= 11);
        }
    }
}
