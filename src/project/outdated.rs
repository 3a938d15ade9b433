//! Secrets of running containers that are not those of the project's env files any more.

use std::path::Path;

use crate::config::Config;
use crate::docker::inspect::{ComposeService, Container};
use crate::path::RelPath;
use crate::project::load::Project;
use crate::project::service_environment::Given;

impl Project {
    /// Whether Compose started a container from this project.
    #[must_use]
    pub fn is_of(root: &Path, container: &Container) -> bool {
        container.service.as_ref().is_some_and(|service| Path::new(&service.directory).starts_with(root))
    }

    /// Marks the secrets of a container to which its compose service would give another value now. Where several sets of
    /// compose files define the service, all of them must disagree with the container.
    pub fn mark_outdated(&self, container: &mut Container, config: &Config) {
        let Some(service) = &container.service else { return };
        let given = self.given_to(service);
        for variable in &mut container.environment {
            let mut values = given.iter().filter_map(|given| given.get(&variable.name)).peekable();
            let is_known = values.peek().is_some();
            let is_other = values.all(|given| !given.value.is_empty() && !given.value.ct_eq(&variable.value));
            variable.is_outdated = is_known && is_other && config.is_secret(&variable.name, &variable.value);
        }
    }

    /// What a service is given, by each set of compose files in its directory.
    fn given_to(&self, service: &ComposeService) -> Vec<std::collections::BTreeMap<String, Given>> {
        let Some(dir) = RelPath::below(&self.root, Path::new(&service.directory)) else { return Vec::new() };
        let stacks = self.stacks.iter().filter(|stack| stack.dir == dir);
        stacks.filter_map(|stack| Some(self.given(&stack.service(&service.service)?))).collect()
    }
}
