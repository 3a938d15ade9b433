//! What a RUN runs, roughly: its simple commands and their words. No shell is imitated; this tells names of programs
//! and arguments, not what they do.

use super::{Command, Raw};

/// The simple commands of a RUN and of its here-documents, each as its words, quotes taken off at the ends.
#[must_use]
pub fn commands<'a>(command: &'a Command, documents: &'a [Raw]) -> Vec<Vec<&'a str>> {
    let mut found: Vec<Vec<&str>> = match command {
        Command::Exec(words) => vec![words.iter().map(|word| word.as_str()).collect()],
        Command::Shell(text) => simple(text),
    };
    found.extend(documents.iter().flat_map(|document| simple(document)));
    found.retain(|words| !words.is_empty());
    found
}

/// The variables that a RUN sets for its commands: `NAME=value npm ci`, `export NAME=value`, `env NAME=value`.
pub fn assignments<'a>(command: &'a Command, documents: &'a [Raw]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let words: Vec<&str> = match command {
        Command::Exec(words) => words.iter().map(|word| word.as_str()).collect(),
        Command::Shell(text) => text.split([' ', '\t', '\n', ';', '&', '|']).collect(),
    };
    let words = words.into_iter().chain(documents.iter().flat_map(|document| document.split_whitespace()));
    let bare = |word: &'a str| word.trim_matches(['"', '\'', '(', ')', '\\', ';']);
    let pairs = words.map(bare).filter(|word| is_assignment(word)).filter_map(|word| word.split_once('='));
    pairs.map(move |(name, value)| (name, bare(value)))
}

fn simple(text: &str) -> Vec<Vec<&str>> {
    let parts = text.split(['\n', ';', '|', '&']);
    let bare = |word: &str| !matches!(word, "then" | "do" | "else" | "{" | "(" | "!" | "sudo" | "exec" | "time");
    parts
        .map(|part| {
            // What echo and printf make lines of, too.
            let words = part
                .split_whitespace()
                .flat_map(|word| word.split("\\n"))
                .map(|word| word.trim_matches(['"', '\'', '(', ')', '\\', '`']));
            let words = words.filter(|word| !word.is_empty());
            words.skip_while(|word| !bare(word) || is_assignment(word)).collect()
        })
        .collect()
}

/// `NAME=value` in front of a command.
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}
