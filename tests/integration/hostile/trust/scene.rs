//! A repository whose objects are in one pack, written byte by byte, and what the verbs answer about it.

use std::path::PathBuf;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::ordeal::{Ordeal, endure};
use crate::common::packs::{BLOB, Id, Pack};

/// The verbs that read objects.
pub const VERBS: [&str; 7] = [
    "scan --format json",
    "scan --staged",
    "check",
    "hook run pre-commit",
    "hook run pre-push",
    "preflight",
    "rotation status",
];

/// An env file with a secret that nobody made up.
pub fn leak(word: &str) -> Vec<u8> {
    fill(&format!("DB_PASSWORD={{password-{word}}}\n")).into_bytes()
}

/// A repository without a commit.
pub struct Scene {
    pub sandbox: Sandbox,
}

impl Scene {
    pub fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.git(&["init", "-q"]);
        Self { sandbox }
    }

    pub fn git_dir(&self) -> PathBuf {
        self.sandbox.path(".git")
    }

    /// Runs envward in it.
    pub fn endures(&self, verb: &str) -> Ordeal {
        self.endures_with(verb, "")
    }

    pub fn endures_with(&self, verb: &str, stdin: &str) -> Ordeal {
        let args: Vec<&str> = verb.split_whitespace().collect();
        endure(&mut self.sandbox.command(&args).into_command(), stdin.as_bytes())
    }

    /// What is wrong with how the verbs answer where something of the history cannot be read. What makes one hang is
    /// not tried with the others.
    pub fn faults(&self, what: &str) -> Vec<String> {
        let mut faults = Vec::new();
        for verb in VERBS {
            let Some(fault) = self.fault(verb) else { continue };
            faults.push(format!("{what}: {verb}: {fault}"));
            if fault.starts_with("no answer") {
                break;
            }
        }
        faults
    }

    /// The same of one verb. A scan says that it could not read all, or shows the leak.
    pub fn fault(&self, verb: &str) -> Option<String> {
        let ordeal = self.endures(verb);
        let missed = || {
            let is_whole = !verb.starts_with("scan --format") || ordeal.code() == Some(2) || names(&ordeal, ".env");
            (!is_whole).then(|| format!("the leak is missed, with status {:?}", ordeal.end))
        };
        ordeal.fault().or_else(missed)
    }
}

/// Whether a report in JSON has a finding about this path.
pub fn names(ordeal: &Ordeal, path: &str) -> bool {
    let Ok(report) = serde_json::from_str::<serde_json::Value>(&ordeal.stdout) else { return false };
    report["findings"].as_array().is_some_and(|findings| findings.iter().any(|finding| finding["path"] == path))
}

/// A pack with a commit of `.env`, all as it should be; the ids of the commit, the tree and the blob.
pub fn honest() -> (Pack, [Id; 3]) {
    let mut pack = Pack::default();
    let blob = pack.whole(BLOB, &leak("honest"));
    let commit = pack.commit_of(".env", blob);
    let tree = pack.entries[1].id;
    (pack, [commit, tree, blob])
}

/// Fails with all of them.
#[track_caller]
pub fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn an_honest_one_is_read() {
    let scene = Scene::new();
    let (pack, [commit, ..]) = honest();
    pack.install(&scene.git_dir(), commit);
    scene.sandbox.git(&["fsck", "--strict"]);
    let ordeal = scene.endures("scan --format json");
    assert!(ordeal.code() == Some(1) && names(&ordeal, ".env"), "{ordeal:?}");
    assert!(ordeal.peak > 1 << 10, "its memory was looked at: {} KiB", ordeal.peak);
}
