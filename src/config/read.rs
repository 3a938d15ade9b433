//! From bytes to a valid configuration.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use globset::GlobMatcher;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::section::{Located, Section, line_of};
use super::{Accept, Attestation, Config, Fault, Files, Hook, Ignore, Invalid, Policy, Preflight, Profile};
use crate::check::{Check, Kind};
use crate::config::ATTESTATIONS;
use crate::docker::image::version_of;
use crate::env::readers::Reader;
use crate::environment::Environment;
use crate::path::RelPath;
use crate::problem::ProblemKind;
use crate::secret::class::{Class, Limits};
use crate::text::nearest;

const TOP: [&str; 7] = ["accept", "files", "hook", "ignore", "policy", "preflight", "project"];
const PROJECT: [&str; 3] = ["environments", "name", "readers"];
const FILES: [&str; 5] = ["allowed_modes", "allowed_owners", "extra", "prune", "templates"];
const HOOK: [&str; 1] = ["strict"];
const POLICY: [&str; 4] = ["ages", "classes", "key_ages", "minimum_length"];
const AGES: [&str; 2] = ["hard", "soft"];
const PREFLIGHT: [&str; 3] = ["attestations", "newest", "profile"];
const ATTESTATION: [&str; 3] = ["by", "on", "until"];
const IGNORE: [&str; 6] = ["check", "key", "path", "reason", "through", "until"];
const ACCEPT: [&str; 4] = ["path", "problem", "reason", "until"];

impl Config {
    /// Reads a configuration; `path` is where it stands, for messages, and `checks` are those that it may name.
    ///
    /// # Errors
    /// The first fault, with its line.
    pub fn read(path: &RelPath, bytes: &[u8], checks: &[&'static Check]) -> Result<Self, Invalid> {
        let located = |(line, fault): Located| Invalid { path: path.clone(), line, fault };
        let source = std::str::from_utf8(bytes).map_err(|_| located((None, Fault::NotText)))?;
        let table = DeTable::parse(source).map_err(|error| {
            // Only the place: the message quotes the line.
            let line = error.span().and_then(|span| line_of(source, span.start));
            located((line, Fault::Syntax))
        })?;
        let mut config = from_table(table.get_ref(), source, checks).map_err(located)?;
        config.source = Some(path.clone());
        Ok(config)
    }
}

fn from_table<'t>(table: &'t DeTable<'t>, source: &'t str, checks: &[&'static Check]) -> Result<Config, Located> {
    let top = Section::new("", table, source, 0, &TOP)?;
    let project = top.table("project", "[project]", Some(&PROJECT))?;
    let mut config = Config::default();
    if let Some(project) = project {
        config.name = project.text("name")?.map(str::to_owned);
        config.readers = readers(&project)?;
        config.environments = environments(&project)?;
    }
    if let Some(files) = top.table("files", "[files]", Some(&FILES))? {
        config.files = read_files(&files)?;
    }
    if let Some(policy) = top.table("policy", "[policy]", Some(&POLICY))? {
        config.policy = read_policy(&policy)?;
    }
    if let Some(hook) = top.table("hook", "[hook]", Some(&HOOK))? {
        config.hook = Hook { strict: hook.flag("strict")?.unwrap_or_default() };
    }
    if let Some(preflight) = top.table("preflight", "[preflight]", Some(&PREFLIGHT))? {
        config.preflight = read_preflight(&preflight)?;
    }
    let ignores = top.tables("ignore", "[[ignore]]", &IGNORE)?;
    config.ignores = ignores.iter().map(|section| ignore(section, checks)).collect::<Result<_, _>>()?;
    config.accepts = top.tables("accept", "[[accept]]", &ACCEPT)?.iter().map(accept).collect::<Result<_, _>>()?;
    Ok(config)
}

fn readers(project: &Section<'_>) -> Result<Vec<Reader>, Located> {
    let names = project.texts("readers")?.unwrap_or_default();
    let reader = |name: &&str| {
        let near = || nearest(name, Reader::ALL.map(Reader::name));
        Reader::from_name(name).ok_or_else(|| (project.fault_at("readers", "").0, Fault::NoSuchReader(near())))
    };
    let mut readers = Vec::new();
    for reader in names.iter().map(reader) {
        let reader = reader?;
        if !readers.contains(&reader) {
            readers.push(reader);
        }
    }
    Ok(readers)
}

fn environments(project: &Section<'_>) -> Result<Vec<(GlobMatcher, Environment)>, Located> {
    let Some(section) = project.table("environments", "[project.environments]", None)? else { return Ok(Vec::new()) };
    section
        .table
        .iter()
        .map(|(pattern, word)| {
            let glob = section.compile("environments", pattern.get_ref())?.compile_matcher();
            let environment = word.get_ref().as_str().and_then(Environment::from_word).ok_or_else(|| {
                let expected = "development, test or production";
                (section.line_of(word.span().start), Fault::Expected { key: "environments", expected })
            })?;
            Ok((glob, environment))
        })
        .collect()
}

fn read_files(section: &Section<'_>) -> Result<Files, Located> {
    let defaults = Files::default();
    let modes = section.texts("allowed_modes")?.unwrap_or_default();
    let mut written = BTreeMap::new();
    for key in ["extra", "templates"] {
        let patterns = section.texts(key)?.unwrap_or_default();
        written.insert(key, patterns.into_iter().map(str::to_owned).collect());
    }
    Ok(Files {
        extra: section.globs("extra", whole)?,
        extra_names: section.globs("extra", last_part)?,
        templates: section.globs("templates", whole)?,
        prune: section.texts("prune")?.map_or(defaults.prune, owned),
        allowed_modes: modes.iter().map(|mode| octal(section, mode)).collect::<Result<_, _>>()?,
        allowed_owners: section.texts("allowed_owners")?.map_or(defaults.allowed_owners, owned),
        written,
    })
}

fn whole(pattern: &str) -> &str {
    pattern
}

fn last_part(pattern: &str) -> &str {
    pattern.rsplit('/').next().unwrap_or(pattern)
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

/// A mode in quotes, `"0640"`: a bare number would be read as decimal.
fn octal(section: &Section<'_>, text: &str) -> Result<u32, Located> {
    match u32::from_str_radix(text, 8) {
        // Others never: a secret that everybody may read is not a matter of policy.
        Ok(mode) if mode <= 0o777 && mode & 0o007 == 0 => Ok(mode),
        _ => Err(section.fault_at("allowed_modes", "modes such as \"0640\", closed to others")),
    }
}

fn read_policy(section: &Section<'_>) -> Result<Policy, Located> {
    let mut policy = Policy::default();
    if let Some(minimum) = section.table("minimum_length", "[policy.minimum_length]", None)? {
        for (word, value) in minimum.table {
            let class =
                Class::from_word(word.get_ref()).ok_or_else(|| minimum.unknown(word, &Class::ALL.map(Class::word)))?;
            let count = value.get_ref().as_integer().and_then(|number| number.as_str().parse().ok());
            let count = count.filter(|count| (16..=4096).contains(count)).ok_or_else(|| {
                let expected = "a number of characters from 16 to 4096";
                (minimum.line_of(value.span().start), Fault::Expected { key: "minimum_length", expected })
            })?;
            policy.minimum_length.insert(class, count);
        }
    }
    if let Some(keys) = section.table("classes", "[policy.classes]", None)? {
        for (key, value) in keys.table {
            let class = match value.get_ref().as_str() {
                Some("not-secret") => None,
                Some(word) if Class::from_word(word).is_some() => Class::from_word(word),
                _ => {
                    let expected = "a class such as \"database-password\", or \"not-secret\"";
                    return Err((keys.line_of(value.span().start), Fault::Expected { key: "classes", expected }));
                }
            };
            policy.classes.insert(key.get_ref().to_string(), class);
        }
    }
    if let Some(ages) = section.table("ages", "[policy.ages]", None)? {
        for (word, value) in ages.table {
            let class =
                Class::from_word(word.get_ref()).ok_or_else(|| ages.unknown(word, &Class::ALL.map(Class::word)))?;
            policy.ages.insert(class, limits(&ages, value, "ages")?);
        }
    }
    if let Some(ages) = section.table("key_ages", "[policy.key_ages]", None)? {
        for (key, value) in ages.table {
            policy.key_ages.insert(key.get_ref().to_string(), limits(&ages, value, "key_ages")?);
        }
    }
    Ok(policy)
}

fn read_preflight(section: &Section<'_>) -> Result<Preflight, Located> {
    let profile = match section.text("profile")? {
        None | Some("takumi") => Profile::Takumi,
        Some("minimal") => Profile::Minimal,
        Some(_) => return Err(section.fault_at("profile", "takumi or minimal")),
    };
    let mut attestations = BTreeMap::new();
    if let Some(table) = section.table("attestations", "[preflight.attestations]", None)? {
        for (word, value) in table.table {
            let known = ATTESTATIONS.iter().map(|known| known.id).collect::<Vec<_>>();
            let id = known.iter().copied().find(|id| id == word.get_ref());
            let id = id.ok_or_else(|| table.unknown(word, &known))?;
            let expected = "{ on = 2026-11-01, by = \"who says so\" }";
            let fault = || (table.line_of(value.span().start), Fault::Expected { key: "attestations", expected });
            let one = table.inner(value, &ATTESTATION)?.ok_or_else(fault)?;
            let on = one.date("on")?.ok_or_else(fault)?;
            let by = one.text("by")?.filter(|by| !by.trim().is_empty()).ok_or_else(fault)?.to_owned();
            attestations.insert(id, Attestation { on, by, until: one.date("until")? });
        }
    }
    let mut newest = BTreeMap::new();
    if let Some(table) = section.table("newest", "[preflight.newest]", None)? {
        for (image, value) in table.table {
            let fault = Fault::Expected { key: "newest", expected: "versions of images: postgres = \"16.4\"" };
            let version = value.get_ref().as_str().filter(|text| version_of(text).is_some());
            let version = version.ok_or((table.line_of(value.span().start), fault))?;
            newest.insert(image.get_ref().to_string(), version.to_owned());
        }
    }
    Ok(Preflight { profile, attestations, newest })
}

/// `{ soft = 90, hard = 180 }`, in days: ten years at most, and never due before it is overdue.
fn limits<'t>(ages: &Section<'t>, value: &'t Spanned<DeValue<'t>>, key: &'static str) -> Result<Limits, Located> {
    let expected = "days from 1 to 3650, hard no less than soft: { soft = 90, hard = 180 }";
    let fault = || (ages.line_of(value.span().start), Fault::Expected { key, expected });
    let table = ages.inner(value, &AGES)?.ok_or_else(fault)?;
    let days = |name| table.number(name).filter(|days| (1..=3650).contains(days));
    match (days("soft"), days("hard")) {
        (Some(soft), Some(hard)) if soft <= hard => Ok(Limits { soft, hard }),
        _ => Err(fault()),
    }
}

fn ignore(section: &Section<'_>, checks: &[&'static Check]) -> Result<Ignore, Located> {
    let id = section.required("check")?;
    let Some(check) = checks.iter().find(|check| check.id == id) else {
        let ids = checks.iter().map(|check| check.id);
        return Err((section.line(), Fault::NoSuchCheck(nearest(id, ids))));
    };
    let through = section.text("through")?.map(str::to_owned);
    if check.kinds.contains(&Kind::History) && through.is_none() {
        return Err((section.line(), Fault::ThroughNeeded));
    }
    Ok(Ignore {
        check: check.id,
        path: section.glob("path")?,
        key: section.text("key")?.map(str::to_owned),
        through,
        reason: section.required("reason")?.to_owned(),
        until: section.date("until")?,
        line: section.line().unwrap_or(NonZeroU32::MIN),
    })
}

fn accept(section: &Section<'_>) -> Result<Accept, Located> {
    let word = section.required("problem")?;
    let Some(problem) = ProblemKind::ALL.into_iter().find(|kind| kind.word() == word) else {
        return Err(section.fault_at("problem", "the word that the report prints for the problem"));
    };
    if !problem.is_acceptable() {
        return Err((section.line(), Fault::NotAcceptable));
    }
    let path = section.glob("path")?;
    if path.is_none()
        && !matches!(problem, ProblemKind::ShallowClone | ProblemKind::PartialClone | ProblemKind::EmptyRange)
    {
        return Err((section.line(), Fault::Missing { section: section.name, key: "path" }));
    }
    Ok(Accept {
        problem,
        path,
        reason: section.required("reason")?.to_owned(),
        until: section.date("until")?,
        line: section.line().unwrap_or(NonZeroU32::MIN),
    })
}
