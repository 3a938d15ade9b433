//! Secrets in use that were leaked: in env files, and anywhere else in git.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::common::fill::fill;
use crate::common::listed::{findings, problems, project, report, the};
use crate::common::{Sandbox, encode};
use envward::checks::Step::{File, Git};
use serde_json::{Value, json};

const CHECK: &str = "live-value-elsewhere";
const NONE: [&str; 0] = [];

#[track_caller]
fn scan(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    report(sandbox, &[&["scan"], args].concat(), code)
}

fn value() -> String {
    fill("{password}")
}

/// A repository whose env file is ignored, and was never committed.
fn repository() -> Sandbox {
    project(&[
        Git("init"),
        File(".gitignore", 0o644, ".env\n"),
        Git("add ."),
        Git("commit -m start"),
        File(".env", 0o600, "DB_PASSWORD={password}\n"),
    ])
}

fn commit(sandbox: &Sandbox, path: &str, text: impl AsRef<[u8]>) -> String {
    sandbox.file(path, 0o644, text);
    sandbox.git(&["add", "--force", "--", path]);
    sandbox.git(&["commit", "--quiet", "--message", "add"]);
    sandbox.git(&["rev-parse", "HEAD"])
}

/// Text in lines of so many columns.
fn broken(text: &str, columns: usize, by: &str) -> String {
    let lines: Vec<&str> = text.as_bytes().chunks(columns).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join(by)
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn zip(name: &str, text: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(text).unwrap();
    writer.finish().unwrap().into_inner()
}

// What is found, and how grave it is.

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
    // `check` says the same, and without the history only what is there now.
    let check = self::report(&sandbox, &["check"], 1);
    assert_eq!(findings(&check), expected);
    let now = self::report(&sandbox, &["check", "--no-history"], 1);
    assert_eq!(findings(&now), [&expected[0], &expected[2]].map(String::as_str));
    // What is the same as in the index was not written since: it is not read again.
    sandbox.git(&["checkout", "--quiet", "file"]);
    sandbox.git(&["reset", "--quiet"]);
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

// What is in use.

#[test]
fn an_env_file_from_elsewhere() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "--quiet", "work"]);
    sandbox.file("work/deploy.sh", 0o755, fill("curl -u app:{password} example.com\n"));
    sandbox.file("work/.env", 0o600, fill("API_TOKEN=hunter22\n"));
    sandbox.git_in("work", &["add", "--force", "."]);
    sandbox.git_in("work", &["commit", "--quiet", "--message", "add"]);
    sandbox.git(&["clone", "--quiet", "--bare", "work", "bare.git"]);
    sandbox.file("etc/production.env", 0o600, fill("DB_URL=postgres://app:{password}@db/app\nAPI_TOKEN=hunter22\n"));
    assert_eq!(findings(&scan(&sandbox, &["bare.git"], 1)), ["error env-file-in-history .env"]);
    let report = scan(&sandbox, &["bare.git", "--live", "etc/production.env"], 1);
    let found = findings(&report);
    assert!(found.contains(&format!("critical {CHECK} deploy.sh DB_URL")), "{found:?}");
    assert!(found.contains(&"critical secret-still-live .env API_TOKEN".to_owned()), "{found:?}");
    assert_eq!(the(&report, CHECK, "deploy.sh")["facts"]["in_use"], "etc/production.env");
    // What is staged, too.
    sandbox.file("work/new.sh", 0o755, fill("{password}\n"));
    sandbox.git_in("work", &["add", "new.sh"]);
    let staged = scan(&sandbox, &["work", "--staged", "--live", "etc/production.env"], 1);
    assert_eq!(findings(&staged)[0], format!("critical {CHECK} new.sh DB_URL"));
    for (file, kind) in [("nowhere.env", "no-such-path"), ("etc", "not-a-file")] {
        let report = scan(&sandbox, &["bare.git", "--live", file], 2);
        assert_eq!(report["problems"][0]["kind"], kind, "{file}");
    }
}

// Which commits.

#[test]
fn of_a_range_what_it_brought() {
    let sandbox = repository();
    let old = commit(&sandbox, "old.sh", value());
    let new = commit(&sandbox, "new.sh", format!("x {}", value()));
    sandbox.git(&["commit", "--quiet", "--allow-empty", "--message", &value()]);
    let report = scan(&sandbox, &["--range", &format!("{old}..HEAD")], 1);
    assert_eq!(
        findings(&report),
        [format!("critical {CHECK} DB_PASSWORD"), format!("critical {CHECK} new.sh DB_PASSWORD")]
    );
    assert_eq!(
        findings(&scan(&sandbox, &["--range", &format!("{old}..{new}")], 1)),
        [format!("critical {CHECK} new.sh DB_PASSWORD")]
    );
}

#[test]
fn an_ignore_ends_at_its_commit() {
    let sandbox = repository();
    let known = commit(&sandbox, "known.sh", value());
    sandbox.file(
        "envward.toml",
        0o644,
        format!("[[ignore]]\ncheck = \"{CHECK}\"\nthrough = \"{known}\"\nreason = \"replaced on Monday\"\n"),
    );
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
    commit(&sandbox, "later.sh", format!("x {}", value()));
    assert_eq!(findings(&scan(&sandbox, &[], 1)), [format!("critical {CHECK} later.sh DB_PASSWORD")]);
}

// Which repositories.

#[test]
fn what_a_partial_clone_left_out_was_not_searched() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "--quiet", "work"]);
    sandbox.file("work/a.sh", 0o644, "echo\n");
    sandbox.git_in("work", &["add", "."]);
    sandbox.git_in("work", &["commit", "--quiet", "--message", "add"]);
    sandbox.git_in("work", &["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", sandbox.path("work").display());
    sandbox.git(&["clone", "--quiet", "--no-checkout", "--filter=blob:none", &url, "part"]);
    assert_eq!(problems(&scan(&sandbox, &["part"], 0)), NONE);
    sandbox.file("etc/.env", 0o600, fill("DB_PASSWORD={password}\n"));
    assert_eq!(problems(&scan(&sandbox, &["part", "--live", "etc/.env"], 2)), ["partial-clone"]);
}

#[test]
fn with_longer_ids_and_packed() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "--quiet", "--object-format=sha256"]);
    sandbox.file(".git/info/exclude", 0o644, ".env\n");
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let lines: String = (0..2000).map(|number| format!("{number}\n")).collect();
    commit(&sandbox, "list", &lines);
    commit(&sandbox, "list", lines.replace("\n1000\n", &format!("\n{}\n", value())));
    commit(&sandbox, "list", &lines);
    for _ in 0..2 {
        let report = scan(&sandbox, &[], 1);
        assert_eq!(findings(&report), [format!("critical {CHECK} list DB_PASSWORD")]);
        assert_eq!(the(&report, CHECK, "list")["line"], 1001);
        sandbox.git(&["gc", "--quiet", "--aggressive"]);
    }
}

// The text, and what to do.

#[test]
fn what_is_live_comes_first() {
    let sandbox = repository();
    sandbox.file("x.env", 0o666, "A_SECRET=changeme\n");
    let id = commit(&sandbox, "config/.env", fill("DB_PASSWORD={password}\n"));
    let text = sandbox.envward(&["check"]).code(1).stdout;
    let first = format!("DB_PASSWORD of .env is the value committed in {} on 2026-01-05\n\n", &id[..7]);
    assert!(text.starts_with(&first), "{text}");
}

/// Three commits in one second, and one whose clock went wrong: the first one is that from which the others descend.
#[test]
fn the_first_commit_is_the_one_that_the_others_descend_from() {
    let sandbox = repository();
    let value = value();
    let commit = |path: &str, seconds: u32| {
        sandbox.file(path, 0o644, format!("{path} {value}\n"));
        sandbox.git(&["add", path]);
        let date = format!("{} +0000", 1_770_000_000 + seconds);
        let commit = sandbox.git_command("", &["commit", "--quiet", "--message", "add"]);
        let _ = commit.env("GIT_COMMITTER_DATE", &date).run().code(0);
        sandbox.git(&["rev-parse", "--short=7", "HEAD"])
    };
    // Whatever the ids and the paths are: each is the last one of its report once.
    for (path, seconds) in [("m", 9), ("l", 9), ("k", 9), ("n", 3)] {
        let id = commit(path, seconds);
        let first = sandbox.git(&["log", "--reverse", "--format=%h", "--abbrev=7", "-1", "--diff-filter=A", "--", "m"]);
        let text = sandbox.envward(&["scan"]).code(1).stdout;
        let line = format!("DB_PASSWORD of .env is the value committed in {first} on 2026-02-02\n");
        assert!(text.starts_with(&line), "{path} {id}: {text}");
    }
}

/// What the advice names is run as it stands, by the real program.
#[test]
fn the_advice_cleans_the_history() {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gate/venv/bin");
    if !tools.join("git-filter-repo").is_file() {
        return crate::common::skip("git-filter-repo is missing: `.ci/readers` installs it");
    }
    let sandbox = repository();
    let value = value();
    commit(&sandbox, "config/.env", fill("DB_PASSWORD={password}\n"));
    commit(&sandbox, "it's a file/-x.env", fill("DB_PASSWORD={password}\n"));
    commit(&sandbox, "-dash.env", fill("API_TOKEN={token}\n"));
    sandbox.git(&["rm", "--quiet", "-r", "config", "it's a file", "./-dash.env"]);
    sandbox.git(&["commit", "--quiet", "--message", "remove"]);
    commit(&sandbox, "deploy.sh", format!("run {value}\nkeep this\n"));
    commit(&sandbox, "header", encode::base64(format!("user:{value}").as_bytes()));
    // As openssl, xxd and base64 break it, alone and indented in a file of another.
    let (header, digits) = (encode::base64(format!("user:{value}").as_bytes()), encode::hex(value.as_bytes()));
    commit(&sandbox, "wrapped", format!("begin\n{}\nend\n", broken(&header, 64, "\n")));
    commit(&sandbox, "dump", format!("{}\r\n", broken(&digits, 60, "\r\n")));
    commit(&sandbox, "values.yaml", format!("a: |\n  {}\nb: 1\n", broken(&header, 76, "\n  ")));
    commit(&sandbox, "deep", broken(&digits.to_uppercase(), 60, &format!("\n{}", " \t".repeat(16))));
    commit(&sandbox, "backup.gz", gzip(value.as_bytes()));
    commit(&sandbox, "wide.txt", encode::utf16(&value, u16::to_le_bytes));
    sandbox.file("list", 0o644, "one\n");
    sandbox.git(&["add", "list"]);
    sandbox.git(&["commit", "--quiet", "--message", &format!("try {value}")]);
    sandbox.git(&["tag", "--annotate", "--message", &value, "v1"]);
    sandbox.git(&["tag", "--annotate", "--message", &broken(&header, 64, "\n"), "v2"]);
    sandbox.git(&["branch", "other"]);

    let file = sandbox.root().join("tmp/replacements");
    let args = ["scan", "--advice", "--replacements", file.to_str().unwrap()];
    let advice = sandbox.envward(&args).code(1).stdout;
    assert!(!advice.contains(&value), "{advice}");
    let (_, steps) = advice.split_once("\ncleaning up, in this order\n").unwrap();
    let commands: Vec<&str> = steps.lines().filter_map(|line| line.trim_start().strip_prefix("$ ")).collect();
    assert_eq!(commands[0], "envward rotation rotate DB_PASSWORD .env");
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    // Nothing is overwritten, and nothing is left in the way of `git add`.
    let again = sandbox.envward(&args).code(2);
    assert!(again.stderr.contains("replacements"), "{}", again.stderr);
    let inside = sandbox.envward(&["scan", "--advice", "--replacements", "here"]).code(2);
    assert!(inside.stderr.contains("work tree") && !sandbox.path("here").exists(), "{}", inside.stderr);

    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    let run = |dir: &str, line: &str| sandbox.shell(line).dir(dir).env("PATH", &path).run().code(0);
    drop(run("..", "git clone --quiet --mirror project cleaned.git"));
    let rewrites: Vec<&&str> = commands.iter().filter(|command| command.starts_with("git filter-repo ")).collect();
    assert_eq!(rewrites.len(), 2, "{steps}");
    for command in rewrites {
        drop(run("../cleaned.git", command));
    }
    let live = sandbox.path(".env");
    let clean = sandbox.command(&["scan", "../cleaned.git", "--format=json", "--live", live.to_str().unwrap()]);
    let report = clean.run().json();
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
    let kept = run("../cleaned.git", "git log --oneline main; git tag; git show v2");
    for word in ["try ***REMOVED***", "start", "v1"] {
        assert!(kept.stdout.contains(word), "{word}: {}", kept.stdout);
    }
    let texts = ["deploy.sh", "header", "wrapped", "dump", "values.yaml", "deep"];
    let texts = texts.map(|name| run("../cleaned.git", &format!("git show main:{name}")).stdout);
    assert_eq!(texts[0], "run ***REMOVED***\nkeep this\n");
    assert_eq!((&texts[3], &texts[5]), (&"***REMOVED***\r\n".into(), &"***REMOVED***".into()));
    assert!(texts[2].starts_with("begin\n") && texts[2].ends_with("\nend\n"), "{}", texts[2]);
    assert!(texts[4].starts_with("a: |\n  ") && texts[4].ends_with("\nb: 1\n"), "{}", texts[4]);
    for text in texts.iter().chain([&kept.stdout]) {
        let joined: String = text.split_whitespace().collect();
        assert!(joined.contains("***REMOVED***"), "{text}");
        // What is whole of it in base64 behind five other bytes.
        assert!(!joined.contains(&header[8..header.len() - 4]), "{text}");
    }
}

/// git-filter-repo passes notes on as they are; what is advised instead, typed as it is printed. What a colleague noted
/// meanwhile stays.
#[test]
fn the_advice_cleans_the_notes() {
    let sandbox = repository();
    let other = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.git(&["commit", "--quiet", "--allow-empty", "--message", "second"]);
    let commit = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.git(&["init", "--quiet", "--bare", "../origin.git"]);
    sandbox.git(&["remote", "add", "origin", "../origin.git"]);
    sandbox.file("text", 0o600, fill("DB_PASSWORD={password}\nAPI_TOKEN={token}\n"));
    sandbox.git(&["notes", "--ref=a/$HOME", "add", "--file", "text", &commit]);
    sandbox.git(&["notes", "add", "--file", "text", &commit]);
    sandbox.git(&["notes", "append", "--message", "reviewed", "HEAD"]);
    sandbox.git(&["notes", "remove", &commit]);
    sandbox.git(&["push", "--quiet", "origin", "refs/notes/*", "HEAD"]);
    sandbox.git(&["fetch", "--quiet", "origin", "refs/notes/*:refs/remotes/origin/notes/*"]);
    fs::remove_file(sandbox.path("text")).unwrap();
    sandbox.git(&["clone", "--quiet", "--mirror", "../origin.git", "../colleague.git"]);
    sandbox.git(&["-C", "../colleague.git", "notes", "add", "--message", "looks good", &other]);
    sandbox.git(&["-C", "../colleague.git", "push", "--quiet", "../origin.git", "refs/notes/commits"]);

    let advice = sandbox.envward(&["scan", "--advice"]).code(1).stdout;
    let (_, steps) = advice.split_once("\ncleaning up, in this order\n").unwrap();
    assert!(!steps.contains("filter-repo"), "{steps}");
    let commands = steps.lines().filter_map(|line| line.trim_start().strip_prefix("$ "));
    let commands: Vec<&str> = commands.filter(|command| !command.starts_with("envward ")).collect();
    let origin = sandbox.path("../origin.git");
    let identity = ["GIT_AUTHOR", "GIT_COMMITTER"].map(|who| format!("{who}_NAME=Ada {who}_EMAIL=ada@example.com"));
    let typed = commands.join("\n").replace("URL", origin.to_str().unwrap());
    drop(sandbox.shell(&format!("set -e; export {}\n{typed}", identity.join(" "))).run().code(0));
    // What a host does some day.
    sandbox.git(&["-C", "../origin.git", "gc", "--quiet", "--prune=now"]);
    let report = sandbox.envward(&["scan", "../origin.git", "--format=json"]).code(0).json();
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
    let left = sandbox.git(&["-C", "../origin.git", "for-each-ref", "--format=%(refname)", "refs/notes"]);
    assert_eq!(left, "refs/notes/a/$HOME\nrefs/notes/commits");
    assert_eq!(sandbox.git(&["-C", "../origin.git", "notes", "show", &other]), "looks good");
    assert_eq!(sandbox.git(&["-C", "../origin.git", "notes", "--ref=a/$HOME", "list"]), "");
}

/// The line, and the content, are those of the commit that is named.
#[test]
fn the_first_place_of_a_value_that_came_back() {
    let sandbox = repository();
    let value = value();
    let first = commit(&sandbox, "run.sh", format!("{}{value}\n", "x\n".repeat(9)));
    commit(&sandbox, "run.sh", "x\n".repeat(9));
    commit(&sandbox, "run.sh", format!("{}{value}\n", "x\n".repeat(29)));
    let report = scan(&sandbox, &[], 1);
    let found = the(&report, CHECK, "run.sh");
    assert_eq!((&found["line"], &found["facts"]["commit"]["commit"]), (&json!(10), &json!(first)));
    assert_eq!(found["object"], sandbox.git(&["rev-parse", &format!("{first}:run.sh")]));
}

#[test]
fn advice_for_damage_does_not_say_that_all_is_done() {
    let sandbox = repository();
    sandbox.git(&["gc", "--quiet"]);
    let packs = fs::read_dir(sandbox.path(".git/objects/pack")).unwrap().map(|entry| entry.unwrap().path());
    packs
        .filter(|path| path.extension().is_some_and(|end| end == "idx"))
        .for_each(|path| fs::remove_file(path).unwrap());
    let text = sandbox.envward(&["scan", "--advice"]).code(2).stdout;
    assert!(text.contains("not everything was") && !text.contains("there is nothing to do"), "{text}");
}

#[test]
fn advice_where_there_is_nothing_to_do() {
    let sandbox = repository();
    let text = sandbox.envward(&["scan", "--advice"]).code(0).stdout;
    assert!(text.ends_with("\ncleaning up: there is nothing to do\n"), "{text}");
    for args in
        [&["scan", "--advice", "--format=json"][..], &["scan", "--advice", ".", "."], &["scan", "--advice", "--staged"]]
    {
        drop(sandbox.envward(args).code(2));
    }
}
