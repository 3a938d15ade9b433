//! What passes.

use super::*;

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

/// `check` says the same of it: a warning, because it contains no filled secret.
#[test]
fn an_added_env_file_without_a_secret_is_a_warning() {
    let sandbox = guarded();
    stage(&sandbox, ".env.production", "VITE_API_URL=https://api.example.org\nDB_PASSWORD=\nJWT_SECRET=changeme\n");
    let found = report(&sandbox, &["scan", "--staged"], 1);
    assert_eq!(findings(&found), ["warning env-file-staged .env.production"]);
    assert_eq!(the(&report(&sandbox, &["check"], 1), "env-file-tracked", ".env.production")["severity"], "warning");
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
    // From the first filled secret on it is stopped.
    stage(&sandbox, ".env.production", GOOD);
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    stage(&sandbox, ".env.local", "DB_PASSWORD=postgres\n");
    is_stopped(&sandbox, "", &["commit", "-m", "x", "--", ".env.local"]);
    // With `strict` nothing of it passes.
    let sandbox = guarded();
    stage(&sandbox, "envward.toml", "[hook]\nstrict = true\n");
    stage(&sandbox, ".env.production", "VITE_API_URL=https://api.example.org\n");
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
}
