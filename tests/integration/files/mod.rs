//! What is written.

mod write_safety;
