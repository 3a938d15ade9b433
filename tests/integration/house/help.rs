//! The help and the manual: every command is in a group, has examples that work, and a page with all sections.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use crate::common::fill::fill;
use crate::common::{Sandbox, skip};
use envward::cli::{self, GROUPS, pages};

/// The words of every command, envward itself as nothing.
fn commands() -> Vec<String> {
    fn below(command: &clap::Command, before: &str, all: &mut Vec<String>) {
        all.push(before.to_owned());
        for one in command.get_subcommands().filter(|one| one.get_name() != "help") {
            below(one, format!("{before} {}", one.get_name()).trim_start(), all);
        }
    }
    let mut all = Vec::new();
    below(&cli::command(), "", &mut all);
    all
}

fn words(command: &str) -> Vec<&str> {
    command.split_whitespace().collect()
}

#[test]
fn every_command_is_in_one_group() {
    let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| *names).copied().collect();
    grouped.sort_unstable();
    let command = cli::command();
    let names: BTreeSet<&str> = command.get_subcommands().map(clap::Command::get_name).chain(["help"]).collect();
    assert_eq!(grouped, names.into_iter().collect::<Vec<_>>());
    let help = Sandbox::new().envward(&["help"]).code(0).stdout;
    for (heading, names) in GROUPS {
        let group = help.split(&format!("\n{heading}:\n")).nth(1).and_then(|rest| rest.split("\n\n").next());
        let group = group.unwrap_or_else(|| panic!("no {heading}: {help}"));
        let starts = group.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
        assert_eq!(starts.filter_map(|line| line.split(' ').next()).collect::<Vec<_>>(), names, "{heading}");
    }
}

/// The short help is one screen, in lines of a common terminal.
#[test]
fn the_short_help_is_one_screen() {
    let sandbox = Sandbox::new();
    for command in commands() {
        let help = sandbox.envward(&[&words(&command)[..], &["-h"]].concat()).code(0).stdout;
        let lines: Vec<&str> = help.lines().collect();
        // clap never breaks the usage.
        let wrapped = lines.iter().filter(|line| !line.starts_with("Usage: "));
        let longest = wrapped.map(|line| line.chars().count()).max().unwrap();
        assert!(lines.len() <= 52, "{command}: {} lines", lines.len());
        assert!(longest <= 80, "{command}: {longest} columns\n{help}");
        assert!(!help.contains("Examples:"), "{command}");
    }
}

/// A person scans the first words of each line: a sentence begins with what happens.
#[test]
fn every_argument_has_a_sentence() {
    fn wrong(command: &clap::Command, all: &mut Vec<String>) {
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            let text = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let is_sentence = text.chars().next().is_some_and(char::is_uppercase) && text.split(' ').count() >= 2;
            if !is_sentence {
                all.push(format!("{} {}: {text:?}", command.get_name(), argument.get_id()));
            }
        }
        command.get_subcommands().filter(|one| one.get_name() != "help").for_each(|one| wrong(one, all));
    }
    let (command, mut all) = (cli::command(), Vec::new());
    wrong(&command, &mut all);
    assert_eq!(all, [""; 0]);
}

/// The examples of a long help.
fn examples(help: &str) -> Vec<String> {
    let Some(rest) = help.split("\nExamples:\n").nth(1) else { return Vec::new() };
    let block = rest.split("\nExit status:").next().unwrap();
    block.lines().filter_map(|line| line.strip_prefix("    ")).map(str::to_owned).collect()
}

/// A project in which every example has something to do.
struct Scene {
    sandbox: Sandbox,
    /// The id of an admin key.
    id: String,
}

impl Scene {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.git(&["init", "-q", "-b", "main"]);
        let template = "DB_USER=app\nDB_PASSWORD=\nSTRIPE_SECRET_KEY=\nSMTP_PASSWORD=\nSESSION_SECRET=\n";
        sandbox.file(".env.example", 0o644, template);
        sandbox.file(".gitignore", 0o644, ".env*\n!.env.example\n");
        let env = "DB_USER=app\nDB_PASSWORD={password}\nSTRIPE_SECRET_KEY={token}\nSMTP_PASSWORD=\nSESSION_SECRET=\n";
        sandbox.file("backend/.env", 0o600, fill("JWT_SECRET={hex64}\n"));
        let compose = "services:\n  api:\n    image: shop:1.4.2\n    env_file: [.env, backend/.env]\n";
        sandbox.file("compose.yaml", 0o644, compose);
        sandbox.file("prod.yaml", 0o644, "services:\n  api:\n    restart: always\n");
        sandbox.git(&["add", ".env.example", "compose.yaml", "prod.yaml"]);
        sandbox.git(&["commit", "-qm", "start"]);
        sandbox.git(&["switch", "-qc", "work"]);
        sandbox.git(&["commit", "-q", "--allow-empty", "-m", "work"]);
        sandbox.file(".env", 0o600, fill(env));
        let inspect = "[{\"Id\":\"c1\",\"Name\":\"/api\",\"State\":{\"Status\":\"running\"},\"Config\":{\"User\":\"1000\",\"Env\":[]},\"HostConfig\":{}}]";
        sandbox.file("inspect.json", 0o644, inspect);
        sandbox.file("api.json", 0o644, "{\"SchemaVersion\":2,\"ArtifactName\":\"shop:1.4.2\",\"Results\":[]}");
        let row = "web1,shop,2099-01-01T00:00:00Z,secret,.env,DB_PASSWORD,current,2020-01-01,2020-04-01,f";
        let header = "host,project,received,kind,file,key,state,soft_due,hard_due,exposed";
        sandbox.file("fleet.csv", 0o644, format!("{header}\n{row}\n"));
        let report = sandbox.envward(&["check", "--no-history", "--format", "json"]).stdout;
        sandbox.file("night/web1.jsonl", 0o600, report);
        sandbox.file("new-key", 0o600, fill("{token2}\n"));
        sandbox.file("url", 0o600, fill("https://chat.example/hooks/{token2}\n"));
        for (name, text) in [
            // The container that `inspect` shows runs with the password that the env file has.
            ("docker", "sed \"s|\\\"Env\\\":\\[\\]|\\\"Env\\\":[\\\"$(grep ^DB_PASSWORD= .env)\\\"]|\" inspect.json"),
            ("journalctl", "cat .env"),
            ("psql", "cat > /dev/null"),
            ("sudo", "exec \"$@\""),
            ("man", "cat > /dev/null"),
        ] {
            let path = sandbox.root().join("bin").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
            std::fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        }
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_envward"), sandbox.root().join("bin/envward")).unwrap();
        for dir in ["home/.zfunc", "home/.config/fish/completions", "usr", "srv/git", "srv/app", "etc"] {
            std::fs::create_dir_all(sandbox.root().join(dir)).unwrap();
        }
        std::fs::write(sandbox.root().join("etc/prod.env"), fill("API_TOKEN={token3}\n")).unwrap();
        std::fs::write(sandbox.root().join("srv/app/.env"), fill("API_TOKEN={token4}\n")).unwrap();
        for dir in ["srv/git", "srv/app"] {
            sandbox.git(&["init", "-q", sandbox.root().join(dir).to_str().unwrap()]);
        }
        let _ = sandbox
            .envward(&["key", "new", "--prefix", "takumi_admin", "--name", "first", "--out", "deploy.key"])
            .code(0);
        let list = sandbox.envward(&["key", "list"]).code(0).stdout;
        let id = list.split(' ').next().unwrap().rsplit('_').next().unwrap().to_owned();
        let hash = sandbox.envward(&["key", "hash", "--key-file", "deploy.key"]).code(0).stdout;
        sandbox.file("deploy.hash", 0o644, hash);
        let password = envward::secret::Secret::new(fill("{password}").into_bytes());
        let stored = envward::rotation::scram::verifier(&password, &[7; 16], 4096).unwrap();
        sandbox.file("roles.txt", 0o600, format!("app|{stored}\n"));
        Self { sandbox, id }
    }

    /// An example's line with the places of this machine in it.
    fn line(&self, example: &str) -> String {
        let root = self.sandbox.root().display().to_string();
        // The rest of this host is nothing to a test.
        let line = example
            .replace("--host --project", "--project")
            .replace(" ID ", &format!(" {} ", self.id))
            .replace("--out deploy.key", "--out other.key");
        let places = [
            ("/etc/app/prod.env", "etc/prod.env"),
            ("/srv/git", "srv/git"),
            ("/srv/app", "srv/app"),
            ("/usr/local/share/man/man1", "usr"),
            ("/root/evidence", "evidence"),
        ];
        let line = places.iter().fold(line, |line, (path, below)| line.replace(path, &format!("{root}/{below}")));
        match line.contains("rotation install") {
            true => format!("{line} --dir {root}/etc"),
            false => line,
        }
    }

    fn run(&self, line: &str) -> crate::common::Output {
        let bin = self.sandbox.root().join("bin");
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        // `git config --global` would put a file in the place of /dev/null, which the sandbox names.
        let global = self.sandbox.root().join("home/.gitconfig");
        let run = self.sandbox.shell("exec bash -o pipefail -c \"$LINE\"").env("LINE", line).env("PATH", &path);
        run.env("GIT_CONFIG_GLOBAL", global.to_str().unwrap()).run()
    }
}

/// Examples that need a person at a terminal: without one they say so.
const AT_A_TERMINAL: [&str; 2] = [
    "envward key new --prefix takumi_admin --name 'ops laptop'",
    "envward incident api --reason 'shell in the container'",
];

/// What an example needs before it.
const FIRST: [(&str, &str); 4] = [
    ("envward rotation promote DB_PASSWORD .env", "envward rotation rotate DB_PASSWORD .env"),
    (
        "envward rotation promote DB_PASSWORD .env --confirm",
        // What a database shows that was told the value in use.
        r#"envward rotation rotate DB_PASSWORD .env --sql | sed -n "s/ALTER ROLE \"\(.*\)\" PASSWORD '\(.*\)';/\1|\2/p" |
            envward rotation verify DB_PASSWORD .env --postgres"#,
    ),
    (
        "envward rotation promote DB_PASSWORD .env --confirm --unproven 'no access'",
        "envward rotation rotate DB_PASSWORD .env && envward rotation promote DB_PASSWORD .env",
    ),
    (
        "envward rotation rollback DB_PASSWORD .env --sql | psql -X",
        "envward rotation rotate DB_PASSWORD .env && envward rotation promote DB_PASSWORD .env",
    ),
];

#[test]
fn every_example_of_the_help_works() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for command in commands().into_iter().filter(|command| !command.is_empty()) {
        let scene = Scene::new();
        let help = scene.sandbox.envward(&[&words(&command)[..], &["--help"]].concat()).code(0).stdout;
        let examples = examples(&help);
        if examples.is_empty() {
            wrong.push(format!("`{command}` has no example"));
        }
        for example in examples {
            count += 1;
            if !example.contains(&format!("envward {command}")) && !words(&command).is_empty() && !is_group(&command) {
                wrong.push(format!("`{example}` is no example of `{command}`"));
            }
            for (_, line) in FIRST.iter().filter(|(line, _)| *line == example && command.starts_with("rotation ")) {
                let _ = scene.run(line).code(0);
            }
            let output = scene.run(&scene.line(&example));
            let is_alone = AT_A_TERMINAL.contains(&example.as_str());
            let is_right = (0..=1).contains(&output.code) || is_alone && output.stderr.contains("terminal");
            if !is_right || output.stderr.contains("envward broke") {
                wrong.push(format!("`{example}` ended with {}:\n{}{}", output.code, output.stdout, output.stderr));
            }
        }
    }
    assert!(count > 60, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn is_group(command: &str) -> bool {
    words(command)
        .iter()
        .try_fold(cli::command(), |above, word| above.find_subcommand(word).cloned())
        .is_some_and(|one| one.has_subcommands())
}

/// An example that the parser refuses is a mistake even where the run would fail for another reason.
#[test]
fn every_example_is_a_command_line() {
    for page in pages::all() {
        for (line, _) in page.examples {
            // clap would break it, and half of it would be copied.
            assert!(line.chars().count() <= 76, "too long for a terminal: {line}");
            let after = line.split("envward ").nth(1).unwrap_or_else(|| panic!("{line}"));
            let end = after.find([')', '|', '<', '>']).unwrap_or(after.len());
            let typed = after[..end].trim_end().trim_end_matches('-').trim_end();
            let typed = if after[..end].trim_end().ends_with(" -") { format!("{typed} -") } else { typed.to_owned() };
            let mut args = vec![OsString::from("envward")];
            let mut quoted = false;
            for part in typed.split('\'') {
                match quoted {
                    true => args.push(part.into()),
                    false => args.extend(part.split_whitespace().map(OsString::from)),
                }
                quoted = !quoted;
            }
            assert!(cli::parse(&args).is_ok(), "{line}: {args:?}");
        }
    }
}

const SECTIONS: [&str; 9] =
    ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "FILES", "ENVIRONMENT", "EXAMPLES", "SEE ALSO"];

#[test]
fn every_command_has_a_manual_page() {
    let sandbox = Sandbox::new();
    let all = commands();
    let listed: BTreeSet<&str> = pages::all().map(|page| page.command).collect();
    assert_eq!(listed, all.iter().map(String::as_str).collect(), "the pages (left) and the commands (right) differ");
    let _ = sandbox.envward(&["man", "--dir", "man"]).code(0);
    for command in &all {
        let name = format!("envward {command}").trim_end().replace(' ', "-");
        let page = sandbox.envward(&[&["man"], &words(command)[..]].concat()).code(0).stdout;
        assert_eq!(page, std::fs::read_to_string(sandbox.path(format!("man/{name}.1"))).unwrap());
        let headings: Vec<String> =
            page.lines().filter_map(|line| line.strip_prefix(".SH ")).map(|name| name.replace('"', "")).collect();
        let wanted: Vec<&str> = headings.iter().map(String::as_str).filter(|name| *name != "SUBCOMMANDS").collect();
        assert_eq!(wanted, SECTIONS, "{name}");
        for line in pages::of(command).unwrap().see.iter().filter(|see| see.starts_with("envward")) {
            let file = line.replace("(1)", ".1");
            assert!(sandbox.path("man").join(&file).exists(), "{name}: there is no {file}");
        }
    }
    assert_eq!(std::fs::read_dir(sandbox.path("man")).unwrap().count(), all.len());
    let wrong = sandbox.envward(&["man", "nonsense"]).code(2);
    assert!(wrong.stderr.contains("there is no such command"), "{}", wrong.stderr);
}

/// The formatters themselves, where they are installed.
#[test]
fn formatters_take_every_page() {
    let sandbox = Sandbox::new();
    let _ = sandbox.envward(&["man", "--dir", "man"]).code(0);
    for line in ["mandoc -T lint -W warning man/*.1", "groff -ww -man -Tutf8 -z man/*.1"] {
        let program = line.split(' ').next().unwrap();
        if sandbox.shell(&format!("command -v {program}")).run().code != 0 {
            skip(&format!("{program} is not installed"));
            continue;
        }
        let said = sandbox.shell(&format!("{line} 2>&1")).run().stdout;
        // clap_mangen breaks lines that end anyway, and a page of a build that can be repeated has no date.
        let known = |line: &&str| line.contains("skipping paragraph macro: br") || line.contains("missing date");
        let said: Vec<&str> = said.lines().filter(|line| !known(line)).collect();
        assert!(said.is_empty(), "{said:#?}");
    }
}
