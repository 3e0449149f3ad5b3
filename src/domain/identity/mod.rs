//! Numbers that name one person: what they look like, what they tell, and how to show them without telling.
//!
//! - Identity numbers (公民身份号码): GB 11643-1999. Six digits of region, eight of birth, three of sequence, whose last
//!   is odd for men, and a check character by ISO 7064 MOD 11-2.
//! - Disability certificates (残疾人证): the rules of the China Disabled Persons' Federation for managing them
//!   (残疾人证管理办法). The identity number, a digit of category and a digit of grade (GB/T 26341-2010), and two more
//!   places when it was issued again.
//! - Mobile numbers: the numbering plan for telecommunications of the Ministry of Industry and Information Technology
//!   (电信网编号计划). Eleven digits that begin with 13 to 19.
//!
//! The region is never checked: codes of regions change, and numbers that were issued here before 2004 begin with
//! 6226 (陇南地区) and not with 6212.

use std::fmt;

use chrono::Months;

use super::Day;

mod free_text;

pub use free_text::holds_personal_number;

/// The length of an identity number.
const LENGTH: usize = 18;

/// What each of the first seventeen digits counts for.
const WEIGHTS: [usize; LENGTH - 1] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The check character for each remainder of the weighted sum.
const CHECKS: [u8; 11] = *b"10X98765432";

/// Nobody registered is older than so many years.
const OLDEST_YEARS: u32 = 120;

/// A valid identity number in clear: never printed, never serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityNumber {
    clear: String,
    birth_on: Day,
}

impl IdentityNumber {
    /// Reads an identity number; a small x at its end becomes a capital.
    ///
    /// # Errors
    /// The first that holds: `identity_length` when it is not seventeen digits and a digit or X, `identity_checksum`,
    /// `identity_birth_date` when there is no such day or it lies after today or more than 120 years before.
    pub fn parse(text: &str, today: Day) -> Result<Self, &'static str> {
        let clear = text.to_ascii_uppercase();
        if !is_shaped(&clear) {
            return Err("identity_length");
        }
        if !check_holds(&clear) {
            return Err("identity_checksum");
        }
        let oldest = today.date().checked_sub_months(Months::new(OLDEST_YEARS * 12));
        let lives = |born: &Day| *born <= today && oldest.is_none_or(|oldest| oldest <= born.date());
        match birth_day(&clear).filter(lives) {
            Some(birth_on) => Ok(Self { clear, birth_on }),
            None => Err("identity_birth_date"),
        }
    }

    /// The number itself; for sealing, hashing, and showing to who may see it.
    pub fn expose(&self) -> &str {
        &self.clear
    }

    /// The day of birth that the number tells.
    pub fn birth_on(&self) -> Day {
        self.birth_on
    }

    /// The sex that the number tells, as a code of the list `sex`.
    pub fn sex(&self) -> &'static str {
        let male = self.clear.as_bytes().get(LENGTH - 2).is_some_and(|digit| digit % 2 == 1);
        if male { "1" } else { "2" }
    }

    /// The number as it is shown; see [`mask_identity`].
    pub fn masked(&self) -> String {
        mask_identity(&self.clear)
    }
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityNumber(…)")
    }
}

/// Whether the text is seventeen digits and a digit or X.
fn is_shaped(text: &str) -> bool {
    let place = |(at, byte): (usize, u8)| byte.is_ascii_digit() || (at == LENGTH - 1 && byte == b'X');
    text.len() == LENGTH && text.bytes().enumerate().all(place)
}

/// Whether the last character of an identity number is the one that the others ask for.
fn check_holds(number: &str) -> bool {
    number.bytes().next_back() == Some(check_character(number))
}

/// The check character that the first seventeen digits ask for.
fn check_character(digits: &str) -> u8 {
    let sum: usize = digits.bytes().zip(WEIGHTS).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    CHECKS[sum % CHECKS.len()]
}

/// The identity number that seventeen digits make.
pub fn completed(digits: &str) -> String {
    format!("{digits}{}", char::from(check_character(digits)))
}

/// The day in the middle of an identity number, if the calendar has it.
fn birth_day(number: &str) -> Option<Day> {
    format!("{}-{}-{}", number.get(6..10)?, number.get(10..12)?, number.get(12..14)?).parse().ok()
}

/// Whether the text is what follows the identity number in a disability certificate's: category and grade, and for one
/// issued again two more digits, or a B and the number of times.
fn is_certificate_end(text: &str) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    match text.as_bytes() {
        [category, grade, b'B', times] => digits(&[*category, *grade, *times]),
        all => matches!(all.len(), 2 | 4) && digits(all),
    }
}

/// What is wrong with the number of a disability certificate, if anything is: `certificate_length`,
/// `certificate_checksum` of the identity number in it, `certificate_category` when its category or grade is not the
/// one given, `certificate_identity` when it is not the person's own.
pub fn certificate_fault(
    certificate: &str,
    category: &str,
    grade: &str,
    identity: Option<&str>,
) -> Option<&'static str> {
    let clear = certificate.to_ascii_uppercase();
    let parts = clear.split_at_checked(LENGTH);
    let Some((number, end)) = parts.filter(|(number, end)| is_shaped(number) && is_certificate_end(end)) else {
        return Some("certificate_length");
    };
    if !check_holds(number) {
        Some("certificate_checksum")
    } else if end.get(..2) != Some(&format!("{category}{grade}")) {
        Some("certificate_category")
    } else if identity.is_some_and(|identity| !identity.eq_ignore_ascii_case(number)) {
        Some("certificate_identity")
    } else {
        None
    }
}

/// An identity number or a certificate's with its first six and last four characters, the rest as asterisks.
///
/// Of anything shorter than an identity number nothing is shown, since the two ends would be most of it.
pub fn mask_identity(clear: &str) -> String {
    if clear.chars().count() < LENGTH { mask(clear, 0, 0) } else { mask(clear, 6, 4) }
}

/// A telephone number with its first three and last four characters, the rest as asterisks.
///
/// Short numbers show less, first of their beginning: four characters are always hidden.
pub fn mask_phone(clear: &str) -> String {
    let spare = clear.chars().count().saturating_sub(4);
    let tail = spare.min(4);
    mask(clear, (spare - tail).min(3), tail)
}

fn mask(clear: &str, head: usize, tail: usize) -> String {
    let length = clear.chars().count();
    clear.chars().enumerate().map(|(at, c)| if at < head || at + tail >= length { c } else { '*' }).collect()
}

/// The last four digits of a telephone number, whatever stands between them; none when it has fewer.
pub fn phone_tail(clear: &str) -> Option<String> {
    let digits: String = clear.chars().filter(char::is_ascii_digit).collect();
    digits.len().checked_sub(4).and_then(|from| digits.get(from..)).map(str::to_owned)
}

/// Whether the text is a mobile number: 13 to 19 and nine digits.
pub fn is_mobile(text: &str) -> bool {
    matches!(text.as_bytes(), [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VECTOR: &str = "11010519491231002X";

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn today() -> Day {
        day("2026-11-23")
    }

    fn parsed(text: &str) -> Result<IdentityNumber, &'static str> {
        IdentityNumber::parse(text, today())
    }

    #[test]
    fn the_standard_s_own_number_is_read() {
        let number = parsed("11010519491231002x").unwrap();
        assert_eq!(number.expose(), VECTOR);
        assert_eq!((number.birth_on(), number.sex()), (day("1949-12-31"), "2"));
        assert_eq!(number.masked(), "110105********002X");
        assert!(!format!("{number:?}").contains("1949"));
    }

    #[test]
    fn any_region_will_do() {
        for region in ["621202", "622621", "622626", "999999", "000000"] {
            let number = parsed(&completed(&format!("{region}19700228001"))).unwrap();
            assert_eq!(number.sex(), "1");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_for_its_first_fault() {
        for text in
            ["", "1101051949123100", "11010519491231002XX", "1101051949123100X2", "11010519491231002Y", "１10105194912"]
        {
            assert_eq!(parsed(text), Err("identity_length"), "{text}");
        }
        assert_eq!(parsed("110105194912310021"), Err("identity_checksum"));
        assert_eq!(parsed("110105194913310020"), Err("identity_checksum"));
        let born = |date: &str| parsed(&completed(&format!("999999{date}001"))).map(|number| number.birth_on());
        for date in ["20250229", "20251301", "20250100", "20261124", "19061122", "18991231", "00000000"] {
            assert_eq!(born(date), Err("identity_birth_date"), "{date}");
        }
        for (date, expected) in [("20261123", "2026-11-23"), ("19061123", "1906-11-23"), ("20240229", "2024-02-29")] {
            assert_eq!(born(date), Ok(day(expected)));
        }
    }

    #[test]
    fn a_certificate_agrees_with_its_holder() {
        let fault = |certificate, identity| certificate_fault(certificate, "4", "2", identity);
        for good in
            ["11010519491231002x42", "11010519491231002X4201", "11010519491231002X42B1", "11010519491231002X42b1"]
        {
            assert_eq!(fault(good, None), None, "{good}");
            assert_eq!(fault(good, Some(VECTOR)), None, "{good}");
            assert_eq!(fault(good, Some("999999197001010011")), Some("certificate_identity"));
            assert_eq!(certificate_fault(good, "2", "4", None), Some("certificate_category"));
            assert_eq!(certificate_fault(good, "4", "", None), Some("certificate_category"));
        }
        for bad in [
            "",
            VECTOR,
            "11010519491231002X4",
            "11010519491231002X421",
            "11010519491231002X42BB",
            "11010519491231002X4B",
        ] {
            assert_eq!(fault(bad, None), Some("certificate_length"), "{bad}");
        }
        assert_eq!(fault("11010519491231002142", None), Some("certificate_checksum"));
    }

    #[test]
    fn telephones_are_masked_and_found_by_their_ends() {
        assert_eq!(mask_phone("13900001234"), "139****1234");
        assert_eq!(mask_phone("+86 139-0000-1234"), "+86**********1234");
        assert_eq!(mask_phone("8212345"), "****345");
        assert_eq!(mask_phone("110"), "***");
        assert_eq!(mask_identity("1234567890"), "**********");
        assert_eq!(mask_identity("11010519491231002X42"), "110105**********2X42");
        assert_eq!(phone_tail("+86 139-0000-12 34").as_deref(), Some("1234"));
        assert_eq!(phone_tail("+1-2 3"), None);
        assert!(is_mobile("13900001234") && is_mobile("19900001234"));
        for text in ["12900001234", "1390000123", "139000012345", "1390000123x", "0939-8212345", ""] {
            assert!(!is_mobile(text), "{text}");
        }
    }

    prop_compose! {
        /// A valid number of someone alive.
        pub(super) fn numbers()(region in "[0-9]{6}", age in 0_u64..43_829, sequence in "[0-9]{3}") -> String {
            let born = day("1906-11-24").plus_days(age);
            completed(&format!("{region}{}{sequence}", born.to_string().replace('-', "")))
        }
    }

    proptest! {
        #[test]
        fn valid_numbers_are_read_and_shown_without_their_middle(number in numbers()) {
            let read = parsed(&number).unwrap();
            prop_assert_eq!(read.expose(), &*number);
            prop_assert_eq!(read.birth_on().to_string().replace('-', ""), &number[6..14]);
            prop_assert_eq!(read.masked(), format!("{}********{}", &number[..6], &number[14..]));
            let certificate = format!("{number}42");
            prop_assert_eq!(certificate_fault(&certificate, "4", "2", Some(&number)), None);
            prop_assert_eq!(&mask_identity(&certificate)[6..16], "**********");
        }

        #[test]
        fn every_single_change_and_every_swap_of_neighbours_is_caught(number in numbers()) {
            for at in 0..LENGTH {
                let alphabet = if at == LENGTH - 1 { "0123456789X" } else { "0123456789" };
                for other in alphabet.chars().filter(|other| !number[at..].starts_with(*other)) {
                    let changed = format!("{}{other}{}", &number[..at], &number[at + 1..]);
                    prop_assert_eq!(parsed(&changed), Err("identity_checksum"));
                }
            }
            for at in 0..LENGTH - 2 {
                let (left, right) = (&number[at..=at], &number[at + 1..at + 2]);
                let swapped = format!("{}{right}{left}{}", &number[..at], &number[at + 2..]);
                prop_assert_eq!(parsed(&swapped).is_ok(), left == right);
            }
        }

        #[test]
        fn four_characters_of_a_telephone_number_stay_hidden(phone in "[0-9+ -]{4,20}") {
            let masked = mask_phone(&phone);
            prop_assert_eq!(masked.len(), phone.len());
            prop_assert!(masked.matches('*').count() >= 4);
            prop_assert!(masked.bytes().zip(phone.bytes()).all(|(shown, clear)| shown == clear || shown == b'*'));
        }

        #[test]
        fn any_text_can_be_judged(text in any::<String>(), other in any::<String>()) {
            prop_assert!(parsed(&text).is_err());
            prop_assert_eq!(certificate_fault(&text, &other, &other, Some(&other)), Some("certificate_length"));
            prop_assert_eq!(mask_identity(&text).chars().count(), text.chars().count());
            prop_assert_eq!(mask_phone(&text).chars().count(), text.chars().count());
            prop_assert!(phone_tail(&text).is_none_or(|tail| tail.len() == 4));
        }
    }
}
