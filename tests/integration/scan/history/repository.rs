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
    assert_eq!(findings(&report), ["critical secret-still-live .env DB_PASSWORD", "error env-file-in-history .env"]);
    assert_eq!(the(&report, "env-file-in-history", ".env")["facts"]["refs"], json!(["refs/heads/main"]));
    assert_eq!(the(&report, "secret-still-live", ".env")["facts"]["in_use"], "../main/.env");
    assert_eq!(problems(&report), NONE);
}

/// A linked work tree often has no env file: the values in use are those of the main one.
#[test]
fn a_linked_work_tree_searches_for_the_values_of_the_main_one() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "main"]);
    sandbox.file("main/.gitignore", 0o644, ".env*\nlinked\n");
    sandbox.file("main/notes", 0o644, fill("{password}\n"));
    sandbox.git_in("main", &["add", "."]);
    sandbox.git_in("main", &["commit", "-qm", "start"]);
    sandbox.file("main/api/.env", 0o600, fill(GOOD));
    // One is beside the main work tree, the other one inside it.
    for (place, main) in [("linked", "../main"), ("main/linked", "..")] {
        sandbox.git_in("main", &["worktree", "add", "-q", "--detach", sandbox.path(place).to_str().unwrap()]);
        for verb in ["scan", "check"] {
            let report = report(&sandbox, &[verb, place], 1);
            let found = the(&report, "live-value-elsewhere", "notes");
            assert_eq!(found["severity"], "critical", "{verb} {place}");
            assert_eq!(found["facts"]["in_use"], format!("{main}/api/.env"), "{verb} {place}");
            assert_eq!((&report["examined"]["main_env_files"], problems(&report)), (&1.into(), vec![]));
            let text = sandbox.envward(&[verb, place]).code(1).stdout;
            assert!(text.contains("examined 1 env file of the main work tree, "), "{text}");
            assert!(!text.contains(&fill("{password}")), "{text}");
        }
        // What it has itself comes first, and is told once.
        sandbox.file(format!("{place}/.env"), 0o600, fill(GOOD));
        let report = scan(&sandbox, &[place], 1);
        assert_eq!(the(&report, "live-value-elsewhere", "notes")["facts"]["in_use"], ".env");
        fs::remove_file(sandbox.path(format!("{place}/.env"))).unwrap();
    }
}

/// Values that could not be read were not searched for: nothing is clean then.
#[test]
fn an_unreadable_env_file_of_the_main_work_tree_is_a_problem() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "main"]);
    sandbox.git_in("main", &["commit", "-qm", "start", "--allow-empty"]);
    sandbox.git_in("main", &["worktree", "add", "-q", "../linked"]);
    assert_eq!(findings(&scan(&sandbox, &["linked"], 0)), NONE);
    sandbox.fifo("main/.env");
    for verb in ["scan", "check"] {
        let report = report(&sandbox, &[verb, "linked"], 2);
        assert_eq!(problems(&report), ["not-a-file ../main/.env"], "{verb}");
    }
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
