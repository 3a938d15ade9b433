//! One verb at work: what it does without a fault, and what must hold after one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::book::Book;
use super::calls::{Point, Start, patiently};
use super::verbs::Verb;
use super::world::{Kind, Node, World, is_ledger, is_temporary, long_words, shape, shows};
use crate::common::ordeal::{End, Ordeal};
use crate::common::{Sandbox, trace};

/// What reads the ledger and the env files, and says where they differ.
const JUDGE: &[&str] = &["rotation", "status", "--exit-zero"];

/// How a report says that it is not about everything, and why.
const NOT_EXAMINED: [&str; 4] = ["not examined", "could not be", "cannot be read", ": not changed: "];

/// Where a run, or several, led to.
struct State {
    code: Option<i32>,
    world: World,
    book: Book,
}

/// A verb in its project.
pub struct Scene {
    verb: &'static Verb,
    sandbox: Sandbox,
    start: Start,
    /// Words that are no new values.
    known: BTreeSet<String>,
    before: World,
    book: Book,
    /// After one run, and after a second one.
    whole: State,
    again: State,
    /// The same behind the judge.
    judged: [State; 2],
    pub points: Vec<Point>,
}

impl Scene {
    /// `None` where nothing can be traced here; then that was said.
    pub fn of(verb: &'static Verb) -> Option<Self> {
        let sandbox = Sandbox::new();
        if !trace::is_possible(&sandbox) {
            return None;
        }
        fs::create_dir_all(sandbox.root().join("out")).unwrap();
        (verb.prepare)(&sandbox);
        let start = verb.start(&sandbox);
        let (before, book) = (World::of(&sandbox), Book::of(&sandbox).unwrap());
        let mut known: BTreeSet<String> = before.view().values().flat_map(|node| words(&node.text())).collect();
        known.extend(words(&String::from_utf8_lossy(&start.stdin)));
        let state = |ordeal: &Ordeal| State {
            code: ordeal.code(),
            world: World::of(&sandbox),
            book: Book::of(&sandbox).unwrap(),
        };
        let (points, first) = start.points(&sandbox);
        assert!(matches!(first.code(), Some(0 | 1)), "{}: {first:?}", verb.name);
        let whole = state(&first);
        assert!(whole.differs(&before, &book), "{}: nothing was written", verb.name);
        let judge = || Start::of(JUDGE).run(&sandbox);
        let judged = state(&judge());
        whole.world.restore();
        let again = state(&start.run(&sandbox));
        let judged = [judged, state(&judge())];
        before.restore();
        Some(Self { verb, start, known, before, book, whole, again, judged, points, sandbox })
    }

    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    pub fn restore(&self) {
        self.before.restore();
    }

    /// Runs it, killed at this point; `None` where it ended before.
    pub fn kill(&self, at: &Point) -> Option<Result<(), String>> {
        self.restore();
        let run = self.start.killed(at, &self.sandbox);
        match run.end {
            End::Signal(9) => Some(self.survives(&run)),
            // Another number of calls than the last time, or a program that envward runs was killed.
            End::Code(_) => None,
            _ => Some(Err(format!("{:?}: {}", run.end, run.stderr))),
        }
    }

    /// Runs it, and refuses these calls, as strace takes it; `None` where it did not come to them.
    pub fn refuse(&self, what: &str) -> Option<Result<(), String>> {
        self.restore();
        let run = self.start.refused(what, &self.sandbox)?;
        Some(self.ends_well(&run).and_then(|()| self.survives(&run)))
    }

    /// Runs it in another way.
    pub fn run_by(&self, by: &[&str], env: &[(&str, &str)]) -> Ordeal {
        self.restore();
        patiently(self.start.wrapped(by, &self.sandbox).envs(env.iter().copied()), &self.start.stdin)
    }

    /// Whether a run ended as one that did its work or as one that says why not.
    pub fn ends_well(&self, run: &Ordeal) -> Result<(), String> {
        if let Some(fault) = run.fault() {
            return Err(fault);
        }
        let told = format!("{}{}", run.stdout, run.stderr);
        let code = run.code();
        if code == self.whole.code {
            let now = World::of(&self.sandbox);
            let book = Book::of(&self.sandbox).map_err(|error| format!("{error}: {told}"))?;
            let is_noted = told.contains("note: ") || told.contains("warning: ");
            if let Some(name) = self.unlike(&now, &[&self.whole.world]) {
                return Err(format!("status {code:?}, but {name} is not what it should be: {told}"));
            }
            if !is_noted && book.shape() != self.whole.book.shape() {
                return Err(format!("status {code:?}, but the ledger is not what it should be: {told}"));
            }
            return Ok(());
        }
        let says_why = run.stderr.contains("error: ") && run.stderr.contains("hint: ");
        match code {
            Some(2) if says_why || NOT_EXAMINED.iter().any(|words| told.contains(words)) => Ok(()),
            _ => Err(format!("status {code:?}: {told}")),
        }
    }

    /// The same where the clock is wrong: then the ledger may be refused, or contain other ages.
    pub fn ends_in_time_or_says_why(&self, run: &Ordeal) -> Result<(), String> {
        let says_why = run.stderr.contains("error: ") && run.stderr.contains("hint: ");
        match (run.fault(), run.code()) {
            (Some(fault), _) => Err(fault),
            (None, Some(2)) if !says_why => Err(format!("status 2: {}{}", run.stdout, run.stderr)),
            _ => self.is_old_or_new(&World::of(&self.sandbox)),
        }
    }

    /// What must hold after a run that ended in whatever way.
    pub fn survives(&self, run: &Ordeal) -> Result<(), String> {
        let now = World::of(&self.sandbox);
        self.is_old_or_new(&now)?;
        let values: BTreeSet<String> = now.values().into_iter().chain(self.before.values()).collect();
        if shows(&format!("{}{}", run.stdout, run.stderr), &values).is_some() {
            return Err("a value was printed".to_owned());
        }
        let next = self.start.run(&self.sandbox);
        if let Some(fault) = next.fault() {
            return Err(format!("next run: {fault}"));
        }
        if ![self.whole.code, self.again.code].contains(&next.code()) {
            return Err(format!("next run: status {:?}: {}{}", next.code(), next.stdout, next.stderr));
        }
        let now = World::of(&self.sandbox);
        let stray = now.nodes.keys().find(|name| is_temporary(name) && !name.starts_with("state/"));
        if let Some(stray) = stray {
            return Err(format!("{stray} is left after the next run"));
        }
        if let Some(name) = self.unlike(&now, &[&self.whole.world, &self.again.world]) {
            return Err(format!("{name} is not what it should be after the next run"));
        }
        self.agrees(false)?;
        let is_journal = |name: &str| is_ledger(name) && name.contains('-');
        let now = World::of(&self.sandbox);
        let stray = now.nodes.keys().find(|name| is_temporary(name) || is_journal(name));
        stray.map_or(Ok(()), |stray| Err(format!("{stray} is left after a look at the ledger")))
    }

    /// Every file is what it was or what it should become, and private where it was or should be.
    fn is_old_or_new(&self, now: &World) -> Result<(), String> {
        let (before, view, whole) = (self.before.view(), now.view(), self.whole.world.view());
        let names: BTreeSet<&String> = [&before, &view, &whole].into_iter().flat_map(BTreeMap::keys).collect();
        for name in names {
            // That the reminder does not work is a message, too; and the directory may be there before the ledger.
            if (name.starts_with("state/outbox/") || name == "state")
                && view.get(name).is_none_or(|node| node.mode & 0o077 == 0)
            {
                continue;
            }
            let (was, will) = (before.get(name).copied(), whole.get(name).copied());
            let is_new = |node: &Node| {
                will.is_some_and(|will| {
                    self.is_alike(node, will) || is_between(was, node, will) || is_part(name, node, will)
                })
            };
            let is_one = match view.get(name) {
                None => was.is_none() || will.is_none(),
                Some(node) => was == Some(*node) || is_new(node),
            };
            if is_one {
                continue;
            }
            let Some(node) = view.get(name) else { return Err(format!("{name} is gone")) };
            if !is_temporary(name) {
                return Err(format!("{name} is neither old nor new: mode {:o}", node.mode));
            }
            let own = name.rsplit_once(".envward-").map_or("", |(own, _)| own);
            let is_public = |world: &World| world.nodes.get(own).is_some_and(|own| own.mode & 0o077 != 0);
            if node.mode & 0o077 != 0 && !is_public(&self.before) && !is_public(&self.whole.world) {
                return Err(format!("others can read {name}: mode {:o}", node.mode));
            }
        }
        let open = now.nodes.iter().find(|(name, node)| is_ledger(name) && node.mode & 0o077 != 0);
        open.map_or(Ok(()), |(name, node)| Err(format!("others can read {name}: mode {:o}", node.mode)))
    }

    /// Whether two nodes are the same but for new values.
    fn is_alike(&self, one: &Node, other: &Node) -> bool {
        let is_text = matches!((&one.kind, &other.kind), (Kind::File(_), Kind::File(_)));
        let shape = |node: &Node| {
            let text = shape(&node.text(), &self.known);
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            // The lines of an ignore file come in any order.
            if lines.iter().all(|line| !line.contains('=')) {
                lines.sort();
            }
            (lines, text.ends_with('\n'))
        };
        one.mode == other.mode && (one.kind == other.kind || is_text && shape(one) == shape(other))
    }

    /// A name that is not the same as in all of these worlds.
    fn unlike(&self, now: &World, others: &[&World]) -> Option<String> {
        let (now, others) = (now.view(), others.iter().map(|world| world.view()).collect::<Vec<_>>());
        // What a verb that did not come to the ledger left there, or did not make.
        let is_swept_later = |name: &str| name == "state" || is_temporary(name) && name.starts_with("state/");
        let names: BTreeSet<&String> = [&now].into_iter().chain(&others).flat_map(BTreeMap::keys).collect();
        let is_like = |name: &String, other: &BTreeMap<String, &Node>| match (now.get(name), other.get(name)) {
            (Some(one), Some(other)) => self.is_alike(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        let is_unlike = |name: &&&String| !is_swept_later(name) && !others.iter().any(|other| is_like(name, other));
        names.iter().find(is_unlike).map(|name| (**name).clone())
    }

    /// The ledger and the env files agree, at the latest when the judge has looked: as after a whole run, or as before it.
    pub fn agrees(&self, may_be_old: bool) -> Result<(), String> {
        let run = Start::of(JUDGE).run(&self.sandbox);
        if !self.judged.iter().any(|judged| judged.code == run.code()) {
            return Err(format!("rotation status afterwards: {:?}: {}{}", run.code(), run.stdout, run.stderr));
        }
        let book = Book::of(&self.sandbox)?;
        let now = World::of(&self.sandbox);
        let master = fs::read(self.sandbox.root().join("state/fingerprint.key")).ok();
        if let Some(what) = book.disagreement(&self.book, &now, master.as_deref()) {
            return Err(what);
        }
        let is_known = self.judged.iter().any(|judged| judged.book.places() == book.places());
        match is_known || (may_be_old && self.book.places() == book.places()) {
            true => Ok(()),
            false => Err(format!(
                "the ledger is\n  {}\nand should be\n  {}",
                book.shape().join("\n  "),
                self.judged[0].book.shape().join("\n  ")
            )),
        }
    }
}

impl State {
    fn differs(&self, world: &World, book: &Book) -> bool {
        self.world.nodes != world.nodes || self.book.shape() != book.shape()
    }
}

/// Whether a list of what has to go from a history is a part of the whole one: the run says what it could not examine.
fn is_part(name: &str, node: &Node, whole: &Node) -> bool {
    let (text, whole_text) = (node.text(), whole.text());
    let is_in_whole = |line: &str| whole_text.lines().any(|one| one == line);
    name.ends_with("replacements.txt") && node.mode == whole.mode && text.lines().all(is_in_whole)
}

/// Whether a file has its new mode already, or a public one some of the lines that it is to get, each whole, and all that it
/// had.
fn is_between(was: Option<&Node>, now: &Node, will: &Node) -> bool {
    // Its mode was set, and its content comes next.
    if was.is_some_and(|was| was.kind == now.kind) && now.mode == will.mode {
        return true;
    }
    let (was, text, all) = (was.map(Node::text).unwrap_or_default(), now.text(), will.text());
    let has_its_lines = was.lines().all(|line| text.lines().any(|one| one == line));
    let is_public = now.mode & 0o077 != 0 && now.mode == will.mode;
    is_public && has_its_lines && text.ends_with('\n') && text.lines().all(|line| all.lines().any(|one| one == line))
}

fn words(text: &str) -> Vec<String> {
    long_words(text).map(str::to_owned).collect()
}
