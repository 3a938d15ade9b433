//! GitLab's reports: secret detection and code quality. Neither has a line of a file in it: the line is the secret.

pub mod code_quality;
pub mod secret_detection;
