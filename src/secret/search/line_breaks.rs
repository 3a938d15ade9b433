//! Text that a program broke into lines.

/// How far a line may be indented, as in a block scalar of YAML.
const INDENT: usize = 32;

/// So many backslashes stand before the letter of an escape: a JSON string within a JSON string has two.
const BACKSLASHES: usize = 4;

/// How some bytes may be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaks {
    /// Not at all.
    None,
    /// By a line end, and the blanks of the next line.
    Lines,
    /// Or by what stands for a line end where a text is written in one: `\n`, `\r\n`, a blank.
    Escaped,
}

impl Breaks {
    /// How many bytes a break takes at most.
    pub(super) fn longest(self) -> usize {
        match self {
            Self::None => 0,
            Self::Lines => 2 + INDENT,
            Self::Escaped => 2 * (BACKSLASHES + 1) + INDENT,
        }
    }
}

/// Where some bytes start that end, perhaps broken, just before a place.
pub(super) fn start(text: &[u8], end: usize, wanted: &[u8], breaks: Breaks) -> Option<usize> {
    let mut rest = text.get(..end)?;
    for byte in wanted.iter().rev() {
        let (last, before) = before_break(rest, breaks).split_last()?;
        if last != byte {
            return None;
        }
        rest = before;
    }
    Some(rest.len())
}

/// How many of some bytes a text starts with; between them it may be broken.
pub(super) fn common(text: &[u8], wanted: &[u8], breaks: Breaks) -> usize {
    let mut rest = text;
    let is_next = |byte: &&u8| match rest.split_first() {
        Some((first, behind)) if first == *byte => {
            rest = behind_break(behind, breaks);
            true
        }
        _ => false,
    };
    wanted.iter().take_while(is_next).count()
}

/// How many bytes of a text these are, perhaps broken; 0 where it does not start with them.
#[cfg(test)]
pub(crate) fn length(text: &[u8], wanted: &[u8], breaks: Breaks) -> usize {
    if breaks == Breaks::None {
        return if text.starts_with(wanted) { wanted.len() } else { 0 };
    }
    let mut rest = text;
    for (at, byte) in wanted.iter().enumerate() {
        let line = if at == 0 { rest } else { behind_break(rest, breaks) };
        match line.split_first() {
            Some((first, behind)) if first == byte => rest = behind,
            _ => return 0,
        }
    }
    text.len() - rest.len()
}

fn before_break(text: &[u8], breaks: Breaks) -> &[u8] {
    let blanks = text.iter().rev().take(INDENT).take_while(is_blank).count();
    let line = text.get(..text.len() - blanks).unwrap_or_default();
    match line {
        [line @ .., b'\r', b'\n'] | [line @ .., b'\n'] => return line,
        _ if breaks != Breaks::Escaped => return text,
        _ => {}
    }
    match without_escape(line, b'n') {
        Some(line) => without_escape(line, b'r').unwrap_or(line),
        None if blanks == 1 => line,
        None => text,
    }
}

pub(super) fn behind_break(text: &[u8], breaks: Breaks) -> &[u8] {
    let line = match text {
        [b'\r', b'\n', line @ ..] | [b'\n', line @ ..] => line,
        _ if breaks != Breaks::Escaped => return text,
        [b' ', line @ ..] => return line,
        _ => match behind_escape(behind_escape(text, b'r').unwrap_or(text), b'n') {
            Some(line) => line,
            None => return text,
        },
    };
    let blanks = line.iter().take(INDENT).take_while(is_blank).count();
    line.get(blanks..).unwrap_or_default()
}

/// The text before an escape of this letter at its end.
fn without_escape(text: &[u8], letter: u8) -> Option<&[u8]> {
    let before = text.strip_suffix(&[letter])?;
    let count = before.iter().rev().take(BACKSLASHES).take_while(|byte| **byte == b'\\').count();
    (count > 0).then(|| before.get(..before.len() - count))?
}

/// The text behind an escape of this letter at its start.
fn behind_escape(text: &[u8], letter: u8) -> Option<&[u8]> {
    let count = text.iter().take(BACKSLASHES).take_while(|byte| **byte == b'\\').count();
    text.get(count..)?.strip_prefix(&[letter]).filter(|_| count > 0)
}

fn is_blank(byte: &&u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_breaks_in_both_directions() {
        for (text, is_whole) in [
            ("abcdef", true),
            ("abc\ndef", true),
            ("abc\r\ndef", true),
            ("abc\n \t  def", true),
            ("a\nb\nc\r\n\td\ne\nf", true),
            ("abc def", false),
            ("abc\rdef", false),
            ("abc\n\ndef", false),
            ("abc \ndef", false),
            ("abc\n  -def", false),
        ] {
            assert_eq!(common(text.as_bytes(), b"abcdef", Breaks::Lines) == 6, is_whole, "{text:?}");
            assert_eq!(start(text.as_bytes(), text.len(), b"abcdef", Breaks::Lines), is_whole.then_some(0), "{text:?}");
        }
        let (most, more) = (" ".repeat(INDENT), " ".repeat(INDENT + 1));
        assert_eq!(
            (
                common(format!("a\n{most}b").as_bytes(), b"ab", Breaks::Lines),
                common(format!("a\n{more}b").as_bytes(), b"ab", Breaks::Lines)
            ),
            (2, 1)
        );
        assert_eq!(start(format!("xa\r\n{most}b").as_bytes(), most.len() + 5, b"ab", Breaks::Lines), Some(1));
        assert_eq!(start(format!("xa\r\n{more}b").as_bytes(), more.len() + 5, b"ab", Breaks::Lines), None);
    }

    #[test]
    fn over_what_stands_for_a_break() {
        for (text, is_whole) in [
            ("abc\\ndef", true),
            ("abc\\r\\ndef", true),
            ("abc\\\\ndef", true),
            ("abc def", true),
            ("abc\r\n    def", true),
            ("abc\\n  def", true),
            ("abc  def", false),
            ("abcndef", false),
            ("abc\\tdef", false),
        ] {
            assert_eq!(common(text.as_bytes(), b"abcdef", Breaks::Escaped) == 6, is_whole, "{text:?}");
            let start = start(text.as_bytes(), text.len(), b"abcdef", Breaks::Escaped);
            assert_eq!(start, is_whole.then_some(0), "{text:?}");
        }
    }

    #[test]
    fn the_longest_break() {
        let (blanks, backslashes) = (" ".repeat(INDENT), "\\".repeat(BACKSLASHES));
        for (breaks, text) in [
            (Breaks::None, String::new()),
            (Breaks::Lines, format!("\r\n{blanks}")),
            (Breaks::Escaped, format!("{backslashes}r{backslashes}n{blanks}")),
        ] {
            assert_eq!(behind_break(format!("{text}x").as_bytes(), breaks), b"x", "{text:?}");
            assert_eq!(breaks.longest(), text.len(), "{text:?}");
        }
    }

    #[test]
    fn breaks_around_it_are_no_part_of_it() {
        assert_eq!(start(b"x\nab", 4, b"ab", Breaks::Lines), Some(2));
        assert_eq!(start(b"b", 1, b"ab", Breaks::Lines), None);
        assert_eq!(common(b"ab\n", b"ab", Breaks::Lines), 2);
        assert_eq!(common(b"\nab", b"ab", Breaks::Lines), 0);
    }
}
