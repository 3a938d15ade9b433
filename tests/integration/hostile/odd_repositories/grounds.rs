//! Repositories made by git, each with env files that got into them: one is packed, one is loose, one is staged.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::Sandbox;
use crate::common::fill::fill;

/// One of them, and where the verbs are run.
pub struct Ground {
    pub sandbox: Sandbox,
    pub dir: &'static str,
    /// The ends of the paths that a scan must name.
    pub leaks: &'static [&'static str],
    /// The scan's status as git made it.
    pub status: i32,
    /// Whether something is staged that must not be.
    pub stages: bool,
    outside: PathBuf,
}

const EVERY: &[&str] = &["packed/.env", "loose/.env", "staged/.env"];
const IN_HISTORY: &[&str] = &["packed/.env", "loose/.env"];
const PACKED: &[&str] = &["packed/.env"];

impl Ground {
    fn new(sandbox: Sandbox, dir: &'static str, leaks: &'static [&'static str]) -> Self {
        let outside = sandbox.root().join("outside");
        fs::create_dir(&outside).unwrap();
        let stages = leaks.contains(&"staged/.env");
        Self { sandbox, dir, leaks, status: 1, stages, outside }
    }

    pub fn outside(&self) -> &Path {
        &self.outside
    }

    /// The path in the project; the first one by its name where a star stands for any.
    pub fn find(&self, path: &str) -> Option<PathBuf> {
        let object = || {
            let id = self.sandbox.git_in("repo", &["rev-parse", "main~1:loose/.env"]);
            self.sandbox.path("repo/.git/objects").join(&id[..2]).join(&id[2..])
        };
        match path {
            "repo/loose-object" => return Some(object()),
            "repo/loose-object-dir" => return Some(object().parent().unwrap().to_owned()),
            _ => {}
        }
        let Some((start, end)) = path.split_once('*') else { return Some(self.sandbox.path(path)) };
        let (dir, start) = start.rsplit_once('/').unwrap();
        let names = fs::read_dir(self.sandbox.path(dir)).ok()?.map(|entry| entry.unwrap().file_name());
        let names = names.filter_map(|name| name.into_string().ok());
        let first = names.filter(|name| name.starts_with(start) && name.ends_with(end)).min()?;
        Some(self.sandbox.path(dir).join(first))
    }
}

fn commit(sandbox: &Sandbox, dir: &str, path: &str) {
    sandbox.file(format!("{dir}/{path}"), 0o600, fill(&format!("DB_PASSWORD={{password-{}}}\n", path.len())));
    sandbox.git_in(dir, &["add", "-f", path]);
    sandbox.git_in(dir, &["commit", "-qm", path]);
}

/// It is in the history, and no longer in the work tree.
fn leak(sandbox: &Sandbox, dir: &str, path: &str) {
    commit(sandbox, dir, path);
    sandbox.git_in(dir, &["rm", "-qf", path]);
    sandbox.git_in(dir, &["commit", "-qm", "out"]);
}

fn stage(sandbox: &Sandbox, dir: &str) {
    sandbox.file(format!("{dir}/staged/.env"), 0o600, fill("STAGED_PASSWORD={password-staged}\n"));
    sandbox.git_in(dir, &["add", "-f", "staged/.env"]);
}

/// A repository in `repo`, made with these flags: packs, an index for many of them, refs of both kinds.
fn started(flags: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&[&["init", "-q"], flags, &["repo"]].concat());
    sandbox.file("repo/README", 0o644, "hello\n");
    sandbox.git_in("repo", &["add", "README"]);
    sandbox.git_in("repo", &["commit", "-qm", "start"]);
    leak(&sandbox, "repo", "packed/.env");
    sandbox.git_in("repo", &["branch", "side"]);
    sandbox.git_in("repo", &["tag", "light"]);
    sandbox.git_in("repo", &["tag", "-a", "-m", "x", "heavy"]);
    sandbox.git_in("repo", &["repack", "-q", "-a", "-d", "-b"]);
    sandbox.git_in("repo", &["pack-refs", "--all"]);
    leak(&sandbox, "repo", "loose/.env");
    sandbox
}

/// With everything that git may have left in it.
pub fn ordinary() -> Ground {
    let sandbox = started(&[]);
    let git = |args: &[&str]| sandbox.git_in("repo", args);
    git(&["worktree", "add", "-q", "../w"]);
    git(&["commit-graph", "write", "--reachable", "--split"]);
    git(&["multi-pack-index", "write"]);
    // One that is lost is kept in a pack of its own, with a list of times.
    git(&["checkout", "-q", "--orphan", "lost"]);
    git(&["commit", "-qm", "lost", "--allow-empty"]);
    git(&["checkout", "-q", "main"]);
    let lost = git(&["pack-objects", "-q", "--cruft", ".git/objects/pack/pack"]);
    drop(lost);
    sandbox.file("repo/README", 0o644, "hello again\n");
    git(&["stash", "-q"]);
    git(&["notes", "add", "-m", "a note"]);
    let head = git(&["rev-parse", "HEAD"]);
    for name in ["refs/bisect/bad", "refs/remotes/origin/main", "refs/heads/dir/branch"] {
        git(&["update-ref", name, &head]);
    }
    git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    git(&["replace", "HEAD~2", "HEAD~3"]);
    let line = format!("{head}\n");
    for name in ["ORIG_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "AUTO_MERGE", "FETCH_HEAD"] {
        sandbox.file(format!("repo/.git/{name}"), 0o644, &line);
    }
    for name in ["rebase-merge/orig-head", "rebase-merge/onto", "rebase-apply/orig-head", "sequencer/head"] {
        sandbox.file(format!("repo/.git/{name}"), 0o644, &line);
    }
    for name in ["rebase-merge/git-rebase-todo", "sequencer/todo", "BISECT_LOG", "MERGE_MSG"] {
        sandbox.file(format!("repo/.git/{name}"), 0o644, format!("pick {line}"));
    }
    sandbox.file("repo/included", 0o644, "[user]\n\tname = Ada\n");
    sandbox.file("repo/excluded", 0o644, "*.tmp\n");
    sandbox.file("repo/attributed", 0o644, "*.tmp text\n");
    sandbox.file("repo/.gitignore", 0o644, "*.log\n");
    sandbox.file("repo/.gitattributes", 0o644, "*.log text\n");
    sandbox.file("repo/.git/info/attributes", 0o644, "*.log text\n");
    sandbox.file("repo/.git/info/exclude", 0o644, "*.old\n");
    for (name, value) in [("include.path", "../included"), ("extensions.worktreeConfig", "true")] {
        git(&["config", name, value]);
    }
    for (name, file) in [("core.excludesFile", "repo/excluded"), ("core.attributesFile", "repo/attributed")] {
        git(&["config", name, sandbox.path(file).to_str().unwrap()]);
    }
    stage(&sandbox, "repo");
    Ground::new(sandbox, "repo", EVERY)
}

pub fn linked() -> Ground {
    let sandbox = started(&[]);
    sandbox.git_in("repo", &["config", "extensions.worktreeConfig", "true"]);
    sandbox.git_in("repo", &["worktree", "add", "-q", "../w"]);
    stage(&sandbox, "w");
    Ground::new(sandbox, "w", EVERY)
}

/// `super` with the submodule `m`, whose history has the leaks.
fn modules(dir: &'static str, leaks: &'static [&'static str]) -> Ground {
    let sandbox = started(&[]);
    sandbox.git(&["init", "-q", "super"]);
    sandbox.git_in("super", &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../repo", "m"]);
    sandbox.git_in("super", &["commit", "-qm", "x"]);
    if dir == "super/m" {
        stage(&sandbox, dir);
    }
    Ground::new(sandbox, dir, leaks)
}

pub fn submodule() -> Ground {
    modules("super/m", EVERY)
}

pub fn with_submodule() -> Ground {
    modules("super", IN_HISTORY)
}

fn staged(flags: &[&str]) -> Ground {
    let sandbox = started(flags);
    stage(&sandbox, "repo");
    Ground::new(sandbox, "repo", EVERY)
}

pub fn reftable() -> Ground {
    staged(&["--ref-format=reftable"])
}

pub fn sha_256() -> Ground {
    staged(&["--object-format=sha256"])
}

pub fn split_index() -> Ground {
    let ground = staged(&[]);
    ground.sandbox.git_in("repo", &["update-index", "--split-index"]);
    ground
}

pub fn sparse_index() -> Ground {
    let sandbox = started(&[]);
    sandbox.file("repo/left/out/file", 0o644, "x\n");
    sandbox.file("repo/kept/file", 0o644, "x\n");
    sandbox.git_in("repo", &["add", "left", "kept"]);
    sandbox.git_in("repo", &["commit", "-qm", "directories"]);
    sandbox.git_in("repo", &["sparse-checkout", "set", "--cone", "--sparse-index", "kept", "staged"]);
    stage(&sandbox, "repo");
    Ground::new(sandbox, "repo", EVERY)
}

/// Clones what `started` made, moved to `source`, into `repo`.
fn cloned(flags: &[&str], leaks: &'static [&'static str]) -> Ground {
    let sandbox = started(&[]);
    fs::rename(sandbox.path("repo"), sandbox.path("source")).unwrap();
    sandbox.git_in("source", &["config", "uploadpack.allowFilter", "true"]);
    let source = format!("file://{}", sandbox.path("source").display());
    sandbox.git(&[&["clone", "-q"], flags, &[&source, "repo"]].concat());
    Ground::new(sandbox, "repo", leaks)
}

/// Every blob is there: the filter keeps out none of these.
pub fn partial() -> Ground {
    cloned(&["--filter=blob:limit=1m"], IN_HISTORY)
}

/// Cut off behind the newest leak.
pub fn shallow() -> Ground {
    Ground { status: 2, ..cloned(&["--depth=2"], &["loose/.env"]) }
}

pub fn borrowing() -> Ground {
    let sandbox = started(&[]);
    fs::rename(sandbox.path("repo"), sandbox.path("source")).unwrap();
    sandbox.git(&["clone", "-q", "--shared", "source", "repo"]);
    stage(&sandbox, "repo");
    Ground::new(sandbox, "repo", EVERY)
}

pub fn bare() -> Ground {
    let sandbox = started(&[]);
    sandbox.git(&["clone", "-q", "--bare", "repo", "bare.git"]);
    sandbox.git_in("bare.git", &["repack", "-q", "-a", "-d"]);
    Ground::new(sandbox, "bare.git", IN_HISTORY)
}
