//! A project as it is about to be deployed.

use std::collections::{BTreeMap, BTreeSet};

use super::build::Build;
use super::builds::{builds, own_images};
use super::checklist_evidence;
use super::env_file::workplace;
use super::load::Project;
use super::mounted_files::{mounted, outside_files, readers};
use super::settings::Settings;
use crate::config::Config;
use crate::docker::compose::{Service, Stack};
use crate::env::names::{self, Role};
use crate::environment::Environment;
use crate::files::Root;
use crate::path::RelPath;
use crate::problem::Problem;

/// A project, and what is read besides where it is deployed.
#[derive(Debug)]
pub struct Deployment {
    /// The project. An env file of which nothing says what it is for is for production.
    pub project: Project,
    /// The Dockerfiles as they are built.
    pub builds: Vec<Build>,
    /// The images that the services build, by their plain names.
    pub own_images: BTreeSet<String>,
    /// What [`crate::config::ATTESTATIONS`] ask for and files show to be there.
    pub evidence: BTreeMap<&'static str, BTreeSet<RelPath>>,
    /// The modes of what services mount from below the root.
    pub mounted: BTreeMap<RelPath, u32>,
}

impl Deployment {
    /// Reads what is deployed: the Dockerfiles and what services mount. An env file without a word in its name that no
    /// stack of another environment alone reads is for production.
    ///
    /// # Errors
    /// A root that cannot be opened.
    pub fn of(mut project: Project, config: &Config) -> Result<Self, Problem> {
        let root = Root::open(&project.root).map_err(|error| Problem::io(RelPath::default(), &error))?;
        project.problems.extend(outside_files(&project.stacks));
        let mounted = mounted(&root, &project.stacks);
        let own_images = own_images(&project.stacks);
        let builds = builds(&root, &project.dockerfiles, &project.stacks, config, &mut project.problems);
        let readers = readers(&project.stacks);
        for file in project.files.iter_mut().filter(|file| file.role == Role::Env) {
            let word = names::environment_word(file.path.file_name()).and_then(Environment::from_word);
            let by_stack = readers.get(&file.path).copied();
            let said = config.environment_of(&file.path).or(word).or(by_stack).or_else(|| workplace(&file.path));
            file.environment = said.unwrap_or(Environment::Production);
        }
        let evidence = evidence(&project, &root);
        Ok(Self { project, builds, own_images, evidence, mounted })
    }
}

fn evidence(project: &Project, root: &Root) -> BTreeMap<&'static str, BTreeSet<RelPath>> {
    let of_files = |(id, files): (&&'static str, _)| (*id, checklist_evidence::of_files(root, files));
    let mut evidence: BTreeMap<_, _> = project.evidence.iter().map(of_files).collect();
    let services = project.stacks.iter().flat_map(Stack::services).filter(Service::probes_a_path);
    let probes: BTreeSet<RelPath> = services.map(|service| service.stack.path(service.place())).collect();
    let limits = |settings: &Settings| settings.pairs.iter().any(|one| one.limits_rates() == Some(true));
    let limited = project.settings().into_iter().filter(limits).map(|settings| settings.origin.path().clone());
    let shown = [
        ("health-endpoints", probes),
        ("image-scan", checklist_evidence::of_pipelines(root, &project.pipelines)),
        ("central-logs", checklist_evidence::of_stacks(&project.stacks)),
        ("rate-limiting", limited.collect()),
    ];
    for (id, files) in shown {
        evidence.entry(id).or_default().extend(files);
    }
    evidence.retain(|_, files| !files.is_empty());
    evidence
}
