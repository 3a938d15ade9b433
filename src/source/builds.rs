//! The Dockerfiles of a project, as its compose files have them built.

use std::collections::{HashMap, HashSet};

use super::build::{Build, BuildService};
use crate::compose::{Entry, Node, Service, Stack};
use crate::config::Config;
use crate::files::Root;
use crate::path::RelPath;
use crate::problem::Problem;
use crate::secret::Secret;

/// The Dockerfiles as they are built: by the services of each stack, in their ways; those that no stack builds by
/// themselves.
pub(super) fn builds(
    root: &Root,
    listed: &[RelPath],
    stacks: &[Stack],
    config: &Config,
    problems: &mut Vec<Problem>,
) -> Vec<Build> {
    let mut builds: Vec<Build> = Vec::new();
    let mut places: HashMap<_, usize> = HashMap::new();
    for service in stacks.iter().flat_map(Stack::services) {
        let Some((context, path)) = service.build() else { continue };
        let target = service.text(&["build", "target"]).filter(|target| !target.is_empty()).map(str::to_owned);
        let environment = service.stack.environment;
        let way = (path.clone(), context.clone(), target.clone(), environment);
        let as_service = of_service(&service);
        if let Some(known) = places.get(&way).and_then(|at| builds.get_mut(*at)) {
            known.services.push(as_service);
            continue;
        }
        let Some(build) = Build::load(root, &path, &context, config, problems) else { continue };
        let args = args_of(&service);
        places.insert(way, builds.len());
        builds.push(Build { environment, args, target, services: vec![as_service], ..build });
    }
    let built: HashSet<RelPath> = builds.iter().map(|build| build.path.clone()).collect();
    for path in listed {
        if !built.contains(path) {
            builds.extend(Build::load(root, path, &path.parent(), config, problems));
        }
    }
    builds
}

fn of_service(service: &Service<'_>) -> BuildService {
    let place = service.place();
    BuildService {
        path: service.stack.path(place),
        line: place.line,
        user: service.text(&["user"]).map(str::to_owned),
        init: service.at(&["init"]).is_some_and(Node::is_true),
        entrypoint: service.at(&["entrypoint"]).is_some(),
        command: service.at(&["command"]).is_some(),
        healthcheck: service.at(&["healthcheck"]).is_some(),
        one_shot: service.is_one_shot(),
    }
}

fn args_of(service: &Service<'_>) -> Vec<(String, Option<Secret>)> {
    let args = service.at(&["build", "args"]).map(Node::entries).unwrap_or_default();
    let value = |entry: &Entry| entry.node.text().map(|text| Secret::copy_of(text.as_bytes()));
    args.iter().map(|entry| (entry.key.as_str().to_owned(), value(entry))).collect()
}
