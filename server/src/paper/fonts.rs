//! The type that documents are set in: read from the system's folders, or from the folder that
//! the operator names. What is built in has no Chinese, because that weighs as much as all the
//! rest of the program.
//!
//! A font's file is read when the first letter needs it and then kept: those with Chinese have
//! twenty megabytes, and reading them again and again would leave holes of that size in memory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo, FontStyle, FontWeight};
use typst::utils::LazyHash;

/// Families with Chinese, the best first; in the words of their makers.
const CHINESE: [&str; 12] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "SimHei",
    "SimSun",
];
/// Built in: text where there is nothing better, and figures of one width.
const BUILT_IN: [&str; 2] = ["Libertinus Serif", "DejaVu Sans Mono"];
/// What a font with Chinese has at the very least.
const PROBE: &str = "维修服务报告签字确认";
/// Largest file that is looked into; those with all of CJK have 20 MB.
const FONT_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Folders within folders.
const DEPTH_MAX: usize = 4;
/// Where systems keep their fonts; what is not there is not looked into.
const FOLDERS: [&str; 5] = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:\\Windows\\Fonts",
];

/// The fonts at hand.
pub(super) struct Fonts {
    pub(super) book: LazyHash<FontBook>,
    /// In the order of preference.
    pub(super) families: Vec<String>,
    faces: Vec<Face>,
}

struct Face {
    place: Place,
    /// Its number in a file that has several.
    number: u32,
    loaded: OnceLock<Option<Font>>,
}

impl Face {
    fn new(place: Place, number: u32) -> Self {
        Self { place, number, loaded: OnceLock::new() }
    }

    fn load(&self) -> Option<Font> {
        let bytes = match &self.place {
            Place::BuiltIn(bytes) => Bytes::new(*bytes),
            Place::File(file) => Bytes::new(std::fs::read(file).ok()?),
        };
        Font::new(bytes, self.number)
    }
}

enum Place {
    BuiltIn(&'static [u8]),
    File(PathBuf),
}

impl Fonts {
    /// Those of `folder`, or of the system where none is named, and the built-in ones.
    pub(super) fn find(folder: Option<&Path>) -> Self {
        let mut files = Vec::new();
        match folder {
            Some(folder) => files_below(folder, DEPTH_MAX, &mut files),
            None => FOLDERS.iter().for_each(|at| files_below(Path::new(at), DEPTH_MAX, &mut files)),
        }
        files.sort();
        // By rank and family, so that the same fonts are chosen whatever order a disk has them in.
        let mut found: BTreeMap<(usize, String), Vec<(FontInfo, Face)>> = BTreeMap::new();
        for file in files {
            let Ok(bytes) = std::fs::read(&file) else { continue };
            for (number, info) in (0..).zip(FontInfo::iter(&bytes)) {
                let Some(rank) = rank(&info, folder.is_some()) else { continue };
                let face = Face::new(Place::File(file.clone()), number);
                found.entry((rank, info.family.clone())).or_default().push((info, face));
            }
        }
        let mut fonts = Self { book: LazyHash::default(), families: Vec::new(), faces: Vec::new() };
        let mut book = FontBook::new();
        if let Some(((_, family), chosen)) = found.into_iter().next() {
            fonts.families.push(family);
            fonts.take(&mut book, chosen);
        }
        fonts.take(&mut book, built_in());
        fonts.families.extend(BUILT_IN.map(str::to_owned));
        fonts.book = LazyHash::new(book);
        fonts
    }

    fn take(&mut self, book: &mut FontBook, faces: Vec<(FontInfo, Face)>) {
        for (info, face) in faces {
            book.push(info);
            self.faces.push(face);
        }
    }

    /// Whether some font here can show a letter.
    pub(super) fn covers(&self, letter: char) -> bool {
        let covers = |at| self.book.info(at).is_some_and(|it| it.coverage.contains(letter.into()));
        (0..self.faces.len()).any(covers)
    }

    /// One of them; none where its file was gone when it was first needed.
    pub(super) fn get(&self, index: usize) -> Option<Font> {
        let face = self.faces.get(index)?;
        face.loaded.get_or_init(|| face.load()).clone()
    }
}

/// How good a font is for documents, 0 the best; none for one that is not wanted.
fn rank(info: &FontInfo, named_folder: bool) -> Option<usize> {
    let text = info.variant.style == FontStyle::Normal
        && [FontWeight::REGULAR, FontWeight::BOLD].contains(&info.variant.weight)
        && PROBE.chars().all(|letter| info.coverage.contains(letter.into()));
    let listed = CHINESE.iter().position(|family| *family == info.family);
    // Whatever the operator put into that folder is what the operator wants.
    text.then_some(listed.or(named_folder.then_some(CHINESE.len()))).flatten()
}

fn built_in() -> Vec<(FontInfo, Face)> {
    let wanted = |bytes: &'static [u8]| {
        let info = FontInfo::new(bytes, 0)?;
        let wanted = BUILT_IN.contains(&info.family.as_str());
        wanted.then(|| (info, Face::new(Place::BuiltIn(bytes), 0)))
    };
    typst_assets::fonts().filter_map(wanted).collect()
}

fn files_below(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        // Links may lead in circles; the depth ends that, too.
        let Ok(about) = std::fs::metadata(&path) else { continue };
        if about.is_dir() && depth > 0 {
            files_below(&path, depth - 1, found);
        } else if is_font(&path) && about.len() <= FONT_BYTES_MAX {
            found.push(path);
        }
    }
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["ttf", "ttc", "otf", "otc"].iter().any(|one| one.eq_ignore_ascii_case(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_chinese_font_there_is_still_latin() {
        let empty = tempfile::tempdir().unwrap();
        let fonts = Fonts::find(Some(empty.path()));
        assert!(fonts.covers('a') && fonts.covers('ß') && fonts.covers('☆'));
        assert!(!fonts.covers('维'));
        assert_eq!(fonts.families, BUILT_IN);
        let count = fonts.faces.len();
        assert!(count > 0 && (0..count).all(|index| fonts.get(index).is_some()));
        assert!(fonts.get(count).is_none());
    }
}
