//! The project in the work tree: its env files, opened, judged by descriptor and read.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::OnceLock;

use super::secrets::Live;
use super::settings::Settings;
use super::walk::{self, Listing, role_of};
use crate::config::Config;
use crate::docker::compose::Stack;
use crate::env::names::{self, Role};
use crate::env::readers::{Reader, not_read_back};
use crate::env::{Document, EditError};
use crate::environment::Environment;
use crate::files::{Directory, Root};
use crate::git::Repository;
use crate::guard::guarded;
use crate::hook::Lapse;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::project::agents::{self, Agents};
use crate::project::build_context::{self, BuildContext};
use crate::project::env_file::ProjectFile;
use crate::project::env_readers::{self, UsedReader};
use crate::project::expiry::{self, Expiries};
use crate::project::file_role::Reading;
use crate::project::named_files::{self, Named};
use crate::project::nested::{Nested, Views};
use crate::project::twins::Twins;
use crate::project::written_text::{TextKind, WrittenText};
use crate::project::{compose_files, literal_secrets};
use crate::secret::{GroupKey, Secret, class};
use crate::threads;

/// Everything in the work tree that the checks judge.
#[derive(Debug, Default)]
pub struct Project {
    /// The root.
    pub root: PathBuf,
    /// The root's owner: allowed to own env files.
    pub owner: Option<u32>,
    /// The directories on the way to the files: those below the root by their paths, the root as `.`, those above by
    /// their full names.
    pub ways: BTreeMap<RelPath, Directory>,
    /// The files, by path.
    pub files: Vec<ProjectFile>,
    /// The build contexts.
    pub contexts: Vec<BuildContext>,
    /// The sets of compose files.
    pub stacks: Vec<Stack>,
    /// The Dockerfiles.
    pub dockerfiles: Vec<RelPath>,
    /// What CI runs.
    pub pipelines: Vec<RelPath>,
    /// The files that may show what [`crate::config::ATTESTATIONS`] ask for.
    pub evidence: BTreeMap<&'static str, BTreeSet<RelPath>>,
    /// The compose files by what others say: what was read for a stack, whatever it is called.
    pub parts: BTreeSet<RelPath>,
    /// The files that compose files name; not known yet where they are in the history alone.
    pub(crate) named: OnceLock<BTreeMap<RelPath, Named>>,
    /// Those of them that are not there.
    pub absent: BTreeSet<RelPath>,
    /// The secrets with the same value as another one; found when somebody asks.
    pub(crate) twins: OnceLock<Twins>,
    /// When values in use stop being valid.
    pub expiries: Expiries,
    /// Which programs read the env files, by the files' paths.
    pub readers: BTreeMap<RelPath, Vec<UsedReader>>,
    /// The repositories inside the work tree: their index and history are examined, too.
    pub nested: Vec<Nested>,
    /// The coding agents that are set up in it.
    pub agents: Agents,
    /// Why git does not run the hooks that were put in place.
    pub hooks: Option<Lapse>,
    /// How many files the walk saw.
    pub listed: u64,
    /// What could not be examined.
    pub problems: Vec<Problem>,
}

/// What a piece of work gave; nothing where it failed.
fn or_problem<T: Default>(answer: Result<T, Problem>, problems: &mut Vec<Problem>) -> T {
    answer.unwrap_or_else(|problem| {
        problems.push(problem);
        T::default()
    })
}

impl Project {
    /// The files that compose files name.
    #[must_use]
    pub fn named(&self) -> &BTreeMap<RelPath, Named> {
        static NONE: BTreeMap<RelPath, Named> = BTreeMap::new();
        self.named.get().unwrap_or(&NONE)
    }

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
        Self::load_given(root, below, is_file, &[], config, repository)
    }

    /// The same, with a set of compose files that somebody gave by name.
    ///
    /// # Errors
    /// A root that cannot be opened.
    pub fn load_given(
        root: &Path,
        below: &RelPath,
        is_file: bool,
        given: &[RelPath],
        config: &Config,
        repository: Option<&Repository>,
    ) -> Result<Self, Problem> {
        let opened = Root::open(root).map_err(|error| Problem::io(RelPath::default(), &error))?;
        let mut listing = walk::list(root, below, is_file, config);
        let mut problems = std::mem::take(&mut listing.problems);
        let asked = compose_files::Asked { files: &listing.compose, dirs: listing.dirs_with_variables(), given };
        let stacks = guarded(None, || compose_files::stacks(&opened, &asked, config, &mut problems));
        let stacks = or_problem(stacks, &mut problems);
        let parts = compose_files::parts(&stacks);
        let contexts = guarded(None, || build_context::contexts(&opened, &listing, &stacks, &mut problems));
        let contexts = or_problem(contexts, &mut problems);
        let mut named = named_files::named(&stacks);
        let lines = env_readers::read_lines(&opened, &listing.signs);
        for path in lines.iter().filter_map(|line| line.file(&opened)) {
            named.entry(path).or_insert(Named::Text);
        }
        let absent = add_named(&named, root, &mut listing);
        let known = env_readers::Known {
            candidates: &listing.candidates,
            signs: &listing.signs,
            compose: &listing.compose,
            lines: &lines,
            named: &named,
            planned: None,
        };
        let readers = or_problem(guarded(None, || env_readers::find(&opened, &known, config)), &mut problems);
        let views = Views::new(root, repository, &listing, &mut problems);
        let mut files = Vec::with_capacity(listing.candidates.len());
        for (path, (file, mut found)) in listing.candidates.iter().zip(open(&opened, &listing, &named, config)) {
            problems.append(&mut found);
            files.extend(file.map(|file| ProjectFile { git: views.of(path, &mut problems), ..file }));
        }
        let is_whole = below.is_root() && !is_file;
        let disk = agents::Disk { root: &opened, views: &views, config, is_whole };
        let agents = or_problem(guarded(None, || disk.agents(&listing.agents, &mut problems)), &mut problems);
        let mut disk = expiry::Disk { root: &opened, stacks: &stacks, named: &named, problems: &mut problems };
        let expiries = guarded(None, || Expiries::of(&files, &mut disk));
        let expiries = or_problem(expiries, &mut problems);
        let owner = opened.owner();
        let ways = ways(root, &files);
        let nested = views.into_nested();
        Ok(Self {
            root: root.to_path_buf(),
            owner,
            ways,
            files,
            contexts,
            stacks,
            dockerfiles: listing.dockerfiles,
            pipelines: listing.pipelines,
            evidence: listing.evidence,
            parts,
            named: named.into(),
            absent,
            twins: OnceLock::new(),
            expiries,
            readers,
            nested,
            agents,
            hooks: repository.and_then(Lapse::of),
            listed: listing.files,
            problems,
        })
    }

    /// The kind of text that a file is, by its name or because a compose file extends or includes it.
    #[must_use]
    pub fn text_kind(&self, path: &RelPath) -> Option<TextKind> {
        WrittenText::kind(path.file_name()).or_else(|| self.parts.contains(path).then_some(TextKind::Compose))
    }

    /// How many keys look like secrets, and are none by the configuration.
    #[expect(clippy::disallowed_methods, reason = "the judge takes bytes")]
    #[must_use]
    pub fn declared_harmless(&self, config: &Config) -> u64 {
        let values = |key: &str, file: &ProjectFile| {
            let Some(document) = &file.document else { return false };
            let mut values = document.places(key).into_iter().filter_map(|index| document.assignments().get(index));
            values.any(|one| class::of(key, one.value.expose()).is_some_and(|_| !one.value.is_empty()))
        };
        let declared = config.policy.classes.iter().filter(|(_, class)| class.is_none());
        declared.filter(|(key, _)| self.files.iter().any(|file| values(key, file))).count() as u64
    }

    /// The secrets that its compose files hold themselves.
    #[must_use]
    pub fn written_secrets(&self, config: &Config) -> Vec<Secret> {
        let services = self.stacks.iter().flat_map(Stack::services);
        let of_services = services.flat_map(|service| literal_secrets::of_service(&service, config));
        let rest = self.stacks.iter().flat_map(|stack| literal_secrets::of_rest(stack, config));
        of_services.chain(rest).map(|held| held.value).collect()
    }

    /// Whether every program that reads this file sees what is written under these keys of it.
    ///
    /// # Errors
    /// The first reader that does not.
    pub fn read_back(
        &self,
        path: &RelPath,
        (before, after): (&Document, &Document),
        names: &[&[u8]],
    ) -> Result<(), EditError> {
        let used: Vec<Reader> = self.readers.get(path).into_iter().flatten().map(|one| one.reader).collect();
        not_read_back(before, after, names, &used).map_or(Ok(()), |reader| Err(EditError::OtherReader(reader)))
    }

    /// Finds the programs that will read an env file that is not there yet.
    ///
    /// # Errors
    /// A root that cannot be opened.
    pub fn plan(&mut self, path: &RelPath, config: &Config) -> Result<(), Problem> {
        if self.files.iter().any(|file| file.path == *path) {
            return Ok(());
        }
        let root = Root::open(&self.root).map_err(|error| Problem::io(RelPath::default(), &error))?;
        let listing = walk::list(&self.root, &RelPath::default(), false, config);
        let known = env_readers::Known {
            candidates: &listing.candidates,
            signs: &listing.signs,
            compose: &listing.compose,
            lines: &env_readers::read_lines(&root, &listing.signs),
            named: self.named(),
            planned: Some(path),
        };
        self.readers = env_readers::find(&root, &known, config);
        Ok(())
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
        let file = ProjectFile::open(root, path, Reading::plain(Role::Env), config, &mut problems);
        let is_read = file.as_ref().is_some_and(|file| file.document.is_some());
        self.files.extend(file.map(|file| ProjectFile { path: shown.clone(), ..file }));
        let problem = problems.into_iter().next().unwrap_or(Problem::at(ProblemKind::NotAFile, shown.clone()));
        (!is_read).then_some(Problem { path: Some(shown), ..problem })
    }

    /// Whether nothing but Docker's own reader reads an env file, which takes each value as it is written.
    #[must_use]
    pub fn is_taken_as_written(&self, path: &RelPath) -> bool {
        self.readers.get(path).is_some_and(|all| all.iter().all(|one| one.reader == Reader::Docker))
    }

    /// The env files whose secrets could not be looked for, where that was to be done; also all of them, where the root was
    /// not listed. A directory below it may be a database's, of which no one expects an env file.
    #[must_use]
    pub fn unsought(&self, config: &Config) -> Vec<Problem> {
        let of_env_file = |path: &RelPath| {
            let role = role_of(path, config).or_else(|| self.named().contains_key(path).then_some(Role::Env));
            path.is_root() || role.is_some_and(Role::is_in_use)
        };
        let mut unsought = self.problems.clone();
        unsought.retain(|problem| {
            problem.kind != ProblemKind::ModesMeaningless && problem.path.as_ref().is_some_and(of_env_file)
        });
        unsought
    }

    /// The directories on the way to a file, the nearest first.
    pub fn way(&self, path: &RelPath) -> impl Iterator<Item = (RelPath, &Directory)> {
        let names = below_root(path).chain(above_root(&self.root));
        names.filter_map(|name| self.ways.get_key_value(&name)).map(|(name, directory)| (name.clone(), directory))
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
        live.add_files(&self.files, group);
        live.incomplete |= self.problems.iter().any(|problem| problem.kind == ProblemKind::UnreadablePath);
        live
    }
}

/// The candidates in their order, opened and read, each with what is wrong with it. What comes of one depends on no
/// other, so that it does not matter which thread reads it.
fn open(
    root: &Root,
    listing: &Listing,
    named: &BTreeMap<RelPath, Named>,
    config: &Config,
) -> Vec<(Option<ProjectFile>, Vec<Problem>)> {
    let one = |path: &RelPath| {
        let known = Reading::of(path, config, named).filter(|known| !known.is_doubtful);
        // Somebody asked about it as one.
        let asked = listing.asked.as_ref().filter(|asked| *asked == path).map(|_| Reading::plain(Role::Env));
        let mut problems = Vec::new();
        let reading = known.or(asked).or_else(|| Reading::of(path, config, named));
        let file = reading.and_then(|reading| {
            let file = guarded(Some(path), || ProjectFile::open(root, path, reading, config, &mut problems));
            or_problem(file, &mut problems)
        });
        (file, problems)
    };
    let pieces: Vec<&[RelPath]> = listing.candidates.chunks(PIECE).collect();
    let read = |done: &mut Vec<_>, piece: usize| {
        let paths = pieces.get(piece).copied().unwrap_or_default();
        done.push((piece, paths.iter().map(one).collect::<Vec<_>>()));
    };
    let mut done: Vec<_> =
        threads::share(threads::count(), pieces.len(), Vec::new, read).into_iter().flatten().collect();
    done.sort_by_key(|(piece, _)| *piece);
    done.into_iter().flat_map(|(_, files)| files).collect()
}

/// So many files are read in less time than a thread takes to start.
const PIECE: usize = 32;

/// The directories in which a file is, up to the root, which is `.`.
fn below_root(path: &RelPath) -> impl Iterator<Item = RelPath> {
    let parents = std::iter::successors(Some(path.parent()), |dir| (!dir.is_root()).then(|| dir.parent()));
    parents.map(|dir| if dir.is_root() { RelPath::from(".") } else { dir })
}

/// The directories above the root, by their full names.
fn above_root(root: &Path) -> impl Iterator<Item = RelPath> {
    root.ancestors().skip(1).map(|dir| RelPath::new(dir.as_os_str().as_bytes()))
}

fn ways(root: &Path, files: &[ProjectFile]) -> BTreeMap<RelPath, Directory> {
    let names: BTreeSet<RelPath> =
        files.iter().flat_map(|file| below_root(&file.path)).chain(above_root(root)).collect();
    let found = names.into_iter().filter_map(|name| Some((name.clone(), Directory::at(&name.under(root))?)));
    found.collect()
}

/// Adds the files that compose files name and the walk did not know for env files; those that are not there.
fn add_named(named: &BTreeMap<RelPath, Named>, root: &Path, listing: &mut Listing) -> BTreeSet<RelPath> {
    let is_there = |path: &&RelPath| path.under(root).symlink_metadata().is_ok();
    listing.candidates.extend(named.keys().filter(is_there).cloned());
    listing.candidates.sort();
    listing.candidates.dedup();
    let absent = named.iter().filter(|(path, what)| **what != Named::Text && !is_there(path));
    absent.map(|(path, _)| path.clone()).collect()
}
