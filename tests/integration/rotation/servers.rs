//! A password replaced on a real Redis and a real MariaDB, by the commands that are printed, as they are printed.

use std::fs;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::servers::Server;

/// The value of a key now.
fn value(sandbox: &Sandbox, key: &str) -> String {
    let text = fs::read_to_string(sandbox.path(".env")).unwrap();
    text.lines().find_map(|line| line.strip_prefix(&format!("{key}="))).unwrap().to_owned()
}

/// The commands that `rotate` prints.
fn steps(sandbox: &Sandbox, key: &str) -> Vec<String> {
    let output = sandbox.envward(&["rotation", "rotate", key, ".env"]).code(0).stdout;
    let steps = output.lines().filter_map(|line| line.trim_start().strip_prefix("-> "));
    steps.map(str::to_owned).collect()
}

fn new_server(sandbox: &Sandbox, compose: &str, env: &str) {
    sandbox.file("compose.yaml", 0o644, compose);
    sandbox.file(".env", 0o600, fill(env));
}

#[test]
fn redis_in_a_container() {
    let sandbox = Sandbox::new();
    let compose = "services:\n  cache:\n    image: redis:7.2.4\n    command: [redis-server, --requirepass, '${REDIS_PASSWORD:?}']\n\
                   \x20 api:\n    image: shop:1.0\n    env_file: .env\n";
    new_server(&sandbox, compose, "REDIS_PASSWORD={password}\nREDIS_URL=redis://:{password}@cache:6379/0\n");
    let old = value(&sandbox, "REDIS_PASSWORD");
    let Some(server) = Server::redis(&sandbox, &old) else { return };
    let steps = steps(&sandbox, "REDIS_PASSWORD");
    let [tell, promote, recreate, prove, _, confirm] = &steps[..] else { panic!("{steps:?}") };
    assert!(tell.contains("docker compose exec -T -e REDISCLI_AUTH cache redis-cli"), "{tell}");
    // Before Redis knows the new password, it accepts only the old one.
    let output = server.typed(&sandbox, prove).run().code(1).stdout;
    assert!(output.contains("still the old value:\n  user default\n"), "{output}");

    let told = server.typed(&sandbox, tell).run().code(0);
    assert_eq!(told.stdout.trim(), "OK", "{}", told.stderr);
    drop(server.typed(&sandbox, promote).run().code(0));
    let new = value(&sandbox, "REDIS_PASSWORD");
    assert_ne!(old, new);
    assert!(value(&sandbox, "REDIS_URL").contains(&new));
    // Both, until the containers are made anew.
    assert_eq!([&old, &new].map(|password| server.redis_cli(password, "PING")), ["PONG", "PONG"]);
    let output = server.typed(&sandbox, prove).run().code(1).stdout;
    assert!(output.contains("still the old value:\n  user default\n"), "both are accepted: {output}");
    drop(server.typed(&sandbox, recreate).run().code(0));
    let log = server.docker_log();
    assert!(log.contains("docker compose up -d --force-recreate cache api"), "{log}");
    drop(server);
    let Some(server) = Server::redis(&sandbox, &new) else { return };
    assert!(server.redis_cli(&old, "PING").contains("NOAUTH"));
    let output = server.typed(&sandbox, prove).run().code(0).stdout;
    assert!(output.contains("the new value:\n  user default\nproven and recorded"), "{output}");
    drop(server.typed(&sandbox, confirm).run().code(0));
}

/// A user of an access list, and a server on this host.
#[test]
fn redis_with_users_on_this_host() {
    let sandbox = Sandbox::new();
    sandbox.file(
        ".env",
        0o600,
        fill("CACHE_PASSWORD={password}\nCACHE_URL=redis://shop:{password}@localhost:6379/0\n"),
    );
    let (old, admin) = (value(&sandbox, "CACHE_PASSWORD"), fill("{password2}"));
    let Some(server) = Server::redis(&sandbox, &admin) else { return };
    assert_eq!(server.redis_cli(&admin, &format!("ACL SETUSER shop on >{old} ~* +@all")), "OK");
    let steps = steps(&sandbox, "CACHE_PASSWORD");
    let told = server.typed(&sandbox, &steps[0]).run().code(0);
    assert_eq!(told.stdout.trim(), "OK", "{}: {}", steps[0], told.stderr);
    drop(server.typed(&sandbox, &steps[1]).run().code(0));
    for password in [&old, &value(&sandbox, "CACHE_PASSWORD")] {
        assert_eq!(server.redis_cli(&admin, &format!("AUTH shop {password}")), "OK");
    }
}

const STACK: &str = "services:\n  db:\n    image: mariadb:11.4\n    environment:\n      MARIADB_USER: app\n      \
                     MARIADB_PASSWORD: ${DB_PASSWORD:?}\n      MARIADB_ROOT_PASSWORD: ${DB_ROOT_PASSWORD:?}\n";

#[test]
fn mariadb_in_a_container() {
    let sandbox = Sandbox::new();
    let env =
        "DB_PASSWORD={password}\nDB_ROOT_PASSWORD={password2}\nDATABASE_URL=mysql://app:{password}@db:3306/shop\n";
    new_server(&sandbox, STACK, env);
    let old = value(&sandbox, "DB_PASSWORD");
    let Some(server) = Server::mariadb(&sandbox, &[("'app'@'%'", &old)]) else { return };
    let before = server.statements().len();
    let steps = steps(&sandbox, "DB_PASSWORD");
    let [tell, promote, recreate, prove, _, confirm] = &steps[..] else { panic!("{steps:?}") };
    assert!(tell.contains("docker compose exec -T -e MYSQL_PWD db mariadb -u app"), "{tell}");
    let output = server.typed(&sandbox, prove).run().code(1).stdout;
    assert!(output.contains("still the old value:\n  user 'app'@'%'\n"), "{output}");
    let told = server.typed(&sandbox, tell).run().code(0);
    assert_eq!(told.stdout + &told.stderr, "");
    drop(server.typed(&sandbox, promote).run().code(0));
    let new = value(&sandbox, "DB_PASSWORD");
    assert!(value(&sandbox, "DATABASE_URL").contains(&new));
    assert!(server.mariadb_as("'app'@'%'", &new).status.success());
    assert!(!server.mariadb_as("'app'@'%'", &old).status.success(), "the old one is refused");
    let output = server.typed(&sandbox, prove).run().code(0).stdout;
    assert!(output.contains("the new value:\n  user 'app'@'%'\nproven and recorded"), "{output}");
    drop(server.typed(&sandbox, recreate).run().code(0));
    drop(server.typed(&sandbox, confirm).run().code(0));
    let log = server.statements();
    assert!(log[before..].contains("SET PASSWORD"), "{log}");
    assert!(!log[before..].contains(&new) && !log[before..].contains(&old), "a password is in the server's log");
    // The same password as MariaDB's other plugin stores it.
    let other = "INSTALL SONAME 'auth_ed25519'; CREATE OR REPLACE USER 'app'@'%' IDENTIFIED VIA ed25519 USING PASSWORD";
    let made = server.typed(&sandbox, &format!("mariadb -u root -e \"{other}('{new}')\"")).run();
    if made.code == 0 {
        drop(server.typed(&sandbox, prove).run().code(0));
        let remade = server.typed(&sandbox, &format!("mariadb -u root -e \"{other}('{old}')\"")).run();
        assert_eq!(remade.code, 0, "{}", remade.stderr);
        let output = server.typed(&sandbox, prove).run().code(2).stdout;
        assert!(output.contains("neither the new nor the old value"), "nothing is kept of the old one: {output}");
        let again = server.typed(&sandbox, &format!("mariadb -u root -e \"{other}('{new}')\"")).run();
        assert_eq!(again.code, 0, "{}", again.stderr);
    } else {
        crate::common::skip("MariaDB's plugin ed25519 is not here");
    }
    // Typed once more: the password that the step brings is not the one in use any more.
    let again = server.typed(&sandbox, &tell.replace("rotate DB_PASSWORD", "rotate NO_SUCH_KEY")).run();
    assert_ne!(again.code, 0, "a pipe without a statement does not look done");
}

/// The image makes root twice, for its socket and for everywhere else.
#[test]
fn mariadbs_root() {
    let sandbox = Sandbox::new();
    new_server(&sandbox, STACK, "DB_PASSWORD={password}\nDB_ROOT_PASSWORD={password2}\n");
    let old = value(&sandbox, "DB_ROOT_PASSWORD");
    let accounts = [("'root'@'localhost'", &*old), ("'root'@'%'", &old)];
    let Some(server) = Server::mariadb(&sandbox, &accounts) else { return };
    let steps = steps(&sandbox, "DB_ROOT_PASSWORD");
    assert!(steps[0].contains("mariadb -u root"), "{}", steps[0]);
    let told = server.typed(&sandbox, &steps[0]).run();
    assert_eq!((told.code, told.stdout + &told.stderr), (0, String::new()));
    drop(server.typed(&sandbox, &steps[1]).run().code(0));
    let new = value(&sandbox, "DB_ROOT_PASSWORD");
    assert!(server.mariadb_as("'root'@'localhost'", &new).status.success());
    let question = "SELECT COUNT(DISTINCT authentication_string) FROM mysql.user WHERE user = 'root' AND host IN ('%', 'localhost')";
    let counted = server.typed(&sandbox, &format!("MYSQL_PWD={new} mariadb -N -u root -e \"{question}\"")).run();
    assert_eq!(counted.code(0).stdout.trim(), "1");
}

/// The schemes of django-environ, dj-database-url, SQLAlchemy and Celery lead to the same servers, which are told and asked.
#[test]
fn each_scheme_of_a_database_leads_to_the_same_steps() {
    let printed = |image: &str, scheme: &str| {
        let sandbox = Sandbox::new();
        let compose =
            format!("services:\n  db:\n    image: {image}\n    environment: {{POSTGRES_USER: app, MYSQL_USER: app}}\n");
        new_server(&sandbox, &compose, &format!("DATABASE_URL={scheme}://app:{{password}}@db/app\n"));
        steps(&sandbox, "DATABASE_URL")
    };
    for (image, scheme, others) in [
        ("postgres:15.5", "postgres", "psql postgis pgsql timescalegis postgresql+psycopg db+postgresql"),
        ("mysql:8.0.36", "mysql", "mysql2 mysqlgis mysql-connector mysql+pymysql db+mysql"),
        ("redis:7.2.4", "redis", "rediss rediscache redis+socket valkey"),
    ] {
        let expected = printed(image, scheme);
        assert!(expected.iter().any(|step| step.contains("rotation verify")), "{expected:?}");
        assert!(expected.iter().any(|step| step.contains("docker compose exec")), "{expected:?}");
        for other in others.split(' ') {
            assert_eq!(printed(image, other), expected, "{other}");
        }
    }
}
