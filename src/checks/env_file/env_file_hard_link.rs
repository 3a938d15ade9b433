//! `env-file-hard-link`: an env file with a second name.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "env-file-hard-link",
    title: "an env file with a second name",
    doc: r#"## What it does

Reports an env file that has more than one name (hard links).

## Why it matters

The other name may be in a directory that is backed up, served or shared. If this file is replaced by a new one, the old secrets stay under the other name.

## What to do

Find the other name with `find / -samefile .env` and delete it, or replace the file with a copy. `--fix` does not change such a file: through a planted link, root would change the mode of another file.

## Facts

- `links`: the number of names
"#,
    group: Group::EnvFile,
    severity: Severity::Warning,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "a second name",
        steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n"), Step::HardLink("notes.txt", ".env")],
    }],
    good: &[Example { about: "one name", steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n")] }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    let Some(stat) = file.stat.filter(|stat| file.is_private() && stat.links > 1) else { return };
    findings.push(
        Finding::new(
            &CHECK,
            file.origin(),
            "this file has {links} names (hard links)",
            "find the other names and delete them: find / -xdev -samefile {path:sh}",
        )
        .fact("links", Fact::Number(stat.links)),
    );
}
