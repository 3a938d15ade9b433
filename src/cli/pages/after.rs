//! The command for the time after a leak.

use super::{CONFIG, ENV_FILES, LEDGER, Page, STATE, XDG_STATE};

pub(super) const PAGES: &[Page] = &[Page {
    command: "incident",
    status: &[
        (0, "everything was examined, and the steps are complete"),
        (2, "not everything was examined, so the steps may be incomplete"),
    ],
    files: &[("compose.yaml, docker-compose.yml", "the compose files of the project"), ENV_FILES, CONFIG, LEDGER],
    environment: &[STATE, XDG_STATE],
    examples: &[
        ("envward incident api --dry-run", "Show the steps for a compromised service, and record nothing"),
        (
            "envward incident api --reason 'shell in the container'",
            "Show the steps, then ask whether to record the secrets as exposed",
        ),
        ("envward incident api --dry-run --trace", "Show also the places on this host that contain the secrets"),
        ("envward incident --exposed", "Show the steps for all secrets that git history exposes"),
        (
            "envward incident api --yes --evidence /root/evidence",
            "Record without asking, and save evidence in this directory",
        ),
    ],
    see: &["envward-scan(1)", "envward-trace(1)", "envward-rotation-rotate(1)"],
}];
