//! How often the inner steps are taken of what could grow faster than its input. Counted in tests alone, which bound it:
//! unlike time, it is the same on every machine.

#[cfg(test)]
thread_local! {
    static STEPS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Takes one step.
#[inline]
pub(crate) fn step() {
    #[cfg(test)]
    STEPS.set(STEPS.get() + 1);
}

/// How many steps this thread takes for something.
#[cfg(test)]
pub(crate) fn steps<T>(run: impl FnOnce() -> T) -> u64 {
    let before = STEPS.get();
    std::hint::black_box(run());
    STEPS.get() - before
}
