//! What envward says to do next, done: it works as it is typed, wherever one stands, and nothing that is said is untrue.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};

use crate::common::fill::fill;
use crate::common::{Sandbox, skip_without_root};
use serde_json::Value;

const DEPLOY: u32 = 1234;

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.path(path)).unwrap()
}

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox
}

fn commit(sandbox: &Sandbox) {
    sandbox.git(&["add", "--all"]);
    sandbox.git(&["commit", "--quiet", "--message", "x"]);
}

/// What is to be done about each finding of a check, and its key.
fn helps(sandbox: &Sandbox, args: &[&str], check: &str) -> Vec<(String, String)> {
    let report = sandbox.envward(&[args, &["--format=json"]].concat()).json();
    let found = report["findings"].as_array().unwrap().iter().filter(|finding| finding["check"] == check);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    found.map(|finding| (text(&finding["key"]), text(&finding["help"]))).collect()
}

/// The command in a line, typed.
fn obey(sandbox: &Sandbox, dir: &str, help: &str, stdin: &str) -> String {
    let at = help.find("git rm ").or_else(|| help.find("envward ")).unwrap_or_else(|| panic!("{help}"));
    let end = help.find(" adds ").unwrap_or(help.len());
    let line = help[at..end].replace("envward ", &format!("{} ", env!("CARGO_BIN_EXE_envward")));
    sandbox.shell(&line).dir(dir).stdin(stdin).run().stdout
}

/// A secret that was committed: its key, its env file, and how the command ends.
#[test]
fn what_leaked_and_is_in_use_is_replaced_by_the_command_that_is_named() {
    let cases = [
        ("DB_PASSWORD", "{password}", "api v2/.env", "DB_PASSWORD 'api v2/.env'"),
        ("SESSION_SECRET", "{hex64}", "web.env", "SESSION_SECRET web.env"),
        ("STRIPE_SECRET_KEY", "{token}", ".env.production", "STRIPE_SECRET_KEY .env.production --stdin"),
    ];
    for (key, value, file, ends) in cases {
        let sandbox = repository();
        sandbox.file(file, 0o600, fill(&format!("HOST=db\n{key}={value}\n")));
        commit(&sandbox);
        let found = helps(&sandbox, &["check"], "secret-still-live");
        assert_eq!(found, [(key.to_owned(), format!("replace the secret now: envward rotation rotate {ends}"))]);
        let said = obey(&sandbox, "", &found[0].1, &fill("{token-new}"));
        assert!(said.contains("a new value waits") || said.contains("waits"), "{said}");
    }
}

/// A value that a rotation keeps: the check that speaks of it, and what it was.
#[test]
fn a_value_that_is_kept_for_a_while_is_not_to_be_made_anew() {
    let cases = [
        ("SESSION_SECRET", "hunter2hunter2", "weak-secret"),
        ("JWT_SECRET", "{hex32}", "short-secret"),
        ("ENCRYPTION_KEY", "{hex32}", "secret-still-live"),
    ];
    for (key, value, check) in cases {
        let sandbox = repository();
        let text = fill(&format!("NODE_ENV=production\n{key}={value}\n{key}_PREVIOUS={value}\n"));
        sandbox.file(
            ".env",
            0o600,
            text.replace(&format!("{key}={}", fill(value)), &fill(&format!("{key}={{hex64-new}}"))),
        );
        if check == "secret-still-live" {
            commit(&sandbox);
        }
        let found = helps(&sandbox, &["check"], check);
        let help = &found.iter().find(|(found, _)| *found == format!("{key}_PREVIOUS")).unwrap().1;
        assert!(help.ends_with(&format!("envward rotation promote {key} .env --confirm")), "{help}");
    }
    // A key that only has such a name is one by itself.
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, "NODE_ENV=production\nAPP_SECRET_PREVIOUS=hunter2hunter2\n");
    assert!(helps(&sandbox, &["check"], "weak-secret")[0].1.contains("envward rotation rotate"));
}

/// An env file in the index: where it is, where one stands, and what the ignore file has so far.
#[test]
fn the_line_of_an_ignore_file_holds_wherever_it_is_typed() {
    let cases = [
        ("config/.env", "config", "node_modules"),
        (".env", "deep", "dist\r\n*.log"),
        ("[x]/*.env", "", "!keep"),
        ("a b/.env", "deep", "# nothing yet"),
    ];
    for (file, dir, rules) in cases {
        let sandbox = repository();
        sandbox.mkdir("deep", 0o755);
        sandbox.file(".gitignore", 0o644, rules);
        sandbox.file(file, 0o600, fill("DB_PASSWORD={password}\n"));
        sandbox.git(&["add", "--force", "--", &format!(":(literal){file}"), ".gitignore"]);
        let found = helps(&sandbox, &["scan", "--staged"], "env-file-staged");
        drop(obey(&sandbox, dir, &found[0].1, ""));
        assert_eq!(sandbox.git(&["ls-files"]), ".gitignore", "{file}");
        assert_eq!(sandbox.git(&["ls-files", "--others", "--exclude-standard"]), "", "{file}");
        assert!(read(&sandbox, ".gitignore").starts_with(&format!("{rules}\n")), "{file}");
        assert_eq!(helps(&sandbox, &["check"], "env-file-not-ignored"), []);
    }
}

#[test]
fn an_untracked_env_file_and_a_build_context_get_their_lines_the_same_way() {
    let sandbox = repository();
    for (file, text) in [("Dockerfile", "FROM scratch\nCOPY . .\n"), (".dockerignore", ".git"), (".gitignore", "dist")]
    {
        sandbox.file(file, 0o644, text);
    }
    sandbox.mkdir("deep", 0o755);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let image = helps(&sandbox, &["preflight"], "secret-file-in-image");
    assert_eq!(image[0].1, "printf '\\n%s\\n' .env >> .dockerignore");
    for check in ["env-file-not-ignored", "env-file-in-build-context"] {
        assert!(helps(&sandbox, &["check"], check)[0].1.ends_with(": envward check --fix"));
    }
    drop(obey(&sandbox, "deep", "envward check --fix", ""));
    assert_eq!(
        (read(&sandbox, ".gitignore"), read(&sandbox, ".dockerignore")),
        ("dist\n/.env\n".into(), ".git\n.env\n".into())
    );
    // A name that no line can hold is covered by one with a `?` in its place.
    sandbox.file("a\nb.env", 0o600, fill("DB_PASSWORD={password}\n"));
    drop(obey(&sandbox, "", "envward check --fix", ""));
    assert_eq!(helps(&sandbox, &["check"], "env-file-not-ignored"), []);
}

/// Which templates are there, and whether `init` makes the file of them.
#[test]
fn a_missing_env_file_is_made_from_its_own_example_alone() {
    let cases =
        [(&[][..], false), (&[".env.example"], false), (&["web.env.example"], false), (&["app.env.sample"], true)];
    for (templates, is_made) in cases {
        let sandbox = repository();
        sandbox.file("compose.yaml", 0o644, "services:\n  app:\n    image: app:1.0.0\n    env_file: app.env\n");
        templates.iter().for_each(|name| sandbox.file(name, 0o644, "DB_PASSWORD=\n"));
        let found = helps(&sandbox, &["preflight"], "env-file-missing");
        assert_eq!(found[0].1.contains("envward init"), is_made, "{templates:?}: {found:?}");
        if is_made {
            drop(obey(&sandbox, "", &found[0].1, ""));
            assert_eq!(helps(&sandbox, &["preflight"], "env-file-missing"), []);
        }
    }
}

/// The commands that clone are typed; then git sees nothing new, and one stands in the project again.
#[test]
fn a_clone_with_every_secret_lies_outside_of_the_project() {
    for what in ["a file", "a text", "a note"] {
        let sandbox = repository();
        sandbox.file("README", 0o644, "hello\n");
        commit(&sandbox);
        sandbox.git(&["clone", "--quiet", "--bare", ".", "../origin.git"]);
        let text = fill("DB_PASSWORD={password}\n");
        let (file, text) = if what == "a text" { ("deploy.sh", text.as_str()) } else { (".env", text.as_str()) };
        sandbox.file(file, 0o600, text);
        match what {
            "a note" => {
                sandbox.git(&["notes", "add", "--file", ".env"]);
                std::fs::remove_file(sandbox.path(".env")).unwrap();
            }
            _ => {
                commit(&sandbox);
                sandbox.git(&["rm", "--quiet", "--cached", file]);
                sandbox.git(&["commit", "--quiet", "--message", "out"]);
                std::fs::rename(sandbox.path(file), sandbox.path(".env")).unwrap();
            }
        }
        sandbox.file(".gitignore", 0o644, ".env\n.gitignore\n");
        let before = sandbox.git(&["status", "--porcelain"]);
        let advice = sandbox.envward(&["scan", "--advice"]).code(1).stdout;
        let commands = advice.lines().filter_map(|line| line.trim_start().strip_prefix("$ "));
        let moves = commands.filter(|line| line.starts_with("cd ") || line.starts_with("git clone "));
        let moves: Vec<String> =
            moves.map(|line| line.replace("URL", &sandbox.root().join("origin.git").display().to_string())).collect();
        assert_eq!(moves.len(), 3, "{what}: {advice}");
        let line =
            format!("set -e; {}; {}; git rev-parse --is-bare-repository; {} >&2; pwd", moves[0], moves[1], moves[2]);
        let said = sandbox.shell(&line).run().code(0).stdout;
        assert_eq!(said, format!("true\n{}\n", sandbox.path("").display().to_string().trim_end_matches('/')));
        assert_eq!(sandbox.git(&["status", "--porcelain"]), before, "{what}");
    }
}

/// Gives all of the project to one user.
fn give(sandbox: &Sandbox, uid: u32) {
    for entry in walkdir::WalkDir::new(sandbox.path("")) {
        chown(entry.unwrap().path(), Some(uid), Some(uid)).unwrap();
    }
}

fn owners(sandbox: &Sandbox) -> Vec<(String, u32)> {
    let all = walkdir::WalkDir::new(sandbox.path("")).sort_by_file_name().into_iter();
    let all = all.filter_entry(|entry| entry.file_name() != ".git").map(Result::unwrap);
    let files = all.filter(|entry| entry.file_type().is_file());
    files.map(|file| (file.file_name().to_string_lossy().into_owned(), file.metadata().unwrap().uid())).collect()
}

fn trusted(sandbox: &Sandbox) {
    fs::write(sandbox.root().join("home/.gitconfig"), "[safe]\n\tdirectory = *\n").unwrap();
}

fn as_root(sandbox: &Sandbox, args: &[&str], code: i32) -> String {
    let config = sandbox.root().join("home/.gitconfig");
    let output = sandbox.command(args).env("GIT_CONFIG_GLOBAL", config.to_str().unwrap()).run().code(code);
    output.stdout
}

#[test]
fn what_root_makes_in_the_project_of_another_user_is_that_users() {
    if !crate::common::own_uid_is_root() {
        skip_without_root("a file given to another user");
        return;
    }
    let files = || {
        let sandbox = repository();
        sandbox.file(".env.example", 0o644, "DB_PASSWORD=\n");
        sandbox.file("api/.env.example", 0o644, "JWT_SECRET=\n");
        sandbox.file("api/Dockerfile", 0o644, "FROM scratch\nCOPY . .\n");
        trusted(&sandbox);
        sandbox
    };
    // His project; one of root's; one that has an ignore file of a third one's.
    for (before, expected) in
        [(Some(DEPLOY), vec![]), (None, vec!["Dockerfile", ".env.example"]), (Some(DEPLOY), vec![".gitignore"])]
    {
        let sandbox = files();
        before.into_iter().for_each(|uid| give(&sandbox, uid));
        if expected == [".gitignore"] {
            sandbox.file(".gitignore", 0o644, "dist");
            chown(sandbox.path(".gitignore"), Some(77), Some(77)).unwrap();
        }
        let said = as_root(&sandbox, &["init", "--owner", "1234:1234"], 0);
        assert!(!said.contains("belong to root"), "{said}");
        let others = owners(&sandbox).into_iter().filter(|(_, uid)| *uid != DEPLOY);
        assert!(others.clone().all(|(name, _)| expected.contains(&name.as_str())), "{:?}", owners(&sandbox));
    }
    // `check --fix` asks for no owner: a new ignore file is its directory's.
    let sandbox = files();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    give(&sandbox, DEPLOY);
    drop(as_root(&sandbox, &["check", "--fix", "--exit-zero"], 0));
    assert!(owners(&sandbox).contains(&(".gitignore".into(), DEPLOY)), "{:?}", owners(&sandbox));
}

#[test]
fn a_repository_that_git_does_not_trust_gets_the_lines_and_is_not_called_clean() {
    if !crate::common::own_uid_is_root() {
        skip_without_root("a file given to another user");
        return;
    }
    for (dir, rules, expected) in
        [("", None, "/.env\n"), ("api", Some("dist"), "dist\n/api/.env\n"), ("", Some(".env"), ".env")]
    {
        let sandbox = repository();
        sandbox.file(std::path::Path::new(dir).join(".env.example"), 0o644, "DB_PASSWORD=\n");
        rules.into_iter().for_each(|rules| sandbox.file(".gitignore", 0o644, rules));
        give(&sandbox, DEPLOY);
        let said = as_root(&sandbox, &["init", "--owner", "1234:1234"], 2);
        assert!(said.contains("git could not be asked") && said.contains("safe.directory"), "{said}");
        assert_eq!(read(&sandbox, ".gitignore"), expected);
        assert!(owners(&sandbox).iter().all(|(_, uid)| *uid == DEPLOY), "{:?}", owners(&sandbox));
    }
}

/// A line of an env file, and the same with a value: init, generate and a rotation keep what stands behind it.
#[test]
fn a_comment_behind_a_value_stays() {
    let lines = [
        ("JWT_SECRET", "JWT_SECRET= # signs", "JWT_SECRET=@ # signs"),
        ("DB_PASSWORD", "export DB_PASSWORD=changeme   # the database's", "export DB_PASSWORD=@   # the database's"),
        ("ENCRYPTION_KEY", "ENCRYPTION_KEY=\"\"  # 32 bytes", "ENCRYPTION_KEY=\"@\"  # 32 bytes"),
        ("SESSION_SECRET", "SESSION_SECRET='' # it's for cookies", "SESSION_SECRET='@' # it's for cookies"),
    ];
    let hidden = |text: &str| -> String {
        let long = |word: &str| word.len() >= 40;
        let words = text.split_inclusive(|character: char| !character.is_ascii_alphanumeric());
        words.map(|word| if long(word) { format!("@{}", &word[word.len() - 1..]) } else { word.to_owned() }).collect()
    };
    for (key, before, after) in lines {
        for how in ["init", "generate", "promote"] {
            let sandbox = repository();
            sandbox.file(".env.example", 0o644, format!("{before}\n"));
            match how {
                "init" => drop(sandbox.envward(&["init"]).code(0)),
                _ => {
                    sandbox.file(".env", 0o600, format!("{before}\n"));
                    drop(sandbox.envward(&["generate", "hex", "--bytes", "32", "--into", ".env", key]).code(0));
                }
            }
            let first = read(&sandbox, ".env");
            if how == "promote" {
                drop(sandbox.envward(&["rotation", "rotate", key, ".env"]).code(0));
                drop(sandbox.envward(&["rotation", "promote", key, ".env"]).code(0));
                assert_ne!(first, read(&sandbox, ".env"));
            }
            let text = read(&sandbox, ".env");
            assert_eq!(hidden(text.split_inclusive('\n').next().unwrap()), format!("{after}\n"), "{how}");
        }
    }
}
