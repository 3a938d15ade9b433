//! `plain-admin-key`: an admin key in an env file that needs only its hash.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};
use crate::secret::class::Class;

pub(crate) static CHECK: Check = Check {
    id: "plain-admin-key",
    title: "an admin key in an env file that needs only its hash",
    doc: r#"## What it does

Reports a filled admin API key: by its name (`ADMIN_API_KEY`, `ADMIN_TOKEN`), or under any name by the checksum of a key that `envward key new` made. Severity: error in a production file, warning if the environment is unknown, note in a development or test file.

## Why it matters

The service that accepts the key needs only its hash. If the env file contains the key itself, everyone who reads the file once (in a backup, in the environment of a container, in a crash report) can act as administrator. With the hash they cannot.

## What to do

Make a new key, give it to the person or program that uses it, and store its hash where the service verifies it: `envward key new --prefix NAME --name WHO --out FILE`. If a provider issued the key, make its hash with `envward key hash`. If this env file belongs to the user of the key, ignore the finding with that reason.

## Facts

Only the path, the line and the key.
"#,
    group: Group::EnvFile,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::HashedAdminKeys, 1)],
    bad: &[Example {
        about: "the service that verifies the key has the key",
        steps: &[Step::File(".env.production", 0o600, "ADMIN_API_KEY={token}\n")],
    }],
    good: &[
        Example {
            about: "the hash is in the database, not in this file",
            steps: &[Step::File(".env.production", 0o600, "ADMIN_API_KEY=\n")],
        },
        Example {
            about: "the key of another service, which must be here",
            steps: &[Step::File(".env.production", 0o600, "SENDGRID_API_KEY={token}\n")],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    for secret in file.in_use().filter(|secret| secret.class == Class::AdminApiKey && secret.is_filled()) {
        findings.push(
            Finding::new(
                &CHECK,
                file.origin(),
                "{key} {is an admin key|are admin keys} in plain text, but a hash is enough",
                "make a new key and store only its hash: envward key new --prefix NAME --name WHO --out FILE",
            )
            .severity(by_environment(file.environment, CHECK.severity))
            .line(secret.line)
            .key(secret.key.as_ref()),
        );
    }
}
