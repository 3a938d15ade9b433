//! The closed lists of the ledger, and the words by which they are kept and shown.

/// A list whose members have words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $member:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$item])* $member,)* }

        impl $name {
            /// The word in the ledger and in reports.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$member => $word,)* }
            }

            /// The member of this word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$member),)* _ => None }
            }
        }
    };
}

words! {
    /// Where a value is in its life.
    ValueState {
        /// Made, and not in use yet.
        Pending = "pending",
        /// What the env file holds.
        Current = "current",
        /// Replaced, and perhaps still accepted or used somewhere.
        Retiring = "retiring",
        /// Gone.
        Retired = "retired",
        /// Made, and discarded before it was in use.
        Abandoned = "abandoned",
    }
}

words! {
    /// How the day is known from which a value's age is counted. The best first.
    Basis {
        /// envward made the value.
        Rotated = "rotated",
        /// Somebody said so.
        Declared = "declared",
        /// The value was another one at the look before; counted from that look.
        Observed = "observed",
        /// The first commit that holds the value.
        GitHistory = "git history",
        /// The env file was last written then, so the value is at least that old.
        FileTime = "file time",
        /// envward saw it first then; it may be much older.
        FirstSeen = "first seen",
    }
}

words! {
    /// What happened to a secret.
    What {
        /// Seen for the first time.
        FirstSeen = "first seen",
        /// Another value stood there than at the look before.
        Observed = "observed",
        /// An earlier value stood there again.
        ChangedBack = "changed back",
        /// The env file was renamed or moved.
        Moved = "moved",
        /// It stood there no more.
        Gone = "gone",
        /// It stood there again.
        Returned = "returned",
        /// The fingerprint's key was another one: whether the value changed is not known.
        KeyLost = "key lost",
        /// A value was made by envward and put into the file at once.
        Made = "made",
        /// A new value was made, and is not in use yet.
        Pending = "pending",
        /// A pending value was discarded.
        Abandoned = "abandoned",
        /// The pending value became the one in use.
        Promoted = "promoted",
        /// Evidence showed that the old value is out of use.
        Proven = "proven",
        /// The old value is in use again, because somebody undid the promotion.
        RolledBack = "rolled back",
        /// The old value is known to be refused everywhere.
        Confirmed = "confirmed",
        /// Somebody declared the value's age.
        Declared = "declared",
        /// Reminders were postponed.
        Snoozed = "snoozed",
        /// Somebody was reminded.
        Reminded = "reminded",
        /// The value leaked.
        Incident = "incident",
        /// Somebody recorded the day on which the value expires.
        Expires = "expires",
    }
}
