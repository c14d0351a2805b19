//! All there is for a document while it is set: its template, its data, its files, the fonts. No
//! disk, no network, no clock, no packages: a template asks for what is here or for nothing.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use super::fonts::Fonts;
use super::sheet::Attachment;

/// The one template.
const TEMPLATE: &str = include_str!("../../documents/document.typ");
const DATA: &str = "data.json";

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));
static MAIN: LazyLock<Source> = LazyLock::new(|| {
    let path = VirtualPath::new("document.typ").unwrap_or_else(|_| unreachable!("a plain name"));
    Source::new(FileId::new(RootedPath::new(VirtualRoot::Project, path)), TEMPLATE.to_owned())
});

/// One document's.
pub(super) struct PaperWorld<'f> {
    fonts: &'f Fonts,
    data: Bytes,
    files: Vec<(&'static str, Bytes)>,
}

impl<'f> PaperWorld<'f> {
    pub(super) fn new(fonts: &'f Fonts, data: Vec<u8>, files: Vec<Attachment>) -> Self {
        let files = files.into_iter().map(|file| (file.name, Bytes::new(file.bytes)));
        Self { fonts, data: Bytes::new(data), files: files.collect() }
    }
}

impl World for PaperWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        MAIN.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == MAIN.id() { Ok(MAIN.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = id.get().vpath().get_without_slash();
        if name == DATA {
            return Ok(self.data.clone());
        }
        let found = self.files.iter().find(|(known, _)| *known == name);
        found.map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
