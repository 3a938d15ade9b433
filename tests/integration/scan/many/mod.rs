//! Many repositories: a line for each, one screen about all, several at once.

mod jobs;
mod lines;
mod new;
mod summary;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{findings, problems};
use crate::common::schema::validate;
use serde_json::Value;

pub const REPORT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.schema.json"));
pub const SUMMARY: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/summary.schema.json"));

/// A bare repository below `mirrors`, which these env files went through, one after the other.
pub fn mirror(sandbox: &Sandbox, name: &str, texts: &[&str]) {
    let work = format!("work/{name}");
    sandbox.git(&["init", "-q", &work]);
    sandbox.git_in(&work, &["commit", "-q", "--allow-empty", "-m", "start"]);
    for (number, text) in texts.iter().enumerate() {
        let path = format!("{number}.env");
        sandbox.file(format!("{work}/{path}"), 0o600, fill(text));
        sandbox.git_in(&work, &["add", "-f", &path]);
        sandbox.git_in(&work, &["commit", "-qm", "add"]);
        sandbox.git_in(&work, &["rm", "-q", &path]);
        sandbox.git_in(&work, &["commit", "-qm", "remove"]);
    }
    sandbox.git(&["clone", "-q", "--bare", &work, &format!("mirrors/{name}.git")]);
}

/// Two clean ones, two with findings, and two that cannot be wholly read: one of them with a finding.
pub fn mirrors() -> Sandbox {
    let sandbox = Sandbox::new();
    mirror(&sandbox, "api", &["DB_PASSWORD={password}\n", "JWT_SECRET={hex64}\n"]);
    mirror(&sandbox, "broken", &[]);
    mirror(&sandbox, "clean", &[]);
    mirror(&sandbox, "odd", &["DB_PASSWORD={password2}\n"]);
    mirror(&sandbox, "web", &["SMTP_PASSWORD={password9}\n"]);
    mirror(&sandbox, "zero", &[]);
    for name in ["broken", "odd"] {
        sandbox.file(format!("mirrors/{name}.git/refs/heads/x"), 0o644, "x");
    }
    std::fs::remove_dir_all(sandbox.path("work")).unwrap();
    sandbox
}

pub const EVERY: [&str; 6] = ["api", "broken", "clean", "odd", "web", "zero"];

/// The reports of JSON lines, by their repositories.
pub fn reports(text: &str) -> Vec<Value> {
    let mut all: Vec<Value> = text.lines().map(|line| validate(REPORT, line)).collect();
    all.sort_by_key(|one| one["repository"].as_str().unwrap_or_default().to_owned());
    all
}
