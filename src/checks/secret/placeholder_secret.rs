//! `placeholder-secret`: a secret that is still a placeholder.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::project::Filling;
use crate::secret::class::Class;

pub(crate) static CHECK: Check = Check {
    id: "placeholder-secret",
    title: "a secret that is still a placeholder",
    doc: r#"## What it does

Reports a secret whose value is only a placeholder: `changeme`, `your-password-here`, `<INSERT_KEY>`, `xxxx`. Severity: error in a production file, warning if the environment is unknown, note in a development or test file, and for the old value that an open rotation keeps (`KEY_PREVIOUS`).

## Why it matters

Placeholders are in public templates. Attackers try them first.

## What to do

`envward init` fills in all placeholders of a file. `envward generate hex --into FILE KEY` fills in one, without showing the value. A secret that a provider issues (an API key, the password of a mail server) comes from that provider.

## Facts

- `class`: the class of the secret
- `bytes`: the number of random bytes for this class of secret
- `placeholder`: the kind of placeholder: `change-me`, `blank`, `example`, `nothing`
"#,
    group: Group::Secret,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[
        (Item::ProductionSecrets, 5),
        (Item::RandomSecrets, 3),
        (Item::DatabasePasswords, 3),
        (Item::JwtSecrets, 3),
        (Item::HashedAdminKeys, 4),
    ],
    bad: &[Example {
        about: "never filled in",
        steps: &[Step::File(".env.production", 0o600, "DB_PASSWORD=changeme\n")],
    }],
    good: &[
        Example { about: "filled", steps: &[Step::File(".env.production", 0o600, "DB_PASSWORD={password}\n")] },
        Example { about: "not a secret", steps: &[Step::File(".env.production", 0o600, "LOG_LEVEL=changeme\n")] },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    for secret in file.in_use() {
        let Filling::Placeholder(kind) = secret.filling else { continue };
        let help = match file.is_issued(secret) {
            _ if file.is_previous(secret) => super::CONFIRM,
            true => "enter {the value|the values} from your provider",
            false if secret.key.is_some() => {
                "replace {the|each} placeholder with a random value: envward generate hex --bytes {bytes} --into {path:sh} {key}"
            }
            false => "replace {the|each} placeholder with a random value: envward generate hex --bytes {bytes}",
        };
        // A database keeps the password of its first start.
        let is_made = !file.is_issued(secret) && !file.is_previous(secret);
        let is_kept = is_made && secret.class == Class::DatabasePassword;
        let found = Finding::new(&CHECK, file.origin(), "{key} {is still a placeholder|are still placeholders}", help)
            .severity(super::severity_of(file, secret, context))
            .line(secret.line)
            .key(secret.key.as_ref())
            .fact("class", Fact::Word(secret.class.word()))
            .fact("bytes", Fact::Number(secret.class.bytes()))
            .fact("placeholder", Fact::Word(kind.word()));
        findings.push(if is_kept { found.then("give a database that exists already the new password") } else { found });
    }
}
