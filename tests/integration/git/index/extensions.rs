//! Extensions.

use super::*;

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
