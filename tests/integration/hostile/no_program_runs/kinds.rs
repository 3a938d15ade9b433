//! The ways in which a repository is stored, each with what makes git start programs: a signed commit, attributes with
//! drivers, hooks, an object that is only promised.

use crate::common::Sandbox;
use crate::common::fill::fill;

pub struct Kind {
    pub name: &'static str,
    /// Where the verbs are run, and where its configuration lies.
    pub dir: &'static str,
    pub git_dir: &'static str,
    /// Whether the keys are tried one at a time, too.
    pub is_tried_alone: bool,
    make: fn(&Sandbox),
}

pub const KINDS: &[Kind] = &[
    Kind {
        name: "files",
        dir: "repo",
        git_dir: "repo/.git",
        is_tried_alone: true,
        make: |sandbox| plain(sandbox, &[]),
    },
    Kind {
        name: "reftable",
        dir: "repo",
        git_dir: "repo/.git",
        is_tried_alone: true,
        make: |sandbox| plain(sandbox, &["--ref-format=reftable"]),
    },
    Kind {
        name: "SHA-256",
        dir: "repo",
        git_dir: "repo/.git",
        is_tried_alone: false,
        make: |sandbox| plain(sandbox, &["--object-format=sha256"]),
    },
    Kind {
        name: "split index",
        dir: "repo",
        git_dir: "repo/.git",
        is_tried_alone: false,
        make: |sandbox| {
            plain(sandbox, &[]);
            sandbox.git_in("repo", &["update-index", "--split-index"]);
        },
    },
    Kind {
        name: "sparse index",
        dir: "repo",
        git_dir: "repo/.git",
        is_tried_alone: false,
        make: |sandbox| {
            plain(sandbox, &[]);
            sandbox.git_in("repo", &["reset", "-q", "--hard"]);
            sandbox.git_in("repo", &["sparse-checkout", "set", "--cone", "--sparse-index", "a"]);
        },
    },
    Kind { name: "partial clone", dir: "clone", git_dir: "clone/.git", is_tried_alone: false, make: partial },
    Kind {
        name: "bare",
        dir: "bare.git",
        git_dir: "bare.git",
        is_tried_alone: false,
        make: |sandbox| {
            plain(sandbox, &[]);
            sandbox.git(&["clone", "-q", "--bare", "repo", "bare.git"]);
        },
    },
    Kind {
        name: "nested files",
        dir: "outer",
        git_dir: "outer/data.git",
        is_tried_alone: false,
        make: |sandbox| nested(sandbox, &[]),
    },
    Kind {
        name: "nested reftable",
        dir: "outer",
        git_dir: "outer/data.git",
        is_tried_alone: false,
        make: |sandbox| nested(sandbox, &["--ref-format=reftable"]),
    },
    Kind {
        name: "submodule",
        dir: "super",
        git_dir: "super/.git/modules/m",
        is_tried_alone: false,
        make: |sandbox| {
            plain(sandbox, &["--ref-format=reftable"]);
            sandbox.git(&["init", "-q", "super"]);
            sandbox
                .git_in("super", &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../repo", "m"]);
            sandbox.git_in("super", &["commit", "-qm", "x"]);
        },
    },
    Kind {
        name: "linked work tree",
        dir: "linked",
        git_dir: "repo/.git",
        is_tried_alone: false,
        make: |sandbox| {
            plain(sandbox, &["--ref-format=reftable"]);
            sandbox.git_in("repo", &["worktree", "add", "-q", "../linked"]);
        },
    },
];

impl Kind {
    pub fn make(&self, sandbox: &Sandbox) {
        (self.make)(sandbox);
    }
}

fn plain(sandbox: &Sandbox, flags: &[&str]) {
    sandbox.git(&[&["init", "-q"], flags, &["repo"]].concat());
    sandbox.file("repo/.gitattributes", 0o644, "* filter=trap diff=trap merge=trap\n");
    sandbox.file("repo/a/text", 0o644, "one\n");
    sandbox.file("repo/b/text", 0o644, "one\n");
    sandbox.file("repo/.env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.git_in("repo", &["add", "-f", "."]);
    sandbox.git_in("repo", &["commit", "-qm", "one"]);
    // Signed, as far as anybody sees without asking the program that knows signatures.
    let (tree, parent) = (sandbox.git_in("repo", &["write-tree"]), sandbox.git_in("repo", &["rev-parse", "HEAD"]));
    let who = "Ada <ada@example.com> 1767603600 +0000";
    let signature = "-----BEGIN PGP SIGNATURE-----\n \n aGVsbG8=\n =abcd\n -----END PGP SIGNATURE-----\n";
    let text = format!("tree {tree}\nparent {parent}\nauthor {who}\ncommitter {who}\ngpgsig {signature}\nm\n");
    sandbox.file("commit", 0o644, text);
    let id = sandbox.git_in("repo", &["hash-object", "-t", "commit", "-w", "../commit"]);
    sandbox.git_in("repo", &["update-ref", "-m", "x", "refs/heads/main", &id]);
    sandbox.file("repo/a/text", 0o644, "two\n");
    sandbox.git_in("repo", &["add", "a/text"]);
    sandbox.file("repo/b/text", 0o644, "changed, and not staged\n");
}

/// Its blobs are at a remote that is gone.
fn partial(sandbox: &Sandbox) {
    plain(sandbox, &[]);
    sandbox.git_in("repo", &["config", "uploadpack.allowFilter", "true"]);
    let source = format!("file://{}", sandbox.path("repo").display());
    sandbox.git(&["clone", "-q", "--no-checkout", "--filter=blob:none", &source, "clone"]);
    std::fs::remove_dir_all(sandbox.path("repo")).unwrap();
}

/// The repository as ordinary files of another one.
fn nested(sandbox: &Sandbox, flags: &[&str]) {
    plain(sandbox, flags);
    sandbox.git(&["init", "-q", "outer"]);
    std::fs::rename(sandbox.path("repo/.git"), sandbox.path("outer/data.git")).unwrap();
    let _ = sandbox.git_command("outer", &["--git-dir=data.git", "config", "core.bare", "true"]).run().code(0);
    sandbox.git_in("outer", &["add", "-f", "."]);
    sandbox.git_in("outer", &["commit", "-qm", "x"]);
}
