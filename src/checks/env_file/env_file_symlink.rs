//! `env-file-symlink`: an env file that is a symbolic link.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::files::Link;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "env-file-symlink",
    title: "an env file that is a symbolic link",
    doc: r#"## What it does

Reports a symbolic link with the name of an env file. If it leads to a file inside the project, that file is examined. If it leads out of the project, envward reports it and does not open it.

## Why it matters

Anyone who owns the target can change it, and envward does not check it here.

## What to do

Replace the link with the file, or run envward in the project of the target.

## Facts

- `target`: `inside`, `outside` or `missing`
"#,
    group: Group::EnvFile,
    severity: Severity::Warning,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example { about: "a link out of the project", steps: &[Step::Link(".env", "/etc/hostname")] }],
    good: &[Example { about: "a file", steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n")] }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    let Some(link) = file.link else { return };
    let (severity, what, help, target) = match link {
        Link::Inside => (
            Severity::Note,
            "this file is a symbolic link to a file of this project, which was examined instead",
            "nothing to do if the link is intended",
            "inside",
        ),
        Link::Outside => (
            Severity::Warning,
            "this file is a symbolic link out of the project; envward did not open its target",
            "run envward check in the directory of the target too",
            "outside",
        ),
        Link::Dangling => (
            Severity::Warning,
            "this file is a symbolic link to a file that does not exist",
            "remove the link, or create its target; to see the target: ls -l {path:sh}",
            "missing",
        ),
    };
    findings
        .push(Finding::new(&CHECK, file.origin(), what, help).severity(severity).fact("target", Fact::Word(target)));
}
