//! In the env file.

use super::*;

#[test]
fn a_comment_with_a_reason_hides_the_next_line_alone() {
    let sandbox = project(&[File(
        ".env",
        0o600,
        "# envward: ignore[weak-secret] only on a socket\nJWT_SECRET=redis123\nSESSION_SECRET=postgres123\n",
    )]);
    let report = check(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["warning weak-secret .env SESSION_SECRET"]);
    assert_eq!(hidden(&report), ["warning weak-secret .env JWT_SECRET"]);
    // What stands in an env file is not printed.
    let expected = serde_json::json!({ "place": ".env:1", "reason": null, "until": null });
    assert_eq!(report["hidden"][0]["ignored_by"], expected);
}

#[test]
fn a_comment_that_does_not_act_is_reported() {
    for (comment, title) in [
        ("# envward: ignore[weak-secret]", "without a reason has no effect"),
        ("# envward: ignore[weak-secret]   ", "without a reason has no effect"),
        ("# envward: ignore[weak-secrets] why", "names a check that does not exist"),
        ("# envward: ignore[short-secret] why", "hides nothing"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, format!("{comment}\nJWT_SECRET=redis123\n"));
        let report = check(&sandbox, &[], 1);
        assert_eq!(
            findings(&report),
            ["warning unused-ignore .env", "warning weak-secret .env JWT_SECRET"],
            "{comment}"
        );
        let finding = the(&report, "unused-ignore", ".env");
        assert_eq!(finding["line"], 1);
        assert!(finding["title"].as_str().unwrap().contains(title), "{comment}: {}", finding["title"]);
    }
}
