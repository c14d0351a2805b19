//! The statistics of a quarter (季度统计), as pure functions of facts: the same facts give the same
//! figures, whenever they arrived. What late records change is changed by counting again.
//!
//! What is counted:
//!
//! - *received*: opened in the span. Everything below is about these, unless it says otherwise.
//! - *solved*: the fault is gone by now. *Open at the end*: neither solved nor filed when the span
//!   ended; *carried in*: the same of earlier ones when it began.
//! - *first-time fix*: solved, and the fault is not back: no later job follows it and no follow-up
//!   call said so. Out of those whose report says how they ended.
//! - *repeat*: opened because a fault was back, or on equipment of the same customer that a job
//!   was opened for within [`REPEAT_WITHIN_MS`] before.
//! - *handed over in time*: given to somebody within a day (24 小时内转交); calls whose day has not
//!   passed are not judged yet.
//! - *response*: from the call to the first sign of somebody at work; *recovery*: to the fault
//!   being gone. *In time*: recovered by the time that was promised; judged once either is over.
//! - *response*, *arrival* and *recovery kept*: within what the contract or the organisation
//!   promises ([`docket_protocol::clocks`]); judged once met or over.
//! - *promises* and *satisfaction* as their facts have them.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::facts::Fact;
use super::period::Span;

const DAY_MS: i64 = 86_400_000;
/// The same equipment again within a quarter's length is the same fault until shown otherwise.
pub const REPEAT_WITHIN_MS: i64 = 90 * DAY_MS;
/// A call must be with a responsible person within a day.
const HAND_OVER_WITHIN_MS: i64 = DAY_MS;

/// A part of a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// How many are so.
    pub part: usize,
    /// Of how many that were judged.
    pub whole: usize,
}

impl Share {
    /// In percent; none of nothing.
    pub fn percent(self) -> Option<f64> {
        (self.whole > 0).then(|| 100.0 * self.part as f64 / self.whole as f64)
    }

    fn count(&mut self, is_so: bool) {
        self.whole += 1;
        self.part += usize::from(is_so);
    }
}

/// How long things took, in ms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// How many were measured.
    pub count: usize,
    /// Half of them took at most this.
    pub median_ms: i64,
    /// Nine of ten took at most this.
    pub most_ms: i64,
}

impl Times {
    /// Percentiles by nearest rank: a time that was really taken.
    fn of(mut times: Vec<i64>) -> Self {
        let count = times.len();
        let mut rank = |tenths: usize| match (count * tenths).div_ceil(10).checked_sub(1) {
            Some(place) => *times.select_nth_unstable(place).1,
            None => 0,
        };
        Self { count, median_ms: rank(5), most_ms: rank(9) }
    }
}

/// Marks from 1 to 5.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// How many were given.
    pub count: u32,
    /// All of them together.
    pub sum: u32,
}

impl Marks {
    /// Their mean; none of nothing.
    pub fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| f64::from(self.sum) / f64::from(self.count))
    }

    fn count(&mut self, mark: Option<u8>) {
        if let Some(mark) = mark {
            self.count += 1;
            self.sum += u32::from(mark);
        }
    }
}

/// What is counted of some jobs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Opened in the span.
    pub received: usize,
    /// Of them solved by now.
    pub solved: usize,
    /// Neither solved nor filed when the span ended.
    pub open_at_end: usize,
    /// Solved, and not back.
    pub first_time: Share,
    /// Faults that were there before.
    pub repeats: usize,
    /// Given to somebody within a day.
    pub handed_over: Share,
    /// From the call to somebody at work.
    pub response: Times,
    /// From the call to the fault being gone.
    pub recovery: Times,
    /// Recovered by the time that was promised.
    pub in_time: Share,
    /// What a service level promises: response, arrival and recovery. Reports that were issued
    /// before there were any do not have it.
    #[serde(default)]
    pub kept: [Share; 3],
    /// Promises kept in time.
    pub promises: Share,
    /// At the sign-off.
    pub satisfaction: Marks,
    /// In the follow-up call.
    pub call_satisfaction: Marks,
}

/// One week, or what of it lies in the span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// When.
    pub span: Span,
    /// Calls received in it.
    pub received: usize,
    /// Faults gone in it, whenever they were called about.
    pub solved: usize,
}

/// Figures by a name; the most received first.
pub type Breakdown = Vec<(String, Figures)>;

/// A quarter, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// All of it.
    pub all: Figures,
    /// Open when the span began.
    pub carried_in: usize,
    /// Of those, closed within it.
    pub carried_closed: usize,
    /// Changed after the span had ended.
    pub changed_since: usize,
    /// By customer.
    pub customers: Breakdown,
    /// By problem type.
    pub categories: Breakdown,
    /// By fault level.
    pub levels: Breakdown,
    /// By the engineer who leads.
    pub engineers: Breakdown,
    /// Week by week.
    pub weeks: Vec<Week>,
}

/// Facts to count: they reach back [`REPEAT_WITHIN_MS`] before the spans that are asked for and
/// hold what was still open then, in the order of opening.
pub struct Count<'f> {
    facts: &'f [Fact],
    /// Whether each is about a fault that was there before.
    repeats: Vec<bool>,
    now: i64,
}

/// A fact, and whether its fault was there before.
type Seen<'f> = (&'f Fact, bool);

impl<'f> Count<'f> {
    /// Of these, at a moment.
    pub fn of(facts: &'f [Fact], now: i64) -> Self {
        Self { facts, repeats: repeats(facts), now }
    }

    /// The figures of a span, as a whole and divided; `weeks` divide it, too.
    pub fn divided(&self, span: Span, weeks: &[Span]) -> Statistics {
        let received = self.received(span);
        let by = |name: fn(&Fact) -> &str| {
            let mut named: BTreeMap<&str, Vec<Seen<'_>>> = BTreeMap::new();
            for seen in &received {
                named.entry(name(seen.0)).or_default().push(*seen);
            }
            let counted = named
                .into_iter()
                .map(|(name, facts)| (name.to_owned(), self.figures(&facts, span)));
            let mut counted: Breakdown = counted.collect();
            counted.sort_by_key(|(_, figures)| std::cmp::Reverse(figures.received));
            counted
        };
        Statistics {
            customers: by(|fact| &fact.customer),
            categories: by(|fact| &fact.category),
            levels: by(|fact| &fact.level),
            engineers: by(|fact| &fact.lead_name),
            weeks: counted_weeks(self.facts, weeks),
            ..self.whole(span)
        }
    }

    /// The figures of a span as a whole.
    pub fn whole(&self, span: Span) -> Statistics {
        let received = self.received(span);
        let carried: Vec<&Fact> = self
            .facts
            .iter()
            .filter(|fact| fact.opened_at < span.from && fact.open_until >= span.from)
            .collect();
        Statistics {
            all: self.figures(&received, span),
            carried_in: carried.len(),
            carried_closed: carried.iter().filter(|fact| fact.open_until < span.until).count(),
            changed_since: received.iter().filter(|seen| seen.0.updated_at >= span.until).count(),
            ..Statistics::default()
        }
    }

    fn received(&self, span: Span) -> Vec<Seen<'f>> {
        let all = self.facts.iter().zip(self.repeats.iter().copied());
        all.filter(|(fact, _)| span.contains(fact.opened_at)).collect()
    }

    fn figures(&self, facts: &[Seen<'_>], span: Span) -> Figures {
        figures(facts, span, self.now)
    }
}

/// In one pass: there are many facts, and each is large.
fn counted_weeks(facts: &[Fact], spans: &[Span]) -> Vec<Week> {
    let empty = |span: &Span| Week { span: *span, received: 0, solved: 0 };
    let mut weeks: Vec<Week> = spans.iter().map(empty).collect();
    let week_of = |at: i64| spans.iter().position(|span| span.contains(at));
    for fact in facts {
        if let Some(week) = week_of(fact.opened_at) {
            weeks[week].received += 1;
        }
        if let Some(week) = fact.recovered_at.and_then(week_of) {
            weeks[week].solved += 1;
        }
    }
    weeks
}

fn figures(facts: &[Seen<'_>], span: Span, now: i64) -> Figures {
    let mut figures = Figures { received: facts.len(), ..Figures::default() };
    let (mut response, mut recovery) = (Vec::new(), Vec::new());
    for (fact, is_repeat) in facts {
        let recovered = fact.recovered_at.is_some();
        figures.solved += usize::from(recovered);
        figures.open_at_end += usize::from(fact.open_until >= span.until);
        figures.repeats += usize::from(*is_repeat);
        if recovered || fact.has_outcome {
            figures.first_time.count(recovered && !fact.is_back);
        }
        let hand_over_by = fact.opened_at + HAND_OVER_WITHIN_MS;
        if fact.assigned_at.is_some() || hand_over_by < now {
            figures.handed_over.count(fact.assigned_at.is_some_and(|at| at <= hand_over_by));
        }
        if let Some(due_at) = fact.due_at.filter(|due| recovered || *due < now) {
            figures.in_time.count(fact.recovered_at.is_some_and(|at| at <= due_at));
        }
        // Phones' clocks may lie a little before the office's.
        response.extend(fact.responded_at.map(|at| (at - fact.opened_at).max(0)));
        recovery.extend(fact.recovered_at.map(|at| (at - fact.opened_at).max(0)));
        for (share, kept) in figures.kept.iter_mut().zip(fact.kept) {
            kept.into_iter().for_each(|kept| share.count(kept));
        }
        figures.promises.whole += fact.promises as usize;
        figures.promises.part += fact.promises_kept as usize;
        figures.satisfaction.count(fact.satisfaction);
        figures.call_satisfaction.count(fact.call_satisfaction);
    }
    Figures { response: Times::of(response), recovery: Times::of(recovery), ..figures }
}

/// Which jobs are about a fault that was there before.
fn repeats<'f>(facts: &'f [Fact]) -> Vec<bool> {
    let mut last_opened: HashMap<(&str, &str), i64> = HashMap::new();
    let is_repeat = |fact: &'f Fact| {
        let what = (fact.customer.as_str(), fact.equipment.as_str());
        let again = !fact.equipment.is_empty()
            && last_opened
                .insert(what, fact.opened_at)
                .is_some_and(|before| fact.opened_at - before <= REPEAT_WITHIN_MS);
        again || fact.follows
    };
    facts.iter().map(is_repeat).collect()
}

#[cfg(test)]
mod tests {
    use docket_protocol::ids::RecordId;

    use super::*;

    const SPAN: Span = Span { from: 1_000 * DAY_MS, until: 1_090 * DAY_MS };

    fn fact(number: u8, day: i64) -> Fact {
        Fact {
            record: RecordId::new(day, [number; 10]),
            opened_at: day * DAY_MS,
            open_until: i64::MAX,
            ..Fact::default()
        }
    }

    fn all(facts: &[Fact]) -> Figures {
        Count::of(facts, 1_100 * DAY_MS).whole(SPAN).all
    }

    #[test]
    fn nothing_counts_as_nothing() {
        let counted = Count::of(&[], 0).divided(SPAN, &[SPAN]);
        assert_eq!(counted.all, Figures::default());
        assert_eq!(counted.all.first_time.percent(), None);
        assert_eq!(counted.all.satisfaction.mean(), None);
        assert_eq!(counted.weeks, [Week { span: SPAN, received: 0, solved: 0 }]);
    }

    #[test]
    fn percentiles_are_times_that_were_taken() {
        let of = |times: &[i64]| {
            let times = Times::of(times.to_vec());
            (times.count, times.median_ms, times.most_ms)
        };
        assert_eq!(of(&[]), (0, 0, 0));
        assert_eq!(of(&[7]), (1, 7, 7));
        assert_eq!(of(&[4, 1, 3, 2]), (4, 2, 4));
        assert_eq!(of(&(1..=10).collect::<Vec<_>>()), (10, 5, 9));
        assert_eq!(of(&(1..=11).collect::<Vec<_>>()), (11, 6, 10));
    }

    #[test]
    fn a_fault_is_a_repeat_when_it_follows_another_or_hits_the_same_equipment_soon() {
        let on = |number, day, equipment: &str| Fact {
            customer: "Mill".to_owned(),
            equipment: equipment.to_owned(),
            ..fact(number, day)
        };
        let other_customer = Fact { customer: "Port".to_owned(), ..on(5, 1_020, "pump") };
        let facts = [
            on(1, 950, "pump"),
            on(2, 1_001, "pump"),
            on(3, 1_002, ""),
            on(4, 1_003, ""),
            other_customer,
            Fact { follows: true, ..on(6, 1_030, "valve") },
        ];
        assert_eq!(all(&facts).repeats, 2, "number 2 by its pump, number 6 by its own word");
        assert_eq!(all(&[on(1, 909, "pump"), on(2, 1_000, "pump")]).repeats, 0, "91 days");
    }

    #[test]
    fn what_cannot_be_judged_yet_is_not_judged() {
        let now = 1_050 * DAY_MS;
        let fresh = Fact { due_at: Some(now + 1), ..fact(1, 1_050) };
        let late = Fact { due_at: Some(now - 1), ..fact(2, 1_040) };
        let figures = Count::of(&[late, fresh], now).whole(SPAN).all;
        assert_eq!(figures.handed_over, Share { part: 0, whole: 1 });
        assert_eq!(figures.in_time, Share { part: 0, whole: 1 });
        assert_eq!(figures.first_time, Share::default());
    }

    #[test]
    fn what_was_left_open_before_is_counted_apart() {
        let closed =
            Fact { open_until: SPAN.from + 5, recovered_at: Some(SPAN.from + 5), ..fact(1, 990) };
        let facts = [fact(2, 980), closed, fact(3, 1_000)];
        let counted = Count::of(&facts, i64::MAX / 2).divided(SPAN, &[SPAN]);
        assert_eq!((counted.all.received, counted.all.open_at_end), (1, 1));
        assert_eq!((counted.carried_in, counted.carried_closed), (2, 1));
        assert_eq!((counted.weeks[0].received, counted.weeks[0].solved), (1, 1));
    }
}
