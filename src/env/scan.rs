//! Where the assignments stand. Follows compose-go's dotenv parser, and goes on where that refuses the file.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::ops::Range;

use super::chars::{first, from, is_blank, line_end, part, skip, trimmed_end};
use super::{Key, Quote, RefusalKind};

/// An assignment before its value is decoded.
pub(super) struct Raw {
    pub(super) line: NonZeroU32,
    pub(super) key_span: Range<usize>,
    pub(super) value_span: Range<usize>,
    pub(super) quote: Quote,
    /// False for a quote that nothing closes: the value is the rest of its line.
    pub(super) closed: bool,
    pub(super) export: bool,
    pub(super) key: Option<Key>,
}

/// What [`scan`] found.
pub(super) struct Scan {
    pub(super) raws: Vec<Raw>,
    /// Where Compose stops, as an offset, its line, and why.
    pub(super) refusal: Option<(usize, NonZeroU32, RefusalKind)>,
}

/// Reads any bytes, in linear time.
pub(super) fn scan(text: &[u8]) -> Scan {
    let start = if text.starts_with(BOM) { BOM.len() } else { 0 };
    let mut scanner = Scanner {
        text,
        line: Cell::new((1, 0)),
        lines: Lines { seen: start, line: NonZeroU32::MIN, line_start: start },
        pem: Pem { seen: 0, open: false },
        done: start,
        open_quote: false,
        loose_line: None,
        found: Scan { raws: Vec::new(), refusal: None },
    };
    let mut at = start;
    while let Some(statement) = statement_start(text, at) {
        at = scanner.statement(statement);
        scanner.done = at;
    }
    scanner.found
}

const BOM: &[u8] = b"\xef\xbb\xbf";

struct Scanner<'a> {
    text: &'a [u8],
    /// A part of a line, up to its end.
    line: Cell<(usize, usize)>,
    lines: Lines,
    pem: Pem,
    /// Where the last statement ended.
    done: usize,
    /// A quote was opened above and nothing closed it: what looks like a key may be a part of the value.
    open_quote: bool,
    /// The last line that was no assignment: a wrapped secret may end on the next.
    loose_line: Option<NonZeroU32>,
    found: Scan,
}

/// What ends a key.
enum KeyEnd {
    /// `=` or `:`.
    Separator(usize),
    /// The line's or the file's end: Compose takes the name's value from its own environment.
    Bare(usize),
    /// A character that no key has; or a space in it.
    Refused,
}

/// A value as it stands.
struct Found {
    span: Range<usize>,
    quote: Quote,
    closed: bool,
    next: usize,
}

impl Scanner<'_> {
    /// Where the line ends that `at` is on. Remembered: a line may have as many statements as it has quotes.
    fn line_end(&self, at: usize) -> usize {
        let (from, to) = self.line.get();
        if from <= at && at <= to {
            return to;
        }
        let end = line_end(self.text, at);
        self.line.set((at, end));
        end
    }

    /// Reads the statement at `at`; gives where the next one may start.
    fn statement(&mut self, at: usize) -> usize {
        self.lines.advance(self.text, at);
        self.pem.advance(self.text, at);
        let (export, key_start) = after_export(self.text, at);
        let separator = match key_end(self.text, key_start) {
            KeyEnd::Separator(separator) => Some(separator),
            KeyEnd::Bare(end) => {
                self.loose_line = Some(self.lines.line);
                return end;
            }
            KeyEnd::Refused => self.refused(key_start),
        };
        match separator {
            Some(separator) => self.assignment(export, key_start..separator),
            None => self.line_end(key_start),
        }
    }

    /// Notes that Compose stops here. The line is still read: what stands before its first `=` is a key.
    fn refused(&mut self, key_start: usize) -> Option<usize> {
        let line = part(self.text, key_start..self.line_end(key_start));
        let separator = memchr::memchr(b'=', line).map(|offset| key_start + offset);
        let kind = if separator.is_some() { RefusalKind::BadKey } else { RefusalKind::NotAnAssignment };
        self.refuse(key_start, kind);
        if separator.is_none() {
            self.loose_line = Some(self.lines.line);
        }
        separator
    }

    fn refuse(&mut self, at: usize, kind: RefusalKind) {
        self.found.refusal.get_or_insert((at, self.lines.line, kind));
    }

    fn assignment(&mut self, export: bool, before: Range<usize>) -> usize {
        let key_span = before.start..trimmed_end(self.text, before.clone());
        let found = self.value(before.end + 1);
        let printable = part(self.text, before.end..before.end + 1) == b"="
            // A key stands first on its line: behind a closed quote it may be the rest of a value with a quote in it.
            && self.done <= self.lines.line_start
            && !self.open_quote
            && !self.pem.open
            && !self.is_base64_tail(part(self.text, key_span.clone()), part(self.text, found.span.clone()));
        let key = if printable { Key::printable(part(self.text, key_span.clone())) } else { None };
        if !found.closed {
            self.refuse(before.start, RefusalKind::OpenQuote);
            self.open_quote = true;
        }
        self.found.raws.push(Raw {
            line: self.lines.line,
            key_span,
            value_span: found.span,
            quote: found.quote,
            closed: found.closed,
            export,
            key,
        });
        found.next
    }

    /// `abc==`, or `abc=` below a line that is no assignment or that was broken, is more likely the end of a base64 text
    /// than a key.
    fn is_base64_tail(&self, name: &[u8], value: &[u8]) -> bool {
        let below_loose = self.loose_line.is_some_and(|line| line.checked_add(1) == Some(self.lines.line));
        value == b"=" || value.is_empty() && (below_loose || self.ends_base64_above(name))
    }

    /// Whether the line above ends in as much base64 as `openssl` (64) and `base64` (76) write into one, and `name=` can be
    /// its rest: groups of four characters, and no name in capitals.
    fn ends_base64_above(&self, name: &[u8]) -> bool {
        let Some(above) = self.found.raws.last().filter(|raw| raw.quote == Quote::Bare) else { return false };
        let text = part(self.text, above.value_span.clone());
        let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/".contains(byte);
        let is_line = matches!(text.len(), 64 | 76) && text.iter().all(is_base64);
        let is_next = above.line.checked_add(1) == Some(self.lines.line);
        let is_hex = text.iter().all(u8::is_ascii_hexdigit);
        let can_be_rest = (name.len() + 1) % 4 == 0
            && name.iter().all(u8::is_ascii_alphanumeric)
            && !name.iter().all(u8::is_ascii_uppercase);
        is_next && is_line && !is_hex && can_be_rest
    }

    /// The value that starts behind the separator, at `start`.
    fn value(&self, start: usize) -> Found {
        let at = skip(self.text, start, is_blank);
        let quote = match self.text.get(at) {
            Some(b'\'') => Quote::Single,
            Some(b'"') => Quote::Double,
            _ => return self.bare(start, at),
        };
        match closing_quote(self.text, at) {
            Some(close) if !self.runs_into_another(at, close) => {
                Found { span: at..close + 1, quote, closed: true, next: close + 1 }
            }
            _ => {
                let end = self.line_end(at);
                Found { span: at..trimmed_end(self.text, at..end), quote, closed: false, next: end }
            }
        }
    }

    /// Without quotes: to the line's end or ` #`.
    fn bare(&self, start: usize, at: usize) -> Found {
        let next = self.line_end(at);
        let line = part(self.text, at..next);
        let end = memchr::memmem::find(line, b" #").map_or(next, |offset| at + offset);
        let end = trimmed_end(self.text, at..end);
        // An empty value's place is directly behind the separator, before the blanks and the CR of its line.
        let span = if end > at { at..end } else { start..start };
        Found { span, quote: Quote::Bare, closed: true, next }
    }

    /// Whether the quote at `open` is closed, lines below, by what was meant to open another one: Compose refuses what
    /// follows then, and the lines between would hide in this value.
    fn runs_into_another(&self, open: usize, close: usize) -> bool {
        if memchr::memchr(b'\n', part(self.text, open..close)).is_none() {
            return false;
        }
        let next = skip(self.text, close + 1, is_blank);
        match self.text.get(next) {
            None | Some(b'\n' | b'#') => false,
            Some(_) => matches!(key_end(self.text, after_export(self.text, next).1), KeyEnd::Refused),
        }
    }
}

/// The next statement from `at` on, behind blank lines and comments.
fn statement_start(text: &[u8], at: usize) -> Option<usize> {
    let mut at = skip(text, at, char::is_whitespace);
    while text.get(at) == Some(&b'#') {
        at = skip(text, line_end(text, at), char::is_whitespace);
    }
    (at < text.len()).then_some(at)
}

/// Whether `export` stands at `at`, and where the key starts.
fn after_export(text: &[u8], at: usize) -> (bool, usize) {
    match from(text, at).strip_prefix(b"export") {
        Some([b'\t' | b'\n' | b'\x0c' | b'\r' | b' ', ..]) => (true, skip(text, at + "export".len(), is_blank)),
        _ => (false, at),
    }
}

fn key_end(text: &[u8], start: usize) -> KeyEnd {
    let mut at = start;
    let mut space = false;
    // A blank at the end of a key is not in it.
    let mut space_within = false;
    while let Some((character, length)) = first(from(text, at)) {
        match character {
            '=' | ':' if space_within => return KeyEnd::Refused,
            '=' | ':' => return KeyEnd::Separator(at),
            '\n' if space_within => return KeyEnd::Refused,
            '\n' => return KeyEnd::Bare(at),
            ' ' => space = true,
            _ if is_blank(character) => {}
            '_' | '.' | '-' | '[' | ']' => space_within = space,
            _ if character.is_alphanumeric() => space_within = space,
            _ => return KeyEnd::Refused,
        }
        at += length;
    }
    KeyEnd::Bare(at)
}

/// The quote that closes the one at `open`. A backslash escapes it.
pub(super) fn closing_quote(text: &[u8], open: usize) -> Option<usize> {
    let quote = *text.get(open)?;
    let mut at = open + 1;
    loop {
        at += memchr::memchr2(quote, b'\\', from(text, at))?;
        if text.get(at) == Some(&quote) {
            return Some(at);
        }
        at += 2;
    }
}

/// Counts lines on the way.
struct Lines {
    seen: usize,
    line: NonZeroU32,
    line_start: usize,
}

impl Lines {
    fn advance(&mut self, text: &[u8], to: usize) {
        let start = self.seen;
        for offset in memchr::memchr_iter(b'\n', part(text, start..to)) {
            self.line = self.line.saturating_add(1);
            self.line_start = start + offset + 1;
        }
        self.seen = to.max(self.seen);
    }
}

/// Watches for PEM blocks on the way.
struct Pem {
    seen: usize,
    open: bool,
}

impl Pem {
    fn advance(&mut self, text: &[u8], to: usize) {
        let passed = part(text, self.seen..to);
        let begin = memchr::memmem::rfind(passed, b"-----BEGIN");
        let end = memchr::memmem::rfind(passed, b"-----END");
        if begin != end {
            // `None` is less than every offset.
            self.open = begin > end;
        }
        self.seen = to.max(self.seen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each assignment as `key=value`, with a `?` for a key that may be the rest of a value and is not printed; and where
    /// Compose stops.
    fn seen(text: &str) -> (Vec<String>, Option<(u32, RefusalKind)>) {
        let found = scan(text.as_bytes());
        let show = |raw: &Raw| {
            let value = text.get(raw.value_span.clone()).unwrap();
            let key = raw.key.as_ref().map_or("?", Key::as_str);
            assert!(key == "?" || text.get(raw.key_span.clone()) == Some(key), "{key}");
            format!("{key}={value}")
        };
        (found.raws.iter().map(show).collect(), found.refusal.map(|(_, line, kind)| (line.get(), kind)))
    }

    #[test]
    fn where_assignments_stand() {
        use RefusalKind::{BadKey, NotAnAssignment, OpenQuote};
        let long = "xY3".repeat(21) + "z";
        for (text, assignments, refusal) in [
            ("A=1 # c\nLONG_NAME=v # c\n", &["A=1", "LONG_NAME=v"][..], None),
            ("A =1\nexport B= 2\nC\nD=4", &["A=1", "B=2", "D=4"], None),
            ("A.b-c=1\n", &["A.b-c=1"], None),
            // A colon separates for Compose alone.
            ("A: 1\n", &["?=1"], None),
            ("A=1\nB C=2\nD=3\n", &["A=1", "?=2", "D=3"], Some((2, BadKey))),
            ("A B\nD=3\n", &["D=3"], Some((1, NotAnAssignment))),
            ("A=1\n(B\nD=3\n", &["A=1", "D=3"], Some((2, NotAnAssignment))),
            // Behind a closed quote stands no key.
            ("A='x'B=2\nC=3\n", &["A='x'", "?=2", "C=3"], None),
            ("A='x\ny'\nC=3\n", &["A='x\ny'", "C=3"], None),
            ("A='x\nB=2\n", &["A='x", "?=2"], Some((1, OpenQuote))),
            // The second quote opens a value: the first one was never closed.
            ("A='x\nB='y'\nC=3\n", &["A='x", "?='y'", "?=3"], Some((1, OpenQuote))),
            // What may be the end of a text in base64, or of a key.
            ("A=1\nabc==\nB=2\n", &["A=1", "?==", "B=2"], None),
            ("loose\nabc=\nB=\n", &["?=", "B="], None),
            (&format!("A={long}\nabc=\nB=\n"), &[&format!("A={long}"), "?=", "B="], None),
            (&format!("A={long}\nABC=\n"), &[&format!("A={long}"), "ABC="], None),
            (&format!("A={long}\nab=\n"), &[&format!("A={long}"), "ab="], None),
            (&format!("A={long}\n\nabc=\n"), &[&format!("A={long}"), "abc="], None),
            (&format!("A={}\nabc=\n", "0f".repeat(32)), &[&format!("A={}", "0f".repeat(32)), "abc="], None),
            ("# -----BEGIN X-----\nabc=1\n# -----END X-----\nB=2\n", &["?=1", "B=2"], None),
        ] {
            assert_eq!(seen(text), (assignments.iter().map(|one| (*one).to_owned()).collect(), refusal), "{text}");
        }
    }
}
