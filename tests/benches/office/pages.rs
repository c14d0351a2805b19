//! What is asked for: each page of the office, with the filters people use.

use std::collections::BTreeSet;

use crate::Window;

/// Pages by name, each with the addresses that are asked for in turn.
pub(crate) fn all(window: &Window) -> Vec<(&'static str, Vec<String>)> {
    let jobs = jobs(window);
    let customers = links(&window.get("/dossiers"), "/dossiers/");
    let words = ["打印", "电", "交换机", "printer", "UPS 电池", "PX40", "王", "数据中心 打印机"];
    let search = words.map(|words| format!("/?query={}", encoded(words)));
    let stages = ["on_site", "reported", "signed", "archived"];
    let stages = stages.map(|stage| format!("/?stage={stage}"));
    let narrow = ["/?level=critical", "/?stage=archived&level=normal", "/?due=follow_up"];
    let clocks = ["/?clock=over", "/?clock=soon", "/?clock=paused&stage=on_site"];
    let quarters = quarters(&window.get("/statistics"));
    let records = ["/records".to_owned(), format!("/records?query={}", encoded("打印"))];
    let page = |address: &str| vec![address.to_owned()];
    vec![
        ("board", page("/")),
        ("board, one stage", stages.into()),
        ("board, filtered", narrow.map(str::to_owned).into()),
        ("board, by clock", clocks.map(str::to_owned).into()),
        ("search", search.into()),
        ("job page", jobs),
        ("customer", customers.into_iter().take(40).collect()),
        ("statistics", quarters),
        ("records of a quarter", records.into()),
        ("inbox", page("/held")),
        ("fleet", page("/fleet")),
        ("people", page("/people")),
        ("follow-up calls", page("/follow-ups")),
        ("backup check", page("/backups")),
        ("new job", page("/jobs/new")),
        ("equipment", vec!["/assets".to_owned(), format!("/assets?query={}", encoded("PX40"))]),
        ("customers", vec!["/dossiers".to_owned(), format!("/dossiers?query={}", encoded("电"))]),
        ("service levels", page("/levels")),
        ("notices", page("/notices")),
        ("audit log", page("/audit")),
    ]
}

/// Jobs of every stage.
fn jobs(window: &Window) -> Vec<String> {
    let boards = ["/", "/?stage=archived", "/?stage=signed"];
    boards
        .iter()
        .flat_map(|board| links(&window.get(board), "/jobs/").into_iter().take(20))
        .collect()
}

/// The present quarter and those before it.
fn quarters(page: &str) -> Vec<String> {
    let mut all = vec!["/statistics".to_owned()];
    all.extend(links(page, "/statistics?quarter="));
    all
}

/// The addresses on a page that begin so and go on with something that names one thing.
fn links(page: &str, begin: &str) -> BTreeSet<String> {
    let found = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let found = found.filter(|address| {
        let rest = address.strip_prefix(begin);
        rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
    });
    found.map(str::to_owned).collect()
}

fn encoded(words: &str) -> String {
    words
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
