//! `cheap-hash`: a hash that an attacker can guess cheaply.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::secret::class::HashFlaw;

pub(crate) static CHECK: Check = Check {
    id: "cheap-hash",
    title: "a hash that an attacker can guess cheaply",
    doc: r#"## What it does

Reports a hash that costs less than OWASP's Password Storage Cheat Sheet requires: argon2id with lower parameters than OWASP lists (such as 19 MiB and two passes), bcrypt with a work factor below 10, and fast hashes: MD5-crypt, SHA-1. Also argon2i and argon2d, which are not meant for keys and passwords. Severity: warning in a production file and if the environment is unknown, note in a development or test file.

## Why it matters

Env files, backups and databases get copied. With a copy an attacker guesses offline: about ten million guesses a second against MD5-crypt on one graphics card, about a thousand against argon2id with 19 MiB. A key of 256 random bits withstands that with any hash. A password that a person chose does not.

## What to do

Make a new hash while you have the key: `envward key verify --rehash`, or `envward key hash`.

## Facts

- `kind`: `argon2id-parameters`, `argon2i`, `argon2d`, `bcrypt-work-factor`, `md5-crypt`, `salted-sha1`, `sha1`
"#,
    group: Group::EnvFile,
    severity: Severity::Warning,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::HashedAdminKeys, 3)],
    bad: &[
        Example {
            about: "argon2id with 4 MiB",
            steps: &[Step::File(
                ".env.production",
                0o600,
                "ADMIN_API_KEY_HASH='$argon2id$v=19$m=4096,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'\n",
            )],
        },
        Example {
            about: "a hash made by htpasswd",
            steps: &[Step::File(
                ".env.production",
                0o600,
                "DASHBOARD_PASSWORD_HASH='$apr1$salt$abcdefghijklmnopqrstuv'\n",
            )],
        },
    ],
    good: &[Example {
        about: "no hash at all",
        steps: &[Step::File(".env.production", 0o600, "DB_PASSWORD={password}\n")],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    for hash in file.hashes() {
        let Some(HashFlaw::Cheap(kind)) = hash.flaw else { continue };
        findings.push(
            Finding::new(
                &CHECK,
                file.origin(),
                "{key} {is a hash|are hashes} that an attacker can guess cheaply ({kind})",
                "make a new hash: envward key verify --rehash, or envward key hash",
            )
            .severity(by_environment(file.environment, CHECK.severity))
            .line(hash.assignment.line)
            .key(hash.assignment.key.as_ref())
            .fact("kind", Fact::Word(kind)),
        );
    }
}
