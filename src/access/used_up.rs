//! What is used up in the window that runs: a view of the store's counters that refuses without asking it. Anyone who is not
//! in it is counted in the store, so that it may forget.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::Elapsed;

/// How many keys are kept in mind: a megabyte or so.
const AT_MOST: usize = 8192;

/// Keys whose tries are used up. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct UsedUp(Arc<Mutex<Window>>);

#[derive(Debug, Default)]
struct Window {
    begun_at: Elapsed,
    keys: HashSet<String>,
}

impl UsedUp {
    /// Whether it is certain that nothing is left of this key in this window.
    pub fn has(&self, key: &str, window: Elapsed) -> bool {
        let kept = self.window();
        kept.begun_at == window && kept.keys.contains(key)
    }

    pub fn add(&self, key: &str, window: Elapsed) {
        let mut kept = self.window();
        if kept.begun_at != window {
            *kept = Window { begun_at: window, keys: HashSet::new() };
        }
        if kept.keys.len() < AT_MOST {
            kept.keys.insert(key.to_owned());
        }
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_kept_for_its_own_window_and_there_is_an_end_to_it() {
        let used_up = UsedUp::default();
        let (first, second) = (Elapsed(0), Elapsed(900_000));
        used_up.add("a", first);
        assert!(used_up.has("a", first) && !used_up.has("b", first) && !used_up.has("a", second));
        for n in 0..2 * AT_MOST {
            used_up.add(&n.to_string(), second);
        }
        assert!(used_up.has("0", second) && !used_up.has("a", first));
        assert_eq!(used_up.window().keys.len(), AT_MOST);
    }
}
