//! The Dockerfiles of a project, as its compose files have them built.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::num::NonZeroU32;
use std::sync::Arc;

use super::build::{Build, BuildService, Named, Other, Sent};
use crate::config::Config;
use crate::docker::compose::{self, Building, Entry, Node, Place, Recipe, Service, Site, Stack, Text};
use crate::docker::image::Reference;
use crate::environment::Environment;
use crate::files::Root;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind, Spot};
use crate::project::build_context::ignore_of;
use crate::secret::Secret;

/// In which way a Dockerfile is built: what differs in none of these is one image.
#[derive(PartialEq, Eq, Hash)]
struct Way {
    path: RelPath,
    /// The line of a Dockerfile that is in the compose file.
    inline: Option<NonZeroU32>,
    context: Site,
    target: Option<String>,
    environment: Environment,
    args: Vec<(String, Option<Text>)>,
    named: Vec<(String, compose::Other)>,
}

/// The Dockerfiles as they are built: by the services of each stack, in their ways; those that no stack builds by
/// themselves.
pub(super) fn builds(
    root: &Root,
    listed: &[RelPath],
    stacks: &[Stack],
    config: &Config,
    problems: &mut Vec<Problem>,
) -> Vec<Build> {
    let own = Arc::new(own_images(stacks));
    let mut builds: Vec<Build> = Vec::new();
    let mut places: HashMap<Way, usize> = HashMap::new();
    for service in stacks.iter().flat_map(Stack::services) {
        let Some(building) = service.building() else { continue };
        if service.stack.environment == Environment::Production {
            problems.extend(unseen(&service, &building));
        }
        let Some(way) = way(&service, &building) else { continue };
        let as_service = of_service(&service);
        if let Some(known) = places.get(&way).and_then(|at| builds.get_mut(*at)) {
            known.services.push(as_service);
            continue;
        }
        let mut build = match read(root, &service, &building, config, problems) {
            Some(build) => build,
            None => continue,
        };
        build.own = Arc::clone(&own);
        build.services.push(as_service);
        places.insert(way, builds.len());
        builds.push(build);
    }
    let built: HashSet<RelPath> = builds.iter().map(|build| build.path.clone()).collect();
    for path in listed.iter().filter(|path| !built.contains(path)) {
        let build = Build::load(root, path, &path.parent(), config, problems);
        builds.extend(build.map(|build| Build { own: Arc::clone(&own), ..build }));
    }
    builds
}

/// The images that services build, by their plain names: those that they say, else those that Compose gives them.
pub(super) fn own_images(stacks: &[Stack]) -> BTreeSet<String> {
    let mut own = BTreeSet::new();
    for service in stacks.iter().flat_map(Stack::services).filter(|service| service.at(&["build"]).is_some()) {
        let tags = service.at(&["build", "tags"]).map(Node::items).unwrap_or_default();
        let said = service.text(&["image"]).into_iter().chain(tags.iter().filter_map(|tag| tag.text()));
        own.extend(said.map(|image| Reference::of(image).plain_name()));
        if let Some(project) = service.stack.project_name().filter(|_| service.text(&["image"]).is_none()) {
            own.extend(["-", "_"].map(|between| format!("{project}{between}{}", service.name())));
        }
    }
    own
}

/// The way that a service is built in; `None` where its Dockerfile is not below the project root.
fn way(service: &Service<'_>, building: &Building<'_>) -> Option<Way> {
    let (path, inline) = match &building.recipe {
        Recipe::File(Site::Below(path)) => (path.clone(), None),
        Recipe::Inline(node) => (service.stack.path(node.place), Some(node.place.line)),
        Recipe::File(_) => return None,
    };
    let args = service.at(&["build", "args"]).map(Node::entries).unwrap_or_default();
    let value = |entry: &Entry| entry.node.scalar().map(|scalar| scalar.value.clone());
    Some(Way {
        path,
        inline,
        context: building.context.clone(),
        target: building.target.map(str::to_owned),
        environment: service.stack.environment,
        args: args.iter().map(|entry| (entry.key.as_str().to_owned(), value(entry))).collect(),
        named: building.named.iter().map(|named| (named.name.clone(), named.what.clone())).collect(),
    })
}

fn read(
    root: &Root,
    service: &Service<'_>,
    building: &Building<'_>,
    config: &Config,
    problems: &mut Vec<Problem>,
) -> Option<Build> {
    let (place, environment) = (building.place, service.stack.environment);
    let is_deployed = environment == Environment::Production;
    let base = match &building.recipe {
        Recipe::File(Site::Below(path)) => {
            let before = problems.len();
            let build = Build::load(root, path, &path.parent(), config, problems);
            let is_gone = build.is_none() && problems.len() == before;
            if is_gone && is_deployed && !is_seen_from_above(root, service, place, path) {
                problems.push(problem(service, place, "its Dockerfile is not there"));
            }
            build?
        }
        Recipe::Inline(node) => {
            let path = service.stack.path(node.place);
            let file = Build::parse(node.text()?.as_bytes(), &path, problems).at(node.place.line);
            Build::of(path, file)
        }
        Recipe::File(_) => return None,
    };
    let dockerfile = matches!(building.recipe, Recipe::File(_)).then_some(&base.path);
    let context = sent(root, dockerfile, &building.context, problems);
    let target = building.target.map(str::to_owned);
    let named = named(root, service, building, problems);
    let build = Build { context, environment, args: args_of(service), target, named, ..base };
    if is_deployed && build.target.is_some() && build.file.builds() && build.stages().1.is_none() {
        problems.push(problem(service, place, "its target is no stage of the Dockerfile"));
    }
    Some(build)
}

/// Whether a Dockerfile is there as seen from a directory above: a compose file that is laid over one up there, or that
/// one includes, is written so. It is examined by itself then.
fn is_seen_from_above(root: &Root, service: &Service<'_>, place: Place, dockerfile: &RelPath) -> bool {
    let dir = service.stack.path(place).parent();
    let Some(below) = dockerfile.strip_dir(&dir) else { return false };
    let parents = std::iter::successors(Some(dir), |dir| (!dir.is_root()).then(|| dir.parent())).skip(1);
    let mut seen = parents.map(|dir| dir.join(below.as_bytes()));
    seen.any(|path| root.mode(&path).is_some())
}

fn sent(root: &Root, dockerfile: Option<&RelPath>, site: &Site, problems: &mut Vec<Problem>) -> Sent {
    match site {
        Site::Below(dir) => Sent { dir: Some(dir.clone()), ignore: ignore_of(root, dockerfile, dir, problems) },
        Site::Outside | Site::Remote => Sent::default(),
    }
}

fn named(root: &Root, service: &Service<'_>, building: &Building<'_>, problems: &mut Vec<Problem>) -> Vec<Named> {
    let of = |named: &compose::NamedContext| Named {
        name: named.name.clone(),
        path: service.stack.path(named.place),
        line: named.place.line,
        what: match &named.what {
            compose::Other::Image(image) => Other::Image(image.clone()),
            compose::Other::Service => Other::Own,
            compose::Other::Files(site) => Other::Files(sent(root, None, site, problems)),
        },
    };
    building.named.iter().map(of).collect()
}

/// What of a build is not here to be examined.
fn unseen(service: &Service<'_>, building: &Building<'_>) -> BTreeSet<Problem> {
    let dockerfile = match &building.recipe {
        Recipe::File(site) => Some((building.place, site)),
        Recipe::Inline(_) => None,
    };
    let others = building.named.iter().filter_map(|named| match &named.what {
        compose::Other::Files(site) => Some((named.place, site)),
        _ => None,
    });
    let sites = [(building.place, &building.context)].into_iter().chain(dockerfile).chain(others);
    let unseen = sites.filter_map(|(place, site)| {
        let what = match site {
            Site::Below(_) => return None,
            Site::Outside => "the build uses files outside the project",
            Site::Remote => "the build fetches files from another host",
        };
        Some(problem(service, place, what))
    });
    unseen.collect()
}

fn problem(service: &Service<'_>, place: Place, what: &'static str) -> Problem {
    let spot = Spot { line: Some(place.line), what, word: None };
    Problem { spot: Some(spot), ..Problem::at(ProblemKind::UnseenBuild, service.stack.path(place)) }
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
