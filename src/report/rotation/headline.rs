//! What to know first of the secrets of a project, in one line.

use crate::rotation::Urgency;

/// The worst that is to be said, and of how many secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Worst {
    Exposed(usize),
    Expiring(usize),
    Overdue(usize),
    Due(usize),
}

impl Worst {
    /// `of` says how many there are of an urgency. `None` where nothing is due.
    pub(in crate::report) fn of(of: impl Fn(Urgency) -> usize, expiring: usize) -> Option<Self> {
        let all = [
            Self::Exposed(of(Urgency::Exposed)),
            Self::Expiring(expiring),
            Self::Overdue(of(Urgency::Overdue)),
            Self::Due(of(Urgency::Due)),
        ];
        all.into_iter().find(|worst| worst.number() > 0)
    }

    fn number(self) -> usize {
        let (Self::Exposed(number) | Self::Expiring(number) | Self::Overdue(number) | Self::Due(number)) = self;
        number
    }

    pub(in crate::report) fn word(self) -> &'static str {
        match self {
            Self::Exposed(_) => "exposed",
            Self::Expiring(_) => "expiring",
            Self::Overdue(_) => "overdue",
            Self::Due(_) => "due",
        }
    }

    pub(in crate::report) fn line(self) -> String {
        let (one, many) = match self {
            Self::Exposed(_) => ("is exposed: replace it now", "are exposed: replace them now"),
            Self::Expiring(_) => ("has expired or will within a week", "have expired or will within a week"),
            Self::Overdue(_) => ("is overdue: replace it now", "are overdue: replace them now"),
            Self::Due(_) => ("is due: replace it soon", "are due: replace them soon"),
        };
        secrets(self.number(), one, many)
    }
}

/// How many secrets, and what is true of one or of several.
pub(in crate::report) fn secrets(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 secret {one}"),
        _ => format!("{number} secrets {many}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_is_said_first() {
        let only = |number: usize, which: Urgency| move |urgency| if urgency == which { number } else { 0 };
        let told = |worst: Option<Worst>| worst.map(|worst| (worst.word(), worst.line()));
        assert_eq!(told(Worst::of(only(3, Urgency::Fresh), 0)), None);
        let due = ("due", "1 secret is due: replace it soon".to_owned());
        assert_eq!(told(Worst::of(only(1, Urgency::Due), 0)), Some(due));
        let expiring = ("expiring", "2 secrets have expired or will within a week".to_owned());
        assert_eq!(told(Worst::of(only(1, Urgency::Overdue), 2)), Some(expiring));
        let exposed = ("exposed", "2 secrets are exposed: replace them now".to_owned());
        assert_eq!(told(Worst::of(only(2, Urgency::Exposed), 2)), Some(exposed));
    }
}
