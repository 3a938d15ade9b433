//! `published-port`: a database or a monitor that the network can reach.

use super::{Artifact, Check, Context, Example, Kind, Step, about, services};
use crate::compose::{Range, Service};
use crate::finding::{Fact, Finding, Severity};
pub(crate) static CHECK: Check = Check {
    id: "published-port",
    title: "a database or monitoring port that the network can reach",
    doc: r#"## What it does

Reports a published port of a database, cache, broker, search engine or monitor, known by its image or by the container's port, that is not bound to the loopback address. Short and long forms, ranges and IPv6 are read as Docker Compose reads them.

## Why it matters

The deployment checklist: "Network isolation configured (if using custom networks)" and "Firewall rules configured". Docker opens a published port in front of the host's firewall: ufw and firewalld do not see it. Databases left open this way are found within hours.

## What to do

Take `ports:` out: services of one network reach each other without it. For a look from the host itself write `127.0.0.1:5432:5432`.

## Facts

- `port`: the container's port
- `service_kind`: what it is

The key is the service.
"#,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    bad: &[
        Example {
            about: "a database for everybody",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                "services:\n  db:\n    image: postgres:15.5-alpine\n    ports: [\"5432:5432\"]\n",
            )],
        },
        Example {
            about: "the long form, another port outside",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                "services:\n  cache:\n    image: redis:7.2.3-alpine\n    ports:\n      - target: 6379\n        published: 16379\n",
            )],
        },
        Example {
            about: "for everybody, over IPv6",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                "services:\n  metrics:\n    image: prom/prometheus:v2.48.1\n    ports: [\"[::]:9090:9090\"]\n",
            )],
        },
    ],
    good: &[
        Example {
            about: "loopback only",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                "services:\n  db:\n    image: postgres:15.5-alpine\n    ports: [\"127.0.0.1:5432:5432\"]\n",
            )],
        },
        Example {
            about: "a web server is meant to be reached",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                "services:\n  web:\n    image: nginx:1.25.3\n    ports: [\"80:80\", \"443:443\"]\n",
            )],
        },
    ],
    run,
};

/// Image names, and what they are, as their pages on Docker Hub (hub.docker.com) say.
const IMAGES: [(&str, &str); 78] = [
    ("postgres", "database"),
    ("postgresql", "database"),
    ("postgis", "database"),
    ("timescaledb", "database"),
    ("pgvector", "database"),
    ("pgbouncer", "database"),
    ("mysql", "database"),
    ("mariadb", "database"),
    ("percona-server", "database"),
    ("mongo", "database"),
    ("mongodb", "database"),
    ("mongo-express", "database console"),
    ("redis", "cache"),
    ("redis-stack", "cache"),
    ("redis-stack-server", "cache"),
    ("valkey", "cache"),
    ("keydb", "cache"),
    ("dragonfly", "cache"),
    ("memcached", "cache"),
    ("rabbitmq", "broker"),
    ("kafka", "broker"),
    ("cp-kafka", "broker"),
    ("nats", "broker"),
    ("zookeeper", "coordinator"),
    ("etcd", "coordinator"),
    ("consul", "coordinator"),
    ("elasticsearch", "search engine"),
    ("opensearch", "search engine"),
    ("kibana", "monitor"),
    ("logstash", "monitor"),
    ("cassandra", "database"),
    ("couchdb", "database"),
    ("influxdb", "database"),
    ("clickhouse-server", "database"),
    ("neo4j", "database"),
    ("prometheus", "monitor"),
    ("alertmanager", "monitor"),
    ("node-exporter", "monitor"),
    ("cadvisor", "monitor"),
    ("loki", "monitor"),
    ("adminer", "database console"),
    ("phpmyadmin", "database console"),
    ("pgadmin4", "database console"),
    ("clickhouse", "database"),
    ("cockroach", "database"),
    ("tidb", "database"),
    ("yugabyte", "database"),
    ("scylla", "database"),
    ("arangodb", "database"),
    ("rethinkdb", "database"),
    ("surrealdb", "database"),
    ("questdb", "database"),
    ("dgraph", "database"),
    ("oracle-xe", "database"),
    ("oracle-free", "database"),
    ("db2", "database"),
    ("firebird", "database"),
    ("solr", "search engine"),
    ("meilisearch", "search engine"),
    ("typesense", "search engine"),
    ("manticore", "search engine"),
    ("qdrant", "database"),
    ("weaviate", "database"),
    ("milvus", "database"),
    ("victoria-metrics", "monitor"),
    ("redpanda", "broker"),
    ("activemq", "broker"),
    ("pulsar", "broker"),
    ("redis-commander", "database console"),
    ("redisinsight", "database console"),
    ("pgweb", "database console"),
    ("cloudbeaver", "database console"),
    ("dbgate", "database console"),
    ("kafka-ui", "database console"),
    ("kafdrop", "database console"),
    ("opensearch-dashboards", "monitor"),
    ("percona", "database"),
    ("pgadmin", "database console"),
];

/// Ports that say it whatever the image is called.
const PORTS: [(u16, &str); 16] = [
    (1433, "database"),
    (1521, "database"),
    (2375, "container engine"),
    (2379, "coordinator"),
    (3306, "database"),
    (5432, "database"),
    (5672, "broker"),
    (6379, "cache"),
    (9042, "database"),
    (9092, "broker"),
    (9093, "monitor"),
    (9100, "monitor"),
    (9200, "search engine"),
    (11211, "cache"),
    (27017, "database"),
    (5984, "database"),
];

/// What a service is, where it is something that nobody outside should reach.
pub(super) fn kind_of(service: &Service<'_>) -> Option<&'static str> {
    kind_of_image(&service.image_name()?)
}

/// The same by an image's name, without owner and tag.
pub(super) fn kind_of_image(name: &str) -> Option<&'static str> {
    IMAGES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

/// The same by a container's port.
pub(super) fn kind_of_port(target: Range) -> Option<&'static str> {
    PORTS.iter().find(|(known, _)| target.contains(*known)).map(|(_, kind)| *kind)
}

fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    for service in services(artifact) {
        let by_image = kind_of(&service);
        for port in service.ports().iter().filter(|port| !port.is_loopback()) {
            let Some(kind) = by_image.or_else(|| kind_of_port(port.target)) else { continue };
            findings.push(
                about(
                    &CHECK,
                    &service,
                    port.place,
                    "{key}: the network can reach this {service_kind} on port {port}",
                    "take it out of `ports`, or bind it to 127.0.0.1",
                )
                .fact("port", Fact::Number(u64::from(port.target.first)))
                .fact("service_kind", Fact::Word(kind)),
            );
        }
    }
}
