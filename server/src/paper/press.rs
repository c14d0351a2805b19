//! Sets documents: one at a time, on a thread of its own, with a queue that has an end.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::json;
use tokio::sync::Semaphore;
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::fonts::Fonts;
use super::legible::make_legible;
use super::seal;
use super::sheet::Sheet;
use super::world::PaperWorld;
use crate::keys::Keys;
use crate::limits::{PAPER_BYTES_MAX, PAPERS_WAITING};

/// A document was not printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// It has Chinese in it, and no font here has.
    #[error("no font here has Chinese")]
    NoChineseFont,
    /// It would have more pages than anybody reads.
    #[error("it is too long to be printed")]
    TooLong,
    /// Others are waiting already.
    #[error("too many documents are waiting")]
    Busy,
    /// The template or the writer of PDFs does not take it.
    #[error("it could not be set: {0}")]
    NotSet(String),
}

/// Prints; clones share it.
#[derive(Clone)]
pub struct Press {
    folder: Option<PathBuf>,
    fonts: Arc<OnceLock<Fonts>>,
    turn: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Default for Press {
    fn default() -> Self {
        Self::with_fonts(None)
    }
}

impl Press {
    /// A press with the fonts of a folder; with those of the system where none is named.
    pub fn with_fonts(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            fonts: Arc::default(),
            turn: Arc::new(Semaphore::new(1)),
            waiting: Arc::new(Semaphore::new(PAPERS_WAITING)),
        }
    }

    /// Prints a sheet as a PDF, sealed with the server's key.
    pub async fn print(&self, keys: Arc<Keys>, sheet: Sheet) -> Result<Vec<u8>, PaperError> {
        let _queued = self.waiting.try_acquire().map_err(|_| PaperError::Busy)?;
        let turn = Arc::clone(&self.turn).acquire_owned().await.map_err(|_| PaperError::Busy)?;
        let (folder, fonts) = (self.folder.clone(), Arc::clone(&self.fonts));
        let printing = tokio::task::spawn_blocking(move || {
            // Held until it is done, even if nobody waits any more.
            let _turn = turn;
            let fonts = fonts.get_or_init(|| Fonts::find(folder.as_deref()));
            set(fonts, &keys, sheet)
        });
        let failed = |error: tokio::task::JoinError| PaperError::NotSet(error.to_string());
        printing.await.map_err(failed)?
    }
}

fn set(fonts: &Fonts, keys: &Keys, sheet: Sheet) -> Result<Vec<u8>, PaperError> {
    let mut data = serde_json::to_value(&sheet).unwrap_or_default();
    make_legible(fonts, &mut data)?;
    let extra = Extra {
        families: &fonts.families,
        region: if sheet.lang == "zh" { "CN" } else { "GB" },
        date: date(sheet.at),
        seal: seal::PLACE,
        code: code(&sheet.address),
        files: sheet.files.iter().map(|file| (file.name, file.description.as_deref())).collect(),
    };
    let data = json!({"sheet": data, "set": extra}).to_string().into_bytes();
    if data.len() > PAPER_BYTES_MAX {
        return Err(PaperError::TooLong);
    }
    let mut pdf = pdf(&PaperWorld::new(fonts, data, sheet.files), &sheet.title)?;
    // What was set stays remembered otherwise, with all its fonts.
    typst::comemo::evict(0);
    seal::put(&mut pdf, &keys.countersign);
    Ok(pdf)
}

/// What the template needs beyond what is said.
#[derive(Serialize)]
struct Extra<'s> {
    families: &'s [String],
    region: &'static str,
    /// Year, month, day, hour, minute, second, in UTC.
    date: [i16; 6],
    seal: &'static str,
    /// The QR code's dark squares, line by line; empty for none.
    code: Vec<String>,
    /// Names and descriptions of the files that travel in it.
    files: Vec<(&'static str, Option<&'s str>)>,
}

/// First moment of a year in which nobody prints with this.
const YEAR_2200_MS: i64 = 7_258_118_400_000;

fn date(at_ms: i64) -> [i16; 6] {
    // A phone's clock may say anything; an archive wants a year.
    let sensible = (0..YEAR_2200_MS).contains(&at_ms).then_some(at_ms);
    let at = Timestamp::from_millisecond(sensible.unwrap_or(0)).unwrap_or_default();
    let at = at.to_zoned_datetime(TimeZone::UTC);
    let small = [at.month(), at.day(), at.hour(), at.minute(), at.second()].map(i16::from);
    [at.year(), small[0], small[1], small[2], small[3], small[4]]
}

fn code(address: &str) -> Vec<String> {
    if address.is_empty() {
        return Vec::new();
    }
    let Ok(code) = qrcode::QrCode::new(address) else { return Vec::new() };
    let dark = code.to_colors();
    let line = |line: &[qrcode::Color]| {
        line.iter().map(|color| color.select('1', '0')).collect::<String>()
    };
    dark.chunks(code.width()).map(line).collect()
}

fn pdf(world: &PaperWorld<'_>, title: &str) -> Result<Vec<u8>, PaperError> {
    let Warned { output, warnings } = typst::compile::<PagedDocument>(world);
    for warning in warnings {
        tracing::warn!(warning = %warning.message, "a document was set with a warning");
    }
    let failed = |errors: &[SourceDiagnostic]| {
        let said: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
        PaperError::NotSet(said.join("; "))
    };
    let document = output.map_err(|errors| failed(&errors))?;
    // Of the kind that archives keep, and that may carry files.
    let standards = PdfStandards::new(&[PdfStandard::A_3b])
        .map_err(|error| PaperError::NotSet(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(title.to_owned()),
        creator: Smart::Custom(Some("Docket".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| failed(&errors))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Block;
    use crate::words::{Language, Words};

    fn sheet(text: String) -> Sheet {
        let mut sheet = Sheet::new(Words(Language::English), "Northwind", "Report".to_owned(), 0);
        sheet.blocks.push(Block::Prose { label: "Cause".to_owned(), text });
        sheet
    }

    async fn printed(press: &Press, text: String) -> Result<Vec<u8>, PaperError> {
        let folder = tempfile::tempdir().unwrap();
        press.print(Arc::new(Keys::open(folder.path()).unwrap()), sheet(text)).await
    }

    #[tokio::test]
    async fn a_document_is_printed_with_what_is_built_in_or_said_not_to_be() {
        let nothing = tempfile::tempdir().unwrap();
        let press = Press::with_fonts(Some(nothing.path().to_owned()));
        let pdf = printed(&press, "Worn bearing".to_owned()).await.unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        let chinese = printed(&press, "轴承磨损".to_owned()).await;
        assert_eq!(chinese.unwrap_err(), PaperError::NoChineseFont);
        let endless = printed(&press, "x ".repeat(PAPER_BYTES_MAX / 2)).await;
        assert_eq!(endless.unwrap_err(), PaperError::TooLong);
    }

    #[tokio::test]
    async fn whoever_comes_when_the_queue_is_full_is_told_so_and_nobody_else() {
        let press = Press::with_fonts(None);
        let queue = press.waiting.acquire_many(u32::try_from(PAPERS_WAITING).unwrap()).await;
        assert_eq!(printed(&press, String::new()).await.unwrap_err(), PaperError::Busy);
        drop(queue);
        assert!(printed(&press, String::new()).await.is_ok());
    }
}
