//! Where else on this host values in use are: in files, in what is packed in them, in processes, in streams. Knows places
//! and who can reach them, and not what is bad.

mod budget;
mod container;
mod file;
pub mod fuzz;
mod image;
mod mounts;
mod places;
mod process;
mod reach;
mod searcher;
mod sighting;
mod stream;
mod table;
mod tally;
mod walk;
mod watch;

pub use places::{Place, PlaceKind, of_host, of_user};
pub use reach::{Judge as ReachJudge, Reach};
pub use sighting::{ImagePart, Part, Process, Sighting, Trouble, Unsearched};
pub use table::{OF_HOME, OF_HOST};
pub use tally::Found;
pub use walk::{Asked, search};
pub use watch::Watch;
