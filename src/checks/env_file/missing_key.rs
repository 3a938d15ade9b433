//! `missing-key`: a key of the template that no env file sets.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::env::names::Role;
use crate::finding::{Fact, Finding, Severity};
use crate::project::ProjectFile;

pub(crate) static CHECK: Check = Check {
    id: "missing-key",
    title: "a key of the template that no env file sets",
    doc: r#"## What it does

Reports a key of a template that no env file of the same environment in the same directory sets. A template without an environment in its name is for the env files without one.

## Why it matters

The application starts with its built-in default value for that key. For a secret the default value is often empty or well known.

## What to do

Copy the line from the template and fill it in.

## Facts

- `example`: the template
"#,
    group: Group::EnvFile,
    severity: Severity::Warning,
    kinds: &[Kind::Project],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::ProductionSecrets, 4)],
    bad: &[Example {
        about: "a new key was never copied",
        steps: &[
            Step::File(
                ".env.example",
                0o644,
                r#"
PORT=3000
REDIS_URL=
"#,
            ),
            Step::File(".env", 0o600, "PORT=3000\n"),
        ],
    }],
    good: &[
        Example {
            about: "all keys are set",
            steps: &[
                Step::File(".env.example", 0o644, "PORT=3000\n"),
                Step::File(
                    ".env",
                    0o600,
                    r#"
PORT=3000
MORE=1
"#,
                ),
            ],
        },
        Example { about: "no env file yet", steps: &[Step::File(".env.example", 0o644, "PORT=3000\n")] },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Project(project) = artifact else { return };
    for template in project.files.iter().filter(|file| file.role == Role::Template) {
        let named = project.environment_by_name(template);
        let dir = template.path.parent();
        let answers: Vec<&ProjectFile> = project
            .files
            .iter()
            .filter(|file| file.role == Role::Env && file.document.is_some() && file.path.parent() == dir)
            .filter(|file| project.environment_by_name(file) == named)
            .collect();
        let Some(first) = answers.first() else { continue };
        for (_, wanted) in template.assignments() {
            let Some(key) = &wanted.key else { continue };
            let has = |file: &&ProjectFile| file.assignments().any(|(_, there)| there.key.as_ref() == Some(key));
            if !answers.iter().any(has) {
                findings.push(
                    Finding::new(
                        &CHECK,
                        first.origin(),
                        "{key} {is|are} missing in this file, but {example} contains {it|them}",
                        "copy {the line|the lines} from {example} and fill in {the value|the values}",
                    )
                    .severity(by_environment(first.environment, Severity::Warning))
                    .key(Some(key))
                    .fact("example", Fact::Path(template.path.clone())),
                );
            }
        }
    }
}
