//! tar, as a stream: POSIX `ustar` and pax, and GNU's long names. Bounded: nothing is kept but one name.
//!
//! <https://www.gnu.org/software/tar/manual/html_node/Standard.html>

use std::io::{self, Read};

use super::{broken, drain, read_full};

const BLOCK: usize = 512;
/// The longest name, and the longest list of pax records, that is read.
const LONGEST: u64 = 1 << 20;

/// A file in an archive.
pub(in crate::trace) struct Member<'a> {
    pub(in crate::trace) name: Vec<u8>,
    pub(in crate::trace) size: u64,
    pub(in crate::trace) content: &'a mut dyn Read,
}

/// Whether a block is the header of a member: its sum is right, and it says that it is one.
pub(super) fn is_header(block: &[u8]) -> bool {
    block.get(257..262) == Some(b"ustar") && block.first_chunk().is_some_and(has_right_sum)
}

fn has_right_sum(block: &[u8; BLOCK]) -> bool {
    // The sum counts its own field as blanks.
    let bytes = block.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { b' ' } else { *byte });
    number(block.get(148..156).unwrap_or_default()) == Some(bytes.map(u64::from).sum())
}

/// Octal digits, or base 256 where they do not suffice (GNU).
fn number(field: &[u8]) -> Option<u64> {
    if let [first @ 0x80..=0xff, rest @ ..] = field {
        let mut bytes = std::iter::once(first & 0x7f).chain(rest.iter().copied());
        return bytes.try_fold(0_u64, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(byte)));
    }
    let mut digits = field.iter().skip_while(|byte| **byte == b' ').take_while(|byte| !matches!(byte, b' ' | 0));
    digits.try_fold(0_u64, |sum, digit| match digit {
        b'0'..=b'7' => sum.checked_mul(8)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}

/// Gives each file of an archive to `look`. What `look` leaves of it is skipped.
///
/// # Errors
/// What is no tar (any more), and those of the reader and of `look`.
pub(in crate::trace) fn members(
    reader: &mut dyn Read,
    look: &mut dyn FnMut(&mut Member<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let (mut block, mut next) = ([0; BLOCK], Next::default());
    loop {
        match read_full(reader, &mut block)? {
            0 => return Ok(()),
            BLOCK if block.iter().all(|byte| *byte == 0) => continue,
            BLOCK if has_right_sum(&block) => {}
            _ => return Err(broken()),
        }
        let kind = block.get(156).copied().unwrap_or_default();
        let own = number(block.get(124..136).unwrap_or_default()).ok_or_else(broken)?;
        let size = match kind {
            b'L' | b'x' | b'K' | b'g' => own,
            // Links and directories have no content, whatever they say.
            b'1'..=b'6' => 0,
            _ => next.size.unwrap_or(own),
        };
        if kind == b'S' {
            skip_sparse_map(reader, &block)?;
        }
        let source: &mut dyn Read = &mut *reader;
        let mut content = source.take(size);
        match kind {
            b'L' => next.name = Some(text(&mut content)?),
            b'x' => next.records(&text(&mut content)?),
            b'K' | b'g' => {}
            _ => {
                let name = next.name.take().unwrap_or_else(|| name_of(&block));
                look(&mut Member { name, size, content: &mut content })?;
                next = Next::default();
            }
        }
        let is_whole = drain(&mut content)?;
        let padding = usize::try_from((BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64).unwrap_or(0);
        let is_padded = read_full(reader, block.get_mut(..padding).unwrap_or_default())? == padding;
        if !is_whole || !is_padded {
            return Err(broken());
        }
    }
}

/// What is said of the next member.
#[derive(Default)]
struct Next {
    name: Option<Vec<u8>>,
    size: Option<u64>,
}

impl Next {
    /// `LENGTH KEY=VALUE\n` again and again.
    fn records(&mut self, text: &[u8]) {
        let mut rest = text;
        while let Some(blank) = rest.iter().position(|byte| *byte == b' ') {
            let length = rest.get(..blank).and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<usize>().ok());
            let Some(length) = length.filter(|length| *length > blank) else { return };
            let Some((record, after)) = rest.split_at_checked(length) else { return };
            let record = record.get(blank + 1..).unwrap_or_default();
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            if let Some(name) = record.strip_prefix(b"path=") {
                self.name = Some(name.to_vec());
            } else if let Some(size) = record.strip_prefix(b"size=") {
                self.size = std::str::from_utf8(size).ok().and_then(|size| size.parse().ok());
            }
            rest = after;
        }
    }
}

fn text(content: &mut io::Take<&mut dyn Read>) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    content.by_ref().take(LONGEST).read_to_end(&mut text)?;
    let end = text.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    text.truncate(end);
    Ok(text)
}

/// The prefix and the name of a header.
fn name_of(block: &[u8; BLOCK]) -> Vec<u8> {
    let field = |from: usize, to: usize| {
        let field = block.get(from..to).unwrap_or_default();
        field.split(|byte| *byte == 0).next().unwrap_or_default()
    };
    // GNU's own format has other things in the place of the prefix.
    let is_posix = block.get(257..263) == Some(b"ustar\0");
    match field(345, 500) {
        prefix if is_posix && !prefix.is_empty() => [prefix, b"/", field(0, 100)].concat(),
        _ => field(0, 100).to_vec(),
    }
}

/// The map of an old sparse file of GNU's goes on in blocks of its own.
fn skip_sparse_map(reader: &mut dyn Read, header: &[u8; BLOCK]) -> io::Result<()> {
    let (mut is_more, mut block) = (header.get(482) == Some(&1), [0; BLOCK]);
    while is_more {
        if read_full(reader, &mut block)? < BLOCK {
            return Err(broken());
        }
        is_more = block.get(504) == Some(&1);
    }
    Ok(())
}
