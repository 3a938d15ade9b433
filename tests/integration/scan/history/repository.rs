//! Which repository.

use super::*;

#[test]
fn from_a_subdirectory_the_whole_repository() {
    let sandbox = repository();
    commit(&sandbox, "a/.env", GOOD);
    sandbox.mkdir("b/c", 0o755);
    let expected = [
        "critical secret-still-live a/.env DB_PASSWORD",
        "error env-file-in-history a/.env",
        "error env-file-tracked a/.env",
    ];
    assert_eq!(findings(&scan(&sandbox, &[], 1)), expected);
    assert_eq!(findings(&scan(&sandbox, &["b/c"], 1)), expected);
    let below = sandbox.command(&["scan", "--format=json"]).dir("b/c").run().code(1);
    assert_eq!(findings(&below.json()), expected);
}

#[test]
fn a_bare_repository() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "work"]);
    sandbox.file("work/.env", 0o600, fill(GOOD));
    sandbox.git_in("work", &["add", "-f", ".env"]);
    sandbox.git_in("work", &["commit", "-qm", "add"]);
    sandbox.git(&["clone", "-q", "--bare", "work", "bare.git"]);
    let report = scan(&sandbox, &["bare.git"], 1);
    assert_eq!((findings(&report), problems(&report)), (vec!["error env-file-in-history .env".to_owned()], vec![]));
    assert_eq!(state(&report, ".env", "DB_PASSWORD"), "unknown strong");
}

#[test]
fn a_linked_work_tree_sees_the_history_of_all() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "main"]);
    sandbox.git_in("main", &["commit", "-qm", "start", "--allow-empty"]);
    sandbox.git_in("main", &["worktree", "add", "-q", "../linked"]);
    sandbox.file("main/.env", 0o600, fill(GOOD));
    sandbox.git_in("main", &["add", "-f", ".env"]);
    sandbox.git_in("main", &["commit", "-qm", "add"]);
    let report = scan(&sandbox, &["linked"], 1);
    assert_eq!(findings(&report), ["error env-file-in-history .env"]);
    assert_eq!(the(&report, "env-file-in-history", ".env")["facts"]["refs"], json!(["refs/heads/main"]));
    assert_eq!(problems(&report), NONE);
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let sandbox = Sandbox::new();
    for (name, path) in [("lib", ".env"), ("app", "README")] {
        sandbox.git(&["init", "-q", name]);
        sandbox.file(format!("{name}/{path}"), 0o600, fill(GOOD));
        sandbox.git_in(name, &["add", "-f", path]);
        sandbox.git_in(name, &["commit", "-qm", "start"]);
    }
    sandbox.git_in("app", &["submodule", "--quiet", "add", "../lib", "lib"]);
    sandbox.git_in("app", &["commit", "-qm", "lib"]);
    assert_eq!(
        findings(&scan(&sandbox, &["app/lib"], 1)),
        [
            "critical secret-still-live .env DB_PASSWORD",
            "error env-file-in-history .env",
            "error env-file-tracked .env"
        ]
    );
    let above = scan(&sandbox, &["app"], 1);
    assert_eq!(
        findings(&above),
        [
            "critical live-value-elsewhere README DB_PASSWORD",
            "critical secret-still-live lib/.env DB_PASSWORD",
            "error env-file-in-history lib/.env",
            "error env-file-tracked lib/.env"
        ]
    );
    assert_eq!(problems(&above), NONE);
}

#[test]
fn no_repository_is_a_problem() {
    let sandbox = project(&[File(".env", 0o600, GOOD)]);
    for args in [&[][..], &["--staged"]] {
        let report = scan(&sandbox, args, 2);
        assert_eq!((findings(&report), problems(&report)), (vec![], vec!["not-a-repository".to_owned()]));
    }
}

#[test]
fn before_the_first_commit_the_index_counts() {
    let sandbox = project(&[Git("init"), File(".env", 0o600, GOOD)]);
    let report = scan(&sandbox, &[], 0);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
    sandbox.git(&["add", "-f", ".env"]);
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["error env-file-tracked .env"]);
}

#[test]
fn git_variables_are_not_obeyed() {
    let sandbox = repository();
    commit(&sandbox, ".env", GOOD);
    let run = sandbox.command(&["scan", "--format=json"]).env("GIT_DIR", "/nowhere").env("GIT_INDEX_FILE", "/nowhere");
    assert_eq!(findings(&run.env("GIT_OBJECT_DIRECTORY", "/nowhere").run().code(1).json()).len(), 3);
}
