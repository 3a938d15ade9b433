//! Which file.

use super::*;

#[test]
fn another_configuration_on_the_command_line() {
    let sandbox = with("[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"known\"\n");
    sandbox.file("ci/other.toml", 0o644, "[files]\nallowed_modes = []\n");
    assert_eq!(findings(&check(&sandbox, &[], 0)), NONE);
    assert_eq!(findings(&check(&sandbox, &["--config", "ci/other.toml"], 1)), ["error env-file-mode .env"]);
    // From another directory, relative to it.
    let run = sandbox.command(&["check", "--format=json", "--config", "other.toml"]).dir("ci").run().code(1);
    assert_eq!(findings(&run.json()), ["error env-file-mode .env"]);
    let output = sandbox.envward(&["check", "--config", "nowhere.toml"]).code(2);
    assert!(output.stderr.contains("nowhere.toml"), "{}", output.stderr);
    sandbox.file("ci/other.toml", 0o644, "[fils]\n");
    let output = sandbox.envward(&["check", "--config", "ci/other.toml"]).code(2);
    assert!(output.stderr.starts_with("error: ci/other.toml:1: unknown key `fils`\n"), "{}", output.stderr);
}

#[test]
fn a_bare_repository_has_the_configuration_of_head() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "work"]);
    sandbox.file("work/.env", 0o600, fill(GOOD));
    let config = "[[ignore]]\ncheck = \"env-file-in-history\"\nthrough = \"main\"\nreason = \"known\"\n";
    sandbox.file("work/envward.toml", 0o644, config);
    sandbox.git_in("work", &["add", "-f", "."]);
    sandbox.git_in("work", &["commit", "-qm", "add"]);
    sandbox.git(&["clone", "-q", "--bare", "work", "bare.git"]);
    assert_eq!(hidden(&report(&sandbox, &["scan", "bare.git"], 0)), ["error env-file-in-history .env"]);
}

#[test]
fn not_above_the_repository() {
    let sandbox = Sandbox::new();
    sandbox.file("envward.toml", 0o644, "[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"known\"\n");
    sandbox.git(&["init", "-q", "repo"]);
    sandbox.file("repo/.gitignore", 0o644, ".env\n");
    sandbox.file("repo/.env", 0o644, fill(GOOD));
    assert_eq!(findings(&check(&sandbox, &["repo"], 1)), ["error env-file-mode .env"]);
}

/// A change that declares a secret harmless is seen in the report.
#[test]
fn what_is_declared_harmless_is_counted() {
    for (declared, count, said) in [
        ("A_SECRET = \"not-secret\"", 1, "(1 key set to not-secret)"),
        ("A_SECRET = \"not-secret\"\nB_TOKEN = \"not-secret\"", 2, "(2 keys set to not-secret)"),
        ("PORT = \"not-secret\"\nGONE = \"not-secret\"", 0, ""),
        ("A_SECRET = \"jwt-secret\"", 0, ""),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, fill("A_SECRET={hex}\nB_TOKEN={password}\nPORT=80\n"));
        sandbox.file("envward.toml", 0o644, format!("[policy.classes]\n{declared}\n"));
        let args = ["check", "--exit-zero", "--format"];
        let json = sandbox.envward(&[&args[..], &["json"]].concat()).code(0).json();
        assert_eq!(json["examined"]["declared_harmless"], count, "{declared}");
        let text = sandbox.envward(&[&args[..], &["text"]].concat()).code(0).stdout;
        assert!(text.contains(said) && (count > 0 || !text.contains("not-secret")), "{text}");
    }
}
