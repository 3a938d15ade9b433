//! A fault of envward's own ends the smallest piece of work, and never the report: what was not examined is a problem.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// Does a piece of work, about this file or repository (`None`: the whole). What it had begun when it failed is left as
/// it was then, so that nothing may depend on it.
///
/// # Errors
/// The work panicked.
pub(crate) fn guarded<T>(about: Option<&RelPath>, work: impl FnOnce() -> T) -> Result<T, Problem> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Problem {
        path: about.filter(|path| !path.is_root()).cloned(),
        ..Problem::whole(ProblemKind::Internal)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_problem_that_names_the_file() {
        let path = RelPath::from("a/.env");
        assert_eq!(guarded(Some(&path), || 1), Ok(1));
        let failed = guarded(Some(&path), || panic!("on purpose"));
        assert_eq!(failed, Err::<(), _>(Problem::at(ProblemKind::Internal, path)));
        let failed = guarded(Some(&RelPath::default()), || panic!("on purpose"));
        assert_eq!(failed, Err::<(), _>(Problem::whole(ProblemKind::Internal)));
    }

    #[test]
    fn so_is_one_in_a_thread() {
        let work = || {
            std::thread::scope(|scope| scope.spawn(|| panic!("on purpose")).join().map_err(std::panic::resume_unwind))
        };
        assert!(guarded(None, work).is_err());
    }
}
