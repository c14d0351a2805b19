//! Equipment becomes a table: the columns that an import takes, for a spreadsheet.

use jiff::tz::TimeZone;

use super::column::Column;
use super::plan::{day_of, texts_of};
use crate::read_model::assets::AssetRow;
use crate::reports::sheet::{Cell, Sheet};
use crate::words::Words;

/// The table of these pieces of equipment.
pub(crate) fn sheet(rows: &[AssetRow], words: Words, zone: &TimeZone) -> Sheet {
    let cells = |row: &AssetRow| {
        let texts = texts_of(&row.thing);
        let cell = |column: Column| match column {
            Column::Customer => row.customer.clone().into(),
            Column::Warranty => row.thing.warranty_until.and_then(|at| day_of(at, zone)).into(),
            _ => {
                let text = texts.iter().find(|(one, _)| *one == column);
                text.map_or(Cell::Empty, |(_, text)| Cell::from((*text).to_owned()))
            }
        };
        Column::ALL.map(cell).to_vec()
    };
    Sheet {
        name: words.get("assets-title"),
        headings: Column::ALL.map(|column| column.heading(words.0).to_owned()).to_vec(),
        rows: rows.iter().map(cells).collect(),
    }
}
