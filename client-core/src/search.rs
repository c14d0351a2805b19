//! One search over everything on the phone: jobs, customers, sites, contacts, equipment.
//!
//! A pure function over summaries. Every word of the question must occur in one, in any order and
//! in either script; numbers are found whatever stands between their digits. Only where nothing
//! has all the words, misspelt ones are forgiven: one slip in a short word, two in a long one.

/// What a search looks through, as it is compared: made once, looked through with every key.
#[derive(Debug, Clone)]
pub struct Summary {
    title: String,
    /// What is shown of it: here slips are forgiven.
    shown: String,
    /// Everything it can be found by.
    all: String,
    /// The same, without what people leave out or put in between digits.
    squeezed: String,
}

impl Summary {
    /// `title`: what people call it; `about`: what else is shown of it; `rest`: everything else it
    /// can be found by, in lower case.
    pub fn new(title: &str, about: &str, rest: &str) -> Self {
        let title = fold(title);
        let shown = format!("{title}\n{}", fold(about));
        let all = format!("{shown}\n{rest}");
        let squeezed = all.lines().map(squeeze).collect::<Vec<_>>().join("\n");
        Self { title, shown, all, squeezed }
    }
}

/// Shorter words leave no room for a slip: they would find anything.
const FORGIVEN_LATIN_CHARS_MIN: usize = 4;
const FORGIVEN_HAN_CHARS_MIN: usize = 3;
/// From this length on two slips are forgiven.
const TWO_SLIPS_CHARS_MIN: usize = 8;
/// Farther than any slip that is forgiven.
const FAR: usize = usize::MAX / 2;

/// Which summaries a question finds, best first: those that begin with it, those that have it in
/// their title, then all others, each in the order they were given.
pub fn find(question: &str, summaries: &[Summary]) -> Vec<usize> {
    let words: Vec<String> = question.split_whitespace().map(fold).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let exact = ranked(summaries, |one| exactness(&words, one));
    if exact.is_empty() { ranked(summaries, |one| slips(&words, one)) } else { exact }
}

/// Indices of those with a rank, the lowest first.
fn ranked(summaries: &[Summary], rank: impl Fn(&Summary) -> Option<usize>) -> Vec<usize> {
    let with_rank = |(at, one)| Some((rank(one)?, at));
    let mut found: Vec<_> = summaries.iter().enumerate().filter_map(with_rank).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, at)| at).collect()
}

/// Lower case, and the wide letters and digits that Chinese keyboards make become plain ones.
fn fold(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(plain).flat_map(char::to_lowercase).collect()
}

/// 0: the title begins with the first word; 1: the title has it; 2: it stands elsewhere.
fn exactness(words: &[String], one: &Summary) -> Option<usize> {
    if !words.iter().all(|word| occurs(word, one)) {
        return None;
    }
    let first = words.first()?;
    Some(if one.title.starts_with(first.as_str()) {
        0
    } else if one.title.contains(first.as_str()) {
        1
    } else {
        2
    })
}

/// Model, serial and telephone numbers are written with blanks and dashes, or without.
fn occurs(word: &str, one: &Summary) -> bool {
    let is_number =
        word.len() >= FORGIVEN_LATIN_CHARS_MIN && word.contains(|c: char| c.is_numeric());
    one.all.contains(word) || (is_number && one.squeezed.contains(&squeeze(word)))
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// How many slips the words contain, if they can be forgiven.
fn slips(words: &[String], one: &Summary) -> Option<usize> {
    let letters: Vec<char> = one.shown.chars().collect();
    words.iter().try_fold(0, |sum, word| {
        if occurs(word, one) {
            return Some(sum);
        }
        let word: Vec<char> = word.chars().collect();
        let distance = nearest(&word, &letters);
        (distance <= forgiven(&word)).then_some(sum + distance)
    })
}

fn forgiven(word: &[char]) -> usize {
    let least = match word.iter().any(|c| is_han(*c)) {
        true => FORGIVEN_HAN_CHARS_MIN,
        false => FORGIVEN_LATIN_CHARS_MIN,
    };
    match word.len() {
        len if len < least => 0,
        TWO_SLIPS_CHARS_MIN.. => 2,
        _ => 1,
    }
}

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
}

/// The fewest letters to change, add, leave out or swap until `word` stands somewhere in `text`:
/// at the beginning of a word, or anywhere among Chinese characters, which know no words.
fn nearest(word: &[char], text: &[char]) -> usize {
    let starts = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        before.is_none_or(|c| !c.is_alphanumeric() || is_han(*c))
            || text.get(at).is_some_and(|c| is_han(*c))
    };
    // One row a letter of the word: what it costs to end at each place of the text.
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> =
        (0..=text.len()).map(|at| if starts(at) { 0 } else { FAR }).collect();
    for (row, letter) in word.iter().enumerate() {
        let mut costs = Vec::with_capacity(last.len());
        costs.push(last[0] + 1);
        for (at, other) in text.iter().enumerate() {
            let mut cost =
                (last[at] + usize::from(letter != other)).min(last[at + 1] + 1).min(costs[at] + 1);
            let swapped = row > 0 && at > 0 && word[row - 1] == *other && text[at - 1] == *letter;
            if swapped {
                cost = cost.min(before_last[at - 1] + 1);
            }
            costs.push(cost);
        }
        before_last = std::mem::replace(&mut last, costs);
    }
    last.into_iter().min().unwrap_or(FAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THINGS: [[&str; 3]; 6] = [
        ["Flow meter 3 reads high", "Northern Water · Pump house", "bearing worn\nsn-88"],
        ["3 号线控制柜偶发停机", "华东轴承厂 · 一号车间", "kz-300 · kz300-0713"],
        ["条码打印机", "ZP-420 · ZP420-10293", ""],
        ["马志强", "经理 · 华东轴承厂", "021-5550 8801"],
        ["Pump house", "Northern Water · 1 River Road", ""],
        ["Horse stable", "", ""],
    ];

    fn found(question: &str) -> Vec<&'static str> {
        let things = THINGS.map(|[title, about, rest]| Summary::new(title, about, rest));
        find(question, &things).into_iter().map(|at| THINGS[at][0]).collect()
    }

    #[test]
    fn every_word_must_occur_in_any_order_and_either_script() {
        assert_eq!(found("high METER"), ["Flow meter 3 reads high"]);
        assert_eq!(found("车间 停机"), ["3 号线控制柜偶发停机"]);
        assert_eq!(found("meter 停机"), [""; 0]);
        assert_eq!(found("  "), [""; 0]);
    }

    #[test]
    fn titles_come_first() {
        assert_eq!(found("pump"), ["Pump house", "Flow meter 3 reads high"]);
        assert_eq!(found("华东"), ["3 号线控制柜偶发停机", "马志强"]);
    }

    #[test]
    fn numbers_are_found_however_they_are_written() {
        for question in ["ZP420", "zp-420", "zp42010293", "ＺＰ４２０"] {
            assert_eq!(found(question), ["条码打印机"], "{question}");
        }
        assert_eq!(found("02155508801"), ["马志强"]);
    }

    #[test]
    fn slips_are_forgiven_where_nothing_else_is_found() {
        for question in ["metre", "metr", "mteer", "meeter", "flov"] {
            assert_eq!(found(question), ["Flow meter 3 reads high"], "{question}");
        }
        for question in ["控治柜", "打印几", "停车机"] {
            assert_eq!(found(question).len(), 1, "{question}");
        }
        assert_eq!(found("nothern watre"), ["Flow meter 3 reads high", "Pump house"]);
    }

    #[test]
    fn what_is_right_is_not_mixed_with_what_is_nearly_right() {
        assert_eq!(found("house"), ["Pump house", "Flow meter 3 reads high"]);
        assert_eq!(found("horse"), ["Horse stable"]);
        assert_eq!(found("hause").len(), 2);
        assert_eq!(found("xyz"), [""; 0], "short words have to be right");
        assert_eq!(found("没有"), [""; 0]);
        assert_eq!(found("没有这个"), [""; 0]);
    }
}
