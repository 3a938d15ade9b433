//! The index's `TREE` extension: for each directory the tree that git would write for it, as long as nothing below it
//! was staged since. A commit takes these trees as they stand, so they are what will be committed.

use std::collections::HashMap;

use crate::git::Oid;

/// Deeper directories than these are in no file system: Linux takes paths of 4,096 bytes.
const DEEPEST: usize = 2048;

/// All directories, the top first, each before those below it.
#[derive(Debug, Default)]
pub(in crate::git) struct CacheTree<'a> {
    nodes: Vec<Node<'a>>,
}

/// One directory.
#[derive(Debug)]
pub(in crate::git) struct Node<'a> {
    name: &'a [u8],
    /// How many entries of the index it covers, and its tree; `None` where something below it was staged.
    pub(in crate::git) tree: Option<(u64, Oid)>,
    /// How many nodes it has below it, itself included.
    size: usize,
    children: usize,
}

impl<'a> CacheTree<'a> {
    /// Reads the extension; `None` where it is not what it should be.
    pub(super) fn read(mut bytes: &'a [u8], id_len: usize) -> Option<Self> {
        let mut nodes: Vec<Node<'a>> = Vec::new();
        // The directories that are not complete, and how many children of each are to come.
        let mut open: Vec<(usize, usize)> = Vec::new();
        while nodes.is_empty() || !open.is_empty() {
            let (node, rest) = node(bytes, id_len)?;
            bytes = rest;
            if open.len() > DEEPEST {
                return None;
            }
            open.push((nodes.len(), node.children));
            nodes.push(node);
            while let Some((at, 0)) = open.last().copied() {
                open.pop();
                let size = nodes.len() - at;
                nodes.get_mut(at)?.size = size;
                if let Some((_, left)) = open.last_mut() {
                    *left -= 1;
                }
            }
        }
        Some(Self { nodes })
    }

    /// The node of this number; the top is 0.
    pub(in crate::git) fn node(&self, at: usize) -> Option<&Node<'a>> {
        self.nodes.get(at)
    }

    /// The numbers of the directories in a directory, by name.
    pub(in crate::git) fn children(&self, at: usize) -> HashMap<&'a [u8], usize> {
        let mut children = HashMap::new();
        let mut child = at + 1;
        for _ in 0..self.node(at).map_or(0, |node| node.children) {
            let Some(node) = self.node(child) else { break };
            children.insert(node.name, child);
            child += node.size;
        }
        children
    }
}

/// `name NUL count SP children LF`, and the tree's id where the count is not negative.
fn node(bytes: &[u8], id_len: usize) -> Option<(Node<'_>, &[u8])> {
    let (name, rest) = split(bytes, 0)?;
    let (count, rest) = split(rest, b' ')?;
    let (children, rest) = split(rest, b'\n')?;
    let children = number(children)?;
    let (tree, rest) = match count {
        b"-1" => (None, rest),
        count => {
            let (id, rest) = rest.split_at_checked(id_len)?;
            (Some((u64::try_from(number(count)?).ok()?, Oid::from_bytes(id)?)), rest)
        }
    };
    Some((Node { name, tree, size: 1, children }, rest))
}

fn split(bytes: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(at, bytes)?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
