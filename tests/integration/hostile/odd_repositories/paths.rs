//! The paths that envward, libgit2 or git read of a repository. A star stands for any name; the first one counts.

#[derive(Clone, Copy)]
pub enum Readers {
    /// Every verb: by such a file the repository is found, or it is read before anything else.
    All,
    /// Those that read objects or the index.
    Objects,
    /// Those that read history.
    History,
}

#[derive(Clone, Copy)]
pub struct Place {
    pub path: &'static str,
    pub readers: Readers,
    /// Whether without it there is no repository.
    pub makes_it_one: bool,
}

const fn all(path: &'static str) -> Place {
    Place { path, readers: Readers::All, makes_it_one: false }
}

const fn vital(path: &'static str) -> Place {
    Place { path, readers: Readers::All, makes_it_one: true }
}

const fn objects(path: &'static str) -> Place {
    Place { path, readers: Readers::Objects, makes_it_one: false }
}

const fn history(path: &'static str) -> Place {
    Place { path, readers: Readers::History, makes_it_one: false }
}

pub const ORDINARY: &[Place] = &[
    vital("repo/.git"),
    vital("repo/.git/HEAD"),
    vital("repo/.git/objects"),
    vital("repo/.git/refs"),
    all("repo/.git/config"),
    all("repo/.git/config.worktree"),
    all("repo/.git/commondir"),
    all("repo/.git/gitdir"),
    all("repo/included"),
    all("repo/excluded"),
    all("repo/attributed"),
    all("repo/.gitignore"),
    all("repo/.gitattributes"),
    all("repo/.gitmodules"),
    all("repo/.git/info"),
    all("repo/.git/info/exclude"),
    all("repo/.git/info/attributes"),
    all("repo/.git/info/sparse-checkout"),
    all("repo/.git/info/grafts"),
    all("repo/.git/shallow"),
    all("repo/.git/hooks"),
    all("repo/.git/hooks/pre-commit"),
    all("repo/.git/index"),
    all("repo/.git/packed-refs"),
    all("repo/.git/refs/heads"),
    all("repo/.git/refs/heads/main"),
    objects("repo/.git/refs/heads/dir"),
    objects("repo/.git/refs/tags/light"),
    objects("repo/.git/refs/tags/heavy"),
    objects("repo/.git/refs/stash"),
    objects("repo/.git/refs/notes/commits"),
    objects("repo/.git/refs/bisect/bad"),
    objects("repo/.git/refs/remotes/origin/HEAD"),
    objects("repo/.git/refs/remotes/origin/main"),
    objects("repo/.git/refs/replace/*"),
    objects("repo/.git/ORIG_HEAD"),
    objects("repo/.git/FETCH_HEAD"),
    objects("repo/.git/MERGE_HEAD"),
    objects("repo/.git/CHERRY_PICK_HEAD"),
    history("repo/.git/MERGE_MSG"),
    history("repo/.git/REVERT_HEAD"),
    history("repo/.git/AUTO_MERGE"),
    history("repo/.git/BISECT_LOG"),
    history("repo/.git/rebase-merge"),
    history("repo/.git/rebase-merge/orig-head"),
    history("repo/.git/rebase-merge/onto"),
    history("repo/.git/rebase-merge/head-name"),
    history("repo/.git/rebase-merge/git-rebase-todo"),
    history("repo/.git/rebase-merge/autostash"),
    history("repo/.git/rebase-apply"),
    history("repo/.git/rebase-apply/orig-head"),
    history("repo/.git/rebase-apply/head-name"),
    history("repo/.git/sequencer"),
    history("repo/.git/sequencer/head"),
    history("repo/.git/sequencer/todo"),
    history("repo/.git/logs"),
    history("repo/.git/logs/HEAD"),
    history("repo/.git/logs/refs"),
    history("repo/.git/logs/refs/heads/main"),
    history("repo/.git/logs/refs/stash"),
    objects("repo/.git/objects/info"),
    objects("repo/.git/objects/info/alternates"),
    objects("repo/.git/objects/info/commit-graph"),
    objects("repo/.git/objects/info/commit-graphs"),
    objects("repo/.git/objects/info/commit-graphs/commit-graph-chain"),
    objects("repo/.git/objects/info/commit-graphs/graph-*.graph"),
    objects("repo/.git/objects/info/packs"),
    objects("repo/.git/objects/pack"),
    objects("repo/.git/objects/pack/pack-*.pack"),
    objects("repo/.git/objects/pack/pack-*.idx"),
    objects("repo/.git/objects/pack/pack-*.rev"),
    objects("repo/.git/objects/pack/pack-*.bitmap"),
    objects("repo/.git/objects/pack/pack-*.mtimes"),
    objects("repo/.git/objects/pack/pack-odd.promisor"),
    objects("repo/.git/objects/pack/pack-odd.keep"),
    objects("repo/.git/objects/pack/multi-pack-index"),
    objects("repo/.git/objects/pack/multi-pack-index.d"),
    objects("repo/loose-object-dir"),
    objects("repo/loose-object"),
    history("repo/.git/worktrees"),
    history("repo/.git/worktrees/w"),
    history("repo/.git/worktrees/w/HEAD"),
    history("repo/.git/worktrees/w/gitdir"),
    history("repo/.git/worktrees/w/commondir"),
    history("repo/.git/worktrees/w/index"),
    history("repo/.git/worktrees/w/logs/HEAD"),
    history("repo/.git/modules"),
];

pub const LINKED: &[Place] = &[
    vital("w/.git"),
    vital("repo/.git/worktrees/w/HEAD"),
    vital("repo/.git/worktrees/w/commondir"),
    all("repo/.git/worktrees/w/gitdir"),
    all("repo/.git/worktrees/w/index"),
    all("repo/.git/worktrees/w/config.worktree"),
    all("repo/.git/worktrees/w/info/sparse-checkout"),
    history("repo/.git/worktrees/w/logs/HEAD"),
    history("repo/.git/worktrees/w/ORIG_HEAD"),
    history("repo/.git/worktrees/w/locked"),
    vital("repo/.git/config"),
    all("repo/.git/info/exclude"),
    all("repo/.git/info/grafts"),
    all("repo/.git/shallow"),
    all("repo/.git/packed-refs"),
    all("repo/.git/refs/heads/w"),
    all("repo/.git/objects/info/alternates"),
    history("repo/.git/HEAD"),
    history("repo/.git/index"),
];

pub const SUBMODULE: &[Place] = &[
    vital("super/m/.git"),
    vital("super/.git/modules/m/HEAD"),
    all("super/.git/modules/m/config"),
    all("super/.git/modules/m/index"),
    all("super/.git/modules/m/packed-refs"),
    all("super/.git/modules/m/shallow"),
    all("super/.git/modules/m/info/grafts"),
    all("super/.git/modules/m/objects/info/alternates"),
    all("super/.git/modules/m/refs/heads/main"),
    objects("super/.git/modules/m/objects/pack/pack-*.idx"),
    history("super/.git/modules/m/logs/HEAD"),
];

pub const WITH_SUBMODULE: &[Place] = &[
    history("super/.gitmodules"),
    history("super/m/.git"),
    history("super/.git/modules"),
    history("super/.git/modules/m"),
    history("super/.git/modules/m/HEAD"),
    history("super/.git/modules/m/config"),
    history("super/.git/modules/m/commondir"),
    history("super/.git/modules/m/index"),
    history("super/.git/modules/m/packed-refs"),
    history("super/.git/modules/m/shallow"),
    history("super/.git/modules/m/objects"),
    history("super/.git/modules/m/objects/info/alternates"),
    history("super/.git/modules/m/objects/pack/pack-*.idx"),
    history("super/.git/modules/m/objects/pack/pack-*.pack"),
    history("super/.git/modules/m/refs/heads/main"),
    history("super/.git/modules/m/logs/HEAD"),
];

pub const REFTABLE: &[Place] = &[
    vital("repo/.git/HEAD"),
    all("repo/.git/config"),
    all("repo/.git/reftable"),
    all("repo/.git/reftable/tables.list"),
    all("repo/.git/reftable/*.ref"),
    all("repo/.git/refs/heads"),
    objects("repo/.git/packed-refs"),
];

pub const SHA_256: &[Place] = &[
    all("repo/.git/config"),
    all("repo/.git/index"),
    all("repo/.git/refs/heads/main"),
    objects("repo/.git/objects/pack/pack-*.idx"),
    objects("repo/.git/objects/pack/pack-*.pack"),
    objects("repo/.git/objects/pack/multi-pack-index"),
];

pub const SPLIT_INDEX: &[Place] = &[all("repo/.git/index"), all("repo/.git/sharedindex.*")];

pub const SPARSE_INDEX: &[Place] =
    &[all("repo/.git/index"), all("repo/.git/info/sparse-checkout"), all("repo/.git/config.worktree")];

pub const PARTIAL: &[Place] = &[
    all("repo/.git/config"),
    objects("repo/.git/objects/pack/pack-*.promisor"),
    objects("repo/.git/objects/pack/pack-*.idx"),
    objects("repo/.git/objects/pack/pack-*.pack"),
];

pub const SHALLOW: &[Place] = &[all("repo/.git/shallow"), all("repo/.git/packed-refs"), all("repo/.git/FETCH_HEAD")];

pub const BORROWING: &[Place] = &[
    all("repo/.git/objects/info/alternates"),
    objects("source/.git/objects"),
    objects("source/.git/objects/info/alternates"),
    objects("source/.git/objects/pack/pack-*.idx"),
    objects("source/.git/objects/pack/pack-*.pack"),
];

pub const BARE: &[Place] = &[
    vital("bare.git/HEAD"),
    vital("bare.git/objects"),
    vital("bare.git/refs"),
    all("bare.git/config"),
    all("bare.git/packed-refs"),
    all("bare.git/description"),
    all("bare.git/index"),
    all("bare.git/info/attributes"),
    objects("bare.git/objects/pack/pack-*.idx"),
    objects("bare.git/objects/pack/pack-*.pack"),
];
