//! `hash-rewritten`: a hash whose `$` signs readers change.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};
use crate::project::Fate;

pub(crate) static CHECK: Check = Check {
    id: "hash-rewritten",
    title: "a hash whose `$` signs readers change",
    doc: r#"## What it does

Reports the hash of a password or a key (`$argon2id$…`, `$2b$…`, `$6$…`), also behind a user as htpasswd writes it (`admin:$apr1$…`), without quotes or in double quotes: Docker Compose and other readers take its `$` signs for variables. Severity: error in a production file, warning if the environment is unknown, note in a development or test file. In single quotes it is a note, because two readers still change it. With `$$` for each `$` and without single quotes it is a note, because Docker Compose halves them and reads the hash. In single quotes `$$` stays, so the hash is wrong for all readers: severity as without quotes.

## Why it matters

`$argon2id$v=19$m=19456…` becomes `=19=19456…`: nobody can log in, and no error says why. Single quotes help with Compose, dotenvy, dotenvx and shells. But `docker run --env-file` keeps the quotes as part of the value, and dotenv-expand (and what uses it: Next.js, Vite) expands `$` inside single quotes too.

## What to do

Keep hashes out of env files: in the database (`envward key export --format sql`), or in a file of their own that the service reads. If the hash must be here, put it in single quotes and test it with the reader that you use.

## Facts

Only the path, the line and the key.
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
            about: "`$$` for Compose, which is wrong for all other readers",
            steps: &[Step::File(".env", 0o600, "ADMIN_HASH=$$6$$salt$$abcdefghijklmnopqrstuv\n")],
        },
        Example {
            about: "`$$` in single quotes, which is wrong for all readers",
            steps: &[Step::File(".env", 0o600, "TRAEFIK_AUTH='admin:$$apr1$$salt$$abcdefghijklmnopqrstuv'\n")],
        },
        Example {
            about: "in single quotes, which two readers do not respect",
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

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    if file.is_script() || context.project.is_taken_as_written(&file.path) {
        return;
    }
    for hash in file.hashes() {
        let (what, help, severity) = match hash.fate {
            Fate::Rewritten => (
                "{key} {is a hash|are hashes} whose `$` signs readers take for variables",
                "keep the hash in the database or in a file of its own, or put the hash in single quotes",
                by_environment(file.environment, CHECK.severity),
            ),
            Fate::StaysDoubled => (
                "{key} {is a hash|are hashes} whose `$$` no reader halves between single quotes",
                "keep the single quotes, and write each `$` once",
                by_environment(file.environment, CHECK.severity),
            ),
            Fate::Doubled => (
                "{key} {is a hash|are hashes} whose `$$` only Docker Compose halves",
                "leave the value as it is for Docker Compose; for other readers, keep the hash in a file of its own",
                Severity::Note,
            ),
            Fate::Quoted => (
                "{key} {is a hash|are hashes} that `docker run --env-file` and dotenv-expand change",
                "keep the hash in the database or in a file of its own",
                Severity::Note,
            ),
            Fate::Kept => continue,
        };
        let finding = Finding::new(&CHECK, file.origin(), what, help).severity(severity);
        findings.push(finding.line(hash.assignment.line).key(hash.assignment.key.as_ref()));
    }
}
