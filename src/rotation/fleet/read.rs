//! The table as `copy (select * from envward.fleet) to stdout csv header` writes it. What cannot be read is a problem, and
//! the rest counts.

use std::collections::BTreeMap;
use std::io::{self, Read};

use csv::{ByteRecord, ErrorKind, ReaderBuilder};
use jiff::Timestamp;
use jiff::civil::Date;

use super::push::SCHEMA_VERSION;
use super::row_on_day::{FleetRow, Kind};
use crate::environment::Environment;
use crate::ledger::{Basis, ValueState};
use crate::text::sanitize;

/// The columns without which a CSV is not this table.
const NEEDED: [&str; 8] = ["host", "project", "kind", "key", "state", "soft_due", "hard_due", "exposed"];

/// More bytes than these are no table of a fleet: a million rows have 300 MB.
const LIMIT: u64 = 4 << 30;

/// What hosts reported.
#[derive(Debug, Default)]
pub struct Fleet {
    /// The last report of each project of each host; a host that never reported has one without a project.
    pub reports: Vec<ReportOfHost>,
    /// The rows, by host and project.
    pub rows: Vec<FleetRow>,
    /// What could not be read.
    pub problems: Vec<FleetProblem>,
}

/// The last report of one project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportOfHost {
    /// The host.
    pub host: String,
    /// The project; `None` for a host that never reported.
    pub project: Option<String>,
    /// When it arrived, by the clock of the database.
    pub received: Option<Timestamp>,
    /// How many seconds ago that was, by the same clock.
    pub seconds_ago: Option<i64>,
    /// By how many seconds the clock of the host is ahead of the database's.
    pub clock_ahead: Option<i64>,
    /// Whether the host could read every env file.
    pub is_complete: bool,
}

/// What is wrong with the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FleetProblem {
    /// It ends too early: how many rows there are, and how many there should be where that is known.
    Cut(u64, Option<u64>),
    /// The table of a newer envward.
    Newer(u32),
    /// Lines that are no rows of this table: how many, and the first.
    Broken(u64, u64),
    /// It is too large, or reading it failed.
    Unread,
}

/// Why there is no table at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFleet {
    /// There is nothing.
    Empty,
    /// It is something else.
    Foreign,
}

/// Reads it.
///
/// # Errors
/// The header is not that of this table.
pub fn read(input: impl Read) -> Result<Fleet, NoFleet> {
    let mut input = Watched { inner: input.take(LIMIT), last: None };
    let mut reader = ReaderBuilder::new().from_reader(&mut input);
    let columns = Columns::new(reader.byte_headers().map_err(|_| NoFleet::Foreign)?)?;
    let mut parts = Parts::default();
    let (mut record, mut broken) = (ByteRecord::new(), None);
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                parts.count += 1;
                if parts.take(&columns.of(&record)).is_none() {
                    add_broken(&mut broken, line);
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::UnequalLengths { .. }) => add_broken(&mut broken, line),
            Err(_) => {
                parts.problems.push(FleetProblem::Unread);
                break;
            }
        }
    }
    drop(reader);
    Ok(parts.fleet(broken, &input))
}

fn add_broken(broken: &mut Option<(u64, u64)>, line: u64) {
    match broken {
        Some((count, _)) => *count += 1,
        None => *broken = Some((1, line)),
    }
}

/// What was read so far.
#[derive(Default)]
struct Parts {
    reports: BTreeMap<(String, Option<String>), ReportOfHost>,
    rows: Vec<FleetRow>,
    problems: Vec<FleetProblem>,
    count: u64,
    promised: Option<u64>,
    newer: Option<u32>,
}

impl Parts {
    /// Takes one line; `None` where it cannot be understood.
    fn take(&mut self, fields: &Fields<'_>) -> Option<()> {
        self.promised = self.promised.or(fields.number("rows")?);
        let version = fields.number("schema")?.and_then(|version| u32::try_from(version).ok());
        self.newer = self.newer.or(version.filter(|version| *version > SCHEMA_VERSION));
        let report = report(fields)?;
        if let Some(project) = &report.project {
            self.rows.extend(row(fields, &report.host, project)?);
        }
        self.reports.entry((report.host.clone(), report.project.clone())).or_insert(report);
        Some(())
    }

    fn fleet<R>(mut self, broken: Option<(u64, u64)>, input: &Watched<io::Take<R>>) -> Fleet {
        self.problems.extend(self.newer.map(FleetProblem::Newer));
        let is_short = self.promised.is_some_and(|promised| promised != self.count);
        let is_open = input.last != Some(b'\n');
        if is_short || is_open {
            self.problems.push(FleetProblem::Cut(self.count, self.promised));
        }
        // The last line of an input that is cut off is no further problem.
        let is_told = |(count, _): &(u64, u64)| !(is_open && *count == 1);
        self.problems.extend(broken.filter(is_told).map(|(count, line)| FleetProblem::Broken(count, line)));
        if input.inner.limit() == 0 {
            self.problems.push(FleetProblem::Unread);
        }
        Fleet { reports: self.reports.into_values().collect(), rows: self.rows, problems: self.problems }
    }
}

fn report(fields: &Fields<'_>) -> Option<ReportOfHost> {
    let seconds =
        |later: Option<Timestamp>, earlier: Option<Timestamp>| Some(later?.as_second() - earlier?.as_second());
    let (received, host_time) = (fields.time("received")?, fields.time("host_time")?);
    Some(ReportOfHost {
        host: fields.text("host")?,
        project: fields.text("project"),
        received,
        seconds_ago: seconds(fields.time("read_at")?, received),
        clock_ahead: seconds(host_time, received),
        is_complete: fields.get("complete") != Some(b"f"),
    })
}

/// A row; `Some(None)` for a project without one.
fn row(fields: &Fields<'_>, host: &str, project: &str) -> Option<Option<FleetRow>> {
    let Some(kind) = fields.text("kind") else { return Some(None) };
    let environment = fields.text("environment").and_then(|word| Environment::from_word(&word));
    Some(Some(FleetRow {
        host: host.to_owned(),
        project: project.to_owned(),
        kind: Kind::from_word(&kind)?,
        environment: environment.unwrap_or(Environment::Unknown),
        file: fields.text("file").unwrap_or_default(),
        key: fields.text("key")?,
        class: fields.text("class"),
        state: ValueState::from_word(&fields.text("state")?)?,
        basis: fields.text("age_basis").and_then(|word| Basis::from_word(&word)),
        since: fields.date("since")?,
        rotated: fields.date("rotated")?,
        soft_due: fields.date("soft_due")?,
        hard_due: fields.date("hard_due")?,
        expires: fields.date("expires")?,
        exposed: match fields.get("exposed")? {
            b"t" => true,
            b"f" => false,
            _ => return None,
        },
        exposed_why: fields.text("exposed_why"),
        remarks: fields.text("remarks"),
        proven: fields.date("proven")?,
        snoozed_until: fields.date("snoozed_until")?,
        last_seen: fields.date("last_seen")?,
        mark: fields.text("mark"),
    }))
}

/// Where each column is.
struct Columns(BTreeMap<Vec<u8>, usize>);

impl Columns {
    fn new(header: &ByteRecord) -> Result<Self, NoFleet> {
        if header.iter().all(<[u8]>::is_empty) {
            return Err(NoFleet::Empty);
        }
        let columns = Self(header.iter().enumerate().map(|(at, name)| (name.to_vec(), at)).collect());
        let has = |name: &str| columns.0.contains_key(name.as_bytes());
        if NEEDED.iter().all(|name| has(name)) { Ok(columns) } else { Err(NoFleet::Foreign) }
    }

    fn of<'a>(&'a self, record: &'a ByteRecord) -> Fields<'a> {
        Fields { columns: self, record }
    }
}

/// One line.
struct Fields<'a> {
    columns: &'a Columns,
    record: &'a ByteRecord,
}

impl<'a> Fields<'a> {
    /// What is in a column; `None` where nothing is, or where there is no such column.
    fn get(&self, column: &str) -> Option<&'a [u8]> {
        let at = *self.columns.0.get(column.as_bytes())?;
        self.record.get(at).filter(|field| !field.is_empty())
    }

    fn text(&self, column: &str) -> Option<String> {
        self.get(column).map(sanitize)
    }

    /// What a field says; `Some(None)` for an empty one, `None` for one that says something else.
    fn parsed<T: std::str::FromStr>(&self, column: &str) -> Option<Option<T>> {
        let Some(field) = self.get(column) else { return Some(None) };
        std::str::from_utf8(field).ok()?.parse().ok().map(Some)
    }

    fn date(&self, column: &str) -> Option<Option<Date>> {
        self.parsed(column)
    }

    fn time(&self, column: &str) -> Option<Option<Timestamp>> {
        self.parsed(column)
    }

    fn number(&self, column: &str) -> Option<Option<u64>> {
        self.parsed(column)
    }
}

/// Remembers the last byte: a table ends with a line break.
struct Watched<R> {
    inner: R,
    last: Option<u8>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.last = count.checked_sub(1).and_then(|last| buffer.get(last).copied()).or(self.last);
        Ok(count)
    }
}
