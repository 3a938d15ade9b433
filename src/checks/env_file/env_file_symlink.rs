//! `env-file-symlink`: an env file that is a symbolic link.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::files::Link;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "env-file-symlink",
    title: "an env file that is a symbolic link",
    doc: r#"## What it does

Reports a symbolic link with an env file's name. Where it leads to a file inside the project, that file is judged; where it leads out of it, it is named and not opened.

## Why it matters

What the link leads to can be changed by whoever owns the other place, and is not guarded here.

## What to do

Replace it by the file, or run envward where the target lives too.

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
            "is a symbolic link to a file of this project, which was judged in its place",
            "nothing to do if that is meant",
            "inside",
        ),
        Link::Outside => (
            Severity::Warning,
            "is a symbolic link out of the project: its target was not opened",
            "run envward check where the target lives too",
            "outside",
        ),
        Link::Dangling => (
            Severity::Warning,
            "is a symbolic link to nothing",
            "remove it, or make its target: ls -l {path:sh}",
            "missing",
        ),
    };
    findings
        .push(Finding::new(&CHECK, file.origin(), what, help).severity(severity).fact("target", Fact::Word(target)));
}
