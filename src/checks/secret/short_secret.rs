//! `short-secret`: a secret that is too short for what it protects.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::project::Requirement;
use crate::secret::strength::Strength;

pub(crate) static CHECK: Check = Check {
    id: "short-secret",
    title: "a secret that is too short for what it protects",
    doc: r#"## What it does

Reports a secret that is not weak, but shorter than its class requires: database passwords 64 characters, JWT secrets 64 random bytes (128 hexadecimal digits), keys of sessions and encryption 32 bytes. Severity: error in a production file, warning if the environment is unknown, note in a development or test file, and for the old value that an open rotation keeps (`KEY_PREVIOUS`). `[policy.minimum_length]` sets other lengths.

## Why it matters

The lengths are the rule of the deployment checklist: "Database passwords are 64+ characters", "JWT secrets are 64-byte hex strings". They leave a wide margin. With a stolen token or dump an attacker makes billions of guesses a second, and finds values with less than about 80 random bits: 20 hexadecimal digits, or 14 random letters and digits. A longer random value, such as 24 bytes in base64, cannot be guessed, and is still shorter than the rule. Nobody types these secrets, so length costs nothing.

## What to do

Generate a secret of the required length; `envward generate hex` makes 64 bytes.

## Facts

- `class`: the class of the secret
- `need`: what the class requires
"#,
    group: Group::Secret,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::DatabasePasswords, 1), (Item::JwtSecrets, 1)],
    bad: &[Example {
        about: "half of the length that a JWT secret needs",
        steps: &[Step::File(".env.production", 0o600, "JWT_SECRET={hex32}\n")],
    }],
    good: &[
        Example { about: "64 bytes", steps: &[Step::File(".env.production", 0o600, "JWT_SECRET={hex64}\n")] },
        Example {
            about: "the provider decides how long its key is",
            steps: &[Step::File(".env.production", 0o600, "SENDGRID_API_KEY={token}\n")],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    for secret in file.in_use().filter(|secret| secret.strength() > Some(Strength::Weak)) {
        let Some(need) = secret.too_short(&context.config.policy) else { continue };
        let (what, need) = match need {
            Requirement::Default(need) => {
                ("{key} {is|are} too short: a secret of class {class} needs {need}", Fact::Word(need))
            }
            Requirement::Characters(count) => (
                "{key} {is|are} too short: a secret of class {class} needs {need} characters",
                Fact::Number(count as u64),
            ),
        };
        let help = match file.is_issued(secret) {
            _ if file.is_previous(secret) => super::CONFIRM,
            true => "set {a longer value|longer values} at your provider",
            false if secret.key.is_some() => super::rotate(file, secret),
            false => "replace {the|each} value with a longer one: envward generate hex",
        };
        findings.push(
            Finding::new(&CHECK, file.origin(), what, help)
                .severity(super::severity_of(file, secret, context))
                .line(secret.line)
                .key(secret.key.as_ref())
                .fact("class", Fact::Word(secret.class.word()))
                .fact("need", need),
        );
    }
}
