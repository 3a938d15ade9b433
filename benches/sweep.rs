//! How long a whole history takes, on generated repositories: against one's own last run (`cargo bench`). Against git
//! itself, on a repository that somebody made: `benches/against-git`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a bench may stop at the first surprise"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use envward::git::{Question, Repository};
use envward::path::RelPath;
use envward::terminal::progress::Progress;

const COMMITS: usize = 3000;
const DIRECTORIES: usize = 40;
const FILES: usize = 25;
const SAMPLES: usize = 11;

/// How the objects are stored.
#[derive(Clone, Copy)]
enum Stored {
    /// In one pack, with long chains of deltas.
    Packed,
    /// In a file each.
    Loose,
}

fn main() {
    for (name, stored, nth) in [
        ("packed, without an env file", Stored::Packed, 0),
        ("packed, an env file in every second commit", Stored::Packed, 2),
        ("loose, an env file in every hundredth commit", Stored::Loose, 100),
    ] {
        let dir = tempfile::tempdir().unwrap();
        make(dir.path(), stored, nth);
        let mut times: Vec<f64> = (0..SAMPLES).map(|_| history(dir.path(), nth)).collect();
        times.sort_by(f64::total_cmp);
        println!("{name}: {:.1} ms", times[SAMPLES / 2]);
    }
}

/// Each commit changes two files; every `nth` changes an env file, too. What a look at all of it takes, in milliseconds.
fn history(dir: &Path, nth: usize) -> f64 {
    let start = Instant::now();
    let repository = Repository::discover(dir).unwrap().unwrap();
    let progress = Progress::default();
    let question = Question {
        beside: None,
        wanted: &|path: &RelPath| path.file_name().starts_with(b".env"),
        follows: &|_| true,
        shaped: &|text| text.contains(&b'='),
        sought: None,
        span: None,
        progress: &progress,
    };
    let history = repository.history(&question);
    let time = start.elapsed();
    assert!(history.problems.is_empty() && history.commits == COMMITS as u64);
    assert_eq!(history.paths.len(), usize::from(nth > 0));
    time.as_secs_f64() * 1000.0
}

fn make(dir: &Path, stored: Stored, nth: usize) {
    git(dir, &["init", "-q", "."], "");
    let mut stream = String::new();
    for commit in 0..COMMITS {
        writeln!(stream, "commit refs/heads/main\ncommitter A <a@example.com> {commit} +0000\ndata 1\nx").unwrap();
        for step in [7, 11] {
            let (at, text) = (commit * step, format!("line\nof commit {commit}, step {step}\n").repeat(20));
            let path = format!("dir{}/file{}", at % DIRECTORIES, at % FILES);
            writeln!(stream, "M 644 inline {path}\ndata {}\n{text}", text.len()).unwrap();
        }
        if nth > 0 && commit % nth == 0 {
            let text = format!("NUMBER={commit}\n");
            writeln!(stream, "M 644 inline dir0/.env\ndata {}\n{text}", text.len()).unwrap();
        }
    }
    git(dir, &["fast-import", "--quiet", "--force"], &stream);
    match stored {
        Stored::Packed => git(dir, &["repack", "-q", "-a", "-d", "-f"], ""),
        Stored::Loose => {
            let packs = dir.join(".git/objects/pack");
            let packs: Vec<_> = packs.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
            let pack = packs.iter().find(|path| path.extension().is_some_and(|end| end == "pack")).unwrap();
            let moved = dir.join("moved.pack");
            std::fs::rename(pack, &moved).unwrap();
            let mut unpack = Command::new("git");
            unpack.current_dir(dir).args(["unpack-objects", "-q"]).stdin(std::fs::File::open(&moved).unwrap());
            assert!(unpack.status().unwrap().success());
        }
    }
}

fn git(dir: &Path, arguments: &[&str], input: &str) {
    let mut command = Command::new("git");
    command.current_dir(dir).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.args(["-c", "gc.auto=0"]).args(arguments).stdin(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "git {arguments:?}");
}
