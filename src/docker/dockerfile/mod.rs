//! Dockerfiles, and what a build sends to the builder. Pure; no text of a file is in an error.
//!
//! ```text
//! bytes -> line (joined, here-documents) -> instruction (taken apart) -> stage (variables, inheritance)
//! ```
//!
//! Read after BuildKit's own frontend, and never refused as a whole: what Docker refuses is a line in
//! [`Dockerfile::faults`], and the rest is read on.

pub mod ignore;
mod instruction;
mod line;
mod shell;
mod stage;
mod word;

use std::num::NonZeroU32;

pub use instruction::{Command, Copy, Instruction, Pair, Raw, Run, What};
pub use shell::{assignments, commands};
pub use stage::{At, Base, By, Setting, Stage, bottom, find};
pub use word::UNKNOWN;

/// No file has more instructions, settings and sources of COPY together; what stands behind is a fault. The largest
/// public ones have a few hundred.
const MOST: usize = 5000;
/// Nor more stages, each of which takes over the settings of the one it is made from.
const MOST_STAGES: usize = 200;
/// Nor longer names of settings.
const LONGEST_NAME: usize = 256;

/// A Dockerfile, read.
pub struct Dockerfile {
    escape: char,
    /// Its instructions, in order.
    pub instructions: Vec<Instruction>,
    /// Lines that Docker refuses.
    pub faults: Vec<NonZeroU32>,
}

impl Dockerfile {
    /// Reads one. Bytes that are not UTF-8 are read as U+FFFD.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let text = zeroize::Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
        let line::Lines { escape, lines, mut faults } = line::read(&text);
        let mut instructions = Vec::with_capacity(lines.len().min(MOST));
        let (mut stages, mut weight) = (0, 0);
        for line in lines {
            let at = line.at;
            stages += usize::from(line.keyword == "FROM");
            let read = instruction::read(line, escape);
            weight += read.as_ref().map_or(1, weight_of);
            if weight > MOST || stages > MOST_STAGES {
                faults.push(at);
                break;
            }
            match read.filter(|read| !has_long_name(read)) {
                Some(instruction) => instructions.push(instruction),
                None => faults.push(at),
            }
        }
        // Before the first FROM there may only be ARG.
        let early = instructions.iter().take_while(|one| !matches!(one.what, What::From { .. }));
        faults.extend(early.filter(|one| !matches!(one.what, What::Arg(_))).map(|one| one.line));
        faults.sort_unstable();
        faults.dedup();
        Self { escape, instructions, faults }
    }

    /// The same, as a text inside another file that begins at this line of it.
    #[must_use]
    pub fn at(mut self, line: NonZeroU32) -> Self {
        let shift = |at: &mut NonZeroU32| *at = at.saturating_add(line.get() - 1);
        for one in &mut self.instructions {
            shift(&mut one.line);
            if let What::Onbuild(inner) = &mut one.what {
                shift(&mut inner.line);
            }
        }
        self.faults.iter_mut().for_each(shift);
        self
    }

    /// Whether it has a FROM: what has none is nothing that Docker builds.
    #[must_use]
    pub fn builds(&self) -> bool {
        self.instructions.iter().any(|one| matches!(one.what, What::From { .. }))
    }
}

fn pairs(one: &Instruction) -> &[Pair] {
    match &one.what {
        What::Arg(pairs) | What::Env(pairs) | What::Label(pairs) => pairs,
        _ => &[],
    }
}

fn weight_of(one: &Instruction) -> usize {
    let sources = match &one.what {
        What::Copy(copy) => copy.sources.len() + copy.excludes.len(),
        _ => 0,
    };
    1 + pairs(one).len() + sources
}

fn has_long_name(one: &Instruction) -> bool {
    pairs(one).iter().any(|pair| pair.name.len() > LONGEST_NAME)
}

impl std::fmt::Debug for Dockerfile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dockerfile({} instructions, faults {:?})", self.instructions.len(), self.faults)
    }
}

/// What stands behind a Dockerfile's name and makes something else of it: ignore files, templates that another program
/// fills, documents, code, copies.
const OTHER: [&[u8]; 37] = [
    b"dockerignore",
    b"containerignore",
    b"tt",
    b"erb",
    b"j2",
    b"jinja",
    b"jinja2",
    b"tmpl",
    b"tpl",
    b"template",
    b"mustache",
    b"hbs",
    b"ejs",
    b"in",
    b"md",
    b"rst",
    b"html",
    b"svg",
    b"png",
    b"js",
    b"ts",
    b"py",
    b"rb",
    b"go",
    b"rs",
    b"java",
    b"kt",
    b"php",
    b"json",
    b"yml",
    b"yaml",
    b"toml",
    b"bak",
    b"orig",
    b"old",
    b"swp",
    b"rej",
];

/// Whether a file of this name (no directory) is a Dockerfile: `Dockerfile`, `Dockerfile.prod`, `api.Dockerfile`,
/// `Containerfile`, in any case of letters; not `Dockerfile.dockerignore`.
#[must_use]
pub fn is_dockerfile(name: &[u8]) -> bool {
    // Every name of a work tree passes here: most leave at once, without a copy.
    if !name.windows(4).any(|part| part.eq_ignore_ascii_case(b"file")) {
        return false;
    }
    let name = name.to_ascii_lowercase();
    let is_other = |ending: &&[u8]| name.rsplit(|byte| *byte == b'.').next().is_some_and(|last| last == *ending);
    if OTHER.iter().any(is_other) {
        return false;
    }
    [b"dockerfile".as_slice(), b"containerfile"].iter().any(|base| {
        let after = name.strip_prefix(*base);
        let before = name.strip_suffix(*base);
        after.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"."))
            || before.is_some_and(|rest| rest.ends_with(b"."))
    })
}

/// The names of the ignore files of a Dockerfile, the one that counts first. The first stands beside the Dockerfile
/// and takes the place of the second, which stands at the build context's root; the two are never merged.
/// Source: <https://docs.docker.com/build/concepts/context/#filename-and-location>.
#[must_use]
pub fn ignore_file_names(dockerfile: &[u8]) -> [Vec<u8>; 2] {
    [[dockerfile, b".dockerignore"].concat(), b".dockerignore".to_vec()]
}

#[cfg(test)]
mod tests;
