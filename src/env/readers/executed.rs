//! Whether some reader executes a part of an assignment, be it used or not.

use crate::env::chars::{from, part};
use crate::env::{Document, Quote};

/// Whether some readers (dotenvx, dotenv-expand, shells) execute a part of this assignment: `$(…)` or backticks
/// outside single quotes. A backslash saves a backtick, which only shells know, but not every reader's `$(`.
#[must_use]
pub fn is_executed(document: &Document, assignment: usize) -> bool {
    let Some(assignment) = document.assignments().get(assignment) else { return false };
    if assignment.quote == Quote::Single {
        return false;
    }
    let written = part(document.bytes(), assignment.value_span.clone());
    memchr::memmem::find(written, b"$(").is_some() || has_backtick(written)
}

/// Whether a backtick stands here without a backslash before it.
fn has_backtick(written: &[u8]) -> bool {
    let mut rest = written;
    while let Some(at) = memchr::memchr2(b'`', b'\\', rest) {
        if rest.get(at) == Some(&b'`') {
            return true;
        }
        rest = from(rest, at + 2);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn document(text: &str) -> Document {
        Document::parse(Secret::copy_of(text.as_bytes()))
    }

    #[test]
    fn what_is_executed() {
        let cases = [
            ("K=$(id)", true),
            ("K=\"a$(id)\"", true),
            ("K=a`id`", true),
            ("K=\"`id`\"", true),
            ("K=${U:-$(id)}", true),
            ("K=\\$(id)", true),
            ("K='$(id)`id`'", false),
            ("K=\\`id", false),
            ("K=a$id", false),
            ("K=(id)", false),
            ("K=a # $(id)", false),
        ];
        for (text, expected) in cases {
            assert_eq!(is_executed(&document(text), 0), expected, "{text}");
        }
        assert!(!is_executed(&document(""), 0));
    }
}
