//! The terminal. Rules of every screen:
//!
//! - standard output holds the answer, standard error everything else;
//! - lower case, no full stop, the thing's name first, what to do next on the line below;
//! - colour only on a terminal and never where `NO_COLOR` is set; the words say all that the colour says;
//! - 80 columns are enough;
//! - nothing from a file, a repository or an argument reaches it unescaped.

/// Text that came from outside, made safe to print: control characters (also C1 and the bidirectional ones that turn
/// text round) become `\x1b`-like escapes, bytes that are not UTF-8 become `\xff`.
#[must_use]
pub fn sanitize(bytes: &[u8]) -> String {
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

/// Zero-width and direction-changing characters (Unicode TR36 section 2.1 names the spoofing).
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_a_terminal_would_obey() {
        assert_eq!(sanitize(b"a\x1b[31mb"), "a\\u{1b}[31mb");
        assert_eq!(sanitize(b"a\nb"), "a\\nb");
        assert_eq!(sanitize(b"\xff.env"), "\\xff.env");
        assert_eq!(sanitize("é\u{202e}x".as_bytes()), "é\\u{202e}x");
    }
}
