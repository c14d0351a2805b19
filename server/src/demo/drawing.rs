//! A drawn signature: a few connected strokes that follow from the name, as a small PNG like the
//! one a phone's signature pad makes. It looks like a hand's, and nobody's in particular.

use docket_protocol::signoff::hex_digest;

const WIDTH: usize = 480;
const HEIGHT: usize = 160;
/// Half the width of the pen, in pixels.
const PEN: f64 = 2.1;

/// The picture of `name`'s signature.
pub(super) fn signature(name: &str) -> Vec<u8> {
    let seed = hex_digest(name.as_bytes());
    let numbers: Vec<f64> =
        seed.bytes().map(|letter| f64::from(u32::from(letter % 16)) / 15.0).collect();
    let mut paper = vec![255_u8; WIDTH * HEIGHT];
    for (x, y) in strokes(&numbers, name.chars().count()) {
        dot(&mut paper, x, y);
    }
    encode(&paper)
}

/// Points along a running hand: loops whose height and slant change from letter to letter, and
/// a line below.
fn strokes(numbers: &[f64], letters: usize) -> Vec<(f64, f64)> {
    let loops = letters.clamp(3, 7);
    let number = |at: usize| numbers[at % numbers.len()];
    let step = 330.0 / loops as f64;
    let mut points = Vec::new();
    let mut baseline = 92.0;
    for letter in 0..loops {
        let start = 60.0 + step * letter as f64;
        let height = 22.0 + 34.0 * number(letter * 3);
        let slant = 10.0 + 26.0 * number(letter * 3 + 1);
        let turns = if number(letter * 3 + 2) > 0.6 { 2.0 } else { 1.0 };
        for part in 0..=240 {
            let along = f64::from(part) / 240.0;
            let angle = std::f64::consts::TAU * turns * along;
            let x = start + step * along + slant * angle.sin() * (1.0 - along * 0.4);
            let y = baseline - height * (1.0 - angle.cos()) / 2.0;
            points.push((x, y));
        }
        baseline += 5.0 * (number(letter * 5) - 0.5);
    }
    for part in 0..=300 {
        let along = f64::from(part) / 300.0;
        let sway = (along * 5.0).sin() * 4.0;
        points.push((70.0 + 320.0 * along, 122.0 - 14.0 * along + sway));
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
