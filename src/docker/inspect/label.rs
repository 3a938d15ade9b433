//! Labels, by which tools say what they made.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{ComposeService, Labels};

/// Labels in both ways that they are written.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawLabels {
    /// Of inspecting, and of Podman.
    Map(BTreeMap<String, String>),
    /// Of `docker ps`: `a=b,c=d`.
    Line(String),
    /// What is there is not read.
    Other(IgnoredAny),
}

/// Who starts a container again that has one of these: a task of Swarm (docs.docker.com/engine/swarm), a pod of
/// Kubernetes (cri-dockerd), a unit of systemd (podman-systemd.unit(5)).
const MINDERS: [&str; 4] =
    ["com.docker.swarm.task.id", "com.docker.swarm.service.id", "io.kubernetes.pod.name", "PODMAN_SYSTEMD_UNIT"];

impl RawLabels {
    fn get(&self, key: &str) -> Option<&str> {
        match self {
            Self::Map(map) => map.get(key).map(String::as_str),
            Self::Line(line) => line.split(',').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('=')),
            Self::Other(_) => None,
        }
    }

    /// The project and the service of Compose's.
    fn service(&self) -> Option<(&str, &str)> {
        Some((self.get("com.docker.compose.project")?, self.get("com.docker.compose.service")?))
    }

    /// What they say of a container of this image.
    pub(super) fn of_container(&self, image: Option<&str>) -> Labels {
        Labels {
            is_built: self
                .service()
                .zip(image)
                .is_some_and(|((project, service), image)| is_own(project, service, image)),
            is_minded: MINDERS.into_iter().any(|label| self.get(label).is_some()),
            is_one_off: self.get("com.docker.compose.oneoff").is_some_and(|value| value.eq_ignore_ascii_case("true")),
        }
    }

    /// The compose service of a container.
    pub(super) fn compose_service(&self) -> Option<ComposeService> {
        let directory = self.get("com.docker.compose.project.working_dir")?.to_owned();
        Some(ComposeService { directory, service: self.get("com.docker.compose.service")?.to_owned() })
    }

    /// The values of the labels.
    pub(super) fn into_values(self) -> Vec<String> {
        match self {
            Self::Map(map) => map.into_values().collect(),
            Self::Line(line) => vec![line],
            Self::Other(_) => Vec::new(),
        }
    }

    /// Whether Compose built an image that has them: it labels those that it builds, and pulls others as they are.
    pub(super) fn are_of_built_image(&self) -> bool {
        self.service().is_some()
    }
}

/// Whether an image has the name that Compose gives to what it builds: `project-service`, of version 1 with `_`.
pub(super) fn is_own(project: &str, service: &str, image: &str) -> bool {
    let rest = super::latest(image).strip_prefix(project).and_then(|rest| rest.strip_prefix(['-', '_']));
    rest == Some(service)
}
