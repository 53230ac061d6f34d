//! A queue of jobs in which each who waits gets a turn before anybody gets a second one.

use std::collections::VecDeque;
use std::fmt;

use super::Job;

/// Everybody who waits, and what they wait for.
#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<(String, VecDeque<Job>)>,
    len: usize,
}

impl Queue {
    pub const fn len(&self) -> usize {
        self.len
    }

    pub fn add(&mut self, who: &str, job: Job) {
        self.len += 1;
        match self.waiting.iter_mut().find(|(waiting, _)| waiting == who) {
            Some((_, jobs)) => jobs.push_back(job),
            None => self.waiting.push_back((who.to_owned(), VecDeque::from([job]))),
        }
    }

    pub fn next(&mut self) -> Option<Job> {
        let (who, mut jobs) = self.waiting.pop_front()?;
        let job = jobs.pop_front()?;
        self.len -= 1;
        if !jobs.is_empty() {
            self.waiting.push_back((who, jobs));
        }
        Some(job)
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} waiting", self.len)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::super::Memory;
    use super::*;

    #[test]
    fn who_comes_later_does_not_wait_for_all_that_another_wants() {
        let (said, heard) = mpsc::channel();
        let mut queue = Queue::default();
        for who in ["a", "a", "a", "b", "a", "b", "c"] {
            let said = said.clone();
            queue.add(who, Box::new(move |_| said.send(who).unwrap()));
        }
        let mut memory = Memory::default();
        while let Some(job) = queue.next() {
            job(&mut memory);
        }
        assert_eq!(heard.try_iter().collect::<Vec<_>>(), ["a", "b", "c", "a", "b", "a", "a"]);
        assert_eq!(queue.len(), 0);
    }
}
