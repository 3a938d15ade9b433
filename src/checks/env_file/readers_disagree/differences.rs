//! What the readers of one file see differently.

use std::collections::{BTreeMap, BTreeSet};

use super::CHECK;
use crate::checks::Context;
use crate::checks::severity_by_environment::by_workplace;
use crate::env::readers::{Reader, Readings, Sign, Verdict, is_executed, sign};
use crate::env::{Assignment, Document, Dollar};
use crate::environment::Environment;
use crate::finding::{Fact, Finding, Severity};
use crate::path::RelPath;
use crate::project::{ProjectFile, Stand, UsedReader};

/// Readers that are so common that a secret should be safe from them, too.
const COMMON: [Reader; 5] = [Reader::Compose, Reader::Bash, Reader::Node, Reader::NpmDotenv, Reader::PythonDotenv];

/// What to do about a value.
const HELP: &str = "write the value so that all readers agree: envward check --fix --rewrite-values {path:sh}";

fn help(sign: Sign) -> &'static str {
    match sign {
        Sign::Export => "remove `export` before the key",
        Sign::Spacing => "remove the blanks around `=`",
        Sign::Key => "rename the key: use letters, digits and `_`, and begin with a letter",
        Sign::ReadOnly => "rename the key: {readers} cannot set it from a file",
        Sign::Twice => "remove one of the two lines",
        Sign::Mark => "remove the byte order mark: sed -i '1s/^\\xef\\xbb\\xbf//' {path:sh}",
        _ => HELP,
    }
}

struct Differences<'a> {
    file: &'a ProjectFile,
    document: &'a Document,
    used: &'a [UsedReader],
    first: Reader,
    readings: Readings,
    /// Whether the lines end in a carriage return and a line feed: shells are then said of once.
    has_returns: bool,
}

pub(super) fn find(file: &ProjectFile, document: &Document, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let used = context.project.readers.get(&file.path).map(Vec::as_slice).unwrap_or_default();
    let is_used = |reader: &Reader| used.iter().any(|one| one.reader == *reader);
    let found = used.first().map(|one| one.reader).filter(|_| !is_used(&Reader::Compose));
    let first = found.unwrap_or(Reader::Compose);
    let others = used.iter().map(|one| one.reader).chain(COMMON).filter(|reader| *reader != first);
    let mut readers = vec![first];
    others.for_each(|reader| {
        if !readers.contains(&reader) {
            readers.push(reader);
        }
    });
    let readings = Readings::of(document, &readers);
    if readings.is_alike() {
        return;
    }
    let has_returns = document.has_returns();
    let all = Differences { file, document, used, first, readings, has_returns };
    all.returns(findings);
    all.refusals(findings);
    if !all.is_refused_by_first() {
        all.values(findings);
    }
}

/// Readers with one verdict for one reason.
type Groups = BTreeMap<(&'static str, Sign), BTreeSet<Reader>>;

impl Differences<'_> {
    fn is_used(&self, reader: Reader) -> bool {
        self.used.iter().any(|one| one.reader == reader)
    }

    fn is_refused_by_first(&self) -> bool {
        self.readings.all().first().is_some_and(|(_, reading)| reading.refuses())
    }

    /// The files that show that these readers are used.
    fn seen(&self, readers: &BTreeSet<Reader>) -> Fact {
        let asked = self.used.iter().filter(|one| one.reader == self.first || readers.contains(&one.reader));
        let paths: BTreeSet<RelPath> = asked.map(|one| one.seen.clone()).collect();
        Fact::Paths(paths.into_iter().collect())
    }

    fn about(&self, finding: Finding, readers: &BTreeSet<Reader>) -> Finding {
        finding
            .fact("readers", Fact::Words(readers.iter().map(|reader| reader.name()).collect()))
            .fact("first", Fact::Word(self.first.name()))
            .fact("seen", self.seen(readers))
    }

    /// Lines that end in a carriage return and a line feed, which a shell takes for a part of each value.
    fn returns(&self, findings: &mut Vec<Finding>) {
        if !self.has_returns {
            return;
        }
        let shells = [Reader::Bash, Reader::Dash];
        let used: BTreeSet<Reader> = shells.into_iter().filter(|shell| self.is_used(*shell)).collect();
        let (severity, readers, what) = match used.is_empty() {
            true => (
                Severity::Note,
                BTreeSet::from(shells),
                "the lines end in CR LF: a shell that read this file would add a carriage return to each value",
            ),
            false => {
                (Severity::Warning, used, "the lines end in CR LF: for {readers} each value ends in a carriage return")
            }
        };
        let help = "let the lines end in LF: sed -i 's/\\r$//' {path:sh}";
        let finding = Finding::new(&CHECK, self.file.origin(), what, help).severity(severity);
        findings.push(self.about(finding, &readers).fact("sign", Fact::Word(Sign::Return.text())));
    }

    /// The readers of the project that do not read to the end of the file.
    fn refusals(&self, findings: &mut Vec<Finding>) {
        for (reader, reading) in self.readings.all() {
            let Some(stop) = reading.stop.filter(|_| self.is_used(*reader) && *reader != Reader::Compose) else {
                continue;
            };
            let (what, help) = match stop.keeps {
                false if stop.line.get() == 1 && self.document.begins_with_mark() => {
                    ("{reader} refuses this file because of the byte order mark at its beginning", help(Sign::Mark))
                }
                true => (
                    "{reader} stops at this line, and sees nothing of what follows",
                    "write plain KEY=value lines, with single quotes if a value needs quotes",
                ),
                false => (
                    "{reader} refuses this file because of this line",
                    "write plain KEY=value lines, with single quotes if a value needs quotes",
                ),
            };
            let finding = Finding::new(&CHECK, self.file.origin(), what, help)
                .severity(by_workplace(self.file.environment, Severity::Error))
                .line(stop.line)
                .fact("reader", Fact::Word(reader.name()));
            findings.push(finding.fact("seen", self.seen(&BTreeSet::from([*reader]))));
        }
    }

    fn values(&self, findings: &mut Vec<Finding>) {
        let mut last = BTreeMap::new();
        for (index, assignment) in self.document.assignments().iter().enumerate() {
            last.insert(self.document.name(assignment), index);
        }
        let hidden: BTreeSet<_> = self.document.hidden().iter().map(|one| one.line).collect();
        let hashes: BTreeSet<_> = self.file.hashes().map(|hash| hash.assignment.line).collect();
        for (index, assignment) in self.document.assignments().iter().enumerate() {
            let is_last = last.get(self.document.name(assignment)) == Some(&index);
            // Of what other checks report.
            let is_said = assignment.dollar == Dollar::Rewritten && self.first == Reader::Compose
                || hidden.contains(&assignment.line)
                || hashes.contains(&assignment.line);
            if is_last && !is_said {
                self.value(index, assignment, findings);
            }
        }
    }

    fn value(&self, index: usize, assignment: &Assignment, findings: &mut Vec<Finding>) {
        let (mut used, mut unused) = (Groups::new(), Groups::new());
        let is_executed = is_executed(self.document, index);
        let name = self.document.name(assignment);
        for (reader, verdict) in self.readings.verdicts(name, assignment.line).skip(1) {
            let is_shell = matches!(reader, Reader::Bash | Reader::Dash);
            let is_said = verdict == Verdict::Executes && is_executed || self.has_returns && is_shell;
            if matches!(verdict, Verdict::Same | Verdict::Error) || is_said {
                continue;
            }
            let is_used = self.is_used(reader);
            if !is_used && !self.is_noted(index, assignment) {
                continue;
            }
            let sign = sign(self.document, index, self.first, reader);
            let groups = if is_used { &mut used } else { &mut unused };
            groups.entry((verdict.word(), sign)).or_default().insert(reader);
        }
        for ((verdict, sign), readers) in &used {
            findings.push(self.finding(verdict, *sign, readers, assignment));
        }
        if let Some(((_, sign), _)) = unused.first_key_value().filter(|_| used.is_empty()) {
            let readers: BTreeSet<Reader> = unused.values().flatten().copied().collect();
            let what =
                "{key} {is a secret|are secrets} that {readers} would read differently from {first}, because of {sign}";
            let finding = Finding::new(&CHECK, self.file.origin(), what, self.replacement(index));
            let finding = finding.severity(Severity::Note).line(assignment.line).key(assignment.key.as_ref());
            findings.push(self.about(finding, &readers).fact("sign", Fact::Word(sign.text())));
        }
    }

    /// What envward cannot make comes on standard input.
    fn replacement(&self, index: usize) -> &'static str {
        let mut secrets = self.file.secrets.iter().filter(|secret| secret.stand == Stand::Assignment(index));
        match secrets.any(|secret| self.file.is_by_hand(secret)) {
            true => {
                "{key} {is|are} safe with letters and digits alone: envward rotation rotate {key} {path:sh} --stdin"
            }
            false => "{key} {is|are} safe with letters and digits alone: envward rotation rotate {key} {path:sh}",
        }
    }

    /// Whether a reader that the project shows no sign of is worth a note: of a secret that is written as it is meant.
    fn is_noted(&self, index: usize, assignment: &Assignment) -> bool {
        let mut secrets = self.file.in_use();
        !matches!(self.file.environment, Environment::Development | Environment::Test)
            && assignment.dollar == Dollar::AsWritten
            && secrets.any(|secret| secret.stand == Stand::Assignment(index) && secret.is_filled())
    }

    fn finding(&self, verdict: &str, sign: Sign, readers: &BTreeSet<Reader>, assignment: &Assignment) -> Finding {
        let (severity, what) = match verdict {
            "executes" => (
                by_workplace(self.file.environment, Severity::Error),
                "a part of {key} is a command for {readers}, because of {sign}",
            ),
            "absent" => (
                Severity::Warning,
                "{key} {has|have} no value for {readers}, but {has|have} one for {first}, because of {sign}",
            ),
            _ => {
                (Severity::Warning, "{key} {has|have} another value for {readers} than for {first}, because of {sign}")
            }
        };
        let finding = Finding::new(&CHECK, self.file.origin(), what, help(sign)).severity(severity);
        let finding = finding.line(assignment.line).key(assignment.key.as_ref());
        self.about(finding, readers).fact("sign", Fact::Word(sign.text()))
    }
}
