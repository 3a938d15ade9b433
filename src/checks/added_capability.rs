//! `added-capability`: a right that Docker does not give by itself.

use super::{Artifact, Check, Context, Example, Kind, Step, about, by_environment, services};
use crate::docker::compose::Node;
use crate::finding::{Fact, Finding, Severity};
pub(crate) static CHECK: Check = Check {
    id: "added-capability",
    title: "a container with more rights than Docker gives by itself",
    doc: r#"## What it does

Reports `cap_add` of a capability that Docker leaves out on purpose: an error where it is a way out of the container (SYS_ADMIN, NET_ADMIN, SYS_PTRACE and the like, ALL), a warning else. The fourteen that Docker gives anyway pass, so that `cap_drop: [ALL]` with the few that are needed is no finding.

## Why it matters

Each of these breaks one of the walls around the container. CIS Docker Benchmark 5.3; the OWASP Docker cheat sheet, rule 3.

## What to do

Take it out, and see what no longer works; often a newer image needs it no more.

## Facts

- `capability`: which one

The key is the service.
"#,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    bad: &[Example {
        about: "the widest of all",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            "services:\n  app:\n    image: app:1.0\n    cap_add: [SYS_ADMIN]\n",
        )],
    }],
    good: &[Example {
        about: "all dropped but one",
        steps: &[Step::File(
            "compose.yaml",
            0o644,
            "services:\n  app:\n    image: app:1.0\n    cap_drop: [ALL]\n    cap_add: [NET_BIND_SERVICE]\n",
        )],
    }],
    run,
};

/// What Docker gives by itself (moby, `oci/caps/defaults.go`).
const DEFAULT: [&str; 14] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// The ways out of a container.
const GRAVE: [&str; 14] = [
    "ALL",
    "BPF",
    "DAC_READ_SEARCH",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "NET_ADMIN",
    "PERFMON",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_MODULE",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYSLOG",
    "SYS_TIME",
];

/// The others that there are (capabilities(7)); what is not in the lists is Docker's own mistake to report.
const OTHER: [&str; 13] = [
    "AUDIT_CONTROL",
    "AUDIT_READ",
    "BLOCK_SUSPEND",
    "CHECKPOINT_RESTORE",
    "IPC_LOCK",
    "IPC_OWNER",
    "LEASE",
    "LINUX_IMMUTABLE",
    "NET_BROADCAST",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_RESOURCE",
    "SYS_TTY_CONFIG",
];

fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        for item in service.at(&["cap_add"]).map(Node::items).unwrap_or_default() {
            let Some((word, severity)) = item.text().and_then(judge) else { continue };
            findings.push(
                about(
                    &CHECK,
                    &service,
                    item.place,
                    "{key}: has the capability {capability}",
                    "take it out of cap_add, if it works without",
                )
                .severity(by_environment(service.stack.environment, severity))
                .fact("capability", Fact::Word(word)),
            );
        }
    }
}

/// How grave it is that a container was given a capability (`NET_ADMIN`, `cap_net_admin`), and its name; `None` for what
/// Docker gives anyway, and for what is none.
pub(super) fn judge(name: &str) -> Option<(&'static str, Severity)> {
    let name = name.to_ascii_uppercase();
    let name = name.strip_prefix("CAP_").unwrap_or(&name);
    let of = |list: &[&'static str]| list.iter().copied().find(|known| *known == name);
    match (of(&DEFAULT), of(&GRAVE), of(&OTHER)) {
        (None, Some(word), _) => Some((word, Severity::Error)),
        (None, None, Some(word)) => Some((word, Severity::Warning)),
        _ => None,
    }
}
