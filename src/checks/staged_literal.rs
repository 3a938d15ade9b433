//! What a commit, or a push, brings in a compose file or a Dockerfile: a literal secret that looks real.

use super::Context;
use super::git::REBASE;
use super::severity_by_environment::by_workplace;
use crate::check::Check;
use crate::finding::{Fact, Finding, Severity};
use crate::leak::StagedText;
use crate::secret::strength::Strength;

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

/// A strong secret is an error, a fair one a warning: as in a template. One that the version before had is no news.
pub(super) fn findings(
    check: &'static Check,
    staged: &StagedText,
    words: &Words,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) {
    for secret in &staged.text.secrets {
        let (severity, strength) = match secret.strength {
            Strength::Strong => (Severity::Error, "strong"),
            _ => (Severity::Warning, "fair"),
        };
        let is_old = staged.had(&secret.value) && !context.config.hook.strict;
        let severity = if is_old { severity.min(Severity::Warning) } else { severity };
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
                .fact("strength", Fact::Word(strength))
                .fact("commit", commit.map_or(Fact::None, Fact::Commit)),
        );
    }
}
