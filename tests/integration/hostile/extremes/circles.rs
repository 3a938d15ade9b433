//! What leads to itself.

use super::*;

/// What is there, and how it leads to itself.
type Case = (&'static str, fn(&Sandbox));

const CASES: [Case; 9] = [
    ("links of directories", |sandbox| {
        sandbox.mkdir("a/b", 0o755);
        sandbox.link("a/b/c", "../..");
        sandbox.link("a/.env", "../a/.env");
    }),
    ("a ref to itself", |sandbox| sandbox.file(".git/refs/heads/main", 0o644, "ref: refs/heads/main\n")),
    ("two refs", |sandbox| {
        sandbox.file(".git/refs/heads/main", 0o644, "ref: refs/heads/other\n");
        sandbox.file(".git/refs/heads/other", 0o644, "ref: refs/heads/main\n");
    }),
    ("an included configuration", |sandbox| {
        sandbox.file(".git/config", 0o644, "[core]\n\trepositoryformatversion = 0\n[include]\n\tpath = config\n");
    }),
    ("alternates", |sandbox| {
        let own = sandbox.path(".git/objects");
        sandbox.file(".git/objects/info/alternates", 0o644, format!("{}\n", own.display()));
    }),
    ("a .git file to itself", |sandbox| sandbox.file("sub/.git", 0o644, "gitdir: .git\n")),
    ("included and extended compose files", |sandbox| {
        let text = "include: [compose.yaml]\nservices:\n  a: {extends: {service: b}}\n  b: {extends: {service: a}}\n";
        sandbox.file("compose.yaml", 0o644, text);
    }),
    ("an anchor within itself", |sandbox| {
        sandbox.file("compose.yaml", 0o644, "x-a: &a\n  b: *a\nservices:\n  c: &c\n    <<: *c\n    image: d\n");
    }),
    ("variables", |sandbox| {
        sandbox.file(".env", 0o600, "A=${B}${B}\nB=${C}${C}\nC=${A}${A}\nD=$D$D\n");
        sandbox.file("compose.yaml", 0o644, "services:\n  a:\n    image: ${A:-${B:-${A}}}\n    env_file: .env\n");
    }),
];

#[test]
fn every_verb_comes_to_an_end() {
    for (what, make) in CASES {
        let sandbox = Sandbox::new();
        sandbox.git(&["init", "-q"]);
        make(&sandbox);
        for line in
            ["check", "check --readers", "scan", "preflight", "rotation status", "hook run pre-commit", "trace ."]
        {
            assert_answers(&sandbox, line, what, None);
        }
    }
}
