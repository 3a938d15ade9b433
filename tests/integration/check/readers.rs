//! Which programs see another value: the finding, the table, the JSON, and values that are written so that all agree.

use std::fs;

use serde_json::Value;

use crate::common::fill::fill;
use crate::common::listed::{findings, report};
use crate::common::schema::validate;
use crate::common::{Sandbox, own_file};

/// A project of Docker Compose, bash and npm's dotenv.
fn project(env: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, "services: {}\n");
    sandbox.file("deploy.sh", 0o755, "#!/bin/bash\nset -a\nsource .env\n");
    sandbox.file("package.json", 0o644, "{\"dependencies\": {\"dotenv\": \"^17.2.0\"}}\n");
    sandbox.file(".env", 0o600, env);
    sandbox
}

/// The findings about readers: severity, line, key, readers, the reader of the others, sign.
fn about(sandbox: &Sandbox, code: i32) -> Vec<String> {
    let report = report(sandbox, &["check"], code);
    let of_readers = report["findings"].as_array().unwrap().iter().filter(|one| one["check"] == "readers-disagree");
    let words = |value: &Value| match value.as_array() {
        Some(list) => list.iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join("+"),
        None => value.as_str().map(str::to_owned).unwrap_or_default(),
    };
    let line = |one: &Value| {
        let facts = &one["facts"];
        let parts = [words(&one["severity"]), one["line"].to_string(), words(&one["key"]), words(&facts["readers"])];
        format!("{} | {} | {}", parts.join(" "), words(&facts["first"]), words(&facts["sign"]))
    };
    of_readers.map(line).collect()
}

#[test]
fn each_side_and_the_sign_that_divides_them() {
    let cases = [
        ("K=a#b\n", "warning 1 K npm-dotenv | compose | `#`"),
        ("K=Our Shop\n", "error 1 K bash | compose | a blank"),
        ("B=x\nK=a${B}c\n", "warning 2 K npm-dotenv | compose | `$`"),
        ("K=a\\b\n", "warning 1 K bash | compose | a backslash"),
        ("K=\"a\\$b\"\n", "warning 1 K npm-dotenv | compose | `$`"),
        ("K=a&b\n", "error 1 K bash | compose | a shell operator (`&`, `;`, `|`, `<`, `>`, `(` or `)`)"),
        ("K=~/x\n", "warning 1 K bash | compose | `~`"),
        ("K = v\n", "warning 1 K bash | compose | blanks around `=`"),
        ("UID=1000\n", "warning 1 UID bash | compose | a name that the reader keeps for itself"),
        ("\u{feff}K=v\n", "warning 1 K bash | compose | the byte order mark"),
        ("K=v\r\nL=w\r\n", "warning null  bash | compose | a carriage return"),
        ("a-b=v\n", "warning 1 a-b bash | compose | the name of the key"),
    ];
    for (env, expected) in cases {
        assert_eq!(about(&project(env), 1), [expected], "{env:?}");
    }
    for alike in ["K='Our Shop #1'\n", "K=plain\nL=\"two words\"\n# c\n", "K=a # a comment\n", "export K=v\n", "K=\n"] {
        assert_eq!(about(&project(alike), 0), [""; 0], "{alike:?}");
    }
}

#[test]
fn a_makefile_that_includes_the_file_reads_it() {
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, "services: {}\n");
    sandbox.file("Makefile", 0o644, "-include .env\nexport\n\nup:\n\tdocker compose up -d\n");
    for (env, expected) in [
        ("K='a b'\n", "warning 1 K make | compose | the quotes"),
        ("K=a#b\n", "warning 1 K make | compose | `#`"),
        ("SHELL=zsh\n", "warning 1 SHELL make | compose | a name that the reader keeps for itself"),
    ] {
        sandbox.file(".env", 0o600, env);
        assert_eq!(about(&sandbox, 1), [expected], "{env:?}");
    }
    sandbox.file(".env", 0o600, "K=a b\nL=x\n");
    assert_eq!(about(&sandbox, 0), [""; 0]);
    sandbox.file(".env", 0o600, "K=\"a b\"\nL='x$$y'\nM='a#b'\n");
    let done = sandbox.envward(&["check", "--fix", "--rewrite-values"]).code(1).stdout;
    // Docker Compose takes `$$` in single quotes for two, and so do four of them for Make.
    assert_eq!(fs::read_to_string(sandbox.path(".env")).unwrap(), "K=a b\nL=x$$$$y\nM='a#b'\n");
    assert!(done.contains("M has no spelling for all of its readers, because of `#`"), "{done}");
}

#[test]
fn a_reader_that_refuses_the_file_is_an_error() {
    let sandbox = project("A=1\nK=it's\nB=2\n");
    let found = report(&sandbox, &["check"], 1);
    let one = &found["findings"][0];
    assert_eq!(one["title"], "bash stops at this line, and sees nothing of what follows");
    assert_eq!((&one["severity"], &one["line"]), (&"error".into(), &2.into()));
}

#[test]
fn a_project_without_signs_gets_a_note_for_a_secret_alone() {
    let sandbox = Sandbox::new();
    let secret = fill("{password}");
    sandbox.file(".env", 0o600, format!("TITLE=a#b\nDB_PASSWORD={}#{}\n", &secret[..32], &secret[32..]));
    assert_eq!(about(&sandbox, 0), ["note 2 DB_PASSWORD node+npm-dotenv | compose | `#`"]);
    sandbox.file(".env", 0o600, format!("DB_PASSWORD='{}#{}'\n", &secret[..32], &secret[32..]));
    assert_eq!(about(&sandbox, 0), [""; 0]);
    sandbox.file(".env.test", 0o600, format!("DB_PASSWORD={}#{}\n", &secret[..32], &secret[32..]));
    assert_eq!(about(&sandbox, 0), [""; 0], "a file for tests");
}

/// What node reads of a value may be the value in use.
#[test]
fn what_another_reader_sees_is_searched_for() {
    let sandbox = Sandbox::new();
    let secret = fill("{password}");
    sandbox.git(&["init", "-q"]);
    sandbox.file(".gitignore", 0o644, "/.env\n");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={secret}#x7\n"));
    sandbox.file("notes", 0o644, format!("password: {secret}\n"));
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["-c", "user.name=a", "-c", "user.email=a@example.invalid", "commit", "-qm", "x"]);
    let found = findings(&report(&sandbox, &["check"], 1));
    assert!(found.iter().any(|one| one.contains("notes")), "{found:?}");
}

#[test]
fn the_configuration_names_readers() {
    let sandbox = project("K=Our Shop\n");
    sandbox.file("envward.toml", 0o644, "[project]\nreaders = [\"compose\", \"node\"]\n");
    assert_eq!(about(&sandbox, 0), [""; 0]);
    sandbox.file("envward.toml", 0o644, "[project]\nreaders = [\"dash\", \"systemd\"]\n");
    assert_eq!(about(&sandbox, 1), ["warning 1 K systemd | dash | a blank"]);
    sandbox.file("envward.toml", 0o644, "[project]\nreaders = [\"python-dotenw\"]\n");
    let refused = sandbox.envward(&["check"]).code(2);
    assert!(refused.stderr.contains("envward.toml:2: no reader has this name"), "{}", refused.stderr);
    assert!(refused.stderr.contains("did you mean `python-dotenv`?"), "{}", refused.stderr);
    sandbox.file("envward.toml", 0o644, "[project]\nreaders = [\"zebra\"]\n");
    let refused = sandbox.envward(&["check"]).code(2).stderr;
    assert!(refused.contains("allowed: compose, bash, dash"), "{refused}");
}

#[test]
fn the_table_fits_a_terminal() {
    let long = format!("A_VERY_LONG_NAME_{}", "X".repeat(90));
    let sandbox = project(&format!("K=a#b\n{long}='x y'\nPLAIN=1\n"));
    let text = sandbox.envward(&["check", "--readers"]).code(1).stdout;
    let table: Vec<&str> = text.lines().take_while(|line| !line.starts_with("Each reader")).collect();
    assert!(table.iter().all(|line| line.chars().count() <= 80), "{text}");
    let row = table.iter().find(|line| line.trim_start().starts_with("K ")).unwrap();
    let cells: Vec<&str> = row.split_whitespace().skip(1).collect();
    assert_eq!(cells.join(""), "=====xxx=x==xxxx");
    assert!(text.contains("npm-dotenv reads it: package.json"), "{text}");
    assert!(text.contains("bash reads it: deploy.sh:3"), "{text}");
    assert!(text.contains("CO BS ds"), "{text}");
    assert!(text.contains("1 key is the same for all readers"), "{text}");
    assert!(!text.contains("a#b"), "{text}");
}

#[test]
fn the_report_says_what_each_reader_sees() {
    let sandbox = project("K=a#b\nT=Our Shop\nexport E=1\n");
    let output = sandbox.envward(&["check", "--readers", "--format", "json"]).code(1).stdout;
    let report = validate(&own_file("docs/report.schema.json"), &output);
    let readers = report["readers"].as_array().unwrap();
    assert_eq!(readers.len(), 3);
    let values = &readers[0]["values"];
    assert_eq!(
        (&readers[0]["path"], &readers[0]["line"], &readers[0]["key"]),
        (&".env".into(), &1.into(), &"K".into())
    );
    for (reader, word) in [("compose", "same"), ("bash", "same"), ("npm-dotenv", "other"), ("docker", "error")] {
        assert_eq!(values[reader], word, "{reader}");
    }
    assert_eq!(readers[1]["values"]["bash"], "executes");
    assert_eq!(readers[2]["values"]["systemd"], "absent");
    let without = report_without(&sandbox);
    assert!(without.get("readers").is_none());
}

fn report_without(sandbox: &Sandbox) -> Value {
    sandbox.envward(&["check", "--format", "json"]).code(1).json()
}

#[test]
fn values_are_written_so_that_all_agree() {
    let before = "# c\nexport A='x'\nK=a#b # kept\nT=Our Shop\nJ={\"a\": 1}\nUID=1000\nQ=\"it's \\\"x\\\"\"\nN='z'\n";
    let sandbox = project(before);
    let dry = sandbox.envward(&["check", "--fix", "--rewrite-values", "--dry-run"]).code(1).stdout;
    assert!(dry.contains("would fix  .env: T written so that compose, bash, npm-dotenv see the same value"), "{dry}");
    assert!(!dry.contains("Our Shop"), "{dry}");
    assert_eq!(fs::read_to_string(sandbox.path(".env")).unwrap(), before);
    let done = sandbox.envward(&["check", "--fix", "--rewrite-values"]).code(1).stdout;
    assert_eq!(
        fs::read_to_string(sandbox.path(".env")).unwrap(),
        "# c\nexport A='x'\nK='a#b' # kept\nT='Our Shop'\nJ='{\"a\": 1}'\nUID=1000\nQ=\"it's \\\"x\\\"\"\nN='z'\n"
    );
    let quotes = "not fixed  .env: Q has no spelling for all of its readers, because of the quotes";
    assert!(done.contains(quotes), "{done}");
    assert!(done.contains("envward rotation rotate Q .env"), "{done}");
    let name = "UID has no spelling for all of its readers, because of a name that the reader keeps for itself";
    assert!(done.contains(name), "{done}");
}

#[test]
fn no_value_is_written_that_a_reader_would_not_read_back() {
    let sandbox = Sandbox::new();
    sandbox.file("run.sh", 0o755, "#!/bin/sh\ndocker run --env-file .env app\n");
    sandbox.file("compose.yaml", 0o644, "services: {}\n");
    // The quotes stay, and `docker run` takes them for a part of the value.
    sandbox.file(".env", 0o600, "DB_PASSWORD=''\n");
    let refused = sandbox.envward(&["generate", "hex", "--into", ".env", "DB_PASSWORD"]).code(2).stderr;
    assert!(refused.contains("docker would read another value than the one that is written"), "{refused}");
    assert!(refused.contains("envward check --fix --rewrite-values"), "{refused}");
    assert_eq!(fs::read_to_string(sandbox.path(".env")).unwrap(), "DB_PASSWORD=''\n");
    sandbox.file(".env", 0o600, "DB_PASSWORD=\n");
    drop(sandbox.envward(&["generate", "hex", "--into", ".env", "DB_PASSWORD"]).code(0));
    // A file that is not there yet has its readers, too.
    sandbox.file("load.sh", 0o755, "#!/bin/bash\nset -a\n. ./new.env\n");
    let refused = sandbox.envward(&["generate", "hex", "--into", "new.env", "UID"]).code(2).stderr;
    assert!(refused.contains("bash would read another value than the one that is written"), "{refused}");
    assert!(!sandbox.path("new.env").exists());
    drop(sandbox.envward(&["generate", "hex", "--into", "new.env", "DB_PASSWORD"]).code(0));
    sandbox.file("web/run.sh", 0o755, "docker run --env-file .env app\n");
    sandbox.file("web/.env.example", 0o644, "DB_PASSWORD=''\n");
    let refused = sandbox.envward(&["init", "web/.env.example"]).code(2).stderr;
    assert!(refused.contains("docker would read another value"), "{refused}");
    assert!(!sandbox.path("web/.env").exists());
}

#[test]
fn carriage_returns_marks_and_zero_bytes() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, "A=1\r\nB=2\r\n");
    assert_eq!(about(&sandbox, 0), ["note null  bash+dash | compose | a carriage return"]);
    sandbox.file(".env", 0o600, "A=1\rB=2\r");
    assert_eq!(report(&sandbox, &["check"], 1)["findings"][0]["check"], "readers-disagree");
    let sandbox = project("K=a\0b\n");
    let found = report(&sandbox, &["check"], 2);
    assert_eq!(found["problems"][0]["kind"], "unknown-encoding", "{found:#?}");
}

#[test]
fn four_mebibytes_of_quotes_end_soon() {
    let text = "K='\"".repeat(1 << 20);
    let sandbox = project(&text);
    // The sandbox gives up where this takes too long.
    let report = sandbox.envward(&["check", "--readers", "--format", "json"]).json();
    assert_ne!(report["status"], "clean", "{report:#}");
}

/// Quotes would not help, and `--rewrite-values` neither.
#[test]
fn a_reader_that_refuses_the_byte_order_mark() {
    let sandbox = Sandbox::new();
    sandbox.file("go.mod", 0o644, "module x\nrequire github.com/joho/godotenv v1.5.1\n");
    sandbox.file(".env", 0o600, "\u{feff}PORT=8080\n");
    let screen = sandbox.envward(&["check"]).code(1).stdout;
    let words = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("godotenv refuses this file because of the byte order mark"), "{screen}");
    let command = words.split("remove the byte order mark: ").nth(1).unwrap();
    let command = &command[..command.find(".env").unwrap() + ".env".len()];
    drop(sandbox.shell(command).run().code(0));
    assert_eq!(findings(&report(&sandbox, &["check"], 0)), [""; 0]);
}

/// `env_file: {format: raw}`: Docker's own reader, which takes quotes and `$` as they are.
#[test]
fn a_raw_env_file_is_taken_as_it_is_written() {
    let sandbox = Sandbox::new();
    let compose = |files: &str| format!("services:\n  web:\n    image: acme/web:10.2.3\n    env_file: [{files}]\n");
    sandbox.file("compose.yaml", 0o644, compose("{path: web.env, format: raw}"));
    sandbox.file("web.env", 0o600, fill("DB_PASSWORD=q$vw{password}\nADMIN_HASH=$2b$12$abcdefghijklmnopqrstuv\n"));
    let about_dollars = || {
        // The hash is too short, whoever reads it.
        let findings = findings(&report(&sandbox, &["check"], 1));
        findings.into_iter().filter(|one| one.contains("-by-compose") || one.contains("hash-rewritten")).collect()
    };
    let found: Vec<String> = about_dollars();
    assert_eq!(found, [""; 0]);
    let shown = sandbox.envward(&["check", "--readers", "web.env"]).code(1).stdout;
    assert!(shown.contains("docker reads it: compose.yaml") && !shown.contains("compose reads it"), "{shown}");
    // Another service has Docker Compose read the same file.
    let both = "{path: web.env, format: raw}]\n  job:\n    image: acme/job:10.2.3\n    env_file: [web.env";
    sandbox.file("compose.yaml", 0o644, compose(both));
    let found: Vec<String> = about_dollars();
    assert_eq!(found.len(), 2, "{found:?}");
    // Quotes are a part of the value, which the other reader takes away.
    sandbox.file("web.env", 0o600, "K='a b'\n");
    assert_eq!(about(&sandbox, 1), ["warning 1 K docker | compose | the quotes"]);
}

#[test]
fn docker_compose_refuses_other_characters() {
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, "services:\n  web:\n    image: acme/web:10.2.3\n    env_file: web.env\n");
    let text = fill("TITLE=shop\r\nDB_PASSWORD={password}\r\n");
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let all = [b"\xff\xfe".to_vec(), wide(&text)].concat();
    let appended = [b"TITLE=shop\n".to_vec(), wide(&fill("DB_PASSWORD={password}\r\n"))].concat();
    for (bytes, line) in [(all, 1), (wide(&text), 1), (appended, 2)] {
        sandbox.file("web.env", 0o600, bytes);
        let report = report(&sandbox, &["check"], 1);
        let found = findings(&report);
        assert_eq!(found, ["error readers-disagree web.env"], "{line}");
        let facts = &report["findings"][0]["facts"];
        assert_eq!((&facts["refusal"], &facts["refused"]), (&"encoding".into(), &line.into()));
    }
}
