//! `attestation-missing`: an answer that no file shows and nobody confirmed.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::config::ATTESTATIONS;
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "attestation-missing",
    title: "an answer that no file shows and nobody confirmed",
    doc: r#"## What it does

Notes what the deployment checklists require, no file can show, and `[preflight.attestations]` of `envward.toml` does not confirm: that backups were tested, that the firewall was checked, that somebody is told when something fails. Some files answer a part of it, if they contain more than comments: a health check that requests a path, alert rules, an incident plan, an image scanner in CI.

## Why it matters

The deployment checklist: "Backup and disaster recovery tested", "Security audit completed", "Incident response plan documented", "Monitoring and alerting configured". A line without an answer is easily taken for done.

## What to do

Do it, and write down who confirms it and when:

```toml
[preflight.attestations]
backups-tested = { on = 2026-11-01, by = "Ada" }
```

## Facts

- `missing`: the names of the missing attestations
"#,
    group: Group::Deployment,
    severity: Severity::Note,
    kinds: &[Kind::Deployment],
    tier: Tier::Deployment,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "nothing is confirmed",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            r#"
services:
  app:
    image: app:1.0
"#,
        )],
    }],
    good: &[Example {
        about: "everything is confirmed",
        steps: &[
            Step::File(
                "compose.yaml",
                0o644,
                r#"
services:
  app:
    image: app:1.0
"#,
            ),
            Step::File(
                "envward.toml",
                0o644,
                r#"
[preflight.attestations]
backups-tested = { on = 2026-06-01, by = "Ada" }
central-logs = { on = 2026-06-01, by = "Ada" }
firewall = { on = 2026-06-01, by = "Ada" }
health-endpoints = { on = 2026-06-01, by = "Ada" }
image-scan = { on = 2026-06-01, by = "Ada" }
incident-plan = { on = 2026-06-01, by = "Ada" }
monitoring = { on = 2026-06-01, by = "Ada" }
rate-limiting = { on = 2026-06-01, by = "Ada" }
secrets-manager = { on = 2026-06-01, by = "Ada" }
security-audit = { on = 2026-06-01, by = "Ada" }
"#,
            ),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Deployment(deployment) = artifact else { return };
    if deployment.project.stacks.is_empty() {
        return;
    }
    let said = &context.config.preflight.attestations;
    let is_answered = |id: &str| said.contains_key(id) || deployment.evidence.contains_key(id);
    let missing: Vec<&'static str> = ATTESTATIONS.iter().map(|one| one.id).filter(|id| !is_answered(id)).collect();
    if !missing.is_empty() {
        let origin = Origin::Worktree(context.config.source.clone().unwrap_or_default());
        findings.push(
            Finding::new(
                &CHECK,
                origin,
                "not confirmed by anyone in envward.toml: {missing}",
                "add the answers under [preflight.attestations] in envward.toml",
            )
            .fact("missing", Fact::Words(missing)),
        );
    }
}
