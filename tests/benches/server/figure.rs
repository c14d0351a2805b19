//! What one measure says: a line of JSON or a row of a table, and its budget.

use std::time::Duration;

use serde_json::{Map, Value as Json};

/// One measure.
pub(crate) struct Figure {
    /// The group it belongs to: one table.
    pub(crate) bench: &'static str,
    /// What was measured.
    pub(crate) what: String,
    /// Numbers by name; the same names throughout a group.
    pub(crate) values: Vec<(&'static str, f64)>,
    pub(crate) budget: Option<Budget>,
}

/// What a measure may be.
pub(crate) struct Budget {
    pub(crate) says: &'static str,
    pub(crate) met: bool,
}

impl Figure {
    pub(crate) fn json(&self) -> Json {
        let mut json = Map::new();
        json.insert("bench".to_owned(), self.bench.into());
        json.insert("what".to_owned(), self.what.clone().into());
        for (name, value) in &self.values {
            json.insert((*name).to_owned(), ((value * 1_000.0).round() / 1_000.0).into());
        }
        if let Some(budget) = &self.budget {
            json.insert("budget".to_owned(), budget.says.into());
            json.insert("met".to_owned(), budget.met.into());
        }
        json.into()
    }

    fn row(&self) -> String {
        let cells = self.values.iter().map(|(name, value)| {
            let digits = if *value >= 100.0 || value.fract() == 0.0 { 0 } else { 2 };
            format!("{value:>width$.digits$}", width = width(name))
        });
        let budget = self.budget.as_ref().map(|budget| {
            let met = if budget.met { "met" } else { "NOT met" };
            format!("   {}: {met}", budget.says)
        });
        format!("{:<34}{}{}", self.what, cells.collect::<String>(), budget.unwrap_or_default())
    }
}

/// A table of measures of one group.
pub(crate) fn print_table(figures: &[Figure]) {
    let Some(first) = figures.first() else { return };
    let heads = first
        .values
        .iter()
        .map(|(name, _)| format!("{:>width$}", name.replace('_', " "), width = width(name)));
    println!("\n{:<34}{}", first.bench, heads.collect::<String>());
    figures.iter().for_each(|figure| println!("{}", figure.row()));
}

fn width(name: &str) -> usize {
    name.len().max(7) + 3
}

/// The wait that so many of a hundred stay below, ms.
pub(crate) fn percentile_ms(waits: &mut [Duration], percent: usize) -> f64 {
    waits.sort_unstable();
    let place = (waits.len() * percent).div_ceil(100).saturating_sub(1);
    waits[place].as_secs_f64() * 1_000.0
}
