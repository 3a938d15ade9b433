//! What is written in these tests, and how a file looks before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::Path;

use crate::common::Sandbox;
use crate::common::trace::Call;

/// Somebody else, whom root writes for.
pub const DEPLOY: u32 = 1234;

/// A run that writes private files.
pub struct Scene {
    pub name: &'static str,
    pub args: &'static [&'static str],
    /// A run that must succeed whatever happened to the first one, and what it makes of the files.
    pub next: &'static [&'static str],
    pub setup: fn(&Sandbox),
    pub files: &'static [File],
    /// What strace makes fail in every run of it.
    pub without: &'static [&'static str],
}

/// An env file of a scene: its text, with `<64>` in the place of a value of so many characters.
pub struct File {
    pub path: &'static str,
    /// Before; `None` where there is none.
    pub old: Option<&'static str>,
    /// When the run is done.
    pub new: &'static str,
    /// When the next one is done.
    pub next: &'static [&'static str],
}

const INTO: &[&str] = &["generate", "hex", "--into", ".env", "KEY"];
const NEXT: &[&str] = &["generate", "hex", "--into", ".env", "NEXT"];
/// So the file system has no way to rename to a free name only.
const WITHOUT_NOREPLACE: &[&str] = &["renameat2:error=EINVAL"];

const OLD: &[File] = &[File {
    path: ".env",
    old: Some("# of today\nA=1\nKEY=\nB='x y' # and more\n"),
    new: "# of today\nA=1\nKEY=<128>\nB='x y' # and more\n",
    next: &[
        "# of today\nA=1\nKEY=\nB='x y' # and more\nNEXT=<128>\n",
        "# of today\nA=1\nKEY=<128>\nB='x y' # and more\nNEXT=<128>\n",
    ],
}];
const FRESH: &[File] =
    &[File { path: ".env", old: None, new: "KEY=<128>\n", next: &["NEXT=<128>\n", "KEY=<128>\nNEXT=<128>\n"] }];
const PROJECT: &[File] = &[
    File { path: ".env", old: None, new: "DB_PASSWORD=<64>\n", next: &["DB_PASSWORD=<64>\n"] },
    File {
        path: "backend/.env",
        old: Some("DB_PASSWORD=\nJWT_SECRET=\n"),
        new: "DB_PASSWORD=<64>\nJWT_SECRET=<128>\n",
        next: &["DB_PASSWORD=<64>\nJWT_SECRET=<128>\n"],
    },
];

/// Over an existing file, to a new one, several files in several directories; and the two that make new files where
/// that takes a link.
pub const SCENES: [Scene; 5] = [
    Scene { name: "replace", args: INTO, next: NEXT, setup: given_away, files: OLD, without: &[] },
    Scene { name: "create", args: INTO, next: NEXT, setup: |_| (), files: FRESH, without: &[] },
    Scene { name: "init", args: &["init"], next: &["init"], setup: project, files: PROJECT, without: &[] },
    Scene { name: "link", args: INTO, next: NEXT, setup: |_| (), files: FRESH, without: WITHOUT_NOREPLACE },
    Scene {
        name: "init, link",
        args: &["init"],
        next: &["init"],
        setup: project,
        files: PROJECT,
        without: WITHOUT_NOREPLACE,
    },
];

fn given_away(sandbox: &Sandbox) {
    // Only root can; for others the owner stays theirs.
    let _ = chown(sandbox.path(".env"), Some(DEPLOY), Some(DEPLOY));
}

fn project(sandbox: &Sandbox) {
    sandbox.git(&["init", "-q"]);
    sandbox.file(".env.example", 0o644, "DB_PASSWORD=\n");
    sandbox.file("backend/.env.example", 0o644, "DB_PASSWORD=\nJWT_SECRET=\n");
}

impl Scene {
    /// A project as it is before the run.
    pub fn sandbox(&self) -> Sandbox {
        let sandbox = Sandbox::new();
        for file in self.files {
            if let Some(old) = file.old {
                sandbox.file(file.path, 0o600, old);
            }
        }
        (self.setup)(&sandbox);
        sandbox
    }

    /// Fails unless each file is wholly the old or the new one, with its owner, for its owner alone, and everything else
    /// that was made is a temporary file that is private, too. Says which files are new.
    #[track_caller]
    pub fn assert_old_or_new(&self, sandbox: &Sandbox, before: &Tree, what: &str) -> Vec<bool> {
        let now = tree(sandbox);
        let mut new = Vec::new();
        for File { path, old, new: shape, .. } in self.files {
            match (now.get(*path), before.get(*path)) {
                (None, None) => new.push(false),
                (Some(now), _) => {
                    let is_old = old.is_some_and(|old| now.text == old);
                    assert!(is_old || is_filled(&now.text, shape), "{what}: {path} is neither old nor new");
                    assert_eq!(now.mode, 0o600, "{what}: {path}");
                    assert_eq!(before.get(*path).map_or(now.owner, |old| old.owner), now.owner, "{what}: {path}");
                    new.push(!is_old);
                }
                (None, Some(_)) => panic!("{what}: {path} is gone"),
            }
        }
        for (path, entry) in &now {
            let is_known = before.contains_key(path) || self.files.iter().any(|file| file.path == path);
            if is_known || path == ".gitignore" {
                continue;
            }
            assert!(is_temporary(path), "{what}: {path} was left behind");
            assert!(entry.mode & 0o077 == 0 || path.starts_with(".gitignore."), "{what}: others can read {path}");
        }
        new
    }

    /// Runs the next one, which must succeed and leave the files complete, and nothing else.
    #[track_caller]
    pub fn assert_next_succeeds(&self, sandbox: &Sandbox, before: &Tree, what: &str) {
        let output = sandbox.envward(self.next);
        assert_eq!(output.code, 0, "{what}: next: {}", output.stderr);
        let now = tree(sandbox);
        for File { path, next, .. } in self.files {
            let text = &now[*path].text;
            assert!(next.iter().any(|shape| is_filled(text, shape)), "{what}: {path} after the next run");
            assert_eq!((now[*path].mode, now[*path].links), (0o600, 1), "{what}: {path}");
        }
        if let [one, other] = self.files {
            let first = |path: &str| now[path].text.lines().next().unwrap().to_owned();
            assert!(first(one.path) == first(other.path), "{what}: one key has two values");
            let ignored: BTreeSet<&str> = now[".gitignore"].text.lines().collect();
            assert_eq!(ignored, ["/.env", "/backend/.env"].into(), "{what}");
        }
        let known = |path: &&String| {
            before.contains_key(*path) || self.files.iter().any(|file| file.path == **path) || *path == ".gitignore"
        };
        let strays: Vec<&String> = now.keys().filter(|path| !known(path)).collect();
        assert!(strays.is_empty(), "{what}: {strays:?} survived the next run");
    }
}

/// Whether `text` is this shape, its values letters and digits.
pub fn is_filled(text: &str, shape: &str) -> bool {
    let mut rest = text;
    let mut parts = shape.split('<');
    let Some(first) = parts.next().and_then(|part| rest.strip_prefix(part)) else { return false };
    rest = first;
    for part in parts {
        let (count, behind) = part.split_once('>').unwrap();
        let count: usize = count.parse().unwrap();
        let is_value = rest.len() >= count && rest.bytes().take(count).all(|byte| byte.is_ascii_alphanumeric());
        let Some(after) = is_value.then(|| &rest[count..]).and_then(|rest| rest.strip_prefix(behind)) else {
            return false;
        };
        rest = after;
    }
    rest.is_empty()
}

pub fn is_temporary(path: &str) -> bool {
    let process = path.rsplit_once(".envward-").and_then(|(_, end)| end.strip_suffix(".tmp"));
    process.is_some_and(|process| !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What stands in a project, git's own directory left out.
pub type Tree = BTreeMap<String, Entry>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub mode: u32,
    pub owner: (u32, u32),
    pub links: u64,
    inode: u64,
    kind: fs::FileType,
    /// A file's content, where a link leads.
    pub text: String,
}

pub fn tree(sandbox: &Sandbox) -> Tree {
    let mut tree = Tree::new();
    visit(&sandbox.path(""), "", &mut tree);
    tree
}

fn visit(dir: &Path, below: &str, tree: &mut Tree) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_str().unwrap());
        let meta = path.symlink_metadata().unwrap();
        let kind = meta.file_type();
        let text = match () {
            () if kind.is_file() => fs::read_to_string(&path).unwrap(),
            () if kind.is_symlink() => {
                String::from_utf8_lossy(fs::read_link(&path).unwrap().as_os_str().as_bytes()).into()
            }
            () => String::new(),
        };
        if name == ".git" {
            continue;
        }
        // A directory's links are its subdirectories.
        let links = if kind.is_dir() { 0 } else { meta.nlink() };
        let owner = (meta.uid(), meta.gid());
        let entry = Entry { mode: meta.mode() & 0o7777, owner, links, inode: meta.ino(), kind, text };
        tree.insert(name.clone(), entry);
        if kind.is_dir() {
            visit(&path, &format!("{name}/"), tree);
        }
    }
}

/// Fails unless everything is as it was: names, contents, modes, owners, links, inodes.
#[track_caller]
pub fn assert_untouched(sandbox: &Sandbox, before: &Tree, what: &str) {
    let now = tree(sandbox);
    let names = |tree: &Tree| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(before), names(&now), "{what}");
    for (path, entry) in before {
        // Its content is a secret only in earnest; here it is shown where it differs.
        assert_eq!(entry, &now[path], "{what}: {path}");
    }
}

/// Fails unless every file of the run is private from its first byte to its last, whatever the umask.
#[track_caller]
pub fn assert_private_at_any_instant(calls: &[Call]) {
    let mut made = 0;
    for Call { name, line, .. } in calls {
        match name.as_str() {
            "openat" | "open" | "openat2" if line.contains("O_CREAT") => {
                assert!(line.contains("O_EXCL") && line.contains("O_NOFOLLOW") && line.contains(", 0600)"), "{line}");
                made += 1;
            }
            "openat" | "open" | "openat2" => {
                assert!(!line.contains("O_WRONLY") && !line.contains("O_RDWR") && !line.contains("O_TRUNC"), "{line}");
            }
            "fchmod" => assert!(line.contains(", 0600)") || line.contains("/.gitignore.envward-"), "{line}"),
            "fchown" => assert!(line.contains(".envward-") && line.contains(", 1234, 1234)"), "{line}"),
            "chmod" | "fchmodat" | "fchmodat2" | "chown" | "lchown" | "fchownat" | "creat" | "mknod" | "mknodat"
            | "truncate" | "ftruncate" | "symlink" | "symlinkat" | "mkdir" | "mkdirat" | "umask" => panic!("{line}"),
            _ => {}
        }
    }
    assert_ne!(made, 0, "nothing was made");
}
