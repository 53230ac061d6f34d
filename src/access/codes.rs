//! How many codes may be guessed by whoever has the password. The first few are free, because people mistype; then each
//! one takes longer to wait for, up to two days. An app's code is one of a million and good in three half minutes, so
//! that a year of guessing comes to less than one in a thousand.

use jiff::{SignedDuration, Timestamp};

use super::throttle::{ANYWHERE, Throttle};
use crate::model::{Elapsed, StaffId};
use crate::store::{self, Writing};

/// So many wrong ones in a place cost no waiting; from then on the owner is told.
pub const FREE: i64 = 10;
/// How long the first wait is. Each further one is twice as long.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(15);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(48);
/// Wrong ones are forgotten when none came for so long.
pub const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What counting a code came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// It may be looked at; so many count as wrong in this place, and this one with them until it proves right.
    As(i64),
    /// It may not be looked at before then.
    TooEarly(Timestamp),
}

/// How long nobody may try after so many wrong ones.
fn wait_after(made: i64) -> SignedDuration {
    if made < FREE {
        return SignedDuration::ZERO;
    }
    let doublings = u32::try_from(made - FREE).unwrap_or(u32::MAX);
    let wait = 2_i32.checked_pow(doublings).and_then(|times| FIRST_WAIT.checked_mul(times));
    wait.map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
}

impl Throttle {
    /// Counts a code before it is looked at, by itself for each place that it may come from: a session, a known device, or
    /// anywhere else, so that whoever has the password alone keeps the owner from neither of the others.
    pub async fn count_code(&self, staff: &StaffId, place: &str, now: Timestamp) -> Result<Counted, store::Error> {
        // Anyone who has to wait must not queue for the one writer.
        let standing = self.store.read().await?.wrong_codes(staff, place).await?;
        if let Some(left) = too_early(standing, self.store.elapsed()) {
            return Ok(Counted::TooEarly(now + left));
        }
        let mut tx = self.writer(place != ANYWHERE).await?;
        let (elapsed, standing) = (tx.elapsed().await?, tx.wrong_codes(staff, place).await?);
        if let Some(left) = too_early(standing, elapsed) {
            return Ok(Counted::TooEarly(now + left));
        }
        let made = tx.count_wrong_code(staff, place).await?;
        tx.commit().await?;
        Ok(Counted::As(made))
    }
}

/// How long somebody still has to wait.
fn too_early(standing: Option<(i64, Elapsed)>, now: Elapsed) -> Option<SignedDuration> {
    let (made, last) = standing?;
    // Where replicas see the time a little differently, the last one may seem to be still to come.
    let left = wait_after(made).checked_sub(now.since(last).max(SignedDuration::ZERO))?;
    left.is_positive().then_some(left)
}

/// Notes that a code was right. In a session or with a known device that is the owner, who has mistyped the ones before;
/// anywhere else somebody else may have guessed them meanwhile.
pub async fn was_right(tx: &mut Writing, staff: &StaffId, place: &str) -> Result<(), store::Error> {
    if place == ANYWHERE {
        tx.take_wrong_code_back(staff, place).await
    } else {
        tx.forget_wrong_codes(staff, Some(place)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many codes somebody guesses in a year who stops for a month, to be forgotten, after so many in a row.
    fn guessed_in_a_year(in_a_row: i64) -> u32 {
        let (mut guesses, mut hours) = (0, 0.0);
        loop {
            for made in 1..=in_a_row {
                guesses += 1;
                hours += wait_after(made).as_secs_f64() / 3600.0;
                if hours > 365.0 * 24.0 {
                    return guesses;
                }
            }
            hours += FORGOTTEN_AFTER.as_secs_f64() / 3600.0;
        }
    }

    #[test]
    fn a_year_of_guessing_comes_to_less_than_one_in_a_thousand_however_it_is_spread() {
        let guesses = (1..400).map(guessed_in_a_year).max().unwrap();
        let chance = 1.0 - (1.0 - 3e-6_f64).powi(guesses.try_into().unwrap());
        assert!(chance < 0.001, "{guesses} guesses: {chance}");
        assert!(guesses > 100, "the owner of a telephone mistypes, too");
    }

    #[test]
    fn the_wait_grows_from_a_quarter_of_an_hour_to_two_days() {
        let minutes = |made| wait_after(made).as_mins();
        assert_eq!(
            [0, 9, 10, 11, 12, 16, 17, 18, 50, i64::MAX].map(minutes),
            [0, 0, 15, 30, 60, 960, 1920, 2880, 2880, 2880]
        );
    }
}
