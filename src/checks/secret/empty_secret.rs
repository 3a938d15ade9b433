//! `empty-secret`: a secret that is not filled in.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::config::Config;
use crate::finding::{Fact, Finding, Severity};
use crate::project::{Setting, Settings};
use crate::secret::class::Class;

pub(crate) static CHECK: Check = Check {
    id: "empty-secret",
    title: "a secret that is not filled in",
    doc: r#"## What it does

Reports a key of an env file whose name says secret and whose value is empty, unless a `…_FILE` key beside it names a file with the secret. Severity: warning, note in development and test.

`envward preflight` reports it. `envward check` does not, because a key that nothing uses yet may stay empty.

The deployment checklist: "All `.env.example` files copied to `.env` with production secrets".

## Why it matters

With an empty password some programs start without any password. Others fail at the first login or payment, not when they start.

## What to do

Fill in the value. If nothing uses the key, remove the line, also from the template.

## Facts

- `class`: the class of the secret
"#,
    group: Group::Secret,
    severity: Severity::Warning,
    kinds: &[Kind::Settings],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::ProductionSecrets, 1), (Item::DatabasePasswords, 4), (Item::JwtSecrets, 4)],
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
    for (setting, class, severity) in find(settings, context.config) {
        findings.push(
            Finding::new(
                &CHECK,
                settings.origin.clone(),
                "{key} {is an empty secret|are empty secrets}",
                "fill in {the value|the values}, or remove {the line|the lines}",
            )
            .severity(severity)
            .line(setting.line)
            .key(setting.key.as_ref())
            .fact("class", Fact::Word(class.word())),
        );
    }
}

/// The empty secrets of an env file.
pub(crate) fn find<'a>(
    settings: &'a Settings,
    config: &'a Config,
) -> impl Iterator<Item = (&'a Setting, Class, Severity)> + 'a {
    let severity = by_environment(settings.environment, CHECK.severity);
    let is_in_file = |name: &str| settings.get(&format!("{name}_FILE")).is_some();
    let empty = settings.pairs.iter().filter(|setting| settings.service.is_none() && setting.value.is_empty());
    empty.filter_map(move |setting| {
        let class = config.class_of(&setting.name, ANY).filter(|class| *class != Class::Hash)?;
        (!is_in_file(&setting.name)).then_some((setting, class, severity))
    })
}
