//! What other readers make of an env file.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::{self, Read};
use std::num::NonZeroU32;

use zeroize::Zeroizing;

use super::chars::{from, part};
use super::{Document, Dollar, Quote};

/// How dotenvy's reading differs from Docker Compose's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It sees another value for the assignment at this index of [`Document::assignments`], or none.
    OtherValue(usize),
    /// It refuses the file, at this line.
    Refuses(NonZeroU32),
}

/// Where dotenvy, which stands for the strict readers, differs from Docker Compose.
///
/// Left out, because other checks speak of them: files that Compose refuses, keys that stand twice, and values whose
/// `$` Compose does not leave as written. dotenvy's strings are its own and are not zeroed; its error, which quotes the
/// file, is dropped unseen.
#[must_use]
pub fn dotenvy_differences(document: &Document) -> Vec<Difference> {
    if document.refusal().is_some() {
        return Vec::new();
    }
    let (seen, refused) = read_with_dotenvy(document.bytes());
    let mut counts: HashMap<&[u8], usize> = HashMap::with_capacity(document.assignments().len());
    for assignment in document.assignments() {
        *counts.entry(document.name(assignment)).or_default() += 1;
    }
    let mut differences = Vec::new();
    for (index, assignment) in document.assignments().iter().enumerate() {
        let name = document.name(assignment);
        if assignment.dollar != Dollar::AsWritten || counts.get(name) != Some(&1) {
            continue;
        }
        #[expect(clippy::disallowed_methods, reason = "compared with what dotenvy reads")]
        let expected = without_names(assignment.value.expose());
        match seen.get(name) {
            Some(value) if **value == *expected => {}
            // Behind the line that it refuses it sees nothing.
            None if refused.is_some() => {}
            _ => differences.push(Difference::OtherValue(index)),
        }
    }
    differences.extend(refused.map(Difference::Refuses));
    differences
}

/// By key.
type Values = HashMap<Vec<u8>, Zeroizing<Vec<u8>>>;

/// What dotenvy reads up to the line that it refuses, the first value of each key; and that line.
///
/// As its loader does: a byte order mark is dropped first.
fn read_with_dotenvy(text: &[u8]) -> (Values, Option<NonZeroU32>) {
    let text = without_names(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text));
    let (mut seen, taken) = (HashMap::new(), Cell::new(0));
    let mut end = 0;
    for item in dotenvy::Iter::new(Lines { text: &text, taken: &taken }) {
        let Ok((key, value)) = item else { return (seen, Some(next_line(&text, end))) };
        end = taken.get();
        seen.entry(key.into_bytes()).or_insert_with(|| Zeroizing::new(value.into_bytes()));
    }
    (seen, None)
}

/// Gives a line at a time, so that what was taken tells how far a reader has come: dotenvy gives no positions.
struct Lines<'a> {
    text: &'a [u8],
    taken: &'a Cell<usize>,
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = from(self.text, self.taken.get());
        let line = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let count = line.min(buffer.len());
        let (Some(to), Some(piece)) = (buffer.get_mut(..count), rest.get(..count)) else { return Ok(0) };
        to.copy_from_slice(piece);
        self.taken.set(self.taken.get() + count);
        Ok(count)
    }
}

/// The line of the first statement behind `end`.
fn next_line(text: &[u8], end: usize) -> NonZeroU32 {
    let before = memchr::memchr_iter(b'\n', part(text, 0..end)).count();
    let is_empty = |line: &&[u8]| matches!(line.trim_ascii_start(), [] | [b'#', ..]);
    let skipped = from(text, end).split(|byte| *byte == b'\n').take_while(is_empty).count();
    NonZeroU32::MIN.saturating_add(u32::try_from(before + skipped).unwrap_or(u32::MAX))
}

/// `text` with zeros for the names behind its `$`: dotenvy would look them up in this process's environment, and in
/// the file without any bound on what that makes. No key starts with a digit for it. Lengths, quotes and escapes stay.
fn without_names(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut in_name = false;
    let mut before = 0;
    for byte in text {
        let opens = *byte == b'$' || (*byte == b'{' && before == b'$');
        in_name = opens || (in_name && (byte.is_ascii_alphanumeric() || !byte.is_ascii()));
        out.push(if in_name && !opens { b'0' } else { *byte });
        before = *byte;
    }
    out
}

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

    #[test]
    fn dotenvy_agrees_or_not() {
        use Difference::OtherValue;
        let refuses = |line| Difference::Refuses(NonZeroU32::new(line).unwrap());
        let cases: [(&str, &[Difference]); 18] = [
            ("A=1\nexport B='x y'\nC=\"z\" # c\n", &[]),
            ("\u{feff}A=1\r\nB=2\r\n", &[]),
            ("A=1\nK=a\\nb\n", &[OtherValue(1)]),
            ("K=it's\nL=1\n", &[refuses(1)]),
            ("A=1\nB-C=2\nD=3\n", &[refuses(2)]),
            ("A=\"1\n2\"\n\n # c\r\n\r\nB-C=2\nD=3\n", &[refuses(6)]),
            ("\u{feff}\n# c\n\tK=a b", &[refuses(3)]),
            ("K=a\nK=b\n", &[]),
            ("K=a$B\n", &[]),
            ("K='a$HOME'\n", &[]),
            ("K=\"a\\$HOME\"\n", &[]),
            ("K=a$1\n", &[OtherValue(0)]),
            ("K=a$\n", &[OtherValue(0)]),
            ("K=\"open\n", &[]),
            ("K: v\n", &[refuses(1)]),
            ("K='a'#c\n", &[OtherValue(0)]),
            ("K= #c\n", &[OtherValue(0)]),
            ("K=a b\n", &[refuses(1)]),
        ];
        for (text, expected) in cases {
            assert_eq!(dotenvy_differences(&document(text)), expected, "{text}");
        }
    }

    #[test]
    fn names_do_not_reach_dotenvy() {
        assert_eq!(
            without_names(b"a$HOME_X ${B} $$C '$D' \xc3$\xc3\xa9").as_slice(),
            b"a$0000_X ${0} $$0 '$0' \xc3$00"
        );
        // Each line doubles the last: 2^60 bytes, were the names known.
        let bomb: String = (0..60).map(|n| format!("K{}=$K{n}$K{n}\n", n + 1)).collect();
        let _ = read_with_dotenvy(("K0=xx\n".to_owned() + &bomb).as_bytes());
    }
}
