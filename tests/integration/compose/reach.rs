//! What a service is given of the host, and services that ask nobody who they are.

use crate::common::Sandbox;

/// How often a check says something of a service, and as what, in the usual profile.
fn severities(body: &str, check: &str) -> Vec<String> {
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, format!("services:\n{body}"));
    let report = sandbox.envward(&["preflight", "--format", "json"]).json();
    let findings = report["findings"].as_array().unwrap().iter().filter(|one| one["check"] == check);
    findings.map(|one| one["severity"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn vital_parts_of_the_host() {
    let held = [
        "devices: ['/dev/nvme0n1:/dev/nvme0n1:r']",
        "devices: [{source: /dev/mem, target: /dev/mem}]",
        "volumes: ['~/.aws:/root/.aws:ro']",
        "volumes: ['/home/ada/.kube:/kube:ro']",
        "volumes: ['/etc/shadow:/shadow:ro']",
        "use_api_socket: true",
    ];
    for body in held {
        let text = format!("  app: {{image: 'acme/app:1.4.2', {body}}}\n");
        assert_eq!(severities(&text, "sensitive-mount"), ["error"], "{body}");
    }
    let none = [
        "devices: ['/dev/snd:/dev/snd', '/dev/fuse', '/dev/kvm']",
        "volumes: ['/etc/localtime:/etc/localtime:ro', '~/music:/music:ro']",
        "use_api_socket: false",
    ];
    for body in none {
        let text = format!("  app: {{image: 'acme/app:1.4.2', {body}}}\n");
        assert_eq!(severities(&text, "sensitive-mount"), [""; 0], "{body}");
    }
    // A chain of services, and one that takes only a volume of Docker's.
    let chain = "  a: {image: 'acme/a:1.0.0', volumes: ['/var/run/docker.sock:/s']}\n  b: {image: 'acme/b:1.0.0', volumes_from: \
                 ['a:ro']}\n  c: {image: 'acme/c:1.0.0', volumes_from: [b]}\n";
    assert_eq!(severities(chain, "sensitive-mount").len(), 3);
}

#[test]
fn services_that_ask_nobody() {
    let check = "service-without-authentication";
    let open = [
        "image: 'bitnami/postgresql:15.5.0', environment: [ALLOW_EMPTY_PASSWORD=yes]",
        "image: 'neo4j:5.16.0', environment: {NEO4J_AUTH: none}",
        "image: 'valkey/valkey:7.2.5', command: \"valkey-server --requirepass ''\"",
        "image: 'elasticsearch:6.8.23'",
        // Any value allows it, and a default value of nothing is nothing.
        "image: 'mysql:8.0.35', environment: {MYSQL_ALLOW_EMPTY_PASSWORD: 'no'}",
        "image: 'mariadb:11.2.2', environment: {MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: '0'}",
        "image: 'grafana/grafana:10.2.3', environment: ['GF_SECURITY_ADMIN_PASSWORD=${PW:-}']",
        "image: 'mongo:7.0.5', environment: ['MONGO_INITDB_ROOT_PASSWORD=${PW-}']",
        "image: 'rabbitmq:3.12.10', environment: ['RABBITMQ_DEFAULT_PASS=${PW:-}']",
        "image: 'getmeili/meilisearch:v1.6.0'",
        "image: 'traefik:v3.0.0', environment: {TRAEFIK_API_INSECURE: 'true'}, ports: ['443:443']",
    ];
    for body in open {
        assert_eq!(severities(&format!("  app: {{{body}}}\n"), check), ["warning"], "{body}");
    }
    let closed = [
        "image: 'elasticsearch:8.12.0'",
        "image: 'getmeili/meilisearch:v1.6.0', environment: ['MEILI_MASTER_KEY=${KEY:?}']",
        // A host may define it.
        "image: 'grafana/grafana:10.2.3', environment: ['GF_SECURITY_ADMIN_PASSWORD=${PW}']",
        "image: 'mysql:8.0.35', environment: ['MYSQL_ROOT_PASSWORD=${PW:?}', MYSQL_ALLOW_EMPTY_PASSWORD=no]",
        "image: 'bitnami/redis:7.2.4', environment: ['REDIS_PASSWORD=${PW:?}', ALLOW_EMPTY_PASSWORD=no]",
    ];
    for body in closed {
        assert_eq!(severities(&format!("  app: {{{body}}}\n"), check), [""; 0], "{body}");
    }
    for image in ["arangodb:3.11.8", "dpage/pgadmin4:8.2", "scylladb/scylla:5.4.1", "provectuslabs/kafka-ui:v0.7.1"] {
        let text = format!("  app: {{image: '{image}', ports: ['9999:9999']}}\n");
        assert_eq!(severities(&text, "published-port"), ["error"], "{image}");
    }
}

#[test]
fn what_decides_on_a_restart_and_a_probe() {
    let restart =
        |policy: &str| severities(&format!("  app: {{image: 'acme/app:1.4.2', {policy}}}\n"), "restart-policy");
    assert_eq!(restart("restart: 'no', deploy: {restart_policy: {condition: any}}"), [""; 0]);
    assert_eq!(restart("restart: always, deploy: {restart_policy: {condition: on-failure}}"), ["warning"]);
    assert_eq!(restart("restart: always, deploy: {replicas: 1}"), [""; 0]);
    let probe = |test: &str| {
        let text = format!("  app: {{image: 'acme/app:1.4.2', healthcheck: {{test: \"{test}\"}}}}\n");
        severities(&text, "no-healthcheck")
    };
    for test in ["curl -f http://localhost; exit 0", "pg_isready || printf down", "wget -q x || :"] {
        assert_eq!(probe(test), ["warning"], "{test}");
    }
    for test in ["curl -f http://localhost || exit 1", "echo ruok | nc localhost 2181 | grep imok", "a; b || exit 1"] {
        assert_eq!(probe(test), [""; 0], "{test}");
    }
}
