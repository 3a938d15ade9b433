//! The keys as PostgreSQL.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::ledger::KeyRecord;
use crate::secret::apikey::Id;

/// One transaction, that can be run again: a key that the database knows to be revoked stays so.
const START: &str = "\
-- Admin API keys: their hashes, not the keys. Find a key by its id, verify it with argon2id, and refuse it if
-- revoked_at or expires_at says so.
BEGIN;
SET LOCAL standard_conforming_strings = on;
CREATE TABLE IF NOT EXISTS admin_api_keys (
    id text PRIMARY KEY CHECK (id ~ '^[0-9A-Za-z]{10}$'),
    prefix text NOT NULL,
    name text NOT NULL,
    hash text NOT NULL CHECK (hash LIKE '$argon2id$%'),
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    replaced_by text
);
INSERT INTO admin_api_keys (id, prefix, name, hash, created_at, expires_at, revoked_at, replaced_by) VALUES
";

const END: &str = "
ON CONFLICT (id) DO UPDATE SET
    name = EXCLUDED.name,
    hash = EXCLUDED.hash,
    expires_at = EXCLUDED.expires_at,
    revoked_at = COALESCE(admin_api_keys.revoked_at, EXCLUDED.revoked_at),
    replaced_by = EXCLUDED.replaced_by;
COMMIT;
";

/// The table, and a row for each of the keys, of which there must be one.
pub(super) fn export(keys: &[KeyRecord]) -> String {
    let rows: Vec<String> = keys.iter().map(row).collect();
    format!("{START}{}{END}", rows.join(",\n"))
}

fn row(key: &KeyRecord) -> String {
    // The instant from which it is no match any more.
    let expires = key.expires.and_then(|last| last.checked_add(1.day()).ok()).map(midnight);
    let fields = [
        quoted(key.id.as_str()),
        quoted(key.prefix.as_str()),
        quoted(&key.name),
        quoted(&key.hash),
        quoted(&key.made.to_string()),
        optional(expires.as_deref()),
        optional(key.revoked.map(midnight).as_deref()),
        optional(key.replaced_by.as_ref().map(Id::as_str)),
    ];
    format!("    ({})", fields.join(", "))
}

fn midnight(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

fn optional(text: Option<&str>) -> String {
    text.map_or("NULL".to_owned(), quoted)
}

/// A string constant of standard SQL, in which a backslash is a backslash. No constant holds a NUL: names have none.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted() {
        assert_eq!(quoted("it's"), "'it''s'");
        assert_eq!(quoted("'); DROP TABLE admin_api_keys; --"), "'''); DROP TABLE admin_api_keys; --'");
        assert_eq!(quoted("a\\'b$1:name"), "'a\\''b$1:name'");
    }

    #[test]
    fn a_day_ends_at_midnight() {
        assert_eq!(midnight("2026-12-31".parse().unwrap()), "2026-12-31T00:00:00Z");
    }
}
