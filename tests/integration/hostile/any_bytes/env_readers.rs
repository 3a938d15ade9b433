//! The models of programs that read env files: they end, and what one makes of a file is comparable with another.

use envward::env::Document;
use envward::env::readers::{Reader, Readings, is_executed, rewrite, sign, verdict};
use envward::secret::Secret;

pub fn run(bytes: &[u8]) {
    let document = Document::parse(Secret::copy_of(bytes));
    let base = Reader::Compose.read(&document);
    for reader in Reader::ALL {
        let reading = reader.read(&document);
        for (index, one) in document.assignments().iter().enumerate().take(8) {
            let _ = verdict(&base, &reading, document.name(one), one.line);
            let _ = sign(&document, index, Reader::Compose, reader);
        }
    }
    let _ = Readings::of(&document, &Reader::ALL);
    for index in 0..document.assignments().len().min(4) {
        let _ = (is_executed(&document, index), rewrite(&document, index, &Reader::ALL).is_ok());
    }
}
