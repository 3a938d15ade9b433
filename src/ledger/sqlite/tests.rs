#![allow(clippy::disallowed_methods, reason = "the tests make and damage files")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::*;
use crate::env::Key;
use crate::environment::Environment;
use crate::ledger::{
    Basis, Entry, ExpiryReminder, Fingerprint, Held, Proof, Snooze, StatePlace, ValueState, What, When,
};
use crate::path::RelPath;
use crate::secret::class::{Class, Limits};

fn temporary() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn when(day: &str) -> When {
    When { day: day.parse().unwrap(), at: format!("{day}T09:00:00Z").parse().unwrap(), by: "ada".into() }
}

fn entry(file: &str, key: &str) -> Entry {
    let place = (Environment::Production, RelPath::from(file), Key::printable(key.as_bytes()).unwrap());
    let day = "2026-01-05".parse().unwrap();
    let mut entry = Entry::new(place, Class::DatabasePassword, Limits { soft: 90, hard: 180 }, day);
    let fingerprint = Some(Fingerprint { key: [1; 8], bytes: [2; 16] });
    entry.values.push(Held::new(ValueState::Retired, None, (day, Basis::FirstSeen), "ada"));
    entry.values.push(Held::new(ValueState::Current, fingerprint, (day, Basis::Rotated), "ada"));
    entry
}

fn reminder(expires: &str, day: &str) -> ExpiryReminder {
    let key = Key::printable(b"TLS_CERT_FILE").unwrap();
    ExpiryReminder { file: RelPath::from(".env"), key, expires: expires.parse().unwrap(), day: day.parse().unwrap() }
}

fn fill(book: &mut Book) {
    let mut full = entry("a/.env", "DB_PASSWORD");
    full.owner = Some("ops".into());
    full.gone = Some("2026-02-01".parse().unwrap());
    full.snooze = Some(Snooze { until: "2026-03-01".parse().unwrap(), reason: "moving".into() });
    full.reminded = Some("2026-02-02".parse().unwrap());
    full.values[1].rotated = Some("2026-01-06".parse().unwrap());
    full.values[1].reason = Some("why".into());
    full.values[1].unsure = true;
    full.values[1].expires = Some("2027-03-01".parse().unwrap());
    book.entries = vec![full, entry(".env", "REDIS_PASSWORD")];
    book.last_look = Some("2026-02-03".parse().unwrap());
    book.reminded_of_expiry(reminder("2027-03-01", "2026-02-01"));
    book.note(0, Some(ValueState::Current), What::Made, &when("2026-01-05"), Some("init"));
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

fn open(dir: &Path) -> Result<Sqlite, Fault> {
    Sqlite::open(&StateDir::make(dir)?)
}

#[test]
fn what_is_written_is_read_back() {
    let root = temporary();
    let dir = root.path().join("state");
    let mut ledger = open(&dir).unwrap();
    assert_eq!(ledger.read("takumi").unwrap(), None);
    ledger.update("takumi", &mut fill).unwrap();
    let book = ledger.read("takumi").unwrap().unwrap();
    let mut expected = Book::default();
    fill(&mut expected);
    expected.events.clear();
    let mut without_ids = book.clone();
    for entry in &mut without_ids.entries {
        entry.id = None;
        entry.values.iter_mut().for_each(|value| value.id = None);
    }
    assert_eq!(without_ids, expected);
    // Changed in place, not added again.
    ledger.update("takumi", &mut |book| book.entries[1].owner = Some("web".into())).unwrap();
    let again = Sqlite::read_only(&StateDir::open(&dir).unwrap().unwrap()).unwrap().unwrap();
    let again = again.read("takumi").unwrap().unwrap();
    assert_eq!((again.entries.len(), again.entries[1].owner.as_deref()), (2, Some("web")));
    assert_eq!(again.entries[0], book.entries[0]);
    assert_eq!(ledger.read("other").unwrap(), None);
    let events: i64 = ledger.connection.query_row("SELECT count(*) FROM event", [], |row| row.get(0)).unwrap();
    assert_eq!(events, 1);
}

#[test]
fn every_file_is_private_whatever_the_umask() {
    let root = temporary();
    let program = std::env::current_exe().unwrap();
    for umask in ["0000", "0777", "0022"] {
        let dir = root.path().join(umask);
        // The umask belongs to the process: another one, which runs the test below alone.
        let line = format!("umask {umask}; exec \"$0\" --exact ledger::sqlite::tests::makes_a_ledger_where_it_is_told");
        let mut child = std::process::Command::new("sh");
        child.arg("-c").arg(line).arg(&program).env("LEDGER_TEST_DIR", &dir);
        assert!(child.output().unwrap().status.success());
        assert_eq!(mode(&dir), 0o700, "{umask}");
        let mut names: Vec<String> =
            fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["fingerprint.key", "journal-mode", "ledger.sqlite"], "{umask}");
        assert_eq!(mode(&dir.join("fingerprint.key")), 0o600, "{umask}");
        assert_eq!(mode(&dir.join("ledger.sqlite")), 0o600, "{umask}");
        assert_eq!(fs::read_to_string(dir.join("journal-mode")).unwrap(), "600", "{umask}");
    }
}

#[expect(clippy::disallowed_methods, reason = "the test before says where")]
#[test]
fn makes_a_ledger_where_it_is_told() {
    let Some(dir) = std::env::var_os("LEDGER_TEST_DIR") else { return };
    let dir = Path::new(&dir);
    let mut ledger = open(dir).unwrap();
    StateDir::make(dir).unwrap().key_or_new().unwrap();
    ledger
        .update("takumi", &mut |book| {
            fill(book);
        })
        .unwrap();
    // The journal, while there is one.
    let transaction = ledger.connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    transaction.execute("DELETE FROM event", []).unwrap();
    let journal = mode(&dir.join("ledger.sqlite-journal"));
    fs::write(dir.join("journal-mode"), format!("{journal:o}")).unwrap();
    fs::set_permissions(dir.join("journal-mode"), PermissionsExt::from_mode(0o600)).unwrap();
}

#[test]
fn two_writers_at_once_lose_nothing() {
    let root = temporary();
    let dir = root.path().join("state");
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let dir = dir.clone();
            std::thread::spawn(move || {
                // Each makes the ledger, if it is the first, and its key.
                let mut ledger = open(&dir).unwrap();
                StateDir::make(&dir).unwrap().key_or_new().unwrap();
                for count in 0..5 {
                    let key = format!("KEY_{writer}_{count}");
                    ledger.update("takumi", &mut |book| book.entries.push(entry(".env", &key))).unwrap();
                }
            })
        })
        .collect();
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    assert_eq!(open(&dir).unwrap().read("takumi").unwrap().unwrap().entries.len(), 40);
}

/// What is asked while another connection fills the database is answered from before or from after.
#[test]
fn a_ledger_that_is_just_made_is_no_damaged_one() {
    for _ in 0..150 {
        let root = temporary();
        let dir = root.path().join("state");
        StateDir::make(&dir).unwrap();
        let opened: Vec<_> = (0..4)
            .map(|_| {
                let dir = dir.clone();
                std::thread::spawn(move || open(&dir).err())
            })
            .collect();
        for opened in opened {
            assert_eq!(opened.join().unwrap(), None);
        }
    }
}

#[test]
fn a_killed_writer_leaves_all_as_it_was() {
    let root = temporary();
    let (dir, copy) = (root.path().join("state"), root.path().join("copy"));
    let mut ledger = open(&dir).unwrap();
    ledger.update("takumi", &mut fill).unwrap();
    // Spilled to the file before the commit, as a transaction larger than the cache is; and then the process is gone.
    ledger.connection.pragma_update(None, "cache_size", 1).unwrap();
    let transaction = ledger.connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    transaction.execute("UPDATE secret SET owner = printf('%2000s', 'x')", []).unwrap();
    for count in 0..200 {
        let text = format!("{count:2000}");
        transaction.execute("INSERT INTO project (name, last_look) VALUES (?1, ?1)", [text]).unwrap();
    }
    fs::create_dir(&copy).unwrap();
    fs::set_permissions(&copy, PermissionsExt::from_mode(0o700)).unwrap();
    for name in ["ledger.sqlite", "ledger.sqlite-journal"] {
        fs::copy(dir.join(name), copy.join(name)).unwrap();
    }
    drop(transaction);
    let is_damaged = fs::read(copy.join("ledger.sqlite")).unwrap() != fs::read(dir.join("ledger.sqlite")).unwrap();
    assert!(is_damaged, "nothing was spilled: this test shows nothing");
    let state = StateDir::open(&copy).unwrap().unwrap();
    let mended = Sqlite::read_only(&state).unwrap().unwrap();
    assert_eq!(mended.read("takumi").unwrap(), ledger.read("takumi").unwrap());
    assert!(!copy.join("ledger.sqlite-journal").exists());
}

#[test]
fn work_that_fails_half_way_changes_nothing() {
    let root = temporary();
    let dir = root.path().join("state");
    let mut ledger = open(&dir).unwrap();
    ledger.update("takumi", &mut fill).unwrap();
    let before = ledger.read("takumi").unwrap();
    ledger.connection.execute_batch("CREATE TEMP TABLE blocked (x); DROP TABLE event;").unwrap();
    let failed = ledger.update("takumi", &mut |book| {
        book.entries[0].owner = Some("lost".into());
        book.note(0, None, What::Gone, &when("2026-02-03"), None);
    });
    assert!(failed.is_err());
    assert_eq!(ledger.read("takumi").unwrap(), before);
}

#[test]
fn a_ledger_of_an_earlier_version_is_brought_up_to_date() {
    let root = temporary();
    let dir = root.path().join("state");
    let mut ledger = open(&dir).unwrap();
    ledger.update("takumi", &mut fill).unwrap();
    schema::downgrade(&ledger.connection, 3);
    drop(ledger);
    let mut ledger = open(&dir).unwrap();
    let proof = Proof { day: when("2026-02-03").day, kinds: "docker, postgres".into() };
    ledger.update("takumi", &mut |book| book.entries[0].values[0].proof = Some(proof.clone())).unwrap();
    assert_eq!(ledger.read("takumi").unwrap().unwrap().entries[0].values[0].proof, Some(proof));
}

#[test]
fn a_ledger_of_a_later_version_is_left_alone() {
    let root = temporary();
    let dir = root.path().join("state");
    open(&dir).unwrap().connection.pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(dir.join("ledger.sqlite")).unwrap();
    assert_eq!(open(&dir).err(), Some(Fault::Newer));
    assert_eq!(Sqlite::read_only(&StateDir::open(&dir).unwrap().unwrap()).err(), Some(Fault::Newer));
    assert_eq!(fs::read(dir.join("ledger.sqlite")).unwrap(), before);
}

#[test]
fn a_corrupt_file_is_left_alone() {
    let root = temporary();
    let dir = root.path().join("state");
    let mut ledger = open(&dir).unwrap();
    StateDir::make(&dir).unwrap().key_or_new().unwrap();
    ledger.update("takumi", &mut fill).unwrap();
    drop(ledger);
    let path = dir.join("ledger.sqlite");
    let good = fs::read(&path).unwrap();
    let mut garbled = good.clone();
    garbled[4096..4096 + 64].fill(0xa5);
    let foreign = {
        let other = root.path().join("other.sqlite");
        Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
        fs::read(other).unwrap()
    };
    let cases = [
        ("no database", b"this is no database, and long enough to be taken for one".repeat(10)),
        ("cut off", good[..good.len() / 2].to_vec()),
        ("empty, though it was filled once", Vec::new()),
        ("a damaged page", garbled),
        ("another program's", foreign),
    ];
    for (name, bytes) in cases {
        fs::write(&path, &bytes).unwrap();
        assert_eq!(open(&dir).err(), Some(Fault::Corrupt), "{name}");
        assert_eq!(fs::read(&path).unwrap(), bytes, "{name}: it was changed");
    }
}

#[test]
fn rows_that_make_no_sense_are_no_ages() {
    let root = temporary();
    let changes = [
        "UPDATE value SET since = '2026-13-01'",
        "UPDATE value SET basis = 'guessed'",
        "UPDATE value SET state = 'current'",
        "UPDATE secret SET key = 'a b'",
        "UPDATE secret SET class = 'none'",
        "UPDATE value SET mark = NULL",
        "UPDATE secret SET soft = -1",
        "UPDATE secret SET environment = 'prod'",
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let dir = root.path().join(number.to_string());
        let mut ledger = open(&dir).unwrap();
        ledger.update("takumi", &mut fill).unwrap();
        assert!(ledger.connection.execute(change, []).unwrap() > 0, "{change}");
        assert_eq!(ledger.read("takumi").err(), Some(Fault::Corrupt), "{change}");
        assert_eq!(ledger.update("takumi", &mut |_| {}).err(), Some(Fault::Corrupt), "{change}");
    }
}

#[test]
fn what_others_may_open_is_refused() {
    let root = temporary();
    let dir = root.path().join("state");
    let state = StateDir::make(&dir).unwrap();
    drop(Sqlite::open(&state).unwrap());
    drop(state.key_or_new().unwrap());
    for name in ["", "ledger.sqlite", "fingerprint.key"] {
        let path = dir.join(name);
        let before = mode(&path);
        fs::set_permissions(&path, PermissionsExt::from_mode(0o750)).unwrap();
        let opened = || {
            let state = StateDir::make(&dir)?;
            Sqlite::open(&state)?;
            state.key_or_new().map(drop)
        };
        assert_eq!(opened(), Err(Fault::Loose(0o750)), "{name}");
        fs::set_permissions(&path, PermissionsExt::from_mode(before)).unwrap();
        opened().unwrap();
    }
}

#[test]
fn a_link_is_not_followed() {
    let root = temporary();
    let dir = root.path().join("state");
    let state = StateDir::make(&dir).unwrap();
    for name in ["ledger.sqlite", "fingerprint.key"] {
        let target = root.path().join("victim");
        fs::write(&target, "").unwrap();
        symlink(&target, dir.join(name)).unwrap();
        let answer = if name.starts_with('l') { Sqlite::open(&state).map(drop) } else { state.key_or_new().map(drop) };
        assert_eq!(answer, Err(Fault::NotAFile), "{name}");
        assert_eq!(fs::read(&target).unwrap(), b"", "{name}");
        fs::remove_file(dir.join(name)).unwrap();
    }
}

#[test]
fn a_key_is_made_once_and_a_damaged_one_is_no_key() {
    let root = temporary();
    let state = StateDir::make(&root.path().join("state")).unwrap();
    assert!(state.key().unwrap().is_none());
    let key = Key::printable(b"JWT_SECRET").unwrap();
    let value = crate::secret::Secret::copy_of("aK9xQz71LmPw52TtVb".repeat(3).as_bytes());
    let fingerprint = state.key_or_new().unwrap().fingerprint(&key, &value);
    assert!(fingerprint.is_some());
    assert_eq!(state.key_or_new().unwrap().fingerprint(&key, &value), fingerprint);
    let path = state.path().join("fingerprint.key");
    for size in [0, 31, 33] {
        fs::write(&path, vec![7; size]).unwrap();
        assert_eq!(state.key_or_new().err(), Some(Fault::BadKey), "{size}");
    }
}

#[test]
fn inside_the_project() {
    let root = temporary();
    let home = root.path().canonicalize().unwrap();
    let project = home.join("src/app");
    fs::create_dir_all(&project).unwrap();
    symlink(&project, home.join("link")).unwrap();
    let place =
        |dir: &str, is_default: bool| StatePlace { dir: home.join(dir), home: is_default.then(|| home.clone()) };
    let usual = place(".local/state/envward", true);
    assert!(!usual.is_inside(&project));
    assert!(!usual.is_inside(&home), "a home that is a work tree");
    assert!(!usual.is_inside(home.parent().unwrap()));
    assert!(usual.is_inside(&home.join(".local/state")), "a project around the state itself");
    assert!(place(".local/state/envward", false).is_inside(&home), "somebody put it there");
    assert!(place("src/app/state", false).is_inside(&project));
    assert!(place("link/not/yet/there", false).is_inside(&project), "behind a link");
    assert!(!place("src/application", false).is_inside(&project));
}

#[test]
fn the_last_reminder_of_a_date_counts() {
    let root = temporary();
    let mut ledger = open(&root.path().join("state")).unwrap();
    let mut told = |expires: &str, day: &str| {
        ledger.update("takumi", &mut |book| book.reminded_of_expiry(reminder(expires, day))).unwrap();
        ledger.read("takumi").unwrap().unwrap().expiry_reminders
    };
    assert_eq!(told("2027-03-01", "2027-02-01"), [reminder("2027-03-01", "2027-02-01")]);
    assert_eq!(told("2027-03-01", "2027-02-08"), [reminder("2027-03-01", "2027-02-08")]);
    assert_eq!(told("2027-03-01", "2027-02-01"), [reminder("2027-03-01", "2027-02-08")]);
    assert_eq!(told("2028-03-01", "2027-01-01"), [reminder("2028-03-01", "2027-01-01")]);
}

#[test]
fn a_ledger_from_before_expiry_dates_gets_them() {
    let root = temporary();
    let dir = root.path().join("state");
    let mut ledger = open(&dir).unwrap();
    ledger.update("takumi", &mut fill).unwrap();
    schema::downgrade(&ledger.connection, 2);
    drop(ledger);
    let mut ledger = open(&dir).unwrap();
    let book = ledger.read("takumi").unwrap().unwrap();
    assert_eq!((book.entries.len(), book.entries[0].values[1].expires, book.expiry_reminders.len()), (2, None, 0));
    ledger.update("takumi", &mut |book| book.entries[0].values[1].expires = Some(when("2027-03-01").day)).unwrap();
    assert_eq!(ledger.read("takumi").unwrap().unwrap().entries[0].values[1].expires, Some(when("2027-03-01").day));
}
