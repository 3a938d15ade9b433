//! The values of secrets: empty, weak, short, reused.

pub(crate) mod empty_secret;
pub(crate) mod placeholder_secret;
mod reused_secret;
mod same_as_example;
mod same_secret_across_environments;
mod short_secret;
pub(crate) mod weak_secret;

use crate::checks::Rule;

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

/// What to do about the old value that a rotation keeps: it stays as it is, because a random one would be of no use.
const CONFIRM: &str =
    "confirm the rotation when nothing uses the old value: envward rotation promote {base} {path:sh} --confirm";
