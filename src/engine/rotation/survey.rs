//! One look at one project: its env files and its git history beside what the ledger knows.

use std::path::Path;

use jiff::civil::Date;

use super::ledger;
use crate::config::Config;
use crate::engine::locate::{self, Located};
use crate::engine::mount::{modules, mounts, wanted};
use crate::env::names::{self, Role};
use crate::error::Error;
use crate::git::Question;
use crate::leak::{Committed, Found, Mapping, Values};
use crate::ledger::{Book, FingerprintKey, Keys as _, Ledger as _, Sqlite, StatePlace, When};
use crate::path::RelPath;
use crate::policy::open_problems;
use crate::problem::{Problem, ProblemKind, Spot};
use crate::project::{Expiries, Project, ProjectFile, Seen, Together};
use crate::report::rotation::ProjectReport;
use crate::rotation::{
    ExpiryStatus, KeyStatus, Look, SecretStatus, Sightings, Surprise, accept_clock, expiries, key_statuses, look,
    sightings, statuses, vanished,
};
use crate::secret::class::Class;
use crate::secret::mask::Mask;
use crate::system::System;
use crate::terminal::meter;
use crate::terminal::progress::Progress;
use crate::text::sanitize;

/// How to look.
#[derive(Default)]
pub(crate) struct Options<'a> {
    /// `--config`.
    pub(crate) config: Option<&'a Path>,
    /// `--as-of`: another day than today is only thought, and nothing is written.
    pub(crate) as_of: Option<Date>,
    /// `--accept-clock`.
    pub(crate) accept_clock: bool,
    /// Whether the ledger is only read.
    pub(crate) is_read_only: bool,
}

impl Options<'_> {
    fn keeps(&self, system: &System) -> bool {
        !self.is_read_only && self.as_of.is_none_or(|day| day == system.today)
    }
}

/// A change of the ledger: of its entries, with the key that makes fingerprints, at an instant.
type Work<'a> = dyn FnMut(&mut Book, &FingerprintKey, &When) + 'a;

/// A project, examined.
pub(crate) struct Survey {
    pub(crate) located: Located,
    pub(crate) config: Config,
    pub(crate) project: Project,
    pub(crate) together: Together,
    pub(crate) seen: Sightings,
    pub(crate) report: ProjectReport,
    pub(crate) place: StatePlace,
}

impl Survey {
    /// Looks, and takes the look down.
    pub(crate) fn of(path: Option<&Path>, options: &Options<'_>, system: &System) -> Result<Self, Error> {
        let located = locate::project(path, system)?;
        let config = locate::configuration(&located.root, options.config, system)?;
        let place = ledger::place(&located.root, system)?.clone();
        let repository = located.repository.as_ref();
        let project = Project::load(&located.root, &RelPath::default(), false, &config, repository)?;
        let mask = mask_of(&project, &config, system);
        let name = name(&located.root, &config, &mask)?;

        let (committed, limits) = history(&located, &project, &config, system);
        let keeps = options.keeps(system);
        let (mut kept, fingerprints) = if keeps {
            let (ledger, fingerprints) = ledger::open(&place)?;
            (Some(ledger), fingerprints)
        } else {
            ledger::peek(&place)?
        };
        let today = system.today;
        let seen = sightings(
            &project,
            &committed,
            &Look { config: &config, fingerprints: &fingerprints, group: &system.group, mask: &mask, today },
        );
        let day = options.as_of.unwrap_or(today);
        let mut looked = Looked { statuses: Vec::new(), expiries: Vec::new(), surprises: Vec::new() };
        let is_needed = |file: &RelPath| is_needed(file, &project);
        let mut work = |book: &mut Book| {
            if options.accept_clock {
                accept_clock(book, &ledger::now(system));
            }
            looked = Looked::at(book, &seen, &project.expiries, day, system);
            looked.surprises.extend(vanished(book, &is_needed));
        };
        match (&mut kept, keeps) {
            (Some(ledger), true) => ledger.update(&name, &mut work),
            (ledger, _) => read(ledger.as_ref(), &name).map(|book| work(&mut book.unwrap_or_default())),
        }
        .map_err(|fault| ledger::failed(&place, fault))?;
        let keys = kept.as_ref().map_or(Ok(Vec::new()), |ledger| ledger.keys(&name));
        let keys = keys.map_err(|fault| ledger::failed(&place, fault))?;
        let limits_of_keys = config.limits_of("", Class::AdminApiKey);
        let (gaps, problems): (Vec<_>, Vec<_>) = project.problems.iter().cloned().partition(is_of_git);
        let report = ProjectReport {
            places: None,
            name,
            is_here: located.root == system.directory,
            root: located.root.clone(),
            ledger: place.dir.clone(),
            other_ledger: ledger::other(&place, project.owner, system),
            statuses: looked.statuses,
            keys: key_statuses(&keys, limits_of_keys, day),
            expiries: looked.expiries,
            surprises: looked.surprises,
            problems: open_problems([problems, broken_dates(&project)].concat(), &config, day),
            limits: open_problems([limits, gaps, located.problems.clone()].concat(), &config, day),
            unnamed: seen.unnamed,
            mask,
        };
        let together = Together::of(&project, &config);
        Ok(Self { located, config, project, together, seen, report, place })
    }

    /// Changes what the ledger knows of the project. No other writer gets between what `work` sees and what it leaves.
    pub(crate) fn update(&self, system: &System, work: &mut Work<'_>) -> Result<(), Error> {
        let (mut ledger, fingerprints) = ledger::open(&self.place)?;
        let now = ledger::now(system);
        let updated = ledger.update(&self.report.name, &mut |book| work(book, &fingerprints, &now));
        updated.map_err(|fault| ledger::failed(&self.place, fault))
    }

    /// Changes what the ledger knows of one secret; nothing where it knows none.
    pub(crate) fn update_secret(
        &self,
        status: &SecretStatus,
        system: &System,
        work: &mut dyn FnMut(&mut Book, usize, &When),
    ) -> Result<(), Error> {
        self.update(system, &mut |book, _, now| {
            if let Some(index) = book.find(&status.file, &status.key) {
                work(book, index, now);
            }
        })
    }

    /// The secrets below what was asked for.
    pub(crate) fn asked(&self) -> impl Iterator<Item = &SecretStatus> {
        let below = &self.located.below;
        self.report.statuses.iter().filter(move |status| status.file.strip_dir(below).is_some())
    }

    /// The expiry dates of values below what was asked for.
    pub(crate) fn asked_expiries(&self) -> impl Iterator<Item = &ExpiryStatus> {
        let below = &self.located.below;
        self.report.expiries.iter().filter(move |one| one.date.file.strip_dir(below).is_some())
    }

    /// The admin keys, which belong to the project as a whole: none where a part of it was asked for.
    pub(crate) fn asked_keys(&self) -> impl Iterator<Item = &KeyStatus> {
        let is_whole = self.located.below.is_root();
        self.report.keys.iter().filter(move |_| is_whole)
    }
}

/// Whether a file that is not there is missed: a compose file names it, or its example is there.
fn is_needed(file: &RelPath, project: &Project) -> bool {
    let is_its = |example: &ProjectFile| {
        example.role == Role::Template
            && example.path.parent() == file.parent()
            && names::env_file_of(example.path.file_name()).is_some_and(|name| name == file.file_name())
    };
    let is_there = project.files.iter().any(|known| known.path == *file);
    !is_there && (project.absent.contains(file) || project.files.iter().any(is_its))
}

/// What a look gives.
struct Looked {
    statuses: Vec<SecretStatus>,
    expiries: Vec<ExpiryStatus>,
    surprises: Vec<Surprise>,
}

impl Looked {
    fn at(book: &mut Book, seen: &Sightings, dates: &Expiries, day: Date, system: &System) -> Self {
        let before = book.clone();
        let surprises = look(book, seen, &ledger::now(system));
        let back = surprises.iter().find_map(|surprise| match surprise {
            Surprise::ClockBack(last) => Some(*last),
            Surprise::KeyLost | Surprise::Vanished(..) => None,
        });
        // Where the clock went back, ages count to the day of the last look.
        let day = back.filter(|_| day == system.today).unwrap_or(day);
        let statuses = statuses(book, seen, day);
        let expiries = expiries(&dates.dates, &statuses, &book.expiry_reminders, day);
        if back.is_some() {
            *book = before;
        }
        Self { statuses, expiries, surprises }
    }
}

fn read(ledger: Option<&Sqlite>, name: &str) -> Result<Option<Book>, crate::ledger::Fault> {
    ledger.map_or(Ok(None), |ledger| ledger.read(name))
}

/// The comments that should say an expiry date and say none, so that a date may be missing.
fn broken_dates(project: &Project) -> Vec<Problem> {
    let problem = |one: &crate::project::BrokenExpiry| {
        let what = if one.is_above_key { "no date such as 2027-03-01" } else { "it is above no key" };
        let spot = Some(Spot { line: Some(one.line), what, word: None });
        Problem { spot, ..Problem::at(ProblemKind::BrokenExpiryDate, one.file.clone()) }
    };
    project.expiries.broken.iter().map(problem).collect()
}

/// What no name may show: the values of a project's files.
pub(crate) fn mask_of(project: &Project, config: &Config, system: &System) -> Mask {
    let mut values = Seen::new(&system.group);
    values.project(project, config);
    Mask::new(values.into_values())
}

/// What the ledger calls a project. A name that holds a secret is not written down.
pub(crate) fn name(root: &Path, config: &Config, mask: &Mask) -> Result<String, Error> {
    let bytes = std::os::unix::ffi::OsStrExt::as_bytes(root.as_os_str());
    let name = config.name.as_deref().map_or_else(|| sanitize(bytes), |name| sanitize(name.as_bytes()));
    match mask.text(&name) == name {
        true => Ok(name),
        false => Err(Error::SecretInName),
    }
}

/// What git history holds. Where it cannot be read, that is said, and ages come from elsewhere.
fn history(located: &Located, project: &Project, config: &Config, system: &System) -> (Committed, Vec<Problem>) {
    let (mut committed, mut problems) = (Committed::default(), Vec::new());
    let modules = modules(located, &mut problems);
    let values = Values::of(&project.files, &system.group);
    for mount in mounts(located, project, &modules) {
        let wanted = wanted(config, project);
        let progress = Progress::default();
        // Values count by the name of their file and key; a content that has neither is no key's age.
        let question = Question {
            beside: None,
            wanted: &wanted,
            follows: &|_| false,
            shaped: &|_| false,
            sought: values.sought(),
            span: None,
            progress: &progress,
        };
        let mut history = meter::watched(&progress, || mount.repository.history(&question));
        problems.append(&mut history.problems);
        let place = |path: &RelPath| Some((mount.path(path)?, mount.reading(path, config, project)?));
        committed.add(mount.repository, &history, &place, (config, &system.group), &mut problems);
        let path = |path: &RelPath| mount.path(path);
        let places = Mapping { dir: mount.dir.clone(), path: &path, is_told: &|_, _, _| false };
        committed.add_elsewhere(&Found::in_history(&values, &history.values, &places));
        problems.append(&mut mount.repository.gaps());
    }
    (committed, problems)
}

/// Whether a problem is about git, and not about an env file.
fn is_of_git(problem: &Problem) -> bool {
    use ProblemKind as Kind;
    matches!(
        problem.kind,
        Kind::NotARepository
            | Kind::ForeignOwner
            | Kind::CorruptObject
            | Kind::MissingObject
            | Kind::ShallowClone
            | Kind::PartialClone
            | Kind::UnsupportedRepository
            | Kind::BrokenIndex
            | Kind::BrokenRef
            | Kind::GitFailed
            | Kind::UnreadableGitConfig
            // Modes say nothing about ages.
            | Kind::ModesMeaningless
    )
}
