//! Values that stand for a value. Pure.
//!
//! A weak word that somebody does use (`postgres`, `secret`, `admin`) is no placeholder but weak: see
//! [`crate::secret::strength`].

mod known;

use crate::secret::class::{self, is_reference, pem, value};

/// Which kind of placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// `changeme`, `change_me_in_production`, `replace-this`.
    ChangeMe,
    /// `your-password-here`, `<INSERT_KEY>`, `[token]`, `xxxx`, `...`.
    Blank,
    /// `example`, `sample`, `dummy`, `todo`.
    Example,
    /// `null`, `None`, `false`, `undefined`.
    Nothing,
}

impl Placeholder {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ChangeMe => "change-me",
            Self::Blank => "blank",
            Self::Example => "example",
            Self::Nothing => "nothing",
        }
    }
}

/// Longer values are nobody's placeholder.
const LONGEST: usize = 200;

/// Words that are a placeholder as a whole value.
const WHOLE: [(&str, Placeholder); 26] = [
    ("null", Placeholder::Nothing),
    ("none", Placeholder::Nothing),
    ("nil", Placeholder::Nothing),
    ("undefined", Placeholder::Nothing),
    ("false", Placeholder::Nothing),
    ("na", Placeholder::Nothing),
    ("nan", Placeholder::Nothing),
    ("empty", Placeholder::Nothing),
    ("unset", Placeholder::Nothing),
    ("notset", Placeholder::Nothing),
    ("change", Placeholder::ChangeMe),
    ("replace", Placeholder::ChangeMe),
    ("tochange", Placeholder::ChangeMe),
    ("override", Placeholder::ChangeMe),
    // Too short to be looked for inside a value: random base64 spells it now and then.
    ("tbd", Placeholder::Example),
    ("foo", Placeholder::Example),
    ("bar", Placeholder::Example),
    ("baz", Placeholder::Example),
    ("foobar", Placeholder::Example),
    ("blank", Placeholder::Blank),
    ("fillme", Placeholder::Blank),
    ("fillin", Placeholder::Blank),
    ("redacted", Placeholder::Blank),
    ("masked", Placeholder::Blank),
    ("hidden", Placeholder::Blank),
    ("value", Placeholder::Blank),
];

/// Words that make a placeholder of any value that has them as a whole word.
const ANYWHERE: [(&str, Placeholder); 21] = [
    ("changeme", Placeholder::ChangeMe),
    ("changeit", Placeholder::ChangeMe),
    ("changethis", Placeholder::ChangeMe),
    ("changemeplease", Placeholder::ChangeMe),
    ("pleasechange", Placeholder::ChangeMe),
    ("pleasechangeme", Placeholder::ChangeMe),
    ("replaceme", Placeholder::ChangeMe),
    ("replacethis", Placeholder::ChangeMe),
    ("replacewith", Placeholder::ChangeMe),
    ("your", Placeholder::Blank),
    ("placeholder", Placeholder::Blank),
    ("insertme", Placeholder::Blank),
    ("example", Placeholder::Example),
    ("examplekey", Placeholder::Example),
    ("sample", Placeholder::Example),
    ("dummy", Placeholder::Example),
    ("fake", Placeholder::Example),
    ("todo", Placeholder::Example),
    ("fixme", Placeholder::Example),
    ("notreal", Placeholder::Example),
    ("lorem", Placeholder::Example),
];

/// Pairs of words, the second one of a list: `change-this`, `insert_key`, `must-be-changed`.
const PAIRS: [(&[&str], &[&str], Placeholder); 5] = [
    (
        &["change", "replace", "modify", "update"],
        &[
            "me", "it", "this", "that", "in", "on", "with", "by", "before", "for", "the", "my", "your", "please", "to",
            "password", "secret", "key", "token", "value", "default", "here", "now",
        ],
        Placeholder::ChangeMe,
    ),
    (
        &["please", "must", "should", "be", "to", "always"],
        &["change", "changed", "replace", "replaced", "update", "updated"],
        Placeholder::ChangeMe,
    ),
    (
        &[
            "insert", "get", "enter", "put", "paste", "provide", "specify", "add", "set", "fill", "use", "type",
            "generate", "define",
        ],
        &[
            "a", "an", "the", "your", "me", "my", "it", "this", "in", "here", "own", "some", "random", "strong", "key",
            "token", "secret", "password", "api", "value", "out",
        ],
        Placeholder::Blank,
    ),
    (&["goes", "value", "secret", "password", "key", "token", "hash", "string", "id"], &["here"], Placeholder::Blank),
    (&["not", "to"], &["set", "be"], Placeholder::Nothing),
];

/// Nouns that follow `your` without a separator: `yourpassword`.
const YOURS: [&str; 12] =
    ["password", "pass", "secret", "key", "token", "apikey", "api", "secretkey", "jwt", "username", "value", "own"];

/// Brackets that nobody's secret is in.
const BRACKETS: [(&str, &str); 7] =
    [("<", ">"), ("[", "]"), ("{{", "}}"), ("{", "}"), ("%%", "%%"), ("__", "__"), ("(", ")")];

/// Whether `value` is a placeholder: something that nobody meant to be used.
#[must_use]
pub fn of(value: &[u8]) -> Option<Placeholder> {
    let text = std::str::from_utf8(value).ok()?.trim();
    if let Some(block) = pem::Block::of(text.as_bytes()) {
        return (!block.is_real()).then_some(Placeholder::Blank);
    }
    if is_documented(text) {
        return Some(Placeholder::Example);
    }
    if text.is_empty() || text.len() > LONGEST || is_reference(text.as_bytes()) {
        return None;
    }
    if is_filler(text) || is_crossed_out(text) || is_expression(text) {
        return Some(Placeholder::Blank);
    }
    if is_counted(text) {
        return Some(Placeholder::Example);
    }
    // Words inside a random value are chance.
    if value::looks_generated(text.as_bytes()) {
        return None;
    }
    if in_brackets(text) || is_prose(text) {
        return Some(Placeholder::Blank);
    }
    by_words(text)
}

/// [`of`], and a value that only repeats its key: `DB_PASSWORD=db_password`.
#[must_use]
pub fn of_key(key: &str, value: &[u8]) -> Option<Placeholder> {
    let letters = |text: &[u8]| -> zeroize::Zeroizing<Vec<u8>> {
        let mut kept = zeroize::Zeroizing::new(Vec::with_capacity(text.len()));
        kept.extend(text.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase));
        kept
    };
    let repeats = || {
        // `PASSWORD=password` is what people do use.
        let words = class::words(key).len();
        let key = letters(key.as_bytes());
        words > 1 && *key == *letters(value)
    };
    of(value).or_else(|| repeats().then_some(Placeholder::Blank))
}

/// The keys of documentations, random by form.
fn is_documented(text: &str) -> bool {
    known::is_one(text)
        || text.ends_with("EXAMPLEKEY")
        || text.starts_with("123456:ABC-DEF")
        || (text.starts_with("AKIA") && text.ends_with("EXAMPLE"))
}

/// `xxxx`, `****`, `...`, also behind a prefix: `sk-xxxx`, `ghp_...`.
fn is_filler(text: &str) -> bool {
    let filler = |letter: char| matches!(letter, 'x' | 'X' | '*' | '.' | '?' | '…' | '-' | '_' | '#');
    let kept = text.trim_start_matches(|letter: char| !filler(letter));
    let tail = text.trim_end_matches(|letter: char| filler(letter) && letter != '-' && letter != '_');
    let cut = text.chars().count() - tail.chars().count();
    let all = kept.len() == text.len() && text.chars().all(filler);
    // A tail of x's may be chance; eight are not, nor is a whole piece behind a separator, unless all before it is random.
    all && text.chars().count() >= 3
        || text == "…"
        || cut >= 8
        || text.ends_with("...")
        || text.ends_with("***")
        || cut >= 3 && tail.ends_with(['-', '_']) && !value::looks_generated(text.as_bytes())
}

/// `d2dc414fXXXXX`: what was real once, and was crossed out. Five of them in a row are no chance: of ten million random
/// values of 64 letters and digits three have them. Four may be chance, unless they are a piece of their own.
fn is_crossed_out(text: &str) -> bool {
    text.contains("XXXXX")
        || text.contains("****")
        || text.split(['-', '_', '.', '/', ' ']).any(|piece| piece == "XXXX")
}

/// `{{ db_password | urlencode }}`, `<%= ENV.fetch("DB_PASSWORD") %>`: an engine puts the value there. A literal in it that
/// looks generated is a value.
fn is_expression(text: &str) -> bool {
    const MARKS: [(&str, &str); 2] = [("{{", "}}"), ("<%", "%>")];
    let is_plain = |text: &str| !text.contains(char::is_alphanumeric);
    let is_literal = |inner: &str| {
        let mut quoted = inner.split(['"', '\'', '`']).skip(1).step_by(2);
        quoted.any(|one| value::looks_generated(one.as_bytes()))
    };
    MARKS.iter().any(|(open, close)| {
        let mut parts = text.split(open);
        parts.next().is_some_and(is_plain)
            && text.contains(open)
            && parts.all(|part| {
                part.split_once(close).is_some_and(|(inner, behind)| is_plain(behind) && !is_literal(inner))
            })
    })
}

/// `sk-lf-1234567890`: behind a prefix somebody only counted.
fn is_counted(text: &str) -> bool {
    const SHORTEST: usize = 6;
    let Some((_, piece)) = text.rsplit_once(['-', '_']) else { return false };
    let follows = |pair: &[u8]| matches!(pair, [one, next] if *next == one + 1 || (*one, *next) == (b'9', b'0'));
    piece.len() >= SHORTEST && piece.as_bytes().windows(2).all(follows)
}

/// `Twitter API secret for normal OAuth, not OAuth2`: a sentence about the value.
fn is_prose(text: &str) -> bool {
    const SMALL: [&str; 16] =
        ["a", "an", "and", "for", "from", "if", "in", "is", "it", "not", "of", "or", "the", "this", "to", "with"];
    let words: Vec<&str> = text.split_whitespace().collect();
    let small = words.iter().filter(|word| SMALL.iter().any(|small| small.eq_ignore_ascii_case(word))).count();
    words.len() >= 4 && small >= 2
}

fn in_brackets(text: &str) -> bool {
    BRACKETS.iter().any(|(open, close)| {
        let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        inner.is_some_and(|inner| {
            let letters = inner.chars().filter(|letter| letter.is_alphabetic()).count();
            let plain = inner.chars().all(|letter| letter.is_alphanumeric() || " -_./:'$,".contains(letter));
            letters >= 2 && letters * 2 >= inner.chars().count() && plain
        })
    })
}

fn by_words(text: &str) -> Option<Placeholder> {
    let words: Vec<zeroize::Zeroizing<String>> =
        class::words(text).iter().map(|word| zeroize::Zeroizing::new(word.to_ascii_lowercase())).collect();
    let letters: usize = words.iter().map(|word| word.len()).sum();
    let mut whole = zeroize::Zeroizing::new(String::with_capacity(letters));
    for word in words.iter().filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit())) {
        whole.push_str(word);
    }
    let exact = WHOLE.iter().chain(&ANYWHERE).find(|(known, _)| *known == whole.as_str());
    let anywhere = || words.iter().find_map(|word| ANYWHERE.iter().find(|(known, _)| *known == word.as_str()));
    let pair = || {
        words.windows(2).find_map(|pair| {
            let [first, second] = pair else { return None };
            let fits = |list: &[&str], word: &str| list.contains(&word);
            PAIRS.iter().find(|(firsts, seconds, _)| fits(firsts, first) && fits(seconds, second)).map(|pair| pair.2)
        })
    };
    // `changeEncryptionKey`, `replace-jwt-secret`.
    let first = || match words.as_slice() {
        [first, _, ..] if matches!(first.as_str(), "change" | "replace") => Some(Placeholder::ChangeMe),
        _ => None,
    };
    let yours = || {
        let noun = |word: &str| word.strip_prefix("your").is_some_and(|noun| YOURS.contains(&noun));
        words.iter().any(|word| noun(word)).then_some(Placeholder::Blank)
    };
    exact.or_else(anywhere).map(|(_, kind)| *kind).or_else(pair).or_else(first).or_else(yours)
}

#[cfg(test)]
mod tests;
