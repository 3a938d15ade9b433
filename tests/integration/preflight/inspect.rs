//! `envward preflight --inspect`: what Docker says of running containers.
use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{findings, problems, report};

const INSPECT: &str = r#"[{
  "Id": "4fe5", "Name": "/backend", "RestartCount": 7,
  "State": { "Status": "running" },
  "HostConfig": { "NetworkMode": "app_default", "RestartPolicy": { "Name": "no" }, "CapAdd": ["NET_ADMIN"], "Memory": 0 },
  "Mounts": [{ "Type": "bind", "Source": "/etc", "RW": true }],
  "Config": { "User": "root", "Image": "ghcr.io/takumi/{token}:latest",
    "Env": ["DB_PASSWORD=postgres", "JWT_SECRET={hex64}", "DATABASE_URL=postgres://app:{password}@db/app", "API_KEY=changeme", "PORT=80"] }
}, {
  "Id": "4fe6", "Name": "/good", "RestartCount": 0,
  "State": { "Status": "running", "Health": { "Status": "healthy" } },
  "HostConfig": { "RestartPolicy": { "Name": "always" }, "Memory": 1073741824, "NanoCpus": 500000000, "PidsLimit": 100 },
  "Mounts": [],
  "Config": { "User": "1001:1001", "Image": "redis:7.2.3-alpine", "Env": ["REDIS_PASSWORD_FILE=/run/secrets/redis"] }
}]"#;

#[test]
fn containers_are_judged() {
    let sandbox = Sandbox::new();
    sandbox.file("inspect.json", 0o600, fill(INSPECT));
    let json = report(&sandbox, &["preflight", "--inspect", "inspect.json"], 1);
    assert_eq!(
        findings(&json),
        [
            "error container-image-not-fixed backend",
            "error container-mounts-host backend",
            "error container-privileged backend",
            "error container-runs-as-root backend",
            "error container-secret-in-environment backend API_KEY",
            "error container-secret-in-environment backend DB_PASSWORD",
            "warning container-restart-policy backend",
            "warning container-unhealthy backend",
            "warning container-without-healthcheck backend",
            "warning container-without-limits backend",
            "note container-secret-in-environment backend DATABASE_URL",
            "note container-secret-in-environment backend JWT_SECRET",
        ]
    );
    assert!(json["findings"].as_array().unwrap().iter().all(|one| one["origin"] == "runtime"));
    assert_eq!(json["examined"]["containers"], 2);
}

#[test]
fn standard_input_and_the_three_commands_behind_one_another() {
    let sandbox = Sandbox::new();
    let ps =
        "{\"Names\":\"db\",\"Image\":\"postgres:15.5\",\"State\":\"running\",\"Status\":\"Up 2 days (healthy)\"}\n";
    let stats = "{\"Name\":\"db\",\"CPUPerc\":\"0.10%\",\"MemPerc\":\"97.00%\",\"MemUsage\":\"970MiB / 1GiB\"}\n";
    let run = |text: &str| sandbox.command(&["preflight", "--inspect", "-", "--format", "json"]).stdin(text).run();
    assert_eq!(findings(&run(&[ps, stats].concat()).code(1).json()), ["warning container-near-limit db"]);
    assert_eq!(findings(&run(ps).code(0).json()), [""; 0]);
}

#[test]
fn nothing_is_no_clean_answer() {
    let sandbox = Sandbox::new();
    let kinds = |text: &str| {
        let output = sandbox.command(&["preflight", "--inspect", "-", "--format", "json"]).stdin(text).run().code(2);
        problems(&output.json())
    };
    assert_eq!(kinds(""), ["empty-inspection standard input"]);
    assert_eq!(kinds("[]"), ["empty-inspection standard input"]);
    assert_eq!(kinds("[{\"Name\":\"bridge\",\"Driver\":\"bridge\"}]"), ["empty-inspection standard input"]);
    assert_eq!(kinds("error: no such container"), ["no-inspection standard input"]);
    assert_eq!(kinds(&fill(INSPECT)[..200]), ["no-inspection standard input"]);
    assert_eq!(kinds(&" ".repeat(5 << 20)), ["too-large standard input"]);
    let _ = sandbox.envward(&["preflight", "--inspect", "not-there.json"]).code(2);
    let _ = sandbox.envward(&["preflight", "--inspect", "-", "--fix"]).code(2);
}

#[test]
fn an_ignore_of_the_project_acts() {
    let sandbox = Sandbox::new();
    sandbox.file("inspect.json", 0o600, fill(INSPECT));
    let ignore =
        "[[ignore]]\ncheck = \"container-mounts-host\"\npath = \"backend\"\nreason = \"reads the host's time zone\"\n";
    sandbox.file("envward.toml", 0o644, ignore);
    let json = report(&sandbox, &["preflight", "--inspect", "inspect.json"], 1);
    assert_eq!(crate::common::listed::hidden(&json), ["error container-mounts-host backend"]);
}

/// A container of the project with this environment: the findings that it has an old value, and the status.
fn old_values(sandbox: &Sandbox, env: &[&str]) -> Vec<String> {
    let env: Vec<String> = env.iter().map(|one| format!("{:?}", fill(one))).collect();
    let text = format!(
        "[{{\"Name\":\"/api\",\"State\":{{\"Status\":\"running\"}},\"HostConfig\":{{}},\"Config\":{{\"Env\":[{}]}}}}]",
        env.join(",")
    );
    sandbox.file("inspect.json", 0o600, text);
    let found = sandbox.envward(&["preflight", "--inspect", "inspect.json", "--format=json"]).json();
    let found = found["findings"].as_array().unwrap().iter().filter(|one| one["check"] == "container-secret-replaced");
    found.map(|one| format!("{} {}", one["severity"].as_str().unwrap(), one["key"].as_str().unwrap())).collect()
}

/// What the ledger knows to be replaced is found under every name, in a URL too; what may stay, or came back, is none.
#[test]
fn a_container_that_runs_with_what_was_replaced() {
    let sandbox = Sandbox::new();
    let write = |text: &str| {
        sandbox.file(".env", 0o600, fill(text));
        drop(sandbox.envward(&["rotation", "status"]));
    };
    write("DB_PASSWORD={password}\nAPI_TOKEN={token}\n");
    let url = "DATABASE_URL=postgres://app:{password}@db/app";
    assert_eq!(old_values(&sandbox, &[url, "API_TOKEN={token}"]), [""; 0]);
    write("DB_PASSWORD={password2}\nAPI_TOKEN={token2}\n");
    assert_eq!(old_values(&sandbox, &[url, "PGPASSWORD={password}"]), ["error DATABASE_URL", "error PGPASSWORD"]);
    assert_eq!(old_values(&sandbox, &["PGPASSWORD={password2}", "PORT=80", "OTHER={password3}"]), [""; 0]);
    // Another file of the project has it again.
    sandbox.file("worker.env", 0o600, fill("DB_PASSWORD={password}\n"));
    drop(sandbox.envward(&["rotation", "status"]));
    assert_eq!(old_values(&sandbox, &["DB_PASSWORD={password}", "API_TOKEN={token}"]), ["error API_TOKEN"]);
}

#[test]
fn what_is_kept_beside_its_key_may_stay_until_it_is_confirmed() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("SESSION_SECRET={hex64}\n"));
    for verb in ["rotate", "promote"] {
        drop(sandbox.envward(&["rotation", verb, "SESSION_SECRET", ".env"]).code(0));
    }
    let env = ["SESSION_SECRET_PREVIOUS={hex64}"];
    assert_eq!(old_values(&sandbox, &env), [""; 0]);
    assert_eq!(old_values(&sandbox, &["SESSION_SECRET={hex64}"]), ["error SESSION_SECRET"]);
    drop(sandbox.envward(&["rotation", "promote", "SESSION_SECRET", ".env", "--confirm"]).code(0));
    assert_eq!(old_values(&sandbox, &env), ["error SESSION_SECRET_PREVIOUS"]);
    std::fs::write(sandbox.root().join("state/ledger.sqlite"), "no ledger").unwrap();
    assert_eq!(problems(&report(&sandbox, &["preflight", "--inspect", "inspect.json"], 2)).len(), 1);
}
