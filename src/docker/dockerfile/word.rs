//! Words: split as Docker splits them, then unquoted and expanded.
//!
//! After `parser/line_parsers.go` and `shell/lex.go` of BuildKit's Dockerfile frontend.

use std::collections::BTreeMap;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::secret::Secret;

/// No expanded text grows longer: lines that double one another would fill the memory.
const LONGEST: usize = 16 << 10;

/// What an expanded text has in place of a variable to which the file gives no value.
pub const UNKNOWN: char = '\u{fffd}';

/// The values of variables; one that is declared and has none is not in it.
#[derive(Clone, Default)]
pub(super) struct Scope {
    pub(super) arguments: BTreeMap<String, Arc<Secret>>,
    pub(super) environment: BTreeMap<String, Arc<Secret>>,
}

impl Scope {
    /// ENV wins over ARG.
    fn get(&self, name: &str) -> Option<&Secret> {
        self.environment.get(name).or_else(|| self.arguments.get(name)).map(Arc::as_ref)
    }
}

/// The words of a text, quotes and escapes left in.
pub(super) fn words(text: &str, escape: char) -> Vec<&str> {
    split(text, escape).0
}

/// Whether a quote is open at the end of a text.
pub(super) fn is_open(text: &str, escape: char) -> bool {
    split(text, escape).1
}

fn split(text: &str, escape: char) -> (Vec<&str>, bool) {
    let mut found = Vec::new();
    let (mut start, mut quote) = (None, None);
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        if letter.is_whitespace() && quote.is_none() {
            if let Some(start) = start.take() {
                found.extend(text.get(start..at));
            }
            continue;
        }
        start = start.or(Some(at));
        match (letter, quote) {
            ('"' | '\'', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            // In single quotes nothing escapes.
            (_, quote) if letter == escape && quote != Some('\'') => drop(letters.next()),
            _ => {}
        }
    }
    found.extend(start.and_then(|start| text.get(start..)));
    (found, quote.is_some())
}

/// The strings of a JSON array; `None` for what is none.
pub(super) fn json(text: &str) -> Option<Vec<String>> {
    text.starts_with('[').then(|| serde_json::from_str(text).ok()).flatten()
}

/// A word without its quotes and escapes, its references replaced by their values.
pub(super) fn expand(word: &str, escape: char, scope: &Scope) -> Zeroizing<String> {
    let mut lexer = Lexer { rest: word, escape, scope, out: Zeroizing::new(String::new()), depth: 0 };
    lexer.word(None);
    lexer.out
}

struct Lexer<'a> {
    rest: &'a str,
    escape: char,
    scope: &'a Scope,
    out: Zeroizing<String>,
    depth: u8,
}

impl Lexer<'_> {
    fn take(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = self.rest.get(letter.len_utf8()..).unwrap_or_default();
        Some(letter)
    }

    fn push(&mut self, letter: char) {
        if self.out.len() < LONGEST {
            self.out.push(letter);
        }
    }

    /// Up to `end` outside quotes, which is taken, or to the end of the word.
    fn word(&mut self, end: Option<char>) {
        while let Some(letter) = self.take() {
            match letter {
                _ if Some(letter) == end => return,
                '\'' => self.single(),
                '"' => self.double(),
                '$' => self.reference(),
                _ if letter == self.escape => {
                    if let Some(letter) = self.take() {
                        self.push(letter);
                    }
                }
                _ => self.push(letter),
            }
        }
    }

    fn single(&mut self) {
        while let Some(letter) = self.take().filter(|letter| *letter != '\'') {
            self.push(letter);
        }
    }

    fn double(&mut self) {
        while let Some(letter) = self.take() {
            match letter {
                '"' => return,
                '$' => self.reference(),
                _ if letter == self.escape => match self.take() {
                    Some(letter) if letter == '"' || letter == '$' || letter == self.escape => self.push(letter),
                    Some(letter) => {
                        self.push(self.escape);
                        self.push(letter);
                    }
                    None => self.push(self.escape),
                },
                _ => self.push(letter),
            }
        }
    }

    /// Behind a `$`.
    fn reference(&mut self) {
        if self.rest.starts_with('{') {
            self.take();
            let name = self.name();
            self.braced(&name);
            return;
        }
        let name = self.name();
        match name.is_empty() {
            true => self.push('$'),
            false => self.value(&name),
        }
    }

    fn name(&mut self) -> String {
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let end = self.rest.find(|letter| !is_name(letter)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        name.to_owned()
    }

    /// `}`, `:-word}`, `-word}`, `:+word}`, `+word}`, `:?word}`, and what cuts or replaces, whose result is not known.
    fn braced(&mut self, name: &str) {
        let known = self.scope.get(name).is_some();
        let is_empty = self.scope.get(name).is_none_or(Secret::is_empty);
        let (operator, counts_empty) = match self.take() {
            Some('}') | None => return self.value(name),
            Some(':') => (self.take(), true),
            other => (other, false),
        };
        let is_missing = if counts_empty { is_empty } else { !known };
        let before = self.out.len();
        // Depth is bounded: `${A:-${A:-…`.
        self.depth = self.depth.saturating_add(1);
        if self.depth < 32 {
            self.word(Some('}'));
        }
        self.depth = self.depth.saturating_sub(1);
        match operator {
            Some('-') if is_missing => {}
            Some('+') if !is_missing => {}
            Some('+') => self.out.truncate(before),
            Some('-' | '?') => {
                self.out.truncate(before);
                self.value(name);
            }
            _ => {
                self.out.truncate(before);
                self.push(UNKNOWN);
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the value goes into a buffer that is zeroed")]
    fn value(&mut self, name: &str) {
        match self.scope.get(name).map(|value| std::str::from_utf8(value.expose()).unwrap_or_default()) {
            Some(value) if self.out.len() + value.len() <= LONGEST => self.out.push_str(value),
            _ => self.push(UNKNOWN),
        }
    }
}
