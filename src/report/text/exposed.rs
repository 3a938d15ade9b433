//! The first lines of a report: the secrets in use that are exposed, in git or by an incident, each once, with the command
//! that replaces it.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use jiff::civil::Date;

use super::{Fold, entry};
use crate::checks::git::{live_value_elsewhere, secret_still_live};
use crate::checks::rotation::secret_exposed;
use crate::env::Key;
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::git::{CommitRef, Oid};
use crate::path::RelPath;
use crate::report::next_step;
use crate::report::wording::{self, count, is_live, named, several};
use crate::terminal::{Ink, Style};
use crate::text::wrap;

/// More entries than these are counted.
const SHOWN: usize = 10;
/// More commands of one entry than these are counted.
const COMMANDS: usize = 12;
/// More other places of one entry than these are counted.
const PLACES: usize = 3;

/// The secrets of one env file that one commit, or one incident, exposed first.
pub(in crate::report) struct Entry<'a> {
    file: RelPath,
    commit: Option<&'a CommitRef>,
    incident: Option<Date>,
    secrets: Vec<Secret<'a>>,
}

/// One secret in use, and all findings about it.
struct Secret<'a> {
    file: RelPath,
    key: Option<&'a Key>,
    commit: Option<&'a CommitRef>,
    /// The day of the incident that is recorded.
    incident: Option<Date>,
    findings: Vec<&'a Finding>,
}

/// The exposed secrets of a report.
pub(in crate::report) struct Exposed<'a> {
    entries: Vec<Entry<'a>>,
    /// Where each of them is, by place and key.
    told: HashSet<(String, Option<&'a Key>)>,
}

impl<'a> Exposed<'a> {
    /// Those of the findings that this block tells.
    pub(in crate::report) fn of(findings: &'a [Finding]) -> Self {
        let told = findings.iter().filter(|one| is_told(one));
        let told = told.map(|one| (one.place(), one.key.as_ref())).collect();
        let mut entries: Vec<Entry<'_>> = Vec::new();
        let mut places: HashMap<(RelPath, Option<Oid>, Option<Date>), usize> = HashMap::new();
        for secret in secrets(findings) {
            let (file, commit, incident) = (secret.file.clone(), secret.commit, secret.incident);
            let id = commit.map(|commit| commit.id);
            let place = *places.entry((file.clone(), id, incident)).or_insert(entries.len());
            match entries.get_mut(place) {
                Some(entry) => entry.secrets.push(secret),
                None => entries.push(Entry { file, commit, incident, secrets: vec![secret] }),
            }
        }
        Self { entries, told }
    }

    /// Whether the block says already that this key, as a file contains it, is in use.
    pub(in crate::report) fn tells(&self, place: &str, key: Option<&Key>) -> bool {
        self.told.contains(&(place.to_owned(), key))
    }

    /// How many secrets it names.
    pub(in crate::report) fn count(&self) -> usize {
        self.entries.iter().map(|entry| entry.secrets.len()).sum()
    }

    /// `DB_PASSWORD of .env: committed in 3f2a91c on 2025-02-01`: each entry in one line.
    pub(in crate::report) fn lines(&self) -> impl Iterator<Item = String> {
        self.entries.iter().map(Entry::line)
    }

    /// The entries, the most severe first.
    pub(in crate::report) fn entries(&self) -> &[Entry<'a>] {
        &self.entries
    }

    /// Writes the block.
    pub(super) fn write(&self, fold: &Fold<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let all = fold.all;
        let number = self.count();
        if number == 0 {
            return Ok(());
        }
        let what = headline(number);
        wrap(&what, style.width).iter().try_for_each(|line| writeln!(out, "{}", style.set(Ink::Red, line)))?;
        let shown = if all { self.entries.len() } else { SHOWN };
        self.entries.iter().take(shown).try_for_each(|entry| entry.write(all, style, out))?;
        let more: usize = self.entries.iter().skip(shown).map(|entry| entry.secrets.len()).sum();
        if more > 0 {
            entry::prose(
                &format!("and {} (--all shows them)", count(more as u64, "more secret", "more secrets")),
                style,
                out,
            )?;
        }
        if self.is_elsewhere() && !fold.has_advice {
            let then = next_step::unbroken(CLEAN_UP, style.width);
            then.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        }
        writeln!(out)
    }

    /// Whether a value is in another place of git than its own file, of which no finding below says what to do.
    pub(in crate::report) fn is_elsewhere(&self) -> bool {
        self.entries.iter().flat_map(Entry::findings).any(|one| one.is_of(&live_value_elsewhere::CHECK))
    }
}

/// What is to be done after the replacements.
pub(in crate::report) const CLEAN_UP: &str = "then remove the values from git history: envward scan --advice";

/// How many secrets in use are exposed.
pub(in crate::report) fn headline(number: usize) -> String {
    match number {
        1 => "1 secret in use is exposed: replace it first".to_owned(),
        _ => format!("{number} secrets in use are exposed: replace them first"),
    }
}

/// The exposed secrets, each once, in the order of the report.
fn secrets(findings: &[Finding]) -> Vec<Secret<'_>> {
    let mut secrets: Vec<Secret<'_>> = Vec::new();
    let mut places: HashMap<(RelPath, Option<&Key>), usize> = HashMap::new();
    for finding in findings.iter().filter(|one| is_told(one)) {
        let Some(file) = in_use(finding) else { continue };
        let commit = match finding.get("commit") {
            Some(Fact::Commit(commit)) => Some(commit),
            _ => None,
        };
        let incident = match finding.get("exposed_on") {
            Some(Fact::Day(day)) => Some(*day),
            _ => None,
        };
        let key = finding.key.as_ref();
        let place = *places.entry((file.clone(), key)).or_insert(secrets.len());
        let Some(known) = secrets.get_mut(place) else {
            secrets.push(Secret { file, key, commit, incident, findings: vec![finding] });
            continue;
        };
        known.findings.push(finding);
        known.incident = known.incident.or(incident);
        // By its first commit.
        known.commit = match (known.commit, commit) {
            (Some(old), Some(new)) if !new.is_before(old) => Some(old),
            (old, new) => new.or(old),
        };
    }
    secrets
}

impl Entry<'_> {
    /// The commit that exposed them first.
    pub(in crate::report) fn commit(&self) -> Option<&CommitRef> {
        self.commit
    }

    /// `DB_PASSWORD of .env`.
    pub(in crate::report) fn name(&self) -> String {
        let keys: Vec<&str> = self.secrets.iter().map(|one| one.key.map_or("a key", Key::as_str)).collect();
        format!("{} of {}", several(&keys), self.file)
    }

    fn write(&self, all: bool, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let text = format!("{} [{}]", self.line(), self.checks().join(", "));
        entry::first_lines(Severity::Critical, &text, style, out)?;
        if let Some(places) = self.places(all) {
            entry::prose(&places, style, out)?;
        }
        self.advice(all, style, out)
    }

    pub(in crate::report) fn line(&self) -> String {
        let place = match (self.commit, self.incident) {
            (Some(commit), None) => format!("committed in {}", named(commit)),
            (Some(commit), Some(day)) => format!("committed in {}, and exposed in an incident on {day}", named(commit)),
            (None, Some(day)) => format!("exposed in an incident on {day}"),
            (None, None) => "in a tree of git".to_owned(),
        };
        format!("{}: {place}", self.name())
    }

    fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.secrets.iter().flat_map(|secret| secret.findings.iter().copied())
    }

    /// The checks that found them.
    pub(in crate::report) fn checks(&self) -> Vec<&'static str> {
        let mut ids: Vec<&'static str> = self.findings().map(|one| one.check.id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// `also in app.py:3`: where else than in the history of their own file the values are.
    pub(in crate::report) fn places(&self, all: bool) -> Option<String> {
        let is_own = |one: &&Finding| matches!(one.origin, Origin::History { .. }) && one.path() == self.file;
        let in_git = || self.findings().filter(|one| !one.is_of(&secret_exposed::CHECK));
        let word = if self.findings().any(|one| is_own(&one)) { "also in" } else { "in" };
        let mut seen = HashSet::new();
        let mut places: Vec<String> = in_git().filter(|one| !is_own(one)).map(place).collect();
        places.retain(|place| seen.insert(place.clone()));
        let shown = if all { places.len() } else { PLACES };
        let more = places.len().saturating_sub(shown);
        let shown = places.get(..shown.min(places.len()))?.join(", ");
        match (shown.is_empty(), more) {
            (true, _) => None,
            (false, 0) => Some(format!("{word} {shown}")),
            (false, more) => Some(format!("{word} {shown} and {more} more (--all lists them)")),
        }
    }

    /// What ends it: one command for each secret, and what its check says where there is none.
    pub(in crate::report) fn steps(&self) -> (Vec<String>, Vec<String>) {
        let (mut commands, mut texts): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for secret in &self.secrets {
            let helps: Vec<String> = secret.findings.iter().map(|one| help(one, &self.file)).collect();
            match helps.iter().find_map(|help| next_step::command(help)) {
                Some(command) => commands.push(command.to_owned()),
                None => texts.extend(helps.into_iter().next()),
            }
        }
        // One command replaces a secret and the URLs that contain it.
        let mut seen = HashSet::new();
        commands.retain(|command| seen.insert(command.clone()));
        texts.dedup();
        (commands, texts)
    }

    fn advice(&self, all: bool, style: Style, out: &mut dyn Write) -> io::Result<()> {
        let (commands, texts) = self.steps();
        let shown = if all { commands.len() } else { COMMANDS };
        commands.iter().take(shown).try_for_each(|command| entry::line(&format!("-> {command}"), out))?;
        let more = commands.len().saturating_sub(shown);
        if more > 0 {
            entry::prose(&format!("and the other {more} in the same way (--all shows the commands)"), style, out)?;
        }
        texts.iter().try_for_each(|text| entry::advice(text, style, out))
    }
}

/// The env file that contains the value now, below the repository's where several were scanned.
fn in_use(finding: &Finding) -> Option<RelPath> {
    match (finding.get("in_use"), &finding.repository) {
        (Some(Fact::Path(path)), Some(repository)) => Some(repository.join(path.as_bytes())),
        (Some(Fact::Path(path)), None) => Some(path.clone()),
        // What an incident exposed is told of the env file itself.
        _ => finding.is_of(&secret_exposed::CHECK).then(|| finding.path()),
    }
}

/// The advice of a finding, with the path of its env file from where one stands.
fn help(finding: &Finding, file: &RelPath) -> String {
    let mut located = finding.clone();
    for (name, fact) in &mut located.facts {
        match (*name, &*fact, &finding.repository) {
            ("in_use", ..) => *fact = Fact::Path(file.clone()),
            ("same_as_in", Fact::Path(path), Some(dir)) => *fact = Fact::Path(dir.join(path.as_bytes())),
            _ => {}
        }
    }
    wording::help(&located)
}

/// `backup.sh:3 (base64)`.
fn place(finding: &Finding) -> String {
    let mut text = finding.place();
    if let Some(line) = finding.line {
        text += &format!(":{line}");
    }
    let aside: Vec<&str> = ["part", "form"]
        .iter()
        .filter_map(|name| match finding.get(name) {
            Some(Fact::Word(word)) if !["content", "message", "plain"].contains(word) => Some(*word),
            _ => None,
        })
        .collect();
    if aside.is_empty() { text } else { format!("{text} ({})", aside.join(", ")) }
}

/// Whether the block tells it: a secret in use that git has, or that an incident exposed. What is only staged is told where
/// it is.
pub(in crate::report) fn is_told(finding: &Finding) -> bool {
    let is_in_git =
        || matches!(finding.get("commit"), Some(Fact::Commit(_))) || finding.is_of(&secret_still_live::CHECK);
    let is_exposed = finding.is_of(&secret_exposed::CHECK) || is_live(finding) && is_in_git();
    is_exposed && finding.severity == Severity::Critical && in_use(finding).is_some()
}
