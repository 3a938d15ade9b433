//! References of images (`registry/name:tag@digest`), and how firmly they name one. Pure.

mod user;

pub use user::{Server, server};

use crate::docker::dockerfile::UNKNOWN;
use crate::name::Name;
use crate::secret::class::value::looks_generated;

/// How firmly a reference names one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pin {
    /// By its content: nothing can change it.
    Digest,
    /// By a version: `15.5-alpine`, `v2.48.1`, `22.04`, `bookworm-20240110`, a commit.
    Version,
    /// By less than one: `15`, `15-alpine`, `bookworm`, `php8.2`.
    Wide,
    /// By a tag that means another image each time: `latest`, `stable`, `alpine`, `lts`.
    Moving,
    /// Not at all, which means `latest`.
    Untagged,
    /// By what only the build or the deployment says.
    Unknown,
}

impl Pin {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Version => "version",
            Self::Wide => "wide",
            Self::Moving => "moving",
            Self::Untagged => "untagged",
            Self::Unknown => "unknown",
        }
    }
}

/// Tags of a channel, wherever they stand in a tag: `2022-latest`.
const ALWAYS: [&str; 5] = ["latest", "nightly", "edge", "canary", "rolling"];

/// Tags of a channel, and of a variant alone, where no version stands beside them.
const CHANNELS: [&str; 35] = [
    "alpha",
    "beta",
    "current",
    "daily",
    "dev",
    "devel",
    "develop",
    "development",
    "experimental",
    "head",
    "lts",
    "main",
    "mainline",
    "master",
    "next",
    "preview",
    "prod",
    "production",
    "qa",
    "release",
    "snapshot",
    "stable",
    "staging",
    "test",
    "testing",
    "tip",
    "trunk",
    "unstable",
    "alpine",
    "apache",
    "debian",
    "fpm",
    "slim",
    "ubuntu",
    "weekly",
];

/// Releases of distributions: a version of those, and none of what is built upon them.
const CODENAMES: [&str; 10] =
    ["stretch", "buster", "bullseye", "bookworm", "trixie", "bionic", "focal", "jammy", "noble", "resolute"];

/// Words that a version of something else stands behind: `node:alpine3.19` is Node's newest.
const SYSTEMS: [&str; 6] = ["alpine", "debian", "ubuntu", "ubi", "centos", "windowsservercore"];

/// A reference, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference<'a> {
    /// Registry and path.
    pub name: &'a str,
    /// The tag.
    pub tag: Option<&'a str>,
    /// The digest.
    pub digest: Option<&'a str>,
}

impl<'a> Reference<'a> {
    /// Takes one apart.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        // A colon before the last slash is a port's.
        let (name, tag) = match rest.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (rest, None),
        };
        Self { name, tag, digest }
    }

    /// The name without registry and owner, in lower case: `postgres` of `docker.io/library/postgres`.
    #[must_use]
    pub fn short_name(&self) -> String {
        self.name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// The name as Docker completes it, without what may be left out, in lower case: `postgres` of
    /// `docker.io/library/postgres`.
    #[must_use]
    pub fn plain_name(&self) -> String {
        let path = ["index.docker.io/", "docker.io/"].iter().find_map(|hub| self.name.strip_prefix(hub));
        let path = path.unwrap_or(self.name);
        path.strip_prefix("library/").unwrap_or(path).to_ascii_lowercase()
    }

    /// Whether Docker publishes it itself (the official images).
    #[must_use]
    pub fn is_official(&self) -> bool {
        let path = self.name.strip_prefix("docker.io/").unwrap_or(self.name);
        !path.strip_prefix("library/").unwrap_or(path).contains('/') && !path.contains(UNKNOWN)
    }

    /// How firmly it names one image. What a variable replaces ([`crate::docker::dockerfile::UNKNOWN`], `${…}`) is not
    /// known.
    #[must_use]
    pub fn pin(&self) -> Pin {
        let is_open = |text: &str| text.contains(['$', UNKNOWN]);
        match (self.digest, self.tag) {
            (Some(digest), _) if is_open(digest) => Pin::Unknown,
            (Some(digest), _) if digest.starts_with("sha256:") || digest.starts_with("sha512:") => Pin::Digest,
            (_, Some(tag)) if is_open(tag) => Pin::Unknown,
            (_, Some("")) => Pin::Unknown,
            (_, Some(tag)) => of_tag(&tag.to_ascii_lowercase(), &self.short_name()),
            // The variable may hold the tag, too.
            (_, None) if is_open(self.name) => Pin::Unknown,
            (_, None) => Pin::Untagged,
        }
    }

    /// As a report may name it: name and tag, where they have the shape of such and no tag looks like a secret.
    #[must_use]
    pub fn shown(&self) -> Option<Name> {
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-/:".contains(&byte);
        let is_odd = |digest: &str| !digest.starts_with("sha");
        if self.digest.is_some_and(is_odd)
            || self.name.is_empty()
            || self.name.len() > 255
            || !self.name.bytes().all(is_name)
        {
            return None;
        }
        let is_tag = |tag: &str| {
            tag.len() <= 128 && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        let tag = self.tag.filter(|tag| is_tag(tag) && !looks_generated(tag.as_bytes()));
        let shown = tag.map_or_else(|| self.name.to_owned(), |tag| format!("{}:{tag}", self.name));
        (!looks_generated(self.name.as_bytes())).then(|| Name(shown.into_bytes()))
    }
}

/// The numbers that a tag's version begins with: of `v7.2.3-alpine` 7, 2, 3; `None` where it begins with none.
#[must_use]
pub fn version_of(tag: &str) -> Option<Vec<u64>> {
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    let end = tag.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(tag.len());
    tag.get(..end)?.trim_end_matches('.').split('.').map(|number| number.parse().ok()).collect()
}

fn of_tag(tag: &str, name: &str) -> Pin {
    let parts: Vec<&str> = tag.split(['-', '_', '+']).collect();
    if holds_date(tag) || parts.iter().any(|part| is_commit(part)) {
        return Pin::Version;
    }
    if parts.iter().any(|part| ALWAYS.contains(part)) {
        return Pin::Moving;
    }
    let versions = parts.iter().filter_map(|part| numbers(part));
    match versions.max() {
        Some(count) if count >= 2 => Pin::Version,
        Some(_) => Pin::Wide,
        None if matches!(name, "debian" | "ubuntu" | "buildpack-deps")
            && parts.iter().any(|part| CODENAMES.contains(part)) =>
        {
            Pin::Wide
        }
        None if parts.iter().all(|part| is_channel(part)) => Pin::Moving,
        None if parts.first().is_some_and(|first| CHANNELS.contains(first)) => Pin::Moving,
        None => Pin::Wide,
    }
}

fn is_channel(part: &str) -> bool {
    let word = part.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    CHANNELS.contains(&part) || SYSTEMS.contains(&word) || CODENAMES.contains(&part)
}

/// How many numbers a version has: `15` one, `v15.5` two; `None` for what is none.
fn numbers(part: &str) -> Option<usize> {
    let part = part.strip_prefix('v').unwrap_or(part);
    if !part.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    // A long number is a build's or a day's.
    let long = part.len() >= 6 && part.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = part.split('.').filter(|number| number.starts_with(|letter: char| letter.is_ascii_digit())).count();
    Some(if long { 2 } else { numbers })
}

/// `20240110`, `2024-01-10`, `2024.01.10`.
fn holds_date(tag: &str) -> bool {
    let digits: Vec<u8> = tag.bytes().filter(|byte| !b"-.".contains(byte)).collect();
    let has_parts = tag.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    digits.windows(8).any(|window| window.iter().all(u8::is_ascii_digit) && window.starts_with(b"20"))
        && (has_parts >= 3 || tag.split(|letter: char| !letter.is_ascii_digit()).any(|part| part.len() >= 8))
}

/// The start of a commit's id, or a whole one.
fn is_commit(part: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| part.as_bytes().iter().any(kind);
    (7..=64).contains(&part.len())
        && part.bytes().all(|byte| byte.is_ascii_hexdigit())
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_firmly_tags_name() {
        let table = [
            (Pin::Untagged, "postgres registry:5000/app ghcr.io/owner/app"),
            (
                Pin::Moving,
                "a:latest a:stable a:edge a:main a:master a:nightly a:dev a:canary a:rolling a:lts a:alpine a:lts-alpine \
                 a:alpine3.19 a:slim-bookworm rust:buster a:LATEST a:2022-latest a:stable-slim a:fpm-alpine reg:5000/a:latest",
            ),
            (
                Pin::Wide,
                "a:15 a:15-alpine a:v2 debian:bookworm debian:bookworm-slim a:team-a a:17-jdk-slim a:php8.2-apache ubuntu:jammy",
            ),
            (
                Pin::Version,
                "postgres:15.5-alpine redis:7.2.3-alpine prom/prometheus:v2.48.1 ubuntu:22.04 a:1.2.3-dev a:20240110 \
                 debian:bookworm-20240110-slim minio:RELEASE.2023-11-20T22-40-07Z a:2024-01-15 a:sha-3f2a91c \
                 a:main-3f2a91c reg:5000/a:1.0 a:stable-20240101 a:1.25-alpine3.18 a:123456789",
            ),
            (Pin::Digest, "a@sha256:00 a:latest@sha256:00 reg:5000/a@sha256:00"),
            (Pin::Unknown, "a:${V} a:\u{fffd} a:\u{fffd}-alpine \u{fffd} a: $IMAGE"),
        ];
        for (pin, references) in table {
            for reference in references.split_whitespace() {
                assert_eq!(Reference::of(reference).pin(), pin, "{reference}");
            }
        }
    }

    #[test]
    fn what_is_shown() {
        let shown = |text| Reference::of(text).shown().map(|name| name.to_string());
        assert_eq!(shown("ghcr.io/owner/app:1.2@sha256:00"), Some("ghcr.io/owner/app:1.2".into()));
        assert_eq!(shown("reg:5000/a"), Some("reg:5000/a".into()));
        assert_eq!(shown("a:3f2a91c07b6d5e4f3a2b"), Some("a".into()));
        for hidden in ["", "user:Pa55@host/a:1", "a b", "\u{fffd}:1", "$X"] {
            assert_eq!(shown(hidden), None, "{hidden}");
        }
        assert_eq!(Reference::of("docker.io/library/Postgres:15").short_name(), "postgres");
    }
}
