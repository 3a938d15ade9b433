//! Completions, in the shells themselves and as a shell asks for them.

use std::time::{Duration, Instant};

use crate::common::fill::{base62, fill};
use crate::common::leak::{Marker, new_leaks};
use crate::common::{Sandbox, skip};

/// A project with keys, services, and an admin key.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\nDEBUG=1\nJWT_SECRET={hex64}\nSMTP_PASSWORD=\n"));
    sandbox.file(
        "compose.yaml",
        0o644,
        "services:\n  api:\n    image: shop\n    env_file: .env\n  worker:\n    image: shop\n",
    );
    sandbox.file("notes.txt", 0o644, "");
    sandbox.mkdir("backend", 0o755);
    sandbox
}

/// What a shell is told of a line, the last word of which is being typed.
fn ask(sandbox: &Sandbox, words: &[&str]) -> Vec<String> {
    let args = [&["--", "envward"], words].concat();
    let index = (words.len()).to_string();
    let run = sandbox.command(&args).env("ENVWARD_COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", &index);
    let output = run.env("_CLAP_IFS", "\n").run().code(0);
    assert_eq!(output.stderr, "", "{words:?}");
    output.stdout.lines().map(str::to_owned).collect()
}

/// The same for names that the project knows: a loaded machine may take longer than anybody waits.
fn ask_until(sandbox: &Sandbox, words: &[&str], name: &str) -> Vec<String> {
    for _ in 0..20 {
        let answer = ask(sandbox, words);
        if answer.iter().any(|one| one == name) {
            return answer;
        }
    }
    panic!("{words:?} never answers {name}: {:?}", ask(sandbox, words));
}

#[test]
fn paths_come_before_options_and_env_files_are_among_them() {
    let sandbox = project();
    let answer = ask(&sandbox, &["check", ""]);
    let at = |name: &str| answer.iter().position(|one| one == name).unwrap_or_else(|| panic!("no {name}: {answer:?}"));
    assert!(at(".env") < at("--fix") && at("backend/") < at("--fix"), "{answer:?}");
    assert!(!answer.iter().any(|one| one == ".git/"), "{answer:?}");
    assert_eq!(ask(&sandbox, &["check", ".e"]), [".env"]);
    assert_eq!(ask(&sandbox, &["scan", "--live", ".e"]), [".env"]);
    assert_eq!(ask(&sandbox, &["check", "--fail-on", "w"]), ["warning"]);
    assert_eq!(ask(&sandbox, &["rotation", "rota"]), ["rotate"]);
}

#[test]
fn names_of_envward_and_of_the_project() {
    let sandbox = project();
    assert_eq!(ask(&sandbox, &["explain", "weak-"]), ["weak-secret"]);
    assert_eq!(ask(&sandbox, &["init", "--template", "p"]), ["production"]);
    assert_eq!(ask(&sandbox, &["man", "rotati"]), ["rotation"]);
    assert_eq!(ask(&sandbox, &["man", "rotation", "prom"]), ["promote"]);
    for verb in ["rotate", "promote", "record", "snooze"] {
        let answer = ask_until(&sandbox, &["rotation", verb, ""], "DB_PASSWORD");
        assert!(answer.contains(&"JWT_SECRET".to_owned()) && !answer.contains(&"DEBUG".to_owned()), "{answer:?}");
    }
    let answer = ask_until(&sandbox, &["generate", "hex", "--into", ".env", "J"], "JWT_SECRET");
    assert_eq!(answer, ["JWT_SECRET"]);
    assert_eq!(ask_until(&sandbox, &["incident", "w"], "worker"), ["worker"]);
    let _ = sandbox.envward(&["key", "new", "--prefix", "shop", "--name", "ops", "--out", "key"]).code(0);
    let list = sandbox.envward(&["key", "list"]).code(0).stdout;
    let id = list.split(' ').next().unwrap().rsplit('_').next().unwrap();
    assert!(ask_until(&sandbox, &["key", "revoke", ""], id).contains(&id.to_owned()));
    let _ = sandbox.envward(&["key", "revoke", id]).code(0);
    assert!(!ask(&sandbox, &["key", "revoke", ""]).contains(&id.to_owned()), "a revoked key is not revoked again");
}

/// Every command, with an empty word behind it, where each name of the project is a secret.
#[test]
fn no_value_is_shown_and_nothing_is_written() {
    let sandbox = project();
    let value = base62("completion", 40);
    let marker = Marker::new(&value);
    sandbox.file(".env", 0o600, format!("API_TOKEN={value}\n{value}={value}\n"));
    let compose = format!("services:\n  {value}:\n    image: shop\n    environment: [API_TOKEN]\n");
    sandbox.file("compose.yaml", 0o644, compose);
    sandbox.file("envward.toml", 0o644, "[project]\nname = \"shop\"\n");
    let before = marker.survey(sandbox.root());
    let lines: [&[&str]; 7] = [
        &["rotation", "rotate", ""],
        &["rotation", "rotate", "A"],
        &["incident", ""],
        &["generate", "hex", "--into", ".env", ""],
        &["key", "revoke", ""],
        &["check", ""],
        &["explain", ""],
    ];
    for words in lines {
        let answer = ask(&sandbox, words).join("\n");
        assert_eq!(marker.find(answer.as_bytes()), None, "{words:?}");
    }
    assert_eq!(new_leaks(&before, &marker.survey(sandbox.root())), [""; 0]);
    assert!(!sandbox.root().join("state").exists(), "a question made a ledger");
}

/// A prompt waits for nothing, and a project that cannot be read says nothing into it.
#[test]
fn a_question_is_answered_soon_and_a_failure_is_silent() {
    let sandbox = project();
    let start = Instant::now();
    let _ = ask(&sandbox, &["rotation", "rotate", ""]);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    sandbox.file("envward.toml", 0o644, "no [ toml");
    let answer = ask(&sandbox, &["incident", ""]);
    assert!(answer.iter().all(|one| one.starts_with('-')), "options alone: {answer:?}");
    assert_eq!(ask(&sandbox, &["nonsense", "--more", "x"]), [""; 0]);
    let unknown = sandbox.command(&["--", "envward", "ch"]).env("ENVWARD_COMPLETE", "tcsh").run().code(0);
    assert_eq!((unknown.stdout.as_str(), unknown.stderr.as_str()), ("", ""));
}

/// The variable alone is no question: a hook that inherits it must still stop a commit.
#[test]
fn the_variable_alone_changes_nothing() {
    let sandbox = project();
    let with = sandbox.command(&["check"]).env("ENVWARD_COMPLETE", "bash").run();
    let without = sandbox.envward(&["check"]);
    assert_eq!((with.code, with.stdout), (without.code, without.stdout));
    assert_eq!(sandbox.envward(&["--", "envward", "ch"]).code(2).stdout, "");
}

/// A shell's own script, with envward on its PATH.
fn in_shell(sandbox: &Sandbox, shell: &str, script: &str) -> Option<String> {
    if sandbox.shell(&format!("command -v {shell}")).run().code != 0 {
        skip(&format!("{shell} is not installed"));
        return None;
    }
    let bin = sandbox.root().join("bin");
    if !bin.exists() {
        std::fs::create_dir(&bin).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_envward"), bin.join("envward")).unwrap();
    }
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let run = sandbox.shell("exec \"$SHELL_ASKED\" -c \"$SCRIPT\"").env("SHELL_ASKED", shell);
    let output = run.env("SCRIPT", script).env("PATH", &path).run().code(0);
    Some(output.stdout)
}

#[test]
fn bash_completes() {
    let sandbox = project();
    let line = |words: &str, at: usize| {
        format!(
            "source <(envward completions bash)\nCOMP_WORDS=({words})\nCOMP_CWORD={at}\n_clap_complete_envward envward \
             \"${{COMP_WORDS[{at}]}}\"\nprintf '%s\\n' \"${{COMPREPLY[@]}}\""
        )
    };
    let Some(answer) = in_shell(&sandbox, "bash", &line("envward ch", 1)) else { return };
    assert_eq!(answer, "check\n");
    let answer = in_shell(&sandbox, "bash", &line("envward explain weak-s", 2));
    assert_eq!(answer.as_deref(), Some("weak-secret\n"));
    let answer = in_shell(&sandbox, "bash", &line("envward check .e", 2));
    assert_eq!(answer.as_deref(), Some(".env\n"));
}

#[test]
fn fish_completes() {
    let sandbox = project();
    let script = "envward completions fish | source; complete --do-complete 'envward explain weak-s'";
    let Some(answer) = in_shell(&sandbox, "fish", script) else { return };
    assert!(answer.starts_with("weak-secret\t"), "{answer}");
}

/// elvish has the module of its editor only in a terminal: another with the same name takes the place of it.
#[test]
fn elvish_completes() {
    let sandbox = project();
    let script = |words: &str| {
        format!(
            "var edit: = (ns [&completion:=(ns [&arg-completer=[&]])])\neval &ns=(ns [&edit:=$edit:]) (envward completions \
             elvish | slurp)\n$edit:completion:arg-completer[envward] envward {words}"
        )
    };
    let Some(answer) = in_shell(&sandbox, "elvish", &script("explain weak-s")) else { return };
    assert_eq!(answer, "weak-secret\n");
    let answer = in_shell(&sandbox, "elvish", &script("init --environment pro"));
    assert_eq!(answer.as_deref(), Some("production\n"));
    let answer = in_shell(&sandbox, "elvish", &script("check .e"));
    assert_eq!(answer.as_deref(), Some(".env\n"));
}

/// zsh's completion needs a terminal: the script is run with stand-ins for what zsh shows.
#[test]
fn zsh_completes() {
    let sandbox = project();
    let script = "compdef() { : }\n_describe() { eval \"printf '%s\\n' \\\"\\${${@[3]}[@]}\\\"\" }\neval \"$(envward completions \
                  zsh)\"\nwords=(envward explain weak-s)\nCURRENT=3\n_clap_dynamic_completer_envward";
    let Some(answer) = in_shell(&sandbox, "zsh", script) else { return };
    assert!(answer.starts_with("weak-secret:"), "{answer}");
    // As a file in fpath, it answers the first question already.
    let script = "compdef() { : }\n_describe() { eval \"printf '%s\\n' \\\"\\${${@[3]}[@]}\\\"\" }\nenvward completions zsh > \
                  _envward\nfpath=(. $fpath)\nautoload -U _envward\nwords=(envward ch)\nCURRENT=2\n_envward";
    let answer = in_shell(&sandbox, "zsh", script).unwrap();
    assert!(answer.starts_with("check:"), "{answer}");
}
