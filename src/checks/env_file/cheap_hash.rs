//! `cheap-hash`: a hash against which guesses are cheap.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::secret::class::HashFlaw;

pub(crate) static CHECK: Check = Check {
    id: "cheap-hash",
    title: "a hash against which guesses are cheap",
    doc: r#"## What it does

Reports a hash that costs less than OWASP's Password Storage Cheat Sheet asks for: argon2id below all of its choices (such as 19 MiB and two passes), bcrypt below a work factor of 10, and what is fast by its kind: MD5-crypt, SHA-1. Also argon2i and argon2d, which are not for keys and passwords. A warning in a production file and where nothing says what the file is for, a note in a development or test file.

## Why it matters

An env file, its backups and the database get around. From there a hash is guessed against offline: MD5-crypt at some ten million tries a second on one graphics card, argon2id with 19 MiB at some thousand. A key of 256 random bits withstands that with any hash; a password that somebody chose does not.

## What to do

Make it anew while the key is at hand: `envward key verify --rehash`, or `envward key hash`.

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
            about: "what htpasswd makes",
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
                "{key}: a hash that is cheap to guess against ({kind})",
                "make it anew: envward key verify --rehash, or envward key hash",
            )
            .severity(by_environment(file.environment, CHECK.severity))
            .line(hash.assignment.line)
            .key(hash.assignment.key.as_ref())
            .fact("kind", Fact::Word(kind)),
        );
    }
}
