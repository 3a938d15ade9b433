//! The systemd services that read a file: `EnvironmentFile=` and `LoadCredential=` (systemd.exec(5)).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::files::Root;
use crate::path::RelPath;
use crate::shell::for_shell;
use crate::system::System;

/// Where units stand, the administrator's own first (systemd.unit(5)).
const SYSTEM: [&str; 4] =
    ["/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system"];

/// More unit files than any host has.
const MOST: usize = 20_000;

/// The commands that restart the services that read one of these files. A unit that cannot be read is left out.
pub(crate) fn readers(files: &[PathBuf], system: &System) -> Vec<String> {
    let own = system.config.as_ref().map(|config| config.join("systemd/user"));
    let mut found = BTreeSet::new();
    for (dir, command) in SYSTEM
        .iter()
        .map(|dir| (PathBuf::from(dir), "sudo systemctl restart"))
        .chain(own.map(|dir| (dir, "systemctl --user restart")))
    {
        let units = units_in(&dir, files);
        found.extend(units.into_iter().map(|unit| format!("{command} {}", for_shell(&unit))));
    }
    found.into_iter().collect()
}

fn units_in(dir: &Path, files: &[PathBuf]) -> BTreeSet<RelPath> {
    let Ok(root) = Root::open(dir) else { return BTreeSet::new() };
    // A unit, or the drop-in `NAME.service.d/*.conf` of one.
    let entries = WalkDir::new(dir).min_depth(1).max_depth(2).into_iter().take(MOST).filter_map(Result::ok);
    let mut found = BTreeSet::new();
    for entry in entries.filter(|entry| entry.file_type().is_file()) {
        let Some(path) = RelPath::below(dir, entry.path()) else { continue };
        let Some(unit) = unit_of(&path) else { continue };
        let text = root.read(&path).ok().flatten();
        if text.is_some_and(|text| files.iter().any(|file| reads(&text, file))) {
            found.insert(unit);
        }
    }
    found
}

/// The service that a file configures.
fn unit_of(path: &RelPath) -> Option<RelPath> {
    let dir = path.parent();
    if dir.is_root() {
        return path.file_name().ends_with(b".service").then(|| path.clone());
    }
    let unit = dir.as_bytes().strip_suffix(b".d").filter(|unit| unit.ends_with(b".service"))?;
    path.file_name().ends_with(b".conf").then(|| RelPath::new(unit.to_vec()))
}

/// Whether a unit reads a file.
fn reads(unit: &[u8], file: &Path) -> bool {
    let file = file.as_os_str().as_encoded_bytes();
    unit.split(|byte| *byte == b'\n').any(|line| {
        let line = line.trim_ascii();
        if let Some(path) = line.strip_prefix(b"EnvironmentFile=") {
            return path.strip_prefix(b"-").unwrap_or(path) == file;
        }
        let credential = line.strip_prefix(b"LoadCredential=");
        credential.and_then(|rest| rest.splitn(2, |byte| *byte == b':').nth(1)).is_some_and(|path| path == file)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_unit_reads() {
        let file = Path::new("/srv/app/.env");
        for (line, expected) in [
            ("EnvironmentFile=/srv/app/.env", true),
            ("EnvironmentFile=-/srv/app/.env", true),
            ("LoadCredential=env:/srv/app/.env", true),
            ("EnvironmentFile=/srv/app/.env.test", false),
            ("# EnvironmentFile=/srv/app/.env", false),
            ("LoadCredential=env", false),
        ] {
            assert_eq!(reads(format!("[Service]\n{line}\n").as_bytes(), file), expected, "{line}");
        }
    }

    #[test]
    fn units_and_drop_ins() {
        let of = |path: &str| unit_of(&RelPath::from(path)).map(|unit| unit.to_string());
        assert_eq!(of("app.service").as_deref(), Some("app.service"));
        assert_eq!(of("app.service.d/env.conf").as_deref(), Some("app.service"));
        assert_eq!(of("app.timer"), None);
        assert_eq!(of("multi-user.target.wants/app.service"), None);
    }
}
