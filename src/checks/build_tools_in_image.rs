//! `build-tools-in-image`: compilers and development packages in the image that runs.

use super::single_stage_image::chain;
use super::{Artifact, Check, Context, Example, Kind, Step, by_environment};
use crate::dockerfile::{Base, commands};
use crate::finding::{Fact, Finding, Severity};
use crate::image::Reference;

pub(crate) static CHECK: Check = Check {
    id: "build-tools-in-image",
    title: "compilers or development packages in the image that runs",
    doc: r#"## What it does

Reports what the image's own stage installs and does not take out again in the same `RUN`: compilers and `make`, `npm install` or `npm ci` with the development packages; and an image that is made from a development kit (`golang`, `rust`, `maven`, `gradle`, `…/sdk`, `…-jdk`). A warning in what is for production, a note in development and test.

The deployment checklist: "No build tools in production image".

## Why it matters

Whoever gets in finds a compiler ready, and each package more is one more that can have a hole.

## What to do

Install them in a build stage; `npm ci --omit=dev`; for a compiled program a base without the kit (`eclipse-temurin:21.0.2_13-jre`, `distroless`).

## Facts

- `tool`: what it is
"#,
    severity: Severity::Warning,
    kinds: &[Kind::Dockerfile],
    bad: &[
        Example {
            about: "a compiler",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                "FROM python:3.12.1-slim\nRUN apt-get update && apt-get install -y gcc libpq-dev\n",
            )],
        },
        Example {
            about: "development packages",
            steps: &[Step::File("Dockerfile", 0o644, "FROM node:18.19.0\nRUN npm ci\n")],
        },
        Example {
            about: "a development kit",
            steps: &[Step::File("Dockerfile", 0o644, "FROM golang:1.22.0\nCMD [\"/app\"]\n")],
        },
    ],
    good: &[
        Example {
            about: "in a build stage",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                "FROM golang:1.22.0 AS build\nRUN apk add --no-cache gcc\nFROM scratch\nCOPY --from=build /app /app\n",
            )],
        },
        Example {
            about: "taken out again",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                "FROM python:3.12.1-slim\nRUN apt-get install -y gcc && pip install x && apt-get purge -y gcc\n",
            )],
        },
        Example {
            about: "without the development packages",
            steps: &[Step::File("Dockerfile", 0o644, "FROM node:18.19.0\nRUN npm ci --omit=dev\n")],
        },
    ],
    run,
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

/// Images that are there to build.
const KITS: [&str; 7] = ["golang", "rust", "maven", "gradle", "sdk", "gcc", "buildpack-deps"];

fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Dockerfile(build) = artifact else { return };
    let (stages, image) = build.stages();
    let Some(image) = image else { return };
    let severity = by_environment(build.environment, Severity::Warning);
    let mut report = |line, what, help, tool| {
        let finding = Finding::new(&CHECK, build.origin(), what, help);
        findings.push(finding.severity(severity).line(line).fact("tool", Fact::Word(tool)));
    };
    let chain = chain(&stages, image);
    // npm leaves them out then by itself.
    let is_production = chain.iter().any(|stage| stage.sets("NODE_ENV", "production"));
    for stage in &chain {
        if let Base::Image(image) = &stage.base {
            if let Some(kit) = kit(image) {
                report(
                    stage.line,
                    "made from a development kit ({tool})",
                    "copy the result into a base without it",
                    kit,
                );
            }
        }
        for run in &stage.runs {
            let commands = commands(&run.what.command, &run.what.documents);
            if let Some(tool) = installed(&commands) {
                report(run.line, "{tool} stays in the image", "install it in a build stage", tool);
            }
            if !is_production && commands.iter().any(|words| takes_development(words)) {
                let what = "{tool} brings the development packages along";
                report(run.line, what, "npm ci --omit=dev", "npm");
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
    let without = |word: &&str| {
        ["--omit=dev", "--production", "--only=production", "--only=prod", "-g", "--global"].contains(word)
            || word.starts_with("--production")
    };
    let names_packages = rest.iter().any(|word| !word.starts_with('-'));
    is_install && !names_packages && !rest.iter().any(without)
}
