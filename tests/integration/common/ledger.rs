//! The rotation ledger of a sandbox, and time that goes by.

use std::path::PathBuf;

use rusqlite::Connection;

use super::Sandbox;

/// The state directory that the sandbox's runs use.
pub fn state(sandbox: &Sandbox) -> PathBuf {
    sandbox.root().join("state")
}

/// The ledger, opened past envward.
pub fn ledger(sandbox: &Sandbox) -> Connection {
    Connection::open(state(sandbox).join("ledger.sqlite")).unwrap()
}

/// Puts everything that the ledger knows so many days into the past: time goes by.
pub fn let_pass(sandbox: &Sandbox, days: u32) {
    let ledger = ledger(sandbox);
    let shift = |column: &str| format!("{column} = date({column}, '-{days} days')");
    for (table, columns) in [
        ("project", &["last_look"][..]),
        ("secret", &["first_seen", "last_seen", "gone", "snooze_until", "reminded"]),
        ("value", &["since", "rotated_at", "incident"]),
        ("expiry_reminder", &["day"]),
    ] {
        let changes: Vec<String> = columns.iter().map(|column| shift(column)).collect();
        ledger.execute(&format!("UPDATE {table} SET {}", changes.join(", ")), []).unwrap();
    }
}
