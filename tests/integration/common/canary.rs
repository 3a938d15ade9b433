//! Runs projects with a planted value through every command. The projects are in `hostile/canary`.

use super::fill::base62;
use super::leak::{Marker, Survey, new_leaks};
use super::{Output, Run, Sandbox, combinations};

/// A project with the marker somewhere, and the commands to run on it.
pub struct Case {
    pub name: &'static str,
    pub setup: Setup,
    pub commands: &'static [&'static [&'static str]],
    /// Whether the commands that report must say that not everything could be examined.
    pub incomplete: bool,
    /// Whether `--print-config` shows it: the configuration in force is what the user asks to see there.
    pub is_setting: bool,
}

pub type Setup = Box<dyn Fn(&Sandbox, &str)>;

pub const FORMATS: [&str; 8] =
    ["text", "json", "sarif", "github", "gitlab-secret-detection", "gitlab-codequality", "junit", "html"];

/// What reports. There are no fewer than formats, so that a case meets each format even where each report is in one alone.
pub const REPORTS: &[&[&str]] = &[
    &["check"],
    &["check", "--no-history"],
    &["scan"],
    &["scan", "--staged"],
    &["scan", "--recursive"],
    &["trace"],
    &["trace", "."],
    &["preflight"],
    &["preflight", "--all"],
];

pub const PRINT_CONFIG: &[&str] = &["check", "--print-config"];

/// So many lines, the first ones, only read.
const READING: usize = 16;

/// What else reads or writes a project; the last ones change it. The commands of a line are alike, and take turns from case to
/// case where not every combination is tried.
pub const OTHERS: &[&[&[&str]]] = &[
    &[PRINT_CONFIG],
    &[&["status"]],
    &[&["doctor"]],
    &[&["check", "--all"], &["check", "--min-severity", "critical"]],
    &[
        &["scan", "--recursive", "--all"],
        &["scan", "--recursive", "--summary"],
        &["scan", "--recursive", "--summary", "--all", "--format", "json"],
        &["scan", "--recursive", "--format", "jsonl", "--jobs", "2"],
        &["scan", "--recursive", "--summary", "--format", "html"],
    ],
    &[
        &["scan", "--recursive", "--new", "--summary"],
        &["scan", "--new"],
        &["scan", "--new", "--format", "html"],
        &["scan", "--new", ".", "--live", ".env", "--format", "jsonl"],
    ],
    &[
        &["summary", ".env"],
        &["summary", ".env", "--format", "html"],
        &["summary", ".env", "compose.yaml", "--format", "json"],
    ],
    &[
        &["summary", "--project"],
        &["summary", "--project", ".", "--format", "html"],
        &["summary", "--project", "--as-of", "2099-01-01"],
    ],
    &[&["scan", "--advice"]],
    &[&["scan", "--live", ".env"], &["scan", "--staged", "--live", ".env"], &["scan", "--live", "nowhere.env"]],
    // What it writes holds the values, and would lie in the work tree: it is refused.
    &[&["scan", "--advice", "--replacements", "replacements"]],
    &[&["trace", "--processes", "--all", "."], &["trace", "--live", ".env", "-"]],
    &[&["check", "--fix", "--dry-run"]],
    &[
        &["preflight", "--format", "checklist"],
        &["preflight", "--format", "markdown"],
        &["preflight", "--format", "checklist", "--all"],
        &["preflight", "--format", "markdown", "--all"],
    ],
    &[
        &["preflight", "--profile", "minimal"],
        &["preflight", "--fix", "--dry-run"],
        &["preflight", "compose.yaml"],
        &["preflight", "-f", "compose.yaml"],
    ],
    &[&["hook", "status"]],
    &[&["hook", "install"]],
    &[&["hook", "run", "pre-commit"], &["hook", "run", "pre-merge-commit"]],
    &[&["hook", "run", "pre-push"]],
    &[&["hook", "run", "post-checkout"]],
    &[&["hook", "uninstall"]],
    &[&["rotation", "status"]],
    &[
        &["rotation", "status", "--format", "json"],
        &["rotation", "status", "--format", "html"],
        &["rotation", "status", "--format", "html", "--as-of", "2099-01-01"],
        &["rotation", "status", "--due", "--within", "3650d"],
        &["rotation", "status", "--as-of", "2099-01-01"],
    ],
    &[
        &["rotation", "record", "A", "--at", "2020-01-01", "--reason", "wiki"],
        &["rotation", "record", "DB_PASSWORD", ".env", "--at", "2020-01-01", "--reason", "wiki"],
        &["rotation", "record", "DB_PASSWORD", ".env", "--expires", "2999-01-01"],
    ],
    &[&["rotation", "status", "--remind", "--outbox"], &["rotation", "status", "--remind"]],
    &[&["rotation", "snooze", "DB_PASSWORD", ".env", "--until", "2030-01-01", "--reason", "wiki"]],
    &[&["preflight", "--inspect", "inspect.json"]],
    &[
        &["incident", "a", "--dry-run"],
        &["incident", "a", "-f", "compose.yaml", "--dry-run"],
        &["incident", "a", "-f", "nowhere.yaml"],
    ],
    &[&["incident", "a"]],
    &[&["incident", "a", "--yes", "--reason", "a shell"]],
    &[&["incident", "--exposed", "--yes"]],
    // One names a file with values in the place of the key.
    &[
        &["rotation", "export", "--format", "prometheus"],
        &["rotation", "export", "--format", "ical"],
        &["rotation", "export", "--format", "prometheus", "--hide-names", "--out", "envward.prom"],
        &["rotation", "export", "--format", "sql"],
        &["rotation", "export", "--format", "sql", "--hide-names", "--host", "web1"],
        &["rotation", "export", "--format", "sql", "--fleet-key", "../fleet.key"],
        &["rotation", "export", "--format", "sql", "--fleet-key", ".env"],
        &["rotation", "export", "--format", "sql", "--schema"],
    ],
    &[
        &["rotation", "status", "--from", ".env"],
        &["rotation", "status", "--from", ".env", "--format", "json"],
        &["rotation", "status", "--from", ".env", "--format", "html"],
    ],
    &[
        &["rotation", "install", "--systemd", "--user", "daemon", "--dry-run"],
        &["rotation", "install", "--systemd", "--fleet", "envward", "--user", "daemon", "--dry-run"],
        &["rotation", "install", "--cron", "--notify", "mail:root", "--user", "daemon", "--dry-run"],
    ],
    &[&["init", "--dry-run"]],
    &[&["generate", "password", "--into", ".env", "NEW_PASSWORD"]],
    &[&["init"]],
    &[&["init", "--update"]],
    &[&["init", "--template", "production", "--output", "made.env"]],
    &[&["check", "--fix"]],
    &[
        &["rotation", "rotate", "DB_PASSWORD", ".env", "--dry-run"],
        &["rotation", "rotate", "DB_PASSWORD", ".env", "--sql", "--role", "app"],
    ],
    // From here on the marker may be nobody's value any more.
    &[&["rotation", "promote", "DB_PASSWORD", ".env"]],
    &[&["generate", "password", "--into", ".env", "DB_PASSWORD", "--replace"]],
];

/// A case for every command.
pub fn case(name: &'static str, setup: impl Fn(&Sandbox, &str) + 'static) -> Case {
    Case { name, setup: Box::new(setup), commands: REPORTS, incomplete: false, is_setting: false }
}

/// A case that the reporting commands cannot examine wholly.
pub fn failure(
    name: &'static str,
    setup: impl Fn(&Sandbox, &str) + 'static,
    commands: &'static [&'static [&'static str]],
) -> Case {
    Case { commands, incomplete: true, ..case(name, setup) }
}

pub fn marker() -> Marker {
    // A letter first, so that it has the shape of a key, too.
    Marker::new(&format!("k{}", base62("canary", 39)))
}

/// Runs the cases and reports every leak, not only the first.
pub fn run(cases: &[Case]) {
    run_with(&marker(), cases);
}

/// The same with a marker of one's own.
pub fn run_with(marker: &Marker, cases: &[Case]) {
    let mut wrong = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let sandbox = Sandbox::new();
        sandbox.git(&["init"]);
        (case.setup)(&sandbox, marker.value());
        sandbox.file("../fleet.key", 0o600, base62("fleet", 64));
        // What stands there after one command stands there before the next.
        let mut there = marker.survey(sandbox.root());
        let expected = case.incomplete.then_some(2);
        for (at, args) in case.commands.iter().enumerate() {
            let args: Vec<String> = args.iter().map(|arg| arg.replace("MARKER", marker.value())).collect();
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let has_format = matches!(args[0], "check" | "scan" | "trace" | "preflight") && !args.contains(&"--format");
            let is_every = combinations::all() || case.commands.len() < FORMATS.len();
            let one = if has_format { (number + at) % FORMATS.len() } else { 0 };
            let formats = if has_format && is_every { &FORMATS[..] } else { &FORMATS[one..=one] };
            for format in formats {
                let in_format = ["--format", format];
                let args = if has_format { [&args[..], &in_format].concat() } else { args.clone() };
                wrong.extend(judge(case, marker, &sandbox, &mut there, &args, expected));
            }
        }
        // Not from 0 on in each test: the last ones would never come.
        let first = number + case.name.len();
        let turn = |line: &'static [&'static [&'static str]]| match combinations::all() {
            true => line,
            false => line.get(first / 3 % line.len()).map(std::slice::from_ref).unwrap_or_default(),
        };
        // Of what only reads, a third is tried with each case.
        let is_left_out = |at: usize| !combinations::all() && at < READING && (at + first) % 3 > 0;
        let others = OTHERS.iter().enumerate().filter(|(at, _)| !is_left_out(*at)).flat_map(|(_, line)| turn(line));
        for args in others.filter(|args| !(case.is_setting && **args == PRINT_CONFIG)) {
            wrong.extend(judge(case, marker, &sandbox, &mut there, args, None));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

fn judge(
    case: &Case,
    marker: &Marker,
    sandbox: &Sandbox,
    there: &mut Survey,
    args: &[&str],
    expected: Option<i32>,
) -> Vec<String> {
    let (output, mut found) = observe_after(there, marker, sandbox, sandbox.command(args));
    found.extend(unexpected(&output, expected));
    // Else a program that does nothing would pass. Annotations alone may be none, and what is written is in a file.
    let is_silent = output.stdout.is_empty() && output.stderr.is_empty();
    found.extend(
        (is_silent && args.contains(&"--format") && !args.contains(&"github") && !args.contains(&"--out"))
            .then(|| "printed nothing".to_owned()),
    );
    let line = args.join(" ").replace(marker.value(), "MARKER");
    found.iter().map(|what| format!("{}: `envward {line}`: {what}", case.name)).collect()
}

/// Runs a command; where the marker is afterwards and should not be.
pub fn observe(marker: &Marker, sandbox: &Sandbox, command: Run<'_>) -> (Output, Vec<String>) {
    observe_after(&mut marker.survey(sandbox.root()), marker, sandbox, command)
}

/// The same where it is known what is there, and then what is there now.
fn observe_after(there: &mut Survey, marker: &Marker, sandbox: &Sandbox, command: Run<'_>) -> (Output, Vec<String>) {
    let output = command.run();
    let after = marker.survey(sandbox.root());
    let mut leaks = Vec::new();
    for (stream, text) in [("standard output", &output.stdout), ("standard error", &output.stderr)] {
        leaks.extend(marker.find(text.as_bytes()).map(|form| format!("{form} in {stream}")));
    }
    let root = sandbox.root().to_str().unwrap();
    let written = new_leaks(there, &after).into_iter().filter(|path| !is_private_env_file(path));
    leaks.extend(written.map(|path| format!("written to {}", path.replace(root, "$SANDBOX"))));
    *there = after;
    (output, leaks)
}

/// Whether a value may be written there: `init` takes what an example holds into the env file.
fn is_private_env_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let mode = std::fs::metadata(path).map_or(0o777, |meta| std::os::unix::fs::MetadataExt::mode(&meta));
    envward::env::names::role(name.as_bytes()) == Some(envward::env::names::Role::Env) && mode & 0o177 == 0
}

/// An exit status other than this one, or than those there are.
pub fn unexpected(output: &Output, expected: Option<i32>) -> Option<String> {
    let is_expected = expected.map_or((0..=2).contains(&output.code), |expected| output.code == expected);
    (!is_expected).then(|| format!("exit status {}", output.code))
}
