//! The text, and what to do.

use super::*;

#[test]
fn what_is_live_comes_first() {
    let sandbox = repository();
    sandbox.file("x.env", 0o666, "A_SECRET=changeme\n");
    let id = commit(&sandbox, "config/.env", fill("DB_PASSWORD={password}\n"));
    let text = sandbox.envward(&["check"]).code(1).stdout;
    let first = format!(
        "1 secret in use is exposed: replace it first\n  critical  DB_PASSWORD of .env: committed in {} on 2026-01-05\n",
        &id[..7]
    );
    assert!(text.starts_with(&first), "{text}");
    assert!(
        text.contains("            in config/.env\n            -> envward rotation rotate DB_PASSWORD .env\n\n"),
        "{text}"
    );
    // Once: not below its file again.
    assert_eq!(text.matches("critical").count(), 2, "{text}");
}

/// Three commits in one second, and one whose clock went wrong: the first one is that from which the others descend.
#[test]
fn the_first_commit_is_the_one_that_the_others_descend_from() {
    let sandbox = repository();
    let value = value();
    let commit = |path: &str, seconds: u32| {
        sandbox.file(path, 0o644, format!("{path} {value}\n"));
        sandbox.git(&["add", path]);
        let date = format!("{} +0000", 1_770_000_000 + seconds);
        let commit = sandbox.git_command("", &["commit", "--quiet", "--message", "add"]);
        let _ = commit.env("GIT_COMMITTER_DATE", &date).run().code(0);
        sandbox.git(&["rev-parse", "--short=7", "HEAD"])
    };
    // Whatever the ids and the paths are: each is the last one of its report once.
    for (path, seconds) in [("m", 9), ("l", 9), ("k", 9), ("n", 3)] {
        let id = commit(path, seconds);
        let first = sandbox.git(&["log", "--reverse", "--format=%h", "--abbrev=7", "-1", "--diff-filter=A", "--", "m"]);
        let text = sandbox.envward(&["scan"]).code(1).stdout;
        let line = format!("  critical  DB_PASSWORD of .env: committed in {first} on 2026-02-02\n");
        assert_eq!(text.split_inclusive('\n').nth(1), Some(line.as_str()), "{path} {id}: {text}");
    }
}

/// What the advice names is run as it stands, by the real program.
#[test]
fn the_advice_cleans_the_history() {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gate/venv/bin");
    if !tools.join("git-filter-repo").is_file() {
        return crate::common::skip("git-filter-repo is missing: `.ci/readers` installs it");
    }
    let sandbox = repository();
    let value = value();
    commit(&sandbox, "config/.env", fill("DB_PASSWORD={password}\n"));
    commit(&sandbox, "it's a file/-x.env", fill("DB_PASSWORD={password}\n"));
    commit(&sandbox, "-dash.env", fill("API_TOKEN={token}\n"));
    sandbox.git(&["rm", "--quiet", "-r", "config", "it's a file", "./-dash.env"]);
    sandbox.git(&["commit", "--quiet", "--message", "remove"]);
    commit(&sandbox, "deploy.sh", format!("run {value}\nkeep this\n"));
    commit(&sandbox, "header", encode::base64(format!("user:{value}").as_bytes()));
    // As openssl, xxd and base64 break it, alone and indented in a file of another.
    let (header, digits) = (encode::base64(format!("user:{value}").as_bytes()), encode::hex(value.as_bytes()));
    commit(&sandbox, "wrapped", format!("begin\n{}\nend\n", broken(&header, 64, "\n")));
    commit(&sandbox, "dump", format!("{}\r\n", broken(&digits, 60, "\r\n")));
    commit(&sandbox, "values.yaml", format!("a: |\n  {}\nb: 1\n", broken(&header, 76, "\n  ")));
    commit(&sandbox, "deep", broken(&digits.to_uppercase(), 60, &format!("\n{}", " \t".repeat(16))));
    commit(&sandbox, "backup.gz", gzip(value.as_bytes()));
    commit(&sandbox, "wide.txt", encode::utf16(&value, u16::to_le_bytes));
    sandbox.file("list", 0o644, "one\n");
    sandbox.git(&["add", "list"]);
    sandbox.git(&["commit", "--quiet", "--message", &format!("try {value}")]);
    sandbox.git(&["tag", "--annotate", "--message", &value, "v1"]);
    sandbox.git(&["tag", "--annotate", "--message", &broken(&header, 64, "\n"), "v2"]);
    sandbox.git(&["branch", "other"]);

    let file = sandbox.root().join("tmp/replacements");
    let args = ["scan", "--advice", "--replacements", file.to_str().unwrap()];
    let advice = sandbox.envward(&args).code(1).stdout;
    assert!(!advice.contains(&value), "{advice}");
    let (_, steps) = advice.split_once("\nto clean up, do these steps in order\n").unwrap();
    let commands: Vec<&str> = steps.lines().filter_map(|line| line.trim_start().strip_prefix("$ ")).collect();
    assert_eq!(commands[0], "envward rotation rotate DB_PASSWORD .env");
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    // Nothing is overwritten, and nothing is left in the way of `git add`.
    let again = sandbox.envward(&args).code(2);
    assert!(again.stderr.contains("replacements"), "{}", again.stderr);
    let inside = sandbox.envward(&["scan", "--advice", "--replacements", "here"]).code(2);
    assert!(inside.stderr.contains("work tree") && !sandbox.path("here").exists(), "{}", inside.stderr);

    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    let run = |dir: &str, line: &str| sandbox.shell(line).dir(dir).env("PATH", &path).run().code(0);
    drop(run("..", "git clone --quiet --mirror project cleaned.git"));
    let rewrites: Vec<&&str> = commands.iter().filter(|command| command.starts_with("git filter-repo ")).collect();
    assert_eq!(rewrites.len(), 2, "{steps}");
    for command in rewrites {
        drop(run("../cleaned.git", command));
    }
    let live = sandbox.path(".env");
    let clean = sandbox.command(&["scan", "../cleaned.git", "--format=json", "--live", live.to_str().unwrap()]);
    let report = clean.run().json();
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
    let kept = run("../cleaned.git", "git log --oneline main; git tag; git show v2");
    for word in ["try ***REMOVED***", "start", "v1"] {
        assert!(kept.stdout.contains(word), "{word}: {}", kept.stdout);
    }
    let texts = ["deploy.sh", "header", "wrapped", "dump", "values.yaml", "deep"];
    let texts = texts.map(|name| run("../cleaned.git", &format!("git show main:{name}")).stdout);
    assert_eq!(texts[0], "run ***REMOVED***\nkeep this\n");
    assert_eq!((&texts[3], &texts[5]), (&"***REMOVED***\r\n".into(), &"***REMOVED***".into()));
    assert!(texts[2].starts_with("begin\n") && texts[2].ends_with("\nend\n"), "{}", texts[2]);
    assert!(texts[4].starts_with("a: |\n  ") && texts[4].ends_with("\nb: 1\n"), "{}", texts[4]);
    for text in texts.iter().chain([&kept.stdout]) {
        let joined: String = text.split_whitespace().collect();
        assert!(joined.contains("***REMOVED***"), "{text}");
        // What is whole of it in base64 behind five other bytes.
        assert!(!joined.contains(&header[8..header.len() - 4]), "{text}");
    }
}

/// git-filter-repo passes notes on as they are; what is advised instead, typed as it is printed. What a colleague noted
/// meanwhile stays.
#[test]
fn the_advice_cleans_the_notes() {
    let sandbox = repository();
    let other = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.git(&["commit", "--quiet", "--allow-empty", "--message", "second"]);
    let commit = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.git(&["init", "--quiet", "--bare", "../origin.git"]);
    sandbox.git(&["remote", "add", "origin", "../origin.git"]);
    sandbox.file("text", 0o600, fill("DB_PASSWORD={password}\nAPI_TOKEN={token}\n"));
    sandbox.git(&["notes", "--ref=a/$HOME", "add", "--file", "text", &commit]);
    sandbox.git(&["notes", "add", "--file", "text", &commit]);
    sandbox.git(&["notes", "append", "--message", "reviewed", "HEAD"]);
    sandbox.git(&["notes", "remove", &commit]);
    sandbox.git(&["push", "--quiet", "origin", "refs/notes/*", "HEAD"]);
    sandbox.git(&["fetch", "--quiet", "origin", "refs/notes/*:refs/remotes/origin/notes/*"]);
    fs::remove_file(sandbox.path("text")).unwrap();
    sandbox.git(&["clone", "--quiet", "--mirror", "../origin.git", "../colleague.git"]);
    sandbox.git(&["-C", "../colleague.git", "notes", "add", "--message", "looks good", &other]);
    sandbox.git(&["-C", "../colleague.git", "push", "--quiet", "../origin.git", "refs/notes/commits"]);

    let advice = sandbox.envward(&["scan", "--advice"]).code(1).stdout;
    let (_, steps) = advice.split_once("\nto clean up, do these steps in order\n").unwrap();
    assert!(!steps.contains("filter-repo"), "{steps}");
    let commands = steps.lines().filter_map(|line| line.trim_start().strip_prefix("$ "));
    let commands: Vec<&str> = commands.filter(|command| !command.starts_with("envward ")).collect();
    let origin = sandbox.path("../origin.git");
    let identity = ["GIT_AUTHOR", "GIT_COMMITTER"].map(|who| format!("{who}_NAME=Ada {who}_EMAIL=ada@example.com"));
    let typed = commands.join("\n").replace("URL", origin.to_str().unwrap());
    drop(sandbox.shell(&format!("set -e; export {}\n{typed}", identity.join(" "))).run().code(0));
    // What a host does some day.
    sandbox.git(&["-C", "../origin.git", "gc", "--quiet", "--prune=now"]);
    let report = sandbox.envward(&["scan", "../origin.git", "--format=json"]).code(0).json();
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
    let left = sandbox.git(&["-C", "../origin.git", "for-each-ref", "--format=%(refname)", "refs/notes"]);
    assert_eq!(left, "refs/notes/a/$HOME\nrefs/notes/commits");
    assert_eq!(sandbox.git(&["-C", "../origin.git", "notes", "show", &other]), "looks good");
    assert_eq!(sandbox.git(&["-C", "../origin.git", "notes", "--ref=a/$HOME", "list"]), "");
}

/// The line, and the content, are those of the commit that is named.
#[test]
fn the_first_place_of_a_value_that_came_back() {
    let sandbox = repository();
    let value = value();
    let first = commit(&sandbox, "run.sh", format!("{}{value}\n", "x\n".repeat(9)));
    commit(&sandbox, "run.sh", "x\n".repeat(9));
    commit(&sandbox, "run.sh", format!("{}{value}\n", "x\n".repeat(29)));
    let report = scan(&sandbox, &[], 1);
    let found = the(&report, CHECK, "run.sh");
    assert_eq!((&found["line"], &found["facts"]["commit"]["commit"]), (&json!(10), &json!(first)));
    assert_eq!(found["object"], sandbox.git(&["rev-parse", &format!("{first}:run.sh")]));
}

#[test]
fn advice_for_damage_does_not_say_that_all_is_done() {
    let sandbox = repository();
    sandbox.git(&["gc", "--quiet"]);
    let packs = fs::read_dir(sandbox.path(".git/objects/pack")).unwrap().map(|entry| entry.unwrap().path());
    packs
        .filter(|path| path.extension().is_some_and(|end| end == "idx"))
        .for_each(|path| fs::remove_file(path).unwrap());
    let text = sandbox.envward(&["scan", "--advice"]).code(2).stdout;
    assert!(
        text.contains("not everything could be examined") && !text.contains("to clean up: nothing to do\n"),
        "{text}"
    );
}

#[test]
fn advice_where_there_is_nothing_to_do() {
    let sandbox = repository();
    let text = sandbox.envward(&["scan", "--advice"]).code(0).stdout;
    assert!(text.ends_with("\nto clean up: nothing to do\n"), "{text}");
    for args in
        [&["scan", "--advice", "--format=json"][..], &["scan", "--advice", ".", "."], &["scan", "--advice", "--staged"]]
    {
        drop(sandbox.envward(args).code(2));
    }
}
