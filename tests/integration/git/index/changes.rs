//! Changes.

use super::*;
use crate::git::fixture;

#[test]
fn staged_against_head() {
    let repo = filled();
    repo.write("a/b/.env", "changed");
    repo.write(".env", "new");
    repo.write(".env.later", "x");
    repo.git(&["add", "a/b/.env", ".env"]);
    repo.git(&["add", "-N", ".env.later"]);
    repo.git(&["mv", "a/b/.env.local", ".env.moved"]);
    repo.write("a/b/.env", "the work tree is another matter");
    let staged = fixture::staged(&repo.open(), None, &wanted).unwrap();
    let found: Vec<_> = staged.iter().map(|entry| (entry.path.clone(), entry.change)).collect();
    let path = RelPath::from;
    assert_eq!(
        found,
        [(path(".env"), Change::Added), (path(".env.moved"), Change::Added), (path("a/b/.env"), Change::Modified)]
    );
    assert_eq!(staged[2].head, Some(repo.id("HEAD:a/b/.env")));
    assert_eq!(staged[2].blob, repo.id(":a/b/.env"));
    repo.git(&["commit", "-q", "-m", "x"]);
    let staged = fixture::staged(&repo.open(), None, &wanted).unwrap();
    assert!(staged.iter().all(|entry| entry.change == Change::Unchanged));
}

#[test]
fn a_file_that_was_a_directory_in_head() {
    let repo = Fixture::new();
    repo.commit_file(".env/inner", "x");
    std::fs::remove_dir_all(repo.root.join(".env")).unwrap();
    repo.write(".env", "x");
    repo.git(&["add", "-A"]);
    let staged = fixture::staged(&repo.open(), None, &wanted).unwrap();
    assert_eq!((staged[0].change, staged[0].head), (Change::Added, None));
}

#[test]
fn a_head_that_names_nothing_is_a_problem() {
    let repo = filled();
    repo.write(".git/refs/heads/main", format!("{}\n", "1234567890".repeat(4)));
    let open: Repository = repo.open();
    assert!(fixture::staged(&open, None, &wanted).is_err());
}

/// What a commit would add or change, by git itself: path and blob, sorted. In a conflict every stage counts that HEAD has
/// not.
fn by_git(repo: &Fixture) -> Vec<(Vec<u8>, String)> {
    let raw = repo.git(&["diff", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "--ignore-submodules=all"]);
    let mut words = raw.split(|byte| *byte == 0).filter(|word| !word.is_empty());
    let mut found = Vec::new();
    while let (Some(header), Some(path)) = (words.next(), words.next()) {
        let header = std::str::from_utf8(header).unwrap();
        let header: Vec<&str> = header.split(' ').collect();
        // A mode alone is no content.
        if !matches!(header[4], "D" | "U") && header[2] != header[3] {
            found.push((path.to_vec(), header[3].to_owned()));
        }
    }
    // `mode id stage TAB path`, and `mode type id TAB path`.
    let named = |line: &[u8]| {
        let tab = line.iter().position(|byte| *byte == b'\t').unwrap();
        let words = std::str::from_utf8(&line[..tab]).unwrap().split(' ').map(str::to_owned).collect::<Vec<_>>();
        (line[tab + 1..].to_vec(), words)
    };
    let lines =
        |text: &[u8]| text.split(|byte| *byte == 0).filter(|line| !line.is_empty()).map(named).collect::<Vec<_>>();
    let head = lines(&repo.git(&["ls-tree", "-r", "-z", "HEAD"]));
    let stages = lines(&repo.git(&["ls-files", "-u", "-z"])).into_iter().map(|(path, words)| (path, words[1].clone()));
    found.extend(stages.filter(|(path, id)| !head.iter().any(|(name, words)| name == path && words[2] == *id)));
    found.sort();
    found
}

/// The same by git2.
fn by_git2(repo: &Fixture) -> Vec<(Vec<u8>, String)> {
    let repository = git2::Repository::open(&repo.root).unwrap();
    let tree = repository.head().unwrap().peel_to_tree().unwrap();
    let index = repository.index().unwrap();
    // git2 takes what is only meant to be added for an empty file.
    let is_meant =
        |path: &[u8]| index.iter().any(|entry| entry.path == path && entry.flags_extended & INTENT_TO_ADD != 0);
    let diff = repository.diff_tree_to_index(Some(&tree), None, None).unwrap();
    let changed = diff.deltas().filter(|delta| {
        let is_there = !matches!(delta.status(), git2::Delta::Deleted | git2::Delta::Conflicted);
        is_there && delta.old_file().id() != delta.new_file().id()
    });
    let mut found: Vec<_> = changed
        .map(|delta| (delta.new_file().path_bytes().unwrap().to_vec(), delta.new_file().id().to_string()))
        .collect();
    found.retain(|(path, _)| !is_meant(path));
    let in_head = |path: &[u8]| tree.get_path(std::path::Path::new(os(path))).ok().map(|entry| entry.id());
    let stages = index.iter().filter(|entry| entry.flags >> 12 & 3 > 0 && in_head(&entry.path) != Some(entry.id));
    found.extend(stages.map(|entry| (entry.path, entry.id.to_string())));
    found.sort();
    found
}

#[test]
fn changes_are_those_of_git_and_of_git2() {
    // A generator of our own, so that a failure can be repeated (Knuth's MMIX constants).
    let mut state = 7_u64;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let dirs = ["", "a/", "a/b/", "a/b/c/", "a.b/", "ab/", "z/y/"];
    let mut conflicts = 0;
    for version in ["2", "4"] {
        let repo = Fixture::new();
        repo.git(&["config", "index.version", version]);
        for number in 0..60 {
            repo.write(format!("{}f{number}", dirs[number % dirs.len()]), format!("{number}"));
        }
        repo.commit("start");
        for _ in 0..40 {
            for _ in 0..=random(4) {
                let name = format!("{}f{}", dirs[random(7) as usize], random(70));
                let there = repo.root.join(&name).exists();
                match random(9) {
                    0 if there => drop(repo.git(&["rm", "-q", "--cached", "-f", "--ignore-unmatch", &name])),
                    1 if !there => {
                        repo.write(&name, "later");
                        repo.git(&["add", "-N", &name]);
                    }
                    2 => drop(repo.git(&["update-index", "--force-write-index"])),
                    // Where something is in conflict git has no tree and makes no commit.
                    3 => drop(repo.try_git_in(&repo.root, &["write-tree"])),
                    4 if there => {
                        repo.git(&["add", &name]);
                        repo.git(&["update-index", "--skip-worktree", &name]);
                    }
                    5 if there => drop(repo.git(&["update-index", "--add", "--chmod=+x", &name])),
                    6 => drop(repo.try_git_in(&repo.root, &["commit", "-q", "--allow-empty", "-m", "x"])),
                    8 => {
                        for stage in 1..=3 {
                            // A side that took it out has none.
                            let kept = random(4) > 0;
                            conflict(&repo, &name, stage, kept.then(|| format!("{}", random(5))));
                        }
                    }
                    _ => {
                        repo.write(&name, format!("{}", random(5)));
                        repo.git(&["add", &name]);
                    }
                }
            }
            let ours = by_us(&repo, Care::Whole);
            assert_eq!(ours, by_us(&repo, Care::AsGit));
            assert_eq!(ours, by_git(&repo));
            assert_eq!(ours, by_git2(&repo));
            conflicts += same_as_git2(&repo).iter().filter(|entry| entry.stage > 0).count();
        }
    }
    assert!(conflicts > 20, "{conflicts}");
}
