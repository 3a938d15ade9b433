//! `envward preflight`: the gate before a deployment.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use super::{inspect, output};
use crate::check::{Check, Kind, Tier};
use crate::cli::preflight::{Preflight, PreflightFormat, ProfileName};
use crate::cli::{Format, Output};
use crate::config::{Config, Profile};
use crate::docker::compose::Stack;
use crate::docker::dockerfile::is_dockerfile;
use crate::engine::check::{self, Checked};
use crate::engine::fix::{Mended, plan};
use crate::engine::image_scans::Scans;
use crate::engine::locate::{self, Located};
use crate::engine::run::Run;
use crate::engine::terms::Terms;
use crate::error::Error;
use crate::finding::{Finding, Origin};
use crate::path::RelPath;
use crate::policy::{Report, Status};
use crate::preflight::{self, Answer, CHECKLISTS, Seen, answer};
use crate::problem::{Problem, ProblemKind};
use crate::project::{Deployment, Project, is_compose_file, role_of};
use crate::report;
use crate::report::text::Fold;
use crate::secret::mask::Mask;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Preflight, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if let Some(file) = &args.inspect {
        return inspect::run(file, &flags(args), system, out);
    }
    let first = args.files.first().or(args.path.as_ref());
    let mut located = locate::project(first.map(PathBuf::as_path), system)?;
    let config = locate::configuration(&located.root, args.judging.config.as_deref(), system)?;
    let (only, given) = asked(args, &located, &config, system)?;
    if located.is_file {
        // A compose file is asked about with what is beside it: its overrides, its env files.
        (located.below, located.is_file) = (located.below.parent(), false);
    }
    let scans = Scans::read(&args.scan_report, system)?;
    if args.fixing.fix {
        let case = Case { args, located: &located, config: &config, only: &only, given: &given, scans: &scans, system };
        let deployment = case.load()?;
        let (before, mask) = case.report(&deployment);
        let mended = plan::run(&before, &mask, &deployment.project, &located, args.fixing.dry_run, system)?;
        output::mended(&mended, &mask, (args.fixing.dry_run, is_for_people(args.format)), out)?;
        located.problems.extend(mended.iter().filter_map(Mended::problem));
    }
    let case = Case { args, located: &located, config: &config, only: &only, given: &given, scans: &scans, system };
    let deployment = case.load()?;
    let (report, mask) = case.report(&deployment);
    case.write(report, &mask, &deployment, out)
}

/// The compose files that were asked about, and those of them that are to be taken together by their order alone.
fn asked(
    args: &Preflight,
    located: &Located,
    config: &Config,
    system: &System,
) -> Result<(Vec<RelPath>, Vec<RelPath>), Error> {
    let mut given = Vec::with_capacity(args.files.len());
    for file in &args.files {
        let (full, is_file) = locate::place(Some(file), system)?;
        let below = RelPath::below(&located.root, &full).filter(|_| is_file);
        given.push(below.ok_or(Error::usage(
            "-f takes compose files of one project",
            "run `envward preflight` once for each project",
        ))?);
    }
    if !given.is_empty() || !located.is_file {
        return Ok((given.clone(), given));
    }
    let only = vec![located.below.clone()];
    let name = located.below.file_name();
    if is_compose_file(name) {
        return Ok((only, Vec::new()));
    }
    // As `docker compose -f` it takes one of any name, but not what is something else by its own.
    match role_of(&located.below, config).is_some() || is_dockerfile(name) {
        true => Err(Error::usage(
            "preflight takes a directory or a compose file",
            "such as `envward preflight .` or `envward preflight -f compose.yaml`",
        )),
        false => Ok((only.clone(), only)),
    }
}

struct Case<'a> {
    args: &'a Preflight,
    located: &'a Located,
    config: &'a Config,
    /// The compose files that were asked about; none for all.
    only: &'a [RelPath],
    /// Those of them that are one set, whatever their names.
    given: &'a [RelPath],
    /// What scanners of images found.
    scans: &'a Scans,
    system: &'a System,
}

impl Case<'_> {
    fn load(&self) -> Result<Deployment, Error> {
        let Located { root, below, repository, .. } = self.located;
        let mut project = Project::load_given(root, below, false, self.given, self.config, repository.as_ref())?;
        let has = |stack: &Stack, file: &RelPath| stack.sources.iter().any(|source| source.path == *file);
        project.stacks.retain(|stack| self.only.iter().all(|file| has(stack, file)));
        if !self.given.is_empty() {
            project.stacks.truncate(1);
        }
        let is_told = |file: &RelPath| project.problems.iter().any(|problem| problem.path.as_ref() == Some(file));
        if let Some(file) = self.only.first().filter(|file| project.stacks.is_empty() && !is_told(file)) {
            // Without a service in it it is none, whatever else it is.
            project.problems.push(Problem::at(ProblemKind::BrokenCompose, file.clone()));
        }
        let mut deployment = Deployment::of(project, self.config)?;
        if self.scans.cover(&deployment.project, self.terms().today(self.system)) {
            let files = self.args.scan_report.iter().map(|file| RelPath::new(file.as_os_str().as_encoded_bytes()));
            deployment.evidence.entry("image-scan").or_default().extend(files);
        }
        Ok(deployment)
    }

    /// What is found, judged.
    fn report(&self, deployment: &Deployment) -> (Report, Mask) {
        let project = &deployment.project;
        let mut run = Run::new(self.terms(), self.config, project, self.system);
        run.outcome.problems.clone_from(&self.located.problems);
        run.outcome.whole = self.located.below.is_root() && self.only.is_empty() && self.profile() == Profile::Takumi;
        run.know_ages(self.located);
        let is_broken = |problem: &Problem| {
            matches!(problem.kind, ProblemKind::BrokenCompose | ProblemKind::BrokenDockerfile | ProblemKind::TooLarge)
        };
        let has_nothing = project.stacks.is_empty() && deployment.builds.is_empty() && project.files.is_empty();
        if has_nothing && !project.problems.iter().any(is_broken) {
            // A gate that is in the wrong directory must not open.
            run.outcome.problems.push(Problem::whole(ProblemKind::NothingToDeploy));
        }
        run.worktree();
        run.deployment(deployment);
        let has_history = !self.args.no_history;
        let Checked { report, mask, .. } = check::finish(run, self.located, has_history, |run| {
            self.scans.judge(run);
            run.outcome.findings.retain(|finding| self.is_asked(finding, deployment));
            run.outcome.findings = most_severe(std::mem::take(&mut run.outcome.findings));
        });
        (report, mask)
    }

    fn terms(&self) -> Terms<'_> {
        output::terms("preflight", &self.args.judging)
    }

    fn profile(&self) -> Profile {
        match self.args.profile {
            Some(ProfileName::Takumi) => Profile::Takumi,
            Some(ProfileName::Minimal) => Profile::Minimal,
            None => self.config.preflight.profile,
        }
    }

    fn is_asked(&self, finding: &Finding, deployment: &Deployment) -> bool {
        // A scan was asked for, wherever its image is used.
        let is_scan = finding.check.kinds == [Kind::Scan];
        !self.is_left_out(finding.check) && (is_scan || self.is_near(finding.origin.path(), deployment))
    }

    fn is_left_out(&self, check: &Check) -> bool {
        self.profile() != Profile::Takumi && check.tier != Tier::Exposure
    }

    /// Whether a file is one of those that were asked about.
    fn is_near(&self, path: &RelPath, deployment: &Deployment) -> bool {
        let of_stack = |stack: &Stack| stack.sources.iter().any(|source| source.path == *path) || stack.reads(path);
        match self.only.is_empty() {
            true => path.strip_dir(&self.located.below).is_some(),
            // The compose files, the files of their stacks, and what those name or build.
            false => {
                self.only.contains(path)
                    || path.is_root()
                    || deployment.project.stacks.iter().any(of_stack)
                    || deployment.builds.iter().any(|build| build.path == *path && !build.services.is_empty())
            }
        }
    }

    fn write(
        &self,
        report: Report,
        mask: &Mask,
        deployment: &Deployment,
        out: &mut dyn Write,
    ) -> Result<Status, Error> {
        let args = self.args;
        let style = self.system.style;
        let mut report = report.masked(mask);
        let lists = match args.format {
            PreflightFormat::Checklist | PreflightFormat::Markdown => Some(self.checklists(&report, mask, deployment)),
            _ => None,
        };
        if lists.is_none() {
            report.leave_out_below(args.judging.min_severity.into());
        }
        let root = output::shown_root(&self.located.root, self.system);
        let mut text = Vec::new();
        let written = match args.format {
            PreflightFormat::Text => {
                let away = |finding: &Finding| finding.check.tier == Tier::Hardening;
                let first = |finding: &Finding| finding.check.tier == Tier::Exposure;
                let folded = Fold { all: false, away: &away, first: &first, has_advice: false };
                let fold = if args.all { Fold::none(true) } else { folded };
                report::text::write(&report, &fold, root.as_deref(), style, out)
            }
            PreflightFormat::Checklist => {
                report::checklist::text(lists.as_deref().unwrap_or_default(), &report, args.all, style, &mut text)
            }
            PreflightFormat::Markdown => {
                report::checklist::markdown(lists.as_deref().unwrap_or_default(), &report, args.all, &mut text)
            }
            _ => output::to_a_file(&flags(args), &report, (&self.located.root, mask), self.system, out),
        };
        written.map_err(|error| output::lost(&error))?;
        // The name of who attests comes from the project.
        output::text(&String::from_utf8_lossy(&text), mask, out)?;
        Ok(output::status(&report, &args.judging))
    }

    fn checklists(&self, report: &Report, mask: &Mask, deployment: &Deployment) -> Vec<report::checklist::Answered> {
        let seen = Seen::of(deployment, self.config, report, &|path| self.is_near(path, deployment));
        let left_out = |check: &Check| self.is_left_out(check);
        let lines = |list: &preflight::Checklist| -> Vec<_> {
            let answers = list.lines.iter().map(|line| answer(line, report, &seen, self.config, &left_out));
            // Before a path is broken into lines or escaped.
            answers.map(|one| Answer { files: one.files.iter().map(|path| mask.path(path)).collect(), ..one }).collect()
        };
        CHECKLISTS.iter().map(|list| report::checklist::Answered { title: list.title, lines: lines(list) }).collect()
    }
}

fn is_for_people(format: PreflightFormat) -> bool {
    matches!(format, PreflightFormat::Text | PreflightFormat::Checklist)
}

/// One place of a file that several stacks read is one finding, as severe as the most severe.
fn most_severe(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut places: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for finding in findings {
        let Origin::Worktree(path) = &finding.origin else {
            kept.push(finding);
            continue;
        };
        let place = (finding.check.id, path.clone(), finding.line, finding.key.clone());
        let same = places.entry(place).or_default();
        let known = same
            .iter()
            .copied()
            .find(|at| kept.get(*at).is_some_and(|known| known.what == finding.what && known.facts == finding.facts));
        match known.and_then(|at| kept.get_mut(at)) {
            Some(known) if known.severity < finding.severity => *known = finding,
            Some(_) => {}
            None => {
                same.push(kept.len());
                kept.push(finding);
            }
        }
    }
    kept
}

/// The flags of every command that reports. A checklist of running containers there is none.
fn flags(args: &Preflight) -> Output {
    Output { format: format(args.format), all: args.all, judging: args.judging.clone(), has_advice: false }
}

/// The same format of the other commands.
pub(super) fn format(format: PreflightFormat) -> Format {
    match format {
        PreflightFormat::Text | PreflightFormat::Checklist | PreflightFormat::Markdown => Format::Text,
        PreflightFormat::Json => Format::Json,
        PreflightFormat::Sarif => Format::Sarif,
        PreflightFormat::Github => Format::Github,
        PreflightFormat::GitlabSecretDetection => Format::GitlabSecretDetection,
        PreflightFormat::GitlabCodequality => Format::GitlabCodequality,
        PreflightFormat::Junit => Format::Junit,
        PreflightFormat::Html => Format::Html,
    }
}
