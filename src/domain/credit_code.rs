//! The unified social credit code of an organisation (GB 32100).

const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Whether a text is a unified social credit code: 18 characters of the standard's alphabet, the last of which is the check
/// character (31 − Σ character × 3^i mod 31) mod 31.
pub fn is_credit_code(text: &str) -> bool {
    let values: Option<Vec<usize>> =
        text.bytes().map(|byte| ALPHABET.iter().position(|known| *known == byte)).collect();
    let Some(values) = values.filter(|values| values.len() == 18) else { return false };
    let (sum, _) = values[..17].iter().fold((0, 1), |(sum, weight), value| (sum + value * weight, weight * 3 % 31));
    (31 - sum % 31) % 31 == values[17]
}

#[cfg(test)]
mod tests {
    use super::is_credit_code;

    #[test]
    fn the_standard_s_example_holds_and_no_neighbour_of_it() {
        assert!(is_credit_code("91350100M000100Y43"));
        for wrong in
            ["91350100M000100Y44", "91350100M000100Y4", "91350100I000100Y43", "91350100m000100y43", "", "9135010"]
        {
            assert!(!is_credit_code(wrong), "{wrong}");
        }
        let code = "91350100M000100Y43";
        for (at, _) in code.char_indices() {
            let mut other = code.as_bytes().to_vec();
            other[at] = if other[at] == b'7' { b'8' } else { b'7' };
            assert!(!is_credit_code(std::str::from_utf8(&other).unwrap()), "{at}");
        }
    }
}
