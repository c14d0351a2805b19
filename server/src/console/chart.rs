//! Charts as shapes: where a page draws which rectangle. Numbers in, places out; the templates
//! write the SVG and the style sheet gives it colour and hatching, so that the kinds of bars
//! differ in shape, too. Behind every chart stands the table of its numbers.

use crate::reports::statistics::Week;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 220.0;
/// Room for the numbers at the side, and for the days below.
const LEFT: f64 = 34.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 26.0;
/// Lines across, at most.
const LINES_MAX: usize = 5;

/// Columns, two for each week.
pub(crate) struct WeekChart {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) left: f64,
    pub(crate) right: f64,
    /// Where numbers at the side end, and where days stand.
    pub(crate) side: f64,
    pub(crate) foot: f64,
    pub(crate) lines: Vec<Line>,
    pub(crate) weeks: Vec<WeekColumns>,
}

/// A line across with its number.
pub(crate) struct Line {
    pub(crate) y: f64,
    /// Where its number stands.
    pub(crate) base: f64,
    pub(crate) label: usize,
}

/// One week.
pub(crate) struct WeekColumns {
    /// The middle, where its day is written.
    pub(crate) middle: f64,
    pub(crate) day: String,
    pub(crate) received: Column,
    pub(crate) solved: Column,
}

/// One column.
pub(crate) struct Column {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) value: usize,
    /// The middle, where its number is written.
    pub(crate) middle: f64,
    /// Where that stands: just above.
    pub(crate) above: f64,
}

/// The columns of weeks, each named by a day.
pub(crate) fn weeks(weeks: &[Week], day: impl Fn(i64) -> String) -> WeekChart {
    let most = weeks.iter().map(|week| week.received.max(week.solved)).max().unwrap_or(0);
    let step = step(most);
    let top = most.div_ceil(step).max(1) * step;
    let floor = HEIGHT - BOTTOM;
    let scale = (floor - TOP) / top as f64;
    let place = (WIDTH - LEFT) / weeks.len().max(1) as f64;
    let width = round((place * 0.36).min(24.0));
    let column = |x: f64, value: usize| {
        let height = value as f64 * scale;
        Column {
            x: round(x),
            y: round(floor - height),
            width,
            height: round(height),
            value,
            middle: round(x + width / 2.0),
            above: round(floor - height - 4.0),
        }
    };
    let columns = weeks.iter().enumerate().map(|(at, week)| {
        let middle = LEFT + place * (at as f64 + 0.5);
        WeekColumns {
            middle: round(middle),
            day: day(week.span.from),
            received: column(middle - width - 1.0, week.received),
            solved: column(middle + 1.0, week.solved),
        }
    });
    WeekChart {
        width: WIDTH,
        height: HEIGHT,
        left: LEFT,
        right: WIDTH,
        side: LEFT - 6.0,
        foot: HEIGHT - 8.0,
        lines: (0..=top / step)
            .map(|number| number * step)
            .map(|label| (label, floor - label as f64 * scale))
            .map(|(label, y)| Line { y: round(y), base: round(y + 4.0), label })
            .collect(),
        weeks: columns.collect(),
    }
}

/// 1, 2 or 5 with as many zeros as are needed.
fn step(most: usize) -> usize {
    let steps = (0..9).flat_map(|zeros| [1, 2, 5].map(|lead| lead * 10_usize.pow(zeros)));
    steps.into_iter().find(|step| most.div_ceil(*step) <= LINES_MAX).unwrap_or(most.max(1))
}

/// A tenth of a pixel is more than anybody sees.
fn round(place: f64) -> f64 {
    (place * 10.0).round() / 10.0
}

/// A bar in a table, in percent of its cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bar {
    pub(crate) all: f64,
    pub(crate) part: f64,
}

impl Bar {
    /// `part` of `all`, where the longest bar stands for `most`.
    pub(crate) fn new(part: usize, all: usize, most: usize) -> Self {
        let length = |value: usize| round(100.0 * value as f64 / most.max(1) as f64);
        Self { all: length(all), part: length(part) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::period::Span;

    #[test]
    fn lines_are_round_numbers_and_few() {
        assert_eq!([0, 1, 5, 6, 10, 11, 49, 51, 1_234].map(step), [1, 1, 1, 2, 2, 5, 10, 20, 500]);
    }

    #[test]
    fn every_column_stands_on_the_floor_and_within_the_chart() {
        let week = |received, solved| Week { span: Span { from: 0, until: 1 }, received, solved };
        let all: Vec<Week> = (0..14).map(|at| week(at * 7, 91 - at)).collect();
        for set in [&all[..], &all[..1], &[]] {
            let chart = weeks(set, |_| String::new());
            for columns in &chart.weeks {
                for column in [&columns.received, &columns.solved] {
                    assert!((column.y + column.height - (HEIGHT - BOTTOM)).abs() < 0.2);
                    assert!(column.y >= TOP - 0.1 && column.x >= LEFT);
                    assert!(column.x + column.width <= WIDTH);
                }
            }
            assert!(chart.lines.len() <= LINES_MAX + 1 && chart.lines.len() > 1);
        }
    }

    #[test]
    fn the_longest_bar_fills_its_cell() {
        assert_eq!(Bar::new(5, 20, 20), Bar { all: 100.0, part: 25.0 });
        assert_eq!(Bar::new(0, 0, 0), Bar { all: 0.0, part: 0.0 });
    }
}
