//! `env-file-symlink`: an env file that is a symbolic link.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::files::Link;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "env-file-symlink",
    title: "an env file that is a symbolic link",
    doc: r#"## What it does

Reports a symbolic link with the name of an env file. If it leads to a file inside the project, that file is examined. A link out of the project is not opened: someone could plant one that leads to a secret of yours. For an env file in use it is the problem `outward-link`, with exit status 2, because its secrets were not examined.

## Why it matters

Anyone who owns the target can change it, and a program that needs the file fails if the target is missing.

## What to do

Replace the link with the file, or create its target. If a link out of the project is intended, run envward in the directory of the target too, and accept the problem here: `[[accept]]` in `envward.toml` with `problem = "outward-link"`, the path and a reason.

## Facts

- `target`: `inside`, `outside` or `missing`
"#,
    group: Group::EnvFile,
    severity: Severity::Warning,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example { about: "a link to a file that does not exist", steps: &[Step::Link(".env", "nowhere")] }],
    good: &[Example { about: "a file", steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n")] }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    let Some(link) = file.link else { return };
    // It is a problem already.
    if link == Link::Outside && file.role.is_in_use() {
        return;
    }
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
