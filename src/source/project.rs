//! The project in the work tree: its env files, opened, judged by descriptor and read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::blob;
use super::build::Build;
use super::builds::builds;
use super::compose;
use super::docker::{self, BuildContext};
use super::evidence;
use super::named::{self, Named};
use super::secrets::{FoundSecret, Live, commented_in, is_open, secrets_of};
use super::settings::Settings;
use super::views::{Nested, Views};
use super::walk::{self, Listing, role_of};
use crate::compose::{Location, MountKind, Node, Stack};
use crate::config::Config;
use crate::env::names::{self, Role};
use crate::env::{Assignment, Document, Dollar, shared};
use crate::environment::Environment;
use crate::files::{Directory, Link, Root, Stat};
use crate::finding::Origin;
use crate::git::Repository;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::secret::{GroupKey, Secret};
use crate::template;

/// What git says about a file of the work tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GitView {
    /// It is in the index.
    pub tracked: bool,
    /// git's ignore rules hide it.
    pub ignored: bool,
}

/// One env file, copy or template of the work tree.
#[derive(Debug)]
pub struct ProjectFile {
    /// Its path below the project root.
    pub path: RelPath,
    /// What its name says it is.
    pub role: Role,
    /// What it is for.
    pub environment: Environment,
    /// What its descriptor says; `None` where it was not opened.
    pub stat: Option<Stat>,
    /// Whether its file system keeps modes.
    pub keeps_modes: bool,
    /// The directory it stands in.
    pub directory: Option<Directory>,
    /// Set for a symbolic link.
    pub link: Option<Link>,
    /// Its content; `None` where it was not read.
    pub document: Option<Document>,
    /// Its secrets.
    pub secrets: Vec<FoundSecret>,
    /// Those that a `#` switches off: nothing uses them, and everybody who opens the file has them.
    pub commented: Vec<FoundSecret>,
    /// What git says; `None` outside a repository.
    pub git: Option<GitView>,
}

impl ProjectFile {
    /// Whether another service issues this secret.
    #[must_use]
    pub fn is_issued(&self, secret: &FoundSecret) -> bool {
        template::is_issued(secret.class, &secret.name, self.document.as_ref())
    }

    /// Whether no new value of this secret can be made here: another service issues it, or its form is the application's.
    #[must_use]
    pub fn is_by_hand(&self, secret: &FoundSecret) -> bool {
        template::anew(secret.class, &secret.name, &secret.value, self.document.as_ref()).is_none()
    }

    /// Opens, judges and reads one file, without asking git; `None` where there is none, or a directory. `role` is what
    /// it is, and what a compose file names it for.
    pub(super) fn open(
        root: &Root,
        path: &RelPath,
        (role, named): (Role, Option<&Named>),
        config: &Config,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let seen = root.inspect(path, role != Role::Archive)?;
        let keeps_modes = seen.problems.iter().all(|problem| problem.kind != ProblemKind::ModesMeaningless);
        problems.extend(seen.problems);
        let (document, secrets) = match (seen.text, named) {
            (Some(text), Some(Named::Secret(name))) => {
                // It has no assignments, and all of it was read.
                let secrets = named::secret_of(name, &text, config).into_iter().collect();
                (Some(Document::parse(Secret::default())), secrets)
            }
            (text, _) => {
                let document = text.and_then(|text| read(path, text, role, config, problems));
                let secrets = document.as_ref().map(|document| secrets_of(document, config)).unwrap_or_default();
                (document, secrets)
            }
        };
        // What is called ciphertext and was read is an env file.
        let role = if role == Role::Encrypted && document.is_some() { Role::Env } else { role };
        let commented = document.as_ref().map(|document| commented_in(document, config)).unwrap_or_default();
        Some(Self {
            environment: environment_of(path, document.as_ref(), config),
            git: None,
            path: path.clone(),
            role,
            stat: seen.stat,
            keeps_modes,
            directory: seen.directory,
            link: seen.link,
            document,
            secrets,
            commented,
        })
    }

    /// Whether it holds a filled secret, or its content was not read and it may.
    #[must_use]
    pub fn may_hold_secrets(&self) -> bool {
        match (&self.document, self.role) {
            (None, _) | (_, Role::Archive | Role::Keys) => true,
            (Some(_), _) => self.secrets.iter().chain(&self.commented).any(FoundSecret::is_filled),
        }
    }

    /// Whether it is a file in use, a copy of one, or what opens one: everything but templates, ciphertext, and what is
    /// meant to be committed and holds no secret.
    #[must_use]
    pub fn is_private(&self) -> bool {
        let is_harmless = shared::is_shared(self.path.file_name()) && !self.may_hold_secrets();
        !matches!(self.role, Role::Template | Role::Encrypted) && !self.is_ciphertext() && !is_harmless
    }

    /// Whether a shell runs it: what Docker Compose would make of it means nothing.
    #[must_use]
    pub fn is_script(&self) -> bool {
        shared::is_script(self.path.file_name())
    }

    /// Where findings about it stand.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin::Worktree(self.path.clone())
    }

    /// The secrets of a file in use: copies and templates have checks of their own.
    pub fn in_use(&self) -> impl Iterator<Item = &FoundSecret> {
        let in_use = self.role == Role::Env;
        self.secrets.iter().filter(move |_| in_use)
    }

    /// Its assignments with their indexes; none for ciphertext.
    pub fn assignments(&self) -> impl Iterator<Item = (usize, &Assignment)> {
        let document = self.document.as_ref().filter(|_| !self.is_ciphertext());
        document.into_iter().flat_map(|document| document.assignments().iter().enumerate())
    }

    /// Whether a secret's value is made of references to keys above it.
    #[must_use]
    pub fn is_reference(&self, secret: &FoundSecret) -> bool {
        let assignment = self.document.as_ref().and_then(|document| document.assignments().get(secret.assignment));
        assignment.is_some_and(|assignment| assignment.dollar == Dollar::Reference)
    }

    /// Whether its content is ciphertext, but for what is no secret.
    #[must_use]
    pub fn is_ciphertext(&self) -> bool {
        let is_sealed = self.document.as_ref().is_some_and(|document| document.cipher().is_some());
        self.role == Role::Encrypted || is_sealed && !self.may_hold_secrets()
    }
}

/// Everything in the work tree that the checks judge.
#[derive(Debug, Default)]
pub struct Project {
    /// The root.
    pub root: PathBuf,
    /// The root's owner: allowed to own env files.
    pub owner: Option<u32>,
    /// The files, by path.
    pub files: Vec<ProjectFile>,
    /// The build contexts.
    pub contexts: Vec<BuildContext>,
    /// The sets of compose files.
    pub stacks: Vec<Stack>,
    /// The Dockerfiles.
    pub dockerfiles: Vec<RelPath>,
    /// The Dockerfiles as they are built; read by [`Project::deploy`].
    pub builds: Vec<Build>,
    /// What CI runs.
    pub pipelines: Vec<RelPath>,
    /// What [`crate::preflight::ATTESTATIONS`] ask for and a file shows to be there; completed by [`Project::deploy`].
    pub evidence: BTreeSet<&'static str>,
    /// The modes of what services mount from below the root; read by [`Project::deploy`].
    pub mounted: BTreeMap<RelPath, u32>,
    /// The files that compose files name.
    pub named: BTreeMap<RelPath, Named>,
    /// Those of them that are not there.
    pub absent: BTreeSet<RelPath>,
    /// The repositories inside the work tree: their index and history are looked at, too.
    pub nested: Vec<Nested>,
    /// How many files the walk saw.
    pub listed: u64,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
}

impl Project {
    /// Walks and reads what is below `root/below`: a directory, or one file (`is_file`), which is then an env file
    /// whatever its name.
    ///
    /// # Errors
    /// A root that cannot be opened.
    pub fn load(
        root: &Path,
        below: &RelPath,
        is_file: bool,
        config: &Config,
        repository: Option<&Repository>,
    ) -> Result<Self, Problem> {
        let opened = Root::open(root).map_err(|error| Problem::io(RelPath::default(), &error))?;
        let mut listing = walk::list(root, below, is_file, config);
        let mut problems = std::mem::take(&mut listing.problems);
        let stacks = compose::stacks(&opened, &listing.compose, config, &mut problems);
        let contexts = docker::contexts(&opened, &listing, &stacks, &mut problems);
        let named = named::named(&stacks);
        let absent = add_named(&named, root, &mut listing);
        let views = Views::new(root, repository, &listing, &mut problems);
        let mut files = Vec::with_capacity(listing.candidates.len());
        for (path, role) in &listing.candidates {
            let read = (*role, named.get(path));
            let Some(file) = ProjectFile::open(&opened, path, read, config, &mut problems) else { continue };
            files.push(ProjectFile { git: views.of(path, &mut problems), ..file });
        }
        let owner = opened.directory(&RelPath::from("x")).map(|directory| directory.uid);
        let nested = views.into_nested();
        Ok(Self {
            root: root.to_path_buf(),
            owner,
            files,
            contexts,
            stacks,
            dockerfiles: listing.dockerfiles,
            pipelines: listing.pipelines,
            evidence: listing.evidence,
            builds: Vec::new(),
            mounted: BTreeMap::new(),
            named,
            absent,
            nested,
            listed: listing.files,
            problems,
        })
    }

    /// From here on, what nothing else is said of is the real thing: an env file without a word in its name that no
    /// stack of another environment alone reads. This is what is about to be deployed, and its Dockerfiles are read.
    ///
    /// # Errors
    /// A root that cannot be opened.
    pub fn deploy(&mut self, config: &Config) -> Result<(), Problem> {
        let root = Root::open(&self.root).map_err(|error| Problem::io(RelPath::default(), &error))?;
        if self.stacks.iter().flat_map(Stack::services).any(|service| service.probes_a_path()) {
            self.evidence.insert("health-endpoints");
        }
        self.evidence.extend(evidence::of_pipelines(&root, &self.pipelines));
        self.mounted = mounted(&root, &self.stacks);
        self.builds = builds(&root, &self.dockerfiles, &self.stacks, config, &mut self.problems);
        for file in self.files.iter_mut().filter(|file| file.role == Role::Env) {
            let word = names::environment_word(file.path.file_name()).and_then(Environment::from_word);
            let readers = self.stacks.iter().filter(|stack| stack.reads(&file.path)).map(|stack| stack.environment);
            let by_stack = readers.max_by_key(|environment| *environment == Environment::Production);
            let said = config.environment_of(&file.path).or(word).or(by_stack);
            file.environment = said.unwrap_or(Environment::Production);
        }
        if self.settings().iter().flat_map(|settings| &settings.pairs).any(|one| one.limits_rates() == Some(true)) {
            self.evidence.insert("rate-limiting");
        }
        Ok(())
    }

    /// The secrets that its compose files hold themselves.
    #[must_use]
    pub fn written_secrets(&self, config: &Config) -> Vec<Secret> {
        let mut secrets = Vec::new();
        for service in self.stacks.iter().flat_map(Stack::services) {
            for path in [&["environment"][..], &["labels"], &["build", "args"]] {
                for entry in service.at(path).map(Node::entries).unwrap_or_default() {
                    let Some(text) = entry.node.text() else { continue };
                    if config.class_of(entry.key.as_str(), text.as_bytes()).is_some() {
                        let password = crate::class::url_password(text.as_bytes());
                        secrets.push(password.map_or_else(|| Secret::copy_of(text.as_bytes()), Secret::new));
                    }
                }
            }
        }
        secrets
    }

    /// The settings that the project runs with: those of its env files, and those of its services.
    #[must_use]
    pub fn settings(&self) -> Vec<Settings> {
        let hosts: Arc<[String]> = self.stacks.iter().flat_map(Stack::hosts).collect();
        let files = self.files.iter().filter(|file| file.role == Role::Env).map(|file| Settings::of_file(file, &hosts));
        let services =
            self.stacks.iter().flat_map(Stack::services).map(|service| Settings::of_service(&service, &hosts));
        files.chain(services).filter(|settings| !settings.pairs.is_empty()).collect()
    }

    /// Adds an env file that need not be in the project, below `root`, under the name that it was given. What could not
    /// be read is what is said of it.
    #[must_use]
    pub fn add_env_file(&mut self, root: &Root, path: &RelPath, shown: RelPath, config: &Config) -> Option<Problem> {
        let mut problems = Vec::new();
        let file = ProjectFile::open(root, path, (Role::Env, None), config, &mut problems);
        let is_read = file.as_ref().is_some_and(|file| file.document.is_some());
        self.files.extend(file.map(|file| ProjectFile { path: shown.clone(), ..file }));
        let problem = problems.into_iter().next().unwrap_or(Problem::at(ProblemKind::NotAFile, shown.clone()));
        (!is_read).then_some(Problem { path: Some(shown), ..problem })
    }

    /// The env files that are links out of the project: what they hold is not known here.
    #[must_use]
    pub fn outward_links(&self) -> Vec<Problem> {
        let is_outward = |file: &&ProjectFile| file.link == Some(Link::Outside) && is_in_use(file.role);
        let files = self.files.iter().filter(is_outward);
        files.map(|file| Problem::at(ProblemKind::OutwardLink, file.path.clone())).collect()
    }

    /// The env files whose secrets could not be looked for, where that was to be done.
    #[must_use]
    pub fn unsought(&self, config: &Config) -> Vec<Problem> {
        let of_env_file = |path: &RelPath| {
            let role = role_of(path, config).or_else(|| self.named.contains_key(path).then_some(Role::Env));
            role.is_some_and(is_in_use)
        };
        let mut unsought = self.problems.clone();
        unsought.retain(|problem| {
            problem.kind != ProblemKind::ModesMeaningless && problem.path.as_ref().is_some_and(of_env_file)
        });
        unsought.extend(self.outward_links());
        unsought
    }

    /// The templates, by the directory they stand in.
    #[must_use]
    pub fn templates(&self) -> BTreeMap<RelPath, Vec<&ProjectFile>> {
        let mut templates: BTreeMap<RelPath, Vec<&ProjectFile>> = BTreeMap::new();
        for file in self.files.iter().filter(|file| file.role == Role::Template) {
            templates.entry(file.path.parent()).or_default().push(file);
        }
        templates
    }

    /// The environment that a file's name alone says.
    #[must_use]
    pub fn environment_by_name(&self, file: &ProjectFile) -> Option<Environment> {
        names::environment_word(file.path.file_name()).and_then(Environment::from_word)
    }

    /// The secrets in use: those of the env files, not of copies and templates.
    #[must_use]
    pub fn live(&self, group: &GroupKey) -> Live {
        let mut live = Live::default();
        for file in self.files.iter().filter(|file| file.role == Role::Env) {
            if file.document.is_none() {
                live.incomplete = true;
            }
            live.add(&file.path, file.environment, &file.secrets, group);
        }
        live.incomplete |= self.problems.iter().any(|problem| problem.kind == ProblemKind::UnreadablePath);
        live
    }
}

/// The modes of what services mount from below the root.
fn mounted(root: &Root, stacks: &[Stack]) -> BTreeMap<RelPath, u32> {
    let mut modes = BTreeMap::new();
    for service in stacks.iter().flat_map(Stack::services) {
        for mount in service.mounts().iter().filter(|mount| mount.kind == MountKind::Bind) {
            let source = mount.source.as_deref().unwrap_or_default();
            let Location::Below(path) = service.stack.locate(mount.place, source) else { continue };
            if let Some(mode) = root.mode(&path) {
                modes.insert(path, mode);
            }
        }
    }
    modes
}

/// The text of a file; `None` for ciphertext, and where it cannot be read: then a problem says so.
fn read(path: &RelPath, text: Secret, role: Role, config: &Config, problems: &mut Vec<Problem>) -> Option<Document> {
    let document = Document::parse(text);
    if role == Role::Encrypted && !is_open(&document, config) {
        return None;
    }
    let problem = blob::unread(&document, role, path);
    let is_judged = problem.is_none();
    problems.extend(problem);
    is_judged.then_some(document)
}

/// Whether a file of this role may hold values in use.
fn is_in_use(role: Role) -> bool {
    matches!(role, Role::Env | Role::Keys)
}

/// Adds the files that compose files name and the walk did not know for env files; those that are not there.
fn add_named(named: &BTreeMap<RelPath, Named>, root: &Path, listing: &mut Listing) -> BTreeSet<RelPath> {
    let is_there = |path: &&RelPath| path.under(root).symlink_metadata().is_ok();
    for path in named.keys().filter(is_there) {
        if !listing.candidates.iter().any(|(known, _)| known == path) {
            listing.candidates.push((path.clone(), Role::Env));
        }
    }
    listing.candidates.sort();
    named.keys().filter(|path| !is_there(path)).cloned().collect()
}

/// By the configuration, else by the name, else by what the file itself sets.
pub(super) fn environment_of(path: &RelPath, document: Option<&Document>, config: &Config) -> Environment {
    config
        .environment_of(path)
        .or_else(|| names::environment_word(path.file_name()).and_then(Environment::from_word))
        .or_else(|| document.and_then(setting))
        .unwrap_or(Environment::Unknown)
}

#[expect(clippy::disallowed_methods, reason = "NODE_ENV and the like are compared with known words")]
fn setting(document: &Document) -> Option<Environment> {
    let pairs = document.assignments().iter().filter_map(|assignment| {
        let key = assignment.key.as_ref()?;
        Some((key.as_str(), assignment.value.expose()))
    });
    Environment::from_settings(pairs)
}
