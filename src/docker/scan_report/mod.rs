//! What a scanner of images found, as it writes it down: Trivy's JSON, and the SARIF of Docker Scout, Trivy and Grype. Pure.

mod sarif;
mod trivy;

use jiff::civil::Date;

/// How many vulnerabilities of one level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All of them.
    pub all: u64,
    /// Those that a newer version fixes.
    pub fixed: u64,
}

/// What was found in one image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The image, where the scanner names it.
    pub image: Option<String>,
    /// The day it was scanned, where the scanner says so.
    pub on: Option<Date>,
    /// Critical ones.
    pub critical: Count,
    /// High ones.
    pub high: Count,
}

/// How severe a vulnerability is; what is less is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Critical,
    High,
}

/// It is no report of a scanner that is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// Reads a report.
///
/// # Errors
/// No JSON, or JSON of another kind.
pub fn read(bytes: &[u8]) -> Result<Vec<Scan>, Unreadable> {
    match trivy::read(bytes) {
        Some(scan) => Ok(vec![scan]),
        None => sarif::read(bytes).filter(|scans| !scans.is_empty()).ok_or(Unreadable),
    }
}

impl Scan {
    fn new(image: Option<String>, on: Option<Date>) -> Self {
        Self { image, on, critical: Count::default(), high: Count::default() }
    }

    fn add(&mut self, level: Option<Level>, is_fixed: bool) {
        let count = match level {
            Some(Level::Critical) => &mut self.critical,
            Some(Level::High) => &mut self.high,
            None => return,
        };
        count.all += 1;
        count.fixed += u64::from(is_fixed);
    }
}

impl Level {
    /// Of a word, in any case of letters.
    fn of_word(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "critical" => Some(Self::Critical),
            "high" => Some(Self::High),
            _ => None,
        }
    }

    /// Of a CVSS score (first.org/cvss, "Qualitative Severity Rating Scale").
    fn of_score(score: f64) -> Option<Self> {
        match score {
            score if score >= 9.0 => Some(Self::Critical),
            score if score >= 7.0 => Some(Self::High),
            _ => None,
        }
    }
}

/// The day of a moment in RFC 3339.
fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests;
