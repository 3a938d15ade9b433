//! Through a commit.

use super::*;

#[test]
fn through_hides_up_to_that_commit_and_a_later_leak_surfaces() {
    let sandbox = project(&[Git("init")]);
    let first = commit(&sandbox, ".env", "DB_PASSWORD={password}\n");
    sandbox.git(&["rm", "-q", ".env"]);
    sandbox.git(&["commit", "-qm", "remove"]);
    let removal = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.git(&["tag", "known"]);
    for named in [&first, &first[..7], &removal, "known", "main"] {
        through(&sandbox, named);
        assert_eq!(hidden(&check(&sandbox, &[], 0)), ["error env-file-in-history .env"], "{named}");
        assert_eq!(hidden(&report(&sandbox, &["scan"], 0)), ["error env-file-in-history .env"], "{named}");
    }
    through(&sandbox, "known");
    commit(&sandbox, ".env", "DB_PASSWORD={password2}\n");
    sandbox.git(&["rm", "-q", ".env"]);
    sandbox.git(&["commit", "-qm", "remove"]);
    assert_eq!(
        findings(&check(&sandbox, &[], 1)),
        ["error env-file-in-history .env", "warning unused-ignore envward.toml"]
    );
}

#[test]
fn through_does_not_cover_another_branch() {
    let sandbox = project(&[Git("init"), File("README", 0o644, ""), Git("add ."), Git("commit -m start")]);
    commit(&sandbox, ".env", GOOD);
    sandbox.git(&["rm", "-q", ".env"]);
    sandbox.git(&["commit", "-qm", "remove"]);
    sandbox.git(&["tag", "known"]);
    sandbox.git(&["checkout", "-qb", "side", "HEAD~2"]);
    commit(&sandbox, ".env", "DB_PASSWORD={password2}\n");
    sandbox.git(&["checkout", "-q", "main"]);
    through(&sandbox, "known");
    assert_eq!(hidden(&check(&sandbox, &[], 1)), NONE);
}

#[test]
fn through_a_commit_that_does_not_exist_hides_nothing() {
    let sandbox = project(&[Git("init")]);
    commit(&sandbox, ".env", GOOD);
    for named in ["0123456", "nowhere", "", "HEAD^{tree}"] {
        through(&sandbox, named);
        let report = check(&sandbox, &["--as-of", "2026-06-30"], 1);
        assert_eq!(hidden(&report), NONE, "{named}");
        the(&report, "unused-ignore", "envward.toml");
    }
}
