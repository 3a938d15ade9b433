//! `broken-hash`: a hash that no key or password matches.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};
use crate::secret::class::HashFlaw;

pub(crate) static CHECK: Check = Check {
    id: "broken-hash",
    title: "a hash that nothing matches",
    doc: r#"## What it does

Reports an argon2 or bcrypt string that is cut off, that is not written as its kind is, or that asks for more memory than is ever computed (256 MiB, 16 passes, 16 lanes); and a `…_PASSWORD_HASH`, `…_KEY_HASH` or `…_TOKEN_HASH` whose value has not the shape of any hash. It is judged as it is written; what readers make of it is `hash-rewritten`. An error in a production file, a warning where nothing says what the file is for, a note in a development or test file.

## Why it matters

Nobody can log in; or, where a service takes a string that it cannot read for "no password set", everybody can. And a string that asks for gigabytes takes the memory of whoever verifies against it: somebody may have planted it.

## What to do

Take the hash whole from where it was made, or make it anew: `envward key hash`.

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
            about: "one that asks for 4 GiB",
            steps: &[Step::File(
                ".env.production",
                0o600,
                "ADMIN_API_KEY_HASH='$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'\n",
            )],
        },
        Example {
            about: "a hash that is none",
            steps: &[Step::File(".env.production", 0o600, "ADMIN_PASSWORD_HASH={token}\n")],
        },
    ],
    good: &[Example {
        about: "a kind that is not known here",
        steps: &[Step::File(".env.production", 0o600, "ADMIN_PASSWORD_HASH={hex32}\n")],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    for hash in file.hashes() {
        let (what, flaw) = match hash.flaw {
            Some(HashFlaw::CutOff) => ("{key}: a hash that is cut off", "cut-off"),
            Some(HashFlaw::Damaged) => ("{key}: a damaged hash", "damaged"),
            Some(HashFlaw::TooCostly) => ("{key}: a hash that asks for more than is ever computed", "too-costly"),
            Some(HashFlaw::Unknown) => ("{key}: this is no hash of any kind that is known", "unknown"),
            Some(HashFlaw::Cheap(_)) | None => continue,
        };
        findings.push(
            Finding::new(
                &CHECK,
                file.origin(),
                what,
                "take it whole from where it was made, or make it anew: envward key hash",
            )
            .severity(by_environment(file.environment, CHECK.severity))
            .line(hash.assignment.line)
            .key(hash.assignment.key.as_ref())
            .fact("flaw", Fact::Word(flaw)),
        );
    }
}
