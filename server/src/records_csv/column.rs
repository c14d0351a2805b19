//! The columns of the record table and what people call them.
//!
//! Headings are matched by name, in either language and any order; columns that are not in
//! this list are left alone.

use crate::words::Language;

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Column {
    Date,
    Description,
    Category,
    Solution,
    Handler,
    Solved,
    SolvedAt,
    Reason,
    NextPlan,
}

impl Column {
    /// Every column, in the order it is written.
    pub(crate) const ALL: [Self; 9] = [
        Self::Date,
        Self::Description,
        Self::Category,
        Self::Solution,
        Self::Handler,
        Self::Solved,
        Self::SolvedAt,
        Self::Reason,
        Self::NextPlan,
    ];

    /// The headings of all, as an export writes them.
    pub(crate) fn headings_in(language: Language) -> [String; Self::ALL.len()] {
        Self::ALL.map(|column| column.heading(language).to_owned())
    }

    /// The heading that an export writes.
    pub(super) fn heading(self, language: Language) -> &'static str {
        let (chinese, english) = self.headings();
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    /// The column a heading names, if it is one of ours.
    pub(super) fn named(heading: &str) -> Option<Self> {
        let heading = heading.trim().to_lowercase().replace([' ', '-'], "_");
        Self::ALL.into_iter().find(|column| {
            let (chinese, english) = column.headings();
            heading == chinese || heading == english
        })
    }

    fn headings(self) -> (&'static str, &'static str) {
        match self {
            Self::Date => ("日期", "date"),
            Self::Description => ("问题描述", "description"),
            Self::Category => ("问题分类", "category"),
            Self::Solution => ("解决方案", "solution"),
            Self::Handler => ("处理人", "handler"),
            Self::Solved => ("是否解决", "solved"),
            Self::SolvedAt => ("解决日期", "solved_at"),
            Self::Reason => ("未解决原因", "reason"),
            Self::NextPlan => ("下一步计划", "next_plan"),
        }
    }
}
