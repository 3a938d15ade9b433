//! `broken-hash`: a hash that no password or key matches.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::secret::class::HashFlaw;

pub(crate) static CHECK: Check = Check {
    id: "broken-hash",
    title: "a hash that no password or key matches",
    doc: r#"## What it does

Reports an argon2 or bcrypt hash that is cut off, that is malformed, or whose parameters are too high to compute (more than 256 MiB, 16 passes or 16 lanes). Also reports a `…_PASSWORD_HASH`, `…_KEY_HASH` or `…_TOKEN_HASH` whose value does not look like any hash. The text of the file counts; what readers make of it is `hash-rewritten`. Severity: error in a production file, warning if the environment is unknown, note in a development or test file.

## Why it matters

Nobody can log in. Or everybody can, if the service takes a hash that it cannot read for "no password set". A hash that asks for gigabytes exhausts the memory of the service that verifies it: somebody may have planted it.

## What to do

Copy the complete hash again from where it was made, or make a new one: `envward key hash`.

## Facts

- `flaw`: `cut-off`, `damaged`, `too-costly` or `unknown`
"#,
    group: Group::EnvFile,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::HashedAdminKeys, 2)],
    bad: &[
        Example {
            about: "cut off",
            steps: &[Step::File(
                ".env.production",
                0o600,
                "ADMIN_API_KEY_HASH='$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1'\n",
            )],
        },
        Example {
            about: "a hash that asks for 4 GiB",
            steps: &[Step::File(
                ".env.production",
                0o600,
                "ADMIN_API_KEY_HASH='$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'\n",
            )],
        },
        Example {
            about: "a value that is not a hash",
            steps: &[Step::File(".env.production", 0o600, "ADMIN_PASSWORD_HASH={token}\n")],
        },
    ],
    good: &[Example {
        about: "a hash of an unknown kind",
        steps: &[Step::File(".env.production", 0o600, "ADMIN_PASSWORD_HASH={hex32}\n")],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    for hash in file.hashes() {
        let (what, flaw) = match hash.flaw {
            Some(HashFlaw::CutOff) => ("{key} {is a hash that is|are hashes that are} cut off", "cut-off"),
            Some(HashFlaw::Damaged) => ("{key} {is a damaged hash|are damaged hashes}", "damaged"),
            Some(HashFlaw::TooCostly) => {
                ("{key} {is a hash|are hashes} with parameters that are too high to compute", "too-costly")
            }
            Some(HashFlaw::Unknown) => ("{key} {is not a hash|are not hashes} of a known kind", "unknown"),
            Some(HashFlaw::Cheap(_)) | None => continue,
        };
        findings.push(
            Finding::new(
                &CHECK,
                file.origin(),
                what,
                "copy the complete hash again, or make a new one: envward key hash",
            )
            .severity(by_environment(file.environment, CHECK.severity))
            .line(hash.assignment.line)
            .key(hash.assignment.key.as_ref())
            .fact("flaw", Fact::Word(flaw)),
        );
    }
}
