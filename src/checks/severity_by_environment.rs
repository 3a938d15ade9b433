//! The severity of a finding in each environment.

use crate::environment::Environment;
use crate::finding::Severity;

/// The severity of a finding that matters in production: as given there, a warning at most if the environment is
/// unknown, a note in development and test.
pub(super) fn by_environment(environment: Environment, severity: Severity) -> Severity {
    match environment {
        Environment::Production => severity,
        Environment::Unknown => severity.min(Severity::Warning),
        Environment::Development | Environment::Test => Severity::Note,
    }
}

/// The severity of a finding that matters everywhere: as given, but a warning at most in development and test.
pub(super) fn by_workplace(environment: Environment, severity: Severity) -> Severity {
    match environment {
        Environment::Production | Environment::Unknown => severity,
        Environment::Development | Environment::Test => severity.min(Severity::Warning),
    }
}
