//! The rows: what the ledger says, once; changes, and what is gone.

use std::fs;

use serde_json::Value;

use super::{Database, fails, fill, succeeds};

const ENV: &str = "NODE_ENV=production\nDB_PASSWORD={password}\nJWT_SECRET={hex64}\n";

#[test]
fn the_table_says_what_the_ledger_says() {
    let Some(database) = Database::start() else { return };
    let host = database.host("web1", ENV);
    let record = |args: &[&str]| drop(host.sandbox.envward(&[&["rotation"], args].concat()).code(0));
    record(&["record", "DB_PASSWORD", "--at", "2026-01-01", "--reason", "audit"]);
    record(&["record", "DB_PASSWORD", "--expires", "2099-03-01"]);
    record(&["rotate", "JWT_SECRET"]);
    record(&["promote", "JWT_SECRET"]);
    let key = ["key", "new", "--prefix", "takumi_admin", "--name", "ops", "--out", "../key"];
    drop(host.sandbox.envward(&key).code(0));
    database.push(&host);

    let ledger = host.sandbox.envward(&["rotation", "status", "--format", "json", "--exit-zero"]).code(0).json();
    let fleet = database.status(&["--format", "json", "--exit-zero"]).run().code(0).json();
    let rows = fleet["secrets"].as_array().unwrap();
    let secrets = ledger["secrets"].as_array().unwrap();
    assert!(secrets.len() >= 3, "{ledger:#}");
    for secret in secrets {
        let is_its = |row: &&Value| ["file", "key", "state"].iter().all(|field| row[field] == secret[field]);
        let row = rows.iter().find(is_its).unwrap_or_else(|| panic!("{secret:#} is missing in {fleet:#}"));
        for field in
            ["environment", "class", "urgency", "age_days", "age_basis", "since", "soft_due", "hard_due", "proven"]
        {
            assert_eq!(row[field], secret[field], "{field} of {secret:#}");
        }
        assert_eq!((&row["host"], &row["project"]), (&"web1".into(), &"shop".into()));
    }
    for expiry in ledger["expiries"].as_array().unwrap() {
        assert!(rows.iter().any(|row| row["key"] == expiry["key"] && row["expires"] == expiry["expires"]), "{fleet:#}");
    }
    for key in ledger["keys"].as_array().unwrap() {
        let name = format!("{}_{}", key["prefix"].as_str().unwrap(), key["id"].as_str().unwrap());
        let row = rows.iter().find(|row| row["key"] == name.as_str()).unwrap();
        assert_eq!((&row["kind"], &row["hard_due"]), (&"admin key".into(), &key["hard_due"]));
    }
    assert_eq!(rows.len(), secrets.len() + 1, "{fleet:#}");
    assert_eq!(
        database.ask("SELECT count(*) FROM envward.secrets WHERE last_seen = current_date AND kind = 'secret'"),
        secrets.len().to_string()
    );
    assert_eq!(
        database
            .ask("SELECT rotated = current_date FROM envward.secrets WHERE key = 'JWT_SECRET' AND state = 'current'"),
        "t"
    );
}

#[test]
fn twice_is_once_and_every_change_is_an_event() {
    let Some(database) = Database::start() else { return };
    let host = database.host("web1", ENV);
    let events = || database.ask("SELECT what, key FROM envward.events ORDER BY id");
    database.push(&host);
    database.push(&host);
    assert_eq!(events(), "added|DB_PASSWORD\nadded|JWT_SECRET");

    drop(
        host.sandbox.envward(&["rotation", "record", "DB_PASSWORD", "--at", "2026-01-01", "--reason", "audit"]).code(0),
    );
    database.push(&host);
    assert!(events().ends_with("\nchanged|DB_PASSWORD"), "{}", events());
    let changes: Value =
        serde_json::from_str(&database.ask("SELECT changes FROM envward.events ORDER BY id DESC LIMIT 1")).unwrap();
    assert_eq!((&changes["age_basis"][1], &changes["since"][1]), (&"declared".into(), &"2026-01-01".into()));
    assert!(changes.get("key").is_none() && changes.get("last_seen").is_none(), "{changes}");

    // A secret goes away, and comes back.
    let file = host.sandbox.path(".env");
    let before = fs::read_to_string(&file).unwrap();
    fs::write(&file, fill("NODE_ENV=production\nDB_PASSWORD={password}\n")).unwrap();
    database.push(&host);
    assert_eq!(database.ask("SELECT key FROM envward.secrets WHERE gone IS NOT NULL"), "JWT_SECRET");
    assert!(!database.table().contains("JWT_SECRET"));
    assert!(events().ends_with("\ngone|JWT_SECRET"), "{}", events());
    fs::write(&file, before).unwrap();
    database.push(&host);
    assert_eq!(database.ask("SELECT count(*) FROM envward.secrets WHERE gone IS NOT NULL"), "0");
    assert!(events().ends_with("\nreturned|JWT_SECRET"), "{}", events());
}

/// What a host cannot read may still be there.
#[test]
fn a_report_that_is_not_complete_takes_nothing_away() {
    let Some(database) = Database::start() else { return };
    let host = database.host("web1", ENV);
    host.sandbox.file("b/.env", 0o600, fill("# envward: expires 2030-01-01\nPORT=80\nAPI_KEY={token}\n"));
    database.push(&host);
    let rows = database.ask("SELECT count(*) FROM envward.secrets");
    fs::remove_file(host.sandbox.path("b/.env")).unwrap();
    host.sandbox.fifo("b/.env");
    let args = ["rotation", "export", "--format", "sql", "--host", "web1"];
    let output = host.sandbox.envward(&args).code(2);
    assert!(output.stderr.contains("not examined in "), "{}", output.stderr);
    succeeds(&database.give("web1", &output.stdout));
    assert_eq!(database.ask("SELECT count(*) FROM envward.secrets WHERE gone IS NULL"), rows);
    let shown = database.status(&[]).run().code(2).stdout;
    assert!(
        shown.contains("web1 could not examine everything in shop\n  -> on web1: envward rotation status"),
        "{shown}"
    );
}

/// A part of a project would make all else look gone.
#[test]
fn the_whole_project_is_sent_whatever_is_asked() {
    let Some(database) = Database::start() else { return };
    let host = database.host("web1", ENV);
    host.sandbox.file("b/.env", 0o600, fill("API_KEY={token}\n"));
    succeeds(&database.give("web1", &host.sql(&["b"])));
    assert_eq!(database.ask("SELECT count(*) FROM envward.secrets"), "3");
}

#[test]
fn a_script_that_is_cut_off_writes_nothing() {
    let Some(database) = Database::start() else { return };
    let host = database.host("web1", ENV);
    database.push(&host);
    let rows = || database.ask("SELECT host, key, since, gone FROM envward.secrets ORDER BY key");
    let (before, events) = (rows(), database.ask("SELECT count(*) FROM envward.events"));
    drop(host.sandbox.envward(&["rotation", "record", "DB_PASSWORD", "--at", "2020-01-01", "--reason", "x"]).code(0));
    let script = host.sql(&[]);
    let call = script.find("CALL ").unwrap();
    for end in [10, call / 2, call, call + 40, script.len() - 12, script.len() - "COMMIT;\n".len()] {
        drop(database.give("web1", &script[..end]));
        assert_eq!(rows(), before, "{end}");
    }
    assert_eq!(database.ask("SELECT count(*) FROM envward.events"), events);
}

/// The database has the schema of a newer envward, or something else under its name.
#[test]
fn an_unknown_schema_is_left_alone() {
    let Some(database) = Database::start() else { return };
    let host = database.host("web1", ENV);
    database.push(&host);
    drop(database.ask("UPDATE envward.schema_version SET version = 2"));
    let received = database.ask("SELECT received FROM envward.reports");
    let said = fails(&database.give("web1", &host.sql(&[])));
    assert!(said.contains("the database has version 2") && said.contains("update envward on this host"), "{said}");
    let schema = database.sandbox.envward(&["rotation", "export", "--format", "sql", "--schema"]).code(0).stdout;
    assert!(fails(&database.give("admin", &schema)).contains("knows version 1"));
    assert_eq!(database.ask("SELECT received FROM envward.reports"), received);
}

/// No value in what is printed, in the table, or in what the server wrote down.
#[test]
fn no_value_leaves_the_host() {
    let Some(database) = Database::start() else { return };
    let host = database.host("web1", ENV);
    let script = host.sql(&[]);
    database.push(&host);
    let dump = database.ask("SELECT to_jsonb(s) FROM envward.secrets s; SELECT to_jsonb(e) FROM envward.events e");
    let fingerprints = {
        let ledger = crate::common::ledger::ledger(&host.sandbox);
        let mut query = ledger.prepare("SELECT hex(mark) FROM value WHERE mark IS NOT NULL").unwrap();
        let all: Vec<String> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        all
    };
    assert_eq!(fingerprints.len(), 2);
    let values = [fill("{password}"), fill("{hex64}")];
    for text in [script, dump, database.server.log(), database.table()] {
        for value in values.iter().chain(&fingerprints) {
            let marker = crate::common::leak::Marker::new(value);
            assert_eq!(marker.find(text.as_bytes()), None);
        }
    }
}
