//! Env files.

use super::*;

#[test]
fn in_env_files() {
    run(&[
        in_env("value", |marker| format!("DB_PASSWORD={marker}\n")),
        in_env("quoted value", |marker| format!("A='{marker}'\nB=\"{marker}\"\nexport C={marker}\n")),
        in_env("duplicate key", |marker| format!("A={marker}\nA=x\nA={marker}\n")),
        in_env("inside a URL", |marker| format!("DATABASE_URL=postgres://app:{marker}@db:5432/app\n")),
        in_env("bare line", |marker| format!("{marker}\nA=x\n")),
        in_env("key", |marker| format!("{marker}=x\n{marker}={marker}\n")),
        in_env("comment", |marker| format!("# {marker}\nA=x # {marker}\n")),
        in_env("inline ignore", |marker| {
            format!("# envward: ignore[weak-secret] {marker}\n# envward: ignore[{marker}] why\nA={marker}\n")
        }),
        in_env("expiry dates", |marker| {
            let sas = marker.repeat(40);
            // `{"alg":"HS256"}` and `{"exp":1500000000}`.
            let token = format!("eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE1MDAwMDAwMDB9.{marker}{}", "x".repeat(22));
            format!(
                "# envward: expires {marker}\nA={marker}\n# envward: expires 2020-01-01\n{marker}={marker}\n# envward: expires \
                 2020-01-01\nB={marker}\nC={token}\nD=https://a.example/?sv=1&se=2020-01-01&sig={sas}\nD_CERT_FILE=./{marker}\n"
            )
        }),
        case("certificate", |sandbox, marker| {
            let broken = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", "MIIB".repeat(60));
            sandbox.file(format!("{marker}/a.pem"), 0o600, broken);
            env(sandbox, &format!("TLS_CERT_FILE={marker}/a.pem\nA={marker}\n"));
        }),
        case("PEM body", |sandbox, marker| {
            let label = "PRIVATE KEY-----";
            env(sandbox, &format!("KEY=-----BEGIN {label}\n{marker}\n{marker}=\n-----END {label}\nA=x\n"));
        }),
        in_env("behind an open quote", |marker| format!("A=\"{marker}\n{marker}=x\nB={marker}\n")),
        in_env("executed and expanded", |marker| {
            format!("A=$(echo {marker})\nB=`{marker}`\nC=${{{marker}}}\nD=${{X:-{marker}}}\nE=${marker}\n")
        }),
        case("bytes that are no text", |sandbox, marker| {
            let text = [
                b"\xef\xbb\xbfA=\xff",
                marker.as_bytes(),
                b"\0",
                marker.as_bytes(),
                b"\r\nB=\x1b]0;",
                marker.as_bytes(),
            ];
            env(sandbox, &text.concat());
        }),
        case("UTF-16", |sandbox, marker| {
            let text: Vec<u8> = format!("\u{feff}A={marker}\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
            env(sandbox, &text);
        }),
        case("template", |sandbox, marker| {
            sandbox.file(".env.example", 0o644, format!("DB_PASSWORD={marker}\n# {marker}\n{marker}\n"));
            env(sandbox, &format!("DB_PASSWORD={marker}\nOTHER={marker}\n"));
        }),
        case("copies", |sandbox, marker| {
            for name in [".env.bak", ".env~", ".envrc", "prod.env", ".env.production", ".env.test"] {
                sandbox.file(name, 0o644, format!("DB_PASSWORD={marker}\n"));
            }
            env(sandbox, &format!("DB_PASSWORD={marker}\n"));
        }),
    ]);
}

#[test]
fn in_examples() {
    run(&[
        in_example("value", |marker| format!("DB_PASSWORD={marker}\nJWT_SECRET=\n")),
        in_example("kept value", |marker| format!("# envward: keep\nDB_PASSWORD={marker}\nJWT_SECRET=\n")),
        in_example("value that is replaced", |marker| format!("# envward: hex 64\nDB_PASSWORD={marker}\nHOST=\n")),
        in_example("inside a URL", |marker| {
            format!("# envward: keep\nDATABASE_URL=postgres://app:{marker}@db:5432/{marker}\nREDIS_PASSWORD=\n")
        }),
        in_example("key", |marker| format!("{marker}=\n{marker}x=changeme\n")),
        in_example("key twice", |marker| format!("{marker}=\n{marker}=\n")),
        in_example("annotations", |marker| format!("# envward: {marker} 64\nA_SECRET=\n")),
        in_example("annotation of another key", |marker| {
            format!("# envward: same {marker}\nA_SECRET=\n# envward: same {marker}\n\n{marker}=\n")
        }),
        in_example("a key that is taken over", |marker| format!("{marker}=\n# envward: same {marker}\nA_SECRET=\n")),
        in_example("references", |marker| {
            format!("DB_PASSWORD=\n# envward: expand\nA=${{DB_PASSWORD}}{marker}\n# envward: expand\nB=${{{marker}}}\n")
        }),
        in_example("comments and a bare line", |marker| format!("# {marker}\nA_SECRET=\n{marker}\n")),
        in_example("open quote", |marker| format!("A_SECRET=\nB=\"{marker}\n")),
        in_example("ciphertext", |marker| format!("A_SECRET=encrypted:{marker}\n")),
        case("its name and its directory", |sandbox, marker| {
            sandbox.file(format!("{marker}/.env.{marker}.example"), 0o644, "JWT_SECRET=\n");
            env(sandbox, &format!("DB_PASSWORD={marker}\n"));
        }),
        case("an env file beside it", |sandbox, marker| {
            sandbox.file(".env.example", 0o644, "JWT_SECRET=\nDB_PASSWORD=\n");
            env(sandbox, &format!("JWT_SECRET=\nDB_PASSWORD={marker}\n{marker}=\n"));
        }),
    ]);
}

#[test]
fn in_staged_files_and_commits() {
    run(&[
        in_staged("plain", "notes.txt", |marker| format!("one\n{marker}\n").into()),
        in_staged("base64", "notes.txt", |marker| encode::base64(format!("a:{marker}").as_bytes()).into()),
        in_staged("hex", "dump", |marker| encode::hex(marker.as_bytes()).into()),
        in_staged("UTF-16", "notes.txt", |marker| encode::utf16(marker, u16::to_le_bytes)),
        in_staged("template", ".env.example", |marker| format!("DB_PASSWORD={marker}\n").into()),
        in_staged("env file", "prod.env", |marker| format!("DB_PASSWORD={marker}\n{marker}\n").into()),
        in_staged("ciphertext that is none", ".env.vault", |marker| format!("X={marker}\n").into()),
        in_staged("configuration", "envward.toml", |marker| format!("# {marker}\n").into()),
        staged_alone("a literal of a compose file", "compose.yaml", |marker| {
            format!(
                "x-{marker}: {{DB_PASSWORD: {marker}}}\nservices:\n  {marker}:\n    environment: [DB_PASSWORD={marker}, {marker}=x]\n    \
                 command: x --password={marker}\n"
            )
        }),
        staged_alone("a literal of a Dockerfile", "Dockerfile", |marker| {
            format!("FROM x AS {marker}\nENV DB_PASSWORD={marker} {marker}=x\nRUN curl --user u:{marker} a.example\n")
        }),
        case("in its name", |sandbox, marker| {
            env(sandbox, &format!("DB_PASSWORD={marker}\n"));
            sandbox.file(format!("{marker}/{marker}.txt"), 0o644, marker);
            sandbox.git(&["add", marker]);
        }),
        case("committed and not pushed", |sandbox, marker| {
            env(sandbox, &format!("DB_PASSWORD={marker}\n"));
            sandbox.file(format!("{marker}.txt"), 0o644, marker);
            sandbox.git(&["add", "."]);
            sandbox.git(&["commit", "--quiet", "--no-verify", "--author", &format!("{marker} <a@b>"), "-m", marker]);
        }),
    ]);
}

/// What a push brings besides files: git gives it to the hook on standard input.
#[test]
fn in_what_is_pushed() {
    let marker = marker();
    let value = marker.value();
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", value]);
    env(&sandbox, &format!("DB_PASSWORD={value}\n"));
    sandbox.file("notes", 0o644, value);
    let blob = sandbox.git(&["hash-object", "-w", ".env"]);
    sandbox.git(&["add", "--force", ".env", "notes"]);
    let tree = sandbox.git(&["write-tree"]);
    sandbox.git(&["tag", "--annotate", "--message", value, value]);
    sandbox.git(&["tag", "--annotate", "--message", value, "file", &blob]);
    let none = "0".repeat(40);
    for id in ["HEAD", value, "file", &blob, &tree].map(|name| sandbox.git(&["rev-parse", name])) {
        for (hook, line) in [
            ("pre-push", format!("refs/heads/{value} {id} refs/heads/{value} {none}\n")),
            ("pre-push", format!("{value}\n")),
            ("pre-receive", format!("{none} {id} refs/tags/{value}\n")),
            ("pre-receive", format!("{none} {value} {id}\n")),
        ] {
            let command = sandbox.command(&["hook", "run", hook, "origin", value]).stdin(&line);
            let (output, leaks) = observe(&marker, &sandbox, command);
            assert_eq!(leaks, [""; 0], "{hook} {}", line.replace(value, "MARKER"));
            assert!((1..=2).contains(&output.code) && !output.stdout.is_empty(), "{hook} {output:?}");
        }
    }
}

/// A value in use in a file of the index.
fn in_staged(name: &'static str, path: &'static str, content: impl Fn(&str) -> Vec<u8> + 'static) -> Case {
    case(name, move |sandbox, marker| {
        env(sandbox, &format!("DB_PASSWORD={marker}\n"));
        sandbox.file(path, 0o644, content(marker));
        sandbox.git(&["add", "--force", path]);
    })
}

/// A value in a file of the index, below a directory of its name, and in no env file.
fn staged_alone(name: &'static str, file: &'static str, content: impl Fn(&str) -> String + 'static) -> Case {
    case(name, move |sandbox, marker| {
        sandbox.file(format!("{marker}/{file}"), 0o644, content(marker));
        sandbox.git(&["add", "."]);
    })
}
