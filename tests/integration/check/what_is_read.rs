//! What is read in an env file, whatever its encoding, its line ends and the names in it; and what is left alone.

use crate::common::Sandbox;
use crate::common::encode::{base64, utf16};
use crate::common::fill::fill;
use serde_json::Value;

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox
}

/// Commits files, and takes them out again.
fn once(sandbox: &Sandbox, path: &str, text: impl AsRef<[u8]>) {
    sandbox.file(path, 0o600, text);
    sandbox.git(&["add", "-f", path]);
    sandbox.git(&["commit", "-qm", "in"]);
    sandbox.git(&["rm", "-qf", path]);
    sandbox.git(&["commit", "-qm", "out"]);
}

fn report(sandbox: &Sandbox, args: &[&str]) -> Value {
    let output = sandbox.envward(&[args, &["--format", "json"]].concat());
    let (text, password) = (output.stdout.clone() + &output.stderr, fill("{password}"));
    assert!(!text.contains(&password), "a value in an output");
    output.json()
}

fn found(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    let line = |one: &Value| {
        let word = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", word("severity"), word("check"), word("path"))
    };
    findings.iter().map(line).collect()
}

fn problems(report: &Value) -> Vec<String> {
    let problems = report["problems"].as_array().unwrap();
    problems.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

fn wide(text: &str, unit: fn(u32) -> [u8; 4]) -> Vec<u8> {
    text.chars().flat_map(|character| unit(character.into())).collect()
}

const HISTORY: &str = "error env-file-in-history .env";

#[test]
fn encodings_that_are_sure_are_read() {
    let text = fill("NODE_ENV=production\r\nDB_PASSWORD={password}\r\n");
    let marked = "\u{feff}".to_owned() + &text;
    for bytes in [
        utf16(&marked, u16::to_be_bytes),
        utf16(&text, u16::to_le_bytes),
        wide(&marked, u32::to_le_bytes),
        wide(&text, u32::to_be_bytes),
        [b"MODE=live\n".as_slice(), &utf16(&marked, u16::to_le_bytes)].concat(),
        text.replace("\r\n", "\r").into_bytes(),
    ] {
        let sandbox = repository();
        once(&sandbox, ".env", bytes);
        let report = report(&sandbox, &["scan"]);
        assert_eq!((found(&report), problems(&report)), (vec![HISTORY.to_owned()], Vec::new()));
    }
}

#[test]
fn encodings_in_doubt_are_problems_and_stop_a_commit() {
    let one_byte = fill("DB_PASSWORD={password}\n");
    let appended = [utf16(&("\u{feff}A=1\n".to_owned() + &one_byte), u16::to_le_bytes), one_byte.into_bytes()].concat();
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n".to_vec();
    for (bytes, problem) in
        [(appended, "unknown-encoding"), (b"A=1\0\0B=2\n".to_vec(), "unknown-encoding"), (pointer, "lfs-pointer")]
    {
        let sandbox = repository();
        sandbox.file(".env", 0o600, bytes);
        sandbox.git(&["add", "-f", ".env"]);
        for args in [&["scan", "--staged"][..], &["check"], &["scan"]] {
            assert!(problems(&report(&sandbox, args)).contains(&problem.to_owned()), "{args:?} {problem}");
        }
        let _ = sandbox.envward(&["hook", "install"]).code(0);
        assert_ne!(sandbox.git_command("", &["commit", "-qm", "x"]).run().code, 0);
    }
}

#[test]
fn nothing_is_written_into_what_is_read_otherwise() {
    let text = fill("A=1\nDB_PASSWORD={password}\n");
    for (bytes, word) in [
        (utf16(&("\u{feff}".to_owned() + &text), u16::to_be_bytes), "iconv"),
        (wide(&text, u32::to_le_bytes), "iconv"),
        (text.replace('\n', "\r").into_bytes(), "tr"),
        (fill("DB_PASSWORD=\"{password}\"'x'\n").into_bytes(), "one pair of quotes"),
        (fill("DB_PASSWORD='{password}'$B\n").into_bytes(), "one pair of quotes"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, &bytes);
        let output = sandbox.envward(&["generate", "hex", "--into", ".env", "DB_PASSWORD", "--replace"]).code(2);
        assert!(output.stderr.contains(word), "{}", output.stderr);
        assert_eq!(std::fs::read(sandbox.path(".env")).unwrap(), bytes);
    }
}

#[test]
fn ciphertext_is_told_by_its_content() {
    let plain = fill("SMTP_PASSWORD={password}\n");
    for name in [".env.age", ".env.production.asc", "prod.env.encrypted"] {
        let sandbox = repository();
        once(&sandbox, name, &plain);
        assert_eq!(found(&report(&sandbox, &["scan"])), [format!("error env-file-in-history {name}")]);
        sandbox.file(name, 0o600, "age-encryption.org/v1\n-> X25519 abc\n--- def\n\u{1}\u{2}");
        sandbox.git(&["add", "-f", name]);
        assert_eq!(found(&report(&sandbox, &["scan", "--staged"])), [""; 0], "{name}");
    }
    let sealed = fill("JWT_SECRET=encrypted:{token}\nMODE_PLAIN=live\n");
    for (beside, stops) in [("", false), ("PORT=1\n", false), (&*plain, true), (&format!("#{plain}"), true)] {
        let sandbox = repository();
        sandbox.file(".env", 0o600, sealed.clone() + beside);
        sandbox.git(&["add", "-f", ".env"]);
        assert_eq!(!found(&report(&sandbox, &["scan", "--staged"])).is_empty(), stops, "{beside}");
    }
}

#[test]
fn names_and_values_that_are_secrets() {
    for line in [
        "MARIADBPWD={password}",
        "LDAPPASS={token}",
        "GITEA_PAT={token}",
        "DB_HASLO={password}",
        "API_KEY_SUPPLIER={token}",
        "PASSWORD_REDIS={password}",
        "UPSTREAM_AUTH=app:{token}",
        "OTEL_HEADERS=\"Authorization=Bearer {token}\"",
        "MAILER='{\"auth\":{\"user\":\"a\",\"password\":\"{token}\"}}'",
        "PRIMARY=\"dbname=app password={password} user=app\"",
        "BLOB=https://a.blob.core.windows.net/c?sv=2024&se=2030&sig={token}",
        "ANYTHING={password}",
        "#SESSION_SECRET={hex64}",
        "export A=1 TOKEN={token}",
    ] {
        let sandbox = repository();
        once(&sandbox, ".env", fill(line));
        assert_eq!(found(&report(&sandbox, &["scan"])), [HISTORY], "{line}");
    }
}

#[test]
fn what_only_looks_like_one_is_left_alone() {
    let lines = "TRESPASS=no\nTURKEY=bird\nPATTERN=*.txt\nAPI_KEY_HEADER=X-Key\nDB_PASSWORD=$(bw get password db)\n\
                 JWT_SECRET=infisical://prod/jwt\nSMTP_PASSWORD=ssm:/prod/smtp\nAPP_SECRET={cipher}a1b2c3\n\
                 RELEASE_SHA256={hex32}\nNEXT_PUBLIC_KEY={token}\nSIGNER=\"-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\"\n\
                 # DB_PASSWORD=changeme\n# see A=b in the manual\n";
    let sandbox = repository();
    once(&sandbox, ".env", fill(lines));
    assert_eq!(found(&report(&sandbox, &["scan"])), ["note env-file-in-history .env"]);
}

#[test]
fn a_private_key_in_every_notation() {
    let label = ["RSA PRIV", "ATE KEY"].concat();
    let digits: String = fill("{password-a}{password-b}{password-c}{token}");
    let lines: Vec<&str> = digits.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let file = format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"));
    let notations = [
        ("lf.pem", file.clone()),
        ("crlf.pem", file.replace('\n', "\r\n")),
        ("one.txt", file.replace('\n', "\\n")),
        ("blanks.txt", file.replace('\n', " ")),
        ("key.yaml", format!("key: |\n  {}", file.replace('\n', "\n  "))),
        ("key.json", format!("{{\"key\": \"{}\"}}", file.replace('\n', "\\r\\n"))),
        ("base64.txt", base64(file.as_bytes())),
    ];
    for value in [format!("'{}'", file.replace('\n', "\\n")), base64(file.as_bytes()), format!("\"{file}\"")] {
        let sandbox = repository();
        sandbox.file(".gitignore", 0o644, "/.env\n");
        sandbox.file(".env", 0o600, format!("TLS_KEY={value}\n"));
        for (name, text) in &notations {
            sandbox.file(name, 0o644, text);
        }
        sandbox.git(&["add", "."]);
        sandbox.git(&["commit", "-qm", "keys"]);
        let found = found(&report(&sandbox, &["scan"]));
        for (name, _) in &notations {
            assert!(found.contains(&format!("critical live-value-elsewhere {name}")), "{name} {found:?}");
        }
    }
}

#[test]
fn replaced_is_said_only_where_it_is_known() {
    let (old, new) = (fill("DB_PASSWORD={password}\n"), fill("DB_PASSWORD={password2}\n"));
    let of = |environment: &str, text: &str| format!("APP_ENV={environment}\n{text}");
    for (then, now, elsewhere, severity) in [
        ((".env", of("production", &old)), (".env", of("production", &new)), None, "warning"),
        ((".env", old.clone()), (".env", of("production", &new)), None, "warning"),
        ((".env", of("production", &old)), (".env", of("test", &new)), None, "error"),
        ((".env.staging", old.clone()), (".env.local", new.clone()), None, "error"),
        ((".env", old.clone()), (".env", new.clone()), Some("deploy.sh"), "error"),
        ((".env", old.clone()), (".env", new.clone()), Some("docs/setup.md"), "error"),
    ] {
        let sandbox = repository();
        once(&sandbox, then.0, &then.1);
        sandbox.file(".gitignore", 0o644, "/.env*\n");
        sandbox.file(now.0, 0o600, &now.1);
        if let Some(path) = elsewhere {
            sandbox.file(path, 0o644, fill("psql postgres://app:{password}@db/app\n"));
        }
        sandbox.git(&["add", "."]);
        sandbox.git(&["commit", "-qm", "now"]);
        let found = found(&report(&sandbox, &["scan"]));
        assert!(
            found.contains(&format!("{severity} env-file-in-history {}", then.0)),
            "{now:?} {elsewhere:?} {found:?}"
        );
    }
}

#[test]
fn what_its_tool_means_to_be_committed() {
    let harmless = [(".envrc", "layout python\nexport STAGE=dev\n"), (".flaskenv", "FLASK_APP=shop\n")];
    let filled = [(".envrc", "use nix\nexport API_TOKEN={token}\n"), (".flaskenv", "MAIL_PASSWORD={password}\n")];
    for (files, stops) in [(harmless, false), (filled, true)] {
        for (name, text) in files {
            let sandbox = repository();
            sandbox.file(name, 0o644, fill(text));
            sandbox.git(&["add", "-f", name]);
            let report = report(&sandbox, &["scan", "--staged"]);
            assert_eq!(found(&report).contains(&format!("error env-file-staged {name}")), stops, "{name}");
        }
    }
    let sandbox = Sandbox::new();
    sandbox.file(".envrc", 0o600, "dotenv\nexport DB_PASSWORD=$(pass show db)\nPATH_add \"$PWD/bin\"\n");
    assert_eq!(found(&report(&sandbox, &["check"])), [""; 0]);
}

#[test]
fn values_as_shells_print_them() {
    let value = format!("{},{}'é\t$x", &fill("{token}")[..20], &fill("{token2}")[..12]);
    let lines =
        ["printf %q \"$V\"", "declare -p V", "printf %s \"${V@Q}\"", "set | grep ^V=", "LC_ALL=C; printf %q \"$V\""];
    for line in lines {
        let sandbox = repository();
        sandbox.file(".gitignore", 0o644, "/.env\n");
        sandbox.file(".env", 0o600, format!("DB_PASSWORD=\"{}\"\n", value.replace('$', "\\$")));
        let printed = sandbox.shell("bash -c \"$LINE\"").env("LINE", line).env("V", &value).run().code(0).stdout;
        sandbox.file("notes.txt", 0o644, printed);
        sandbox.git(&["add", "."]);
        let found = found(&report(&sandbox, &["check"]));
        assert!(found.iter().any(|one| one.ends_with("live-value-elsewhere notes.txt")), "{line} {found:?}");
    }
}
