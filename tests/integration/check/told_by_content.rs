//! What no name says alone: templates that were filled, files behind secrets, doubtful names.

use std::fs;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{findings, problems, project, report, the};
use envward::checks::Step::{File, Git};
use serde_json::{Value, json};

const NONE: [&str; 0] = [];

#[track_caller]
fn scan(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    report(sandbox, &[&["scan"], args].concat(), code)
}

fn repository() -> Sandbox {
    project(&[Git("init"), File("README", 0o644, "hello\n"), Git("add ."), Git("commit -m start")])
}

/// Commits a file of this text, and gives the commit's id.
fn commit(sandbox: &Sandbox, path: &str, text: &str) -> String {
    sandbox.file(path, 0o600, fill(text));
    sandbox.git(&["add", "-f", path]);
    sandbox.git(&["commit", "-qm", "change"]);
    sandbox.git(&["rev-parse", "HEAD"])
}

fn remove(sandbox: &Sandbox, path: &str) -> String {
    sandbox.git(&["rm", "-qf", path]);
    sandbox.git(&["commit", "-qm", "remove"]);
    sandbox.git(&["rev-parse", "HEAD"])
}

// Templates in history.

#[test]
fn a_template_that_was_removed_had_a_secret_from_here_to_there() {
    let sandbox = repository();
    commit(&sandbox, "api/example.env", "PORT=1\n");
    let since = commit(&sandbox, "api/example.env", "PORT=1\nSIGNING_SECRET={hex32}\n");
    commit(&sandbox, "api/example.env", "PORT=2\nSIGNING_SECRET={hex32}\n");
    let until = remove(&sandbox, "api/example.env");
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["error template-with-secret api/example.env SIGNING_SECRET"]);
    let facts = &the(&report, "template-with-secret", "api/example.env")["facts"];
    assert_eq!((&facts["commit"]["commit"], &facts["until"]["commit"]), (&json!(since), &json!(until)));
    // An example value that opens nothing is ignored up to a commit.
    let ignore = format!("[[ignore]]\ncheck = \"template-with-secret\"\nthrough = \"{until}\"\nreason = \"made up\"\n");
    sandbox.file("envward.toml", 0o644, ignore);
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
}

/// The order of the versions says nothing of what HEAD has: it was put back.
#[test]
fn a_value_that_was_put_back_has_no_end() {
    let sandbox = repository();
    let since = commit(&sandbox, ".env.sample", "TOKEN={token}\n");
    commit(&sandbox, ".env.sample", "TOKEN=\n");
    commit(&sandbox, ".env.sample", "TOKEN={token}\n");
    let report = scan(&sandbox, &[], 1);
    let facts = &the(&report, "template-with-secret", ".env.sample")["facts"];
    assert_eq!((&facts["commit"]["commit"], &facts["until"]), (&json!(since), &Value::Null));
    assert_eq!(facts["reach"], "head");
}

#[test]
fn only_a_stash_has_the_filled_template() {
    let sandbox = repository();
    commit(&sandbox, "prod.env.dist", "TOKEN=\n");
    sandbox.file("prod.env.dist", 0o644, fill("TOKEN={token}\n"));
    sandbox.git(&["stash", "-q"]);
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["warning template-with-secret prod.env.dist TOKEN"]);
}

/// What is in use is told as that, and what was replaced is less grave.
#[test]
fn a_templates_value_beside_todays() {
    let sandbox = repository();
    sandbox.file(".gitignore", 0o644, ".env\n");
    commit(&sandbox, ".env.example", "API_TOKEN={token}\n");
    commit(&sandbox, ".env.example", "API_TOKEN=\n");
    sandbox.file(".env", 0o600, fill("API_TOKEN={token}\n"));
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["critical secret-still-live .env.example API_TOKEN"]);
    sandbox.file(".env", 0o600, fill("API_TOKEN={token2}\n"));
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["warning template-with-secret .env.example API_TOKEN"]);
}

#[test]
fn what_templates_are_full_of_is_nothing_in_history_either() {
    let sandbox = repository();
    for text in
        ["DB_PASSWORD=changeme\n", "DB_PASSWORD=secret\nTOKEN=<token>\n", "DB_PASSWORD=\nTOKEN=your-token-here\n"]
    {
        commit(&sandbox, ".env.template", text);
    }
    remove(&sandbox, ".env.template");
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
}

// Files that compose files name.

const STACK: &str =
    "services:\n  db:\n    image: postgres:16.4\n    secrets: [pw]\nsecrets:\n  pw:\n    file: ./keys/pw\n";

#[test]
fn a_secret_file_is_filled_wherever_git_has_it() {
    let sandbox = repository();
    commit(&sandbox, "compose.yaml", STACK);
    sandbox.file("keys/pw", 0o600, fill("{password}\n"));
    sandbox.git(&["add", "-f", "keys/pw"]);
    let staged = scan(&sandbox, &["--staged"], 1);
    assert_eq!(findings(&staged), ["error env-file-staged keys/pw"]);
    sandbox.git(&["commit", "-qm", "key"]);
    let report = scan(&sandbox, &[], 1);
    let expected = [
        "critical secret-still-live keys/pw pw",
        "error env-file-in-history keys/pw",
        "error env-file-tracked keys/pw",
    ];
    assert_eq!(findings(&report), expected);
    assert_eq!(the(&report, "env-file-tracked", "keys/pw")["facts"]["secrets"], 1);
    // Emptied there, it holds none; what was in it stays in the history.
    commit(&sandbox, "keys/pw", "");
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["error env-file-in-history keys/pw", "warning env-file-tracked keys/pw"]);
}

/// A config is any text: only one that is an env file counts.
#[test]
fn a_config_that_is_an_env_file() {
    let sandbox = repository();
    let stack = "services:\n  app:\n    image: app:1\n    configs: [one, two]\nconfigs:\n  one:\n    file: ./conf/app\n  two:\n    file: ./conf/nginx\n";
    commit(&sandbox, "compose.yaml", stack);
    commit(&sandbox, "conf/app", "PORT=1\nAPI_TOKEN={token}\n");
    commit(&sandbox, "conf/nginx", "server {\n  listen 80;\n  set $token {token2};\n}\n");
    remove(&sandbox, "conf/app");
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["error env-file-in-history conf/app"]);
}

/// Without a work tree the compose files that refs reach say it, those of a branch and of an old version, too.
#[test]
fn a_bare_repository_knows_what_its_compose_files_name() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "work"]);
    let git = |args: &[&str]| sandbox.git_in("work", args);
    let commit = |path: &str, text: &str| {
        sandbox.file(format!("work/{path}"), 0o644, fill(text));
        git(&["add", "-f", path]);
        git(&["commit", "-qm", path]);
    };
    commit("compose.yaml", "services:\n  app:\n    image: app:1\n    env_file: [conf/one]\n");
    commit("conf/one", "API_TOKEN={token}\n");
    commit("compose.yaml", "services:\n  app:\n    image: app:1\n");
    git(&["checkout", "-q", "-b", "other"]);
    commit(
        "sub/docker-compose.prod.yml",
        "services:\n  app:\n    image: app:1\n    secrets: [key]\nsecrets:\n  key:\n    file: ../keys/key\n",
    );
    commit("keys/key", "{token2}\n");
    git(&["checkout", "-q", "main"]);
    sandbox.git(&["clone", "-q", "--mirror", "work", "mirrors/bare.git"]);
    let expected = ["error env-file-in-history conf/one", "error env-file-in-history keys/key"];
    assert_eq!(findings(&scan(&sandbox, &["mirrors/bare.git"], 1)), expected);
    let mirrors = scan(&sandbox, &["--recursive", "mirrors"], 1);
    assert_eq!(
        (findings(&mirrors), &mirrors["findings"][0]["repository"]),
        (expected.map(str::to_owned).to_vec(), &json!("mirrors/bare.git"))
    );
}

#[test]
fn preflight_takes_a_compose_file_of_any_name() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "deploy/swarm",
        0o644,
        fill("services:\n  db:\n    image: postgres:16.4\n    environment:\n      POSTGRES_PASSWORD: {password}\n"),
    );
    sandbox.file("notes.txt", 0o644, "buy milk\n");
    sandbox.file(".env", 0o600, "PORT=1\n");
    let told = findings(&report(&sandbox, &["preflight", "deploy/swarm"], 1));
    assert!(told.contains(&"error secret-in-compose swarm POSTGRES_PASSWORD".to_owned()), "{told:?}");
    assert_eq!(problems(&report(&sandbox, &["preflight", "notes.txt"], 2)), ["broken-compose-file notes.txt"]);
    assert!(sandbox.envward(&["preflight", ".env"]).code(2).stderr.contains("a directory or a compose file"));
}

// Names that do not say enough.

/// In the work tree, in the index, in a range and in the history.
#[test]
fn doubtful_names_are_judged_by_content() {
    let names =
        [".env3", "prodenv", "api.env_production", "environments/live/app", ".env/staging", "conf/env;", "ENV.TXT"];
    let sandbox = repository();
    for (at, name) in names.iter().enumerate() {
        sandbox.file(name, 0o600, fill(&format!("PORT=1\nAPI_TOKEN={{token{at}}}\n")));
    }
    let at = |check: &str, severity: &str| {
        let mut lines: Vec<String> = names.iter().map(|name| format!("{severity} {check} {name}")).collect();
        lines.sort();
        lines
    };
    let of = |report: &Value, check: &str| {
        let mut lines: Vec<String> = findings(report).into_iter().filter(|line| line.contains(check)).collect();
        lines.sort();
        lines
    };
    let checked = report(&sandbox, &["check"], 1);
    assert_eq!(of(&checked, "not-ignored").len(), names.len(), "{:#?}", findings(&checked));
    sandbox.git(&["add", "-f", "."]);
    assert_eq!(of(&scan(&sandbox, &["--staged"], 1), "env-file-staged"), at("env-file-staged", "error"));
    sandbox.git(&["commit", "-qm", "all"]);
    sandbox.git(&["rm", "-qr", "."]);
    sandbox.git(&["commit", "-qm", "none"]);
    assert_eq!(of(&scan(&sandbox, &[], 1), "env-file-in-history"), at("env-file-in-history", "error"));
    assert_eq!(
        of(&scan(&sandbox, &["--since-commit", "HEAD~2"], 1), "env-file-in-history"),
        at("env-file-in-history", "error")
    );
}

/// What an env file gave away is one under a doubtful name, too, however weak its values are.
#[test]
fn an_env_files_content_under_a_doubtful_name() {
    let sandbox = repository();
    commit(&sandbox, "api/.env", "DB_PASSWORD=postgres\n");
    commit(&sandbox, "api/env.production", "DB_PASSWORD=postgres\n");
    for path in ["api/.env", "api/env.production"] {
        remove(&sandbox, path);
    }
    let expected = ["error env-file-in-history api/.env", "error env-file-in-history api/env.production"];
    assert_eq!(findings(&scan(&sandbox, &[], 1)), expected);
}

#[test]
fn doubtful_names_of_other_files() {
    let sandbox = repository();
    let files = [
        ("env", "#!/bin/sh\nAPI_TOKEN={token}\nexec \"$@\"\n"),
        ("env/bin/activate", "VIRTUAL_ENV=/srv/env\nexport VIRTUAL_ENV\n"),
        ("environments/dev", "DB_PASSWORD=postgres\nDB_USER=postgres\n"),
        ("test_env", "LANG=C\nTZ=UTC\n"),
        ("src/env.rs", "API_TOKEN={token}\n"),
        (".env/lib/python3.11/site-packages/deep/metadata", "API_TOKEN={token}\n"),
        ("envoy", "API_TOKEN={token}\n"),
    ];
    for (name, text) in files.iter().filter(|(name, _)| *name != "env") {
        sandbox.file(name, 0o644, fill(text));
    }
    sandbox.file("bin/env", 0o755, fill(files[0].1));
    sandbox.git(&["add", "-f", "."]);
    assert_eq!(findings(&scan(&sandbox, &["--staged"], 0)), NONE);
    sandbox.git(&["commit", "-qm", "all"]);
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
    assert_eq!(findings(&report(&sandbox, &["check"], 0)), NONE);
}

/// What git stores of a link is a path.
#[test]
fn a_link_in_git_is_no_leak() {
    let sandbox = repository();
    sandbox.link("app/.env", "../shared/.env");
    sandbox.git(&["add", "-f", "app/.env"]);
    assert_eq!(findings(&scan(&sandbox, &["--staged"], 0)), NONE);
    sandbox.git(&["commit", "-qm", "link"]);
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
    // A file in its place is one.
    sandbox.git(&["rm", "-q", "app/.env"]);
    let text = commit(&sandbox, "app/.env", "API_TOKEN={token}\n");
    sandbox.git(&["rm", "-q", "--cached", "app/.env"]);
    sandbox.git(&["commit", "-qm", "out"]);
    std::fs::remove_file(sandbox.path("app/.env")).unwrap();
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["error env-file-in-history app/.env"]);
    let facts = &the(&report, "env-file-in-history", "app/.env")["facts"];
    assert_eq!((&facts["versions"], &facts["last_changed"]["commit"]), (&json!(1), &json!(text)));
}

// Nothing to look at.

#[test]
fn nothing_to_look_at_is_not_clean() {
    let sandbox = Sandbox::new();
    sandbox.mkdir("mount/data", 0o755);
    assert_eq!(problems(&report(&sandbox, &["check", "mount"], 2)), ["nothing-to-check"]);
    let sandbox = repository();
    commit(&sandbox, "notes", "{token}\n");
    for range in ["HEAD..HEAD", "HEAD..HEAD~1", "HEAD...HEAD"] {
        assert_eq!(problems(&scan(&sandbox, &["--range", range], 2)), ["empty-range"], "{range}");
    }
    // A job that asks each night what is new has nights without anything.
    let output = sandbox.envward(&["scan", "--since-commit", "HEAD"]).code(0);
    assert!(!output.stdout.contains("clean"), "{}", output.stdout);
    sandbox.file("envward.toml", 0o644, "[[accept]]\nproblem = \"empty-range\"\nreason = \"a deleted branch\"\n");
    commit(&sandbox, "envward.toml", "[[accept]]\nproblem = \"empty-range\"\nreason = \"a deleted branch\"\n");
    assert_eq!(problems(&scan(&sandbox, &["--range", "HEAD..HEAD"], 0)), NONE);
}

#[test]
fn a_named_env_file_without_a_secret_to_look_for() {
    let sandbox = repository();
    commit(&sandbox, "notes", "{token}\n");
    for text in ["", "DB_PASSWORD=\n", "DB_PASSWORD=changeme\n", "# nothing\n"] {
        sandbox.file("../live.env", 0o600, text);
        let report = scan(&sandbox, &["--live", "../live.env"], 2);
        assert_eq!(problems(&report), ["nothing-sought ../live.env"], "{text:?}");
        let staged = scan(&sandbox, &["--staged", "--live", "../live.env"], 2);
        assert_eq!(problems(&staged), ["nothing-sought ../live.env"], "{text:?}");
    }
    sandbox.file("../live.env", 0o600, fill("DB_PASSWORD={token2}\n"));
    drop(scan(&sandbox, &["--live", "../live.env"], 0));
}

#[test]
fn a_project_whose_env_files_are_gone() {
    let sandbox = repository();
    sandbox.file(".gitignore", 0o644, ".env\n");
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    drop(sandbox.envward(&["rotation", "status"]));
    std::fs::remove_file(sandbox.path(".env")).unwrap();
    assert_eq!(problems(&report(&sandbox, &["check", "--no-history"], 2)), ["env-file-gone .env"]);
    // Another one is left: then it may have moved there.
    sandbox.file(".env.production", 0o600, fill("API_TOKEN={token}\n"));
    let report = sandbox.envward(&["check", "--no-history", "--format", "json"]).json();
    assert_eq!(problems(&report), NONE);
}

/// Behind `secrets:` all of a file is one secret, but for a user's name, which is whose it is.
#[test]
fn a_users_name_behind_secrets_is_none() {
    let names = [("db-user", false), ("MYSQL_USERNAME", false), ("smtp_login", false), ("users", true), ("db", true)];
    for (name, is_secret) in names {
        let compose = format!(
            "services:\n  db: {{image: 'x:1.0', secrets: [{name}]}}\nsecrets: {{{name}: {{file: ./held.txt}}}}\n"
        );
        let sandbox = repository();
        sandbox.file("compose.yaml", 0o644, compose);
        commit(&sandbox, "held.txt", "{password}\n");
        let found = findings(&report(&sandbox, &["check", "--exit-zero"], 0));
        let told = found.iter().any(|one| one.starts_with("critical secret-still-live held.txt"));
        assert_eq!(told, is_secret, "{name}: {found:?}");
    }
}

/// Tools that call their env files otherwise. What only refers to values is meant to be committed.
#[test]
fn env_files_of_kamal_and_act() {
    for path in [".kamal/secrets", "shop/.kamal/secrets.staging", ".kamal/secrets-common", ".secrets"] {
        let sandbox = repository();
        commit(&sandbox, path, "RAILS_MASTER_KEY=$(cat config/master.key)\nREGISTRY_PASSWORD=$REGISTRY_PASSWORD\n");
        assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE, "{path}");
        commit(&sandbox, path, "REGISTRY_PASSWORD={password}\n");
        let found = findings(&scan(&sandbox, &[], 1));
        assert!(found.iter().any(|line| line.contains(&format!("error env-file-tracked {path}"))), "{found:?}");
        remove(&sandbox, path);
        let found = findings(&scan(&sandbox, &[], 1));
        assert_eq!(found, [format!("error env-file-in-history {path}")], "{path}");
    }
}

/// Whatever they are called: a unit, a script or a Makefile reads them as env files.
#[test]
fn files_that_scripts_and_units_read() {
    for (path, text, file) in [
        ("deploy/app.service", "[Service]\nEnvironmentFile=-/srv/app/app.conf\n", "app.conf"),
        ("package.json", "{\"scripts\": {\"start\": \"node --env-file=config.txt x.js\"}}\n", "config.txt"),
        ("Makefile", "up:\n\tdocker compose --env-file deploy.cfg up -d\n", "deploy.cfg"),
        ("bin/run.sh", "docker run --env-file \"$ROOT/etc/app\" x/y:1\n", "bin/etc/app"),
    ] {
        let sandbox = repository();
        sandbox.file(path, 0o644, text);
        commit(&sandbox, file, "PORT=1\n");
        assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE, "{path}");
        commit(&sandbox, file, "DB_PASSWORD={password}\n");
        let found = findings(&report(&sandbox, &["check"], 1));
        assert!(found.contains(&format!("error env-file-tracked {file}")), "{path}: {found:?}");
        // Where nobody reads it, it is any text.
        fs::remove_file(sandbox.path(path)).unwrap();
        assert_eq!(findings(&report(&sandbox, &["check"], 0)), NONE, "{path}");
    }
}

/// What is an env file by its content is reported as one, and not as another place of its own values.
#[test]
fn an_env_file_without_a_plain_name_is_no_other_place_of_its_values() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox.file("env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.file("deploy/prod_env", 0o600, fill("DB_PASSWORD={password2}\n"));
    sandbox.file("notes.txt", 0o644, fill("it is {password}\n"));
    sandbox.git(&["add", "env", "deploy/prod_env", "notes.txt"]);
    let found = || {
        let found = findings(&report(&sandbox, &["check"], 1));
        found.into_iter().filter(|one| one.contains("live-value-elsewhere")).collect::<Vec<_>>()
    };
    assert!(matches!(&found()[..], [one] if one.contains("notes.txt")), "{:?}", found());
    sandbox.file(".gitignore", 0o644, "/deploy\n");
    sandbox.git(&["rm", "-rq", "--cached", "."]);
    assert!(found().iter().all(|one| !one.contains("env")), "{:?}", found());
}
