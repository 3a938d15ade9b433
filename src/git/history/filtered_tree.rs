//! Trees with everything left out but the wanted files.
//!
//! Most commits change none of them, so that their trees have the same *filtered tree*: equal filtered trees are stored once, and two
//! commits are compared by one number. Only where those differ are the two trees walked.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::git::object::tree::File;
use crate::git::odb::Number;
use crate::git::sweep::second_pass::{Hole, Item, Selection, Span, What};
use crate::problem::ProblemKind;

/// Git's own limit for the depth of trees is 2048.
const DEPTH: u32 = 2048;

/// The number of a filtered tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::git) struct TreeId(u32);

impl TreeId {
    /// The filtered tree of a tree without wanted files.
    pub(in crate::git) const EMPTY: Self = Self(0);
}

/// The number of a file's or directory's name; they stand in the order of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::git) struct NameId(u32);

/// One directory: its wanted files, and the directories that have some below them. Sorted by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::git) struct FilteredTree {
    pub(in crate::git) files: Vec<(NameId, File)>,
    pub(in crate::git) dirs: Vec<(NameId, TreeId)>,
    /// What below it cannot be looked into.
    holes: Vec<Hole>,
    height: u32,
}

/// The filtered trees of all trees that hold a wanted file.
pub(in crate::git) struct FilteredTrees {
    names: Vec<Vec<u8>>,
    /// The trees that have one, sorted. There may be a million.
    trees: Vec<Number>,
    /// The filtered tree of each.
    made: Vec<TreeId>,
    filtered: Vec<Arc<FilteredTree>>,
    numbers: HashMap<Arc<FilteredTree>, TreeId>,
    /// Trees that go too deep, or stand in themselves.
    pub(in crate::git) problems: Vec<(Number, ProblemKind)>,
}

/// Where the items of a tree are.
struct Place {
    tree: Number,
    /// By its number among the parts.
    part: u32,
    span: Span,
}

/// How far a tree has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Untouched,
    Entered,
    Made,
}

/// Trees whose filtered trees are being made.
struct Work<'a> {
    parts: &'a [Part<'a>],
    /// Sorted by tree.
    places: Vec<Place>,
    /// By place.
    progress: Vec<Progress>,
}

/// One thread's selection, and the numbers that its names have among all.
struct Part<'a> {
    selection: &'a Selection,
    names: Vec<NameId>,
}

impl FilteredTrees {
    /// Out of what the threads selected.
    pub(in crate::git) fn new(selections: &[Selection]) -> Self {
        let mut names: Vec<Vec<u8>> = selections.iter().flat_map(|part| part.names.all.iter().cloned()).collect();
        names.sort_unstable();
        names.dedup();
        let empty = Arc::new(FilteredTree::default());
        let mut filtered = Self {
            names,
            trees: Vec::new(),
            made: Vec::new(),
            filtered: vec![Arc::clone(&empty)],
            numbers: HashMap::from([(empty, TreeId::EMPTY)]),
            problems: Vec::new(),
        };
        let parts: Vec<Part<'_>> = selections.iter().map(|selection| filtered.part(selection)).collect();
        let places = places(&parts);
        filtered.trees = places.iter().map(|place| place.tree).collect();
        filtered.made = vec![TreeId::EMPTY; places.len()];
        let progress = vec![Progress::Untouched; places.len()];
        let mut work = Work { parts: &parts, places, progress };
        (0..filtered.trees.len()).for_each(|place| filtered.cast(place, &mut work));
        filtered
    }

    fn part<'a>(&self, selection: &'a Selection) -> Part<'a> {
        let place = |name: &Vec<u8>| self.names.binary_search(name).ok().and_then(|at| u32::try_from(at).ok());
        let names = selection.names.all.iter().map(|name| NameId(place(name).unwrap_or(u32::MAX))).collect();
        Part { selection, names }
    }

    pub(in crate::git) fn get(&self, id: TreeId) -> Arc<FilteredTree> {
        self.filtered.get(id.0 as usize).map(Arc::clone).unwrap_or_default()
    }

    /// The filtered tree of a tree.
    pub(in crate::git) fn of(&self, tree: Number) -> TreeId {
        self.place(tree).and_then(|place| self.made.get(place)).copied().unwrap_or(TreeId::EMPTY)
    }

    fn place(&self, tree: Number) -> Option<usize> {
        self.trees.binary_search(&tree).ok()
    }

    /// The trees that have one, sorted.
    pub(in crate::git) fn trees(&self) -> &[Number] {
        &self.trees
    }

    pub(in crate::git) fn name(&self, name: NameId) -> &[u8] {
        self.names.get(name.0 as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// Makes the filtered tree of a tree, and of those below it first.
    fn cast(&mut self, place: usize, work: &mut Work<'_>) {
        // Depth first without recursion: a tree stays on the stack until its directories are known.
        let mut stack = vec![(place, false)];
        while let Some((at, is_ready)) = stack.pop() {
            let Work { parts, places, progress } = &mut *work;
            let (Some(place), Some(progress)) = (places.get(at), progress.get_mut(at)) else { continue };
            let Some(part) = parts.get(place.part as usize) else { continue };
            match (*progress, is_ready) {
                (Progress::Made, _) => {}
                (_, true) => {
                    *progress = Progress::Made;
                    let made = self.finish(place.tree, part, place.span);
                    self.made.get_mut(at).into_iter().for_each(|slot| *slot = made);
                }
                // Ids that are true make no circle.
                (Progress::Entered, false) => self.problems.push((place.tree, ProblemKind::CorruptObject)),
                (Progress::Untouched, false) => {
                    *progress = Progress::Entered;
                    stack.push((at, true));
                    stack.extend(part.items(place.span).iter().filter_map(|item| match item.what {
                        What::Dir(below) => Some((self.place(below)?, false)),
                        _ => None,
                    }));
                }
            }
        }
    }

    fn finish(&mut self, tree: Number, part: &Part<'_>, span: Span) -> TreeId {
        let mut kept = FilteredTree::default();
        for item in part.items(span) {
            let name = part.names.get(item.name as usize).copied().unwrap_or(NameId(u32::MAX));
            match item.what {
                What::File(file) => {
                    let file = part.selection.files.all.get(file as usize);
                    kept.files.extend(file.map(|file| (name, *file)));
                }
                What::Hole(hole) => kept.holes.extend(part.selection.holes.all.get(hole as usize)),
                What::Dir(below) => {
                    let below = self.of(below);
                    if below != TreeId::EMPTY {
                        kept.height = kept.height.max(self.get(below).height + 1);
                        kept.dirs.push((name, below));
                    }
                }
            }
        }
        if kept.height > DEPTH {
            self.problems.push((tree, ProblemKind::TooLarge));
            kept = FilteredTree::default();
        }
        kept.files.sort_unstable();
        kept.dirs.sort_unstable();
        self.number(kept)
    }

    fn number(&mut self, tree: FilteredTree) -> TreeId {
        if let Some(known) = self.numbers.get(&tree) {
            return *known;
        }
        let number = TreeId(u32::try_from(self.filtered.len()).unwrap_or(u32::MAX));
        let tree = Arc::new(tree);
        self.filtered.push(Arc::clone(&tree));
        self.numbers.insert(tree, number);
        number
    }

    /// What cannot be looked into, in these and below them.
    pub(in crate::git) fn holes(&self, tops: impl Iterator<Item = TreeId>) -> HashSet<Hole> {
        let (mut seen, mut holes, mut waiting) = (HashSet::new(), HashSet::new(), tops.collect::<Vec<_>>());
        while let Some(id) = waiting.pop() {
            if seen.insert(id) {
                let tree = self.get(id);
                holes.extend(tree.holes.iter().copied());
                waiting.extend(tree.dirs.iter().map(|(_, below)| *below));
            }
        }
        holes
    }
}

impl Part<'_> {
    fn items(&self, span: Span) -> &[Item] {
        self.selection.items.get(span.range()).unwrap_or_default()
    }
}

/// The places of all trees, sorted. Of one that was read twice the last counts.
fn places(parts: &[Part<'_>]) -> Vec<Place> {
    let mut places = Vec::with_capacity(parts.iter().map(|part| part.selection.trees.len()).sum());
    for (number, part) in (0..).zip(parts) {
        places.extend(part.selection.trees.iter().map(|(tree, span)| Place { tree: *tree, part: number, span: *span }));
    }
    places.reverse();
    places.sort_by_key(|place| place.tree);
    places.dedup_by_key(|place| place.tree);
    places
}

impl FilteredTree {
    /// The files of this name: one, or in a malformed tree several.
    pub(in crate::git) fn files(&self, name: NameId) -> &[(NameId, File)] {
        let start = self.files.partition_point(|(known, _)| *known < name);
        let rest = self.files.get(start..).unwrap_or_default();
        let count = rest.iter().take_while(|(known, _)| *known == name).count();
        rest.get(..count).unwrap_or_default()
    }

    /// The directory of this name; empty where there is none.
    pub(in crate::git) fn dir(&self, name: NameId) -> TreeId {
        let found = self.dirs.binary_search_by(|(known, _)| known.cmp(&name)).ok();
        found.and_then(|at| self.dirs.get(at)).map_or(TreeId::EMPTY, |(_, id)| *id)
    }
}
