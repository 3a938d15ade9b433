//! A spelling of a value that several readers take alike: searched among the ways in which values are written, and proven
//! by the models.

use std::collections::BTreeSet;

use super::{Reader, Reading, Sign};
use crate::env::chars::{from, part};
use crate::env::{Document, Dollar, EditError};
use crate::secret::Secret;

use super::buffer::Buffer;

/// For a longer value no spelling is searched for.
const MAX_LENGTH: usize = 64 << 10;

/// What came of a search.
#[derive(Debug)]
pub enum Rewrite {
    /// All readers agree on the value as it is.
    Alike,
    /// The file with another spelling of this one value.
    Written(Document),
    /// No spelling: this sign makes it impossible.
    Impossible(Sign),
}

/// Spells the value at `index` so that all `readers` see what the first of them sees now.
///
/// # Errors
/// Where the file is none that envward writes.
pub fn rewrite(document: &Document, index: usize, readers: &[Reader]) -> Result<Rewrite, EditError> {
    let Some((first, assignment)) = readers.first().zip(document.assignments().get(index)) else {
        return Ok(Rewrite::Alike);
    };
    let name = document.name(assignment).to_vec();
    if assignment.value_span.len() > MAX_LENGTH {
        return Ok(Rewrite::Impossible(Sign::Several));
    }
    let before: Vec<Reading> = readers.iter().map(|reader| reader.read(document)).collect();
    let Some(target) = before.first().and_then(|reading| reading.get(&name)).map(Buffer::of) else {
        return Ok(Rewrite::Alike);
    };
    let sees = |reading: &Reading| reading.get(&name) == Some(target.bytes()) && !reading.executes(&name);
    if before.iter().all(sees) {
        return Ok(Rewrite::Alike);
    }
    if *first == Reader::Compose && assignment.dollar == Dollar::Rewritten {
        // What a variable of Compose's own environment makes of it is not known here.
        return Ok(Rewrite::Impossible(Sign::Dollar));
    }
    let Some(written) = spelled(target.bytes(), readers) else {
        let culprit = culprit(target.bytes(), readers);
        return Ok(Rewrite::Impossible(culprit));
    };
    let edited = document.respelled(index, &Secret::copy_of(written.bytes()))?;
    let after: Vec<Reading> = readers.iter().map(|reader| reader.read(&edited)).collect();
    let keeps_others = before.iter().zip(&after).all(|(before, after)| {
        let keys: BTreeSet<&[u8]> = before.keys().filter(|key| *key != name.as_slice()).collect();
        keys.into_iter().all(|key| before.get(key) == after.get(key))
    });
    if after.iter().all(sees) && keeps_others {
        return Ok(Rewrite::Written(edited));
    }
    // What is around the value makes the difference: the key, `export`, blanks, a carriage return.
    let other = readers.iter().zip(&after).find(|(_, reading)| !sees(reading)).map(|(reader, _)| *reader);
    Ok(Rewrite::Impossible(other.map_or(Sign::Several, |other| super::sign(&edited, index, *first, other))))
}

/// The first spelling that all readers see as the value, on a line of its own.
fn spelled(value: &[u8], readers: &[Reader]) -> Option<Buffer> {
    candidates(value).into_iter().find(|written| is_seen(value, written.bytes(), readers))
}

/// Whether all readers see the value where it is written so, and what stands around it.
fn is_seen(value: &[u8], written: &[u8], readers: &[Reader]) -> bool {
    let mut text = Buffer::with_capacity(written.len() + 16);
    [&b"A_=1\nK_="[..], written, b"\nZ_=2\n"].iter().for_each(|part| text.extend(part));
    let document = Document::parse(text.into_secret());
    readers.iter().all(|reader| {
        let reading = reader.read(&document);
        let is_there = |key: &[u8], value: &[u8]| reading.get(key) == Some(value) && !reading.executes(key);
        is_there(b"K_", value) && is_there(b"A_", b"1") && is_there(b"Z_", b"2") && reading.keys().count() == 3
    })
}

/// The ways to write a value, the simplest first.
fn candidates(value: &[u8]) -> Vec<Buffer> {
    let quoted = |quote: &[u8], inner: &[u8]| {
        let mut out = Buffer::with_capacity(inner.len() + 2);
        [quote, inner, quote].iter().for_each(|part| out.extend(part));
        out
    };
    let escaped = |signs: &[u8]| {
        let mut out = Buffer::with_capacity(value.len() * 2);
        for byte in value {
            if signs.contains(byte) {
                out.push(b'\\');
            }
            out.push(*byte);
        }
        out
    };
    let mut all = vec![Buffer::of(value), quoted(b"'", value), quoted(b"\"", value)];
    for signs in [&b"\"\\$`"[..], b"\"\\$", b"\"\\", b"\"$`", b"\"$", b"\"", b"\\", b"$"] {
        all.push(quoted(b"\"", escaped(signs).bytes()));
    }
    for signs in [&b"'"[..], b"'\\"] {
        all.push(quoted(b"'", escaped(signs).bytes()));
    }
    all.push(quoted(b"'", super::buffer::replaced(value, b"'", br"'\''").bytes()));
    all.push(quoted(b"'", super::buffer::replaced(value, b"'", b"'\"'\"'").bytes()));
    all.push(quoted(b"`", value));
    all.push(super::buffer::replaced(value, b"$", b"$$"));
    all.push(escaped(b" \t#$&()*;<>?[]\\`{}|~\"'!"));
    all.push(escaped(b"\\ '\"$"));
    let lines = super::buffer::replaced(escaped(b"\"\\$`").bytes(), b"\n", br"\n");
    all.push(quoted(b"\"", lines.bytes()));
    all
}

/// The signs of a value, in the order in which they are blamed.
const SIGNS: [(Sign, &[u8]); 11] = [
    (Sign::Zero, b"\0"),
    (Sign::LineBreak, b"\n"),
    (Sign::Return, b"\r"),
    (Sign::Dollar, b"$"),
    (Sign::Command, b"`"),
    (Sign::Backslash, b"\\"),
    (Sign::Quote, b"'\""),
    (Sign::Hash, b"#"),
    (Sign::Blank, b" \t"),
    (Sign::Operator, b"&;|<>()"),
    (Sign::Tilde, b"~"),
];

/// The sign without which there would be a spelling.
fn culprit(value: &[u8], readers: &[Reader]) -> Sign {
    let present = SIGNS.iter().filter(|(_, bytes)| value.iter().any(|byte| bytes.contains(byte)));
    for (sign, bytes) in present {
        let mut without = Buffer::with_capacity(value.len());
        value.iter().for_each(|byte| without.push(if bytes.contains(byte) { b'x' } else { *byte }));
        if spelled(without.bytes(), readers).is_some() {
            return *sign;
        }
    }
    if value.is_empty() { Sign::Empty } else { Sign::Several }
}

impl Document {
    /// This file with other bytes for the value at `index`, quotes included.
    fn respelled(&self, index: usize, written: &Secret) -> Result<Self, EditError> {
        #[expect(clippy::disallowed_methods, reason = "the value is written into the file's text")]
        let bytes = written.expose();
        let span = self.writable_span(index)?;
        let text = self.bytes();
        let mut out = Buffer::with_capacity(text.len() + bytes.len());
        [part(text, 0..span.start), bytes, from(text, span.end)].iter().for_each(|part| out.extend(part));
        Ok(Self::parse(out.into_secret()))
    }
}
