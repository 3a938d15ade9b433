//! From a finding's fixed texts and typed facts to a line.
//!
//! `{path}`, `{key}`, `{base}` (of `KEY_PREVIOUS` the key), `{line}` and the names of facts stand in braces; `{path:sh}` is
//! quoted for a shell, `{path:git}` is the path as git takes it in every directory of the work tree, and `{path:docker}` the
//! line of a `.dockerignore` that covers it, both quoted for a shell too; `{form:aside}` is a word in parentheses, and
//! nothing for `plain`; `{commit:id}` is the short id alone. Where several repositories were scanned, `{git}` is git in that
//! of the finding, and `{repository}` an argument for it. `{upstream}` is `@{u}`, which has braces of its own. `{is|are}`
//! agrees with the number of keys.

use std::num::NonZeroU32;

use jiff::tz::TimeZone;

use crate::checks::git::{live_value_elsewhere, secret_still_live};
use crate::env::Key;
use crate::finding::{Fact, Finding};
use crate::git::CommitRef;
use crate::path::RelPath;
use crate::rotation::base_of;
use crate::shell::for_shell;
use crate::text::sanitize;

/// More names than these are counted in a text.
const SHOWN: usize = 12;

/// Whether it is about a value that is in use and is where it should not be.
pub(super) fn is_live(finding: &Finding) -> bool {
    finding.is_of(&secret_still_live::CHECK) || finding.is_of(&live_value_elsewhere::CHECK)
}

/// What is wrong, one line.
#[must_use]
pub fn what(finding: &Finding) -> String {
    render(finding.what, finding, (&key(finding), Number::One))
}

/// What is wrong with several keys alike.
#[must_use]
pub fn what_of_keys(findings: &[&Finding]) -> String {
    let keys: Vec<String> = findings.iter().map(|finding| key(finding)).collect();
    let about = (several(&keys), Number::of(findings));
    findings.first().map(|first| render(first.what, first, (&about.0, about.1))).unwrap_or_default()
}

/// Whether `--fix` fixes this very finding: some checks know of one that it does not.
#[must_use]
pub fn is_fixable(finding: &Finding) -> bool {
    finding.check.fix.is_some() && finding.get("fix") != Some(&Fact::Flag(false))
}

/// What to do next, one line.
#[must_use]
pub fn help(finding: &Finding) -> String {
    let about = key(finding);
    next_steps(finding, (&about, Number::One))
}

fn next_steps(finding: &Finding, about: (&str, Number)) -> String {
    let first = render(finding.help, finding, about);
    match finding.then {
        Some(then) => format!("{first}; then {}", render(then, finding, about)),
        None => first,
    }
}

/// What to do next about several keys alike. A command takes one key: `KEY` stands for each of several.
#[must_use]
pub fn help_of_keys(findings: &[&Finding]) -> String {
    match findings {
        [] => String::new(),
        [one] => help(one),
        [first, ..] => next_steps(first, ("KEY", Number::Many)),
    }
}

/// Whether a text is about one key or about several.
#[derive(Clone, Copy)]
enum Number {
    One,
    Many,
}

impl Number {
    fn of(findings: &[&Finding]) -> Self {
        if findings.len() == 1 { Self::One } else { Self::Many }
    }
}

fn render(template: &str, finding: &Finding, (key, number): (&str, Number)) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, from)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = from.split_once('}') else { break };
        match (name.split_once('|'), number) {
            (Some((one, _)), Number::One) => out.push_str(one),
            (Some((_, many)), Number::Many) => out.push_str(many),
            (None, _) => out.push_str(&placeholder(name, finding, key)),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn placeholder(name: &str, finding: &Finding, key: &str) -> String {
    let (name, form) = name.split_once(':').unwrap_or((name, ""));
    let fact = match name {
        "path" => return in_form(finding.origin.path(), form),
        "key" => return key.to_owned(),
        "base" => return base_of(key).unwrap_or(key).to_owned(),
        "line" => return finding.line.map(|line| line.to_string()).unwrap_or_default(),
        "upstream" => return "@{u}".to_owned(),
        "git" => return format!("git{}", in_repository(finding, " -C")),
        "repository" => return in_repository(finding, ""),
        _ => finding.get(name),
    };
    debug_assert!(fact.is_some(), "{} names {name}, which is no fact of it", finding.check.id);
    match fact {
        Some(Fact::Path(path)) => in_form(path, form),
        Some(Fact::Word("plain")) if form == "aside" => String::new(),
        Some(Fact::Word(word)) if form == "aside" => format!(" ({word})"),
        Some(Fact::Commit(commit)) if form == "id" => commit.id.short(),
        Some(fact) => text_of(fact),
        None => "?".into(),
    }
}

/// An argument for a repository that is not the one of the current directory: else the command would change that one.
fn in_repository(finding: &Finding, option: &str) -> String {
    let dir = finding.repository.as_ref().filter(|dir| !dir.is_root() && dir.as_bytes() != b".");
    dir.map(|dir| format!("{option} {}", for_shell(dir))).unwrap_or_default()
}

fn key(finding: &Finding) -> String {
    match (&finding.key, finding.line) {
        (Some(key), _) => key.to_string(),
        (None, Some(line)) => format!("a key on line {line}"),
        (None, None) => "a key".into(),
    }
}

fn in_form(path: &RelPath, form: &str) -> String {
    match form {
        "sh" => for_shell(path),
        "git" => for_shell(&pathspec(path)),
        "docker" => for_shell(&RelPath::from(docker_line(path).as_str())),
        _ => path.to_string(),
    }
}

/// A path of the work tree, whatever directory of it one is in (gitglossary(7), "pathspec").
#[must_use]
pub fn pathspec(path: &RelPath) -> RelPath {
    let is_pattern = path.as_bytes().iter().any(|byte| b"*?[\\".contains(byte));
    let magic: &[u8] = if is_pattern { b":(top,literal)" } else { b":/" };
    RelPath::new([magic, path.as_bytes()].concat())
}

/// A line of an ignore file. Where a character of the name fits into no line a `?` stands for it, which covers every
/// other in its place, too.
#[derive(Default)]
struct Pattern(String);

impl Pattern {
    fn push(&mut self, character: char, escaped: &[char]) {
        if escaped.contains(&character) {
            self.0.push('\\');
        }
        self.0.push(character);
    }

    fn any(&mut self, count: usize) {
        self.0.extend(std::iter::repeat_n('?', count));
    }
}

/// The line of a `.dockerignore` that covers this path. Patterns are anchored anyway, and blanks at the ends are cut off.
/// A `?` is a character, or a byte that is part of none.
#[must_use]
pub fn docker_line(path: &RelPath) -> String {
    let mut pattern = Pattern::default();
    let last = path.as_bytes().len();
    let mut at = 0;
    for chunk in path.as_bytes().utf8_chunks() {
        for character in chunk.valid().chars() {
            let (is_first, is_last) = (at == 0, at + character.len_utf8() == last);
            at += character.len_utf8();
            let is_lost =
                (is_first || is_last) && character.is_whitespace() || is_first && matches!(character, '#' | '!');
            match is_lost || character.is_control() {
                true => pattern.any(1),
                false => pattern.push(character, &['\\', '*', '?', '[']),
            }
        }
        pattern.any(chunk.invalid().len());
        at += chunk.invalid().len();
    }
    pattern.0
}

/// The line of a `.gitignore` that covers this path, anchored at the file's directory (gitignore(5)). A `?` is a byte.
#[must_use]
pub fn ignore_line(path: &RelPath) -> String {
    let mut pattern = Pattern("/".into());
    for chunk in path.as_bytes().utf8_chunks() {
        for character in chunk.valid().chars() {
            match character.is_control() {
                true => pattern.any(character.len_utf8()),
                false => pattern.push(character, &['\\', '*', '?', '[', ' ']),
            }
        }
        pattern.any(chunk.invalid().len());
    }
    pattern.0
}

/// A fact as a person reads it.
#[must_use]
pub fn text_of(fact: &Fact) -> String {
    match fact {
        Fact::Number(number) => number.to_string(),
        Fact::Flag(flag) => if *flag { "yes" } else { "no" }.into(),
        Fact::Word(word) => (*word).into(),
        Fact::Words(words) => several(words),
        Fact::Mode(mode) => format!("{mode:04o}"),
        Fact::Line(line) => line.to_string(),
        Fact::Lines(lines) => format!("lines {}", several(lines)),
        Fact::Path(path) => path.to_string(),
        Fact::Paths(paths) => several(paths),
        Fact::Day(day) => day.to_string(),
        Fact::Key(key) => key.to_string(),
        Fact::Place { path, key: Some(key), .. } => format!("{key} of {path}"),
        Fact::Place { path, key: None, line } => format!("line {line} of {path}"),
        Fact::Name(name) => name.to_string(),
        Fact::Names(names) => several(names),
        Fact::Commit(commit) => named(commit),
        Fact::Exposed(keys) => keys.len().to_string(),
        Fact::None => "nothing".into(),
    }
}

/// The file and the key whose rotation replaces the secret of a finding that `in_use` contains: of one with the same value
/// as another, those of the other.
pub(super) fn replaced_by<'a>(finding: &'a Finding, in_use: &'a RelPath) -> Option<(&'a RelPath, &'a Key)> {
    let file = match finding.get("same_as_in") {
        Some(Fact::Path(path)) => path,
        _ => in_use,
    };
    match finding.get("same_as") {
        Some(Fact::Key(key)) => Some((file, key)),
        _ => Some((in_use, finding.key.as_ref()?)),
    }
}

/// A commit as a person names it: `3f2a91c on 2025-02-01`.
#[must_use]
pub fn named(commit: &CommitRef) -> String {
    format!("{} on {}", commit.id.short(), TimeZone::UTC.to_datetime(commit.time).date())
}

/// `a, b and c`; of many the first ones and a count.
pub(in crate::report) fn several<T: ToString>(items: &[T]) -> String {
    let shown: Vec<String> = items.iter().take(SHOWN).map(ToString::to_string).collect();
    match (shown.as_slice(), items.len().saturating_sub(SHOWN)) {
        ([], _) => "none".into(),
        ([one], 0) => one.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (all, more) => format!("{} and {more} more", all.join(", ")),
    }
}

/// `1 file`, `2 files`.
#[must_use]
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A line number behind a path.
#[must_use]
pub fn at(path: &RelPath, line: Option<NonZeroU32>) -> String {
    let path = sanitize(path.as_bytes());
    line.map_or_else(|| path.clone(), |line| format!("{path}:{line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_an_ignore_file_cover_one_path() {
        assert_eq!(ignore_line(&RelPath::from("a b/.env*")), "/a\\ b/.env\\*");
        assert_eq!(docker_line(&RelPath::from("a b/.env")), "a b/.env");
        for (path, git, docker) in [
            (b"a\n\xff*.env".as_slice(), "/a??\\*.env", "a??\\*.env"),
            ("\u{85}.env".as_bytes(), "/??.env", "?.env"),
            (b"#.env ", "/#.env\\ ", "?.env?"),
            (b"!/.env", "/!/.env", "?/.env"),
        ] {
            let path = RelPath::new(path);
            assert_eq!((ignore_line(&path).as_str(), docker_line(&path).as_str()), (git, docker));
        }
    }

    #[test]
    fn paths_for_git_hold_in_every_directory() {
        for (path, expected) in
            [("config/.env", ":/config/.env"), ("a b/.env", "':/a b/.env'"), ("[x]/.env*", "':(top,literal)[x]/.env*'")]
        {
            assert_eq!(in_form(&RelPath::from(path), "git"), expected);
        }
    }

    #[test]
    fn lists() {
        assert_eq!(several(&["a"]), "a");
        assert_eq!(several(&["a", "b", "c"]), "a, b and c");
        assert_eq!(several(&(1..=14).collect::<Vec<_>>()), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more");
    }
}
