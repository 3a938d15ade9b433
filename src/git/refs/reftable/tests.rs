//! Against what git says of the same stack.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use super::{Stack, read};
use crate::git::refs::{Value, resolve};

struct Ground {
    home: tempfile::TempDir,
    id_len: usize,
}

impl Ground {
    fn new(format: &str, id_len: usize) -> Self {
        let ground = Self { home: tempfile::tempdir().unwrap(), id_len };
        let format = format!("--object-format={format}");
        ground.git(&["init", "-q", "-b", "main", "--ref-format=reftable", &format, "."]);
        ground
    }

    fn dir(&self) -> PathBuf {
        self.home.path().join(".git")
    }

    fn git(&self, args: &[&str]) -> String {
        let mut command = Command::new("git");
        command.current_dir(self.home.path()).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        command.env("HOME", self.home.path()).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.args(["-c", "gc.auto=0", "-c", "maintenance.auto=false"]);
        command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(args);
        let output = command.output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn stack(&self) -> Stack {
        read(&self.dir(), self.id_len).unwrap()
    }

    /// Refs, with what symbolic ones point at, and the ids in all logs.
    #[track_caller]
    fn compare(&self) {
        let stack = self.stack();
        let asked = self.git(&["for-each-ref", "--include-root-refs", "--format=%(refname) %(objectname) %(symref)"]);
        let mut by_git: Vec<String> = asked.lines().map(|line| line.trim_end().to_owned()).collect();
        let mut ours: Vec<String> = Vec::new();
        for (name, value) in &stack.refs {
            let name = String::from_utf8_lossy(name);
            match value {
                Value::Id(id) => ours.push(format!("{name} {id}")),
                Value::Symbolic(target) => {
                    // One that leads nowhere is not listed.
                    let Some(Value::Id(id)) = stack.refs.get(target) else { continue };
                    ours.push(format!("{name} {id} {}", String::from_utf8_lossy(target)));
                }
            }
        }
        by_git.sort();
        ours.sort();
        assert_eq!(ours, by_git);
        let listed = self.git(&["reflog", "list"]);
        // git shows none of a symbolic ref that leads nowhere.
        let leads = |name: &str| stack.refs.get(name.as_bytes()).is_some_and(|it| resolve(&stack.refs, it).is_some());
        let names: BTreeSet<&str> = listed.lines().filter(|name| leads(name)).collect();
        assert!(!names.is_empty(), "without a name git shows HEAD's");
        // All at once: a run for each of thousands takes most of a minute.
        let show = ["reflog", "show", "--no-abbrev", "--format=%gD %H"];
        let asked = self.git(&show.into_iter().chain(names.iter().copied()).collect::<Vec<_>>());
        let mut by_git: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for line in asked.lines() {
            let (name, entry) = line.split_once("@{").unwrap();
            let (_, id) = entry.split_once("} ").unwrap();
            by_git.entry(name).or_default().push(id.to_owned());
        }
        let mut ours: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (name, _, new) in &stack.logs {
            let name = std::str::from_utf8(name).unwrap();
            if names.contains(name) {
                ours.entry(name).or_default().push(new.to_string());
            }
        }
        assert_eq!(ours, by_git);
    }
}

#[test]
fn as_git_sees_it() {
    for (format, id_len) in [("sha1", 20), ("sha256", 32)] {
        let ground = Ground::new(format, id_len);
        for number in 0..12 {
            ground.git(&["commit", "-q", "--allow-empty", "-m", &"long ".repeat(number * 40 + 1)]);
            ground.git(&["update-ref", "-m", "x", &format!("refs/heads/b{number}"), "HEAD"]);
            if number % 3 == 0 {
                ground.git(&["tag", "-a", "-m", "x", &format!("v{number}")]);
                ground.git(&["symbolic-ref", &format!("refs/heads/s{number}"), &format!("refs/heads/b{number}")]);
            }
            if number % 4 == 3 {
                ground.git(&["update-ref", "-d", &format!("refs/heads/b{}", number - 1)]);
            }
        }
        ground.compare();
        ground.git(&["pack-refs", "--all"]);
        ground.compare();
        ground.git(&["checkout", "-q", "--detach"]);
        ground.git(&["symbolic-ref", "refs/heads/nowhere", "refs/heads/absent"]);
        ground.compare();
    }
}

/// Many refs: several blocks, and an index over them.
#[test]
fn more_than_one_block() {
    let ground = Ground::new("sha1", 20);
    ground.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
    let id = ground.git(&["rev-parse", "HEAD"]);
    let mut lines = String::from("start\n");
    for number in 0..3000 {
        lines += &format!("create refs/heads/some/{}/{number} {id}", number % 7);
    }
    std::fs::write(ground.home.path().join("lines"), lines + "commit\n").unwrap();
    let shell = ["-c", "alias.many=!git update-ref --stdin < lines >out", "many"];
    ground.git(&shell);
    ground.git(&["pack-refs", "--all"]);
    ground.compare();
    assert_eq!(ground.stack().refs.len(), 3002);
}

/// Whatever a byte is changed to, the answer is the same or none: the footer is checked, and so are the blocks.
#[test]
fn damage_is_an_answer() {
    let ground = Ground::new("sha1", 20);
    ground.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
    ground.git(&["tag", "-a", "-m", "x", "v1"]);
    ground.git(&["pack-refs", "--all"]);
    let list = std::fs::read_to_string(ground.dir().join("reftable/tables.list")).unwrap();
    let path = ground.dir().join("reftable").join(list.trim());
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() {
        for value in [0, 1, 0x7f, 0xff] {
            let mut damaged = whole.clone();
            damaged[at] = value;
            drop(super::table::read(&damaged, 20));
        }
        drop(super::table::read(&whole[..at], 20));
        assert!(super::table::read(&whole[..at], 20).is_none(), "{at}");
    }
    std::fs::write(ground.dir().join("reftable/tables.list"), "../../x\n").unwrap();
    assert!(read(&ground.dir(), 20).is_err());
    std::fs::write(ground.dir().join("reftable/tables.list"), "absent.ref\n").unwrap();
    assert!(read(&ground.dir(), 20).is_err());
}
