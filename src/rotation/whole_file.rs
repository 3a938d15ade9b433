//! The steps that replace a file which is one secret as a whole. A person writes that file. A database reads such a file
//! only when it starts for the first time, so it has to be told the new password.

use super::steps::{Kind, Means, Step, Told};
use crate::path::RelPath;
use crate::shell::for_shell;

/// The files of a replacement, quoted for a shell.
#[derive(Debug)]
pub struct WholeFile<'a> {
    /// Those that contain the value and nothing else; the one that was asked for first.
    pub files: &'a [String],
    /// The private file in which the new value waits.
    pub new: &'a str,
    /// The private file that keeps the old value.
    pub old: &'a str,
    /// Whether a person gets the new value from elsewhere: a private key, a token of a provider.
    pub is_by_hand: bool,
}

/// The steps, in order. No step puts a value on a command line, which other users can read.
#[must_use]
pub fn steps(told: &[(Told, Option<String>)], file: &WholeFile<'_>) -> Vec<Step> {
    let recreate = told.first().map(|((_, means), _)| means.recreate.clone()).unwrap_or_default();
    let restart = match recreate.is_empty() {
        true => "Restart the programs that read this file, and check that they work",
        false => "Recreate the containers that use this file, and check that they work",
    };
    let tells = told.iter().filter_map(|((kind, means), role)| tell(*kind, file, means, role.as_deref()));
    std::iter::once(make(file)).chain(tells).chain([write(file), (restart.to_owned(), recreate), clean(file)]).collect()
}

/// `set -C` overwrites no file: a step that is done twice must not lose a value that a server was told, nor the old one.
fn make(file: &WholeFile<'_>) -> Step {
    let new = file.new;
    match file.is_by_hand {
        true => (
            "Get a new value from its provider or its program, and write it into a second file that only you can read. \
             End with Ctrl-D"
                .to_owned(),
            vec![format!("(umask 077; set -C; cat > {new})")],
        ),
        false => (
            "Make the new value in a second file that only you can read".to_owned(),
            vec![format!("(umask 077; set -C; envward generate hex > {new})")],
        ),
    }
}

/// Who has to know the new value before the file has it.
fn tell(kind: Kind, file: &WholeFile<'_>, means: &Means, role: Option<&str>) -> Option<Step> {
    const AT_ONCE: &str = "From then on new connections need the new password, so do the next steps immediately";
    let (new, label) = (file.new, &means.label);
    match kind {
        Kind::Postgres => {
            let name = role.map_or_else(|| "NAME".to_owned(), identifier);
            let open = if role.is_some() { "" } else { ". Replace NAME with the user whose password this is" };
            let command =
                format!("{} -c {}", means.psql(), for_shell(&RelPath::from(format!("\\password {name}").as_str())));
            Some(match means.exec.is_some() {
                // In a container without a terminal psql reads both answers from its standard input.
                true => (
                    format!(
                        "Tell PostgreSQL{label}; psql asks for the new password twice and prints no error. {AT_ONCE}{open}"
                    ),
                    vec![format!("awk 1 {new} {new} | {command}")],
                ),
                false => (
                    format!(
                        "Tell PostgreSQL{label}; psql asks for the new password twice: paste it from {new}. {AT_ONCE}{open}"
                    ),
                    vec![command],
                ),
            })
        }
        Kind::Mysql | Kind::Mariadb => Some((
            format!(
                "Tell the database{label} in its own client, not on a command line, which other users can read: ALTER USER \
                 'NAME'@'HOST' IDENTIFIED BY, with the new value from {new}. {AT_ONCE}"
            ),
            Vec::new(),
        )),
        Kind::Redis | Kind::Service => Some((
            format!(
                "A database, or another service{label} that stores this password itself, does not read the file again: tell it \
                 the new value from {new} first, in its own client"
            ),
            Vec::new(),
        )),
        Kind::Encryption => Some((
            format!("Encrypt the stored data again, with the new value from {new}. Keep a backup until the last step"),
            Vec::new(),
        )),
        Kind::Admin => {
            Some(("Give the service the hash of the new key, and its clients the key".to_owned(), Vec::new()))
        }
        Kind::Signing | Kind::Issued => None,
    }
}

/// Writes into the files that are there: their owners and modes stay, and a container keeps its access.
fn write(file: &WholeFile<'_>) -> Step {
    let WholeFile { files, new, old, .. } = file;
    // Nothing is overwritten before the old value is kept, and while there is no new one.
    let keep = files.first().map(|path| format!("(umask 077; set -C; cat {path} > {old}) && test -s {new}"));
    let put = files.iter().map(|path| match file.is_by_hand {
        // It may have several lines.
        true => format!("cat {new} > {path}"),
        // Without a line break, which a program may take for a part of the secret.
        false => format!("printf %s \"$(cat {new})\" > {path}"),
    });
    let command = keep.into_iter().chain(put).collect::<Vec<_>>().join(" && ");
    ("Keep the old value in another private file, and write the new value".to_owned(), vec![command])
}

fn clean(file: &WholeFile<'_>) -> Step {
    let WholeFile { new, old, .. } = file;
    let what = format!(
        "When all services work with the new value, delete both private files. To go back before that, tell the old \
         value from {old} to the same servers and write it into the same files"
    );
    (what, vec![format!("rm {new} {old}")])
}

/// A name of PostgreSQL as psql takes it: in quotes, unless it is plain.
fn identifier(role: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    match role.bytes().all(is_plain) && !role.starts_with(|first: char| first.is_ascii_digit()) {
        true => role.to_owned(),
        false => format!("\"{}\"", role.replace('"', "\"\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(kind: Kind, is_by_hand: bool, role: Option<&str>, exec: Option<&str>) -> Vec<String> {
        let files = ["s/pw".to_owned(), "t/pw".to_owned()];
        let file = WholeFile { files: &files, new: "s/pw.new", old: "s/pw.old", is_by_hand };
        let means = Means { exec: exec.map(str::to_owned), ..Means::default() };
        steps(&[((kind, means), role.map(str::to_owned))], &file)
            .into_iter()
            .flat_map(|(_, commands)| commands)
            .collect()
    }

    #[test]
    fn the_old_value_is_kept_before_it_is_overwritten() {
        for kind in [Kind::Postgres, Kind::Mysql, Kind::Redis, Kind::Signing, Kind::Encryption, Kind::Issued] {
            for is_by_hand in [false, true] {
                let all =
                    commands(kind, is_by_hand, Some("app"), Some("docker compose exec -T db")).join(" && ") + " &";
                let at = |part: &str| all.find(part).unwrap_or_else(|| panic!("no {part} in {all}"));
                let order = [
                    "> s/pw.new)",
                    "cat s/pw > s/pw.old)",
                    "test -s s/pw.new",
                    "> s/pw &",
                    "> t/pw &",
                    "rm s/pw.new s/pw.old",
                ];
                assert!(order.windows(2).all(|pair| at(pair[0]) < at(pair[1])), "{all}");
            }
        }
    }

    #[test]
    fn a_role_is_named_as_psql_reads_it() {
        let told = |role: Option<&str>| {
            let commands = commands(Kind::Postgres, false, role, Some("docker compose exec -T db"));
            commands.into_iter().find(|one| one.contains("psql")).unwrap()
        };
        assert!(told(Some("app")).ends_with(" -c '\\password app'"), "{}", told(Some("app")));
        assert!(told(Some("App\"x")).ends_with(" -c '\\password \"App\"\"x\"'"), "{}", told(Some("App\"x")));
        assert!(told(None).ends_with(" -c '\\password NAME'"), "{}", told(None));
        assert!(told(Some("app")).starts_with("awk 1 s/pw.new s/pw.new | docker compose exec -T db psql "));
        // At a terminal psql asks there, whatever is piped in.
        let alone = commands(Kind::Postgres, false, Some("app"), None);
        assert!(alone.iter().any(|one| one.starts_with("psql ")), "{alone:?}");
    }
}
