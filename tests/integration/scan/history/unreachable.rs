//! Where nothing reaches.

use super::*;

#[test]
fn in_an_unreachable_commit() {
    for gc in [false, true] {
        let sandbox = repository();
        let leak = commit(&sandbox, ".env", GOOD);
        sandbox.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
        forget(&sandbox);
        if gc {
            sandbox.git(&["repack", "-q", "-a", "-d", "-k"]);
        }
        assert!(sandbox.git(&["fsck", "--unreachable"]).contains(&leak));
        let report = scan(&sandbox, &[], 1);
        assert_eq!(findings(&report), ["warning env-file-in-history .env"]);
        let facts = &the(&report, "env-file-in-history", ".env")["facts"];
        assert_eq!((&facts["refs"], &facts["reach"]), (&json!([]), &"unreachable".into()));
        assert_eq!(facts["added"]["commit"], leak);
        // In use, it is as grave as in a stash.
        sandbox.file(".env", 0o600, fill(GOOD));
        assert_eq!(findings(&scan(&sandbox, &[], 1))[0], "error secret-still-live .env DB_PASSWORD");
    }
}

#[test]
fn what_is_reachable_names_the_commits() {
    let sandbox = repository();
    let first = commit(&sandbox, ".env", GOOD);
    sandbox.git(&["commit", "-q", "--amend", "-m", "again"]);
    forget(&sandbox);
    let report = scan(&sandbox, &[], 1);
    let added = &the(&report, "env-file-in-history", ".env")["facts"]["added"]["commit"];
    assert!(*added != first && *added == sandbox.git(&["rev-parse", "HEAD"]));
}

#[test]
fn in_a_dangling_tree() {
    let sandbox = repository();
    sandbox.file("app/.env", 0o600, fill(GOOD));
    sandbox.git(&["add", "-f", "app/.env"]);
    sandbox.git(&["write-tree"]);
    sandbox.git(&["rm", "-q", "--cached", "app/.env"]);
    fs::remove_dir_all(sandbox.path("app")).unwrap();
    let report = scan(&sandbox, &[], 0);
    assert_eq!(findings(&report), ["note env-file-in-history app/.env"]);
    assert_eq!(the(&report, "env-file-in-history", "app/.env")["facts"]["added"], Value::Null);
    // In use, it still never left this machine.
    sandbox.file("app/.env", 0o600, fill(GOOD));
    assert_eq!(findings(&scan(&sandbox, &[], 0)), ["note env-file-in-history app/.env"]);
    let found = findings(&sandbox.envward(&["check", "--format=json"]).json());
    assert!(!found.iter().any(|line| line.contains("secret-still-live")), "{found:?}");
}

#[test]
fn a_dangling_blob_of_that_shape_is_a_note() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill(GOOD));
    sandbox.git(&["add", "-f", ".env"]);
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["error env-file-tracked .env"], "an index has it");
    let blob = sandbox.git(&["rev-parse", ":.env"]);
    sandbox.git(&["rm", "-q", "--cached", ".env"]);
    sandbox.file("words", 0o600, "no env file\n");
    sandbox.git(&["hash-object", "-w", "words"]);
    for gc in [false, true] {
        if gc {
            sandbox.git(&["repack", "-q", "-a", "-d", "-k"]);
        }
        let report = scan(&sandbox, &[], 0);
        assert_eq!(findings(&report), ["note env-file-in-history"]);
        let finding = &report["findings"][0];
        assert_eq!((&finding["path"], &finding["object"]), (&Value::Null, &blob.as_str().into()));
        assert_eq!((&finding["origin"], &finding["facts"]["reach"]), (&"history".into(), &"unreachable".into()));
        assert_eq!(finding["facts"]["keys"][0]["state"], "live");
        let text = sandbox.envward(&["scan"]).code(0).stdout;
        assert!(text.contains(&format!("blob {}", &blob[..7])), "{text}");
    }
}

/// Every object is there, and git reads none of it.
#[test]
fn a_pack_that_lacks_its_last_byte_is_a_problem() {
    let sandbox = repository();
    sandbox.git(&["repack", "-q", "-a", "-d"]);
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
    let packs = fs::read_dir(sandbox.path(".git/objects/pack")).unwrap().map(|entry| entry.unwrap().path());
    let pack = packs.filter(|path| path.extension().is_some_and(|end| end == "pack")).last().unwrap();
    let bytes = fs::read(&pack).unwrap();
    fs::remove_file(&pack).unwrap();
    fs::write(&pack, &bytes[..bytes.len() - 1]).unwrap();
    let report = scan(&sandbox, &[], 2);
    assert!(
        report["problems"].as_array().unwrap().iter().any(|problem| problem["kind"] == "corrupt-object"),
        "{report}"
    );
}

#[test]
fn a_note_is_judged_by_its_text() {
    let sandbox = repository();
    sandbox.file("code", 0o644, "fn main() {}\n");
    sandbox.git(&["add", "code"]);
    sandbox.git(&["commit", "-q", "-m", "code"]);
    let commit = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.git(&["notes", "add", "-m", "reviewed by nobody, DEBUG=1 in mind"]);
    sandbox.git(&["notes", "--ref=build", "add", "-m", "host: build-7"]);
    // A name that is an id, in a branch: what stands there is code, and no note.
    sandbox.file("0".repeat(40), 0o644, "export const x = 1;\n");
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-q", "-m", "numbered"]);
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);

    sandbox.file("text", 0o600, fill(GOOD));
    for fanned in [false, true] {
        sandbox.git(&["notes", "--ref=deploy", "add", "-f", "-F", "text", &commit]);
        if fanned {
            // As git itself spreads many notes over directories.
            let blob = sandbox.git(&["rev-parse", &format!("refs/notes/deploy:{commit}")]);
            let (first, rest) = commit.split_at(2);
            sandbox.git(&["update-ref", "-d", "refs/notes/deploy"]);
            sandbox.git(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{first}/{rest}")]);
            let tree = sandbox.git(&["write-tree"]);
            sandbox.git(&["reset", "-q", "--hard"]);
            let top = sandbox.git(&["commit-tree", "-m", "notes", &tree]);
            sandbox.git(&["update-ref", "refs/notes/deploy", &top]);
            sandbox.git(&["reflog", "expire", "--expire=now", "--all"]);
            sandbox.git(&["gc", "-q", "--prune=now"]);
        }
        let path = if fanned { format!("{}/{}", &commit[..2], &commit[2..]) } else { commit.clone() };
        let report = scan(&sandbox, &[], 1);
        assert_eq!(findings(&report), [format!("error env-file-in-history {path}")]);
        let finding = &report["findings"][0];
        assert_eq!(finding["facts"]["refs"], json!(["refs/notes/deploy"]));
        assert!(finding["title"].as_str().unwrap().starts_with("a git note contains"), "{finding}");
        assert_eq!(finding["facts"]["reach"], "ref");
        assert!(finding["facts"]["added"]["commit"].is_string());
    }
    // In use, and then replaced.
    sandbox.file(".env", 0o600, fill(GOOD));
    let report = scan(&sandbox, &[], 1);
    assert!(findings(&report).iter().any(|line| line.starts_with("critical secret-still-live ")), "{report}");
    sandbox.file(".env", 0o600, fill(&GOOD.replace("{password}", "{password2}")));
    let found = findings(&scan(&sandbox, &[], 1));
    let (first, rest) = commit.split_at(2);
    assert_eq!(found, [format!("warning env-file-in-history {first}/{rest}")]);
}

#[test]
fn a_tag_of_a_blob_is_as_public_as_a_commit() {
    let sandbox = repository();
    sandbox.file("note", 0o600, fill(GOOD));
    let blob = sandbox.git(&["hash-object", "-w", "note"]);
    sandbox.git(&["tag", "-a", "-m", "one", "inner", &blob]);
    sandbox.git(&["tag", "-a", "-m", "two", "outer", "inner"]);
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["error env-file-in-history"]);
    let finding = &report["findings"][0];
    assert_eq!(finding["facts"]["refs"], json!(["refs/tags/inner", "refs/tags/outer"]));
    sandbox.file(".env", 0o600, fill(GOOD));
    assert_eq!(
        findings(&scan(&sandbox, &[], 1)),
        ["critical secret-still-live DB_PASSWORD", "error env-file-in-history"]
    );
}

#[test]
fn the_same_content_under_a_harmless_name() {
    let sandbox = repository();
    commit(&sandbox, "docs/notes.txt", GOOD);
    commit(&sandbox, ".env", GOOD);
    commit(&sandbox, "README", "DB_PASSWORD={password2}\n");
    remove(&sandbox, ".env");
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["error env-file-in-history .env", "error env-file-in-history docs/notes.txt"]);
    let facts = &the(&report, "env-file-in-history", "docs/notes.txt")["facts"];
    assert_eq!((&facts["same_as"], &facts["reach"]), (&".env".into(), &"head".into()));
    assert_eq!(the(&report, "env-file-in-history", ".env")["facts"]["same_as"], Value::Null);
}

#[test]
fn what_a_template_shares_is_no_leak() {
    let sandbox = repository();
    commit(&sandbox, ".env.example", "DB_PASSWORD=changeme\n");
    commit(&sandbox, "docs/sample.txt", "DB_PASSWORD=changeme\n");
    commit(&sandbox, "empty", "");
    commit(&sandbox, ".env", "");
    remove(&sandbox, ".env");
    assert_eq!(findings(&scan(&sandbox, &[], 0)), ["note env-file-in-history .env"]);
}

/// The hook stopped it, it was corrected, and the right version was committed: it never left this machine.
#[test]
fn a_version_that_no_commit_had_is_a_note() {
    for path in [".env.example", ".env"] {
        let sandbox = repository();
        commit(&sandbox, path, "DB_PASSWORD=\n");
        sandbox.file(path, 0o600, fill(GOOD));
        sandbox.git(&["add", "-f", path]);
        // As a commit does that a hook stops.
        sandbox.git(&["write-tree"]);
        sandbox.file(path, 0o600, "DB_PASSWORD=\nPORT=1\n");
        sandbox.git(&["add", "-f", path]);
        sandbox.git(&["commit", "-qm", "right"]);
        sandbox.git(&["rm", "-q", "--cached", path]);
        sandbox.git(&["commit", "-qm", "out"]);
        for in_use in ["DB_PASSWORD={password2}\n", GOOD] {
            sandbox.file(".env", 0o600, fill(in_use));
            let report = scan(&sandbox, &[], 0);
            assert!(!findings(&report).is_empty(), "{path} {in_use}");
            for finding in report["findings"].as_array().unwrap() {
                assert_eq!(finding["severity"], "note", "{path} {in_use}: {finding}");
                let help = finding["help"].as_str().unwrap();
                assert!(["git gc --prune=now", "nothing to do"].contains(&help), "{finding}");
            }
        }
    }
}

#[test]
fn a_name_that_no_commit_had_is_a_note() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill(GOOD));
    sandbox.file(fill("{password}.txt"), 0o644, "x\n");
    sandbox.git(&["add", "."]);
    sandbox.git(&["write-tree"]);
    sandbox.git(&["reset", "-q"]);
    fs::remove_file(sandbox.path(fill("{password}.txt"))).unwrap();
    let report = scan(&sandbox, &[], 0);
    assert_eq!(findings(&report), ["note live-value-elsewhere [masked].txt DB_PASSWORD"]);
    assert_eq!(report["findings"][0]["help"], "git gc --prune=now");
    let next = sandbox.envward(&["status"]).code(0).stdout;
    assert!(!next.contains("scan --advice"), "{next}");
}
