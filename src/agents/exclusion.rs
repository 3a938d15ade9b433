//! Which files an agent leaves out.

use std::path::Path;

use super::{Agent, Syntax, claude, opencode, zed};
use crate::git::IgnoreText;
use crate::path::RelPath;

/// What an agent leaves out of the directory in which it is set up.
#[derive(Debug)]
pub struct Exclusion {
    built_in: IgnoreText,
    rules: Rules,
    obeys_git: bool,
}

#[derive(Debug)]
enum Rules {
    Lines(IgnoreText),
    LinesByLast(IgnoreText),
    Claude(claude::Rules),
    Opencode(opencode::Rules),
    Zed(zed::Globs),
}

impl Exclusion {
    /// Reads the agent's exclusion: `text` gives one of its files. `dir` is the full path of the directory.
    #[must_use]
    pub fn read(agent: &Agent, dir: &Path, text: &dyn Fn(&str) -> Option<Vec<u8>>) -> Self {
        let texts: Vec<Vec<u8>> = agent.files.iter().filter_map(|file| text(file)).collect();
        let rules = match agent.syntax {
            Syntax::Lines if agent.is_by_last => {
                Rules::LinesByLast(IgnoreText::parse(&texts.concat(), agent.folds_case))
            }
            Syntax::Lines => Rules::Lines(IgnoreText::parse(&texts.concat(), agent.folds_case)),
            Syntax::Claude => Rules::Claude(claude::Rules::read(&texts, dir)),
            Syntax::Opencode => Rules::Opencode(opencode::Rules::read(&texts)),
            Syntax::Zed => Rules::Zed(zed::Globs::read(&texts)),
        };
        let is_told = agent.disobeys.is_some_and(|(file, says)| text(file).is_some_and(|text| says(&text)));
        Self {
            built_in: IgnoreText::parse(agent.built_in.as_bytes(), agent.folds_case),
            rules,
            obeys_git: agent.obeys_git && !is_told,
        }
    }

    /// Whether the agent leaves out a file below its directory, which git ignores or not.
    #[must_use]
    pub fn covers(&self, path: &RelPath, is_ignored: bool) -> bool {
        let by_rules = || match &self.rules {
            Rules::Lines(lines) => lines.hides(path),
            Rules::LinesByLast(lines) => lines.hides_by_last(path),
            Rules::Claude(rules) => rules.deny(path),
            Rules::Opencode(rules) => rules.keep_out(path),
            Rules::Zed(globs) => globs.take(path),
        };
        self.obeys_git && is_ignored || self.built_in.hides(path) || by_rules()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::AGENTS;

    /// Names on which the npm package `ignore` (7.0.17) and pathspec (1.1.1, Aider's) were asked.
    const PATHS: [&str; 10] = [
        ".env",
        "a/.env",
        ".env.local",
        "a/b/prod.env",
        "config/secrets/db",
        "ENV/.env",
        ".ENV",
        "a/.env.example",
        "b.env/x",
        "file with space",
    ];

    /// What they answered: the places in the list above of what they leave out. The first takes letters of either case for
    /// the same.
    const ANSWERS: [(&str, &[usize], &[usize]); 32] = [
        (".env", &[0, 1, 5, 6], &[0, 1, 5]),
        ("/.env", &[0, 6], &[0]),
        ("*.env", &[0, 1, 3, 5, 6, 8], &[0, 1, 3, 5, 8]),
        (".env*", &[0, 1, 2, 5, 6, 7], &[0, 1, 2, 5, 7]),
        ("**/.env", &[0, 1, 5, 6], &[0, 1, 5]),
        ("a/**", &[1, 3, 7], &[1, 3, 7]),
        ("a/**/*.env", &[1, 3], &[1, 3]),
        (".env/", &[], &[]),
        ("!.env", &[], &[]),
        (".env*\n!.env.example", &[0, 1, 2, 5, 6], &[0, 1, 2, 5]),
        ("a/*\n!a/.env", &[3, 7], &[3, 7]),
        ("/a\n!/a/.env", &[1, 3, 7], &[3, 7]),
        ("secrets", &[4], &[4]),
        ("config/secrets/", &[4], &[4]),
        ("**/secrets/**", &[4], &[4]),
        (".e?v", &[0, 1, 5, 6], &[0, 1, 5]),
        ("[.]env", &[0, 1, 5, 6], &[0, 1, 5]),
        ("\\!x", &[], &[]),
        ("# .env", &[], &[]),
        (".env ", &[0, 1, 5, 6], &[0, 1, 5]),
        ("file\\ with\\ space", &[9], &[9]),
        ("file with space", &[9], &[9]),
        ("*", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("*\n!.env", &[1, 2, 3, 4, 5, 7, 8, 9], &[2, 3, 4, 6, 7, 8, 9]),
        ("**", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (".env\r\n*.env\r\n", &[0, 1, 3, 5, 6, 8], &[0, 1, 3, 5, 8]),
        ("ENV", &[5], &[5]),
        ("a/b/*.env", &[3], &[3]),
        ("/*.env", &[0, 6, 8], &[0, 8]),
        ("env", &[5], &[]),
        (".env.**", &[2, 7], &[2, 7]),
        ("{.env,.env.local}", &[], &[]),
    ];

    fn left_out(agent: &str, text: &str, is_ignored: bool) -> Vec<usize> {
        let agent = AGENTS.iter().find(|one| one.name == agent).unwrap();
        let read = |file: &str| (file == agent.files[0]).then(|| text.as_bytes().to_vec());
        let exclusion = Exclusion::read(agent, Path::new("/srv/app"), &read);
        let covers = |path: &str| exclusion.covers(&RelPath::from(path), is_ignored);
        (0..PATHS.len()).filter(|at| covers(PATHS[*at])).collect()
    }

    #[test]
    fn lines_as_the_tools_match_them() {
        for (text, folded, exact) in ANSWERS {
            assert_eq!(left_out("Cline", text, false), folded, "{text:?}");
            assert_eq!(left_out("Roo Code", text, false), folded, "{text:?}");
            assert_eq!(left_out("Aider", text, false), exact, "{text:?}");
        }
    }

    #[test]
    fn what_each_leaves_out_unasked() {
        for agent in &AGENTS {
            let (plain, ignored) = (left_out(agent.name, "", false), left_out(agent.name, "", true));
            let expected: &[usize] = match agent.name {
                "Continue" => &[0, 1, 2, 3, 5, 6, 7, 8],
                "Cursor" => &[0, 1, 2, 5, 7],
                "Zed" => &[0, 1, 2, 5, 7],
                "opencode" => &[0, 1, 2, 3, 5],
                "Windsurf" => &[0, 1, 2, 5, 6, 7],
                _ => &[],
            };
            assert_eq!(plain, expected, "{}", agent.name);
            assert_eq!(ignored.len() == PATHS.len(), agent.obeys_git, "{}", agent.name);
        }
    }
}
