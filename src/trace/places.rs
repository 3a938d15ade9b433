//! Where values in use end up: the places of a user and of a host, and what kind of place a path is.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::reach;
use super::table::{AGENTS, BUILT, OF_HOME, OF_HOST};

/// What kind of place a path is. It decides how a place is cleaned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// A file of the project.
    Project,
    /// A dependency or build folder of the project.
    Build,
    /// The history of bash.
    BashHistory,
    /// The history of zsh.
    ZshHistory,
    /// The history of fish.
    FishHistory,
    /// The history of another program.
    History,
    /// A swap, undo or backup file of an editor.
    Editor,
    /// What a coding agent keeps: transcripts, settings, caches.
    Agent,
    /// What a program of the user needs to log in somewhere.
    Login,
    /// Settings of a user's program.
    Settings,
    /// A cache.
    Cache,
    /// A download.
    Download,
    /// In the trash.
    Trash,
    /// A log.
    Log,
    /// The log of a container, as the engine keeps it.
    ContainerLog,
    /// What the engine keeps of a container besides.
    Container,
    /// A backup.
    Backup,
    /// What the journal of systemd keeps.
    Journal,
    /// A crontab.
    Cron,
    /// A unit of systemd, or a drop-in.
    Unit,
    /// Other settings of the host.
    Host,
    /// What a web server may give away.
    Web,
    /// In a directory for temporary files.
    Temporary,
    /// A core dump.
    CoreDump,
    /// Mail.
    Mail,
    /// A process.
    Process,
    /// An image.
    Image,
    /// Standard input.
    Stream,
    /// Any other file.
    Other,
}

impl PlaceKind {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Build => "build",
            Self::BashHistory | Self::ZshHistory | Self::FishHistory | Self::History => "history",
            Self::Editor => "editor",
            Self::Agent => "agent",
            Self::Login => "login",
            Self::Settings => "settings",
            Self::Cache => "cache",
            Self::Download => "download",
            Self::Trash => "trash",
            Self::Log | Self::ContainerLog | Self::Journal => "log",
            Self::Container => "container",
            Self::Backup => "backup",
            Self::Cron => "cron",
            Self::Unit => "unit",
            Self::Host => "host-settings",
            Self::Web => "web",
            Self::Temporary => "temporary",
            Self::CoreDump => "core-dump",
            Self::Mail => "mail",
            Self::Process => "process",
            Self::Image => "image",
            Self::Stream => "stream",
            Self::Other => "other",
        }
    }
}

/// Something to search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it is: absolute, without links.
    pub path: PathBuf,
    /// Whether somebody named it: then what cannot be read there is a problem.
    pub is_asked: bool,
    /// Whether it is the user's own, so that it is searched on a network file system, too.
    pub is_own: bool,
}

/// The places of a user.
#[must_use]
pub fn of_user(home: &Path) -> Vec<Place> {
    let place = |(name, _): &(&str, PlaceKind)| own(&home.join(name));
    OF_HOME.iter().filter_map(place).collect()
}

/// The places of a host; the home directories of its accounts among them.
#[must_use]
pub fn of_host(homes: &BTreeSet<PathBuf>) -> Vec<Place> {
    let paths = OF_HOST.iter().map(|(path, _)| PathBuf::from(path)).chain(homes.iter().cloned());
    let place = |path: PathBuf| {
        let path = path.canonicalize().ok()?;
        Some(Place { path, is_asked: false, is_own: false })
    };
    paths.filter_map(place).collect()
}

/// A place of the user's own, where it is there.
pub(super) fn own(path: &Path) -> Option<Place> {
    let path = path.canonicalize().ok()?;
    Some(Place { path, is_asked: false, is_own: true })
}

/// What decides the kind of a path.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds {
    pub(super) project: Option<PathBuf>,
    pub(super) homes: BTreeSet<PathBuf>,
}

impl Kinds {
    /// The kind of a path: by its name, by the folder that it is in, by the table.
    pub(super) fn of(&self, path: &Path) -> PlaceKind {
        let parts = || path.components().filter_map(|part| part.as_os_str().to_str());
        if let Some(below) = self.project.as_ref().and_then(|root| path.strip_prefix(root).ok()) {
            let parts = || below.components().filter_map(|part| part.as_os_str().to_str());
            return match by_name(path) {
                Some(kind) => kind,
                None if parts().any(|part| AGENTS.contains(&part)) => PlaceKind::Agent,
                None if parts().any(|part| BUILT.contains(&part)) => PlaceKind::Build,
                None => PlaceKind::Project,
            };
        }
        if reach::is_web_root(path) {
            return PlaceKind::Web;
        }
        if path.starts_with("/var/lib/docker/containers") {
            let is_log = path.to_str().is_some_and(|path| path.contains("-json.log"));
            return if is_log { PlaceKind::ContainerLog } else { PlaceKind::Container };
        }
        let home = path.ancestors().skip(1).find(|dir| self.homes.contains(*dir));
        let below = home.and_then(|home| path.strip_prefix(home).ok());
        let in_home = below.and_then(|below| OF_HOME.iter().find(|(name, _)| below.starts_with(name)));
        let in_host = OF_HOST.iter().find(|(prefix, _)| path.starts_with(prefix));
        match in_home.or(in_host).map(|(_, kind)| *kind) {
            Some(PlaceKind::Other) | None if parts().any(|part| AGENTS.contains(&part)) => PlaceKind::Agent,
            Some(PlaceKind::Other | PlaceKind::Temporary | PlaceKind::Host) | None => {
                by_name(path).or(in_host.map(|(_, kind)| *kind)).unwrap_or(PlaceKind::Other)
            }
            Some(kind) => kind,
        }
    }
}

/// What a file's own name says.
fn by_name(path: &Path) -> Option<PlaceKind> {
    let name = path.file_name()?.to_str()?;
    let own = OF_HOME.iter().find(|(known, kind)| *known == name && is_named_alike_everywhere(*kind));
    let ends = |all: &[&str]| all.iter().any(|end| name.ends_with(end));
    if let Some((_, kind)) = own {
        return Some(*kind);
    }
    match () {
        () if name == "fish_history" => Some(PlaceKind::FishHistory),
        () if name.starts_with('.') && ends(&[".swp", ".swo", ".swn", ".un~"]) => Some(PlaceKind::Editor),
        () if ends(&[".log"]) || name.contains(".log.") => Some(PlaceKind::Log),
        () if ends(&[".bak", ".backup", ".old", ".orig", ".dump", ".sql", ".sql.gz", ".sql.xz", ".sql.zst", "~"]) => {
            Some(PlaceKind::Backup)
        }
        () if name == "core" || name.starts_with("core.") => Some(PlaceKind::CoreDump),
        () => None,
    }
}

fn is_named_alike_everywhere(kind: PlaceKind) -> bool {
    matches!(
        kind,
        PlaceKind::BashHistory | PlaceKind::ZshHistory | PlaceKind::History | PlaceKind::Editor | PlaceKind::Login
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        let kinds = Kinds { project: Some("/srv/app".into()), homes: ["/home/ada".into(), "/root".into()].into() };
        for (path, expected) in [
            ("/srv/app/notes.txt", PlaceKind::Project),
            ("/srv/app/node_modules/.cache/x", PlaceKind::Build),
            ("/srv/app/.claude/projects/a.jsonl", PlaceKind::Agent),
            ("/srv/app/npm-debug.log", PlaceKind::Log),
            ("/srv/app/.config.swp", PlaceKind::Editor),
            ("/home/ada/.bash_history", PlaceKind::BashHistory),
            ("/home/ada/.local/share/fish/fish_history", PlaceKind::FishHistory),
            ("/home/ada/.config/goose/x", PlaceKind::Agent),
            ("/home/ada/.config/rclone/rclone.conf", PlaceKind::Settings),
            ("/home/ada/other/.claude/settings.json", PlaceKind::Agent),
            ("/home/ada/notes", PlaceKind::Other),
            ("/home/ada/public_html/x.php", PlaceKind::Web),
            ("/root/.psql_history", PlaceKind::History),
            ("/backup/home/bob/.bash_history", PlaceKind::BashHistory),
            ("/var/log/nginx/access.log", PlaceKind::Log),
            ("/var/log/journal/x/system.journal", PlaceKind::Journal),
            ("/var/lib/docker/containers/a/a-json.log", PlaceKind::ContainerLog),
            ("/var/lib/docker/containers/a/config.v2.json", PlaceKind::Container),
            ("/etc/systemd/system/app.service", PlaceKind::Unit),
            ("/etc/app/app.conf", PlaceKind::Host),
            ("/etc/app/app.conf.bak", PlaceKind::Backup),
            ("/tmp/dump.sql", PlaceKind::Backup),
            ("/tmp/x", PlaceKind::Temporary),
            ("/var/www/html/x", PlaceKind::Web),
            ("/mnt/usb/x", PlaceKind::Other),
        ] {
            assert_eq!(kinds.of(Path::new(path)), expected, "{path}");
        }
    }
}
