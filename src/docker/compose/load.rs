//! From files to one tree: interpolation, `extends`, `include`, overrides, in Compose's order.
//!
//! Bounded: [`MAX_FILES`] files of [`MAX_SERVICES`] services, [`MAX_DEPTH`] deep, and the nodes of what comes out.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use super::fault::{Fault, FaultKind};
use super::interpolate::{Interpolation, MAX_ADDED, Variables};
use super::location::{Location, ProjectRoot};
use super::node::{Entry, MergeTag, Node, Place, Value};
use super::{merge, schema, yaml};
use crate::docker::compose::short_forms;
use crate::env::Document;
use crate::path::RelPath;

/// How many files one stack may read. GitLab's own, the largest that anybody showed, reads 30.
const MAX_FILES: usize = 256;

/// How many services one file may have; every check looks at each, and some at pairs of them. Sentry's, the largest of 346
/// real files, has 90.
const MAX_SERVICES: usize = 4096;

/// How deep `extends` and `include` may go.
const MAX_DEPTH: usize = 16;

/// Who reads files for a stack.
pub trait Files {
    /// The bytes of a compose file; `None` where it cannot be had.
    fn read(&mut self, path: &RelPath) -> Option<Vec<u8>>;
    /// An env file that variables come from; `None` where there is none.
    fn variables(&mut self, path: &RelPath) -> Option<Arc<Document>>;
}

/// What to load.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The files, the first one the base.
    pub files: Vec<RelPath>,
    /// The project directory: where relative paths start.
    pub dir: RelPath,
    /// The files that variables come from, besides the directory's own `.env`: of a variable the first one counts.
    pub env_files: Vec<RelPath>,
    /// Where the project root is.
    pub root: ProjectRoot,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it stands.
    pub path: RelPath,
    /// The directory from which its relative paths are seen.
    pub base: RelPath,
    /// The env files that its `${…}` refer to: of a variable the first one counts that defines it.
    pub env_files: Arc<[RelPath]>,
}

/// What came out.
#[derive(Debug)]
pub(super) struct Loaded {
    /// The files read.
    pub(super) sources: Vec<Source>,
    /// The files that `include` names.
    pub(super) included: Vec<RelPath>,
    /// The merged tree.
    pub(super) root: Arc<Node>,
    /// What its `${…}` referred to.
    pub(super) variables: Variables,
}

/// Where loading ended, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The file.
    pub path: RelPath,
    /// Why.
    pub fault: Fault,
}

/// Loads a stack.
///
/// # Errors
/// The first fault.
pub(super) fn load(request: &Request, files: &mut dyn Files) -> Result<Loaded, Failure> {
    let variables = variables(request, files);
    let mut loader = Loader {
        files,
        place: request.root.clone(),
        sources: Vec::new(),
        included: Vec::new(),
        read: HashMap::new(),
        including: Vec::new(),
        scopes: 0,
        weight: 0,
        budget: MAX_ADDED,
    };
    let env_files = env_files(request).collect();
    let root =
        loader.all(&request.files, &request.dir, Scope { variables: &variables, env_files: &env_files, id: 0 })?;
    Ok(Loaded { sources: loader.sources, included: loader.included, root: merge::without_resets(&root), variables })
}

/// The env files that `${…}` of the given files refers to, of a variable the first one.
fn env_files(request: &Request) -> impl Iterator<Item = RelPath> {
    let own = request.dir.join(b".env");
    let others: Vec<RelPath> = request.env_files.iter().filter(|path| **path != own).cloned().collect();
    others.into_iter().chain([own])
}

/// What `${…}` of the given files refers to.
fn variables(request: &Request, files: &mut dyn Files) -> Variables {
    let mut variables = Variables::default();
    for path in env_files(request) {
        if let Some(document) = files.variables(&path) {
            variables.add(&document);
        }
    }
    // The shell defines them, or Compose.
    variables.add_given("HOME", "~");
    if let Some(dir) = request.root.whole(&request.dir) {
        variables.add_given("PWD", &dir);
        let name = dir.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let is_kept = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
        let name: String = name.chars().filter(is_kept).collect();
        variables.add_given("COMPOSE_PROJECT_NAME", name.trim_start_matches(['_', '-']));
    }
    variables
}

struct Loader<'a> {
    files: &'a mut dyn Files,
    /// Where the project root is.
    place: ProjectRoot,
    sources: Vec<Source>,
    /// What was read already: a file, seen from a directory, with the variables of a scope.
    read: HashMap<(RelPath, RelPath, usize), Vec<Yaml>>,
    /// What was included.
    included: Vec<RelPath>,
    /// How many scopes there were.
    scopes: usize,
    /// The files that are being included, outermost first.
    including: Vec<RelPath>,
    /// How many nodes came out so far.
    weight: usize,
    /// How many bytes interpolation may still make.
    budget: usize,
}

/// One YAML document of a file.
#[derive(Clone)]
struct Yaml {
    /// As it is written, with its `${…}` filled in.
    written: Arc<Node>,
    /// The same in one form.
    root: Arc<Node>,
}

/// The variables of the project, or of something that it includes.
#[derive(Clone, Copy)]
struct Scope<'v> {
    variables: &'v Variables,
    /// The files that they come from.
    env_files: &'v Arc<[RelPath]>,
    id: usize,
}

/// A file's tree, for the services that others extend.
struct Tree<'v> {
    path: RelPath,
    base: RelPath,
    root: Arc<Node>,
    scope: Scope<'v>,
}

impl Loader<'_> {
    /// Files on top of each other.
    fn all(&mut self, paths: &[RelPath], base: &RelPath, scope: Scope<'_>) -> Result<Arc<Node>, Failure> {
        let mut merged: Option<Arc<Node>> = None;
        for path in paths {
            for Yaml { written, root } in self.documents(path, base, scope)? {
                schema::file(&written, merged.is_some()).map_err(|fault| failure(path, fault))?;
                let tree = Tree { path: path.clone(), base: base.clone(), root, scope };
                let root = self.extended(&tree)?;
                let root = self.included(&Tree { root, ..tree })?;
                let root = merged.map_or_else(|| Arc::clone(&root), |below| merge::merge(&below, &root));
                self.count(&root, path)?;
                merged = Some(root);
            }
        }
        let nothing = || Arc::new(Node::new(Place { file: 0, line: NonZeroU32::MIN }, Value::Null));
        Ok(merged.unwrap_or_else(nothing))
    }

    fn count(&mut self, node: &Node, path: &RelPath) -> Result<(), Failure> {
        self.weight = self.weight.saturating_add(node.weight());
        // Each merge copies; a tenfold of one file's bound is far above what any project has.
        match self.weight > 10 * yaml::MAX_NODES {
            true => Err(failure(path, Fault { line: None, kind: FaultKind::TooMuch })),
            false => Ok(()),
        }
    }

    /// The documents of a file, interpolated, in one form.
    fn documents(&mut self, path: &RelPath, base: &RelPath, scope: Scope<'_>) -> Result<Vec<Yaml>, Failure> {
        let key = (path.clone(), base.clone(), scope.id);
        if let Some(known) = self.read.get(&key) {
            return Ok(known.clone());
        }
        let index = self.sources.len();
        if index >= MAX_FILES {
            return Err(failure(path, Fault { line: None, kind: FaultKind::TooMuch }));
        }
        let missing = || failure(path, Fault { line: None, kind: FaultKind::Missing });
        let bytes = zeroize::Zeroizing::new(self.files.read(path).ok_or_else(missing)?);
        let env_files = Arc::clone(scope.env_files);
        self.sources.push(Source { path: path.clone(), base: base.clone(), env_files });
        let roots = yaml::parse(&bytes, index).map_err(|fault| failure(path, fault))?;
        let mut interpolation = Interpolation { variables: scope.variables, budget: self.budget };
        let mut documents = Vec::with_capacity(roots.len());
        for root in roots {
            match &root.value {
                Value::Map(_) => {}
                Value::Null => continue,
                _ => return Err(failure(path, Fault::at(root.place.line, FaultKind::BadShape))),
            }
            if root.get("services").is_some_and(|services| services.entries().len() > MAX_SERVICES) {
                return Err(failure(path, Fault { line: None, kind: FaultKind::TooMuch }));
            }
            let written = interpolation.run(&root).map_err(|fault| failure(path, fault))?;
            documents.push(Yaml { root: short_forms::file(&written), written });
        }
        self.budget = interpolation.budget;
        self.read.insert(key, documents.clone());
        Ok(documents)
    }

    /// The tree with every `extends` resolved.
    fn extended(&mut self, tree: &Tree<'_>) -> Result<Arc<Node>, Failure> {
        let Some(services) = tree.root.get("services") else { return Ok(Arc::clone(&tree.root)) };
        if services.entries().iter().all(|entry| entry.node.get("extends").is_none()) {
            return Ok(Arc::clone(&tree.root));
        }
        let mut entries = Vec::with_capacity(services.entries().len());
        for entry in services.entries() {
            let node =
                self.service(tree, &entry.node, &mut vec![(tree.path.clone(), entry.key.as_str().to_owned())])?;
            entries.push(Entry { node, ..entry.clone() });
        }
        let services = Arc::new(Node { value: Value::Map(entries), ..services.clone() });
        Ok(with(&tree.root, "services", &services))
    }

    fn service(
        &mut self,
        tree: &Tree<'_>,
        node: &Arc<Node>,
        chain: &mut Vec<(RelPath, String)>,
    ) -> Result<Arc<Node>, Failure> {
        let Some(extends) = node.get("extends").filter(|extends| extends.mark != Some(MergeTag::Reset)) else {
            return Ok(Arc::clone(node));
        };
        let fault = |kind| failure(&tree.path, Fault::at(extends.place.line, kind));
        let name = extends.get("service").and_then(Node::text).ok_or_else(|| fault(FaultKind::BadShape))?;
        let other = match extends.get("file").and_then(Node::text) {
            Some(file) => {
                let Location::Below(path) = self.place.locate(&tree.base, file) else {
                    return Err(fault(FaultKind::Missing));
                };
                let base = path.parent();
                let mut documents = self.documents(&path, &base, tree.scope)?;
                let Yaml { written, root } = documents.pop().ok_or_else(|| fault(FaultKind::Missing))?;
                schema::service(&written, name).map_err(|fault| failure(&path, fault))?;
                // Of the other services there, Compose looks at this alone.
                if let Some(line) = empty_extends(&root) {
                    return Err(failure(&path, Fault::at(line, FaultKind::BadShape)));
                }
                Some(Tree { path, base, root, scope: tree.scope })
            }
            None => None,
        };
        let from = other.as_ref().unwrap_or(tree);
        let link = (from.path.clone(), name.to_owned());
        if chain.contains(&link) || chain.len() >= MAX_DEPTH {
            return Err(fault(FaultKind::Circle));
        }
        chain.push(link);
        let base = from.root.at(&["services"]).and_then(|services| services.entry(name));
        let base = base.ok_or_else(|| fault(FaultKind::Missing))?;
        let base = self.service(from, &base.node, chain)?;
        chain.pop();
        let own = without(node, "extends");
        let merged = merge::extend(&base, &own);
        self.count(&merged, &tree.path)?;
        Ok(merged)
    }

    /// The tree on top of what it includes.
    fn included(&mut self, tree: &Tree<'_>) -> Result<Arc<Node>, Failure> {
        let Some(include) = tree.root.get("include") else { return Ok(Arc::clone(&tree.root)) };
        let own = without(&tree.root, "include");
        let mut below: Option<Arc<Node>> = None;
        let names_files =
            |item: &&Arc<Node>| item.text().is_some() || item.get("path").is_some_and(|path| !path.is_null());
        for item in include.items().iter().filter(names_files) {
            let root = self.include(tree, item)?;
            below = Some(below.map_or_else(|| Arc::clone(&root), |below| merge::merge(&below, &root)));
        }
        Ok(below.map_or_else(|| Arc::clone(&own), |below| merge::merge(&below, &own)))
    }

    fn include(&mut self, tree: &Tree<'_>, item: &Node) -> Result<Arc<Node>, Failure> {
        let fault = |kind| failure(&tree.path, Fault::at(item.place.line, kind));
        let texts = |node: &Node| -> Vec<String> {
            let one = node.text().map(str::to_owned);
            one.into_iter().chain(node.items().iter().filter_map(|item| item.text().map(str::to_owned))).collect()
        };
        let paths = if item.text().is_some() { texts(item) } else { item.get("path").map(&texts).unwrap_or_default() };
        let mut files = Vec::with_capacity(paths.len());
        for path in &paths {
            let Location::Below(path) = self.place.locate(&tree.base, path) else {
                return Err(fault(FaultKind::Missing));
            };
            if self.including.contains(&path) || path == tree.path || self.including.len() >= MAX_DEPTH {
                return Err(fault(FaultKind::Circle));
            }
            files.push(path);
        }
        let first = files.first().ok_or_else(|| fault(FaultKind::BadShape))?;
        let base =
            match item.get("project_directory").and_then(Node::text).map(|dir| self.place.locate(&tree.base, dir)) {
                Some(Location::Below(dir)) => dir,
                Some(_) => return Err(fault(FaultKind::Missing)),
                None => first.parent(),
            };
        let given = item.get("env_file").map(&texts).unwrap_or_default();
        let mut env_files: Vec<RelPath> = Vec::new();
        for path in &given {
            if let Location::Below(path) = self.place.locate(&tree.base, path) {
                env_files.push(path);
            }
        }
        if given.is_empty() {
            env_files.push(base.join(b".env"));
        }
        let mut variables = tree.scope.variables.copy();
        // The last of them counts.
        for path in env_files.iter().rev() {
            if let Some(document) = self.files.variables(path) {
                variables.add(&document);
            }
        }
        let env_files = tree.scope.env_files.iter().chain(env_files.iter().rev()).cloned().collect();
        self.included.extend(files.iter().cloned());
        self.including.push(tree.path.clone());
        self.scopes += 1;
        let root = self.all(&files, &base, Scope { variables: &variables, env_files: &env_files, id: self.scopes });
        self.including.pop();
        root
    }
}

/// The line of an `extends` with nothing behind it.
fn empty_extends(root: &Node) -> Option<NonZeroU32> {
    let services = root.get("services").map(Node::entries).unwrap_or_default();
    let mut extends = services.iter().filter_map(|service| service.node.get("extends"));
    extends.find(|one| one.is_null() && one.mark.is_none()).map(|one| one.place.line)
}

fn failure(path: &RelPath, fault: Fault) -> Failure {
    Failure { path: path.clone(), fault }
}

/// A map with another node under a key.
fn with(root: &Arc<Node>, key: &str, node: &Arc<Node>) -> Arc<Node> {
    let entries = root.entries().iter().map(|entry| match entry.key.as_str() == key {
        true => Entry { node: Arc::clone(node), ..entry.clone() },
        false => entry.clone(),
    });
    Arc::new(Node { value: Value::Map(entries.collect()), ..root.as_ref().clone() })
}

fn without(root: &Arc<Node>, key: &str) -> Arc<Node> {
    let entries = root.entries().iter().filter(|entry| entry.key.as_str() != key).cloned();
    Arc::new(Node { value: Value::Map(entries.collect()), ..root.as_ref().clone() })
}
