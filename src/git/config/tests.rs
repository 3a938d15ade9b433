//! Against `git config --list`, with every kind of include.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Config, Home, Said};
use crate::problem::ProblemKind;

struct Ground {
    home: tempfile::TempDir,
}

impl Ground {
    fn new() -> Self {
        let ground = Self { home: tempfile::tempdir().unwrap() };
        ground.git(&["init", "-q", "-b", "feature/x", "repo"]);
        ground
    }

    fn top(&self) -> PathBuf {
        self.home.path().canonicalize().unwrap()
    }

    fn git(&self, args: &[&str]) -> Vec<u8> {
        let mut command = Command::new("git");
        command.current_dir(self.home.path()).env_clear().env("PATH", std::env::var_os("PATH").unwrap());
        command.env("HOME", self.top()).env("GIT_CONFIG_SYSTEM", "/etc/gitconfig");
        let output = command.args(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.top().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn home(&self) -> Home {
        Home { home: Some(self.top()), git: Some(self.top().join(".config/git")) }
    }

    fn read(&self) -> Result<Config, ProblemKind> {
        let git_dir = self.top().join("repo/.git");
        Config::read(&git_dir, &git_dir, self.home()).map_err(|problem| problem.kind)
    }

    /// Ours and git's, in their order, each with its file. A setting without a value has no line end behind its name.
    #[track_caller]
    fn compare(&self) -> usize {
        let text = self.git(&["-C", "repo", "config", "--list", "--show-origin", "-z"]);
        let mut words = text.split(|byte| *byte == 0);
        let mut git = Vec::new();
        while let (Some(origin), Some(setting)) = (words.next().filter(|word| !word.is_empty()), words.next()) {
            let file = std::str::from_utf8(origin.strip_prefix(b"file:").unwrap()).unwrap();
            git.push([self.top().join("repo").join(file).to_str().unwrap().as_bytes(), b" ", setting].concat());
        }
        let read = self.read().unwrap();
        let of = |Said { line, file }: &Said| {
            let value = line.value.as_ref().map(|value| [b"\n", &value[..]].concat()).unwrap_or_default();
            [file.to_str().unwrap().as_bytes(), b" ", &line.name, &value].concat()
        };
        let ours: Vec<Vec<u8>> = read.settings.iter().map(of).collect();
        let show =
            |all: &[Vec<u8>]| all.iter().map(|one| String::from_utf8_lossy(one).into_owned()).collect::<Vec<_>>();
        assert_eq!(show(&ours), show(&git));
        ours.len()
    }

    fn repo(&self, more: &str) {
        self.write("repo/.git/config", &format!("[core]\n\trepositoryformatversion = 0\n{more}"));
    }
}

#[test]
fn levels_and_includes() {
    let ground = Ground::new();
    ground.write(".gitconfig", "[user]\n\tname = A\n[include]\n\tpath = more\n\tpath = ~/nothing\n");
    ground.write("more", "[core]\n\texcludesFile = ~/ignored\n[include] path=\"deep/er\"\n");
    ground.write("deep/er", "[alias]\n\tx = \"!echo \\\"hi\\\"\" ; no\n");
    ground.write(".config/git/config", "[core] ignorecase\n");
    ground.repo("[remote \"o.r\"]\n\turl = https://example.invalid/a.git\n");
    let base = ground.compare();
    assert!(base >= 6);
    ground.repo("[extensions]\n\tworktreeConfig = true\n");
    ground.write("repo/.git/config.worktree", "[core]\n\thooksPath = elsewhere\n");
    ground.compare();
    let read = ground.read().unwrap();
    assert_eq!(read.path("core.excludesfile"), Some(ground.top().join("ignored")));
    assert_eq!(read.path("core.hookspath"), Some(PathBuf::from("elsewhere")));
    assert!(read.is_true("core.ignorecase"));
}

#[test]
fn conditions_as_git_has_them() {
    let ground = Ground::new();
    let top = ground.top();
    let top = top.to_str().unwrap();
    let last = Path::new(top).file_name().unwrap().to_str().unwrap();
    let conditions = [
        format!("gitdir:{top}/repo/.git"),
        format!("gitdir:{top}/"),
        format!("gitdir:{top}/other/"),
        "gitdir:~/".to_owned(),
        "gitdir:~/repo/".to_owned(),
        "gitdir:repo/".to_owned(),
        "gitdir:REPO/".to_owned(),
        "gitdir/i:REPO/".to_owned(),
        format!("gitdir:{last}/**"),
        "gitdir:./repo/.git".to_owned(),
        "gitdir:*/repo/.git".to_owned(),
        "onbranch:feature/".to_owned(),
        "onbranch:feature/x".to_owned(),
        "onbranch:x".to_owned(),
        "onbranch:**/x".to_owned(),
        "onbranch:main".to_owned(),
        "hasconfig:remote.*.url:https://example.invalid/**".to_owned(),
        "hasconfig:remote.*.url:https://example.invalid/*".to_owned(),
        "hasconfig:remote.*.url:ssh://*".to_owned(),
        "hasconfig:other:x".to_owned(),
        "unknown:x".to_owned(),
        "none".to_owned(),
    ];
    let mut met = 0;
    for place in [".gitconfig", "repo/.git/config"] {
        for (number, condition) in conditions.iter().enumerate() {
            ground.repo("");
            let text = format!("[includeIf \"{condition}\"]\n\tpath = {top}/included\n");
            ground.write("included", &format!("[seen]\n\tit = {number}\n"));
            ground.write(".gitconfig", if place == ".gitconfig" { &text } else { "" });
            let remote = "[remote \"a\"]\n\turl = https://example.invalid/b/c.git\n";
            ground.repo(&format!("{}{remote}", if place == ".gitconfig" { "" } else { &text }));
            ground.compare();
            met += usize::from(ground.read().unwrap().value("seen.it").is_some());
        }
    }
    assert!((20..40).contains(&met), "{met}");
}

#[test]
fn what_cannot_be_read_is_a_problem() {
    let ground = Ground::new();
    let pipe = ground.top().join("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let pipe = pipe.to_str().unwrap();
    // Another reader may take a condition for met.
    for text in [
        format!("[include]\n\tpath = {pipe}\n"),
        format!("[includeIf \"gitdir:/nowhere/\"]\n\tpath = {pipe}\n"),
        "[include]\n\tpath = /dev/zero\n".to_owned(),
        "[include]\n\tpath = /\n".to_owned(),
    ] {
        ground.repo(&text);
        assert_eq!(ground.read().unwrap_err(), ProblemKind::NotAFile, "{text}");
    }
    for text in ["[core\n", "[a]\nb = \"c\n", "[include]\n\tpath = config\n"] {
        ground.repo(text);
        assert_eq!(ground.read().unwrap_err(), ProblemKind::UnreadableGitConfig, "{text}");
    }
    ground.repo("[include]\n\tpath = ../../large\n");
    let large = std::fs::File::create(ground.top().join("large")).unwrap();
    large.set_len(8 << 30).unwrap();
    assert_eq!(ground.read().unwrap_err(), ProblemKind::OversizedGitFile);
}

#[test]
fn truth() {
    let ground = Ground::new();
    for value in ["", "= true", "= yes", "= On", "= 1", "= -1", "= false", "= no", "= off", "= 0", "="] {
        ground.repo(&format!("[core]\n\tbare {value}\n"));
        let asked = ground.git(&["config", "--file", "repo/.git/config", "--type=bool", "--get", "core.bare"]);
        assert_eq!(ground.read().unwrap().is_true("core.bare"), asked == b"true\n", "{value}");
    }
}
