//! What is found, and how grave it is.

use super::*;

#[test]
fn what_people_paste() {
    let sandbox = repository();
    let value = value();
    let header = encode::base64(format!("user:{value}").as_bytes());
    let pasted: [(&str, Vec<u8>, &str, &str); 7] = [
        ("a.sh", format!("mysql -p{value}\n").into(), "plain", "content"),
        ("b.http", format!("Authorization: Basic {header}\n").into(), "base64", "content"),
        ("c.dump", encode::hex(value.as_bytes()).into(), "hex", "content"),
        ("d.ps1", encode::utf16(&value, u16::to_le_bytes), "UTF-16", "content"),
        ("e.tar.gz", gzip(format!("ustar, nearly {value}").as_bytes()), "plain", "archive"),
        ("f.zip", zip("config/.env", format!("DB_PASSWORD={value}\n").as_bytes()), "plain", "archive"),
        ("g.txt", format!("one\ntwo\nthree {value}\n").into(), "plain", "content"),
    ];
    let last = pasted.iter().map(|(path, text, ..)| commit(&sandbox, path, text)).last().unwrap();
    sandbox.git(&["rm", "--quiet", "g.txt"]);
    sandbox.git(&["commit", "--quiet", "--message", "remove"]);
    let report = scan(&sandbox, &[], 1);
    let expected: Vec<String> =
        pasted.iter().map(|(path, ..)| format!("critical {CHECK} {path} DB_PASSWORD")).collect();
    assert_eq!(findings(&report), expected);
    for (path, _, form, part) in &pasted {
        let facts = &the(&report, CHECK, path)["facts"];
        assert_eq!((&facts["form"], &facts["part"]), (&json!(form), &json!(part)), "{path}");
    }
    let removed = the(&report, CHECK, "g.txt");
    assert_eq!((&removed["line"], &removed["facts"]["commit"]["commit"]), (&json!(3), &json!(last)));
    assert_eq!((&removed["facts"]["reach"], &removed["facts"]["refs"]), (&json!("ref"), &json!(["refs/heads/main"])));
    assert_eq!(removed["facts"]["in_use"], ".env");
    // Rotation clears it by itself.
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
}

#[test]
fn messages_and_names() {
    let sandbox = repository();
    let value = value();
    sandbox.git(&["commit", "--quiet", "--allow-empty", "--message", &format!("the password is {value}")]);
    sandbox.git(&["tag", "--annotate", "--message", &value, "v1"]);
    sandbox.git(&["notes", "add", "--message", &value]);
    sandbox.git(&["branch", &format!("try-{value}")]);
    commit(&sandbox, &format!("{value}.txt"), "");
    commit(&sandbox, &format!("dir-{value}/below/file"), "one");
    let report = scan(&sandbox, &[], 1);
    let all = report["findings"].as_array().unwrap();
    let places: Vec<String> = all
        .iter()
        .map(|one| format!("{} {} {}", one["severity"], one["origin"], one["facts"]["part"]).replace('"', ""))
        .collect();
    let mut expected = vec!["critical history content", "critical history name", "critical history name"];
    expected.extend(["critical message message", "critical message message", "critical ref name"]);
    let mut sorted = places.clone();
    sorted.sort();
    assert_eq!(sorted, expected);
    let paths: Vec<&Value> = all.iter().filter(|one| one["facts"]["part"] == "name").map(|one| &one["path"]).collect();
    assert!(paths.contains(&&json!("[masked].txt")) && paths.contains(&&json!("dir-[masked]")), "{paths:?}");
    let text = sandbox.envward(&["scan"]).code(1).stdout;
    assert!(text.contains("refs/heads/try-[masked]\n") && text.contains("the message of "), "{text}");
    assert!(!text.contains(&value));
}

#[test]
fn how_grave_it_is() {
    let sandbox = repository();
    let value = value();
    commit(&sandbox, "file", "one\n");
    sandbox.file("file", 0o644, format!("stashed {value}\n"));
    sandbox.git(&["stash", "--quiet"]);
    sandbox.git(&["checkout", "--quiet", "-b", "side"]);
    commit(&sandbox, "dropped", format!("dropped {value}\n"));
    sandbox.git(&["checkout", "--quiet", "main"]);
    sandbox.git(&["branch", "--quiet", "-D", "side"]);
    sandbox.file("staged", 0o644, format!("staged {value}\n"));
    sandbox.git(&["add", "staged"]);
    sandbox.file("loose", 0o644, format!("dangling {value}\n"));
    let dangling = sandbox.git(&["hash-object", "-w", "loose"]);
    sandbox.file("file", 0o644, format!("tracked\n{value}\n"));
    let expected = [
        format!("critical {CHECK} staged DB_PASSWORD"),
        format!("error {CHECK} dropped DB_PASSWORD"),
        format!("error {CHECK} file DB_PASSWORD"),
        format!("error {CHECK} file DB_PASSWORD"),
        format!("note {CHECK} DB_PASSWORD"),
    ];
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), expected);
    assert_eq!(report["findings"][4]["object"], dangling);
    // `check` says the same, and what `git add .` would stage; without the history only what is there now.
    let untracked = format!("error {CHECK} loose DB_PASSWORD");
    let check = self::report(&sandbox, &["check"], 1);
    assert_eq!(findings(&check), [&expected[..4], std::slice::from_ref(&untracked), &expected[4..]].concat());
    let now = self::report(&sandbox, &["check", "--no-history"], 1);
    assert_eq!(findings(&now), [&expected[0], &expected[2], &untracked].map(String::as_str));
    // What is the same as in the index was not written since: it is not read again.
    sandbox.git(&["checkout", "--quiet", "file"]);
    sandbox.git(&["reset", "--quiet"]);
    for untracked in ["loose", "staged"] {
        fs::remove_file(sandbox.path(untracked)).unwrap();
    }
    assert_eq!(findings(&self::report(&sandbox, &["check", "--no-history"], 0)), NONE);
}

#[test]
fn an_env_file_is_reported_once() {
    let sandbox = repository();
    commit(&sandbox, "a/.env", fill("DB_PASSWORD={password}\nOTHER_PASSWORD={password}\n"));
    sandbox.git(&["rm", "--quiet", "a/.env"]);
    sandbox.git(&["commit", "--quiet", "--message", "remove"]);
    commit(&sandbox, ".env.example", fill("DB_PASSWORD={password}\n"));
    let expected = [
        "critical secret-still-live .env.example DB_PASSWORD",
        "critical secret-still-live a/.env DB_PASSWORD",
        "error env-file-in-history a/.env",
    ];
    let mut found = findings(&scan(&sandbox, &[], 1));
    found.sort();
    assert_eq!(found, expected);
    // Also one that a comment switches off.
    commit(&sandbox, "b/.env", fill("# DB_PASSWORD={password}\nPORT=1\n"));
    assert!(findings(&scan(&sandbox, &[], 1)).contains(&"critical secret-still-live b/.env DB_PASSWORD".to_owned()));
    // Without a key in front it is another text's.
    commit(&sandbox, "c/.env", fill("# it was {password}\nPORT=1\n"));
    assert!(findings(&scan(&sandbox, &[], 1)).contains(&format!("critical {CHECK} c/.env DB_PASSWORD")));
}

#[test]
fn a_copy_under_another_name_is_reported_once() {
    let sandbox = repository();
    commit(&sandbox, "prod.env", fill("DB_PASSWORD={password}\n"));
    sandbox.git(&["mv", "prod.env", "settings"]);
    sandbox.git(&["commit", "--quiet", "--message", "rename"]);
    let found = findings(&scan(&sandbox, &[], 1));
    assert!(found.iter().all(|line| !line.contains(CHECK)), "{found:?}");
    assert!(found.contains(&"critical secret-still-live settings DB_PASSWORD".to_owned()), "{found:?}");
}

/// What is short or weak stands anywhere by chance; under its own key it is live all the same.
#[test]
fn short_and_weak_values_count_under_their_keys_alone() {
    let sandbox = repository();
    let text = format!("DB_PASSWORD=hunter22\nAPI_TOKEN={}\n", &value()[..11]);
    sandbox.file(".env", 0o600, &text);
    commit(&sandbox, "README", text.replace("DB_PASSWORD", "X").replace("API_TOKEN", "Y"));
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
    commit(&sandbox, "old/.env", &text);
    let found = findings(&scan(&sandbox, &[], 1));
    for key in ["API_TOKEN", "DB_PASSWORD"] {
        assert!(found.contains(&format!("critical secret-still-live old/.env {key}")), "{found:?}");
    }
}

#[test]
fn ordinary_values_are_no_finding() {
    let ordinary = [
        "localhost",
        "postgres",
        "production",
        "info@example.com",
        "3000",
        "true",
        "redis",
        "admin",
        "development",
        "127.0.0.1",
        "http://localhost:3000",
        "us-east-1",
        "UTC",
        "noreply@example.org",
        "/var/lib/postgresql/data",
        "application/json",
        "my-application-name",
        "db.internal.example.com",
        "smtp.example.com:587",
        "2.0.1-alpine",
    ];
    let names = ["PASSWORD", "SECRET", "TOKEN", "API_KEY"];
    let line = |(number, value): (usize, &&str)| format!("APP_{number}_{}={value}\n", names[number % names.len()]);
    let sandbox = repository();
    sandbox.file(".env", 0o600, ordinary.iter().enumerate().map(line).collect::<String>());
    for (number, value) in ordinary.iter().enumerate() {
        commit(&sandbox, &format!("docs/{number}.md"), format!("use {value} here: \"{value}\"\n"));
    }
    sandbox.git(&["commit", "--quiet", "--allow-empty", "--message", &ordinary.join(" ")]);
    sandbox.git(&["branch", "postgres"]);
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
}
