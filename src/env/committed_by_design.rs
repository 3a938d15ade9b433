//! Env files that their tools mean to be committed: they hold commands or public settings, unless somebody put a secret in.

/// Whether a file of this name is a script that a shell runs, as direnv runs `.envrc`: what Docker Compose would make of it
/// means nothing.
#[must_use]
pub fn is_script(name: &[u8]) -> bool {
    name == b".envrc" || name.starts_with(b".envrc.")
}

/// Whether a file of this name belongs into git as long as no secret is in it: direnv's `.envrc`, and Flask's
/// `.flaskenv`, beside which `.env` is for the rest.
#[must_use]
pub fn is_shared(name: &[u8]) -> bool {
    matches!(name, b".envrc" | b".flaskenv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_what_belongs_into_git() {
        for (name, script, shared) in [
            (".envrc", true, true),
            (".envrc.local", true, false),
            (".envrc2", false, false),
            (".flaskenv", false, true),
            (".env", false, false),
        ] {
            assert_eq!((is_script(name.as_bytes()), is_shared(name.as_bytes())), (script, shared), "{name}");
        }
    }
}
