//! Submodules, and several repositories.

use super::*;

/// `name`, with an env file in its history.
fn leaky(sandbox: &Sandbox, name: &str) {
    sandbox.git(&["init", "-q", name]);
    sandbox.file(format!("{name}/.env"), 0o600, fill(GOOD));
    sandbox.git_in(name, &["add", "-f", ".env"]);
    sandbox.git_in(name, &["commit", "-qm", "add"]);
    sandbox.git_in(name, &["rm", "-q", ".env"]);
    sandbox.git_in(name, &["commit", "-qm", "remove"]);
}

#[test]
fn a_submodule_without_a_work_tree_is_still_there() {
    let sandbox = Sandbox::new();
    leaky(&sandbox, "lib");
    sandbox.git(&["init", "-q", "app"]);
    sandbox.git_in("app", &["submodule", "--quiet", "add", "--name", "the lib", "../lib", "vendor/lib"]);
    sandbox.git_in("app", &["commit", "-qm", "lib"]);
    let expected = ["error env-file-in-history vendor/lib/.env"];
    assert_eq!(findings(&scan(&sandbox, &["app"], 1)), expected);
    sandbox.git_in("app", &["rm", "-q", "vendor/lib"]);
    sandbox.git_in("app", &["commit", "-qm", "no lib"]);
    for (command, arguments) in [("scan", ["app"]), ("check", ["app"])] {
        let found = report(&sandbox, &[&[command], &arguments[..]].concat(), 1);
        assert_eq!((findings(&found), problems(&found)), (expected.map(str::to_owned).to_vec(), vec![]), "{command}");
    }
    sandbox.file("app/.git/modules/the lib/HEAD", 0o644, "nonsense\n");
    assert_eq!(problems(&scan(&sandbox, &["app"], 2)), ["broken-ref vendor/lib/HEAD"]);
}

#[test]
fn several_repositories_in_one_report() {
    let sandbox = Sandbox::new();
    leaky(&sandbox, "one");
    leaky(&sandbox, "two");
    sandbox.git(&["init", "-q", "clean"]);
    let report = scan(&sandbox, &["two", "clean", "one"], 1);
    let places: Vec<_> = report["findings"].as_array().unwrap().iter().map(|one| &one["repository"]).collect();
    assert_eq!(places, ["two", "one"]);
    assert_eq!(findings(&report), ["error env-file-in-history .env"; 2]);
    assert_eq!(report["examined"]["commits"], 4);
    let text = sandbox.envward(&["scan", "one", "two"]).code(1).stdout;
    assert!(text.contains("one/.env\n") && text.contains("two/.env\n"), "{text}");
}

#[test]
fn one_that_fails_hides_nothing_of_the_others() {
    let sandbox = Sandbox::new();
    leaky(&sandbox, "one");
    for (name, file, text) in [
        ("broken", ".git/config", "[core\n"),
        ("odd", "envward.toml", "[nonsense]\n"),
        ("bare ref", ".git/refs/heads/x", "x"),
    ] {
        sandbox.git(&["init", "-q", name]);
        sandbox.file(format!("{name}/{file}"), 0o644, text);
    }
    let report = scan(&sandbox, &["broken", "nowhere", "odd", "one", "home", "bare ref"], 2);
    assert_eq!(findings(&report), ["error env-file-in-history .env"]);
    assert_eq!(
        problems(&report),
        [
            "unreadable-git-config broken",
            "unreadable-path nowhere",
            "broken-configuration odd",
            "unreadable-path home",
            "broken-ref bare ref/refs/heads/x"
        ]
    );
}

#[test]
fn every_repository_below_a_directory() {
    let sandbox = Sandbox::new();
    leaky(&sandbox, "all/a/work");
    leaky(&sandbox, "all/a/work/inner");
    sandbox.git(&["clone", "-q", "--bare", "all/a/work", "all/b/bare.git"]);
    sandbox.git_in("all/a/work", &["worktree", "add", "-q", "../../linked"]);
    leaky(&sandbox, "lib");
    sandbox.git(&["init", "-q", "all/app"]);
    sandbox.git_in("all/app", &["submodule", "--quiet", "add", "../../lib", "lib"]);
    let places = |report: &Value| -> Vec<String> {
        let place = |one: &Value| format!("{} {}", one["repository"].as_str().unwrap(), one["path"].as_str().unwrap());
        report["findings"].as_array().unwrap().iter().map(place).collect()
    };
    let report = scan(&sandbox, &["--recursive", "all"], 1);
    let expected = ["all/a/work .env", "all/a/work/inner .env", "all/app lib/.env", "all/b/bare.git .env"];
    assert_eq!((places(&report), problems(&report)), (expected.map(str::to_owned).to_vec(), vec![]));
    let below = sandbox.command(&["scan", "--recursive", "--format=json"]).dir("all").run().code(1).json();
    assert_eq!(places(&below), expected.map(|place| place.strip_prefix("all/").unwrap().to_owned()));
    sandbox.mkdir("nothing", 0o755);
    assert_eq!(problems(&scan(&sandbox, &["--recursive", "nothing"], 2)), ["no-repositories nothing"]);
    assert_eq!(problems(&scan(&sandbox, &["--recursive", "nothing", "all"], 2)), ["no-repositories nothing"]);
}
