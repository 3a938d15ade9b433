//! `hooks-not-in-force`: hooks that git does not run.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Origin, Severity};
use crate::path::RelPath;

pub(crate) static CHECK: Check = Check {
    id: "hooks-not-in-force",
    title: "hooks that git does not run",
    doc: r#"## What it does

If envward's hooks are installed, reports why git does not run them: `core.hooksPath` is empty, names another directory or something that is no directory, a hook is not executable, another tool replaced a hook, a hook is missing, or a hook that envward leaves as it is does not call envward. Also reports a clone without hooks of a project whose own hooks call envward (`.husky`, `.githooks`, pre-commit, lefthook). Environment variables that configure git are not examined; `envward hook status` asks git itself.

## Why it matters

A hook that does not run stops nothing. A commit with an env file passes, and everybody believes that it could not.

## What to do

`envward hook install` installs the hooks where git looks for them, and keeps existing hooks. For a hook that it leaves as it is (husky, a hook that git tracks), `envward hook status` prints the line to add. If `core.hooksPath` was set by mistake: `git config --unset core.hooksPath`, with `--global` if the setting is in your own configuration. Install a project's own hooks with its tool: `npx husky`, `pre-commit install`, `lefthook install`, `git config core.hooksPath .githooks`.

## Facts

Only the path: the hook, or the file that says where git looks for hooks.
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
            about: "the project's hook calls envward, but git does not know the hook",
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
        Example {
            about: "the hooks are where git looks for them",
            steps: &[Step::Git("init"), Step::Envward("hook install")],
        },
        Example {
            about: "no hooks are installed",
            steps: &[Step::Git("init"), Step::File(".env.example", 0o644, "PORT=\n")],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Project(project) = artifact else { return };
    let Some(lapse) = &project.hooks else { return };
    let (what, step) = lapse.reason.said();
    let place = RelPath::below(&project.root, &lapse.place);
    let place = place.unwrap_or_else(|| RelPath::new(lapse.place.as_os_str().as_encoded_bytes()));
    findings.push(Finding::new(&CHECK, Origin::Worktree(place), what, step));
}
