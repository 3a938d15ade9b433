//! `unused-ignore`: an ignore that hides nothing.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "unused-ignore",
    title: "an ignore that hides nothing",
    doc: r#"## What it does

Reports an ignore, in `envward.toml` or in a comment, that matched no finding of the checks that ran, that has expired, or that gives no reason. If something could not be examined, ignores are not checked.

## Why it matters

An ignore that nobody needs hides the next mistake in the same place.

## What to do

Remove the ignore.

## Facts

- `check`: the check that the ignore names, if it names one
"#,
    group: Group::EnvFile,
    severity: Severity::Warning,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "the problem that it hid is fixed",
        steps: &[
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            Step::File(
                "envward.toml",
                0o644,
                r#"
[[ignore]]
check = "env-file-mode"
path = ".env"
reason = "shared with the backup group"
"#,
            ),
        ],
    }],
    good: &[Example {
        about: "it hides a finding",
        steps: &[
            Step::File(".env", 0o644, "DB_PASSWORD={password}\n"),
            Step::File(
                "envward.toml",
                0o644,
                r#"
[[ignore]]
check = "env-file-mode"
path = ".env"
reason = "shared with the backup group"
"#,
            ),
        ],
    }],
};

/// Only `policy` knows what an ignore hid, so `policy` makes these findings.
pub(crate) fn run(_: &Artifact<'_>, _: &Context<'_>, _: &mut Vec<Finding>) {}
