//! Who has let whom in lately. What takes two people takes two who did not come in through each other, at however many removes.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::StaffId;

/// How long it takes until somebody will have noticed what was done to a staff member.
pub const NOTICED_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Pairs of people: who has let somebody in, and whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetIn(pub Vec<(StaffId, StaffId)>);

impl LetIn {
    /// Whether two may be one: somebody has let in both, or the one the other, themselves or through people they let in.
    pub fn are_one(&self, one: &StaffId, other: &StaffId) -> bool {
        let mut reached = BTreeSet::from([one]);
        loop {
            let before = reached.len();
            for (by, whom) in &self.0 {
                if reached.contains(by) || reached.contains(whom) {
                    reached.extend([by, whom]);
                }
            }
            if reached.len() == before {
                return reached.contains(other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_one_however_far_apart_they_were_let_in() {
        let [anna, dora, emil, berit, olle] =
            ["anna", "dora", "emil", "berit", "olle"].map(|id| StaffId(id.to_owned()));
        let pair = |by: &StaffId, whom: &StaffId| (by.clone(), whom.clone());
        let let_in = LetIn(vec![pair(&dora, &emil), pair(&anna, &dora), pair(&berit, &olle)]);
        for (one, other) in [(&anna, &dora), (&anna, &emil), (&emil, &anna), (&dora, &emil), (&olle, &berit)] {
            assert!(let_in.are_one(one, other), "{one:?} {other:?}");
        }
        for (one, other) in [(&anna, &berit), (&emil, &olle), (&olle, &anna)] {
            assert!(!let_in.are_one(one, other), "{one:?} {other:?}");
        }
        assert!(!LetIn::default().are_one(&anna, &dora));
    }
}
