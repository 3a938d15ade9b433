//! What a commit, or a push, brings in a compose file or a Dockerfile: a literal secret that looks real.

use super::Context;
use super::git::{REBASE, template_with_secret};
use super::severity_by_environment::by_workplace;
use crate::check::Check;
use crate::finding::{Fact, Finding};
use crate::leak::StagedText;

/// How a finding of a check says it.
pub(super) struct Words {
    /// Of a secret with a key.
    pub(super) keyed: &'static str,
    /// Of one without.
    pub(super) nameless: &'static str,
    /// What to do.
    pub(super) help: &'static str,
    /// The fact that says which part of the file contains it.
    pub(super) part: &'static str,
}

/// As severe as in a template.
pub(super) fn findings(
    check: &'static Check,
    staged: &StagedText,
    words: &Words,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) {
    for secret in &staged.text.secrets {
        let Some(severity) = template_with_secret::severity(secret.strength, staged.had(&secret.value), context) else {
            continue;
        };
        let what = if secret.key.is_some() { words.keyed } else { words.nameless };
        let commit = staged.holder.commit();
        let help = if commit.is_some() { REBASE } else { words.help };
        findings.push(
            Finding::new(check, staged.origin(), what, help)
                .severity(by_workplace(staged.text.environment, severity))
                .line(secret.line)
                .key(secret.key.as_ref())
                .fact(words.part, Fact::Word(secret.part))
                .fact("class", Fact::Word(secret.class.word()))
                .fact("strength", Fact::Word(secret.strength.word()))
                .fact("commit", commit.map_or(Fact::None, Fact::Commit)),
        );
    }
}
