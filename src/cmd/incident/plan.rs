//! The screen: the six steps, with the commands.

use std::num::NonZeroU32;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::env::Key;
use crate::incident::{BlastRadius, why};
use crate::path::RelPath;
use crate::problem::Problem;
use crate::rotation::steps::rotate;
use crate::secret::class::Class;
use crate::shell::for_shell;
use crate::terminal::{Ink, Style, WIDTH};
use crate::text::{sanitize, wrap};

/// One secret to be replaced.
pub(in crate::cmd) struct Item {
    pub(in crate::cmd) file: RelPath,
    pub(in crate::cmd) key: Option<Key>,
    pub(in crate::cmd) line: Option<NonZeroU32>,
    pub(in crate::cmd) class: Class,
    /// How it was seen, or why it is exposed.
    pub(in crate::cmd) why: String,
    /// How it is replaced.
    pub(in crate::cmd) by: By,
}

/// How a secret is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cmd) enum By {
    /// `rotation rotate`.
    Rotate {
        /// Whether the new value comes on standard input.
        by_hand: bool,
        /// Whether one waits that was seen, too: it is given up first.
        waits: bool,
    },
    /// With another one, which has the same value.
    Another,
    /// The file is the secret, and is written anew.
    WholeFile,
}

impl Item {
    /// Its place in the ledger, which keeps none without a plain name.
    pub(super) fn place(&self) -> Option<(RelPath, Key)> {
        Some((self.file.clone(), self.key.clone()?))
    }
}

/// All that the screen says.
pub(super) struct Plan<'a> {
    pub(super) service: Option<&'a str>,
    pub(super) root: &'a Path,
    /// Whether one stands in the root.
    pub(super) is_here: bool,
    /// `docker compose`, with the files of the stack.
    pub(super) compose: String,
    /// What starts it again, and makes those anew that have its secrets.
    pub(super) recreate: Vec<String>,
    /// Whether the service's image is built here.
    pub(super) is_built: bool,
    /// Where the evidence goes.
    pub(super) evidence: Option<PathBuf>,
    pub(super) items: Vec<Item>,
    pub(super) reach: Option<&'a BlastRadius<'a>>,
}

/// A step: its name, what is said, and the commands.
struct Step {
    title: &'static str,
    text: Vec<String>,
    commands: Vec<String>,
}

impl Plan<'_> {
    /// The whole screen.
    pub(super) fn text(&self, problems: &[&Problem], style: Style) -> String {
        let mut text = String::new();
        if !self.is_here {
            text += &format!("commands are for {}\n\n", sanitize(self.root.as_os_str().as_bytes()));
        }
        for (number, step) in self.steps().into_iter().enumerate() {
            text += &format!("{}\n", style.set(Ink::Bold, &format!("{}. {}", number + 1, step.title)));
            for line in step.text.iter().flat_map(|text| wrap(text, WIDTH - 3)) {
                text += &format!("   {line}\n");
            }
            // A command is copied: it stays in one piece, however long.
            step.commands.iter().for_each(|command| text += &format!("   -> {command}\n"));
            text.push('\n');
        }
        if !problems.is_empty() {
            text += &format!("{}\n", style.set(Ink::Bold, "not examined, so that a secret may be missing above"));
            for problem in problems {
                wrap(&problem.to_string(), WIDTH - 2).iter().for_each(|line| text += &format!("  {line}\n"));
            }
        }
        text.trim_end().to_owned() + "\n"
    }

    fn steps(&self) -> Vec<Step> {
        match (self.service, &self.evidence) {
            (Some(service), Some(evidence)) => self.of_service(service, evidence),
            _ => self.of_exposed(),
        }
    }

    fn of_service(&self, service: &str, evidence: &Path) -> Vec<Step> {
        let compose = &self.compose;
        let service = for_shell(&RelPath::from(service));
        let dir = for_shell(&RelPath::new(evidence.as_os_str().as_bytes()));
        let id = format!("$({compose} ps -aq {service})");
        // Each by itself private: they may be run one by one, in different shells.
        let keep = |command: &str, file: &str| format!("(umask 077; {command} > {dir}/{file})");
        // A service may have several containers, and these two take one.
        let each = |command: &str, ending: &str| {
            format!("(umask 077; for id in {id}; do docker {command} \"$id\" > {dir}/\"$id\".{ending}; done)")
        };
        vec![
            Step {
                title: "isolate",
                text: vec![
                    "What it does now is gone when it stops: that is kept first, where others cannot read it.".into(),
                ],
                commands: vec![
                    format!("mkdir -m 700 {dir}"),
                    keep(&format!("{compose} top {service}"), "top.txt"),
                    format!("{compose} stop {service}"),
                ],
            },
            Step {
                title: "investigate",
                text: vec!["Logs and settings hold secrets: they stay out of the project.".into()],
                commands: vec![
                    keep(&format!("{compose} logs --no-color --timestamps {service}"), "logs.txt"),
                    keep(&format!("docker inspect {id}"), "inspect.json"),
                    each("diff", "diff"),
                    format!("envward preflight --inspect {dir}/inspect.json"),
                ],
            },
            Step {
                title: "preserve evidence",
                text: Vec::new(),
                commands: vec![
                    each("export", "tar"),
                    format!("(umask 077; cd {dir} && sha256sum -- *.* > SHA256SUMS)"),
                ],
            },
            self.remediate(compose, &service),
            self.rotate([self.recreate.clone(), vec![format!("{compose} ps {service}")]].concat()),
            review(),
        ]
    }

    fn remediate(&self, compose: &str, service: &str) -> Step {
        let (what, anew) = match self.is_built {
            true => ("build anew", "build --no-cache --pull"),
            // Nothing is built of what a registry has.
            false => ("fetch its image anew", "pull"),
        };
        let text = format!(
            "Find out how it got in, mend that, and {what}. Do not start it yet: a secret that is replaced under it would leak again."
        );
        let commands = vec![format!("{compose} rm --force {service}"), format!("{compose} {anew} {service}")];
        Step { title: "remediate", text: vec![text], commands }
    }

    fn of_exposed(&self) -> Vec<Step> {
        vec![
            Step {
                title: "isolate",
                text: vec!["Whoever can read it now should not tomorrow: make a public repository private, and files private.".into()],
                commands: vec!["envward check --fix --dry-run".into()],
            },
            Step {
                title: "investigate",
                text: vec!["Which commits and refs hold them, and since when; then look for their use in the services' own logs.".into()],
                commands: vec!["envward scan".into()],
            },
            Step {
                title: "preserve evidence",
                text: vec!["A mirror keeps the history as it is, before it is cleaned; it holds secrets, so outside the project.".into()],
                commands: vec!["(umask 077; git clone --mirror . ~/incident.git)".into()],
            },
            Step {
                title: "remediate",
                text: vec!["Cleaning the history helps against the next reader only: what was pushed is known. Replace first.".into()],
                commands: vec!["envward scan --advice".into()],
            },
            self.rotate(Vec::new()),
            review(),
        ]
    }

    fn rotate(&self, behind: Vec<String>) -> Step {
        let mut text = Vec::new();
        let mut commands = Vec::new();
        if let Some(reason) = self.reach.and_then(|reach| reach.host) {
            text.push(format!("{}: it could see everything on this host, other projects included.", capital(reason)));
        }
        text.push(match self.items.len() {
            0 => "No secret of the project's env files was in its sight.".to_owned(),
            _ => "In this order; each command says what to do next:".to_owned(),
        });
        for item in &self.items {
            text.push(self.line(item));
            commands.extend(self.commands(item));
        }
        for literal in self.reach.map(|reach| reach.literals.as_slice()).unwrap_or_default() {
            let key = literal.key.as_ref().map_or_else(|| "a secret".to_owned(), ToString::to_string);
            text.push(format!(
                "- {key} in {} line {}: written there itself; replace it by hand, and move it into an env file",
                literal.path, literal.line
            ));
        }
        for path in self.reach.map(|reach| &reach.unseen).into_iter().flatten() {
            text.push(format!("- what stands in {path}: it could not be read here"));
        }
        if self.reach.is_some_and(|reach| reach.elsewhere) {
            text.push("- what stands in files outside the project, which it was given, too".into());
        }
        commands.extend(behind);
        Step { title: "rotate", text, commands }
    }

    fn line(&self, item: &Item) -> String {
        let name = match (&item.key, item.line) {
            (Some(key), _) => key.to_string(),
            (None, Some(line)) => format!("line {line}"),
            (None, None) => "a key".to_owned(),
        };
        let more = match item.by {
            By::Another => "; replaced with the one that has its value",
            By::Rotate { waits: true, .. } => "; the value that waits was seen, too, and is given up",
            _ => "",
        };
        format!("- {name} of {} ({}; {}{more})", item.file, item.why, why(item.class))
    }

    fn commands(&self, item: &Item) -> Vec<String> {
        let Some(key) = &item.key else { return Vec::new() };
        let file = self.path(&item.file);
        match item.by {
            By::Rotate { by_hand, waits } => {
                let abandon = waits.then(|| format!("envward rotation rotate {key} {file} --abandon"));
                abandon.into_iter().chain([rotate(key, &file, by_hand)]).collect()
            }
            By::WholeFile => vec![format!("(umask 077; envward generate hex > {file})")],
            By::Another => Vec::new(),
        }
    }

    fn path(&self, file: &RelPath) -> String {
        match self.is_here {
            true => for_shell(file),
            false => for_shell(&RelPath::new(file.under(self.root).as_os_str().as_bytes())),
        }
    }
}

fn review() -> Step {
    Step {
        title: "review",
        text: vec![
            "Write down when, how, and what would have stopped it; then let these say what is still open:".into(),
        ],
        commands: vec!["envward rotation status".into(), "envward preflight".into()],
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
