//! What to do next, behind an arrow. A command is copied: it stays in one piece, however long.

use crate::text::wrap;

/// The lines of an advice behind its arrow.
pub(super) fn lines(help: &str, width: usize) -> Vec<String> {
    if let Some((first, then)) = help.split_once("; then ").filter(|(first, _)| command(first).is_some()) {
        // Two commands are copied one by one.
        return [lines(first, width), lines(&format!("then {then}"), width)].concat();
    }
    let lines = unbroken(help, width.saturating_sub(3)).into_iter().enumerate();
    lines.map(|(at, line)| format!("{}{line}", if at == 0 { "-> " } else { "   " })).collect()
}

/// The lines of an advice. Behind a text that leaves it no room a command has a line of its own.
pub(crate) fn unbroken(help: &str, width: usize) -> Vec<String> {
    if is_command(help) {
        return vec![help.to_owned()];
    }
    let lines = wrap(help, width);
    match help.rsplit_once(": ").filter(|(_, after)| lines.len() > 1 && is_command(after) && !after.contains("; ")) {
        Some((text, command)) => {
            let mut lines = wrap(&format!("{text}:"), width);
            lines.push(command.to_owned());
            lines
        }
        None => lines,
    }
}

/// The steps of an advice: of each the text, and the command where there is one.
pub(super) fn steps(help: &str) -> Vec<(&str, Option<&str>)> {
    if let Some((first, then)) = help.split_once("; then ").filter(|(first, _)| command(first).is_some()) {
        return [steps(first), steps(then)].concat();
    }
    match command(help) {
        Some(command) => {
            let text = help.strip_suffix(command).unwrap_or_default();
            vec![(text.strip_suffix(": ").unwrap_or(text), Some(command))]
        }
        None => vec![(help, None)],
    }
}

/// The command at the end of an advice, where there is one.
pub(super) fn command(help: &str) -> Option<&str> {
    let command = help.rsplit_once(": ").map_or(help, |(_, after)| after);
    (is_command(command) && !command.contains("; ")).then_some(command)
}

/// Whether an advice is a command to copy.
fn is_command(help: &str) -> bool {
    const PROGRAMS: [&str; 18] = [
        "cd",
        "chmod",
        "chown",
        "docker",
        "echo",
        "envward",
        "git",
        "history",
        "journalctl",
        "lefthook",
        "ls",
        "npx",
        "pre-commit",
        "rm",
        "sed",
        "setfacl",
        "shred",
        "truncate",
    ];
    PROGRAMS.iter().any(|program| help.strip_prefix(program).is_some_and(|rest| rest.starts_with(' ')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_never_broken() {
        assert_eq!(lines("chmod 600 a/very/long/path/.env", 20), ["-> chmod 600 a/very/long/path/.env"]);
        let help = "replace it now: envward rotation rotate KEY .env";
        assert_eq!(lines(help, 60), ["-> replace it now: envward rotation rotate KEY .env"]);
        assert_eq!(lines(help, 40), ["-> replace it now:", "   envward rotation rotate KEY .env"]);
        let two = "replace it now: envward rotation rotate KEY .env; then empty it: truncate -s 0 a.log";
        let both = ["-> replace it now: envward rotation rotate KEY .env", "-> then empty it: truncate -s 0 a.log"];
        assert_eq!(lines(two, 60), both);
        assert_eq!(lines("give each key a value", 17), ["-> give each key", "   a value"]);
        assert_eq!(command(help), Some("envward rotation rotate KEY .env"));
        assert_eq!(command("put in another"), None);
        let (rotate, empty) = ("envward rotation rotate KEY .env", "truncate -s 0 a.log");
        assert_eq!(steps(two), [("replace it now", Some(rotate)), ("empty it", Some(empty))]);
        assert_eq!(steps("rm x"), [("", Some("rm x"))]);
        assert_eq!(steps("put in another"), [("put in another", None)]);
    }
}
