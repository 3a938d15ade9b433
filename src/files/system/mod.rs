//! What each system does differently with files, in one file for each system. Both have the same functions.
//!
//! | | Linux | macOS |
//! |---|---|---|
//! | open below a root and never above it | openat2(2), else [`beneath`](super::beneath) | [`beneath`](super::beneath) |
//! | the state of a file that may not be read | a descriptor with `O_PATH` | the entry in its directory |
//! | access lists | the kernel's extended attribute | not examined |
//! | whether modes mean anything | the number of the file system | its name, and whether it ignores owners |

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
compile_error!("envward runs on Linux and on macOS; another system needs a file beside src/files/system/linux.rs");

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use linux::*;

#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
pub use macos::*;
