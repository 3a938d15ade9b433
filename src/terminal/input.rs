//! One secret from outside: a line, and nothing beside it.

use std::io::{self, Read};

use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::secret::generate::LONGEST;

/// The longest key that is read, in bytes; as much as the longest value that envward makes.
const MOST: usize = LONGEST;

/// What is read of standard input where one line is expected: the longest key, its end, and one byte that is too much.
pub const LONGEST_LINE: usize = MOST + 3;

/// Standard input is read into a buffer of this size, and into larger ones if it is longer.
const PIECE: usize = 8 << 10;

/// Why a line is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// Nothing.
    #[error("the key is empty")]
    Empty,
    /// More than one line: a file in place of a key, or two of them.
    #[error("there is more than one line, and a key is one")]
    TwoLines,
    /// A blank in front or behind, which nobody sees and every comparison does.
    #[error("there is a blank before or behind the key")]
    Blank,
    /// Longer than any key.
    #[error("this is longer than any key: 4096 bytes")]
    TooLong,
}

impl LineFault {
    /// What to do next: one line.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Empty => "give the key on standard input, with --key-file, or at the prompt",
            Self::TwoLines | Self::TooLong => "give the key alone, with one line break at most behind it",
            Self::Blank => "take the blank away, or copy the key again",
        }
    }
}

/// The only line of a text, without its end.
///
/// # Errors
/// It is not one line with something in it.
#[expect(clippy::disallowed_methods, reason = "the line's end is taken off")]
pub fn only_line(text: &Secret) -> Result<Secret, LineFault> {
    if text.is_at_least(LONGEST_LINE) {
        return Err(LineFault::TooLong);
    }
    let text = text.expose();
    let line = text.strip_suffix(b"\n").map_or(text, |line| line.strip_suffix(b"\r").unwrap_or(line));
    match line {
        [] => Err(LineFault::Empty),
        _ if line.iter().any(|byte| matches!(byte, b'\n' | b'\r')) => Err(LineFault::TwoLines),
        _ if line.len() > MOST => Err(LineFault::TooLong),
        [b' ' | b'\t', ..] | [.., b' ' | b'\t'] => Err(LineFault::Blank),
        _ => Ok(Secret::copy_of(line)),
    }
}

/// Standard input without the library's buffer, which is not zeroed. What is read here is lost to anyone who reads there.
pub struct StandardInput;

impl Read for StandardInput {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::retry_on_intr(|| rustix::io::read(rustix::stdio::stdin(), &mut *piece))?)
    }
}

/// All of standard input, up to `most` bytes. A buffer that is too small is zeroed when a larger one takes its place.
///
/// # Errors
/// The system's.
pub fn standard_input(most: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(vec![0; most.min(PIECE)]);
    let mut length = 0;
    loop {
        if length == text.len() && length < most {
            let mut larger = Zeroizing::new(vec![0; most.min(2 * length)]);
            larger.iter_mut().zip(text.iter()).for_each(|(to, from)| *to = *from);
            text = larger;
        }
        match StandardInput.read(text.get_mut(length..).unwrap_or_default())? {
            0 => break,
            count => length += count,
        }
    }
    text.truncate(length);
    Ok(text)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests read what they made themselves")]
mod tests {
    use super::*;

    #[test]
    fn one_line_and_nothing_beside_it() {
        let long = [b'a'; MOST + 1];
        type Case<'a> = (&'a [u8], Result<&'a [u8], LineFault>);
        let cases: [Case<'_>; 14] = [
            (b"key", Ok(b"key")),
            (b"key\n", Ok(b"key")),
            (b"key\r\n", Ok(b"key")),
            (b"a key\n", Ok(b"a key")),
            (b"", Err(LineFault::Empty)),
            (b"\n", Err(LineFault::Empty)),
            (b"\r\n", Err(LineFault::Empty)),
            (b"key\n\n", Err(LineFault::TwoLines)),
            (b"\nkey\n", Err(LineFault::TwoLines)),
            (b"key\nkey\n", Err(LineFault::TwoLines)),
            (b"key\rkey", Err(LineFault::TwoLines)),
            (b" key\n", Err(LineFault::Blank)),
            (b"key\t\n", Err(LineFault::Blank)),
            (&long, Err(LineFault::TooLong)),
        ];
        for (text, expected) in cases {
            let line = only_line(&Secret::copy_of(text));
            assert_eq!(line.as_ref().map(Secret::expose).map_err(|fault| *fault), expected);
        }
        assert!(only_line(&Secret::copy_of(&long[1..])).is_ok());
    }
}
