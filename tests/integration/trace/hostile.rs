//! What would hang or fill the memory of a careless search: it ends soon, and is told.

use super::*;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use crate::common::tar;

/// No search of what is here takes ten seconds of a processor, which other tests may share.
const LIMIT: Duration = Duration::from_secs(40);

fn in_time<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let answer = work();
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
    answer
}

#[test]
fn pipes_sockets_devices_and_loops_of_links() {
    let sandbox = project();
    sandbox.fifo("pipe");
    let _socket = std::os::unix::net::UnixListener::bind(sandbox.path("socket")).unwrap();
    symlink("/dev/zero", sandbox.path("zero")).unwrap();
    symlink("b", sandbox.path("a")).unwrap();
    symlink("a", sandbox.path("b")).unwrap();
    symlink(".", sandbox.path("here")).unwrap();
    symlink("/", sandbox.path("top")).unwrap();
    sandbox.file("x", 0o600, value());
    let report = in_time(|| trace(&sandbox, &["."], 1));
    assert_eq!(paths(&sandbox, &report), ["x"]);
    for (path, code) in [("pipe", 2), ("socket", 2), ("/dev/zero", 2), ("/dev/null", 2)] {
        let report = in_time(|| trace(&sandbox, &[path], code));
        let problems = listed::problems(&report);
        assert!(problems.len() == 1 && problems[0].starts_with("not-a-file "), "{problems:?}");
    }
}

#[test]
fn a_sparse_file_of_ten_terabytes() {
    let sandbox = project();
    let file = fs::File::create(sandbox.path("sparse")).unwrap();
    if file.set_len(10 << 40).is_err() {
        return crate::common::skip("the file system of the temporary directory has no files of ten terabytes");
    }
    let write = |at: u64| std::os::unix::fs::FileExt::write_all_at(&file, value().as_bytes(), at).unwrap();
    write(5 << 40);
    let report = in_time(|| trace(&sandbox, &["."], 1));
    let one = listed::the(&report, ON_DISK, "sparse");
    assert_eq!((&one["facts"]["offset"], &one["line"]), (&(5_u64 << 40).into(), &Value::Null));
}

#[test]
fn files_of_the_kernel_end() {
    let sandbox = project();
    for path in ["/proc/self/status", "/proc/cpuinfo", "/proc/version"] {
        assert_eq!(listed::findings(&in_time(|| trace(&sandbox, &[path], 0))), NONE, "{path}");
    }
    // A folder of the kernel's is walked where somebody names it, and ends.
    let _ = in_time(|| sandbox.envward(&["trace", "/proc/sys/kernel", "--format", "json"]));
}

#[test]
fn a_log_that_grows_while_it_is_read() {
    let sandbox = project();
    sandbox.file("a.log", 0o600, format!("{}\n", value()).repeat(1000));
    let path = sandbox.path("a.log");
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
        while stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
            file.write_all(&[b'x'; 65536]).unwrap();
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    let report = in_time(|| trace(&sandbox, &["."], 1));
    drop(stop);
    writer.join().unwrap();
    assert_eq!(paths(&sandbox, &report), ["a.log"]);
}

#[test]
fn a_directory_without_an_end() {
    let sandbox = project();
    // Longer than a path may be: made step by step.
    let flags = rustix::fs::OFlags::DIRECTORY | rustix::fs::OFlags::RDONLY;
    let mut dir = rustix::fs::open(sandbox.path(""), flags, rustix::fs::Mode::empty()).unwrap();
    for _ in 0..500 {
        rustix::fs::mkdirat(&dir, "dddddddddd", rustix::fs::Mode::RWXU).unwrap();
        dir = rustix::fs::openat(&dir, "dddddddddd", flags, rustix::fs::Mode::empty()).unwrap();
    }
    let report = in_time(|| trace(&sandbox, &["."], 2));
    assert_eq!(listed::problems(&report).len(), 1);
    assert!(listed::problems(&report)[0].starts_with("unreadable-path dddddddddd/"));
}

#[test]
fn bombs_end_and_are_told() {
    let sandbox = project();
    // Many members, each of which unpacks to 16 MiB: 640 MiB together, from 640 KiB.
    let once = gzip(&vec![0; 16 << 20]).repeat(40);
    sandbox.file("flat.gz", 0o600, &once);
    let mut nested = gzip(&once);
    for _ in 0..3 {
        nested = gzip(&zip("a.gz", &nested.repeat(10)));
    }
    sandbox.file("nested.gz", 0o600, &nested);
    let members: Vec<(String, Vec<u8>)> = (0..50).map(|number| (format!("{number}.gz"), once.clone())).collect();
    sandbox.file("many.tar", 0o600, &tar::tar(&members)[..2 << 20]);
    for path in ["flat.gz", "nested.gz", "many.tar"] {
        let report = in_time(|| trace(&sandbox, &[path], 2));
        assert_eq!(listed::problems(&report), [format!("unreadable-archive {path}")]);
    }
}

#[test]
fn archives_that_lie_about_their_sizes() {
    let sandbox = project();
    let mut huge = tar::header("x", 0, b'0');
    huge[124..136].copy_from_slice(&[0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    huge[148..156].copy_from_slice(b"        ");
    let sum: u32 = huge.iter().map(|byte| u32::from(*byte)).sum();
    huge[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    sandbox.file("huge.tar", 0o600, [huge, value().into_bytes()].concat());
    sandbox.file("long-name.tar", 0o600, tar::header("././@LongLink", 8 << 30, b'L'));
    let mut zip = zip("a", b"text");
    zip[18..22].copy_from_slice(&[0xfe, 0xff, 0xff, 0xff]);
    sandbox.file("a.zip", 0o600, zip);
    let report = in_time(|| trace(&sandbox, &["."], 2));
    assert_eq!(listed::problems(&report).len(), 3);
    assert_eq!(paths(&sandbox, &report), ["huge.tar"]);
}

#[test]
fn what_this_account_cannot_read() {
    let sandbox = project();
    sandbox.file("closed/x", 0o600, value());
    sandbox.file("locked", 0o000, value());
    sandbox.file("open", 0o600, value());
    sandbox.mkdir("closed", 0o000);
    for (path, code, problems) in [(&["."][..], 2, 2), (&[][..], 1, 0)] {
        let args = [&["trace", "--format", "json"], path].concat();
        let Some(command) = sandbox.command_bound_by_modes(&args) else {
            return crate::common::skip("root reads every file, and cannot give that up here");
        };
        let report = in_time(|| command.run()).json();
        assert_eq!(listed::problems(&report).len(), problems, "{report:#}");
        assert!(paths(&sandbox, &report).contains(&"open".to_owned()));
        let status = if crate::common::own_uid_is_root() && code == 1 { "clean" } else { "findings" };
        assert_eq!(report["status"], if code == 2 { "incomplete" } else { status });
        if code == 1 {
            assert_eq!(listed::the(&report, "place-not-searched", "")["facts"]["count"], 2);
        }
    }
    set_mode(&sandbox.path("closed"), 0o700);
}
