//! `envward init`: from examples to filled env files.
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use crate::common::leak::hex;
use crate::common::{Sandbox, skip_without_root};
use sha2::{Digest as _, Sha256};

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.path(path)).unwrap()
}

fn mode(sandbox: &Sandbox, path: &str) -> u32 {
    fs::metadata(sandbox.path(path)).unwrap().permissions().mode() & 0o7777
}

fn value(sandbox: &Sandbox, path: &str, key: &str) -> String {
    let text = read(sandbox, path);
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{key}=")));
    line.unwrap_or_else(|| panic!("{path} has no {key}")).to_owned()
}

/// Every file below a directory: its mode, times and content's hash.
fn state(dir: &Path) -> BTreeMap<String, (u32, i64, i64, String)> {
    let mut state = BTreeMap::new();
    for entry in walkdir::WalkDir::new(dir).sort_by_file_name() {
        let entry = entry.unwrap();
        let meta = entry.metadata().unwrap();
        if entry.file_type().is_file() {
            let hash = hex(&Sha256::digest(fs::read(entry.path()).unwrap()));
            let path = entry.path().display().to_string();
            state.insert(path, (meta.permissions().mode(), meta.mtime(), meta.mtime_nsec(), hash));
        }
    }
    state
}

/// What no output may hold: every value of the env files made.
fn assert_unseen(sandbox: &Sandbox, screen: &str, files: &[&str]) {
    for file in files {
        for line in read(sandbox, file).lines().filter(|line| !line.starts_with('#')) {
            let value = line.split_once('=').map_or("", |(_, value)| value);
            assert!(value.len() < 20 || !screen.contains(value), "{file}: {screen}");
        }
    }
}

#[test]
fn every_example_becomes_an_env_file() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file("Dockerfile", 0o644, "FROM scratch\nCOPY . .\n");
    sandbox.file(".env.example", 0o644, "# app\nNODE_ENV=production\nPOSTGRES_PASSWORD=changeme\nJWT_SECRET=\nHOST=\n");
    sandbox.file("backend/.env.sample", 0o644, "JWT_SECRET=\nDATABASE_URL=postgres://app:changeme@db/app\n");
    let output = sandbox.envward(&["init"]).code(0);
    assert_unseen(&sandbox, &output.stdout, &[".env", "backend/.env"]);
    for said in [
        ".env: made from .env.example, mode 0600",
        "backend/.env: made from backend/.env.sample, mode 0600",
        "POSTGRES_PASSWORD  database password, 381 bits",
        "JWT_SECRET         JWT secret, 512 bits",
        "DATABASE_URL  the password of POSTGRES_PASSWORD",
        "empty, and no secret\n    HOST",
        ".gitignore: new line /.env\n",
        ".gitignore: new line /backend/.env\n",
        ".dockerignore: new line backend/.env\n",
        "keeps its old password",
        "next: envward check",
    ] {
        assert!(output.stdout.contains(said), "{said:?} is not in:\n{}", output.stdout);
    }
    assert_eq!((mode(&sandbox, ".env"), mode(&sandbox, "backend/.env")), (0o600, 0o600));
    assert_eq!(value(&sandbox, ".env", "JWT_SECRET"), value(&sandbox, "backend/.env", "JWT_SECRET"));
    let password = value(&sandbox, ".env", "POSTGRES_PASSWORD");
    assert_eq!(value(&sandbox, "backend/.env", "DATABASE_URL"), format!("postgres://app:{password}@db/app"));
    sandbox.git(&["add", "--all"]);
    assert_eq!(sandbox.git(&["ls-files"]), ".dockerignore\n.env.example\n.gitignore\nDockerfile\nbackend/.env.sample");
    drop(sandbox.envward(&["check"]).code(0));
}

/// A URL is as old as the password that was made for it, and no younger than one that was there.
#[test]
fn the_age_of_every_value_that_is_made_is_known() {
    let sandbox = Sandbox::new();
    let example = "DB_PASSWORD=\nDATABASE_URL=postgres://app:changeme@db/app\nREDIS_PASSWORD=\n\
                   # envward: expand\nREDIS_URL=redis://:${REDIS_PASSWORD}@redis/0\nAMQP_URL=amqp://app:changeme@mq/\n";
    sandbox.file(".env.example", 0o644, example);
    let old = crate::common::fill::fill("POSTGRES_PASSWORD={password}\n");
    sandbox.file("old/.env", 0o600, &old);
    sandbox.file("old/.env.example", 0o644, "POSTGRES_PASSWORD=\nPOSTGRES_URL=postgres://old:changeme@db/old\n");
    drop(sandbox.envward(&["init", "--update"]).code(0));
    let status = sandbox.envward(&["rotation", "status", "--format=json"]).json();
    let secrets = status["secrets"].as_array().unwrap().iter();
    let known = secrets.filter(|one| one["age_basis"] == "rotated" && one["reason"].as_str().unwrap().contains("init"));
    let known: Vec<String> =
        known.map(|one| format!("{} {}", one["file"].as_str().unwrap(), one["key"].as_str().unwrap())).collect();
    let made =
        ["AMQP_URL", "DATABASE_URL", "DB_PASSWORD", "REDIS_PASSWORD", "REDIS_URL"].map(|key| format!(".env {key}"));
    assert_eq!(known, made, "{status:#}");
}

/// Each looks which lines are missing before any of them writes one.
#[test]
fn several_runs_at_once_write_a_line_once() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file("Dockerfile", 0o644, "FROM scratch\nCOPY . .\n");
    for dir in ["a", "b", "c", "d", "e", "f"] {
        sandbox.file(format!("{dir}/.env.example"), 0o644, "JWT_SECRET=\n");
    }
    let start = || {
        let mut command = sandbox.command(&["init"]).into_command();
        command.stdout(std::process::Stdio::null()).spawn().unwrap()
    };
    let runs: Vec<_> = (0..8).map(|_| start()).collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    for file in [".gitignore", ".dockerignore"] {
        let text = read(&sandbox, file);
        let lines: std::collections::BTreeSet<&str> = text.lines().collect();
        assert_eq!((lines.len(), text.lines().count()), (6, 6), "{file}: {text}");
    }
}

#[test]
fn a_second_run_changes_nothing_and_says_so() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".env.example", 0o644, "JWT_SECRET=\nHOST=\n");
    sandbox.file("backend/.env.example", 0o644, "DB_PASSWORD=\n");
    drop(sandbox.envward(&["init"]).code(0));
    let before = state(&sandbox.path(""));
    let output = sandbox.envward(&["init"]).code(0);
    assert!(output.stdout.contains("nothing was changed: nothing is left to fill in"), "{}", output.stdout);
    assert!(output.stdout.contains(".env: nothing to do\n  kept\n    JWT_SECRET\n"), "{}", output.stdout);
    assert_eq!(state(&sandbox.path("")), before);
}

#[test]
fn a_dry_run_writes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".env.example", 0o644, "JWT_SECRET=\nHOST=\n");
    sandbox.file("old/.env.example", 0o644, "JWT_SECRET=\n");
    sandbox.file("old/.env", 0o644, "JWT_SECRET=\n");
    let before = state(&sandbox.path(""));
    let output = sandbox.envward(&["init", "--dry-run"]).code(0);
    for said in
        ["would be made from", "would make\n    JWT_SECRET", "would get the new line /.env", "nothing was written"]
    {
        assert!(output.stdout.contains(said), "{said:?} is not in:\n{}", output.stdout);
    }
    assert_eq!(state(&sandbox.path("")), before);
}

#[test]
fn what_stands_there_is_kept_filled_and_made_private() {
    let sandbox = Sandbox::new();
    let example =
        "# envward: hex 32\nAPI_SIGNING=\nDB_PASSWORD=changeme\nREDIS_PASSWORD=\nNEW_SECRET=\n# a host\nHOST=\n";
    sandbox.file(".env.example", 0o644, example);
    sandbox.file(".env", 0o644, "REDIS_PASSWORD=redis # weak\nDB_PASSWORD=\nAPI_SIGNING=\nMINE=1");
    let output = sandbox.envward(&["init"]).code(0);
    let (made, signing) = (value(&sandbox, ".env", "DB_PASSWORD"), value(&sandbox, ".env", "API_SIGNING"));
    assert_eq!((made.len(), signing.len(), mode(&sandbox, ".env")), (64, 64, 0o600));
    assert_eq!(
        read(&sandbox, ".env"),
        format!("REDIS_PASSWORD=redis # weak\nDB_PASSWORD={made}\nAPI_SIGNING={signing}\nMINE=1")
    );
    for said in [
        ".env: filled, mode 0644 -> 0600",
        "kept, though easily guessed\n    REDIS_PASSWORD",
        "in the example only (--update adds them)\n    NEW_SECRET, HOST",
        "envward generate password --into FILE KEY\n  --replace",
    ] {
        assert!(output.stdout.contains(said), "{said:?} is not in:\n{}", output.stdout);
    }
    let before = read(&sandbox, ".env");
    let output = sandbox.envward(&["init", "--update"]).code(0);
    assert!(output.stdout.contains("added from the example\n    NEW_SECRET, HOST"), "{}", output.stdout);
    let added = value(&sandbox, ".env", "NEW_SECRET");
    assert_eq!(added.len(), 64);
    assert_eq!(read(&sandbox, ".env"), format!("{before}\n\nNEW_SECRET={added}\n\n# a host\nHOST=\n"));
    // Only the mode.
    fs::set_permissions(sandbox.path(".env"), fs::Permissions::from_mode(0o640)).unwrap();
    let output = sandbox.envward(&["init"]).code(0);
    assert!(output.stdout.contains(".env: mode 0640 -> 0600, nothing else to do"), "{}", output.stdout);
    assert_eq!(mode(&sandbox, ".env"), 0o600);
}

#[test]
fn an_environment_picks_its_examples() {
    let examples = [".env.example", ".env.production.example", ".env.test.example", "backend/.env.example"];
    let cases: [(&[&str], &[&str]); 4] = [
        (&[], &[".env", ".env.production", ".env.test", "backend/.env"]),
        (&["--environment", "production"], &[".env.production", "backend/.env"]),
        (&["--environment", "development"], &[".env", "backend/.env"]),
        (&["backend"], &["backend/.env"]),
    ];
    for (args, expected) in cases {
        let sandbox = Sandbox::new();
        for example in examples {
            sandbox.file(example, 0o644, "JWT_SECRET=\n");
        }
        drop(sandbox.envward(&[&["init"], args].concat()).code(0));
        let made = [".env", ".env.production", ".env.test", "backend/.env"].into_iter();
        let made: Vec<&str> = made.filter(|file| sandbox.path(file).exists()).collect();
        assert_eq!(made, expected, "{args:?}");
        let values: Vec<String> = made.iter().map(|file| value(&sandbox, file, "JWT_SECRET")).collect();
        let distinct: std::collections::BTreeSet<&String> = values.iter().collect();
        // Production, test and the rest never share one; two files of the same do.
        assert_eq!(distinct.len(), if args.is_empty() { 3 } else { 1 }, "{args:?}");
    }
}

#[test]
fn no_environment_gets_the_secrets_of_another() {
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str], [&'a str; 2], bool);
    let (dev, prod, silent) = ("NODE_ENV=development\n", "NODE_ENV=production\n", "");
    let cases: [Case<'_>; 7] = [
        (
            "a named one beside a plain one in use",
            &[(".env", dev), (".env.production.example", silent)],
            &[],
            [".env", ".env.production"],
            false,
        ),
        (
            "the same, asked for",
            &[(".env", dev), (".env.production.example", silent)],
            &["--environment", "production"],
            [".env", ".env.production"],
            false,
        ),
        (
            "a silent one in use",
            &[(".env", silent), (".env.production.example", silent)],
            &[],
            [".env", ".env.production"],
            false,
        ),
        (
            "a plain one asked for",
            &[(".env", dev), ("b/.env.example", silent)],
            &["b", "--environment", "production"],
            [".env", "b/.env"],
            false,
        ),
        (
            "two plain ones that differ",
            &[(".env.example", dev), ("b/.env.example", prod)],
            &[],
            [".env", "b/.env"],
            false,
        ),
        ("one that says nothing", &[(".env.example", prod), ("b/.env.example", silent)], &[], [".env", "b/.env"], true),
        (
            "one that says nothing, beside one in use",
            &[(".env", prod), ("b/.env.example", silent)],
            &[],
            [".env", "b/.env"],
            true,
        ),
    ];
    for (name, files, args, [one, other], is_shared) in cases {
        let sandbox = Sandbox::new();
        for (path, text) in files {
            let secret = if path.ends_with("example") { "JWT_SECRET=\n" } else { "JWT_SECRET={hex64}\n" };
            sandbox.file(path, 0o600, format!("{text}{}", crate::common::fill::fill(secret)));
        }
        drop(sandbox.envward(&[&["init"], args].concat()).code(0));
        let values = [one, other].map(|path| value(&sandbox, path, "JWT_SECRET"));
        assert_eq!((values[0].len(), values[1].len()), (128, 128), "{name}");
        assert_eq!(values[0] == values[1], is_shared, "{name}");
        drop(sandbox.envward(&["check"]).code(0));
    }
}

#[test]
fn a_template_takes_the_values_of_its_own_environment() {
    for (settings, output, is_shared) in [
        ("NODE_ENV=production", "backend.env", true),
        ("NODE_ENV=development", "backend.env", false),
        ("NODE_ENV=production", ".env.test", false),
        ("HOST=db", "backend.env", true),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, crate::common::fill::fill(&format!("{settings}\nDB_PASSWORD={{password}}\n")));
        drop(sandbox.envward(&["init", "--template", "production", "--output", output]).code(0));
        let values = [".env", output].map(|path| value(&sandbox, path, "DB_PASSWORD"));
        assert_eq!(values[0] == values[1], is_shared, "{settings} {output}");
    }
}

#[test]
fn a_file_that_says_nothing_is_made_beside_two_that_differ() {
    let sandbox = Sandbox::new();
    for (dir, text) in [("a", "NODE_ENV=development\n"), ("b", "NODE_ENV=production\n"), ("c", "")] {
        sandbox.file(format!("{dir}/.env.example"), 0o644, format!("{text}JWT_SECRET=\n"));
    }
    drop(sandbox.envward(&["init"]).code(0));
    let values = ["a", "b", "c"].map(|dir| value(&sandbox, &format!("{dir}/.env"), "JWT_SECRET"));
    assert!(values.iter().all(|value| value.len() == 128) && values[0] != values[1], "all three are made");
    assert!(!values[..2].contains(&values[2]));
}

#[test]
fn one_example_and_its_output() {
    let sandbox = Sandbox::new();
    sandbox.file("config/settings.sample", 0o644, "JWT_SECRET=\n");
    sandbox.mkdir("out", 0o700);
    let output = sandbox.envward(&["init", "config/settings.sample"]).code(2);
    assert!(output.stderr.contains("--output"), "{}", output.stderr);
    drop(sandbox.envward(&["init", "config/settings.sample", "--output", "out/app.env"]).code(0));
    assert_eq!((mode(&sandbox, "out/app.env"), value(&sandbox, "out/app.env", "JWT_SECRET").len()), (0o600, 128));
}

#[test]
fn bad_input_writes_nothing() {
    let real = crate::common::fill::fill("API_SECRET={hex64}\n");
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str], &'a str);
    let cases: [Case<'_>; 14] = [
        ("no example", &[], &[], "no example of an env file"),
        (
            "no example of an environment",
            &[(".env.test.example", "A=\n")],
            &["--environment", "production"],
            "no example",
        ),
        ("an unknown template", &[], &["--template", "nope"], "no template of this name"),
        (
            "a template and a file",
            &[(".env.example", "A=\n")],
            &[".env.example", "--template", "test"],
            "give a directory",
        ),
        (
            "a real secret",
            &[("a/.env.example", "JWT_SECRET=\n"), ("b/.env.example", &real)],
            &[],
            "b/.env.example:1: API_SECRET",
        ),
        (
            "a stray annotation",
            &[(".env.example", "# envward: hex 64\n\nA=\n")],
            &[],
            ".env.example:1: this annotation",
        ),
        (
            "an unknown annotation",
            &[(".env.example", "# envward: hexx 64\nA=\n")],
            &[],
            ".env.example:1: this annotation",
        ),
        ("a key twice", &[(".env.example", "A=\nB=\nA=\n")], &[], ".env.example:3: A stands here a second time"),
        ("a key twice in the file", &[(".env.example", "A=\n"), (".env", "A=1\nA=2\n")], &[], ".env:2: A stands here"),
        ("a broken example", &[(".env.example", "JWT_SECRET=\nB='\n")], &[], ".env.example:2: Docker Compose"),
        ("two examples of one file", &[(".env.example", "A=\n"), (".env.dist", "A=\n")], &[], "would both become .env"),
        (
            "one output for two",
            &[(".env.example", "A=\n"), ("b/.env.dist", "A=\n")],
            &["--output", "x.env"],
            "would both",
        ),
        (
            "an output that is an example",
            &[(".env.example", "A=\n")],
            &["--output", "b.env.example"],
            "it is an example",
        ),
        ("an output without a directory", &[(".env.example", "A=\n")], &["--output", "no/such/.env"], "no such file"),
    ];
    for (name, files, args, message) in cases {
        let sandbox = Sandbox::new();
        sandbox.git(&["init"]);
        for (path, text) in files {
            sandbox.file(path, 0o600, text);
        }
        let before = state(&sandbox.path(""));
        let output = sandbox.envward(&[&["init"], args].concat()).code(2);
        assert!(output.stderr.contains(message) && output.stdout.is_empty(), "{name}: {}", output.stderr);
        assert!(output.stderr.contains("\n  hint: "), "{name}: {}", output.stderr);
        assert!(!output.stderr.contains(real.trim().split_once('=').unwrap().1), "{name}");
        assert_eq!(state(&sandbox.path("")), before, "{name}");
    }
}

#[test]
fn a_directory_or_a_link_in_the_way_stops_all_files() {
    for in_the_way in ["directory", "link", "dangling", "second name", "pipe"] {
        let sandbox = Sandbox::new();
        sandbox.file("a/.env.example", 0o644, "JWT_SECRET=\n");
        sandbox.file("b/.env.example", 0o644, "JWT_SECRET=\n");
        sandbox.file("b/other", 0o600, "JWT_SECRET=\n");
        match in_the_way {
            "directory" => sandbox.mkdir("b/.env", 0o755),
            "link" => sandbox.link("b/.env", "other"),
            "dangling" => sandbox.link("b/.env", "nowhere"),
            "second name" => sandbox.hard_link("b/.env", "b/other"),
            _ => sandbox.fifo("b/.env"),
        }
        let output = sandbox.envward(&["init"]).code(2);
        assert!(output.stderr.contains("b/.env: "), "{in_the_way}: {}", output.stderr);
        assert!(!sandbox.path("a/.env").exists(), "{in_the_way}");
        assert_eq!(read(&sandbox, "b/other"), "JWT_SECRET=\n", "{in_the_way}");
    }
}

#[test]
fn keep_lets_a_real_looking_value_of_an_example_stand() {
    let sandbox = Sandbox::new();
    let text = crate::common::fill::fill("# envward: keep\nANON_SECRET={hex64}\nJWT_SECRET=\n");
    sandbox.file(".env.example", 0o644, &text);
    drop(sandbox.envward(&["init"]).code(0));
    assert_eq!(value(&sandbox, ".env", "ANON_SECRET"), value(&sandbox, ".env.example", "ANON_SECRET"));
}

#[test]
fn the_templates_that_envward_brings() {
    let sandbox = Sandbox::new();
    let list = sandbox.envward(&["init", "--list"]).code(0).stdout;
    let names: Vec<&str> = list.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["development", "test", "production"]);
    for name in names {
        sandbox.mkdir(name, 0o755);
        let output = sandbox.envward(&["init", name, "--template", name]).code(0);
        assert!(output.stdout.starts_with(&format!("{name}/.env: made from {name}.env.example")), "{}", output.stdout);
        assert!(output.stdout.lines().all(|line| line.chars().count() <= 80), "{}", output.stdout);
    }
}

#[test]
fn it_asks_for_what_only_a_person_knows() {
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "SMTP_PASSWORD=\nSMTP_HOST=\nEMPTY=x@your-domain.com\nJWT_SECRET=\n");
    let typed = crate::common::fill::fill("{password}");
    let answers = [
        ("SMTP_PASSWORD (.env), not shown: ", typed.as_str()),
        ("SMTP_HOST (.env): ", "mail.example.com"),
        ("EMPTY (.env): ", ""),
    ];
    let screen = crate::common::terminal::talk(&sandbox, &["init", "--ask", "--color", "never"], &answers);
    assert!(!screen.contains(&typed), "{screen}");
    assert!(screen.contains("SMTP_HOST      as you typed it"), "{screen}");
    assert_eq!(value(&sandbox, ".env", "SMTP_PASSWORD"), typed);
    assert_eq!(value(&sandbox, ".env", "SMTP_HOST"), "mail.example.com");
    assert_eq!(value(&sandbox, ".env", "EMPTY"), "x@your-domain.com");
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "SMTP_PASSWORD=\n");
    let line = format!("setsid --wait '{}' init --ask", env!("CARGO_BIN_EXE_envward"));
    let output = sandbox.shell(&line).run().code(2);
    assert!(output.stderr.contains("no terminal to ask at"), "{}", output.stderr);
    assert!(!sandbox.path(".env").exists());
}

#[test]
fn only_root_gives_files_away() {
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "JWT_SECRET=\n");
    if !nix::unistd::geteuid().is_root() {
        let output = sandbox.envward(&["init", "--owner", "1234:1234"]).code(2);
        assert!(output.stderr.contains("only root"), "{}", output.stderr);
        skip_without_root("a file given to another user");
        return;
    }
    for owner in ["no-such-user-here", "1234", "1234:no-such-group-here"] {
        let output = sandbox.envward(&["init", "--owner", owner]).code(2);
        assert!(output.stderr.contains("no such user or group") && !sandbox.path(".env").exists(), "{}", output.stderr);
    }
    drop(sandbox.envward(&["init", "--owner", "1234:4321"]).code(0));
    let meta = fs::metadata(sandbox.path(".env")).unwrap();
    assert_eq!((meta.uid(), meta.gid(), meta.mode() & 0o777), (1234, 4321, 0o600));
    // Also one that is there and needs nothing else.
    drop(sandbox.envward(&["init", "--owner", "nobody"]).code(0));
    assert_eq!(fs::metadata(sandbox.path(".env")).unwrap().uid(), 65_534);
}

#[test]
fn a_repository_inside_gets_the_line_itself() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.mkdir("inner", 0o755);
    sandbox.git_in("inner", &["init"]);
    sandbox.file("inner/.env.example", 0o644, "JWT_SECRET=\n");
    drop(sandbox.envward(&["init"]).code(0));
    assert_eq!(read(&sandbox, "inner/.gitignore"), "/.env\n");
    assert!(!sandbox.path(".gitignore").exists());
}

#[test]
fn a_tracked_file_and_a_repository_that_cannot_be_asked_are_said() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".env.example", 0o644, "JWT_SECRET=\n");
    sandbox.file(".env", 0o600, "JWT_SECRET=\n");
    sandbox.git(&["add", "--force", ".env"]);
    let output = sandbox.envward(&["init"]).code(0);
    assert!(output.stdout.contains("git rm --cached .env"), "{}", output.stdout);
}

#[test]
fn a_question_names_no_value() {
    let sandbox = Sandbox::new();
    let value = crate::common::fill::fill("{password}");
    sandbox.file(".env", 0o600, format!("DB_PASSWORD={value}\n"));
    sandbox.file(format!("{value}/.env.example"), 0o644, "SMTP_PASSWORD=\n");
    let args = ["init", "--ask", "--color", "never"];
    let screen = crate::common::terminal::talk(&sandbox, &args, &[("SMTP_PASSWORD ([masked]/.env), not shown: ", "")]);
    assert!(!screen.contains(&value), "{screen}");
}

fn is_ignored(signal: rustix::process::Signal) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap().trim();
    u64::from_str_radix(mask, 16).unwrap() >> (signal.as_raw() - 1) & 1 == 1
}

/// Whoever ends the question has a terminal that shows what is typed, and no file.
#[test]
fn a_question_ends_when_it_is_told_to() {
    use rustix::process::Signal;
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT] {
        // Below nohup it is ignored, here and by what is started here.
        if is_ignored(signal) {
            continue;
        }
        let sandbox = Sandbox::new();
        sandbox.file(".env.example", 0o644, "SMTP_PASSWORD=\n");
        let args = ["init", "--ask"];
        let ended = crate::common::terminal::end_at(&sandbox, &args, "SMTP_PASSWORD (.env), not shown: ", signal);
        assert_eq!(ended, (Some(signal.as_raw()), true), "{signal:?}");
        assert!(!sandbox.path(".env").exists());
    }
    // Ctrl-D is an empty answer.
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "SMTP_PASSWORD=\nSMTP_HOST=\n");
    let answers = [("SMTP_PASSWORD (.env), not shown: ", "\u{4}"), ("SMTP_HOST (.env): ", "x")];
    drop(crate::common::terminal::talk(&sandbox, &["init", "--ask", "--color", "never"], &answers));
    assert_eq!(value(&sandbox, ".env", "SMTP_PASSWORD"), "");
}

/// What is lost is told, and not made anew as on the first day: the files, what is lost of them, and what is named.
#[test]
fn what_was_in_use_is_not_made_anew_without_a_word() {
    let cases = [
        (".env.example", "POSTGRES_PASSWORD=\nJWT_SECRET=\n", "POSTGRES_PASSWORD of "),
        ("api/.env.sample", "ENCRYPTION_KEY=\n", "ENCRYPTION_KEY of "),
        ("prod.env.example", "DATABASE_URL=postgres://app:changeme@db/app\n", "DATABASE_URL of "),
    ];
    for (example, text, named) in cases {
        let sandbox = Sandbox::new();
        sandbox.file(example, 0o644, text);
        drop(sandbox.envward(&["init"]).code(0));
        let file = example.trim_end_matches(".example").trim_end_matches(".sample");
        fs::remove_file(sandbox.path(file)).unwrap();
        for args in [&["init"][..], &["init", "--dry-run"], &["init", example]] {
            let refused = sandbox.envward(args).code(2);
            assert!(refused.stderr.contains("other values were in use"), "{}", refused.stderr);
            assert!(refused.stderr.contains(named) && refused.stderr.contains("init --anew"), "{}", refused.stderr);
            assert!(!sandbox.path(file).exists());
        }
        // Also after a look that saw that it is gone.
        drop(sandbox.envward(&["rotation", "status"]));
        drop(sandbox.envward(&["init"]).code(2));
        drop(sandbox.envward(&["init", "--anew"]).code(0));
        assert!(sandbox.path(file).exists());
        drop(sandbox.envward(&["init"]).code(0));
    }
}

#[test]
fn what_nothing_else_keeps_is_made_anew() {
    let sandbox = Sandbox::new();
    sandbox.file(".env.example", 0o644, "JWT_SECRET=\nSESSION_SECRET=\n");
    for _ in 0..2 {
        drop(sandbox.envward(&["init"]).code(0));
        fs::remove_file(sandbox.path(".env")).unwrap();
    }
    // Another file's password is another one; a key that the file has already is not asked about.
    sandbox.file(".env.example", 0o644, "DB_PASSWORD=\n");
    drop(sandbox.envward(&["init"]).code(0));
    sandbox.file("api/.env.example", 0o644, "REDIS_PASSWORD=\n");
    drop(sandbox.envward(&["init"]).code(0));
    // Without a ledger nothing is known.
    fs::remove_dir_all(sandbox.root().join("state")).unwrap();
    fs::remove_file(sandbox.path(".env")).unwrap();
    drop(sandbox.envward(&["init"]).code(0));
}

#[test]
fn a_key_that_was_emptied_is_not_filled_by_generate_without_a_word() {
    let sandbox = Sandbox::new();
    let into = |more: &[&'static str], key: &'static str| {
        sandbox.envward(&[&["generate", "hex", "--bytes", "32", "--into", ".env", key], more].concat())
    };
    sandbox.file(".env", 0o600, "ENCRYPTION_KEY=\nSESSION_SECRET=\n");
    for key in ["ENCRYPTION_KEY", "SESSION_SECRET"] {
        drop(into(&[], key).code(0));
        let filled = into(&[], key).code(2);
        assert!(!filled.stderr.contains("other values"), "{}", filled.stderr);
    }
    sandbox.file(".env", 0o600, "ENCRYPTION_KEY=\nSESSION_SECRET=\n");
    let refused = into(&[], "ENCRYPTION_KEY").code(2);
    assert!(
        refused.stderr.contains("ENCRYPTION_KEY of ") && refused.stderr.contains("--replace"),
        "{}",
        refused.stderr
    );
    assert_eq!(value(&sandbox, ".env", "ENCRYPTION_KEY"), "");
    drop(into(&[], "SESSION_SECRET").code(0));
    drop(into(&["--replace"], "ENCRYPTION_KEY").code(0));
}
