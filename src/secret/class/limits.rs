//! After how many days a secret of a class should be replaced, and must have been.

use super::Class;

/// After how many days a secret is due, and overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From this age on it should be replaced.
    pub soft: u32,
    /// From this age on it must have been.
    pub hard: u32,
}

/// When a secret of this class is due, and overdue, in days of age. 90 to 180 days is the window of the deployment
/// checklist; cloud benchmarks ask for 90. A key that encrypts stored data costs a re-encryption, and NIST SP 800-57
/// part 1 (5.3.6) allows up to two years: 180 and 365.
#[must_use]
pub fn default_limits(class: Class) -> Limits {
    match class {
        Class::EncryptionKey => Limits { soft: 180, hard: 365 },
        _ => Limits { soft: 90, hard: 180 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key that encrypts what is stored costs a re-encryption.
    #[test]
    fn a_key_of_stored_data_is_due_later() {
        for class in Class::ALL {
            let (soft, hard) = if class == Class::EncryptionKey { (180, 365) } else { (90, 180) };
            assert_eq!(default_limits(class), Limits { soft, hard }, "{class:?}");
        }
    }
}
