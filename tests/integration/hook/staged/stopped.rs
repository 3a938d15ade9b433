//! What is stopped.

use super::*;

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
    assert!(output.stderr.contains("and 27 more"), "{}", output.stderr);
    // A narrow terminal breaks the texts and no command.
    let narrow = crate::common::terminal::screen(sandbox.command(&["hook", "run", "pre-commit"]), 40);
    assert!(narrow.lines().count() <= 12, "{narrow}");
    let is_text = |line: &&str| !line.contains("-> ");
    assert!(narrow.lines().filter(is_text).all(|line| line.trim_end().chars().count() <= 40), "{narrow}");
    assert!(narrow.contains("  -> git rm --cached -f :/service0/.env && envward check --fix"), "{narrow}");
}
