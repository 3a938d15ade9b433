//! The rooms of `src/` stand in layers: the drawing in `src/lib.rs` is the table, and every `use` is held against it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{Item, UseTree};

/// A file with more lines is two rooms.
const MOST_LINES: usize = 400;
/// A folder with more files is not taken in at a glance.
const MOST_FILES: usize = 36;

/// A module: the names from the crate's root down to it.
type Module = Vec<String>;

#[test]
fn a_room_knows_only_those_below_it() {
    let (house, layers) = (House::read(), layers());
    let mut wrong = BTreeSet::new();
    for (module, known) in &house.known {
        let Some(room) = module.first() else { continue };
        for other in known.iter().filter_map(|other| other.first()).filter(|other| *other != room) {
            if layers[other.as_str()] >= layers[room.as_str()] {
                wrong.insert(format!("{} knows {other}", module.join("/")));
            }
        }
    }
    assert!(wrong.is_empty(), "against the drawing in src/lib.rs:\n{}", lines(&wrong));
}

#[test]
fn the_drawing_has_every_room() {
    let rooms: BTreeSet<String> = House::read().known.keys().filter_map(|module| module.first().cloned()).collect();
    let drawn: BTreeSet<String> = layers().into_keys().collect();
    assert_eq!(drawn, rooms, "the drawing in src/lib.rs (left) and the rooms of src/ (right) differ");
}

/// Of two folders beside each other at most one knows the other, however long the way.
#[test]
fn no_folders_stand_in_a_circle() {
    let house = House::read();
    let mut wrong = BTreeSet::new();
    for parent in house.folders.iter().map(|folder| &folder[..folder.len().saturating_sub(1)]).collect::<BTreeSet<_>>()
    {
        let edges = house.between(parent);
        for (folder, known) in &edges {
            if known.iter().any(|other| leads(&edges, other, folder)) {
                wrong.insert(format!("{}/{folder}", parent.join("/")));
            }
        }
    }
    assert!(wrong.is_empty(), "these folders know each other:\n{}", lines(&wrong));
}

#[test]
fn files_and_folders_are_small() {
    let mut wrong = BTreeSet::new();
    let mut folders: BTreeMap<String, usize> = BTreeMap::new();
    for (path, text) in super::source::all_sources() {
        *folders.entry(path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()).or_default() += 1;
        if text.lines().count() > MOST_LINES {
            wrong.insert(format!("{path}: {} lines", text.lines().count()));
        }
    }
    wrong.extend(folders.into_iter().filter(|(_, n)| *n > MOST_FILES).map(|(path, n)| format!("{path}: {n} files")));
    assert!(wrong.is_empty(), "\n{}", lines(&wrong));
}

fn lines(all: &BTreeSet<String>) -> String {
    all.iter().cloned().collect::<Vec<_>>().join("\n")
}

/// The line of each room in the drawing, counted from below.
fn layers() -> BTreeMap<String, usize> {
    let text = crate::common::own_file("src/lib.rs");
    let drawing = text.split("```layers\n").nth(1).and_then(|rest| rest.split("//! ```").next()).unwrap();
    let rows: Vec<&str> = drawing.lines().rev().collect();
    let names = |row: &str| {
        // The names stand in the first fourteen columns.
        let row = row.strip_prefix("//! ").unwrap();
        row[..14].split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    rows.iter().enumerate().flat_map(|(at, row)| names(row).into_iter().map(move |name| (name, at))).collect()
}

fn leads(edges: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from.to_owned()]);
    while let Some(one) = open.pop() {
        if one == to {
            return true;
        }
        if seen.insert(one.clone()) {
            open.extend(edges.get(&one).into_iter().flatten().cloned());
        }
    }
    false
}

/// Who knows whom.
#[derive(Default)]
struct House {
    /// The modules that have a folder.
    folders: BTreeSet<Module>,
    /// The names that a module hands on from another one, and where they come from.
    handed_on: BTreeMap<(Module, String), Module>,
    /// The modules that a module knows, through `pub use`.
    known: BTreeMap<Module, BTreeSet<Module>>,
}

impl House {
    fn read() -> Self {
        let (mut house, mut said) = (Self::default(), BTreeMap::new());
        let sources = super::source::sources();
        let modules: BTreeSet<Module> = sources.iter().map(|(path, _)| module_of(path)).collect();
        for (path, text) in &sources {
            let module = module_of(path);
            if path.ends_with("/mod.rs") {
                house.folders.insert(module.clone());
            }
            let mut reader =
                Reader { module: &module, modules: &modules, handed_on: Vec::new(), said: BTreeSet::new() };
            reader.visit_file(&syn::parse_file(text).unwrap());
            house.handed_on.extend(reader.handed_on.into_iter().map(|(name, from)| ((module.clone(), name), from)));
            said.insert(module.clone(), reader.said);
        }
        for (module, paths) in said {
            let known = paths.iter().map(|path| house.home(path, &modules, 0)).filter(|other| *other != module);
            house.known.insert(module.clone(), known.collect());
        }
        house
    }

    /// The module in which what a path names is written.
    fn home(&self, path: &[String], modules: &BTreeSet<Module>, depth: usize) -> Module {
        assert!(depth < 16, "{path:?} is handed on in a ring");
        let mut module = Module::new();
        for (at, name) in path.iter().enumerate() {
            let inner = [module.as_slice(), std::slice::from_ref(name)].concat();
            if modules.contains(&inner) {
                module = inner;
            } else if let Some(from) = self.handed_on.get(&(module.clone(), name.clone())) {
                let rest = [from.as_slice(), &path[at + 1..]].concat();
                return self.home(&rest, modules, depth + 1);
            } else {
                break;
            }
        }
        module
    }

    /// Which of the folders directly in another one know which.
    fn between(&self, parent: &[String]) -> BTreeMap<String, BTreeSet<String>> {
        let folder = |module: &Module| {
            let inner = module.get(..=parent.len()).filter(|inner| inner.starts_with(parent))?;
            self.folders.contains(inner).then(|| inner[parent.len()].clone())
        };
        let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (module, known) in &self.known {
            let Some(one) = folder(module) else { continue };
            let others = known.iter().filter_map(&folder).filter(|other| *other != one);
            edges.entry(one.clone()).or_default().extend(others);
        }
        edges
    }
}

fn module_of(path: &str) -> Module {
    let inner = path.strip_prefix("src/").and_then(|path| path.strip_suffix(".rs")).unwrap();
    let parts = Path::new(inner).iter().map(|part| part.to_str().unwrap().to_owned());
    parts.filter(|part| part != "mod" && part != "lib").collect()
}

/// Collects the paths that a file names, from the crate's root on.
struct Reader<'a> {
    module: &'a Module,
    modules: &'a BTreeSet<Module>,
    handed_on: Vec<(String, Module)>,
    said: BTreeSet<Module>,
}

impl Reader<'_> {
    /// From the crate's root on; `None` for other crates and local names.
    fn absolute(&self, path: &[String]) -> Option<Module> {
        let own = |path: &[String]| [self.module.as_slice(), path].concat();
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "envward" if self.module == &["main"] => Some(rest.to_vec()),
            "self" => Some(own(rest)),
            "super" => {
                let up = path.iter().take_while(|name| *name == "super").count();
                let base = self.module.get(..self.module.len().checked_sub(up)?)?;
                Some([base, &path[up..]].concat())
            }
            _ => self.modules.contains(&own(&path[..1])).then(|| own(path)),
        }
    }

    fn say(&mut self, path: &[String]) {
        self.said.extend(self.absolute(path));
    }

    fn used(&mut self, tree: &UseTree, before: &mut Vec<String>, is_public: bool) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.used(&path.tree, before, is_public);
                before.pop();
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.used(tree, before, is_public)),
            UseTree::Glob(_) => self.say(before),
            UseTree::Name(name) => self.leaf(before, &name.ident.to_string(), &name.ident.to_string(), is_public),
            UseTree::Rename(name) => self.leaf(before, &name.ident.to_string(), &name.rename.to_string(), is_public),
        }
    }

    fn leaf(&mut self, before: &[String], name: &str, here: &str, is_public: bool) {
        let path = if name == "self" { before.to_vec() } else { [before, &[name.to_owned()]].concat() };
        let Some(path) = self.absolute(&path) else { return };
        if is_public {
            self.handed_on.push((here.to_owned(), path.clone()));
        }
        // A facade that hands on what is in its own folder does not depend on it more than the folder does.
        if !(is_public && path.starts_with(self.module)) {
            self.said.insert(path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            _ => &Vec::new(),
        };
        let is_test = |attribute: &syn::Attribute| {
            attribute.path().is_ident("cfg")
                && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string().contains("test"))
        };
        if !attributes.iter().any(is_test) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let is_public = !matches!(item.vis, syn::Visibility::Inherited);
        self.used(&item.tree, &mut Vec::new(), is_public);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names.len() > 1 {
            self.say(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        let text = item.tokens.to_string().replace(' ', "");
        for (at, _) in text.match_indices("crate::") {
            let path = text[at..].split(|end: char| !end.is_alphanumeric() && end != '_' && end != ':').next();
            self.say(&path.unwrap_or_default().split("::").map(str::to_owned).collect::<Vec<_>>());
        }
        visit::visit_macro(self, item);
    }
}
