//! The ages of secrets.

mod rotation_due;
mod rotation_overdue;
mod rotation_unknown;
mod rotation_unproven;
mod secret_expires;
mod secret_exposed;

use crate::check::Check;
use crate::checks::Rule;
use crate::finding::{Fact, Finding, Origin};
use crate::rotation::{SecretStatus, plus};

/// The checks of this group.
pub(super) static RULES: &[Rule] =
    rules![rotation_due, rotation_overdue, rotation_unknown, rotation_unproven, secret_exposed, secret_expires];

/// A finding about a secret's age, with its facts.
fn finding(check: &'static Check, status: &SecretStatus, what: &'static str) -> Finding {
    let help = match status.by_hand {
        true => "envward rotation rotate {key} {path:sh} --stdin",
        false => "envward rotation rotate {key} {path:sh}",
    };
    let finding = Finding::new(check, Origin::Worktree(status.file.clone()), what, help).key(Some(&status.key));
    Finding { line: status.line, ..finding }
        .fact("age_days", Fact::Number(status.age.into()))
        .fact("age_basis", Fact::Word(status.basis.word()))
        .fact("soft_due", Fact::Day(plus(status.since, status.limits.soft)))
        .fact("hard_due", Fact::Day(plus(status.since, status.limits.hard)))
}
