//! The file by which git-filter-repo takes values out of contents and messages.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::live::Values;
use crate::secret::Secret;
use crate::secret::search::Breaks;

/// What is in a value's place afterwards: git-filter-repo's own default.
const INSTEAD: &[u8] = b"==>***REMOVED***\n";

/// What may stand between two characters, as the search for values allows it: a line break and the next line's indent,
/// and what stands for a line break.
fn between(breaks: Breaks) -> &'static [u8] {
    match breaks {
        Breaks::None => b"",
        Breaks::Lines => br"(?:\r?\n[ \t]{0,32})?",
        Breaks::Escaped => br"(?:(?:\r?\n|(?:\\{1,4}r)?\\{1,4}n)[ \t]{0,32}| )?",
    }
}

impl Values {
    /// A line for each form of each of these values (git-filter-repo(1), "--replace-text"); `None` where there is none.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the file is made of the values")]
    pub fn replacements(&self, values: &BTreeSet<usize>) -> Option<Secret> {
        let needles = self.sought()?;
        let forms =
            || values.iter().flat_map(|value| needles.forms(*value)).map(|(text, breaks)| (text.expose(), breaks));
        let room = forms().map(|(form, breaks)| room(form, breaks)).sum();
        let mut out = Zeroizing::new(Vec::with_capacity(room));
        for (form, breaks) in forms() {
            write(form, breaks, &mut out);
        }
        (!out.is_empty()).then(|| Secret::copy_of(&out))
    }
}

/// What a form's line takes at most, so that the buffer never grows and leaves no copy.
fn room(form: &[u8], breaks: Breaks) -> usize {
    let escaped = br"\xff".len() + between(breaks).len();
    b"literal:".len() + form.len() * escaped + INSTEAD.len()
}

fn write(form: &[u8], breaks: Breaks, out: &mut Vec<u8>) {
    if breaks == Breaks::None && form.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        out.extend_from_slice(b"literal:");
        out.extend_from_slice(form);
    } else {
        // A line cannot hold a line break, nor what is no text; and no literal one matches what is broken into lines.
        out.extend_from_slice(b"regex:");
        for (at, byte) in form.iter().enumerate() {
            if at > 0 {
                out.extend_from_slice(between(breaks));
            }
            escaped(*byte, out);
        }
    }
    out.extend_from_slice(INSTEAD);
}

/// A byte in a regular expression of Python.
fn escaped(byte: u8, out: &mut Vec<u8>) {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).map_or(b'0', |digit| digit as u8);
    match byte {
        _ if byte.is_ascii_alphanumeric() => out.push(byte),
        _ => out.extend_from_slice(&[b'\\', b'x', digit(byte >> 4), digit(byte & 15)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(form: &[u8], breaks: Breaks) -> Vec<u8> {
        let mut out = Vec::new();
        write(form, breaks, &mut out);
        assert!(out.len() <= room(form, breaks));
        out
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(line(b"a==>b #", Breaks::None), b"literal:a==>b #==>***REMOVED***\n");
        assert_eq!(line(b"a\nb\xff", Breaks::None), b"regex:a\\x0ab\\xff==>***REMOVED***\n");
    }

    #[test]
    fn what_programs_break_into_lines_may_be_broken_anywhere() {
        let expected = br"regex:a(?:\r?\n[ \t]{0,32})?\x2b(?:\r?\n[ \t]{0,32})?Z==>***REMOVED***";
        assert_eq!(line(b"a+Z", Breaks::Lines), [expected, b"\n".as_slice()].concat());
        // The longest that one character takes.
        for breaks in [Breaks::Lines, Breaks::Escaped] {
            let spare = between(breaks).len() + b"literal:".len() - b"regex:".len();
            assert_eq!(line(b"++++", breaks).len() + spare, room(b"++++", breaks));
        }
    }
}
