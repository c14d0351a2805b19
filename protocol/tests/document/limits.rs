//! The tables of limits, made from the two files that hold them: every name with its value as it
//! is written there. The reasons stay where they are.

use std::collections::BTreeMap;

use crate::source::texts;

/// What only the server has and a phone can run into.
const OF_SERVER: [&str; 13] = [
    "ACCESS_TOKEN_MS",
    "PHONE_SESSION_MS",
    "LOGIN_PER_ACCOUNT",
    "JSON_BYTES_MAX",
    "HELD_BYTES_PER_DEVICE_MAX",
    "HAND_IN_WINDOW_MS",
    "HAND_IN_PER_DEVICE",
    "RECONCILE_PER_DEVICE",
    "RECONCILE_RECORDS_MAX",
    "RECORD_BYTES_MAX",
    "NEEDED_NAMED_MAX",
    "PIECE_BYTES_MAX",
    "UPLOAD_KEPT_MS",
];

pub(crate) fn all() -> BTreeMap<String, String> {
    let shared = limits("protocol/src/limits.rs");
    let server = limits("server/src/limits.rs");
    let named = OF_SERVER.map(|name| {
        let limit = server.iter().find(|limit| limit.name == name);
        limit.unwrap_or_else(|| panic!("no limit {name}"))
    });
    let tables = [("limits", table(&shared)), ("limits of the server", table(named))];
    tables.into_iter().map(|(name, table)| (name.to_owned(), table)).collect()
}

struct Limit {
    name: String,
    value: String,
}

/// Two limits a row.
fn table<'a>(limits: impl IntoIterator<Item = &'a Limit>) -> String {
    let cells: Vec<String> =
        limits.into_iter().map(|Limit { name, value }| format!("| `{name}` | {value} ")).collect();
    let rows = cells.chunks(2).map(|row| match row {
        [one] => format!("{one}| | |\n"),
        several => format!("{}|\n", several.concat()),
    });
    format!("| limit | value | limit | value |\n|---|---|---|---|\n{}", rows.collect::<String>())
}

fn limits(place: &str) -> Vec<Limit> {
    let mut limits = Vec::new();
    let texts = texts(place);
    for line in texts.iter().flat_map(|text| text.lines()) {
        let Some(constant) = line.strip_prefix("pub const ") else { continue };
        let (name, rest) = constant.split_once(": ").expect("a type");
        let (_, value) = rest.split_once(" = ").expect("a value");
        let value = value.trim_end_matches(';').replace(" * ", " × ").replace("..=", " to ");
        let is_name = value.starts_with(|c: char| c.is_ascii_uppercase());
        let value = if is_name { format!("`{value}`") } else { value.replace('_', " ") };
        limits.push(Limit { name: name.to_owned(), value });
    }
    assert!(limits.len() > 10, "{place} has limits");
    limits
}
