//! Which services nobody outside should reach, by their image and by their port.

use crate::docker::compose::{Range, Service};

/// Image names, and what kind of service they are. Sources: for official images hub.docker.com/_/NAME, for others the page
/// in the comment (if several owners have an image of this name, the page of one).
const IMAGES: [(&str, &str); 78] = [
    ("postgres", "database"),
    ("postgresql", "database"),  // hub.docker.com/r/bitnami/postgresql
    ("postgis", "database"),     // hub.docker.com/r/postgis/postgis
    ("timescaledb", "database"), // hub.docker.com/r/timescale/timescaledb
    ("pgvector", "database"),    // hub.docker.com/r/pgvector/pgvector
    ("pgbouncer", "database"),   // hub.docker.com/r/edoburu/pgbouncer
    ("mysql", "database"),
    ("mariadb", "database"),
    ("percona-server", "database"), // hub.docker.com/r/percona/percona-server
    ("mongo", "database"),
    ("mongodb", "database"), // hub.docker.com/r/bitnami/mongodb
    ("mongo-express", "database console"),
    ("redis", "cache"),
    ("redis-stack", "cache"),        // hub.docker.com/r/redis/redis-stack
    ("redis-stack-server", "cache"), // hub.docker.com/r/redis/redis-stack-server
    ("valkey", "cache"),             // hub.docker.com/r/valkey/valkey
    ("keydb", "cache"),              // hub.docker.com/r/eqalpha/keydb
    ("dragonfly", "cache"),          // dragonflydb.io/docs, "Install with Docker"
    ("memcached", "cache"),
    ("rabbitmq", "broker"),
    ("kafka", "broker"),    // hub.docker.com/r/apache/kafka
    ("cp-kafka", "broker"), // hub.docker.com/r/confluentinc/cp-kafka
    ("nats", "broker"),
    ("zookeeper", "coordinator"),
    ("etcd", "coordinator"),   // etcd.io/docs, "Run etcd clusters inside containers"
    ("consul", "coordinator"), // hub.docker.com/r/hashicorp/consul
    ("elasticsearch", "search engine"),
    ("opensearch", "search engine"), // hub.docker.com/r/opensearchproject/opensearch
    ("kibana", "monitor"),
    ("logstash", "monitor"),
    ("cassandra", "database"),
    ("couchdb", "database"),
    ("influxdb", "database"),
    ("clickhouse-server", "database"), // hub.docker.com/r/clickhouse/clickhouse-server
    ("neo4j", "database"),
    ("prometheus", "monitor"),    // hub.docker.com/r/prom/prometheus
    ("alertmanager", "monitor"),  // hub.docker.com/r/prom/alertmanager
    ("node-exporter", "monitor"), // hub.docker.com/r/prom/node-exporter
    ("cadvisor", "monitor"),      // github.com/google/cadvisor
    ("loki", "monitor"),          // hub.docker.com/r/grafana/loki
    ("adminer", "database console"),
    ("phpmyadmin", "database console"),
    ("pgadmin4", "database console"), // hub.docker.com/r/dpage/pgadmin4
    ("clickhouse", "database"),
    ("cockroach", "database"), // hub.docker.com/r/cockroachdb/cockroach
    ("tidb", "database"),      // hub.docker.com/r/pingcap/tidb
    ("yugabyte", "database"),  // hub.docker.com/r/yugabytedb/yugabyte
    ("scylla", "database"),    // hub.docker.com/r/scylladb/scylla
    ("arangodb", "database"),
    ("rethinkdb", "database"),
    ("surrealdb", "database"),   // hub.docker.com/r/surrealdb/surrealdb
    ("questdb", "database"),     // hub.docker.com/r/questdb/questdb
    ("dgraph", "database"),      // hub.docker.com/r/dgraph/dgraph
    ("oracle-xe", "database"),   // hub.docker.com/r/gvenzl/oracle-xe
    ("oracle-free", "database"), // hub.docker.com/r/gvenzl/oracle-free
    ("db2", "database"),         // ibm.com/docs/db2, "Db2 Community Edition for Docker"
    ("firebird", "database"),    // hub.docker.com/r/jacobalberty/firebird
    ("solr", "search engine"),
    ("meilisearch", "search engine"),        // hub.docker.com/r/getmeili/meilisearch
    ("typesense", "search engine"),          // hub.docker.com/r/typesense/typesense
    ("manticore", "search engine"),          // hub.docker.com/r/manticoresearch/manticore
    ("qdrant", "database"),                  // hub.docker.com/r/qdrant/qdrant
    ("weaviate", "database"),                // hub.docker.com/r/semitechnologies/weaviate
    ("milvus", "database"),                  // hub.docker.com/r/milvusdb/milvus
    ("victoria-metrics", "monitor"),         // hub.docker.com/r/victoriametrics/victoria-metrics
    ("redpanda", "broker"),                  // hub.docker.com/r/redpandadata/redpanda
    ("activemq", "broker"),                  // hub.docker.com/r/apache/activemq-classic
    ("pulsar", "broker"),                    // hub.docker.com/r/apachepulsar/pulsar
    ("redis-commander", "database console"), // hub.docker.com/r/rediscommander/redis-commander
    ("redisinsight", "database console"),    // hub.docker.com/r/redis/redisinsight
    ("pgweb", "database console"),           // hub.docker.com/r/sosedoff/pgweb
    ("cloudbeaver", "database console"),     // hub.docker.com/r/dbeaver/cloudbeaver
    ("dbgate", "database console"),          // hub.docker.com/r/dbgate/dbgate
    ("kafka-ui", "database console"),        // hub.docker.com/r/provectuslabs/kafka-ui
    ("kafdrop", "database console"),         // hub.docker.com/r/obsidiandynamics/kafdrop
    ("opensearch-dashboards", "monitor"),    // hub.docker.com/r/opensearchproject/opensearch-dashboards
    ("percona", "database"),
    ("pgadmin", "database console"),
];

/// Ports that tell the kind of service, whatever the name of the image: default ports in the documentation.
const PORTS: [(u16, &str); 16] = [
    (1433, "database"),         // learn.microsoft.com/sql, "Configure the Windows Firewall"
    (1521, "database"),         // docs.oracle.com, "Oracle Net Listener"
    (2375, "container engine"), // docs.docker.com/engine/daemon/remote-access
    (2379, "coordinator"),      // etcd.io/docs, "Configuration options"
    (3306, "database"),         // dev.mysql.com/doc, "MySQL Port Reference"
    (5432, "database"),         // postgresql.org/docs, "Connections and Authentication"
    (5672, "broker"),           // rabbitmq.com/docs/networking
    (6379, "cache"),            // redis.io/docs, "Redis configuration"
    (9042, "database"),         // cassandra.apache.org/doc, "cassandra.yaml"
    (9092, "broker"),           // kafka.apache.org/documentation, "listeners"
    (9093, "monitor"),          // github.com/prometheus/prometheus/wiki/Default-port-allocations
    (9100, "monitor"),          // github.com/prometheus/node_exporter
    (9200, "search engine"),    // elastic.co/docs, "Networking settings"
    (11211, "cache"),           // memcached.org, memcached(1)
    (27017, "database"),        // mongodb.com/docs, "Default MongoDB Port"
    (5984, "database"),         // docs.couchdb.org, "Configuring CouchDB"
];

/// The kind of a service that nobody outside should reach; `None` for other services.
pub(in crate::checks) fn kind_of(service: &Service<'_>) -> Option<&'static str> {
    kind_of_image(&service.image_name()?)
}

/// The same by the name of an image, without owner and tag.
pub(in crate::checks) fn kind_of_image(name: &str) -> Option<&'static str> {
    IMAGES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

/// The same by the port of a container.
pub(in crate::checks) fn kind_of_port(target: Range) -> Option<&'static str> {
    PORTS.iter().find(|(known, _)| target.contains(*known)).map(|(_, kind)| *kind)
}
