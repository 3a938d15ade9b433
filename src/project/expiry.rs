//! The days on which values in use stop being valid: by a comment, by the value itself, or by the certificate in a file that
//! the value names.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use jiff::civil::Date;

use crate::docker::compose::{Location, MountKind, ProjectRoot, Stack};
use crate::env::names::{self, Role};
use crate::env::{Assignment, Document, Key};
use crate::environment::Environment;
use crate::files::{Link, Root};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::project::env_file::ProjectFile;
use crate::project::named_files::Named;
use crate::project::secrets::{FoundSecret, Stand};
use crate::secret::expiry::{self, Part};
use crate::secret::{Secret, class};

/// What says the day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExpirySource {
    /// `# envward: expires DATE` in this file, on this line.
    Comment(RelPath, NonZeroU32),
    /// Somebody recorded it in the ledger.
    Recorded,
    /// The value.
    Value(Part),
    /// The certificate in this file.
    File(RelPath, Part),
}

/// The day on which a value in use stops being valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpiryDate {
    /// The file with the value.
    pub file: RelPath,
    /// Its line; `None` where the value is all of the file.
    pub line: Option<NonZeroU32>,
    /// Its key as written, to compare with, never to print.
    pub name: String,
    /// Its key, where it may be printed.
    pub key: Option<Key>,
    /// What the file is for.
    pub environment: Environment,
    /// Whether the value is a secret, and not a certificate or a name.
    pub is_secret: bool,
    /// Whether envward cannot make a new value.
    pub by_hand: bool,
    /// The first day on which it is not valid, in UTC.
    pub day: Date,
    /// What says so.
    pub source: ExpirySource,
}

/// A comment that should say a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenExpiry {
    /// The file.
    pub file: RelPath,
    /// Its line.
    pub line: NonZeroU32,
    /// Whether it is above a key, and only its text is wrong.
    pub is_above_key: bool,
}

/// What a project says of expiry dates.
#[derive(Debug, Default)]
pub struct Expiries {
    /// The dates; of one value there may be several.
    pub dates: Vec<ExpiryDate>,
    /// The comments that say none.
    pub broken: Vec<BrokenExpiry>,
}

/// Where files are read.
pub(super) struct Disk<'a> {
    pub(super) root: &'a Root,
    pub(super) stacks: &'a [Stack],
    pub(super) named: &'a BTreeMap<RelPath, Named>,
    pub(super) problems: &'a mut Vec<Problem>,
}

impl Expiries {
    /// Of these files. What cannot be read of a certificate is a problem.
    pub(super) fn of(files: &[ProjectFile], disk: &mut Disk<'_>) -> Self {
        let mut all = Self::default();
        for file in files {
            if let Some(document) = file.document.as_ref().filter(|_| matches!(file.role, Role::Env | Role::Template)) {
                all.broken_in(file, document);
            }
        }
        let mut templates: BTreeMap<RelPath, Vec<&ProjectFile>> = BTreeMap::new();
        for file in files.iter().filter(|file| file.role == Role::Template) {
            templates.entry(file.path.parent()).or_default().push(file);
        }
        for file in files.iter().filter(|file| file.role == Role::Env) {
            let beside = templates.get(&file.path.parent()).map(Vec::as_slice).unwrap_or_default();
            match disk.named.get(&file.path) {
                Some(Named::Secret(name)) => all.whole_file(file, name, disk),
                _ => all.assignments(file, beside, disk),
            }
        }
        all.once_each_certificate();
        all
    }

    fn broken_in(&mut self, file: &ProjectFile, document: &Document) {
        let broken = document.expiry_comments().into_iter().filter(|one| one.day.is_none());
        self.broken.extend(broken.map(|one| {
            let (file, is_above_key) = (file.path.clone(), one.index.is_some());
            BrokenExpiry { file, line: one.line, is_above_key }
        }));
    }

    /// A file behind `secrets:`.
    fn whole_file(&mut self, file: &ProjectFile, name: &str, disk: &mut Disk<'_>) {
        // Whether it can be read at all was said where it was read as a secret.
        let Some(text) = disk.root.inspect(&file.path, true).and_then(|seen| seen.text) else { return };
        if let Some((day, part)) = disk.certificate(&file.path, &text).or_else(|| of(&text)) {
            self.dates.push(ExpiryDate {
                file: file.path.clone(),
                line: None,
                name: name.to_owned(),
                key: Key::printable(name.as_bytes()),
                environment: file.environment,
                is_secret: !file.secrets.is_empty(),
                by_hand: file.secrets.iter().any(|secret| file.is_by_hand(secret)),
                day,
                source: ExpirySource::Value(part),
            });
        }
    }

    fn assignments(&mut self, file: &ProjectFile, beside: &[&ProjectFile], disk: &mut Disk<'_>) {
        let own = comments(file);
        let templates = beside.iter().filter(|template| is_template_of(template, file));
        let templates: Vec<(&ProjectFile, Comments<'_>)> = templates.map(|one| (*one, comments(one))).collect();
        // Of a key that stands several times the last assignment counts.
        let last: BTreeMap<&[u8], usize> =
            file.assignments().filter_map(|(index, one)| Some((file.document.as_ref()?.name(one), index))).collect();
        for (index, assignment) in file.assignments() {
            let Some(document) = &file.document else { continue };
            let name = document.name(assignment);
            if last.get(name) != Some(&index) {
                continue;
            }
            let mut found: Vec<(Date, ExpirySource)> = Vec::new();
            // What stands above the key itself was written later than the template.
            let by_comment = own.get(name).map(|one| (file, one));
            let by_comment =
                by_comment.or_else(|| templates.iter().find_map(|(file, all)| Some((*file, all.get(name)?))));
            found.extend(by_comment.map(|(file, (day, line))| (*day, ExpirySource::Comment(file.path.clone(), *line))));
            found.extend(of(&assignment.value).map(|(day, part)| (day, ExpirySource::Value(part))));
            found.extend(disk.named_by(name, assignment, file));
            if found.is_empty() || !is_in_use(file, document, index, assignment) {
                continue;
            }
            let secret = file.secrets.iter().find(|secret| secret.stand == Stand::Assignment(index));
            let date = |(day, source)| ExpiryDate {
                file: file.path.clone(),
                line: Some(assignment.line),
                name: String::from_utf8_lossy(name).into_owned(),
                key: assignment.key.clone(),
                environment: file.environment,
                is_secret: secret.is_some(),
                by_hand: secret.is_some_and(|secret| file.is_by_hand(secret)),
                day,
                source,
            };
            self.dates.extend(found.into_iter().map(date));
        }
    }

    /// Leaves each certificate's file to the first key that names it: there is one thing to do.
    fn once_each_certificate(&mut self) {
        let mut known: Vec<RelPath> = Vec::new();
        self.dates.sort_by_key(|date| matches!(date.source, ExpirySource::Value(_)));
        self.dates.retain(|date| {
            let path = match &date.source {
                ExpirySource::File(path, _) => path,
                ExpirySource::Value(Part::Certificate { .. }) if date.line.is_none() => &date.file,
                _ => return true,
            };
            let is_new = !known.contains(path);
            known.push(path.clone());
            is_new
        });
    }
}

#[expect(clippy::disallowed_methods, reason = "the judge takes bytes")]
fn of(value: &Secret) -> Option<(Date, Part)> {
    expiry::of_value(value.expose())
}

/// The days that the comments of a file say, by key, with their lines. Of two above one key the earlier day counts.
type Comments<'a> = BTreeMap<&'a [u8], (Date, NonZeroU32)>;

fn comments(file: &ProjectFile) -> Comments<'_> {
    let mut found = Comments::new();
    let Some(document) = &file.document else { return found };
    for comment in document.expiry_comments() {
        let assignment = comment.index.and_then(|index| document.assignments().get(index));
        let (Some(assignment), Some(day)) = (assignment, comment.day) else { continue };
        let known = found.entry(document.name(assignment)).or_insert((day, comment.line));
        *known = (day, comment.line).min(*known);
    }
    found
}

/// Whether a template is that of an env file of its directory.
fn is_template_of(template: &ProjectFile, file: &ProjectFile) -> bool {
    names::env_file_of(template.path.file_name()).is_some_and(|name| name == file.path.file_name())
}

/// Whether something uses the value: it is not empty, and no placeholder of a secret.
fn is_in_use(file: &ProjectFile, document: &Document, index: usize, assignment: &Assignment) -> bool {
    let mut secrets = file.secrets.iter();
    let secret = secrets.find(|secret| secret.stand == Stand::Assignment(index));
    let is_filled = secret.is_none_or(FoundSecret::is_filled);
    is_filled && !assignment.value.is_empty() && !document.is_comment(assignment)
}

impl Disk<'_> {
    /// The end of the certificate in the file that a value names.
    fn named_by(&mut self, name: &[u8], assignment: &Assignment, file: &ProjectFile) -> Option<(Date, ExpirySource)> {
        let paths = self.paths(name, &assignment.value, file)?;
        for path in paths {
            let Some(seen) = self.root.inspect(&path, true).filter(|seen| seen.link != Some(Link::Outside)) else {
                continue;
            };
            if let Some(text) = &seen.text {
                let (day, part) = self.certificate(&path, text)?;
                return Some((day, ExpirySource::File(path, part)));
            }
            // What is too large is a list of authorities, if it is one of certificates at all.
            let unread = |one: &Problem| one.kind == ProblemKind::UnreadablePath;
            let new = seen.problems.into_iter().filter(unread).filter(|one| !self.problems.contains(one));
            let new: Vec<Problem> = new.collect();
            self.problems.extend(new);
        }
        None
    }

    /// The files below the root that a value may name: as seen from its own file, from the root, and from the containers
    /// that mount a directory of the project. Nothing outside is asked for.
    #[expect(clippy::disallowed_methods, reason = "a path is looked for in a value")]
    fn paths(&self, name: &[u8], value: &Secret, file: &ProjectFile) -> Option<Vec<RelPath>> {
        let name = std::str::from_utf8(name).ok()?;
        let text = std::str::from_utf8(value.expose()).ok()?;
        if !names_certificate(name) || !is_path(text) {
            return None;
        }
        let place = ProjectRoot::of(self.root.path());
        let mut paths = Vec::new();
        for base in [file.path.parent(), RelPath::default()] {
            match place.locate(&base, text) {
                Location::Below(path) if !path.is_root() => paths.push(path),
                _ => {}
            }
        }
        paths.extend(self.stacks.iter().flat_map(|stack| mounted_at(stack, text)));
        paths.dedup();
        Some(paths)
    }

    /// The end of a file's certificate. One that is there and cannot be read is a problem.
    #[expect(clippy::disallowed_methods, reason = "the judge takes bytes")]
    fn certificate(&mut self, path: &RelPath, text: &Secret) -> Option<(Date, Part)> {
        let text = text.expose();
        let found = expiry::of_certificates(text);
        if found.is_none() && expiry::is_broken(text) {
            let problem = Problem::at(ProblemKind::BrokenCertificate, path.clone());
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
        found
    }
}

/// Whether a key says that it names a certificate: `TLS_CERT_FILE`, `SSL_CERTIFICATE_PATH`, `caCert`.
fn names_certificate(name: &str) -> bool {
    const WORDS: [&str; 9] =
        ["CERT", "CERTS", "CERTFILE", "CERTPATH", "CERTIFICATE", "CRT", "FULLCHAIN", "SSLCERT", "TLSCERT"];
    class::words(name).iter().any(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// Whether a text has the form of a path to a certificate's file.
fn is_path(text: &str) -> bool {
    const ENDINGS: [&str; 4] = [".pem", ".crt", ".cer", ".cert"];
    let lower = text.to_ascii_lowercase();
    let is_named = text.contains('/') || ENDINGS.iter().any(|ending| lower.ends_with(ending));
    is_named && text.len() < 4096 && !text.contains("://") && !text.contains(['\n', '\0'])
}

/// The files of the project that stand at a path in a stack's containers.
fn mounted_at(stack: &Stack, text: &str) -> Vec<RelPath> {
    let mut found = Vec::new();
    for service in stack.services() {
        for mount in service.mounts().into_iter().filter(|mount| mount.kind == MountKind::Bind) {
            let Some(rest) = text.strip_prefix(mount.target.trim_end_matches('/')) else { continue };
            let source = mount.source.as_deref().unwrap_or_default();
            let Location::Below(below) = stack.locate(mount.place, source) else { continue };
            match rest.strip_prefix('/') {
                None if rest.is_empty() => found.push(below),
                Some(rest) if !rest.split('/').any(|part| part == "..") => found.push(below.join(rest.as_bytes())),
                _ => {}
            }
        }
    }
    found
}
