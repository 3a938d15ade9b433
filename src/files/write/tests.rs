#![allow(clippy::disallowed_methods, reason = "somebody else's editor")]

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;

use tempfile::TempDir;

use super::*;

/// A directory with an env file.
fn directory(mode: u32) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(&dir.path().join(".env"), "A=1\n", mode);
    dir
}

fn put(file: &Path, text: &str, mode: u32) {
    std::fs::write(file, text).unwrap();
    set(file, mode);
}

fn set(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn lock(dir: &TempDir) -> PrivateDir {
    PrivateDir::lock(&Root::open(dir.path()).unwrap(), &RelPath::default()).unwrap()
}

fn view(dir: &TempDir) -> PrivateDir {
    PrivateDir::view(&Root::open(dir.path()).unwrap(), &RelPath::default()).unwrap()
}

fn held(dir: &PrivateDir) -> Held {
    dir.read(b".env").unwrap().unwrap().1
}

fn new() -> Secret {
    Secret::copy_of(b"A=new\n")
}

fn text(dir: &TempDir) -> String {
    std::fs::read_to_string(dir.path().join(".env")).unwrap()
}

fn mode(dir: &TempDir) -> u32 {
    dir.path().join(".env").metadata().unwrap().mode() & 0o7777
}

#[test]
fn a_change_within_one_tick_of_the_clock_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(".env");
    std::fs::write(&file, "A=1\n").unwrap();
    let locked = PrivateDir::lock(&Root::open(dir.path()).unwrap(), &RelPath::default()).unwrap();
    let (_, before) = locked.read(b".env").unwrap().unwrap();
    std::fs::write(&file, "A=2\n").unwrap();
    let (_, after) = locked.read(b".env").unwrap().unwrap();
    // What an older kernel says: the same inode, size and times.
    let held = Held { identity: after.identity, ..before };
    let new = Secret::copy_of(b"A=3\n");
    assert_eq!(locked.write(b".env", &new, Some(&held), None), Err(Refusal::Changed));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "A=2\n");
    locked.write(b".env", &new, Some(&after), None).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "A=3\n");
}

#[test]
fn a_file_that_was_replaced_by_one_like_it_is_another() {
    let dir = directory(0o600);
    let locked = lock(&dir);
    let before = held(&locked);
    put(&dir.path().join("other"), "A=1\n", 0o600);
    std::fs::rename(dir.path().join("other"), dir.path().join(".env")).unwrap();
    assert_eq!(locked.write(b".env", &new(), Some(&before), None), Err(Refusal::Changed));
    assert_eq!(locked.write(b".env", &new(), None, None), Err(Refusal::Changed));
    assert_eq!(text(&dir), "A=1\n");
}

#[test]
fn a_written_file_is_private_and_a_rewritten_one_keeps_its_mode() {
    for (before, after) in [(0o600, 0o600), (0o400, 0o400), (0o640, 0o600), (0o644, 0o600), (0o700, 0o600)] {
        let dir = directory(before);
        let locked = lock(&dir);
        locked.rewrite(b".env", &new(), &held(&locked)).unwrap();
        assert_eq!((text(&dir).as_str(), mode(&dir)), ("A=new\n", before));
        locked.write(b".env", &Secret::copy_of(b"A=newer\n"), Some(&held(&locked)), None).unwrap();
        assert_eq!((text(&dir).as_str(), mode(&dir)), ("A=newer\n", after), "{before:o}");
        locked.remove(b".env").unwrap();
        locked.write(b".env", &new(), None, None).unwrap();
        assert_eq!((locked.names().unwrap(), mode(&dir)), (vec![".env".to_owned()], 0o600));
    }
}

#[test]
fn who_only_views_writes_nothing() {
    let dir = directory(0o600);
    let view = view(&dir);
    assert_eq!(view.write(b".env", &new(), Some(&held(&view)), None), Err(Refusal::Locked));
    assert_eq!(view.rewrite(b".env", &new(), &held(&view)), Err(Refusal::Locked));
    assert_eq!(view.remove(b".env"), Err(Refusal::Locked));
    assert_eq!(text(&dir), "A=1\n");
}

#[test]
fn what_is_no_private_file() {
    let dir = directory(0o600);
    let path = |name: &str| dir.path().join(name);
    symlink(".env", path("link")).unwrap();
    std::fs::create_dir(path("directory")).unwrap();
    std::fs::hard_link(path(".env"), path("second")).unwrap();
    nix::unistd::mkfifo(&path("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    for dir in [lock(&dir), view(&dir)] {
        for (name, refusal) in [
            ("link", Refusal::Link),
            ("directory", Refusal::Directory),
            ("second", Refusal::HardLink),
            (".env", Refusal::HardLink),
            ("pipe", Refusal::NotAFile),
        ] {
            assert_eq!(dir.read(name.as_bytes()).err(), Some(refusal), "{name}");
        }
        assert!(dir.read(b"none").unwrap().is_none());
    }
}

/// A run that was killed left its file under two names, and half of another one. Those who read see the file; the next
/// run removes the rest.
#[test]
fn what_a_killed_run_left() {
    let dir = directory(0o600);
    std::fs::hard_link(dir.path().join(".env"), dir.path().join(".env.envward-1.tmp")).unwrap();
    assert!(view(&dir).read(b".env").unwrap().is_some());
    std::fs::hard_link(dir.path().join(".env"), dir.path().join("third")).unwrap();
    assert_eq!(view(&dir).read(b".env").err(), Some(Refusal::HardLink));
    std::fs::remove_file(dir.path().join("third")).unwrap();
    put(&dir.path().join("b.envward-2.tmp"), "half", 0o600);
    std::fs::create_dir(dir.path().join("c.envward-3.tmp")).unwrap();
    let locked = lock(&dir);
    assert!(locked.read(b".env").unwrap().is_some());
    let mut names = locked.names().unwrap();
    names.sort();
    assert_eq!(names, [".env", "c.envward-3.tmp"]);
}

/// In a directory that everyone may write, somebody else may put a file or a link where one is about to be written.
#[test]
fn where_others_may_write() {
    let dir = directory(0o600);
    let locked = lock(&dir);
    let (own, mut planted) = (held(&locked), held(&locked));
    planted.owner.uid += 4711;
    for (mode, of_own, of_planted) in [
        (0o755, Ok(()), Ok(())),
        (0o1777, Ok(()), Err(Refusal::OpenDirectory)),
        (0o777, Err(Refusal::OpenDirectory), Err(Refusal::OpenDirectory)),
    ] {
        set(dir.path(), mode);
        assert_eq!((locked.admits(Some(&own)), locked.admits(Some(&planted))), (of_own, of_planted), "{mode:o}");
        assert_eq!(locked.admits(None), of_own, "{mode:o}");
    }
}

#[test]
fn nothing_is_written_through_a_link_in_the_place_of_the_temporary_name() {
    let dir = directory(0o600);
    let locked = lock(&dir);
    put(&dir.path().join("other"), "theirs", 0o600);
    symlink("other", dir.path().join(temporary::name(b".env"))).unwrap();
    assert!(locked.write(b".env", &new(), Some(&held(&locked)), None).is_err());
    assert_eq!((text(&dir).as_str(), std::fs::read(dir.path().join("other")).unwrap()), ("A=1\n", b"theirs".to_vec()));
}

/// What another machine swept, and made again.
#[test]
fn a_temporary_name_that_is_another_file_is_not_put_in_place() {
    let dir = directory(0o600);
    let locked = lock(&dir);
    let file = File::open(dir.path().join(".env")).unwrap();
    assert_eq!(locked.is_the(OsStr::new(".env"), &file), Ok(()));
    put(&dir.path().join("other"), "A=1\n", 0o600);
    for name in ["other", "none"] {
        assert_eq!(locked.is_the(OsStr::new(name), &file), Err(Refusal::Changed), "{name}");
    }
}

#[test]
fn a_link_gives_a_name_that_is_free_and_the_temporary_one_goes() {
    let dir = directory(0o600);
    let locked = lock(&dir);
    assert_eq!(locked.place(OsStr::new(".env"), b".env", false), Err(Refusal::Changed));
    std::fs::hard_link(dir.path().join(".env"), dir.path().join("second")).unwrap();
    assert_eq!(locked.settled(Some(OsStr::new("second"))), Ok(()));
    assert_eq!(locked.names().unwrap(), [".env"]);
    let cause = Cause::System(Errno::NOENT.raw_os_error());
    assert_eq!(locked.settled(Some(OsStr::new("second"))), Err(Refusal::Unsettled(cause)));
}

/// Root can give a file away, and nobody else.
#[test]
fn a_new_file_gets_its_owner() {
    let dir = directory(0o600);
    let locked = lock(&dir);
    let owner = Owner { uid: 4711, gid: 4712 };
    let written = locked.write(b"new", &new(), None, Some(owner));
    if rustix::process::geteuid().is_root() {
        let found = dir.path().join("new").metadata().unwrap();
        assert_eq!((written, found.uid(), found.gid()), (Ok(()), 4711, 4712));
    } else {
        assert_eq!((written, locked.names().unwrap()), (Err(Refusal::Owner), vec![".env".to_owned()]));
    }
}
