//! Who serves in a container that root starts: of many images the entry point gives root's rights away. Pure.

use super::Reference;

/// Who serves there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// Somebody else than root.
    Other,
    /// Somebody else, below a master process of root's.
    Workers,
}

/// Images whose entry point starts the server as a user of its own, by gosu, su-exec, setpriv or chroot, or that take
/// such a user themselves: what their own sources say, github.com/docker-library, unless named otherwise.
const STEP_DOWN: [&str; 23] = [
    "cassandra",
    "clickhouse-server", // github.com/ClickHouse/ClickHouse, docker/server/entrypoint.sh
    "consul",            // github.com/hashicorp/docker-consul
    "couchdb",           // github.com/apache/couchdb-docker
    "eclipse-mosquitto", // mosquitto.conf(5), "user"
    "elasticsearch",     // github.com/elastic/dockerfiles, up to version 7; later ones name a user
    "forgejo",           // codeberg.org/forgejo/forgejo, docker/root
    "ghost",
    "gitea",    // github.com/go-gitea/gitea, docker/root
    "influxdb", // github.com/influxdata/influxdata-docker, from version 2 on
    "mariadb",
    "mongo",
    "mysql",
    "neo4j",    // github.com/neo4j/docker-neo4j
    "pgvector", // made from postgres, as the next ones are
    "postgis",
    "timescaledb",
    "postgres",
    "rabbitmq",
    "redis",
    "valkey", // github.com/valkey-io/valkey-container
    "vault",  // github.com/hashicorp/vault, .release/docker
    "zookeeper",
];

/// Images in which root's master only opens ports and starts the workers, which a user of theirs runs: nginx.org,
/// "user"; httpd.apache.org, "User"; and those that are made from PHP's with one of these.
const MASTERS: [&str; 8] = ["nginx", "httpd", "wordpress", "nextcloud", "drupal", "joomla", "phpmyadmin", "matomo"];

/// Who serves in a container of an image that names no user; `None` where it is root, or nobody knows.
#[must_use]
pub fn server(image: &Reference<'_>) -> Option<Server> {
    let name = image.short_name();
    let is_of = |list: &[&str]| list.contains(&name.as_str());
    // docs.linuxserver.io, "Understanding PUID and PGID": s6 starts the service as `abc`.
    let is_linuxserver = image.name.contains("linuxserver/");
    match () {
        () if is_linuxserver || is_of(&STEP_DOWN) => Some(Server::Other),
        () if is_of(&MASTERS) => Some(Server::Workers),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_serves() {
        let of = |text: &str| server(&Reference::of(text));
        for text in
            ["postgres:15.5", "docker.io/library/redis:7.2.3", "ghcr.io/linuxserver/sonarr:4.0.1", "postgis/postgis"]
        {
            assert_eq!(of(text), Some(Server::Other), "{text}");
        }
        assert_eq!(of("nginx:1.25.3"), Some(Server::Workers));
        for text in ["acme/app:1.0", "traefik:v3.0.0", "node:18.19.0", "acme/postgres-backup:1.0"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
