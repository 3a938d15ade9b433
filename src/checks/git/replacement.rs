//! The command that replaces a secret: of one that has the same value as another, the command of that one.

use crate::checks::Context;
use crate::env::Key;
use crate::finding::{Fact, Finding};
use crate::path::RelPath;
use crate::project::{FoundSecret, ProjectFile};

/// How a secret is replaced.
pub(in crate::checks) struct Replacement<'a> {
    /// What to do, with `{key}`, `{in_use}`, `{same_as}` and `{same_as_in}`.
    pub(in crate::checks) help: &'static str,
    /// The secret with the same value whose command replaces both.
    twin: Option<Twin<'a>>,
}

/// A secret that is replaced in the place of another one.
struct Twin<'a> {
    file: &'a ProjectFile,
    secret: &'a FoundSecret,
    key: &'a Key,
    /// Whether it is in another file.
    is_elsewhere: bool,
}

impl<'a> Replacement<'a> {
    /// That of a key of an env file. There is no command for a file that is one secret as a whole, nor for a secret of
    /// another project.
    pub(in crate::checks) fn of(key: Option<&Key>, in_use: &RelPath, context: &Context<'a>) -> Self {
        let found = found(key, in_use, context);
        let twin = found.and_then(|(file, secret)| Twin::of(file, secret, context));
        let help = match (found, &twin) {
            (None, _) => "replace the secret now, in {in_use} and where it is used",
            (Some(_), Some(twin)) => twin.help(),
            (Some((file, secret)), None) if file.is_previous(secret) => {
                "confirm the rotation now: envward rotation promote {base} {in_use:sh} --confirm"
            }
            (Some((file, secret)), None) if file.is_by_hand(secret) => {
                "replace {the secret|each secret} now: envward rotation rotate {key} {in_use:sh} --stdin"
            }
            (Some(_), None) => "replace {the secret|each secret} now: envward rotation rotate {key} {in_use:sh}",
        };
        Self { help, twin }
    }

    /// Adds the facts `same_as` and `same_as_in` to a finding.
    pub(in crate::checks) fn facts(&self, finding: Finding) -> Finding {
        let key = self.twin.as_ref().map_or(Fact::None, |twin| Fact::Key(twin.key.clone()));
        let elsewhere = self.twin.as_ref().filter(|twin| twin.is_elsewhere);
        let file = elsewhere.map_or(Fact::None, |twin| Fact::Path(twin.file.path.clone()));
        finding.fact("same_as", key).fact("same_as_in", file)
    }
}

impl<'a> Twin<'a> {
    fn of(file: &'a ProjectFile, secret: &'a FoundSecret, context: &Context<'a>) -> Option<Self> {
        Self::beside(file, secret).or_else(|| {
            let (path, key) = context.project.twin(&file.path, secret.key.as_ref()?, context.config, context.group)?;
            let (twin, secret) = found(Some(key), path, context)?;
            Some(Self { file: twin, secret, key, is_elsewhere: twin.path != file.path })
        })
    }

    /// Of a URL the key of the same file that has its password as a whole, however weak that is.
    fn beside(file: &'a ProjectFile, url: &FoundSecret) -> Option<Self> {
        let is_whole =
            |one: &&FoundSecret| !one.in_url && !one.is_file() && one.is_filled() && one.value.ct_eq(&url.value);
        let secret = file.in_use().filter(|one| url.in_url && !file.is_previous(one)).find(is_whole)?;
        Some(Self { file, secret, key: secret.key.as_ref()?, is_elsewhere: false })
    }

    fn help(&self) -> &'static str {
        match (self.is_elsewhere, self.file.is_by_hand(self.secret)) {
            (false, false) => "replace the secret now: envward rotation rotate {same_as} {in_use:sh}",
            (false, true) => "replace the secret now: envward rotation rotate {same_as} {in_use:sh} --stdin",
            (true, false) => "replace the secret now: envward rotation rotate {same_as} {same_as_in:sh}",
            (true, true) => "replace the secret now: envward rotation rotate {same_as} {same_as_in:sh} --stdin",
        }
    }
}

fn found<'a>(key: Option<&Key>, in_use: &RelPath, context: &Context<'a>) -> Option<(&'a ProjectFile, &'a FoundSecret)> {
    let file = context.project.files.iter().find(|file| file.path == *in_use)?;
    let secret = file.secrets.iter().rfind(|secret| secret.key.is_some() && secret.key.as_ref() == key)?;
    (!secret.is_file()).then_some((file, secret))
}
