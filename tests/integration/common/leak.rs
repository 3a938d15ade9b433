//! Finds a marker value in what a program wrote, in the forms in which values leak.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use sha2::{Digest as _, Sha256};

/// This many characters of the marker in a row are a leak: a prefix of a value helps whoever guesses it.
const PART: usize = 8;

/// A value that is planted everywhere and must turn up nowhere.
pub struct Marker {
    value: String,
    /// Finds every part of every form in one pass.
    parts: AhoCorasick,
    /// The form that a part is of.
    forms: Vec<&'static str>,
}

impl Marker {
    pub fn new(value: &str) -> Self {
        let reversed: String = value.chars().rev().collect();
        let hash = hex(&Sha256::digest(value.as_bytes()));
        let mut forms = vec![
            ("plain", value.to_owned(), PART),
            ("upper case", value.to_uppercase(), PART + 4),
            ("lower case", value.to_lowercase(), PART + 4),
            ("reversed", reversed, PART),
            ("hex", hex(value.as_bytes()), 2 * PART),
            ("upper hex", hex(value.as_bytes()).to_uppercase(), 2 * PART),
            ("SHA-256", hash, 16),
        ];
        // Base64 of a text that holds the value somewhere has one of three forms, by where the value starts.
        for shift in 0..3 {
            let encoded = base64(&[&vec![b' '; shift], value.as_bytes()].concat());
            let whole = &encoded[4 * shift.min(1)..encoded.len() - encoded.len() % 4 - 4];
            forms.push(("base64", whole.to_owned(), 12));
        }
        let parts =
            forms.iter().flat_map(|(form, text, part)| text.as_bytes().windows(*part).map(move |one| (*form, one)));
        let (forms, parts): (Vec<_>, Vec<_>) = parts.unzip();
        let parts = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(parts).unwrap();
        Self { value: value.to_owned(), parts, forms }
    }

    pub fn value(&self) -> &str {
        &self.value
    }

    /// The form in which `bytes` hold the marker or a part of it.
    pub fn find(&self, bytes: &[u8]) -> Option<&'static str> {
        self.parts.find(bytes).map(|found| self.forms[found.pattern().as_usize()])
    }

    /// Every name and file below `root`, and whether the marker is in it.
    pub fn survey(&self, root: &Path) -> Survey {
        let mut survey = Survey::new();
        self.visit(root, &mut survey);
        survey
    }

    fn visit(&self, dir: &Path, survey: &mut Survey) {
        // What the tests themselves made unreadable holds nothing new.
        let Ok(entries) = fs::read_dir(dir) else { return };
        for entry in entries {
            let path = entry.unwrap().path();
            let kind = path.symlink_metadata().unwrap().file_type();
            let name = path.file_name().unwrap().as_bytes();
            let form = match () {
                () if kind.is_file() => fs::read(&path).ok().and_then(|bytes| self.find(&bytes)),
                () if kind.is_symlink() => self.find(fs::read_link(&path).unwrap().as_os_str().as_bytes()),
                () => None,
            };
            survey.insert(path.as_os_str().as_bytes().to_vec(), form.or_else(|| self.find(name)));
            if kind.is_dir() {
                self.visit(&path, survey);
            }
        }
    }
}

/// Path and, where the marker is in the name or the content, its form.
pub type Survey = BTreeMap<Vec<u8>, Option<&'static str>>;

/// The paths that hold the marker now and did not before.
pub fn new_leaks(before: &Survey, after: &Survey) -> Vec<String> {
    let is_new =
        |(path, form): &(&Vec<u8>, &Option<&str>)| form.is_some() && before.get(*path).is_none_or(Option::is_none);
    after.iter().filter(is_new).map(|(path, _)| String::from_utf8_lossy(path).into_owned()).collect()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Standard base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = char::from(ALPHABET[bits >> (18 - 6 * at) & 63]);
            out.push(if at <= chunk.len() { digit } else { '=' });
        }
    }
    out
}
