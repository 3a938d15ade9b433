//! Equal values on several hosts or in several environments, by their marks.

use std::collections::{BTreeMap, BTreeSet};

use super::row_on_day::FleetRow;
use crate::environment::Environment;

/// Rows with one value.
#[derive(Debug)]
pub struct Same<'a> {
    /// The rows, by host and project.
    pub rows: Vec<&'a FleetRow>,
    /// Whether the value is used in two environments that are known: then a leak of the one is a leak of the other.
    pub crosses_environments: bool,
}

/// The values that are in use on several hosts or in several environments; those of several environments first.
#[must_use]
pub fn same(rows: &[FleetRow]) -> Vec<Same<'_>> {
    let mut groups: BTreeMap<&str, Vec<&FleetRow>> = BTreeMap::new();
    for row in rows {
        if let Some(mark) = &row.mark {
            groups.entry(mark).or_default().push(row);
        }
    }
    let mut all: Vec<Same<'_>> = groups.into_values().filter_map(group).collect();
    let place = |same: &Same<'_>| same.rows.first().map(|row| (row.host.clone(), row.project.clone(), row.key.clone()));
    all.sort_by_key(|same| (!same.crosses_environments, place(same)));
    all
}

fn group(rows: Vec<&FleetRow>) -> Option<Same<'_>> {
    let hosts: BTreeSet<&str> = rows.iter().map(|row| row.host.as_str()).collect();
    let known = rows.iter().map(|row| row.environment).filter(|environment| *environment != Environment::Unknown);
    let environments: BTreeSet<&str> = known.map(Environment::word).collect();
    let crosses_environments = environments.len() > 1;
    (hosts.len() > 1 || crosses_environments).then_some(Same { rows, crosses_environments })
}

/// The names of the fleet keys under which values were marked. With more than one, equal values can look different.
#[must_use]
pub fn key_names(rows: &[FleetRow]) -> BTreeSet<&str> {
    rows.iter().filter_map(|row| row.mark.as_ref()?.split('-').next()).collect()
}
