//! honcho 2, which reads `.env` as foreman does: each line by Python's shlex.

use super::Reading;
use super::buffer::{Buffer, replaced};
use super::python_dotenv::lines_of;
use crate::env::chars::{first, from, part};

pub(super) fn read(text: &[u8]) -> Reading {
    if let Err(error) = std::str::from_utf8(text) {
        return Reading::refusal(text, error.valid_up_to());
    }
    let text = lines_of(text);
    let mut reading = Reading::default();
    let mut start = 0;
    while start < text.len() {
        let end = line_end(&text, start);
        let Some(tokens) = Lexer::of(part(&text, start..end)).tokens() else {
            return Reading::refusal(&text, start);
        };
        take(&tokens, &mut reading);
        start = end + first(from(&text, end)).map_or(1, |(_, length)| length);
    }
    reading
}

/// Where the line ends, as Python splits lines.
fn line_end(text: &[u8], start: usize) -> usize {
    let is_end =
        |character| matches!(character, '\n' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}');
    crate::env::chars::skip_until(text, start, is_end)
}

fn take(tokens: &[Buffer], reading: &mut Reading) {
    let [name, operator, value @ ..] = tokens else { return };
    let is_name = name.bytes().first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    if value.is_empty() || operator.bytes() != b"=" || !is_name {
        return;
    }
    let mut whole = Buffer::default();
    value.iter().for_each(|token| whole.extend(token.bytes()));
    let whole = replaced(replaced(whole.bytes(), br"\n", b"\n").bytes(), br"\t", b"\t");
    reading.put(name.bytes(), whole);
}

struct Lexer<'a> {
    line: &'a [u8],
    at: usize,
    tokens: Vec<Buffer>,
}

impl<'a> Lexer<'a> {
    fn of(line: &'a [u8]) -> Self {
        Self { line, at: 0, tokens: Vec::new() }
    }

    fn next(&mut self) -> Option<char> {
        let (character, length) = first(from(self.line, self.at))?;
        self.at += length;
        Some(character)
    }

    /// `None` where a quote is not closed, or nothing follows a backslash.
    fn tokens(mut self) -> Option<Vec<Buffer>> {
        while let Some(character) = self.next() {
            match character {
                ' ' | '\t' | '\r' | '\n' => {}
                '#' => break,
                _ if is_word(character) || matches!(character, '\\' | '\'' | '"') => {
                    self.at -= character.len_utf8();
                    if self.word()? {
                        break;
                    }
                }
                _ => self.tokens.push(Buffer::of(character.encode_utf8(&mut [0; 4]).as_bytes())),
            }
        }
        Some(self.tokens)
    }

    /// One word with its quotes; true where a comment follows.
    fn word(&mut self) -> Option<bool> {
        let (mut token, mut was_quoted) = (Buffer::default(), false);
        let mut ends_line = false;
        while let Some(character) = self.next() {
            match character {
                '\'' | '"' => {
                    was_quoted = true;
                    self.quoted(character, &mut token)?;
                }
                '\\' => token.push_char(self.next()?),
                '#' => {
                    ends_line = true;
                    break;
                }
                _ if is_word(character) => token.push_char(character),
                _ => {
                    self.at -= character.len_utf8();
                    break;
                }
            }
        }
        if was_quoted || token.len() > 0 {
            self.tokens.push(token);
        }
        Some(ends_line)
    }

    fn quoted(&mut self, quote: char, token: &mut Buffer) -> Option<()> {
        loop {
            match self.next()? {
                character if character == quote => return Some(()),
                '\\' if quote == '"' => {
                    let next = self.next()?;
                    if !matches!(next, '"' | '\\') {
                        token.push(b'\\');
                    }
                    token.push_char(next);
                }
                character => token.push_char(character),
            }
        }
    }
}

/// What shlex takes for a letter.
fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || character == '_'
        || matches!(character, '\u{c0}'..='\u{ff}' if !matches!(character, '\u{d7}' | '\u{f7}'))
}
