//! `hooks-not-in-force`: hooks of envward that git does not run.

use super::{Artifact, Check, Context, Example, Kind, Step};
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
    severity: Severity::Note,
    kinds: &[Kind::Project],
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
                Step::File(".githooks/pre-commit", 0o755, "#!/bin/sh\nenvward hook run pre-commit || exit\n"),
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
    run,
};

fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
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
            "core.hooksPath is empty here, so git runs no hook, not envward's either",
            "remove it: git config --unset core.hooksPath, with --global if it is your own file",
        ),
        Reason::OtherDirectory => (
            "core.hooksPath leads git to another directory than the one with envward's hooks",
            "put them there, too: envward hook install",
        ),
        Reason::NotExecutable => ("the hook is not executable, so git does not run it", "run envward hook install"),
        Reason::Replaced => ("another hook was written over envward's", "run envward hook install: it keeps both"),
        Reason::Missing => ("envward's other hooks are here, and this one is gone", "run envward hook install"),
        Reason::NotSetUp => (
            "it calls envward, and git runs no pre-commit hook in this clone",
            "set the project's hooks up, or run envward hook install",
        ),
    }
}
