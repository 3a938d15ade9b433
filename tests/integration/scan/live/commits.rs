//! Which commits.

use super::*;

#[test]
fn of_a_range_what_it_brought() {
    let sandbox = repository();
    let old = commit(&sandbox, "old.sh", value());
    let new = commit(&sandbox, "new.sh", format!("x {}", value()));
    sandbox.git(&["commit", "--quiet", "--allow-empty", "--message", &value()]);
    let report = scan(&sandbox, &["--range", &format!("{old}..HEAD")], 1);
    assert_eq!(
        findings(&report),
        [format!("critical {CHECK} DB_PASSWORD"), format!("critical {CHECK} new.sh DB_PASSWORD")]
    );
    assert_eq!(
        findings(&scan(&sandbox, &["--range", &format!("{old}..{new}")], 1)),
        [format!("critical {CHECK} new.sh DB_PASSWORD")]
    );
}

#[test]
fn an_ignore_ends_at_its_commit() {
    let sandbox = repository();
    let known = commit(&sandbox, "known.sh", value());
    sandbox.file(
        "envward.toml",
        0o644,
        format!("[[ignore]]\ncheck = \"{CHECK}\"\nthrough = \"{known}\"\nreason = \"replaced on Monday\"\n"),
    );
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
    commit(&sandbox, "later.sh", format!("x {}", value()));
    assert_eq!(findings(&scan(&sandbox, &[], 1)), [format!("critical {CHECK} later.sh DB_PASSWORD")]);
}
