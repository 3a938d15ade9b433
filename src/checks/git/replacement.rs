//! The command that replaces a secret in use which git contains.

use crate::checks::Context;
use crate::env::Key;
use crate::finding::Fact;
use crate::path::RelPath;
use crate::project::{FoundSecret, ProjectFile};

/// How a secret is replaced.
pub(in crate::checks) struct Replacement<'a> {
    /// What to do, with `{key}`, `{in_use}` and `{same_as}`.
    pub(in crate::checks) help: &'static str,
    /// Of a URL the key of the same file that has its password as a whole: who replaces that one replaces both.
    same_as: Option<&'a Key>,
}

impl<'a> Replacement<'a> {
    /// That of a key of an env file. There is no command for a file that is one secret as a whole, nor for a secret of
    /// another project.
    pub(in crate::checks) fn of(key: Option<&Key>, in_use: &RelPath, context: &Context<'a>) -> Self {
        let found = found(key, in_use, context);
        let same_as = found.and_then(|(file, secret)| same_as(file, secret));
        let help = match found {
            None => "replace the secret now, in {in_use} and where it is used",
            Some(_) if same_as.is_some() => "replace the secret now: envward rotation rotate {same_as} {in_use:sh}",
            Some((file, secret)) if file.is_previous(secret) => {
                "confirm the rotation now: envward rotation promote {base} {in_use:sh} --confirm"
            }
            Some((file, secret)) if file.is_by_hand(secret) => {
                "replace {the secret|each secret} now: envward rotation rotate {key} {in_use:sh} --stdin"
            }
            Some(_) => "replace {the secret|each secret} now: envward rotation rotate {key} {in_use:sh}",
        };
        Self { help, same_as }
    }

    /// The fact `same_as`.
    pub(in crate::checks) fn same_as(&self) -> Fact {
        self.same_as.map_or(Fact::None, |key| Fact::Key(key.clone()))
    }
}

fn found<'a>(key: Option<&Key>, in_use: &RelPath, context: &Context<'a>) -> Option<(&'a ProjectFile, &'a FoundSecret)> {
    let file = context.project.files.iter().find(|file| file.path == *in_use)?;
    let secret = file.secrets.iter().rfind(|secret| secret.key.is_some() && secret.key.as_ref() == key)?;
    (!secret.is_file()).then_some((file, secret))
}

fn same_as<'a>(file: &'a ProjectFile, url: &FoundSecret) -> Option<&'a Key> {
    let is_whole = |one: &&FoundSecret| !one.in_url && !one.is_file() && one.is_filled() && one.value.ct_eq(&url.value);
    let whole = file.in_use().filter(|one| url.in_url && !file.is_previous(one)).find(is_whole)?;
    whole.key.as_ref()
}
