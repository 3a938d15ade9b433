//! `envward incident`: what is seen, what is said, what is run, what is recorded.

mod asked;
mod projects;
mod seen;
mod stacks;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::common::fill::fill;
use crate::common::terminal::converse;
use crate::common::{Sandbox, own_uid_is_root};
use serde_json::Value;

const COMPOSE: &str = "services:
  backend:
    image: backend:1.2.3
    env_file: [backend/.env]
    environment:
      - DB_PASSWORD
      - SMTP=smtp://app:${SMTP_PASSWORD}@mail
    secrets: [signing]
  worker:
    image: worker:1.2.3
    volumes: [./worker:/app]
  keeper:
    image: keeper:1.2.3
    volumes: [/var/run/docker.sock:/var/run/docker.sock:ro]
  web:
    image: web:1.2.3
secrets:
  signing:
    file: signing.txt
";

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, COMPOSE);
    sandbox.file(
        ".env",
        0o600,
        fill("DB_PASSWORD={password}\nSMTP_PASSWORD={password2}\nREDIS_PASSWORD={password3}\n"),
    );
    let backend = "DATABASE_URL=postgres://app:{password}@db/app\nJWT_SECRET={hex64}\nDATA_ENCRYPTION_KEY={hex32}\nSTRIPE_API_KEY={token}\n";
    sandbox.file("backend/.env", 0o600, fill(backend));
    sandbox.file("worker/.env", 0o600, fill("JWT_SECRET={hex64}\nWORKER_TOKEN={token2}\n"));
    sandbox.file("signing.txt", 0o600, fill("{hex64-signing}"));
    sandbox
}

/// The lines of the fifth step that name a secret, and the commands of it.
fn rotate(screen: &str) -> (Vec<String>, Vec<String>) {
    let step = screen.split("5. rotate").nth(1).unwrap().split("6. review").next().unwrap();
    // A wrapped line goes on without a mark.
    let joined =
        step.replace("\n   ", "\u{1}").replace("\u{1}- ", "\n- ").replace("\u{1}-> ", "\n-> ").replace('\u{1}', " ");
    let of = |mark: &str| -> Vec<String> {
        joined.lines().filter_map(|line| line.strip_prefix(mark)).map(|line| line.trim().to_owned()).collect()
    };
    (of("- ").iter().map(|line| line.replace("   ", " ")).collect(), of("-> "))
}

/// `file KEY` of what the ledger calls exposed.
fn exposed(sandbox: &Sandbox) -> Vec<String> {
    let report: Value =
        serde_json::from_str(&sandbox.envward(&["rotation", "status", "--format", "json"]).stdout).unwrap();
    let secrets = report["secrets"].as_array().unwrap().iter().filter(|one| one["urgency"] == "exposed");
    secrets.map(|one| format!("{} {}", one["file"].as_str().unwrap(), one["key"].as_str().unwrap())).collect()
}
