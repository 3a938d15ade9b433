//! What Docker's files and programs say: compose files, Dockerfiles, references to images, `docker inspect`, and the reports
//! of image scanners. Pure.

pub mod compose;
pub mod dockerfile;
pub mod image;
pub mod inspect;
pub mod scan_report;

pub use dockerfile::is_dockerfile;
