//! `hooks-not-in-force`: hooks of envward that git does not run.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Origin, Severity};
use crate::hook::Reason;
use crate::path::RelPath;

pub(crate) static CHECK: Check = Check {
    id: "hooks-not-in-force",
    title: "hooks that git does not run",
    doc: r#"## What it does

Reports, where envward's hooks were put in place, why git does not run them: `core.hooksPath` is empty or leads elsewhere, a hook is not executable, another tool wrote its own over it, or one of them is gone. Also a project that calls envward in its hooks (`.husky`, `.githooks`, pre-commit, lefthook), in a clone in which nobody has set them up. What a variable of the environment tells git is not seen here; `envward hook status` asks git itself.

## Why it matters

A hook that does not run says nothing. The commit with the env file in it passes, and everybody believes that it could not.

## What to do

`envward hook install` puts them where git looks, and keeps a hook that is there. Where `core.hooksPath` was set by mistake: `git config --unset core.hooksPath`, with `--global` where it stands in your own configuration. A project's own hooks are set up with its tool: `npx husky`, `pre-commit install`, `lefthook install`, `git config core.hooksPath .githooks`.

## Facts

None besides the path: the hook, or the file that says where git looks.
"#,
    group: Group::Git,
    severity: Severity::Note,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "git looks in another directory",
            steps: &[
                Step::Git("init"),
                Step::Envward("hook install"),
                Step::Git("config core.hooksPath .hooks"),
                Step::File(".env.example", 0o644, "PORT=\n"),
            ],
        },
        Example {
            about: "the project's hook calls envward, and nobody told git of it",
            steps: &[
                Step::Git("init"),
                Step::File(
                    ".githooks/pre-commit",
                    0o755,
                    r#"
#!/bin/sh
envward hook run pre-commit || exit
"#,
                ),
            ],
        },
    ],
    good: &[
        Example { about: "they are where git looks", steps: &[Step::Git("init"), Step::Envward("hook install")] },
        Example {
            about: "nobody wanted them here",
            steps: &[Step::Git("init"), Step::File(".env.example", 0o644, "PORT=\n")],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Project(project) = artifact else { return };
    let Some(lapse) = &project.hooks else { return };
    let (what, step) = said(lapse.reason);
    let place = RelPath::below(&project.root, &lapse.place);
    let place = place.unwrap_or_else(|| RelPath::new(lapse.place.as_os_str().as_encoded_bytes()));
    findings.push(Finding::new(&CHECK, Origin::Worktree(place), what, step));
}

/// What is wrong, and what to do.
fn said(reason: Reason) -> (&'static str, &'static str) {
    match reason {
        Reason::EmptyPath => (
            "core.hooksPath is empty, so git runs no hooks",
            "run git config --unset core.hooksPath, with --global if the setting is in your own file",
        ),
        Reason::OtherDirectory => {
            ("core.hooksPath points git to another directory, so envward's hooks do not run", "envward hook install")
        }
        Reason::NotExecutable => ("this hook is not executable, so git does not run it", "envward hook install"),
        Reason::Replaced => ("another tool has replaced envward's hook", "envward hook install"),
        Reason::Missing => ("envward's other hooks are installed, but this hook is missing", "envward hook install"),
        Reason::NotSetUp => (
            "this file calls envward, but this clone has no pre-commit hook",
            "install the project's hooks, or run envward hook install",
        ),
    }
}
