//! The remote-tracking ref of a branch's upstream (`branch.NAME.remote` and `.merge`, `remote.NAME.fetch`).

use crate::git::config::Config;

/// The full name of the ref that follows the upstream of this branch (a full name, too); `None` where it has none.
pub(in crate::git) fn of(config: &Config, branch: &[u8]) -> Option<Vec<u8>> {
    let branch = std::str::from_utf8(branch.strip_prefix(b"refs/heads/")?).ok()?;
    let remote = std::str::from_utf8(config.value(&format!("branch.{branch}.remote"))?).ok()?;
    let merge = config.value(&format!("branch.{branch}.merge"))?;
    if remote == "." {
        return Some(merge.to_vec());
    }
    config.values(&format!("remote.{remote}.fetch")).find_map(|rule| mapped(rule, merge))
}

/// Whether a plain `git push` of this branch (a full name) goes to its upstream: a branch of the same name, in the remote
/// that it is fetched from.
pub(in crate::git) fn is_pushed(config: &Config, branch: &[u8]) -> bool {
    let name = branch.strip_prefix(b"refs/heads/").and_then(|name| std::str::from_utf8(name).ok());
    let Some(name) = name else { return false };
    let remote = config.value(&format!("branch.{name}.remote"));
    let elsewhere = [format!("branch.{name}.pushremote"), "remote.pushdefault".to_owned()];
    let is_elsewhere = elsewhere.iter().any(|setting| config.value(setting).is_some_and(|to| Some(to) != remote));
    remote.is_some_and(|remote| remote != b".")
        && config.value(&format!("branch.{name}.merge")) == Some(branch)
        && !is_elsewhere
}

/// Where a fetch rule (`+refs/heads/*:refs/remotes/origin/*`) puts a ref of the remote.
fn mapped(rule: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    let rule = rule.strip_prefix(b"+").unwrap_or(rule);
    let colon = rule.iter().position(|byte| *byte == b':')?;
    let (from, to) = (rule.get(..colon)?, rule.get(colon + 1..)?);
    let Some(star) = from.iter().position(|byte| *byte == b'*') else {
        return (from == name).then(|| to.to_vec());
    };
    let middle = name.strip_prefix(from.get(..star)?)?.strip_suffix(from.get(star + 1..)?)?;
    let star = to.iter().position(|byte| *byte == b'*')?;
    Some([to.get(..star)?, middle, to.get(star + 1..)?].concat())
}

#[cfg(test)]
mod tests {
    use super::mapped;

    #[test]
    fn fetch_rules() {
        let usual = b"+refs/heads/*:refs/remotes/origin/*";
        assert_eq!(mapped(usual, b"refs/heads/a/b").as_deref(), Some(&b"refs/remotes/origin/a/b"[..]));
        assert_eq!(mapped(usual, b"refs/tags/a"), None);
        let one = b"refs/heads/main:refs/remotes/up/main";
        assert_eq!(mapped(one, b"refs/heads/main").as_deref(), Some(&b"refs/remotes/up/main"[..]));
        assert_eq!(mapped(one, b"refs/heads/mains"), None);
        assert_eq!(mapped(b"+refs/heads/x", b"refs/heads/x"), None);
    }
}
