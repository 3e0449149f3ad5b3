//! The rules that a password must meet, and the one-time passwords that an administrator hands out.
//!
//! The rules are judged all at once, so that a person is told everything that is wrong in one answer. The list of
//! common passwords is embedded: a village server has no network to ask a breach service, and asking would tell it.

/// The fewest characters (Unicode scalar values) of a password.
pub const MIN_CHARACTERS: usize = 10;

/// The most characters of a password; it bounds the work of hashing.
pub const MAX_CHARACTERS: usize = 128;

/// How many of the four classes (lower case, upper case, digit, other) a password must use.
const MIN_CLASSES: usize = 3;

/// Shorter user names turn up in good passwords by chance.
const MIN_USERNAME_CHARACTERS: usize = 4;

/// One lower-case entry per line; see `is_common` for how a password is compared with it.
const COMMON: &str = include_str!("common_passwords.txt");

/// What a one-time password is drawn from: no `0`, `O`, `1`, `l` or `I`, which are confused when read or dictated.
const LETTERS: &[u8] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The drawn characters of a one-time password, without the dashes.
const DRAWN: usize = 16;

/// The drawn characters between two dashes.
const GROUP: usize = 4;

/// A rule that a password breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// It has fewer than ten characters.
    TooShort,
    /// It has more than 128 characters.
    TooLong,
    /// It uses fewer than three of lower case, upper case, digits and other characters.
    TooFewClasses,
    /// It is a well-known password, or one with digits and signs around it.
    Common,
    /// It contains the user name.
    ContainsUsername,
}

impl Weakness {
    /// Returns the code under which the interface reports and translates the rule.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::TooFewClasses => "too_few_classes",
            Self::Common => "common",
            Self::ContainsUsername => "contains_username",
        }
    }
}

/// Returns every rule that the password breaks; none means that it is acceptable.
pub fn weaknesses(password: &str, username: &str) -> Vec<Weakness> {
    let length = password.chars().count();
    let lower = lower_case(password);
    let rules = [
        (length < MIN_CHARACTERS, Weakness::TooShort),
        (length > MAX_CHARACTERS, Weakness::TooLong),
        (classes(password) < MIN_CLASSES, Weakness::TooFewClasses),
        (is_common(&lower), Weakness::Common),
        (contains_username(&lower, username), Weakness::ContainsUsername),
    ];
    let broken = rules.into_iter().filter(|(broken, _)| *broken);
    broken.map(|(_, weakness)| weakness).collect()
}

/// Returns a one-time password such as `gT7k-Wm3x-pZ9d-Hq4r`, drawn without bias from bytes of `random`.
///
/// `random` must fill the slice from a cryptographic source. A source that is stuck on one value never yields an
/// acceptable password and this function then never returns, which is better than handing out a predictable one.
pub fn random_password(random: &mut impl FnMut(&mut [u8])) -> String {
    loop {
        let drawn = draw(random);
        let mut password = String::with_capacity(DRAWN + DRAWN / GROUP);
        for (index, letter) in drawn.chars().enumerate() {
            if index > 0 && index % GROUP == 0 {
                password.push('-');
            }
            password.push(letter);
        }
        // The classes are judged without the dashes, which are known to everybody.
        if classes(&drawn) >= MIN_CLASSES && weaknesses(&password, "").is_empty() {
            return password;
        }
    }
}

fn draw(random: &mut impl FnMut(&mut [u8])) -> String {
    let mut drawn = String::with_capacity(DRAWN);
    while drawn.len() < DRAWN {
        let mut bytes = [0; DRAWN];
        random(&mut bytes);
        let missing = DRAWN - drawn.len();
        drawn.extend(bytes.into_iter().filter_map(letter).take(missing));
    }
    drawn
}

/// Returns the letter that a random byte stands for; none for the bytes left over after the last whole round of
/// letters, which would make the first letters likelier than the others.
fn letter(byte: u8) -> Option<char> {
    let byte = usize::from(byte);
    let rounds = (usize::from(u8::MAX) + 1) / LETTERS.len();
    if byte >= rounds * LETTERS.len() {
        return None;
    }
    LETTERS.get(byte % LETTERS.len()).map(|b| char::from(*b))
}

fn classes(password: &str) -> usize {
    let is_other = |c: char| !(c.is_lowercase() || c.is_uppercase() || c.is_numeric());
    let used = [
        password.contains(char::is_lowercase),
        password.contains(char::is_uppercase),
        password.contains(char::is_numeric),
        password.contains(is_other),
    ];
    used.into_iter().filter(|used| *used).count()
}

/// Says whether a lower-case password is on the list, as it stands or by its stem.
///
/// The stem is compared because whoever is made to use three classes writes `Password2024!` or `2024@Longnan`, and
/// whoever guesses passwords knows that.
fn is_common(lower: &str) -> bool {
    let own = stem(lower);
    COMMON.lines().any(|entry| entry == lower || (!own.is_empty() && stem(entry) == own))
}

/// Returns the text without the digits and signs at its two ends.
fn stem(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphabetic())
}

/// Lower-cases each character on its own; `str::to_lowercase` looks at the neighbours of a sigma, so that the same user
/// name could come out differently inside a password.
fn lower_case(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn contains_username(lower: &str, username: &str) -> bool {
    username.chars().count() >= MIN_USERNAME_CHARACTERS && lower.contains(&lower_case(username))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// A source that is good enough to test with.
    fn source(seed: u64) -> impl FnMut(&mut [u8]) {
        let mut state = seed | 1;
        move |bytes: &mut [u8]| {
            for byte in bytes {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (state >> 56) as u8;
            }
        }
    }

    #[test]
    fn accepts_a_good_password() {
        for good in ["Xj7-cloud-Barn", "梯田上的3只Sheep", "tr0ubled&Harbour", "korn blau 77 Wiese"] {
            assert_eq!(weaknesses(good, "lifang"), []);
        }
    }

    #[test]
    fn counts_characters_and_not_bytes() {
        assert_eq!(weaknesses("aB3-xkqvt", ""), [Weakness::TooShort]);
        assert_eq!(weaknesses("aB3-xkqvtz", ""), []);
        assert_eq!(weaknesses("山B3a田水木火土", ""), [Weakness::TooShort]);
        assert_eq!(weaknesses(&"xY4-".repeat(32), ""), []);
        assert_eq!(weaknesses(&format!("{}z", "xY4-".repeat(32)), ""), [Weakness::TooLong]);
    }

    #[test]
    fn wants_three_of_four_classes() {
        assert_eq!(weaknesses("kqvtzmwpxbf7", ""), [Weakness::TooFewClasses]);
        for good in ["kqvtzmwpxbF7", "kqvtzmwpxb-7", "KQVTZMWPXB-7", "kqvtzmwpxB-x"] {
            assert_eq!(weaknesses(good, ""), []);
        }
    }

    #[test]
    fn refuses_common_passwords_and_their_decorations() {
        for common in [
            "Password2024!",
            "P@ssw0rd2024",
            "Password_2024",
            "Admin@123456",
            "Woaini1314!",
            "Woaini520.",
            "2024@Longnan",
            "Terrace#2026",
            "Gansu@2025!",
            "Qwer1234!@#$",
            "1qaz2wsx!QAZ",
            "1qaz@WSX3edc",
            "!QAZ2wsx#EDC",
            "Aa123456789!",
            "Iloveyou520!",
            "Huawei12#$%",
            "Winter2025!",
            "Q1w2e3r4t5!",
            "Tanchang@123",
        ] {
            assert_eq!(weaknesses(common, ""), [Weakness::Common], "{common}");
        }
        assert_eq!(weaknesses("Passwordfence7!", ""), []);
        assert_eq!(weaknesses("1393-9123-456", ""), [Weakness::TooFewClasses]);
    }

    #[test]
    fn refuses_the_user_name() {
        assert_eq!(weaknesses("x9-LiFang-q7w", "lifang"), [Weakness::ContainsUsername]);
        assert_eq!(weaknesses("x9-Lif-q7wkkk", "lif"), []);
        assert_eq!(weaknesses("x9-李芳村站-Aq7w", "李芳村站"), [Weakness::ContainsUsername]);
    }

    #[test]
    fn reports_everything_at_once() {
        let all = weaknesses("admin", "Admin");
        let codes: Vec<&str> = all.into_iter().map(Weakness::code).collect();
        assert_eq!(codes, ["too_short", "too_few_classes", "common", "contains_username"]);
        assert_eq!(Weakness::TooLong.code(), "too_long");
    }

    #[test]
    fn the_list_is_clean() {
        let entries: BTreeSet<&str> = COMMON.lines().collect();
        assert_eq!(entries.len(), COMMON.lines().count());
        assert!(entries.len() >= 200);
        for entry in entries {
            assert!(!entry.is_empty() && entry == entry.trim() && entry == entry.to_lowercase(), "{entry:?}");
            assert!(is_common(&format!("{entry}2024!")) || stem(entry).is_empty(), "{entry:?}");
        }
    }

    #[test]
    fn every_letter_is_equally_likely() {
        let mut counts = BTreeMap::new();
        for letter in (0..=u8::MAX).filter_map(letter) {
            *counts.entry(letter).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), LETTERS.len());
        assert!(counts.values().all(|count| *count == 4));
        assert!(!counts.keys().any(|c| "0O1lI".contains(*c)));
    }

    proptest! {
        #[test]
        fn one_time_passwords_meet_the_rules(seed in any::<u64>()) {
            let mut random = source(seed);
            let first = random_password(&mut random);
            prop_assert!(weaknesses(&first, "").is_empty());
            let groups: Vec<&str> = first.split('-').collect();
            prop_assert_eq!(groups.len(), DRAWN / GROUP);
            prop_assert!(groups.iter().all(|g| g.len() == GROUP && g.bytes().all(|b| LETTERS.contains(&b))));
            prop_assert_eq!(classes(&groups.concat()), 3);
            prop_assert_ne!(random_password(&mut random), first);
        }

        #[test]
        fn any_text_can_be_judged(password in any::<String>(), username in any::<String>()) {
            let found = weaknesses(&password, &username);
            prop_assert_eq!(found.contains(&Weakness::TooShort), password.chars().count() < 10);
            let joined = [password, username.to_uppercase()].concat();
            let refused = weaknesses(&joined, &username.to_uppercase()).contains(&Weakness::ContainsUsername);
            prop_assert_eq!(refused, username.to_uppercase().chars().count() >= 4);
        }
    }
}
