//! Words of a command that a person copies into a shell. Pure.

use crate::path::RelPath;
use crate::text;

/// A path as a word of a command: as it is where a shell takes it so, else in single quotes, else (control characters,
/// bytes that are not UTF-8) in the `$'…'` of bash.
#[must_use]
pub fn for_shell(path: &RelPath) -> String {
    let bytes = path.as_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-./+,:@%".contains(byte);
    let text = path.to_str().filter(|text| !text.chars().any(text::is_unsafe));
    match text {
        // A dash in front would be read as a flag.
        Some(text) if text.starts_with('-') => for_shell(&RelPath::from(format!("./{text}").as_str())),
        Some(text) if !text.is_empty() && bytes.iter().all(plain) => text.to_owned(),
        Some(text) => format!("'{}'", text.replace('\'', "'\\''")),
        None => {
            let escaped: String = bytes.iter().map(|byte| escaped(*byte)).collect();
            format!("$'{escaped}'")
        }
    }
}

fn escaped(byte: u8) -> String {
    match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_command() {
        let table = [
            (b"config/.env".as_slice(), "config/.env"),
            (b"a b/.env", "'a b/.env'"),
            (b"it's.env", "'it'\\''s.env'"),
            (b"-rf.env", "./-rf.env"),
            (b"a\n\xff.env", "$'a\\x0a\\xff.env'"),
            (b"$(id).env", "'$(id).env'"),
        ];
        for (path, expected) in table {
            assert_eq!(for_shell(&RelPath::new(path)), expected);
        }
    }
}
