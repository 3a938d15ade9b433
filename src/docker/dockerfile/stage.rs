//! Stages, with their variables: what each is made from, who runs it, how it is started and asked for its health.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use super::Dockerfile;
use super::instruction::{Command, Copy, Instruction, Pair, Run, What};
use super::word::{Scope, UNKNOWN, expand};
use crate::secret::Secret;

/// What a stage is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// An image, by its reference; [`UNKNOWN`] is in it for what only the build says.
    Image(String),
    /// An earlier stage, by its place.
    Stage(usize),
    /// An image that the project builds itself, by another Dockerfile.
    Own,
    /// Nothing.
    Scratch,
}

/// Something that an instruction says, and its line.
pub struct At<T> {
    /// The line, from 1.
    pub line: NonZeroU32,
    /// What.
    pub what: T,
}

/// A variable, a default or a label: its value may be a secret.
pub struct Setting {
    /// The name.
    pub name: String,
    /// The value, expanded.
    pub value: Arc<Secret>,
    /// Which instruction sets it.
    pub by: By,
}

/// What sets a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// ENV.
    Env,
    /// The default of an ARG.
    Arg,
    /// LABEL.
    Label,
}

/// One stage.
pub struct Stage<'a> {
    /// The line of its FROM.
    pub line: NonZeroU32,
    /// Its name, in lower case.
    pub name: Option<&'a str>,
    /// What its FROM names, expanded.
    pub from: String,
    /// What it is made from.
    pub base: Base,
    /// Who runs its container, by its own USER or a stage's that it is made from; `None` where only the image says it.
    pub user: Option<At<String>>,
    /// Its health check, the same way; `None` inside where it is switched off.
    pub healthcheck: Option<At<Option<&'a Command>>>,
    /// What its container starts, the same way.
    pub entrypoint: Option<At<&'a Command>>,
    /// The arguments of that, the same way.
    pub cmd: Option<At<&'a Command>>,
    /// Its own ENV, ARG and LABEL.
    pub settings: Vec<At<Setting>>,
    /// Its own COPY and ADD.
    pub copies: Vec<At<&'a Copy>>,
    /// Its own RUN.
    pub runs: Vec<At<&'a Run>>,
    /// What its own ONBUILD do in a stage that is made from it.
    pub triggers: Option<Box<Self>>,
}

impl Stage<'_> {
    /// The other stages, images and contexts that it takes files from, with the lines.
    pub fn sources(&self) -> impl Iterator<Item = (NonZeroU32, &str)> {
        let copies = self.copies.iter().filter_map(|copy| Some((copy.line, copy.what.from.as_ref()?.as_str())));
        copies.chain(self.runs.iter().flat_map(|run| run.what.mounts.iter().map(|from| (run.line, from.as_str()))))
    }

    /// Whether it takes files from another stage.
    #[must_use]
    pub fn takes_from_stage(&self, stages: &[Stage<'_>]) -> bool {
        self.sources().any(|(_, from)| find(stages, from).is_some())
    }

    /// Makes it from something else than its FROM says: what it had of a stage is not there.
    pub fn rebase(&mut self, base: Base) {
        let line = self.line;
        self.user = self.user.take().filter(|one| one.line > line);
        self.healthcheck = self.healthcheck.take().filter(|one| one.line > line);
        self.entrypoint = self.entrypoint.take().filter(|one| one.line > line);
        self.cmd = self.cmd.take().filter(|one| one.line > line);
        self.base = base;
    }
}

/// What a stage is made from in the end.
#[must_use]
pub fn bottom<'s>(stages: &'s [Stage<'_>], stage: &'s Stage<'_>) -> &'s Base {
    let mut base = &stage.base;
    while let Base::Stage(at) = base {
        let Some(stage) = stages.get(*at) else { break };
        base = &stage.base;
    }
    base
}

/// The place of a stage by what `--from`, `--target` or compose's `target` call it: its name or its number.
#[must_use]
pub fn find(stages: &[Stage<'_>], name: &str) -> Option<usize> {
    let named = stages.iter().position(|stage| stage.name.is_some_and(|known| known.eq_ignore_ascii_case(name)));
    named.or_else(|| name.parse().ok().filter(|place| *place < stages.len()))
}

impl Dockerfile {
    /// The stages, as a build with these arguments sees them; one without a value is the builder's own, and not known.
    #[must_use]
    pub fn stages(&self, given: &[(String, Option<Secret>)]) -> Vec<Stage<'_>> {
        let given = given.iter().map(|(name, value)| (name.as_str(), value.as_ref())).collect();
        let first = self.instructions.iter().position(|one| matches!(one.what, What::From { .. }));
        let (global, rest) = self.instructions.split_at(first.unwrap_or(self.instructions.len()));
        let mut build = Build { escape: self.escape, given, outer: Scope::default() };
        let mut outer = Scope::default();
        for pair in global.iter().flat_map(arguments) {
            build.declare(pair, &mut outer);
        }
        build.outer = outer;
        let mut stages: Vec<Stage<'_>> = Vec::new();
        let mut scopes: Vec<Scope> = Vec::new();
        for part in parts(rest) {
            let [from, body @ ..] = part else { continue };
            let What::From { base, name } = &from.what else { continue };
            let named = expand(base, self.escape, &build.outer);
            let base = based_on(&named, &stages);
            let parent = match base {
                Base::Stage(at) => Some(at),
                _ => None,
            };
            let mut stage = Stage::new(from.line, name.as_deref(), base, parent.and_then(|at| stages.get(at)));
            named.as_str().clone_into(&mut stage.from);
            // Both ENV and ARG go on in a stage that is made from another.
            let mut scope = parent.and_then(|at| scopes.get(at)).cloned().unwrap_or_default();
            for one in body {
                stage.take(one, &mut scope, &build);
            }
            stages.push(stage);
            scopes.push(scope);
        }
        stages
    }

    /// The settings in front of the first FROM: defaults of global arguments.
    pub fn global_arguments(&self) -> impl Iterator<Item = At<Setting>> {
        let global = self.instructions.iter().take_while(|one| !matches!(one.what, What::From { .. }));
        global.flat_map(|one| arguments(one).map(|pair| (one.line, pair))).filter_map(|(line, pair)| {
            let value = expand(pair.value.as_deref()?, self.escape, &Scope::default());
            let value = Arc::new(Secret::copy_of(value.as_bytes()));
            Some(At { line, what: Setting { name: pair.name.clone(), value, by: By::Arg } })
        })
    }
}

fn arguments(one: &Instruction) -> impl Iterator<Item = &Pair> {
    let pairs = match &one.what {
        What::Arg(pairs) => pairs.as_slice(),
        _ => &[],
    };
    pairs.iter()
}

/// The instructions of each stage, its FROM in front.
fn parts(rest: &[Instruction]) -> impl Iterator<Item = &[Instruction]> {
    let starts = rest.iter().enumerate().filter(|(_, one)| matches!(one.what, What::From { .. })).map(|(at, _)| at);
    let ends = starts.clone().skip(1).chain([rest.len()]);
    starts.zip(ends).filter_map(|(start, end)| rest.get(start..end))
}

/// What a build gives its stages.
struct Build<'a> {
    escape: char,
    given: BTreeMap<&'a str, Option<&'a Secret>>,
    /// The arguments before the first FROM.
    outer: Scope,
}

impl Build<'_> {
    /// A build's value for an argument, else its default, else the one of the same name before the first FROM.
    #[expect(clippy::disallowed_methods, reason = "from one zeroed buffer to another")]
    fn declare(&self, pair: &Pair, scope: &mut Scope) {
        let secret = |text: &[u8]| Arc::new(Secret::copy_of(text));
        let value = match (self.given.get(pair.name.as_str()), &pair.value) {
            (Some(given), _) => given.map(|given| secret(given.expose())),
            (None, Some(default)) => Some(secret(expand(default, self.escape, scope).as_bytes())),
            (None, None) => self.outer.arguments.get(&pair.name).cloned(),
        };
        match value {
            Some(value) => drop(scope.arguments.insert(pair.name.clone(), value)),
            None => drop(scope.arguments.remove(&pair.name)),
        }
    }
}

/// What FROM names. Where a part of a name is not known, a stage that fits is meant: `FROM build-${TARGETARCH}`.
fn based_on(base: &str, stages: &[Stage<'_>]) -> Base {
    let fits = |name: &str| match base.split_once(UNKNOWN) {
        None => name.eq_ignore_ascii_case(base),
        Some((before, after)) => {
            let after = after.rsplit(UNKNOWN).next().unwrap_or_default();
            before.len() + after.len() > 0
                && name.len() >= before.len() + after.len()
                && name.starts_with(before)
                && name.ends_with(after)
        }
    };
    match stages.iter().rposition(|stage| stage.name.is_some_and(fits)) {
        Some(at) => Base::Stage(at),
        None if base == "scratch" => Base::Scratch,
        None => Base::Image(base.to_owned()),
    }
}

impl<'a> Stage<'a> {
    /// A stage in which nothing is done yet, but by the one that it is made from.
    pub(crate) fn new(line: NonZeroU32, name: Option<&'a str>, base: Base, parent: Option<&Self>) -> Self {
        let mut stage = Self {
            line,
            name,
            from: String::new(),
            base,
            user: None,
            healthcheck: None,
            entrypoint: None,
            cmd: None,
            settings: Vec::new(),
            copies: Vec::new(),
            runs: Vec::new(),
            triggers: None,
        };
        if let Some(parent) = parent {
            stage.user = parent.user.as_ref().map(|user| At { line: user.line, what: user.what.clone() });
            stage.healthcheck = parent.healthcheck.as_ref().map(|one| At { line: one.line, what: one.what });
            stage.entrypoint = parent.entrypoint.as_ref().map(|one| At { line: one.line, what: one.what });
            stage.cmd = parent.cmd.as_ref().map(|one| At { line: one.line, what: one.what });
        }
        stage
    }

    fn take(&mut self, one: &'a Instruction, scope: &mut Scope, build: &Build<'_>) {
        let (line, escape) = (one.line, build.escape);
        match &one.what {
            What::Arg(pairs) => {
                for pair in pairs {
                    self.set(line, pair, By::Arg, scope, escape);
                    build.declare(pair, scope);
                }
            }
            What::Env(pairs) => {
                // All of one instruction see the values before it.
                let values: Vec<_> = pairs.iter().map(|pair| self.set(line, pair, By::Env, scope, escape)).collect();
                for (pair, value) in pairs.iter().zip(values) {
                    scope.environment.extend(value.map(|value| (pair.name.clone(), value)));
                }
            }
            What::Label(pairs) => {
                for pair in pairs {
                    self.set(line, pair, By::Label, scope, escape);
                }
            }
            What::User(user) => {
                self.user = Some(At { line, what: expand(user, escape, scope).to_string() });
            }
            What::Healthcheck(check) => self.healthcheck = Some(At { line, what: check.as_ref() }),
            What::Entrypoint(command) => {
                self.entrypoint = Some(At { line, what: command });
                // Arguments of a base's entry point are none of this one's.
                self.cmd = self.cmd.take().filter(|cmd| cmd.line > self.line);
            }
            What::Cmd(command) => self.cmd = Some(At { line, what: command }),
            What::Copy(copy) => self.copies.push(At { line, what: copy }),
            What::Run(run) => self.runs.push(At { line, what: run }),
            What::Onbuild(inner) => {
                let empty = || Box::new(Self::new(self.line, None, Base::Scratch, None));
                self.triggers.get_or_insert_with(empty).take(inner, &mut scope.clone(), build);
            }
            What::From { .. } | What::Other => {}
        }
    }

    /// Takes a setting down; its value, where it has one.
    fn set(&mut self, line: NonZeroU32, pair: &Pair, by: By, scope: &Scope, escape: char) -> Option<Arc<Secret>> {
        let value = Arc::new(Secret::copy_of(expand(pair.value.as_deref()?, escape, scope).as_bytes()));
        self.settings.push(At { line, what: Setting { name: pair.name.clone(), value: Arc::clone(&value), by } });
        Some(value)
    }
}
