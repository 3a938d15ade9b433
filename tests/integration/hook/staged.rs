//! The pre-commit hook, with real commits: what it stops, and what it lets pass.
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::common::fill::fill;
use crate::common::listed::{findings, problems, project, report, the};
use crate::common::{Output, Sandbox};
use envward::checks::Step::{File, Git};

const GOOD: &str = "DB_PASSWORD={password}\n";
const NONE: [&str; 0] = [];

/// A repository with a first commit, and the hook in place.
fn guarded() -> Sandbox {
    let sandbox = project(&[Git("init"), File("README", 0o644, "hello\n"), Git("add ."), Git("commit -m start")]);
    drop(sandbox.envward(&["hook", "install"]).code(0));
    sandbox
}

/// The same with an env file that was committed before.
fn tracked() -> Sandbox {
    let sandbox = guarded();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\nPORT=1\n"));
    sandbox.git(&["add", "-f", ".env"]);
    sandbox.git(&["commit", "--quiet", "--no-verify", "-m", "old"]);
    sandbox
}

fn stage(sandbox: &Sandbox, path: &str, text: &str) {
    sandbox.file(path, 0o600, fill(text));
    sandbox.git(&["add", "-f", path]);
}

/// Runs git, and what must not work does not: no new commit, and a message that says why. The message.
#[track_caller]
fn is_stopped(sandbox: &Sandbox, dir: &str, args: &[&str]) -> String {
    let head = || sandbox.git_command("", &["rev-parse", "--quiet", "--verify", "HEAD"]).run().stdout;
    let before = head();
    let output = sandbox.git_command(dir, args).run().code(1);
    assert_eq!(head(), before, "no commit was made");
    let text = output.stdout + &output.stderr;
    assert!(text.lines().count() <= 25, "{text}");
    text
}

#[track_caller]
fn passes(sandbox: &Sandbox, args: &[&str]) -> Output {
    let count = || sandbox.git_command("", &["rev-list", "--count", "HEAD"]).run().stdout.trim().to_owned();
    let before = count();
    let output = sandbox.git_command("", args).run().code(0);
    assert!(args.contains(&"--amend") || count() != before, "a commit was made");
    output
}

/// Runs git, which makes a commit; what was said meanwhile.
#[track_caller]
fn said(sandbox: &Sandbox, args: &[&str]) -> String {
    let output = passes(sandbox, args);
    output.stdout + &output.stderr
}

// What is stopped.

#[test]
fn an_added_env_file() {
    let sandbox = guarded();
    stage(&sandbox, "config/.env", GOOD);
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("config/.env") && text.contains("git rm --cached -f :/config/.env"), "{text}");
    assert!(text.contains("[env-file-staged]"), "{text}");
    assert!(!text.contains(&fill("{password}")), "{text}");
    // The way on that it names is one.
    sandbox.git(&["rm", "--quiet", "--cached", "config/.env"]);
    drop(passes(&sandbox, &["commit", "-qm", "x", "--allow-empty"]));
}

#[test]
fn the_first_commit() {
    let sandbox = project(&[Git("init")]);
    drop(sandbox.envward(&["hook", "install"]).code(0));
    stage(&sandbox, ".env", GOOD);
    stage(&sandbox, "README", "hello\n");
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("git rm --cached -f :/.env"), "{text}");
    sandbox.git(&["rm", "--quiet", "--cached", ".env"]);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn from_a_subdirectory() {
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    sandbox.mkdir("deep/er", 0o755);
    assert!(is_stopped(&sandbox, "deep/er", &["commit", "-m", "x"]).contains("[env-file-staged]"));
}

#[test]
fn commit_all_and_commit_of_a_path() {
    for args in
        [&["commit", "-am", "x"][..], &["commit", "-m", "x", "--", ".env"], &["commit", "-m", "x", "-i", ".env"]]
    {
        let sandbox = tracked();
        sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
        let text = is_stopped(&sandbox, "", args);
        assert!(text.contains("new secrets"), "{args:?}: {text}");
    }
}

#[test]
fn commit_of_another_path_leaves_what_is_staged_alone() {
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    sandbox.file("README", 0o644, "changed\n");
    drop(passes(&sandbox, &["commit", "-qm", "x", "--", "README"]));
    assert_eq!(sandbox.git(&["diff", "--cached", "--name-only"]), ".env");
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
}

#[test]
fn from_a_subdirectory_of_a_path() {
    let sandbox = tracked();
    stage(&sandbox, "sub/prod.env", "A=1\n");
    sandbox.git(&["commit", "--quiet", "--no-verify", "-m", "old"]);
    sandbox.file("sub/prod.env", 0o600, fill(GOOD));
    assert!(is_stopped(&sandbox, "sub", &["commit", "-m", "x", "--", "prod.env"]).contains("sub/prod.env"));
}

#[test]
fn a_rename() {
    let sandbox = tracked();
    sandbox.git(&["mv", ".env", "prod.env"]);
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("git rm --cached -f :/prod.env"), "{text}");
}

#[test]
fn a_rename_from_an_ordinary_name() {
    let sandbox = guarded();
    stage(&sandbox, "settings.txt", GOOD);
    drop(passes(&sandbox, &["commit", "-qm", "settings"]));
    sandbox.git(&["mv", "settings.txt", ".env"]);
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
}

#[test]
fn an_amend_that_adds_it() {
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    is_stopped(&sandbox, "", &["commit", "--amend", "--no-edit"]);
}

#[test]
fn an_amend_that_takes_it_out_passes() {
    let sandbox = tracked();
    sandbox.git(&["rm", "--quiet", "--cached", ".env"]);
    drop(passes(&sandbox, &["commit", "--quiet", "--amend", "--no-edit", "--allow-empty"]));
    assert_eq!(sandbox.git(&["ls-tree", "--name-only", "HEAD"]), "README");
}

#[test]
fn a_template_with_a_real_secret() {
    let sandbox = guarded();
    stage(&sandbox, ".env.example", "JWT_SECRET={hex64}\n");
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("[template-with-secret]") && text.contains(".env.example"), "{text}");
    stage(&sandbox, ".env.example", "JWT_SECRET=changeme\n");
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

/// Browsers are given it; the older form has a secret beside the key.
#[test]
fn a_public_dsn_of_sentry_stops_nothing() {
    let sandbox = guarded();
    let key = &fill("{hex32}")[..32];
    let dsn = format!("https://{key}@o4501.ingest.sentry.io/4502");
    sandbox.file(".env", 0o600, format!("SENTRY_DSN={dsn}\n"));
    for (path, text) in
        [(".env.example", format!("SENTRY_DSN={dsn}\n")), ("app.js", format!("init({{dsn: '{dsn}'}})\n"))]
    {
        stage(&sandbox, path, &text);
        drop(passes(&sandbox, &["commit", "-qm", "x"]));
    }
    let old = dsn.replace('@', &format!(":{}@", &fill("{hex32-old}")[..32]));
    stage(&sandbox, ".env.example", &format!("SENTRY_DSN={old}\n"));
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("[template-with-secret]"), "{text}");
}

#[test]
fn copies_archives_and_the_keys_of_dotenvx() {
    for name in [".env.bak", ".env.zip", ".env.keys", "backend/.envrc"] {
        let sandbox = guarded();
        stage(&sandbox, name, GOOD);
        assert!(is_stopped(&sandbox, "", &["commit", "-m", "x"]).contains(name), "{name}");
    }
}

#[test]
fn many_files_make_no_long_message() {
    let sandbox = guarded();
    for number in 0..30 {
        sandbox.file(format!("service{number}/.env"), 0o600, fill(&format!("DB_PASSWORD={{password{number}}}\n")));
    }
    sandbox.git(&["add", "-f", "."]);
    let output = sandbox.git_command("", &["commit", "-m", "x"]).run().code(1);
    assert!(output.stderr.lines().count() <= 12, "{}", output.stderr);
    assert!(output.stderr.contains("and 26 more"), "{}", output.stderr);
}

// What passes.

#[test]
fn taking_it_out_of_git() {
    let sandbox = tracked();
    sandbox.git(&["rm", "--quiet", "--cached", ".env"]);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn an_ignored_file_in_the_work_tree() {
    let sandbox = guarded();
    sandbox.file(".env", 0o600, fill(GOOD));
    stage(&sandbox, ".gitignore", ".env\n");
    assert_eq!(findings(&report(&sandbox, &["scan", "--staged"], 0)), NONE);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn a_tracked_one_that_does_not_change_is_a_note() {
    let sandbox = tracked();
    stage(&sandbox, "README", "changed\n");
    assert_eq!(findings(&report(&sandbox, &["scan", "--staged"], 0)), ["note env-file-tracked .env"]);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn a_change_of_no_secret_is_a_warning_and_passes() {
    let sandbox = tracked();
    stage(&sandbox, ".env", "DB_PASSWORD={password}\nPORT=2\n");
    let report = report(&sandbox, &["scan", "--staged"], 1);
    assert_eq!(findings(&report), ["warning env-file-staged .env"]);
    let facts = &the(&report, "env-file-staged", ".env")["facts"];
    assert_eq!((&facts["change"], &facts["secrets"]), (&"modified".into(), &0.into()));
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn what_is_only_meant_to_be_added() {
    let sandbox = guarded();
    sandbox.file(".env", 0o600, fill(GOOD));
    sandbox.git(&["add", "-f", "--intent-to-add", ".env"]);
    stage(&sandbox, "README", "changed\n");
    assert_eq!(findings(&report(&sandbox, &["scan", "--staged"], 0)), NONE);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
    assert_eq!(sandbox.git(&["ls-tree", "--name-only", "HEAD"]), "README");
    // With -a it is added.
    is_stopped(&sandbox, "", &["commit", "-am", "x"]);
}

#[test]
fn no_verify_is_gits_own_way_past() {
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    drop(passes(&sandbox, &["commit", "-qm", "x", "--no-verify"]));
}

// Values in use.

/// A guarded repository with an ignored env file, whose value is the second.
fn with_values() -> (Sandbox, String) {
    let sandbox = guarded();
    let value = fill("{password}");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={value}\n"));
    stage(&sandbox, ".gitignore", ".env\n");
    sandbox.git(&["commit", "--quiet", "-m", "ignore"]);
    (sandbox, value)
}

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
    assert!(text.contains(&format!("notes:1: DB_PASSWORD: its value in ../{}/.env", project_name(&sandbox))), "{text}");
    assert!(!text.contains(&value), "{text}");
    // Its own come first.
    sandbox.file("../linked/.env", 0o600, format!("DB_PASSWORD={value}\n"));
    let output = linked(&["commit", "-qm", "x"]).code(1);
    assert!((output.stdout + &output.stderr).contains("its value in .env stands here"));
    // One that cannot be read is a reminder.
    fs::remove_file(sandbox.path("../linked/.env")).unwrap();
    fs::remove_file(sandbox.path(".env")).unwrap();
    sandbox.fifo(".env");
    let output = linked(&["commit", "-qm", "x"]).code(0);
    assert!((output.stdout + &output.stderr).contains("its values were not looked for"));
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
    assert!(text.contains("backup-[masked]/notes: DB_PASSWORD: its value in .env stands in this name"), "{text}");
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
    assert!(text.contains("tests/.env:1: DB_PASSWORD: its value in .env stands here"), "{text}");
    // One that must not be there at all is one matter.
    stage(&sandbox, "prod.env", &format!("DB_PASSWORD={value}\n"));
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("prod.env: this commit would add it") && !text.contains("prod.env:1"), "{text}");
}

#[test]
fn an_env_file_that_cannot_be_read_warns() {
    let (sandbox, _) = with_values();
    fs::remove_file(sandbox.path(".env")).unwrap();
    sandbox.fifo(".env");
    stage(&sandbox, "README", "changed\n");
    assert!(said(&sandbox, &["commit", "-qm", "x"]).contains("its values were not looked for"));
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
    assert!(text.contains("chmod 600 .env") && text.lines().count() == 1, "{text}");
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

// Merges and their kin.

/// A branch `side` with an env file that went past the hook; the current branch has none.
fn with_side(sandbox: &Sandbox) {
    sandbox.git(&["checkout", "-qb", "side"]);
    stage(sandbox, ".env", GOOD);
    sandbox.git(&["commit", "-qnm", "side"]);
    sandbox.git(&["checkout", "-q", "main"]);
    stage(sandbox, "other", "x\n");
    sandbox.git(&["commit", "-qm", "main"]);
}

#[test]
fn a_merge_that_brings_it() {
    let sandbox = guarded();
    with_side(&sandbox);
    let text = is_stopped(&sandbox, "", &["merge", "-q", "--no-edit", "side"]);
    assert!(text.contains("[env-file-staged]"), "{text}");
}

#[test]
fn a_merge_of_what_a_remote_has_passes() {
    let sandbox = guarded();
    with_side(&sandbox);
    sandbox.git(&["update-ref", "refs/remotes/origin/main", "side"]);
    drop(passes(&sandbox, &["merge", "-q", "--no-edit", "side"]));
    // What the merge itself adds is another matter.
    sandbox.git(&["reset", "-q", "--hard", "HEAD^"]);
    drop(sandbox.git_command("", &["merge", "-q", "--no-commit", "side"]).run().code(0));
    stage(&sandbox, "prod.env", "DB_PASSWORD={password2}\n");
    assert!(is_stopped(&sandbox, "", &["commit", "-m", "x"]).contains("prod.env"));
}

#[test]
fn a_conflict_that_was_resolved() {
    let sandbox = tracked();
    sandbox.git(&["checkout", "-qb", "side"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
    sandbox.git(&["commit", "-qnam", "side"]);
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password3}\n"));
    sandbox.git(&["commit", "-qnam", "main"]);
    drop(sandbox.git_command("", &["merge", "-q", "side"]).run().code(1));
    // In favour of HEAD nothing changes; in favour of the other side a secret does.
    sandbox.git(&["checkout", "-q", "--ours", ".env"]);
    sandbox.git(&["add", ".env"]);
    drop(passes(&sandbox, &["commit", "-qm", "ours"]));
    sandbox.git(&["reset", "-q", "--hard", "HEAD^"]);
    drop(sandbox.git_command("", &["merge", "-q", "side"]).run().code(1));
    sandbox.git(&["checkout", "-q", "--theirs", ".env"]);
    sandbox.git(&["add", ".env"]);
    is_stopped(&sandbox, "", &["commit", "-m", "theirs"]);
}

#[test]
fn split_and_sparse_indexes() {
    for setting in
        [&["update-index", "--split-index"][..], &["sparse-checkout", "set", "--cone", "--sparse-index", "a"]]
    {
        let (sandbox, value) = with_values();
        for path in ["a/x", "b/c/y"] {
            stage(&sandbox, path, "x\n");
        }
        sandbox.git(&["commit", "-qm", "more"]);
        sandbox.git(setting);
        sandbox.file("a/new.env", 0o600, fill(GOOD));
        sandbox.git(&["add", "-f", "-N", "a/new.env"]);
        stage(&sandbox, "a/x", "changed\n");
        drop(passes(&sandbox, &["commit", "-qm", "intent alone"]));
        stage(&sandbox, "a/z", &value);
        assert!(is_stopped(&sandbox, "", &["commit", "-m", "x"]).contains("a/z:1"), "{setting:?}");
        sandbox.git(&["rm", "-q", "--cached", "a/z"]);
        sandbox.git(&["add", "-f", "a/new.env"]);
        is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    }
}

#[test]
fn a_mode_that_changes_is_no_content() {
    let sandbox = tracked();
    fs::set_permissions(sandbox.path(".env"), fs::Permissions::from_mode(0o700)).unwrap();
    sandbox.git(&["add", ".env"]);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

// The index counts, and not the work tree.

#[test]
fn staged_bad_and_good_since() {
    let sandbox = guarded();
    stage(&sandbox, ".env.example", "JWT_SECRET={hex64}\n");
    sandbox.file(".env.example", 0o644, "JWT_SECRET=\n");
    stage(&sandbox, ".env", GOOD);
    fs::remove_file(sandbox.path(".env")).unwrap();
    let report = report(&sandbox, &["scan", "--staged"], 1);
    assert_eq!(findings(&report), ["error env-file-staged .env", "error template-with-secret .env.example JWT_SECRET"]);
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
}

#[test]
fn staged_good_and_bad_since() {
    let sandbox = guarded();
    stage(&sandbox, ".env.example", "JWT_SECRET=\n");
    sandbox.file(".env.example", 0o644, fill("JWT_SECRET={hex64}\n"));
    sandbox.file(".env", 0o600, fill(GOOD));
    assert_eq!(findings(&report(&sandbox, &["scan", "--staged"], 0)), NONE);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn a_conflict_shows_every_side() {
    let sandbox = tracked();
    sandbox.git(&["checkout", "-qb", "side"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
    sandbox.git(&["commit", "-qam", "side", "--no-verify"]);
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password3}\n"));
    sandbox.git(&["commit", "-qam", "main", "--no-verify"]);
    drop(sandbox.git_command("", &["merge", "--quiet", "side"]).run().code(1));
    assert!(!findings(&report(&sandbox, &["scan", "--staged"], 1)).is_empty());
}

#[test]
fn only_a_staged_configuration_counts() {
    let ignore = "[[ignore]]\ncheck = \"env-file-staged\"\npath = \".env\"\nreason = \"a fixture\"\n";
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    sandbox.file("envward.toml", 0o644, ignore);
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    sandbox.git(&["add", "envward.toml"]);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn a_broken_staged_configuration_stops() {
    let sandbox = guarded();
    stage(&sandbox, "envward.toml", "[[ignroe]]\n");
    sandbox.file("envward.toml", 0o644, "");
    let output = sandbox.git_command("", &["commit", "-m", "x"]).run().code(1);
    assert!(output.stderr.contains("envward.toml:1") && output.stderr.contains("did you mean `ignore`?"), "{output:?}");
}

#[test]
fn what_cannot_be_examined_stops() {
    let sandbox = guarded();
    stage(&sandbox, ".env.example", "JWT_SECRET=\n");
    let id = sandbox.git(&["rev-parse", ":.env.example"]);
    fs::remove_file(sandbox.path(format!(".git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
    let report = report(&sandbox, &["scan", "--staged"], 2);
    assert_eq!(problems(&report), ["missing-object .env.example"]);
    let hook = sandbox.envward(&["hook", "run", "pre-commit"]).code(2);
    assert!(hook.stdout.contains(".env.example"), "{}", hook.stdout);
}

/// git commits what stands in such an index, so the hook looks at it; `scan` says that it is damaged.
#[test]
fn an_index_with_a_wrong_checksum() {
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    let file = sandbox.path(".git/index");
    let mut bytes = fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&file, &bytes).unwrap();
    assert_eq!(sandbox.git(&["diff", "--cached", "--name-only"]).trim(), ".env");
    let hook = sandbox.envward(&["hook", "run", "pre-commit"]).code(1);
    assert!(hook.stdout.contains(".env"), "{}", hook.stdout);
    assert_eq!(problems(&report(&sandbox, &["scan", "--staged"], 2)), ["broken-index"]);
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    for length in [bytes.len() - 1, bytes.len() / 2, 100, 12, 3] {
        fs::write(&file, &bytes[..length]).unwrap();
        drop(sandbox.envward(&["hook", "run", "pre-commit"]).code(2));
    }
}

// Putting it in place.

#[test]
fn in_a_linked_work_tree() {
    let sandbox = guarded();
    drop(sandbox.envward(&["hook", "uninstall"]).code(0));
    sandbox.git(&["worktree", "add", "-q", "linked"]);
    drop(sandbox.envward(&["hook", "install", "linked"]).code(0));
    drop(sandbox.envward(&["hook", "status"]).code(0));
    sandbox.file("linked/.env", 0o600, fill(GOOD));
    sandbox.git_in("linked", &["add", "-f", ".env"]);
    let output = sandbox.git_command("linked", &["commit", "-m", "x"]).run().code(1);
    assert!((output.stdout + &output.stderr).contains("[env-file-staged]"));
    sandbox.git_in("linked", &["rm", "-q", "--cached", ".env"]);
    // The other work tree's index is another one.
    stage(&sandbox, ".env", GOOD);
    drop(sandbox.git_command("linked", &["commit", "-qm", "x", "--allow-empty"]).run().code(0));
}

#[test]
fn in_a_submodule() {
    let sandbox = Sandbox::new();
    for name in ["lib", "app"] {
        sandbox.git(&["init", "-q", name]);
        sandbox.git_in(name, &["commit", "-qm", "start", "--allow-empty"]);
    }
    sandbox.git_in("app", &["submodule", "--quiet", "add", "../lib", "lib"]);
    drop(sandbox.envward(&["hook", "install", "app/lib"]).code(0));
    assert!(sandbox.path("app/.git/modules/lib/hooks/pre-commit").exists());
    sandbox.file("app/lib/.env", 0o600, fill(GOOD));
    sandbox.git_in("app/lib", &["add", "-f", ".env"]);
    drop(sandbox.git_command("app/lib", &["commit", "-m", "x"]).run().code(1));
}

#[test]
fn with_hooks_path() {
    for path in ["tools/hooks", "$ABSOLUTE"] {
        let sandbox = guarded();
        drop(sandbox.envward(&["hook", "uninstall"]).code(0));
        let absolute = sandbox.root().join("tmp/hooks");
        let path = if path == "$ABSOLUTE" { absolute.to_str().unwrap() } else { path };
        sandbox.git(&["config", "core.hooksPath", path]);
        sandbox.mkdir("sub", 0o755);
        drop(sandbox.envward(&["hook", "install", "sub"]).code(0));
        assert!(sandbox.path(path).join("pre-commit").exists(), "{path}");
        assert!(!sandbox.path(".git/hooks/pre-commit").exists());
        stage(&sandbox, ".env", GOOD);
        is_stopped(&sandbox, "sub", &["commit", "-m", "x"]);
        drop(sandbox.envward(&["hook", "uninstall"]).code(0));
        assert!(!sandbox.path(path).join("pre-commit").exists(), "{path}");
    }
}

#[test]
fn a_missing_program_stops_and_says_so() {
    let sandbox = guarded();
    let hook = sandbox.path(".git/hooks/pre-commit");
    let text = fs::read_to_string(&hook).unwrap();
    sandbox.file(".git/hooks/pre-commit", 0o755, text.replace(env!("CARGO_BIN_EXE_envward"), "/nowhere/envward"));
    stage(&sandbox, "README", "changed\n");
    let text = is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    assert!(text.contains("/nowhere/envward") && text.contains("nothing was committed"), "{text}");
}

#[test]
fn the_hook_of_another_path_needs_nothing_on_path() {
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    let output = sandbox.git_command("", &["commit", "-m", "x"]).env("PATH", "/usr/bin:/bin").run().code(1);
    assert!((output.stdout + &output.stderr).contains("[env-file-staged]"));
}

#[test]
fn outside_a_repository_there_is_nothing_to_install() {
    let sandbox = Sandbox::new();
    for verb in ["install", "uninstall", "status"] {
        let output = sandbox.envward(&["hook", verb]).code(2);
        assert!(output.stderr.contains("git repository"), "{}", output.stderr);
    }
}
