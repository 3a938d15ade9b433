//! `envward scan`: wherever in git an env file lies, what it exposed, and what of that is still in use.
use std::fs;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{accepted, findings, hidden, problems, project, report, state, the};
use envward::checks::Step::{Dir, File, Git};
use serde_json::{Value, json};

const GOOD: &str = "DB_PASSWORD={password}\n";
const NONE: [&str; 0] = [];

#[track_caller]
fn scan(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    report(sandbox, &[&["scan"], args].concat(), code)
}

/// A repository with an ordinary first commit, whose `.gitignore` keeps env files out.
fn repository() -> Sandbox {
    project(&[Git("init"), File(".gitignore", 0o644, ".env\n"), Git("add ."), Git("commit -m start")])
}

/// Commits an env file of this text, and gives the commit's id.
fn commit(sandbox: &Sandbox, path: &str, text: &str) -> String {
    sandbox.file(path, 0o600, fill(text));
    sandbox.git(&["add", "-f", path]);
    sandbox.git(&["commit", "-qm", "add"]);
    sandbox.git(&["rev-parse", "HEAD"])
}

fn remove(sandbox: &Sandbox, path: &str) -> String {
    sandbox.git(&["rm", "-q", path]);
    sandbox.git(&["commit", "-qm", "remove"]);
    sandbox.git(&["rev-parse", "HEAD"])
}

// Which repository.

#[test]
fn from_a_subdirectory_the_whole_repository() {
    let sandbox = repository();
    commit(&sandbox, "a/.env", GOOD);
    sandbox.mkdir("b/c", 0o755);
    let expected = [
        "critical secret-still-live a/.env DB_PASSWORD",
        "error env-file-in-history a/.env",
        "error env-file-tracked a/.env",
    ];
    assert_eq!(findings(&scan(&sandbox, &[], 1)), expected);
    assert_eq!(findings(&scan(&sandbox, &["b/c"], 1)), expected);
    let below = sandbox.command(&["scan", "--format=json"]).dir("b/c").run().code(1);
    assert_eq!(findings(&below.json()), expected);
}

#[test]
fn a_bare_repository() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "work"]);
    sandbox.file("work/.env", 0o600, fill(GOOD));
    sandbox.git_in("work", &["add", "-f", ".env"]);
    sandbox.git_in("work", &["commit", "-qm", "add"]);
    sandbox.git(&["clone", "-q", "--bare", "work", "bare.git"]);
    let report = scan(&sandbox, &["bare.git"], 1);
    assert_eq!((findings(&report), problems(&report)), (vec!["error env-file-in-history .env".to_owned()], vec![]));
    assert_eq!(state(&report, ".env", "DB_PASSWORD"), "unknown strong");
}

#[test]
fn a_linked_work_tree_sees_the_history_of_all() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "main"]);
    sandbox.git_in("main", &["commit", "-qm", "start", "--allow-empty"]);
    sandbox.git_in("main", &["worktree", "add", "-q", "../linked"]);
    sandbox.file("main/.env", 0o600, fill(GOOD));
    sandbox.git_in("main", &["add", "-f", ".env"]);
    sandbox.git_in("main", &["commit", "-qm", "add"]);
    let report = scan(&sandbox, &["linked"], 1);
    assert_eq!(findings(&report), ["error env-file-in-history .env"]);
    assert_eq!(the(&report, "env-file-in-history", ".env")["facts"]["refs"], json!(["refs/heads/main"]));
    assert_eq!(problems(&report), NONE);
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let sandbox = Sandbox::new();
    for (name, path) in [("lib", ".env"), ("app", "README")] {
        sandbox.git(&["init", "-q", name]);
        sandbox.file(format!("{name}/{path}"), 0o600, fill(GOOD));
        sandbox.git_in(name, &["add", "-f", path]);
        sandbox.git_in(name, &["commit", "-qm", "start"]);
    }
    sandbox.git_in("app", &["submodule", "--quiet", "add", "../lib", "lib"]);
    sandbox.git_in("app", &["commit", "-qm", "lib"]);
    assert_eq!(
        findings(&scan(&sandbox, &["app/lib"], 1)),
        [
            "critical secret-still-live .env DB_PASSWORD",
            "error env-file-in-history .env",
            "error env-file-tracked .env"
        ]
    );
    let above = scan(&sandbox, &["app"], 1);
    assert_eq!(
        findings(&above),
        [
            "critical live-value-elsewhere README DB_PASSWORD",
            "critical secret-still-live lib/.env DB_PASSWORD",
            "error env-file-in-history lib/.env",
            "error env-file-tracked lib/.env"
        ]
    );
    assert_eq!(problems(&above), NONE);
}

#[test]
fn no_repository_is_a_problem() {
    let sandbox = project(&[File(".env", 0o600, GOOD)]);
    for args in [&[][..], &["--staged"]] {
        let report = scan(&sandbox, args, 2);
        assert_eq!((findings(&report), problems(&report)), (vec![], vec!["not-a-repository".to_owned()]));
    }
}

#[test]
fn before_the_first_commit_the_index_counts() {
    let sandbox = project(&[Git("init"), File(".env", 0o600, GOOD)]);
    let report = scan(&sandbox, &[], 0);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
    sandbox.git(&["add", "-f", ".env"]);
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["error env-file-tracked .env"]);
}

#[test]
fn git_variables_are_not_obeyed() {
    let sandbox = repository();
    commit(&sandbox, ".env", GOOD);
    let run = sandbox.command(&["scan", "--format=json"]).env("GIT_DIR", "/nowhere").env("GIT_INDEX_FILE", "/nowhere");
    assert_eq!(findings(&run.env("GIT_OBJECT_DIRECTORY", "/nowhere").run().code(1).json()).len(), 3);
}

// Where it lies.

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

// Where nothing reaches.

/// Forgets all that only a log remembers.
fn forget(sandbox: &Sandbox) {
    sandbox.git(&["reflog", "expire", "--expire=now", "--all"]);
    fs::remove_file(sandbox.path(".git/ORIG_HEAD")).unwrap_or_default();
}

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
        assert!(finding["title"].as_str().unwrap().starts_with("a note in git's history"), "{finding}");
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

// What it held.

#[test]
fn the_state_of_each_key() {
    let sandbox = repository();
    commit(
        &sandbox,
        ".env",
        "DB_PASSWORD={password}\nJWT_SECRET={hex64}\nSMTP_PASSWORD={token}\nREDIS_PASSWORD=changeme\nAPI_KEY=\n\
         MAIL_PASSWORD=Tr0ub4dor&3x\nSESSION_SECRET=redis123\nPORT=3000\n",
    );
    remove(&sandbox, ".env");
    // Live, reused under another key, replaced, never filled, gone.
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\nOTHER_SECRET={hex64}\nSMTP_PASSWORD={token2}\n"));
    let report = scan(&sandbox, &[], 1);
    for (key, expected) in [
        ("DB_PASSWORD", "live strong"),
        ("JWT_SECRET", "reused strong"),
        ("SMTP_PASSWORD", "replaced strong"),
        ("REDIS_PASSWORD", "placeholder weak"),
        ("API_KEY", "empty weak"),
        // Gone: nobody knows whether it was changed.
        ("MAIL_PASSWORD", "unknown fair"),
        ("SESSION_SECRET", "unknown weak"),
    ] {
        assert_eq!(state(&report, ".env", key), expected, "{key}");
    }
    let keys = the(&report, "env-file-in-history", ".env")["facts"]["keys"].as_array().unwrap();
    assert!(keys.iter().all(|key| key["key"] != "PORT"), "no secret: {keys:?}");
}

#[test]
fn without_an_env_file_beside_it_nothing_is_known() {
    let sandbox = repository();
    commit(&sandbox, "a/.env", GOOD);
    remove(&sandbox, "a/.env");
    sandbox.file("b/.env", 0o600, fill("DB_PASSWORD={password2}\n"));
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["error env-file-in-history a/.env"]);
    assert_eq!(state(&report, "a/.env", "DB_PASSWORD"), "unknown strong");
}

/// What one commit took from one place and put at another is the same file, wherever its key is replaced.
#[test]
fn what_git_saw_move_is_replaced_where_it_went() {
    const KEY: &str = "DB_PASSWORD";
    let moved = |commits: &dyn Fn(&Sandbox), now: &[(&str, &str)]| {
        let sandbox = repository();
        commit(&sandbox, ".env", "DB_PASSWORD={password}\n");
        commits(&sandbox);
        for path in ["api/.env", "app/.env", "b/.env"] {
            if sandbox.path(path).exists() {
                remove(&sandbox, path);
            }
        }
        now.iter().for_each(|(path, text)| sandbox.file(path, 0o600, fill(text)));
        let report = scan(&sandbox, &[], 1);
        state(&report, ".env", KEY)
    };
    let step = |sandbox: &Sandbox, from: &str, to: &str| {
        sandbox.mkdir(to.strip_suffix("/.env").unwrap(), 0o755);
        sandbox.git(&["mv", from, to]);
        sandbox.git(&["commit", "--quiet", "--message", "move"]);
    };
    let once = |sandbox: &Sandbox| step(sandbox, ".env", "api/.env");
    let (new, same) = (("api/.env", "DB_PASSWORD={password2}\n"), ("api/.env", "DB_PASSWORD={password}\n"));
    assert_eq!(moved(&once, &[new]), "replaced strong");
    assert_eq!(moved(&once, &[same]), "live strong");
    assert_eq!(moved(&once, &[("api/.env", "OTHER={password2}\n")]), "unknown strong");
    // Another service's, which may be this one's by another name.
    assert_eq!(moved(&once, &[new, ("web/.env", "DB_PASSWORD={password3}\n")]), "unknown strong");
    let twice = |sandbox: &Sandbox| {
        once(sandbox);
        step(sandbox, "api/.env", "app/.env");
    };
    assert_eq!(moved(&twice, &[("app/.env", "DB_PASSWORD={password2}\n")]), "replaced strong");
    // Back and forth: it ends.
    let back = |sandbox: &Sandbox| {
        once(sandbox);
        sandbox.git(&["mv", "api/.env", ".env"]);
        sandbox.git(&["commit", "--quiet", "--message", "back"]);
        once(sandbox);
    };
    assert_eq!(moved(&back, &[("web/.env", "DB_PASSWORD={password2}\n")]), "unknown strong");
    let changed = |sandbox: &Sandbox| {
        sandbox.mkdir("api", 0o755);
        sandbox.git(&["mv", ".env", "api/.env"]);
        commit(sandbox, "api/.env", "DB_PASSWORD={password3}\n");
    };
    assert_eq!(moved(&changed, &[new]), "unknown strong");
    let gone = |sandbox: &Sandbox| {
        remove(sandbox, ".env");
        commit(sandbox, "api/.env", "DB_PASSWORD={password}\n");
    };
    assert_eq!(moved(&gone, &[new]), "unknown strong");
    let merged = |sandbox: &Sandbox| {
        commit(sandbox, "b/.env", "DB_PASSWORD={password}\n");
        sandbox.git(&["rm", "--quiet", "b/.env"]);
        once(sandbox);
    };
    assert_eq!(moved(&merged, &[new]), "unknown strong");
}

#[test]
fn the_gravest_state_of_all_versions_counts() {
    let sandbox = repository();
    commit(&sandbox, ".env", "DB_PASSWORD={password}\n");
    commit(&sandbox, ".env", "DB_PASSWORD=changeme\n");
    remove(&sandbox, ".env");
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let report = scan(&sandbox, &[], 1);
    assert_eq!(state(&report, ".env", "DB_PASSWORD"), "live strong");
}

#[test]
fn a_live_value_is_critical_and_names_its_commit() {
    let sandbox = repository();
    commit(&sandbox, ".env", "DB_PASSWORD={password2}\n");
    let second = commit(&sandbox, ".env", "DB_PASSWORD={password}\n");
    commit(&sandbox, ".env", "DB_PASSWORD={password3}\n");
    remove(&sandbox, ".env");
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["critical secret-still-live .env DB_PASSWORD", "error env-file-in-history .env"]);
    let facts = &the(&report, "secret-still-live", ".env")["facts"];
    assert_eq!((&facts["commit"]["commit"], &facts["reach"]), (&second.into(), &"ref".into()));
}

#[test]
fn replaced_secrets_are_a_warning_and_empty_ones_a_note() {
    for (committed, now, expected, code) in [
        ("DB_PASSWORD={password}\n", "DB_PASSWORD={password2}\n", "warning env-file-in-history .env", 1),
        ("DB_PASSWORD=\nPORT=1\n", "DB_PASSWORD={password}\n", "note env-file-in-history .env", 0),
        ("DB_PASSWORD=changeme\n", "DB_PASSWORD={password}\n", "note env-file-in-history .env", 0),
    ] {
        let sandbox = repository();
        commit(&sandbox, ".env", committed);
        remove(&sandbox, ".env");
        sandbox.file(".env", 0o600, fill(now));
        assert_eq!(findings(&scan(&sandbox, &[], code)), [expected], "{committed}");
    }
}

#[test]
fn a_weak_value_of_a_development_file_is_a_warning() {
    let sandbox = repository();
    commit(&sandbox, ".env.development", "DB_PASSWORD=postgres123\n");
    assert_eq!(
        findings(&scan(&sandbox, &[], 1)),
        [
            "warning env-file-in-history .env.development",
            "warning env-file-tracked .env.development",
            "warning secret-still-live .env.development DB_PASSWORD"
        ]
    );
}

#[test]
fn a_template_is_no_finding() {
    let sandbox = project(&[
        Git("init"),
        File(".env.example", 0o644, "DB_PASSWORD=changeme\n"),
        File("backend/.env.sample", 0o644, "JWT_SECRET=\n"),
        Git("add ."),
        Git("commit -m templates"),
    ]);
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
}

#[test]
fn a_live_secret_in_a_template_is_critical() {
    let sandbox = repository();
    commit(&sandbox, ".env.example", "JWT_SECRET={hex64}\n");
    commit(&sandbox, ".env.example", "JWT_SECRET=\n");
    sandbox.file(".env", 0o600, fill("JWT_SECRET={hex64}\n"));
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["critical secret-still-live .env.example JWT_SECRET"]);
}

#[test]
fn ciphertext_passes() {
    let sandbox = project(&[
        Git("init"),
        File(
            ".env.production",
            0o644,
            "DOTENV_PUBLIC_KEY_PRODUCTION=\"03aa\"\nDB_PASSWORD=\"encrypted:BDqDBibm4wsYqMpCjTQ6\"\n",
        ),
        File(
            "sops.env",
            0o644,
            "DB_PASSWORD=ENC[AES256_GCM,data:aGVsbG8=,iv:aXY=,tag:dGFn,type:str]\nsops_mac=ENC[AES256_GCM,data:bWFj,iv:aXY=,tag:dGFn,type:str]\nsops_version=3.9.0\n",
        ),
        File("crypt/.env", 0o644, "\0GITCRYPT\0\u{1}\u{2}\u{3}\u{4}"),
        File(".env.vault", 0o644, "DOTENV_VAULT_PRODUCTION=\"abc\"\n"),
        File(".env.gpg", 0o644, "x"),
        Git("add -f ."),
        Git("commit -m encrypted"),
    ]);
    let report = scan(&sandbox, &[], 0);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
}

#[test]
fn one_plain_value_makes_it_no_ciphertext() {
    let sandbox = repository();
    commit(&sandbox, ".env", "DB_PASSWORD=\"encrypted:BDqDBibm4wsYqMpCjTQ6\"\nJWT_SECRET={hex64}\n");
    remove(&sandbox, ".env");
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["error env-file-in-history .env"]);
}

#[test]
fn the_keys_of_dotenvx_are_critical() {
    let sandbox = repository();
    commit(&sandbox, ".env.keys", "DOTENV_PRIVATE_KEY={hex32}\n");
    remove(&sandbox, ".env.keys");
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["critical env-file-in-history .env.keys"]);
}

#[test]
fn a_backup_counts_as_the_file() {
    let sandbox = repository();
    commit(&sandbox, ".env.bak", GOOD);
    remove(&sandbox, ".env.bak");
    sandbox.file(".env", 0o600, fill(GOOD));
    assert_eq!(
        findings(&scan(&sandbox, &[], 1)),
        ["critical secret-still-live .env.bak DB_PASSWORD", "error env-file-in-history .env.bak"]
    );
}

#[test]
fn a_directory_called_env_is_none() {
    let sandbox = project(&[
        Git("init"),
        Dir(".env", 0o755),
        File(".env/pyvenv.cfg", 0o644, "home = /usr\n"),
        Git("add -f ."),
        Git("commit -m venv"),
    ]);
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
}

// What is not all there.

#[test]
fn a_shallow_clone_is_never_clean_and_the_rest_is_reported() {
    let sandbox = shallow();
    let report = scan(&sandbox, &["clone"], 2);
    assert_eq!(problems(&report), ["shallow-clone"]);
    assert_eq!(findings(&report), ["error env-file-in-history prod.env"]);
}

#[test]
fn an_accepted_shallow_clone_no_longer_decides() {
    let sandbox = shallow();
    sandbox.file("clone/envward.toml", 0o644, "[[accept]]\nproblem = \"shallow-clone\"\nreason = \"CI\"\n");
    let report = scan(&sandbox, &["clone"], 1);
    assert_eq!((problems(&report), accepted(&report)), (vec![], vec!["shallow-clone CI".to_owned()]));
    assert_eq!(report["status"], "findings");
    let through = sandbox.git_in("clone", &["rev-parse", "HEAD"]);
    let more = format!("[[ignore]]\ncheck = \"env-file-in-history\"\nthrough = \"{through}\"\nreason = \"known\"\n");
    sandbox.file(
        "clone/envward.toml",
        0o644,
        format!("[[accept]]\nproblem = \"shallow-clone\"\nreason = \"CI\"\n{more}"),
    );
    let report = self::scan(&sandbox, &["clone"], 0);
    assert_eq!(accepted(&report), ["shallow-clone CI"]);
    assert_eq!(hidden(&report), ["error env-file-in-history prod.env"]);
}

/// A clone of one commit of three; `.env` came and went before it, `prod.env` in the middle, and is in no tip.
fn shallow() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "origin"]);
    let step = |args: &[&str]| sandbox.git_in("origin", args);
    sandbox.file("origin/.env", 0o600, fill(GOOD));
    step(&["add", "-f", ".env"]);
    step(&["commit", "-qm", "add"]);
    step(&["rm", "-q", ".env"]);
    sandbox.file("origin/prod.env", 0o600, fill("JWT_SECRET={hex64}\n"));
    step(&["add", "-f", "prod.env"]);
    step(&["commit", "-qm", "change"]);
    step(&["rm", "-q", "prod.env"]);
    step(&["commit", "-qm", "remove", "--allow-empty"]);
    let origin = format!("file://{}", sandbox.path("origin").display());
    sandbox.git(&["clone", "-q", "--depth=2", &origin, "clone"]);
    sandbox
}

#[test]
fn a_partial_clone_that_lacks_an_env_file_is_never_clean() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "origin"]);
    let step = |args: &[&str]| sandbox.git_in("origin", args);
    step(&["config", "uploadpack.allowFilter", "true"]);
    sandbox.file("origin/.env", 0o600, fill(GOOD));
    step(&["add", "-f", ".env"]);
    step(&["commit", "-qm", "add"]);
    step(&["rm", "-q", ".env"]);
    step(&["commit", "-qm", "remove"]);
    let origin = format!("file://{}", sandbox.path("origin").display());
    sandbox.git(&["clone", "-q", "--filter=blob:none", &origin, "clone"]);
    let report = scan(&sandbox, &["clone"], 2);
    assert_eq!(problems(&report), ["partial-clone"]);
    assert_eq!(findings(&report), ["error env-file-in-history .env"]);
    sandbox.file("clone/envward.toml", 0o644, "[[accept]]\nproblem = \"partial-clone\"\nreason = \"CI\"\n");
    let report = self::scan(&sandbox, &["clone"], 1);
    assert_eq!((problems(&report), accepted(&report)), (vec![], vec!["partial-clone CI".to_owned()]));
}

#[test]
fn a_partial_clone_that_lacks_none_is_whole() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "origin"]);
    sandbox.git_in("origin", &["config", "uploadpack.allowFilter", "true"]);
    sandbox.file("origin/README", 0o644, "hello\n");
    sandbox.git_in("origin", &["add", "."]);
    sandbox.git_in("origin", &["commit", "-qm", "start"]);
    let origin = format!("file://{}", sandbox.path("origin").display());
    sandbox.git(&["clone", "-q", "--filter=blob:none", &origin, "clone"]);
    let report = scan(&sandbox, &["clone"], 0);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
}

// Submodules, and several repositories.

/// `name`, with an env file in its history.
fn leaky(sandbox: &Sandbox, name: &str) {
    sandbox.git(&["init", "-q", name]);
    sandbox.file(format!("{name}/.env"), 0o600, fill(GOOD));
    sandbox.git_in(name, &["add", "-f", ".env"]);
    sandbox.git_in(name, &["commit", "-qm", "add"]);
    sandbox.git_in(name, &["rm", "-q", ".env"]);
    sandbox.git_in(name, &["commit", "-qm", "remove"]);
}

#[test]
fn a_submodule_without_a_work_tree_is_still_there() {
    let sandbox = Sandbox::new();
    leaky(&sandbox, "lib");
    sandbox.git(&["init", "-q", "app"]);
    sandbox.git_in("app", &["submodule", "--quiet", "add", "--name", "the lib", "../lib", "vendor/lib"]);
    sandbox.git_in("app", &["commit", "-qm", "lib"]);
    let expected = ["error env-file-in-history vendor/lib/.env"];
    assert_eq!(findings(&scan(&sandbox, &["app"], 1)), expected);
    sandbox.git_in("app", &["rm", "-q", "vendor/lib"]);
    sandbox.git_in("app", &["commit", "-qm", "no lib"]);
    for (command, arguments) in [("scan", ["app"]), ("check", ["app"])] {
        let found = report(&sandbox, &[&[command], &arguments[..]].concat(), 1);
        assert_eq!((findings(&found), problems(&found)), (expected.map(str::to_owned).to_vec(), vec![]), "{command}");
    }
    sandbox.file("app/.git/modules/the lib/HEAD", 0o644, "nonsense\n");
    assert_eq!(problems(&scan(&sandbox, &["app"], 2)), ["broken-ref vendor/lib/HEAD"]);
}

#[test]
fn several_repositories_in_one_report() {
    let sandbox = Sandbox::new();
    leaky(&sandbox, "one");
    leaky(&sandbox, "two");
    sandbox.git(&["init", "-q", "clean"]);
    let report = scan(&sandbox, &["two", "clean", "one"], 1);
    let places: Vec<_> = report["findings"].as_array().unwrap().iter().map(|one| &one["repository"]).collect();
    assert_eq!(places, ["two", "one"]);
    assert_eq!(findings(&report), ["error env-file-in-history .env"; 2]);
    assert_eq!(report["examined"]["commits"], 4);
    let text = sandbox.envward(&["scan", "one", "two"]).code(1).stdout;
    assert!(text.contains("one/.env\n") && text.contains("two/.env\n"), "{text}");
}

#[test]
fn one_that_fails_hides_nothing_of_the_others() {
    let sandbox = Sandbox::new();
    leaky(&sandbox, "one");
    for (name, file, text) in [
        ("broken", ".git/config", "[core\n"),
        ("odd", "envward.toml", "[nonsense]\n"),
        ("bare ref", ".git/refs/heads/x", "x"),
    ] {
        sandbox.git(&["init", "-q", name]);
        sandbox.file(format!("{name}/{file}"), 0o644, text);
    }
    let report = scan(&sandbox, &["broken", "nowhere", "odd", "one", "home", "bare ref"], 2);
    assert_eq!(findings(&report), ["error env-file-in-history .env"]);
    assert_eq!(
        problems(&report),
        [
            "unreadable-git-config broken",
            "unreadable-path nowhere",
            "broken-configuration odd",
            "unreadable-path home",
            "broken-ref bare ref/refs/heads/x"
        ]
    );
}

#[test]
fn every_repository_below_a_directory() {
    let sandbox = Sandbox::new();
    leaky(&sandbox, "all/a/work");
    leaky(&sandbox, "all/a/work/inner");
    sandbox.git(&["clone", "-q", "--bare", "all/a/work", "all/b/bare.git"]);
    sandbox.git_in("all/a/work", &["worktree", "add", "-q", "../../linked"]);
    leaky(&sandbox, "lib");
    sandbox.git(&["init", "-q", "all/app"]);
    sandbox.git_in("all/app", &["submodule", "--quiet", "add", "../../lib", "lib"]);
    let places = |report: &Value| -> Vec<String> {
        let place = |one: &Value| format!("{} {}", one["repository"].as_str().unwrap(), one["path"].as_str().unwrap());
        report["findings"].as_array().unwrap().iter().map(place).collect()
    };
    let report = scan(&sandbox, &["--recursive", "all"], 1);
    let expected = ["all/a/work .env", "all/a/work/inner .env", "all/app lib/.env", "all/b/bare.git .env"];
    assert_eq!((places(&report), problems(&report)), (expected.map(str::to_owned).to_vec(), vec![]));
    let below = sandbox.command(&["scan", "--recursive", "--format=json"]).dir("all").run().code(1).json();
    assert_eq!(places(&below), expected.map(|place| place.strip_prefix("all/").unwrap().to_owned()));
    sandbox.mkdir("nothing", 0o755);
    assert_eq!(problems(&scan(&sandbox, &["--recursive", "nothing"], 2)), ["no-repositories nothing"]);
    assert_eq!(problems(&scan(&sandbox, &["--recursive", "nothing", "all"], 2)), ["no-repositories nothing"]);
}

// Some of the commits.

#[test]
fn a_range_judges_what_its_commits_brought_in() {
    let sandbox = repository();
    commit(&sandbox, "old.env", GOOD);
    let start = remove(&sandbox, "old.env");
    sandbox.git(&["checkout", "-qb", "side"]);
    let leak = commit(&sandbox, ".env", GOOD);
    sandbox.git(&["checkout", "-q", "main"]);
    commit(&sandbox, "prod.env", "DB_PASSWORD={password2}\n");
    for (range, expected) in [
        (format!("{start}..side"), vec![".env"]),
        ("main..side".into(), vec![".env"]),
        ("side..main".into(), vec!["prod.env"]),
        ("side..".into(), vec!["prod.env"]),
        ("main...side".into(), vec![".env", "prod.env"]),
        (format!("{start}..HEAD"), vec!["prod.env"]),
    ] {
        let report = scan(&sandbox, &["--range", &range], 1);
        let history: Vec<&str> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["check"] == "env-file-in-history")
            .map(|one| one["path"].as_str().unwrap())
            .collect();
        let mut sorted = history.clone();
        sorted.sort_unstable();
        assert_eq!((sorted, problems(&report)), (expected, vec![]), "{range}");
    }
    let report = scan(&sandbox, &["--range", "main..side"], 1);
    assert_eq!(the(&report, "env-file-in-history", ".env")["facts"]["added"]["commit"], leak);
    assert_eq!(report["examined"]["commits"], 1);
    assert_eq!(problems(&scan(&sandbox, &["--range", "side..side"], 2)), ["empty-range"]);
    for bad in ["main", "main..nothing", "nothing...main"] {
        let _ = sandbox.envward(&["scan", "--range", bad]).code(2);
    }
}

#[test]
fn since_a_commit_the_rest_is_old() {
    let sandbox = repository();
    commit(&sandbox, "old.env", GOOD);
    let since = remove(&sandbox, "old.env");
    assert_eq!(findings(&scan(&sandbox, &["--since-commit", &since], 0)), NONE);
    commit(&sandbox, ".env", "DB_PASSWORD={password2}\n");
    sandbox.git(&["reset", "-q", "--hard", "HEAD~1"]);
    forget(&sandbox);
    let report = scan(&sandbox, &["--since-commit", &since], 1);
    assert_eq!(findings(&report), ["warning env-file-in-history .env"]);
    let _ = sandbox.envward(&["scan", "--since-commit", "nothing"]).code(2);
}

#[test]
fn a_range_cannot_excuse_itself() {
    let sandbox = repository();
    let start = sandbox.git(&["rev-parse", "HEAD"]);
    let leak = commit(&sandbox, ".env", GOOD);
    let ignore = "[[ignore]]\ncheck = \"env-file-in-history\"\npath = \".env\"\nreason = \"x\"\nthrough = \"HEAD\"\n";
    sandbox.file("envward.toml", 0o644, ignore);
    sandbox.git(&["add", "envward.toml"]);
    sandbox.git(&["commit", "-qm", "excuse"]);
    let excused = scan(&sandbox, &[], 1);
    assert_eq!(hidden(&excused), ["error env-file-in-history .env"]);
    the(&scan(&sandbox, &["--range", &format!("{start}..HEAD")], 1), "env-file-in-history", ".env");
    let later = scan(&sandbox, &["--range", &format!("{leak}..HEAD")], 0);
    assert_eq!(findings(&later), NONE);
}

#[test]
fn a_range_inside_a_shallow_clone_is_whole() {
    let sandbox = repository();
    for name in ["a", "b", "c", "d"] {
        commit(&sandbox, name, "x");
    }
    let url = format!("file://{}", sandbox.path(".").display());
    sandbox.git(&["clone", "-q", "--depth=3", &url, "../home/shallow"]);
    let within = |args: &[&str], code| {
        let run = sandbox.command(&[&["scan", "--format=json"], args].concat()).dir("../home/shallow").run();
        problems(&run.code(code).json())
    };
    assert_eq!(within(&["--range", "HEAD~2..HEAD"], 0), NONE);
    assert_eq!(within(&["--since-commit", "HEAD~2"], 0), NONE);
    assert_eq!(within(&[], 2), ["shallow-clone"]);
}

/// Of trees that are not here it is not said what was in them.
#[test]
fn a_clone_without_older_trees_names_no_commit_that_it_did_not_see() {
    let sandbox = repository();
    commit(&sandbox, "app/.env", GOOD);
    commit(&sandbox, "notes", "x");
    let seen = commit(&sandbox, "later/.env", "API_TOKEN={token}\n");
    commit(&sandbox, "notes", "y");
    sandbox.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", sandbox.path(".").display());
    let accept = "[[accept]]\nproblem = \"partial-clone\"\nreason = \"CI\"\n";
    sandbox.file("../accept.toml", 0o644, accept);
    let config = ["--config", "../../accept.toml", "--format", "json"];
    for (filter, knows) in [("tree:0", false), ("blob:none", true)] {
        let place = format!("../home/{}", filter.replace(':', "-"));
        sandbox.git(&["clone", "-q", "--filter", filter, &url, &place]);
        let scan = |args: &[&str], code: i32| {
            let run = sandbox.command(&[&["scan"], args, &config[..]].concat()).dir(&place).run();
            let report = run.code(code).json();
            assert_eq!(problems(&report), NONE, "{filter} {args:?}");
            report
        };
        let report = scan(&[], 1);
        let added = |path: &str| the(&report, "env-file-in-history", path)["facts"]["added"]["commit"].clone();
        assert_eq!(added("later/.env"), if knows { json!(seen) } else { Value::Null }, "{filter}");
        assert_eq!(added("app/.env").is_null(), !knows, "{filter}");
        drop(scan(&["--range", "HEAD~1..HEAD"], i32::from(!knows)));
    }
}

/// What could not be looked for is not called clean.
#[test]
fn an_env_file_that_cannot_be_read_leaves_a_search_undone() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file("conf", 0o644, fill("password={password}\n"));
    sandbox.git(&["add", "conf"]);
    sandbox.git(&["commit", "-qm", "conf"]);
    drop(sandbox.envward(&["scan"]).code(0));

    sandbox.fifo(".env");
    for args in [&["scan"][..], &["scan", "--range", "HEAD..HEAD"], &["scan", "--staged"]] {
        let report = sandbox.envward(&[args, &["--format", "json"]].concat()).code(2).json();
        assert_eq!(
            (&report["problems"][0]["kind"], &report["problems"][0]["path"]),
            (&"not-a-file".into(), &".env".into())
        );
    }
    fs::remove_file(sandbox.path(".env")).unwrap();

    sandbox.file("../prod.env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.link(".env", "../prod.env");
    let report = sandbox.envward(&["scan", "--format", "json"]).code(2).json();
    assert_eq!(report["problems"][0]["kind"], "outward-link");
    // Named, it is searched for, and what it holds is found.
    let report = sandbox.envward(&["scan", "--live", ".env", "--format", "json"]).code(1).json();
    assert_eq!(
        (&report["problems"], &report["findings"][0]["check"]),
        (&serde_json::json!([]), &"live-value-elsewhere".into())
    );
    sandbox.file(
        "envward.toml",
        0o644,
        "[[accept]]\nproblem = \"outward-link\"\npath = \".env\"\nreason = \"the host's own\"\n",
    );
    drop(sandbox.envward(&["scan"]).code(0));
}

/// What the hook stops, a range of commits does not let through either.
#[test]
fn a_template_with_a_secret_in_a_range() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-b", "main"]);
    let commit = |text: &str| {
        sandbox.file("api/.env.example", 0o644, fill(text));
        sandbox.git(&["add", "-A"]);
        sandbox.git(&["commit", "-qm", "template"]);
    };
    commit("SECRET_KEY={hex32}\n");
    commit("SECRET_KEY=\n");
    drop(sandbox.envward(&["scan", "--range", "HEAD~1..HEAD"]).code(0));
    commit("SECRET_KEY={token}\n");
    commit("SECRET_KEY=\nPORT=1\n");
    for range in [&["--range", "HEAD~2..HEAD"], &["--range", "HEAD~2...HEAD"], &["--since-commit", "HEAD~2"]] {
        let report = sandbox.envward(&[&["scan", "--format", "json"][..], range].concat()).code(1).json();
        let findings = report["findings"].as_array().unwrap();
        let told: Vec<_> =
            findings.iter().map(|one| (one["check"].as_str().unwrap(), one["path"].as_str().unwrap())).collect();
        assert_eq!(told, [("template-with-secret", "api/.env.example")], "{range:?}");
    }
}

#[test]
fn a_range_that_a_shallow_clone_lacks() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-b", "main", "../origin"]);
    sandbox.git_in("../origin", &["commit", "-q", "--allow-empty", "-m", "one"]);
    sandbox.git_in("../origin", &["commit", "-q", "--allow-empty", "-m", "two"]);
    let origin = sandbox.root().join("origin");
    sandbox.git(&["clone", "-q", "--depth", "1", &format!("file://{}", origin.display()), "."]);
    for range in ["HEAD~1..HEAD", "origin/other..HEAD"] {
        let output = sandbox.envward(&["scan", "--range", range]).code(2);
        assert!(output.stderr.contains("shallow") && output.stderr.contains("fetch-depth: 0"), "{}", output.stderr);
    }
}
