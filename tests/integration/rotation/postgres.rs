//! A role's password, replaced end to end on a real PostgreSQL while a client keeps connecting.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::postgres::Postgres;

/// The password that the env file holds now: what a client does before it connects.
fn password(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    text.lines().find_map(|line| line.strip_prefix("DB_PASSWORD=")).unwrap().to_owned()
}

#[test]
fn a_password_is_replaced_while_a_client_keeps_connecting() {
    let sandbox = Sandbox::new();
    let Some(server) = Postgres::start(&sandbox) else { return };
    let text = "NODE_ENV=production\nDB_PASSWORD={password}\nDATABASE_URL=postgres://app:{password}@db:5432/app\n";
    sandbox.file(".env", 0o600, fill(text));
    let file = sandbox.path(".env");
    let old = password(&file);
    assert!(server.psql("postgres", None, &format!("CREATE ROLE app LOGIN PASSWORD '{old}'")).status.success());
    let log_before = server.log().len();

    // A connection that stays open all the time.
    let mut session = server.client("app", Some(&old)).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut answers = BufReader::new(session.stdout.take().unwrap()).lines();
    let mut ask = |question: &str| {
        writeln!(session.stdin.as_ref().unwrap(), "SELECT '{question}';").unwrap();
        answers.next().unwrap().unwrap()
    };
    assert_eq!(ask("before"), "before");

    // A client that connects again and again. Phases: 0 all as it was, 1 the database was told, 2 the file was, too.
    let (phase, connected, done) = (AtomicUsize::new(0), [(); 3].map(|()| AtomicUsize::new(0)), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let client = scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                let started = phase.load(Ordering::SeqCst);
                let output = server.psql("app", Some(&password(&file)), "SELECT 1");
                let is_same = phase.load(Ordering::SeqCst) == started;
                // Between the two steps the file is behind, and across their borders either may be.
                let must = is_same && started != 1;
                assert!(
                    output.status.success() || !must,
                    "phase {started}: {}",
                    String::from_utf8_lossy(&output.stderr)
                );
                if is_same {
                    connected[started].fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        let wait_for = |number: usize| {
            let start = connected[number].load(Ordering::SeqCst);
            while connected[number].load(Ordering::SeqCst) < start + 3 {
                assert!(!client.is_finished(), "the client could not connect");
                std::thread::yield_now();
            }
        };
        wait_for(0);
        let statement = sandbox.envward(&["rotation", "rotate", "DB_PASSWORD", ".env", "--sql"]).code(0).stdout;
        let mut psql = server.client("postgres", None).stdin(Stdio::piped()).spawn().unwrap();
        // Whatever happens in the file from here on, the database may have heard of it.
        phase.store(1, Ordering::SeqCst);
        psql.stdin.take().unwrap().write_all(statement.as_bytes()).unwrap();
        assert!(psql.wait().unwrap().success());
        let output = sandbox.envward(&["rotation", "promote", "DB_PASSWORD", ".env"]).code(0);
        assert!(output.stdout.contains("(2 places)"), "{}", output.stdout);
        phase.store(2, Ordering::SeqCst);
        wait_for(2);
        done.store(true, Ordering::SeqCst);
    });
    assert_eq!(ask("after"), "after", "the open connection broke");
    drop(session.stdin.take());
    session.wait().unwrap();

    let new = password(&file);
    assert_ne!(old, new);
    assert!(server.psql("app", Some(&new), "SELECT 1").status.success());
    let refused = server.psql("app", Some(&old), "SELECT 1");
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && message.contains("password authentication failed"), "{message}");
    drop(sandbox.envward(&["rotation", "promote", "DB_PASSWORD", ".env", "--confirm", "--unproven", "a test"]).code(0));

    // The server logged every statement, and none with the password.
    let log = server.log();
    let log = &log[log_before..];
    assert!(log.contains("ALTER ROLE \"app\" PASSWORD 'SCRAM-SHA-256$4096:"), "{log}");
    assert!(!log.contains(&new) && !log.contains(&old), "a password is in the server's log");
}

/// The server makes verifiers itself: with its salt, ours is the same.
#[test]
fn the_verifier_is_the_one_that_the_server_makes() {
    use base64ct::{Base64, Encoding};
    let sandbox = Sandbox::new();
    let Some(server) = Postgres::start(&sandbox) else { return };
    for password in [fill("{password}"), "a b\"c\\$d~".into(), "x".into()] {
        let quoted = password.replace('\\', "\\\\").replace('\'', "''");
        let statement = format!("DROP ROLE IF EXISTS other; CREATE ROLE other PASSWORD E'{quoted}'");
        assert!(server.psql("postgres", None, &statement).status.success());
        let question = "SELECT rolpassword FROM pg_authid WHERE rolname = 'other'";
        let theirs = String::from_utf8(server.psql("postgres", None, question).stdout).unwrap();
        let theirs = theirs.trim();
        let salt = theirs.split([':', '$']).nth(2).unwrap();
        let salt = Base64::decode_vec(salt).unwrap().try_into().unwrap();
        let secret = envward::secret::Secret::copy_of(password.as_bytes());
        assert_eq!(envward::rotation::scram::verifier(&secret, &salt, 4096).as_deref(), Some(theirs));
    }
}

/// The commands that are printed, typed one after the other; the server is a container of the project.
#[test]
fn the_printed_steps() {
    let sandbox = Sandbox::new();
    let Some(server) = Postgres::start(&sandbox) else { return };
    let compose = "services:\n  db:\n    image: postgres:15.5\n    environment: {POSTGRES_PASSWORD: '${ROOT_PASSWORD:?}'}\n  \
                   api:\n    image: shop:1.0\n    env_file: .env\n";
    sandbox.file("compose.yaml", 0o644, compose);
    let text = "ROOT_PASSWORD={password2}\nDB_USER=app\nDB_PASSWORD={password}\nDATABASE_URL=postgres://app:{password}@db/app\n";
    sandbox.file(".env", 0o600, fill(text));
    let old = password(&sandbox.path(".env"));
    assert!(server.psql("postgres", None, &format!("CREATE ROLE app LOGIN PASSWORD '{old}'")).status.success());
    let output = sandbox.envward(&["rotation", "rotate", "DB_PASSWORD", ".env"]).code(0).stdout;
    let steps: Vec<&str> = output.lines().filter_map(|line| line.trim_start().strip_prefix("-> ")).collect();
    let [tell, promote, recreate, prove, inspect, confirm] = steps[..] else { panic!("{output}") };
    assert!(inspect.starts_with("docker compose ps -q | xargs docker inspect | envward rotation verify"), "{inspect}");
    assert!(tell.contains("docker compose exec -T db psql"), "{tell}");
    assert_eq!(server.typed(&sandbox, tell).run().code(0).stdout.trim(), "ALTER ROLE");
    drop(server.typed(&sandbox, promote).run().code(0));
    let new = password(&sandbox.path(".env"));
    // The statement of a rollback sets the old password again, and then the proof fails.
    let undo = tell.replace("rotate DB_PASSWORD", "rollback DB_PASSWORD");
    assert_eq!(server.typed(&sandbox, &undo).run().code(0).stdout.trim(), "ALTER ROLE");
    let output = server.typed(&sandbox, prove).run().code(1).stdout;
    assert!(output.contains("still the old value:\n  role app\n"), "{output}");
    assert_eq!(server.typed(&sandbox, tell).run().code(0).stdout.trim(), "ALTER ROLE");
    let output = server.typed(&sandbox, prove).run().code(0).stdout;
    assert!(output.contains("the new value:\n  role app\nproven and recorded"), "{output}");
    for step in [recreate, confirm] {
        drop(server.typed(&sandbox, step).run().code(0));
    }
    assert!(server.psql("app", Some(&new), "SELECT 1").status.success());
    assert!(!server.psql("app", Some(&old), "SELECT 1").status.success());
    // What is typed by mistake changes nothing, and does not look done.
    let failed = server.typed(&sandbox, &tell.replace("DB_PASSWORD", "NO_SUCH_KEY")).run();
    assert_ne!(failed.code, 0, "{}", failed.stdout);
}
