//! What each problem is called, and what is said of it.

use super::ProblemKind;

impl ProblemKind {
    /// Its word in reports, what happened, and what to do next.
    pub(super) fn text(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::UnreadablePath => (
                "unreadable-path",
                "cannot be read",
                "run as a user who may read it, or accept it in envward.toml with a reason",
            ),
            Self::VanishedFile => ("vanished-file", "disappeared while it was examined", "run again"),
            Self::NotAFile => (
                "not-a-file",
                "is not a regular file",
                "look at it: ls -l; a named pipe or a device there waits for a reader",
            ),
            Self::TooLarge => (
                "too-large",
                "is larger than envward reads, and was not read",
                "look at it yourself: an env file may have 4 MiB and 4096 keys, any other file 256 MiB",
            ),
            Self::ModesMeaningless => (
                "modes-meaningless",
                "is on a file system that does not keep file modes",
                "move it to a native file system, or accept it in envward.toml with a reason",
            ),
            Self::Unanswered => {
                ("unanswered", "the file system did not answer about it", "look at the mount; run again")
            }
            Self::NotARepository => (
                "not-a-repository",
                "this is not in a git repository",
                "give a path inside one, or run `envward check`",
            ),
            Self::ForeignOwner => (
                "foreign-owner",
                "the repository belongs to another user",
                "run as its owner, or trust it: git config --global --add safe.directory <its path>",
            ),
            Self::CorruptObject => (
                "corrupt-object",
                "is corrupt in the repository",
                "run `git fsck --full`, then restore from another clone",
            ),
            Self::MissingObject => (
                "missing-object",
                "is missing from the repository",
                "run `git fsck --full`, then `git fetch` from a complete clone",
            ),
            Self::ShallowClone => (
                "shallow-clone",
                "the clone is shallow: older history was not examined",
                "run `git fetch --unshallow` (in CI: fetch-depth: 0), or accept it with a reason",
            ),
            Self::PartialClone => (
                "partial-clone",
                "the clone is partial: some objects are not here and were not examined",
                "run `git fetch --refetch --no-filter`, or accept it with a reason",
            ),
            Self::UnsupportedRepository => (
                "unsupported-repository",
                "uses a repository format that this version cannot read",
                "examine a clone in the usual format (`git clone --ref-format=files`)",
            ),
            Self::BrokenIndex => {
                ("broken-index", "the index cannot be read", "run `git status`; it says what is wrong")
            }
            Self::BrokenRef => ("broken-ref", "cannot be resolved", "run `git fsck`; it says what is wrong"),
            Self::UnreadableGitConfig => (
                "unreadable-git-config",
                "git's configuration cannot be read",
                "run `git config --list`; HOME may be another user's",
            ),
            Self::NoRepositories => {
                ("no-repositories", "holds no git repository", "give a directory with repositories below it")
            }
            Self::BrokenConfiguration => (
                "broken-configuration",
                "has an envward.toml that is not valid, and was not scanned",
                "run `envward scan` on it alone: it names the line",
            ),
            Self::UnusableLedger => (
                "unusable-ledger",
                "the rotation ledger cannot be used: the secrets' ages are not known",
                "run `envward rotation status`; it says what is wrong and what to do",
            ),
            Self::BrokenDockerfile => (
                "broken-dockerfile",
                "is no Dockerfile that Docker builds: a line of it was not understood",
                "run `docker build --check`; it says which",
            ),
            Self::NoInspection => (
                "no-inspection",
                "is not what docker inspect writes",
                "docker inspect $(docker ps -q) | envward preflight --inspect -",
            ),
            Self::EmptyInspection => (
                "empty-inspection",
                "names no container and no image",
                "docker inspect $(docker ps -q) | envward preflight --inspect -",
            ),
            Self::NoScanReport => (
                "no-scan-report",
                "is no report of a scanner of images that envward knows",
                "trivy image --format json -o FILE IMAGE, or docker scout cves --format sarif",
            ),
            Self::BrokenCompose => (
                "broken-compose-file",
                "is not a compose file that Docker Compose accepts",
                "run `docker compose config`; it says what is wrong",
            ),
            Self::NothingToDeploy => (
                "nothing-to-deploy",
                "there is no compose file, no Dockerfile and no env file here",
                "give the directory that is deployed: envward preflight /srv/app",
            ),
            Self::OutwardLink => (
                "outward-link",
                "is a link out of the project: its secrets were not looked for",
                "look for them, too: envward scan --live FILE; or accept it with a reason",
            ),
            Self::OversizedGitFile => (
                "oversized-git-file",
                "is far larger than git makes it, and was not read",
                "look at it (ls -l); if it is damaged, examine a fresh clone",
            ),
            Self::ForeignWorkTree => (
                "foreign-work-tree",
                "core.worktree in the repository's configuration names another directory",
                "if nobody needs that setting: git config --unset core.worktree",
            ),
            Self::AmbiguousName => (
                "ambiguous-name",
                "are different commits, and the short name stands for both",
                "give the full name, or the whole id",
            ),
            Self::Internal => (
                "internal-error",
                "envward failed here, and did not look at the rest of it",
                "this is a bug: please report the place that standard error names",
            ),
            Self::EmptyRange => (
                "empty-range",
                "the range holds no commit: nothing was examined",
                "begin before what is new: --range BEFORE..HEAD, in CI the id that was pushed over",
            ),
            Self::NothingToCheck => (
                "nothing-to-check",
                "there is no file here",
                "give the project's directory; if it is this one, see whether a volume is mounted",
            ),
            Self::NothingSought => (
                "nothing-sought",
                "holds no secret that can be looked for: nothing was",
                "look at it: it may be empty, or its values are too short or too easy to tell from chance",
            ),
            Self::EnvFileGone => (
                "env-file-gone",
                "is gone, and with it a secret that was in use",
                "put it back; if that is meant, `envward rotation status` takes it down",
            ),
            Self::OutsideFile => (
                "outside-file",
                "uses a file outside of the project, which was not examined",
                "examine the directory that contains both, or accept it with a reason",
            ),
            Self::UnseenBuild => (
                "unseen-build",
                "builds an image that could not be examined",
                "examine where its files are; correct `build:`, or accept it with a reason",
            ),
            Self::UnknownEncoding => (
                "unknown-encoding",
                "is not in UTF-8 or UTF-16, and was not read",
                "convert it to UTF-8 (iconv), or accept it in envward.toml with a reason",
            ),
            Self::LfsPointer => (
                "lfs-pointer",
                "is kept by git LFS: its content is not here and was not read",
                "look at it yourself: git lfs pull; an env file belongs in no repository",
            ),
            Self::GitFailed => {
                ("git-failed", "git is needed here and did not answer", "install git, or look at `git status`")
            }
        }
    }
}
