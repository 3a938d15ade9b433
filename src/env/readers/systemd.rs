//! `EnvironmentFile=` of systemd, since version 254. Until 253 a backslash at the end of a comment took the next line
//! into the comment.

use super::Reading;
use super::buffer::Buffer;

enum State {
    BeforeKey,
    Key,
    BeforeValue,
    Value,
    Escape,
    Single,
    Double,
    DoubleEscape,
    Comment,
}

struct Machine {
    key: Buffer,
    /// How much of the key counts, where blanks end it.
    key_end: Option<usize>,
    value: Buffer,
    value_end: Option<usize>,
    /// Where the statement starts.
    start: usize,
    reading: Reading,
}

pub(super) fn read(text: &[u8]) -> Reading {
    if memchr::memchr(0, text).is_some() {
        return Reading::refusal(text, memchr::memchr(0, text).unwrap_or_default());
    }
    let mut machine = Machine {
        key: Buffer::default(),
        key_end: None,
        value: Buffer::default(),
        value_end: None,
        start: 0,
        reading: Reading::default(),
    };
    let mut state = State::BeforeKey;
    for (at, byte) in text.iter().enumerate() {
        state = match machine.step(state, at, *byte) {
            Some(state) => state,
            None => return Reading::refusal(text, machine.start),
        };
    }
    let is_open = !matches!(state, State::BeforeKey | State::Key | State::Comment);
    if !matches!(state, State::Value) {
        machine.value_end = None;
    }
    if is_open && machine.store().is_none() {
        return Reading::refusal(text, machine.start);
    }
    machine.reading
}

fn is_newline(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

impl Machine {
    /// `None` where a text that is not UTF-8 ends the reading.
    fn step(&mut self, state: State, at: usize, byte: u8) -> Option<State> {
        Some(match state {
            State::BeforeKey => match byte {
                b'#' | b';' => State::Comment,
                _ if is_blank(byte) => State::BeforeKey,
                _ => {
                    self.start = at;
                    (self.key, self.key_end) = (Buffer::of(&[byte]), None);
                    State::Key
                }
            },
            State::Key => self.key(byte),
            State::BeforeValue => match byte {
                _ if is_newline(byte) => {
                    self.value_end = None;
                    self.store()?;
                    State::BeforeKey
                }
                b'\'' => State::Single,
                b'"' => State::Double,
                b'\\' => State::Escape,
                _ if is_blank(byte) => State::BeforeValue,
                _ => {
                    self.value.push(byte);
                    State::Value
                }
            },
            State::Value => return self.value(byte),
            State::Escape => {
                if !is_newline(byte) {
                    self.value.push(byte);
                }
                State::Value
            }
            State::Single if byte == b'\'' => State::BeforeValue,
            State::Double if byte == b'"' => State::BeforeValue,
            State::Double if byte == b'\\' => State::DoubleEscape,
            State::Single | State::Double => {
                self.value.push(byte);
                state
            }
            State::DoubleEscape => {
                match byte {
                    b'"' | b'\\' | b'`' | b'$' => self.value.push(byte),
                    b'\n' => {}
                    _ => self.value.extend(&[b'\\', byte]),
                }
                State::Double
            }
            State::Comment if is_newline(byte) => State::BeforeKey,
            State::Comment => State::Comment,
        })
    }

    fn key(&mut self, byte: u8) -> State {
        if is_newline(byte) {
            return State::BeforeKey;
        }
        if byte == b'=' {
            (self.value, self.value_end) = (Buffer::default(), None);
            return State::BeforeValue;
        }
        self.key_end = if is_blank(byte) { self.key_end.or(Some(self.key.len())) } else { None };
        self.key.push(byte);
        State::Key
    }

    fn value(&mut self, byte: u8) -> Option<State> {
        if is_newline(byte) {
            self.store()?;
            return Some(State::BeforeKey);
        }
        if byte == b'\\' {
            self.value_end = None;
            return Some(State::Escape);
        }
        self.value_end = if is_blank(byte) { self.value_end.or(Some(self.value.len())) } else { None };
        self.value.push(byte);
        Some(State::Value)
    }

    fn store(&mut self) -> Option<()> {
        self.key.truncate(self.key_end.unwrap_or(usize::MAX));
        self.value.truncate(self.value_end.unwrap_or(usize::MAX));
        let is_text = |buffer: &Buffer| std::str::from_utf8(buffer.bytes()).is_ok();
        if !is_text(&self.key) || !is_text(&self.value) {
            return None;
        }
        self.reading.put(self.key.bytes(), std::mem::take(&mut self.value));
        Some(())
    }
}
