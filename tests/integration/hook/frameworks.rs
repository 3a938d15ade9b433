//! The recipes of docs/hooks.md, each with the real tool: what it says is what is done here, and git is stopped.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::common::fill::fill;
use crate::common::{Output, Sandbox, skip};

/// Where `.ci/readers` puts the tools; `None`, and said so, where it did not.
fn tools() -> Option<PathBuf> {
    let gate = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gate");
    let is_there = ["venv/bin/pre-commit", "hooks/node_modules/.bin/husky", "hooks/node_modules/.bin/lefthook"]
        .iter()
        .all(|tool| gate.join(tool).exists());
    if !is_there {
        skip("target/gate has no pre-commit, husky and lefthook: `.ci/readers` installs them");
    }
    is_there.then_some(gate)
}

/// The first fenced block below a heading of docs/hooks.md.
fn recipe(tool: &str) -> String {
    let text = crate::common::own_file("docs/hooks.md");
    let (_, rest) = text.split_once(&format!("\n## With {tool}\n")).unwrap();
    let (_, block) = rest.split_once("\n```").unwrap();
    let (_, block) = block.split_once('\n').unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

/// A repository in which a tool puts hooks in place.
struct Guarded {
    sandbox: Sandbox,
    path: String,
}

impl Guarded {
    /// With a first commit, a remote that has it, and an ignored env file.
    fn new(gate: &Path) -> Self {
        let sandbox = Sandbox::new();
        sandbox.git(&["init", "-q"]);
        sandbox.file(".gitignore", 0o644, ".env\n");
        sandbox.git(&["add", "."]);
        sandbox.git(&["commit", "-qm", "start"]);
        sandbox.git(&["init", "-q", "--bare", "../remote.git"]);
        sandbox.git(&["remote", "add", "origin", "../remote.git"]);
        sandbox.git(&["push", "-q", "origin", "main"]);
        sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
        let envward = Path::new(env!("CARGO_BIN_EXE_envward")).parent().unwrap();
        let places =
            [envward, &gate.join("venv/bin"), &gate.join("hooks/node_modules/.bin"), gate].map(Path::to_path_buf);
        let own = std::env::var_os("PATH").unwrap();
        let all = places.into_iter().chain(std::env::split_paths(&own));
        let path = std::env::join_paths(all).unwrap().into_string().unwrap();
        Self { sandbox, path }
    }

    fn shell(&self, line: &str) {
        drop(self.sandbox.shell(line).env("PATH", &self.path).run().code(0));
    }

    fn git(&self, args: &[&str]) -> Output {
        self.sandbox.git_command("", args).env("PATH", &self.path).run()
    }

    #[track_caller]
    fn passes(&self, args: &[&str]) -> String {
        let output = self.git(args).code(0);
        output.stdout + &output.stderr
    }

    #[track_caller]
    fn is_stopped(&self, args: &[&str], word: &str) {
        let output = self.git(args);
        let text = format!("{}{}", output.stdout, output.stderr);
        assert!(output.code != 0 && text.contains(word), "{args:?}: {} {text}", output.code);
        assert!(!text.contains(&fill("{password}")), "{text}");
    }

    /// What each hook is there for.
    fn try_all(&self) {
        let sandbox = &self.sandbox;
        sandbox.git(&["add", "-A"]);
        drop(self.passes(&["commit", "-qm", "the tool"]));
        // Before a commit: an env file, a value in use.
        sandbox.file("prod.env", 0o600, fill("DB_PASSWORD={password2}\n"));
        drop(self.passes(&["add", "prod.env"]));
        self.is_stopped(&["commit", "-qm", "x"], "[env-file-staged]");
        drop(self.passes(&["rm", "-q", "--cached", "prod.env"]));
        fs::remove_file(sandbox.path("prod.env")).unwrap();
        sandbox.file("notes", 0o644, fill("{password}\n"));
        drop(self.passes(&["add", "notes"]));
        self.is_stopped(&["commit", "-qm", "x"], "[live-value-elsewhere]");
        drop(self.passes(&["rm", "-q", "-f", "notes"]));
        // Before a merge.
        drop(self.passes(&["checkout", "-qb", "side"]));
        sandbox.file("side.env", 0o600, fill("DB_PASSWORD={password2}\n"));
        drop(self.passes(&["add", "side.env"]));
        drop(self.passes(&["commit", "-qnm", "side"]));
        drop(self.passes(&["checkout", "-q", "main"]));
        drop(self.passes(&["commit", "-qm", "main", "--allow-empty"]));
        self.is_stopped(&["merge", "-q", "--no-edit", "side"], "[env-file-staged]");
        drop(self.passes(&["reset", "-q", "--hard"]));
        // Before a push.
        drop(self.passes(&["push", "-q", "origin", "main"]));
        self.is_stopped(&["push", "-q", "origin", "side"], "[env-file-staged]");
        // The first one to an empty place, and of what is not checked out.
        sandbox.git(&["init", "-q", "--bare", "../second.git"]);
        drop(self.passes(&["remote", "add", "second", "../second.git"]));
        self.is_stopped(&["push", "-q", "second", "side"], "[env-file-staged]");
        drop(self.passes(&["push", "-q", "second", "main"]));
        // After a checkout.
        fs::set_permissions(sandbox.path(".env"), Permissions::from_mode(0o644)).unwrap();
        let text = self.passes(&["checkout", "-q", "-b", "more"]);
        assert!(text.contains("chmod 600 .env"), "{text}");
    }
}

#[test]
fn pre_commit() {
    let Some(gate) = tools() else { return };
    let guarded = Guarded::new(&gate);
    let sandbox = &guarded.sandbox;
    sandbox.file("../hooks/.pre-commit-hooks.yaml", 0o644, crate::common::own_file(".pre-commit-hooks.yaml"));
    sandbox.git_in("../hooks", &["init", "-q"]);
    sandbox.git_in("../hooks", &["add", "."]);
    sandbox.git_in("../hooks", &["commit", "-qm", "hooks"]);
    sandbox.git_in("../hooks", &["tag", "v0.1.0"]);
    // Not built, but the one that is tested: as the recipe says.
    let hooks = sandbox.root().join("hooks");
    let config = recipe("pre-commit").replace("https://github.com/envward/envward", hooks.to_str().unwrap());
    let config: String =
        config
            .lines()
            .map(|line| {
                if line.contains("- id: ") {
                    format!("{line}\n        language: system\n")
                } else {
                    format!("{line}\n")
                }
            })
            .collect();
    sandbox.file(".pre-commit-config.yaml", 0o644, config);
    guarded.shell("pre-commit install");
    guarded.try_all();
}

#[test]
fn pre_commit_beside_our_own() {
    let Some(gate) = tools() else { return };
    let guarded = Guarded::new(&gate);
    let sandbox = &guarded.sandbox;
    sandbox.file(".pre-commit-config.yaml", 0o644, "repos: []\n");
    let types = ["pre-commit", "pre-merge-commit", "pre-push", "post-checkout", "post-merge", "post-rewrite"];
    let types: Vec<String> = types.iter().map(|name| format!("--hook-type {name}")).collect();
    // Whoever comes second keeps the first: they run ours, or ours runs theirs.
    drop(sandbox.envward(&["hook", "install"]).code(0));
    guarded.shell(&format!("pre-commit install {}", types.join(" ")));
    drop(sandbox.envward(&["hook", "status"]).code(0));
    guarded.try_all();
    let guarded = Guarded::new(&gate);
    guarded.sandbox.file(".pre-commit-config.yaml", 0o644, "repos: []\n");
    guarded.shell(&format!("pre-commit install {}", types.join(" ")));
    drop(guarded.sandbox.envward(&["hook", "install"]).code(0));
    guarded.try_all();
}

#[test]
fn husky() {
    let Some(gate) = tools() else { return };
    let guarded = Guarded::new(&gate);
    guarded.sandbox.file("package.json", 0o644, "{}\n");
    guarded.shell("husky");
    guarded.shell(&recipe("husky"));
    drop(guarded.sandbox.envward(&["hook", "status"]));
    guarded.try_all();
}

#[test]
fn lefthook() {
    let Some(gate) = tools() else { return };
    let guarded = Guarded::new(&gate);
    guarded.sandbox.file("lefthook.yml", 0o644, recipe("lefthook"));
    guarded.shell("lefthook install");
    guarded.try_all();
}
