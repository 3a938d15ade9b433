//! Environments.

use super::*;

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

/// Both are as real, and neither gets the other's values.
#[test]
fn staging_is_no_part_of_production() {
    let sandbox = Sandbox::new();
    let files = [".env.production", ".env.staging", "backend/.env.staging"];
    files.iter().for_each(|file| sandbox.file(format!("{file}.example"), 0o644, "JWT_SECRET=\n"));
    drop(sandbox.envward(&["init"]).code(0));
    let [production, staging, other] = files.map(|file| value(&sandbox, file, "JWT_SECRET"));
    assert_ne!(production, staging);
    assert_eq!(staging, other);
    // Nor does a file that is made later.
    sandbox.file(".env.preview.example", 0o644, "JWT_SECRET=\n");
    drop(sandbox.envward(&["init"]).code(0));
    assert!(![production, staging].contains(&value(&sandbox, ".env.preview", "JWT_SECRET")));
    assert!(!sandbox.envward(&["check"]).stdout.contains("same-secret-across-environments"));
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
