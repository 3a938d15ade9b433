//! `rotation-unproven`: a replaced secret whose old value may still be in use.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::rotation::{Stage, days};

/// Days in UTC: after two of them, at least 24 hours have passed.
const PATIENCE: u32 = 2;

pub(crate) static CHECK: Check = Check {
    id: "rotation-unproven",
    title: "a replaced secret whose old value may still be in use",
    doc: r#"## What it does

Reports a secret that `envward rotation promote` replaced at least 24 hours ago (days are counted in UTC, so up to 48), if no evidence showed since then that the old value is out of use, and nobody confirmed it.

## Why it matters

A new value in a file changes nothing in a running container or in a database. Most leaked secrets still work years later, because somebody replaced them in a file only.

## What to do

`envward rotation promote KEY FILE` shows the commands for your project. They pipe what docker, psql, redis-cli or mariadb prints into `envward rotation verify`. If nobody can prove it, finish with `envward rotation promote KEY FILE --confirm --unproven REASON`.

## Facts

- `promoted`: the day on which the new value was written
"#,
    group: Group::Rotation,
    severity: Severity::Warning,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "promoted, and nobody examined what uses it",
        steps: &[
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            Step::Envward("rotation rotate DB_PASSWORD .env"),
            Step::Envward("rotation promote DB_PASSWORD .env"),
            Step::Later(2),
        ],
    }],
    good: &[Example {
        about: "promoted today",
        steps: &[
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            Step::Envward("rotation rotate DB_PASSWORD .env"),
            Step::Envward("rotation promote DB_PASSWORD .env"),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let (Artifact::Project(_), Some(ages)) = (artifact, context.ages) else { return };
    for status in ages.known.iter().filter(|one| one.stage == Some(Stage::Promoted)) {
        let Some(promoted) = status.promoted.filter(|day| days(*day, context.today) >= PATIENCE) else { continue };
        let what = "nothing proves that the old {value|values} of {key} {is|are} out of use";
        let help = "envward rotation promote {key} {path:sh}";
        let finding = Finding::new(&CHECK, Origin::Worktree(status.file.clone()), what, help).key(Some(&status.key));
        findings.push(Finding { line: status.line, ..finding }.fact("promoted", Fact::Day(promoted)));
    }
}
