//! The only module that opens env files and writes files: no link followed, judged by descriptor, bounded.

mod access;
mod accounts;
mod beneath;
mod directory;
mod inspect;
mod public;
mod refusal;
mod system;
mod temporary;
mod write;

pub use access::{Access, Who};
pub use accounts::Accounts;
pub use directory::{Directory, Listed};
pub use inspect::{Inspected, Link, READ_LIMIT, Root, Stat};
pub use public::{change_public, set_mode, write_program, write_public};
pub use refusal::Refusal;
pub use system::{READS_ACCESS_LISTS, identity, make_private, mode, mode_of};
pub use temporary::{is_being_written, is_temporary};
pub use write::{Held, Owner, PrivateDir};
