//! One password of several servers, or of several users of one: each is told, and each has to refuse the old value before
//! the rotation ends.

use std::fs;

use crate::common::fill::fill;
use crate::common::{Output, Sandbox};

/// A project with one password, `DB_PASSWORD` of `.env`, and these services.
fn project(services: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, format!("services:\n{services}"));
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox
}

fn postgres(name: &str, user: &str) -> String {
    format!(
        "  {name}:\n    image: postgres:16.4\n    environment: {{POSTGRES_USER: {user}, POSTGRES_PASSWORD: '${{DB_PASSWORD}}'}}\n"
    )
}

const MARIADB: &str = "  maria:\n    image: mariadb:11.4.2\n    environment:\n      MARIADB_USER: wp\n      \
                       MARIADB_PASSWORD: ${DB_PASSWORD}\n      MARIADB_ROOT_PASSWORD: ${DB_PASSWORD}\n";
const REDIS: &str = "  cache:\n    image: redis:7.2.5\n    command: redis-server --requirepass ${DB_PASSWORD}\n";

fn rotation(sandbox: &Sandbox, args: &[&str]) -> Output {
    sandbox.envward(&[&["rotation", args[0], "DB_PASSWORD", ".env"], &args[1..]].concat())
}

/// What `rotate --sql` prints of the verifiers, as `pg_authid` would show it.
fn rows(statements: &str) -> String {
    let row = |line: &str| {
        let role = line.split('"').nth(1).unwrap();
        format!("{role}|{}\n", line.split('\'').nth(1).unwrap())
    };
    statements.lines().map(row).collect()
}

fn verify(sandbox: &Sandbox, flags: &[&str], evidence: &str) -> Output {
    let args = [&["rotation", "verify", "DB_PASSWORD", ".env"], flags].concat();
    sandbox.command(&args).stdin(evidence).run()
}

fn commands(screen: &str) -> Vec<String> {
    screen.lines().filter_map(|line| line.trim_start().strip_prefix("-> ")).map(str::to_owned).collect()
}

fn md5_row(role: &str, password: &str) -> String {
    use md5::Digest as _;
    let digest = md5::Md5::digest(format!("{password}{role}"));
    format!("{role}|md5{}\n", crate::common::leak::hex(&digest))
}

fn value(sandbox: &Sandbox) -> String {
    let text = fs::read_to_string(sandbox.path(".env")).unwrap();
    text.lines().find_map(|line| line.strip_prefix("DB_PASSWORD=")).unwrap().to_owned()
}

#[test]
fn two_servers_of_one_kind() {
    let sandbox = project(&(postgres("app-db", "app") + &postgres("auth-db", "keycloak")));
    let steps = commands(&rotation(&sandbox, &["rotate"]).code(0).stdout);
    for (server, user) in [("app-db", "app"), ("auth-db", "keycloak")] {
        let tell = format!("--sql --server {server} | docker compose exec -T {server} psql");
        assert!(steps.iter().any(|step| step.contains(&tell) && step.contains(&format!("-U {user} "))), "{steps:#?}");
        assert!(steps.iter().any(|step| step.ends_with(&format!("--postgres --server {server}"))), "{steps:#?}");
    }
    // What is meant has to be said, before a value is told to anybody.
    for args in [&["rotate", "--sql"][..], &["rotate", "--sql", "--server", "other"]] {
        let refused = rotation(&sandbox, args).code(2);
        assert!(refused.unwrapped().contains("app-db: app; auth-db: keycloak"), "{}", refused.stderr);
    }
    let told = |server: &str| rows(&rotation(&sandbox, &["rotate", "--sql", "--server", server]).code(0).stdout);
    let (app, auth) = (told("app-db"), told("auth-db"));
    assert!(app.starts_with("app|") && auth.starts_with("keycloak|"), "{app}{auth}");
    drop(rotation(&sandbox, &["promote"]).code(0));
    // Evidence of a server that is not named is of none, and that of one server is not that of the other.
    drop(verify(&sandbox, &["--postgres"], &app).code(2));
    drop(verify(&sandbox, &["--postgres", "--server", "auth-db"], &app).code(2));
    let first = verify(&sandbox, &["--postgres", "--server", "app-db"], &app).code(0).stdout;
    assert!(first.contains("recorded of app-db") && !first.contains("proven and recorded"), "{first}");
    let stage = || {
        let answer = sandbox.envward(&["rotation", "status", "--format", "json", "--exit-zero"]).code(0).json();
        let all = answer["secrets"].as_array().unwrap();
        let one = all.iter().find(|one| one["state"] == "current").unwrap();
        format!("{} {}", one["stage"].as_str().unwrap(), one["proof"].as_str().unwrap_or("-"))
    };
    assert_eq!(stage(), "promoted -");
    let refused = rotation(&sandbox, &["promote", "--confirm"]).code(1).stdout;
    assert!(refused.contains("auth-db: keycloak") && !refused.contains("app-db"), "{refused}");
    assert!(sandbox.path(".env.DB_PASSWORD.previous").exists());
    let last = verify(&sandbox, &["--postgres", "--server", "auth-db"], &auth).code(0).stdout;
    assert!(last.contains("proven and recorded"), "{last}");
    assert_eq!(stage(), "proven postgres app-db, postgres auth-db");
    drop(rotation(&sandbox, &["promote", "--confirm"]).code(0));
}

/// Two stacks name their servers alike: the directory tells them apart.
#[test]
fn servers_of_two_stacks() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    for stack in ["gitea", "wiki"] {
        sandbox.file(format!("{stack}/.env"), 0o600, fill("DB_PASSWORD={password}\n"));
        let compose = format!("services:\n{}", postgres("db", stack));
        sandbox.file(format!("{stack}/compose.yaml"), 0o644, compose);
    }
    let rotate = ["rotation", "rotate", "DB_PASSWORD", "gitea/.env"];
    let steps = commands(&sandbox.envward(&rotate).code(0).stdout);
    for stack in ["gitea", "wiki"] {
        let tell = format!("--sql --server {stack}/db | docker compose -f {stack}/compose.yaml exec -T db psql");
        assert!(steps.iter().any(|step| step.contains(&tell)), "{tell}: {steps:#?}");
        let statement =
            sandbox.envward(&[&rotate[..], &["--sql", "--server", &format!("{stack}/db")]].concat()).code(0);
        assert!(statement.stdout.starts_with(&format!("ALTER ROLE \"{stack}\" ")), "{}", statement.stdout);
    }
}

#[test]
fn servers_of_several_kinds() {
    let sandbox = project(&(postgres("pg", "app") + MARIADB + REDIS));
    let screen = rotation(&sandbox, &["rotate"]).code(0).stdout;
    let steps = commands(&screen);
    for part in [
        "--sql --server pg | docker compose exec -T pg psql",
        "--sql --server maria --role root | MYSQL_PWD=",
        "--sql --server maria --role wp | MYSQL_PWD=",
        "--redis | REDISCLI_AUTH=",
        "verify DB_PASSWORD .env --postgres",
        "verify DB_PASSWORD .env --mysql",
        "verify DB_PASSWORD .env --redis",
    ] {
        assert_eq!(steps.iter().filter(|step| step.contains(part)).count(), 1, "{part}: {screen}");
    }
    drop(rotation(&sandbox, &["rotate", "--sql"]).code(2));
    let refused = rotation(&sandbox, &["rotate", "--sql", "--server", "maria"]).code(2);
    assert!(refused.unwrapped().contains("--role root, or --role wp"), "{}", refused.stderr);
    let told = rows(&rotation(&sandbox, &["rotate", "--sql", "--server", "pg"]).code(0).stdout);
    drop(rotation(&sandbox, &["promote"]).code(0));
    drop(verify(&sandbox, &["--postgres"], &told).code(0));
    let refused = rotation(&sandbox, &["promote", "--confirm"]).code(1).stdout;
    assert!(refused.contains("maria: root, wp; cache: default") && !refused.contains("--postgres"), "{refused}");
}

/// Both users of one MariaDB, of which only one was told.
#[test]
fn two_users_of_mariadb() {
    let sandbox = project(MARIADB);
    let old = value(&sandbox);
    for args in [&["rotate"][..], &["promote"]] {
        drop(rotation(&sandbox, args).code(0));
    }
    let row = |user: &str, password: &str| {
        use sha1::Digest as _;
        let digest = crate::common::leak::hex(&sha1::Sha1::digest(sha1::Sha1::digest(password)));
        format!("{user}\t%\tmysql_native_password\t*{digest}\n")
    };
    let new = value(&sandbox);
    let output = verify(&sandbox, &["--mysql"], &(row("root", &new) + &row("wp", &old))).code(1).stdout;
    assert!(output.contains("still the old value:\n  user 'wp'@'%'\n"), "{output}");
    drop(verify(&sandbox, &["--mysql"], &row("root", &new)).code(2));
    drop(rotation(&sandbox, &["promote", "--confirm"]).code(1));
    drop(verify(&sandbox, &["--mysql"], &(row("root", &new) + &row("wp", &new))).code(0));
    drop(rotation(&sandbox, &["promote", "--confirm"]).code(0));
}

/// A second role, which only an address of another service names, or which the project does not name at all.
#[test]
fn two_roles_of_one_server() {
    let report = "  report:\n    image: x/report:1.2.3\n    environment: {DATABASE_URL: 'postgres://report:${DB_PASSWORD}@db/app'}\n";
    let sandbox = project(&(postgres("db", "app") + report));
    let old = value(&sandbox);
    let refused = rotation(&sandbox, &["rotate", "--role", "app_b"]).code(2).stderr;
    assert!(refused.contains("several users or servers"), "{refused}");
    let told = rotation(&sandbox, &["rotate", "--sql"]).code(0).stdout;
    assert!(told.starts_with("ALTER ROLE \"app\" ") && told.contains("\nALTER ROLE \"report\" "), "{told}");
    let one = rotation(&sandbox, &["rotate", "--sql", "--role", "report"]).code(0).stdout;
    assert!(one.starts_with("ALTER ROLE \"report\" ") && one.lines().count() == 1, "{one}");
    drop(rotation(&sandbox, &["promote"]).code(0));
    let new = value(&sandbox);
    for role in ["report", "forgotten"] {
        let rows = md5_row("app", &new) + &md5_row("report", &new) + &md5_row(role, &old);
        let rows = if role == "report" { md5_row("app", &new) + &md5_row(role, &old) } else { rows };
        let output = verify(&sandbox, &["--postgres"], &rows).code(1).stdout;
        assert!(output.contains(&format!("still the old value:\n  role {role}\n")), "{output}");
        assert!(output.contains("still accepts the old value"), "{output}");
        drop(rotation(&sandbox, &["promote", "--confirm"]).code(1));
    }
    drop(verify(&sandbox, &["--postgres", "--role", "app"], &md5_row("app", &new)).code(2));
    drop(verify(&sandbox, &["--postgres"], &(md5_row("app", &new) + &md5_row("report", &new))).code(0));
    drop(rotation(&sandbox, &["promote", "--confirm"]).code(0));
}

#[test]
fn two_addresses_with_two_roles() {
    let sandbox = Sandbox::new();
    let env = "DATABASE_URL=postgres://app:{password}@db/app\nREPORT_URL=postgres://report:{password}@db/app\n";
    sandbox.file(".env", 0o600, fill(env));
    let told = sandbox.envward(&["rotation", "rotate", "DATABASE_URL", ".env", "--sql"]).code(0).stdout;
    assert!(told.starts_with("ALTER ROLE \"app\" ") && told.contains("\nALTER ROLE \"report\" "), "{told}");
}
