//! Each model against its real reader, on files of a seeded generator.
//!
//! What cannot be compared: a value that depends on the machine or on a command, which a model does not know; a shell that
//! refuses the inside of a command; lists and reserved words of a shell, which no file here has; files that are not UTF-8.

use std::fs;
use std::path::{Path, PathBuf};

use envward::env::readers::Reader;

use super::{Seen, model, seen};
use crate::common::{Sandbox, combinations, skip};
use crate::env::readers::{REAL, Values, shell_without_programs};

const COUNT: usize = 2000;

/// How many of the slow ones: a process, or a whole Docker client, for each file.
fn few() -> usize {
    if combinations::all() { 250 } else { 60 }
}

/// Marsaglia's xorshift: the same files on each machine.
struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    fn one<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

const PIECES: &[&str] = &[
    "ab", "c1", "x", "K", "Z9", " ", "  ", "\t", "#", " #", "'", "\"", "`", "\\", "\\n", "\\\\", "$$", "$A", "${A}",
    "${U:-d}", "${A:+e}", "$", "${", "}", "{", "=", "!", "&", "|", ";", "(", ")", "<", ">", "*", "?", "[", "]", "~",
    "~/", "%", "@", "^", ",", ".", "/", "+", "-", "_", ":", "\u{e9}", "\r", "\u{a0}", "\\\"", "\\'", "\\$", "\u{b}",
    "null",
];

fn line(random: &mut Random) -> String {
    let odd = random.below(8) == 0;
    let key = random.one(if odd { &["a.b", "A-B", "1A", "A"] } else { &["A", "K", "L", "M1", "K_2"][..4] });
    let body: String = (0..random.below(7)).map(|_| random.one(PIECES)).collect();
    let behind = random.one(&["", "", " # c", "#c", " ", "x"]);
    let value = match random.below(10) {
        0..=2 => body,
        3 => format!("'{}'", body.replace('\'', "")),
        4 => format!("\"{}\"", body.replace('"', "")),
        5 => random.one(&["\"", "'", "`"]).to_owned() + &body,
        6 => body + behind,
        7 => format!("\"{body}\"{behind}"),
        8 => format!("'{body}'{behind}"),
        _ => random.one(&["\"a\nb\"", "'a\n#b'", "\"a\\\nb\"", "ab\\\nc"]).to_owned(),
    };
    let before = random.one(&["", "", "", "", "export ", "  ", "\t", "export  "]);
    let separator = random.one(&["=", "=", "=", "=", "=", "=", "=", " = ", "= ", " =", ": ", ":"]);
    format!("{before}{key}{separator}{value}")
}

fn file(random: &mut Random) -> String {
    let others = ["# c", "#c=1", "  # x", "; c", "", "   ", "bare", "hello world", "export A"];
    let count = 1 + random.below(4);
    let lines: Vec<String> =
        (0..count).map(|_| if random.below(9) == 0 { random.one(&others).to_owned() } else { line(random) }).collect();
    let end = random.one(&["\n", "\n", "\n", "\n", "\n", "\r\n", "\r"]);
    let mark = if random.below(50) == 0 { "\u{feff}" } else { "" };
    mark.to_owned() + &lines.join(end) + if random.below(7) == 0 { "" } else { end }
}

/// A list, a reserved word, or an expansion that only a shell's own parser takes apart.
fn is_language(text: &str) -> bool {
    let compact: String = text.chars().filter(|one| !matches!(one, ' ' | '\t')).collect();
    let pairs = ["=(", "$(", "${\"", "${'", "${$", "$$(", "(("];
    let after_operator = compact.as_bytes().windows(2).any(|two| b";&|".contains(&two[0]) && b"!{}".contains(&two[1]));
    let odd_name = compact
        .match_indices("${")
        .any(|(at, _)| !compact[at + 2..].starts_with(|one: char| one.is_ascii_alphabetic()));
    let names_by_value = text.contains("export") && text.contains(" $");
    names_by_value
        || pairs.iter().any(|pair| compact.contains(pair))
        || after_operator
        || odd_name
        || compact.contains("$[")
}

fn write(dir: &Path, files: &[String]) -> Vec<PathBuf> {
    let path = |index: usize| dir.join(format!("{index}.env"));
    files.iter().enumerate().for_each(|(index, text)| fs::write(path(index), text).unwrap());
    (0..files.len()).map(path).collect()
}

/// Without keys that have no name: what a harness shows of them is its own.
fn named(values: Option<Values>) -> Option<Values> {
    values.map(|values| values.into_iter().filter(|(key, _)| !key.trim().is_empty()).collect())
}

fn agrees(ours: &Option<Seen>, theirs: &Option<Values>) -> bool {
    let (Some(ours), Some(theirs)) = (ours, theirs) else { return ours.is_none() == theirs.is_none() };
    let is_known = |key: &String| !matches!(ours.get(key), Some(None));
    let same = |key: &String| ours.get(key).and_then(Option::as_ref) == theirs.get(key);
    ours.keys().chain(theirs.keys()).filter(|key| !key.trim().is_empty() && is_known(key)).all(same)
}

fn wrong(reader: Reader, text: &str, theirs: Option<Values>) -> Option<String> {
    let reading = model(reader, text.as_bytes());
    // What dotenvy read before the line that it refuses is no matter of its iterator.
    let ours = seen(&reading).filter(|_| reader != Reader::Dotenvy || reading.stop.is_none());
    let theirs = named(theirs);
    (!agrees(&ours, &theirs)).then(|| format!("{} {text:?}\n  real: {theirs:?}\n  model: {ours:?}", reader.name()))
}

#[test]
fn shells_see_what_their_models_see() {
    let sandbox = Sandbox::new();
    let dir = sandbox.root();
    let mut random = Random(0x5eed_0001);
    let mut files = Vec::new();
    while files.len() < COUNT {
        files.extend(Some(file(&mut random)).filter(|text| !is_language(text)));
    }
    let paths = write(dir, &files);
    for (reader, name) in [(Reader::Bash, "bash"), (Reader::Dash, "dash")] {
        let mut found = Vec::new();
        for (text, path) in files.iter().zip(&paths) {
            let theirs = shell_without_programs(name, path, dir);
            let reading = model(reader, text.as_bytes());
            let is_unknown = |seen: &Seen| reading.runs.is_some() || seen.values().any(Option::is_none);
            // What is in a command, and a file that is not there, may end a shell, too.
            let may_end = ["<", ">&", "`"].iter().any(|sign| text.contains(sign));
            if theirs.is_none() && seen(&reading).is_some_and(|seen| may_end || is_unknown(&seen)) {
                continue;
            }
            found.extend(wrong(reader, text, theirs));
        }
        assert!(found.is_empty(), "{} of {COUNT}:\n{}", found.len(), found.join("\n"));
    }
}

#[test]
fn readers_see_what_their_models_see() {
    let sandbox = Sandbox::new();
    let mut random = Random(0x5eed_0002);
    let files: Vec<String> = (0..COUNT).map(|_| file(&mut random)).collect();
    let paths = write(sandbox.root(), &files);
    for (model_of, real) in REAL {
        if real.is_silently_missing() {
            continue;
        }
        let is_slow = matches!(model_of, Reader::Docker | Reader::Direnv);
        let count = if is_slow { few() } else { COUNT };
        let (files, paths) = (&files[..count], &paths[..count]);
        let chosen: Vec<usize> = (0..files.len()).filter(|index| is_asked(model_of, &files[*index])).collect();
        let taken: Vec<PathBuf> = chosen.iter().map(|index| paths[*index].clone()).collect();
        let theirs = match real.read(&taken) {
            Ok(theirs) => theirs,
            Err(reason) => {
                skip(&format!("{}: {reason}", real.name));
                continue;
            }
        };
        assert_eq!(theirs.len(), taken.len(), "{}", real.name);
        let found: Vec<String> =
            chosen.iter().zip(theirs).filter_map(|(index, theirs)| wrong(model_of, &files[*index], theirs)).collect();
        assert!(found.is_empty(), "{} of {}:\n{}", found.len(), chosen.len(), found.join("\n"));
    }
}

/// Whether the real reader is asked about a file. Compose is asked about those that it takes, all at once, and about few
/// that it refuses; a key alone at the file's end it takes for a value without a name.
fn is_asked(reader: Reader, text: &str) -> bool {
    match reader {
        Reader::Compose => {
            let is_bare =
                text.rsplit('\n').next().is_some_and(|last| !last.trim().is_empty() && !last.contains(['=', ':']));
            !is_bare && (model(reader, text.as_bytes()).stop.is_none() || text.len() % 5 == 0)
        }
        // Its iterator keeps a mark, and takes the last value of a key for references.
        Reader::Dotenvy => {
            let keys = ["A", "K", "L", "M1", "K_2"];
            let is_once =
                |key: &&str| text.matches(&format!("{key}=")).count() + text.matches(&format!("{key} =")).count() < 2;
            !text.starts_with('\u{feff}') && keys.iter().all(is_once)
        }
        // Of rules, it knows only that they set nothing.
        Reader::Make => {
            let is_rule = |line: &str| {
                let name = line.find([':', '=']);
                name.is_some_and(|at| line[at..].starts_with(':') && !line[at..].starts_with(":="))
            };
            !text.split(['\n', '\r']).any(is_rule)
        }
        _ => true,
    }
}
