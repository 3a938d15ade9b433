//! Claude Code's permission rules: `"deny": ["Read(./.env)"]`.
//!
//! code.claude.com/docs/en/permissions: a pattern is git's; `//path` counts from the file system's root, `~/path` from the
//! home directory, `/path` from the project, `path` and `./path` from the directory in which Claude Code runs, taken here
//! to be the project. As the program does, `/**` at the end is cut off, and all patterns of one start are one set.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use serde::Deserialize;

use super::jsonc::{Token, What, tokens};
use crate::git::IgnoreText;
use crate::path::RelPath;

/// What of the settings is read.
#[derive(Deserialize, Default)]
struct Settings {
    #[serde(default)]
    permissions: Permissions,
}

#[derive(Deserialize, Default)]
struct Permissions {
    #[serde(default)]
    deny: Vec<String>,
}

/// The rules that keep Claude Code from reading a file.
#[derive(Debug, Default)]
pub(super) struct Rules {
    all: bool,
    below_root: IgnoreText,
    project: IgnoreText,
    here: IgnoreText,
    dir: RelPath,
}

impl Rules {
    /// The settings are strict JSON: of what is none no rule counts.
    pub(super) fn read(texts: &[Vec<u8>], dir: &Path) -> Self {
        let mut rules = Self { dir: RelPath::new(dir.as_os_str().as_bytes()), ..Self::default() };
        let (mut root, mut project, mut here) = (String::new(), String::new(), String::new());
        for rule in texts.iter().flat_map(|text| deny(text)) {
            match rule.strip_prefix("Read").map(|rest| rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'))) {
                Some(Some(pattern)) => {
                    let (set, pattern) = match pattern {
                        // No file of a project; and a pattern is one line.
                        _ if pattern.starts_with("~/") || pattern.contains('\n') => continue,
                        _ if pattern.starts_with("//") => (&mut root, pattern.get(1..).unwrap_or_default()),
                        _ if pattern.starts_with('/') => (&mut project, pattern),
                        _ => (&mut here, pattern.strip_prefix("./").unwrap_or(pattern)),
                    };
                    set.push_str(pattern.strip_suffix("/**").unwrap_or(pattern));
                    set.push('\n');
                }
                Some(None) => rules.all |= rule == "Read",
                None => {}
            }
        }
        rules.below_root = IgnoreText::parse(root.as_bytes(), true);
        rules.project = IgnoreText::parse(project.as_bytes(), true);
        rules.here = IgnoreText::parse(here.as_bytes(), true);
        rules
    }

    pub(super) fn deny(&self, path: &RelPath) -> bool {
        let full = || {
            let full = self.dir.join(path.as_bytes());
            RelPath::new(full.as_bytes().strip_prefix(b"/").unwrap_or_default())
        };
        self.all || self.here.hides(path) || self.project.hides(path) || self.below_root.hides(&full())
    }
}

fn deny(text: &[u8]) -> Vec<String> {
    serde_json::from_slice::<Settings>(text).unwrap_or_default().permissions.deny
}

/// The rule that denies one file; `None` for a name with characters of a pattern.
fn rule(path: &RelPath) -> Option<String> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/@+".contains(byte);
    let text = path.to_str().filter(|text| text.bytes().all(|byte| is_plain(&byte)))?;
    // With a slash in front it is this file, and none of the same name below.
    Some(format!("Read(/{text})"))
}

/// Rules that are put into the settings at one place, between bytes that stay as they are.
#[derive(Debug, PartialEq, Eq)]
pub struct Insertion {
    /// The rules.
    pub rules: Vec<String>,
    /// The new text.
    pub text: Vec<u8>,
}

impl Insertion {
    /// Rules that deny these files, put into the settings `text`, or into settings that are made for them. `None` where it
    /// is not certain that the result is right: comments, two entries of one name, another shape.
    #[must_use]
    pub fn of(text: Option<&[u8]>, paths: &[RelPath]) -> Option<Self> {
        let rules: Vec<String> = paths.iter().map(rule).collect::<Option<_>>()?;
        let old = text.unwrap_or(b"{}\n");
        let known = deny(old);
        let new: Vec<&String> = rules.iter().filter(|rule| !known.contains(rule)).collect();
        let place = Place::find(old)?;
        let (before, after) = old.split_at_checked(place.at)?;
        let text = [before, place.write(&new).as_bytes(), after].concat();
        // The proof: strict JSON, with the old rules and behind them the new ones.
        let expected: Vec<&String> = known.iter().chain(new).collect();
        let is_right = serde_json::from_slice::<Settings>(&text).is_ok() && deny(&text).iter().eq(expected);
        is_right.then_some(Self { rules, text })
    }
}

/// Where rules are put.
struct Place {
    at: usize,
    /// How much is already open around it: `permissions`, and in it `deny`.
    is_in: Level,
    /// Whether something of that level is before it, behind which a comma belongs.
    follows: bool,
    /// Whether the bracket that closes the level is on the line of what is before.
    is_one_line: bool,
    /// The blanks at the start of the line of the nearest bracket.
    indent: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Root,
    Permissions,
    Deny,
}

impl Place {
    fn find(text: &[u8]) -> Option<Self> {
        serde_json::from_slice::<serde::de::IgnoredAny>(text).ok()?;
        let tokens = tokens(text);
        let mut open: Vec<usize> = Vec::new();
        // For each level the tokens of its brackets.
        let mut found: [Option<(usize, usize)>; 3] = [None; 3];
        let level = |open: &[usize]| {
            let is_key = |at: &usize, name: &[u8]| {
                let before = at.checked_sub(2).and_then(|at| tokens.get(at));
                before.is_some_and(|key| key.text(text) == name)
            };
            match open {
                [_] => Some(0),
                [_, a] if is_key(a, b"\"permissions\"") => Some(1),
                [_, a, b] if is_key(a, b"\"permissions\"") && is_key(b, b"\"deny\"") => Some(2),
                _ => None,
            }
        };
        for (at, token) in tokens.iter().enumerate() {
            match token.what {
                What::Open => open.push(at),
                What::Close => {
                    let brackets = level(&open).and_then(|level| found.get_mut(level));
                    let start = open.pop()?;
                    if let Some(brackets) = brackets {
                        // A second one of the same name: which one counts, somebody else may see otherwise.
                        if brackets.replace((start, at)).is_some() {
                            return None;
                        }
                    }
                }
                _ => {}
            }
        }
        // A key of the same name whose value is something else, `"deny": null`.
        let count = |name: &[u8]| tokens.iter().filter(|token| token.text(text) == name).count();
        let [root, permissions, deny] = found;
        let expected = (usize::from(permissions.is_some()), usize::from(deny.is_some()));
        if (count(b"\"permissions\""), count(b"\"deny\"")) != expected {
            return None;
        }
        let (is_in, (start, end)) = match (root, permissions, deny) {
            (_, _, Some(deny)) => (Level::Deny, deny),
            (_, Some(permissions), None) => (Level::Permissions, permissions),
            (Some(root), None, None) => (Level::Root, root),
            _ => return None,
        };
        let bracket = if is_in == Level::Deny { b"[" } else { b"{" };
        let (first, last) = (tokens.get(start)?, tokens.get(end.checked_sub(1)?)?);
        let follows = end > start + 1;
        let is_one_line = tokens.get(end)?.line == last.line && follows;
        let is_right = first.text(text) == bracket;
        is_right.then(|| Self { at: last.end, is_in, follows, is_one_line, indent: indent(text, first) })
    }

    fn write(&self, rules: &[&String]) -> String {
        if rules.is_empty() {
            return String::new();
        }
        let quoted: Vec<String> = rules.iter().map(|rule| format!("\"{rule}\"")).collect();
        let comma = if self.follows { "," } else { "" };
        if self.is_one_line {
            let list = quoted.join(", ");
            let inner = match self.is_in {
                Level::Deny => list,
                Level::Permissions => format!("\"deny\": [{list}]"),
                Level::Root => format!("\"permissions\": {{\"deny\": [{list}]}}"),
            };
            return format!("{comma} {inner}");
        }
        let line = |depth: usize| format!("\n{}{}", self.indent, "  ".repeat(depth));
        let depth = match self.is_in {
            Level::Deny => 1,
            Level::Permissions => 2,
            Level::Root => 3,
        };
        let mut list = quoted.iter().map(|rule| line(depth) + rule).collect::<Vec<_>>().join(",");
        if self.is_in <= Level::Permissions {
            list = format!("{}\"deny\": [{list}{}]", line(depth - 1), line(depth - 1));
        }
        if self.is_in == Level::Root {
            list = format!("{}\"permissions\": {{{list}{}}}", line(1), line(1));
        }
        // An empty pair of brackets is closed on a line of its own.
        let close = if self.follows { String::new() } else { line(0) };
        format!("{comma}{list}{close}")
    }
}

/// The blanks at the start of a token's line.
fn indent(text: &[u8], token: &Token) -> String {
    let before = text.get(..token.start).unwrap_or_default();
    let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).map(|byte| char::from(*byte)).collect()
}

#[cfg(test)]
mod tests;
