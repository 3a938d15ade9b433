//! What a compose file has built: each Dockerfile in each way, wherever it stands, and what could not be examined.

use crate::common::Sandbox;
use crate::common::fill::fill;
use serde_json::Value;

/// The report on a project of these files.
fn report(files: &[(&str, &str)]) -> Value {
    let sandbox = Sandbox::new();
    for (path, text) in files {
        sandbox.file(path, 0o644, fill(text));
    }
    sandbox.envward(&["preflight", "--format", "json"]).json()
}

/// The findings of one check: path, line and severity.
fn found(report: &Value, check: &str) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter().filter(|one| one["check"] == check);
    let shown = |one: &Value| {
        format!("{}:{} {}", one["path"].as_str().unwrap(), one["line"], one["severity"].as_str().unwrap())
    };
    findings.map(shown).collect()
}

fn problems(report: &Value) -> Vec<String> {
    let problems = report["problems"].as_array().unwrap().iter();
    problems.map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
}

const NOT_FIXED: &str = "base-image-not-fixed";

#[test]
fn a_dockerfile_inside_a_compose_file() {
    let of = |body: &str| {
        report(&[("compose.yaml", &format!("services:\n  app:\n    build:\n      dockerfile_inline: |\n{body}"))])
    };
    let untagged = of("        FROM python\n        USER 1001\n");
    assert_eq!(found(&untagged, NOT_FIXED), ["compose.yaml:5 error"]);
    let root = of("        FROM python:3.12.1\n\n        RUN true\n");
    assert_eq!(found(&root, "image-runs-as-root"), ["compose.yaml:5 error"]);
    let secret = of("        FROM python:3.12.1\n        USER 1001\n        ENV API_TOKEN={token}\n");
    assert_eq!(found(&secret, "secret-in-dockerfile"), ["compose.yaml:7 error"]);
    assert_eq!(problems(&of("        RUN true\n")), ["broken-dockerfile"]);
    let good = of("        FROM python:3.12.1\n        USER 1001\n");
    assert_eq!((found(&good, NOT_FIXED), problems(&good)), (vec![], vec![]));
}

#[test]
fn a_file_that_is_built_in_several_ways() {
    let of = |file: &str, first: &str, second: &str| {
        let services =
            format!("services:\n  a: {{build: {{context: ., {first}}}}}\n  b: {{build: {{context: ., {second}}}}}\n");
        report(&[("Dockerfile", file), ("compose.yaml", &services)])
    };
    let base = "ARG BASE=alpine:3.19.1\nFROM ${BASE}\nUSER 1001\n";
    let moved = of(base, "args: {BASE: 'debian:12.5'}", "args: [BASE=debian]");
    assert_eq!(found(&moved, NOT_FIXED), ["Dockerfile:2 error"]);
    let user = "FROM alpine:3.19.1\nARG WHO=app\nUSER ${WHO}\n";
    assert_eq!(found(&of(user, "args: {WHO: root}", "args: {WHO: web}"), "image-runs-as-root"), ["Dockerfile:3 error"]);
    let stages = "FROM alpine:3.19.1 AS web\nUSER 1001\nFROM alpine AS job\nUSER 1001\n";
    assert_eq!(found(&of(stages, "target: web", "target: job"), NOT_FIXED), ["Dockerfile:3 error"]);
    assert_eq!(found(&of(stages, "target: web", "target: web"), NOT_FIXED), [""; 0]);
    let same = of(base, "args: {BASE: 'debian:12.5'}", "args: {BASE: 'debian:12.6'}");
    assert_eq!((found(&same, NOT_FIXED), problems(&same)), (vec![], vec![]));
}

#[test]
fn where_a_build_mounts_from() {
    let of = |line: &str| report(&[("Dockerfile", &format!("FROM alpine:3.19.1 AS a\nFROM a\n{line}\nUSER 1001\n"))]);
    for line in [
        "RUN --mount=from=golang,target=/go go version",
        "RUN --mount=type=cache,target=/c --mount=type=bind,from=ghcr.io/astral-sh/uv:latest,source=/uv,target=/uv /uv sync",
        "RUN --network=none --mount=type=bind,target=/x,from=node:lts true",
    ] {
        assert_eq!(found(&of(line), NOT_FIXED), ["Dockerfile:3 error"], "{line}");
    }
    for line in [
        "RUN --mount=from=golang:1.22.1,target=/go go version",
        "RUN --mount=type=bind,from=a,target=/a true",
        "RUN --mount=type=secret,id=from true",
    ] {
        assert_eq!(found(&of(line), NOT_FIXED), [""; 0], "{line}");
    }
}

#[test]
fn an_image_that_is_mounted_again_is_told_once() {
    let mount = "RUN --mount=from=tools,target=/t /t/one\n";
    let text = format!("FROM alpine:3.19.1\n{mount}{mount}COPY --from=tools /a /a\nUSER 1001\n");
    assert_eq!(found(&report(&[("Dockerfile", &text)]), NOT_FIXED), ["Dockerfile:2 error"]);
}

#[test]
fn a_file_that_is_written_as_seen_from_above() {
    let file = ("extensions/curator/Dockerfile", "FROM alpine:3.19.1\nUSER 1001\n");
    let extension = "services:\n  curator: {build: {context: extensions/curator/}}\n";
    let over = report(&[file, ("extensions/curator/curator-compose.yml", extension)]);
    assert_eq!(problems(&over), [""; 0]);
    let gone = report(&[("extensions/curator/curator-compose.yml", extension)]);
    assert_eq!(problems(&gone), ["unseen-build"]);
}

#[test]
fn contexts_by_name() {
    let of = |file: &str, contexts: &str| {
        let compose =
            format!("services:\n  app:\n    build:\n      context: .\n      additional_contexts:\n{contexts}");
        report(&[("Dockerfile", file), ("compose.yaml", &compose), ("assets/logo.svg", "<svg/>\n")])
    };
    let from = "FROM base\nUSER 1001\n";
    let copied = "FROM debian:12.5\nCOPY --from=base /a /a\nUSER 1001\n";
    let mounted = "FROM debian:12.5\nRUN --mount=from=base,target=/a true\nUSER 1001\n";
    for file in [from, copied, mounted] {
        let moving = of(file, "        base: docker-image://node:latest\n");
        assert_eq!(found(&moving, NOT_FIXED), ["compose.yaml:6 error"], "{file}");
        let listed = of(file, "        - base=docker-image://node\n");
        assert_eq!(found(&listed, NOT_FIXED), ["compose.yaml:6 error"], "{file}");
        for fixed in ["base: docker-image://node:20.11.1", "base: ./assets", "base: 'service:app'"] {
            let report = of(file, &format!("        {fixed}\n"));
            assert_eq!((found(&report, NOT_FIXED), problems(&report)), (vec![], vec![]), "{file} {fixed}");
        }
        let remote = of(file, "        base: https://git.example/a.git\n");
        assert_eq!((found(&remote, NOT_FIXED), problems(&remote)), (vec![], vec!["unseen-build".to_owned()]));
    }
    // A name goes before an image and before a stage; what nothing takes is not fetched.
    let replaced = of("FROM alpine\nUSER 1001\n", "        alpine: docker-image://alpine:3.19.1\n");
    assert_eq!(found(&replaced, NOT_FIXED), [""; 0]);
    let stage = "FROM golang AS base\nFROM base\nUSER 1001\n";
    assert_eq!(found(&of(stage, "        base: docker-image://golang:1.22.1\n"), NOT_FIXED), [""; 0]);
    let unused = of("FROM alpine:3.19.1\nUSER 1001\n", "        base: docker-image://node\n");
    assert_eq!(found(&unused, NOT_FIXED), [""; 0]);
}

#[test]
fn files_of_a_context_by_name() {
    let of = |path: &str, contexts: &str| {
        let compose = format!("services:\n  app: {{build: {{context: app, additional_contexts: {contexts}}}}}\n");
        let file = "FROM alpine:3.19.1\nCOPY --from=conf . /etc/app/\nUSER 1001\n";
        report(&[("app/Dockerfile", file), ("compose.yaml", &compose), (path, "DB_PASSWORD={password}\n")])
    };
    let check = "secret-file-in-image";
    assert_eq!(found(&of("deploy/.env", "{conf: ./deploy}"), check), ["app/Dockerfile:2 error"]);
    assert_eq!(found(&of("deploy/in/.env.production", "[conf=deploy]"), check), ["app/Dockerfile:2 error"]);
    assert_eq!(found(&of("conf/.env", "{conf: ./deploy}"), check), [""; 0]);
}

#[test]
fn what_is_not_here_is_said() {
    let of = |build: &str| report(&[("compose.yaml", &format!("services:\n  app: {{build: {build}}}\n"))]);
    for build in [
        "./nosuch",
        "{context: ., dockerfile: Dockerfile.prod}",
        "https://git.example/acme/app.git#v1",
        "git@git.example:acme/app.git",
        "../elsewhere",
        "{context: /srv/elsewhere}",
        "{context: ~/app}",
        "{context: ../elsewhere, dockerfile_inline: \"FROM alpine:3.19.1\\nUSER 1001\"}",
    ] {
        let report = of(build);
        assert!(problems(&report).iter().all(|kind| kind == "unseen-build"), "{build}: {report:#}");
        assert_eq!(report["status"], "incomplete", "{build}");
        assert_eq!(report["problems"][0]["path"], "compose.yaml", "{build}");
    }
    let target = "services:\n  app: {build: {context: ., target: nosuch}}\n";
    let file = ("Dockerfile", "FROM alpine:3.19.1\nUSER 1001\n");
    assert_eq!(problems(&report(&[file, ("compose.yaml", target)])), ["unseen-build"]);
    // A developer's file, and one that is accepted.
    assert_eq!(problems(&report(&[("compose.dev.yaml", "services:\n  app: {build: ./nosuch}\n")])), [""; 0]);
    let accept = "[[accept]]\nproblem = \"unseen-build\"\npath = \"compose.yaml\"\nreason = \"a submodule\"\n";
    let accepted = report(&[("compose.yaml", "services:\n  app: {build: ./nosuch}\n"), ("envward.toml", accept)]);
    assert_eq!(problems(&accepted), [""; 0]);
}

#[test]
fn an_image_of_ones_own() {
    let file = ("app/Dockerfile", "FROM alpine:3.19.1\nUSER 1001\n");
    let built = "name: shop\nservices:\n  app: {build: ./app, image: 'acme/app:latest'}\n  job: {build: ./app}\n";
    let of = |image: &str| {
        let other = format!("services:\n  other: {{image: '{image}'}}\n");
        report(&[file, ("compose.yaml", built), ("worker/compose.yaml", &other)])
    };
    for image in ["acme/app:latest", "docker.io/acme/app", "shop-job", "shop_job:latest"] {
        assert_eq!(found(&of(image), "image-not-fixed"), [""; 0], "{image}");
    }
    for image in ["acme/other:latest", "app", "shop-web"] {
        assert_eq!(found(&of(image), "image-not-fixed"), ["worker/compose.yaml:2 error"], "{image}");
    }
    let from = ("cron/Dockerfile", "FROM acme/app:latest\nCOPY --from=shop-job /a /a\n");
    let upon = report(&[file, ("compose.yaml", built), from]);
    assert_eq!((found(&upon, NOT_FIXED), found(&upon, "image-runs-as-root")), (vec![], vec![]));
}

#[test]
fn development_packages_that_are_left_out() {
    let of = |lines: &str| {
        let file = format!("FROM node:20.11.1\n{lines}\nUSER node\n");
        found(&report(&[("Dockerfile", &file)]), "build-tools-in-image")
    };
    for lines in [
        "RUN NODE_ENV=production npm ci",
        "RUN cd /app && NODE_ENV=production npm install",
        "RUN export NODE_ENV=production && npm ci",
        "RUN env NODE_ENV=\"production\" npm ci",
        "ARG NODE_ENV=production\nRUN npm ci",
        "ENV NPM_CONFIG_OMIT=dev\nRUN npm ci",
        "RUN npm ci --omit dev --no-audit",
        "RUN npm ci --loglevel error --omit=dev",
        "RUN npm config set omit dev && npm ci",
        "RUN npm ci && npm run build && npm prune --omit=dev",
        "RUN <<EOF\nexport NODE_ENV=production\nnpm ci\nEOF",
    ] {
        assert_eq!(of(lines), [""; 0], "{lines}");
    }
    for lines in [
        "RUN npm ci",
        "RUN NODE_ENV=development npm ci",
        "RUN npm ci --loglevel error",
        "RUN npm ci --omit=optional",
        "ARG NODE_ENV=development\nRUN npm ci",
        "RUN npm ci --production=false",
    ] {
        assert!(of(lines).iter().any(|one| one.ends_with("warning")), "{lines}");
    }
    // The build may say otherwise.
    let file = ("Dockerfile", "FROM node:20.11.1\nARG NODE_ENV=production\nRUN npm ci\nUSER node\n");
    let compose = "services:\n  app: {build: {context: ., args: {NODE_ENV: development}}}\n";
    assert_eq!(found(&report(&[file, ("compose.yaml", compose)]), "build-tools-in-image"), ["Dockerfile:3 warning"]);
}
