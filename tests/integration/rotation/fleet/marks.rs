//! The same secret on two hosts or in two environments, and the key that all hosts share.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt as _;

use super::{Database, Host, fill, succeeds};

const SHARED: &str =
    "NODE_ENV=production\nDB_PASSWORD={password}\nREDIS_PASSWORD={password2}\nWEAK_PASSWORD=postgres\n";

fn with_key(host: &Host, word: &str) {
    host.sandbox.file("../fleet.key", 0o600, fill(&format!("{{hex32-{word}}}\n")));
}

fn push_marked(database: &Database, host: &Host) {
    succeeds(&database.give(host.name, &host.sql(&["--fleet-key", "../fleet.key"])));
}

#[test]
fn the_same_secret_is_found() {
    let Some(database) = Database::start() else { return };
    let one = database.host("web1", SHARED);
    // Another key, and inside of a URL, in another environment.
    let other = database.host("ci1", "NODE_ENV=test\nDATABASE_URL=postgres://app:{password}@db/app\nREDIS_PASSWORD={password9}\nWEAK_PASSWORD=postgres\n");
    let third = database.host("web2", "NODE_ENV=production\nCACHE_PASSWORD={password2}\n");
    // Without a key nothing is known, and nothing about a value leaves the host.
    for host in [&one, &other, &third] {
        database.push(host);
        with_key(host, "shared");
    }
    assert_eq!(database.ask("SELECT count(mark) FROM envward.secrets"), "0");
    assert!(!database.status(&[]).run().code(0).stdout.contains("one value"));

    for host in [&one, &other, &third] {
        push_marked(&database, host);
    }
    assert_eq!(
        database.ask("SELECT count(*) FROM envward.secrets WHERE mark IS NOT NULL AND key = 'WEAK_PASSWORD'"),
        "0"
    );
    let json = database.status(&["--format", "json"]).run().code(1).json();
    let same = json["same"].as_array().unwrap();
    let places = |at: usize| {
        let places = same[at]["places"].as_array().unwrap().iter();
        places.map(|one| format!("{} {}", one["host"], one["key"]).replace('"', "")).collect::<Vec<_>>()
    };
    assert_eq!(same.len(), 2, "{json:#}");
    assert_eq!(
        (&same[0]["crosses_environments"], places(0)),
        (&true.into(), vec!["ci1 DATABASE_URL".into(), "web1 DB_PASSWORD".into()])
    );
    assert_eq!(
        (&same[1]["crosses_environments"], places(1)),
        (&false.into(), vec!["web1 REDIS_PASSWORD".into(), "web2 CACHE_PASSWORD".into()])
    );
    let shown = database.status(&[]).run().code(1).stdout;
    let heading = "one value in several environments: give each its own\n  ci1, shop: DATABASE_URL of .env (test)\n  web1, shop: DB_PASSWORD of .env (production)\n";
    assert!(shown.contains(heading), "{shown}");
    assert!(shown.contains("one value on several hosts"), "{shown}");
    let due = database.status(&["--due"]).run().code(1).stdout;
    assert!(due.contains("one value in several environments") && !due.contains("on several hosts"), "{due}");
    // A mark says nothing about anything else, so it is shown to nobody.
    let mark = database.ask("SELECT mark FROM envward.secrets WHERE key = 'DB_PASSWORD'");
    assert!(mark.len() == 41 && !json.to_string().contains(&mark) && !shown.contains(&mark), "{mark}");

    // Another key on one host: that is said, for what is equal can then be missed.
    with_key(&third, "another");
    push_marked(&database, &third);
    let shown = database.status(&["--due"]).run().code(1).stdout;
    assert!(shown.contains("hosts use different fleet keys"), "{shown}");
    // A run without a key takes the marks away.
    database.push(&one);
    assert_eq!(database.ask("SELECT count(mark) FROM envward.secrets WHERE host = 'web1'"), "0");
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let sandbox = crate::common::Sandbox::new();
    sandbox.file(".env", 0o600, fill(SHARED));
    let args = ["rotation", "export", "--format", "sql", "--host", "web1", "--fleet-key", "../credentials/fleet-key"];
    let file = sandbox.root().join("credentials/fleet-key");
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    sandbox.file("../credentials/fleet-key", 0o600, fill("{hex32}\n"));
    assert!(sandbox.envward(&args).code(0).stdout.contains("\"mark\":\""));
    for (mode, is_taken, is_taken_as_credential) in
        [(0o400, true, true), (0o440, false, true), (0o640, false, true), (0o604, false, false), (0o644, false, false)]
    {
        set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let run = |code: bool, directory: &str| {
            let output =
                sandbox.command(&args).env("CREDENTIALS_DIRECTORY", directory).run().code(if code { 0 } else { 2 });
            assert!(code || output.stderr.contains("other users can read the fleet key") && output.stdout.is_empty());
        };
        run(is_taken, "");
        run(is_taken, "/run/credentials/another.service");
        run(is_taken_as_credential, file.parent().unwrap().to_str().unwrap());
    }
    for (text, says) in
        [("short\n", "less than 32 bytes"), (&"a".repeat(64), "easy to guess"), ("", "less than 32 bytes")]
    {
        sandbox.file("../credentials/fleet-key", 0o600, text);
        let output = sandbox.envward(&args).code(2);
        assert!(output.stderr.contains(says) && output.stdout.is_empty(), "{}", output.stderr);
    }
    std::fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", &file).unwrap();
    assert!(sandbox.envward(&args).code(2).stderr.contains("symbolic link"));
}
