//! `plain-admin-key`: an admin API key that stands in the open.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};
use crate::secret::class::Class;

pub(crate) static CHECK: Check = Check {
    id: "plain-admin-key",
    title: "an admin API key in the open, where its hash would do",
    doc: r#"## What it does

Reports a filled admin API key: by its name (`ADMIN_API_KEY`, `ADMIN_TOKEN`), or under any name by the checksum of a key that `envward key new` made. An error in a production file, a warning where nothing says what the file is for, a note in a development or test file.

## Why it matters

Who accepts the key needs its hash only. With the key itself in the service's env file, whoever reads that file once, in a backup, a container's environment or a crash report, is an administrator; with the hash they are not.

## What to do

Make a new key, give it to the person or program that uses it, and keep its hash where the service verifies it: `envward key new --prefix NAME --name WHO --out FILE`. A key that somebody issued keeps its place with the one who uses it: `envward key hash` gives its hash. Where this file is that of the user of the key, ignore this finding with that reason.

## Facts

None besides the path, the line and the key.
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
            about: "its hash is in the database, and nothing here",
            steps: &[Step::File(".env.production", 0o600, "ADMIN_API_KEY=\n")],
        },
        Example {
            about: "somebody else's key has to be here",
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
                "{key}: an admin key in the open, where its hash would do",
                "keep its hash instead: envward key new --prefix NAME --name WHO --out FILE",
            )
            .severity(by_environment(file.environment, CHECK.severity))
            .line(secret.line)
            .key(secret.key.as_ref()),
        );
    }
}
