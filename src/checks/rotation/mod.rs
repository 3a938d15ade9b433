//! The ages of secrets.

mod rotation_due;
mod rotation_overdue;
mod rotation_unknown;

use crate::check::Check;
use crate::checks::Rule;
use crate::finding::{Fact, Finding, Origin};
use crate::rotation::{Standing, plus};

/// The checks of this group.
pub(super) static RULES: &[Rule] = rules![rotation_due, rotation_overdue, rotation_unknown];

/// A finding about a secret's age, with its facts.
fn finding(check: &'static Check, standing: &Standing, what: &'static str) -> Finding {
    let help = match standing.by_hand {
        true => "envward rotation rotate {key} {path:sh} --stdin",
        false => "envward rotation rotate {key} {path:sh}",
    };
    let finding = Finding::new(check, Origin::Worktree(standing.file.clone()), what, help).key(Some(&standing.key));
    Finding { line: standing.line, ..finding }
        .fact("age_days", Fact::Number(standing.age.into()))
        .fact("age_basis", Fact::Word(standing.basis.word()))
        .fact("soft_due", Fact::Day(plus(standing.since, standing.limits.soft)))
        .fact("hard_due", Fact::Day(plus(standing.since, standing.limits.hard)))
}
