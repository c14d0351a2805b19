//! What a person sees while recipes work: one calm line per step.
//!
//! On a terminal the running steps stay at the bottom, with what they do right now; elsewhere
//! (CI, a pipe) each step prints when it starts and ends, and a heartbeat in between. Output of
//! a step is kept in a log and shown only when the step fails. One terminal, hence one global
//! board. Does not run programs: that is `process`.

use std::fs::{self, File};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::tree;

const REDRAW: Duration = Duration::from_millis(200);
const HEARTBEAT: Duration = Duration::from_secs(30);
const NAME_WIDTH: usize = 22;
const NOW_CHARS_MAX: usize = 120;
const LOG_LINES_SHOWN: usize = 200;

/// How a step ended well.
pub(crate) enum Done {
    /// It did its work; the words say what came out.
    Now(String),
    /// There was nothing to do.
    UpToDate,
}

/// One running step. Dropping it is not the end; [`step`] decides that.
pub(crate) struct Step {
    name: &'static str,
    started: Instant,
    log_path: PathBuf,
    log: Mutex<File>,
}

/// Runs one step and shows how it goes. When it fails, everything else is told to stop.
pub(crate) fn step(name: &'static str, work: impl FnOnce(&Step) -> Result<Done>) -> Result<()> {
    if stopping() {
        bail!("{name}: not started");
    }
    let step = Step::begin(name)?;
    let outcome = work(&step);
    step.end(&outcome);
    outcome.map(drop).with_context(|| format!("{name} failed"))
}

/// Runs two lines of work at the same time; the first failure stops both.
pub(crate) fn side_by_side(
    left: impl FnOnce() -> Result<()>,
    right: impl FnOnce() -> Result<()> + Send,
) -> Result<()> {
    thread::scope(|scope| {
        let right = scope.spawn(right);
        let left = left();
        let right = right.join().unwrap_or_else(|_| bail!("a line of work panicked"));
        // The one that was only told to stop has nothing to say.
        match (left, right) {
            (Err(error), Err(_)) if !told_to_stop(&error) => Err(error),
            (Err(_), Err(error)) => Err(error),
            (left, right) => left.and(right),
        }
    })
}

/// True once a step has failed: what still runs should end.
pub(crate) fn stopping() -> bool {
    STOPPING.load(Ordering::Relaxed)
}

/// Marks the error of a program that was ended because another step failed.
#[derive(Debug)]
pub(crate) struct ToldToStop;

impl std::fmt::Display for ToldToStop {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("stopped, because another step failed")
    }
}

impl std::error::Error for ToldToStop {}

impl Step {
    fn begin(name: &'static str) -> Result<Self> {
        let folder = tree::notes();
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let log_path = folder.join(format!("{}.log", tree::file_name(name)));
        let log = File::create(&log_path).context("cannot open the log of the step")?;
        let step = Self { name, started: Instant::now(), log_path, log: Mutex::new(log) };
        board().begin(name);
        Ok(step)
    }

    /// Notes one line of output, and shows it as what the step does right now.
    pub(crate) fn say(&self, line: &str) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        // The log is a convenience; a full disk shows up in the work itself.
        let _ = writeln!(log, "{line}");
        board().now(self.name, line);
    }

    fn end(&self, outcome: &Result<Done>) {
        let seconds = self.started.elapsed().as_secs_f64();
        let name = self.name;
        let mut board = board();
        match outcome {
            Ok(Done::UpToDate) => {
                board.end(name, &format!("{} {name:NAME_WIDTH$} up to date", good("✓")));
            }
            Ok(Done::Now(note)) => {
                let head = format!("{} {name:NAME_WIDTH$} {seconds:6.1} s", good("✓"));
                board.end(name, format!("{head}  {}", faint(note)).trim_end());
            }
            Err(error) if told_to_stop(error) => {
                board.end(name, &format!("- {name:NAME_WIDTH$} stopped"));
            }
            Err(error) => {
                STOPPING.store(true, Ordering::Relaxed);
                board.end(name, &format!("{} {name:NAME_WIDTH$} {seconds:6.1} s", bad("✗")));
                println!("{}\n{error:#}", self.log_tail());
            }
        }
    }

    fn log_tail(&self) -> String {
        let text = fs::read_to_string(&self.log_path).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let hidden = lines.len().saturating_sub(LOG_LINES_SHOWN);
        let head = match hidden {
            0 => String::new(),
            _ => format!("  ({hidden} lines before these: {})\n", self.log_path.display()),
        };
        head + &lines[hidden..].join("\n")
    }
}

static STOPPING: AtomicBool = AtomicBool::new(false);

static BOARD: LazyLock<Mutex<Board>> = LazyLock::new(|| {
    let live = std::io::stdout().is_terminal() && std::env::var_os("CI").is_none();
    thread::spawn(move || {
        loop {
            thread::sleep(if live { REDRAW } else { HEARTBEAT });
            board().tick();
        }
    });
    Mutex::new(Board { live, drawn: 0, running: Vec::new() })
});

fn board() -> MutexGuard<'static, Board> {
    BOARD.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Board {
    live: bool,
    /// Lines at the bottom of the terminal that belong to us.
    drawn: usize,
    running: Vec<Running>,
}

struct Running {
    name: &'static str,
    started: Instant,
    now: String,
}

impl Board {
    fn begin(&mut self, name: &'static str) {
        self.running.push(Running { name, started: Instant::now(), now: String::new() });
        if self.live {
            self.redraw("");
        } else {
            println!("▸ {name}");
        }
    }

    fn now(&mut self, name: &str, line: &str) {
        if let Some(running) = self.running.iter_mut().find(|running| running.name == name) {
            running.now = line.chars().filter(|c| !c.is_control()).take(NOW_CHARS_MAX).collect();
        }
    }

    fn end(&mut self, name: &str, line: &str) {
        self.running.retain(|running| running.name != name);
        if self.live {
            self.redraw(&format!("{line}\n"));
        } else {
            println!("{line}");
        }
    }

    fn tick(&mut self) {
        if self.live {
            self.redraw("");
            return;
        }
        for running in &self.running {
            let seconds = running.started.elapsed().as_secs();
            println!("  … {} {seconds} s  {}", running.name, running.now);
        }
    }

    /// Clears our lines, prints what is final, draws our lines again below it.
    fn redraw(&mut self, finished: &str) {
        let mut text = String::new();
        if self.drawn > 0 {
            text += &format!("\x1b[{}A\x1b[J", self.drawn);
        }
        text += finished;
        // Without wrapping each of our lines is exactly one row, however long.
        text += "\x1b[?7l";
        for running in &self.running {
            let seconds = running.started.elapsed().as_secs();
            let head = format!("▸ {:NAME_WIDTH$} {seconds:4} s", running.name);
            text += &format!("{head}    {}\n", faint(&running.now));
        }
        text += "\x1b[?7h";
        self.drawn = self.running.len();
        let mut out = std::io::stdout().lock();
        // Nobody is reading when this fails, and nothing is lost.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}

fn told_to_stop(error: &anyhow::Error) -> bool {
    error.is::<ToldToStop>()
}

pub(crate) fn good(text: &str) -> String {
    styled("32", text)
}

pub(crate) fn bad(text: &str) -> String {
    styled("31", text)
}

pub(crate) fn faint(text: &str) -> String {
    styled("2", text)
}

fn styled(code: &str, text: &str) -> String {
    static PLAIN: LazyLock<bool> = LazyLock::new(|| {
        std::env::var_os("NO_COLOR").is_some() || !std::io::stdout().is_terminal()
    });
    if *PLAIN || text.is_empty() { text.to_owned() } else { format!("\x1b[{code}m{text}\x1b[0m") }
}
