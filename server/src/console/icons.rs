//! The console's icons, drawn on a 24 by 24 grid with one stroke; the same shapes as on the
//! phone. Shapes differ, not only colours, so that level and urgency can be told apart in print
//! and by people who see colours differently. Used by the templates.

/// The path of an icon; an unknown name draws nothing.
pub(crate) fn path(name: &str) -> &'static str {
    match name {
        "search" => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5",
        "check" => "M5 12.5l4.5 4.5L19 7",
        "open" => "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z",
        "done" => "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM8.5 12l2.5 2.5 4.5-5",
        "refused" => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 8.5l7 7M15.5 8.5l-7 7",
        "edit" => "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
        "plus" => "M12 5v14M5 12h14",
        "back" => "M15 5l-7 7 7 7",
        "forward" => "M9 5l7 7-7 7",
        "conflict" => "M7 4v5c0 3 5 3 5 6v5M17 4v5c0 3-5 3-5 6",
        "sign" => "M3 20h18M5 16c3-8 6-12 8-9 1 3-5 6-5 8 1 2 4-3 6-3 1 0 0 3 2 3s2-1 3-1",
        "lock" => "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
        "phone" => {
            "M8 2.8h8a1 1 0 0 1 1 1v16.4a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V3.8a1 1 0 0 1 1-1zM11 18h2"
        }
        "desk" => "M4 5h16v11H4zM9 20h6M12 16v4",
        "pause" => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM10 9v6M14 9v6",
        "unknown" => {
            "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 2.5 2.9v1.1M12 17h.01"
        }
        "clock" => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
        "warning" => "M12 4l9 16H3zM12 10v4M12 17h.01",
        "critical" => "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 16h.01",
        "level" => "M4 20h16M7 20v-4M12 20v-9M17 20V5",
        "level-mild" => "M12 8v8M8 12h8M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
        "down" => "M6 9l6 6 6-6",
        "even" => "M5 10h14M5 15h14",
        "up" => "M6 15l6-6 6 6",
        "up-twice" => "M6 12l6-6 6 6M6 18l6-6 6 6",
        "install" => "M12 4v11M7 10l5 5 5-5M4 20h16",
        "print" => "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
        "archive" => "M4 5h16v4H4zM5.5 9v11h13V9M10 13h4",
        "undo" => "M9 8H15a5 5 0 0 1 0 10H8M9 4L5 8l4 4",
        _ => "",
    }
}
