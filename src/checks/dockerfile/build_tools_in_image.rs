//! `build-tools-in-image`: compilers or development packages in the final image.

use super::stages::chain;
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::dockerfile::{Base, By, Setting, assignments, commands};
use crate::docker::image::Reference;
use crate::finding::{Fact, Finding, Severity};
use crate::project::Build;
use crate::secret::Secret;

pub(crate) static CHECK: Check = Check {
    id: "build-tools-in-image",
    title: "compilers or development packages in the final image",
    doc: r#"## What it does

Reports what the final stage installs and does not remove in the same `RUN`: compilers and `make`, and `npm install` or `npm ci` with the development packages (without `--omit=dev`, and without `NODE_ENV=production` from `ENV`, `ARG` or the `RUN` itself). Also reports an image based on a development kit (`golang`, `rust`, `maven`, `gradle`, `…/sdk`, `…-jdk`). Severity: warning for production, note for development and test.

The deployment checklist: "No build tools in production image".

## Why it matters

An intruder finds a compiler ready, and every additional package can have a vulnerability.

## What to do

Install them in a build stage; use `npm ci --omit=dev`; for a compiled program use a base image without the kit (`eclipse-temurin:21.0.2_13-jre`, `distroless`).

## Facts

- `tool`: the tool
"#,
    group: Group::Dockerfile,
    severity: Severity::Warning,
    kinds: &[Kind::Dockerfile],
    tier: Tier::Hardening,
    fix: None,
    checklist: &[(Item::MultiStageBuild, 2)],
    bad: &[
        Example {
            about: "a compiler",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM python:3.12.1-slim
RUN apt-get update && apt-get install -y gcc libpq-dev
"#,
            )],
        },
        Example {
            about: "development packages",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
RUN npm ci
"#,
            )],
        },
        Example {
            about: "a development kit",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM golang:1.22.0
CMD ["/app"]
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "in a build stage",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM golang:1.22.0 AS build
RUN apk add --no-cache gcc
FROM scratch
COPY --from=build /app /app
"#,
            )],
        },
        Example {
            about: "removed again",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM python:3.12.1-slim
RUN apt-get install -y gcc && pip install x && apt-get purge -y gcc
"#,
            )],
        },
        Example {
            about: "without the development packages",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
RUN npm ci --omit=dev
"#,
            )],
        },
        Example {
            about: "with a variable of the RUN",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
RUN NODE_ENV=production npm ci
"#,
            )],
        },
    ],
};

/// Packages that build others.
const TOOLS: [&str; 14] = [
    "build-essential",
    "build-base",
    "gcc",
    "g++",
    "make",
    "cmake",
    "clang",
    "llvm",
    "autoconf",
    "automake",
    "musl-dev",
    "libc6-dev",
    "linux-headers",
    "rustc",
];

/// Images that exist to build software.
const KITS: [&str; 7] = ["golang", "rust", "maven", "gradle", "sdk", "gcc", "buildpack-deps"];

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Dockerfile(build) = artifact else { return };
    let (stages, image) = build.stages();
    let Some(image) = image else { return };
    let severity = by_environment(build.environment, Severity::Warning);
    let mut report = |line, what, help, tool| {
        let finding = Finding::new(&CHECK, build.origin(), what, help);
        findings.push(finding.severity(severity).line(line).fact("tool", Fact::Word(tool)));
    };
    let chain = chain(&stages, image);
    // npm then leaves them out by itself.
    let is_production = chain.iter().flat_map(|stage| &stage.settings).any(|at| omits(&at.what, build));
    for stage in &chain {
        if let Base::Image(image) = &stage.base {
            if let Some(kit) = kit(image) {
                report(
                    stage.line,
                    "the final image is based on a development kit ({tool})",
                    "build in a stage of its own, and copy the result into a base image without the kit",
                    kit,
                );
            }
        }
        for run in &stage.runs {
            let commands = commands(&run.what.command, &run.what.documents);
            if let Some(tool) = installed(&commands) {
                report(
                    run.line,
                    "the final image contains {tool}",
                    "install build tools in a build stage, and copy only the result",
                    tool,
                );
            }
            let by_run = assignments(&run.what.command, &run.what.documents).any(|(name, value)| omits_by(name, value));
            let by_npm = commands.iter().any(|words| configures(words) || removes(words));
            let is_left_out = is_production || by_run || by_npm;
            if !is_left_out && commands.iter().any(|words| takes_development(words)) {
                let what = "{tool} also installs the development packages";
                report(run.line, what, "leave out development packages with: npm ci --omit=dev", "npm");
            }
        }
    }
}

fn kit(image: &str) -> Option<&'static str> {
    let reference = Reference::of(image);
    let name = reference.short_name();
    let jdk = reference.tag.is_some_and(|tag| tag.split(['-', '_']).any(|part| part == "jdk"));
    KITS.into_iter().find(|kit| name == *kit).or(jdk.then_some("jdk"))
}

/// What is installed and not removed by the same RUN.
fn installed(commands: &[Vec<&str>]) -> Option<&'static str> {
    let is = |words: &[&str], verbs: &[&str]| {
        let manager = words.first().is_some_and(|program| {
            matches!(*program, "apt-get" | "apt" | "apk" | "dnf" | "yum" | "microdnf" | "zypper" | "tdnf")
        });
        manager && words.iter().any(|word| verbs.contains(word))
    };
    let removes = commands.iter().any(|words| is(words, &["purge", "remove", "del", "autoremove", "erase"]));
    let mut installs = commands.iter().filter(|words| is(words, &["install", "add"]));
    let name = |word: &str| word.split(['=', '<', '>', '~']).next().unwrap_or_default().to_owned();
    let tool = installs.find_map(|words| TOOLS.into_iter().find(|tool| words.iter().any(|word| name(word) == **tool)));
    tool.filter(|_| !removes)
}

/// `npm install` and `npm ci` of a project, with all its packages.
fn takes_development(words: &[&str]) -> bool {
    let [program, verb, rest @ ..] = words else { return false };
    let is_install = *program == "npm" && matches!(*verb, "ci" | "install" | "i");
    // `--omit=dev` and `--omit dev`; the older flags.
    let without = |(at, word): (usize, &&str)| {
        let value = word.split_once('=').map(|(_, value)| value).or_else(|| rest.get(at + 1).copied());
        let flag = word.split('=').next().unwrap_or_default();
        match flag {
            "--omit" => value.is_some_and(|value| value.trim_matches(['"', '\'']) == "dev"),
            "--only" => value.is_some_and(|value| value.starts_with("prod")),
            "--production" => value != Some("false") || !word.contains('='),
            "-g" | "--global" => true,
            _ => false,
        }
    };
    let values = |at: usize| at.checked_sub(1).and_then(|at| rest.get(at)).is_some_and(|before| TAKES.contains(before));
    let names_packages = rest.iter().enumerate().any(|(at, word)| !word.starts_with('-') && !values(at));
    is_install && !names_packages && !rest.iter().enumerate().any(without)
}

/// Options of npm whose value is the next word (npm-install(1)).
const TAKES: [&str; 8] =
    ["--omit", "--only", "--include", "--loglevel", "--registry", "--cache", "--prefix", "--userconfig"];

/// Whether a variable makes npm leave development packages out: npm-install(1), `--omit`; npm's config(7), "environment
/// variables".
fn omits_by(name: &str, value: &str) -> bool {
    match name.to_ascii_uppercase().as_str() {
        "NODE_ENV" => value == "production",
        "NPM_CONFIG_OMIT" => value == "dev",
        "NPM_CONFIG_ONLY" => value.starts_with("prod"),
        "NPM_CONFIG_PRODUCTION" => value == "true",
        _ => false,
    }
}

/// Whether a setting does: an ENV, or an ARG, which RUN sees as a variable, too.
#[expect(clippy::disallowed_methods, reason = "compared with known words")]
fn omits(setting: &Setting, build: &Build) -> bool {
    let given = build.args.iter().rfind(|(name, _)| setting.by == By::Arg && *name == setting.name);
    let value = match given {
        Some((_, given)) => given.as_ref().map(Secret::expose),
        None => Some(setting.value.expose()),
    };
    let value = value.and_then(|value| std::str::from_utf8(value).ok());
    setting.by != By::Label && value.is_some_and(|value| omits_by(&setting.name, value))
}

/// `npm config set omit dev`, `npm set omit=dev`.
fn configures(words: &[&str]) -> bool {
    let rest = match words {
        ["npm", "config" | "c", "set", rest @ ..] | ["npm", "set", rest @ ..] => rest,
        _ => return false,
    };
    let named = |name: &str, value: &str| omits_by(&format!("NPM_CONFIG_{name}"), value);
    let joined = rest.iter().filter_map(|word| word.split_once('=')).any(|(name, value)| named(name, value));
    joined || rest.windows(2).any(|pair| matches!(pair, [name, value] if named(name, value)))
}

/// `npm prune --omit=dev` of the same RUN: they are in no layer.
fn removes(words: &[&str]) -> bool {
    let ["npm", "prune", rest @ ..] = words else { return false };
    rest.windows(2).any(|pair| pair == ["--omit", "dev"])
        || rest.iter().any(|word| matches!(*word, "--omit=dev" | "--production"))
}
