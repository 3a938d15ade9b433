//! Elsewhere.

use super::*;

#[test]
fn check_knows_a_key_under_any_name() {
    let (sandbox, key) = with_key();
    let found = |text: &str| -> Vec<String> {
        sandbox.file(".env.production", 0o600, text);
        let report = sandbox.envward(&["check", "--no-history", "--format", "json"]).json();
        let findings = report["findings"].as_array().unwrap().iter();
        // Not the notes: no look has told the ledger of this project yet. And not the file of the new key.
        let about = findings.filter(|finding| {
            finding["path"] == ".env.production" && finding["line"] == 1 && finding["severity"] != "note"
        });
        about
            .map(|finding| format!("{} {}", finding["severity"].as_str().unwrap(), finding["check"].as_str().unwrap()))
            .collect()
    };
    assert_eq!(found(&format!("LOGIN={key}\n")), ["error plain-admin-key"]);
    // One character off is no key, and under this name no secret.
    assert_eq!(found(&format!("LOGIN={}\n", key.replace(&id(&key), "AAAAAAAAAA"))), [""; 0]);
    assert_eq!(found("LOGIN=\n"), [""; 0]);
}

#[test]
fn rotation_counts_the_age_and_the_end_of_a_key() {
    let (sandbox, key) = with_key();
    let id = id(&key);
    let status = |more: &[&str], code| sandbox.envward(&[&["rotation", "status"], more].concat()).code(code);
    let table = status(&[], 0).stdout;
    assert!(
        table.contains("admin keys") && table.contains(&format!("{PREFIX}_{id} (ops laptop): 0 days old")),
        "{table}"
    );
    assert_eq!(status(&["--due"], 0).stdout, "");

    plant(&sandbox, "UPDATE api_key SET made_at = '2020-01-05T09:00:00Z'");
    let due = status(&["--due"], 1).stdout;
    let command = format!("-> envward key new --prefix {PREFIX} --name WHO --replaces {id}");
    assert!(due.contains("overdue since 2020-07-03") && due.contains(&command), "{due}");
    let json = status(&["--format", "json"], 1).json();
    let one = &json["keys"][0];
    assert_eq!(
        (&one["id"], &one["urgency"], &one["soft_due"]),
        (&id.as_str().into(), &"overdue".into(), &"2020-04-04".into())
    );
    // A reminder a day, and no second one.
    assert!(status(&["--remind"], 1).stdout.contains(&id));
    assert_eq!(status(&["--remind"], 0).stdout, "");

    // Another one took its place: what is left is to revoke it.
    let other = self::id(&new(&sandbox, "other", &["--replaces", &id]));
    let due = status(&["--due"], 1).stdout;
    assert!(due.contains(&format!("replaced by {other}\n  -> envward key revoke {id}")), "{due}");
    drop(sandbox.envward(&["key", "revoke", &id]).code(0));
    assert_eq!(status(&["--due"], 0).stdout, "");
    // Two weeks before its last day a key is due.
    let soon = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date() + jiff::Span::new().days(7);
    let third = self::id(&new(&sandbox, "third", &["--expires", &soon.to_string()]));
    let due = status(&["--due"], 1).stdout;
    assert!(due.contains(&third) && !due.contains(&other), "{due}");
}

/// As a job asks that runs in `/`, or a service in its own directory.
#[test]
fn every_verb_takes_the_project_from_elsewhere() {
    let (sandbox, key) = with_key();
    let second = new(&sandbox, "second", &[]);
    let root = sandbox.path("").canonicalize().unwrap();
    let root = root.to_str().unwrap();
    sandbox.mkdir("../elsewhere", 0o755);
    let elsewhere = |args: &[&str]| {
        let args = [&["key"], args, &["--project", root]].concat();
        sandbox.command(&args).dir("../elsewhere").stdin(&format!("{key}\n")).run()
    };
    let list = elsewhere(&["list"]).code(0).stdout;
    assert!(list.contains(&id(&key)) && list.contains(&id(&second)), "{list}");
    let answer = elsewhere(&["verify"]).code(0).stdout;
    assert!(answer.starts_with(&format!("match: {} (ops laptop)\n", id(&key))), "{answer}");
    assert!(elsewhere(&["export", "--format", "sql"]).code(0).stdout.contains(&id(&second)));
    drop(elsewhere(&["revoke", &id(&key)]).code(0));
    assert!(elsewhere(&["verify"]).code(1).stdout.contains("was revoked"));
    let made = elsewhere(&[&["new", "--prefix", PREFIX, "--name", "third", "--out", "third"][..], &CHEAP].concat());
    assert!(made.code(0).stdout.starts_with("$argon2id$"));
    let third = fs::read_to_string(sandbox.path("../elsewhere/third")).unwrap();
    let answer = sandbox.command(&["key", "verify", "--project", "."]).stdin(&third).run().code(0);
    assert!(answer.stdout.starts_with(&format!("match: {} (third)\n", id(third.trim_end()))), "{}", answer.stdout);
    // Without it, the project is where one stands: that one has no keys.
    let answer = sandbox.command(&["key", "verify"]).dir("../elsewhere").stdin(&third).run().code(2);
    assert!(answer.stderr.contains("--project"), "{}", answer.stderr);
}
