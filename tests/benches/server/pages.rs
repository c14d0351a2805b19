//! `docs/bench/growth.md` and its plots: how much more the sync of an unchanged phone costs as an
//! organisation grows. Plain templates; a plot takes its colours from the reader's light or dark.

use std::fs;
use std::path::Path;

use crate::growth::Axis;

/// What is drawn: name, colour by day, colour by night, dashes, radius of the points.
const LINES: [(&str, &str, &str, &str, u8); 3] = [
    ("wall", "#0a6cbd", "#6cb6ff", "none", 6),
    ("server CPU", "#b4450f", "#f4a261", "8 4", 5),
    ("bytes", "#2d7d46", "#7ee2a0", "2 4", 4),
];
const HEAD: &str = "# What nothing new costs as an organisation grows

Written by `cargo xtask bench server`. A phone for which nothing is new syncs, just after somebody
else has written something. It has 100 jobs, 20 where their history grows. Medians of 1,000 syncs
over loopback, bytes with HTTP headers; *times* is the largest of wall, server CPU and bytes, as a
multiple of the first row's. The budget is 1.3.
";
const TABLE: &str = "
| | requests | bytes up | bytes down | server CPU, ms | wall, ms | times |
|---|---|---|---|---|---|---|
";

/// Writes all of it.
pub(crate) fn write(axes: &[Axis]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/bench");
    fs::create_dir_all(&folder).expect("the folder");
    let mut page = HEAD.to_owned();
    for axis in axes {
        let file = format!("growth-{}.svg", axis.name);
        fs::write(folder.join(&file), plot(axis)).expect("a plot is written");
        page += &format!("\n## More {}\n\n![{}]({file})\n{TABLE}", axis.name, axis.title);
        for (size, cost) in axis.sizes.iter().zip(&axis.costs) {
            page += &format!(
                "| {size} {} | {} | {} | {} | {:.2} | {:.2} | {:.2} |\n",
                axis.title,
                cost.requests,
                cost.bytes_up,
                cost.bytes_down,
                cost.server_cpu_ms,
                cost.wall_ms,
                cost.times(&axis.costs[0]),
            );
        }
    }
    fs::write(folder.join("growth.md"), page).expect("the page is written");
}

/// 1, 10 and 100 times as much from left to right; multiples of the first cost upwards.
fn plot(axis: &Axis) -> String {
    let highest = axis.costs.iter().map(|cost| cost.times(&axis.costs[0])).fold(2.0, f64::max);
    let x = |place: usize| 90 + 230 * place;
    let y = |times: f64| 290.0 - 220.0 * times / highest.ceil();
    let (mut style, mut drawn) = (Vec::new(), String::new());
    for step in 0..=4 {
        let times = highest.ceil() * f64::from(step) / 4.0;
        drawn += &format!("<path class='grid' d='M60 {0:.1}H580'/>", y(times));
        drawn += &format!("<text x='50' y='{:.1}' class='end'>{times:.1}</text>", y(times) + 4.0);
    }
    drawn += &format!("<path class='budget' d='M60 {:.1}H580'/>", y(1.3));
    drawn += &format!("<text x='580' y='{:.1}' class='end'>budget 1.3</text>", y(1.3) - 6.0);
    for (place, size) in axis.sizes.iter().enumerate() {
        drawn += &format!("<text x='{}' y='312' class='middle'>{size}</text>", x(place));
    }
    for (number, (name, day, night, dashes, radius)) in LINES.into_iter().enumerate() {
        let first = axis.costs[0].measures()[number].1;
        let times = axis.costs.iter().map(|cost| cost.measures()[number].1 / first);
        let points: Vec<_> = times.enumerate().map(|(at, times)| (x(at), y(times))).collect();
        let line: Vec<_> = points.iter().map(|(x, y)| format!("{x},{y:.1}")).collect();
        style.push((number, day, night));
        drawn += &format!(
            "<g class='line{number}'><polyline points='{}' stroke-dasharray='{dashes}'/>",
            line.join(" "),
        );
        for (x, y) in points {
            drawn += &format!("<circle cx='{x}' cy='{y:.1}' r='{radius}'/>");
        }
        let (left, end) = (300 + 105 * number, 322 + 105 * number);
        drawn += &format!("<path d='M{left} 40H{end}' stroke-dasharray='{dashes}'/></g>");
        drawn += &format!("<text x='{}' y='44'>{name}</text>", end + 6);
    }
    let colours = |night: bool| -> String {
        let colour = |(number, by_day, by_night): &(usize, &str, &str)| {
            let colour = if night { by_night } else { by_day };
            format!(".line{number}{{stroke:{colour};fill:{colour}}}")
        };
        style.iter().map(colour).collect()
    };
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 640 340' font-family='sans-serif' \
         font-size='13' role='img'><title>Cost of nothing new: {title}</title><style>\
         text{{fill:#24292f}}.end{{text-anchor:end}}.middle{{text-anchor:middle}}\
         polyline,path{{fill:none;stroke-width:2}}.grid{{stroke:#8884;stroke-width:1}}\
         .budget{{stroke:#c33;stroke-dasharray:6 3;stroke-width:1}}{day}\
         @media (prefers-color-scheme:dark){{text{{fill:#e6edf3}}{night}}}</style>\
         <text x='60' y='24' font-size='15'>Cost of nothing new, in multiples: {title}</text>\
         {drawn}</svg>\n",
        title = axis.title,
        day = colours(false),
        night = colours(true),
    )
}
