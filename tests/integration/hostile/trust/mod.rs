//! Repositories that were made to hurt whoever looks at them. Nothing of them ends the program, stops it, takes the
//! machine's memory, changes what lies elsewhere, or excuses itself.

mod copies;
mod elsewhere;
mod indexes;
mod loose;
mod meanwhile;
mod names;
mod packs;
mod pushes;
pub mod scene;
mod sizes;
