//! Docker's ways to write numbers for people.

/// `12.34%` as 12; `None` for `--`.
pub(super) fn percent(text: &str) -> Option<u64> {
    let number = text.trim().strip_suffix('%')?;
    let whole = number.split('.').next()?;
    whole.parse().ok()
}
