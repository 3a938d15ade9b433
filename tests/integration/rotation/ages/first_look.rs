//! The first look.

use super::*;

#[test]
fn the_first_look_needs_no_preparation_and_makes_a_private_ledger() {
    let sandbox = project();
    written_days_ago(&sandbox, ".env", 30);
    let answer = status(&sandbox, &[], 0);
    let expected = ["DB_PASSWORD current fresh 30 file time", "JWT_SECRET current fresh 30 file time"];
    assert_eq!(rows(&answer), expected);
    for (name, mode) in [("", 0o700), ("ledger.sqlite", 0o600), ("fingerprint.key", 0o600)] {
        let found = fs::metadata(state(&sandbox).join(name)).unwrap().permissions().mode() & 0o7777;
        assert_eq!(found, mode, "{name}");
    }
    assert_eq!(fs::read_dir(state(&sandbox)).unwrap().count(), 2);
    assert_eq!(answer["projects"][0]["ledger"], state(&sandbox).to_str().unwrap());
}

#[test]
fn an_age_from_the_commit_that_first_held_the_value() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    // The first commits are of 2026-01-05. The value came with the second one, and the file was committed again since.
    for (key, other) in [("password-old", "1"), ("password", "2"), ("password", "3")] {
        sandbox.file(".env", 0o600, fill(&format!("DB_PASSWORD={{{key}}}\nOTHER={other}\n")));
        sandbox.git(&["add", "-f", ".env"]);
        let day = ["2025-03-01", "2025-04-01", "2025-05-01"][other.parse::<usize>().unwrap() - 1];
        let commit = sandbox.git_command("", &["commit", "-qm", "change"]);
        drop(commit.env("GIT_COMMITTER_DATE", &format!("{day}T09:00:00Z")).run().code(0));
    }
    sandbox.git(&["rm", "-q", "--cached", ".env"]);
    sandbox.git(&["commit", "-qm", "remove"]);
    let answer = status(&sandbox, &[], 1);
    let secret = &answer["secrets"][0];
    assert_eq!((&secret["since"], &secret["age_basis"]), (&"2025-04-01".into(), &"git history".into()));
    // And it is exposed since then.
    assert_eq!((&secret["urgency"], &secret["hard_due"]), (&"exposed".into(), &"2025-04-01".into()));
    assert!(secret["reason"].as_str().unwrap().starts_with("committed in "), "{secret}");
    // Another value is not.
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password-new}\n"));
    assert_eq!(status(&sandbox, &[], 0)["secrets"][0]["urgency"], "fresh");
}

/// Also where it stands in another file, or in a message.
#[test]
fn a_value_that_was_committed_elsewhere_is_exposed() {
    for (file, message) in [("run {password}\n", "add"), ("echo\n", "try {password}")] {
        let sandbox = Sandbox::new();
        sandbox.git(&["init"]);
        sandbox.file(".git/info/exclude", 0o644, ".env\n");
        sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
        sandbox.file("deploy.sh", 0o755, fill(file));
        sandbox.git(&["add", "deploy.sh"]);
        sandbox.git(&["commit", "-qm", &fill(message)]);
        let answer = status(&sandbox, &[], 1);
        let secret = &answer["secrets"][0];
        assert_eq!((&secret["urgency"], &secret["hard_due"]), (&"exposed".into(), &"2026-01-05".into()), "{file}");
        assert!(secret["reason"].as_str().unwrap().starts_with("committed in "), "{secret}");
        sandbox.file(".env", 0o600, fill("DB_PASSWORD={password-new}\n"));
        assert_eq!(status(&sandbox, &[], 0)["secrets"][0]["urgency"], "fresh", "{file}");
    }
}

#[test]
fn tracked_is_exposed_and_a_loose_mode_is_only_said() {
    let sandbox = project();
    sandbox.git(&["init"]);
    sandbox.git(&["add", "-f", ".env"]);
    let answer = status(&sandbox, &[], 1);
    assert_eq!(answer["secrets"][0]["urgency"], "exposed");
    sandbox.git(&["rm", "-q", "--cached", ".env"]);
    fs::set_permissions(sandbox.path(".env"), PermissionsExt::from_mode(0o644)).unwrap();
    sandbox.file(".env.bak", 0o600, fill(ENV));
    let answer = status(&sandbox, &[], 0);
    let reason = "other users can access the file (mode 0644); also in the copy .env.bak";
    assert_eq!((&answer["secrets"][0]["urgency"], &answer["secrets"][0]["reason"]), (&"fresh".into(), &reason.into()));
    fs::set_permissions(sandbox.path(".env"), PermissionsExt::from_mode(0o600)).unwrap();
    fs::remove_file(sandbox.path(".env.bak")).unwrap();
    assert_eq!(status(&sandbox, &[], 0)["secrets"][0]["reason"], Value::Null);
}

#[test]
fn without_git_history_it_says_so_and_goes_on() {
    let sandbox = project();
    sandbox.git(&["init", "-q"]);
    sandbox.file("README", 0o644, "");
    sandbox.git(&["add", "README"]);
    sandbox.git(&["commit", "-qm", "start"]);
    let head = sandbox.git(&["rev-parse", "HEAD"]);
    fs::remove_file(sandbox.path(format!(".git/objects/{}/{}", &head[..2], &head[2..]))).unwrap();
    let answer = status(&sandbox, &[], 0);
    assert_eq!((answer["limits"][0]["kind"].as_str(), rows(&answer).len()), (Some("broken-ref"), 2));
    let text = sandbox.envward(&["rotation", "status"]).code(0).stdout;
    assert!(text.contains("git history not examined: "), "{text}");
    // A job is not mailed about it every day.
    assert_eq!(sandbox.envward(&["rotation", "status", "--remind"]).code(0).normalized(), "");
}

#[test]
fn an_env_file_that_cannot_be_read_is_incomplete_and_keeps_its_age() {
    let sandbox = project();
    status(&sandbox, &[], 0);
    let_pass(&sandbox, 10);
    fs::rename(sandbox.path(".env"), sandbox.path("kept")).unwrap();
    sandbox.fifo(".env");
    let answer = status(&sandbox, &[], 2);
    assert_eq!(answer["problems"][0]["kind"], "not-a-file");
    assert_eq!(rows(&answer)[0], "DB_PASSWORD current fresh 10 file time");
    for how in ["--due", "--remind"] {
        let output = sandbox.envward(&["rotation", "status", how]).code(2);
        assert!(output.stdout.contains("not examined: .env is not a regular file"), "{}", output.stdout);
    }
    fs::remove_file(sandbox.path(".env")).unwrap();
    fs::rename(sandbox.path("kept"), sandbox.path(".env")).unwrap();
    assert_eq!(rows(&status(&sandbox, &[], 0))[0], "DB_PASSWORD current fresh 10 file time");
}
