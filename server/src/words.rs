//! Every word a person reads from the server, looked up in the one catalog `words/{en,zh}`.
//!
//! The catalogs are compiled in, so that a single binary speaks both languages. What language
//! to speak is decided here too: a person's choice, else what the browser asks for, else the
//! terminal's `LANG`. Called by the console, the command line and the demo; the JSON API says
//! message ids only and leaves the words to its caller.

use std::str::FromStr;
use std::sync::LazyLock;

use docket_protocol::record::path::Path;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language the product is complete in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// 中文.
    Chinese,
}

impl Language {
    /// Every language, in the order shown to people.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// The word used in SQL, cookies and links.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// The tag for HTML, which also picks the right Han glyphs.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// Its own name for itself, short enough for a switch.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "EN",
            Self::Chinese => "中文",
        }
    }

    /// Reads a language tag such as `zh`, `zh-Hans-CN` or `en_GB.UTF-8`.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_', '.']).next()?;
        Self::ALL.into_iter().find(|language| language.as_str().eq_ignore_ascii_case(primary))
    }

    /// The language an `Accept-Language` header prefers; English when it names neither.
    pub fn negotiate(accept_language: &str) -> Self {
        let weighted = accept_language.split(',').filter_map(|part| {
            let (tag, quality) = part.split_once(';').unwrap_or((part, ""));
            let quality = quality.trim().strip_prefix("q=").map_or("1", str::trim);
            Some((Self::parse(tag)?, f32::from_str(quality).ok().filter(|quality| *quality > 0.0)?))
        });
        // The first of equals wins, as the header's order says.
        let best = weighted.reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map_or(Self::English, |(language, _)| language)
    }

    /// The language of a terminal, from its `LC_ALL`, `LC_MESSAGES` and `LANG` in that order.
    pub fn of_terminal(variable: impl Fn(&str) -> Option<String>) -> Self {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| variable(name).filter(|value| !value.is_empty()))
            .and_then(|value| Self::parse(&value))
            .unwrap_or(Self::English)
    }
}

/// The catalog in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words(pub Language);

impl Words {
    /// The words of a message. An unknown id is shown as itself, so that it is noticed.
    pub fn get(self, id: &str) -> String {
        self.with(id, &[])
    }

    /// The words of a message with its variables filled in.
    pub fn with(self, id: &str, variables: &[(&str, FluentValue<'_>)]) -> String {
        let bundle = bundle(self.0);
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let mut arguments = FluentArgs::with_capacity(variables.len());
        for (name, value) in variables {
            arguments.set(*name, value.clone());
        }
        bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }

    /// A message with one number in it.
    pub fn count(self, id: &str, count: usize) -> String {
        self.with(id, &[("count", count.into())])
    }

    /// The words for a stored word: `("stage", "on_site")` is `stage-on-site`.
    pub fn of(self, prefix: &str, stored: &str) -> String {
        if stored.is_empty() {
            return String::new();
        }
        self.get(&format!("{prefix}-{}", stored.replace('_', "-")))
    }

    /// The name of a field: `steps/0193…/text` is `field-steps-text`.
    pub fn field(self, path: &Path) -> String {
        let mut id = String::from("field");
        for segment in path.pattern().split('/').filter(|segment| *segment != "*") {
            id.push('-');
            id.push_str(&segment.replace('_', "-"));
        }
        self.get(&id)
    }
}

struct Catalogs {
    english: FluentBundle<FluentResource>,
    chinese: FluentBundle<FluentResource>,
}

fn bundle(language: Language) -> &'static FluentBundle<FluentResource> {
    static CATALOGS: LazyLock<Catalogs> = LazyLock::new(|| Catalogs {
        english: read("en-GB", &ENGLISH),
        chinese: read("zh-CN", &CHINESE),
    });
    match language {
        Language::English => &CATALOGS.english,
        Language::Chinese => &CATALOGS.chinese,
    }
}

const ENGLISH: [&str; 6] = [
    include_str!("../../words/en/common.ftl"),
    include_str!("../../words/en/console.ftl"),
    include_str!("../../words/en/levels.ftl"),
    include_str!("../../words/en/paper.ftl"),
    include_str!("../../words/en/reports.ftl"),
    include_str!("../../words/en/terminal.ftl"),
];
const CHINESE: [&str; 6] = [
    include_str!("../../words/zh/common.ftl"),
    include_str!("../../words/zh/console.ftl"),
    include_str!("../../words/zh/levels.ftl"),
    include_str!("../../words/zh/paper.ftl"),
    include_str!("../../words/zh/reports.ftl"),
    include_str!("../../words/zh/terminal.ftl"),
];

/// What parses is used; the tests below hold that all of it does.
fn read(locale: &str, sources: &[&str]) -> FluentBundle<FluentResource> {
    let locale = locale.parse::<LanguageIdentifier>().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Isolation marks are for mixed writing directions; here they would only break copying.
    bundle.set_use_isolating(false);
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned());
        let resource = resource.unwrap_or_else(|(partial, _)| partial);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use docket_protocol::record::RecordKind;
    use docket_protocol::record::rules::{ValueRule, rules_of};

    use super::*;

    fn ids(sources: &[&str]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for source in sources {
            FluentResource::try_new((*source).to_owned()).expect("the catalog parses");
            for line in source.lines().filter(|line| line.starts_with(char::is_alphabetic)) {
                let (id, _) = line.split_once(" =").expect("an id and its words");
                assert!(found.insert(id.to_owned()), "{id} stands twice");
            }
        }
        found
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let (english, chinese) = (ids(&ENGLISH), ids(&CHINESE));
        let missing: Vec<_> = english.symmetric_difference(&chinese).collect();
        assert!(missing.is_empty(), "only in one language: {missing:?}");
    }

    /// A literal id, in a template or in code, must be in the catalog: a typing error would be
    /// read by people.
    #[test]
    fn every_id_that_is_asked_for_exists() {
        let known = ids(&ENGLISH);
        let calls = ["get", "count", "with"].map(|call| format!("words.{call}(\""));
        let mut asked = 0;
        for folder in ["src", "templates"] {
            let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            for (file, source) in files_below(&root) {
                for call in &calls {
                    for (at, _) in source.match_indices(call) {
                        let rest = &source[at + call.len()..];
                        let id = &rest[..rest.find('"').expect("a closed string")];
                        assert!(known.contains(id), "{id} in {}", file.display());
                        asked += 1;
                    }
                }
            }
        }
        assert!(asked > 50, "only {asked} ids found: has the way of asking changed?");
    }

    fn files_below(folder: &std::path::Path) -> Vec<(std::path::PathBuf, String)> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            if entry.path().is_dir() {
                found.extend(files_below(&entry.path()));
            } else if let Ok(source) = std::fs::read_to_string(entry.path()) {
                found.push((entry.path(), source));
            }
        }
        found
    }

    #[test]
    fn every_field_and_choice_of_the_rules_has_words() {
        for kind in RecordKind::ALL {
            for rule in rules_of(kind) {
                let shown = !matches!(rule.path, "schema" | "kind")
                    && !rule.path.starts_with("signoffs")
                    && !rule.path.ends_with("helpers/*");
                for language in Language::ALL.into_iter().filter(|_| shown) {
                    let name = Words(language).field(&Path::new(rule.path));
                    assert!(!name.starts_with("field-"), "{name}");
                    let ValueRule::Choice { words } = rule.value else { continue };
                    let last = rule.path.rsplit('/').next().unwrap_or_default();
                    for word in words {
                        let text = Words(language).of(last, word);
                        assert!(!text.starts_with(&format!("{last}-")), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_browser_is_understood() {
        for (header, language) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("en-US,en;q=0.9,zh;q=0.8", Language::English),
            ("fr,zh;q=0.4,en;q=0.3", Language::Chinese),
            ("en;q=0, zh;q=0.1", Language::Chinese),
            ("fr", Language::English),
            ("", Language::English),
            (";;q=x,", Language::English),
        ] {
            assert_eq!(Language::negotiate(header), language, "{header}");
        }
    }

    #[test]
    fn the_terminal_is_understood() {
        let terminal = |name: &str| match name {
            "LC_ALL" => Some(String::new()),
            "LANG" => Some("zh_CN.UTF-8".to_owned()),
            _ => None,
        };
        assert_eq!(Language::of_terminal(terminal), Language::Chinese);
        assert_eq!(Language::of_terminal(|_| None), Language::English);
    }
}
