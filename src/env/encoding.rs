//! From the bytes of a file to the text that readers of env files know: what is not UTF-8 already is decoded where there is
//! no doubt, and is not read where there is.

use std::num::NonZeroU32;

use zeroize::Zeroizing;

use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::secret::Secret;

/// How a file's characters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As every reader takes them: ASCII, UTF-8, or one byte each.
    Bytes,
    /// In UTF-16 or UTF-32, or in UTF-8 with UTF-16 behind it: read, and never written.
    Wide,
    /// Not to be told, or no text at all: not read.
    Unknown,
    /// A pointer to a content that git LFS keeps elsewhere.
    Pointer,
}

impl Encoding {
    /// Why a file of this encoding was not read.
    #[must_use]
    pub fn problem(self, path: RelPath) -> Problem {
        let kind = if self == Self::Pointer { ProblemKind::LfsPointer } else { ProblemKind::UnknownEncoding };
        Problem::at(kind, path)
    }
}

/// The mark of the byte order, U+FEFF.
const MARK: char = '\u{feff}';

/// How git LFS begins what it leaves in a content's place.
const LFS: &[u8] = b"version https://git-lfs.github.com/spec/";

/// So many bytes of a text in two-byte units that are all ASCII are an appended text, and no letters of Asia.
const APPENDED: usize = 16;

/// The line on which the first character stands that is wider than a byte, in a file that [`decoded`] calls wide.
pub(super) fn wide_from(bytes: &[u8]) -> Option<NonZeroU32> {
    let at = bytes.iter().position(|byte| matches!(byte, 0 | 0xfe | 0xff))?;
    let before = memchr::memchr_iter(b'\n', bytes.get(..at)?).count();
    u32::try_from(before + 1).ok().and_then(NonZeroU32::new)
}

/// The text of a file, and how it was written there.
pub(super) fn decoded(text: Secret) -> (Secret, Encoding) {
    #[expect(clippy::disallowed_methods, reason = "the text is decoded into another secret")]
    let bytes = text.expose();
    if bytes.starts_with(LFS) {
        return (text, Encoding::Pointer);
    }
    if bytes.starts_with(super::document::GIT_CRYPT) {
        return (text, Encoding::Bytes);
    }
    let marked = match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => Some(wide(rest, 4, u32_le)),
        [0, 0, 0xfe, 0xff, rest @ ..] => Some(wide(rest, 4, u32_be)),
        [0xff, 0xfe, rest @ ..] => Some(utf16(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Some(utf16(rest, u16::from_be_bytes)),
        _ if !bytes.contains(&0) => None,
        _ => Some(unmarked(bytes)),
    };
    match marked {
        Some(Some(text)) => (Secret::copy_of(text.as_bytes()), Encoding::Wide),
        Some(None) => (text, Encoding::Unknown),
        None if is_foreign(bytes) => (text, Encoding::Unknown),
        None => (text, Encoding::Bytes),
    }
}

/// A text with zeros in it and no mark: wide as a whole, or from some line on.
fn unmarked(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let whole = [wide(bytes, 4, u32_le), wide(bytes, 4, u32_be)].into_iter().flatten();
    let halves = [utf16(bytes, u16::from_le_bytes), utf16(bytes, u16::from_be_bytes)].into_iter().flatten();
    if let Some(text) = whole.chain(halves).find(|text| is_plain(text)) {
        return Some(text);
    }
    let (head, tail) = bytes.split_at_checked(seam(bytes)?)?;
    let head = std::str::from_utf8(head).ok()?;
    let tail = match tail {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0, ..] => utf16(tail, u16::from_be_bytes),
        _ => utf16(tail, u16::from_le_bytes),
    };
    let tail = tail.filter(|tail| is_plain(tail))?;
    let mut text = Zeroizing::new(String::with_capacity(head.len() + tail.len()));
    text.push_str(head);
    text.push_str(&tail);
    Some(text)
}

/// Where the line starts from which on the characters have two bytes, as PowerShell's `>>` appends them.
fn seam(bytes: &[u8]) -> Option<usize> {
    let zero = memchr::memchr(0, bytes)?;
    let before = bytes.get(..zero)?;
    let line = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let mark = before.windows(2).position(|two| two == [0xff, 0xfe] || two == [0xfe, 0xff]);
    // Without a line end before it, it starts at its first character: a low byte, or the zero itself.
    Some(mark.unwrap_or(if zero - line <= 1 { line } else { zero - 1 }))
}

/// A text in UTF-16; `None` where it is none, or something else was appended to it.
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Zeroizing<String>> {
    let units = bytes.chunks_exact(2);
    if !units.remainder().is_empty() || has_appended(bytes) {
        return None;
    }
    // At most three bytes of UTF-8 for each unit.
    let mut text = Zeroizing::new(String::with_capacity(units.len() * 3));
    let units = units.map(|two| <[u8; 2]>::try_from(two).map_or(0, unit));
    for character in char::decode_utf16(units) {
        text.push(character.ok().filter(|character| is_texts(*character))?);
    }
    Some(text)
}

/// A text in units of four bytes.
fn wide(bytes: &[u8], width: usize, unit: fn(&[u8]) -> Option<u32>) -> Option<Zeroizing<String>> {
    if bytes.is_empty() || bytes.len() % width != 0 {
        return None;
    }
    let mut text = Zeroizing::new(String::with_capacity(bytes.len()));
    for four in bytes.chunks(width) {
        text.push(char::from_u32(unit(four)?).filter(|character| is_texts(*character))?);
    }
    Some(text)
}

fn u32_le(four: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn u32_be(four: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

/// Whether one-byte text is in a text of two-byte units: a run of it with an assignment, or such a line at the end.
fn has_appended(bytes: &[u8]) -> bool {
    let is_ascii = |byte: &u8| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let mut runs = bytes.split(|byte| !is_ascii(byte));
    let last = runs.clone().next_back().unwrap_or_default();
    let ends = last.len() > 2 && last.ends_with(b"\n") && last.contains(&b'=');
    ends || runs.any(|run| run.len() >= APPENDED && run.contains(&b'='))
}

/// What occurs in a text: no control characters but its own, nothing that Unicode leaves open for ever.
fn is_texts(character: char) -> bool {
    let is_control = character.is_control() && !matches!(character, '\t' | '\n' | '\r');
    !is_control && !matches!(u32::from(character) & 0xffff, 0xfffe | 0xffff)
}

/// Whether a text starts in ASCII and nearly all of it is: the wrong width or order makes letters of Asia of it, and so
/// does a head in one-byte characters.
fn is_plain(text: &str) -> bool {
    let count = text.chars().count();
    let is_ascii = text.chars().filter(char::is_ascii).count() * 10 >= count * 9;
    is_ascii && text.chars().next().is_some_and(|first| first.is_ascii() || first == MARK)
}

/// Whether one-byte text is none that readers of env files know: not UTF-8, not one assignment in ASCII, and mostly other
/// bytes, as EBCDIC's letters are.
fn is_foreign(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return false;
    }
    let is_assignment = |line: &[u8]| {
        let line = line.trim_ascii_start();
        let line = line.strip_prefix(b"export ").unwrap_or(line);
        let name = memchr::memchr(b'=', line).and_then(|at| line.get(..at)).unwrap_or_default();
        !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_.- ".contains(byte))
    };
    let high = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    high * 3 >= bytes.len() && !bytes.split(|byte| *byte == b'\n').any(is_assignment)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "NODE_ENV=production\r\nDB_PASSWORD=pläne-und-wörter\r\n";

    fn units(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    fn wide(text: &str, unit: fn(u32) -> [u8; 4]) -> Vec<u8> {
        text.chars().flat_map(|character| unit(character.into())).collect()
    }

    #[expect(clippy::disallowed_methods, reason = "a test compares texts")]
    fn read(bytes: &[u8]) -> (String, Encoding) {
        let (text, encoding) = decoded(Secret::copy_of(bytes));
        (String::from_utf8_lossy(text.expose()).into_owned(), encoding)
    }

    #[test]
    fn what_is_sure_is_decoded() {
        let with_mark = "\u{feff}".to_owned() + TEXT;
        let appended = "A=1\n".to_owned();
        let longer = appended.clone() + &"B=2\r\n".repeat(99);
        let cases = [
            (units(&with_mark, u16::to_le_bytes), TEXT),
            (units(&with_mark, u16::to_be_bytes), TEXT),
            (wide(&with_mark, u32::to_le_bytes), TEXT),
            (wide(&with_mark, u32::to_be_bytes), TEXT),
            (units(TEXT, u16::to_le_bytes), TEXT),
            (units(TEXT, u16::to_be_bytes), TEXT),
            (wide(TEXT, u32::to_le_bytes), TEXT),
            (wide(TEXT, u32::to_be_bytes), TEXT),
            ([appended.as_bytes(), &units("B=2\r\n", u16::to_le_bytes)].concat(), "A=1\nB=2\r\n"),
            ([appended.as_bytes(), &units("B=2\r\n", u16::to_be_bytes)].concat(), "A=1\nB=2\r\n"),
            ([appended.as_bytes(), &units("\u{feff}B=2\n", u16::to_le_bytes)].concat(), "A=1\nB=2\n"),
            ([appended.as_bytes(), &units("\u{feff}B=2\n", u16::to_be_bytes)].concat(), "A=1\nB=2\n"),
            // Behind a line without an end.
            ([b"A=1".as_slice(), &units("\r\nB=2\r\n", u16::to_le_bytes)].concat(), "A=1\r\nB=2\r\n"),
            ([b"A=1\n".as_slice(), &units(&"B=2\r\n".repeat(99), u16::to_le_bytes)].concat(), &longer),
            (units("\u{feff}# 数据库的密码\nK=v\n", u16::to_le_bytes), "# 数据库的密码\nK=v\n"),
            // Letters of Asia whose two bytes are those of ASCII letters and of `=`.
            (units("\u{feff}# \u{4142}\u{4142}\u{3d41}", u16::to_le_bytes), "# \u{4142}\u{4142}\u{3d41}"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(read(&bytes), (expected.to_owned(), Encoding::Wide), "{expected}");
        }
    }

    #[test]
    fn what_is_in_doubt_is_not() {
        let utf16 = units(&("\u{feff}".to_owned() + TEXT), u16::to_le_bytes);
        let cases = [
            [&utf16[..], b"DB_PASSWORD=one-byte-text\n"].concat(),
            [&utf16[..], b"A=22\r\n"].concat(),
            utf16[..utf16.len() - 1].to_vec(),
            b"A=1\0B=2\n".to_vec(),
            vec![0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00],
            units("\u{feff}A=\u{1}\n", u16::to_le_bytes),
            units("\u{feff}A=\u{fffe}\n", u16::to_le_bytes),
            // No mark, and mostly letters of Asia.
            units("A=\u{6f22}\u{5b57}\u{6f22}\u{5b57}\n", u16::to_le_bytes),
            // EBCDIC's A=1 on each line.
            [0xc1, 0x7e, 0xf1, 0x15].repeat(5),
            // EBCDIC's letters for DB_PASSWORD=secret1234 and its line end.
            vec![0xc4, 0xc2, 0x6d, 0xd7, 0xc1, 0xe2, 0xe2, 0xe6, 0xd6, 0xd9, 0xc4, 0x7e, 0xa2, 0x85, 0x83, 0x15],
        ];
        for bytes in cases {
            assert_eq!(read(&bytes).1, Encoding::Unknown, "{bytes:?}");
        }
        assert_eq!(read(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n").1, Encoding::Pointer);
    }

    #[test]
    fn why_a_file_is_not_read() {
        let why = |encoding: Encoding| encoding.problem(RelPath::default()).kind;
        assert_eq!(why(Encoding::Pointer), ProblemKind::LfsPointer);
        assert_eq!(why(Encoding::Unknown), ProblemKind::UnknownEncoding);
    }

    #[test]
    fn one_byte_text_stays() {
        for bytes in [
            &b""[..],
            b"A=1\n",
            "\u{feff}A=\u{fc}\n".as_bytes(),
            b"A=1\r# f\xfcr\r",
            b"K=v\n# \xef\xee\xe4\xef\xe8\xf1\xfc\n",
            "ключ=значение\n".as_bytes(),
        ] {
            assert_eq!(read(bytes).1, Encoding::Bytes, "{bytes:?}");
        }
    }
}
