//! What is due, month by month and week by week.

use jiff::civil::Date;

use super::markup::{Html, class, word};
use super::page::{Sections, Tone, badge, columns};
use crate::finding::{Fact, Finding};
use crate::policy::Report;

/// So many months have a row at most: none comes behind the last entry.
const MONTHS: usize = 12;
/// More entries of one cell are counted.
const SHOWN: usize = 8;
/// The last day of each week of a month, and its name. The last one is longer.
const WEEKS: [(i8, &str); 4] = [(7, "1 to 7"), (14, "8 to 14"), (21, "15 to 21"), (31, "22 to the end")];
const NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Something that is to be done by a day.
pub(super) struct Due {
    /// The day; today for what is to be done at once.
    pub(super) day: Date,
    /// The secret.
    pub(super) what: String,
    /// The word for what happens on the day.
    pub(super) word: &'static str,
    pub(super) tone: Tone,
}

/// The calendar of a report, from the dates that its findings know. Where all of them are past, it says no more than
/// they do.
pub(super) fn of_findings(report: &Report, sections: &mut Sections<'_>) {
    let of = |name, word, tone| report.findings.iter().filter_map(move |one| dated(one, name, word, tone));
    let mut dues: Vec<Due> = of("soft_due", "due", Tone::Warning)
        .chain(of("hard_due", "overdue", Tone::Error))
        .chain(of("expires", "expires", Tone::Error))
        .collect();
    dues.retain(|due| due.day > report.as_of);
    section(dues, report.as_of, "what is due when", sections);
}

fn dated(finding: &Finding, name: &str, word: &'static str, tone: Tone) -> Option<Due> {
    let Some(Fact::Day(day)) = finding.get(name) else { return None };
    let key = finding.key.as_ref().map_or("a secret", crate::env::Key::as_str);
    Some(Due { day: *day, what: format!("{key} of {}", finding.place()), word, tone })
}

/// The section of them; none where nothing is due.
pub(super) fn section(mut dues: Vec<Due>, today: Date, title: &str, sections: &mut Sections<'_>) {
    if dues.is_empty() {
        return;
    }
    // What is to be done now is in the order of its urgency.
    let order = |due: &Due| (due.day.max(today), due.tone, due.day);
    dues.sort_by(|one, other| order(one).cmp(&order(other)).then_with(|| one.what.cmp(&other.what)));
    sections.add(title, |html| table(&dues, today, html));
}

fn table(dues: &[Due], today: Date, html: &mut Html<'_>) {
    html.element("table", &[class("calendar")], |html| {
        html.line("caption", &[], "the days on which secrets become due and overdue, and on which values expire");
        columns(std::iter::once("month").chain(WEEKS.map(|(_, name)| name)), html);
        html.element("tbody", &[], |html| {
            let now: Vec<&Due> = dues.iter().filter(|due| due.day <= today).collect();
            whole_row("now", &now, true, html);
            let newest = dues.last().map(|due| (due.day.year(), due.day.month()));
            for (year, month) in months(today).filter(|month| newest.is_some_and(|newest| *month <= newest)) {
                let is_its = |due: &&Due| due.day > today && (due.day.year(), due.day.month()) == (year, month);
                self::month(year, month, &dues.iter().filter(is_its).collect::<Vec<_>>(), html);
            }
            let last = months(today).last().unwrap_or_default();
            let later: Vec<&Due> =
                dues.iter().filter(|due| (due.day.year(), due.day.month()) > last && due.day > today).collect();
            whole_row("later", &later, false, html);
        });
    });
}

/// The years and months from this one on.
fn months(today: Date) -> impl Iterator<Item = (i16, i8)> {
    let next =
        |(year, month): &(i16, i8)| Some(if *month == 12 { (year.saturating_add(1), 1) } else { (*year, month + 1) });
    std::iter::successors(Some((today.year(), today.month())), next).take(MONTHS)
}

fn whole_row(name: &str, dues: &[&Due], is_now: bool, html: &mut Html<'_>) {
    if dues.is_empty() {
        return;
    }
    html.element("tr", &[], |html| {
        html.line("th", &[word("scope", "row")], name);
        html.element("td", &[word("colspan", "4")], |html| entries(dues, is_now, html));
    });
}

fn month(year: i16, month: i8, dues: &[&Due], html: &mut Html<'_>) {
    let name = usize::try_from(month - 1).ok().and_then(|at| NAMES.get(at)).unwrap_or(&"");
    let is_empty = class("empty");
    let row = if dues.is_empty() { std::slice::from_ref(&is_empty) } else { &[] };
    html.element("tr", row, |html| {
        html.line("th", &[word("scope", "row")], &format!("{name} {year}"));
        let mut first = 0;
        for (last, _) in WEEKS {
            let week: Vec<&Due> =
                dues.iter().copied().filter(|due| due.day.day() > first && due.day.day() <= last).collect();
            let is_empty = class("empty");
            let cell = if week.is_empty() { std::slice::from_ref(&is_empty) } else { &[] };
            html.element("td", cell, |html| entries(&week, false, html));
            first = last;
        }
    });
}

fn entries(dues: &[&Due], is_now: bool, html: &mut Html<'_>) {
    if dues.is_empty() {
        return;
    }
    html.element("ul", &[], |html| {
        for due in dues.iter().take(SHOWN) {
            html.element("li", &[], |html| {
                badge(due.tone, due.word, html);
                html.text(" ");
                if !is_now {
                    html.line("b", &[], &due.day.to_string());
                    html.text(" ");
                }
                html.line("span", &[], &due.what);
            });
        }
        let more = dues.len().saturating_sub(SHOWN);
        if more > 0 {
            html.line("li", &[], &format!("and {more} more"));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_goes_over_its_end() {
        let months: Vec<(i16, i8)> = months(jiff::civil::date(2026, 11, 30)).collect();
        assert_eq!((months.len(), months[0], months[2], months[11]), (12, (2026, 11), (2027, 1), (2027, 10)));
    }

    #[test]
    fn each_day_is_in_one_cell() {
        let today = jiff::civil::date(2026, 1, 31);
        let day = |text: &str| text.parse::<Date>().unwrap();
        let days = ["2026-01-30", "2026-01-31", "2026-02-07", "2026-02-08", "2026-02-28", "2026-12-31", "2027-01-01"];
        let dues = days.map(|text| Due { day: day(text), what: text.to_owned(), word: "due", tone: Tone::Warning });
        let mut sections = Sections::default();
        section(dues.into_iter().collect(), today, "x", &mut sections);
        let page = sections.written();
        for text in days {
            let number = page.matches(&format!("<span>{text}</span>")).count();
            assert_eq!(number, 1, "{text}: {page}");
        }
        assert!(page.contains(">now<") && page.contains(">later<") && page.contains("December 2026"));
    }
}
