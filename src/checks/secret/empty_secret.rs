//! `empty-secret`: a secret that is not filled in.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};
use crate::secret::class::Class;

pub(crate) static CHECK: Check = Check {
    id: "empty-secret",
    title: "a secret that is not filled in",
    doc: r#"## What it does

Reports a key of an env file whose name says secret and whose value is empty, unless a `…_FILE` key beside it names a file with the secret. Severity: warning, note in development and test.

The deployment checklist: "All `.env.example` files copied to `.env` with production secrets".

## Why it matters

With an empty password some programs start without any password. Others fail at the first login or payment, not when they start.

## What to do

Fill in the value. If nothing uses the key, remove the line, also from the template.

## Facts

Only the path, the line and the key.
"#,
    group: Group::Secret,
    severity: Severity::Warning,
    kinds: &[Kind::Settings],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::ProductionSecrets, 1)],
    bad: &[Example {
        about: "copied from the template and not filled in",
        steps: &[Step::File(".env", 0o600, "SMTP_PASSWORD=\n")],
    }],
    good: &[
        Example {
            about: "not a secret",
            steps: &[Step::File(
                ".env",
                0o600,
                r#"
SMTP_HOST=
TOKEN_EXPIRY=
"#,
            )],
        },
        Example {
            about: "the secret is in a file",
            steps: &[Step::File(
                ".env",
                0o600,
                r#"
DB_PASSWORD=
DB_PASSWORD_FILE=/run/secrets/db_password
"#,
            )],
        },
    ],
};

/// The value with which a name is classified: no setting has such a value.
const ANY: &[u8] = b"?";

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Settings(settings) = artifact else { return };
    if settings.service.is_some() {
        return;
    }
    for setting in settings.pairs.iter().filter(|setting| setting.value.is_empty()) {
        let is_secret = context.config.class_of(&setting.name, ANY).is_some_and(|class| class != Class::Hash);
        if !is_secret || settings.get(&format!("{}_FILE", setting.name)).is_some() {
            continue;
        }
        findings.push(
            Finding::new(
                &CHECK,
                settings.origin.clone(),
                "{key} {is an empty secret|are empty secrets}",
                "fill in {the value|the values}, or remove {the line|the lines}",
            )
            .severity(by_environment(settings.environment, CHECK.severity))
            .line(setting.line)
            .key(setting.key.as_ref()),
        );
    }
}
