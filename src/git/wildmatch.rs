//! git's own glob matching (`wildmatch`), in time that a hostile pattern cannot stretch.
//!
//! A pattern is a list of tokens. For each token in turn the set of text positions that can be reached is carried
//! along, so that the cost is tokens times text, however many stars there are.

/// One step of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Byte(u8),
    /// `?`
    One,
    /// `*`
    Run,
    /// `**/`: nothing, or whole directories.
    Directories,
    /// `/**` at the end.
    Everything,
    /// `[…]`, by the bytes that it takes.
    Set(Box<[bool; 256]>),
    /// An open bracket, or a backslash at the end: matches nothing.
    Never,
}

/// A glob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob {
    tokens: Vec<Token>,
    is_path: bool,
    folds_case: bool,
}

impl Glob {
    /// Reads a pattern. `is_path`: a wildcard takes no `/`, and `**` has its meaning.
    pub(super) fn new(pattern: &[u8], is_path: bool, folds_case: bool) -> Self {
        let mut tokens = Vec::new();
        let (mut rest, mut before) = (pattern, b'/');
        while let Some((&byte, tail)) = rest.split_first() {
            let (token, tail) = match byte {
                b'?' => (Token::One, tail),
                b'*' => stars(rest, before, is_path),
                b'[' => set(tail, folds_case).unwrap_or((Token::Never, &[])),
                b'\\' => match tail.split_first() {
                    // As it is written: git folds the text's letters, and no escaped one of a pattern.
                    Some((&escaped, tail)) => (Token::Byte(escaped), tail),
                    None => (Token::Never, tail),
                },
                byte => (Token::Byte(fold(byte, folds_case)), tail),
            };
            let used = rest.len() - tail.len();
            before = rest.get(used.saturating_sub(1)).copied().unwrap_or(0);
            tokens.push(token);
            rest = tail;
        }
        Self { tokens, is_path, folds_case }
    }

    /// Whether letters of either case are alike.
    pub(super) fn folds_case(&self) -> bool {
        self.folds_case
    }

    /// Whether the whole of `text` matches.
    pub(super) fn matches(&self, text: &[u8]) -> bool {
        let mut reached = vec![false; text.len() + 1];
        if let Some(start) = reached.first_mut() {
            *start = true;
        }
        for token in &self.tokens {
            reached = self.step(token, &reached, text);
        }
        reached.last().copied().unwrap_or(false)
    }

    fn step(&self, token: &Token, from: &[bool], text: &[u8]) -> Vec<bool> {
        let mut to = Vec::with_capacity(from.len());
        // Whether any position up to here was reached; for `*` only since the last `/`.
        let mut open = false;
        let mut last = None;
        for (position, here) in from.iter().enumerate() {
            let byte = position.checked_sub(1).and_then(|at| text.get(at)).map(|byte| fold(*byte, self.folds_case));
            let stops = self.is_path && byte == Some(b'/');
            let stepped = last == Some(true);
            let reached = match token {
                Token::Byte(wanted) => stepped && byte == Some(*wanted),
                Token::One => stepped && !stops,
                Token::Set(set) => {
                    let taken = byte.is_some_and(|byte| set.get(usize::from(byte)) == Some(&true));
                    stepped && taken && !stops
                }
                Token::Run => {
                    open = *here || open && !stops;
                    open
                }
                Token::Directories => {
                    let after = open && byte == Some(b'/');
                    open |= *here;
                    *here || after
                }
                Token::Everything => {
                    open |= *here;
                    open
                }
                Token::Never => false,
            };
            to.push(reached);
            last = Some(*here);
        }
        to
    }
}

fn fold(byte: u8, folds_case: bool) -> u8 {
    if folds_case { byte.to_ascii_lowercase() } else { byte }
}

/// One or more stars; what follows decides with what stands before.
fn stars(pattern: &[u8], before: u8, is_path: bool) -> (Token, &[u8]) {
    let count = pattern.iter().take_while(|byte| **byte == b'*').count();
    let rest = pattern.get(count..).unwrap_or_default();
    if !is_path {
        return (Token::Run, rest);
    }
    match rest {
        [] if count > 1 && before == b'/' => (Token::Everything, rest),
        [b'/', tail @ ..] if count > 1 && before == b'/' => (Token::Directories, tail),
        // The slash that follows is one that must be there.
        [b'\\', b'/', ..] if count > 1 && before == b'/' => (Token::Everything, rest),
        _ => (Token::Run, rest),
    }
}

/// A bracket expression after its `[`; `None` where it does not end.
fn set(pattern: &[u8], folds_case: bool) -> Option<(Token, &[u8])> {
    let (is_negated, mut rest) = match pattern {
        [b'!' | b'^', tail @ ..] => (true, tail),
        _ => (false, pattern),
    };
    let mut taken = Box::new([false; 256]);
    let (mut is_first, mut previous) = (true, None);
    loop {
        let (&byte, tail) = rest.split_first()?;
        if byte == b']' && !is_first {
            rest = tail;
            break;
        }
        is_first = false;
        if let (b'-', Some(start), Some(end)) = (byte, previous, tail.first().filter(|end| **end != b']')) {
            let (end, tail) = if *end == b'\\' { escaped(tail.get(1..)?)? } else { (*end, tail.get(1..)?) };
            (start..=end).for_each(|byte| take_folded(&mut taken, byte, folds_case));
            (rest, previous) = (tail, None);
        } else if let (b'[', Some(b':')) = (byte, tail.first()) {
            (rest, previous) = class(tail.get(1..)?, &mut taken, folds_case)?;
        } else {
            let (byte, tail) = if byte == b'\\' { escaped(tail)? } else { (byte, tail) };
            take(&mut taken, byte);
            (rest, previous) = (tail, Some(byte));
        }
    }
    if is_negated {
        taken.iter_mut().for_each(|taken| *taken = !*taken);
    }
    Some((Token::Set(taken), rest))
}

fn escaped(pattern: &[u8]) -> Option<(u8, &[u8])> {
    pattern.split_first().map(|(byte, tail)| (*byte, tail))
}

/// A byte as it is written: of the text alone git folds the letters, so that a capital takes nothing then.
fn take(taken: &mut [bool; 256], byte: u8) {
    if let Some(taken) = taken.get_mut(usize::from(byte)) {
        *taken = true;
    }
}

/// One of a range, or of a class: there a small letter is taken where its capital is, too.
fn take_folded(taken: &mut [bool; 256], byte: u8, folds_case: bool) {
    take(taken, byte);
    if folds_case {
        take(taken, byte.to_ascii_lowercase());
    }
}

/// What follows, and what a range could start with.
type Rest<'a> = (&'a [u8], Option<u8>);

/// `name:]` after `[:`. Without its end it is an ordinary `[`; an unknown name spoils the whole expression.
fn class<'a>(pattern: &'a [u8], taken: &mut [bool; 256], folds_case: bool) -> Option<Rest<'a>> {
    let close = pattern.iter().position(|byte| *byte == b']')?;
    let Some(name) = pattern.get(..close)?.strip_suffix(b":") else {
        take(taken, b'[');
        take(taken, b':');
        return Some((pattern, Some(b':')));
    };
    let is_in: fn(&u8) -> bool = match name {
        b"alnum" => u8::is_ascii_alphanumeric,
        b"alpha" => u8::is_ascii_alphabetic,
        b"blank" => |byte| matches!(byte, b' ' | b'\t'),
        b"cntrl" => u8::is_ascii_control,
        b"digit" => u8::is_ascii_digit,
        b"graph" => u8::is_ascii_graphic,
        b"lower" => u8::is_ascii_lowercase,
        b"print" => |byte| matches!(byte, b' '..=b'~'),
        b"punct" => u8::is_ascii_punctuation,
        b"space" => |byte| matches!(byte, b' ' | b'\t'..=b'\r'),
        b"upper" => u8::is_ascii_uppercase,
        b"xdigit" => u8::is_ascii_hexdigit,
        _ => return None,
    };
    // Only `[:upper:]` takes the letters of the other case.
    let folds_case = folds_case && name == b"upper";
    (0..=u8::MAX).filter(is_in).for_each(|byte| take_folded(taken, byte, folds_case));
    Some((pattern.get(close + 1..)?, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From git's own t3070, with the path rules and without.
    #[test]
    fn as_git_matches() {
        for (path, plain, text, pattern) in [
            (true, true, "foo", "foo"),
            (false, false, "foo", "bar"),
            (true, true, "foo", "???"),
            (false, false, "foo", "??"),
            (true, true, "foobar", "*ob*a*r*"),
            (true, true, "aaaaaaabababab", "*ab"),
            (true, true, "foo*", "foo\\*"),
            (false, false, "foobar", "foo\\*bar"),
            (true, true, "f\\oo", "f\\\\oo"),
            (true, true, "ball", "*[al]?"),
            (false, false, "ten", "[ten]"),
            (true, true, "ten", "**[!te]"),
            (false, false, "ten", "**[!ten]"),
            (true, true, "ton", "t[!a-g]n"),
            (true, true, "a]b", "a[]]b"),
            (true, true, "a-b", "a[]-]b"),
            (true, true, "]", "]"),
            (false, true, "foo/baz/bar", "foo*bar"),
            (false, true, "foo/baz/bar", "foo**bar"),
            (true, true, "foo/baz/bar", "foo/**/bar"),
            (true, false, "foo/bar", "foo/**/bar"),
            (false, false, "foo/bar", "foo?bar/x"),
            (false, true, "foo/bar", "foo?bar"),
            (false, true, "foo/bar", "foo[/]bar"),
            (false, true, "foo/bar", "foo[^a-z]bar"),
            (true, false, "foo", "**/foo"),
            (true, true, "bar/baz/foo", "**/foo"),
            (false, true, "bar/baz/foo", "*/foo"),
            (true, true, "deep/foo/bar/baz/x", "**/bar/*/*"),
            (true, true, "a1B", "[[:alpha:]][[:digit:]][[:upper:]]"),
            (false, false, "a", "[[:nonsense:]]"),
            (false, false, "[", "["),
            (false, false, "a\\", "a\\"),
            (true, true, "-adobe-", "-*-"),
        ] {
            assert_eq!(Glob::new(pattern.as_bytes(), true, false).matches(text.as_bytes()), path, "{text} {pattern}");
            assert_eq!(Glob::new(pattern.as_bytes(), false, false).matches(text.as_bytes()), plain, "{text} {pattern}");
        }
    }

    /// git folds the text's letters and the pattern's plain ones; what is escaped or alone in brackets stays as it is.
    #[test]
    fn as_git_folds() {
        for (expected, text, pattern) in [
            (true, "bX", "[A-C]x"),
            (true, "Bx", "[a-c]X"),
            (true, "e", "[[:upper:]]"),
            (true, "E", "[[:lower:]]"),
            (false, "e", "[E]"),
            (true, "E", "[e]"),
            (true, "e", "[!E]"),
            (false, "env", "\\Env"),
            (true, "ENV", "\\env"),
            (true, "a]", "[[:-z]]"),
        ] {
            assert_eq!(
                Glob::new(pattern.as_bytes(), true, true).matches(text.as_bytes()),
                expected,
                "{text} {pattern}"
            );
        }
    }

    #[test]
    fn stars_cannot_stretch_it() {
        let glob = Glob::new("*a".repeat(500).as_bytes(), false, false);
        assert!(!glob.matches("a".repeat(499).as_bytes()));
    }
}
