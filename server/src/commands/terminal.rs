//! What a terminal shows: the reader's language, columns that line up under Chinese too, and
//! whose hands the command line's are.

use std::path::Path;

use anyhow::{Result, bail};
use docket_protocol::ids::{TenantId, UserId};
use docket_protocol::role::Role;
use rusqlite::{Connection, OptionalExtension};
use unicode_width::UnicodeWidthStr;

use crate::app::App;
use crate::auth::scope::Scope;
use crate::clock::Clock;
use crate::store::{OpenError, StoreError};
use crate::words::{Language, Words};

/// Longest cell of a table before it is cut.
const CELL_COLUMNS_MAX: usize = 100;

/// The words of this terminal's language.
pub(super) fn words() -> Words {
    Words(Language::of_terminal(|name| std::env::var(name).ok()))
}

/// Opens a data folder that no server is using.
pub(super) fn open(words: Words, data: &Path) -> Result<App> {
    App::open(data, Clock::default()).map_err(|error| match error {
        OpenError::InUse(_) => anyhow::anyhow!(words.get("data-in-use")),
        other => anyhow::Error::new(other),
    })
}

/// The person in whose name the command line writes: the one named, else the first at the
/// service desk, else the first manager.
pub(super) fn clerk(words: Words, app: &App, login: Option<&str>) -> Result<Scope> {
    let found = app.store.read_blocking(|sql| find_clerk(sql, login).map_err(StoreError::from))?;
    match (found, login) {
        (Some(scope), _) => Ok(scope),
        (None, Some(login)) => {
            bail!(words.with("no-such-person", &[("login", login.into())]))
        }
        (None, None) => bail!(words.get("no-clerk")),
    }
}

fn find_clerk(sql: &Connection, login: Option<&str>) -> rusqlite::Result<Option<Scope>> {
    sql.query_row(
        "select tenant, id, role, name from users
         where active = 1 and role in ('desk', 'manager') and (?1 is null or login = ?1)
         order by role = 'manager', name",
        [login],
        |row| {
            let role = Role::parse(&row.get::<_, String>(2)?).unwrap_or(Role::Desk);
            let (tenant, user) = (TenantId(row.get(0)?), UserId(row.get(1)?));
            Ok(Scope { tenant, user, role, name: row.get(3)?, device: None, browser: None })
        },
    )
    .optional()
}

/// Rows as lined-up columns, two spaces in.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width().min(CELL_COLUMNS_MAX)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::from(" ");
        for (cell, width) in row.iter().zip(&widths) {
            let cell = cut(cell);
            let gap = width.saturating_sub(cell.width());
            line.push_str(&format!(" {cell}{} ", " ".repeat(gap)));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// One line, no wider than a table may be. What a file says is not let loose on the terminal.
fn cut(cell: &str) -> String {
    let plain: String =
        cell.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if plain.width() <= CELL_COLUMNS_MAX {
        return plain;
    }
    let mut cut = String::new();
    for letter in plain.chars() {
        if cut.width() + 3 > CELL_COLUMNS_MAX {
            break;
        }
        cut.push(letter);
    }
    cut + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_under_chinese() {
        let rows =
            [vec!["工单".to_owned(), "a".to_owned()], vec!["job".to_owned(), "b".to_owned()]];
        assert_eq!(table(&rows), "  工单  a\n  job   b\n");
    }

    #[test]
    fn a_file_cannot_move_the_cursor() {
        assert_eq!(cut("a\u{1b}[2Jb"), "a [2Jb");
        assert!(cut(&"字".repeat(200)).width() <= CELL_COLUMNS_MAX);
    }
}
