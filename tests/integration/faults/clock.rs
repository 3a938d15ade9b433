//! A clock that is wrong for one run, by months or by decades, and right again for the next.

use std::path::PathBuf;
use std::process::Command;

use super::book::Book;
use super::scene::Scene;
use crate::common::{Sandbox, skip};

/// Tells a program the time so many seconds from now.
const SHIM: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *time) {
    int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int answer = real(id, time);
    const char *jump = getenv("CLOCK_JUMP");
    if (answer == 0 && id == CLOCK_REALTIME && jump) time->tv_sec += atol(jump);
    return answer;
}
"#;

const DAY: i64 = 86_400;

/// Days: months, more than a whole age, decades back, past 2038 and past 2106.
pub const JUMPS: [i64; 6] = [-40, 40, -1000, -9000, 5000, 40_000];

/// Where the program is that tells it, compiled once for each scene.
fn shim(sandbox: &Sandbox) -> Option<PathBuf> {
    let (source, object) = (sandbox.root().join("shim.c"), sandbox.root().join("shim.so"));
    if object.exists() {
        return Some(object);
    }
    std::fs::write(&source, SHIM).unwrap();
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).args([&object, &source]).arg("-ldl").status();
    if built.is_ok_and(|status| status.success()) {
        return Some(object);
    }
    skip("there is no C compiler");
    None
}

/// Runs a verb with a clock that is wrong, and then looks with one that is right.
pub fn run(days: i64, scene: &Scene) -> Option<Result<(), String>> {
    let shim = shim(scene.sandbox())?;
    let jump = (days * DAY).to_string();
    let run = scene.run_by(&[], &[("LD_PRELOAD", shim.to_str().unwrap()), ("CLOCK_JUMP", &jump)]);
    Some(scene.ends_in_time_or_says_why(&run).and_then(|()| is_right_again(scene)))
}

/// Whether the next look finds what is wrong and mends it: no day of the ledger is to come, and no value is younger than
/// it was.
fn is_right_again(scene: &Scene) -> Result<(), String> {
    let sandbox = scene.sandbox();
    let look = sandbox.envward(&["rotation", "status", "--exit-zero"]);
    if look.code != 0 && !look.stderr.contains("hint: ") && !look.stdout.contains("--accept-clock") {
        return Err(format!("rotation status: {}: {}{}", look.code, look.stdout, look.stderr));
    }
    let look = sandbox.envward(&["rotation", "status", "--accept-clock", "--exit-zero"]);
    if look.code != 0 {
        return Err(format!("--accept-clock: {}: {}{}", look.code, look.stdout, look.stderr));
    }
    scene.agrees(true)?;
    let today = jiff::Timestamp::now().to_string();
    let to_come = |row: &&super::book::Row| row.since.as_str() > &today[..10];
    let book = Book::of(sandbox)?;
    book.rows.iter().find(to_come).map_or(Ok(()), |row| Err(format!("{} since {}", row.shape(), row.since)))
}
