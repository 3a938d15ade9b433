//! What an ignore hides.

use super::*;

/// A project with the same two findings in each of three files.
fn three() -> Sandbox {
    let text = "JWT_SECRET=redis123\nSESSION_SECRET=postgres123\n";
    project(&[File("a/.env", 0o644, text), File("b/.env", 0o644, text), File("b/deep/.env", 0o644, text)])
}

#[test]
fn by_path_and_by_pattern() {
    for (path, left) in [
        ("a/.env", &["b/.env", "b/deep/.env"][..]),
        ("*/.env", &["b/deep/.env"]),
        ("b/**", &["a/.env"]),
        ("**/.env", &[]),
        (".env", &["a/.env", "b/.env", "b/deep/.env"]),
        ("b/", &["a/.env", "b/.env", "b/deep/.env"]),
    ] {
        let sandbox = three();
        let config = format!("[[ignore]]\ncheck = \"env-file-mode\"\npath = \"{path}\"\nreason = \"known\"\n");
        sandbox.file("envward.toml", 0o644, config);
        let report = check(&sandbox, &[], 1);
        let modes: Vec<String> = findings(&report).into_iter().filter(|line| line.contains("env-file-mode")).collect();
        let expected: Vec<String> = left.iter().map(|path| format!("error env-file-mode {path}")).collect();
        assert_eq!(modes, expected, "{path}");
        assert_eq!(hidden(&report).len(), 3 - left.len(), "{path}");
        assert_eq!(report["unused_ignores"].as_array().unwrap().len(), usize::from(left.len() == 3), "{path}");
    }
}

#[test]
fn without_a_path_everywhere() {
    let sandbox = three();
    sandbox.file("envward.toml", 0o644, "[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"known\"\n");
    assert_eq!(hidden(&check(&sandbox, &[], 1)).len(), 3);
}

#[test]
fn by_key() {
    let sandbox = three();
    let config = "[[ignore]]\ncheck = \"weak-secret\"\nkey = \"JWT_SECRET\"\npath = \"a/*\"\nreason = \"known\"\n";
    sandbox.file("envward.toml", 0o644, config);
    let report = check(&sandbox, &[], 1);
    assert_eq!(hidden(&report), ["warning weak-secret a/.env JWT_SECRET"]);
    the(&report, "weak-secret", "a/.env");
}

#[test]
fn what_is_hidden_is_counted_with_place_and_reason() {
    let sandbox =
        with("\n[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"the backup group reads it\"\nuntil = 2099-12-31\n");
    let report = check(&sandbox, &[], 0);
    assert_eq!(hidden(&report), ["error env-file-mode .env"]);
    let expected =
        serde_json::json!({ "place": "envward.toml:2", "reason": "the backup group reads it", "until": "2099-12-31" });
    assert_eq!(report["hidden"][0]["ignored_by"], expected);
    let text = sandbox.envward(&["check"]).code(0).stdout;
    assert_eq!(text, "clean (1 finding ignored)\nexamined 1 env file, 2 files\n");
}

#[test]
fn an_expired_ignore_hides_nothing_and_is_reported() {
    let sandbox = with("[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"known\"\nuntil = 2026-03-31\n");
    let report = check(&sandbox, &["--as-of", "2026-03-31"], 0);
    assert_eq!(hidden(&report), ["error env-file-mode .env"]);
    let report = check(&sandbox, &["--as-of", "2026-04-01"], 1);
    assert_eq!(findings(&report), ["error env-file-mode .env", "warning unused-ignore envward.toml"]);
    assert!(the(&report, "unused-ignore", "envward.toml")["title"].as_str().unwrap().contains("has expired"));
    assert_eq!(report["unused_ignores"][0]["until"], "2026-03-31");
}

#[test]
fn an_ignore_that_hides_nothing_is_reported_with_its_line() {
    let sandbox = with(
        "[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"known\"\n\n[[ignore]]\ncheck = \"env-file-acl\"\nreason = \"x\"\n",
    );
    let report = check(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["warning unused-ignore envward.toml"]);
    let finding = the(&report, "unused-ignore", "envward.toml");
    assert_eq!((&finding["line"], &finding["facts"]["check"]), (&5.into(), &"env-file-acl".into()));
}

#[test]
fn where_something_was_not_examined_ignores_are_not_judged() {
    let unused = "[[ignore]]\ncheck = \"env-file-acl\"\nreason = \"x\"\n";
    let sandbox = project(&[File(".env", 0o600, GOOD), File("sub/.env", 0o600, GOOD)]);
    sandbox.file("envward.toml", 0o644, unused);
    assert_eq!(findings(&check(&sandbox, &[], 1)), ["warning unused-ignore envward.toml"]);
    // A part of the project.
    assert_eq!(findings(&check(&sandbox, &["sub"], 0)), NONE);
    // A problem.
    sandbox.fifo(".env.local");
    let report = check(&sandbox, &[], 2);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec!["not-a-file .env.local".to_owned()]));
}

#[test]
fn ignores_of_checks_that_did_not_run_are_not_judged() {
    let sandbox = project(&[Git("init"), File("README", 0o644, ""), Git("add ."), Git("commit -m start")]);
    let config = "[[ignore]]\ncheck = \"env-file-in-history\"\nthrough = \"main\"\nreason = \"x\"\n";
    sandbox.file("envward.toml", 0o644, config);
    assert_eq!(findings(&check(&sandbox, &["--no-history"], 0)), NONE);
    assert_eq!(findings(&check(&sandbox, &[], 1)), ["warning unused-ignore envward.toml"]);
    let config = "[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"x\"\n";
    sandbox.file("envward.toml", 0o644, config);
    assert_eq!(findings(&report(&sandbox, &["scan"], 0)), NONE);
}
