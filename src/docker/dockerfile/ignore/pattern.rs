//! One pattern: read into tokens, matched by stepping through a path with the set of tokens reached so far.

/// No path is longer than PATH_MAX (4096 on Linux); a pattern that is cannot be meant.
const LONGEST: usize = 4096;

/// A pattern in Docker's syntax.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Vec<Token>);

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Letter(char),
    /// `?`: one letter, no slash.
    One,
    /// `*`: letters, no slash.
    Star,
    /// `**` before something: nothing, or everything up to a slash.
    Deep,
    /// `**` at the end, or before plain text at the start: anything.
    All,
    /// `[…]`. It matches a slash, too, where its ranges do: so does Docker's.
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// What Docker's regular expression can never match.
    Never,
}

/// A token was reached: it may be skipped if it can stand for nothing.
const ENTERED: u8 = 1;
/// In the middle of a `Deep`: only a slash leads out.
const INSIDE: u8 = 2;

impl Pattern {
    /// Reads a pattern; `None` where Docker refuses it.
    pub(super) fn new(body: &str) -> Option<Self> {
        if body.is_empty() || body.len() > LONGEST {
            return None;
        }
        let cleaned = clean(body);
        let body = if cleaned.len() > 1 { cleaned.strip_prefix('/').unwrap_or(&cleaned) } else { &cleaned };
        let mut tokens = tokens(body)?;

        // Docker compares a pattern without wildcards as text, where `^` is itself; elsewhere it reaches the regular
        // expression and asks for the start of the text.
        let plain = |token: &Token| matches!(token, Token::Letter(_));
        let suffix = body.starts_with("**") && tokens.iter().skip(1).all(plain);
        if suffix {
            // `**name` is compared as the end of the path: `**.env` matches `prod.env`. `**/name` is not.
            if !body.starts_with("**/") {
                if let Some(first) = tokens.first_mut() {
                    *first = Token::All;
                }
            }
        } else if !tokens.iter().all(|token| plain(token) || *token == Token::All) {
            for token in &mut tokens {
                if *token == Token::Letter('^') {
                    *token = Token::Never;
                }
            }
        }
        Some(Self(tokens))
    }

    /// Whether the pattern matches the path's first part, its first two, and so on to the whole path.
    pub(super) fn matches_each(&self, path: &[char]) -> Vec<bool> {
        let mut found = Vec::new();
        let mut states = vec![0; self.0.len() + 1];
        if let Some(first) = states.first_mut() {
            *first = ENTERED;
        }
        self.skip(&mut states);
        for letter in path {
            if *letter == '/' {
                found.push(accepted(&states));
            }
            states = self.step(&states, *letter);
        }
        found.push(accepted(&states));
        found
    }

    fn step(&self, states: &[u8], letter: char) -> Vec<u8> {
        let mut next = vec![0; states.len()];
        let mut reach = |index: usize, how: u8| {
            if let Some(state) = next.get_mut(index) {
                *state |= how;
            }
        };
        for (index, (token, _)) in self.0.iter().zip(states).enumerate().filter(|(_, (_, state))| **state != 0) {
            match token {
                Token::Star if letter != '/' => reach(index, ENTERED),
                Token::All => reach(index, ENTERED),
                Token::Deep => {
                    reach(index, INSIDE);
                    if letter == '/' {
                        reach(index + 1, ENTERED);
                    }
                }
                Token::Letter(own) if *own == letter => reach(index + 1, ENTERED),
                Token::One if letter != '/' => reach(index + 1, ENTERED),
                Token::Class { negated, ranges }
                    if ranges.iter().any(|(low, high)| (*low..=*high).contains(&letter)) != *negated =>
                {
                    reach(index + 1, ENTERED);
                }
                _ => {}
            }
        }
        self.skip(&mut next);
        next
    }

    /// Goes on over tokens that may stand for nothing.
    fn skip(&self, states: &mut [u8]) {
        let mut carry = false;
        for (index, state) in states.iter_mut().enumerate() {
            if carry {
                *state |= ENTERED;
            }
            let empty = matches!(self.0.get(index), Some(Token::Star | Token::Deep | Token::All));
            carry = empty && *state & ENTERED != 0;
        }
    }
}

fn accepted(states: &[u8]) -> bool {
    states.last().is_some_and(|state| *state != 0)
}

fn tokens(body: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = body.chars().peekable();
    while let Some(letter) = rest.next() {
        tokens.push(match letter {
            '*' if rest.next_if_eq(&'*').is_some() => {
                rest.next_if_eq(&'/');
                if rest.peek().is_none() { Token::All } else { Token::Deep }
            }
            '*' => Token::Star,
            '?' => Token::One,
            '[' => class(&mut rest)?,
            // A letter or digit after it means something else to Docker's regular expression (`\d`, `\b`).
            '\\' => match rest.next()? {
                escaped if escaped.is_ascii_alphanumeric() => Token::Never,
                escaped => Token::Letter(escaped),
            },
            letter => Token::Letter(letter),
        });
    }
    Some(tokens)
}

fn class(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Token> {
    let negated = rest.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && rest.next_if_eq(&']').is_some() {
            return Some(Token::Class { negated, ranges });
        }
        let low = class_letter(rest)?;
        let high = if rest.next_if_eq(&'-').is_some() { class_letter(rest)? } else { low };
        // Go's matcher lets an upside-down range pass, its regular expressions do not.
        if low > high {
            return None;
        }
        ranges.push((low, high));
    }
}

fn class_letter(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    match rest.next()? {
        '-' | ']' => None,
        '\\' => rest.next(),
        letter => Some(letter),
    }
}

/// Whether a pattern is only a way to write `/`: `/.`, `/a/..`.
pub(super) fn is_root(body: &str) -> bool {
    clean(body) == "/"
}

/// What Go's `filepath.Clean` makes of a path: no empty parts, no `.`, and `..` takes the part before it away.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}
