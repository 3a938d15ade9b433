//! Values in everything that git stores, against a slow and simple search of what `git cat-file` gives.

use std::collections::{BTreeMap, BTreeSet};

use crate::git::fixture::{Fixture, open};
use envward::git::{History, Oid, Question, Reach};
use envward::path::RelPath;
use envward::problem::ProblemKind;
use envward::secret::Secret;
use envward::secret::search::Needles;
use envward::terminal::progress::Progress;

/// A small generator with a fixed seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }

    /// Letters that repeat no more often than chance makes them.
    fn text(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| b'a' + u8::try_from(self.roll(26)).unwrap()).collect()
    }
}

fn values(dice: &mut Dice) -> Vec<Vec<u8>> {
    [12, 13, 20, 40, 64, 300].into_iter().map(|count| dice.text(count)).collect()
}

fn search(repo: &Fixture, values: &[Vec<u8>]) -> History {
    let secrets: Vec<Secret> = values.iter().map(|value| Secret::copy_of(value)).collect();
    let needles = Needles::new(&secrets);
    let progress = Progress::default();
    open(&repo.root).history(&Question {
        beside: None,
        wanted: &|_: &RelPath| false,
        follows: &|_: &RelPath| false,
        shaped: &|_: &[u8]| false,
        sought: Some(&needles),
        span: None,
        progress: &progress,
    })
}

/// The blobs of the store that hold a value, and which.
fn naive(repo: &Fixture, values: &[Vec<u8>]) -> BTreeSet<(Oid, usize)> {
    let list = repo.line(&["cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectname)"]);
    let mut found = BTreeSet::new();
    for id in list.lines().filter_map(|line| line.strip_prefix("blob ")) {
        let text = repo.git(&["cat-file", "blob", id]);
        let holds = |value: &Vec<u8>| text.windows(value.len()).any(|window| window == value);
        let id = Oid::from_hex(id.as_bytes()).unwrap();
        found.extend(values.iter().enumerate().filter(|(_, value)| holds(value)).map(|(number, _)| (id, number)));
    }
    found
}

fn hits(history: &History) -> BTreeSet<(Oid, usize)> {
    let named = history.values.paths.iter().flat_map(|path| &path.blobs).map(|blob| blob.id);
    let all: BTreeSet<Oid> = named.chain(history.values.nameless.iter().map(|blob| blob.id)).collect();
    all.into_iter().flat_map(|id| history.values.of(id).iter().map(move |spot| (id, spot.value))).collect()
}

/// One version of a text after the other: pieces move, go and come, and values (or parts of them) with them.
fn next_version(text: &[u8], values: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(text.len() + 1);
        let value = &values[dice.roll(values.len())];
        match dice.roll(6) {
            0 => drop(text.splice(at..at, value.iter().copied())),
            // The first or last part of one: another version may bring the rest.
            1 => drop(text.splice(at..at, value[..value.len() / 2].iter().copied())),
            2 => drop(text.splice(at..at, value[value.len() / 2..].iter().copied())),
            3 => {
                let end = text.len().min(at + dice.roll(200));
                drop(text.drain(at..end));
            }
            4 => {
                let piece = text.split_off(at);
                text = [piece, text].concat();
            }
            _ => {
                let count = dice.roll(40);
                let new = dice.text(count);
                drop(text.splice(at..at, new));
            }
        }
    }
    text
}

/// Many versions of some files, packed as tightly as git can, then a few loose ones.
fn build(seed: u64) -> (Fixture, Vec<Vec<u8>>) {
    let (repo, mut dice) = (Fixture::new(), Dice(seed));
    let values = values(&mut dice);
    let mut texts: Vec<Vec<u8>> = (0..3).map(|_| dice.text(3000)).collect();
    for round in 0..30 {
        let which = dice.roll(texts.len());
        texts[which] = next_version(&texts[which], &values, &mut dice);
        repo.write(format!("d{which}/file"), &texts[which]);
        repo.commit("next");
        if round == 24 {
            repo.git(&["repack", "-adfq", "--depth=250", "--window=250"]);
        }
    }
    (repo, values)
}

#[test]
fn the_same_blobs_as_a_naive_search() {
    let mut count = 0;
    for seed in 0..6 {
        let (repo, values) = build(seed);
        let history = search(&repo, &values);
        assert_eq!(history.problems, [], "seed {seed}");
        let expected = naive(&repo, &values);
        assert_eq!(hits(&history), expected, "seed {seed}");
        count += expected.len();
        // Also where everything is one tight pack.
        repo.git(&["repack", "-adfq", "--depth=250", "--window=250"]);
        assert_eq!(hits(&search(&repo, &values)), expected, "seed {seed}, packed");
    }
    assert!(count > 100, "{count} are too few to show anything");
}

#[test]
fn the_paths_and_first_commits_that_git_lists() {
    for seed in 0..3 {
        let (repo, values) = build(seed);
        let history = search(&repo, &values);
        // By git itself, from the oldest commit on.
        let mut first: BTreeMap<(String, Oid), Oid> = BTreeMap::new();
        for commit in repo.line(&["rev-list", "--reverse", "HEAD"]).lines() {
            for line in repo.line(&["ls-tree", "-r", commit]).lines() {
                let (meta, path) = line.split_once('\t').unwrap();
                let blob = Oid::from_hex(meta.split(' ').nth(2).unwrap().as_bytes()).unwrap();
                let commit = Oid::from_hex(commit.as_bytes()).unwrap();
                first.entry((path.to_owned(), blob)).or_insert(commit);
            }
        }
        let with_value: BTreeSet<Oid> = naive(&repo, &values).into_iter().map(|(blob, _)| blob).collect();
        first.retain(|(_, blob), _| with_value.contains(blob));
        let of = |path: &RelPath, blob: &envward::git::Blob| {
            ((path.to_str().unwrap().to_owned(), blob.id), blob.first.as_ref().unwrap().id)
        };
        let found = history.values.paths.iter().flat_map(|it| it.blobs.iter().map(move |blob| of(&it.path, blob)));
        assert_eq!(found.collect::<BTreeMap<_, _>>(), first, "seed {seed}");
    }
}

const VALUE: &[u8] = b"q7Rz2kVx9LmT4wNbYc8H";

fn needle() -> Vec<Vec<u8>> {
    vec![VALUE.to_vec()]
}

fn text(before: &str) -> String {
    format!("{before}{}", std::str::from_utf8(VALUE).unwrap())
}

#[test]
fn messages_names_and_what_nothing_reaches() {
    let repo = Fixture::new();
    repo.commit_file("start", "x");
    let message = repo.commit(&text("see "));
    repo.git(&["tag", "-a", "-m", &text("tag "), "one"]);
    repo.git(&["tag", "-a", "-m", "outer", "two", "one"]);
    repo.git(&["tag", "-d", "one"]);
    repo.git(&["branch", &text("b-")]);
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.write(format!("{}/deep/file", text("dir-")), "1");
    repo.write(format!("a/{}.txt", text("")), "2");
    let names = repo.commit("names");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("loose", text(""));
    let dangling = repo.line(&["hash-object", "-w", "loose"]);
    std::fs::remove_file(repo.root.join("loose")).unwrap();

    let values = search(&repo, &needle()).values;
    let ids: BTreeSet<Oid> = values.messages.iter().map(|message| message.id).collect();
    assert!(ids.contains(&message) && values.messages.len() == 2, "{ids:?}");
    let tag = values.messages.iter().find(|message| message.commit.is_none()).unwrap();
    // The ref names another tag, which names this one.
    assert_eq!((tag.reach, tag.refs[0].to_string()), (Reach::Ref, "refs/tags/two".to_owned()));
    let commit = values.messages.iter().find(|message| message.commit.is_some()).unwrap();
    assert_eq!((commit.reach, commit.refs.len()), (Reach::Ref, 4));
    let paths: Vec<&str> = values.names.iter().map(|(path, _)| path.path.to_str().unwrap()).collect();
    assert_eq!(paths, [format!("a/{}.txt", text("")), text("dir-")]);
    for (path, _) in &values.names {
        assert_eq!((path.added.as_ref().unwrap().id, path.reach), (names, Reach::Ref));
    }
    assert_eq!(values.refs.len(), 1);
    assert_eq!(values.refs[0].0.to_string(), text("refs/heads/b-"));
    let nameless: Vec<String> = values.nameless.iter().map(|blob| blob.id.to_string()).collect();
    assert_eq!((nameless, values.nameless[0].reach), (vec![dangling], Reach::Unreachable));
    assert!(values.paths.is_empty());
}

#[test]
fn who_holds_on_to_it() {
    let repo = Fixture::new();
    repo.commit_file("start", "x");
    repo.commit_file("kept", &text("kept "));
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.commit_file("dropped", &text("dropped "));
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["branch", "-D", "side"]);
    repo.write("start", text("stashed "));
    repo.git(&["stash"]);
    let reach = |repo: &Fixture| -> BTreeMap<String, Reach> {
        let paths = search(repo, &needle()).values.paths;
        paths.into_iter().map(|path| (path.path.to_str().unwrap().to_owned(), path.reach)).collect()
    };
    let expected = [("dropped", Reach::Reflog), ("kept", Reach::Head), ("start", Reach::Stash)];
    let expected: BTreeMap<String, Reach> = expected.map(|(path, reach)| (path.to_owned(), reach)).into();
    assert_eq!(reach(&repo), expected);
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    repo.commit_removal("kept");
    let now = reach(&repo);
    assert_eq!((now["dropped"], now["kept"]), (Reach::Unreachable, Reach::Ref));
}

#[test]
fn what_is_missing_or_broken_is_told() {
    let repo = Fixture::new();
    repo.commit_file("file", "an ordinary text\n");
    let blob = repo.line(&["rev-parse", "HEAD:file"]);
    let path = repo.root.join(".git/objects").join(&blob[..2]).join(&blob[2..]);
    let kinds = |repo: &Fixture| -> Vec<ProblemKind> {
        search(repo, &needle()).problems.into_iter().map(|problem| problem.kind).collect()
    };
    assert_eq!(kinds(&repo), []);
    let content = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(kinds(&repo), [ProblemKind::MissingObject]);
    std::fs::write(&path, &content[..content.len() - 4]).unwrap();
    assert_eq!(kinds(&repo), [ProblemKind::CorruptObject]);
    // What nothing holds, `git gc` may take in part.
    std::fs::remove_file(&path).unwrap();
    repo.git(&["update-ref", "-d", "refs/heads/main"]);
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    std::fs::remove_file(repo.root.join(".git/index")).unwrap();
    assert_eq!(kinds(&repo), []);
}

/// What a delta leaves out brings together what stood apart; a value's end alone may be new.
#[test]
fn a_value_that_pieces_of_the_base_make() {
    let (repo, mut dice) = (Fixture::new(), Dice(7));
    let long = dice.text(400);
    let values = vec![VALUE.to_vec(), long.clone()];
    let cases = [(&VALUE[..9], &VALUE[9..]), (&long[..200], &long[200..]), (&long[..395], &long[395..])];
    for (number, (one, other)) in cases.into_iter().enumerate() {
        let (start, apart, end) = (dice.text(3000), dice.text(900), dice.text(3000));
        repo.write(format!("file{number}"), [start.as_slice(), one, &apart, other, &end].concat());
        repo.commit("apart");
        repo.write(format!("file{number}"), [start.as_slice(), one, other, &end].concat());
        repo.commit("together");
    }
    repo.git(&["repack", "-adfq", "--depth=50", "--window=50"]);
    let mut pack = repo.root.join(".git/objects/pack").read_dir().unwrap().map(|entry| entry.unwrap().path());
    let index = pack.find(|path| path.extension().is_some_and(|end| end == "idx")).unwrap();
    let listed = repo.line(&["verify-pack", "-v", index.to_str().unwrap()]);
    for number in 0..cases.len() {
        let id = repo.line(&["rev-parse", &format!("HEAD:file{number}")]);
        let line = listed.lines().find(|line| line.starts_with(&id)).unwrap();
        assert!(line.split_whitespace().count() > 5, "no delta: {line}");
    }
    assert_eq!(hits(&search(&repo, &values)), naive(&repo, &values));
}
