//! Of several files: included projects, optional env files, one value under two keys, and one secret that is told once.

use super::*;

fn names(sandbox: &Sandbox, args: &[&str], code: i32) -> Vec<String> {
    let screen = sandbox.envward(args).code(code).stdout;
    rotate(&screen).0.iter().map(|line| line.split(')').next().unwrap().to_owned()).collect()
}

/// The `.env` of an included project is what fills its variables; of a key that both define that of the top counts.
#[test]
fn what_an_included_project_reads() {
    let long = "include:\n  - path: infra/compose.yaml\n    env_file: infra/.env\n";
    for include in [long, "include: [infra/compose.yaml]\n"] {
        let sandbox = Sandbox::new();
        sandbox.git(&["init", "--quiet"]);
        let top = "services:\n  app:\n    image: app:1.2.3\n    environment: {APP_TOKEN: '${APP_TOKEN}'}\n";
        sandbox.file("compose.yaml", 0o644, format!("{include}{top}"));
        let infra = "services:\n  db:\n    image: postgres:16.4\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD}\n      SMTP_PASSWORD: ${SMTP_PASSWORD}\n      BACKUP_TOKEN:\n";
        sandbox.file("infra/compose.yaml", 0o644, infra);
        sandbox.file(".env", 0o600, fill("APP_TOKEN={token}\nSMTP_PASSWORD={password3}\n"));
        let env = "DB_PASSWORD={password}\nSMTP_PASSWORD={password4}\nBACKUP_TOKEN={token2}\n";
        sandbox.file("infra/.env", 0o600, fill(env));
        let way = "(in its environment";
        assert_eq!(
            names(&sandbox, &["incident", "db", "--dry-run"], 0),
            ["BACKUP_TOKEN of infra/.env", "DB_PASSWORD of infra/.env", "SMTP_PASSWORD of .env"]
                .map(|name| format!("{name} {way}"))
        );
        assert_eq!(names(&sandbox, &["incident", "app", "--dry-run"], 0), [format!("APP_TOKEN of .env {way}")]);
        let screen = sandbox.envward(&["rotation", "rotate", "DB_PASSWORD", "infra/.env", "--dry-run"]).code(0).stdout;
        let recreate: Vec<&str> = screen.lines().filter(|line| line.contains(" up -d ")).collect();
        assert_eq!(recreate, ["     -> docker compose up -d --force-recreate db"], "{screen}");
        let screen = sandbox.envward(&["incident", "db", "--dry-run"]).code(0).stdout;
        assert!(!screen.contains("-f infra/compose.yaml"), "{screen}");
    }
}

/// Compose starts a service without it, and says nothing.
#[test]
fn an_optional_env_file_that_is_missing_is_none() {
    let sandbox = project();
    let of = |required: bool| {
        format!(
            "services:\n  a:\n    image: a:1.0\n    env_file: [{{path: x.env, required: {required}}}, worker/.env]\n"
        )
    };
    sandbox.file("compose.yaml", 0o644, of(false));
    let screen = sandbox.envward(&["incident", "a", "--dry-run"]).code(0).stdout;
    assert!(!screen.contains("x.env"), "{screen}");
    sandbox.file("compose.yaml", 0o644, of(true));
    let screen = sandbox.envward(&["incident", "a", "--dry-run"]).code(2).stdout;
    assert!(screen.contains("all secrets in x.env"), "{screen}");
    // One that is there and no file is not passed over.
    sandbox.file("compose.yaml", 0o644, of(false));
    sandbox.mkdir("x.env", 0o755);
    drop(sandbox.envward(&["incident", "a", "--dry-run"]).code(2));
}

/// Leaked in git and recorded by an incident: one secret is counted once, and every command names the same key.
#[test]
fn one_secret_is_told_once_with_one_command() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "--quiet"]);
    let compose = "services:\n  app:\n    image: app:1.2.3\n    env_file: [.env, backend/.env]\n";
    sandbox.file("compose.yaml", 0o644, compose);
    let url = "postgres://app:{password}@db/app\n";
    sandbox.file(".env", 0o600, fill(&format!("DATABASE_URL={url}DB_PASSWORD={{password}}\n")));
    sandbox.file("backend/.env", 0o600, fill(&format!("DATABASE_URL={url}")));
    sandbox.git(&["add", "--force", "."]);
    sandbox.git(&["commit", "--quiet", "--message", "leak"]);
    let commands = |args: &[&str]| -> Vec<String> {
        let screen = sandbox.envward(args).stdout;
        let lines = screen
            .lines()
            .filter_map(|line| Some(format!("envward rotation {}", line.split_once("envward rotation rotate")?.1)));
        lines.collect()
    };
    for is_recorded in [false, true] {
        for args in [
            &["check"][..],
            &["scan"],
            &["preflight"],
            &["status"],
            &["scan", "--advice"],
            &["incident", "--exposed", "--dry-run"],
            &["incident", "app", "--dry-run"],
            &["rotation", "status"],
        ] {
            let mut all = commands(args);
            all.dedup();
            assert_eq!(all, ["envward rotation  DB_PASSWORD .env"], "{args:?}");
        }
        for args in [&["check"][..], &["preflight"], &["status"]] {
            let screen = sandbox.envward(args).unwrapped();
            // The URL of the other file is in git too, at the same place.
            let count = if is_recorded { "3 critical" } else { "2 critical" };
            assert!(screen.contains(count), "{args:?}: {screen}");
        }
        let screen = sandbox.envward(&["check"]).unwrapped();
        assert_eq!(screen.contains("exposed in an incident on"), is_recorded, "{screen}");
        if !is_recorded {
            drop(sandbox.envward(&["incident", "app", "--yes"]).code(0));
        }
    }
    // Each check keeps its finding.
    let report = sandbox.envward(&["check", "--format", "json"]).json();
    let count = |id: &str| report["findings"].as_array().unwrap().iter().filter(|one| one["check"] == id).count();
    assert_eq!((count("secret-exposed"), count("secret-still-live")), (3, 3));
}

/// Exposed by an incident alone: git knows nothing of it.
#[test]
fn an_incident_without_a_leak_in_git_is_told_at_the_top() {
    let sandbox = project();
    drop(sandbox.envward(&["incident", "worker", "--yes"]).code(0));
    let screen = sandbox.envward(&["check"]).code(1).unwrapped();
    assert!(screen.starts_with("3 secrets in use are exposed: replace them first"), "{screen}");
    assert!(screen.contains("JWT_SECRET and WORKER_TOKEN of worker/.env: exposed in an incident on "), "{screen}");
    let screen = sandbox.envward(&["status"]).code(1).unwrapped();
    assert!(screen.contains("replace JWT_SECRET, which is exposed") || screen.contains("which is exposed"), "{screen}");
}

/// A signing key that leaked is not kept, so nobody waits for its tokens; a file that git tracks is untracked and ignored.
#[test]
fn the_steps_of_a_leaked_signing_key() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "--quiet"]);
    sandbox.file(".env", 0o600, fill("JWT_SECRET={hex64}\n"));
    sandbox.git(&["add", "--force", ".env"]);
    sandbox.git(&["commit", "--quiet", "--message", "leak"]);
    let output = sandbox.envward(&["rotation", "rotate", "JWT_SECRET", ".env", "--dry-run"]).code(0);
    assert!(output.unwrapped().contains("When all services work with the new value, finish the rotation:"));
    assert!(!output.unwrapped().contains("last token"), "{}", output.stdout);
    let lines: Vec<&str> = output.stdout.lines().filter_map(|line| line.strip_prefix("  -> ")).collect();
    assert_eq!(lines[..2], ["git rm --cached -f .env", "envward check --fix"]);
    drop(sandbox.shell(lines[0]).run().code(0));
    drop(sandbox.envward(&["check", "--fix"]));
    assert!(sandbox.git(&["check-ignore", ".env"]).contains(".env"));
    let screen = sandbox.envward(&["incident", "--exposed", "--dry-run"]).code(0).stdout;
    let isolate = screen.split("2. investigate").next().unwrap();
    let commands: Vec<&str> = isolate.lines().filter_map(|line| line.strip_prefix("   -> ")).collect();
    assert_eq!(commands, ["envward check --fix --dry-run", "envward check --fix"]);
}

/// Outside of git there is no history to clean, and every command names the project wherever it is typed.
#[test]
fn exposed_secrets_outside_of_git_and_from_elsewhere() {
    let commands = |screen: &str| -> Vec<String> {
        screen.lines().filter_map(|line| line.strip_prefix("   -> ")).map(str::to_owned).collect()
    };
    let sandbox = project();
    let screen = sandbox.envward(&["incident", "--exposed", "--dry-run"]).code(0);
    assert!(
        !screen.stdout.contains("git") && screen.unwrapped().contains("If you know of a leak"),
        "{}",
        screen.stdout
    );
    let fix = "envward check --fix";
    let rest = ["envward trace", "envward rotation status", "envward preflight"];
    let expected = [&["envward check --fix --dry-run", fix][..], &rest].concat();
    assert_eq!(commands(&screen.stdout), expected);

    sandbox.git(&["init", "--quiet"]);
    let screen = sandbox.command(&["incident", "--exposed", "--dry-run", ".."]).dir("worker").run().code(0).stdout;
    let root = sandbox.path("").canonicalize().unwrap();
    let all = commands(&screen);
    assert!(all.iter().all(|line| line.contains(root.to_str().unwrap())), "{all:?}");
    let copy = all.iter().find(|line| line.contains("git clone")).unwrap();
    drop(sandbox.shell(copy).run().code(0));
    let screen = sandbox.envward(&["incident", "--exposed", "--dry-run"]).code(0).stdout;
    assert!(screen.contains("(umask 077; git clone --mirror . ~/incident-20"), "{screen}");
}
