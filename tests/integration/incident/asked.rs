//! Asked.

use super::*;

#[test]
fn somebody_at_a_terminal_is_asked() {
    let sandbox = project();
    let (screen, code) = converse(&sandbox, &["incident", "worker"], &[("[y/N]", "n")]);
    assert_eq!(code, Some(0), "{screen}");
    assert!(screen.contains("nothing was recorded"), "{screen}");
    assert_eq!(exposed(&sandbox), [""; 0]);
    let (screen, code) = converse(&sandbox, &["incident", "worker"], &[("record 3 secrets as exposed? [y/N]", "y")]);
    assert_eq!(code, Some(0), "{screen}");
    assert_eq!(exposed(&sandbox).len(), 3, "{screen}");
}

#[test]
fn nobody_there_records_nothing_and_that_is_no_success() {
    let sandbox = project();
    let output = sandbox.envward(&["incident", "backend"]).code(2);
    assert!(output.stdout.contains("5. rotate") && output.stderr.contains("--yes"), "{}", output.stderr);
    assert_eq!(exposed(&sandbox), [""; 0]);
    let output = sandbox.command(&["incident", "backend", "--yes"]).env("ENVWARD_STATE_DIR", "/dev/null").run().code(0);
    assert!(output.stdout.contains("nothing was recorded: this user has no ledger"), "{}", output.stdout);
}

#[test]
fn what_cannot_be_done_is_said() {
    let sandbox = project();
    let output = sandbox.envward(&["incident", "nonsense", "--yes"]).code(2);
    assert!(!output.normalized().contains("nonsense"), "what was typed may be a secret: {}", output.normalized());
    for args in [
        &["incident"][..],
        &["incident", "backend", "--dry-run", "--evidence", "evidence"],
        &["incident", "backend", "--dry-run", "--evidence", "backend/../evidence"],
        &["incident", "backend", "--yes", "--dry-run"],
        &["incident", "--exposed", "backend", "."],
        &["incident", "backend", "--yes", "--reason", ""],
    ] {
        let _ = sandbox.envward(args).code(2);
    }
    // A home that is the project itself.
    let home = sandbox.path("");
    let output =
        sandbox.command(&["incident", "backend", "--dry-run"]).env("HOME", home.to_str().unwrap()).run().code(2);
    assert!(output.stderr.contains("outside the project: --evidence DIR"), "{}", output.stderr);
    assert_eq!(exposed(&sandbox), [""; 0]);
}

#[test]
fn an_env_file_that_cannot_be_read_makes_the_list_incomplete() {
    let sandbox = project();
    fs::remove_file(sandbox.path("backend/.env")).unwrap();
    let output = sandbox.envward(&["incident", "backend", "--dry-run"]).code(2);
    assert!(output.stdout.contains("all secrets in backend/.env"), "{}", output.stdout);
    if own_uid_is_root() {
        return;
    }
    fs::set_permissions(sandbox.path("worker/.env"), fs::Permissions::from_mode(0o000)).unwrap();
    let output = sandbox.envward(&["incident", "worker", "--dry-run"]).code(2);
    assert!(output.stdout.contains("not examined"), "{}", output.stdout);
}

#[test]
fn what_is_exposed_is_incomplete_where_a_file_cannot_be_read_and_that_is_said() {
    let sandbox = project();
    fs::OpenOptions::new().write(true).open(sandbox.path(".env")).unwrap().set_len(1 << 30).unwrap();
    let output = sandbox.envward(&["incident", "--exposed", "--dry-run"]).code(2);
    let (_, said) = output.stdout.split_once("not examined, so secrets may be missing above\n").unwrap();
    assert!(said.contains("  .env "), "{said}");
}
