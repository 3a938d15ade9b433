//! docs/limits.md: the limits that the source has, in words; and that none has another number than the page says.

use crate::common::golden::assert_fresh;
use crate::common::own_file;

/// How a number is shown.
#[derive(Clone, Copy)]
enum Unit {
    Bytes,
    Kibibytes,
    Count,
    Seconds,
}

/// What a limit is of, the constants that it is (file below `src`, name, unit), and what happens beyond it.
type Row = (&'static str, &'static [(&'static str, &'static str, Unit)], &'static str);

/// The heading of a part, and its rows.
type Part = (&'static str, &'static [Row]);

use Unit::{Bytes, Count, Kibibytes, Seconds};

const PROBLEM: &str = "a problem (`too-large`), exit status 2";
const GIT_PROBLEM: &str = "a problem (`oversized-git-file`), exit status 2";
const CORRUPT: &str = "a problem about the object, exit status 2";
const COMPOSE: &str = "a problem (`broken-compose-file`), exit status 2";
const REFUSED: &str = "an error, exit status 2";

const PARTS: &[Part] = &[
    (
        "Files of the project",
        &[
            (
                "an env file, a compose file, a Dockerfile, an ignore file, envward.toml",
                &[("files/inspect.rs", "READ_LIMIT", Bytes)],
                PROBLEM,
            ),
            ("keys of one env file", &[("project/file_role.rs", "MOST", Count)], PROBLEM),
            (
                "a value that expressions make of other values; what they add to one file",
                &[("env/expand.rs", "MAX_LENGTH", Bytes), ("env/value.rs", "MAX_ADDED", Bytes)],
                "the value counts as one that cannot be known",
            ),
            (
                "expressions in one another",
                &[("env/expand.rs", "MAX_DEPTH", Count)],
                "the value counts as one that cannot be known",
            ),
            (
                "levels and nodes of a compose file; an alias counts with everything that it repeats",
                &[("docker/compose/yaml.rs", "MAX_DEPTH", Count), ("docker/compose/yaml.rs", "MAX_NODES", Count)],
                COMPOSE,
            ),
            (
                "compose files of one stack, and `include` and `extends` in one another",
                &[("docker/compose/load.rs", "MAX_FILES", Count), ("docker/compose/load.rs", "MAX_DEPTH", Count)],
                COMPOSE,
            ),
            ("services of one stack", &[("docker/compose/load.rs", "MAX_SERVICES", Count)], COMPOSE),
            (
                "what interpolation adds to a compose file",
                &[("docker/compose/interpolate.rs", "MAX_ADDED", Bytes)],
                COMPOSE,
            ),
            (
                "instructions and stages of a Dockerfile",
                &[("docker/dockerfile/mod.rs", "MOST", Count), ("docker/dockerfile/mod.rs", "MOST_STAGES", Count)],
                "a problem (`broken-dockerfile`), exit status 2",
            ),
            (
                "levels of the settings of a coding agent",
                &[("agents/settings.rs", "DEEPEST", Count)],
                "the settings count as not read",
            ),
        ],
    ),
    (
        "git repositories",
        &[
            ("a ref, `HEAD`, a `.git` file", &[("git/read.rs", "REF", Bytes)], GIT_PROBLEM),
            ("a git configuration file", &[("git/read.rs", "CONFIG", Bytes)], GIT_PROBLEM),
            (
                "levels of included configuration, and files in all",
                &[("git/config/mod.rs", "DEEPEST", Count), ("git/config/mod.rs", "MOST", Count)],
                "a problem (`unreadable-git-config`), exit status 2",
            ),
            (
                "`shallow`, `info/exclude`, a `.gitignore`, `objects/info/alternates`",
                &[("git/read.rs", "LIST", Bytes)],
                GIT_PROBLEM,
            ),
            (
                "levels of alternates, and directories in all",
                &[("git/odb/directories.rs", "DEPTH", Count), ("git/odb/directories.rs", "MOST", Count)],
                "a problem, exit status 2",
            ),
            ("`packed-refs`, one reflog, one reftable", &[("git/read.rs", "REFS", Bytes)], GIT_PROBLEM),
            ("the index", &[("git/read.rs", "INDEX", Bytes)], GIT_PROBLEM),
            ("a commit, a tree or a tag", &[("git/sweep/mod.rs", "LIMIT", Bytes)], CORRUPT),
            ("file content that is searched", &[("git/sweep/mod.rs", "BLOB_LIMIT", Bytes)], CORRUPT),
            (
                "deltas of one object, and what they produce on the way",
                &[("git/odb/reader.rs", "LONGEST_CHAIN", Count), ("git/odb/reader.rs", "MOST_WORK", Bytes)],
                CORRUPT,
            ),
            (
                "symbolic refs that lead to one another",
                &[("git/refs/mod.rs", "HOPS", Count)],
                "a problem (`broken-ref`), exit status 2",
            ),
            (
                "submodules in one another",
                &[("git/repository/submodules.rs", "DEPTH", Count)],
                "those below are not examined",
            ),
            (
                "the text inside a zip or gzip file in a commit, and the members of a zip file",
                &[("secret/search/archive.rs", "MOST", Bytes), ("secret/search/archive.rs", "MEMBERS", Count)],
                "a problem, exit status 2",
            ),
        ],
    ),
    (
        "`envward trace`",
        &[
            (
                "archives in one another",
                &[("trace/searcher.rs", "LEVELS", Count)],
                "a problem (`unreadable-archive`), exit status 2",
            ),
            (
                "what one archive unpacks to: this, or the multiple of its size that follows, whichever is more",
                &[("trace/budget.rs", "BASE", Bytes), ("trace/budget.rs", "RATIO", Count)],
                "a problem (`unreadable-archive`), exit status 2",
            ),
            (
                "the memory of a decoder of xz",
                &[("trace/container/mod.rs", "XZ_KIB", Kibibytes)],
                "a problem (`unreadable-archive`), exit status 2",
            ),
            (
                "a file of the kernel that says no size",
                &[("trace/file.rs", "UNSIZED", Bytes)],
                "the rest is not searched",
            ),
        ],
    ),
    (
        "`envward summary`",
        &[
            (
                "a report, and a text in it",
                &[("summary/input.rs", "REPORT_LIMIT", Bytes), ("summary/input.rs", "TEXT_LIMIT", Bytes)],
                PROBLEM,
            ),
            ("repositories of one report", &[("summary/read.rs", "MOST_REPOSITORIES", Count)], PROBLEM),
            (
                "repositories that are kept by name",
                &[("summary/mod.rs", "MOST_LINES", Count)],
                "the most severe are kept, and the others are counted",
            ),
        ],
    ),
    (
        "Commands and what they wait for",
        &[
            (
                "one generated value, in characters; values of one run",
                &[("secret/generate/mod.rs", "LONGEST", Count), ("cmd/generate.rs", "MOST", Count)],
                REFUSED,
            ),
            ("a value on standard input", &[("cmd/rotation/pending.rs", "LONGEST", Bytes)], REFUSED),
            ("a reason or a name, in characters", &[("cmd/rotation/record.rs", "LONGEST_TEXT", Count)], REFUSED),
            ("a stored key hash, in characters", &[("secret/keyhash/phc.rs", "LONGEST", Count)], REFUSED),
            (
                "an answer of git",
                &[("git/git_cli.rs", "DEADLINE", Seconds)],
                "git is ended; a problem (`git-failed`), exit status 2",
            ),
            ("another envward that writes the ledger", &[("ledger/sqlite/mod.rs", "PATIENCE", Seconds)], REFUSED),
        ],
    ),
];

const ABOVE: &str = "# Limits

How much envward reads of each kind of input, how deep it goes, and what happens beyond a limit. Somebody may have made a repository or
a file to take the memory or the time of a machine, so every input has a limit that honest ones do not reach.

For any input of 100 MB a command needs at most 10 seconds of the processor and 1 GiB of memory, or says that it did not examine that
input: `tests/integration/hostile/extremes`. What was not examined is never \"clean\".
One input is slower: thousands of files that no tree contains, look like env files, and are stored as one chain of deltas
([known limits](../SECURITY.md#known-limits)).
";

const BELOW: &str = "
## What the system has too little of

With too few file descriptors, no free space, a quota, a read-only disk, no locks, no further threads or a closed output, a command
ends with exit status 2 and says why. Each file is then the old one or the new one, and the same command can be run again:
`tests/integration/faults`.

With too little **memory**, the system ends envward by a signal (SIGABRT; a shell shows 134), because Rust has no other way to handle
that. A git hook that ends like this stops the commit. No file is lost or half written.
";

#[test]
fn the_page_of_limits_is_that_of_the_source() {
    let mut page = ABOVE.to_owned();
    for (heading, rows) in PARTS {
        page += &format!("\n## {heading}\n\n| input | limit | beyond it |\n|---|---|---|\n");
        for (what, limits, beyond) in *rows {
            let limits: Vec<String> = limits.iter().map(|(file, name, unit)| shown(file, name, *unit)).collect();
            page += &format!("| {what} | {} | {beyond} |\n", limits.join("; "));
        }
    }
    assert_fresh("docs/limits.md", &(page + BELOW));
}

/// The value of a constant, in words.
fn shown(file: &str, name: &str, unit: Unit) -> String {
    let value = constant(file, name);
    match unit {
        Bytes => in_bytes(value),
        Kibibytes => in_bytes(value << 10),
        Count => grouped(value),
        Seconds => format!("{value} s"),
    }
}

fn in_bytes(value: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let whole = units.into_iter().find(|(shift, _)| value >= 1 << shift && value % (1 << shift) == 0);
    whole.map_or_else(|| format!("{} bytes", grouped(value)), |(shift, unit)| format!("{} {unit}", value >> shift))
}

fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}

/// A constant of the source: a number, a shifted one, a product, or a number of seconds.
fn constant(file: &str, name: &str) -> u64 {
    let text = own_file(&format!("src/{file}"));
    let is_it = |line: &&str| line.contains(&format!("const {name}:"));
    let line = text.lines().find(is_it).unwrap_or_else(|| panic!("src/{file} has no constant {name}"));
    let (_, value) = line.split_once(" = ").unwrap();
    let value = value.trim_end_matches(';').trim_start_matches("Duration::from_secs(").trim_end_matches(')');
    let number = |text: &str| {
        text.trim().replace('_', "").parse::<u64>().unwrap_or_else(|_| panic!("src/{file}: {name} is {value}"))
    };
    match (value.split_once("<<"), value.split_once('*')) {
        (Some((number_, shift)), _) => number(number_) << number(shift),
        (None, Some((one, other))) => number(one) * number(other),
        (None, None) => number(value),
    }
}
