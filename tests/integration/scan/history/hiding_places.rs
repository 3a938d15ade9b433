//! Where it lies.

use super::*;

#[test]
fn added_and_removed_name_their_commits() {
    let sandbox = repository();
    let added = commit(&sandbox, ".env", "DB_PASSWORD={password}\n");
    let changed = commit(&sandbox, ".env", "DB_PASSWORD={password2}\n");
    let removed = remove(&sandbox, ".env");
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["error env-file-in-history .env"]);
    let finding = the(&report, "env-file-in-history", ".env");
    let facts = &finding["facts"];
    for (fact, commit) in [("added", added), ("last_changed", changed.clone()), ("removed", removed)] {
        assert_eq!(facts[fact]["commit"], commit, "{fact}");
        assert_eq!(facts[fact]["author"], "Ada");
    }
    assert_eq!((&facts["versions"], &facts["reach"]), (&2.into(), &"ref".into()));
    assert_eq!(facts["refs"], json!(["refs/heads/main"]));
    assert_eq!(finding["object"], sandbox.git(&["rev-parse", &format!("{changed}:.env")]));
}

#[test]
fn a_file_of_the_tip_is_not_removed() {
    let sandbox = repository();
    commit(&sandbox, ".env", GOOD);
    let report = scan(&sandbox, &[], 1);
    let facts = &the(&report, "env-file-in-history", ".env")["facts"];
    assert_eq!((&facts["removed"], &facts["reach"]), (&Value::Null, &"head".into()));
}

#[test]
fn both_names_of_a_renamed_file() {
    let sandbox = repository();
    commit(&sandbox, ".env", GOOD);
    sandbox.git(&["mv", ".env", "prod.env"]);
    sandbox.git(&["commit", "-qm", "rename"]);
    let renamed = sandbox.git(&["rev-parse", "HEAD"]);
    let report = scan(&sandbox, &[], 1);
    assert_eq!(the(&report, "env-file-in-history", ".env")["facts"]["removed"]["commit"], renamed);
    assert_eq!(the(&report, "env-file-in-history", "prod.env")["facts"]["added"]["commit"], renamed);
    assert_eq!(state(&report, ".env", "DB_PASSWORD"), "live strong");
}

#[test]
fn on_another_branch_only() {
    let sandbox = repository();
    sandbox.git(&["checkout", "-qb", "side"]);
    commit(&sandbox, ".env", GOOD);
    sandbox.git(&["checkout", "-q", "main"]);
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["error env-file-in-history .env"]);
    let facts = &the(&report, "env-file-in-history", ".env")["facts"];
    assert_eq!((&facts["refs"], &facts["reach"]), (&json!(["refs/heads/side"]), &"ref".into()));
    assert_eq!(facts["removed"], Value::Null);
}

#[test]
fn in_a_tag_only() {
    for tag in [&["tag", "v1"][..], &["tag", "--annotate", "--message", "one", "v1"]] {
        let sandbox = repository();
        sandbox.git(&["checkout", "-q", "--detach"]);
        commit(&sandbox, ".env", GOOD);
        sandbox.git(tag);
        sandbox.git(&["checkout", "-q", "main"]);
        let report = scan(&sandbox, &[], 1);
        assert_eq!(findings(&report), ["error env-file-in-history .env"]);
        assert_eq!(the(&report, "env-file-in-history", ".env")["facts"]["refs"], json!(["refs/tags/v1"]));
    }
}

#[test]
fn in_a_stash_only() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill(GOOD));
    sandbox.git(&["add", "-f", ".env"]);
    sandbox.git(&["stash", "push", "--quiet"]);
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["warning env-file-in-history .env"]);
    let facts = &the(&report, "env-file-in-history", ".env")["facts"];
    assert_eq!((&facts["refs"], &facts["reach"]), (&json!(["refs/stash"]), &"stash".into()));
    // And in use again.
    sandbox.file(".env", 0o600, fill(GOOD));
    assert_eq!(
        findings(&scan(&sandbox, &[], 1)),
        ["error secret-still-live .env DB_PASSWORD", "warning env-file-in-history .env"]
    );
}

#[test]
fn an_untracked_file_in_a_stash_and_an_older_stash() {
    let sandbox = repository();
    for (name, word) in [("a.env", "password"), ("b.env", "password2")] {
        sandbox.file(name, 0o600, fill(&format!("DB_PASSWORD={{{word}}}\n")));
        sandbox.git(&["stash", "push", "--quiet", "--include-untracked"]);
    }
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["warning env-file-in-history a.env", "warning env-file-in-history b.env"]);
    for name in ["a.env", "b.env"] {
        assert_eq!(the(&report, "env-file-in-history", name)["facts"]["reach"], "stash", "{name}");
    }
}

#[test]
fn in_a_reflog_only() {
    let sandbox = repository();
    commit(&sandbox, ".env", GOOD);
    sandbox.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["warning env-file-in-history .env"]);
    let facts = &the(&report, "env-file-in-history", ".env")["facts"];
    assert_eq!((&facts["refs"], &facts["reach"]), (&json!([]), &"reflog".into()));
}

#[test]
fn what_only_a_merge_brought_in() {
    let sandbox = repository();
    sandbox.git(&["checkout", "-qb", "side"]);
    sandbox.git(&["commit", "-qm", "side", "--allow-empty"]);
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.git(&["commit", "-qm", "main", "--allow-empty"]);
    sandbox.git(&["merge", "--quiet", "--no-ff", "--no-commit", "side"]);
    let merge = commit(&sandbox, ".env", GOOD);
    assert_eq!(sandbox.git(&["rev-list", "--parents", "-1", "HEAD"]).split(' ').count(), 3);
    remove(&sandbox, ".env");
    let report = scan(&sandbox, &[], 1);
    assert_eq!(the(&report, "env-file-in-history", ".env")["facts"]["added"]["commit"], merge);
}

#[test]
fn under_replace_refs_the_original_shows() {
    let sandbox = repository();
    let leak = commit(&sandbox, ".env", GOOD);
    remove(&sandbox, ".env");
    sandbox.git(&["replace", &leak, "HEAD~2"]);
    let report = scan(&sandbox, &[], 1);
    assert_eq!(the(&report, "env-file-in-history", ".env")["facts"]["added"]["commit"], leak);
}

#[test]
fn packed_as_loose() {
    let sandbox = repository();
    commit(&sandbox, ".env", GOOD);
    remove(&sandbox, ".env");
    let loose = scan(&sandbox, &[], 1);
    sandbox.git(&["gc", "--quiet"]);
    assert_eq!(scan(&sandbox, &[], 1), loose);
}
