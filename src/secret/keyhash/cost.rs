//! How dear a hash is.

use super::fault::Fault;

/// What one hash costs: memory, passes over it, lanes. Always within what [`Cost::MOST`] allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// A cost with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// How it is asked for.
    pub name: &'static str,
    /// What it is.
    pub cost: Cost,
}

const fn choice(name: &'static str, memory_kib: u32, passes: u32, lanes: u32) -> Choice {
    Choice { name, cost: Cost { memory_kib, passes, lanes } }
}

/// The choices that OWASP's Password Storage Cheat Sheet (Argon2id) calls equally strong, and the two recommended ones
/// of RFC 9106 4 as far as [`Cost::MOST`] reaches: its second, for little memory.
pub const CHOICES: [Choice; 6] = [
    choice("owasp-46m", 47104, 1, 1),
    choice("owasp-19m", 19456, 2, 1),
    choice("owasp-12m", 12288, 3, 1),
    choice("owasp-9m", 9216, 4, 1),
    choice("owasp-7m", 7168, 5, 1),
    choice("rfc9106-64m", 65536, 3, 4),
];

/// How many of [`CHOICES`], from the front, are OWASP's.
const OWASP: usize = 5;

impl Cost {
    /// OWASP's usual choice: 19 MiB, two passes, one lane.
    pub const DEFAULT: Self = Self { memory_kib: 19456, passes: 2, lanes: 1 };

    /// The most that is ever computed, also for a stored string that asks for more: 256 MiB, 16 passes, 16 lanes. Four
    /// times the memory of RFC 9106's second choice; what a service should spend on one request ends well below.
    pub const MOST: Self = Self { memory_kib: 262_144, passes: 16, lanes: 16 };

    /// A cost. `None` above [`Cost::MOST`], and where argon2 has no such thing: it needs one pass, one lane, and 8 KiB
    /// for each lane (RFC 9106 3.1).
    #[must_use]
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Option<Self> {
        let most = Self::MOST;
        let fits = (1..=most.passes).contains(&passes) && (1..=most.lanes).contains(&lanes);
        (fits && (8 * lanes..=most.memory_kib).contains(&memory_kib)).then_some(Self { memory_kib, passes, lanes })
    }

    /// A cost as people write it: the name of one of [`CHOICES`], or `m=19456,t=2,p=1` in this order.
    ///
    /// # Errors
    /// [`Fault::Cost`] for none, [`Fault::TooCostly`] for one above [`Cost::MOST`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let named = CHOICES.iter().find(|choice| choice.name == text);
        named.map_or_else(|| Self::parse_numbers(text), |choice| Ok(choice.cost))
    }

    /// `m=19456,t=2,p=1`.
    pub(super) fn parse_numbers(text: &str) -> Result<Self, Fault> {
        let mut fields = text.split(',');
        let mut next = |name: &str| {
            let number = fields.next().and_then(|field| field.strip_prefix(name)?.strip_prefix('='));
            number.and_then(decimal).ok_or(Fault::Cost)
        };
        let (memory, passes, lanes) = (next("m")?, next("t")?, next("p")?);
        if fields.next().is_some() {
            return Err(Fault::Cost);
        }
        let most = Self::MOST;
        if memory > most.memory_kib || passes > most.passes || lanes > most.lanes {
            return Err(Fault::TooCostly);
        }
        Self::new(memory, passes, lanes).ok_or(Fault::Cost)
    }

    /// The memory, in KiB.
    #[must_use]
    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// The passes over it.
    #[must_use]
    pub fn passes(self) -> u32 {
        self.passes
    }

    /// The lanes.
    #[must_use]
    pub fn lanes(self) -> u32 {
        self.lanes
    }

    /// Whether it is below what OWASP asks for: it does not reach one of its choices in both memory and passes. Lanes do
    /// not count: they share the same work.
    #[must_use]
    pub fn is_weak(self) -> bool {
        !CHOICES.iter().take(OWASP).any(|choice| self.reaches(choice.cost))
    }

    /// Whether a hash of this cost need not be made again where `wanted` is asked for.
    #[must_use]
    pub fn covers(self, wanted: Self) -> bool {
        let equal = CHOICES.iter().take(OWASP).any(|choice| choice.cost.reaches(wanted));
        self.reaches(wanted) || (equal && !self.is_weak())
    }

    fn reaches(self, other: Self) -> bool {
        self.memory_kib >= other.memory_kib && self.passes >= other.passes
    }
}

impl Default for Cost {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// `m=19456,t=2,p=1`, as in a PHC string.
impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { memory_kib, passes, lanes } = self;
        write!(f, "m={memory_kib},t={passes},p={lanes}")
    }
}

/// A number as PHC strings have it: no sign, no leading zero. One that a `u32` does not hold is the largest.
fn decimal(text: &str) -> Option<u32> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0') && text.len() <= 20;
    if text.is_empty() || !is_plain {
        return None;
    }
    Some(text.parse().unwrap_or(u32::MAX))
}
