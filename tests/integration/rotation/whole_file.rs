//! A file from `secrets:` that is one secret as a whole: `rotate` prints the steps, and changes nothing itself.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use base64ct::{Base64, Encoding};

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::postgres::Postgres;

const COMPOSE: &str = "services:
  db:
    image: postgres:16.4
    environment: {POSTGRES_PASSWORD_FILE: /run/secrets/db_password}
    secrets: [db_password]
  api:
    image: shop:1.2.3
    environment: {NODE_ENV: production, DB_PASSWORD_FILE: /run/secrets/db_password}
    secrets: [db_password]
secrets:
  db_password:
    file: ./secrets/db_password
";
const FILE: &str = "secrets/db_password";

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox.file(".gitignore", 0o644, "/secrets/\n");
    sandbox.file("compose.yaml", 0o644, COMPOSE);
    sandbox.file(FILE, 0o640, fill("{password}"));
    sandbox
}

fn commands(screen: &str) -> Vec<String> {
    screen.lines().filter_map(|line| line.trim_start().strip_prefix("-> ")).map(str::to_owned).collect()
}

/// The server gets the new password, too: it read the file at its first start, and never again.
#[test]
fn the_printed_steps() {
    let sandbox = project();
    let Some(server) = Postgres::start(&sandbox) else { return };
    let old = fill("{password}");
    assert!(server.psql("postgres", None, &format!("ALTER ROLE postgres PASSWORD '{old}'")).status.success());
    let log_before = server.log().len();
    let screen = sandbox.envward(&["rotation", "rotate", "db_password", FILE]).code(0).stdout;
    let steps = commands(&screen);
    let [make, tell, write, recreate, clean] = &steps[..] else { panic!("{screen}") };
    assert_eq!(recreate, "docker compose up -d --force-recreate db api");
    assert!(tell.contains("| docker compose exec -T db psql "), "{tell}");
    // As in a container: without a terminal.
    let tell = tell.replace("| docker", "| setsid --wait docker");
    for step in [make, &tell, write, recreate] {
        drop(server.typed(&sandbox, &format!("umask 022; {step}")).run().code(0));
    }
    // Who does a step twice loses neither value.
    for step in [make, write] {
        assert_ne!(server.typed(&sandbox, step).run().code, 0, "{step}");
    }
    let new = fs::read_to_string(sandbox.path(FILE)).unwrap();
    assert!(new.len() >= 64 && new.trim() == new && new != old, "{}", new.len());
    let mode = |path: &str| fs::metadata(sandbox.path(path)).unwrap().permissions().mode() & 0o7777;
    // A container keeps its access, and nobody else gets one.
    assert_eq!([FILE, "secrets/db_password.new", "secrets/db_password.old"].map(mode), [0o640, 0o600, 0o600]);
    assert_eq!(fs::read_to_string(sandbox.path("secrets/db_password.old")).unwrap(), old);
    let question = "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'";
    let verifier = String::from_utf8(server.psql("postgres", None, question).stdout).unwrap();
    let verifier = verifier.trim();
    let salt = Base64::decode_vec(verifier.split([':', '$']).nth(2).unwrap()).unwrap().try_into().unwrap();
    let secret = envward::secret::Secret::copy_of(new.as_bytes());
    assert_eq!(envward::rotation::scram::verifier(&secret, &salt, 4096).as_deref(), Some(verifier));
    assert!(!server.log()[log_before..].contains(&new), "the password is in the log of the server");
    drop(server.typed(&sandbox, clean).run().code(0));
    assert!(!sandbox.path("secrets/db_password.new").exists() && !sandbox.path("secrets/db_password.old").exists());
}

/// Whatever suggests a command for such a file suggests one that works.
#[test]
fn every_suggested_command_runs() {
    let sandbox = project();
    drop(sandbox.envward(&["rotation", "status"]).code(0));
    let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    let later = today.saturating_add(jiff::Span::new().days(200)).to_string();
    let due = sandbox.envward(&["rotation", "status", "--due", "--as-of", &later]).code(1).stdout;
    let incident = sandbox.envward(&["incident", "api", "--dry-run"]).code(0).stdout;
    let before = fs::read_to_string(sandbox.path(FILE)).unwrap();
    for screen in [due, incident] {
        let all = commands(&screen);
        let rotate: Vec<&String> = all.iter().filter(|one| one.contains("db_password")).collect();
        assert_eq!(rotate, ["envward rotation rotate db_password secrets/db_password"], "{screen}");
    }
    let steps = sandbox.envward(&["rotation", "rotate", "db_password", FILE]).code(0).stdout;
    assert_eq!(fs::read_to_string(sandbox.path(FILE)).unwrap(), before, "{steps}");
    for more in ["--stdin", "--sql", "--redis", "--abandon"] {
        let output = sandbox.envward(&["rotation", "rotate", "db_password", FILE, more]).code(2);
        assert!(output.stderr.contains("one secret as a whole"), "{}", output.stderr);
    }
    let output = sandbox.envward(&["rotation", "promote", "db_password", FILE]).code(2);
    assert!(
        output.unwrapped().contains("envward rotation rotate db_password secrets/db_password"),
        "{}",
        output.stderr
    );
    assert_eq!(fs::read_to_string(sandbox.path(FILE)).unwrap(), before);
}

/// The two private files are nowhere where git would take them.
#[test]
fn the_private_files_are_kept_out_of_git() {
    let sandbox = project();
    for (ignored, new) in [("/secrets/\n", "secrets/db_password.new"), ("/secrets/db_password\n", "~/db_password.new")]
    {
        sandbox.file(".gitignore", 0o644, ignored);
        let steps = commands(&sandbox.envward(&["rotation", "rotate", "db_password", FILE]).code(0).stdout);
        assert_eq!(steps[0], format!("(umask 077; set -C; envward generate hex > {new})"));
    }
}

/// A private key is made by another program, and has several lines.
#[test]
fn what_envward_cannot_make() {
    let sandbox = Sandbox::new();
    let compose = "services:\n  api:\n    image: shop:1.2.3\n    secrets: [tls_private_key]\nsecrets:\n  tls_private_key:\n    file: tls.key\n";
    sandbox.file("compose.yaml", 0o644, compose);
    let key: String = fill("{password}{password2}{password3}");
    sandbox.file("tls.key", 0o600, format!("-----BEGIN {0}-----\n{key}\n-----END {0}-----\n", "PRIVATE KEY"));
    let steps = commands(&sandbox.envward(&["rotation", "rotate", "tls_private_key", "tls.key"]).code(0).stdout);
    assert_eq!(steps[0], "(umask 077; set -C; cat > tls.key.new)");
    assert!(steps.iter().any(|step| step.ends_with("&& cat tls.key.new > tls.key")), "{steps:?}");
}
