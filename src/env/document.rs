//! The env-file model.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::ops::Range;

use super::Key;
use super::chars::part;
use super::comment::{self, Annotation, comments_above};
use super::encoding::{self, Encoding};
use super::scan::{Raw, scan};
use super::value::Values;
use crate::env::unread_assignments::{self, Hidden};
use crate::secret::Secret;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// Without quotes.
    Bare,
    /// `'…'`.
    Single,
    /// `"…"`.
    Double,
}

/// What Docker Compose does with the `$` signs of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dollar {
    /// There are none, or they stand as written.
    AsWritten,
    /// Every one is a reference to a key that this file defines above, or has a default: written on purpose.
    Reference,
    /// At least one is expanded to a name that this file does not define, dropped, or halved: the value is not what
    /// was written.
    Rewritten,
}

/// One `KEY=value`.
#[derive(Debug)]
pub struct Assignment {
    /// The line the key stands on, from 1.
    pub line: NonZeroU32,
    /// The key's bytes.
    pub key_span: Range<usize>,
    /// The value's bytes, quotes included. Empty, and directly behind the `=`, for an empty bare value.
    pub value_span: Range<usize>,
    /// How it is written.
    pub quote: Quote,
    /// Whether `export` stands before the key.
    pub export: bool,
    /// The key, where it may be printed.
    pub key: Option<Key>,
    /// The value that Docker Compose sees.
    pub value: Secret,
    /// What Compose does with its `$`.
    pub dollar: Dollar,
}

impl Assignment {
    /// Where the value is in the file, without the quotes around it.
    #[must_use]
    pub fn written_span(&self) -> Range<usize> {
        let Range { start, end } = self.value_span;
        if self.quote == Quote::Bare || end < start + 2 { start..end } else { start + 1..end - 1 }
    }

    /// Whether this one value is ciphertext of a tool that encrypts files: dotenvx's `encrypted:…` or sops's `ENC[…]`.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "looks at the first bytes")]
    pub fn is_encrypted(&self) -> bool {
        let value = self.value.expose();
        value.starts_with(b"encrypted:") || value.starts_with(b"ENC[") && value.ends_with(b"]")
    }
}

/// Why Docker Compose refuses a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// Characters of UTF-16 or UTF-32, which it takes for a key.
    Encoding,
    /// A quote that nothing closes.
    OpenQuote,
    /// A line that is no assignment.
    NotAnAssignment,
    /// A key with a character that Compose does not take.
    BadKey,
    /// An expansion it cannot parse, one of a required name that is not there, or one past our bounds (nested 32 deep,
    /// 1 MiB for a value).
    BadExpansion,
}

/// Where Docker Compose stops reading, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The line, from 1.
    pub line: NonZeroU32,
    /// Why.
    pub kind: RefusalKind,
}

/// An env file: every byte of it, and where its assignments stand.
#[derive(Debug)]
pub struct Document {
    text: Secret,
    encoding: Encoding,
    assignments: Vec<Assignment>,
    hidden: Vec<Hidden>,
    refusal: Option<Refusal>,
}

impl Document {
    /// Reads any bytes. Never fails: where Docker Compose would refuse the file, [`Document::refusal`] says so, and
    /// the lines behind are read as well as they can be, so that nothing hides behind a broken line.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the parser reads the text, and earlier values for `$`")]
    pub fn parse(text: Secret) -> Self {
        let wide_from = encoding::wide_from(text.expose());
        let (text, encoding) = encoding::decoded(text);
        let found = scan(text.expose());
        let hidden = unread_assignments::find(text.expose(), &found.raws);
        let mut refusal = found.refusal;
        let mut assignments: Vec<Assignment> = Vec::with_capacity(found.raws.len());
        let mut values = Values::new(text.expose(), found.raws.len());
        for raw in found.raws {
            let value = values.decode(&raw, |index| assignments.get(index).map(|known| known.value.expose()));
            if value.refused && refusal.is_none_or(|(at, ..)| raw.key_span.start < at) {
                refusal = Some((raw.key_span.start, raw.line, RefusalKind::BadExpansion));
            }
            values.define(&raw, assignments.len());
            let Raw { line, key_span, value_span, quote, export, key, closed: _ } = raw;
            let (value, dollar) = (value.secret, value.dollar);
            assignments.push(Assignment { line, key_span, value_span, quote, export, key, value, dollar });
        }
        let wide = wide_from.filter(|_| encoding == Encoding::Wide);
        let wide = wide.map(|line| Refusal { line, kind: RefusalKind::Encoding });
        let refusal = wide.or(refusal.map(|(_, line, kind)| Refusal { line, kind }));
        Self { text, encoding, assignments, hidden, refusal }
    }

    /// How the file's characters are written.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether the text begins with a byte order mark of UTF-8, which some readers take for a part of the first key.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "its first three bytes are looked at")]
    pub fn begins_with_mark(&self) -> bool {
        self.text.expose().starts_with(b"\xef\xbb\xbf")
    }

    /// Whether the text is what is in the file: known characters, and no pointer to a content elsewhere.
    #[must_use]
    pub fn is_read(&self) -> bool {
        matches!(self.encoding, Encoding::Bytes | Encoding::Wide)
    }

    /// The assignments that Docker Compose does not read, and others do, or people.
    #[must_use]
    pub fn hidden(&self) -> &[Hidden] {
        &self.hidden
    }

    /// Whether a line ends in a carriage return and a line feed.
    #[must_use]
    pub fn has_returns(&self) -> bool {
        memchr::memmem::find(self.bytes(), b"\r\n").is_some()
    }

    /// Whether a carriage return stands alone, where most readers end a line and Docker Compose does not.
    #[must_use]
    pub fn has_lone_return(&self) -> bool {
        unread_assignments::lone_returns(self.bytes()).next().is_some()
    }

    /// The file's text: its bytes, but where [`Document::encoding`] says that it was decoded.
    #[must_use]
    pub fn text(&self) -> &Secret {
        &self.text
    }

    /// The assignments, in order.
    #[must_use]
    pub fn assignments(&self) -> &[Assignment] {
        &self.assignments
    }

    /// Where Docker Compose stops reading this file.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    /// The index of the assignment that decides `key`'s value: the last one.
    #[must_use]
    pub fn find(&self, key: &Key) -> Option<usize> {
        self.assignments.iter().rposition(|assignment| assignment.key.as_ref() == Some(key))
    }

    /// The indexes of the assignments of a key, as it is written.
    #[must_use]
    pub fn places(&self, name: &str) -> Vec<usize> {
        let is_it = |one: &Assignment| self.name(one) == name.as_bytes();
        self.assignments.iter().enumerate().filter(|(_, one)| is_it(one)).map(|(index, _)| index).collect()
    }

    /// The first assignment whose key stands above it already.
    #[must_use]
    pub fn repeated(&self) -> Option<&Assignment> {
        let mut seen = HashSet::with_capacity(self.assignments.len());
        self.assignments.iter().find(|one| !seen.insert(self.name(one)))
    }

    /// Whether what Docker Compose takes for a bare value is a comment to everybody else: `KEY= # set at install`.
    #[must_use]
    pub fn is_comment(&self, assignment: &Assignment) -> bool {
        let (start, text) = (assignment.value_span.start, self.bytes());
        let before = start.checked_sub(1).and_then(|at| text.get(at));
        let is_apart = before.is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        assignment.quote == Quote::Bare && is_apart && text.get(start) == Some(&b'#')
    }

    /// The value as it is written, without the quotes around it.
    #[must_use]
    pub fn written(&self, assignment: &Assignment) -> &[u8] {
        part(self.bytes(), assignment.written_span())
    }

    /// The value as it is written, with the quotes around it.
    #[must_use]
    pub fn written_whole(&self, assignment: &Assignment) -> &[u8] {
        part(self.bytes(), assignment.value_span.clone())
    }

    /// The inline ignores in force for the assignment at `index`: the check ids and reasons of the comment lines
    /// `# envward: ignore[check-id] reason` directly above it.
    #[must_use]
    pub fn ignores(&self, index: usize) -> Vec<InlineIgnore> {
        self.annotations(index).iter().flat_map(comment::ignores).collect()
    }

    /// The annotations, `# envward: word[argument] rest`, on the comment lines directly above the assignment at
    /// `index`, from the top.
    #[must_use]
    pub fn annotations(&self, index: usize) -> Vec<Annotation<'_>> {
        let Some(assignment) = self.assignments.get(index) else { return Vec::new() };
        let above = index.checked_sub(1).and_then(|previous| self.assignments.get(previous));
        let start = above.map_or(0, |previous| previous.value_span.end);
        let comments = comments_above(self.bytes(), start..assignment.key_span.start, assignment.line);
        comments.filter_map(|(line, text)| comment::annotation(line, text)).collect()
    }

    /// The annotations that stand above no assignment, and so are about nothing.
    #[must_use]
    pub fn stray_annotations(&self) -> Vec<Annotation<'_>> {
        let mut stray = Vec::new();
        let (mut start, mut line) = (0, NonZeroU32::MIN);
        for index in 0..=self.assignments.len() {
            let next = self.assignments.get(index);
            let end = next.map_or(self.bytes().len(), |next| next.key_span.start);
            let attached = self.annotations(index);
            let between = comment::annotations_in(self.bytes(), start..end, line);
            stray.extend(between.filter(|one| attached.iter().all(|known| known.line != one.line)));
            let Some(next) = next else { break };
            start = next.value_span.end;
            let lines = part(self.bytes(), next.key_span.start..start).iter().filter(|byte| **byte == b'\n').count();
            line = next.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        }
        stray
    }

    /// Whether values are ciphertext, and whose. The tools leave some in the open, by rules of their own: what those are
    /// worth is judged value by value. A file with a line that is no assignment is none of theirs.
    #[must_use]
    pub fn cipher(&self) -> Option<Cipher> {
        if self.bytes().starts_with(GIT_CRYPT) {
            return Some(Cipher::GitCrypt);
        }
        if self.refusal.is_some() {
            return None;
        }
        let has = |wanted: &dyn Fn(&Assignment) -> bool| self.assignments.iter().any(wanted);
        if has(&|one| self.name(one) == b"sops_mac" && one.is_encrypted()) {
            return Some(Cipher::Sops);
        }
        has(&Assignment::is_encrypted).then_some(Cipher::Dotenvx)
    }

    /// The key's bytes as they stand: to compare with, never to print.
    #[must_use]
    pub fn name(&self, assignment: &Assignment) -> &[u8] {
        part(self.bytes(), assignment.key_span.clone())
    }

    #[expect(clippy::disallowed_methods, reason = "the model works on the text that it holds")]
    pub(super) fn bytes(&self) -> &[u8] {
        self.text.expose()
    }
}

/// How git-crypt begins a file.
pub(super) const GIT_CRYPT: &[u8] = b"\0GITCRYPT\0";

/// One check switched off by a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineIgnore {
    /// The check's id as written, if it has the shape of one.
    pub check: String,
    /// Whether a reason follows. Without one it does not act.
    pub has_reason: bool,
    /// The comment's line.
    pub line: NonZeroU32,
}

/// Who encrypted a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// Values start `encrypted:`.
    Dotenvx,
    /// `sops_mac`.
    Sops,
    /// `\0GITCRYPT\0`.
    GitCrypt,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Document {
        Document::parse(Secret::copy_of(text.as_bytes()))
    }

    #[test]
    fn a_value_without_its_quotes() {
        for (text, written, whole) in [
            ("K=v\n", "v", "v"),
            ("K='v'\n", "v", "'v'"),
            ("K=\"\"\n", "", "\"\""),
            ("K=\n", "", ""),
            // A quote that nothing closes.
            ("K='\n", "'", "'"),
        ] {
            let document = parsed(text);
            let one = document.assignments().first().unwrap();
            let says = (document.written(one), document.written_whole(one));
            assert_eq!(says, (written.as_bytes(), whole.as_bytes()), "{text}");
        }
    }

    #[test]
    fn where_a_key_is_assigned() {
        let document = parsed("A=1\nB=2\nA=3\nC=4\nB=5\n");
        let find = |name: &str| document.find(&Key::everywhere(name.as_bytes()).unwrap());
        assert_eq!((find("A"), find("C"), find("D")), (Some(2), Some(3), None));
        assert_eq!((document.places("B"), document.places("D")), (vec![1, 4], vec![]));
        assert_eq!(document.repeated().map(|one| one.line.get()), Some(3));
        assert!(parsed("A=1\nB=2\n").repeated().is_none());
    }

    #[test]
    fn who_encrypted_it() {
        for (text, cipher) in [
            ("K=encrypted:BE9\n", Some(Cipher::Dotenvx)),
            ("K=v\nL=ENC[x]\n", Some(Cipher::Dotenvx)),
            ("K=ENC[x]\nsops_mac=ENC[y]\n", Some(Cipher::Sops)),
            ("\0GITCRYPT\0", Some(Cipher::GitCrypt)),
            ("sops_mac=none\n", None),
            ("K=ENC[x\nL=[y]\n", None),
            ("no assignment\nK=encrypted:BE9\n", None),
        ] {
            assert_eq!(parsed(text).cipher(), cipher, "{text}");
        }
    }

    #[test]
    fn what_a_text_is() {
        let pointer = parsed("version https://git-lfs.github.com/spec/v1\n");
        assert!(!pointer.is_read() && parsed("K=v\n").is_read());
        assert!(parsed("K=v\r\n").has_returns() && !parsed("K=v\nL=\r").has_returns());
        assert!(parsed("K=v\n").text().ct_eq(&Secret::copy_of(b"K=v\n")));
        // Compose refuses the first line that it cannot read, whatever is wrong with it.
        for (text, line) in [("A=${\nB C\n", 1), ("B C\nA=${\n", 1), ("A=1\nB=${\nC=${\n", 2)] {
            assert_eq!(parsed(text).refusal().map(|refusal| refusal.line.get()), Some(line), "{text}");
        }
    }
}
