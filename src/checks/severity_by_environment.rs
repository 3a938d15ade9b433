//! How grave a fact is in each environment.

use crate::environment::Environment;
use crate::finding::Severity;

/// The severity of a fact that matters in production: as given there, a warning at most where nothing says what a file
/// is for, a note in development and test.
pub(super) fn by_environment(environment: Environment, severity: Severity) -> Severity {
    match environment {
        Environment::Production => severity,
        Environment::Unknown => severity.min(Severity::Warning),
        Environment::Development | Environment::Test => Severity::Note,
    }
}

/// What no environment makes harmless, but where nothing of worth is at stake.
pub(super) fn by_workplace(environment: Environment, severity: Severity) -> Severity {
    match environment {
        Environment::Production | Environment::Unknown => severity,
        Environment::Development | Environment::Test => severity.min(Severity::Warning),
    }
}
