//! Text for people: what came from outside is escaped, long lines are broken, a mistyped word finds its neighbour. Pure.

/// Text that came from outside, made safe to print: control characters (also C1 and the bidirectional ones that turn
/// text round) become `\x1b`-like escapes, bytes that are not UTF-8 become `\xff`.
#[must_use]
pub fn sanitize(bytes: &[u8]) -> String {
    if is_plain(bytes) {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            push_escaped(&mut out, character);
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out
}

/// Whether a text is printable ASCII, as nearly all text is, and so needs no escape.
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

fn push_escaped(out: &mut String, character: char) {
    match character {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ if is_unsafe(character) => {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(character)));
        }
        _ => out.push(character),
    }
}

/// Whether a terminal would obey a character, or not show it.
#[must_use]
pub fn is_unsafe(character: char) -> bool {
    character.is_control() || is_invisible(character)
}

/// Zero-width and direction-changing characters (Unicode TR36 section 2.1 names the spoofing): all with the property
/// `Bidi_Control`, and those of `Default_Ignorable_Code_Point` that no language's words need (Unicode 16, PropList and
/// DerivedCoreProperties).
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Text broken at blanks into lines of at most `width` columns; a longer word has a line of its own.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// The known word nearest to a typed one, at most two edits away (a third of its letters for short ones).
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (typed.chars().count() / 3).clamp(1, 2);
    known
        .into_iter()
        .map(|word| (edits(typed, word), word))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, word)| word)
}

/// Levenshtein's distance, row by row.
fn edits(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (line, a) in from.chars().take(64).enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, b) in row.iter_mut().skip(1).zip(to.chars()) {
            let above = *cell;
            left = (diagonal + usize::from(a != b)).min(above + 1).min(left + 1);
            diagonal = above;
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_blanks() {
        assert_eq!(wrap("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrap("longer-than-that b", 5), ["longer-than-that", "b"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn escapes_what_a_terminal_would_obey() {
        assert_eq!(sanitize(b"a\x1b[31mb"), "a\\u{1b}[31mb");
        assert_eq!(sanitize(b"a\nb"), "a\\nb");
        assert_eq!(sanitize(b"\xff.env"), "\\xff.env");
        assert_eq!(sanitize("é\u{202e}x".as_bytes()), "é\\u{202e}x");
        assert_eq!(
            sanitize("a\u{61c}\u{ad}\u{180e}\u{fff9}\u{e0041}b".as_bytes()),
            "a\\u{61c}\\u{ad}\\u{180e}\\u{fff9}\\u{e0041}b"
        );
    }

    #[test]
    fn nearest_word() {
        let known = ["ignore", "accept", "policy"];
        assert_eq!(nearest("ignroe", known), Some("ignore"));
        assert_eq!(nearest("polici", known), Some("policy"));
        assert_eq!(nearest("zebra", known), None);
        assert_eq!(edits("kitten", "sitting"), 3);
    }
}
