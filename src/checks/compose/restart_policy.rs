//! `restart-policy`: a service that stays down after a crash or a reboot.

use super::{about, services};
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::Service;
use crate::finding::{Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "restart-policy",
    title: "a service that stays down after a crash or a reboot",
    doc: r#"## What it does

Reports a `restart:` other than `always`. No policy, `no` and `on-failure` are warnings; `unless-stopped` is a note; a word that Docker does not know (such as `never`) is an error, because the container does not start at all. `deploy.restart_policy` takes precedence, as in Docker Compose. Services that run once pass: another service waits until they end, or a profile hides them.

## Why it matters

The deployment checklist: "Restart policy set to `always` for production". After the next reboot of the host the service is down. (CIS Docker Benchmark 5.15 requires `on-failure:5` instead, so that Docker does not restart a broken container for ever. If you follow it, ignore this check with that reason.)

## What to do

`restart: always`

## Facts

The key is the name of the service.
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::RestartPolicy, 1)],
    bad: &[
        Example {
            about: "no policy",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
"#,
            )],
        },
        Example {
            about: "an unknown word",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    restart: never
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "always",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    restart: always
"#,
            )],
        },
        Example {
            about: "a service that runs once",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
    restart: always
    depends_on:
      migrate: {condition: service_completed_successfully}
  migrate:
    image: app:1.0
    restart: "no"
"#,
            )],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let Some((severity, what)) = judge(&service) else { continue };
        let says = service.at(&["deploy", "restart_policy"]).or(service.at(&["restart"]));
        let place = says.map_or(service.place(), |node| node.place);
        findings.push(
            about(&CHECK, &service, place, what, "set restart: always")
                .severity(by_environment(service.stack.environment, severity)),
        );
    }
}

fn judge(service: &Service<'_>) -> Option<(Severity, &'static str)> {
    let policy = service.text(&["deploy", "restart_policy", "condition"]);
    let has_policy = service.at(&["deploy", "restart_policy"]).is_some();
    let word = service.text(&["restart"]).filter(|word| !word.is_empty());
    // A variable that is not defined here may be anything.
    let is_open =
        service.at(&["restart"]).and_then(|node| node.scalar()).is_some_and(|scalar| !scalar.variables.is_empty());
    let known = |word: &str| {
        matches!(word, "always" | "unless-stopped" | "no") || word == "on-failure" || word.starts_with("on-failure:")
    };
    match word {
        Some(word) if !known(word) => {
            Some((Severity::Error, "{key} {has|have} a restart policy that Docker does not know"))
        }
        _ if service.is_one_shot() => None,
        // Compose takes `deploy`'s policy before `restart`; what it does not map it passes on.
        _ if has_policy && matches!(policy, None | Some("any" | "always" | "")) => None,
        _ if has_policy && policy == Some("unless-stopped") => {
            Some((Severity::Note, "Docker restarts {key} unless somebody stopped {it|them}"))
        }
        _ if has_policy => Some((Severity::Warning, "Docker does not always restart {key}")),
        Some("always") => None,
        Some("unless-stopped") => Some((Severity::Note, "Docker restarts {key} unless somebody stopped {it|them}")),
        Some(word) if word != "no" => {
            Some((Severity::Warning, "Docker restarts {key} only after a failure, not after a reboot"))
        }
        None if is_open => None,
        _ => Some((Severity::Warning, "Docker does not restart {key} after a crash or a reboot")),
    }
}
