//! A repository whose configuration says that its work tree is somewhere else: nothing outside of it is changed.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::scene::assert_none;
use crate::common::Sandbox;
use crate::common::ordeal::endure;

/// A neighbour's files, beside and above the repository in `downloads/hostile`.
fn neighbourhood() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("neighbour/.env", 0o644, "DB_PASSWORD=\n");
    sandbox.file("neighbour/.env.prod.example", 0o644, "JWT_SECRET=\n");
    sandbox.file("neighbour/compose.yaml", 0o644, "services:\n  app:\n    image: app\n    env_file: .env\n");
    sandbox.file(".env", 0o644, "DB_PASSWORD=\n");
    sandbox.file("downloads/.env.example", 0o644, "JWT_SECRET=\n");
    sandbox.mkdir("downloads/hostile/sub", 0o755);
    sandbox.git(&["init", "-q", "downloads/hostile"]);
    sandbox.file("downloads/hostile/.env.example", 0o644, "JWT_SECRET=\n");
    sandbox.file("downloads/hostile/.env", 0o644, "API_TOKEN=\n");
    sandbox
}

/// How a repository says that its work tree is elsewhere: never outside of the sandbox, for a program that is wrong
/// would change the machine that tests it.
type Way = (&'static str, fn(&Sandbox));

fn set(sandbox: &Sandbox, value: &str) {
    sandbox.git_in("downloads/hostile", &["config", "core.worktree", value]);
}

const WAYS: [Way; 9] = [
    ("two up", |sandbox| set(sandbox, "../..")),
    ("three up", |sandbox| set(sandbox, "../../..")),
    ("up and aside", |sandbox| set(sandbox, "../../../neighbour")),
    ("the project above, absolute", |sandbox| set(sandbox, sandbox.path("").to_str().unwrap())),
    ("a neighbour, absolute", |sandbox| set(sandbox, sandbox.path("neighbour").to_str().unwrap())),
    ("through a link", |sandbox| {
        sandbox.link("downloads/hostile/link", "../..");
        set(sandbox, "../link");
    }),
    ("through a link to a neighbour", |sandbox| {
        sandbox.link("downloads/hostile/link", "../../neighbour");
        set(sandbox, "../link");
    }),
    ("by the configuration of a work tree", |sandbox| {
        sandbox.git_in("downloads/hostile", &["config", "core.repositoryFormatVersion", "1"]);
        sandbox.git_in("downloads/hostile", &["config", "extensions.worktreeConfig", "true"]);
        sandbox.file("downloads/hostile/.git/config.worktree", 0o644, "[core]\n\tworktree = ../../..\n");
    }),
    ("by a file that is included", |sandbox| {
        sandbox.file("downloads/hostile/more", 0o644, "[core]\n\tworktree = ../../..\n");
        sandbox.git_in("downloads/hostile", &["config", "include.path", "../more"]);
    }),
];

const WRITERS: [&str; 6] =
    ["check --fix", "preflight --fix", "init", "init --update", "hook install", "generate hex --into .env API_TOKEN"];

/// Kind, mode and content of all that is not below `downloads/hostile`, and of what is not the host's own in there.
fn outside(sandbox: &Sandbox) -> BTreeMap<String, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    visit(&sandbox.path(""), &mut found);
    visit(&sandbox.root().join("home"), &mut found);
    found
}

fn visit(dir: &Path, found: &mut BTreeMap<String, (u32, Vec<u8>)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("downloads/hostile") {
            continue;
        }
        let data = path.symlink_metadata().unwrap();
        let content = match () {
            () if data.is_symlink() => fs::read_link(&path).unwrap().as_os_str().as_bytes().to_vec(),
            () if data.is_file() => fs::read(&path).unwrap(),
            () => Vec::new(),
        };
        found.insert(path.display().to_string(), (data.permissions().mode(), content));
        if data.is_dir() {
            visit(&path, found);
        }
    }
}

#[test]
fn nothing_outside_is_changed() {
    let mut faults = Vec::new();
    for (way, make) in WAYS {
        for writer in WRITERS {
            for dir in ["downloads/hostile", "downloads/hostile/sub", "downloads/hostile/.git"] {
                let sandbox = neighbourhood();
                make(&sandbox);
                let before = outside(&sandbox);
                let args: Vec<&str> = writer.split(' ').collect();
                let ordeal = endure(&mut sandbox.command(&args).dir(dir).into_command(), b"");
                let after = outside(&sandbox);
                let changed =
                    after.iter().filter(|(path, state)| before.get(*path) != Some(state)).map(|(path, _)| path);
                let changed: Vec<&String> =
                    changed.chain(before.keys().filter(|path| !after.contains_key(*path))).collect();
                if !changed.is_empty() {
                    faults.push(format!("{way}: {writer} in {dir} changed {changed:?}"));
                }
                faults.extend(ordeal.fault().map(|fault| format!("{way}: {writer} in {dir}: {fault}")));
            }
        }
    }
    assert_none(&faults);
}

/// Work trees that are where git itself puts them.
#[test]
fn honest_ones_are_taken() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "main"]);
    sandbox.file("main/README", 0o644, "x\n");
    sandbox.git_in("main", &["add", "README"]);
    sandbox.git_in("main", &["commit", "-qm", "x"]);
    sandbox.git_in("main", &["worktree", "add", "-q", "../linked"]);
    sandbox.git_command("main", &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../main", "sub"]);
    sandbox.git(&["init", "-q", "--separate-git-dir", "apart.git", "apart"]);
    sandbox.git(&["init", "-q", "named"]);
    sandbox.git_in("named", &["config", "core.worktree", ".."]);
    for dir in ["main", "linked", "apart", "named"] {
        sandbox.file(format!("{dir}/.env"), 0o644, "API_TOKEN=\n");
        let ordeal = endure(&mut sandbox.command(&["check", "--fix"]).dir(dir).into_command(), b"");
        assert_eq!(ordeal.fault(), None, "{dir}");
        let mode = fs::metadata(sandbox.path(dir).join(".env")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{dir}: {}{}", ordeal.stdout, ordeal.stderr);
    }
}
