//! The tokens of JSON, with comments and trailing commas where a tool allows them. Never fails: of what is no JSON the
//! strings are found all the same, and a strict reader says later whether the rest is right.

use std::num::NonZeroU32;

/// One token, by its place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) what: What,
    pub(super) start: usize,
    /// Behind its last byte.
    pub(super) end: usize,
    /// The line on which it begins, from 1.
    pub(super) line: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// `{` or `[`
    Open,
    /// `}` or `]`
    Close,
    Colon,
    Comma,
    /// With its quotes; without the last one where the text ends before it.
    String,
    /// `// …` or `/* … */`
    Comment,
    /// A number, `true`, or what is no JSON.
    Other,
}

impl Token {
    pub(super) fn text<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        text.get(self.start..self.end).unwrap_or_default()
    }

    pub(super) fn line(&self) -> NonZeroU32 {
        NonZeroU32::new(self.line).unwrap_or(NonZeroU32::MIN)
    }
}

/// Reads the tokens of a text, in time that grows with its length alone.
pub(super) fn tokens(text: &[u8]) -> Vec<Token> {
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1_u32);
    while let Some(&byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        let (what, length) = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                line = line.saturating_add(u32::from(byte == b'\n'));
                at += 1;
                continue;
            }
            b'{' | b'[' => (What::Open, 1),
            b'}' | b']' => (What::Close, 1),
            b':' => (What::Colon, 1),
            b',' => (What::Comma, 1),
            b'"' => (What::String, string(rest)),
            b'/' => comment(rest),
            _ => (What::Other, other(rest)),
        };
        found.push(Token { what, start: at, end: at + length, line });
        let lines = memchr::memchr_iter(b'\n', rest.get(..length).unwrap_or_default()).count();
        line = line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        at += length;
    }
    found
}

/// The length of a string, its quotes too. A line's end ends it: JSON has none in a string, and a quote that was forgotten
/// must not turn all that follows inside out.
fn string(text: &[u8]) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.iter().enumerate().skip(1) {
        match byte {
            b'\n' => return at,
            b'"' if !is_escaped => return at + 1,
            _ => is_escaped = *byte == b'\\' && !is_escaped,
        }
    }
    text.len()
}

fn comment(text: &[u8]) -> (What, usize) {
    let end = |found: Option<usize>, length: usize| found.map_or(text.len(), |at| at + length);
    match text.get(1) {
        Some(b'/') => (What::Comment, end(memchr::memchr(b'\n', text), 0)),
        Some(b'*') => {
            let body = text.get(2..).unwrap_or_default();
            (What::Comment, end(memchr::memmem::find(body, b"*/").map(|at| at + 2), 2))
        }
        _ => (What::Other, 1),
    }
}

fn other(text: &[u8]) -> usize {
    let is_end = |byte: &u8| b" \t\r\n{}[]:,\"/".contains(byte);
    text.iter().position(is_end).unwrap_or(text.len()).max(1)
}

/// The text as strict JSON: comments and commas before a closing bracket are blanks.
pub(super) fn strict(text: &[u8]) -> Vec<u8> {
    let mut strict = text.to_vec();
    let mut blank = |token: &Token| {
        let bytes = strict.get_mut(token.start..token.end).unwrap_or_default();
        bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    };
    let tokens = tokens(text);
    tokens.iter().filter(|token| token.what == What::Comment).for_each(&mut blank);
    let mut left = tokens.iter().filter(|token| token.what != What::Comment).peekable();
    while let Some(token) = left.next() {
        if token.what == What::Comma && left.peek().is_some_and(|next| next.what == What::Close) {
            blank(token);
        }
    }
    strict
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_json_and_of_what_is_none() {
        for (text, expected) in [
            ("{\"a\": [1, true]}", "{|\"a\"|:|[|1|,|true|]|}"),
            ("// x\n{/* \" */ \"a\\\"b\": 1,}", "// x|{|/* \" */|\"a\\\"b\"|:|1|,|}"),
            ("{\"open\n\"next\": 2", "{|\"open|\"next\"|:|2"),
            ("\"a\\", "\"a\\"),
            ("/* never closed", "/* never closed"),
            ("a/b", "a|/|b"),
            ("'x': y", "'x'|:|y"),
        ] {
            let shown: Vec<_> = tokens(text.as_bytes())
                .iter()
                .map(|token| String::from_utf8_lossy(token.text(text.as_bytes())).into_owned())
                .collect();
            assert_eq!(shown.join("|"), expected, "{text}");
        }
        let lines: Vec<u32> = tokens(b"{\n/*\n*/ \"a\":\n1}").iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 2, 3, 3, 4, 4]);
    }

    /// What VS Code, Zed and opencode take, serde_json takes after it.
    #[test]
    fn comments_and_trailing_commas_become_blanks() {
        let text = b"{ // a\n \"x\": [1, 2, /* , */ ], \"y\": \"// no comment\", }";
        let value: serde_json::Value = serde_json::from_slice(&strict(text)).unwrap();
        assert_eq!(value, serde_json::json!({"x": [1, 2], "y": "// no comment"}));
        let plain = b"{\"a\": [1, \"b,]\"]}";
        assert_eq!(strict(plain), plain);
    }
}
