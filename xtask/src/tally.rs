//! How many tests ran, read from what the test runners print.
//!
//! Knows the closing lines of cargo test, nextest and Playwright, and writes one of its own in
//! the shape of the first, which most tools understand.

use std::fmt;
use std::time::Duration;

/// Numbers of tests.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    failed: usize,
    skipped: usize,
}

impl Tally {
    /// Reads everything a runner printed.
    pub(crate) fn read(output: &str) -> Self {
        let mut sum = Self::default();
        for line in output.lines().map(str::trim).filter(|line| is_closing(line)) {
            let mut before = "";
            for word in line.split([' ', ',', ';', ':', '.']).filter(|word| !word.is_empty()) {
                let count = before.parse().unwrap_or(0);
                match word {
                    "passed" => sum.passed += count,
                    "failed" => sum.failed += count,
                    "skipped" | "ignored" => sum.skipped += count,
                    _ => {}
                }
                before = word;
            }
        }
        sum
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// The last line of a good run.
    pub(crate) fn closing_line(&self, took: Duration) -> String {
        let Self { passed, failed, skipped } = self;
        let seconds = took.as_secs_f64();
        format!(
            "test result: ok. {passed} passed; {failed} failed; {skipped} ignored; \
             finished in {seconds:.2}s"
        )
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed", self.passed)?;
        if self.skipped > 0 {
            write!(out, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// `test result: …` of cargo, `Summary […] …` of nextest, `N passed (…)` of Playwright.
fn is_closing(line: &str) -> bool {
    let playwright = || {
        let mut words = line.split(' ');
        words.next().is_some_and(|word| word.parse::<usize>().is_ok())
            && words.next().is_some_and(|word| matches!(word, "passed" | "failed" | "skipped"))
    };
    line.starts_with("test result:") || line.starts_with("Summary [") || playwright()
}

#[cfg(test)]
mod tests {
    use super::Tally;

    fn check(output: &str, passed: usize, failed: usize, skipped: usize) {
        let tally = Tally::read(output);
        assert_eq!((tally.passed, tally.failed, tally.skipped), (passed, failed, skipped));
    }

    #[test]
    fn cargo_test_is_understood() {
        let line = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out";
        check(&format!("running 13 tests\n{line}\n\n{line}\n"), 24, 0, 2);
    }

    #[test]
    fn nextest_is_understood() {
        check("     Summary [   1.234s] 15 tests run: 15 passed (2 slow), 1 skipped", 15, 0, 1);
        check("     Summary [   0.100s] 5 tests run: 4 passed, 1 failed, 0 skipped", 4, 1, 0);
    }

    #[test]
    fn playwright_is_understood() {
        check("  1 failed\n    [stories] › a.spec.ts\n  2 skipped\n  7 passed (1.2m)", 7, 1, 2);
    }
}
