//! Links.

use super::*;
use crate::common::trace;

#[test]
fn the_target_of_a_link_inside_is_judged() {
    let sandbox = project(&[File("config/settings", 0o644, GOOD), Link(".env", "config/settings")]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["error env-file-mode .env", "note env-file-symlink .env"]);
    assert_eq!(the(&report, "env-file-symlink", ".env")["facts"]["target"], "inside");
}

#[test]
fn the_target_of_a_link_outside_is_named_and_not_opened() {
    let sandbox = project(&[Link(".env", "../outside")]);
    std::fs::write(sandbox.root().join("outside"), "DB_PASSWORD=postgres123\n").unwrap();
    let report = report(&sandbox, &["check"], 2);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec!["outward-link .env".to_owned()]));
    // Nor does any other command pass over what it does not know.
    sandbox.git(&["init", "--quiet"]);
    for args in [&["scan"][..], &["check", "--fail-on", "error"], &["preflight"], &["rotation", "status"], &["trace"]] {
        let output = sandbox.envward(args).code(2);
        let said = (output.stdout + &output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(".env is a link out of the project"), "{args:?}: {said}");
    }
}

#[test]
fn a_link_outside_may_be_accepted() {
    let accepted = "[[accept]]\nproblem = \"outward-link\"\npath = \".env\"\nreason = \"shared by all releases\"\n";
    let sandbox = project(&[Link(".env", "../outside"), File("envward.toml", 0o644, accepted)]);
    std::fs::write(sandbox.root().join("outside"), "DB_PASSWORD=postgres123\n").unwrap();
    assert_eq!(check(&sandbox, &[], 0), NONE);
    drop(sandbox.envward(&["rotation", "status"]).code(0));
}

#[test]
fn a_copy_that_is_a_link_outside_is_a_finding() {
    let sandbox = project(&[Link(".env.bak", "../outside")]);
    std::fs::write(sandbox.root().join("outside"), "DB_PASSWORD=postgres123\n").unwrap();
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["warning env-file-copy .env.bak", "warning env-file-symlink .env.bak"]);
    assert_eq!(the(&report, "env-file-symlink", ".env.bak")["facts"]["target"], "outside");
}

#[test]
fn an_absolute_link_into_the_project_is_not_followed() {
    let sandbox = project(&[File("settings", 0o644, GOOD)]);
    sandbox.link(".env", sandbox.path("settings"));
    let report = report(&sandbox, &["check"], 2);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec!["outward-link .env".to_owned()]));
}

#[test]
fn a_dangling_link_and_a_loop_are_warnings() {
    let sandbox = project(&[Link(".env", "nowhere"), Link("loop.env", "loop.env")]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["warning env-file-symlink .env", "warning env-file-symlink loop.env"]);
    assert_eq!(the(&report, "env-file-symlink", ".env")["facts"]["target"], "missing");
    assert_eq!(the(&report, "env-file-symlink", "loop.env")["facts"]["target"], "missing");
}

#[test]
fn a_link_to_a_directory_is_no_env_file() {
    let sandbox = project(&[Dir("venv-real", 0o755), Link(".env", "venv-real"), Link("up.env", "..")]);
    let report = report(&sandbox, &["check"], 0);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
}

#[test]
fn a_linked_directory_is_not_entered() {
    let sandbox = project(&[Link("elsewhere", "../outside")]);
    std::fs::create_dir(sandbox.root().join("outside")).unwrap();
    std::fs::write(sandbox.root().join("outside/.env"), "DB_PASSWORD=postgres123\n").unwrap();
    assert_eq!(check(&sandbox, &[], 0), NONE);
}

#[test]
fn a_directory_called_env_is_neither_finding_nor_error() {
    let sandbox = project(&[Dir(".env/bin", 0o777), File(".env/bin/prod.env", 0o644, GOOD)]);
    let report = report(&sandbox, &["check"], 1);
    // It is entered all the same.
    assert_eq!(
        findings(&report),
        ["error env-file-directory .env/bin/prod.env", "error env-file-mode .env/bin/prod.env"]
    );
    assert_eq!(problems(&report), NONE);
}

/// Linux before 5.6 and a filter of system calls refuse openat2(2), and macOS has none.
#[test]
fn a_kernel_that_follows_no_link_for_us_changes_nothing() {
    let sandbox = project(&[
        File("config/settings", 0o644, GOOD),
        Dir("deep/er", 0o755),
        Link("deep/er/.env", "../../config/./settings"),
        Link("out.env", "../outside"),
        Link("back.env", "deep/../../project/config/settings"),
        Link("loop.env", "loop.env"),
        Link("nowhere.env", "deep/nowhere"),
        Link("up.env", ".."),
        Link("elsewhere", "../outside-dir"),
    ]);
    std::fs::write(sandbox.root().join("outside"), "DB_PASSWORD=postgres123\n").unwrap();
    if !trace::is_possible(&sandbox) {
        return;
    }
    let program = env!("CARGO_BIN_EXE_envward");
    let refused =
        format!("exec strace -f -qq -o /dev/null -e inject=openat2:error=ENOSYS {program} check --format json");
    let report = |line: &str| sandbox.shell(line).run().code(2).stdout;
    assert_eq!(report(&refused), report(&format!("exec {program} check --format json")));
}
