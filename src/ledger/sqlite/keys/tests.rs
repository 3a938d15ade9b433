#![allow(clippy::disallowed_methods, reason = "the tests damage files")]

use super::*;
use crate::ledger::{KeyState, Ledger as _, StateDir};

fn ledger() -> (tempfile::TempDir, Sqlite) {
    let root = tempfile::tempdir().unwrap();
    let ledger = Sqlite::open(&StateDir::make(&root.path().join("state")).unwrap()).unwrap();
    (root, ledger)
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn key(id: &str) -> KeyRecord {
    KeyRecord {
        id: Id::new(id).unwrap(),
        prefix: Prefix::new("takumi_admin").unwrap(),
        name: "ops \"laptop\" it's".into(),
        hash: "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA".into(),
        made: "2026-01-05T09:00:00Z".parse().unwrap(),
        by: "ada".into(),
        expires: None,
        verified: None,
        revoked: None,
        reason: None,
        replaced_by: None,
        reminded: None,
    }
}

#[test]
fn what_is_written_is_read_back() {
    let (_root, mut ledger) = ledger();
    assert_eq!(ledger.keys("takumi").unwrap(), []);
    let mut full = key("aaaaaaaaaa");
    full.expires = Some(date("2026-12-31"));
    full.verified = Some(date("2026-02-01"));
    full.revoked = Some(date("2026-03-01"));
    full.reason = Some("lost".into());
    full.reminded = Some(date("2026-02-02"));
    // The one that names another stands before it.
    full.replaced_by = Some(Id::new("bbbbbbbbbb").unwrap());
    let all = [full, key("bbbbbbbbbb")];
    ledger.update_keys("takumi", &mut |keys| keys.extend(all.clone())).unwrap();
    assert_eq!(ledger.keys("takumi").unwrap(), all);
    assert_eq!(ledger.keys("other").unwrap(), []);
    // Beside a book of the same project.
    ledger.update("takumi", &mut |_| {}).unwrap();
    ledger.update_keys("takumi", &mut |keys| keys[1].hash = "$argon2id$new".into()).unwrap();
    let kept = ledger.keys("takumi").unwrap();
    assert_eq!((&kept[0], kept[1].hash.as_str(), kept.len()), (&all[0], "$argon2id$new", 2));
}

#[test]
fn a_key_belongs_to_one_project() {
    let (_root, mut ledger) = ledger();
    ledger.update_keys("takumi", &mut |keys| keys.push(key("aaaaaaaaaa"))).unwrap();
    let taken = ledger.update_keys("other", &mut |keys| keys.push(key("aaaaaaaaaa")));
    assert_eq!(taken, Err(Fault::Corrupt));
    assert_eq!(ledger.keys("other").unwrap(), []);
    // One that is replaced by nobody.
    let lost = ledger.update_keys("takumi", &mut |keys| keys[0].replaced_by = Id::new("zzzzzzzzzz"));
    assert_eq!(lost, Err(Fault::Corrupt));
    assert_eq!(ledger.keys("takumi").unwrap(), [key("aaaaaaaaaa")]);
}

#[test]
fn rows_that_make_no_sense_are_no_keys() {
    let changes = [
        "UPDATE api_key SET id = 'short'",
        "UPDATE api_key SET prefix = 'No Prefix'",
        "UPDATE api_key SET made_at = 'yesterday'",
        "UPDATE api_key SET expires = '2026-13-01'",
        "UPDATE api_key SET revoked = 'yes'",
        "UPDATE api_key SET hash = printf('%600s', 'x')",
    ];
    for change in changes {
        let (_root, mut ledger) = ledger();
        ledger.update_keys("takumi", &mut |keys| keys.push(key("aaaaaaaaaa"))).unwrap();
        assert_eq!(ledger.connection.execute(change, []).unwrap(), 1, "{change}");
        assert_eq!(ledger.keys("takumi"), Err(Fault::Corrupt), "{change}");
        assert_eq!(ledger.update_keys("takumi", &mut |_| {}), Err(Fault::Corrupt), "{change}");
    }
}

#[test]
fn a_ledger_from_before_the_registry_gets_one() {
    let (root, mut ledger) = ledger();
    ledger.update("takumi", &mut |_| {}).unwrap();
    ledger.connection.execute_batch("DROP TABLE api_key; DROP TABLE expiry_reminder; ALTER TABLE value DROP COLUMN expires; PRAGMA user_version = 1;").unwrap();
    drop(ledger);
    let dir = StateDir::open(&root.path().join("state")).unwrap().unwrap();
    assert_eq!(Sqlite::read_only(&dir).err(), Some(Fault::Older));
    let mut ledger = Sqlite::open(&dir).unwrap();
    ledger.update_keys("takumi", &mut |keys| keys.push(key("aaaaaaaaaa"))).unwrap();
    assert_eq!(ledger.keys("takumi").unwrap().len(), 1);
    assert!(ledger.read("takumi").unwrap().is_some());
}

#[test]
fn states_and_ages() {
    let mut one = key("aaaaaaaaaa");
    assert_eq!(one.state(date("2036-01-01")), KeyState::Current);
    assert_eq!((one.age(date("2026-01-05")), one.age(date("2026-02-05")), one.age(date("2025-01-01"))), (0, 31, 0));
    one.expires = Some(date("2026-02-28"));
    assert_eq!(one.state(date("2026-02-28")), KeyState::Current);
    assert_eq!(one.state(date("2026-03-01")), KeyState::Expired);
    one.revoked = Some(date("2026-02-01"));
    assert_eq!(one.state(date("2026-02-01")), KeyState::Revoked);
}
