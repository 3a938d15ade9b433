//! `empty-secret`: a secret that nobody filled in.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};
use crate::secret::class::Class;

pub(crate) static CHECK: Check = Check {
    id: "empty-secret",
    title: "a secret that is not filled in",
    doc: r#"## What it does

Reports a key of an env file that by its name holds a secret, and holds nothing; unless a `…_FILE` beside it says where the secret is. A warning, a note in development and test.

The deployment checklist: "All `.env.example` files copied to `.env` with production secrets".

## Why it matters

Some programs start without a password where an empty one is given, and some fail at the first login or payment instead of at their start.

## What to do

Fill it in. What is not used is clearer left out: remove the line, and from the example, too.

## Facts

None besides the path, the line and the key.
"#,
    group: Group::Secret,
    severity: Severity::Warning,
    kinds: &[Kind::Settings],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::ProductionSecrets, 1)],
    bad: &[Example {
        about: "made from the example, and not filled in",
        steps: &[Step::File(".env", 0o600, "SMTP_PASSWORD=\n")],
    }],
    good: &[
        Example {
            about: "no secret",
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
            about: "it is in a file",
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

/// What the judge of names is given for a value: it is nothing that a setting would be.
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
                "{key}: a secret that is not filled in",
                "fill it in, or remove the line",
            )
            .severity(by_environment(settings.environment, CHECK.severity))
            .line(setting.line)
            .key(setting.key.as_ref()),
        );
    }
}
