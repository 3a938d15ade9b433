//! `debug-in-production`: production running in debug mode.

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::environment::Environment;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "debug-in-production",
    title: "production running in debug mode",
    doc: r#"## What it does

Reports NODE_ENV, APP_ENV, RAILS_ENV, FLASK_ENV, ASPNETCORE_ENVIRONMENT and the like with the value development or test, and DEBUG, APP_DEBUG, DJANGO_DEBUG, FLASK_DEBUG and the like that are on, in a file or service for production. A plain `.env` counts as production: it is what is about to be deployed.

## Why it matters

The deployment checklist: "All `.env.example` files copied to `.env` with production secrets". Debug pages show source code, settings and secrets to everyone who causes an error. Some run code that a visitor sends.

## What to do

`NODE_ENV=production`, `DEBUG=false`. If this `.env` belongs to a developer's machine, say so in `envward.toml`: `[project.environments]`.

## Facts

- `said`: `development`, `test`, or `debug`

The key that has this value.
"#,
    group: Group::Deployment,
    severity: Severity::Error,
    kinds: &[Kind::Settings],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::ProductionSecrets, 9)],
    bad: &[
        Example { about: "development mode", steps: &[Step::File(".env", 0o600, "NODE_ENV=development\n")] },
        Example {
            about: "debug pages",
            steps: &[Step::File(
                ".env.production",
                0o600,
                r#"
APP_ENV=production
APP_DEBUG=true
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "production",
            steps: &[Step::File(
                ".env",
                0o600,
                r#"
NODE_ENV=production
DEBUG=false
"#,
            )],
        },
        Example {
            about: "a file for development",
            steps: &[Step::File(
                ".env.development",
                0o600,
                r#"
NODE_ENV=development
DEBUG=true
"#,
            )],
        },
        Example {
            about: "a log level, which is not a debug mode",
            steps: &[Step::File(
                ".env",
                0o600,
                r#"
LOG_LEVEL=debug
DEBUG=app:*
"#,
            )],
        },
    ],
};

/// Settings that switch debug pages on. `DEBUG=app:*` (Node's debug package) only logs.
const DEBUG: [&str; 9] = [
    "DEBUG",
    "APP_DEBUG",
    "DJANGO_DEBUG",
    "FLASK_DEBUG",
    "WP_DEBUG",
    "WORDPRESS_DEBUG",
    "DEBUG_MODE",
    "SYMFONY_DEBUG",
    "WERKZEUG_DEBUG",
];

#[expect(clippy::disallowed_methods, reason = "compared with known words")]
pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Settings(settings) = artifact else { return };
    if settings.environment != Environment::Production {
        return;
    }
    for setting in &settings.pairs {
        let value = setting.value.expose();
        let said = Environment::from_settings([(setting.name.as_str(), value)]);
        let is_on = ["true", "1", "yes", "on"].iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes()));
        let (said, what) = match said {
            Some(other @ (Environment::Development | Environment::Test)) if !is_neutral(&setting.name) => {
                (other.word(), "{key} {is|are} set to {said}, but the environment is production")
            }
            _ if is_on && DEBUG.contains(&setting.name.as_str()) => {
                ("debug", "{key} {turns|turn} on {said} mode, but the environment is production")
            }
            _ => continue,
        };
        findings.push(
            Finding::new(&CHECK, settings.origin.clone(), what, "set the environment to production and debug to false")
                .line(setting.line)
                .key(setting.key.as_ref())
                .fact("said", Fact::Word(said)),
        );
    }
}

/// No particular program reads `ENV` and `SPRING_PROFILES_ACTIVE` for this.
fn is_neutral(name: &str) -> bool {
    matches!(name.to_ascii_uppercase().as_str(), "ENV" | "SPRING_PROFILES_ACTIVE")
}
