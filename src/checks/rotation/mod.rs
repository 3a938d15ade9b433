//! The ages of secrets.

mod rotation_due;
mod rotation_overdue;
mod rotation_unknown;
mod rotation_unproven;
mod secret_expires;
pub(crate) mod secret_exposed;

use crate::check::Check;
use crate::checks::Rule;
use crate::finding::{Fact, Finding, Origin};
use crate::rotation::{Ages, SecretStatus, plus};

/// The checks of this group.
pub(super) static RULES: &[Rule] =
    rules![rotation_due, rotation_overdue, rotation_unknown, rotation_unproven, secret_exposed, secret_expires];

/// A finding about a secret's age, with its facts.
fn finding(check: &'static Check, status: &SecretStatus, ages: &Ages, what: &'static str) -> Finding {
    let twin = ages.twin(status);
    let by_hand = twin.unwrap_or(status).by_hand;
    let help = match (twin.map(|twin| twin.file == status.file), by_hand) {
        (None, false) => "envward rotation rotate {key} {path:sh}",
        (None, true) => "envward rotation rotate {key} {path:sh} --stdin",
        (Some(true), false) => "envward rotation rotate {same_as} {path:sh}",
        (Some(true), true) => "envward rotation rotate {same_as} {path:sh} --stdin",
        (Some(false), false) => "envward rotation rotate {same_as} {same_as_in:sh}",
        (Some(false), true) => "envward rotation rotate {same_as} {same_as_in:sh} --stdin",
    };
    let elsewhere = twin.filter(|twin| twin.file != status.file);
    let finding = Finding::new(check, Origin::Worktree(status.file.clone()), what, help).key(Some(&status.key));
    Finding { line: status.line, ..finding }
        .fact("age_days", Fact::Number(status.age.into()))
        .fact("age_basis", Fact::Word(status.basis.word()))
        .fact("soft_due", Fact::Day(plus(status.since, status.limits.soft)))
        .fact("hard_due", Fact::Day(plus(status.since, status.limits.hard)))
        .fact("same_as", twin.map_or(Fact::None, |twin| Fact::Key(twin.key.clone())))
        .fact("same_as_in", elsewhere.map_or(Fact::None, |twin| Fact::Path(twin.file.clone())))
}
