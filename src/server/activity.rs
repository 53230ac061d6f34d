//! What a connection is doing: its stream and its service say, `places` judges. Nothing here waits or counts on a timer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// How long a client may take to begin its first request, to send a request's head, and to begin another one.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long somebody known may take to begin another one: longer than proxies keep a connection that they may use again.
const NEXT_WITHIN: Duration = Duration::from_mins(3);
/// For how long a client may leave what is written for it, before its speed is judged.
const JUDGED_AFTER: Duration = Duration::from_secs(30);
/// How many bytes a second a client must take while the panel has to wait for it.
const SLOWEST: u64 = 500;
/// How many requests may be answered between two moments in which the client said something: a browser lines none up.
const LINED_UP: u32 = 16;

/// One connection's doings.
#[derive(Debug)]
pub struct Activity {
    doing: Mutex<Doing>,
    dismissal: Notify,
}

#[derive(Debug)]
struct Doing {
    phase: Phase,
    /// When something last came or went, or a request began or ended.
    moved_at: Instant,
    /// Whether a request has been answered.
    has_served: bool,
    /// Whether a session was seen here.
    is_known: bool,
    /// Whether a request was handed on whose answer has not left yet.
    is_asked: bool,
    /// The requests that began since the client last said something.
    lined_up: u32,
    writing: Writing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing has come of a request since then.
    Idle(Instant),
    /// A part of a head has come; the first of it then.
    Head(Instant),
    /// A request is answered. Some of its body may still be to come.
    Call { body_to_come: bool },
}

/// How the client takes what is written, counted from the first moment in which it had to be waited for.
#[derive(Debug, Default)]
struct Writing {
    blocked_since: Option<Instant>,
    blocked_for: Duration,
    taken: u64,
}

impl Activity {
    pub fn new(now: Instant) -> Arc<Self> {
        let doing = Doing {
            phase: Phase::Idle(now),
            moved_at: now,
            has_served: false,
            is_known: false,
            is_asked: false,
            lined_up: 0,
            writing: Writing::default(),
        };
        Arc::new(Self { doing: Mutex::new(doing), dismissal: Notify::new() })
    }

    fn doing(&self) -> MutexGuard<'_, Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The client said something.
    pub fn hears(&self, now: Instant) {
        let mut doing = self.doing();
        doing.moved_at = now;
        doing.lined_up = 0;
        if let Phase::Idle(_) = doing.phase {
            doing.phase = Phase::Head(now);
        }
    }

    /// The client took so many bytes.
    pub fn writes(&self, bytes: usize, now: Instant) {
        let mut doing = self.doing();
        doing.moved_at = now;
        let writing = &mut doing.writing;
        writing.taken = writing.taken.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        if let Some(since) = writing.blocked_since.take() {
            writing.blocked_for += now - since;
        }
    }

    /// The client takes no more for now.
    pub fn is_blocked(&self, now: Instant) {
        let writing = &mut self.doing().writing;
        if writing.blocked_for.is_zero() && writing.blocked_since.is_none() {
            writing.taken = 0;
        }
        writing.blocked_since.get_or_insert(now);
    }

    /// Everything that was to be written has left.
    pub fn is_flushed(&self, now: Instant) {
        let mut doing = self.doing();
        if !doing.is_asked {
            return;
        }
        // The client's time to ask again begins now, also where hyper has looked further meanwhile.
        doing.phase = match doing.phase {
            Phase::Call { .. } => return,
            Phase::Idle(_) => Phase::Idle(now),
            Phase::Head(_) => Phase::Head(now),
        };
        doing.is_asked = false;
    }

    /// Whether a request was handed on whose answer has not left. If not, what is written does not come from the panel.
    pub fn is_asked(&self) -> bool {
        self.doing().is_asked
    }

    /// A request was read. Says whether it is the last one that this connection may line up.
    pub fn begins(&self, body_to_come: bool, now: Instant) -> bool {
        let mut doing = self.doing();
        doing.moved_at = now;
        doing.phase = Phase::Call { body_to_come };
        doing.is_asked = true;
        doing.lined_up += 1;
        doing.lined_up >= LINED_UP
    }

    /// All of the request has come, or nobody wants the rest.
    pub fn has_body(&self) {
        let mut doing = self.doing();
        if let Phase::Call { body_to_come } = &mut doing.phase {
            *body_to_come = false;
        }
    }

    /// All of the answer is made, though it may not have left.
    pub fn ends(&self, now: Instant) {
        let mut doing = self.doing();
        doing.moved_at = now;
        doing.has_served = true;
        doing.phase = Phase::Idle(now);
    }

    /// A session was seen here. Says whether one was before.
    pub fn knows(&self) -> bool {
        std::mem::replace(&mut self.doing().is_known, true)
    }

    /// Whether nothing but the opening of the connection ever happened.
    pub fn is_unused(&self) -> bool {
        let doing = self.doing();
        matches!(doing.phase, Phase::Idle(_)) && !doing.has_served
    }

    /// Since when nothing has moved, where it is the client that the panel waits for.
    pub fn waits_since(&self) -> Option<Instant> {
        let doing = self.doing();
        let is_at_work = doing.phase == Phase::Call { body_to_come: false };
        (!is_at_work || doing.writing.blocked_since.is_some()).then_some(doing.moved_at)
    }

    /// Whether what is written waits for the client.
    pub fn is_stalled(&self) -> bool {
        self.doing().writing.blocked_since.is_some()
    }

    /// Whether the client has had its time.
    pub fn is_overdue(&self, is_proxy: bool, now: Instant) -> bool {
        let mut doing = self.doing();
        let is_slow = doing.writing.is_slow(now);
        let is_blocked = doing.writing.blocked_since.is_some();
        let next_within = if doing.has_served && (is_proxy || doing.is_known) { NEXT_WITHIN } else { HEAD_WITHIN };
        let is_late = match doing.phase {
            // The whole request has its own limit (`problems::time_out`).
            Phase::Call { .. } => false,
            // An answer that has not left yet is judged by its speed alone.
            Phase::Idle(_) | Phase::Head(_) if doing.is_asked => !is_blocked && now - doing.moved_at > next_within,
            Phase::Idle(since) => now - since > next_within,
            Phase::Head(since) => now - since > HEAD_WITHIN,
        };
        is_late || is_slow
    }

    /// Ends the connection.
    pub fn dismiss(&self) {
        self.dismissal.notify_one();
    }

    /// When the connection is to end.
    pub async fn is_dismissed(&self) {
        self.dismissal.notified().await;
    }
}

impl Writing {
    /// Whether the client took too little, once it has been waited for long enough to say so.
    fn is_slow(&mut self, now: Instant) -> bool {
        let waited = self.blocked_for + self.blocked_since.map_or(Duration::ZERO, |since| now - since);
        if waited < JUDGED_AFTER {
            return false;
        }
        let is_slow = self.taken < SLOWEST * waited.as_secs();
        let blocked_since = self.blocked_since.map(|_| now);
        *self = Self { blocked_since, ..Self::default() };
        is_slow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A connection, and its time in seconds.
    struct Story {
        activity: Arc<Activity>,
        begun: Instant,
    }

    impl Story {
        fn begins() -> Self {
            let begun = Instant::now();
            Self { activity: Activity::new(begun), begun }
        }

        fn at(&self, seconds: u64) -> Instant {
            self.begun + Duration::from_secs(seconds)
        }

        fn is_overdue(&self, seconds: u64) -> bool {
            self.activity.is_overdue(false, self.at(seconds))
        }

        /// A request and its answer.
        fn is_served(&self, seconds: u64) {
            self.activity.hears(self.at(seconds));
            self.activity.begins(false, self.at(seconds));
            self.activity.ends(self.at(seconds));
            self.activity.is_flushed(self.at(seconds));
        }
    }

    #[test]
    fn a_head_must_come_within_ten_seconds_however_often_a_byte_of_it_comes() {
        let story = Story::begins();
        assert!(!story.is_overdue(10) && story.is_overdue(11), "it says nothing");
        for second in [5, 10, 15] {
            story.activity.hears(story.at(second));
        }
        assert!(!story.is_overdue(15) && story.is_overdue(16));
    }

    #[test]
    fn a_proxys_connection_may_rest_between_requests_for_longer_than_proxies_let_it() {
        let story = Story::begins();
        assert!(story.activity.is_overdue(true, story.at(11)), "but not before the first");
        story.is_served(5);
        assert!(!story.activity.is_overdue(true, story.at(184)) && story.activity.is_overdue(true, story.at(186)));
        assert!(story.is_overdue(16), "a stranger's may not");
        story.activity.hears(story.at(184));
        assert!(story.activity.is_overdue(true, story.at(195)), "a head that has begun must come");
        story.is_served(200);
        story.activity.knows();
        assert!(!story.is_overdue(380), "nor is somebody who is signed in sent away");
    }

    #[test]
    fn a_reader_that_takes_nothing_or_a_byte_now_and_then_is_sent_away() {
        for bytes in [0, 1] {
            let story = Story::begins();
            story.activity.begins(false, story.at(0));
            story.activity.writes(100_000, story.at(0));
            story.activity.is_blocked(story.at(0));
            for second in [5, 10, 15, 20, 25] {
                if bytes > 0 {
                    story.activity.writes(bytes, story.at(second));
                    story.activity.is_blocked(story.at(second));
                }
                assert!(!story.is_overdue(second));
            }
            assert!(story.is_overdue(30));
        }
    }

    #[test]
    fn small_answers_that_are_hardly_read_are_no_way_around() {
        let story = Story::begins();
        let mut sent_away = None;
        for n in 0..20 {
            let second = n * 6;
            story.activity.begins(false, story.at(second));
            story.activity.is_blocked(story.at(second));
            story.activity.writes(300, story.at(second + 5));
            story.activity.ends(story.at(second + 5));
            story.activity.is_flushed(story.at(second + 5));
            sent_away = sent_away.or(story.is_overdue(second + 5).then_some(second + 5));
        }
        assert_eq!(sent_away, Some(35));
    }

    #[test]
    fn a_slow_line_gets_the_whole_of_a_long_answer() {
        let story = Story::begins();
        story.activity.begins(false, story.at(0));
        for second in 0..600 {
            story.activity.is_blocked(story.at(second));
            assert!(!story.is_overdue(second + 1), "{second}");
            if second % 20 == 19 {
                story.activity.writes(20_000, story.at(second + 1));
            }
        }
    }

    #[test]
    fn who_took_long_to_read_has_the_usual_time_to_ask_again() {
        let story = Story::begins();
        story.activity.begins(false, story.at(0));
        story.activity.writes(100_000, story.at(0));
        story.activity.is_blocked(story.at(0));
        story.activity.ends(story.at(0));
        story.activity.hears(story.at(1));
        assert!(!story.is_overdue(25), "all is made, but not taken, and it has begun to ask for more");
        story.activity.writes(100_000, story.at(25));
        assert!(!story.is_overdue(26));
        story.activity.is_flushed(story.at(26));
        assert!(!story.is_overdue(36) && story.is_overdue(37));
    }

    #[test]
    fn while_the_panel_itself_is_at_work_nobody_is_sent_away() {
        let story = Story::begins();
        story.activity.hears(story.at(0));
        story.activity.begins(true, story.at(0));
        assert!(story.activity.waits_since().is_some(), "its body is waited for");
        story.activity.has_body();
        assert_eq!(story.activity.waits_since(), None);
        assert!(!story.is_overdue(1000));
        story.activity.is_blocked(story.at(1000));
        assert!(story.activity.waits_since().is_some());
    }

    #[test]
    fn few_requests_may_be_lined_up() {
        let story = Story::begins();
        let lined_up = (1..100).find(|_| story.activity.begins(false, story.at(0)));
        assert_eq!(lined_up, Some(16));
        story.activity.hears(story.at(0));
        assert!(!story.activity.begins(false, story.at(0)));
    }
}
