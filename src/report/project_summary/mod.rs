//! `summary --project`: one project on one screen, for a person who decides: how many secrets, how old, how many exposed, and
//! how that changed.

mod text;

use jiff::civil::Date;

pub use text::write as write_text;

use super::rotation::ProjectReport;
use super::rotation::headline::Worst;
use crate::ledger::ValueState;
use crate::policy::Status;
use crate::rotation::{Month, SecretStatus, Urgency, plus};

/// What is due within so many days is due soon.
pub(in crate::report) const SOON: u32 = 30;

/// One project on a day.
pub struct ProjectSummary<'a> {
    /// Its secrets, and what could not be examined.
    pub(in crate::report) report: &'a ProjectReport,
    /// How it stood before, this month last.
    pub(in crate::report) months: &'a [Month],
    /// Today.
    pub(in crate::report) day: Date,
    /// The values in use, the most urgent first.
    pub(in crate::report) current: Vec<&'a SecretStatus>,
}

/// How many secrets there are of each urgency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::report) struct Counts {
    pub(in crate::report) exposed: usize,
    pub(in crate::report) overdue: usize,
    pub(in crate::report) due: usize,
    pub(in crate::report) soon: usize,
    pub(in crate::report) unknown: usize,
    /// Not due, and not soon.
    pub(in crate::report) fresh: usize,
    /// Expired, or expiring within a week.
    pub(in crate::report) expiring: usize,
}

impl<'a> ProjectSummary<'a> {
    /// The summary of a project on a day.
    #[must_use]
    pub fn new(report: &'a ProjectReport, months: &'a [Month], day: Date) -> Self {
        let current = report.statuses.iter().filter(|status| status.state == ValueState::Current).collect();
        Self { report, months, day, current }
    }

    /// What the exit status says. Where git history could not be read, an exposed secret may be missing.
    #[must_use]
    pub fn status(&self) -> Status {
        let all: Vec<&SecretStatus> = self.report.statuses.iter().collect();
        match self.report.status(&all, self.day) {
            _ if !self.report.limits.is_empty() => Status::Incomplete,
            status => status,
        }
    }

    /// How many things could not be examined.
    pub(in crate::report) fn gaps(&self) -> usize {
        self.report.problems.len() + self.report.limits.len()
    }

    pub(in crate::report) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for status in &self.current {
            let number = match status.urgency {
                Urgency::Exposed => &mut counts.exposed,
                Urgency::Overdue => &mut counts.overdue,
                Urgency::Due => &mut counts.due,
                Urgency::Unknown => &mut counts.unknown,
                Urgency::Fresh if status.soft_due <= plus(self.day, SOON) => &mut counts.soon,
                Urgency::Fresh => &mut counts.fresh,
            };
            *number += 1;
        }
        counts.expiring = self.report.expiries.iter().filter(|one| one.is_due(self.day)).count();
        counts
    }

    /// The oldest secret in use.
    pub(in crate::report) fn oldest(&self) -> Option<&'a SecretStatus> {
        self.current.iter().copied().reduce(|one, other| if other.age > one.age { other } else { one })
    }

    /// The age of the secret in the middle: as many are older as are younger.
    pub(in crate::report) fn median_age(&self) -> Option<u32> {
        let mut ages: Vec<u32> = self.current.iter().map(|status| status.age).collect();
        ages.sort_unstable();
        ages.get(ages.len().checked_sub(1)? / 2).copied()
    }

    /// The worst of it; `None` where nothing is due.
    pub(in crate::report) fn worst(&self) -> Option<Worst> {
        let of = |urgency: Urgency| self.current.iter().filter(|status| status.urgency == urgency).count();
        Worst::of(of, self.counts().expiring)
    }

    /// What to know first, in one line.
    pub(in crate::report) fn headline(&self) -> String {
        match (self.worst(), self.status()) {
            (Some(worst), _) => worst.line(),
            (None, Status::Incomplete) => "nothing that was examined is due".to_owned(),
            (None, Status::Findings) => "no secret is due, but something else needs attention".to_owned(),
            (None, Status::Clean) if self.current.is_empty() => "no secret in use".to_owned(),
            (None, Status::Clean) => "no secret is exposed or due".to_owned(),
        }
    }
}
