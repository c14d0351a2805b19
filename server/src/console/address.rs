//! Addresses of pages that are filtered: what is behind `?` is the filter, without its empty parts.

/// A page with such a filter.
pub(crate) fn filtered(page: &str, filter: &[(&str, &str)]) -> String {
    let filled: Vec<_> = filter.iter().filter(|(_, value)| !value.is_empty()).collect();
    let query = serde_urlencoded::to_string(filled).unwrap_or_default();
    if query.is_empty() { page.to_owned() } else { format!("{page}?{query}") }
}
