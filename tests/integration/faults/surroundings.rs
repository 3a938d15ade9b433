//! Too little of something: memory, descriptors, room, a reader of the output, a working directory, a state directory that
//! can be written.

use super::scene::Scene;
use crate::common::ordeal::{End, Ordeal};
use crate::common::skip;

/// Limits of a process: its memory, its descriptors, the size of a file.
pub fn limits() -> Vec<String> {
    let limits = [
        "-v 9000", "-v 20000", "-v 30000", "-v 40000", "-v 60000", "-v 90000", "-n 3", "-n 4", "-n 5", "-n 7", "-f 0",
        "-f 8",
    ];
    limits.iter().map(|limit| format!("ulimit {limit}; exec \"$@\"")).collect()
}

/// Standard output and standard error that take nothing.
pub fn outputs() -> Vec<String> {
    let outputs = [">/dev/full", ">/dev/full 2>/dev/full", ">&-", "<&- >&- 2>&-"];
    let outputs = outputs.iter().map(|output| format!("exec \"$@\" {output}"));
    outputs.chain([format!("exec python3 -c '{FULL_PIPE}' \"$@\"")]).collect()
}

/// Standard output is a pipe that nobody empties, and a write to it does not wait.
const FULL_PIPE: &str = "\
import os, sys
reader, writer = os.pipe()
os.set_inheritable(reader, True)
os.set_blocking(writer, False)
try:
    while os.write(writer, bytes(4096)): pass
except BlockingIOError:
    os.dup2(writer, 1)
os.execvp(sys.argv[1], sys.argv[1:])
";

/// A working directory that is gone.
pub fn places() -> Vec<String> {
    vec!["mkdir \"$HOME/gone\" && cd \"$HOME/gone\" && rmdir \"$HOME/gone\" && exec \"$@\"".to_owned()]
}

/// A state directory on a file system of its own for the length of the run: full, nearly full, read-only. What it contains
/// then is put back.
pub fn state_directories() -> Vec<String> {
    let fill = |blocks: &str| format!("{{ dd if=/dev/zero of=full/fill bs=4k {blocks} 2>/dev/null || true; }}");
    [
        ("-o mode=700,size=256k", fill("")),
        ("-o mode=700,size=256k", fill("count=52")),
        ("-o mode=700", "mount -o remount,ro full".to_owned()),
    ]
    .map(|(options, meanwhile)| {
        format!(
            "cd \"$HOME/..\" && mkdir -pm 700 state && mkdir full && mount -t tmpfs {options} tmpfs full && \
             cp -a state/. full/ && chmod 700 full && {meanwhile} && mount --bind full state || exit {UNMOUNTED}\n\
             cd project; \"$@\"; status=$?; cd ..\n\
             umount state; find state -mindepth 1 -delete; cp -a full/. state/; rm -f state/fill; umount full; rmdir full\n\
             exit $status"
        )
    })
    .to_vec()
}

/// The status where nothing can be mounted.
const UNMOUNTED: i32 = 99;

/// Runs a verb by a line.
pub fn run(line: &str, scene: &Scene) -> Option<Result<(), String>> {
    let is_mounted = line.contains("mount");
    let by = if is_mounted { &["unshare", "-rm", "sh", "-c", line, "sh"][..] } else { &["sh", "-c", line, "sh"] };
    let run = scene.run_by(by, &[]);
    if is_mounted && (run.end == End::Code(UNMOUNTED) || run.stderr.starts_with("unshare: ")) {
        skip("a file system cannot be mounted here");
        return None;
    }
    let ended = if is_expected(line, &run) { Ok(()) } else { scene.ends_well(&run) };
    Some(ended.and_then(|()| scene.survives(&run)))
}

/// Whether a run may end in another way than with its own status or with an error that is told.
fn is_expected(line: &str, run: &Ordeal) -> bool {
    match run.end {
        // Rust ends a process that gets no memory by SIGABRT; one that cannot be loaded ends by SIGSEGV or 127.
        End::Signal(6 | 11) => line.contains("ulimit -v"),
        End::Code(127) => line.contains("ulimit"),
        // Where errors go nowhere, or into a file that may not grow, the status alone says it.
        End::Code(2) => line.contains("2>") || line.contains("ulimit -f"),
        _ => false,
    }
}
