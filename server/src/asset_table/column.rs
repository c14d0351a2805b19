//! The columns of the asset table, and what people call them: matched by name, in either language
//! and any order. Columns that are not in this list are left alone.

use crate::words::Language;

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the fields of a customer's equipment, and whose it is")]
pub enum Column {
    Customer,
    Kind,
    Name,
    Model,
    Serial,
    Site,
    Place,
    Warranty,
    Versions,
}

impl Column {
    /// Every column, in the order it is written.
    pub const ALL: [Self; 9] = [
        Self::Customer,
        Self::Kind,
        Self::Name,
        Self::Model,
        Self::Serial,
        Self::Site,
        Self::Place,
        Self::Warranty,
        Self::Versions,
    ];

    /// The heading that an export writes.
    pub fn heading(self, language: Language) -> &'static str {
        let (chinese, english) = self.headings();
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    /// The column a heading names, if it is one of ours.
    pub(super) fn named(heading: &str) -> Option<Self> {
        let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-', '_'], "");
        let heading = plain(heading);
        Self::ALL.into_iter().find(|column| {
            let (chinese, english) = column.headings();
            heading == plain(chinese) || heading == plain(english)
        })
    }

    /// The field of the equipment that it holds; none for the customer's name.
    pub(super) fn field(self) -> Option<&'static str> {
        Some(match self {
            Self::Customer => return None,
            Self::Kind => "kind",
            Self::Name => "name",
            Self::Model => "model",
            Self::Serial => "serial",
            Self::Site => "site",
            Self::Place => "place",
            Self::Warranty => "warranty_until",
            Self::Versions => "versions",
        })
    }

    fn headings(self) -> (&'static str, &'static str) {
        match self {
            Self::Customer => ("用户", "Customer"),
            Self::Kind => ("类别", "Kind"),
            Self::Name => ("设备名称", "Equipment"),
            Self::Model => ("型号", "Model"),
            Self::Serial => ("序列号", "Serial number"),
            Self::Site => ("所在现场", "Site"),
            Self::Place => ("位置", "Place"),
            Self::Warranty => ("保修期至", "Warranty until"),
            Self::Versions => ("版本", "Versions"),
        }
    }
}
