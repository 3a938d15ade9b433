//! What git contains, or will contain after the next commit or push: the index, the history, the hooks.

pub(crate) mod env_file_in_history;
mod env_file_not_ignored;
pub(crate) mod env_file_staged;
pub(crate) mod env_file_tracked;
pub(crate) mod env_file_upstream;
mod hooks_not_in_force;
pub(crate) mod live_value_elsewhere;
pub(in crate::checks) mod replacement;
pub(crate) mod secret_still_live;
pub(crate) mod template_with_secret;

use crate::checks::Rule;
use crate::environment::Environment;
use crate::secret::strength::Strength;

/// The checks of this group.
pub(super) static RULES: &[Rule] = rules![
    env_file_in_history,
    env_file_not_ignored,
    env_file_staged,
    env_file_tracked,
    env_file_upstream,
    hooks_not_in_force,
    live_value_elsewhere,
    secret_still_live,
    template_with_secret,
];

/// What to do before a push about a secret in one of its commits: `REV~` is git's word for the commit before.
pub(in crate::checks) const REBASE: &str =
    "remove the secret from commit {commit:id}, because a new commit is not enough: git rebase -i {commit:id}~";

/// Whether a value is a dummy of a development or test environment: a weak value there.
fn is_dummy(environment: Environment, strength: Strength) -> bool {
    matches!(environment, Environment::Development | Environment::Test) && strength == Strength::Weak
}
