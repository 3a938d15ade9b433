//! A new value of several lines, such as a private key, in the notation of the value in use.

use zeroize::Zeroizing;

use crate::secret::Secret;

/// A line break as it is written in a value of one line: a backslash and `n`, which the application replaces.
const ESCAPE: &[u8] = br"\n";

/// The text with its lines as the value in use has them: as lines, or in one line with `\n` between them. `None` where one
/// of the two is one line.
pub(super) fn like(old: &[u8], given: &[u8]) -> Option<Secret> {
    let lines = lines(given);
    let escapes = memchr::memmem::find(old, ESCAPE).is_some();
    let between: &[u8] = match old.contains(&b'\n') {
        true => b"\n",
        false if escapes => ESCAPE,
        false => return None,
    };
    if lines.len() < 2 {
        return None;
    }
    let mut text = Zeroizing::new(Vec::with_capacity(2 * given.len() + ESCAPE.len()));
    for (number, line) in lines.iter().enumerate() {
        text.extend_from_slice(if number == 0 { b"" } else { between });
        text.extend_from_slice(line);
    }
    // The application may want the last line to end as the others do, or not.
    text.extend_from_slice(if old.ends_with(between) { between } else { b"" });
    Some(Secret::copy_of(&text))
}

/// The lines, without their ends and without empty ones behind.
fn lines(given: &[u8]) -> Vec<&[u8]> {
    let ends = given.iter().rev().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    let text = given.get(..given.len() - ends).unwrap_or_default();
    text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect()
}

#[cfg(test)]
mod tests {

    #[test]
    #[expect(clippy::disallowed_methods, reason = "compared")]
    fn in_the_notation_of_the_value_in_use() {
        let like = |old: &str, given: &str| {
            let value = super::like(old.as_bytes(), given.as_bytes())?;
            Some(String::from_utf8(value.expose().to_vec()).unwrap())
        };
        for (old, given, expected) in [
            ("a\nb", "c\nd\n", Some("c\nd")),
            ("a\nb\n", "c\r\nd\r\n", Some("c\nd\n")),
            ("a\\nb", "c\nd\n", Some("c\\nd")),
            ("a\\nb\\n", "c\nd", Some("c\\nd\\n")),
            ("a\nb", "c\n", None),
            ("a", "c\nd\n", None),
        ] {
            assert_eq!(like(old, given).as_deref(), expected, "{old:?} {given:?}");
        }
    }
}
