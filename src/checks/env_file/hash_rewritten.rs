//! `hash-rewritten`: a hash that readers of env files change.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};
use crate::project::Fate;

pub(crate) static CHECK: Check = Check {
    id: "hash-rewritten",
    title: "a hash of which readers change the `$`",
    doc: r#"## What it does

Reports the hash of a password or a key (`$argon2id$…`, `$2b$…`, `$6$…`) whose `$` signs Docker Compose and other readers take for references: without quotes, or in double ones. An error in a production file, a warning where nothing says what the file is for, a note in a development or test file. In single quotes it is a note, for two readers are left that break it.

## Why it matters

`$argon2id$v=19$m=19456…` becomes `=19=19456…`: nobody can log in, and no error says why. Single quotes help with Compose, dotenvy and shells; but `docker run --env-file` keeps the quotes as a part of the value, and dotenv-expand (and what builds on it: Next.js, Vite) expands `$` inside them, too.

## What to do

Keep hashes out of env files: in the database (`envward key export --format sql`), or in a file of their own that the service reads. Where it must be here, put it into single quotes and try it with the reader that you have.

## Facts

None besides the path, the line and the key.
"#,
    group: Group::EnvFile,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "without quotes",
            steps: &[Step::File(
                ".env.production",
                0o600,
                "ADMIN_API_KEY_HASH=$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc\n",
            )],
        },
        Example {
            about: "a bcrypt hash in double quotes",
            steps: &[Step::File(".env", 0o600, "ADMIN_HASH=\"$2b$12$abcdefghijklmnopqrstuv\"\n")],
        },
        Example {
            about: "doubled for Compose, and so wrong for all others",
            steps: &[Step::File(".env", 0o600, "ADMIN_HASH=$$6$$salt$$abcdefghijklmnopqrstuv\n")],
        },
        Example {
            about: "in single quotes, which two readers break",
            steps: &[Step::File(".env", 0o600, "ADMIN_HASH='$6$salt$abcdefghijklmnopqrstuv'\n")],
        },
    ],
    good: &[
        Example {
            about: "in a file of its own",
            steps: &[Step::File(".env", 0o600, "ADMIN_HASH_FILE=/run/secrets/admin_hash\n")],
        },
        Example { about: "a digest has no `$`", steps: &[Step::File(".env", 0o600, "ADMIN_TOKEN_HASH={hex32}\n")] },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    if file.is_script() {
        return;
    }
    for hash in file.hashes() {
        let (what, help, severity) = match hash.fate {
            Fate::Rewritten => (
                "{key}: readers take the `$` of this hash for references",
                "keep it in the database or a file of its own; here only in single quotes",
                by_environment(file.environment, CHECK.severity),
            ),
            Fate::Quoted => (
                "{key}: a hash that `docker run --env-file` and dotenv-expand break",
                "keep it in the database or a file of its own",
                Severity::Note,
            ),
            Fate::Kept => continue,
        };
        let finding = Finding::new(&CHECK, file.origin(), what, help).severity(severity);
        findings.push(finding.line(hash.assignment.line).key(hash.assignment.key.as_ref()));
    }
}
