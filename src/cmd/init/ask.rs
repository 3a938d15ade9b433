//! Asking at the terminal for what only a person knows.

use super::prepare::Ready;
use crate::error::Error;
use crate::secret::mask::Mask;
use crate::template::{Action, Answers, Why};
use crate::terminal::Prompt;
use crate::text;

/// Asks once for each key; an empty answer leaves it.
pub(super) fn all(ready: &[Ready<'_>], mask: &Mask) -> Result<Answers, Error> {
    let mut answers = Answers::new();
    let mut prompt = Prompt::open().map_err(|_| Error::NoTerminal)?;
    let steps = ready.iter().flat_map(|one| one.filled.done.iter().map(move |(step, _)| (one, step)));
    for (one, step) in steps {
        let Action::Person(why) = step.action else { continue };
        let askable =
            matches!(why, Why::Setting | Why::Asked | Why::Empty | Why::Issued | Why::Published | Why::Format);
        let Some(key) = step.key.as_ref().filter(|_| askable && !answers.contains_key(&step.name)) else { continue };
        let question = format!("{key} ({})", text::sanitize(one.target.shown.as_os_str().as_encoded_bytes()));
        let question = mask.text(&question);
        let answer = if step.class.is_some() { prompt.hidden(&question) } else { prompt.open_line(&question) };
        let answer = answer.map_err(|_| Error::NoTerminal)?;
        if !answer.is_empty() {
            answers.insert(step.name.clone(), answer);
        }
    }
    Ok(answers)
}
