//! `envward status`: what is worst, and what to type next.

use crate::common::Sandbox;
use crate::common::fill::fill;

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".gitignore", 0o644, ".env*\n!.env.example\n");
    sandbox
}

fn commit(sandbox: &Sandbox) {
    sandbox.git(&["add", "--all"]);
    sandbox.git(&["commit", "--quiet", "--message", "x"]);
}

fn leaked(text: &str) -> Sandbox {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill(text));
    sandbox.git(&["add", "--force", ".env"]);
    commit(&sandbox);
    sandbox.git(&["rm", "--quiet", "--cached", ".env"]);
    commit(&sandbox);
    sandbox
}

/// The commands of the screen, in their order.
fn commands(sandbox: &Sandbox, args: &[&str], code: i32) -> Vec<String> {
    let screen = sandbox.envward(&[&["status"], args].concat()).code(code).stdout;
    let lines = screen.lines().filter_map(|line| line.trim_start().split_once(". envward "));
    lines.map(|(_, rest)| rest.to_owned()).collect()
}

fn line(sandbox: &Sandbox, args: &[&str], word: &str) -> String {
    let screen = sandbox.envward(&[&["status"], args].concat()).stdout;
    let line = screen.lines().find(|line| line.starts_with(word)).unwrap_or_else(|| panic!("no {word} in:\n{screen}"));
    line[word.len()..].trim().to_owned()
}

#[test]
fn a_leaked_secret_comes_first() {
    let sandbox = leaked("DB_PASSWORD={password}\nJWT_SECRET={hex64}\n");
    let next = commands(&sandbox, &[], 1);
    assert_eq!(next, ["rotation rotate DB_PASSWORD .env", "scan --advice", "hook install"]);
    assert!(line(&sandbox, &[], "worst").starts_with("DB_PASSWORD and JWT_SECRET of .env"));
}

/// The URL contains the password of the other key: one command replaces both, here, in the report and in the advice.
#[test]
fn a_url_is_replaced_with_its_password() {
    let sandbox = leaked("DATABASE_URL=postgres://app:{password}@db:5432/app\nPOSTGRES_PASSWORD={password}\n");
    assert_eq!(commands(&sandbox, &[], 1)[0], "rotation rotate POSTGRES_PASSWORD .env");
    for args in [&["check"][..], &["scan", "--advice"]] {
        let screen = sandbox.envward(args).code(1).stdout;
        assert!(screen.contains("envward rotation rotate POSTGRES_PASSWORD .env"), "{screen}");
        assert!(!screen.contains("envward rotation rotate DATABASE_URL"), "{screen}");
    }
}

/// A value that git contains in another file than its own.
#[test]
fn a_value_elsewhere_is_replaced_too() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.file("config.txt", 0o644, fill("password = {password}\n"));
    commit(&sandbox);
    sandbox.git(&["rm", "--quiet", "config.txt"]);
    commit(&sandbox);
    assert_eq!(commands(&sandbox, &[], 1)[..2], ["rotation rotate DB_PASSWORD .env", "scan --advice"]);
    let screen = sandbox.envward(&["check"]).code(1).stdout;
    assert!(screen.contains("            -> envward rotation rotate DB_PASSWORD .env\n"), "{screen}");
    let then = "then remove the values from git history: envward scan --advice\n";
    assert!(screen.contains(then), "{screen}");
    // It does not refer to itself.
    let screen = sandbox.envward(&["scan", "--advice"]).code(1).stdout;
    assert!(screen.contains("is exposed: replace it first") && !screen.contains(then), "{screen}");
}

#[test]
fn a_leaked_secret_that_only_its_provider_makes() {
    let sandbox = leaked("STRIPE_SECRET_KEY={token}\n");
    assert_eq!(commands(&sandbox, &[], 1)[0], "rotation rotate STRIPE_SECRET_KEY .env --stdin");
}

#[test]
fn what_fix_can_correct_comes_before_what_a_person_does() {
    let sandbox = repository();
    sandbox.file(".env", 0o644, fill("DB_PASSWORD={password}\nSESSION_SECRET=changeme\nREDIS_PASSWORD=redis123\n"));
    let next = commands(&sandbox, &[], 1);
    assert_eq!(
        next,
        ["check --fix", "generate hex --bytes 32 --into .env SESSION_SECRET", "rotation rotate REDIS_PASSWORD .env"]
    );
}

#[test]
fn what_was_not_examined_is_named() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    commit(&sandbox);
    sandbox.file(".git/index", 0o644, "no index");
    assert_eq!(commands(&sandbox, &[], 2)[0], "check");
    line(&sandbox, &[], "not examined");
}

/// From the first look on until the secrets are due. Nothing that `status` does is recorded.
#[test]
fn ages() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    commit(&sandbox);
    let _ = sandbox.envward(&["hook", "install"]).code(0);
    assert_eq!(commands(&sandbox, &[], 0), ["rotation status"]);
    assert_eq!(line(&sandbox, &[], "rotation"), "no ages are recorded yet");
    let _ = sandbox.envward(&["rotation", "status"]);
    assert_eq!(commands(&sandbox, &[], 0), [""; 0]);
    assert!(line(&sandbox, &[], "rotation").starts_with("no secret is due, next on "));
    assert_eq!(line(&sandbox, &["--as-of", "2035-01-01"], "rotation"), "1 secret overdue");
    assert_eq!(commands(&sandbox, &["--as-of", "2035-01-01"], 1)[0], "rotation rotate DB_PASSWORD .env");
}

/// git does not have it, and somebody confirmed that it leaked.
#[test]
fn a_secret_that_an_incident_exposed_is_named() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.file("compose.yaml", 0o644, "services:\n  api: {image: 'api:1.0.0', env_file: .env}\n");
    commit(&sandbox);
    let _ = sandbox.envward(&["incident", "api", "--yes"]).code(0);
    assert_eq!(line(&sandbox, &[], "rotation"), "1 secret exposed");
    let screen = sandbox.envward(&["status"]).stdout;
    assert!(
        screen.contains("envward rotation rotate DB_PASSWORD .env\n     replace DB_PASSWORD, which is exposed"),
        "{screen}"
    );
}

#[test]
fn elsewhere_the_paths_have_a_root() {
    let sandbox = leaked("DB_PASSWORD={password}\n");
    sandbox.mkdir("sub", 0o755);
    let screen = sandbox.command(&["status"]).dir("sub").run().code(1).stdout;
    assert!(
        screen.starts_with(&format!("paths and commands are for {}", sandbox.root().join("project").display())),
        "{screen}"
    );
}

#[test]
fn whether_git_runs_the_hooks() {
    let sandbox = Sandbox::new();
    assert_eq!(line(&sandbox, &[], "hooks"), "none: this is not a git repository");
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    assert_eq!(line(&sandbox, &[], "hooks"), "not installed: nothing stops the commit of a secret");
    let _ = sandbox.envward(&["hook", "install"]).code(0);
    assert_eq!(line(&sandbox, &[], "hooks"), "git runs envward before each commit and each push");
    sandbox.git(&["config", "core.hooksPath", "elsewhere"]);
    let said = line(&sandbox, &[], "hooks");
    assert!(said.starts_with(".git/config: core.hooksPath names another directory"), "{said}");
    assert_eq!(commands(&sandbox, &[], 0)[0], "hook install");
}

#[test]
fn a_deployment_is_for_preflight() {
    let sandbox = repository();
    sandbox.file("compose.yaml", 0o644, "services:\n  a: {image: 'x:1.0.0'}\n");
    assert_eq!(line(&sandbox, &[], "deployment"), "not part of this: envward preflight examines compose.yaml");
    assert_eq!(commands(&sandbox, &[], 0), ["hook install", "preflight"]);
    sandbox.file("compose.override.yaml", 0o644, "services:\n  a: {ports: ['127.0.0.1:1:1']}\n");
    let screen = sandbox.envward(&["status"]).stdout;
    let words: Vec<&str> = screen.split_whitespace().collect();
    assert!(words.join(" ").contains("preflight examines compose.override.yaml and compose.yaml next"), "{screen}");
}

/// `rotation status` searches git history itself; here the report says what it found.
#[test]
fn exposed_secrets_are_due() {
    let sandbox = leaked("DB_PASSWORD={password}\nDATABASE_URL=postgres://app:{password}@db:5432/app\n");
    assert_eq!(line(&sandbox, &[], "rotation"), "2 secrets exposed, no ages are recorded yet");
    let screen = sandbox.envward(&["rotation", "status"]).code(1).stdout;
    assert!(screen.contains("2 exposed\n"), "{screen}");
    assert_eq!(line(&sandbox, &[], "rotation"), "2 secrets exposed");
    // It is told once, as what is worst.
    assert_eq!(line(&sandbox, &["--as-of", "2035-01-01"], "rotation"), "2 secrets exposed");
}

#[test]
fn empty_secrets_are_something_to_do() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill("NODE_ENV=production\nDB_PASSWORD={password}\nSMTP_PASSWORD=\nAPI_TOKEN=\n"));
    commit(&sandbox);
    let _ = sandbox.envward(&["hook", "install"]).code(0);
    let _ = sandbox.envward(&["rotation", "status"]);
    let screen = sandbox.envward(&["status"]).code(0).stdout;
    let next = "  1. envward preflight\n     see what to fill in: SMTP_PASSWORD and 1 more secret are empty\n";
    assert!(screen.contains(next), "{screen}");
    let listed = sandbox.envward(&["preflight"]).stdout;
    assert!(listed.contains("[empty-secret]") && listed.contains("SMTP_PASSWORD"), "{listed}");
    // While a program is written a key may be empty.
    sandbox.file(".env", 0o600, fill("NODE_ENV=development\nDB_PASSWORD={password}\nSMTP_PASSWORD=\n"));
    assert_eq!(commands(&sandbox, &[], 0), [""; 0]);
}

/// The command that is shown fills in the placeholder.
#[test]
fn a_placeholder_has_a_command_that_fills_it_in() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, "NODE_ENV=production\nSTRIPE_SECRET_KEY=changeme\nSESSION_SECRET=changeme\n");
    commit(&sandbox);
    let next = commands(&sandbox, &[], 1).remove(0);
    assert_eq!(next, "generate hex --bytes 32 --into .env SESSION_SECRET");
    let screen = sandbox.envward(&["check"]).code(1).stdout;
    assert!(screen.contains(&format!("envward {next}\n")), "{screen}");
    let words: Vec<&str> = next.split(' ').collect();
    let _ = sandbox.envward(&words).code(0);
    let screen = sandbox.envward(&["check"]).code(1).stdout;
    assert!(!screen.contains("SESSION_SECRET"), "{screen}");
    // With a template `init` asks for all of them.
    sandbox.file(".env.example", 0o644, "NODE_ENV=production\nSTRIPE_SECRET_KEY=\nSESSION_SECRET=\n");
    assert_eq!(commands(&sandbox, &[], 1)[0], "init --ask");
}

/// What contains no secret, and what no commit had, is no reason to rewrite history.
#[test]
fn history_without_a_secret_stays() {
    let sandbox = repository();
    sandbox.file(".env.production", 0o600, "VITE_API_URL=https://api.example.org\n");
    sandbox.git(&["add", "--force", ".env.production"]);
    commit(&sandbox);
    sandbox.git(&["rm", "--quiet", "--cached", ".env.production"]);
    commit(&sandbox);
    assert_eq!(commands(&sandbox, &[], 0), ["hook install", "check", "rotation status"]);
}

/// A repository that cannot be opened is there all the same.
#[test]
fn hooks_of_a_repository_that_cannot_be_examined() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.git(&["config", "core.repositoryFormatVersion", "99"]);
    assert_eq!(line(&sandbox, &[], "hooks"), "not known: the repository could not be examined");
}

/// Who began to replace a secret is told how to go on, not to begin again.
#[test]
fn a_rotation_that_is_not_finished() {
    let sandbox = leaked("DB_PASSWORD={password}\nJWT_SECRET={hex64}\n");
    let rotate = "rotation rotate DB_PASSWORD .env";
    assert_eq!(commands(&sandbox, &[], 1)[0], rotate);
    for (verb, next) in [("rotate", "promote DB_PASSWORD .env"), ("promote", "promote DB_PASSWORD .env --confirm")] {
        drop(sandbox.envward(&["rotation", verb, "DB_PASSWORD", ".env"]).code(0));
        let all = commands(&sandbox, &[], 1);
        assert!(all.contains(&format!("rotation {next}")) && !all.contains(&rotate.to_owned()), "{verb}: {all:?}");
    }
    drop(sandbox.envward(&["rotation", "promote", "DB_PASSWORD", ".env", "--confirm", "--unproven", "x"]).code(0));
    let all = commands(&sandbox, &[], 1);
    assert!(all.iter().all(|one| !one.contains("DB_PASSWORD")), "{all:?}");
}

/// Else the next commit publishes the new values.
#[test]
fn what_git_tracks_is_untracked_first() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.git(&["add", "--force", ".env"]);
    commit(&sandbox);
    let screen = sandbox.envward(&["status"]).code(1).stdout;
    assert!(screen.contains("  1. git rm --cached -f :/.env\n"), "{screen}");
    assert!(screen.contains("  2. envward rotation rotate DB_PASSWORD .env\n"), "{screen}");
}

/// A dump that was never committed is not in history, and the commands for history would find nothing.
#[test]
fn what_is_in_no_commit_needs_no_cleaned_history() {
    let sandbox = repository();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    commit(&sandbox);
    sandbox.file("dump.sql", 0o644, fill("pw {password}\n"));
    let next = commands(&sandbox, &[], 1);
    assert!(next.contains(&"check".to_owned()) && !next.contains(&"scan --advice".to_owned()), "{next:?}");
}
