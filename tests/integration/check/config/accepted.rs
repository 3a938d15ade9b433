//! What is accepted.

use super::*;

#[test]
fn an_unreadable_path_by_pattern_and_until_a_day() {
    let sandbox = project(&[File(".env", 0o600, GOOD), File("data/db/.env", 0o600, GOOD)]);
    let config = "[[accept]]\nproblem = \"unreadable-path\"\npath = \"data/*\"\nreason = \"the database's\"\nuntil = 2030-01-01\n";
    sandbox.file("envward.toml", 0o644, config);
    std::fs::set_permissions(sandbox.path("data/db"), std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    let run = |day: &str| sandbox.command_bound_by_modes(&["check", "--format=json", "--as-of", day]);
    let (Some(within), Some(after)) = (run("2030-01-01"), run("2030-01-02")) else {
        return crate::common::skip("root reads every directory, and cannot give that up here");
    };
    let report = within.run().code(0).json();
    assert_eq!(
        (problems(&report), accepted(&report)),
        (vec![], vec!["unreadable-path data/db the database's".to_owned()])
    );
    assert_eq!(report["accepted"][0]["until"], "2030-01-01");
    let report = after.run().code(2).json();
    assert_eq!((problems(&report), accepted(&report)), (vec!["unreadable-path data/db".to_owned()], vec![]));
    std::fs::set_permissions(sandbox.path("data/db"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}
