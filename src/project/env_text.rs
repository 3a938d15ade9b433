//! Whether a text is an env file, where no name says so.

use super::secrets::{FoundSecret, secrets_of};
use crate::config::Config;
use crate::env::Document;
use crate::secret::Secret;
use crate::secret::strength::Strength;

/// Whether a text consists of assignments, comments and blank lines alone, and one of them is a filled secret.
#[must_use]
pub fn is_env_text(text: &[u8], config: &Config) -> bool {
    if !begins_with_assignment(text) {
        return false;
    }
    let document = Document::parse(Secret::copy_of(text));
    has_shape(&document) && secrets_of(&document, config).iter().any(FoundSecret::is_filled)
}

/// Whether a text of which its name says little is an env file: by its shape, and by a secret in it that is no mere word.
pub(super) fn is_env_file(document: &Document, secrets: &[FoundSecret]) -> bool {
    has_shape(document) && secrets.iter().any(|secret| secret.strength() > Some(Strength::Weak))
}

/// Whether a document consists of assignments, comments and blank lines alone.
#[expect(clippy::disallowed_methods, reason = "what stands between the assignments is looked at")]
fn has_shape(document: &Document) -> bool {
    let text = document.text().expose();
    if !begins_with_assignment(text) {
        return false;
    }
    let mut end = 0;
    for assignment in document.assignments() {
        let is_ours = text.get(end..assignment.key_span.start).is_some_and(says_nothing)
            && text.get(assignment.key_span.clone()).is_some_and(is_name)
            && text.get(assignment.key_span.end..assignment.value_span.start).is_some_and(|sign| sign.contains(&b'='));
        if !is_ours {
            return false;
        }
        end = assignment.value_span.end;
    }
    text.get(end..).is_some_and(says_nothing)
}

/// A look at one line spares the parser nearly every text that is none.
fn begins_with_assignment(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#")).unwrap_or_default();
    let first = first.strip_prefix(b"export ").map_or(first, <[u8]>::trim_ascii_start);
    memchr::memchr(b'=', first).and_then(|at| first.get(..at)).is_some_and(|name| is_name(name.trim_ascii_end()))
}

/// `[A-Za-z_][A-Za-z0-9_]*`, as POSIX has it.
fn is_name(name: &[u8]) -> bool {
    name.first().is_some_and(|first| !first.is_ascii_digit())
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// What may stand between two assignments: blank lines, comments, `export` before the second.
fn says_nothing(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    text.split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .all(|line| line.is_empty() || line.starts_with(b"#") || line == b"export")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_both_kinds() {
        // No word, so that it counts as filled.
        let value: String = (0..24).map(|at| char::from(b'a' + at * 7 % 26)).collect();
        let yes = [
            "DB_PASSWORD={}\n",
            "\u{feff}# a comment\n\nexport DB_PASSWORD=\"{}\" # why\nNAME=x\n",
            "A=1\r\nDB_PASSWORD='{}'\r\n",
            "TEXT=\"one\ntwo\"\nDB_PASSWORD={}",
        ];
        let no = [
            "",
            "DB_PASSWORD=\n",
            "NAME=x\n",
            "db_password: {}\n",
            "DB_PASSWORD={}\necho done\n",
            "words\nDB_PASSWORD={}\n",
            "[section]\nDB_PASSWORD={}\n",
            "if (DB_PASSWORD={}) {\n",
            "DB_PASSWORD={}\nmore words\n",
        ];
        for (texts, expected) in [(&yes[..], true), (&no[..], false)] {
            for text in texts {
                let filled = text.replace("{}", &value);
                assert_eq!(is_env_text(filled.as_bytes(), &Config::default()), expected, "{text}");
            }
        }
    }
}
