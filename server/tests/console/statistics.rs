//! D2, E7: the figures of a quarter, against a calculation that shares no line with the server's:
//! over three quarters of jobs that phones worked on, before and after late work arrives.

use std::collections::BTreeMap;

use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::path::Path;
use docket_protocol::record::value::FieldValue;
use docket_protocol::signoff::Purpose;
use jiff::civil::date;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use crate::browser::Browser;
use crate::records::{job, window};
use crate::support::{Office, Phone};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const QUARTERS: [&str; 3] = ["2026Q1", "2026Q2", "2026Q3"];

/// First moment of a month of 2026, in UTC.
fn month(month: i8) -> i64 {
    let first = date(2026, month, 1).at(0, 0, 0, 0);
    TimeZone::UTC.to_timestamp(first).unwrap().as_millisecond()
}

/// Numbers that look like chance and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 >> 33).unwrap() % sides
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        words[usize::try_from(self.roll(words.len() as i64)).unwrap()]
    }
}

/// Forty-five calls from January to September, given to Ada and Ben.
fn calls(office: &Office, dice: &mut Dice) -> Vec<(RecordId, &'static str, i64)> {
    let mut opened: Vec<(RecordId, &'static str, i64)> = Vec::new();
    for number in 0..45 {
        let at = month(1) + number * 6 * DAY + dice.roll(5 * DAY);
        let lead = dice.one_of(&["ada", "ben"]);
        let mut fields: Vec<(&str, FieldValue)> = vec![
            ("intake/opened_at", at.into()),
            ("intake/title", format!("Call {number}").into()),
            ("intake/customer", dice.one_of(&["Harbour Water", "Mill", ""]).into()),
            ("intake/category", dice.one_of(&["Pumps", "Valves", "Power"]).into()),
            ("intake/level", dice.one_of(&["minor", "normal", "critical"]).into()),
            ("intake/equipment", dice.one_of(&["Pump 1", "Pump 2", "Gate", "", "Drive"]).into()),
            ("assignment/lead", office.user(lead).to_string().into()),
            ("assignment/assigned_at", (at + dice.roll(30 * HOUR)).into()),
        ];
        fields.push(("intake/mode", if number % 3 == 0 { "remote" } else { "on_site" }.into()));
        if dice.roll(3) > 0 {
            fields.push(("intake/due_at", (at + dice.roll(9 * DAY)).into()));
        }
        if let (0, Some((earlier, ..))) = (dice.roll(6), opened.last()) {
            fields.push(("intake/follows", earlier.to_string().into()));
        }
        fields.retain(|(_, value)| *value != FieldValue::Text(String::new()));
        let opened_job = job(office, &fields);
        if number % 5 == 0 {
            let pause = [
                ("from".to_owned(), (at + HOUR).into()),
                ("until".to_owned(), (at + 3 * HOUR).into()),
            ];
            let (collection, id) = (Path::new("pauses"), ItemId::new(at, [5; 10]));
            let entry = NewEntry { collection, id, fields: pause.into() };
            office.desk_edit("dora", opened_job, Edit::AddEntry(entry)).unwrap();
        }
        opened.push((opened_job, lead, at));
    }
    opened
}

/// What is promised, in hours, by level: response, on site, recovery.
const PROMISED: [(&str, [i64; 3]); 2] = [("normal", [24, 48, 96]), ("critical", [4, 30, 48])];

fn promise(office: &Office) {
    let max = window(office, "max");
    for (level, hours) in PROMISED {
        let [response, on_site, recovery] = hours.map(|hours| (hours * 60).to_string());
        let fields = [
            ("target", "levels"),
            ("was:levels/level", ""),
            ("value:levels/level", level),
            ("was:levels/response_minutes", ""),
            ("value:levels/response_minutes", &response),
            ("was:levels/on_site_minutes", ""),
            ("value:levels/on_site_minutes", &on_site),
            ("was:levels/recovery_minutes", ""),
            ("value:levels/recovery_minutes", &recovery),
        ];
        assert_eq!(max.post("/levels/add", &fields).status, 303);
    }
}

/// What somebody does about a call, on their phone and by its clock.
fn work(phone: &mut Phone<'_>, record: RecordId, at: i64, dice: &mut Dice) {
    phone.clock_ms = at + dice.roll(3 * DAY);
    phone.set(record, "visit/arrived_at", phone.clock_ms);
    let due_at = phone.clock_ms + dice.roll(DAY);
    let promise = ItemId::new(phone.clock_ms, [u8::try_from(dice.roll(200)).unwrap(); 10]);
    phone.edit(
        record,
        &Edit::AddEntry(NewEntry {
            collection: Path::new("promises"),
            id: promise,
            fields: [("text".to_owned(), "Tell them".into()), ("due_at".to_owned(), due_at.into())]
                .into(),
        }),
    );
    phone.clock_ms += dice.roll(4 * DAY);
    if dice.roll(4) > 0 {
        let kept = Path::new("promises").child(promise).child("kept_at");
        phone.set(record, kept.as_str(), phone.clock_ms);
    }
    if dice.roll(5) == 0 {
        return;
    }
    let solved = dice.roll(4) > 0;
    phone.set(record, "report/outcome", if solved { "solved" } else { "partly_solved" });
    if solved && dice.roll(2) == 0 {
        phone.set(record, "report/solved_at", phone.clock_ms - HOUR);
    }
    phone.set(record, "report/finished_at", phone.clock_ms);
    if dice.roll(3) > 0 {
        let mut statement = phone.statement(record, Purpose::Report);
        statement.satisfaction = Some(u8::try_from(1 + dice.roll(5)).unwrap());
        let signed = phone.sign(&statement);
        phone.edit(record, &Edit::SignOff { signoff: statement.signoff, signed });
        phone.clock_ms += 8 * DAY;
        if dice.roll(2) == 0 {
            call_again(phone, record, dice);
        }
    }
}

fn call_again(phone: &mut Phone<'_>, record: RecordId, dice: &mut Dice) {
    let id = ItemId::new(phone.clock_ms, [9; 10]);
    let fields = [
        ("result".to_owned(), "Called".into()),
        ("satisfaction".to_owned(), (1 + dice.roll(5)).into()),
        ("solved".to_owned(), (dice.roll(3) > 0).into()),
    ];
    let entry = NewEntry { collection: Path::new("follow_ups"), id, fields: fields.into() };
    phone.edit(record, &Edit::AddEntry(entry));
}

/// Every job as the JSON API tells it.
fn told(office: &Office, records: &[RecordId]) -> Vec<Json> {
    let eve = Phone::of(office, "eve");
    let get = |record: &RecordId| {
        office.get(&format!("/v1/jobs/{record}"), Some(&eve.access_token)).json()
    };
    records.iter().map(get).collect()
}

/// A figure by its table and name, as it stands in the file.
type Expected = BTreeMap<(String, String), Vec<String>>;

struct Quarter<'j> {
    jobs: &'j [Json],
    from: i64,
    until: i64,
    now: i64,
}

fn time(job: &Json, path: &str) -> Option<i64> {
    job["content"].pointer(path).and_then(Json::as_i64)
}

fn text<'j>(job: &'j Json, path: &str) -> &'j str {
    job["content"].pointer(path).and_then(Json::as_str).unwrap_or("")
}

fn entries<'j>(job: &'j Json, part: &str) -> Vec<&'j Json> {
    job["content"][part].as_object().map(|map| map.values().collect()).unwrap_or_default()
}

fn opened(job: &Json) -> i64 {
    time(job, "/intake/opened_at").unwrap()
}

fn gone_at(job: &Json) -> Option<i64> {
    if let Some(at) = time(job, "/report/solved_at") {
        return Some(at);
    }
    let solved = text(job, "/report/outcome") == "solved";
    if solved { time(job, "/report/finished_at") } else { None }
}

fn is_back(jobs: &[Json], job: &Json) -> bool {
    let id = job["record"].as_str().unwrap();
    let followed = jobs.iter().any(|other| text(other, "/intake/follows") == id);
    followed || entries(job, "follow_ups").iter().any(|call| call["solved"] != true)
}

fn is_repeat(jobs: &[Json], job: &Json) -> bool {
    if !text(job, "/intake/follows").is_empty() {
        return true;
    }
    let of = |job: &Json| {
        (text(job, "/intake/customer").to_owned(), text(job, "/intake/equipment").to_owned())
    };
    !of(job).1.is_empty()
        && jobs.iter().any(|other| {
            let gap = opened(job) - opened(other);
            of(other) == of(job) && gap > 0 && gap <= 90 * DAY
        })
}

fn first_work(job: &Json) -> Option<i64> {
    let mut moments = vec![
        time(job, "/assignment/accepted_at"),
        time(job, "/visit/departed_at"),
        time(job, "/visit/arrived_at"),
        time(job, "/visit/met_at"),
        gone_at(job),
    ];
    moments.extend(entries(job, "steps").iter().map(|step| step["at"].as_i64()));
    moments.into_iter().flatten().min()
}

/// Whether what was promised for a clock was kept: the second it was over, whatever came first.
fn is_kept(job: &Json, clock: usize, now: i64) -> Option<bool> {
    let level = text(job, "/intake/level");
    let hours = PROMISED.iter().find(|(word, _)| *word == level)?.1[clock];
    let on_site = text(job, "/intake/mode") == "on_site";
    let end = match clock {
        0 => first_work(job),
        1 if !on_site => return None,
        1 => time(job, "/visit/arrived_at"),
        _ => gone_at(job),
    };
    // Each pause begins an hour after the call, before anything promised here is over.
    let paused = entries(job, "pauses").len() as i64 * 2;
    let due = opened(job) + (hours + paused) * HOUR;
    match end {
        Some(end) => Some(end <= due),
        None => (due < now).then_some(false),
    }
}

fn show(number: Option<f64>) -> String {
    number.map_or(String::new(), |number| number.to_string())
}

fn share(judged: &[bool]) -> String {
    let so = judged.iter().filter(|so| **so).count();
    let percent = 1_000.0 * so as f64 / judged.len() as f64;
    show((!judged.is_empty()).then(|| percent.round() / 10.0))
}

fn percentile(times: &[i64], tenths: usize) -> String {
    let mut times: Vec<i64> = times.iter().map(|time| (*time).max(0)).collect();
    times.sort_unstable();
    let place = (times.len() * tenths).div_ceil(10);
    let found = if times.is_empty() { None } else { Some(times[place.max(1) - 1]) };
    show(found.map(|ms| (ms as f64 / HOUR as f64 * 10.0).round() / 10.0))
}

fn mean(marks: &[i64]) -> String {
    let mean = marks.iter().sum::<i64>() as f64 / marks.len() as f64;
    show((!marks.is_empty()).then(|| (mean * 100.0).round() / 100.0))
}

impl Quarter<'_> {
    fn received(&self) -> Vec<&Json> {
        let within = |job: &&Json| self.from <= opened(job) && opened(job) < self.until;
        self.jobs.iter().filter(within).collect()
    }

    /// The columns of the file, in its order.
    fn columns(&self, jobs: &[&Json]) -> Vec<String> {
        let count = |so: &dyn Fn(&Json) -> bool| jobs.iter().filter(|job| so(job)).count();
        let handed = |job: &&&Json| {
            let assigned = time(job, "/assignment/assigned_at");
            assigned.map(|at| at - opened(job) <= DAY)
        };
        let due = |job: &&&Json| {
            let due = time(job, "/intake/due_at")?;
            (gone_at(job).is_some() || due < self.now)
                .then(|| gone_at(job) <= Some(due))
                .map(|in_time| in_time && gone_at(job).is_some())
        };
        let ended = |job: &&&Json| {
            let ended = gone_at(job).is_some() || !text(job, "/report/outcome").is_empty();
            ended.then(|| gone_at(job).is_some() && !is_back(self.jobs, job))
        };
        let mut promises = Vec::new();
        let (mut marks, mut calls) = (Vec::new(), Vec::new());
        for job in jobs {
            let over = time(job, "/report/finished_at").is_some();
            for promise in entries(job, "promises") {
                let kept = promise["kept_at"].as_i64();
                if over || kept.is_some() {
                    promises.push(kept.is_some() && kept <= promise["due_at"].as_i64());
                }
            }
            let signed = job["signoffs"].as_array().unwrap().iter();
            marks.extend(signed.filter_map(|one| one["statement"]["satisfaction"].as_i64()));
            calls.extend(
                entries(job, "follow_ups").iter().filter_map(|one| one["satisfaction"].as_i64()),
            );
        }
        let since = |end: fn(&Json) -> Option<i64>| -> Vec<i64> {
            jobs.iter().filter_map(|job| Some(end(job)? - opened(job))).collect()
        };
        let (response, recovery) = (since(first_work), since(gone_at));
        let kept = |clock: usize| {
            let judged = jobs.iter().filter_map(|job| is_kept(job, clock, self.now));
            share(&judged.collect::<Vec<_>>())
        };
        let open = |job: &Json| gone_at(job).is_none_or(|at| at >= self.until);
        vec![
            jobs.len().to_string(),
            count(&|job| gone_at(job).is_some()).to_string(),
            count(&open).to_string(),
            share(&jobs.iter().filter_map(|job| ended(&job)).collect::<Vec<_>>()),
            count(&|job| is_repeat(self.jobs, job)).to_string(),
            share(&jobs.iter().filter_map(|job| handed(&job)).collect::<Vec<_>>()),
            percentile(&response, 5),
            percentile(&response, 9),
            percentile(&recovery, 5),
            percentile(&recovery, 9),
            kept(0),
            kept(1),
            kept(2),
            share(&jobs.iter().filter_map(|job| due(&job)).collect::<Vec<_>>()),
            share(&promises),
            mean(&marks),
            mean(&calls),
        ]
    }

    fn expected(&self) -> Expected {
        let mut expected = Expected::new();
        let received = self.received();
        let all = self.columns(&received);
        expected.insert(("Statistics".to_owned(), "All".to_owned()), all);
        for (table, path) in [
            ("Customer", "/intake/customer"),
            ("Problem category", "/intake/category"),
            ("Fault level", "/intake/level"),
            ("Lead engineer", ""),
        ] {
            let mut named: BTreeMap<String, Vec<&Json>> = BTreeMap::new();
            for job in &received {
                let name = match (path, table) {
                    ("", _) => job["lead_name"].as_str().unwrap().to_owned(),
                    (path, "Fault level") => capital(text(job, path)),
                    (path, _) => text(job, path).to_owned(),
                };
                let name = if name.is_empty() { "Not given".to_owned() } else { name };
                named.entry(name).or_default().push(job);
            }
            for (name, jobs) in named {
                expected.insert((table.to_owned(), name), self.columns(&jobs));
            }
        }
        expected
    }
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

/// The same from the server's file: tables below each other, the first one lying on its side.
fn counted(browser: &Browser<'_>, quarter: &str) -> Expected {
    let csv = browser.get(&format!("/statistics.csv?quarter={quarter}"));
    assert_eq!(csv.status, 200);
    let csv = csv.html();
    let mut counted = Expected::new();
    for (number, table) in csv.trim_start_matches('\u{feff}').split("\r\n\r\n").enumerate() {
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
        let heading = lines[0][0].to_owned();
        if number == 0 {
            // Some names have a comma; the numbers are counted from the end.
            let all = lines[1..18].iter().map(|line| line[line.len() - 2].to_owned()).collect();
            counted.insert((heading, "All".to_owned()), all);
        } else if number < 5 {
            for line in &lines[1..] {
                let columns = line[1..].iter().map(|cell| (*cell).to_owned()).collect();
                counted.insert((heading.clone(), line[0].to_owned()), columns);
            }
        }
    }
    counted
}

#[test]
fn d2_e7_the_figures_are_those_of_an_independent_calculation_also_when_work_arrives_late() {
    let office = Office::open();
    let mut dice = Dice(0x5eed_0d0c_0ce7);
    let calls = calls(&office, &mut dice);
    promise(&office);
    let records: Vec<RecordId> = calls.iter().map(|(record, ..)| *record).collect();
    let mut phones = BTreeMap::from(["ada", "ben"].map(|login| (login, Phone::of(&office, login))));
    phones.values_mut().for_each(|phone| drop(phone.sync()));
    let max = window(&office, "max");
    let check = |when: &str| {
        let jobs = told(&office, &records);
        let mut results = Vec::new();
        for (quarter, first) in QUARTERS.into_iter().zip([1, 4, 7]) {
            let (from, until) = (month(first), month(first + 3));
            let now = office.app.clock.now_ms();
            let expected = Quarter { jobs: &jobs, from, until, now }.expected();
            assert_eq!(counted(&max, quarter), expected, "{quarter}, {when}");
            results.push(expected);
        }
        results
    };
    let before = check("nobody has done anything");
    let late: Vec<_> = calls.iter().map(|_| dice.roll(2) == 0).collect();
    for (at, (record, lead, opened)) in calls.iter().enumerate() {
        let phone = phones.get_mut(lead).unwrap();
        work(phone, *record, *opened, &mut dice);
        if !late[at] {
            phone.sync();
        }
    }
    let between = check("some have sent");
    phones.values_mut().for_each(|phone| drop(phone.sync()));
    let after = check("the rest has arrived");
    assert!(before != between && between != after, "late work changes past quarters");
}

#[test]
fn d2_the_page_shows_figures_charts_with_their_tables_and_how_complete_they_are() {
    let office = Office::open();
    let mut dice = Dice(7);
    let calls = calls(&office, &mut dice);
    let mut ada = Phone::of(&office, "ada");
    ada.sync();
    let max = window(&office, "max");
    let page = max.get("/statistics?quarter=2026Q3");
    assert_eq!(page.status, 200);
    for said in ["2026Q3", "2026-07-01", "First-time fix", "Repeat faults", "As a table"] {
        assert!(page.says(said), "{said} in {}", page.html());
    }
    assert!(page.says("<svg") && !page.says("style=") && !page.says("<script>"));
    assert!(page.says("Everybody who had work then has been in contact since"));
    assert!(page.says("href=\"/records?from=2026-07-01&#38;to=2026-09-30&#38;customer=Mill\""));
    assert!(page.says("/statistics?quarter=2026Q2") && page.says("/statistics?quarter=2026Q4"));
    let xlsx = max.get("/statistics.xlsx?quarter=2026Q3");
    assert!(xlsx.bytes.starts_with(b"PK"));
    let nothing = max.get("/statistics?quarter=2031Q1");
    assert!(nothing.status == 200 && nothing.says("–"), "{}", calls.len());
}

#[test]
fn d2_a_phone_that_was_not_heard_of_since_makes_the_figures_incomplete() {
    let office = Office::open();
    let mut dice = Dice(7);
    calls(&office, &mut dice);
    let ada = Phone::of(&office, "ada");
    office
        .app
        .store
        .write_blocking(|tx| {
            let july = month(7);
            tx.sql.execute("update devices set last_seen_at = ?1", [july])?;
            Ok::<_, docket_server::store::StoreError>(())
        })
        .unwrap();
    let max = window(&office, "max");
    let page = max.get("/statistics?quarter=2026Q3");
    assert!(
        page.part("completeness").contains("may still have work on 1 phone"),
        "{}",
        page.html()
    );
    // What was open in spring was worked on before July, and that has arrived.
    let spring = max.get("/statistics?quarter=2026Q2");
    assert!(spring.says("nothing is known to be missing"), "{}", ada.device);
}

#[test]
fn statistics_are_for_those_who_see_all_jobs() {
    let office = Office::open();
    for path in ["/statistics", "/statistics.csv", "/statistics.xlsx"] {
        assert_eq!(Browser::signed_in(&office, "ada").get(path).status, 404, "{path}");
        assert_eq!(Browser::signed_in(&office, "eve").get(path).status, 200, "{path}");
    }
    assert!(!Browser::signed_in(&office, "ada").get("/records").says("/statistics"));
}
