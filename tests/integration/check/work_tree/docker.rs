//! Docker.

use super::*;

#[test]
fn a_dockerignore_pattern_is_anchored() {
    let sandbox = project(&[
        File("Dockerfile", 0o644, "FROM scratch\n"),
        File(".dockerignore", 0o644, ".env\n"),
        File(".env", 0o600, GOOD),
        File("backend/.env", 0o600, GOOD),
    ]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["warning env-file-in-build-context backend/.env"]);
    let facts = &the(&report, "env-file-in-build-context", "backend/.env")["facts"];
    assert_eq!((&facts["context"], &facts["ignore_file"]), (&".".into(), &".dockerignore".into()));
}

#[test]
fn the_last_dockerignore_line_that_matches_decides() {
    for (lines, sent) in [
        ("**/.env\n", false),
        ("*\n!app\n", true),
        ("**/.env\n!app/.env\n", true),
        ("!app/.env\n**/.env\n", false),
        ("app\n", false),
        ("# **/.env\n", true),
        ("/app/.env\n", false),
        ("**/.env*\n!**/.env.example\n", false),
    ] {
        let sandbox = project(&[File("Dockerfile", 0o644, "FROM scratch\n"), File("app/.env", 0o600, GOOD)]);
        sandbox.file(".dockerignore", 0o644, lines);
        let found = check(&sandbox, &[], i32::from(sent));
        assert_eq!(found.len(), usize::from(sent), "{lines:?}: {found:?}");
    }
}

#[test]
fn a_dockerfiles_own_ignore_file_comes_first() {
    let sandbox = project(&[
        File("api.Dockerfile", 0o644, "FROM scratch\n"),
        File("api.Dockerfile.dockerignore", 0o644, "node_modules\n"),
        File(".dockerignore", 0o644, "**/.env\n"),
        File(".env", 0o600, GOOD),
    ]);
    let report = report(&sandbox, &["check"], 1);
    let facts = &the(&report, "env-file-in-build-context", ".env")["facts"];
    assert_eq!(facts["ignore_file"], "api.Dockerfile.dockerignore");
    // And the other way round: its own file covers what the common one does not.
    sandbox.file("api.Dockerfile.dockerignore", 0o644, "**/.env\n");
    sandbox.file(".dockerignore", 0o644, "");
    assert_eq!(check(&sandbox, &[], 0), NONE);
}

#[test]
fn a_context_sends_only_what_is_below_it() {
    let sandbox = project(&[
        File("web/Dockerfile", 0o644, "FROM scratch\n"),
        File("web/.env", 0o600, GOOD),
        File(".env", 0o600, GOOD),
    ]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["warning env-file-in-build-context web/.env"]);
    assert_eq!(the(&report, "env-file-in-build-context", "web/.env")["facts"]["context"], "web");
}
