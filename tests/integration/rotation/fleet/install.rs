//! The job that sends: its unit, and what its commands do.

use std::fs;

use super::{Database, fill};
use crate::common::{Output, Sandbox, skip};

const ENV: &str = "NODE_ENV=production\nDB_PASSWORD={password}\n";

fn install(sandbox: &Sandbox, args: &[&str], code: i32) -> Output {
    fs::create_dir_all(sandbox.path("../units")).unwrap();
    let user: &[&str] = if nix::unistd::geteuid().is_root() { &["--user", "daemon"] } else { &[] };
    sandbox.envward(&[&["rotation", "install", "--dir", "../units", "--replace"], user, args].concat()).code(code)
}

fn unit(sandbox: &Sandbox, name: &str) -> String {
    fs::read_to_string(sandbox.path("../units").join(name)).unwrap()
}

#[test]
fn systemd_takes_the_unit() {
    let sandbox = Sandbox::new();
    sandbox.file("my app $HOME 100%/.env", 0o600, fill(ENV));
    sandbox.file("my app $HOME 100%/envward.toml", 0o644, "");
    sandbox.file("../fleet.key", 0o600, fill("{hex32}\n"));
    let project = "my app $HOME 100%";
    let output = install(&sandbox, &["--systemd", "--fleet", "envward", project], 0);
    assert!(
        output.stdout.contains("systemctl start envward-fleet.service") || output.stdout.contains("--user start"),
        "{}",
        output.stdout
    );
    let text = unit(&sandbox, "envward-fleet.service");
    assert!(
        !text.contains('@') || !text.contains("@FLEET") && !text.contains("@PROJECTS@") && !text.contains("@ENVWARD@"),
        "{text}"
    );
    assert!(!text.contains("LoadCredential") && !text.contains("--fleet-key"), "{text}");
    assert!(text.contains("service=envward\n") && text.contains("/my app $$HOME 100%%\"\n"), "{text}");
    assert!(unit(&sandbox, "envward-rotation.service").contains("\nWants=envward-fleet.service\n"));

    let key = sandbox.root().join("fleet.key");
    let args = ["--systemd", "--fleet", "envward", "--host", "web1", "--fleet-key", key.to_str().unwrap(), project];
    drop(install(&sandbox, &args, 0));
    let text = unit(&sandbox, "envward-fleet.service");
    assert!(text.contains(&format!("LoadCredential=fleet-key:{}\n", key.display())), "{text}");
    assert!(text.contains("--host web1 --fleet-key ${CREDENTIALS_DIRECTORY}/fleet-key \""), "{text}");
    drop(install(&sandbox, &["--systemd", project], 0));
    assert!(!unit(&sandbox, "envward-rotation.service").contains("envward-fleet"));
    drop(install(&sandbox, &args, 0));
    if sandbox.shell("command -v systemd-analyze").run().code != 0 {
        return skip("systemd-analyze is not here");
    }
    let units = "../units/envward-rotation.service ../units/envward-rotation.timer ../units/envward-fleet.service";
    let verified = sandbox.shell(&format!("systemd-analyze verify {units}")).run();
    // The program psql may not be here.
    let is_ours = |line: &&str| line.contains("envward") && !line.contains("psql");
    assert_eq!(verified.stderr.lines().filter(is_ours).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn what_the_job_would_refuse_every_day_is_refused_now() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill(ENV));
    sandbox.file("../open.key", 0o644, fill("{hex32}\n"));
    sandbox.file("../short.key", 0o600, "x\n");
    sandbox.file("../a b.key", 0o600, fill("{hex32}\n"));
    for (args, says) in [
        (&["--systemd", "--fleet", "envward", "--fleet-key", "../open.key"][..], "other users can read the fleet key"),
        (&["--systemd", "--fleet", "envward", "--fleet-key", "../short.key"], "less than 32 bytes"),
        (&["--systemd", "--fleet", "envward", "--fleet-key", "../none.key"], "no such file"),
        (&["--systemd", "--fleet", "envward", "--fleet-key", "../a b.key"], "characters that a unit"),
        (&["--systemd", "--fleet", "password=x host=db"], "--fleet"),
        (&["--systemd", "--fleet", "postgres://a:b@c/d"], "--fleet"),
        (&["--systemd", "--host", "web1"], "--fleet"),
        (&["--cron", "--fleet", "envward"], "--fleet"),
    ] {
        let output = install(&sandbox, args, 2);
        assert!(output.stderr.contains(says), "{says}: {}", output.stderr);
        assert_eq!(fs::read_dir(sandbox.path("../units")).unwrap().count(), 0);
    }
}

/// The commands of the unit, as systemd runs them: they send; a database that is down ends with 2, and nothing is lost.
#[test]
fn the_commands_of_the_unit_send() {
    let Some(database) = Database::start() else { return };
    let host = database.host("web1", ENV);
    let sandbox = &host.sandbox;
    sandbox.file("../fleet.key", 0o600, fill("{hex32}\n"));
    let key = sandbox.root().join("fleet.key");
    drop(install(
        sandbox,
        &["--systemd", "--fleet", "envward", "--host", "web1", "--fleet-key", key.to_str().unwrap()],
        0,
    ));
    let text = unit(sandbox, "envward-fleet.service");
    let commands: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("ExecStart=")).collect();
    let [export, send] = commands[..] else { panic!("{text}") };
    let runtime = sandbox.root().join("run/envward-fleet");
    fs::create_dir_all(&runtime).unwrap();
    let line =
        |command: &str| command.trim_start_matches('-').replace("%t", sandbox.root().join("run").to_str().unwrap());
    let services = sandbox.root().join("pg_service.conf");
    let service = |port: u16| {
        // The directory of the socket is that of the server.
        let dir = database.sandbox.root().join("pg");
        fs::write(&services, format!("[envward]\nhost={}\nport={port}\nuser=web1\ndbname=postgres\n", dir.display()))
            .unwrap();
    };
    let credentials = sandbox.root().join("credentials");
    fs::create_dir_all(&credentials).unwrap();
    fs::copy(&key, credentials.join("fleet-key")).unwrap();
    let run = |command: &str, code: i32| {
        let run = sandbox.shell(&line(command)).env("PGSERVICEFILE", services.to_str().unwrap());
        let run = run.env("PGPASSWORD", &super::password("web1"));
        run.env("CREDENTIALS_DIRECTORY", credentials.to_str().unwrap()).run().code(code)
    };
    service(1);
    assert_eq!(run(export, 0).normalized(), "");
    let output = run(send, 2);
    assert!(output.stderr.contains("connection to server"), "{}", output.stderr);
    service(5432);
    assert_eq!(run(send, 0).normalized(), "");
    assert_eq!(database.ask("SELECT count(*), count(mark) FROM envward.secrets"), "1|1");
    // The export failed: there is no report, so nothing is sent, and the unit fails.
    fs::remove_file(runtime.join("report.sql")).unwrap();
    assert_ne!(sandbox.shell(&line(send)).env("PGSERVICEFILE", services.to_str().unwrap()).run().code, 0);
}
