//! Where in a book a secret stands, for anyone who asks for many.

use std::collections::HashMap;

use super::Book;
use crate::env::Key;
use crate::path::RelPath;
use crate::work;

/// The entries of a book, by file and key. It knows of no later change.
pub struct Places(HashMap<RelPath, HashMap<Key, usize>>);

impl Places {
    /// Of the entries that a book has now.
    #[must_use]
    pub fn of(book: &Book) -> Self {
        let mut places = Self(HashMap::new());
        for (index, entry) in book.entries.iter().enumerate() {
            places.add(&entry.file, &entry.key, index);
        }
        places
    }

    /// Takes in a further one; of two at a place the first counts, as with [`Book::find`].
    pub fn add(&mut self, file: &RelPath, key: &Key, index: usize) {
        work::step();
        self.0.entry(file.clone()).or_default().entry(key.clone()).or_insert(index);
    }

    /// The place of an entry in the book.
    #[must_use]
    pub fn find(&self, file: &RelPath, key: &Key) -> Option<usize> {
        work::step();
        self.0.get(file)?.get(key).copied()
    }
}
