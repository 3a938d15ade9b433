//! Which files.

use super::*;

#[test]
fn what_git_ignores_is_examined() {
    let sandbox = project(&[
        Git("init"),
        File(".gitignore", 0o644, "*.env\n.env*\nbuild/\n"),
        File(".env", 0o644, GOOD),
        File("build/deep/prod.env", 0o644, "JWT_SECRET={hex64}\n"),
    ]);
    assert_eq!(check(&sandbox, &[], 1), ["error env-file-mode .env", "error env-file-mode build/deep/prod.env"]);
}

#[test]
fn dependency_folders_are_not_entered_and_prune_replaces_the_list() {
    let sandbox = project(&[File("node_modules/x/.env", 0o644, GOOD), File("data/.env", 0o644, GOOD)]);
    assert_eq!(check(&sandbox, &[], 1), ["error env-file-mode data/.env"]);
    sandbox.file("envward.toml", 0o644, "[files]\nprune = [\"data\"]\n");
    assert_eq!(check(&sandbox, &[], 1), ["error env-file-mode node_modules/x/.env"]);
}

#[test]
fn extra_files_and_templates_of_the_configuration() {
    let sandbox = project(&[
        File("envward.toml", 0o644, "[files]\nextra = [\"config/*.conf\"]\ntemplates = [\"deploy/public.env\"]\n"),
        File("config/app.conf", 0o644, GOOD),
        File("config/deeper/app.conf", 0o644, GOOD),
        File("deploy/public.env", 0o644, "DB_PASSWORD=\n"),
    ]);
    assert_eq!(check(&sandbox, &[], 1), ["error env-file-mode config/app.conf"]);
}

#[test]
fn a_nested_repository_answers_for_its_own_files() {
    let sandbox = project(&[
        Git("init"),
        File(".gitignore", 0o644, ".env\n"),
        Git("init covered"),
        File("covered/.gitignore", 0o644, "*.env\n"),
        File("covered/prod.env", 0o600, "JWT_SECRET={hex64}\n"),
        Git("init open"),
        File("open/.env", 0o600, GOOD),
        File("open/sub/.env", 0o600, GOOD),
    ]);
    assert_eq!(
        check(&sandbox, &[], 1),
        ["error env-file-not-ignored open/.env", "error env-file-not-ignored open/sub/.env"]
    );
}

#[test]
fn a_path_limits_the_question() {
    let sandbox = project(&[
        Git("init"),
        File(".gitignore", 0o644, "*.env\n.env\n"),
        File(".env", 0o644, GOOD),
        File("sub/.env", 0o644, GOOD),
        File("sub/other.env", 0o644, GOOD),
        File("sub/settings", 0o644, "DB_PASSWORD=postgres123\n"),
    ]);
    let both = ["error env-file-mode sub/.env", "error env-file-mode sub/other.env"];
    let all = ["error env-file-mode .env", both[0], both[1]];
    assert_eq!(check(&sandbox, &["sub"], 1), both);
    assert_eq!(check(&sandbox, &["sub/.env"], 1), [both[0]]);
    assert_eq!(check(&sandbox, &["."], 1), all);
    // Somebody asks about this file as an env file.
    assert_eq!(
        check(&sandbox, &["sub/settings"], 1),
        [
            "error env-file-mode sub/settings",
            "error env-file-not-ignored sub/settings",
            "warning weak-secret sub/settings DB_PASSWORD"
        ]
    );
    // Without a path it is the whole project, wherever in it one stands.
    let from_below = |args: &[&str]| {
        let run = sandbox.command(&[&["check", "--format=json"], args].concat()).dir("sub").run();
        findings(&run.code(1).json())
    };
    assert_eq!(from_below(&[]), all);
    assert_eq!(from_below(&["."]), both);
    assert_eq!(from_below(&[".."]), all);
    assert_eq!(from_below(&[".env"]), [both[0]]);
}

#[test]
fn a_path_limits_what_the_history_says() {
    let sandbox = project(&[
        Git("init"),
        File("a/.env", 0o600, "DB_PASSWORD={password}\n"),
        File("b/.env", 0o600, "JWT_SECRET={hex64}\n"),
        Git("add -f a/.env b/.env"),
        Git("commit -m both"),
    ]);
    assert_eq!(
        check(&sandbox, &["a"], 1),
        [
            "critical secret-still-live a/.env DB_PASSWORD",
            "error env-file-in-history a/.env",
            "error env-file-tracked a/.env"
        ]
    );
}

#[test]
fn no_history_leaves_the_history_out() {
    let sandbox = project(&[
        Git("init"),
        File(".env", 0o600, GOOD),
        Git("add -f .env"),
        Git("commit -m add"),
        Git("rm -q --cached .env"),
        File(".gitignore", 0o644, ".env\n"),
        Git("add .gitignore"),
        Git("commit -m remove"),
    ]);
    let all = ["critical secret-still-live .env DB_PASSWORD", "error env-file-in-history .env"];
    assert_eq!(check(&sandbox, &[], 1), all);
    let report = report(&sandbox, &["check", "--no-history"], 0);
    assert_eq!(findings(&report), NONE);
    assert_eq!(report["examined"]["commits"], 0);
}

#[test]
fn no_repository_is_no_problem() {
    let sandbox = project(&[File(".env", 0o600, GOOD), File("README", 0o644, "")]);
    let report = report(&sandbox, &["check"], 0);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
    assert_eq!((&report["examined"]["files"], &report["examined"]["env_files"]), (&2.into(), &1.into()));
}

#[test]
fn the_root_is_the_nearest_directory_with_a_configuration() {
    let sandbox = project(&[
        Git("init"),
        File(".gitignore", 0o644, ".env\n"),
        File(".env", 0o644, GOOD),
        File("service/envward.toml", 0o644, ""),
        File("service/.env", 0o600, "JWT_SECRET={hex64}\n"),
        File("service/src/.env", 0o640, "REDIS_PASSWORD={password2}\n"),
        Git("add -f service/.env"),
        Git("commit -m add"),
    ]);
    let run = sandbox.command(&["check", "--format=json"]).dir("service/src").run().code(1);
    assert_eq!(
        findings(&run.json()),
        [
            "critical secret-still-live .env JWT_SECRET",
            "error env-file-in-history .env",
            "error env-file-tracked .env",
            "error env-file-mode src/.env"
        ]
    );
}
