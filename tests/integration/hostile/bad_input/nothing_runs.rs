//! Nothing of a repository runs.

use super::*;

#[test]
fn no_command_of_the_configuration_runs() {
    // A split index is read by git itself.
    for split in [false, true] {
        let sandbox = repository();
        sandbox.file(".gitattributes", 0o644, "* filter=trap diff=trap merge=trap\n");
        sandbox.file("envward.toml", 0o644, "");
        if split {
            split_the_index(&sandbox);
        }
        // A missing object, which a partial clone would fetch.
        let (_, path) = object(&sandbox, "HEAD~2:.env");
        fs::remove_file(sandbox.path(path)).unwrap();
        let marker = sandbox.root().join("tmp/ran");
        set_traps(&sandbox, &marker);
        for args in [
            &["status"][..],
            &["check"],
            &["check", "--fix"],
            &["scan"],
            &["scan", "--staged"],
            &["hook", "run", "pre-commit"],
            &["hook", "status"],
        ] {
            let output = sandbox.envward(args);
            assert!(!marker.exists(), "{args:?} (split: {split}) ran {}", fs::read_to_string(&marker).unwrap());
            assert!(!output.stdout.contains("did not answer"), "{output:?}");
        }
        // git itself runs them: the traps work.
        let _ = sandbox.git_command("", &["status"]).run();
        assert!(marker.exists());
    }
}

/// Makes every setting that names a command name one that leaves a mark.
fn set_traps(sandbox: &Sandbox, marker: &Path) {
    sandbox.file("trap", 0o755, format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\n", marker.display()));
    for hook in ["pre-commit", "post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"] {
        sandbox.link(format!("traps/{hook}"), "../trap");
    }
    let trap = sandbox.path("trap").to_str().unwrap().to_owned();
    let config = format!(
        "[core]\n\trepositoryformatversion = 0\n\tfsmonitor = {trap}\n\thooksPath = {traps}\n\tpager = {trap}\n\
         \teditor = {trap}\n\tsshCommand = {trap}\n\taskPass = {trap}\n\tgitProxy = {trap}\n\
         \talternateRefsCommand = {trap}\n\
         [credential]\n\thelper = !{trap}\n\
         [diff]\n\texternal = {trap}\n[diff \"trap\"]\n\tcommand = {trap}\n\ttextconv = {trap}\n\
         [filter \"trap\"]\n\tclean = {trap}\n\tsmudge = {trap}\n\tprocess = {trap}\n\trequired = true\n\
         [merge \"trap\"]\n\tdriver = {trap}\n\
         [gpg]\n\tprogram = {trap}\n[log]\n\tshowSignature = true\n\
         [alias]\n\tls-files = !{trap}\n\trev-list = !{trap}\n\
         [protocol \"ext\"]\n\tallow = always\n\
         [remote \"origin\"]\n\turl = ext::{trap}\n\tuploadpack = {trap}\n\tpromisor = true\n\
         \tpartialclonefilter = blob:none\n",
        traps = sandbox.path("traps").display()
    );
    sandbox.file(".git/config", 0o644, config);
}

fn split_the_index(sandbox: &Sandbox) {
    let safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];
    sandbox.git(&[&safe[..], &["update-index", "--split-index"]].concat());
}

#[test]
fn a_split_index_is_examined() {
    let sandbox = project(&[Git("init"), File(".env", 0o600, GOOD), Git("add -f .env"), Git("commit -qm add")]);
    split_the_index(&sandbox);
    sandbox.file("prod.env", 0o600, fill("JWT_SECRET={hex64}\n"));
    sandbox.git(&["add", "-f", "prod.env"]);
    let report = report(&sandbox, &["scan", "--staged"], 1);
    assert_eq!(findings(&report), ["error env-file-staged prod.env", "note env-file-tracked .env"]);
    assert_eq!(problems(&report), NONE);
}

#[test]
fn a_split_index_is_read_without_git() {
    let sandbox = project(&[Git("init"), File(".env", 0o600, GOOD), Git("add -f .env"), Git("commit -qm add")]);
    split_the_index(&sandbox);
    let run = sandbox.command(&["scan", "--format=json"]).env("PATH", "/nowhere").run().code(1);
    assert_eq!(problems(&run.json()), NONE);
    the(&run.json(), "env-file-tracked", ".env");
    the(&run.json(), "env-file-in-history", ".env");
}

#[test]
fn permissions_of_the_place_are_put_back() {
    // A read-only project is examined all the same; what cannot be mended is said.
    let sandbox = project(&[Git("init"), File(".env", 0o600, GOOD)]);
    fs::set_permissions(sandbox.path(""), Permissions::from_mode(0o555)).unwrap();
    let Some(run) = sandbox.command_bound_by_modes(&["check", "--fix"]) else {
        return crate::common::skip("root writes everywhere, and cannot give that up here");
    };
    let output = run.run().code(1);
    assert!(output.stdout.starts_with("not fixed  .gitignore: "), "{}", output.stdout);
    fs::set_permissions(sandbox.path(""), Permissions::from_mode(0o755)).unwrap();
}

/// A mistake on the command line that the parser finds.
#[test]
fn a_hint_names_the_verb_that_was_meant() {
    let sandbox = repository();
    let lines: [(&[&str], &str); 6] = [
        (&["check", "--nonsense-that-is-long"], "check"),
        (&["check", ".", "."], "check"),
        (&["init", "--template"], "init"),
        (&["key", "verify", "pasted"], "key verify"),
        (&["hook", "install", "--nonsense-that-is-long"], "hook install"),
        (&["generate", "hex", "--nonsense-that-is-long"], "generate hex"),
    ];
    for (args, verb) in lines {
        let stderr = sandbox.envward(args).code(2).stderr;
        assert!(stderr.contains(&format!("hint: see `envward {verb} --help`\n")), "{args:?}: {stderr}");
        let words: Vec<&str> = verb.split(' ').chain(["--help"]).collect();
        assert!(sandbox.envward(&words).code(0).stdout.contains(&format!("Usage: envward {verb}")));
    }
    let report = sandbox.envward(&["scan", "--nonsense-that-is-long", "--format=json"]).code(2).json();
    assert_eq!(report["problems"][0]["help"], "see `envward scan --help`");
    let stderr = sandbox.envward(&["nonsense-that-is-long"]).code(2).stderr;
    assert!(stderr.contains("hint: `envward help` lists all commands"), "{stderr}");
}

/// What has more keys than any honest file ends soon, and not as clean.
#[test]
fn an_env_file_with_too_many_keys() {
    for (count, code) in [(4096, 0), (4097, 2)] {
        let sandbox = Sandbox::new();
        let text: String = (0..count).map(|number| format!("K{number}={number}\n")).collect();
        sandbox.file(".env", 0o600, text);
        let output = sandbox.envward(&["check"]).code(code);
        assert_eq!(output.stdout.contains(".env is too large for envward"), code == 2, "{}", output.stdout);
    }
}
