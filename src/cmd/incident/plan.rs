//! The screen: the six steps, with the commands.

use std::num::NonZeroU32;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::engine::trace::OtherPlace;
use crate::env::Key;
use crate::incident::{BlastRadius, why};
use crate::path::RelPath;
use crate::problem::Problem;
use crate::rotation::steps::rotate;
use crate::secret::class::Class;
use crate::shell::for_shell;
use crate::terminal::{Ink, Style};
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
        /// Whether one waits that was seen, too: it is discarded first.
        waits: bool,
    },
    /// With another one, which has the same value.
    Another,
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
    /// Whether one is in the root.
    pub(super) is_here: bool,
    /// `docker compose`, with the files of the stack.
    pub(super) compose: String,
    /// What starts it again, and makes those again that have its secrets.
    pub(super) recreate: Vec<String>,
    /// Whether the service's image is built here.
    pub(super) is_built: bool,
    /// Where the evidence goes.
    pub(super) evidence: Option<PathBuf>,
    /// The command that saves the git history, where there is one.
    pub(super) history: Option<String>,
    pub(super) items: Vec<Item>,
    pub(super) reach: Option<&'a BlastRadius<'a>>,
    /// The places on this host that contain the secrets, where somebody asked for them.
    pub(super) places: Option<Vec<OtherPlace>>,
}

/// More places than these are counted.
const PLACES: usize = 20;

fn of_place(place: &OtherPlace) -> String {
    let key = place.key.as_ref().map_or("a key", Key::as_str);
    format!("- {} ({}): {key} of {}", place.name, place.severity.word(), place.file)
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
        for (number, step) in self.steps().into_iter().chain(self.clean()).enumerate() {
            text += &format!("{}\n", style.set(Ink::Bold, &format!("{}. {}", number + 1, step.title)));
            for part in &step.text {
                let indent = if part.starts_with("- ") { "  " } else { "" };
                for (at, line) in wrap(part, style.width - 3 - indent.len()).into_iter().enumerate() {
                    text += &format!("   {}{line}\n", if at == 0 { "" } else { indent });
                }
            }
            // A command is copied: it stays in one piece, however long.
            step.commands.iter().for_each(|command| text += &format!("   -> {command}\n"));
            text.push('\n');
        }
        if !problems.is_empty() {
            text += &format!("{}\n", style.set(Ink::Bold, "not examined, so secrets may be missing above"));
            for problem in problems {
                wrap(&problem.to_string(), style.width - 2).iter().for_each(|line| text += &format!("  {line}\n"));
            }
        }
        text.trim_end().to_owned() + "\n"
    }

    /// Which places to clean, once the secrets are replaced.
    fn clean(&self) -> Option<Step> {
        let places = self.places.as_ref()?;
        let mut text: Vec<String> = places.iter().take(PLACES).map(of_place).collect();
        match places.len().saturating_sub(PLACES) {
            0 if text.is_empty() => text.push("No place that was searched contains one of these secrets.".into()),
            0 => {}
            more => text.push(format!("- and {more} more places")),
        }
        Some(Step { title: "clean other places", text, commands: vec![self.at("envward trace")] })
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
                    "Stopping the service destroys its running state: save that first, where other users cannot read it."
                        .into(),
                ],
                commands: vec![
                    format!("mkdir -m 700 {dir}"),
                    keep(&format!("{compose} top {service}"), "top.txt"),
                    format!("{compose} stop {service}"),
                ],
            },
            Step {
                title: "investigate",
                text: vec!["Logs and settings contain secrets: keep them outside the project.".into()],
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
            self.review(),
        ]
    }

    fn remediate(&self, compose: &str, service: &str) -> Step {
        let (what, rebuild) = match self.is_built {
            true => ("build the image again", "build --no-cache --pull"),
            // Nothing is built of what a registry has.
            false => ("pull the image again", "pull"),
        };
        let text = format!(
            "Find out how the attacker got in, fix that, and {what}. Do not start the service yet: if it is still compromised, the new secrets leak too."
        );
        let commands = vec![format!("{compose} rm --force {service}"), format!("{compose} {rebuild} {service}")];
        Step { title: "remediate", text: vec![text], commands }
    }

    fn of_exposed(&self) -> Vec<Step> {
        let steps = match &self.history {
            Some(copy) => self.in_git(copy),
            None => self.outside_git(),
        };
        steps.into_iter().chain([self.rotate(Vec::new()), self.review()]).collect()
    }

    /// What precedes the replacement where the secrets may be in git history; `copy` is the command that saves it.
    fn in_git(&self, copy: &str) -> [Step; 4] {
        [
            self.isolate("Cut off access: make a public repository private, and let only their owner read the env files."),
            Step {
                title: "investigate",
                text: vec!["Find out which commits and refs contain the secrets, and since when. Then search the logs of your services for uses that you do not know.".into()],
                commands: vec![self.at("envward scan")],
            },
            Step {
                title: "preserve evidence",
                text: vec!["Save the git history before you clean it. The copy contains secrets, so keep it outside the project.".into()],
                commands: vec![format!("(umask 077; {copy})")],
            },
            Step {
                title: "remediate",
                text: vec!["Do step 5 first: cleaning the git history does not help against those who already have a clone. These are the steps to clean it:".into()],
                commands: vec![self.at("envward scan --advice")],
            },
        ]
    }

    fn outside_git(&self) -> [Step; 4] {
        let plain = |title, text: &str| Step { title, text: vec![text.to_owned()], commands: Vec::new() };
        [
            self.isolate("Cut off access: let only their owner read the env files."),
            Step {
                title: "investigate",
                text: vec!["Find out which other files of this host contain the secrets. Then search the logs of your services for uses that you do not know.".into()],
                commands: vec![self.at("envward trace")],
            },
            plain("preserve evidence", "Save the logs that show who used the secrets. They may contain secrets, so keep them outside the project."),
            plain("remediate", "Find out how the secrets leaked, and fix that: else the new secrets leak too."),
        ]
    }

    fn isolate(&self, text: &str) -> Step {
        let fix = self.at("envward check --fix");
        let commands = vec![self.at("envward check --fix --dry-run"), fix];
        Step { title: "isolate", text: vec![text.to_owned()], commands }
    }

    /// A command for the project, wherever it is typed.
    fn at(&self, command: &str) -> String {
        match self.is_here {
            true => command.to_owned(),
            false => format!("{command} {}", for_shell(&RelPath::new(self.root.as_os_str().as_bytes()))),
        }
    }

    fn rotate(&self, behind: Vec<String>) -> Step {
        let mut text = Vec::new();
        let mut commands = Vec::new();
        if let Some(reason) = self.reach.and_then(|reach| reach.host) {
            text.push(format!(
                "{}: the service could see everything on this host, including other projects.",
                capital(reason)
            ));
        }
        text.push(match self.items.len() {
            0 => self.nothing().to_owned(),
            _ => "Replace these in this order. Each command prints the steps for its secret: do all of them, `promote` too, before the next secret.".to_owned(),
        });
        for item in &self.items {
            text.push(self.line(item));
            commands.extend(self.commands(item));
        }
        for literal in self.reach.map(|reach| reach.literals.as_slice()).unwrap_or_default() {
            let key = literal.key.as_ref().map_or_else(|| "a secret".to_owned(), ToString::to_string);
            text.push(format!(
                "- {key} in {} line {}: the file contains the secret itself. Replace it by hand, and move it into an env file",
                literal.path, literal.line
            ));
        }
        for path in self.reach.map(|reach| &reach.unseen).into_iter().flatten() {
            text.push(format!("- all secrets in {path}: envward could not read this file"));
        }
        if self.reach.is_some_and(|reach| reach.elsewhere) {
            text.push("- all secrets in files outside the project that the service was given".into());
        }
        commands.extend(behind);
        Step { title: "rotate", text, commands }
    }

    /// What is said where there is nothing to replace.
    fn nothing(&self) -> &'static str {
        match self.service {
            Some(_) => "The service could see no secret of the project's env files.",
            None => {
                "envward knows of no exposed secret in this project. If you know of a leak, name the service that uses the \
                 secrets: envward incident SERVICE"
            }
        }
    }

    fn line(&self, item: &Item) -> String {
        let name = match (&item.key, item.line) {
            (Some(key), _) => key.to_string(),
            (None, Some(line)) => format!("line {line}"),
            (None, None) => "a key".to_owned(),
        };
        let more = match item.by {
            By::Another => ". It is replaced together with the key that has the same value, so it has no command",
            By::Rotate { waits: true, .. } => ". Its waiting new value was readable too: discard that first",
            _ => "",
        };
        format!("- {name} of {} ({}): {}{more}", item.file, item.why, why(item.class))
    }

    fn commands(&self, item: &Item) -> Vec<String> {
        let Some(key) = &item.key else { return Vec::new() };
        let file = self.path(&item.file);
        match item.by {
            By::Rotate { by_hand, waits } => {
                let abandon = waits.then(|| format!("envward rotation rotate {key} {file} --abandon"));
                abandon.into_iter().chain([rotate(key, &file, by_hand)]).collect()
            }
            By::Another => Vec::new(),
        }
    }

    fn review(&self) -> Step {
        let text = "Write down what happened, when, and what would have prevented it. These show what is still to do:";
        let commands = vec![self.at("envward rotation status"), self.at("envward preflight")];
        Step { title: "review", text: vec![text.to_owned()], commands }
    }

    fn path(&self, file: &RelPath) -> String {
        match self.is_here {
            true => for_shell(file),
            false => for_shell(&RelPath::new(file.under(self.root).as_os_str().as_bytes())),
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
