//! Published ports, in all the ways that Compose writes them.

use std::net::{IpAddr, Ipv6Addr};

use super::node::{Node, Place};

/// A range of ports; of one port both ends are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// The first.
    pub first: u16,
    /// The last.
    pub last: u16,
}

/// A port of a container, and where the host opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Where it stands.
    pub place: Place,
    /// The host's address; every one where none is given.
    pub host: Option<String>,
    /// The host's ports; chosen by Docker where none are given.
    pub published: Option<Range>,
    /// The container's.
    pub target: Range,
    /// `tcp`, `udp`, `sctp`.
    pub protocol: String,
}

impl Range {
    /// `80`, `8000-8002`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let range = Self { first: number(first)?, last: number(last)? };
        (range.first <= range.last).then_some(range)
    }

    /// Whether a port is in it.
    #[must_use]
    pub fn contains(self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }
}

fn number(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

impl Port {
    /// Of one item of `ports`; `None` for what Compose would refuse, or what a variable that is not defined has taken
    /// apart.
    #[must_use]
    pub fn of(node: &Node) -> Option<Self> {
        let text = |key: &str| node.get(key).and_then(Node::text).filter(|text| !text.is_empty());
        match node.text() {
            Some(short) => Self::short(short, node.place),
            None => Some(Self {
                place: node.place,
                host: text("host_ip").map(bare),
                published: text("published").and_then(Range::parse),
                target: text("target").and_then(Range::parse)?,
                protocol: text("protocol").unwrap_or("tcp").to_ascii_lowercase(),
            }),
        }
    }

    /// `80`, `8080:80`, `127.0.0.1:8080:80/udp`, `[::1]:8080-8081:80-81`.
    fn short(text: &str, place: Place) -> Option<Self> {
        let (text, protocol) = text.rsplit_once('/').unwrap_or((text, "tcp"));
        let (rest, target) = text.rsplit_once(':').map_or((None, text), |(rest, target)| (Some(rest), target));
        let (host, published) = match rest {
            None => (None, None),
            Some(rest) => match rest.rsplit_once(':') {
                // `::1:80:80` without brackets is an address, too.
                Some((host, published)) => (Some(host).filter(|host| !host.is_empty()), Some(published)),
                None => (None, Some(rest)),
            },
        };
        let published = match published.filter(|published| !published.is_empty()) {
            Some(published) => Some(Range::parse(published)?),
            None => None,
        };
        let (host, protocol) = (host.map(bare), protocol.to_ascii_lowercase());
        Some(Self { place, host, published, target: Range::parse(target)?, protocol })
    }

    /// Whether only this machine can reach it.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.host.as_deref().is_some_and(is_loopback)
    }
}

/// Whether only this machine can reach an address of the host.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    if host.eq_ignore_ascii_case("localhost") {
        return true;
    }
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_loopback(),
        Ok(IpAddr::V6(address)) => {
            address == Ipv6Addr::LOCALHOST || address.to_ipv4_mapped().is_some_and(|mapped| mapped.is_loopback())
        }
        Err(_) => false,
    }
}

/// An address without the brackets of an IPv6 one.
fn bare(host: &str) -> String {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    type Parts = (Option<String>, Option<(u16, u16)>, (u16, u16), String);

    fn short(text: &str) -> Option<Parts> {
        let place = Place { file: 0, line: NonZeroU32::MIN };
        let port = Port::short(text, place)?;
        let pair = |range: Range| (range.first, range.last);
        Some((port.host, port.published.map(pair), pair(port.target), port.protocol))
    }

    #[test]
    fn short_forms() {
        let table = [
            ("80", None, None, (80, 80), "tcp"),
            ("8080:80", None, Some((8080, 8080)), (80, 80), "tcp"),
            ("127.0.0.1:8080:80/udp", Some("127.0.0.1"), Some((8080, 8080)), (80, 80), "udp"),
            ("127.0.0.1::80", Some("127.0.0.1"), None, (80, 80), "tcp"),
            ("5000-5002:5000-5002", None, Some((5000, 5002)), (5000, 5002), "tcp"),
            ("[::1]:90:90", Some("::1"), Some((90, 90)), (90, 90), "tcp"),
            ("::1:90:90", Some("::1"), Some((90, 90)), (90, 90), "tcp"),
        ];
        for (text, host, published, target, protocol) in table {
            let expected = (host.map(str::to_owned), published, target, protocol.to_owned());
            assert_eq!(short(text), Some(expected), "{text}");
        }
        for text in ["", "x", ":", "80:", "+1:80", "70000", "2-1"] {
            assert_eq!(short(text), None, "{text}");
        }
    }

    #[test]
    fn loopback() {
        let cases = [("127.0.0.1:1:1", true), ("127.9.9.9:1:1", true), ("[::1]:1:1", true), ("localhost:1:1", true)];
        let open = [("1:1", false), ("0.0.0.0:1:1", false), ("[::]:1:1", false), ("192.168.0.1:1:1", false)];
        for (text, expected) in cases.into_iter().chain(open) {
            let port = Port::short(text, Place { file: 0, line: NonZeroU32::MIN }).unwrap();
            assert_eq!(port.is_loopback(), expected, "{text}");
        }
    }
}
