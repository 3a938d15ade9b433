//! Values in use.

use super::*;

#[test]
fn a_value_in_use_in_any_form() {
    use crate::common::encode::{base64, hex, percent, utf16};
    let (sandbox, value) = with_values();
    let forms: [(&str, Vec<u8>); 9] = [
        ("plain", value.clone().into()),
        ("base64", base64(value.as_bytes()).into()),
        ("base64", base64(format!("u:{value}:x").as_bytes()).into()),
        ("hex", hex(value.as_bytes()).into()),
        ("hex", hex(value.as_bytes()).to_uppercase().into()),
        ("UTF-16", utf16(&value, u16::to_le_bytes)),
        ("UTF-16", utf16(&value, u16::to_be_bytes)),
        ("plain", format!("postgres://app:{value}@db/app").into()),
        ("plain", format!("\0\u{1}{value}\0").into()),
    ];
    for (form, bytes) in forms {
        sandbox.file("notes", 0o644, [b"one\ntwo\nkey: ".as_slice(), &bytes, b"\n"].concat());
        sandbox.git(&["add", "notes"]);
        let report = report(&sandbox, &["scan", "--staged"], 1);
        assert_eq!(findings(&report), ["critical live-value-elsewhere notes DB_PASSWORD"], "{form}");
        let found = the(&report, "live-value-elsewhere", "notes");
        assert_eq!((&found["facts"]["form"], &found["facts"]["in_use"]), (&form.into(), &".env".into()));
        assert_eq!(found["line"], 3, "{form}");
        let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
        assert!(text.contains("notes:3") && text.contains("DB_PASSWORD") && !text.contains(&value), "{text}");
    }
    // As percent-encoding writes it where the value needs none, it is plain.
    assert_eq!(percent(value.as_bytes()), value);
}

/// As the programs write it that people have.
#[test]
fn a_value_that_is_broken_into_lines() {
    let (sandbox, value) = with_values();
    let before = format!("# {}\nDB_PASSWORD=", "the settings of this machine ".repeat(5));
    sandbox.file(".env", 0o600, format!("{before}{value}\nPORT=5432\n"));
    // What starts before the value is no character of its own.
    let (base64, hex) = ((before.len() * 8).div_ceil(6), before.len() * 2);
    let lines = [
        ("base64 .env", "base64", base64 / 76 + 1),
        ("openssl base64 -in .env", "base64", base64 / 64 + 1),
        ("xxd -p .env", "hex", hex / 60 + 1),
        ("base64 .env | sed 's/$/\r/'", "base64", base64 / 76 + 1),
        ("echo 'env: |'; base64 .env | sed 's/^/    /'", "base64", base64 / 76 + 2),
        ("grep -o 'PASSWORD=.*' .env | cut -d= -f2 | base64", "base64", 1),
        ("printf %s \"$(sed -n 's/DB_PASSWORD=//p' .env)\" | xxd -p -u", "hex", 1),
    ];
    for (number, (line, form, start)) in lines.into_iter().enumerate() {
        let path = format!("notes-{number}");
        let program = ["openssl", "xxd"].into_iter().find(|program| line.contains(program)).unwrap_or("base64");
        if sandbox.shell(&format!("command -v {program}")).run().code != 0 {
            crate::common::skip(&format!("{program} is missing"));
            continue;
        }
        drop(sandbox.shell(&format!("({line}) >{path}")).run().code(0));
        let count = fs::read_to_string(sandbox.path(&path)).unwrap().lines().count();
        assert!(count >= 2, "{line} breaks");
        sandbox.git(&["add", &path]);
        let finding = format!("critical live-value-elsewhere {path} DB_PASSWORD");
        let staged = report(&sandbox, &["scan", "--staged"], 1);
        assert_eq!(findings(&staged), [finding.as_str()], "{line}");
        let found = the(&staged, "live-value-elsewhere", &path);
        assert_eq!((&found["facts"]["form"], &found["line"]), (&form.into(), &start.into()), "{line}");
        assert!(is_stopped(&sandbox, "", &["commit", "-m", "x"]).contains(&format!("{path}:{start}")), "{line}");
        sandbox.git(&["commit", "--quiet", "--no-verify", "-m", "x"]);
        for verb in ["scan", "check"] {
            let known = findings(&report(&sandbox, &[verb], 1));
            assert!(known.contains(&finding), "{line}: {known:?}");
        }
    }
}

#[test]
fn a_value_with_marks_in_the_forms_that_escape_them() {
    let (sandbox, value) = with_values();
    let marked = format!("{}\"&/'\\{}", &value[..12], &value[12..]);
    sandbox.file(".env", 0o600, format!("DB_PASSWORD='{}'\n", marked.replace('\'', "")));
    let marked = marked.replace('\'', "");
    let json = marked.replace('\\', "\\\\").replace('"', "\\\"");
    let percent = crate::common::encode::percent(marked.as_bytes());
    let shell = marked.replace('\\', "\\\\").replace('"', "\\\"");
    for (form, text) in [("JSON-escaped", json), ("percent-encoded", percent), ("plain", marked)] {
        stage(&sandbox, "notes", &format!("{text}\n"));
        let report = report(&sandbox, &["scan", "--staged"], 1);
        assert_eq!(the(&report, "live-value-elsewhere", "notes")["facts"]["form"], form);
    }
    stage(&sandbox, "notes", &format!("x=\"{shell}\"\n"));
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
}

#[test]
fn the_env_files_that_are_read() {
    let value = fill("{password}");
    type Tracked = &'static [(&'static str, &'static str)];
    let cases: [(&str, &str, Tracked); 8] = [
        (
            "named by a compose file",
            "conf/app.settings",
            &[("ops/compose.yaml", "services:\n  app:\n    image: app:1.0\n    env_file: ../conf/app.settings\n")],
        ),
        (
            "a secret of a compose file",
            "conf/db.txt",
            &[("compose.yaml", "services: {}\nsecrets:\n  db_password:\n    file: conf/db.txt\n")],
        ),
        ("at the root", ".env.production", &[]),
        ("beside a template", "deploy/prod/.env", &[("deploy/prod/.env.example", "DB_PASSWORD=\n")]),
        ("beside a compose file", "ops/.env", &[("ops/docker-compose.yml", "services: {}\n")]),
        ("above a staged file", "app/.env", &[]),
        (
            "of the configuration",
            "conf/secrets.conf",
            &[("envward.toml", "[files]\nextra = [\"conf/secrets.conf\"]\n")],
        ),
        ("of a pattern", "conf/eu/west/x.conf", &[("envward.toml", "[files]\nextra = [\"conf/*/west/*.conf\"]\n")]),
    ];
    for (what, path, tracked) in cases {
        let sandbox = guarded();
        for (path, text) in tracked {
            sandbox.file(path, 0o644, text);
            sandbox.git(&["add", path]);
        }
        sandbox.file(".gitignore", 0o644, "*.env\n.env*\n!*.example\n*.conf\n");
        sandbox.git(&["add", ".gitignore"]);
        sandbox.git(&["commit", "-qm", "start"]);
        let is_whole = what.starts_with("a secret");
        let text = if is_whole { format!("{value}\n") } else { format!("DB_PASSWORD={value}\n") };
        sandbox.file(path, 0o600, text);
        sandbox.file("app/src/main.c", 0o644, format!("char *p = \"{value}\";\n"));
        sandbox.git(&["add", "app"]);
        let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
        assert!(text.contains("app/src/main.c:1") && text.contains(path), "{what}: {text}");
    }
}

#[test]
fn a_linked_work_tree_has_the_values_of_the_main_one() {
    let (sandbox, value) = with_values();
    sandbox.git(&["worktree", "add", "-q", "../linked"]);
    let linked = |args: &[&str]| sandbox.git_command("../linked", args).run();
    sandbox.file("../linked/notes", 0o644, format!("{value}\n"));
    drop(linked(&["add", "notes"]).code(0));
    let output = linked(&["commit", "-qm", "x"]).code(1);
    let text = output.stdout + &output.stderr;
    assert!(
        text.contains(&format!(
            "notes:1: this file contains the value of DB_PASSWORD from ../{}/.env",
            project_name(&sandbox)
        )),
        "{text}"
    );
    assert!(!text.contains(&value), "{text}");
    // Its own come first.
    sandbox.file("../linked/.env", 0o600, format!("DB_PASSWORD={value}\n"));
    let output = linked(&["commit", "-qm", "x"]).code(1);
    assert!((output.stdout + &output.stderr).contains("this file contains the value of DB_PASSWORD from .env"));
    // One that cannot be read is a reminder.
    fs::remove_file(sandbox.path("../linked/.env")).unwrap();
    fs::remove_file(sandbox.path(".env")).unwrap();
    sandbox.fifo(".env");
    let output = linked(&["commit", "-qm", "x"]).code(0);
    let text = (output.stdout + &output.stderr).replace('\n', " ");
    assert!(text.contains("this change was not searched for its values"), "{text}");
}

/// The name of the directory that the repository is in.
fn project_name(sandbox: &Sandbox) -> String {
    sandbox.path("").canonicalize().unwrap().file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn a_value_in_the_name_of_a_file() {
    let (sandbox, value) = with_values();
    stage(&sandbox, &format!("backup-{value}/notes"), "x\n");
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("backup-[masked]/notes: this name contains the value of DB_PASSWORD from .env"), "{text}");
    assert!(!text.contains(&value), "{text}");
    sandbox.git(&["commit", "-qnm", "old"]);
    stage(&sandbox, &format!("backup-{value}/notes"), "changed\n");
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn no_walk_goes_further() {
    let (sandbox, value) = with_values();
    fs::remove_file(sandbox.path(".env")).unwrap();
    sandbox.file("elsewhere/deep/.env", 0o600, format!("DB_PASSWORD={value}\n"));
    stage(&sandbox, "notes", &value);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn ordinary_values_stop_nobody() {
    let sandbox = guarded();
    let values = [
        ("DB_PASSWORD", "localhost"),
        ("POSTGRES_PASSWORD", "postgres"),
        ("APP_SECRET", "production"),
        ("SMTP_PASSWORD", "info@example.com"),
        ("API_TOKEN", "3000"),
        ("AUTH_TOKEN", "admin@mail.example.org"),
        ("REDIS_PASSWORD", "redis.internal.example.com"),
        ("DB_PASS", "db.example.com:5432"),
        ("SESSION_SECRET", "development"),
        ("PASSWORD", "correct-horse-battery"),
        ("JWT_SECRET", "my-super-secret-jwt-key"),
        ("API_KEY", "https://api.example.com/v1/messages"),
        ("SECRET_KEY", "/run/secrets/django_key"),
        ("TLS_KEY", "/etc/ssl/private/server.key"),
        ("TOKEN_SECRET", "true"),
        ("ADMIN_PASSWORD", "Administrator"),
        ("DATABASE_URL", "postgres://postgres:postgres@localhost:5432/app"),
        ("CACHE_TOKEN", "us-east-1.amazonaws.com"),
        ("MAIL_PASSWORD", "noreply@mail.company-name.co.uk"),
        ("SECRET", "application/json"),
    ];
    let lines: Vec<String> = values.iter().map(|(key, value)| format!("{key}={value}\n")).collect();
    sandbox.file(".env", 0o600, lines.concat());
    let texts: Vec<String> = values.iter().map(|(_, value)| format!("{value}\n")).collect();
    stage(&sandbox, ".gitignore", ".env\n");
    stage(&sandbox, "docs/settings.md", &texts.concat());
    assert_eq!(findings(&report(&sandbox, &["scan", "--staged"], 0)), NONE);
    assert_eq!(said(&sandbox, &["commit", "-qm", "x"]), "");
}

#[test]
fn a_value_that_was_there_before_warns() {
    let (sandbox, value) = with_values();
    stage(&sandbox, "notes", &format!("{value}\n"));
    sandbox.git(&["commit", "-qnm", "old"]);
    stage(&sandbox, "notes", &format!("more\n{value}\n"));
    assert!(said(&sandbox, &["commit", "-qm", "x"]).contains("notes:2"));
    // A new name is a new place.
    sandbox.git(&["mv", "notes", "renamed"]);
    assert!(is_stopped(&sandbox, "", &["commit", "-m", "x"]).contains("renamed:2"));
    sandbox.git(&["reset", "-q", "--hard"]);
    stage(&sandbox, "envward.toml", "[hook]\nstrict = true\n");
    stage(&sandbox, "notes", &format!("even more\n{value}\n"));
    assert!(is_stopped(&sandbox, "", &["commit", "-m", "x"]).contains("notes:2"));
}

#[test]
fn taking_a_value_out_passes() {
    let (sandbox, value) = with_values();
    stage(&sandbox, "notes", &format!("{value}\n"));
    sandbox.git(&["commit", "-qnm", "old"]);
    stage(&sandbox, "notes", "gone\n");
    assert_eq!(said(&sandbox, &["commit", "-qm", "x"]), "");
    stage(&sandbox, "notes", &format!("{value}\n"));
    sandbox.git(&["commit", "-qnm", "again"]);
    sandbox.git(&["rm", "-q", "notes"]);
    assert_eq!(said(&sandbox, &["commit", "-qm", "x"]), "");
}

#[test]
fn an_ignore_with_a_reason_hides_it() {
    let (sandbox, value) = with_values();
    stage(&sandbox, "fixture", &value);
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    stage(
        &sandbox,
        "envward.toml",
        "[[ignore]]\ncheck = \"live-value-elsewhere\"\npath = \"fixture\"\nreason = \"a test account\"\n",
    );
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn an_ignored_fixture_must_not_hold_a_value_in_use() {
    let (sandbox, value) = with_values();
    stage(
        &sandbox,
        "envward.toml",
        "[[ignore]]\ncheck = \"env-file-staged\"\npath = \"tests/.env\"\nreason = \"its password opens nothing\"\n",
    );
    stage(&sandbox, "tests/.env", "DB_PASSWORD={password2}\n");
    drop(passes(&sandbox, &["commit", "-qm", "a fixture"]));
    stage(&sandbox, "tests/.env", &format!("DB_PASSWORD={value}\n"));
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("tests/.env:1: this file contains the value of DB_PASSWORD from .env"), "{text}");
    // One that must not be there at all is one matter.
    stage(&sandbox, "prod.env", &format!("DB_PASSWORD={value}\n"));
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("prod.env: this commit would add an env file") && !text.contains("prod.env:1"), "{text}");
}

#[test]
fn an_env_file_that_cannot_be_read_warns() {
    let (sandbox, _) = with_values();
    fs::remove_file(sandbox.path(".env")).unwrap();
    sandbox.fifo(".env");
    stage(&sandbox, "README", "changed\n");
    assert!(said(&sandbox, &["commit", "-qm", "x"]).contains("this change was not searched for its values"));
    // Who asks for a report is told that it is not whole.
    stage(&sandbox, "README", "changed again\n");
    drop(report(&sandbox, &["scan", "--staged"], 2));
}

#[test]
fn a_loose_mode_warns_with_the_command_that_mends_it() {
    let (sandbox, _) = with_values();
    fs::set_permissions(sandbox.path(".env"), fs::Permissions::from_mode(0o644)).unwrap();
    stage(&sandbox, "README", "changed\n");
    let text = said(&sandbox, &["commit", "-qm", "x"]);
    assert!(text.contains("chmod 600 .env") && text.lines().count() == 3, "{text}");
}

#[test]
fn strict_stops_a_tracked_one_that_does_not_change() {
    let sandbox = tracked();
    stage(&sandbox, "envward.toml", "[hook]\nstrict = true\n");
    assert!(is_stopped(&sandbox, "", &["commit", "-m", "x"]).contains("[env-file-tracked]"));
    sandbox.git(&["rm", "-q", "--cached", ".env"]);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn a_template_that_had_its_secret_before_warns() {
    let sandbox = guarded();
    stage(&sandbox, ".env.example", "JWT_SECRET={hex64}\n");
    sandbox.git(&["commit", "-qnm", "old"]);
    stage(&sandbox, "README", "changed\n");
    assert_eq!(said(&sandbox, &["commit", "-qm", "x"]), "");
    stage(&sandbox, ".env.example", "JWT_SECRET={hex64}\nPORT=\n");
    assert!(said(&sandbox, &["commit", "-qm", "x"]).contains("[template-with-secret]"));
}
