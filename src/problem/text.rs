//! The word of each problem, its message and its help.

use super::ProblemKind;

impl ProblemKind {
    /// The word in reports, what happened, and what to do next.
    pub(super) fn text(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::UnreadablePath => (
                "unreadable-path",
                "cannot be read",
                "run envward as a user who can read this path, or accept the problem in envward.toml with a reason",
            ),
            Self::VanishedFile => {
                ("vanished-file", "disappeared while envward examined the project", "run the command again")
            }
            Self::NotAFile => (
                "not-a-file",
                "is not a regular file",
                "remove this pipe, socket or device, or move it out of the project; to see what it is: ls -l",
            ),
            Self::TooLarge => (
                "too-large",
                "is too large for envward, and was not read",
                "examine the file yourself; the limits are 4 MiB and 4096 keys for an env file, 256 MiB for other files",
            ),
            Self::ModesMeaningless => (
                "modes-meaningless",
                "is on a file system that does not keep file modes",
                "move the project to a native file system, or accept the problem in envward.toml with a reason",
            ),
            Self::Unanswered => (
                "unanswered",
                "the file system did not answer a question about this file",
                "check that the file system is mounted, and run the command again",
            ),
            Self::NotARepository => (
                "not-a-repository",
                "this path is not in a git repository",
                "give a path in a git repository, or run: envward check",
            ),
            Self::ForeignOwner => (
                "foreign-owner",
                "the repository belongs to another user",
                "run envward as the owner, or trust the repository: git config --global --add safe.directory PATH",
            ),
            Self::CorruptObject => (
                "corrupt-object",
                "is corrupt in the repository",
                "run `git fsck --full`, then restore the object from another clone",
            ),
            Self::MissingObject => (
                "missing-object",
                "is missing from the repository",
                "run `git fsck --full`, then `git fetch` from a complete clone",
            ),
            Self::ShallowClone => (
                "shallow-clone",
                "the clone is shallow, so older history was not examined",
                "run `git fetch --unshallow` (in CI: fetch-depth: 0), or accept the problem with a reason",
            ),
            Self::PartialClone => (
                "partial-clone",
                "the clone is partial, so some objects are missing and were not examined",
                "run `git fetch --refetch --no-filter`, or accept the problem with a reason",
            ),
            Self::UnsupportedRepository => (
                "unsupported-repository",
                "uses a repository format that this version cannot read",
                "examine a clone in the usual format: git clone --ref-format=files",
            ),
            Self::BrokenIndex => (
                "broken-index",
                "the git index cannot be read, so staged and tracked files were not examined",
                "find out what is wrong: git status",
            ),
            Self::BrokenRef => ("broken-ref", "cannot be resolved", "find out what is wrong: git fsck"),
            Self::UnreadableGitConfig => (
                "unreadable-git-config",
                "git's configuration cannot be read",
                "check whether HOME belongs to another user, and find out what is wrong: git config --list",
            ),
            Self::NoRepositories => {
                ("no-repositories", "contains no git repository", "give a directory that contains repositories")
            }
            Self::BrokenConfiguration => (
                "broken-configuration",
                "has an invalid envward.toml, and was not scanned",
                "find the wrong line by scanning only this repository: envward scan PATH",
            ),
            Self::UnusableLedger => (
                "unusable-ledger",
                "the ledger cannot be used, so the ages of secrets are not known",
                "find out what is wrong: envward rotation status",
            ),
            Self::BrokenDockerfile => (
                "broken-dockerfile",
                "has a line that is not valid in a Dockerfile",
                "find the wrong line: docker build --check",
            ),
            Self::NoInspection => (
                "no-inspection",
                "is not the output of docker inspect",
                "run: docker inspect $(docker ps -q) | envward preflight --inspect -",
            ),
            Self::EmptyInspection => (
                "empty-inspection",
                "contains no container and no image",
                "run: docker inspect $(docker ps -q) | envward preflight --inspect -",
            ),
            Self::NoScanReport => (
                "no-scan-report",
                "is not a report of an image scanner that envward knows",
                "use a report of `trivy image --format json -o FILE IMAGE` or `docker scout cves --format sarif`",
            ),
            Self::BrokenCompose => (
                "broken-compose-file",
                "is not a compose file that Docker Compose accepts",
                "find out what is wrong: docker compose config",
            ),
            Self::NothingToDeploy => (
                "nothing-to-deploy",
                "there is no compose file, no Dockerfile and no env file here",
                "give the directory that you deploy: envward preflight /srv/app",
            ),
            Self::OutwardLink => (
                "outward-link",
                "is a link out of the project, and was not read",
                "run envward check at its target too, and accept the problem here with a reason; for one scan: envward scan --live FILE",
            ),
            Self::OversizedGitFile => (
                "oversized-git-file",
                "is much larger than git writes such files, and was not read",
                "check the file (ls -l); if it is damaged, examine a fresh clone",
            ),
            Self::ForeignWorkTree => (
                "foreign-work-tree",
                "core.worktree in the repository's configuration names another directory",
                "remove the setting if nobody needs it: git config --unset core.worktree",
            ),
            Self::AmbiguousName => (
                "ambiguous-name",
                "are different commits with the same short name",
                "give the full name or the full id",
            ),
            Self::Internal => (
                "internal-error",
                "envward failed here, and did not examine the rest",
                "report this bug, with the place that standard error names",
            ),
            Self::EmptyRange => (
                "empty-range",
                "the range contains no commit, so nothing was examined",
                "start the range before the new commits: --range BEFORE..HEAD (in CI, the id before the push)",
            ),
            Self::NothingToCheck => (
                "nothing-to-check",
                "there is no file here",
                "give the directory of the project; if this is the directory, check whether its volume is mounted",
            ),
            Self::NothingSought => (
                "nothing-sought",
                "contains no secret that can be searched for, so nothing was searched for",
                "check the file: it may be empty, or its values may be too short or too easy to guess",
            ),
            Self::EnvFileGone => (
                "env-file-gone",
                "no longer exists, although it contained a secret in use",
                "restore the file; or, if you deleted it on purpose, record that: envward rotation status",
            ),
            Self::OutsideFile => (
                "outside-file",
                "uses a file outside the project, which was not examined",
                "examine a directory that contains both, or accept the problem with a reason",
            ),
            Self::UnseenBuild => (
                "unseen-build",
                "builds an image that could not be examined",
                "correct `build:`, run envward where the files are, or accept the problem with a reason",
            ),
            Self::UnknownEncoding => (
                "unknown-encoding",
                "is not in UTF-8 or UTF-16, and was not read",
                "convert the file to UTF-8 (iconv), or accept the problem in envward.toml with a reason",
            ),
            Self::LfsPointer => (
                "lfs-pointer",
                "is stored in git LFS, so its content is not here and was not read",
                "remove env files from the repository; to get the content of the file: git lfs pull",
            ),
            Self::BrokenCertificate => (
                "broken-certificate",
                "contains a certificate that cannot be read, so its expiry date is not known",
                "find out what is wrong: openssl x509 -noout -enddate -in FILE",
            ),
            Self::BrokenExpiryDate => (
                "broken-expiry-date",
                "has an `# envward: expires` comment that cannot be read",
                "write it on a line of its own directly above the key, such as: # envward: expires 2027-03-01",
            ),
            Self::UnreadableArchive => (
                "unreadable-archive",
                "is an archive that is damaged, encrypted or too large, so not all of it was searched",
                "unpack the archive and search its files: envward trace FOLDER; or accept the problem with a reason",
            ),
            Self::NetworkFileSystem => (
                "network-file-system",
                "is a network file system, which was not searched",
                "search it by naming it: envward trace PATH",
            ),
            Self::Interrupted => {
                ("interrupted", "the search was interrupted, so the rest was not searched", "run the command again")
            }
            Self::NotFixed => (
                "not-fixed",
                "could not be fixed",
                "check the owner and mode (`ls -la`) and the free space (`df -h`), and run the command again",
            ),
            Self::NoReport => (
                "no-report",
                "is not a report with the schema envward.report/1",
                "give what check, scan, trace or preflight wrote with --format json, or scan with --format jsonl",
            ),
            Self::EmptyReport => (
                "empty-report",
                "contains no report",
                "check whether the command that writes the reports ran, and where it writes them",
            ),
            Self::NewerReport => (
                "newer-report",
                "was written by a later version of envward",
                "install that version here, or one that is not older",
            ),
            Self::CutReport => (
                "cut-report",
                "is a report that was cut off or changed",
                "write this report again: the command that wrote it may have been killed, or the disk was full",
            ),
            Self::RepeatedReport => (
                "repeated-report",
                "is a second report of the same repository, and was not counted",
                "give one report for each repository, and scan each under its own path",
            ),
            Self::UnusableState => (
                "unusable-state",
                "the state of earlier scans cannot be used, so every finding counts as new",
                "check the owner and mode of the state directory (`ls -la`); it must not be in the repository",
            ),
            Self::GitFailed => (
                "git-failed",
                "git is needed here but did not answer",
                "install git, or find out what is wrong: git status",
            ),
        }
    }
}
