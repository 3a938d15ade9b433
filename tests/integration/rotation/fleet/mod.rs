//! The table of all hosts, on a real PostgreSQL: what goes in, what comes out, and who may write what.

mod bad_input;
mod install;
mod marks;
mod names;
mod roles;
mod rows;
mod shown;

use std::io::Write as _;
use std::process::{Output, Stdio};

use crate::common::fill::{base62, fill};
use crate::common::postgres::Postgres;
use crate::common::{Run, Sandbox};

/// Where the server is, and where its reader asks.
struct Database {
    sandbox: Sandbox,
    server: Postgres,
}

/// The query of docs/fleet.md.
const TABLE: &str = "copy (select * from envward.fleet) to stdout csv header";

impl Database {
    /// With the schema, by an administrator who is no superuser, and a reader; `None` where there is no PostgreSQL.
    fn start() -> Option<Self> {
        let sandbox = Sandbox::new();
        let server = Postgres::start(&sandbox)?;
        let database = Self { sandbox, server };
        let roles = format!(
            "CREATE ROLE admin LOGIN CREATEROLE PASSWORD '{}'; GRANT CREATE ON DATABASE postgres TO admin",
            password("admin")
        );
        succeeds(&database.server.psql("postgres", None, &roles));
        let schema = database.sandbox.envward(&["rotation", "export", "--format", "sql", "--schema"]).code(0).stdout;
        succeeds(&database.give("admin", &schema));
        database.role("reader", "envward_reader");
        Some(database)
    }

    /// A role of a host, or of a person who reads.
    fn role(&self, name: &str, group: &str) {
        let statement = format!("CREATE ROLE \"{name}\" LOGIN PASSWORD '{}' IN ROLE {group}", password(name));
        succeeds(&self.server.psql("postgres", None, &statement));
    }

    /// A host with its role, and a project.
    fn host(&self, name: &'static str, env: &str) -> Host {
        self.role(name, "envward_host");
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, fill(env));
        sandbox.file("envward.toml", 0o644, "[project]\nname = \"shop\"\n");
        Host { name, sandbox }
    }

    /// Gives a script to psql.
    fn give(&self, role: &str, script: &str) -> Output {
        give(&self.server, role, script)
    }

    /// A host sends its report.
    fn push(&self, host: &Host) {
        let output = self.give(host.name, &host.sql(&[]));
        succeeds(&output);
        assert_eq!(output.stdout, b"", "a daily job is silent");
    }

    /// The answer to a question of the superuser, whom no policy binds.
    #[track_caller]
    fn ask(&self, question: &str) -> String {
        let output = self.server.psql("postgres", None, question);
        succeeds(&output);
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// The table as the reader gets it.
    #[track_caller]
    fn table(&self) -> String {
        let output = self.server.psql("reader", Some(&password("reader")), TABLE);
        succeeds(&output);
        String::from_utf8(output.stdout).unwrap()
    }

    /// `rotation status --from -` with these options over the table.
    fn status(&self, options: &[&str]) -> Run<'_> {
        let command = self.sandbox.command(&[&["rotation", "status", "--from", "-"], options].concat());
        command.stdin(&self.table())
    }
}

/// A host: its role, and its project.
struct Host {
    name: &'static str,
    sandbox: Sandbox,
}

impl Host {
    /// Its report as SQL.
    fn sql(&self, options: &[&str]) -> String {
        let args = [&["rotation", "export", "--format", "sql", "--host", self.name], options].concat();
        self.sandbox.envward(&args).code(0).stdout
    }
}

/// Gives a script to psql, which does not stop at an error unless the script says so.
fn give(server: &Postgres, role: &str, script: &str) -> Output {
    let mut client = server.client(role, Some(&password(role)));
    client.args(["-v", "ON_ERROR_STOP=0"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut psql = client.spawn().unwrap();
    // It may end before it has read everything.
    let _ = psql.stdin.take().unwrap().write_all(script.as_bytes());
    psql.wait_with_output().unwrap()
}

/// The password of a role: nothing that is written down.
fn password(role: &str) -> String {
    base62(role, 24)
}

#[track_caller]
fn succeeds(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What psql said, of a script that must have failed.
#[track_caller]
fn fails(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    said
}
