//! A private file is written whole or not at all, and nobody else can read it at any moment: killed or refused at every
//! system call, in every awkward place, and with others at work on the same file.

mod killed;
mod meanwhile;
mod memory;
mod owners;
mod places;
mod refused;
mod scene;
