//! `envward doctor`: what works here, and what does not.

use std::fs;

use crate::common::Sandbox;
use crate::common::fill::fill;

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox
}

/// The row of a word, with its mark.
fn row(screen: &str, word: &str) -> String {
    let line = screen.lines().find(|line| line.get(2..).is_some_and(|rest| rest.starts_with(word)));
    line.unwrap_or_else(|| panic!("no {word} in:\n{screen}")).to_owned()
}

#[test]
fn a_new_project_has_nothing_that_is_broken() {
    let sandbox = repository();
    let screen = sandbox.envward(&["doctor"]).code(0).stdout;
    assert!(row(&screen, "envward").contains(env!("CARGO_PKG_VERSION")), "{screen}");
    assert!(row(&screen, "hooks").starts_with("- "), "{screen}");
    assert!(screen.contains("-> envward hook install"), "{screen}");
    assert!(screen.contains("everything that is set up works (- is not set up)"), "{screen}");
    assert!(screen.lines().all(|line| line.chars().count() <= 80), "{screen}");
}

#[test]
fn hooks_that_git_does_not_run() {
    let sandbox = repository();
    drop(sandbox.envward(&["hook", "install"]).code(0));
    let screen = sandbox.envward(&["doctor"]).code(0).stdout;
    assert!(row(&screen, "hooks").starts_with("  hooks       git runs envward"), "{screen}");
    sandbox.git(&["config", "core.hooksPath", "elsewhere"]);
    let screen = sandbox.envward(&["doctor"]).code(1).stdout;
    assert!(row(&screen, "hooks").starts_with("! "), "{screen}");
    let text = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("core.hooksPath names another directory"), "{screen}");
}

/// The program that is asked, the one that a shell starts, and the one that the hooks start.
#[test]
fn another_envward() {
    let sandbox = repository();
    drop(sandbox.envward(&["hook", "install"]).code(0));
    let words = |screen: &str| screen.split_whitespace().collect::<Vec<_>>().join(" ");
    let other = sandbox.root().join("bin/envward");
    fs::create_dir(other.parent().unwrap()).unwrap();
    let path = format!("{}:{}", other.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let doctor = |code| words(&sandbox.command(&["doctor"]).env("PATH", &path).run().code(code).stdout);
    let hook = sandbox.path(".git/hooks/pre-commit");
    let text = fs::read_to_string(&hook).unwrap();
    fs::write(&hook, text.replace(env!("CARGO_BIN_EXE_envward"), other.to_str().unwrap())).unwrap();
    let screen = doctor(1);
    assert!(screen.contains("! hooks they start"), "{screen}");
    assert!(screen.contains("so git stops every commit -> envward hook install"), "{screen}");
    fs::copy(env!("CARGO_BIN_EXE_envward"), &other).unwrap();
    let screen = doctor(0);
    assert!(screen.contains("`envward` starts another program:"), "{screen}");
    assert!(screen.contains("they start another program:"), "{screen}");
    let _ = sandbox.envward(&["hook", "install"]).code(0);
    assert!(!doctor(0).contains("they start another program:"));
    // A link to this program is this program.
    fs::remove_file(&other).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_envward"), &other).unwrap();
    assert!(!doctor(0).contains("another program"));
}

#[test]
fn the_ledger_and_its_directory() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let screen = sandbox.envward(&["doctor"]).code(0).stdout;
    assert!(row(&screen, "ledger").starts_with("- "), "{screen}");
    assert!(screen.contains("-> record today's secrets: envward rotation status"), "{screen}");
    drop(sandbox.envward(&["rotation", "status"]));
    let screen = sandbox.envward(&["doctor"]).code(0).stdout;
    assert!(row(&screen, "ledger").contains("knows 1 secret of this project, last examined on"), "{screen}");
    let off = sandbox.command(&["doctor"]).env("ENVWARD_STATE_DIR", "/dev/null").run().code(0).stdout;
    assert!(row(&off, "ledger").contains("switched off"), "{off}");
    let open = sandbox.path("open");
    sandbox.mkdir("open", 0o755);
    let open = sandbox.command(&["doctor"]).env("ENVWARD_STATE_DIR", open.to_str().unwrap()).run().code(1).stdout;
    assert!(row(&open, "state").starts_with("! "), "{open}");
}

/// Nothing could be recorded there, and nothing was yet.
#[test]
fn a_state_directory_that_cannot_be_made() {
    let sandbox = repository();
    sandbox.file("file", 0o600, "");
    let dir = sandbox.path("file/state");
    let screen = sandbox.command(&["doctor"]).env("ENVWARD_STATE_DIR", dir.to_str().unwrap()).run().code(1).stdout;
    assert!(row(&screen, "state").starts_with("! "), "{screen}");
    let text = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("is another kind of file than envward makes"), "{screen}");
}

#[test]
fn a_reminder_that_is_not_enabled() {
    let sandbox = repository();
    let units = sandbox.path("config/systemd/user");
    fs::create_dir_all(units.join("timers.target.wants")).unwrap();
    fs::write(units.join("envward-rotation.timer"), "").unwrap();
    let config = sandbox.path("config");
    let doctor =
        |code| sandbox.command(&["doctor"]).env("XDG_CONFIG_HOME", config.to_str().unwrap()).run().code(code).stdout;
    let screen = doctor(1);
    assert!(row(&screen, "reminder").starts_with("! "), "{screen}");
    assert!(screen.contains("-> systemctl --user enable --now envward-rotation.timer"), "{screen}");
    let link = units.join("timers.target.wants/envward-rotation.timer");
    std::os::unix::fs::symlink(units.join("envward-rotation.timer"), link).unwrap();
    assert!(row(&doctor(0), "reminder").starts_with("  "));
}

#[test]
fn a_configuration_that_is_wrong_and_readers() {
    let sandbox = repository();
    sandbox.file("compose.yaml", 0o644, "services: {}\n");
    sandbox.file(".env", 0o600, "A=1\n");
    let screen = sandbox.envward(&["doctor"]).code(0).stdout;
    assert!(row(&screen, "readers").ends_with(".env: compose"), "{screen}");
    sandbox.file("compose.yaml", 0o644, "services: [}\n");
    let screen = sandbox.envward(&["doctor"]).code(1).stdout;
    assert!(row(&screen, "compose").starts_with("! "), "{screen}");
    assert!(screen.contains("-> find out what is wrong: docker compose config"), "{screen}");
    sandbox.file("envward.toml", 0o644, "nonsense\n");
    let screen = sandbox.envward(&["doctor"]).code(2).stdout;
    assert!(row(&screen, "project").starts_with("? "), "{screen}");
    assert!(screen.contains("? could not be examined"), "{screen}");
}
