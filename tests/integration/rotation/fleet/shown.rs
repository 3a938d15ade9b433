//! `rotation status --from -`: what is due by host and by project, and which hosts have not reported.

use super::{Database, Host, fill};
use crate::common::schema::validate;
use crate::common::{Sandbox, own_file};

const ENV: &str = "NODE_ENV=production\nDB_PASSWORD={password}\nJWT_SECRET={hex64}\n";

/// Three hosts with something to do on two of them, and one that has a role and never came.
fn fleet(database: &Database) -> [Host; 3] {
    let hosts = ["web1", "web2", "web3"].map(|name| database.host(name, ENV));
    database.role("web4", "envward_host");
    let args = ["rotation", "record", "DB_PASSWORD", "--at", "2020-01-01", "--reason", "audit"];
    drop(hosts[0].sandbox.envward(&args).code(0));
    hosts[1].sandbox.file(".env", 0o600, fill(&ENV.replace("JWT", "# envward: expires 2020-02-01\nJWT")));
    hosts[1].sandbox.git(&["init", "-q"]);
    hosts[1].sandbox.git(&["add", "-f", ".env"]);
    hosts.iter().for_each(|host| database.push(host));
    hosts
}

/// Changes the table past the clock of the database.
fn set(database: &Database, assignment: &str, host: &str) {
    let statement = format!("UPDATE envward.reports SET {assignment} WHERE host = '{host}'");
    drop(database.ask(&format!("SET session_replication_role = replica; {statement}")));
}

#[test]
fn what_is_due_by_host_and_by_project() {
    let Some(database) = Database::start() else { return };
    let _hosts = fleet(&database);
    let shown = database.status(&[]).run().code(2).stdout;
    for text in [
        "web1\n  shop\n    DB_PASSWORD of .env (production): ",
        "days old, overdue since 2020-06-29\n  -> on web1: envward rotation status --due\n",
        "exposed, replace it now: git\n      tracks the file",
        "expired on 2020-02-01",
        "web4 has never reported\n  -> on web4: systemctl status envward-fleet.service\n",
        "web1                             0       1       0       0       1  ",
        "web2                             2       0       0       1       0  ",
        "web3                             0       0       0       0       2  ",
        "web4                             0       0       0       0       0  never\n",
        "shop                             2       1       0       1       3  3\n",
        "2 exposed, 1 overdue, 0 due, 1 expired or about to expire, 6 secrets on 4 hosts\n",
    ] {
        assert!(shown.contains(text), "{text}\n{shown}");
    }
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");

    // One reminder: what is due, and who has not reported.
    let due = database.status(&["--due"]).run().code(2).stdout;
    assert!(
        due.starts_with("web1\n  shop\n    DB_PASSWORD of .env") && due.contains("web4 has never reported"),
        "{due}"
    );
    assert!(!due.contains("web3") && !due.contains("hosts   "), "{due}");
    let text = database.status(&["--format", "json"]).run().code(2).stdout;
    let json = validate(&own_file("docs/fleet.schema.json"), &text);
    assert_eq!((json["secrets"].as_array().unwrap().len(), &json["status"]), (6, &"incomplete".into()));
    let due = database.status(&["--format", "json", "--due"]).run().code(2).json();
    assert_eq!(due["secrets"].as_array().unwrap().len(), 3, "{due:#}");
    assert!(due["secrets"].as_array().unwrap().iter().all(|one| one["is_due"] == true));

    // Nothing to do: nothing is said. Later there is again.
    drop(database.ask("DROP ROLE web1, web2, web4; DELETE FROM envward.reports WHERE host <> 'web3'"));
    assert_eq!(database.status(&["--due"]).run().code(0).normalized(), "");
    let all = database.status(&[]).run().code(0).stdout;
    assert!(all.ends_with("nothing is due, 2 secrets on 1 host\n"), "{all}");
    let soon = database.status(&["--due", "--within", "90d"]).run().code(1).stdout;
    assert!(soon.contains("DB_PASSWORD of .env (production): 0 days old, due on "), "{soon}");
    let later = database.status(&["--as-of", "2099-01-01"]).run().code(1).stdout;
    assert!(later.contains("2 overdue, 0 due"), "{later}");
    drop(database.status(&["--as-of", "2099-01-01", "--exit-zero"]).run().code(0));
}

#[test]
fn hosts_that_are_silent_and_clocks_that_are_wrong() {
    let Some(database) = Database::start() else { return };
    let [web1, web2, web3] = fleet(&database);
    drop(database.ask("DROP ROLE web4"));
    let said = |code: i32| database.status(&["--due"]).run().code(code).stdout;
    assert!(!said(1).contains("reported"), "{}", said(1));
    set(&database, "received = now() - interval '3 days'", "web3");
    let day = database.ask("SELECT (now() AT TIME ZONE 'UTC' - interval '3 days')::date");
    assert!(
        said(2).contains(&format!("web3 has not reported since {day}\n  -> on web3: systemctl status")),
        "{}",
        said(2)
    );
    database.push(&web3);
    assert!(!said(1).contains("web3"), "{}", said(1));

    // Of two projects one comes no more.
    web1.sandbox.file("envward.toml", 0o644, "[project]\nname = \"bank\"\n");
    database.push(&web1);
    set(&database, "received = now() - interval '3 days'", "web1' AND project = 'shop");
    assert!(said(2).contains("web1 has not reported shop since "), "{}", said(2));

    // A clock that is wrong by a year: the host still counts as one that reported, and somebody is told.
    drop(database.ask("DELETE FROM envward.reports WHERE host = 'web1'; DROP ROLE web1"));
    let script = web2.sql(&[]);
    let at = script.find("\"host_time\":\"").unwrap() + "\"host_time\":\"".len();
    let year: i32 = script[at..at + 4].parse().unwrap();
    for (wrong, words) in [(year + 1, "ahead of"), (year - 1, "behind")] {
        let script = format!("{}{wrong}{}", &script[..at], &script[at + 4..]);
        super::succeeds(&database.give("web2", &script));
        let said = said(1);
        assert!(
            said.contains("the clock of web2 is 36") && said.contains(&format!(" days {words} the database's")),
            "{said}"
        );
        assert!(!said.contains("not reported"), "{said}");
    }
}

#[test]
fn a_project_and_options_about_one_are_refused() {
    let sandbox = Sandbox::new();
    for more in [&["."][..], &["--remind"], &["--trace"], &["--accept-clock"], &["--config", "x"]] {
        let output = sandbox.envward(&[&["rotation", "status", "--from", "-"], more].concat()).code(2);
        assert!(output.stdout.is_empty(), "{}", output.stdout);
    }
}
