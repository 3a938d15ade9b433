//! Which compose files count, what their paths and variables lead to, and what Docker Compose would refuse.

use crate::common::Sandbox;
use crate::common::fill::fill;
use serde_json::Value;

const OPEN: &str = "services:\n  db: {image: 'postgres:15.5', ports: ['5432:5432']}\n";
const CLOSED: &str = "services:\n  db: {image: 'postgres:15.5'}\n";

fn report(sandbox: &Sandbox, args: &[&str]) -> Value {
    let args: Vec<&str> =
        ["preflight", "--profile", "minimal", "--format", "json"].iter().chain(args).copied().collect();
    sandbox.envward(&args).json()
}

/// `check severity path`, for each finding.
fn found(report: &Value) -> Vec<String> {
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|one| format!("{} {} {}", text(one, "check"), text(one, "severity"), text(one, "path")))
        .collect()
}

fn problems(report: &Value) -> Vec<String> {
    let problems = report["problems"].as_array().unwrap();
    problems
        .iter()
        .map(|one| format!("{}: {}", one["kind"].as_str().unwrap(), one["message"].as_str().unwrap()))
        .collect()
}

#[track_caller]
fn has(report: &Value, finding: &str) {
    assert!(found(report).iter().any(|one| one == finding), "{finding}: {:?} {:?}", found(report), problems(report));
}

#[test]
fn compose_file_is_what_is_deployed() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, "COMPOSE_PATH_SEPARATOR=;\nCOMPOSE_FILE=deploy/one.yml;deploy/two.yml\n");
    // Variables come from where it is started, and then from the first file's directory.
    sandbox.file("deploy/.env", 0o600, "PORT=5432\n");
    sandbox.file("deploy/one.yml", 0o644, CLOSED);
    sandbox.file("deploy/two.yml", 0o644, "services:\n  db: {ports: ['${PORT:?}:5432']}\n");
    let one = report(&sandbox, &[]);
    has(&one, "published-port error deploy/two.yml");
    assert!(!found(&one).iter().any(|one| one.starts_with("undefined-variable")), "{:?}", found(&one));
    let whole = format!("COMPOSE_FILE={}/deploy/one.yml:deploy/two.yml\n", sandbox.root().join("project").display());
    sandbox.file(".env", 0o600, whole);
    has(&report(&sandbox, &[]), "published-port error deploy/two.yml");
    sandbox.file(".env", 0o600, "\nCOMPOSE_FILE=deploy/one.yml:/srv/other.yml\n");
    let outside = problems(&report(&sandbox, &[]));
    assert!(outside.iter().any(|one| one.starts_with("outside-file: .env ") && one.contains("line 2")), "{outside:?}");
}

/// Compose takes it from the shell's environment alone (docker/compose, cmd/compose/compose.go), and so nothing of it can
/// be seen here.
#[test]
fn a_list_of_env_files_in_an_env_file_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, "COMPOSE_ENV_FILES=.env,conf/live.env\nA=1\n");
    sandbox.file("conf/live.env", 0o600, "TAG=15.5\nA=2\n");
    sandbox.file("compose.yaml", 0o644, "services:\n  db: {image: 'postgres:${TAG}'}\n");
    has(&report(&sandbox, &[]), "undefined-variable warning compose.yaml");
    sandbox.file(".env", 0o600, "TAG=15.5\nA=1\n");
    let found = found(&report(&sandbox, &[]));
    assert!(found.iter().all(|one| !one.starts_with("undefined-variable")), "{found:?}");
}

#[test]
fn the_set_that_compose_takes_is_as_grave_as_it_is() {
    for overlay in ["compose.arm64.yaml", "docker-compose.ssl.yml", "compose.monitoring.yml"] {
        let sandbox = Sandbox::new();
        sandbox.file("compose.yaml", 0o644, OPEN);
        sandbox.file(overlay, 0o644, "services:\n  db: {cpus: 1}\n");
        has(&report(&sandbox, &[]), "published-port error compose.yaml");
    }
    for dir in ["test-runner", "dev-tools", "local-llm", "e2e-grid"] {
        let sandbox = Sandbox::new();
        sandbox.file(format!("stacks/{dir}/compose.yaml"), 0o644, OPEN);
        has(&report(&sandbox, &[]), &format!("published-port error stacks/{dir}/compose.yaml"));
    }
    for dir in ["cypress", ".devcontainer", "examples/shop", "e2e"] {
        let sandbox = Sandbox::new();
        sandbox.file(format!("{dir}/compose.yaml"), 0o644, OPEN);
        has(&report(&sandbox, &[]), &format!("published-port note {dir}/compose.yaml"));
    }
}

#[test]
fn files_are_taken_in_the_order_given() {
    let sandbox = Sandbox::new();
    sandbox.file("open.yml", 0o644, OPEN);
    sandbox.file(
        "closed",
        0o644,
        "services:\n  db: {image: 'postgres:15.5', ports: !override ['127.0.0.1:5432:5432']}\n",
    );
    assert_eq!(found(&report(&sandbox, &["-f", "open.yml", "-f", "closed"])), [""; 0]);
    has(&report(&sandbox, &["-f", "closed", "-f", "open.yml"]), "published-port error open.yml");
    has(&report(&sandbox, &["open.yml"]), "published-port error open.yml");
    let _ = sandbox.envward(&["preflight", "-f", "gone.yml"]).code(2);
}

#[test]
fn a_whole_path_below_the_root_is_the_projects() {
    let sandbox = Sandbox::new();
    let root = sandbox.root().join("project");
    let (dir, name) = (root.display().to_string(), root.file_name().unwrap().to_str().unwrap().to_owned());
    for path in
        [format!("{dir}/conf/a"), "${PWD}/conf/a".into(), format!("../{name}/conf/a"), format!("{dir}/x/../conf/a")]
    {
        sandbox.file("conf/a", 0o644, "DB_PASSWORD=postgres\n");
        sandbox.file(
            "compose.yaml",
            0o644,
            format!("services:\n  db: {{image: 'postgres:15.5', env_file: '{path}'}}\n"),
        );
        let one = report(&sandbox, &[]);
        has(&one, "env-file-mode error conf/a");
        assert_eq!(problems(&one), [""; 0], "{path}");
    }
    for path in ["/srv/other/a", "~/a", "${HOME}/a", "../a", "../../a"] {
        sandbox.file(
            "compose.yaml",
            0o644,
            format!("services:\n  db:\n    image: postgres:15.5\n    env_file: '{path}'\n"),
        );
        let outside = problems(&report(&sandbox, &[]));
        assert!(
            outside.iter().any(|one| one.starts_with("outside-file: compose.yaml") && one.contains("line 4")),
            "{path} {outside:?}"
        );
    }
}

#[test]
fn an_example_that_nobody_copied_is_found() {
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "DB_PASSWORD=\nNET=\nTAG=\n");
    let places = [
        ("services:\n  db: {image: 'postgres:${TAG}'}\n", "warning"),
        ("services:\n  db: {image: 'postgres:15.5', environment: ['POSTGRES_PASSWORD=${DB_PASSWORD:?}']}\n", "error"),
        ("services:\n  db: {image: 'postgres:15.5'}\nnetworks:\n  default: {name: '${NET}'}\n", "warning"),
        (
            "services:\n  db: {image: 'postgres:15.5', configs: [c]}\nconfigs:\n  c: {content: 'a=${DB_PASSWORD:?}'}\n",
            "error",
        ),
    ];
    for (text, severity) in places {
        sandbox.file("compose.yaml", 0o644, text);
        has(&report(&sandbox, &[]), &format!("undefined-variable {severity} compose.yaml"));
    }
    // Docker Compose does not read it.
    sandbox.file(".env.local", 0o600, fill("DB_PASSWORD={password}\nNET=a\nTAG=15.5\n"));
    has(&report(&sandbox, &[]), "undefined-variable error compose.yaml");
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\nNET=a\nTAG=15.5\n"));
    let copied = report(&sandbox, &[]);
    assert!(!found(&copied).iter().any(|one| one.starts_with("undefined-variable")), "{:?}", found(&copied));
}

#[test]
fn what_no_template_names_may_come_from_the_host() {
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "OTHER=\n");
    sandbox.file(
        "compose.yaml",
        0o644,
        "services:\n  db: {image: 'postgres:${TAG:?}', hostname: '${COMPOSE_PROJECT_NAME}'}\n",
    );
    assert_eq!(found(&report(&sandbox, &[])), [""; 0]);
}

#[test]
fn env_files_of_tests_are_for_tests() {
    for dir in ["cypress", "spec/fixtures", "examples", ".devcontainer"] {
        let sandbox = Sandbox::new();
        sandbox.git(&["init"]);
        sandbox.file(format!("{dir}/.env"), 0o600, "DB_PASSWORD=test\n");
        sandbox.git(&["add", "-A"]);
        let report = sandbox.envward(&["check", "--format", "json"]).json();
        assert!(
            found(&report).iter().all(|one| !one.contains(" error ") && !one.contains(" critical ")),
            "{:?}",
            found(&report)
        );
    }
    let sandbox = Sandbox::new();
    sandbox.file("vendor/acme/kit/.env", 0o644, "DB_PASSWORD=postgres\n");
    sandbox.file("vendor/acme/kit/compose.yaml", 0o644, OPEN);
    let report = sandbox.envward(&["check", "--format", "json"]).json();
    assert_eq!(found(&report), [""; 0]);
}

#[test]
fn a_socket_proxy_that_containers_ask_is_a_note() {
    let sandbox = Sandbox::new();
    let service = |image: &str, more: &str| {
        format!(
            "services:\n  proxy: {{image: '{image}', volumes: ['/var/run/docker.sock:/var/run/docker.sock{more}}}\n"
        )
    };
    let table = [
        ("tecnativa/docker-socket-proxy:0.3.0", ":ro']", "note"),
        ("ghcr.io/wollomatic/socket-proxy:1.9.0", ":ro']", "note"),
        ("lscr.io/linuxserver/socket-proxy:3.2.3", ":ro']", "note"),
        ("lscr.io/linuxserver/socket-proxy:3.2.3", "']", "error"),
        ("wollomatic/socket-proxy:1.9.0", ":ro'], ports: ['2375:2375']", "error"),
        ("wollomatic/socket-proxy:1.9.0", ":ro'], network_mode: host", "error"),
        ("acme/proxy:1.0", ":ro']", "error"),
    ];
    for (image, more, severity) in table {
        sandbox.file("compose.yaml", 0o644, service(image, more));
        has(&report(&sandbox, &[]), &format!("sensitive-mount {severity} compose.yaml"));
    }
}

#[test]
fn what_compose_refuses_is_told_with_its_line() {
    let refused = [
        ("servces:\n  a: {image: x}\n", "line 1: unknown key, similar to services"),
        ("services:\n  a:\n    image: x\n    enviroment: {A: b}\n", "line 4: unknown key, similar to environment"),
        ("services:\n  a:\n    image: x\n    deploy:\n      limits: {}\n", "line 5: unknown key"),
        ("services:\n  a:\n    image: x\n    ports: '80:80'\n", "line 4: wrong type, expected a list"),
        ("services:\n  a:\n    image: x\n    privileged: perhaps\n", "line 4: wrong type, expected true or false"),
        (
            "services:\n  a:\n    image: x\n    gpus: [{count: some}]\n",
            "line 4: wrong type, expected a whole number or all",
        ),
        ("services:\n  a:\n    image: x\n    networks: [front]\n", "line 4: nothing here defines this network"),
        ("services:\n  a:\n    image: x\n    volumes: ['data:/data']\n", "line 4: nothing here defines this volume"),
        ("services:\n  a:\n    image: x\n    configs: [c]\n", "line 4: nothing here defines this config"),
        ("services:\n  a:\n    image: x\n    depends_on: [b]\n", "line 4: nothing here defines this service"),
        ("services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, links: [a]}\n", "line 2: a cycle"),
        ("services:\n  a:\n    command: x\n", "line 2: a service with neither image nor build"),
        ("a:\n  image: x\n", "line 1: services outside `services:`"),
        ("x-a: &a {}\nservices:\n  a:\n    <<: *a\n    <<: *a\n    image: x\n", "line 5: a key that is set twice"),
        ("# nothing\n", "an empty file"),
        ("services:\n  a: {image: x}\nsecrets:\n  s: {}\n", "line 4: missing key file"),
        (
            "services:\n  a: {image: x}\nvolumes:\n  v: {external: true, driver: local}\n",
            "cannot be used together with external",
        ),
    ];
    for (text, said) in refused {
        let sandbox = Sandbox::new();
        sandbox.file("compose.yaml", 0o644, text);
        let problems = problems(&report(&sandbox, &[]));
        assert!(
            problems.iter().any(|one| one.starts_with("broken-compose-file") && one.contains(said)),
            "{text}{problems:?}"
        );
    }
}

#[test]
fn what_compose_takes_is_no_problem() {
    let taken = [
        "version: '3'\nservices: {a: {image: x}}\n",
        "services:\n  a: {image: x, depends_on: [b], profiles: [p]}\n",
        "services:\n  a: {image: x, networks: [default], volumes: [./a:/a, /b]}\n",
        "services:\n  a: {image: x, x-own: [1], labels: {x: y}, mem_limit: 64m, cpus: '0.5', init: 'yes'}\n",
        "services:\n  a: {image: x, depends_on: {b: {condition: service_started, required: false}}}\n  b: {image: y, profiles: [p]}\n",
        "services:\n  a: {image: x, privileged: '${PRIVILEGED}', mem_limit: '${MEMORY}'}\n",
        "services:\n  a: {build: ., command: ~, environment: {A: , B: 1, C: true}}\n",
        "services:\n  a: {image: x, deploy: {resources: {reservations: {devices: [{count: all, capabilities: [gpu]}]}}}}\n",
        "services:\n  a: {image: x, gpus: [{count: '2', driver: nvidia}]}\n",
    ];
    for text in taken {
        let sandbox = Sandbox::new();
        sandbox.file("compose.yaml", 0o644, text);
        sandbox.file("Dockerfile", 0o644, "FROM x:1\nUSER u\n");
        assert_eq!(problems(&report(&sandbox, &[])), [""; 0], "{text}");
    }
    // What another file includes need not make sense alone.
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, "include: [part/compose.yaml]\nnetworks: {front: {}}\n");
    sandbox.file("part/compose.yaml", 0o644, "services:\n  a: {image: x, networks: [front]}\n");
    assert_eq!(problems(&report(&sandbox, &[])), [""; 0]);
}

/// `docker compose -f compose.yaml -f part/compose.yml up`: the part alone is refused, and nobody starts it alone.
#[test]
fn a_part_lacks_what_the_others_define() {
    let base = "services:\n  api: {image: x, networks: [front]}\nnetworks: {front: {}}\nvolumes: {data: {}}\n";
    let parts = [
        "services:\n  api: {environment: {LOG: debug}}\n",
        "services:\n  job: {image: y, networks: [front], depends_on: [api]}\n",
        "services:\n  job: {image: y, volumes: ['data:/data'], network_mode: 'service:api'}\n",
    ];
    for part in parts {
        let sandbox = Sandbox::new();
        sandbox.file("compose.yaml", 0o644, base);
        sandbox.file("part/compose.yml", 0o644, part);
        assert_eq!(problems(&report(&sandbox, &[])), [""; 0], "{part}");
        // Whoever names it alone starts it alone.
        let alone = sandbox.envward(&["preflight", "--format=json", "-f", "part/compose.yml"]).code(2);
        assert!(alone.stdout.contains("broken-compose-file"), "{part}");
    }
    // What nobody defines is missing, and what is wrong in itself stays so.
    for part in ["services:\n  job: {image: y, networks: [back]}\n", "services:\n  api: {enviroment: {LOG: debug}}\n"] {
        let sandbox = Sandbox::new();
        sandbox.file("compose.yaml", 0o644, base);
        sandbox.file("part/compose.yml", 0o644, part);
        assert!(problems(&report(&sandbox, &[]))[0].starts_with("broken-compose-file"), "{part}");
    }
}
