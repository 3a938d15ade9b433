//! Where a reminder is sent: `mail:ADDRESS`, `ntfy:URL`, `webhook:URL`, `command:PATH`.

use std::path::PathBuf;

use crate::secret::Secret;
use crate::secret::class::value::looks_generated;

/// The longest URL.
const LONGEST: usize = 2048;

/// One channel.
pub enum Channel {
    /// A mail to this address.
    Mail(String),
    /// A message to the topic at this URL.
    Ntfy(Url),
    /// A JSON object to this URL.
    Webhook(Url),
    /// This program gets the text on standard input.
    Command(PathBuf),
}

/// An address that may have a password in it.
pub struct Url(Secret);

/// Why a text is no channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No known word in front of the colon.
    Kind,
    /// No mail address, or one that a shell or a header may take for something else.
    Address,
    /// No URL of `http` or `https`, or one with characters that belong escaped.
    Url,
    /// A URL with a password, on the command line.
    Password,
    /// No absolute path.
    Path,
}

/// Where the rest of a channel comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given<'a> {
    /// From the command line.
    Here(&'a str),
    /// From a file: `ntfy:@FILE`.
    File(&'a str),
    /// From standard input: `ntfy:-`.
    Input,
}

/// What a text on the command line names: the word in front of the colon, and where the rest comes from.
///
/// # Errors
/// No known word.
pub fn given(text: &str) -> Result<(&'static str, Given<'_>), Wrong> {
    let (word, rest) = text.split_once(':').ok_or(Wrong::Kind)?;
    let words = ["mail", "ntfy", "webhook", "command"];
    let word = words.into_iter().find(|known| *known == word).ok_or(Wrong::Kind)?;
    let is_url = matches!(word, "ntfy" | "webhook");
    Ok(match rest.strip_prefix('@') {
        _ if rest == "-" && is_url => (word, Given::Input),
        Some(file) if is_url => (word, Given::File(file)),
        _ => (word, Given::Here(rest)),
    })
}

impl Channel {
    /// The channel of a word and a text. On the command line a URL has no password, for other users can read that.
    ///
    /// # Errors
    /// A text that is none.
    pub fn new(word: &str, text: Secret, is_command_line: bool) -> Result<Self, Wrong> {
        let url = |text: Secret| match Url::new(text)? {
            url if is_command_line && url.has_password() => Err(Wrong::Password),
            url => Ok(url),
        };
        match word {
            "mail" => address(&text).map(Self::Mail),
            "ntfy" => url(text).map(Self::Ntfy),
            "webhook" => url(text).map(Self::Webhook),
            "command" => path(&text).map(Self::Command),
            _ => Err(Wrong::Kind),
        }
    }

    /// The line of the file with the channels; with `shows`, of what could be a password only the host.
    #[must_use]
    pub fn line(&self, shows: bool) -> Vec<u8> {
        let url = |word: &str, url: &Url| match shows {
            true => format!("{word} {}", url.shown()).into_bytes(),
            false => [word.as_bytes(), b" ", url.bytes()].concat(),
        };
        match self {
            Self::Mail(address) => format!("mail {address}").into_bytes(),
            Self::Ntfy(one) => url("ntfy", one),
            Self::Webhook(one) => url("webhook", one),
            Self::Command(path) => format!("command {}", path.display()).into_bytes(),
        }
    }

    /// Whether it needs nothing but the network.
    #[must_use]
    pub fn is_of_network(&self) -> bool {
        matches!(self, Self::Ntfy(_) | Self::Webhook(_))
    }
}

impl Url {
    /// A quote or a blank would end it early in curl's configuration.
    fn new(text: Secret) -> Result<Self, Wrong> {
        let url = Self(text);
        let bytes = url.bytes();
        let is_plain = bytes.iter().all(|byte| byte.is_ascii_graphic() && !b"\"'\\<>^`{|}".contains(byte));
        let has_host = url.host().is_some_and(|host| !host.is_empty());
        if is_plain && has_host && bytes.len() <= LONGEST { Ok(url) } else { Err(Wrong::Url) }
    }

    #[expect(clippy::disallowed_methods, reason = "it is judged, and written into a private file")]
    fn bytes(&self) -> &[u8] {
        self.0.expose()
    }

    /// The scheme, and what stands behind it.
    fn parts(&self) -> Option<(&'static str, &str)> {
        let text = std::str::from_utf8(self.bytes()).ok()?;
        ["https://", "http://"].into_iter().find_map(|scheme| Some((scheme, text.strip_prefix(scheme)?)))
    }

    /// The user and the host with its port.
    fn authority(&self) -> Option<&str> {
        self.parts()?.1.split(['/', '?', '#']).next()
    }

    fn host(&self) -> Option<&str> {
        let authority = self.authority()?;
        authority.rsplit_once('@').map_or(Some(authority), |(_, host)| Some(host))
    }

    /// Whether it opens something by itself: a user, a query, or a part that looks generated.
    fn has_password(&self) -> bool {
        let text = self.parts().map_or("", |(_, text)| text);
        let is_generated = || text.split('/').skip(1).any(|part| looks_generated(part.as_bytes()));
        text.contains(['@', '?']) || is_generated()
    }

    /// The scheme and the host; what follows may be a password.
    fn shown(&self) -> String {
        let scheme = self.parts().map_or("", |(scheme, _)| scheme);
        format!("{scheme}{}/...", self.host().unwrap_or_default())
    }
}

/// A plain address: what is allowed beside this needs quoting, or begins an option of sendmail.
#[expect(clippy::disallowed_methods, reason = "an address is no secret")]
fn address(text: &Secret) -> Result<String, Wrong> {
    let text = std::str::from_utf8(text.expose()).map_err(|_| Wrong::Address)?;
    let (user, host) = text.rsplit_once('@').unwrap_or((text, "localhost"));
    let is = |part: &str, more: &[u8]| {
        let starts = part.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        starts && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
    };
    if is(user, b"._+=-") && is(host, b".-") && text.len() <= 254 { Ok(text.to_owned()) } else { Err(Wrong::Address) }
}

/// An absolute path of one line.
#[expect(clippy::disallowed_methods, reason = "a path is no secret")]
fn path(text: &Secret) -> Result<PathBuf, Wrong> {
    let text = std::str::from_utf8(text.expose()).map_err(|_| Wrong::Path)?;
    let is_plain = !text.chars().any(crate::text::is_unsafe) && text.trim() == text;
    if is_plain && text.starts_with('/') { Ok(text.into()) } else { Err(Wrong::Path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, is_command_line: bool) -> Result<(String, String), Wrong> {
        let (word, Given::Here(rest)) = given(text)? else { panic!("{text}") };
        let channel = Channel::new(word, Secret::copy_of(rest.as_bytes()), is_command_line)?;
        let text = |shows| String::from_utf8_lossy(&channel.line(shows)).into_owned();
        Ok((text(false), text(true)))
    }

    #[test]
    fn channels() {
        for (text, expected, shown) in [
            ("mail:ops@example.org", "mail ops@example.org", "mail ops@example.org"),
            ("mail:root", "mail root", "mail root"),
            ("ntfy:https://ntfy.sh/backups", "ntfy https://ntfy.sh/backups", "ntfy https://ntfy.sh/..."),
            (
                "webhook:http://127.0.0.1:8080/hook",
                "webhook http://127.0.0.1:8080/hook",
                "webhook http://127.0.0.1:8080/...",
            ),
            ("command:/usr/local/bin/tell me", "command /usr/local/bin/tell me", "command /usr/local/bin/tell me"),
        ] {
            assert_eq!(line(text, true), Ok((expected.to_owned(), shown.to_owned())), "{text}");
        }
        assert_eq!(given("ntfy:-"), Ok(("ntfy", Given::Input)));
        assert_eq!(given("webhook:@/root/url"), Ok(("webhook", Given::File("/root/url"))));
        assert_eq!(given("command:-"), Ok(("command", Given::Here("-"))));
    }

    #[test]
    fn what_is_no_channel() {
        for (text, wrong) in [
            ("ops@example.org", Wrong::Kind),
            ("sms:1", Wrong::Kind),
            ("mail:", Wrong::Address),
            ("mail:-oQ/tmp", Wrong::Address),
            ("mail:a@b\nBcc: c@d", Wrong::Address),
            ("mail:a b@c", Wrong::Address),
            ("mail:a@b,c@d", Wrong::Address),
            ("mail:a@-b", Wrong::Address),
            ("ntfy:ntfy.sh/x", Wrong::Url),
            ("ntfy:file:///etc/passwd", Wrong::Url),
            ("ntfy:https:///x", Wrong::Url),
            ("ntfy:https://a/b\"\noutput = \"/etc/x", Wrong::Url),
            ("ntfy:https://a/b c", Wrong::Url),
            ("webhook:https://a/é", Wrong::Url),
            ("command:notify", Wrong::Path),
            ("command:/a\nb", Wrong::Path),
            ("command:/a ", Wrong::Path),
        ] {
            assert_eq!(line(text, false), Err(wrong), "{text}");
        }
    }

    #[test]
    fn a_password_is_not_for_the_command_line() {
        let generated = ["XkP9qLw2", "Zr7TnV4b", "Yc8Hd1Ms"].concat();
        for text in [
            "ntfy:https://ada:hunter2@ntfy.example/x".to_owned(),
            "ntfy:https://ntfy.example/x?auth=abc".to_owned(),
            format!("webhook:https://hooks.slack.com/services/T0/B0/{generated}"),
        ] {
            assert_eq!(line(&text, true), Err(Wrong::Password), "{text}");
            let (written, shown) = line(&text, false).unwrap();
            assert!(written.ends_with(text.split_once(':').unwrap().1), "{written}");
            assert!(!shown.contains("hunter2") && !shown.contains("abc") && !shown.contains(&generated), "{shown}");
        }
    }
}
