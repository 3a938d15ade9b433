//! From a line of a shell to its commands and their words.

use std::ops::Range;

use super::{Dialect, name_length};
use crate::env::chars::{from, line_end, part};

/// How deep `$(`, `${` and parentheses may nest.
const MAX_DEPTH: u32 = 32;

/// One simple command, or a group in parentheses.
#[derive(Debug, Default)]
pub(super) struct Command {
    pub(super) words: Vec<Range<usize>>,
    /// It is in a subshell: what it assigns is lost.
    pub(super) is_apart: bool,
    /// It runs something: a group.
    pub(super) is_group: bool,
    /// It writes into a file.
    pub(super) writes: bool,
    /// It reads one.
    pub(super) reads: bool,
    /// What is behind it.
    pub(super) next: Next,
}

/// What follows a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Next {
    #[default]
    End,
    And,
    Or,
    Pipe,
}

pub(super) struct Split<'a> {
    text: &'a [u8],
    at: usize,
    dialect: Dialect,
    commands: Vec<Command>,
    now: Command,
    /// Behind `<<`: the words that end what follows the line.
    documents: Vec<Range<usize>>,
}

impl<'a> Split<'a> {
    pub(super) fn new(text: &'a [u8], at: usize, dialect: Dialect) -> Self {
        Self { text, at, dialect, commands: Vec::new(), now: Command::default(), documents: Vec::new() }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn sees(&self, what: &[u8]) -> bool {
        from(self.text, self.at).starts_with(what)
    }

    fn takes(&mut self, what: &[u8]) -> bool {
        let is_there = self.sees(what);
        self.at += if is_there { what.len() } else { 0 };
        is_there
    }

    fn is_empty(&self) -> bool {
        self.now.words.is_empty() && !self.now.is_group && !self.now.writes && !self.now.reads
    }

    /// The commands of one line, and where the next line starts; `None` where it is not one of the language.
    pub(super) fn line(mut self) -> Option<(Vec<Command>, usize)> {
        loop {
            self.blanks();
            let Some(byte) = self.peek() else { break };
            match byte {
                b'#' => self.at = line_end(self.text, self.at),
                b'\n' if self.is_continued() => self.at += 1,
                b'\n' => {
                    self.at += 1;
                    break;
                }
                b';' | b'&' | b'|' => self.operator()?,
                b'(' => self.group()?,
                b')' => return None,
                b'<' | b'>' => self.redirection()?,
                _ => {
                    let word = self.word()?;
                    self.now.words.push(word);
                }
            }
        }
        if self.is_continued() {
            return None;
        }
        self.end(Next::End);
        self.skip_documents();
        Some((self.commands, self.at))
    }

    /// Blanks, and line ends behind a backslash.
    fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.sees(b"\\\n") => self.at += 2,
                _ => return,
            }
        }
    }

    /// Whether an operator above wants another command.
    fn is_continued(&self) -> bool {
        self.is_empty() && self.commands.last().is_some_and(|last| last.next != Next::End)
    }

    fn end(&mut self, next: Next) {
        if self.is_empty() {
            return;
        }
        let is_piped = self.commands.last().is_some_and(|last| last.next == Next::Pipe) || next == Next::Pipe;
        let mut command = std::mem::take(&mut self.now);
        command.next = next;
        command.is_apart |= is_piped;
        self.commands.push(command);
    }

    fn operator(&mut self) -> Option<()> {
        if self.dialect == Dialect::Bash && self.sees(b"&>") {
            self.at += 1;
            return self.redirection();
        }
        if self.is_empty() || self.sees(b";;") {
            return None;
        }
        if self.takes(b"&&") {
            self.end(Next::And);
        } else if self.takes(b"||") {
            self.end(Next::Or);
        } else if self.takes(b"|") {
            if self.dialect == Dialect::Bash {
                self.takes(b"&");
            }
            self.end(Next::Pipe);
        } else if self.takes(b"&") {
            // The whole list before it is in the background.
            for command in self.commands.iter_mut().rev().take_while(|command| command.next != Next::End) {
                command.is_apart = true;
            }
            self.now.is_apart = true;
            self.end(Next::End);
        } else {
            self.at += 1;
            self.end(Next::End);
        }
        Some(())
    }

    fn group(&mut self) -> Option<()> {
        if !self.is_empty() {
            return None;
        }
        self.at = parentheses(self.text, self.at + 1, 0)?;
        (self.now.is_group, self.now.is_apart) = (true, true);
        Some(())
    }

    fn redirection(&mut self) -> Option<()> {
        let is_bash = self.dialect == Dialect::Bash;
        let is_document = self.takes(b"<<");
        if is_document && self.takes(b"<") {
            if !is_bash {
                return None;
            }
        } else if is_document {
            self.takes(b"-");
            self.blanks();
            let word = self.word()?;
            self.documents.push(word);
            self.now.reads = true;
            return Some(());
        } else if is_bash && (self.sees(b"<(") || self.sees(b">(")) {
            self.at = parentheses(self.text, self.at + 2, 0)?;
            self.now.is_group = true;
            return Some(());
        } else {
            let writes = self.peek() == Some(b'>') || self.sees(b"<>");
            self.at += 1;
            if !self.takes(b">") && !self.takes(b"&") {
                self.takes(b"|");
            }
            self.now.writes |= writes;
            self.now.reads |= !writes;
        }
        self.blanks();
        if self.peek() == Some(b'#') { None } else { self.word().map(drop) }
    }

    /// A word: up to what separates words. Nothing is no word.
    fn word(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let is_bash = self.dialect == Dialect::Bash;
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b')' | b'<' | b'>' => break,
                b'(' if is_bash && is_array(part(self.text, start..self.at)) => {
                    self.at = parentheses(self.text, self.at + 1, 0)?;
                }
                b'(' => break,
                _ => self.at = behind(self.text, self.at, is_bash, 0)?,
            }
        }
        (self.at > start).then_some(start..self.at)
    }

    /// The texts behind the line that its `<<` take.
    fn skip_documents(&mut self) {
        for document in std::mem::take(&mut self.documents) {
            let end: Vec<u8> =
                part(self.text, document).iter().copied().filter(|byte| !b"'\"\\".contains(byte)).collect();
            while self.at < self.text.len() {
                let line = self.at..line_end(self.text, self.at);
                self.at = (line.end + 1).min(self.text.len());
                if part(self.text, line) == end {
                    break;
                }
            }
        }
    }
}

/// `NAME=` and `NAME+=`.
fn is_array(word: &[u8]) -> bool {
    let length = name_length(word);
    length > 0 && matches!(from(word, length), b"=" | b"+=")
}

/// Behind the character, the quoted text or the expansion at `at`; `None` where it is not closed.
pub(super) fn behind(text: &[u8], at: usize, is_bash: bool, depth: u32) -> Option<usize> {
    if depth > MAX_DEPTH {
        return None;
    }
    match (text.get(at)?, text.get(at + 1)) {
        (b'\\', _) => Some((at + 2).min(text.len())),
        (b'\'', _) => Some(at + 2 + memchr::memchr(b'\'', from(text, at + 1))?),
        (b'"', _) => double(text, at + 1, is_bash, depth),
        (b'`', _) => back(text, at + 1),
        (b'$', Some(b'$')) => Some(at + 2),
        (b'$', Some(b'(')) => parentheses(text, at + 2, depth + 1),
        (b'$', Some(b'{')) => braces(text, at + 2, is_bash, false, depth + 1),
        (b'$', Some(b'[')) if is_bash => Some(at + 3 + memchr::memchr(b']', from(text, at + 2))?),
        (b'$', Some(b'\'')) if is_bash => crate::env::scan::closing_quote(text, at + 1).map(|close| close + 1),
        _ => Some(at + 1),
    }
}

/// Behind the `"` that closes.
fn double(text: &[u8], start: usize, is_bash: bool, depth: u32) -> Option<usize> {
    let mut at = start;
    loop {
        at = match (text.get(at)?, text.get(at + 1)) {
            (b'"', _) => return Some(at + 1),
            (b'\\', _) => at + 2,
            (b'`', _) => back(text, at + 1)?,
            (b'$', Some(b'$')) => at + 2,
            (b'$', Some(b'(')) => parentheses(text, at + 2, depth + 1)?,
            (b'$', Some(b'{')) => braces(text, at + 2, is_bash, true, depth + 1)?,
            (b'$', Some(b'[')) if is_bash => at + 3 + memchr::memchr(b']', from(text, at + 2))?,
            _ => at + 1,
        };
    }
}

/// Behind the backtick that closes.
pub(super) fn back(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        at += memchr::memchr2(b'`', b'\\', from(text, at))?;
        if text.get(at) == Some(&b'`') {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Behind the parenthesis that closes.
pub(super) fn parentheses(text: &[u8], start: usize, depth: u32) -> Option<usize> {
    if depth > MAX_DEPTH {
        return None;
    }
    let (mut at, mut open) = (start, 1_u32);
    loop {
        match text.get(at)? {
            b'(' => open += 1,
            b')' if open == 1 => return Some(at + 1),
            b')' => open -= 1,
            b'#' if at > start && text.get(at - 1).is_some_and(u8::is_ascii_whitespace) => {
                at = line_end(text, at);
                continue;
            }
            b'\\' | b'\'' | b'"' | b'`' => {
                at = behind(text, at, true, depth + 1)?;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
}

/// Behind the brace that closes.
pub(super) fn braces(text: &[u8], start: usize, is_bash: bool, is_quoted: bool, depth: u32) -> Option<usize> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut at = start;
    loop {
        at = match text.get(at)? {
            b'}' => return Some(at + 1),
            b'\'' if is_quoted => at + 1,
            _ => behind(text, at, is_bash, depth)?,
        };
    }
}
