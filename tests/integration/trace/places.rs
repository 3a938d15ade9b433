//! Which places are searched.

use super::*;

#[test]
fn the_project_with_all_that_others_leave_out() {
    let sandbox = project();
    sandbox.git(&["init"]);
    sandbox.file(".gitignore", 0o644, "*.log\ntmp/\n.env\n");
    let found = [
        "debug.log",
        "dist/app.js",
        "node_modules/a/index.js",
        "target/debug/x",
        "tmp/notes",
        "vendor/b/.env.bak.d/deep/er/x",
    ];
    for path in found {
        sandbox.file(path, 0o600, format!("one\ntwo {}\n", value()));
    }
    // What git has is `scan`'s.
    sandbox.file(".git/description", 0o644, value());
    sandbox.file("sub/.git/config", 0o644, value());
    let report = trace(&sandbox, &[], 1);
    assert_eq!(paths(&sandbox, &report), found);
    let first = listed::the(&report, ON_DISK, "debug.log");
    assert_eq!((&first["line"], &first["key"], &first["origin"]), (&2.into(), &"DB_PASSWORD".into(), &"disk".into()));
    assert_eq!(first["facts"]["offset"], 8);
}

/// The env file of the main work tree has the values, and is no finding itself.
#[test]
fn in_a_linked_work_tree_the_values_of_the_main_one() {
    let sandbox = project();
    sandbox.git(&["init"]);
    sandbox.file("README", 0o644, "hello\n");
    sandbox.git(&["add", "README"]);
    sandbox.git(&["commit", "-qm", "start"]);
    sandbox.git(&["worktree", "add", "-q", "linked"]);
    sandbox.file("linked/debug.log", 0o600, value());
    let linked = sandbox.path("linked");
    let report = trace(&sandbox, &["--project", linked.to_str().unwrap()], 1);
    assert_eq!(paths(&sandbox, &report), ["debug.log"]);
    let first = listed::the(&report, ON_DISK, "debug.log");
    assert_eq!((&first["key"], &first["facts"]["in_use"]), (&"DB_PASSWORD".into(), &"../.env".into()));
}

#[test]
fn the_places_of_the_user() {
    let sandbox = project();
    let found = [
        "home/.aider.chat.history.md",
        "home/.bash_history",
        "home/.cache/pip/x",
        "home/.claude/projects/p/s.jsonl",
        "home/.codex/history.jsonl",
        "home/.config/rclone/rclone.conf",
        "home/.docker/config.json",
        "home/.lesshst",
        "home/.local/share/Trash/files/dump.sql",
        "home/.local/share/fish/fish_history",
        "home/.local/share/opencode/log/opencode.log",
        "home/.local/state/nvim/undo/x",
        "home/.mysql_history",
        "home/.node_repl_history",
        "home/.psql_history",
        "home/.python_history",
        "home/.rediscli_history",
        "home/.ssh/config",
        "home/.viminfo",
        "home/.zsh_history",
        "home/Downloads/dump.sql",
    ];
    for path in found {
        outside(&sandbox, path, value());
    }
    // Neither the user's own documents nor what is another user's.
    outside(&sandbox, "home/documents/x", value());
    outside(&sandbox, "other/.bash_history", value());
    let report = trace(&sandbox, &[], 1);
    assert_eq!(paths(&sandbox, &report), found);
    let root = sandbox.root().display();
    for (path, place) in
        [(".bash_history", "history"), (".claude/projects/p/s.jsonl", "agent"), (".ssh/config", "login")]
    {
        let one = listed::the(&report, ON_DISK, &format!("{root}/home/{path}"));
        assert_eq!(one["facts"]["place"], place, "{path}");
    }
}

#[test]
fn a_path_is_searched_alone() {
    let sandbox = project();
    sandbox.file("a.txt", 0o600, value());
    outside(&sandbox, "home/.bash_history", value());
    outside(&sandbox, "other/x/y", value());
    outside(&sandbox, "other/z", value());
    let other = sandbox.root().join("other");
    let report = trace(&sandbox, &[other.to_str().unwrap()], 1);
    assert_eq!(paths(&sandbox, &report), ["other/x/y", "other/z"]);
    let file = other.join("z");
    assert_eq!(paths(&sandbox, &trace(&sandbox, &[file.to_str().unwrap()], 1)), ["other/z"]);
    // A link that somebody names is followed; one in a folder is not.
    std::os::unix::fs::symlink(&other, sandbox.path("link")).unwrap();
    assert_eq!(paths(&sandbox, &trace(&sandbox, &["link"], 1)), ["other/x/y", "other/z"]);
    assert_eq!(paths(&sandbox, &trace(&sandbox, &["."], 1)), ["a.txt"]);
    assert_eq!(listed::problems(&trace(&sandbox, &["nowhere"], 2)), ["no-such-path"]);
}

#[test]
fn the_files_that_have_the_secrets_rightly_are_none() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.file("backend/.env", 0o600, fill("DB_PASSWORD={password}\nTOKEN={token}\n"));
    sandbox.file("secrets/db", 0o600, fill("{password2}\n"));
    sandbox.file(
        "compose.yaml",
        0o644,
        "services:\n  a:\n    image: a:1.0\n    secrets: [db]\nsecrets:\n  db:\n    file: secrets/db\n",
    );
    outside(&sandbox, "etc/prod.env", fill("API_TOKEN={token3}\n"));
    let live = sandbox.root().join("etc/prod.env");
    assert_eq!(listed::findings(&trace(&sandbox, &["--live", live.to_str().unwrap()], 0)), NONE);
    // A copy is another place; each value counts, those of --live too.
    sandbox.file("copy.txt", 0o600, fill("{token}\n{password2}\n{token3}\n"));
    let report = trace(&sandbox, &["--live", live.to_str().unwrap()], 1);
    let mut keys: Vec<&str> =
        report["findings"].as_array().unwrap().iter().filter_map(|one| one["key"].as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["API_TOKEN", "TOKEN", "db"]);
}

#[test]
fn another_project_than_that_of_the_current_directory() {
    let sandbox = project();
    outside(&sandbox, "shop/.env", fill("API_TOKEN={token}\n"));
    outside(&sandbox, "shop/notes", fill("{token}\n"));
    outside(&sandbox, "home/.bash_history", fill("{token}\n{password}\n"));
    let shop = sandbox.root().join("shop");
    let report = trace(&sandbox, &["--project", shop.to_str().unwrap()], 1);
    let root = sandbox.root().display();
    let expected = [
        "critical live-value-on-disk notes API_TOKEN".to_owned(),
        format!("critical live-value-on-disk {root}/home/.bash_history API_TOKEN"),
    ];
    let mut found: Vec<String> = listed::findings(&report)
        .into_iter()
        .map(|line| line.replacen(line.split(' ').next().unwrap(), "critical", 1))
        .collect();
    found.sort_by_key(|line| line.contains("history"));
    assert_eq!(found, expected);
}

#[test]
fn names_that_contain_a_value() {
    let sandbox = project();
    sandbox.file(format!("dump-{}.txt", value()), 0o600, "");
    sandbox.file(format!("dir-{}/x", value()), 0o600, "");
    let report = trace(&sandbox, &[], 1);
    let parts: Vec<&Value> = report["findings"].as_array().unwrap().iter().map(|one| &one["facts"]["part"]).collect();
    assert_eq!(parts, ["name", "name"]);
    assert_eq!(paths(&sandbox, &report), ["dir-[masked]", "dump-[masked].txt"]);
}

#[test]
fn nothing_to_search_for_is_no_clean_answer() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, "DB_PASSWORD=postgres\nPORT=3000\n");
    sandbox.file("README", 0o644, "postgres 3000\n");
    let report = trace(&sandbox, &[], 2);
    assert_eq!(listed::problems(&report), ["nothing-sought"]);
    assert_eq!(report["examined"]["files"], 0);
}

/// docs/trace.md lists every place.
#[test]
fn the_page_lists_every_place() {
    let page = crate::common::own_file("docs/trace.md");
    for (name, _) in envward::trace::OF_HOME {
        assert!(page.contains(&format!("`~/{name}`")), "~/{name} is missing in docs/trace.md");
    }
    for (path, _) in envward::trace::OF_HOST {
        assert!(page.contains(&format!("`{path}`")), "{path} is missing in docs/trace.md");
    }
}
