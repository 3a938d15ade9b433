//! Two roles of PostgreSQL that take turns: no connection is refused, from the first step to the last, and back again.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::common::fill::fill;
use crate::common::postgres::Postgres;
use crate::common::{Output, Sandbox};

/// How many clients connect all the time.
const CLIENTS: usize = 8;

const ENV: &str = "DB_USER=app\nDB_PASSWORD={password}\nDATABASE_URL=postgres://app:{password}@db:5432/shop\n";

fn rotation(sandbox: &Sandbox, args: &[&str], code: i32) -> Output {
    sandbox.envward(&[&["rotation"], args].concat()).code(code)
}

fn value(sandbox: &Sandbox, key: &str) -> String {
    value_in(&sandbox.path(".env"), key)
}

fn value_in(file: &Path, key: &str) -> String {
    let text = fs::read_to_string(file).unwrap();
    text.lines().find_map(|line| line.strip_prefix(&format!("{key}="))).unwrap().to_owned()
}

fn printed(output: &str, part: &str) -> String {
    let mut commands = output.lines().filter_map(|line| line.trim_start().strip_prefix("-> "));
    commands.find(|command| command.contains(part)).unwrap_or_else(|| panic!("no {part}: {output}")).to_owned()
}

/// What the clients do: each connects with the user and the password that it was started with.
struct Clients {
    /// It is started anew when this is more than it was.
    starts: [AtomicUsize; CLIENTS],
    connected: AtomicUsize,
    refused: AtomicUsize,
    done: AtomicBool,
}

impl Clients {
    fn run(&self, number: usize, server: &Postgres, file: &Path) {
        let started =
            || (self.starts[number].load(Ordering::SeqCst), value_in(file, "DB_USER"), value_in(file, "DB_PASSWORD"));
        let mut own = started();
        while !self.done.load(Ordering::SeqCst) {
            if self.starts[number].load(Ordering::SeqCst) != own.0 {
                own = started();
            }
            let output = server.psql(&own.1, Some(&own.2), "SELECT count(*) FROM orders");
            let counter = if output.status.success() { &self.connected } else { &self.refused };
            counter.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The clients connect some times more, about once each.
    fn go_on(&self) {
        let start = self.connected.load(Ordering::SeqCst) + self.refused.load(Ordering::SeqCst);
        while self.connected.load(Ordering::SeqCst) + self.refused.load(Ordering::SeqCst) < start + CLIENTS {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Stops the clients, also where an assertion fails.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn no_connection_is_refused() {
    let sandbox = Sandbox::new();
    let Some(server) = Postgres::start(&sandbox) else { return };
    let compose =
        "services:\n  db:\n    image: postgres:15.5\n    environment: {POSTGRES_PASSWORD: '${ROOT_PASSWORD:?}'}\n";
    sandbox.file("compose.yaml", 0o644, compose);
    sandbox.file(".env", 0o600, fill(ENV) + &fill("ROOT_PASSWORD={password2}\n"));
    let first = fill("{password}");
    let admin = |statement: &str| {
        let output = server.psql("postgres", None, statement);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    admin(&format!("CREATE ROLE app LOGIN PASSWORD '{first}'; GRANT CREATE ON SCHEMA public TO app"));
    assert!(server.psql("app", Some(&first), "CREATE TABLE orders (id int)").status.success());
    let clients = Clients {
        starts: Default::default(),
        connected: AtomicUsize::new(0),
        refused: AtomicUsize::new(0),
        done: AtomicBool::new(false),
    };
    std::thread::scope(|scope| {
        let _stop = Stop(&clients.done);
        for number in 0..CLIENTS {
            let (clients, server, file) = (&clients, &server, sandbox.path(".env"));
            scope.spawn(move || clients.run(number, server, &file));
        }
        // The turn goes to the other role, and back.
        for role in ["app_b", "app"] {
            let (old_user, old_password) = (value(&sandbox, "DB_USER"), value(&sandbox, "DB_PASSWORD"));
            clients.go_on();
            let steps = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env", "--role", role], 0).stdout;
            let typed = |command: &str, code: i32| server.typed(&sandbox, command).run().code(code).stdout;
            let prove = printed(&steps, "--postgres");
            // The other role has no password yet, or an old one.
            let before = server.typed(&sandbox, &prove).run();
            assert_ne!(before.code, 0, "{}", before.stdout);
            let said = typed(&printed(&steps, "--sql"), 0);
            assert!(said.trim_end().ends_with("ALTER ROLE"), "{said}");
            clients.go_on();
            drop(typed(&printed(&steps, "promote DB_PASSWORD .env"), 0));
            assert_eq!(value(&sandbox, "DB_USER"), role);
            assert!(
                value(&sandbox, "DATABASE_URL")
                    .starts_with(&format!("postgres://{role}:{}@", value(&sandbox, "DB_PASSWORD")))
            );
            clients.go_on();
            for start in &clients.starts {
                start.fetch_add(1, Ordering::SeqCst);
                clients.go_on();
            }
            drop(typed(&prove, 0));
            let end = rotation(&sandbox, &["promote", "DB_PASSWORD", ".env", "--confirm"], 0).stdout;
            assert_eq!(typed(&printed(&end, "PASSWORD NULL"), 0).trim(), "ALTER ROLE");
            clients.go_on();
            let refused = server.psql(&old_user, Some(&old_password), "SELECT 1");
            assert!(!refused.status.success(), "the role that is not in use has no password any more");
        }
    });
    assert_eq!(clients.refused.load(Ordering::SeqCst), 0, "of {:?}", clients.connected);
    // What the other role makes belongs to the first one.
    let mut psql = server.client("postgres", None).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let question = "SET SESSION AUTHORIZATION app_b; SET role = 'app'; CREATE TABLE made (id int);\nSELECT tableowner FROM pg_tables WHERE tablename = 'made';\n";
    psql.stdin.take().unwrap().write_all(question.as_bytes()).unwrap();
    let output = psql.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "app");
}

#[test]
fn a_turn_can_be_rolled_back() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill(ENV));
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env", "--role", "app_b"], 0));
    let names = [".env", ".env.DB_PASSWORD.pending"];
    let before = names.map(|name| fs::read_to_string(sandbox.path(name)).unwrap());
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    assert_eq!(value(&sandbox, "DB_USER"), "app_b");
    drop(rotation(&sandbox, &["rollback", "DB_PASSWORD", ".env"], 0));
    assert_eq!(names.map(|name| fs::read_to_string(sandbox.path(name)).unwrap()), before);
}

#[test]
fn what_cannot_take_turns() {
    let turn = |env: &str, key: &str, role: &str| {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, fill(env));
        let before = fs::read_to_string(sandbox.path(".env")).unwrap();
        let output = rotation(&sandbox, &["rotate", key, ".env", "--role", role], 2);
        assert_eq!(fs::read_to_string(sandbox.path(".env")).unwrap(), before);
        assert!(!sandbox.path(format!(".env.{key}.pending")).exists());
        output.stderr
    };
    for (env, key, role, message) in [
        (ENV, "DB_PASSWORD", "app", "this role is in use now"),
        (ENV, "DB_PASSWORD", "App\"b", "the name of a role that takes turns"),
        ("REDIS_PASSWORD={password}\n", "REDIS_PASSWORD", "b", "only two roles of PostgreSQL"),
        (
            "DB_USER=app\nDB_PASSWORD={password}\nDSN=host=db user=app password={password}\n",
            "DB_PASSWORD",
            "app_b",
            "does not name its user",
        ),
        (
            "DB_USER=app\nDB_PASSWORD={password}\nPGPASSWORD={password}\n",
            "DB_PASSWORD",
            "app_b",
            "does not name its user",
        ),
    ] {
        let said = turn(env, key, role);
        assert!(said.contains(message), "{role}: {said}");
    }
    // One that waits is for one role.
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill(ENV));
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    let said = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env", "--role", "app_b"], 2).stderr;
    assert!(said.contains("a new value waits already, and not for this role"), "{said}");
}
