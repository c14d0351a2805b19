//! A drawn signature: one running line of loops that follows from the name, as a small PNG like
//! the one a phone's signature pad makes. It looks like a hand's, and nobody's in particular.

use docket_protocol::signoff::hex_digest;

const WIDTH: usize = 480;
const HEIGHT: usize = 160;
/// Half the width of the pen, in pixels.
const PEN: f64 = 1.9;
/// Points of one loop; close enough that the dots make a line.
const POINTS: u32 = 420;

/// The picture of `name`'s signature.
pub(super) fn signature(name: &str) -> Vec<u8> {
    let seed = hex_digest(name.as_bytes());
    let numbers: Vec<f64> =
        seed.bytes().map(|letter| f64::from(u32::from(letter % 16)) / 15.0).collect();
    let mut paper = vec![255_u8; WIDTH * HEIGHT];
    for (x, y) in strokes(&numbers) {
        dot(&mut paper, x, y);
    }
    encode(&paper)
}

/// A tall first loop, smaller ones that lean and shrink, and a line drawn back below them all.
fn strokes(numbers: &[f64]) -> Vec<(f64, f64)> {
    let number = |at: usize| numbers[at % numbers.len()];
    let loops = 5 + (number(0) * 3.0) as usize;
    let mut points = Vec::new();
    let (mut x, mut baseline) = (64.0, 96.0);
    for at in 0..loops {
        let first = at == 0;
        let height = if first { 68.0 } else { 16.0 + 30.0 * number(at * 2) };
        let width = if first { 44.0 } else { 9.0 + 11.0 * number(at * 3 + 1) };
        let step = if first { 62.0 } else { 24.0 + 24.0 * number(at * 5 + 2) };
        for part in 0..=POINTS {
            let along = f64::from(part) / f64::from(POINTS);
            let angle = std::f64::consts::TAU * along;
            // The line leans: the higher, the further right.
            let up = height * (1.0 - angle.cos()) / 2.0;
            points.push((x + step * along + width * angle.sin() + up * 0.35, baseline - up));
        }
        x += step;
        baseline += 6.0 * (number(at * 7 + 3) - 0.5);
    }
    let end = x + 30.0;
    for part in 0..=POINTS {
        let along = f64::from(part) / f64::from(POINTS);
        let dip = (std::f64::consts::PI * along).sin() * 9.0;
        points.push((end - (end - 80.0) * along, baseline + 8.0 + dip + 10.0 * along));
    }
    points
}

fn dot(paper: &mut [u8], x: f64, y: f64) {
    let reach = PEN.ceil() as i64 + 1;
    for row in (y as i64 - reach).max(0)..=(y as i64 + reach).min(HEIGHT as i64 - 1) {
        for column in (x as i64 - reach).max(0)..=(x as i64 + reach).min(WIDTH as i64 - 1) {
            let distance = (column as f64 - x).hypot(row as f64 - y);
            let ink = (PEN + 0.5 - distance).clamp(0.0, 1.0);
            let shade = 255 - (ink * 225.0) as u8;
            let place = row as usize * WIDTH + column as usize;
            paper[place] = paper[place].min(shade);
        }
    }
}

fn encode(paper: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, WIDTH as u32, HEIGHT as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    // Writing into memory cannot fail, and the picture has the size it says.
    if let Ok(mut writer) = encoder.write_header() {
        drop(writer.write_image_data(paper));
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_own_small_picture() {
        let (one, other) = (signature("周建华"), signature("Daniel Reed"));
        assert!(one.starts_with(b"\x89PNG") && one != other);
        assert!(one.len() < docket_protocol::limits::DRAWING_BYTES_MAX);
    }
}
