//! Changing one value, and nothing else.

use std::collections::HashSet;
use std::ops::Range;

use super::chars::{from, line_end, part};
use super::reader::Reader;
use super::{Assignment, Document, Encoding, Quote};
use crate::secret::Secret;

use zeroize::Zeroizing;

/// Why a value was not put into a file. It holds neither the value nor anything of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is no assignment of that index.
    #[error("no such assignment")]
    NoSuchAssignment,
    /// The key to append is not `[A-Za-z_][A-Za-z0-9_]*`.
    #[error("the key is not one that every reader takes")]
    BadKey,
    /// No environment variable holds a NUL.
    #[error("the value has a NUL byte, which no environment variable can hold")]
    Nul,
    /// Docker Compose would not read back exactly this value, or would read another assignment differently.
    #[error("no way of quoting the value is read back exactly as it is")]
    NotReadBack,
    /// The file is not in UTF-8: what is written into it would be in another encoding than the rest.
    #[error("the file is not in UTF-8")]
    Encoding,
    /// A carriage return stands alone: some readers have another line behind it, which the value would swallow.
    #[error("the file has a carriage return without a line feed")]
    LoneReturn,
    /// A program of the project that reads the file would read another value.
    #[error("{} would read another value", .0.name())]
    OtherReader(Reader),
    /// More stands directly behind the value's quotes: a shell joins the two.
    #[error("the value is written in several parts")]
    Parts,
}

/// Which assignment changes, what its key is, and how its value is best written.
struct Edit<'a> {
    index: usize,
    name: &'a [u8],
    preferred: Quote,
    /// Whether the line breaks of the value that is there are written as escapes.
    escapes_breaks: bool,
}

impl Document {
    /// This file with another value for the assignment at `index`; every byte outside its value stays. The quotes
    /// stay where they can hold the value, else the simplest that can are taken.
    ///
    /// # Errors
    /// Where no style holds the value, so that Docker Compose reads back exactly it.
    pub fn set(&self, index: usize, value: &Secret) -> Result<Self, EditError> {
        let assignment = self.writable(index)?;
        let mut span = assignment.value_span.clone();
        if self.is_comment(assignment) {
            // The value goes before the blanks and the comment, which stay.
            let sign =
                part(self.bytes(), assignment.key_span.end..span.start).iter().position(|byte| b"=:".contains(byte));
            let start = assignment.key_span.end + sign.map_or(0, |sign| sign + 1);
            span = start..start;
        }
        let build = |written: &[u8]| self.replaced(&span, &[written]);
        let edit = Edit { index, name: self.name(assignment), preferred: assignment.quote, escapes_breaks: false };
        self.edit(&Edit { escapes_breaks: self.escapes_breaks(assignment), ..edit }, value, build)
    }

    /// This file with the bytes of `span`, which lie in the value at `index`, replaced; every byte outside stays.
    ///
    /// # Errors
    /// Where the file would then be read as other assignments.
    pub fn splice(&self, index: usize, span: &Range<usize>, with: &Secret) -> Result<Self, EditError> {
        let assignment = self.writable(index)?;
        let place = &assignment.value_span;
        #[expect(clippy::disallowed_methods, reason = "it is written into the file's text")]
        let bytes = with.expose();
        if bytes.contains(&0) {
            return Err(EditError::Nul);
        }
        let edited = Self::parse(self.replaced(span, &[bytes]));
        let edit = Edit { index, name: self.name(assignment), preferred: assignment.quote, escapes_breaks: false };
        let within = place.start <= span.start && span.end <= place.end;
        if within && self.became(&edited, &edit) { Ok(edited) } else { Err(EditError::NotReadBack) }
    }

    /// Whether a value has line breaks, and is written on one line.
    #[expect(clippy::disallowed_methods, reason = "looks for a line break")]
    fn escapes_breaks(&self, assignment: &Assignment) -> bool {
        let has_breaks = assignment.value.expose().contains(&b'\n');
        has_breaks && assignment.quote == Quote::Double && !self.written(assignment).contains(&b'\n')
    }

    /// Where the value at `index` is, quotes included, in a file that may be changed.
    pub(in crate::env) fn writable_span(&self, index: usize) -> Result<Range<usize>, EditError> {
        self.writable(index).map(|assignment| assignment.value_span.clone())
    }

    /// The assignment at `index`, whose value is about to be replaced whole.
    fn writable(&self, index: usize) -> Result<&Assignment, EditError> {
        self.is_written()?;
        let assignment = self.assignments().get(index).ok_or(EditError::NoSuchAssignment)?;
        let behind = self.bytes().get(assignment.value_span.end);
        let is_end = behind.is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'#');
        if assignment.quote == Quote::Bare || is_end { Ok(assignment) } else { Err(EditError::Parts) }
    }

    /// Whether the file is written as envward writes it.
    fn is_written(&self) -> Result<(), EditError> {
        if self.encoding() != Encoding::Bytes {
            return Err(EditError::Encoding);
        }
        if self.has_lone_return() { Err(EditError::LoneReturn) } else { Ok(()) }
    }

    /// The assignments of `other`, by index, whose keys this file has not.
    #[must_use]
    pub fn lacks(&self, other: &Self) -> Vec<usize> {
        let has: HashSet<&[u8]> = self.assignments().iter().map(|one| self.name(one)).collect();
        let lacks = |one: &Assignment| !has.contains(other.name(one));
        other.assignments().iter().enumerate().filter(|(_, one)| lacks(one)).map(|(index, _)| index).collect()
    }

    /// This file with an assignment of another one at its end, as it is written there, and the comments directly above
    /// it, behind an empty line. Line endings become this file's.
    ///
    /// # Errors
    /// Where that would not add just this assignment.
    pub fn append_from(&self, other: &Self, index: usize) -> Result<Self, EditError> {
        self.is_written()?;
        let assignment = other.assignments().get(index).ok_or(EditError::NoSuchAssignment)?;
        let (text, ending) = (self.bytes(), line_ending(self.bytes()));
        let mut out = Zeroizing::new(Vec::with_capacity(2 * other.bytes().len() + 3 * ending.len()));
        if !text.is_empty() {
            out.extend_from_slice(if text.ends_with(b"\n") { b"" } else { ending });
            out.extend_from_slice(ending);
        }
        for line in part(other.bytes(), other.block(index)).split_inclusive(|byte| *byte == b'\n') {
            let bare = line.strip_suffix(b"\n").unwrap_or(line);
            out.extend_from_slice(bare.strip_suffix(b"\r").unwrap_or(bare));
            out.extend_from_slice(ending);
        }
        let edited = Self::parse(self.replaced(&(text.len()..text.len()), &[&out]));
        let (index, name) = (self.assignments().len(), other.name(assignment));
        let edit = Edit { index, name, preferred: Quote::Bare, escapes_breaks: false };
        if self.became(&edited, &edit) { Ok(edited) } else { Err(EditError::NotReadBack) }
    }

    /// The lines of an assignment, with the comments directly above.
    fn block(&self, index: usize) -> Range<usize> {
        let Some(assignment) = self.assignments().get(index) else { return 0..0 };
        let text = self.bytes();
        let previous = index.checked_sub(1).and_then(|index| self.assignments().get(index));
        let limit = previous.map_or(0, |previous| (line_end(text, previous.value_span.end) + 1).min(text.len()));
        let line_start = |end: usize| memchr::memrchr(b'\n', part(text, 0..end)).map_or(0, |at| at + 1);
        let mut start = line_start(assignment.key_span.start);
        while start > limit {
            let above = line_start(start - 1);
            if above < limit || !part(text, above..start).trim_ascii_start().starts_with(b"#") {
                break;
            }
            start = above;
        }
        start..(line_end(text, assignment.value_span.end) + 1).min(text.len())
    }

    /// This file with `key` (`[A-Za-z_][A-Za-z0-9_]*`) at its end, on a line of its own, with the line ending that the
    /// file has. A missing one is added to the last line first.
    ///
    /// # Errors
    /// As [`Document::set`], and where a quote that is open above would swallow the line.
    pub fn append(&self, key: &str, value: &Secret) -> Result<Self, EditError> {
        let named = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if key.is_empty() || key.starts_with(|first: char| first.is_ascii_digit()) || !key.bytes().all(named) {
            return Err(EditError::BadKey);
        }
        self.is_written()?;
        let text = self.bytes();
        let ending = line_ending(text);
        let before = if text.is_empty() || text.ends_with(b"\n") { b"" } else { ending };
        let end = text.len()..text.len();
        let build = |written: &[u8]| self.replaced(&end, &[before, key.as_bytes(), b"=", written, ending]);
        let (index, name) = (self.assignments().len(), key.as_bytes());
        let edit = Edit { index, name, preferred: Quote::Bare, escapes_breaks: false };
        let edited = self.edit(&edit, value, build)?;
        // Below an open quote the line is there, but no reader is sure to see it.
        let seen = edited.assignments().last().is_some_and(|last| last.key.is_some());
        if seen || self.refusal().is_none() { Ok(edited) } else { Err(EditError::NotReadBack) }
    }

    /// This file without the assignment at `index`: its lines, and no other byte.
    ///
    /// # Errors
    /// Where the others would then be read differently.
    pub fn remove(&self, index: usize) -> Result<Self, EditError> {
        self.is_written()?;
        let assignment = self.assignments().get(index).ok_or(EditError::NoSuchAssignment)?;
        let text = self.bytes();
        let before = part(text, 0..assignment.key_span.start);
        let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let end = (line_end(text, assignment.value_span.end) + 1).min(text.len());
        let edited = Self::parse(self.replaced(&(start..end), &[]));
        let others = self.assignments().iter().enumerate().filter(|(other, _)| *other != index);
        let same = |((_, one), left): ((usize, &Assignment), &Assignment)| {
            self.name(one) == edited.name(left) && self.written_whole(one) == edited.written_whole(left)
        };
        let is_read_back = edited.assignments().len() + 1 == self.assignments().len()
            && others.zip(edited.assignments()).all(same)
            && (edited.refusal().is_none() || self.refusal().is_some());
        if is_read_back { Ok(edited) } else { Err(EditError::NotReadBack) }
    }

    /// Tries the styles in turn: the one that is there first, then the simplest.
    fn edit(&self, edit: &Edit<'_>, value: &Secret, build: impl Fn(&[u8]) -> Secret) -> Result<Self, EditError> {
        #[expect(clippy::disallowed_methods, reason = "the value is written into the file's text")]
        let bytes = value.expose();
        if bytes.contains(&0) {
            return Err(EditError::Nul);
        }
        let styles = [edit.preferred, Quote::Bare, Quote::Single].into_iter().filter(|style| is_safe(bytes, *style));
        let on_one_line = edit.escapes_breaks.then(|| with_escaped_breaks(bytes));
        let spellings = styles.chain([Quote::Double]).map(|style| written(bytes, style));
        for spelling in on_one_line.into_iter().chain(spellings) {
            let edited = Self::parse(build(&spelling));
            if self.became(&edited, edit)
                && edited.assignments().get(edit.index).is_some_and(|one| one.value.ct_eq(value))
            {
                return Ok(edited);
            }
        }
        Err(EditError::NotReadBack)
    }

    /// Whether `edited` has the same assignments but for the one that `edit` is about, and is refused no sooner.
    fn became(&self, edited: &Self, edit: &Edit<'_>) -> bool {
        let count = self.assignments().len().max(edit.index + 1);
        let same = |index: usize, one: &Assignment| match self.assignments().get(index) {
            Some(before) if index != edit.index => {
                self.name(before) == edited.name(one) && self.written_whole(before) == edited.written_whole(one)
            }
            _ => edited.name(one) == edit.name,
        };
        edited.assignments().len() == count
            && edited.assignments().iter().enumerate().all(|(index, one)| same(index, one))
            && (edited.refusal().is_none() || self.refusal().is_some())
    }

    /// The text with `span` replaced by `parts`, in a buffer of just its size.
    fn replaced(&self, span: &Range<usize>, parts: &[&[u8]]) -> Secret {
        let text = self.bytes();
        let added: usize = parts.iter().map(|part| part.len()).sum();
        let mut out = Vec::with_capacity(text.len() - span.len() + added);
        out.extend_from_slice(part(text, 0..span.start));
        for part in parts {
            out.extend_from_slice(part);
        }
        out.extend_from_slice(from(text, span.end));
        Secret::new(out)
    }
}

/// Whether readers agree on `value` in this style, without an escape.
fn is_safe(value: &[u8], style: Quote) -> bool {
    match style {
        // `K==` is taken for the end of a base64 text, and its key is not printed.
        Quote::Bare => !value.starts_with(b"=") && value.iter().all(|byte| is_plain_byte(*byte)),
        Quote::Single => !value.contains(&b'\'') && !value.ends_with(b"\\"),
        Quote::Double => !value.iter().any(|byte| matches!(byte, b'"' | b'\\' | b'$' | b'`')),
    }
}

/// Whether every reader of env files takes a value as it is, without quotes.
#[must_use]
pub fn is_plain(value: &Secret) -> bool {
    #[expect(clippy::disallowed_methods, reason = "looks at each byte")]
    let bytes = value.expose();
    is_safe(bytes, Quote::Bare)
}

/// Bare characters that no reader changes.
fn is_plain_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.,:/@%+=?!^*[]{}".contains(&byte)
}

/// `value` in this style; in double quotes with the escapes it needs.
fn written(value: &[u8], style: Quote) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(2 * value.len() + 2));
    match style {
        Quote::Bare => out.extend_from_slice(value),
        Quote::Single => {
            out.push(b'\'');
            out.extend_from_slice(value);
            out.push(b'\'');
        }
        Quote::Double => {
            out.push(b'"');
            for byte in value {
                if matches!(byte, b'"' | b'\\' | b'$') {
                    out.push(b'\\');
                }
                out.push(*byte);
            }
            out.push(b'"');
        }
    }
    out
}

/// `value` in double quotes, on one line.
fn with_escaped_breaks(value: &[u8]) -> Zeroizing<Vec<u8>> {
    let escaped = written(value, Quote::Double);
    let mut out = Zeroizing::new(Vec::with_capacity(2 * escaped.len()));
    for byte in escaped.iter() {
        match byte {
            b'\n' => out.extend_from_slice(br"\n"),
            byte => out.push(*byte),
        }
    }
    out
}

/// The line ending of the first line.
fn line_ending(text: &[u8]) -> &'static [u8] {
    match memchr::memchr(b'\n', text) {
        Some(at) if at > 0 && text.get(at - 1) == Some(&b'\r') => b"\r\n",
        _ => b"\n",
    }
}

#[cfg(test)]
mod tests;
