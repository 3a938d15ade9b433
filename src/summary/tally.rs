//! Counts.

use std::ops::AddAssign;

use crate::finding::Severity;

/// How many findings there are of each severity. More of the most severe is more severe, whatever the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counts {
    /// A secret in use is exposed.
    pub critical: u64,
    /// A secret is exposed, or will be.
    pub error: u64,
    /// Should be fixed.
    pub warning: u64,
    /// Good to know.
    pub note: u64,
}

impl Counts {
    /// One more of this severity.
    pub fn add(&mut self, severity: Severity) {
        let count = match severity {
            Severity::Critical => &mut self.critical,
            Severity::Error => &mut self.error,
            Severity::Warning => &mut self.warning,
            Severity::Note => &mut self.note,
        };
        *count += 1;
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.critical + self.error + self.warning + self.note
    }

    /// The highest severity of which there is one.
    #[must_use]
    pub fn highest(&self) -> Option<Severity> {
        match self {
            Self { critical: 1.., .. } => Some(Severity::Critical),
            Self { error: 1.., .. } => Some(Severity::Error),
            Self { warning: 1.., .. } => Some(Severity::Warning),
            Self { note: 1.., .. } => Some(Severity::Note),
            _ => None,
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.critical += other.critical;
        self.error += other.error;
        self.warning += other.warning;
        self.note += other.note;
    }
}

/// The problems of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfKind {
    /// How many there are.
    pub count: u64,
    /// In how many reports.
    pub reports: u64,
    /// The first repository by name.
    pub first: String,
}

impl OfKind {
    pub(super) fn add(&mut self, count: u64, name: &str) {
        if self.reports == 0 || name < self.first.as_str() {
            name.clone_into(&mut self.first);
        }
        self.count += count;
        self.reports += 1;
    }
}
