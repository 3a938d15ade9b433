//! What is known of a path in the history.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::env::Key;
use crate::finding::{ExposedKey, Fact, Finding, KeyState};
use crate::report::advice;
use crate::report::wording::{self, count};
use crate::secret::strength::Strength;

/// The commits, the refs, and what its keys are worth; of a key that `is_told` no name.
pub(in crate::report) fn of(finding: &Finding, is_told: &dyn Fn(&ExposedKey) -> bool) -> Vec<String> {
    let mut details = Vec::new();
    let commit = |name: &str| match finding.get(name) {
        Some(Fact::Commit(commit)) => Some(format!("{} by {}", wording::named(commit), commit.author)),
        _ => None,
    };
    let (added, changed) =
        (commit("added"), commit("last_changed").filter(|changed| Some(changed) != commit("added").as_ref()));
    let acts = [("added in", added), ("last changed in", changed), ("removed in", commit("removed"))];
    details.extend(acts.into_iter().filter_map(|(word, commit)| Some(format!("{word} {}", commit?))));
    if let Some(Fact::Names(refs)) = finding.get("refs") {
        if !refs.is_empty() {
            details.push(format!("still in the history of {}", advice::first_refs(refs)));
        }
    }
    if let Some(Fact::Exposed(keys)) = finding.get("keys") {
        details.extend(by_worth(keys, is_told));
    }
    details
}

/// The keys that an exposed file contained, those of equal worth on one line, the most severe first. What is told already is
/// only counted.
fn by_worth(keys: &[ExposedKey], is_told: &dyn Fn(&ExposedKey) -> bool) -> Vec<String> {
    let mut groups: BTreeMap<(KeyState, Reverse<Strength>), Vec<&str>> = BTreeMap::new();
    let is_known = |key: &&ExposedKey| key.state == KeyState::Live && is_told(key);
    let (told, rest): (Vec<&ExposedKey>, Vec<&ExposedKey>) = keys.iter().partition(is_known);
    for key in rest {
        let name = key.key.as_ref().map_or("a key", Key::as_str);
        groups.entry((key.state, Reverse(key.strength))).or_default().push(name);
    }
    let line = |((state, strength), names): ((KeyState, Reverse<Strength>), Vec<&str>)| {
        let (is_one, names, strength) = (names.len() == 1, names.join(", "), strength.0.word());
        match state {
            KeyState::Live => format!("still in use ({strength}): {names}"),
            KeyState::Reused => format!("in use under another key ({strength}): {names}"),
            KeyState::Unknown => format!("may still be valid ({strength}): {names}"),
            KeyState::Replaced => format!("replaced since ({strength}): {names}"),
            KeyState::Placeholder if is_one => format!("a placeholder: {names}"),
            KeyState::Placeholder => format!("placeholders: {names}"),
            KeyState::Empty => format!("empty: {names}"),
        }
    };
    let told = (!told.is_empty()).then(|| {
        let number = count(told.len() as u64, "secret", "secrets");
        format!("still in use: {number}, named at the top")
    });
    told.into_iter().chain(groups.into_iter().map(line)).collect()
}
