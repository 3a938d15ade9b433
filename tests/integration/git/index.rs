//! The index reader, with git2 as the oracle; the index against HEAD.

use super::fixture::{Fixture, os, wanted};
use envward::git::{Care, Change, Index, IndexEntry, Repository};
use envward::path::RelPath;
use envward::problem::ProblemKind;

const INTENT_TO_ADD: u16 = 1 << 13;

#[track_caller]
fn same_as_git2(repo: &Fixture) -> Vec<IndexEntry> {
    let ours = repo.open().index(None).unwrap();
    let theirs = git2::Repository::open(&repo.root).unwrap().index().unwrap();
    let theirs: Vec<_> = theirs
        .iter()
        .map(|entry| {
            let stage = u8::try_from(entry.flags >> 12 & 3).unwrap();
            (entry.path, entry.id.to_string(), entry.mode, stage, entry.flags_extended & INTENT_TO_ADD != 0)
        })
        .collect();
    let plain = |entry: &IndexEntry| {
        (entry.path.as_bytes().to_vec(), entry.blob.to_string(), entry.mode, entry.stage, entry.intent_to_add)
    };
    assert_eq!(ours.iter().map(plain).collect::<Vec<_>>(), theirs);
    ours
}

fn version(repo: &Fixture) -> u8 {
    std::fs::read(repo.root.join(".git/index")).unwrap()[7]
}

fn filled() -> Fixture {
    let repo = Fixture::new();
    for name in ["a.b", "a/b/.env", "a/b/.env.local", "a/bc", "a0", "z"] {
        repo.write(name, name);
    }
    repo.write(os(b"\xff/\xfe"), "x");
    std::os::unix::fs::symlink("z", repo.root.join("link")).unwrap();
    repo.commit("first");
    repo
}

#[test]
fn every_version() {
    let repo = filled();
    for (number, set) in [(2, "2"), (4, "4")] {
        repo.git(&["update-index", "--index-version", set]);
        assert_eq!(version(&repo), number);
        same_as_git2(&repo);
    }
    repo.git(&["update-index", "--index-version", "2"]);
    repo.git(&["update-index", "--skip-worktree", "z"]);
    repo.write("new", "x");
    repo.git(&["add", "-N", "new"]);
    assert_eq!(version(&repo), 3);
    assert_eq!(same_as_git2(&repo).iter().filter(|entry| entry.intent_to_add).count(), 1);
    repo.git(&["update-index", "--index-version", "4"]);
    assert_eq!(same_as_git2(&repo).iter().filter(|entry| entry.intent_to_add).count(), 1);
}

#[test]
fn paths_longer_than_the_length_field() {
    let repo = Fixture::new();
    let blob = repo.line(&["hash-object", "-w", "-t", "blob", "/dev/null"]);
    for length in [4094, 4095, 4096, 5000] {
        let path = "d/".repeat(length / 2 - 1) + &"x".repeat(2 + length % 2);
        assert_eq!(path.len(), length);
        repo.git(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{path}")]);
    }
    for set in ["2", "4"] {
        repo.git(&["update-index", "--index-version", set]);
        assert_eq!(repo.open().index(None).unwrap().len(), 4);
        let listed = repo.git(&["ls-files", "-z"]);
        let ours: Vec<_> =
            repo.open().index(None).unwrap().iter().map(|entry| entry.path.as_bytes().to_vec()).collect();
        assert_eq!(ours.join(&0), listed[..listed.len() - 1]);
    }
}

#[test]
fn ten_thousand_entries_and_a_zero_checksum() {
    let repo = Fixture::new();
    for number in 0..10_000 {
        repo.write(format!("d{}/f{number}", number % 97), "");
    }
    repo.commit("many");
    assert_eq!(same_as_git2(&repo).len(), 10_000);
    repo.git(&["config", "index.skipHash", "true"]);
    repo.write("more", "x");
    repo.git(&["add", "more"]);
    let bytes = std::fs::read(repo.root.join(".git/index")).unwrap();
    assert!(bytes.ends_with(&[0; 20]));
    assert_eq!(repo.open().index(None).unwrap().len(), 10_001);
}

/// The entries as `git ls-files` has them.
fn listed_by_git(repo: &Fixture) -> Vec<String> {
    let text = repo.git(&["ls-files", "--stage", "-z"]);
    text.split(|byte| *byte == 0)
        .filter(|line| !line.is_empty())
        .map(|line| String::from_utf8_lossy(line).into())
        .collect()
}

fn listed_by_us(repo: &Fixture) -> Vec<String> {
    let entries = repo.open().index(None).unwrap();
    entries.iter().map(|entry| format!("{:06o} {} {}\t{}", entry.mode, entry.blob, entry.stage, entry.path)).collect()
}

/// Whatever was added, changed, removed or is in conflict since the shared index was written.
#[test]
fn a_split_index_after_many_changes() {
    for version in ["2", "4"] {
        let repo = Fixture::new();
        for number in 0..150 {
            repo.write(format!("d{}/f{number}", number % 7), format!("{number}"));
        }
        repo.commit("start");
        repo.git(&["update-index", "--index-version", version]);
        repo.git(&["config", "splitIndex.maxPercentChange", "100"]);
        repo.git(&["update-index", "--split-index"]);
        for round in 0..12_usize {
            for number in (round..150).step_by(17) {
                let path = format!("d{}/f{number}", number % 7);
                match (number + round) % 4 {
                    0 => drop(repo.git(&["update-index", "--force-remove", &path])),
                    1 => repo.write(format!("new/{round}/{number}"), "new"),
                    _ => repo.write(&path, format!("{round} {number}")),
                }
            }
            repo.git(&["add", "-A", "d1", "d2", "d3"]);
            repo.write(format!("meant{round}"), "x");
            repo.git(&["add", "-N", &format!("meant{round}")]);
            assert_eq!(listed_by_us(&repo), listed_by_git(&repo), "version {version}, round {round}");
        }
        let meant = repo.open().index(None).unwrap().iter().filter(|entry| entry.intent_to_add).count();
        assert_eq!(meant, 12);
        let index = std::fs::read(repo.root.join(".git/index")).unwrap();
        assert!(index.windows(4).any(|word| word == b"link"), "it is still split");
        // Without the shared one there is no answer.
        for file in repo.root.join(".git").read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if file.file_name().unwrap().to_string_lossy().starts_with("sharedindex.") {
                std::fs::remove_file(file).unwrap();
            }
        }
        assert_eq!(repo.open().index(None).unwrap_err().kind, ProblemKind::BrokenIndex);
    }
}

#[test]
fn split_and_sparse_indexes() {
    let repo = filled();
    let plain = repo.open().index(None).unwrap();
    repo.git(&["update-index", "--split-index"]);
    assert_eq!(repo.open().index(None).unwrap(), plain);
    repo.git(&["update-index", "--no-split-index"]);
    repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "nothing"]);
    let sparse = std::fs::read(repo.root.join(".git/index")).unwrap();
    assert!(sparse.windows(4).any(|word| word == b"sdir"));
    assert_eq!(repo.open().index(None).unwrap(), plain);
}

#[test]
fn no_program_of_the_repository_runs() {
    let repo = filled();
    let mark = repo.outside().join("mark");
    let program = format!("touch {}; false", mark.display());
    repo.git(&["update-index", "--split-index"]);
    for key in ["core.fsmonitor", "core.pager", "core.sshCommand", "core.editor"] {
        repo.git(&["config", key, &program]);
    }
    assert!(!repo.open().index(None).unwrap().is_empty());
    assert!(!mark.exists());
}

#[test]
fn a_broken_index_is_a_problem_and_never_a_panic() {
    let repo = filled();
    repo.git(&["add", "-N", "-f", "."]);
    for set in ["2", "4"] {
        repo.git(&["update-index", "--index-version", set]);
        let good = std::fs::read(repo.root.join(".git/index")).unwrap();
        let other = repo.outside().join("other");
        let open = repo.open();
        let read = |bytes: &[u8]| {
            std::fs::write(&other, bytes).unwrap();
            open.index(Some(&other))
        };
        assert!(read(&good).is_ok());
        for length in 0..good.len() {
            assert_eq!(read(&good[..length]).unwrap_err().kind, ProblemKind::BrokenIndex);
        }
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x55;
            assert_eq!(read(&bad).unwrap_err().kind, ProblemKind::BrokenIndex);
        }
    }
}

#[test]
fn another_index_file_and_none() {
    let repo = Fixture::new();
    assert_eq!(repo.open().index(None), Ok(vec![]));
    assert_eq!(repo.open().staged(None, &wanted), Ok(vec![]));
    repo.write(".env", "x");
    let other = repo.outside().join("other");
    let mut add = repo.command(&repo.root);
    assert!(add.env("GIT_INDEX_FILE", &other).args(["add", ".env"]).status().unwrap().success());
    assert_eq!(repo.open().index(None), Ok(vec![]));
    assert_eq!(repo.open().index(Some(&other)).unwrap().len(), 1);
    let staged = repo.open().staged(Some(&other), &wanted).unwrap();
    assert_eq!((staged[0].change, staged[0].head), (Change::Added, None), "the first commit");
}

#[test]
fn a_linked_work_tree_has_its_own() {
    let repo = filled();
    repo.git(&["worktree", "add", "-q", "../linked"]);
    let linked = repo.outside().join("linked");
    std::fs::write(linked.join(".env.linked"), "x").unwrap();
    repo.git_in(&linked, &["add", ".env.linked"]);
    let staged = |dir| super::fixture::open(dir).staged(None, &|path| path.as_bytes() == b".env.linked").unwrap().len();
    assert_eq!((staged(&repo.root), staged(&linked)), (0, 1));
}

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
    let staged = repo.open().staged(None, &wanted).unwrap();
    let found: Vec<_> = staged.iter().map(|entry| (entry.path.clone(), entry.change)).collect();
    let path = RelPath::from;
    assert_eq!(
        found,
        [(path(".env"), Change::Added), (path(".env.moved"), Change::Added), (path("a/b/.env"), Change::Modified)]
    );
    assert_eq!(staged[2].head, Some(repo.id("HEAD:a/b/.env")));
    assert_eq!(staged[2].blob, repo.id(":a/b/.env"));
    repo.git(&["commit", "-q", "-m", "x"]);
    let staged = repo.open().staged(None, &wanted).unwrap();
    assert!(staged.iter().all(|entry| entry.change == Change::Unchanged));
}

#[test]
fn a_file_that_was_a_directory_in_head() {
    let repo = Fixture::new();
    repo.commit_file(".env/inner", "x");
    std::fs::remove_dir_all(repo.root.join(".env")).unwrap();
    repo.write(".env", "x");
    repo.git(&["add", "-A"]);
    let staged = repo.open().staged(None, &wanted).unwrap();
    assert_eq!((staged[0].change, staged[0].head), (Change::Added, None));
}

#[test]
fn a_head_that_names_nothing_is_a_problem() {
    let repo = filled();
    repo.write(".git/refs/heads/main", format!("{}\n", "1234567890".repeat(4)));
    let open: Repository = repo.open();
    assert!(open.staged(None, &wanted).is_err());
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

fn by_us(repo: &Fixture, care: Care) -> Vec<(Vec<u8>, String)> {
    let open = repo.open();
    let index = open.read_index(None, care).unwrap();
    let changes = open.changes(&index, &[], &|_| false).unwrap();
    let mut found: Vec<_> =
        changes.into_iter().map(|entry| (entry.path.as_bytes().to_vec(), entry.blob.to_string())).collect();
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

/// Puts one side of a conflict into the index, as a merge does; the first takes the path's plain entry out.
fn conflict(repo: &Fixture, path: &str, stage: u8, text: Option<String>) {
    if stage == 1 {
        repo.git(&["update-index", "--force-remove", path]);
    }
    let Some(text) = text else { return };
    repo.write("side", text);
    let blob = repo.line(&["hash-object", "-w", "side"]);
    let mut update = repo.command(&repo.root);
    update.args(["update-index", "--index-info"]).stdin(std::process::Stdio::piped());
    let mut update = update.spawn().unwrap();
    std::io::Write::write_all(&mut update.stdin.take().unwrap(), format!("100644 {blob} {stage}\t{path}\n").as_bytes())
        .unwrap();
    assert!(update.wait().unwrap().success());
}

#[test]
fn a_record_that_lies_covers_no_more_than_its_directory() {
    let repo = filled();
    repo.git(&["write-tree"]);
    let file = repo.root.join(".git/index");
    let good = std::fs::read(&file).unwrap();
    let at = good.windows(4).position(|word| word == b"TREE").unwrap();
    repo.write("z", "changed");
    repo.git(&["add", "z"]);
    assert_eq!(by_us(&repo, Care::Whole).len(), 1);
    // Every byte of the record, without a checksum: whatever it says, nothing panics, and git agrees to read it.
    let bytes = std::fs::read(&file).unwrap();
    let start = bytes.windows(4).position(|word| word == b"TREE").unwrap_or(at);
    for at in start + 8..bytes.len() - 20 {
        for value in [0, b'0', b'9', b'-', 0xff] {
            let mut bad = bytes.clone();
            bad[at] = value;
            let end = bad.len() - 20;
            bad[end..].fill(0);
            std::fs::write(&file, &bad).unwrap();
            let open = repo.open();
            for care in [Care::Whole, Care::AsGit] {
                let index = open.read_index(None, care).unwrap();
                let changes = open.changes(&index, &[], &|_| false).unwrap();
                assert!(changes.iter().any(|entry| entry.path.as_bytes() == b"z"), "byte {at} as {value}, {care:?}");
            }
        }
    }
}

/// Whatever git writes behind the entries, or does not.
#[test]
fn with_every_extension_and_with_none() {
    let shapes: &[(&str, &[&[&str]])] = &[
        ("no record of trees", &[&["read-tree", "--empty"], &["add", "a", "a.b", "z", "link"]]),
        ("a stale record", &[&["write-tree"], &["rm", "-q", "--cached", "a/b/.env"]]),
        ("all of it invalid", &[&["write-tree"], &["update-index", "--chmod=+x", "a/b/.env", "a0", "z"]]),
        ("offsets for threads", &[&["config", "index.threads", "2"], &["update-index", "--force-write-index"]]),
        ("untracked files", &[&["update-index", "--untracked-cache"], &["status", "--short"]]),
        ("no checksum", &[&["config", "index.skipHash", "true"], &["update-index", "--force-write-index"]]),
        ("only meant", &[&["rm", "-q", "--cached", "z"], &["add", "-N", "z"]]),
        ("split", &[&["update-index", "--split-index"], &["rm", "-q", "--cached", "z"]]),
        ("sparse", &[&["sparse-checkout", "set", "--cone", "--sparse-index", "nothing"]]),
        ("sparse, and split", &[&["sparse-checkout", "set", "--cone", "a"], &["update-index", "--split-index"]]),
    ];
    for (shape, steps) in shapes {
        for version in ["2", "3", "4"] {
            let repo = filled();
            let set = if version == "4" { "4" } else { "2" };
            repo.git(&["update-index", "--index-version", set]);
            if version == "3" {
                repo.git(&["update-index", "--skip-worktree", "a/bc"]);
            }
            for step in *steps {
                repo.git(step);
            }
            assert_eq!(listed_by_us(&repo).len(), listed_by_git(&repo).len(), "{shape}, version {version}");
            let (whole, as_git) = (by_us(&repo, Care::Whole), by_us(&repo, Care::AsGit));
            assert_eq!(whole, as_git, "{shape}, version {version}");
            let entries = |care| repo.open().read_index(None, care).and_then(Index::into_entries).unwrap();
            assert_eq!(entries(Care::Whole), entries(Care::AsGit), "{shape}, version {version}");
        }
    }
}

/// What looks like an extension among the entries is none, though it stands in the last bytes of the file.
#[test]
fn names_like_extensions() {
    let repo = Fixture::new();
    for name in ["TREE", "d/TREE", "linkTREE", "z/TREETREE", "IEOTlink"] {
        repo.write(name, name);
    }
    repo.commit("names");
    for set in ["2", "4"] {
        repo.git(&["update-index", "--index-version", set]);
        repo.write("z/TREETREE", set);
        repo.git(&["add", "z/TREETREE"]);
        assert_eq!(by_us(&repo, Care::AsGit), by_us(&repo, Care::Whole));
        assert_eq!(by_us(&repo, Care::AsGit).len(), 1);
    }
}

/// A damaged index is a problem, or says what git reads in it and would commit.
#[test]
fn without_a_checksum_it_is_read_as_git_reads_it() {
    let repo = Fixture::new();
    for name in ["a/.env", "a/b", "z"] {
        repo.write(name, name);
    }
    repo.commit("first");
    let file = repo.root.join(".git/index");
    for set in ["2", "4"] {
        repo.git(&["update-index", "--index-version", set]);
        let good = std::fs::read(&file).unwrap();
        let mut read = 0;
        for length in 0..good.len() {
            std::fs::write(&file, &good[..length]).unwrap();
            let entries = repo.open().read_index(None, Care::AsGit).and_then(Index::into_entries);
            assert_eq!(entries.unwrap_err().kind, ProblemKind::BrokenIndex, "{length} bytes");
        }
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x55;
            std::fs::write(&file, &bad).unwrap();
            let Ok(entries) = repo.open().read_index(None, Care::AsGit).and_then(Index::into_entries) else { continue };
            let theirs = repo.try_git_in(&repo.root, &["ls-files", "--stage", "-z"]);
            if theirs.status.success() {
                let of =
                    |entry: &IndexEntry| format!("{:06o} {} {}\t{}\0", entry.mode, entry.blob, entry.stage, entry.path);
                let ours: String = entries.iter().map(of).collect();
                assert_eq!(ours, String::from_utf8_lossy(&theirs.stdout), "byte {at}");
                read += 1;
            }
        }
        assert!(read > 100, "{read}");
    }
}

/// With the checksum of what stands there, since git's own writer would not write it.
#[test]
fn entries_out_of_order_are_broken() {
    let repo = Fixture::new();
    repo.write("a", "x");
    repo.write("b", "y");
    repo.commit("first");
    let file = repo.root.join(".git/index");
    let mut bytes = std::fs::read(&file).unwrap();
    let (one, other) = (bytes[12..84].to_vec(), bytes[84..156].to_vec());
    bytes[12..84].copy_from_slice(&other);
    bytes[84..156].copy_from_slice(&one);
    let end = bytes.len() - 20;
    bytes[end..].fill(0);
    std::fs::write(&file, &bytes).unwrap();
    for care in [Care::Whole, Care::AsGit] {
        let entries = repo.open().read_index(None, care).and_then(Index::into_entries);
        assert_eq!(entries.unwrap_err().kind, ProblemKind::BrokenIndex, "{care:?}");
    }
}
