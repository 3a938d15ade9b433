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
    drop(
        sandbox
            .envward(&["rotation", "promote", "SESSION_SECRET", ".env", "--confirm", "--unproven", "a test"])
            .code(0),
    );
    assert_eq!(old_values(&sandbox, &env), ["error SESSION_SECRET_PREVIOUS"]);
    std::fs::write(sandbox.root().join("state/ledger.sqlite"), "no ledger").unwrap();
    assert_eq!(problems(&report(&sandbox, &["preflight", "--inspect", "inspect.json"], 2)).len(), 1);
}

/// What is found of one container, whose JSON of `docker inspect` is all right but for these parts.
fn found_of(name: &str, image: &str, host: &str, config: &str, rest: &str) -> Vec<String> {
    let sandbox = Sandbox::new();
    let part = |text: &str| if text.is_empty() { String::new() } else { format!(",{text}") };
    let text = format!(
        "[{{\"Name\":\"/{name}\",\"State\":{{\"Status\":\"running\",\"Health\":{{\"Status\":\"healthy\"}}}}{},\"HostConfig\":{{\"RestartPolicy\":\
         {{\"Name\":\"always\"}},\"Memory\":536870912,\"NanoCpus\":500000000,\"PidsLimit\":100{}}},\"Config\":{{\"Image\":\"{image}\"{}}}}}]",
        part(rest),
        part(host),
        part(if config.is_empty() { "\"User\":\"1001\"" } else { config })
    );
    let run = sandbox.command(&["preflight", "--inspect", "-", "--format", "json"]).stdin(&text).run();
    findings(&run.json())
}

#[test]
fn rights_are_judged_by_the_lists_of_compose() {
    let host = |host: &str| found_of("app", "acme/app:1.4.2", host, "", "");
    for none in [
        "\"CapAdd\":[\"CAP_CHOWN\",\"CAP_SETUID\",\"net_bind_service\"]",
        "\"CapAdd\":null,\"SecurityOpt\":[\"no-new-privileges:true\",\"label=type:x\"]",
        "\"MaskedPaths\":[\"/proc/kcore\"],\"UsernsMode\":\"private\",\"CgroupnsMode\":\"host\"",
    ] {
        assert_eq!(host(none), [""; 0], "{none}");
    }
    let grave = [
        "\"CapAdd\":[\"CAP_SYS_PTRACE\",\"CHOWN\"]",
        "\"CapAdd\":[\"ALL\"]",
        "\"SecurityOpt\":[\"seccomp=unconfined\"]",
        "\"SecurityOpt\":[\"apparmor:unconfined\"]",
        "\"MaskedPaths\":[],\"ReadonlyPaths\":[]",
        "\"UsernsMode\":\"host\"",
    ];
    for one in grave {
        assert_eq!(host(one), ["error container-privileged app"], "{one}");
    }
    assert_eq!(host("\"CapAdd\":[\"SYS_NICE\"]"), ["warning container-privileged app"]);
    let exporter = |host: &str| found_of("metrics", "quay.io/prometheus/node-exporter:v1.7.0", host, "", "");
    assert_eq!(exporter("\"PidMode\":\"host\",\"NetworkMode\":\"host\""), [""; 0]);
    assert_eq!(exporter("\"IpcMode\":\"host\""), ["error container-privileged metrics"]);
}

#[test]
fn what_it_holds_of_the_host_is_judged_by_the_lists_of_compose() {
    let bind = |source: &str, writable: bool| {
        format!("\"Mounts\":[{{\"Type\":\"bind\",\"Source\":\"{source}\",\"RW\":{writable}}}]")
    };
    let mounts = |image: &str, source: &str, writable: bool, host: &str| {
        found_of("app", image, host, "", &bind(source, writable))
    };
    for source in ["/etc/shadow", "/home/ada/.ssh", "/usr", "/run/podman/podman.sock", "/var/run/"] {
        assert_eq!(mounts("acme/app:1.4.2", source, false, ""), ["error container-mounts-host app"], "{source}");
    }
    for source in ["/root/app/data", "/proc/cpuinfo", "/var/lib/docker/containers", "/etc/localtime", "/srv/etc"] {
        assert_eq!(mounts("acme/app:1.4.2", source, false, ""), [""; 0], "{source}");
    }
    let (cadvisor, proxy) = ("gcr.io/cadvisor/cadvisor:v0.47.2", "tecnativa/docker-socket-proxy:0.1.2");
    assert_eq!(mounts(cadvisor, "/", false, ""), ["note container-mounts-host app"]);
    assert_eq!(mounts(cadvisor, "/", true, ""), ["error container-mounts-host app"]);
    assert_eq!(mounts(proxy, "/var/run/docker.sock", false, ""), ["note container-mounts-host app"]);
    let open = "\"PortBindings\":{\"2375/tcp\":[{\"HostIp\":\"\",\"HostPort\":\"2375\"}]}";
    let both = ["error container-mounts-host app", "error container-published-port app"];
    assert_eq!(mounts(proxy, "/var/run/docker.sock", false, open), both);
    let disk = "\"Devices\":[{\"PathOnHost\":\"/dev/nvme0n1\"},{\"PathOnHost\":\"/dev/snd\"}]";
    assert_eq!(found_of("app", "acme/app:1.4.2", disk, "", ""), ["error container-mounts-host app"]);
}

#[test]
fn who_runs_it() {
    let runs = |image: &str, config: &str| found_of("app", image, "", config, "");
    let script = "\"User\":\"\",\"Entrypoint\":[\"docker-entrypoint.sh\"],\"Cmd\":[\"redis-server\"]";
    assert_eq!(runs("redis:7.2.3", script), [""; 0]);
    assert_eq!(
        runs("lscr.io/linuxserver/sonarr:4.0.1", "\"User\":\"\",\"Entrypoint\":[\"/init\"],\"Cmd\":null"),
        [""; 0]
    );
    assert_eq!(runs("gitea/gitea:1.21.3", "\"User\":\"\",\"Entrypoint\":[\"/usr/bin/entrypoint\"]"), [""; 0]);
    assert_eq!(runs("nginx:1.25.3", "\"User\":\"\""), ["note container-runs-as-root app"]);
    let root = [
        (
            "redis:7.2.3",
            "\"User\":\"\",\"Entrypoint\":[\"docker-entrypoint.sh\"],\"Cmd\":[\"sh\",\"-c\",\"redis-server\"]",
        ),
        ("postgres:15.5", "\"User\":\"\",\"Entrypoint\":[\"/usr/bin/postgres\"]"),
        ("postgres:15.5", "\"User\":\"root\""),
        ("acme/app:1.4.2", "\"User\":\"\""),
    ];
    for (image, config) in root {
        assert_eq!(runs(image, config), ["error container-runs-as-root app"], "{image} {config}");
    }
}

#[test]
fn who_starts_it_again_and_what_compose_built() {
    let runs = |name: &str, image: &str, labels: &str| {
        let config = format!("\"User\":\"1001\",\"Labels\":{{{labels}}}");
        let text = format!(
            "[{{\"Name\":\"/{name}\",\"State\":{{\"Status\":\"running\",\"Health\":{{\"Status\":\"healthy\"}}}},\"HostConfig\":{{\"RestartPolicy\":\
             {{\"Name\":\"\"}},\"Memory\":1,\"NanoCpus\":1000000,\"PidsLimit\":1}},\"Config\":{{\"Image\":\"{image}\",{config}}}}}]"
        );
        findings(
            &Sandbox::new().command(&["preflight", "--inspect", "-", "--format", "json"]).stdin(&text).run().json(),
        )
    };
    let minders = [
        "\"com.docker.swarm.service.id\":\"a\"",
        "\"io.kubernetes.pod.name\":\"shop-0\"",
        "\"PODMAN_SYSTEMD_UNIT\":\"shop.service\"",
        "\"com.docker.compose.oneoff\":\"True\"",
    ];
    for label in minders {
        assert_eq!(runs("app", "acme/app:1.4.2", label), [""; 0], "{label}");
    }
    let alone = "\"com.docker.compose.oneoff\":\"False\"";
    assert_eq!(runs("app", "acme/app:1.4.2", alone), ["warning container-restart-policy app"]);
    let own = "\"com.docker.compose.project\":\"shop\",\"com.docker.compose.service\":\"app\",\"com.docker.compose.oneoff\":\"True\"";
    for image in ["shop-app", "shop_app:latest", "localhost/shop_app:latest"] {
        assert_eq!(runs("app", image, own), [""; 0], "{image}");
    }
    for image in ["shop", "shop-app2", "acme/shop-app", "redis:latest"] {
        assert_eq!(runs("app", image, own), ["error container-image-not-fixed app"], "{image}");
    }
}

#[test]
fn ports_that_the_network_reaches() {
    let open = |image: &str, at: &str, port: u16| {
        let rest = format!("\"NetworkSettings\":{{\"Ports\":{{\"{port}/tcp\":{at},\"1/tcp\":null}}}}");
        found_of("db", image, "", "", &rest)
    };
    let everywhere = "[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"9\"},{\"HostIp\":\"::\",\"HostPort\":\"9\"}]";
    for (image, port) in [("mariadb:11.2.2", 3306), ("acme/store:1.4.2", 27017), ("grafana/loki:2.9.3", 3100)] {
        assert_eq!(open(image, everywhere, port), ["error container-published-port db"], "{image}");
    }
    assert_eq!(open("mariadb:11.2.2", "[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"9\"}]", 3306), [""; 0]);
    assert_eq!(open("mariadb:11.2.2", "null", 3306), [""; 0]);
    assert_eq!(open("caddy:2.7.6", everywhere, 443), [""; 0]);
}

#[test]
fn what_the_health_check_answered_and_the_kernel_did() {
    let sandbox = Sandbox::new();
    let judged = |state: &str| {
        let text = format!(
            "[{{\"Name\":\"/app\",\"State\":{{{state}}},\"HostConfig\":{{\"RestartPolicy\":{{\"Name\":\"always\"}},\"Memory\":1,\"NanoCpus\":1000000,\
             \"PidsLimit\":1}},\"Config\":{{\"Image\":\"acme/app:1.4.2\",\"User\":\"1001\",\"Healthcheck\":{{\"Test\":[\"CMD\",\"x\"]}}}}}}]"
        );
        let output = sandbox.command(&["preflight", "--inspect", "-", "--exit-zero"]).stdin(&text).run().code(0);
        output.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let log = |status: &str, codes: &[i32]| {
        let log: Vec<String> =
            codes.iter().map(|code| format!("{{\"ExitCode\":{code},\"Output\":{:?}}}", fill("{password}"))).collect();
        format!(
            "\"Status\":\"running\",\"Health\":{{\"Status\":\"{status}\",\"FailingStreak\":1,\"Log\":[{}]}}",
            log.join(",")
        )
    };
    assert!(judged(&log("healthy", &[0, 1, 0, 1, 0])).contains("failed 2 of the last 5 times"));
    assert!(judged(&log("unhealthy", &[127, 127, 127])).contains("calls a program that is not in the image"));
    assert!(judged(&log("unhealthy", &[1, 127, -1])).contains("the health check of the container fails"));
    for quiet in [log("healthy", &[0, 0, 1]), log("healthy", &[]), log("starting", &[1, 1])] {
        assert!(judged(&quiet).starts_with("clean"), "{quiet}");
    }
    for state in ["exited", "running", "restarting"] {
        let text = judged(&format!("\"Status\":\"{state}\",\"OOMKilled\":true,\"Health\":{{\"Status\":\"healthy\"}}"));
        assert!(text.contains("its memory was used up"), "{text}");
    }
    assert!(!judged(&log("unhealthy", &[1])).contains(&fill("{password}")));
}
