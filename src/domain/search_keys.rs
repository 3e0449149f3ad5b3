//! The keys under which a Chinese name is found.
//!
//! People look for a place by typing the beginning of its name, of its pinyin (`longnan`) or of its initials (`lns`).
//! All three are computed once, when a name is stored, so that a search is one range scan over an ordered index and
//! needs no pattern matching in the database. A character with several readings gives a key for each of them, because
//! nobody can tell from the writing which one the people living there use.

use std::collections::BTreeSet;

use pinyin::ToPinyinMulti;
use unicode_normalization::UnicodeNormalization;

/// The most combinations of readings that one name contributes.
pub const MAX_COMBINATIONS: usize = 32;

/// Greater than every character that a key can hold; `normalise_query` removes it, or the range would not be exact.
const LAST_CHARACTER: char = '\u{10FFFF}';

/// Place names whose everyday reading is not the one the pinyin data gives first, or is missing there.
///
/// The reading listed here comes first, so it survives the bound on combinations; the readings of the data stay too.
const PLACE_READINGS: &[(&str, &[&str])] = &[
    // The data knows only "dang", the reading of the character on its own.
    ("宕昌", &["tan", "chang"]),
    // The data puts "dou" first.
    ("武都", &["wu", "du"]),
];

/// Returns the search keys of a name, sorted and without repetition: the normalised name, the pinyin and the initials.
///
/// There are at most `2 * MAX_COMBINATIONS + 1` keys; a name without any visible character has none. The keys grow
/// with the name, so its length is for the caller to limit.
pub fn search_keys(name: &str) -> Vec<String> {
    let name = normalise_query(name);
    let characters: Vec<char> = name.chars().collect();
    let mut combinations = vec![Combination::default()];
    for position in 0..characters.len() {
        extend(&mut combinations, &parts_at(&characters, position));
    }

    let mut keys = BTreeSet::from([name]);
    for combination in combinations {
        keys.insert(combination.pinyin);
        keys.insert(combination.initials);
    }
    // An empty key would be found by nothing but the empty query, which must not search at all.
    keys.remove("");
    keys.into_iter().collect()
}

/// Returns the form in which names and queries are compared: NFKC, lower case, `v` for `ü`, without white space.
///
/// Control characters and invisible ones go too: they come along when text is pasted, nobody can see why the search
/// then fails, and PostgreSQL refuses a NUL in a text.
pub fn normalise_query(q: &str) -> String {
    // Lower-cased one character at a time: `str::to_lowercase` treats a final sigma differently, and the beginning of
    // a name would then not be a prefix of its key.
    let lower = q.nfkc().flat_map(char::to_lowercase);
    // Again NFKC, because lower-casing and removing can leave a letter and its mark apart.
    lower.filter(|c| !is_dropped(*c)).nfkc().map(|c| if c == 'ü' { 'v' } else { c }).collect()
}

/// Returns the exclusive end of the range of keys that begin with `prefix`, for a byte-ordered comparison
/// (collation `C` or `BINARY`): `key >= prefix AND key < prefix_end(prefix)`.
///
/// The range is exact for what `normalise_query` and `search_keys` return.
pub fn prefix_end(prefix: &str) -> String {
    let mut end = String::with_capacity(prefix.len() + LAST_CHARACTER.len_utf8());
    end.push_str(prefix);
    end.push(LAST_CHARACTER);
    end
}

/// One choice of a reading for every character so far.
#[derive(Clone, Default)]
struct Combination {
    pinyin: String,
    initials: String,
}

impl Combination {
    fn push(&mut self, part: &Part) {
        self.pinyin.push_str(&part.syllable);
        self.initials.push(part.initial);
    }
}

/// What one character adds to the keys.
#[derive(PartialEq)]
struct Part {
    syllable: String,
    initial: char,
}

impl Part {
    fn new(syllable: &str) -> Option<Self> {
        // The data writes a few readings with letters that no keyboard types in pinyin.
        let syllable = syllable.replace('ü', "v").replace('ê', "e");
        let initial = syllable.chars().next()?;
        Some(Self { syllable, initial })
    }
}

/// Adds one character to every combination, in as many readings as the bound leaves room for, the usual ones first.
fn extend(combinations: &mut Vec<Combination>, parts: &[Part]) {
    let room = (MAX_COMBINATIONS / combinations.len().max(1)).max(1);
    let Some((usual, others)) = parts.split_first() else {
        return;
    };
    let mut added = Vec::new();
    for other in others.iter().take(room - 1) {
        for combination in combinations.iter() {
            let mut combination = combination.clone();
            combination.push(other);
            added.push(combination);
        }
    }
    // In place: copying at every character would make the work quadratic in the length of the name.
    for combination in combinations.iter_mut() {
        combination.push(usual);
    }
    combinations.append(&mut added);
}

/// Returns what the character at `position` adds, in order of preference; nothing for punctuation and symbols.
fn parts_at(characters: &[char], position: usize) -> Vec<Part> {
    let Some(&character) = characters.get(position) else {
        return Vec::new();
    };
    let mut parts: Vec<Part> = Vec::new();
    let mut add = |syllable: &str| {
        if let Some(part) = Part::new(syllable)
            && !parts.contains(&part)
        {
            parts.push(part);
        }
    };
    for syllable in place_readings(characters, position) {
        add(syllable);
    }
    // Readings that differ only in their tone count once, or they would use up the bound.
    for reading in character.to_pinyin_multi().into_iter().flatten() {
        add(reading.plain());
    }
    if parts.is_empty() && is_latin_or_digit(character) {
        parts.push(Part { syllable: character.to_string(), initial: character });
    }
    parts
}

/// Returns the readings that `PLACE_READINGS` gives to the character at `position`, wherever the place name begins.
fn place_readings(characters: &[char], position: usize) -> impl Iterator<Item = &'static str> {
    PLACE_READINGS.iter().flat_map(move |(place, readings)| {
        readings
            .iter()
            .enumerate()
            .filter(move |(offset, _)| {
                let here = position.checked_sub(*offset).and_then(|start| characters.get(start..));
                here.is_some_and(|here| {
                    let mut here = here.iter().copied();
                    place.chars().all(|c| here.next() == Some(c))
                })
            })
            .map(|(_, reading)| *reading)
    })
}

fn is_latin_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric() || (c.is_alphabetic() && matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}'))
}

fn is_dropped(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | LAST_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn has(name: &str, expected: &[&str]) {
        let keys = search_keys(name);
        for key in expected {
            assert!(keys.iter().any(|k| k == key), "{name}: no {key} in {keys:?}");
        }
    }

    fn in_range(key: &str, prefix: &str) -> bool {
        key >= prefix && *key < *prefix_end(prefix)
    }

    #[test]
    fn finds_places_by_name_pinyin_and_initials() {
        has("陇南市", &["陇南市", "longnanshi", "lns"]);
        has("武都区", &["武都区", "wuduqu", "wdq", "wudouqu"]);
        has("绿化", &["lvhua", "lh"]);
    }

    #[test]
    fn finds_tanchang_in_both_readings_wherever_it_stands() {
        has("宕昌县", &["tanchangxian", "tcx", "dangchangxian", "dcx"]);
        has("陇南市宕昌县", &["longnanshitanchangxian", "longnanshidangchangxian"]);
        assert!(!search_keys("宕").contains(&"tan".to_owned()));
        assert!(!search_keys("昌宕").contains(&"changtan".to_owned()));
    }

    #[test]
    fn knows_every_reading_of_a_heteronym() {
        has("长坝", &["changba", "zhangba", "cb", "zb"]);
        has("重行", &["chongxing", "zhonghang", "ch", "zx"]);
    }

    #[test]
    fn is_bounded_and_keeps_the_usual_reading_beyond_the_bound() {
        let keys = search_keys(&"长重行".repeat(10));
        assert!(keys.len() > MAX_COMBINATIONS / 2);
        assert!(keys.len() <= 2 * MAX_COMBINATIONS + 1);
        assert!(keys.contains(&"zhangzhongxing".repeat(10)));
        // The place name comes last here, and only its everyday reading is left.
        has(&format!("{}宕昌", "长".repeat(10)), &[&format!("{}tanchang", "zhang".repeat(10))]);
    }

    #[test]
    fn mixes_latin_letters_and_drops_punctuation() {
        assert_eq!(search_keys("A1村"), ["a1c", "a1cun", "a1村"]);
        assert_eq!(search_keys("Ａ１ 村"), ["a1c", "a1cun", "a1村"]);
        has("才让·卓玛（二）", &["cairangzhuomaer", "crzme", "才让·卓玛(二)"]);
        assert_eq!(search_keys(" \t\u{200B}"), Vec::<String>::new());
    }

    #[test]
    fn normalises_queries_like_keys() {
        assert_eq!(normalise_query(" Lü  Hua\u{3000}"), "lvhua");
        assert_eq!(normalise_query("LU\u{308}"), "lv");
        assert_eq!(normalise_query("ΑΣ"), "ασ");
        assert_eq!(normalise_query("a\0b\u{FEFF}\u{10FFFF}"), "ab");
    }

    proptest! {
        #[test]
        fn any_text_gives_few_keys_each_within_the_range_of_its_prefixes(name in any::<String>()) {
            let keys = search_keys(&name);
            prop_assert!(keys.len() <= 2 * MAX_COMBINATIONS + 1);
            prop_assert!(keys.is_sorted());
            for key in &keys {
                prop_assert!(!key.is_empty());
                for (end, c) in key.char_indices() {
                    prop_assert!(in_range(key, &key[..end]) && in_range(key, &key[..end + c.len_utf8()]));
                }
            }
        }

        #[test]
        fn the_range_holds_nothing_but_the_prefix(name in "[长重县ab\u{10FFFE}-\u{10FFFF}]{0,6}", q in any::<String>(), short in "[chab长]{0,2}") {
            for q in [normalise_query(&q), normalise_query(&short)] {
                for key in search_keys(&name) {
                    prop_assert_eq!(in_range(&key, &q), key.starts_with(&q));
                }
            }
        }

        #[test]
        fn the_beginning_of_a_name_finds_it(name in "[一-龥a-zA-Z0-9 ]{1,12}", length in 1usize..12) {
            let typed = normalise_query(&name.chars().take(length).collect::<String>());
            let found = search_keys(&name).iter().any(|key| in_range(key, &typed));
            prop_assert!(found || normalise_query(&name).is_empty());
        }
    }
}
