//! The capabilities of a container, and the severity of each.

use crate::finding::Severity;

/// What Docker gives by default (moby, `oci/caps/defaults.go`).
const DEFAULT: [&str; 14] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// The ways out of a container.
const GRAVE: [&str; 14] = [
    "ALL",
    "BPF",
    "DAC_READ_SEARCH",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "NET_ADMIN",
    "PERFMON",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_MODULE",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYSLOG",
    "SYS_TIME",
];

/// The others that there are (capabilities(7)); what is not in the lists is Docker's own mistake to report.
const OTHER: [&str; 13] = [
    "AUDIT_CONTROL",
    "AUDIT_READ",
    "BLOCK_SUSPEND",
    "CHECKPOINT_RESTORE",
    "IPC_LOCK",
    "IPC_OWNER",
    "LEASE",
    "LINUX_IMMUTABLE",
    "NET_BROADCAST",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_RESOURCE",
    "SYS_TTY_CONFIG",
];

/// The name and severity of an additional capability (`NET_ADMIN`, `cap_net_admin`); `None` for a capability that Docker
/// gives anyway, and for an unknown word.
pub(in crate::checks) fn gravity(name: &str) -> Option<(&'static str, Severity)> {
    let name = name.to_ascii_uppercase();
    let name = name.strip_prefix("CAP_").unwrap_or(&name);
    let of = |list: &[&'static str]| list.iter().copied().find(|known| *known == name);
    match (of(&DEFAULT), of(&GRAVE), of(&OTHER)) {
        (None, Some(word), _) => Some((word, Severity::Error)),
        (None, None, Some(word)) => Some((word, Severity::Warning)),
        _ => None,
    }
}
