//! Edits of an env file: what is read afterwards is what was asked for, and nothing else has changed. The input is a file
//! and a value, with a NUL byte between.

use envward::env::Document;
use envward::secret::Secret;

/// The keys and values as they are written, but for one: a value may name the edited one.
fn others(document: &Document, without: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
    let all = document.assignments().iter().enumerate().filter(|(index, _)| *index != without);
    all.map(|(_, one)| (document.name(one).to_vec(), document.written_whole(one).to_vec())).collect()
}

pub fn run(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let mut next = || Secret::copy_of(parts.next().unwrap_or_default());
    let (text, value) = (next(), next());
    let document = Document::parse(text);
    let count = document.assignments().len();
    for index in 0..count.min(8) {
        if let Ok(edited) = document.set(index, &value) {
            assert!(edited.assignments()[index].value.ct_eq(&value), "the value that was asked for");
            assert_eq!(edited.assignments().len(), count);
            assert_eq!(others(&edited, index), others(&document, index), "the others are as they were");
            let again = Document::parse(Secret::copy_of(edited.text().expose()));
            assert!(again.assignments()[index].value.ct_eq(&value), "read from the file, too");
        }
        if let Ok(edited) = document.remove(index) {
            assert_eq!(others(&edited, usize::MAX), others(&document, index));
        }
    }
    if let Ok(edited) = document.append("ENVWARD_FUZZ", &value) {
        assert_eq!(edited.assignments().len(), count + 1);
        assert!(edited.assignments()[count].value.ct_eq(&value));
        assert_eq!(others(&edited, count), others(&document, usize::MAX));
        if let Ok(back) = edited.remove(count) {
            assert_eq!(others(&back, usize::MAX), others(&document, usize::MAX));
        }
    }
    let other = Document::parse(Secret::copy_of(value.expose()));
    for index in 0..other.assignments().len().min(4) {
        if let Ok(edited) = document.append_from(&other, index) {
            assert_eq!(edited.assignments().len(), count + 1);
            assert_eq!(others(&edited, count), others(&document, usize::MAX));
        }
    }
}
