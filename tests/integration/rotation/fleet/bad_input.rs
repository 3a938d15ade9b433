//! A CSV of something else, the table of a newer envward, one that is cut off: said, exit status 2, and the rest is shown.

use super::Database;
use crate::common::{Output, Sandbox};

const HEADER: &str =
    "schema,rows,host,project,received,complete,kind,environment,file,key,state,since,soft_due,hard_due,exposed";

/// A table by hand: these rows behind the header.
fn table(rows: &[&str]) -> String {
    [&[HEADER][..], rows].concat().iter().map(|line| format!("{line}\n")).collect()
}

fn row(host: &str, key: &str, rows: usize) -> String {
    format!(
        "1,{rows},{host},shop,2099-01-01T00:00:00Z,t,secret,production,.env,{key},current,2020-01-01,2020-04-01,2020-07-01,f"
    )
}

#[track_caller]
fn status(csv: &str, options: &[&str], code: i32) -> Output {
    let sandbox = Sandbox::new();
    let command = sandbox.command(&[&["rotation", "status", "--from", "-"], options].concat());
    command.stdin_bytes(csv.as_bytes().to_vec()).run().code(code)
}

#[test]
fn something_else_is_no_table() {
    let text = "print it with psql: psql service=envward";
    for (input, says) in [
        ("", "the input is empty"),
        ("\n\n", "the input is empty"),
        ("name,price\napple,3\n", "not the table of a fleet"),
        ("{\"schema\": \"envward.fleet/1\"}", "not the table of a fleet"),
        ("ERROR:  relation \"envward.fleet\" does not exist\n", "not the table of a fleet"),
        ("host,project\nweb1,shop\n", "not the table of a fleet"),
    ] {
        let output = status(input, &[], 2);
        assert!(output.stderr.contains(says) && output.stderr.contains(text), "{}", output.stderr);
        assert_eq!(output.stdout, "");
        let json = status(input, &["--format", "json"], 2).json();
        assert_eq!((&json["schema"], &json["status"]), (&"envward.fleet/1".into(), &"incomplete".into()));
        assert!(json["problems"][0]["message"].as_str().unwrap().contains(says), "{json:#}");
    }
    let missing = Sandbox::new().envward(&["rotation", "status", "--from", "nowhere.csv"]).code(2);
    assert!(missing.stderr.contains("no such file or directory: nowhere.csv"), "{}", missing.stderr);
}

/// Of a table whose rows cannot be read nothing is known, and nothing is called fresh.
#[test]
fn unreadable_rows_are_not_called_fresh() {
    let broken = row("web1", "DB_PASSWORD", 1).replace(",current,", ",unheard-of,");
    let screen = status(&table(&[&broken]), &[], 2).stdout;
    assert!(screen.ends_with("nothing that was reported is due, 0 secrets on 0 hosts\n"), "{screen}");
    assert!(!screen.contains("projects"), "{screen}");
}

#[test]
fn a_table_that_is_cut_off_shows_the_rest() {
    let whole = table(&[&row("web1", "A_PASSWORD", 2), &row("web2", "B_PASSWORD", 2)]);
    assert!(!status(&whole, &[], 1).stdout.contains("not whole"));
    let last = whole.trim_end().rfind('\n').unwrap() + 1;
    for end in last..whole.len() {
        let output = status(&whole[..end], &["--due"], 2).stdout;
        assert!(output.contains("A_PASSWORD of .env"), "{end}: {output}");
        let says = if end == whole.len() - 1 { "2 of 2 rows" } else { "of 2 rows" };
        assert!(output.contains("the table is not whole: ") && output.contains(says), "{end}: {output}");
        assert!(!output.contains("row is not of this table"), "{end}: {output}");
    }
    // A query with a condition leaves out the column that counts.
    let counted = row("web1", "A_PASSWORD", 9);
    assert!(status(&table(&[&counted]), &[], 2).stdout.contains("leave out the column `rows`"));
    let without = table(&[&counted]).replace(",rows,", ",").replace("1,9,", "1,");
    assert!(!status(&without, &[], 1).stdout.contains("not whole"));
}

#[test]
fn a_newer_table_shows_what_can_be_read() {
    let newer = table(&[
        &row("web1", "A_PASSWORD", 2).replacen("1,", "2,", 1),
        &row("web1", "B_PASSWORD", 2).replacen("1,", "2,", 1).replace(",secret,", ",token,"),
    ]);
    let output = status(&newer, &["--due"], 2).stdout;
    assert!(
        output.contains("the table has version 2, and this envward knows version 1")
            && output.contains("update envward"),
        "{output}"
    );
    assert!(
        output.contains("A_PASSWORD of .env") && output.contains("1 row is not of this table; the first is on line 3"),
        "{output}"
    );
}

#[test]
fn broken_rows_are_counted_and_the_rest_is_shown() {
    let good = row("web1", "A_PASSWORD", 5);
    let broken = [
        good.replace("2020-04-01", "next week"),
        good.replace(",shop,", ",shop,more,"),
        good.replace(",f", ",perhaps"),
        good.replace(",current,", ",gone,"),
    ];
    let lines: Vec<&str> = broken.iter().chain([&good]).map(String::as_str).collect();
    let output = status(&table(&lines), &[], 2).stdout;
    assert!(output.contains("4 rows are not of this table; the first is on line 2"), "{output}");
    assert!(output.contains("A_PASSWORD of .env") && output.contains("1 overdue"), "{output}");
    // What a hostile host may have written reaches no terminal.
    let hostile = table(&[&row("web\u{1b}[2J1", "\u{202e}KEY\u{7}", 1)]);
    let output = status(&hostile, &["--color", "never"], 1).stdout;
    assert!(output.contains("web\\u{1b}[2J1") && !output.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{output}");
    let bytes =
        [b"host,project,kind,key,state,soft_due,hard_due,exposed\nweb1,".as_slice(), b"\xff\xfe,,,,,,\n"].concat();
    let sandbox = Sandbox::new();
    let output = sandbox.command(&["rotation", "status", "--from", "-"]).stdin_bytes(bytes).run().code(2);
    assert!(output.stdout.contains("\\xff\\xfe"), "{}", output.stdout);
}

/// Every truncation of what a real server prints.
#[test]
fn every_prefix_of_a_real_table_is_a_problem() {
    let Some(database) = Database::start() else { return };
    let host = database.host("web1", "NODE_ENV=production\nDB_PASSWORD={password}\n");
    database.push(&host);
    let whole = database.table();
    let json = status(&whole, &["--format", "json"], 0).json();
    assert_eq!(json["problems"].as_array().unwrap().len(), 0);
    for end in (0..whole.len()).step_by(7).chain(whole.len() - 3..whole.len()) {
        drop(status(&whole[..end], &[], 2));
    }
    // The settings of a session change neither dates nor truth.
    let question = format!(
        "SET datestyle = 'SQL, DMY'; SET timezone = 'Asia/Tokyo'; SET bytea_output = 'escape'; {}",
        super::TABLE
    );
    let output = database.server.psql("reader", Some(&super::password("reader")), &question);
    let settings = String::from_utf8(output.stdout).unwrap();
    let json = |text: &str| status(text, &["--format", "json"], 0).json()["secrets"].clone();
    assert_eq!(json(&settings), json(&whole));
}
