//! opencode's permissions for `read`.
//!
//! opencode.ai/v1/docs/permissions: `"permission": {"read": {"*": "allow", "*.env": "deny"}}`, also one word for all.
//! opencode.ai/docs/permissions: `"permissions": [{"action": "read", "resource": "*.env", "effect": "deny"}]`. Rules are
//! appended to the defaults, and the last one that matches wins; `*` is any characters, `?` one. What is asked for counts
//! as kept out: a person decides.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::jsonc;
use crate::git::IgnoreText;
use crate::path::RelPath;

/// The defaults of both versions.
const DEFAULTS: [(&str, bool); 4] = [("*", true), ("*.env", false), ("*.env.*", false), ("*.env.example", true)];

/// Rules in their order: a pattern, and whether what matches may be read.
#[derive(Debug)]
pub(super) struct Rules {
    rules: Vec<(Wildcard, bool)>,
}

#[derive(Deserialize, Default)]
struct Configuration {
    #[serde(default)]
    permission: Old,
    #[serde(default)]
    permissions: Vec<New>,
}

/// `permission`, as patterns for `read`.
#[derive(Default)]
struct Old(Vec<(String, bool)>);

#[derive(Deserialize)]
struct New {
    action: String,
    resource: String,
    effect: String,
}

impl Rules {
    pub(super) fn read(texts: &[Vec<u8>]) -> Self {
        let mut rules: Vec<(Wildcard, bool)> =
            DEFAULTS.iter().map(|(pattern, may)| (Wildcard::new(pattern), *may)).collect();
        for text in texts {
            let configuration: Configuration = serde_json::from_slice(&jsonc::strict(text)).unwrap_or_default();
            rules.extend(configuration.permission.0.iter().map(|(pattern, may)| (Wildcard::new(pattern), *may)));
            let new = configuration.permissions.iter().filter(|rule| Wildcard::new(&rule.action).matches(b"read"));
            rules.extend(new.map(|rule| (Wildcard::new(&rule.resource), rule.effect == "allow")));
        }
        Self { rules }
    }

    pub(super) fn keep_out(&self, path: &RelPath) -> bool {
        let last = self.rules.iter().rev().find(|(pattern, _)| pattern.matches(path.as_bytes()));
        last.is_some_and(|(_, may)| !may)
    }
}

/// `*` and `?`; every other character is itself.
#[derive(Debug)]
struct Wildcard(IgnoreText);

impl Wildcard {
    fn new(pattern: &str) -> Self {
        // Written as a rule for names of one part: see `flat`.
        let mut rule = Vec::with_capacity(pattern.len());
        for byte in flat(pattern.as_bytes()) {
            if !matches!(byte, b'*' | b'?') && !byte.is_ascii_alphanumeric() {
                rule.push(b'\\');
            }
            rule.push(byte);
        }
        Self(IgnoreText::parse(&rule, false))
    }

    fn matches(&self, text: &[u8]) -> bool {
        self.0.hides(&RelPath::new(flat(text).collect::<Vec<u8>>()))
    }
}

/// A path as one name: `*` takes a slash, too.
fn flat(text: &[u8]) -> impl Iterator<Item = u8> + '_ {
    text.iter().map(|byte| if matches!(byte, b'/' | b'\n') { b':' } else { *byte })
}

impl<'de> Deserialize<'de> for Old {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Keys)
    }
}

/// One word for all tools, or tools with one word or with patterns.
struct Keys;

impl<'de> Visitor<'de> for Keys {
    type Value = Old;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("permissions")
    }

    fn visit_str<E>(self, word: &str) -> Result<Old, E> {
        Ok(Old(vec![("*".to_owned(), word == "allow")]))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Old, A::Error> {
        let mut rules = Vec::new();
        while let Some(tool) = map.next_key::<String>()? {
            let Patterns(patterns) = map.next_value()?;
            if Wildcard::new(&tool).matches(b"read") {
                rules.extend(patterns);
            }
        }
        Ok(Old(rules))
    }
}

struct Patterns(Vec<(String, bool)>);

impl<'de> Deserialize<'de> for Patterns {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OfTool)
    }
}

struct OfTool;

impl<'de> Visitor<'de> for OfTool {
    type Value = Patterns;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("permissions of a tool")
    }

    fn visit_str<E>(self, word: &str) -> Result<Patterns, E> {
        Ok(Patterns(vec![("*".to_owned(), word == "allow")]))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Patterns, A::Error> {
        let mut patterns = Vec::new();
        while let Some((pattern, word)) = map.next_entry::<String, String>()? {
            patterns.push((pattern, word == "allow"));
        }
        Ok(Patterns(patterns))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Patterns, E> {
        Ok(Patterns(Vec::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Patterns, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Patterns(Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept_out(text: &str) -> Vec<&'static str> {
        let rules = Rules::read(&[text.as_bytes().to_vec()]);
        let paths = [".env", "a/.env", "a/prod.env", ".env.local", ".env.example", "secrets/db"];
        paths.into_iter().filter(|path| rules.keep_out(&RelPath::from(*path))).collect()
    }

    /// The examples of both versions' documentation, and what follows from "the last matching rule wins".
    #[test]
    fn as_documented() {
        let default = vec![".env", "a/.env", "a/prod.env", ".env.local"];
        assert_eq!(kept_out("{}"), default);
        assert_eq!(kept_out("no json"), default);
        assert_eq!(kept_out(r#"{"permission": {"bash": "allow", "edit": {"*": "deny"}}}"#), default);
        assert_eq!(kept_out(r#"{"permission": "allow"}"#), [""; 0]);
        assert_eq!(kept_out(r#"{"permission": {"*": "allow"}}"#), [""; 0]);
        assert_eq!(kept_out(r#"{"permission": {"read": "ask"}}"#).len(), 6);
        assert_eq!(
            kept_out(r#"{"permission": {"read": {"*": "allow", "*.env": "deny"}}}"#),
            [".env", "a/.env", "a/prod.env"]
        );
        assert_eq!(
            kept_out(
                r#"{"permission": {"read": {".env": "allow"}}, // c
            }"#
            ),
            ["a/.env", "a/prod.env", ".env.local"]
        );
        assert_eq!(
            kept_out(r#"{"permissions": [{"action": "read", "resource": "secrets/*", "effect": "deny"}]}"#),
            [".env", "a/.env", "a/prod.env", ".env.local", "secrets/db"]
        );
        assert_eq!(kept_out(r#"{"permissions": [{"action": "*", "resource": "*", "effect": "allow"}]}"#), [""; 0]);
        assert_eq!(kept_out(r#"{"permissions": [{"action": "shell", "resource": "*", "effect": "allow"}]}"#), default);
    }

    #[test]
    fn wildcards_are_whole_and_literal() {
        for (pattern, text, expected) in [
            ("*.env", "a/b/.env", true),
            ("*.env", ".env.x", false),
            ("a?c", "a/c", true),
            ("a[b]", "a[b]", true),
            ("a[b]", "ab", false),
            ("!x", "!x", true),
            ("#x", "#x", true),
            (" *", " x", true),
            ("", "", false),
        ] {
            assert_eq!(Wildcard::new(pattern).matches(text.as_bytes()), expected, "{pattern} {text}");
        }
    }
}
