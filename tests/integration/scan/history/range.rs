//! Some of the commits.

use super::*;

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

/// What docs/hooks.md says to type before a pull.
#[test]
fn before_a_pull_that_replaces_an_env_file() {
    let sandbox = repository();
    sandbox.git(&["checkout", "-qb", "upstream"]);
    commit(&sandbox, ".env", "DB_PASSWORD={password2}\n");
    sandbox.git(&["checkout", "-q", "main"]);
    sandbox.git(&["branch", "-q", "--set-upstream-to=upstream"]);
    sandbox.file(".env", 0o600, fill(GOOD));
    let report = scan(&sandbox, &["--range", "HEAD..@{u}"], 1);
    assert!(findings(&report).contains(&"warning env-file-upstream .env".to_owned()), "{:?}", findings(&report));
}
