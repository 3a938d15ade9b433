//! The coding agents of a project: which are set up where, what each leaves out, the secrets in their settings, and the
//! transcripts that they left.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use zeroize::Zeroizing;

use super::literal_secrets;
use super::nested::Views;
use crate::agents::{self, Agent, Exclusion, Written};
use crate::config::Config;
use crate::env::Key;
use crate::files::Root;
use crate::path::RelPath;
use crate::problem::Problem;
use crate::project::env_file::GitView;
use crate::secret::class::{self, Class};
use crate::secret::strength::{self, Strength};
use crate::secret::{Secret, placeholder};

/// The coding agents of a project.
#[derive(Debug, Default)]
pub struct Agents {
    /// Each agent in each directory in which it is set up, but not below another one of the same agent.
    pub setups: Vec<Setup>,
    /// Their settings with secrets in them.
    pub settings: Vec<AgentSettings>,
    /// Their transcripts and the settings of one person.
    pub states: Vec<AgentState>,
}

/// An agent that is set up in a directory.
#[derive(Debug)]
pub struct Setup {
    /// The agent.
    pub agent: &'static Agent,
    /// The directory.
    pub dir: RelPath,
    /// What shows it: the file of its exclusion where there is one, else a sign.
    pub sign: RelPath,
    /// What it leaves out.
    pub exclusion: Exclusion,
    /// The text of the file to which a rule is added, where there is one: it may have secrets.
    pub text: Option<Zeroizing<Vec<u8>>>,
    /// Whether the folder of that file is there.
    pub has_folder: bool,
}

impl Setup {
    /// The file to which a rule is added.
    #[must_use]
    pub fn exclusion_file(&self) -> RelPath {
        let first = self.agent.files.iter().find(|file| self.sign == self.dir.join(file.as_bytes()));
        self.dir.join(first.or(self.agent.files.first()).map_or(b"".as_slice(), |file| file.as_bytes()))
    }
}

/// Settings of an agent.
#[derive(Debug)]
pub struct AgentSettings {
    /// The file.
    pub path: RelPath,
    /// What git says of it; `None` outside a repository.
    pub git: Option<GitView>,
    /// The secrets in it that are not easy to guess.
    pub secrets: Vec<SettingsSecret>,
}

/// A secret in an agent's settings.
#[derive(Debug)]
pub struct SettingsSecret {
    /// The line.
    pub line: NonZeroU32,
    /// The name, where it may be printed.
    pub key: Option<Key>,
    /// What it is.
    pub class: Class,
    /// The secret: of a URL the password.
    pub value: Secret,
}

/// What an agent keeps in the project for one person.
#[derive(Debug)]
pub struct AgentState {
    /// The file or the folder.
    pub path: RelPath,
    /// The agent that writes it.
    pub agent: &'static str,
    /// A file of it, the file itself where it is one: what an ignore file is asked about.
    pub file: RelPath,
    /// Whether git tracks some of it.
    pub is_tracked: bool,
    /// Whether git's rules hide it; `None` outside a repository.
    pub is_ignored: Option<bool>,
}

impl Agents {
    /// The secrets in settings.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.settings.iter().flat_map(|settings| settings.secrets.iter().map(|secret| &secret.value))
    }
}

/// What is read with.
pub(super) struct Disk<'a> {
    pub(super) root: &'a Root,
    pub(super) views: &'a Views<'a>,
    pub(super) config: &'a Config,
    /// Whether the whole project was walked: of a part of it nobody knows what is set up above.
    pub(super) is_whole: bool,
}

/// Larger settings are nobody's.
const LARGEST: u64 = 1 << 20;
/// So many files of a folder are asked about: a transcript for each day of a year would take as many reads of the rules.
const ASKED: usize = 32;

impl Disk<'_> {
    /// Reads what the walk noted.
    pub(super) fn agents(&self, noted: &[RelPath], problems: &mut Vec<Problem>) -> Agents {
        if noted.is_empty() {
            return Agents::default();
        }
        let setups = if self.is_whole { self.setups(noted, problems) } else { Vec::new() };
        let settings = noted.iter().filter(|path| agents::is_settings(path));
        Agents {
            setups,
            settings: settings.filter_map(|path| self.settings(path, problems)).collect(),
            states: self.states(noted, problems),
        }
    }

    fn text(&self, path: &RelPath, problems: &mut Vec<Problem>) -> Option<Secret> {
        match self.root.read_secret(path, LARGEST) {
            Ok(text) => text,
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    }

    fn setups(&self, noted: &[RelPath], problems: &mut Vec<Problem>) -> Vec<Setup> {
        let mut found: BTreeMap<&str, (&'static Agent, BTreeMap<RelPath, &RelPath>)> = BTreeMap::new();
        for path in noted {
            for (agent, dir) in agents::signs(path) {
                found.entry(agent.name).or_insert((agent, BTreeMap::new())).1.entry(dir).or_insert(path);
            }
        }
        let mut setups = Vec::new();
        for (agent, dirs) in found.into_values() {
            let is_outermost = |dir: &&RelPath| {
                let above = std::iter::successors(Some((*dir).clone()), |dir| (!dir.is_root()).then(|| dir.parent()));
                above.skip(1).all(|dir| !dirs.contains_key(&dir))
            };
            let outermost: Vec<&RelPath> = dirs.keys().filter(is_outermost).collect();
            for dir in outermost {
                if let Some(sign) = dirs.get(dir) {
                    setups.push(self.setup(agent, dir, sign, noted, problems));
                }
            }
        }
        setups
    }

    #[expect(clippy::disallowed_methods, reason = "the rules of an agent are read from its settings")]
    fn setup(
        &self,
        agent: &'static Agent,
        dir: &RelPath,
        sign: &RelPath,
        noted: &[RelPath],
        problems: &mut Vec<Problem>,
    ) -> Setup {
        let mut texts: BTreeMap<&str, Zeroizing<Vec<u8>>> = BTreeMap::new();
        for file in agent.files.iter().chain(agent.disobeys.as_ref().map(|(file, _)| file)) {
            let path = dir.join(file.as_bytes());
            let text = noted.contains(&path).then(|| self.text(&path, problems)).flatten();
            texts.extend(text.map(|text| (*file, Zeroizing::new(text.expose().to_vec()))));
        }
        let first = agent.files.iter().find(|file| texts.contains_key(**file));
        let sign = first.map_or_else(|| (*sign).clone(), |file| dir.join(file.as_bytes()));
        let text = |file: &str| texts.get(file).map(|text| text.to_vec());
        let exclusion = Exclusion::read(agent, &dir.under(self.root.path()), &text);
        let target = first.or(agent.files.first()).copied().unwrap_or_default();
        let folder = dir.join(target.as_bytes()).parent();
        let has_folder = folder == *dir || noted.contains(&folder);
        let text = texts.remove(target);
        Setup { agent, dir: dir.clone(), sign, exclusion, text, has_folder }
    }

    #[expect(clippy::disallowed_methods, reason = "what is written in the settings is judged")]
    fn settings(&self, path: &RelPath, problems: &mut Vec<Problem>) -> Option<AgentSettings> {
        let text = self.text(path, problems)?;
        let written = agents::written(text.expose());
        let mut secrets: Vec<SettingsSecret> = written.iter().flat_map(|one| secrets_of(one, self.config)).collect();
        secrets.sort_by(|a, b| (a.line, &a.key).cmp(&(b.line, &b.key)));
        secrets.dedup_by(|a, b| a.line == b.line && a.key == b.key);
        (!secrets.is_empty()).then(|| AgentSettings { path: path.clone(), git: self.views.of(path, problems), secrets })
    }

    fn states(&self, noted: &[RelPath], problems: &mut Vec<Problem>) -> Vec<AgentState> {
        let mut found: BTreeMap<RelPath, (&'static str, BTreeSet<&RelPath>)> = BTreeMap::new();
        for path in noted {
            if let Some((state, agent)) = agents::state_of(path) {
                found.entry(state).or_insert((agent, BTreeSet::new())).1.insert(path);
            }
        }
        let mut states = Vec::new();
        for (path, (agent, files)) in found {
            let Some(file) = files.first() else { continue };
            let views: Vec<GitView> =
                files.iter().take(ASKED).filter_map(|file| self.views.of(file, problems)).collect();
            states.push(AgentState {
                path,
                agent,
                file: (*file).clone(),
                is_tracked: views.iter().any(|view| view.tracked),
                is_ignored: views.first().map(|view| view.ignored),
            });
        }
        states
    }
}

/// The secrets in a text, or in the words of a list. References to variables (`${VAR}`, `${input:x}`, `{env:VAR}`) are
/// none; nor is what is easy to guess, which is no secret wherever it is.
fn secrets_of(written: &Written, config: &Config) -> Vec<SettingsSecret> {
    let mut found: BTreeMap<usize, SettingsSecret> = BTreeMap::new();
    // Of a list the word before a secret says more than the name of all: `"args": ["--api-key", "x"]`.
    let is_list = written.texts.len() > 1;
    let (texts, words) = (in_texts(written, config), in_words(written, config));
    let (first, second) = if is_list { (words, texts) } else { (texts, words) };
    for (at, secret) in first.into_iter().chain(second) {
        found.entry(at).or_insert(secret);
    }
    found.into_values().collect()
}

/// What is a secret as a whole, or a URL with one.
fn in_texts(written: &Written, config: &Config) -> Vec<(usize, SettingsSecret)> {
    let name = written.name.as_str();
    let of = |(at, (line, text)): (usize, &(NonZeroU32, Zeroizing<String>))| {
        let (class, value) = literal_secrets::of_text(name, literal(text)?, config)?;
        Some((at, secret(*line, name, class, value)?))
    };
    written.texts.iter().enumerate().filter_map(of).collect()
}

/// What is a secret as a word of a command, or of a rule that allows one: `Bash(PGPASSWORD=x psql:*)`.
fn in_words(written: &Written, config: &Config) -> Vec<(usize, SettingsSecret)> {
    let open = |text: &str| Zeroizing::new(literal(text).unwrap_or_default().replace(['(', ')'], " "));
    let opened: Vec<Zeroizing<String>> = written.texts.iter().map(|(_, text)| open(text)).collect();
    let texts: Vec<&str> = opened.iter().map(|text| text.as_str()).collect();
    let of = |(at, name, class, value): (usize, &str, Class, Secret)| {
        let (line, _) = written.texts.get(at)?;
        Some((at, secret(*line, name, class, value)?))
    };
    literal_secrets::of_words(&texts, config).into_iter().filter_map(of).collect()
}

/// The text, or the default of `${VAR:-default}`; `None` where it only says where a value is.
fn literal(text: &str) -> Option<&str> {
    let is_reference = ["{env:", "{file:"].iter().any(|reference| text.contains(reference));
    let literal = if is_reference { None } else { class::literal(text.trim().as_bytes()) };
    literal.and_then(|literal| std::str::from_utf8(literal).ok())
}

#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
fn secret(line: NonZeroU32, name: &str, class: Class, value: Secret) -> Option<SettingsSecret> {
    let is_placeholder = placeholder::of_key(name, value.expose()).is_some();
    let is_weak = strength::of(value.expose()) == Strength::Weak;
    let key = Key::printable(name.as_bytes());
    (!is_placeholder && !is_weak).then_some(SettingsSecret { line, key, class, value })
}
