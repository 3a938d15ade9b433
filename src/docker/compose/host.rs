//! What of the host a service is given: mounts, also those of `volumes_from`, devices, and the engine's socket.

use std::collections::HashSet;

use super::location::Location;
use super::mount::{Mount, MountKind};
use super::node::{Node, Place};
use super::service::Service;

/// A part of the host that is more than data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vital {
    /// What it is.
    pub word: &'static str,
    /// Whether it is a socket that starts containers.
    pub is_socket: bool,
    /// Whether who has it can reach everything on the host.
    pub is_host: bool,
}

/// A vital part that a service is given.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// Which.
    pub vital: Vital,
    /// Where the service says so.
    pub place: Place,
    /// Whether it can only be read.
    pub read_only: bool,
}

const SOCKET: Vital = Vital { word: "the Docker socket", is_socket: true, is_host: true };
const DISK: Vital = Vital { word: "a disk", is_socket: false, is_host: true };
const KEYS: Vital = Vital { word: "a directory of keys", is_socket: false, is_host: false };
const HOME: Vital = Vital { word: "a home directory", is_socket: false, is_host: false };

/// Paths that are vital themselves, their names, and whether all of the host is behind them.
const PLACES: [(&str, &str, bool); 18] = [
    ("/", "the whole file system", true),
    ("/boot", "/boot", false),
    ("/dev", "/dev", true),
    ("/etc", "/etc", false),
    ("/etc/shadow", "/etc/shadow", false),
    ("/etc/ssh", "/etc/ssh", false),
    ("/etc/sudoers", "/etc/sudoers", false),
    ("/etc/sudoers.d", "/etc/sudoers.d", false),
    ("/home", "/home", false),
    ("/proc", "/proc", true),
    ("/root", "/root", false),
    ("/run", "/run", true),
    ("/sys", "/sys", false),
    ("/usr", "/usr", false),
    ("/var/lib/docker", "Docker's own data", true),
    ("/var/lib/docker/volumes", "Docker's own data", true),
    ("/var/run", "/run", true),
    ("/var/lib", "/var/lib", true),
];

/// Sockets that start containers.
const SOCKETS: [&str; 4] = ["docker.sock", "podman.sock", "containerd.sock", "crio.sock"];

/// Directories of keys that open other machines: OpenSSH, GnuPG, AWS, Kubernetes, Google Cloud, Azure.
const KEY_DIRECTORIES: [&str; 6] = [".ssh", ".gnupg", ".aws", ".kube", "gcloud", ".azure"];

/// How the names of disks and of memory begin below `/dev` (the kernel's list of devices, admin-guide/devices.txt).
const DISKS: [&str; 12] = ["sd", "hd", "vd", "xvd", "nvme", "mmcblk", "md", "dm-", "mapper/", "disk/", "kmem", "mem"];

/// A service of which another one takes the mounts over.
struct Taken<'a> {
    service: Service<'a>,
    place: Place,
    read_only: bool,
}

impl<'a> Service<'a> {
    /// Its mounts and those it takes over by `volumes_from`, each with the place in this service that says so.
    #[must_use]
    pub fn all_mounts(&self) -> Vec<(Mount, Place)> {
        let own = self.mounts().into_iter().map(|mount| (mount.place, mount)).map(|(place, mount)| (mount, place));
        let mut all: Vec<(Mount, Place)> = own.collect();
        let mut targets: HashSet<String> = all.iter().map(|(mount, _)| mount.target.clone()).collect();
        // Each service is examined once, however many name it.
        let mut known = HashSet::from([self.name()]);
        let mut waiting: Vec<Taken<'a>> = self.taken(None, false);
        while let Some(Taken { service, place, read_only }) = waiting.pop() {
            if !known.insert(service.name()) {
                continue;
            }
            for mut mount in service.mounts() {
                mount.read_only |= read_only;
                if targets.insert(mount.target.clone()) {
                    all.push((mount, place));
                }
            }
            waiting.extend(service.taken(Some(place), read_only));
        }
        all
    }

    /// The services of which it takes the mounts over; `place` is where the first one says so.
    fn taken(&self, place: Option<Place>, read_only: bool) -> Vec<Taken<'a>> {
        let items = self.at(&["volumes_from"]).map(Node::items).unwrap_or_default();
        let taken = items.iter().rev().filter_map(|item| {
            let text = item.text()?;
            let (name, mode) = text.split_once(':').unwrap_or((text, ""));
            let service = self.stack.service(name)?;
            Some(Taken { service, place: place.unwrap_or(item.place), read_only: read_only || mode == "ro" })
        });
        taken.collect()
    }

    /// Each vital part of the host that it is given.
    #[must_use]
    pub fn vitals(&self) -> Vec<Given> {
        let mut found: Vec<Given> = Vec::new();
        if let Some(node) = self.at(&["use_api_socket"]).filter(|node| node.is_true()) {
            found.push(Given { vital: SOCKET, place: node.place, read_only: false });
        }
        for item in self.at(&["devices"]).map(Node::items).unwrap_or_default() {
            let source = item.text().and_then(|text| text.split(':').next());
            let source = source.or_else(|| item.get("source").and_then(Node::text)).unwrap_or_default();
            if let Some(vital) = Vital::of_device(source) {
                found.push(Given { vital, place: item.place, read_only: false });
            }
        }
        let mounts = self.all_mounts();
        found.extend(mounts.iter().filter_map(|(mount, place)| {
            Some(Given { vital: self.vital(mount)?, place: *place, read_only: mount.read_only })
        }));
        found
    }

    fn vital(&self, mount: &Mount) -> Option<Vital> {
        let source = mount.source.as_deref()?;
        let source = match mount.kind {
            MountKind::Bind => source,
            // A named volume may be a directory of the host.
            _ => self.stack.device(source)?,
        };
        if source.starts_with('~') {
            let whole = !source.contains('/') || source.trim_end_matches('/') == "~";
            return is_key_directory(source).then_some(KEYS).or(whole.then_some(HOME));
        }
        let Location::Absolute(path) = self.stack.locate(mount.place, source) else { return None };
        Vital::of_path(&path)
    }
}

impl Vital {
    /// Of an absolute path of the host, cleaned.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        if SOCKETS.contains(&last(path)) {
            return Some(SOCKET);
        }
        if is_key_directory(path) {
            return Some(KEYS);
        }
        let (_, word, is_host) = PLACES.iter().find(|(place, ..)| *place == path)?;
        Some(Self { word, is_socket: false, is_host: *is_host })
    }

    /// Of a device of the host.
    #[must_use]
    pub fn of_device(path: &str) -> Option<Self> {
        is_disk(path).then_some(DISK)
    }
}

fn last(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

fn is_key_directory(path: &str) -> bool {
    KEY_DIRECTORIES.contains(&last(path))
}

fn is_disk(device: &str) -> bool {
    let name = device.strip_prefix("/dev/").unwrap_or_default();
    // `/dev/mem` and no `/dev/memory-of-mine`; a disk's name goes on with a letter or a number.
    let is = |begin: &&str| match *begin {
        "mem" | "kmem" => name == *begin,
        begin => name.starts_with(begin) && name.len() > begin.len(),
    };
    device.trim_end_matches('/') == "/dev" || DISKS.iter().any(is)
}
