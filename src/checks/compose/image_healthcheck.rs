//! Which images have no health check.

use crate::docker::compose::Service;

/// Official images without a HEALTHCHECK (their Dockerfiles, docker-library).
const WITHOUT: &str = " postgres mysql mariadb mongo redis valkey memcached rabbitmq nginx httpd traefik haproxy elasticsearch kibana logstash \
prometheus alertmanager node-exporter grafana caddy influxdb ";

/// Whether the image is known to have no health check.
pub(super) fn brings_none(service: &Service<'_>) -> bool {
    let name = service.image_name().filter(|_| service.at(&["build"]).is_none());
    name.is_some_and(|name| WITHOUT.split_ascii_whitespace().any(|known| known == name))
}
