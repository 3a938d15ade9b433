//! One deployment, one secret: what a rotation replaces, what it leaves, and that it changes nothing else.

use std::fs;

use crate::common::Sandbox;
use crate::common::fill::{base62, fill};

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.path(path)).unwrap()
}

fn rotation(sandbox: &Sandbox, args: &[&str], code: i32) -> String {
    sandbox.envward(&[&["rotation"], args].concat()).code(code).stdout
}

/// Rotates and promotes a key of `.env`; what the two said, and the value that waited.
fn replace(sandbox: &Sandbox, key: &str, file: &str) -> (String, String) {
    let mut said = rotation(sandbox, &["rotate", key, file], 0);
    let beside = format!("{file}.{key}.pending");
    let (path, name) = match sandbox.path(&beside).exists() {
        true => (beside.as_str(), key.to_owned()),
        false => (file, format!("{key}_NEXT")),
    };
    let text = read(sandbox, path);
    let new = text
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{name}=")))
        .unwrap_or_else(|| panic!("{path} {name} {text} {said}"))
        .to_owned();
    said += &rotation(sandbox, &["promote", key, file], 0);
    (said, new)
}

/// A weak value: the file, and the file afterwards, where `@` stands for the new value; then the keys that are named.
#[test]
fn a_word_is_replaced_where_it_is_the_same_secret() {
    let cases: [(&str, &str, &str, &[&str]); 5] = [
        (
            "DB_PASSWORD",
            "NODE_ENV=production\nDB_PASSWORD=production\nPGPASSWORD=production\nTIER=production\n",
            "NODE_ENV=production\nDB_PASSWORD=@\nPGPASSWORD=@\nTIER=production\n",
            &["NODE_ENV", "TIER"],
        ),
        (
            "MYSQL_PASSWORD",
            "MYSQL_USER=shop\nMYSQL_PASSWORD=shop\nMYSQL_ROOT_PASSWORD=shop\nA=mysql://shop:shop@db/shop\nB=mysql://root:shop@db/shop\n",
            "MYSQL_USER=shop\nMYSQL_PASSWORD=@\nMYSQL_ROOT_PASSWORD=shop\nA=mysql://shop:@@db/shop\nB=mysql://root:shop@db/shop\n",
            &["MYSQL_USER", "MYSQL_ROOT_PASSWORD", ": B"],
        ),
        (
            "REDIS_PASSWORD",
            "REDIS_HOST=cache\nREDIS_PASSWORD=cache\nREDIS_URL=redis://:cache@cache:6379/0\nDB=postgres://cache:cache@db/cache\n",
            "REDIS_HOST=cache\nREDIS_PASSWORD=@\nREDIS_URL=redis://:@@cache:6379/0\nDB=postgres://cache:cache@db/cache\n",
            &["REDIS_HOST", ": DB"],
        ),
        (
            "DATABASE_URL",
            "DATABASE_URL=postgres://a:admin1@db/x\nREPORTS=postgres://a:admin1@reports/x\nADMIN=admin1\n",
            "DATABASE_URL=postgres://a:@@db/x\nREPORTS=postgres://a:admin1@reports/x\nADMIN=admin1\n",
            &["REPORTS", "ADMIN"],
        ),
        (
            "DB_PASSWORD",
            "DB_USER=app\nDB_PASSWORD=app\nA='Server=db;User Id=app;Password=app;Database=app'\nB='host=db user=other password=app'\n",
            "DB_USER=app\nDB_PASSWORD=@\nA='Server=db;User Id=app;Password=@;Database=app'\nB='host=db user=other password=app'\n",
            &["DB_USER", ": B"],
        ),
    ];
    for (key, before, after, named) in cases {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, before);
        let (said, new) = replace(&sandbox, key, ".env");
        // `@@` is the new value in a URL, before its host.
        let expected = after.replace("=@\n", &format!("={new}\n")).replace(":@@", &format!(":{new}@"));
        assert_eq!(read(&sandbox, ".env"), expected.replace("=@;", &format!("={new};")), "{key}");
        for name in named {
            assert!(said.contains(name), "{name}: {said}");
        }
    }
}

/// What stands around the value is no part of it.
#[test]
fn what_is_around_a_value_stays() {
    for around in [
        "JSON={\"db\":\"{password}\", \"n\":1}\n",
        "LIST='a, {password}, \"c\"'\n",
        "DSN=\"host=db user='it' password={password} application_name=\\\"x\\\"\"\n",
        "URLS=postgres://a:{password}@h1/x,postgres://a:{password}@h2/x # both\n",
        "export  SPACED = \"x {password}\" \n",
        "ENDING=Basic.{password}",
    ] {
        let sandbox = Sandbox::new();
        let before = fill(&format!("# ours\r\nDB_PASSWORD='{{password}}'\n\n{around}"));
        sandbox.file(".env", 0o600, &before);
        let (_, new) = replace(&sandbox, "DB_PASSWORD", ".env");
        assert_eq!(read(&sandbox, ".env"), before.replace(&fill("{password}"), &new), "{around}");
    }
}

/// After any promote every byte outside the replaced values is what it was, in every file, over generated projects.
#[test]
fn every_other_byte_stays() {
    for seed in 0..24_usize {
        let pick = |word: &str, count: usize| usize::from(base62(&format!("{word}{seed}"), 1).as_bytes()[0]) % count;
        let is_weak = pick("weak", 2) == 0;
        let old = if is_weak { ["app", "postgres", "5432"][pick("word", 3)].to_owned() } else { fill("{password}") };
        let line = |number: usize| {
            let key = ["NAME", "PORT", "HOST", "OTHER_URL", "X"][number % 5];
            let value = match pick(&format!("value{number}"), 6) {
                0 => old.clone(),
                1 => format!("\"a {old}, 'b'\""),
                2 => format!("mysql://root:{old}@elsewhere/x"),
                3 => format!("'{old}' # {old}"),
                4 => format!("prefix-{old}-suffix"),
                _ => base62(&format!("{seed}{number}"), 12),
            };
            format!("{key}{number}={value}{}", ["\n", "\r\n", "\n\n# a comment\n"][pick(&format!("end{number}"), 3)])
        };
        let noise = |from: usize| (from..from + 6).map(line).collect::<String>();
        let files = [
            (".env", format!("{}DB_USER=me\nDB_PASSWORD={old}\n{}", noise(0), noise(6))),
            ("api/.env", format!("{}DATABASE_URL=postgres://me:{old}@db/x\n", noise(12))),
            (".env.staging", format!("DB_PASSWORD={old}\n{}", noise(18))),
        ];
        let sandbox = Sandbox::new();
        files.iter().for_each(|(path, text)| sandbox.file(path, 0o600, text));
        let (_, new) = replace(&sandbox, "DB_PASSWORD", ".env");
        for (path, before) in &files {
            let after = read(&sandbox, path);
            assert_eq!(after.replace(&new, &old), *before, "seed {seed}: {path}");
            let count = if *path == ".env.staging" { 0 } else { 1 };
            let found = after.matches(&new).count();
            assert!(
                if is_weak { found == count } else { found >= count && (count > 0 || found == 0) },
                "seed {seed}: {path}"
            );
        }
    }
}

/// Who is rewritten with `.env`'s, by what the files say and by what compose files give to one stack.
#[test]
fn the_files_of_one_deployment() {
    const STACK: &str = "services:\n  api:\n    image: api:1.0.0\n    env_file: [.env, other.env, .env.production]\n";
    let cases = [
        (".env", "", "worker/.env", "NODE_ENV=production\n", None, true),
        (".env", "NODE_ENV=development\n", "worker/.env", "NODE_ENV=production\n", None, false),
        (".env.production", "", "worker/.env", "NODE_ENV=production\n", None, true),
        (".env.production", "", ".env", "", None, false),
        (".env.production", "", ".env", "", Some(STACK), true),
        (".env.production", "", ".env", "NODE_ENV=development\n", Some(STACK), false),
        (".env.production", "", ".env.staging", "", None, false),
        (".env.stg", "", "worker/.env.staging", "", None, true),
        (".env.preview", "", ".env.staging", "", None, false),
    ];
    for (own, says, other, also, stack, together) in cases {
        let sandbox = Sandbox::new();
        sandbox.file(own, 0o600, fill(&format!("{says}DB_PASSWORD={{password}}\n")));
        sandbox.file(other, 0o600, fill(&format!("{also}DATABASE_URL=postgres://a:{{password}}@db/x\n")));
        if let Some(text) = stack {
            sandbox.file("compose.yaml", 0o644, text);
        }
        let (said, new) = replace(&sandbox, "DB_PASSWORD", own);
        assert!(said.contains(other), "{own} {other}: {said}");
        assert_eq!(read(&sandbox, other).contains(&new), together, "{own} {other}");
        // What the ledger says is retired stands nowhere.
        let confirmed = rotation(
            &sandbox,
            &["promote", "DB_PASSWORD", own, "--confirm", "--unproven", "a test"],
            i32::from(!together),
        );
        assert_eq!(confirmed.contains(other), !together, "{confirmed}");
        let shared = sandbox.envward(&["check", "--format", "json", "--exit-zero"]).code(0).json();
        let ids: Vec<&str> =
            shared["findings"].as_array().unwrap().iter().map(|one| one["check"].as_str().unwrap()).collect();
        assert!(!together || !ids.contains(&"same-secret-across-environments"), "{own} {other}: {ids:?}");
    }
}

/// A file behind `secrets:` is rewritten, and a container goes on reading it: its mode stays.
#[test]
fn a_file_behind_secrets() {
    use std::os::unix::fs::PermissionsExt as _;
    for (ending, mode) in [("", 0o600), ("\n", 0o644), ("\r\n", 0o440)] {
        let sandbox = Sandbox::new();
        sandbox.file("compose.yaml", 0o644, "services:\n  db:\n    image: postgres:15.5\n    environment:\n      POSTGRES_PASSWORD_FILE: /run/secrets/pw\n    secrets: [pw]\n  api:\n    image: api:1.0.0\n    env_file: .env\nsecrets:\n  pw:\n    file: pw.txt\n");
        sandbox.file("pw.txt", mode, fill("{password}") + ending);
        sandbox.file(".env", 0o600, fill("DATABASE_URL=postgres://postgres:{password}@db/x\n"));
        let (said, new) = replace(&sandbox, "DATABASE_URL", ".env");
        assert!(said.contains("pw.txt"), "{said}");
        assert_eq!(read(&sandbox, "pw.txt"), new + ending);
        assert_eq!(fs::metadata(sandbox.path("pw.txt")).unwrap().permissions().mode() & 0o777, mode);
        drop(rotation(&sandbox, &["promote", "DATABASE_URL", ".env", "--confirm", "--unproven", "a test"], 0));
    }
}

/// What stands in a compose file itself is never written, and nothing is confirmed before somebody changed it.
#[test]
fn a_compose_file_is_for_a_person() {
    for service in [
        "environment:\n      POSTGRES_PASSWORD: {password}\n",
        "command: [\"serve\", \"--db\", \"postgres://a:{password}@db/x\"]\n",
        "environment:\n      - PGPASSWORD={password}\n",
    ] {
        let sandbox = Sandbox::new();
        let compose = fill(&format!("services:\n  db:\n    image: postgres:15.5\n    {service}"));
        sandbox.file("compose.yaml", 0o644, &compose);
        sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
        let (said, new) = replace(&sandbox, "DB_PASSWORD", ".env");
        assert!(said.contains("WARNING: compose.yaml line "), "{said}");
        let refused = rotation(&sandbox, &["promote", "DB_PASSWORD", ".env", "--confirm"], 1);
        assert!(refused.contains("compose.yaml"), "{refused}");
        assert_eq!(read(&sandbox, "compose.yaml"), compose);
        sandbox.file("compose.yaml", 0o644, compose.replace(&fill("{password}"), &new));
        drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env", "--confirm", "--unproven", "a test"], 0));
    }
}
