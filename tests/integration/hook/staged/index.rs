//! The index counts, and not the work tree.

use super::*;

#[test]
fn staged_bad_and_good_since() {
    let sandbox = guarded();
    stage(&sandbox, ".env.example", "JWT_SECRET={hex64}\n");
    sandbox.file(".env.example", 0o644, "JWT_SECRET=\n");
    stage(&sandbox, ".env", GOOD);
    fs::remove_file(sandbox.path(".env")).unwrap();
    let report = report(&sandbox, &["scan", "--staged"], 1);
    assert_eq!(findings(&report), ["error env-file-staged .env", "error template-with-secret .env.example JWT_SECRET"]);
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
}

#[test]
fn staged_good_and_bad_since() {
    let sandbox = guarded();
    stage(&sandbox, ".env.example", "JWT_SECRET=\n");
    sandbox.file(".env.example", 0o644, fill("JWT_SECRET={hex64}\n"));
    sandbox.file(".env", 0o600, fill(GOOD));
    assert_eq!(findings(&report(&sandbox, &["scan", "--staged"], 0)), NONE);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn a_conflict_shows_every_side() {
    let sandbox = tracked();
    sandbox.git(&["checkout", "-qb", "side"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password2}\n"));
    sandbox.git(&["commit", "-qam", "side", "--no-verify"]);
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password3}\n"));
    sandbox.git(&["commit", "-qam", "main", "--no-verify"]);
    drop(sandbox.git_command("", &["merge", "--quiet", "side"]).run().code(1));
    assert!(!findings(&report(&sandbox, &["scan", "--staged"], 1)).is_empty());
}

#[test]
fn only_a_staged_configuration_counts() {
    let ignore = "[[ignore]]\ncheck = \"env-file-staged\"\npath = \".env\"\nreason = \"a fixture\"\n";
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    sandbox.file("envward.toml", 0o644, ignore);
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    sandbox.git(&["add", "envward.toml"]);
    drop(passes(&sandbox, &["commit", "-qm", "x"]));
}

#[test]
fn a_broken_staged_configuration_stops() {
    let sandbox = guarded();
    stage(&sandbox, "envward.toml", "[[ignroe]]\n");
    sandbox.file("envward.toml", 0o644, "");
    let output = sandbox.git_command("", &["commit", "-m", "x"]).run().code(1);
    assert!(output.stderr.contains("the commit was stopped"), "{output:?}");
    assert!(output.stderr.contains("envward.toml:1") && output.stderr.contains("did you mean `ignore`?"), "{output:?}");
}

#[test]
fn what_cannot_be_examined_stops() {
    let sandbox = guarded();
    stage(&sandbox, ".env.example", "JWT_SECRET=\n");
    let id = sandbox.git(&["rev-parse", ":.env.example"]);
    fs::remove_file(sandbox.path(format!(".git/objects/{}/{}", &id[..2], &id[2..]))).unwrap();
    let report = report(&sandbox, &["scan", "--staged"], 2);
    assert_eq!(problems(&report), ["missing-object .env.example"]);
    let hook = sandbox.envward(&["hook", "run", "pre-commit"]).code(2);
    assert!(hook.stdout.contains(".env.example"), "{}", hook.stdout);
}

/// git commits what stands in such an index, so the hook looks at it; `scan` says that it is damaged.
#[test]
fn an_index_with_a_wrong_checksum() {
    let sandbox = guarded();
    stage(&sandbox, ".env", GOOD);
    let file = sandbox.path(".git/index");
    let mut bytes = fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&file, &bytes).unwrap();
    assert_eq!(sandbox.git(&["diff", "--cached", "--name-only"]).trim(), ".env");
    let hook = sandbox.envward(&["hook", "run", "pre-commit"]).code(1);
    assert!(hook.stdout.contains(".env"), "{}", hook.stdout);
    assert_eq!(problems(&report(&sandbox, &["scan", "--staged"], 2)), ["broken-index"]);
    is_stopped(&sandbox, "", &["commit", "-m", "x"]);
    for length in [bytes.len() - 1, bytes.len() / 2, 100, 12, 3] {
        fs::write(&file, &bytes[..length]).unwrap();
        drop(sandbox.envward(&["hook", "run", "pre-commit"]).code(2));
    }
}
