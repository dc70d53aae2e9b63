//! Numbers that identify an applicant: the resident identity number (GB 11643-1999) and the unified social credit code
//! (GB 32100-2015). Only the form is judged: whether a number exists is not known here.

use jiff::civil::Date;

/// Whether a text is a resident identity number (公民身份号码): eighteen places, an existing day of birth not after
/// `today`, and the right check digit.
pub fn is_resident_number(text: &str, today: Date) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let bytes = text.as_bytes();
    let (Some((last, digits)), 18) = (bytes.split_last(), bytes.len()) else { return false };
    if !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number =
        |range: std::ops::Range<usize>| digits[range].iter().fold(0i16, |n, d| n * 10 + i16::from(d - b'0'));
    let part = |range| i8::try_from(number(range)).unwrap_or_default();
    let born = Date::new(number(6..10), part(10..12), part(12..14));
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    let check = CHECKS[sum as usize % 11];
    born.is_ok_and(|born| born <= today && born.year() >= 1850) && last.eq_ignore_ascii_case(&check)
}

/// Whether a text is a unified social credit code (统一社会信用代码): eighteen places and the right check character.
pub fn is_credit_code(text: &str) -> bool {
    // Without I, O, S, V and Z.
    const PLACES: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |c: u8| PLACES.iter().position(|p| *p == c.to_ascii_uppercase());
    let values: Option<Vec<usize>> = text.bytes().map(value).collect();
    let Some((check, body)) = values.as_deref().and_then(|v| v.split_last()) else { return false };
    if body.len() != 17 {
        return false;
    }
    // Weights are the powers of 3 modulo 31.
    let (sum, _) = body.iter().fold((0, 1), |(sum, weight), v| (sum + v * weight, weight * 3 % 31));
    *check == (31 - sum % 31) % 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2024, 2, 29);

    #[test]
    fn the_example_of_the_standard_is_a_resident_number() {
        // GB 11643-1999, appendix: the worked example.
        assert!(is_resident_number("11010519491231002X", TODAY));
        assert!(is_resident_number("11010519491231002x", TODAY));
    }

    #[test]
    fn a_wrong_digit_a_wrong_day_and_a_wrong_length_are_seen() {
        for wrong in [
            "110105194912310021",
            "110105194912320025",
            "11010519491231002",
            "110105491231002",
            "11010520240301002X",
            "一1010519491231002X",
            "",
        ] {
            assert!(!is_resident_number(wrong, TODAY), "{wrong}");
        }
        // Each place matters: no single digit can be exchanged unnoticed.
        let right = b"11010519491231002X";
        for place in 0..17 {
            for digit in b'0'..=b'9' {
                let mut changed = *right;
                changed[place] = digit;
                let text = std::str::from_utf8(&changed).unwrap();
                assert_eq!(is_resident_number(text, TODAY), changed == *right, "{text}");
            }
        }
    }

    #[test]
    fn a_credit_code_proves_itself() {
        // GB 32100-2015: weights 3^(i-1) mod 31. Made for this test: all zeros but the class of the organisation.
        let body = "91110000000000000";
        let codes: Vec<String> =
            "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().map(|c| format!("{body}{c}")).collect();
        assert_eq!(codes.iter().filter(|c| is_credit_code(c)).count(), 1);
        assert!(!is_credit_code("9111000000000000"));
        assert!(!is_credit_code("9111000000000000I0"));
    }
}
