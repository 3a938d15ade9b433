//! Which repositories.

use super::*;

#[test]
fn what_a_partial_clone_left_out_was_not_searched() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "--quiet", "work"]);
    sandbox.file("work/a.sh", 0o644, "echo\n");
    sandbox.git_in("work", &["add", "."]);
    sandbox.git_in("work", &["commit", "--quiet", "--message", "add"]);
    sandbox.git_in("work", &["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", sandbox.path("work").display());
    sandbox.git(&["clone", "--quiet", "--no-checkout", "--filter=blob:none", &url, "part"]);
    assert_eq!(problems(&scan(&sandbox, &["part"], 0)), NONE);
    sandbox.file("etc/.env", 0o600, fill("DB_PASSWORD={password}\n"));
    assert_eq!(problems(&scan(&sandbox, &["part", "--live", "etc/.env"], 2)), ["partial-clone"]);
}

#[test]
fn with_longer_ids_and_packed() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "--quiet", "--object-format=sha256"]);
    sandbox.file(".git/info/exclude", 0o644, ".env\n");
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let lines: String = (0..2000).map(|number| format!("{number}\n")).collect();
    commit(&sandbox, "list", &lines);
    commit(&sandbox, "list", lines.replace("\n1000\n", &format!("\n{}\n", value())));
    commit(&sandbox, "list", &lines);
    for _ in 0..2 {
        let report = scan(&sandbox, &[], 1);
        assert_eq!(findings(&report), [format!("critical {CHECK} list DB_PASSWORD")]);
        assert_eq!(the(&report, CHECK, "list")["line"], 1001);
        sandbox.git(&["gc", "--quiet", "--aggressive"]);
    }
}
