//! Settings by which an agent reads what git ignores.

use serde::Deserialize;

use super::jsonc;

/// `add-gitignore-files: true` in `.aider.conf.yml` (aider.chat/docs/config/options.html).
pub(super) fn aider(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n').filter_map(|line| line.strip_prefix(b"add-gitignore-files:"));
    lines.next_back().is_some_and(|value| value.trim_ascii().eq_ignore_ascii_case(b"true"))
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Settings {
    context: Context,
    /// Where it was before version 0.3.
    file_filtering: FileFiltering,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Context {
    file_filtering: FileFiltering,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct FileFiltering {
    respect_git_ignore: Option<bool>,
}

/// `context.fileFiltering.respectGitIgnore` in `.gemini/settings.json` (geminicli.com/docs/cli/configuration).
pub(super) fn gemini(text: &[u8]) -> bool {
    let settings: Settings = serde_json::from_slice(&jsonc::strict(text)).unwrap_or_default();
    let says = settings.context.file_filtering.respect_git_ignore.or(settings.file_filtering.respect_git_ignore);
    says == Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_so() {
        for (text, expected) in [
            ("add-gitignore-files: true\n", true),
            ("model: x\nadd-gitignore-files:  True\r\n", true),
            ("#add-gitignore-files: true\n", false),
            ("add-gitignore-files: false\n", false),
            ("", false),
        ] {
            assert_eq!(aider(text.as_bytes()), expected, "{text:?}");
        }
        for (text, expected) in [
            (r#"{"context": {"fileFiltering": {"respectGitIgnore": false}}}"#, true),
            (r#"{"fileFiltering": {"respectGitIgnore": false}, /* c */}"#, true),
            (r#"{"context": {"fileFiltering": {"respectGitIgnore": true}}}"#, false),
            ("{", false),
        ] {
            assert_eq!(gemini(text.as_bytes()), expected, "{text:?}");
        }
    }
}
