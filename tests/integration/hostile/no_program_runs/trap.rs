//! A repository that names a program for everything, and shows which of them ran.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;

use super::keys::Names;
use super::kinds::Kind;
use crate::common::Sandbox;
use crate::common::ordeal::{Ordeal, endure};

const HOOKS: [&str; 12] = [
    "pre-commit",
    "pre-merge-commit",
    "pre-push",
    "pre-receive",
    "post-checkout",
    "post-merge",
    "post-rewrite",
    "post-index-change",
    "reference-transaction",
    "fsmonitor-watchman",
    "update",
    "sendemail-validate",
];

pub struct Trap {
    sandbox: Sandbox,
    listener: TcpListener,
}

impl Trap {
    pub fn new(kind: &Kind) -> Self {
        let sandbox = Sandbox::new();
        kind.make(&sandbox);
        sandbox.mkdir("ran", 0o755);
        sandbox.mkdir("programs", 0o755);
        sandbox.fifo("pipe");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self { sandbox, listener }
    }

    pub fn git_dir(&self, kind: &Kind) -> PathBuf {
        self.sandbox.path(kind.git_dir)
    }

    pub fn pipe(&self) -> String {
        self.sandbox.path("pipe").to_str().unwrap().to_owned()
    }

    /// Everything that must be on for a program to be asked.
    pub fn enable(&self, kind: &Kind) {
        let settings = [
            ("log.showSignature", "true"),
            ("log.mailmap", "true"),
            ("commit.gpgSign", "true"),
            ("merge.verifySignatures", "true"),
            ("filter.trap.required", "true"),
            ("remote.origin.promisor", "true"),
            ("remote.origin.partialclonefilter", "blob:none"),
            ("core.sparseCheckout", "true"),
            ("protocol.allow", "always"),
            ("protocol.ext.allow", "always"),
            ("core.untrackedCache", "true"),
            ("feature.manyFiles", "true"),
        ];
        for (key, value) in settings {
            self.append(kind, key, value);
        }
        for hook in HOOKS {
            let program = self.program(&format!("hook-{hook}"));
            let path = format!("{}/hooks/{hook}", kind.git_dir);
            self.sandbox.mkdir(format!("{}/hooks", kind.git_dir), 0o755);
            fs::copy(program, self.sandbox.path(path)).unwrap();
        }
    }

    /// Sets a key to what would show that it was followed.
    pub fn set(&self, kind: &Kind, key: &str, names: Names) {
        let value = match names {
            Names::Program if key == "submodule.origin.update" || key.starts_with("alias.") => {
                format!("!{}", self.program(key))
            }
            Names::Program => self.program(key),
            Names::Address if key.ends_with(".url") || key.ends_with(".pushurl") => {
                format!("ext::{}", self.program(key))
            }
            Names::Address => format!("http://{}/", self.listener.local_addr().unwrap()),
            // It may be made or written to.
            Names::File => self.sandbox.path("ran").join(name_of(key)).to_str().unwrap().to_owned(),
        };
        self.set_to(kind, key, &value);
    }

    pub fn set_to(&self, kind: &Kind, key: &str, value: &str) {
        self.append(kind, key, value);
    }

    /// Writes it into the file: git, asked to set it, would obey what is there.
    pub fn append(&self, kind: &Kind, key: &str, value: &str) {
        let (section, name) = key.rsplit_once('.').unwrap();
        let section = match section.split_once('.') {
            Some((section, of)) => format!("{section} \"{of}\""),
            None => section.to_owned(),
        };
        let path = self.git_dir(kind).join("config");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, format!("{text}[{section}]\n\t{name} = \"{}\"\n", value.replace('"', "\\\""))).unwrap();
    }

    /// Runs envward where the kind says.
    pub fn endures(&self, kind: &Kind, verb: &str) -> Ordeal {
        let args: Vec<&str> = verb.split(' ').collect();
        endure(&mut self.sandbox.command(&args).dir(kind.dir).into_command(), b"")
    }

    /// git as a user would run it.
    pub fn git_asks(&self, kind: &Kind, args: &[&str]) -> Ordeal {
        endure(&mut self.sandbox.git_command(kind.dir, args).into_command(), b"")
    }

    /// Which programs ran since it was last asked, which files were made, and whether somebody called.
    pub fn sprung(&self) -> Option<String> {
        let ran = fs::read_dir(self.sandbox.path("ran")).unwrap().map(|entry| entry.unwrap().path());
        let mut names: Vec<String> = ran
            .map(|path| {
                fs::remove_file(&path).unwrap();
                path.file_name().unwrap().to_str().unwrap().to_owned()
            })
            .collect();
        names.extend(self.listener.accept().is_ok().then(|| "somebody called an address".to_owned()));
        (!names.is_empty()).then(|| format!("ran or made: {}", names.join(", ")))
    }

    fn program(&self, key: &str) -> String {
        let path = format!("programs/{}", name_of(key));
        let ran = self.sandbox.path("ran").join(name_of(key));
        // Whatever it is asked, it says nothing and ends at once.
        self.sandbox.file(&path, 0o755, format!("#!/bin/sh\n: >'{}'\n", ran.display()));
        self.sandbox.path(path).to_str().unwrap().to_owned()
    }
}

/// A key as the name of a file.
fn name_of(key: &str) -> String {
    key.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' }).collect()
}
