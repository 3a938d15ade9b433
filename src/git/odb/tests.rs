//! Object by object against git itself and against libgit2, in every way that git stores objects.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::reader::Reader;
use super::{Odb, Place};
use crate::git::Oid;
use crate::git::object::kind::Kind;

/// Type and content, by id.
type Objects = BTreeMap<String, (String, Vec<u8>)>;

struct Ground {
    home: tempfile::TempDir,
}

impl Ground {
    fn new(format: &str) -> Self {
        let ground = Self { home: tempfile::tempdir().unwrap() };
        ground.git("", &["init", "-q", &format!("--object-format={format}"), "repo"], b"");
        ground
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    #[expect(clippy::disallowed_methods, reason = "git is to be found")]
    fn git(&self, dir: &str, args: &[&str], input: &[u8]) -> Vec<u8> {
        let mut command = Command::new("git");
        command.current_dir(self.path(dir)).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        command.env("HOME", self.home.path()).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.args(["-c", "gc.auto=0", "-c", "maintenance.auto=false"]);
        command.args(["-c", "user.name=A", "-c", "user.email=a@example.com"]).args(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        assert!(output.status.success(), "git {args:?}");
        output.stdout
    }

    /// Commits of a growing text, so that deltas are worth while; one object is large and hard to deflate.
    fn import(&self, from: usize, count: usize) {
        let mut stream = String::new();
        for commit in from..from + count {
            let branch = format!("refs/heads/b{}", commit % 3);
            stream += &format!("commit {branch}\ncommitter A <a@example.com> {commit} +0000\ndata 1\nx\n");
            if from > 0 && commit < from + 3 {
                stream += &format!("from {branch}^0\n");
            }
            let lines: String = (0..40 + commit).map(|line| format!("line {line} of {}\n", commit / 7)).collect();
            for path in ["a/text", "b/c/other"] {
                stream += &format!("M 644 inline {path}{}\ndata {}\n{lines}\n", commit % 5, lines.len());
            }
        }
        self.git("repo", &["fast-import", "--quiet", "--force"], stream.as_bytes());
        let mut dice = 7_u64;
        let noise: Vec<u8> = (0..300_000)
            .map(|_| {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                dice.to_be_bytes()[0]
            })
            .collect();
        self.git("repo", &["hash-object", "-w", "--stdin"], &noise);
        self.git("repo", &["hash-object", "-w", "--stdin"], b"");
    }

    /// Every object as git tells it.
    fn by_git(&self, dir: &str) -> Objects {
        let list = self.git(dir, &["cat-file", "--batch-all-objects", "--batch"], b"");
        let (mut objects, mut rest) = (BTreeMap::new(), list.as_slice());
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let line = std::str::from_utf8(&rest[..end]).unwrap();
            let words: Vec<&str> = line.split(' ').collect();
            let size: usize = words[2].parse().unwrap();
            let content = rest[end + 1..end + 1 + size].to_vec();
            objects.insert(words[0].to_owned(), (words[1].to_owned(), content));
            rest = &rest[end + 2 + size..];
        }
        objects
    }

    fn load(&self, dir: &str, id_len: usize) -> Odb {
        let mut problems = Vec::new();
        let odb = Odb::load(&[objects_dir(&self.path(dir))], id_len, &mut problems);
        assert_eq!(problems, []);
        odb
    }

    /// Compares, and gives how many objects are stored how: loose, whole in a pack, as a delta.
    #[track_caller]
    fn compare(&self, dir: &str, id_len: usize) -> Vec<Place> {
        self.compare_with(&self.by_git(dir), dir, id_len, id_len == 20)
    }

    #[track_caller]
    fn compare_with(&self, expected: &Objects, dir: &str, id_len: usize, with_libgit2: bool) -> Vec<Place> {
        let odb = self.load(dir, id_len);
        let libgit2 = with_libgit2.then(|| git2::Repository::open(self.path(dir)).unwrap());
        let theirs = libgit2.as_ref().map(|repo| repo.odb().unwrap());
        let mut reader = Reader::new(&odb, 3);
        let mut places = Vec::new();
        assert_eq!(odb.ids.count(), expected.len());
        for (id, (kind, content)) in expected {
            let id = Oid::from_hex(id.as_bytes()).unwrap();
            let number = odb.ids.find(id.as_bytes()).unwrap();
            let (ours, text) = reader.object(number, u64::MAX).unwrap();
            assert_eq!((ours.word(), &text), (kind.as_str(), content), "{id}");
            assert_eq!(reader.kind(odb.node(number).unwrap()).unwrap(), ours, "{id}");
            if let Some(theirs) = &theirs {
                let object = theirs.read(git2::Oid::from_bytes(id.as_bytes()).unwrap()).unwrap();
                assert_eq!((object.kind().str(), object.data()), (ours.word(), text.as_slice()), "{id}");
            }
            for node in odb.copies(number) {
                assert_eq!(reader.node(node, u64::MAX).unwrap(), (ours, text.clone()), "{id}");
                assert_eq!(odb.number(node), Some(number));
                places.push(odb.place(node).unwrap());
            }
        }
        assert_eq!(odb.ids.find(&vec![0xab; id_len]), None);
        places
    }
}

fn objects_dir(dir: &Path) -> PathBuf {
    if dir.join("objects").is_dir() { dir.join("objects") } else { dir.join(".git/objects") }
}

fn loose(places: &[Place]) -> usize {
    places.iter().filter(|place| matches!(place, Place::Loose(_))).count()
}

#[test]
fn in_every_way_that_git_stores_them() {
    for (format, id_len) in [("sha1", 20), ("sha256", 32)] {
        let ground = Ground::new(format);
        ground.import(0, 60);
        ground.git("repo", &["tag", "-a", "-m", "x", "tag", "b0"], b"");
        let places = ground.compare("repo", id_len);
        assert!(loose(&places) == 3 && places.len() > 200, "{format}: {} of {}", loose(&places), places.len());

        // Deltas by offset, deltas by id, and the index of the first version.
        let repack = ["repack", "-q", "-a", "-d", "-f", "-k", "--depth=30", "--window=40"];
        ground.git("repo", &repack, b"");
        ground.git("repo", &["prune-packed"], b"");
        let whole = ground.compare("repo", id_len);
        assert_eq!(loose(&whole), 0);
        ground.git("repo", &[&["-c", "repack.useDeltaBaseOffset=false"], &repack[..]].concat(), b"");
        assert_eq!(ground.compare("repo", id_len).len(), whole.len());
        ground.git("repo", &[&["-c", "pack.indexVersion=1"], &repack[..]].concat(), b"");
        assert_eq!(ground.compare("repo", id_len).len(), whole.len());

        // Several packs, objects in two of them, and loose ones beside them.
        ground.import(60, 30);
        ground.git("repo", &["repack", "-q"], b"");
        ground.import(90, 30);
        ground.git("repo", &["hash-object", "-w", "--stdin"], b"loose");
        let head = ground.git("repo", &["rev-parse", "b0"], b"");
        ground.git("repo", &["pack-objects", "-q", ".git/objects/pack/pack"], &head);
        let places = ground.compare("repo", id_len);
        assert!(loose(&places) > 0 && places.len() > ground.by_git("repo").len());

        // The packs are known to the multi-pack-index alone: git finds each object and lists none, and libgit2
        // finds none.
        ground.git("repo", &["multi-pack-index", "write"], b"");
        let expected = ground.by_git("repo");
        let packs = ground.path("repo/.git/objects/pack").read_dir().unwrap().map(|entry| entry.unwrap().path());
        packs.filter(|path| path.extension().is_some_and(|end| end == "idx")).for_each(|path| {
            std::fs::remove_file(path).unwrap();
        });
        ground.compare_with(&expected, "repo", id_len, false);
    }
}

#[test]
fn alternates_of_alternates() {
    let ground = Ground::new("sha1");
    ground.import(0, 10);
    ground.git("", &["clone", "-q", "--bare", "--shared", "repo", "one two"], b"");
    ground.git("", &["clone", "-q", "--bare", "--reference", "one two", "one two", "three"], b"");
    let all = ground.by_git("repo").len();
    for dir in ["one two", "three"] {
        assert_eq!(ground.compare(dir, 20).len(), all, "{dir}");
    }
    let file = ground.path("three/objects/info/alternates");
    std::fs::write(&file, "# a comment\n\n\"../../one\\040two/objects\"\n../../one two/objects\n./\n").unwrap();
    assert_eq!(ground.compare("three", 20).len(), all);

    std::fs::write(&file, "/nowhere/objects\n").unwrap();
    let mut problems = Vec::new();
    Odb::load(&[ground.path("three/objects")], 20, &mut problems);
    assert_eq!(problems.len(), 1);
}

#[test]
fn limits_are_kept() {
    let ground = Ground::new("sha1");
    ground.import(0, 20);
    ground.git("repo", &["repack", "-q", "-a", "-d", "-f", "-k"], b"");
    let odb = ground.load("repo", 20);
    let mut reader = Reader::new(&odb, 3);
    for number in odb.numbers() {
        let (_, content) = reader.object(number, u64::MAX).unwrap();
        let size = content.len() as u64;
        assert_eq!(reader.object(number, size).map(|(_, text)| text), Ok(content));
        if size > 0 {
            assert!(reader.object(number, size - 1).is_err());
        }
    }
}

/// A long chain of versions is made once, in whatever order they are asked for, and not once for each of them.
#[test]
fn a_long_chain_takes_no_more_work_than_a_short_one() {
    let ground = Ground::new("sha1");
    let mut stream = String::new();
    for commit in 0..600 {
        let lines: String = (0..60).map(|line| format!("line {line} since {}\n", (commit + 59 - line) / 60)).collect();
        stream += &format!("commit refs/heads/main\ncommitter A <a@example.com> {commit} +0000\ndata 1\nx\n");
        stream += &format!("M 644 inline text\ndata {}\n{lines}\n", lines.len());
    }
    ground.git("repo", &["fast-import", "--quiet"], stream.as_bytes());
    ground.git("repo", &["repack", "-q", "-a", "-d", "-f", "--depth=4000", "--window=20"], b"");
    let odb = ground.load("repo", 20);
    let blobs = |reader: &mut Reader<'_>| {
        odb.numbers().filter(|number| reader.object(*number, 1 << 20).unwrap().0 == Kind::Blob).count()
    };
    let all = blobs(&mut Reader::new(&odb, 3));
    assert!(all > 500, "{all}");
    assert!(odb.bases.made() <= 2 * odb.ids.count(), "{} for {}", odb.bases.made(), odb.ids.count());
}

/// Every byte of a small pack and of its index, one after the other, is another: nothing panics, and what is read is
/// right or refused.
#[test]
fn damage_is_noticed() {
    let ground = Ground::new("sha1");
    ground.import(0, 6);
    ground.git("repo", &["rm", "-q", "--cached", "-r", "--ignore-unmatch", "."], b"");
    ground.git("repo", &["pack-objects", "-q", "--all", "--window=10", "small"], b"");
    ground.git("", &["init", "-q", "--bare", "small.git"], b"");
    let packs = ground.path("small.git/objects/pack");
    let (mut pack, mut index) = (Vec::new(), Vec::new());
    for path in ground.path("repo").read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        match path.extension().and_then(|end| end.to_str()) {
            Some("pack") => pack = std::fs::read(&path).unwrap(),
            Some("idx") => index = std::fs::read(&path).unwrap(),
            _ => {}
        }
    }
    let write = |name: &str, bytes: &[u8]| std::fs::write(packs.join(name), bytes).unwrap();
    let read = || -> (usize, usize) {
        let odb = Odb::load(&[ground.path("small.git/objects")], 20, &mut Vec::new());
        let mut reader = Reader::new(&odb, 3);
        let right = odb.numbers().filter(|number| reader.object(*number, 1 << 20).is_ok()).count();
        (right, odb.ids.count())
    };
    write("pack-x.pack", &pack);
    write("pack-x.idx", &index);
    let (right, all) = read();
    assert!(right == all && all > 20);
    let mut noticed = 0;
    for at in (0..pack.len()).step_by(3) {
        let mut bad = pack.clone();
        bad[at] ^= 0x11;
        write("pack-x.pack", &bad);
        noticed += usize::from(read() != (all, all));
    }
    assert!(noticed > pack.len() / 3 / 2, "{noticed} of {}", pack.len() / 3);
    write("pack-x.pack", &pack);
    for at in (0..index.len()).step_by(13) {
        let mut bad = index.clone();
        bad[at] ^= 0x81;
        write("pack-x.idx", &bad);
        let (right, listed) = read();
        assert!(right <= all && (listed == 0 || listed == all), "{at}");
    }
}

#[test]
fn a_pack_in_the_making_and_strange_files_are_passed_over() {
    let ground = Ground::new("sha1");
    ground.import(0, 3);
    let packs = ground.path("repo/.git/objects/pack");
    std::fs::write(packs.join("tmp_pack_x"), b"half a pack").unwrap();
    std::fs::write(packs.join("pack-0000.pack"), b"half a pack").unwrap();
    std::fs::write(packs.join("pack-0001.idx"), b"half an index").unwrap();
    std::fs::create_dir(ground.path("repo/.git/objects/zz")).unwrap();
    std::fs::create_dir_all(ground.path("repo/.git/objects/00")).unwrap();
    std::fs::write(ground.path("repo/.git/objects/00/tmp_obj_x"), b"half").unwrap();
    let odb = ground.load("repo", 20);
    assert_eq!(odb.ids.count(), ground.by_git("repo").len());
    let mut reader = Reader::new(&odb, 3);
    assert!(odb.numbers().all(|number| reader.object(number, 1 << 20).is_ok()));
    assert!(odb.numbers().filter(|number| reader.object(*number, 1 << 20).unwrap().0 == Kind::Commit).count() == 3);
}
