//! What is not all there.

use super::*;

#[test]
fn a_shallow_clone_is_never_clean_and_the_rest_is_reported() {
    let sandbox = shallow();
    let report = scan(&sandbox, &["clone"], 2);
    assert_eq!(problems(&report), ["shallow-clone"]);
    assert_eq!(findings(&report), ["error env-file-in-history prod.env"]);
}

#[test]
fn an_accepted_shallow_clone_no_longer_decides() {
    let sandbox = shallow();
    sandbox.file("clone/envward.toml", 0o644, "[[accept]]\nproblem = \"shallow-clone\"\nreason = \"CI\"\n");
    let report = scan(&sandbox, &["clone"], 1);
    assert_eq!((problems(&report), accepted(&report)), (vec![], vec!["shallow-clone CI".to_owned()]));
    assert_eq!(report["status"], "findings");
    let through = sandbox.git_in("clone", &["rev-parse", "HEAD"]);
    let more = format!("[[ignore]]\ncheck = \"env-file-in-history\"\nthrough = \"{through}\"\nreason = \"known\"\n");
    sandbox.file(
        "clone/envward.toml",
        0o644,
        format!("[[accept]]\nproblem = \"shallow-clone\"\nreason = \"CI\"\n{more}"),
    );
    let report = self::scan(&sandbox, &["clone"], 0);
    assert_eq!(accepted(&report), ["shallow-clone CI"]);
    assert_eq!(hidden(&report), ["error env-file-in-history prod.env"]);
}

#[test]
fn a_partial_clone_that_lacks_an_env_file_is_never_clean() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "origin"]);
    let step = |args: &[&str]| sandbox.git_in("origin", args);
    step(&["config", "uploadpack.allowFilter", "true"]);
    sandbox.file("origin/.env", 0o600, fill(GOOD));
    step(&["add", "-f", ".env"]);
    step(&["commit", "-qm", "add"]);
    step(&["rm", "-q", ".env"]);
    step(&["commit", "-qm", "remove"]);
    let origin = format!("file://{}", sandbox.path("origin").display());
    sandbox.git(&["clone", "-q", "--filter=blob:none", &origin, "clone"]);
    let report = scan(&sandbox, &["clone"], 2);
    assert_eq!(problems(&report), ["partial-clone"]);
    assert_eq!(findings(&report), ["error env-file-in-history .env"]);
    sandbox.file("clone/envward.toml", 0o644, "[[accept]]\nproblem = \"partial-clone\"\nreason = \"CI\"\n");
    let report = self::scan(&sandbox, &["clone"], 1);
    assert_eq!((problems(&report), accepted(&report)), (vec![], vec!["partial-clone CI".to_owned()]));
}

#[test]
fn a_partial_clone_that_lacks_none_is_whole() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "origin"]);
    sandbox.git_in("origin", &["config", "uploadpack.allowFilter", "true"]);
    sandbox.file("origin/README", 0o644, "hello\n");
    sandbox.git_in("origin", &["add", "."]);
    sandbox.git_in("origin", &["commit", "-qm", "start"]);
    let origin = format!("file://{}", sandbox.path("origin").display());
    sandbox.git(&["clone", "-q", "--filter=blob:none", &origin, "clone"]);
    let report = scan(&sandbox, &["clone"], 0);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
}
