//! What problem answers say, in Chinese and in English, by code. The one catalogue; a test asks it for every code.

mod catalogue;

use catalogue::{FAULTS, PROBLEMS};

use crate::error::Fault;

/// A language that the API answers in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese, when nothing else is asked for.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The tag of BCP 47.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The language that an `Accept-Language` header likes best (RFC 9110, section 12.5.4).
    pub fn preferred(header: Option<&str>) -> Self {
        let weight_of = |language: &str| {
            let items = header.unwrap_or_default().split(',').filter_map(|item| {
                let mut parts = item.split(';').map(str::trim);
                let range = parts.next()?.to_ascii_lowercase();
                let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
                (range == language || range.starts_with(&format!("{language}-"))).then_some(weight)
            });
            items.fold(0.0, f32::max)
        };
        if weight_of("en") > weight_of("zh") { Self::English } else { Self::Chinese }
    }
}

/// The title and the detail of a problem.
pub fn problem(code: &str, language: Language) -> (&'static str, &'static str) {
    let words = PROBLEMS.iter().find(|(known, _)| *known == code).map_or([""; 4], |(_, words)| *words);
    match language {
        Language::Chinese => (words[0], words[1]),
        Language::English => (words[2], words[3]),
    }
}

/// The message of a fault, with its numbers and words put in.
pub fn fault(fault: &Fault, language: Language) -> String {
    let words = FAULTS.iter().find(|(known, _)| *known == fault.code).map_or([""; 2], |(_, words)| *words);
    let message = match language {
        Language::Chinese => words[0],
        Language::English => words[1],
    };
    fault
        .params
        .iter()
        .fold(message.to_owned(), |message, (name, value)| message.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn the_heaviest_language_wins_and_chinese_is_the_default() {
        for (header, language) in [
            (None, Language::Chinese),
            (Some("en"), Language::English),
            (Some("en-GB,en;q=0.9,zh;q=0.8"), Language::English),
            (Some("zh-CN,zh;q=0.9,en;q=0.8"), Language::Chinese),
            (Some("fr, en;q=0.1"), Language::English),
            (Some("fr;q=x,,;"), Language::Chinese),
        ] {
            assert_eq!(Language::preferred(header), language, "{header:?}");
        }
    }

    /// Every quoted word that the sources hand to a fault or a problem has its words here, and the other way round.
    #[test]
    fn every_code_has_words_and_every_word_a_code() {
        fn sources(folder: &Path, into: &mut String) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    sources(&path, into);
                } else if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("catalogue.rs") {
                    into.push_str(&fs::read_to_string(path).unwrap());
                }
            }
        }
        let mut text = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
        for (code, _) in PROBLEMS {
            assert!(text.contains(&format!("\"{code}\"")), "no problem has the code {code}");
        }
        for (code, _) in FAULTS {
            assert!(
                text.contains(&format!("\"{code}\"")) || text.contains(&format!("({code}")),
                "no fault has the code {code}"
            );
        }
        let problem_source =
            fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api/problem.rs")).unwrap();
        let known: BTreeSet<&str> = PROBLEMS.iter().map(|(code, _)| *code).collect();
        for code in problem_source.split('"').skip(1).step_by(2).filter(|word| {
            let mut parts = word.split('.');
            let is_word = |part: Option<&str>| {
                part.is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
            };
            is_word(parts.next()) && is_word(parts.next()) && parts.next().is_none()
        }) {
            assert!(known.contains(code), "the problem {code} has no words");
        }
        let faults: BTreeSet<&str> = FAULTS.iter().map(|(code, _)| *code).collect();
        for (at, _) in text
            .match_indices("Fault::new(")
            .chain(text.match_indices("faults.unless("))
            .chain(text.match_indices("Error::invalid("))
        {
            let call = &text[at..text.len().min(at + 200)];
            let call = &call[..call.find(";\n").unwrap_or(call.len())];
            let last = call.split('"').skip(1).step_by(2).last();
            if let Some(code) =
                last.filter(|code| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') && !code.is_empty())
            {
                assert!(
                    faults.contains(code) || matches!(code, "list" | "line" | "column" | "min" | "max"),
                    "the fault {code} has no words"
                );
            }
        }
    }
}
