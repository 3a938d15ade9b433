//! `unused-ignore`: an ignore that hides nothing.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "unused-ignore",
    title: "an ignore that hides nothing",
    doc: r#"## What it does

Reports an ignore, in `envward.toml` or in a comment, that matched no finding of the checks that ran, that has ended, or that gives no reason. Where something could not be examined, ignores are not judged.

## Why it matters

An ignore that nobody needs hides the next mistake in the same place.

## What to do

Remove it.

## Facts

- `check`: the check that it names, where there is one
"#,
    group: Group::EnvFile,
    severity: Severity::Warning,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "what it hid is mended",
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
        about: "it hides something",
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

/// Policy alone knows what an ignore hid; it makes these findings.
pub(crate) fn run(_: &Artifact<'_>, _: &Context<'_>, _: &mut Vec<Finding>) {}
