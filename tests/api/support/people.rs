//! Invented people. Their identity numbers are of the never-issued region 999999, with a right check digit.

use serde_json::{Value, json};
use terrace::domain::Id;

/// The number of somebody born on this day (`19800101`), the `n`-th of that day; odd for men.
pub fn identity_number(born: &str, n: u32) -> String {
    let digits = format!("999999{born}{n:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{digits}{}", b"10X98765432"[sum as usize % 11] as char)
}

/// A head without a number.
pub fn head() -> Value {
    json!({ "name": "模拟户主", "relation": "02", "no_identity_reason": "unknown" })
}

/// A member with a number, who is this to the head.
pub fn member(name: &str, relation: &str, number: &str) -> Value {
    json!({ "name": name, "relation": relation, "identity_number": number })
}

/// A general household at a home, of a head alone, that may be registered today.
pub fn household(home: Id) -> Value {
    json!({ "service_point_id": home, "address": "模拟地址 1 号", "household_type": "general", "members": [head()] })
}
