//! Canonical bytes (RFC 8785) and their SHA-256.
//!
//! Two rows are the same content exactly when their digests are equal, whichever database they lie in.
//! RFC 8785 orders names by UTF-16 code units and writes numbers as ECMAScript does; Terrace keeps whole
//! numbers below 2^53 only, so that the second rule needs no code.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest.
pub type Digest = [u8; 32];

/// The canonical text of a value without its absent fields, so that a field which is added later and left empty
/// changes no digest.
///
/// # Errors
/// When the value cannot be written as JSON.
pub fn content(value: &impl Serialize) -> serde_json::Result<String> {
    let mut value = serde_json::to_value(value)?;
    drop_absent(&mut value);
    Ok(canonical(&value))
}

/// The SHA-256 of a value's [`content`].
///
/// # Errors
/// When the value cannot be written as JSON.
pub fn content_digest(value: &impl Serialize) -> serde_json::Result<Digest> {
    Ok(sha256(content(value)?.as_bytes()))
}

fn drop_absent(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_absent);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_absent),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest that some hexadecimal digits write; none when they write none.
pub fn unhex(text: &str) -> Option<Digest> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}

/// The canonical text of a JSON value without fractions.
pub fn canonical(value: &Value) -> String {
    let mut text = String::with_capacity(512);
    write_canonical(value, &mut text);
    text
}

fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut names: Vec<(&String, &Value)> = members.iter().collect();
            // The bytes of ASCII are in the same order, and nearly all names are ASCII and sorted already.
            if names.iter().all(|(name, _)| name.is_ascii()) {
                names.sort_unstable_by_key(|(name, _)| *name);
            } else {
                names.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            }
            text.push('{');
            for (at, (name, member)) in names.into_iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write_string(name, text);
                text.push(':');
                write_canonical(member, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write_canonical(item, text);
            }
            text.push(']');
        }
        Value::String(content) => write_string(content, text),
        Value::Null | Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
    }
}

/// A JSON string. Most need no escapes, and are copied as they are.
fn write_string(content: &str, text: &mut String) {
    if content.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        text.push('"');
        text.push_str(content);
        text.push('"');
    } else {
        text.push_str(&Value::from(content).to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_by_utf16_code_units_as_in_rfc_8785() {
        // The example of section 3.2.3, shortened to names whose order differs between UTF-8 and UTF-16.
        let value: Value = serde_json::from_str(
            r#"{"\ufb33":1,"\ud83d\ude00":2,"1":3,"\r":4,"a":{"c":null,"b":[true,"\u0007\"\n"]}}"#,
        )
        .unwrap();
        assert_eq!(
            canonical(&value),
            "{\"\\r\":4,\"1\":3,\"a\":{\"b\":[true,\"\\u0007\\\"\\n\"],\"c\":null},\"😀\":2,\"\u{fb33}\":1}"
        );
    }

    #[test]
    fn an_absent_field_is_no_content() {
        let with = serde_json::json!({"a": 1, "b": null, "c": {"d": null}});
        assert_eq!(content(&with).unwrap(), r#"{"a":1,"c":{}}"#);
    }

    #[test]
    fn sha256_of_the_empty_object() {
        let digest = content_digest(&serde_json::json!({})).unwrap();
        assert_eq!(hex(&digest), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    }
}
