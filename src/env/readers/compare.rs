//! What readers see, compared with what the first of them sees.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use super::{Reader, Reading, Sight};
use crate::env::chars::part;
use crate::env::{Assignment, Document, Quote};

/// What one reader sees of a key, compared with what another one sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same value, or none as the other.
    Same,
    /// Another value.
    Other,
    /// No value.
    Absent,
    /// It refuses the file, or stops above this line.
    Error,
    /// It runs a command.
    Executes,
}

impl Verdict {
    /// The word in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Other => "other",
            Self::Absent => "absent",
            Self::Error => "error",
            Self::Executes => "executes",
        }
    }
}

/// Several readers' readings of one file.
#[derive(Debug)]
pub struct Readings {
    readings: Vec<(Reader, Reading)>,
    is_alike: bool,
}

impl Readings {
    /// Reads a file with these readers, of which the first is what the others are compared with. A file in which nothing
    /// is that any reader could see differently is read by nobody.
    #[must_use]
    pub fn of(document: &Document, readers: &[Reader]) -> Self {
        let is_alike = is_plain(document, readers);
        let readings =
            if is_alike { Vec::new() } else { readers.iter().map(|one| (*one, one.read(document))).collect() };
        Self { readings, is_alike }
    }

    /// What each reader sees of the key that is written at `line`, in the order of the readers.
    pub fn verdicts(&self, key: &[u8], line: NonZeroU32) -> impl Iterator<Item = (Reader, Verdict)> {
        let base = self.readings.first().map(|(_, reading)| reading);
        self.readings.iter().filter_map(move |(reader, reading)| Some((*reader, verdict(base?, reading, key, line))))
    }

    /// Whether all of them see the same, without having been asked.
    #[must_use]
    pub fn is_alike(&self) -> bool {
        self.is_alike
    }

    /// What each reader made of the file.
    #[must_use]
    pub fn all(&self) -> &[(Reader, Reading)] {
        &self.readings
    }
}

/// What `reading` sees of a key, compared with `base`.
#[must_use]
pub fn verdict(base: &Reading, reading: &Reading, key: &[u8], line: NonZeroU32) -> Verdict {
    if reading.executes(key) {
        return Verdict::Executes;
    }
    let is_there = !matches!(reading.sight(key), None | Some(Sight::Absent));
    if reading.stop.is_some_and(|stop| !stop.keeps || !is_there && line >= stop.line) {
        return Verdict::Error;
    }
    let base_is_there = !matches!(base.sight(key), None | Some(Sight::Absent));
    match (reading.get(key), base.get(key)) {
        (Some(value), Some(known)) if value == known => Verdict::Same,
        (None, None) if !is_there && !base_is_there && !base.refuses() => Verdict::Same,
        _ if !is_there => Verdict::Absent,
        _ => Verdict::Other,
    }
}

/// The keys that have another spelling in `after` than in `before`, or are new there.
#[must_use]
pub fn changed_keys<'a>(before: &Document, after: &'a Document) -> Vec<&'a [u8]> {
    let (known, names) = (last_spellings(before), last_spellings(after));
    names.into_iter().filter(|(name, written)| known.get(name) != Some(written)).map(|(name, _)| name).collect()
}

/// How each key is written where it stands last.
fn last_spellings(document: &Document) -> BTreeMap<&[u8], &[u8]> {
    let written = |one: &Assignment| part(document.bytes(), one.value_span.clone());
    document.assignments().iter().map(|one| (document.name(one), written(one))).collect()
}

/// The first reader that does not see what Docker Compose sees of these keys of `after`. Readers that refuse the file as
/// it was are not asked: that is of other lines.
#[must_use]
pub fn not_read_back(before: &Document, after: &Document, names: &[&[u8]], readers: &[Reader]) -> Option<Reader> {
    if names.is_empty() || is_plain(after, readers) {
        return None;
    }
    let compose = Reader::Compose.read(after);
    let asked = readers.iter().filter(|reader| reader.read(before).stop.is_none());
    asked.copied().find(|reader| {
        let reading = reader.read(after);
        names.iter().any(|name| reading.get(name) != compose.get(name) || reading.executes(name))
    })
}

/// What bash lets nobody assign, though the names look like any other.
const READ_ONLY: [&[u8]; 4] = [b"EUID", b"PPID", b"SHELLOPTS", b"UID"];

/// Whether a reader gives this name a value of its own.
fn is_kept(reader: Reader, name: &[u8]) -> bool {
    match reader {
        Reader::Bash => READ_ONLY.contains(&name),
        Reader::Make => super::make::KEPT.contains(&name),
        _ => false,
    }
}

/// Whether every reader sees this file alike: lines of `NAME=` and a value of characters that no reader changes.
fn is_plain(document: &Document, readers: &[Reader]) -> bool {
    let takes_empty = !readers.contains(&Reader::Honcho);
    let mut seen = std::collections::HashSet::with_capacity(document.assignments().len());
    let bytes = document.bytes();
    if document.refusal().is_some() || memchr::memchr3(b'\r', 0, b'\\', bytes).is_some() || !bytes.is_ascii() {
        return false;
    }
    bytes.split(|byte| *byte == b'\n').all(|line| {
        if line.is_empty() || line.starts_with(b"#") {
            return true;
        }
        let separator = memchr::memchr(b'=', line).unwrap_or_default();
        let (name, value) = (part(line, 0..separator), part(line, separator + 1..line.len()));
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        !name.is_empty()
            && !name.first().is_some_and(u8::is_ascii_digit)
            && name.iter().all(is_name)
            && (takes_empty || !value.is_empty())
            && value.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.,:/@%+=?!^*[]{}".contains(byte))
            && !readers.iter().any(|reader| is_kept(*reader, name))
            && seen.insert(name)
    })
}

/// What makes a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// `$(…)` or backticks.
    Command,
    /// `#`.
    Hash,
    /// `$`.
    Dollar,
    /// A backslash.
    Backslash,
    /// A line break in a value.
    LineBreak,
    /// A carriage return.
    Return,
    /// A byte order mark.
    Mark,
    /// A blank in a value without quotes.
    Blank,
    /// Quotes.
    Quote,
    /// What a shell reads as an operator.
    Operator,
    /// `~`.
    Tilde,
    /// `export` before the key.
    Export,
    /// Blanks around `=`.
    Spacing,
    /// A character of the key.
    Key,
    /// A name that the reader keeps for itself.
    ReadOnly,
    /// The key stands twice.
    Twice,
    /// A zero byte.
    Zero,
    /// An empty value.
    Empty,
    /// Something else, or several together.
    Several,
}

impl Sign {
    /// As a report says it.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Command => "a command",
            Self::Hash => "`#`",
            Self::Dollar => "`$`",
            Self::Backslash => "a backslash",
            Self::LineBreak => "a line break in the value",
            Self::Return => "a carriage return",
            Self::Mark => "the byte order mark",
            Self::Blank => "a blank",
            Self::Quote => "the quotes",
            Self::Operator => "a shell operator (`&`, `;`, `|`, `<`, `>`, `(` or `)`)",
            Self::Tilde => "`~`",
            Self::Export => "`export`",
            Self::Spacing => "blanks around `=`",
            Self::Key => "the name of the key",
            Self::ReadOnly => "a name that the reader keeps for itself",
            Self::Twice => "the key is in the file twice",
            Self::Zero => "a zero byte",
            Self::Empty => "an empty value",
            Self::Several => "several signs together",
        }
    }
}

impl Sign {
    /// Whether it is outside of the value, so that no spelling of the value helps.
    #[must_use]
    pub const fn is_outside(self) -> bool {
        matches!(
            self,
            Self::Return | Self::Mark | Self::Export | Self::Spacing | Self::Key | Self::ReadOnly | Self::Twice
        )
    }
}

/// Signs of a value, and what each is replaced by to see whether it makes the difference.
const SIGNS: [(Sign, &[u8]); 9] = [
    (Sign::Zero, b"\0"),
    (Sign::Hash, b"#"),
    (Sign::Backslash, b"\\"),
    (Sign::Dollar, b"$"),
    (Sign::Command, b"`"),
    (Sign::Operator, b"&;|<>()"),
    (Sign::Blank, b" \t"),
    (Sign::LineBreak, b"\n"),
    (Sign::Tilde, b"~"),
];

/// In a longer value the sign is not searched for.
const MAX_LENGTH: usize = 64 << 10;

/// Why `reader` does not see what `base` sees of the assignment at `index`: the first sign without which it would.
#[must_use]
pub fn sign(document: &Document, index: usize, base: Reader, reader: Reader) -> Sign {
    let Some(assignment) = document.assignments().get(index) else { return Sign::Several };
    let bytes = document.bytes();
    if assignment.value_span.len() > MAX_LENGTH {
        return Sign::Several;
    }
    let name = document.name(assignment);
    if is_kept(reader, name) {
        return Sign::ReadOnly;
    }
    let line_start = memchr::memrchr(b'\n', part(bytes, 0..assignment.key_span.start)).map_or(0, |at| at + 1);
    let line_end = crate::env::chars::line_end(bytes, assignment.value_span.end);
    let head = part(bytes, line_start..assignment.value_span.start);
    let value = part(bytes, assignment.value_span.clone());
    let tail = part(bytes, assignment.value_span.end..line_end);
    let agree = |head: &[u8], value: &[u8], tail: &[u8]| {
        let text = zeroize::Zeroizing::new([head, value, tail, b"\n"].concat());
        let small = Document::parse(crate::secret::Secret::copy_of(&text));
        let (one, other) = (base.read(&small), reader.read(&small));
        let key = small.assignments().first().map(|one| small.name(one)).unwrap_or_default();
        verdict(&one, &other, key, NonZeroU32::MIN) == Verdict::Same && one.get(key).is_some()
    };
    if agree(head, value, tail) {
        // The line alone is no difference: what stands above it is.
        let count = document.assignments().iter().filter(|one| document.name(one) == name).take(2).count();
        return if count > 1 { Sign::Twice } else { references(value) };
    }
    let without = |text: &[u8], bytes: &[u8]| {
        let mut copy = zeroize::Zeroizing::new(text.to_vec());
        copy.retain(|byte| !bytes.contains(byte));
        copy
    };
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if line_start == 0 && bytes.starts_with(b"\xef\xbb\xbf") && agree(head, value, tail) {
        return Sign::Mark;
    }
    let tail_without = without(tail, b"\r");
    let value_without = without(value, b"\r");
    if (tail.contains(&b'\r') || value.contains(&b'\r')) && agree(head, &value_without, &tail_without) {
        return Sign::Return;
    }
    let plain = [name, b"="].concat();
    if assignment.export && agree(&plain, value, tail) {
        return Sign::Export;
    }
    if head != plain.as_slice() && agree(&plain, value, tail) {
        return Sign::Spacing;
    }
    let (inner, quotes) = match (assignment.quote, value) {
        (Quote::Single | Quote::Double, [open, inner @ .., close]) => (inner, Some((*open, *close))),
        _ => (value, None),
    };
    for (sign, bytes) in SIGNS {
        if !inner.iter().chain(tail).any(|byte| bytes.contains(byte)) {
            continue;
        }
        let mut changed = zeroize::Zeroizing::new(Vec::with_capacity(value.len()));
        changed.extend(quotes.map(|(open, _)| open));
        changed.extend(inner.iter().map(|byte| if bytes.contains(byte) { b'x' } else { *byte }));
        changed.extend(quotes.map(|(_, close)| close));
        let tail = if sign == Sign::Hash { &[][..] } else { tail };
        if agree(head, &changed, tail) {
            let is_command = sign == Sign::Dollar && memchr::memmem::find(inner, b"$(").is_some();
            return if is_command { Sign::Command } else { sign };
        }
    }
    let is_odd_name = name.iter().any(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
    if agree(b"K=", value, tail) && (is_odd_name || name.first().is_some_and(u8::is_ascii_digit)) {
        return Sign::Key;
    }
    if value.is_empty() {
        return Sign::Empty;
    }
    let has_quotes = quotes.is_some() || value.iter().any(|byte| b"'\"".contains(byte));
    if has_quotes { Sign::Quote } else { Sign::Several }
}

fn references(value: &[u8]) -> Sign {
    if value.contains(&b'$') { Sign::Dollar } else { Sign::Several }
}
