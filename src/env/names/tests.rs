use super::*;

/// Name, role, environment word.
const NAMES: &[(&str, Option<Role>, Option<&str>)] = &[
    (".env", Some(Role::Env), None),
    (".ENV", Some(Role::Env), None),
    (".env.local", Some(Role::Env), None),
    (".env.production", Some(Role::Env), Some("production")),
    (".env.Production", Some(Role::Env), Some("Production")),
    (".env.development.local", Some(Role::Env), Some("development")),
    (".env.test", Some(Role::Env), Some("test")),
    (".env-prod", Some(Role::Env), Some("prod")),
    ("env-backend.env", Some(Role::Env), Some("env-backend")),
    (".env.patch", None, None),
    ("my prod.env", Some(Role::Env), Some("my prod")),
    ("prod .env", Some(Role::Env), Some("prod ")),
    (".env_prod", Some(Role::Env), Some("prod")),
    (".env.txt", Some(Role::Env), Some("txt")),
    (".env.sh", Some(Role::Env), Some("sh")),
    (".envrc", Some(Role::Env), None),
    (".envrc.local", Some(Role::Env), None),
    (".dev.vars", Some(Role::Env), None),
    (".dev.vars.production", Some(Role::Env), Some("production")),
    (".flaskenv", Some(Role::Env), None),
    ("production.env", Some(Role::Env), Some("production")),
    (".prod.env", Some(Role::Env), Some("prod")),
    ("backend.env", Some(Role::Env), Some("backend")),
    ("api.production.env", Some(Role::Env), Some("production")),
    ("backend.env.production", Some(Role::Env), Some("production")),
    (".env.example.local", Some(Role::Env), None),
    // Copies.
    (".env.bak", Some(Role::Copy), None),
    (".ENV.BAK", Some(Role::Copy), None),
    (".env~", Some(Role::Copy), None),
    (".env.save", Some(Role::Copy), None),
    (".env.old", Some(Role::Copy), None),
    (".env.orig", Some(Role::Copy), None),
    (".env-old", Some(Role::Copy), None),
    (".env_backup", Some(Role::Copy), None),
    (".env_1700000000.bak", Some(Role::Copy), None),
    (".env.swp", Some(Role::Copy), None),
    ("..env.swp", Some(Role::Copy), None),
    (".env.swo", Some(Role::Copy), None),
    ("..env.un~", Some(Role::Copy), None),
    ("#.env#", Some(Role::Copy), None),
    (".#.env", Some(Role::Copy), None),
    (".env (copy)", Some(Role::Copy), None),
    (".env (another copy)", Some(Role::Copy), None),
    (".env copy", Some(Role::Copy), None),
    (".env copy 2", Some(Role::Copy), None),
    (".env - Copy", Some(Role::Copy), None),
    (".env - Copy (2)", Some(Role::Copy), None),
    (".env.1", Some(Role::Copy), None),
    (".env.bak.2", Some(Role::Copy), None),
    (".env.bak2", Some(Role::Copy), None),
    (".env.20240501", Some(Role::Copy), None),
    (".env.2024-05-01", Some(Role::Copy), None),
    (".env-2024-05-01", Some(Role::Copy), None),
    ("prod.env.bak", Some(Role::Copy), Some("prod")),
    (".env.production.bak", Some(Role::Copy), Some("production")),
    (".env.production.local.old", Some(Role::Copy), Some("production")),
    (".env.envward-k3x9.tmp", Some(Role::Copy), None),
    ("backend.env.envward-k3x9.tmp", Some(Role::Copy), Some("backend")),
    (".envrc.bak", Some(Role::Copy), None),
    // Archives.
    (".env.zip", Some(Role::Archive), None),
    (".env.tar.gz", Some(Role::Archive), None),
    (".env.gz", Some(Role::Archive), None),
    (".env.7z", Some(Role::Archive), None),
    (".env.bak.gz", Some(Role::Archive), None),
    (".env.production.tgz", Some(Role::Archive), Some("production")),
    (".env.keys.zip", Some(Role::Archive), None),
    // Keys, ciphertext.
    (".env.keys", Some(Role::Keys), None),
    (".env.keys.bak", Some(Role::Keys), None),
    (".env.vault", Some(Role::Encrypted), None),
    (".env.gpg", Some(Role::Encrypted), None),
    (".env.age", Some(Role::Encrypted), None),
    (".env.production.enc", Some(Role::Encrypted), Some("production")),
    (".env.encrypted", Some(Role::Encrypted), None),
    ("prod.env.asc", Some(Role::Encrypted), Some("prod")),
    (".env.tar.gz.gpg", Some(Role::Encrypted), None),
    // Templates.
    (".env.example", Some(Role::Template), None),
    (".env.sample", Some(Role::Template), None),
    (".env.template", Some(Role::Template), None),
    (".env.dist", Some(Role::Template), None),
    (".env.defaults", Some(Role::Template), None),
    (".env.schema", Some(Role::Template), None),
    (".env-example", Some(Role::Template), None),
    (".env.test.example", Some(Role::Template), Some("test")),
    (".env.example.production", Some(Role::Template), Some("production")),
    (".env.local.example", Some(Role::Template), None),
    (".env.example.bak", Some(Role::Template), None),
    (".env.single-bucket-example", Some(Role::Template), Some("single-bucket")),
    (".env.prod-sample", Some(Role::Template), Some("prod")),
    (".env.example-mysql", Some(Role::Template), Some("example-mysql")),
    (".env-staging_template", Some(Role::Template), Some("staging")),
    ("two-nodes-example.env", Some(Role::Template), Some("two-nodes")),
    ("backend.env.prod-example", Some(Role::Template), Some("prod")),
    (".env.example-local", Some(Role::Env), Some("example-local")),
    (".env.examples3", Some(Role::Env), Some("examples3")),
    ("db-schema.env", Some(Role::Env), Some("db-schema")),
    (".env.prod-default", Some(Role::Env), Some("prod-default")),
    ("example.env", Some(Role::Template), None),
    ("sample.env", Some(Role::Template), None),
    ("prod.env.example", Some(Role::Template), Some("prod")),
    ("prod.example.env", Some(Role::Template), Some("prod")),
    ("env.example", Some(Role::Template), None),
    ("env.production.sample", Some(Role::Template), Some("production")),
    (".envrc.example", Some(Role::Template), None),
    (".dev.vars.example", Some(Role::Template), None),
    // Others.
    (".env.stub", Some(Role::Template), None),
    (".env.skel", Some(Role::Template), None),
    ("docker.env_example", Some(Role::Template), Some("docker")),
    ("docker.env-sample", Some(Role::Template), Some("docker")),
    (".env.d.ts", None, None),
    (".env.ts", None, None),
    (".env.js", None, None),
    (".env.test.js", None, None),
    (".env.mjs", None, None),
    (".env.py", None, None),
    (".env.md", None, None),
    (".env.yml", None, None),
    (".env.me", None, None),
    ("env.py", None, None),
    ("env.ts", None, None),
    ("env.d.ts", None, None),
    ("vite-env.d.ts", None, None),
    ("vite.env.d.ts", None, None),
    ("environment.ts", None, None),
    (".environment", None, None),
    ("env", None, None),
    ("env.production", None, None),
    ("dotenv", None, None),
    ("printenv", None, None),
    ("envoy.yaml", None, None),
    ("README.md", None, None),
    ("foo.bak", None, None),
    ("", None, None),
    ("~", None, None),
    ("##", None, None),
    ("..", None, None),
];

#[test]
fn what_a_template_stands_for() {
    let cases = [
        (".env.example", Some(".env")),
        (".env.production.example", Some(".env.production")),
        (".env.example.production", Some(".env.production")),
        ("production.env.example", Some("production.env")),
        (".env.prod-sample", Some(".env.prod")),
        ("example.env", Some(".env")),
        ("env.sample", Some(".env")),
        (".env-example", Some(".env")),
        (".env_example", Some(".env")),
        ("backend.example.env", Some("backend.env")),
        (".ENV.Example", Some(".ENV")),
        (".env.dist", Some(".env")),
        (".envrc.example", Some(".envrc")),
        (".env.example.bak", None),
        ("settings.example", None),
    ];
    for (template, expected) in cases {
        assert_eq!(env_file_of(template.as_bytes()).as_deref(), expected.map(str::as_bytes), "{template}");
    }
}

#[test]
fn every_name_of_the_table() {
    for (name, expected, word) in NAMES {
        assert_eq!(role(name.as_bytes()), *expected, "{name}");
        assert_eq!(environment_word(name.as_bytes()), *word, "{name}");
    }
    assert_eq!(role(b".env.\xff"), Some(Role::Env));
}

#[test]
fn doubtful_paths() {
    let env = [
        "env.production",
        "prod_env",
        ".env2",
        "env.list",
        ".env,",
        ".env\r",
        "env",
        "a/b/envprod",
        ".env/production",
        ".envs/.production/.django",
        "config/environments/live",
        "my.env.txt",
        "docker.env-prod",
        "PRODENV",
        "prod.env/web",
        ".dev.vars/api",
    ];
    for path in env {
        assert_eq!(doubt(path.as_bytes()), Some(Role::Env), "{path}");
    }
    for path in ["example_env", "sample-env", "envs/app.template"] {
        assert_eq!(doubt(path.as_bytes()), Some(Role::Template), "{path}");
    }
    for path in [
        ".env",
        "a/.env.example",
        ".env.bak",
        "env.py",
        "src/env.d.ts",
        ".envs/compose.yml",
        "environment.json",
        "envoy",
        "printenv",
        "README.md",
        "seven",
        "inventory/hosts",
        "env/a/b/c/d",
        "",
    ] {
        assert_eq!(doubt(path.as_bytes()), None, "{path}");
    }
}
