//! The user of an image.

/// Whether the user is root: `root`, `0`, `0:0`, `root:group`, or empty.
pub(in crate::checks) fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or_default().trim();
    name.is_empty() || name == "root" || name.parse::<u64>().is_ok_and(|id| id == 0)
}
