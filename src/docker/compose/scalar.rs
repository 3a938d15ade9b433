//! What a plain scalar is for Compose: the rules of its YAML library (go-yaml 3, `resolve.go`), which are neither those
//! of YAML 1.1 nor those of 1.2: `yes` is text, `0123` is octal, `1_000` a thousand.

use super::node::Kind;

/// What a plain scalar without a tag is.
pub(super) enum Plain {
    Null,
    /// Its kind, and its own spelling where Compose has another one.
    Is(Kind, Option<String>),
}

/// The rules.
pub(super) fn plain(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Null,
        "true" | "True" | "TRUE" => return Plain::Is(Kind::Bool, respelled(text, "true".into())),
        "false" | "False" | "FALSE" => return Plain::Is(Kind::Bool, respelled(text, "false".into())),
        _ => {}
    }
    match number(text) {
        Some(spelling) => Plain::Is(Kind::Number, respelled(text, spelling)),
        None => Plain::Is(Kind::Text, None),
    }
}

fn respelled(text: &str, spelling: String) -> Option<String> {
    (text != spelling).then_some(spelling)
}

/// How Compose spells a number.
fn number(text: &str) -> Option<String> {
    let first = text.bytes().next()?;
    if first == b'.' {
        let rest = text.strip_prefix('.')?;
        return rest.starts_with(|next: char| next.is_ascii_digit()).then(|| float(text)).flatten();
    }
    if !first.is_ascii_digit() && !matches!(first, b'+' | b'-') {
        return None;
    }
    let text = text.replace('_', "");
    integer(&text).or_else(|| is_float(&text).then(|| float(&text)).flatten())
}

/// Go's `ParseInt` with base 0, then `ParseUint`: a prefix names the base, and a leading zero is octal.
fn integer(text: &str) -> Option<String> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.strip_prefix('-')?),
        b'+' => (false, text.strip_prefix('+')?),
        _ => (false, text),
    };
    let bases = [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)];
    let prefixed = bases.iter().find_map(|(prefix, base)| Some((digits.strip_prefix(prefix)?, *base)));
    let (digits, base) = match prefixed {
        Some(found) => found,
        None if digits.len() > 1 && digits.starts_with('0') => (digits.strip_prefix('0')?, 8),
        None => (digits, 10),
    };
    // Rust's own parser would take a second sign.
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(base)) {
        return None;
    }
    let value = u64::from_str_radix(digits, base).ok()?;
    match negative {
        true if value <= i64::MIN.unsigned_abs() => Some(if value == 0 { "0".into() } else { format!("-{value}") }),
        true => None,
        // `ParseUint`, which is asked for what is too large for `ParseInt`, takes no sign.
        false if text.starts_with('+') && value > i64::MAX.unsigned_abs() => None,
        false => Some(value.to_string()),
    }
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let has_digits = !whole.is_empty() || !part.is_empty();
    exponent_fits && has_digits && digits(whole) && digits(part)
}

/// Go's `%v` of a float: the shortest digits that read back, with an exponent below -4 and from 21 on.
fn float(text: &str) -> Option<String> {
    let value: f64 = text.parse().ok()?;
    if !value.is_finite() {
        return None;
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    if value != 0.0 && !(-4..21).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return Some(format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs()));
    }
    Some(value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_compose_spells_them() {
        let cases = [
            ("0123", "83"),
            ("010", "8"),
            ("08", "8"),
            ("0xdeadbeef", "3735928559"),
            ("1e3", "1000"),
            ("12345678901234567890123", "1.2345678901234568e+22"),
            ("18446744073709551615", "18446744073709551615"),
            ("18446744073709551616", "18446744073709552000"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("1.0", "1"),
            ("1_000", "1000"),
            (".5", "0.5"),
            ("0o17", "15"),
            ("-0x1f", "-31"),
            ("0b11", "3"),
            ("+5", "5"),
            ("1e-7", "1e-07"),
            ("1.", "1"),
        ];
        for (text, expected) in cases {
            assert_eq!(number(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["1:30", "-", "+", "1e", "0x", "0xg", "1.2.3", ".", ".e3", "a1", "--1", "1-1", "+-1", "0x-1"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
