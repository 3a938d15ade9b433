//! The compose files and Dockerfiles of the index, and of a commit that is examined by itself.

use super::blob::SYMLINK;
use super::live::Values;
use super::staged::Holder;
use crate::config::Config;
use crate::files::READ_LIMIT;
use crate::finding::Origin;
use crate::git::{Oid, Repository, Staged};
use crate::problem::{Problem, ProblemKind};
use crate::project::{TextKind, WrittenSecret, WrittenText};
use crate::secret::{GroupKey, Secret};

/// One of them, beside what HEAD (of a commit: its parent) has there.
#[derive(Debug)]
pub struct StagedText {
    /// The entry.
    pub entry: Staged,
    /// What has it.
    pub holder: Holder,
    /// Its content.
    pub text: WrittenText,
    /// The secrets of the version before.
    pub head: Vec<WrittenSecret>,
}

impl StagedText {
    /// Where findings about it stand.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.holder.origin(&self.entry)
    }

    /// Whether the version before has this value.
    #[must_use]
    pub fn had(&self, value: &Secret) -> bool {
        has(&self.head, value)
    }

    /// Forgets the values in use: those are reported as such.
    pub fn forget(&mut self, values: &Values, group: &GroupKey) {
        self.text.secrets.retain(|secret| !values.has(group.tag(&secret.value)));
    }

    /// Forgets what the version before has, too.
    pub fn forget_old(&mut self) {
        let Self { text, head, .. } = self;
        text.secrets.retain(|secret| !has(head, &secret.value));
    }

    /// Reads an entry of a kind; `None` for what is neither a compose file nor a Dockerfile. One that is and cannot be parsed,
    /// or is too large, is told among `unparsed`: nothing in it can be judged.
    ///
    /// # Errors
    /// A blob that cannot be read.
    pub fn read(
        repository: &Repository,
        entry: &Staged,
        kind: Option<TextKind>,
        holder: &Holder,
        config: &Config,
        unparsed: &mut Vec<Problem>,
    ) -> Result<Option<Self>, Problem> {
        let name = entry.path.file_name();
        let Some(kind) = kind.filter(|_| entry.mode != SYMLINK) else { return Ok(None) };
        let at = |problem| Problem { path: Some(entry.path.clone()), ..problem };
        let read = |blob: Oid, problems: &mut Vec<Problem>| match repository.blob(blob, READ_LIMIT) {
            Ok(text) => Ok(Some(WrittenText::read(&entry.path, kind, &text, config, problems))),
            Err(problem) if problem.kind == ProblemKind::TooLarge => {
                problems.push(at(problem));
                Ok(None)
            }
            Err(problem) => Err(at(problem)),
        };
        let mut problems = Vec::new();
        let text = read(entry.blob, &mut problems)?;
        // Of a copy or an example nobody says that Docker reads it.
        let is_in_use = WrittenText::is_in_use(name) || WrittenText::kind(name).is_none();
        unparsed.extend(problems.into_iter().filter(|_| is_in_use));
        let Some(text) = text else { return Ok(None) };
        // What stops nothing needs no comparison.
        let before = match entry.head {
            _ if text.secrets.is_empty() => Vec::new(),
            Some(head) => Some(head).into_iter().filter(|head| *head != entry.blob).collect(),
            None => siblings(repository, entry, holder, kind)?,
        };
        let mut head = Vec::new();
        for blob in before {
            head.extend(read(blob, &mut Vec::new())?.into_iter().flat_map(|before| before.secrets));
        }
        Ok(Some(Self { entry: entry.clone(), holder: holder.clone(), text, head }))
    }
}

/// The names under which Docker looks for a file of a kind: a new file may be an old one under another of them.
fn usual_names(kind: TextKind) -> &'static [&'static str] {
    match kind {
        TextKind::Compose => &["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"],
        TextKind::Dockerfile => &["Dockerfile", "Containerfile"],
    }
}

/// What the version before has beside a new file under the usual names: what it says there is no secret that is new.
fn siblings(repository: &Repository, entry: &Staged, holder: &Holder, kind: TextKind) -> Result<Vec<Oid>, Problem> {
    let before = match holder {
        Holder::Index => repository.head()?,
        Holder::Commit(commit) => repository.parents(commit.id)?.first().copied(),
        Holder::Ref => None,
    };
    let Some(before) = before else { return Ok(Vec::new()) };
    let dir = entry.path.parent();
    let names = usual_names(kind).iter().map(|name| dir.join(name.as_bytes()));
    let found = names.map(|path| repository.at_commit(before, &path));
    found.filter_map(Result::transpose).collect()
}

fn has(secrets: &[WrittenSecret], value: &Secret) -> bool {
    secrets.iter().any(|secret| secret.value.ct_eq(value))
}
