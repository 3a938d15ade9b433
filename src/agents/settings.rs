//! What is written in an agent's settings, whatever the shape: each text with the name under which it is.

use std::num::NonZeroU32;

use zeroize::Zeroizing;

use super::jsonc::{Token, What, tokens};

/// A text, or the texts of a list, under one name.
#[derive(Debug)]
pub struct Written {
    /// The name; empty for a text without one.
    pub name: Zeroizing<String>,
    /// The texts with their lines. Those of a list may be the words of one command.
    pub texts: Vec<(NonZeroU32, Zeroizing<String>)>,
}

/// Every text of JSON, or of what was to be JSON.
#[must_use]
pub fn written(text: &[u8]) -> Vec<Written> {
    let mut reader = Reader { text, found: Vec::new(), names: vec![Zeroizing::default()], is_new: true };
    let tokens: Vec<Token> = tokens(text).into_iter().filter(|token| token.what != What::Comment).collect();
    for (at, token) in tokens.iter().enumerate() {
        let is_name = tokens.get(at + 1).is_some_and(|next| next.what == What::Colon);
        reader.token(token, is_name);
    }
    reader.found
}

struct Reader<'t> {
    text: &'t [u8],
    found: Vec<Written>,
    /// The name in force at each level.
    names: Vec<Zeroizing<String>>,
    /// Whether the next text belongs to no list that is being read.
    is_new: bool,
}

/// Deeper is nobody's settings; the names of more levels are not kept.
const DEEPEST: usize = 256;

impl Reader<'_> {
    fn token(&mut self, token: &Token, is_name: bool) {
        match token.what {
            What::Open => {
                let is_list = token.text(self.text) == b"[";
                let name = self.names.last().filter(|_| is_list).cloned().unwrap_or_default();
                if self.names.len() < DEEPEST {
                    self.names.push(name);
                }
                self.is_new = true;
            }
            What::Close => {
                if self.names.len() > 1 {
                    self.names.pop();
                }
                self.is_new = true;
            }
            What::String if is_name => {
                let name = decoded(token.text(self.text));
                if let Some(last) = self.names.last_mut() {
                    *last = name;
                }
                self.is_new = true;
            }
            What::String => {
                let one = (token.line(), decoded(token.text(self.text)));
                match self.found.last_mut().filter(|_| !self.is_new) {
                    Some(list) => list.texts.push(one),
                    None => {
                        let name = self.names.last().cloned().unwrap_or_default();
                        self.found.push(Written { name, texts: vec![one] });
                    }
                }
                self.is_new = false;
            }
            What::Comma | What::Colon | What::Comment | What::Other => {}
        }
    }
}

/// A string without its quotes and its escapes; what is no string of JSON as it is.
fn decoded(quoted: &[u8]) -> Zeroizing<String> {
    let has_escapes = memchr::memchr(b'\\', quoted).is_some();
    let whole = has_escapes.then(|| serde_json::from_slice::<String>(quoted).ok()).flatten();
    let inner = quoted.strip_prefix(b"\"").unwrap_or(quoted);
    let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
    Zeroizing::new(whole.unwrap_or_else(|| String::from_utf8_lossy(inner).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let one = |written: &Written| {
            let texts: Vec<String> =
                written.texts.iter().map(|(line, text)| format!("{line}:{}", text.as_str())).collect();
            format!("{}={}", written.name.as_str(), texts.join("|"))
        };
        written(text.as_bytes()).iter().map(one).collect()
    }

    #[test]
    fn each_text_has_its_name_and_its_line() {
        let text = r#"{
  // servers
  "mcpServers": {"db": {"command": "npx", "args": ["-y", "x",
      "--token", "\u0061b"], "env": {"KEY": "v"}, "n": 1}},
  "a": [["x"], {"b": "c"}, "d"],
}"#;
        assert_eq!(
            shown(text),
            ["command=3:npx", "args=3:-y|3:x|4:--token|4:ab", "KEY=4:v", "a=5:x", "b=5:c", "a=5:d"]
        );
    }

    /// serde_json is the oracle: of valid JSON every text is found, and no other.
    #[test]
    fn every_text_of_valid_json_is_found() {
        fn texts(value: &serde_json::Value, found: &mut Vec<String>) {
            match value {
                serde_json::Value::String(text) => found.push(text.clone()),
                serde_json::Value::Array(list) => list.iter().for_each(|one| texts(one, found)),
                serde_json::Value::Object(map) => map.values().for_each(|one| texts(one, found)),
                _ => {}
            }
        }
        let parts =
            ["{", "}", "[", "]", ":", ",", "\"a\"", "\"b\\\"c\"", "\"\\u00e9\\\\\"", "1", "null", "\"\"", " ", "\n"];
        let (mut state, mut valid) = (1_u64, 0);
        for _ in 0..300_000 {
            let mut text = String::new();
            for _ in 0..=state % 9 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(parts[usize::try_from(state >> 33).unwrap() % parts.len()]);
            }
            let found = written(text.as_bytes());
            let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) else { continue };
            let mut expected = Vec::new();
            texts(&value, &mut expected);
            let mut shown: Vec<String> =
                found.iter().flat_map(|one| one.texts.iter().map(|(_, text)| text.to_string())).collect();
            // Of two entries of one name serde_json keeps the last; both are in the file.
            expected.sort();
            shown.sort();
            assert!(expected.iter().all(|text| shown.contains(text)), "{text}");
            assert!(shown.len() >= expected.len(), "{text}");
            valid += 1;
        }
        assert!(valid > 1000, "{valid}");
    }

    #[test]
    fn what_is_no_json_hides_nothing() {
        assert_eq!(shown("{\"KEY\": \"a\n\"NEXT\": \"b\"}"), ["KEY=1:a", "NEXT=2:b"]);
        assert_eq!(shown("]]]{\"K\": \"v\""), ["K=1:v"]);
        assert_eq!(shown("\"a\" \"b\""), ["=1:a|1:b"]);
        assert_eq!(shown(&format!("{}\"x\"", "[".repeat(100_000))), ["=1:x"]);
    }
}
