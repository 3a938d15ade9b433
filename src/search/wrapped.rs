//! Text that a program broke into lines.

/// How far a line may be indented, as in a block scalar of YAML.
const INDENT: usize = 32;

/// The longest break: a carriage return, a line feed and the blanks of the next line.
pub(super) const BREAK: usize = 2 + INDENT;

/// Where some bytes start that end, perhaps broken, just before a place.
pub(super) fn start(text: &[u8], end: usize, wanted: &[u8]) -> Option<usize> {
    let mut rest = text.get(..end)?;
    for byte in wanted.iter().rev() {
        let (last, before) = before_break(rest).split_last()?;
        if last != byte {
            return None;
        }
        rest = before;
    }
    Some(rest.len())
}

/// How many of some bytes a text starts with; between them it may be broken.
pub(super) fn common(text: &[u8], wanted: &[u8]) -> usize {
    let mut rest = text;
    let is_next = |byte: &&u8| match rest.split_first() {
        Some((first, behind)) if first == *byte => {
            rest = behind_break(behind);
            true
        }
        _ => false,
    };
    wanted.iter().take_while(is_next).count()
}

/// How many bytes of a text these are, perhaps broken; 0 where it does not start with them.
pub(crate) fn length(text: &[u8], wanted: &[u8]) -> usize {
    let mut rest = text;
    for (at, byte) in wanted.iter().enumerate() {
        let line = if at == 0 { rest } else { behind_break(rest) };
        match line.split_first() {
            Some((first, behind)) if first == byte => rest = behind,
            _ => return 0,
        }
    }
    text.len() - rest.len()
}

fn before_break(text: &[u8]) -> &[u8] {
    let blanks = text.iter().rev().take(INDENT).take_while(is_blank).count();
    match text.get(..text.len() - blanks) {
        Some([line @ .., b'\r', b'\n'] | [line @ .., b'\n']) => line,
        _ => text,
    }
}

fn behind_break(text: &[u8]) -> &[u8] {
    let ([b'\r', b'\n', line @ ..] | [b'\n', line @ ..]) = text else { return text };
    let blanks = line.iter().take(INDENT).take_while(is_blank).count();
    line.get(blanks..).unwrap_or_default()
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
            assert_eq!(common(text.as_bytes(), b"abcdef") == 6, is_whole, "{text:?}");
            assert_eq!(start(text.as_bytes(), text.len(), b"abcdef"), is_whole.then_some(0), "{text:?}");
        }
        let (most, more) = (" ".repeat(INDENT), " ".repeat(INDENT + 1));
        assert_eq!(
            (common(format!("a\n{most}b").as_bytes(), b"ab"), common(format!("a\n{more}b").as_bytes(), b"ab")),
            (2, 1)
        );
        assert_eq!(start(format!("xa\r\n{most}b").as_bytes(), most.len() + 5, b"ab"), Some(1));
        assert_eq!(start(format!("xa\r\n{more}b").as_bytes(), more.len() + 5, b"ab"), None);
    }

    #[test]
    fn breaks_around_it_are_no_part_of_it() {
        assert_eq!(start(b"x\nab", 4, b"ab"), Some(2));
        assert_eq!(start(b"b", 1, b"ab"), None);
        assert_eq!(common(b"ab\n", b"ab"), 2);
        assert_eq!(common(b"\nab", b"ab"), 0);
    }
}
