//! Who may write what: the policies and grants of the printed schema, and hosts that all come at once.

use super::{Database, fails, fill, give, password, succeeds};
use crate::common::Sandbox;
use crate::common::postgres::Postgres;

const ENV: &str = "NODE_ENV=production\nDB_PASSWORD={password}\n";

#[test]
fn a_host_writes_only_its_own_rows() {
    let Some(database) = Database::start() else { return };
    let (one, other) = (database.host("web1", ENV), database.host("web2", ENV));
    database.push(&one);
    database.push(&other);
    let all =
        || database.ask("SELECT * FROM envward.reports; SELECT * FROM envward.secrets; SELECT * FROM envward.events");
    let before = all();

    let said = fails(&database.give("web1", &other.sql(&[])));
    assert!(said.contains("the role \"web1\" may not write rows of the host \"web2\""), "{said}");
    // Past the procedure, too.
    let as_host = |statement: &str| database.server.psql("web1", Some(&password("web1")), statement);
    for statement in [
        "INSERT INTO envward.reports (host, project, envward, host_time, complete) VALUES ('web2', 'x', '', now(), true)",
        "INSERT INTO envward.secrets (host, project, kind, file, key, state, environment, exposed) VALUES ('web2', 'shop', 'secret', '', 'X', 'current', '', false)",
        "INSERT INTO envward.events (host, project, kind, file, key, state, what) VALUES ('web2', 'shop', 'secret', '', 'X', 'current', 'gone')",
        "UPDATE envward.secrets SET host = 'web2' WHERE host = 'web1'",
    ] {
        let said = String::from_utf8_lossy(&as_host(statement).stderr).into_owned();
        assert!(said.contains("row-level security policy"), "{statement}: {said}");
    }
    for statement in [
        "DELETE FROM envward.secrets",
        "DELETE FROM envward.events",
        "UPDATE envward.events SET what = 'gone'",
        "INSERT INTO envward.events (at, host, project, kind, file, key, state, what) VALUES (now(), 'web1', 'shop', 'secret', '', 'X', 'current', 'gone')",
        "UPDATE envward.schema_version SET version = 7",
        "CREATE TABLE envward.mine ()",
        "DROP POLICY own_rows ON envward.secrets",
        "ALTER TABLE envward.secrets DISABLE ROW LEVEL SECURITY",
        "SET ROLE web2",
        "SET ROLE admin",
        "TRUNCATE envward.secrets",
    ] {
        let said = String::from_utf8_lossy(&as_host(statement).stderr).into_owned();
        assert!(said.contains("permission denied") || said.contains("must be owner"), "{statement}: {said}");
    }
    // Statements that find no row of another host.
    for statement in [
        "UPDATE envward.secrets SET key = 'X' WHERE host = 'web2'",
        "UPDATE envward.reports SET complete = false WHERE host <> 'web1'",
    ] {
        succeeds(&as_host(statement));
    }
    assert_eq!(all(), before);
    // It sees no row of another host either, and the reader sees all, and writes none.
    let hosts = "SELECT DISTINCT host FROM envward.secrets ORDER BY 1";
    let seen = |role: &str, question: &str| {
        String::from_utf8(database.server.psql(role, Some(&password(role)), question).stdout).unwrap()
    };
    assert_eq!(seen("web1", hosts), "web1\n");
    assert_eq!(seen("web1", "SELECT DISTINCT host FROM envward.fleet WHERE key IS NOT NULL"), "web1\n");
    assert_eq!(seen("reader", hosts), "web1\nweb2\n");
    for statement in ["UPDATE envward.secrets SET key = 'X'", "DELETE FROM envward.reports"] {
        assert!(!database.server.psql("reader", Some(&password("reader")), statement).status.success(), "{statement}");
    }
    // A role without a group has no rights at all.
    succeeds(&database.server.psql(
        "postgres",
        None,
        &format!("CREATE ROLE web3 LOGIN PASSWORD '{}'", password("web3")),
    ));
    let said = fails(&database.give("web3", &one.sql(&[]).replace("web1", "web3")));
    assert!(said.contains("permission denied for schema envward"), "{said}");
}

/// The clock of a host may lie; the database's does not ask it.
#[test]
fn a_host_cannot_say_when_its_report_arrived() {
    let Some(database) = Database::start() else { return };
    let host = database.host("web1", ENV);
    database.push(&host);
    let statement = "UPDATE envward.reports SET received = 'infinity'";
    succeeds(&database.server.psql("web1", Some(&password("web1")), statement));
    assert_eq!(database.ask("SELECT received <= now() FROM envward.reports"), "t");
}

/// An administrator runs `--schema` once. A host that comes before that is told so.
#[test]
fn a_host_does_not_create_the_schema() {
    let sandbox = Sandbox::new();
    let Some(server) = Postgres::start(&sandbox) else { return };
    let database = Database { sandbox, server };
    succeeds(&database.server.psql("postgres", None, "CREATE ROLE envward_host; CREATE ROLE envward_reader"));
    let host = database.host("web1", ENV);
    let said = fails(&database.give("web1", &host.sql(&[])));
    assert!(said.contains("this database has no schema \"envward\"") && said.contains("--schema | psql"), "{said}");
    assert_eq!(database.ask("SELECT to_regnamespace('envward') IS NULL"), "t");
    // In another encoding names cannot be kept.
    drop(database.ask("CREATE DATABASE latin ENCODING LATIN1 LOCALE 'C' TEMPLATE template0"));
    let schema = database.sandbox.envward(&["rotation", "export", "--format", "sql", "--schema"]).code(0).stdout;
    let said = fails(&database.give("postgres", &format!("\\c latin\n{schema}")));
    assert!(said.contains("the encoding of this database is LATIN1"), "{said}");
}

/// All at once, the schema not there yet, each script twice: nothing is lost, nothing is doubled, nobody is refused.
#[test]
fn several_hosts_and_runs_at_once() {
    const HOSTS: [&str; 5] = ["web1", "web2", "web3", "web4", "web5"];
    let sandbox = Sandbox::new();
    let Some(server) = Postgres::start(&sandbox) else { return };
    let database = Database { sandbox, server };
    // The first of them creates the schema: here each may.
    drop(database.ask(
        "CREATE ROLE envward_host; CREATE ROLE envward_reader; GRANT CREATE ON DATABASE postgres TO envward_host",
    ));
    let env = |number: usize| {
        let keys = (0..20).map(|key| format!("KEY_{key}_PASSWORD={{password{number}x{key}}}\n"));
        format!("NODE_ENV=production\n{}", keys.collect::<String>())
    };
    let hosts: Vec<_> = HOSTS.iter().enumerate().map(|(at, name)| database.host(name, &env(at))).collect();
    drop(database.ask("ALTER ROLE web1 CREATEROLE; ALTER ROLE web2 CREATEROLE; ALTER ROLE web3 CREATEROLE; ALTER ROLE web4 CREATEROLE; ALTER ROLE web5 CREATEROLE"));
    let scripts: Vec<(&str, String)> = hosts.iter().map(|host| (host.name, host.sql(&[]))).collect();
    let server = &database.server;
    std::thread::scope(|scope| {
        let runs: Vec<_> =
            scripts.iter().chain(&scripts).map(|(name, script)| scope.spawn(|| give(server, name, script))).collect();
        runs.into_iter().for_each(|run| succeeds(&run.join().unwrap()));
    });
    let counts = "SELECT count(*), count(DISTINCT host), count(*) FILTER (WHERE gone IS NULL) FROM envward.secrets";
    assert_eq!(database.ask(counts), "100|5|100");
    assert_eq!(database.ask("SELECT count(*) FROM envward.events"), "100");

    // psql is killed in the middle, again and again; afterwards each row is there once, as it was.
    let rows = || database.ask("SELECT host, key, since, hard_due, gone FROM envward.secrets ORDER BY host, key");
    let before = rows();
    for (at, (name, script)) in scripts.iter().cycle().take(20).enumerate() {
        let mut client = database.server.client(name, Some(&password(name)));
        let mut psql = client.stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::null()).spawn().unwrap();
        let end = script.len() * at / 20;
        let _ = std::io::Write::write_all(psql.stdin.as_mut().unwrap(), &script.as_bytes()[..end]);
        psql.kill().unwrap();
        psql.wait().unwrap();
    }
    for (name, script) in &scripts {
        succeeds(&database.give(name, script));
    }
    assert_eq!(rows(), before);
    assert!(fill("{password0x1}").len() == 64 && !before.contains(&fill("{password0x1}")));
}
