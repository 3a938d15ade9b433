//! The checks. One file a check, in the folder of its group: its documentation, its examples, its function.
//!
//! To add one: write `checks/GROUP/the_name.rs` with a `CHECK` and a `run`, and name it in `checks/GROUP/mod.rs`: as a `mod`
//! (written out, because rustfmt does not see a file that a macro names) and in `RULES`. `explain`, the configuration key,
//! the SARIF rules, docs/checks.md, the checklists, `--fix` and the test that runs every example follow.

mod artifact;
mod context;

use crate::finding::Finding;
use std::sync::LazyLock;

pub use crate::check::{Check, Example, Kind, Step};
pub use artifact::Artifact;
pub use context::Context;

/// The function of a check. Pure: everything that it knows is in its arguments.
pub type Judge = fn(&Artifact<'_>, &Context<'_>, &mut Vec<Finding>);

/// A check and its function.
pub struct Rule {
    /// The check.
    pub check: &'static Check,
    /// Its function.
    pub run: Judge,
}

/// The rules of a group: the `CHECK` and the `run` of each module in this list.
macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        &[$($crate::checks::Rule { check: &$name::CHECK, run: $name::run }),*]
    };
}

pub(crate) mod agent;
pub(crate) mod compose;
pub(crate) mod deployment;
pub(crate) mod dockerfile;
pub(crate) mod env_file;
pub(crate) mod git;
pub(crate) mod rotation;
pub(crate) mod running;
pub(crate) mod secret;
mod severity_by_environment;
mod staged_literal;
pub(crate) mod trace;

/// Every check with its function, by id.
static RULES: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let groups = [
        agent::RULES,
        compose::RULES,
        deployment::RULES,
        dockerfile::RULES,
        env_file::RULES,
        git::RULES,
        rotation::RULES,
        running::RULES,
        secret::RULES,
        trace::RULES,
    ];
    let mut rules: Vec<&Rule> = groups.into_iter().flatten().collect();
    rules.sort_unstable_by_key(|rule| rule.check.id);
    rules
});

/// Every check, by id.
pub static ALL: LazyLock<Vec<&'static Check>> = LazyLock::new(|| RULES.iter().map(|rule| rule.check).collect());

/// The check with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.id == id)
}

/// Every id.
pub fn ids() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|check| check.id)
}

/// Runs every check that examines this kind of artifact.
pub fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let kind = artifact.kind();
    for rule in RULES.iter().filter(|rule| rule.check.kinds.contains(&kind)) {
        (rule.run)(artifact, context, findings);
    }
}
