//! Refused.

use super::*;

#[test]
fn bad_input_writes_nothing() {
    let real = crate::common::fill::fill("API_SECRET={hex64}\n");
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str], &'a str);
    let cases: [Case<'_>; 14] = [
        ("no example", &[], &[], "no template for an env file"),
        (
            "no example of an environment",
            &[(".env.test.example", "A=\n")],
            &["--environment", "production"],
            "no template for an env file for production",
        ),
        ("an unknown template", &[], &["--template", "nope"], "no built-in template with this name"),
        (
            "a template and a file",
            &[(".env.example", "A=\n")],
            &[".env.example", "--template", "test"],
            "goes with a directory",
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
            ".env.example:1: this `# envward:` comment",
        ),
        (
            "an unknown annotation",
            &[(".env.example", "# envward: hexx 64\nA=\n")],
            &[],
            ".env.example:1: this `# envward:` comment",
        ),
        ("a key twice", &[(".env.example", "A=\nB=\nA=\n")], &[], ".env.example:3: A is here a second time"),
        ("a key twice in the file", &[(".env.example", "A=\n"), (".env", "A=1\nA=2\n")], &[], ".env:2: A is here"),
        ("a broken example", &[(".env.example", "JWT_SECRET=\nB='\n")], &[], ".env.example:2: Docker Compose"),
        (
            "two examples of one file",
            &[(".env.example", "A=\n"), (".env.dist", "A=\n")],
            &[],
            "are both templates for .env",
        ),
        (
            "one output for two",
            &[(".env.example", "A=\n"), ("b/.env.dist", "A=\n")],
            &["--output", "x.env"],
            "are both templates",
        ),
        (
            "an output that is an example",
            &[(".env.example", "A=\n")],
            &["--output", "b.env.example"],
            "this is a template",
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
    let (list, next) = list.split_once("\n\n").unwrap();
    assert_eq!(next, "to fill .env from one of them: envward init --template NAME\n");
    let names: Vec<&str> = list.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["development", "test", "production"]);
    for name in names {
        sandbox.mkdir(name, 0o755);
        let output = sandbox.envward(&["init", name, "--template", name]).code(0);
        assert!(
            output.stdout.starts_with(&format!("{name}/.env: created from {name}.env.example")),
            "{}",
            output.stdout
        );
        assert!(output.stdout.lines().all(|line| line.chars().count() <= 80), "{}", output.stdout);
    }
}
