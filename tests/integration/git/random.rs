//! Random histories: attribution against a slow and simple one over git's own listings.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;
use std::process::Stdio;

use crate::git::fixture::{Fixture, added, changed, names, removed};
use envward::git::{Change, Oid, PathHistory, Reach};

/// A small generator with a fixed seed: the same repositories each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }
}

const PATHS: [&str; 5] = [".env", "a/.env", "a/b/.env.local", "c/.env", "README"];
type Tree = BTreeMap<usize, usize>;

/// Writes a random history: skewed clocks, several roots, merges of up to three, content that only a merge has.
fn build(seed: u64) -> Fixture {
    let (repo, mut dice) = (Fixture::new(), Dice(seed));
    let mut stream = String::new();
    let mut trees: Vec<Tree> = Vec::new();
    for commit in 0..40usize {
        let mut parents = BTreeSet::new();
        if commit > 0 && dice.roll(12) > 0 {
            for _ in 0..[1, 1, 1, 2, 3][dice.roll(5)] {
                parents.insert(commit - 1 - dice.roll(commit.min(6)));
            }
        }
        let parents: Vec<usize> = parents.into_iter().collect();
        let mut tree = parents.first().map(|parent| trees[*parent].clone()).unwrap_or_default();
        for parent in &parents {
            for (path, content) in &trees[*parent] {
                if dice.roll(2) == 0 {
                    tree.insert(*path, *content);
                }
            }
        }
        for _ in 0..dice.roll(3) {
            let path = dice.roll(PATHS.len());
            if dice.roll(3) == 0 {
                tree.remove(&path);
            } else {
                tree.insert(path, dice.roll(4));
            }
        }
        let time = 1_700_000_000 + commit * 100 - dice.roll(900);
        stream += &format!("reset refs/heads/c{commit}\ncommit refs/heads/c{commit}\nmark :{}\n", commit + 1);
        stream += &format!("committer A <a@example.com> {time} +0000\ndata 0\n");
        for (order, parent) in parents.iter().enumerate() {
            stream += &format!("{} :{}\n", if order == 0 { "from" } else { "merge" }, parent + 1);
        }
        stream += "deleteall\n";
        for (path, content) in &tree {
            stream += &format!("M 644 inline {}\ndata 1\n{content}\n", PATHS[*path]);
        }
        trees.push(tree);
    }
    let mut import = repo.command(&repo.root);
    let mut child = import.args(["fast-import", "--quiet", "--force"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(stream.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    // A few refs stay; what they do not reach is gone from sight.
    for commit in 0..40usize {
        if commit % 7 != 4 && commit != 39 {
            repo.git(&["update-ref", "-d", &format!("refs/heads/c{commit}")]);
        }
    }
    repo.git(&["symbolic-ref", "HEAD", "refs/heads/c39"]);
    repo
}

struct Listed {
    id: Oid,
    parents: Vec<Oid>,
    time: i64,
    files: BTreeMap<String, String>,
    is_held: bool,
}

/// Which commits did what to a path.
#[derive(Clone, Copy, Default)]
struct Dates {
    first: Option<Oid>,
    last: Option<Oid>,
    gone: Option<Oid>,
}

/// Every commit of the store, and whether a ref reaches it.
fn list(repo: &Fixture) -> Vec<Listed> {
    let all = repo.line(&["cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)"]);
    let all: Vec<&str> = all.lines().filter_map(|line| line.strip_prefix("commit ")).collect();
    let lines = repo.line(&[&["log", "--no-walk", "--format=%H %ct %P"], all.as_slice()].concat());
    let held = repo.line(&["rev-list", "--all"]);
    let held: BTreeSet<&str> = held.lines().collect();
    let id = |hex: &str| Oid::from_hex(hex.as_bytes()).unwrap();
    let mut left: Vec<Listed> = lines
        .lines()
        .map(|line| {
            let mut words = line.split(' ');
            let hex = words.next().unwrap();
            let time = words.next().unwrap().parse().unwrap();
            let parents = words.filter(|word| !word.is_empty()).map(id).collect();
            let files = String::from_utf8(repo.git(&["ls-tree", "-r", "-z", hex])).unwrap();
            let files = files.split('\0').filter_map(|line| line.split_once('\t'));
            let files = files.map(|(meta, path)| (path.to_owned(), meta.split(' ').nth(2).unwrap().to_owned()));
            Listed { id: id(hex), parents, time, files: files.collect(), is_held: held.contains(hex) }
        })
        .collect();
    // Parents first; among the rest by time, then by id.
    let mut sorted: Vec<Listed> = Vec::new();
    while !left.is_empty() {
        let ready = |one: &Listed| one.parents.iter().all(|parent| sorted.iter().any(|known| known.id == *parent));
        let next = left.iter().enumerate().filter(|(_, one)| ready(one)).min_by_key(|(_, one)| (one.time, one.id));
        let next = next.unwrap().0;
        sorted.push(left.remove(next));
    }
    sorted
}

fn check(repo: &Fixture, all: &[Listed], found: &PathHistory) {
    let path = found.path.to_str().unwrap();
    let by_id: HashMap<Oid, &Listed> = all.iter().map(|one| (one.id, one)).collect();
    // What a ref reaches goes before what none does.
    let (mut held, mut unheld) = (Dates::default(), Dates::default());
    let mut blobs: Vec<(String, &Listed)> = Vec::new();
    for commit in all {
        let dates = if commit.is_held { &mut held } else { &mut unheld };
        let parents: Vec<Option<&String>> = commit.parents.iter().map(|id| by_id[id].files.get(path)).collect();
        match commit.files.get(path) {
            Some(blob) => {
                if parents.iter().all(Option::is_none) {
                    dates.first = dates.first.or(Some(commit.id));
                }
                if parents.iter().flatten().all(|theirs| *theirs != blob) {
                    dates.last = Some(commit.id);
                }
                match blobs.iter_mut().find(|(known, _)| known == blob) {
                    Some((_, first)) if commit.is_held && !first.is_held => *first = commit,
                    Some(_) => {}
                    None => blobs.push((blob.clone(), commit)),
                }
            }
            None if !parents.is_empty() && parents.iter().all(Option::is_some) => dates.gone = Some(commit.id),
            None => {}
        }
    }
    let Dates { first, last, gone } = if held.last.is_some() { held } else { unheld };
    let held_blobs: BTreeSet<&String> =
        all.iter().filter(|commit| commit.is_held).filter_map(|commit| commit.files.get(path)).collect();
    let refs = repo.line(&["for-each-ref", "--format=%(refname)"]);
    let tip_has = |name: &&str| by_id[&repo.id(name)].files.contains_key(path);
    let gone = gone.filter(|_| !refs.lines().any(|name| tip_has(&name)));
    let holders: Vec<String> = refs
        .lines()
        .filter(|name| {
            let reached = repo.line(&["rev-list", name]);
            reached.lines().any(|id| by_id[&Oid::from_hex(id.as_bytes()).unwrap()].files.contains_key(path))
        })
        .map(str::to_owned)
        .collect();
    assert_eq!((added(found), changed(found), removed(found)), (first, last, gone), "{path}");
    assert_eq!(names(found), holders, "{path}");
    let ours: Vec<_> = found.blobs.iter().map(|blob| (blob.id.to_string(), blob.first.as_ref().unwrap().id)).collect();
    let expected: Vec<_> = blobs.into_iter().map(|(blob, commit)| (blob, commit.id)).collect();
    assert_eq!(ours, expected, "{path}");
    let head = by_id[&repo.id("HEAD")].files.get(path);
    for blob in &found.blobs {
        let id = blob.id.to_string();
        let expected = match () {
            () if head == Some(&id) => Reach::Head,
            () if held_blobs.contains(&id) => Reach::Ref,
            () => Reach::Unreachable,
        };
        assert_eq!(blob.reach, expected, "{path}");
    }
}

const WORDS: [&str; 34] = [
    "ab",
    "AB",
    "[B]",
    "\\A",
    "**/",
    "\\/",
    "[B-c]",
    "[[:upper:]]",
    "[[:-b]",
    "\0",
    "*",
    "**",
    "?",
    "/",
    "/",
    "a",
    "b",
    ".env",
    "env",
    "!",
    "[ab]",
    "[!a]",
    "[a-c]",
    "\\\\",
    "\\ ",
    " ",
    "#",
    "[",
    "]",
    "-",
    ".",
    "A",
    "[[:alpha:]]",
    "\r",
];
const PARTS: [&str; 8] = ["a", "b", "ab", ".env", "a.env", "A", "[a]", "a b"];

#[test]
fn random_ignore_rules() {
    let mut dice = Dice(5);
    let mut ignored = 0;
    for round in 0..90 {
        let repo = Fixture::new();
        repo.git(&["config", "core.ignoreCase", if round % 2 == 0 { "false" } else { "true" }]);
        for file in [".gitignore", "a/.gitignore", "a/b/.gitignore", ".git/info/exclude"] {
            let mut rules = String::new();
            for _ in 0..dice.roll(6) {
                rules += ["", "", "", "!", "/"][dice.roll(5)];
                (0..=dice.roll(5)).for_each(|_| rules += WORDS[dice.roll(WORDS.len())]);
                rules += ["", "", "/"][dice.roll(3)];
                rules.push('\n');
            }
            repo.write(file, rules);
        }
        let is_sparse = round % 3 == 0;
        if is_sparse {
            // Of these git reads the rules in its index.
            repo.git(&["add", "--force", "a"]);
            for file in ["a/.gitignore", "a/b/.gitignore"] {
                repo.git(&["update-index", "--skip-worktree", file]);
                std::fs::remove_file(repo.root.join(file)).unwrap();
            }
        }
        let paths: BTreeSet<String> = (0..60)
            .map(|_| (0..=dice.roll(4)).map(|_| PARTS[dice.roll(PARTS.len())]).collect::<Vec<_>>().join("/"))
            .filter(|path| !repo.root.join(path).is_dir())
            .collect();
        let mut command = repo.command(&repo.root);
        command.args(["check-ignore", "--stdin", "-z"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        if !is_sparse {
            command.arg("--no-index");
        }
        let mut child = command.spawn().unwrap();
        let asked: Vec<&str> = paths.iter().map(String::as_str).collect();
        child.stdin.take().unwrap().write_all(asked.join("\0").as_bytes()).unwrap();
        let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        let said: BTreeSet<&str> = said.split_terminator('\0').collect();
        let open = repo.open();
        for path in &paths {
            let rules = || repo.line(&["check-ignore", "-v", "-n", "--no-index", path]);
            assert_eq!(
                open.is_ignored(&path.as_str().into()),
                Ok(said.contains(path.as_str())),
                "{path} {:?}",
                rules()
            );
        }
        ignored += said.len();
    }
    assert!(ignored > 300, "{ignored}");
}

/// Each repository lies differently in its object directory.
fn store_as(repo: &Fixture, seed: u64) {
    match seed % 4 {
        0 => {}
        1 => {
            repo.git(&["-c", "repack.useDeltaBaseOffset=false", "repack", "-q", "-a", "-d", "-k", "--depth=20"]);
        }
        2 => {
            let packs = repo.root.join(".git/objects/pack");
            for pack in std::fs::read_dir(&packs).unwrap().map(|entry| entry.unwrap().path()) {
                let moved = repo.outside().join(pack.file_name().unwrap());
                std::fs::rename(&pack, &moved).unwrap();
                if moved.extension().is_some_and(|end| end == "pack") {
                    let mut command = repo.command(&repo.root);
                    let unpack = command.args(["unpack-objects", "-q"]).stdin(std::fs::File::open(&moved).unwrap());
                    assert!(unpack.status().unwrap().success());
                }
            }
        }
        _ => {
            repo.git(&["-c", "pack.indexVersion=1", "repack", "-q", "-a", "-d", "-k", "-f"]);
        }
    }
}

#[test]
fn random_histories() {
    for seed in 0..12 {
        let repo = build(seed);
        store_as(&repo, seed);
        let all = list(&repo);
        let history = repo.whole_history();
        let expected: BTreeSet<&str> = all
            .iter()
            .flat_map(|commit| commit.files.keys())
            .map(String::as_str)
            .filter(|path| path.contains(".env"))
            .collect();
        let paths: BTreeSet<&str> = history.paths.iter().map(|path| path.path.to_str().unwrap()).collect();
        assert_eq!(paths, expected);
        assert_eq!(usize::try_from(history.commits).unwrap(), all.len());
        history.paths.iter().for_each(|path| check(&repo, &all, path));
    }
}

/// A commit and its ancestors.
fn past(all: &[Listed], ids: &[Oid]) -> BTreeSet<Oid> {
    let (mut seen, mut waiting) = (BTreeSet::new(), ids.to_vec());
    while let Some(id) = waiting.pop() {
        if seen.insert(id) {
            waiting.extend(&all.iter().find(|one| one.id == id).unwrap().parents);
        }
    }
    seen
}

/// What somebody has not, where clocks are wrong too; and what each commit changes, seen from all its parents.
#[test]
fn random_pushes() {
    let mut dice = Dice(1);
    for seed in 0..12 {
        let repo = build(seed);
        store_as(&repo, seed);
        let (all, open) = (list(&repo), repo.open());
        for _ in 0..20 {
            let mut some =
                |most: usize| -> Vec<Oid> { (0..dice.roll(most)).map(|_| all[dice.roll(all.len())].id).collect() };
            let (tips, known) = (some(4), some(6));
            let expected: BTreeSet<Oid> = past(&all, &tips).difference(&past(&all, &known)).copied().collect();
            let found = open.outgoing(&tips, &known).unwrap();
            let commits: BTreeSet<Oid> = found.commits.iter().copied().collect();
            assert_eq!((commits.len(), found.tags.len(), found.files.len()), (found.commits.len(), 0, 0));
            assert_eq!(commits, expected, "seed {seed}: {tips:?} not {known:?}");
        }
        for commit in &all {
            let parents: Vec<&Listed> =
                commit.parents.iter().map(|id| all.iter().find(|one| one.id == *id).unwrap()).collect();
            let is_new =
                |(path, blob): &(&String, &String)| parents.iter().all(|parent| parent.files.get(*path) != Some(*blob));
            let expected: BTreeSet<(String, String)> =
                commit.files.iter().filter(is_new).map(|(path, blob)| (path.clone(), blob.clone())).collect();
            let (named, changes) = open.changes_of(commit.id).unwrap();
            let found: BTreeSet<(String, String)> =
                changes.iter().map(|entry| (entry.path.to_string(), entry.blob.to_string())).collect();
            assert_eq!((named.id, found.len(), found), (commit.id, changes.len(), expected));
            for entry in changes {
                let before = parents.iter().filter_map(|parent| parent.files.get(entry.path.to_str().unwrap()));
                assert_eq!(entry.change == Change::Modified, before.count() > 0, "{}", entry.path);
            }
        }
    }
}
