//! A compose file or a Dockerfile in git: a literal secret that looks real.

use super::Context;
use super::git::{REBASE, template_with_secret};
use super::severity_by_environment::by_workplace;
use crate::check::Check;
use crate::environment::Environment;
use crate::finding::{Fact, Finding, Severity};
use crate::git::Change;
use crate::leak::StagedText;

/// How a finding of a check says it.
pub(super) struct Words {
    /// Of a secret with a key.
    pub(super) keyed: &'static str,
    /// Of one without.
    pub(super) nameless: &'static str,
    /// What to do before the commit.
    pub(super) help: &'static str,
    /// What to do if a commit contains it.
    pub(super) committed: &'static str,
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
        let had = staged.had(&secret.value);
        // A commit that changes something else is not stopped for it.
        let is_excused = had && context.staged_only;
        let Some(severity) = template_with_secret::severity(secret.strength, is_excused, context) else { continue };
        let what = if secret.key.is_some() { words.keyed } else { words.nameless };
        let commit = staged.holder.commit();
        let help = match commit {
            Some(_) => REBASE,
            None if had || staged.entry.change == Change::Unchanged => words.committed,
            None => words.help,
        };
        findings.push(
            Finding::new(check, staged.origin(), what, help)
                .severity(in_environment(staged.text.environment, severity, context))
                .line(secret.line)
                .key(secret.key.as_ref())
                .fact(words.part, Fact::Word(secret.part))
                .fact("class", Fact::Word(secret.class.word()))
                .fact("strength", Fact::Word(secret.strength.word()))
                .fact("commit", commit.map_or(Fact::None, Fact::Commit)),
        );
    }
}

/// In a file for development or test: a warning where somebody is about to publish it, else a note.
fn in_environment(environment: Environment, severity: Severity, context: &Context<'_>) -> Severity {
    match environment {
        _ if context.staged_only => by_workplace(environment, severity),
        Environment::Development | Environment::Test => Severity::Note,
        Environment::Production | Environment::Unknown => severity,
    }
}
