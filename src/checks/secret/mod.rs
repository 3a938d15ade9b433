//! The values of secrets: empty, weak, short, reused.

pub(crate) mod empty_secret;
pub(crate) mod placeholder_secret;
mod reused_secret;
mod same_as_example;
mod same_secret_across_environments;
mod short_secret;
pub(crate) mod weak_secret;

use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Context, Rule};
use crate::finding::Severity;
use crate::project::{FoundSecret, ProjectFile};
use crate::rotation::base_of;

/// The checks of this group.
pub(super) static RULES: &[Rule] = rules![
    empty_secret,
    placeholder_secret,
    reused_secret,
    same_as_example,
    same_secret_across_environments,
    short_secret,
    weak_secret,
];

/// The severity of a finding about the value of a secret. The old value that an open rotation keeps is a note: it is
/// accepted for a time on purpose, and nothing but the end of the rotation helps.
fn severity_of(file: &ProjectFile, secret: &FoundSecret, context: &Context<'_>) -> Severity {
    let base = secret.key.as_ref().filter(|_| file.is_previous(secret)).and_then(|key| base_of(key.as_str()));
    match base.is_some_and(|base| context.is_rotating(&file.path, base)) {
        true => Severity::Note,
        false => by_environment(file.environment, Severity::Error),
    }
}

/// The command that replaces a secret: what envward cannot make comes on standard input.
fn rotate(file: &ProjectFile, secret: &FoundSecret) -> &'static str {
    match file.is_by_hand(secret) {
        true => "envward rotation rotate {key} {path:sh} --stdin",
        false => "envward rotation rotate {key} {path:sh}",
    }
}

/// What to do about the old value that a rotation keeps: it stays as it is, because a random one would be of no use.
const CONFIRM: &str =
    "confirm the rotation when nothing uses the old value: envward rotation promote {base} {path:sh} --confirm";
