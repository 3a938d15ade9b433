//! Which verb was meant, for the hint of an error.

use std::ffi::OsString;

use crate::cli;

/// Where the help on a command line's verb is.
pub(super) fn help(args: &[OsString]) -> String {
    match verb(args) {
        Some(verb) => format!("see `envward {verb} --help`"),
        None => "`envward help` lists all commands".into(),
    }
}

/// `rotation rotate`. Of what was typed it has only words that are envward's own: the rest may be a secret.
fn verb(args: &[OsString]) -> Option<String> {
    let mut command = cli::command();
    let mut words = Vec::new();
    for arg in args.iter().skip(1) {
        let Some(found) = arg.to_str().and_then(|arg| command.find_subcommand(arg)).cloned() else { break };
        words.push(found.get_name().to_owned());
        command = found;
    }
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_of_our_own_are_told() {
        for (line, expected) in [
            ("envward", None),
            ("envward --help", None),
            ("envward nonsense check", None),
            ("envward check nonsense", Some("check")),
            ("envward rotation", Some("rotation")),
            ("envward rotation rotate rotate", Some("rotation rotate")),
            ("envward key --project verify", Some("key")),
            ("envward hook run pre-commit", Some("hook run")),
        ] {
            let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(verb(&args).as_deref(), expected, "{line}");
        }
    }
}
