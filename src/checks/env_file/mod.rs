//! The env files of the work tree: who can open them, where they are, how readers understand them.

mod broken_hash;
mod cheap_hash;
mod duplicate_key;
mod env_file_acl;
mod env_file_copy;
mod env_file_directory;
mod env_file_hard_link;
mod env_file_in_build_context;
pub(crate) mod env_file_mode;
mod env_file_owner;
mod env_file_symlink;
mod executed_by_reader;
mod hash_rewritten;
mod missing_key;
mod plain_admin_key;
mod readers_disagree;
mod rewritten_by_compose;
mod template_missing;
pub(crate) mod unused_ignore;

use crate::checks::Rule;

/// The checks of this group.
pub(super) static RULES: &[Rule] = rules![
    broken_hash,
    cheap_hash,
    duplicate_key,
    env_file_acl,
    env_file_copy,
    env_file_directory,
    env_file_hard_link,
    env_file_in_build_context,
    env_file_mode,
    env_file_owner,
    env_file_symlink,
    executed_by_reader,
    hash_rewritten,
    missing_key,
    plain_admin_key,
    readers_disagree,
    rewritten_by_compose,
    template_missing,
    unused_ignore,
];
