//! Stacks.

use super::*;

/// `docker compose build` of what has no `build:` does nothing, and says nothing of that.
#[test]
fn an_image_that_a_registry_has_is_fetched_anew() {
    let sandbox = project();
    let compose =
        "services:\n  a:\n    image: a:1.0\n  b:\n    image: b:1.0\n    build: ./b\n  c:\n    build: {context: ./c}\n";
    sandbox.file("compose.yaml", 0o644, compose);
    for (service, command) in [("a", "pull a"), ("b", "build --no-cache --pull b"), ("c", "build --no-cache --pull c")]
    {
        let screen = sandbox.envward(&["incident", service, "--dry-run"]).code(0).stdout;
        let commands: Vec<&str> =
            screen.lines().filter_map(|line| line.strip_prefix("   -> docker compose ")).collect();
        let anew: Vec<&&str> =
            commands.iter().filter(|line| line.starts_with("pull ") || line.starts_with("build ")).collect();
        assert_eq!(anew, [&command], "{screen}");
        assert_eq!(screen.contains("pull the image again"), service == "a", "{screen}");
    }
    // What an override file builds is built.
    sandbox.file("compose.override.yaml", 0o644, "services:\n  a:\n    build: ./a\n");
    let screen = sandbox.envward(&["incident", "a", "--dry-run"]).code(0).stdout;
    assert!(screen.contains("-> docker compose build --no-cache --pull a\n"), "{screen}");
}

#[test]
fn a_file_that_is_one_secret_is_not_rotated_by_key() {
    let sandbox = project();
    let before = fs::read(sandbox.path("signing.txt")).unwrap();
    for more in [&[][..], &["--dry-run"]] {
        let output = sandbox.envward(&[&["rotation", "rotate", "signing", "signing.txt"], more].concat()).code(0);
        assert!(output.unwrapped().contains("one secret as a whole"), "{}", output.stdout);
    }
    let _ = sandbox.envward(&["rotation", "promote", "signing", "signing.txt"]).code(2);
    assert_eq!(fs::read(sandbox.path("signing.txt")).unwrap(), before);
}

/// A compose file that nobody can read is what is wrong, and not the name of the service.
#[test]
fn a_broken_compose_file_is_named() {
    let sandbox = project();
    sandbox.file("compose.yaml", 0o644, "services:\n  backend: {image: [}\n");
    let output = sandbox.envward(&["incident", "backend", "--dry-run"]).code(2);
    assert!(output.stderr.contains("compose.yaml is not a compose file"), "{}", output.stderr);
    assert!(output.stderr.contains("docker compose config"), "{}", output.stderr);
}

#[test]
fn another_directory_and_another_compose_file() {
    let sandbox = project();
    fs::rename(sandbox.path("compose.yaml"), sandbox.path("deploy.compose.yml")).unwrap();
    let screen = sandbox.envward(&["incident", "backend", "--dry-run"]).code(0).stdout;
    assert!(screen.contains("docker compose -f deploy.compose.yml stop backend"), "{screen}");
    let screen = sandbox.command(&["incident", "backend", "--dry-run", ".."]).dir("worker").run().code(0).stdout;
    let root = sandbox.path("").canonicalize().unwrap();
    assert!(screen.contains(&format!("-f {}/deploy.compose.yml stop", root.display())), "{screen}");
}

/// Several stacks with a service of one name: what was typed where, and whose files are in the commands.
#[test]
fn the_stack_that_is_meant() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    for (at, file) in [("apps/mail", "compose.yml"), ("apps/news", "docker-compose.yaml"), ("tools", "compose.yaml")] {
        sandbox.file(
            format!("{at}/{file}"),
            0o644,
            "services:\n  cache:\n    image: redis:7.2.4\n    env_file: .env\n",
        );
        sandbox.file(
            format!("{at}/.env"),
            0o600,
            fill(&format!("REDIS_PASSWORD={{password-{}}}\n", at.replace('/', "-"))),
        );
    }
    fs::create_dir_all(sandbox.path("apps/news/src")).unwrap();
    let cases: [(&str, &[&str], Option<&str>); 7] = [
        ("", &[], None),
        ("", &["apps"], None),
        ("", &["apps/news"], Some("apps/news")),
        ("apps/news/src", &[], Some("apps/news")),
        ("tools", &[], Some("tools")),
        ("tools", &["-f", "../apps/mail/compose.yml"], Some("apps/mail")),
        ("", &["-f", "tools/compose.yaml"], Some("tools")),
    ];
    for (here, given, meant) in cases {
        let args = [&["incident", "cache", "--dry-run", "--evidence", "/tmp/no-such-evidence"], given].concat();
        let output = sandbox.command(&args).dir(here).run();
        let Some(meant) = meant else {
            let output = output.code(2);
            assert!(output.stdout.is_empty() && output.stderr.contains("apps/mail/compose.yml"), "{}", output.stderr);
            continue;
        };
        let screen = output.code(0).stdout;
        let (secrets, _) = rotate(&screen);
        assert_eq!(secrets.len(), 1, "{here} {given:?}: {screen}");
        assert!(secrets[0].contains(&format!("{meant}/.env")), "{here} {given:?}: {screen}");
        let stop = screen.lines().find(|line| line.contains(" stop cache")).unwrap();
        assert!(stop.contains(meant) || here == meant, "{here} {given:?}: {stop}");
    }
}

/// What waits under the next name of a key was seen with it; what is kept under the previous one is no key.
#[test]
fn what_waits_is_given_up() {
    for key in ["JWT_SECRET", "SESSION_SECRET", "DATA_ENCRYPTION_KEY"] {
        let sandbox = Sandbox::new();
        sandbox.file("compose.yaml", 0o644, "services:\n  a:\n    image: a:1.0.0\n    env_file: .env\n");
        let text = format!("{key}={{hex32}}\n{key}_NEXT={{hex32-next}}\n{key}_PREVIOUS={{hex32-before}}\n");
        sandbox.file(".env", 0o600, fill(&text));
        let screen = sandbox.envward(&["incident", "a", "--dry-run"]).code(0).stdout;
        let (_, commands) = rotate(&screen);
        let own: Vec<&String> = commands.iter().filter(|line| line.starts_with("envward ")).collect();
        let abandon = format!("envward rotation rotate {key} .env --abandon");
        assert_eq!(own, [&abandon, &format!("envward rotation rotate {key} .env")], "{screen}");
    }
}

/// What is mounted from outside the project may hold a secret that nobody here knows: said, and no clean answer.
#[test]
fn what_it_was_given_from_outside_is_said() {
    let sandbox = Sandbox::new();
    let planned = |service: &str, more: &str| {
        sandbox.file("compose.yaml", 0o644, format!("services:\n  a: {{image: 'a:1.0', {service}}}\n{more}"));
        sandbox.envward(&["incident", "a", "--dry-run", "--evidence", "/tmp/evidence-of-a"])
    };
    let config = "configs:\n  c: {file: /srv/app.conf}\n";
    for (service, more) in [
        ("volumes: ['/srv/secrets:/s:ro']", ""),
        ("volumes: ['~/keys:/keys']", ""),
        ("volumes: ['../other/conf:/conf']", ""),
        ("volumes: [{type: bind, source: /root/.ssh, target: /k}]", ""),
        ("configs: [c]", config),
    ] {
        let output = planned(service, more).code(2);
        let text = output.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("files outside the project that the service was given"), "{service}: {text}");
    }
    for (service, more) in [
        ("volumes: ['/etc/localtime:/etc/localtime:ro', './data:/data', 'named:/n']", "volumes:\n  named: {}\n"),
        ("volumes: ['/etc/ssl/certs/ca-certificates.crt:/ca.crt:ro', '/dev/dri:/dev/dri']", ""),
        ("init: true", config),
    ] {
        let _ = planned(service, more).code(0);
    }
}

/// A config by file is mounted as a secret is.
#[test]
fn an_env_file_that_is_a_config_is_seen() {
    let sandbox = Sandbox::new();
    sandbox.file("conf/app.env", 0o600, fill("MAIL_PASSWORD={password}\n"));
    let compose =
        "services:\n  a: {image: 'a:1.0', configs: [c]}\n  b: {image: 'b:1.0'}\nconfigs:\n  c: {file: conf/app.env}\n";
    sandbox.file("compose.yaml", 0o644, compose);
    for (service, is_seen) in [("a", true), ("b", false)] {
        let text =
            sandbox.envward(&["incident", service, "--dry-run", "--evidence", "/tmp/evidence-of-it"]).code(0).stdout;
        assert_eq!(text.contains("MAIL_PASSWORD"), is_seen, "{service}: {text}");
    }
}
