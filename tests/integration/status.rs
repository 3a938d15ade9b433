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
    assert!(screen.contains("then remove the values from git history: envward scan --advice\n"), "{screen}");
}

#[test]
fn a_leaked_secret_that_only_its_provider_makes() {
    let sandbox = leaked("STRIPE_SECRET_KEY={token}\n");
    assert_eq!(commands(&sandbox, &[], 1)[0], "rotation rotate STRIPE_SECRET_KEY .env --stdin");
}

#[test]
fn what_fix_can_correct_comes_before_what_a_person_does() {
    let sandbox = repository();
    sandbox.file(".env", 0o644, fill("DB_PASSWORD={password}\nAPI_KEY=changeme\nREDIS_PASSWORD=redis123\n"));
    let next = commands(&sandbox, &[], 1);
    assert_eq!(next, ["check --fix", "init --ask", "rotation rotate REDIS_PASSWORD .env"]);
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
    assert_eq!(line(&sandbox, &[], "hooks"), "git runs envward before each commit");
    sandbox.git(&["config", "core.hooksPath", "elsewhere"]);
    assert_eq!(line(&sandbox, &[], "hooks"), "installed, but git does not run them");
    assert_eq!(commands(&sandbox, &[], 0)[0], "hook install");
}

#[test]
fn a_deployment_is_for_preflight() {
    let sandbox = repository();
    sandbox.file("compose.yaml", 0o644, "services:\n  a: {image: 'x:1.0.0'}\n");
    assert_eq!(line(&sandbox, &[], "deployment"), "not part of this: envward preflight examines compose.yaml");
    assert_eq!(commands(&sandbox, &[], 0), ["hook install", "preflight"]);
}
