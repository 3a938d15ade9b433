//! What a terminal shows: in its width, in colour where that is wanted, and the same for every verb.

use crate::common::Sandbox;
use crate::common::listed::project;
use crate::common::terminal::screen;
use clap::CommandFactory as _;
use envward::checks::Step::{File, Git};
use envward::cli::Cli;

/// The words of every command that has no further ones below it.
fn verbs(command: &clap::Command, before: &[String]) -> Vec<Vec<String>> {
    let below = command.get_subcommands().filter(|one| one.get_name() != "help");
    let below: Vec<Vec<String>> =
        below.flat_map(|one| verbs(one, &[before, &[one.get_name().to_owned()]].concat())).collect();
    if below.is_empty() { vec![before.to_vec()] } else { below }
}

#[test]
fn every_verb_takes_the_flag_before_and_behind_it() {
    let sandbox = Sandbox::new();
    let verbs = verbs(&Cli::command(), &[]);
    assert!(verbs.len() > 20, "{verbs:?}");
    for words in verbs {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        for args in [[&["--color=never"], &words[..], &["--help"]], [&words[..], &["--color", "always"], &["--help"]]] {
            let help = sandbox.envward(&args.concat()).code(0).stdout;
            assert!(help.contains("--color"), "{words:?}: {help}");
        }
    }
}

/// A project with something to say about.
fn faulty() -> Sandbox {
    project(&[
        Git("init"),
        File(
            ".env",
            0o644,
            "DB_PASSWORD={password}\nJWT_SECRET={hex64}\nSESSION_SECRET={hex64}\nSMTP_PASSWORD=changeme\n",
        ),
        File("compose.yaml", 0o644, "services:\n  api:\n    image: shop\n    env_file: .env\n    privileged: true\n"),
        Git("add -f ."),
        Git("commit -m start"),
    ])
}

const SCREENS: [&[&str]; 10] = [
    &["check"],
    &["scan", "--advice"],
    &["preflight"],
    &["preflight", "--format", "checklist"],
    &["rotation", "status"],
    &["rotation", "status", "--due"],
    &["rotation", "rotate", "JWT_SECRET", ".env", "--dry-run"],
    &["incident", "--exposed", "--dry-run"],
    &["explain"],
    &["explain", "env-file-mode"],
];

/// A text without its escape sequences.
fn bare(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, rest)| rest))
}

#[test]
fn lines_are_as_wide_as_the_terminal() {
    let sandbox = faulty();
    for args in SCREENS {
        let lines = |columns| {
            let text = bare(&screen(sandbox.command(args), columns));
            text.lines().map(str::to_owned).collect::<Vec<_>>()
        };
        let longest = |lines: &[String]| {
            // What is copied stays in one piece: a command, the code of an example, a table.
            let is_prose =
                |line: &&String| !line.contains("-> ") && !line.trim_start().starts_with(['$', '`', '{', '"']);
            let prose = lines.iter().filter(is_prose).filter(|line| line.trim().contains(' '));
            prose.map(|line| line.chars().count()).max().unwrap_or(0)
        };
        // The list of the checks is a table.
        let least = if args == ["explain"] { 60 } else { 40 };
        let (narrow, usual, wide) = (lines(least), lines(80), lines(120));
        assert!(longest(&narrow) <= usize::from(least), "{args:?}: {narrow:#?}");
        assert!(longest(&usual) <= 80, "{args:?}: {usual:#?}");
        assert!(longest(&wide) <= 120, "{args:?}: {wide:#?}");
        assert!(narrow.len() > wide.len(), "{args:?}: {wide:#?}");
        // Nobody reads longer lines, and shorter ones hold nothing.
        assert_eq!(lines(300), wide, "{args:?}");
        assert_eq!(lines(10), lines(40), "{args:?}");
        assert_eq!(lines(0), usual, "{args:?}: a terminal that does not know its size");
    }
}

#[test]
fn a_line_agrees_with_the_number_of_its_keys() {
    let write = |text: &'static str| {
        let sandbox = project(&[File(".env", 0o600, text)]);
        sandbox.envward(&["check"]).code(1).stdout.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let one = write("DB_PASSWORD=changeme\n");
    assert!(one.contains("DB_PASSWORD is still a placeholder (line 1) [placeholder-secret]"), "{one}");
    let two = write("SMTP_PASSWORD=changeme\nMAIL_PASSWORD=changeme\n");
    assert!(two.contains("SMTP_PASSWORD and MAIL_PASSWORD are still placeholders [placeholder-secret]"), "{two}");
    assert!(!two.contains('|'), "{two}");
}

/// Each key has its own command.
#[test]
fn a_command_names_its_key() {
    let commands = |text: &'static str| {
        let sandbox = project(&[Git("init"), File(".env", 0o600, text), Git("add -f ."), Git("commit -m start")]);
        let screen = sandbox.envward(&["check"]).code(1).stdout;
        let commands = screen.lines().filter_map(|line| line.split_once("envward rotation rotate "));
        commands.map(|(_, arguments)| arguments.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(commands("DB_PASSWORD={password}\n"), ["DB_PASSWORD .env"]);
    assert_eq!(
        commands("DB_PASSWORD={password}\nAPI_PASSWORD={password2}\n"),
        ["API_PASSWORD .env", "DB_PASSWORD .env"]
    );
}

#[test]
fn colour_is_for_terminals_and_whoever_asks() {
    let sandbox = faulty();
    for args in SCREENS {
        let has_colour = |text: &str| text.contains('\u{1b}');
        let at_terminal = |args: &[&str], name: &str, value: &str| {
            screen(sandbox.command(args).env("TERM", "xterm").env(name, value), 80)
        };
        assert!(has_colour(&at_terminal(args, "NO_COLOR", "")), "{args:?}");
        assert!(!has_colour(&at_terminal(args, "NO_COLOR", "1")), "{args:?}");
        assert!(!has_colour(&at_terminal(args, "TERM", "dumb")), "{args:?}");
        assert!(!has_colour(&at_terminal(&[args, &["--color=never"]].concat(), "TERM", "xterm")), "{args:?}");
        assert!(!has_colour(&sandbox.envward(args).stdout), "{args:?}");
        let forced = sandbox.command(&[&["--color=always"], args].concat()).env("NO_COLOR", "1").run();
        assert!(has_colour(&forced.stdout), "{args:?}");
        assert_eq!(bare(&forced.stdout), sandbox.envward(args).stdout, "the words are the same");
    }
}
