//! On what grounds an operation is admitted: its reason or ticket, how it was checked who asks, who has approved it, and what
//! the audit keeps of it.

use super::Admission;
use super::petition::{Petition, Task};
use super::rules::Gravity;
use crate::model::{Fact, Facts, Grounds, HandOver};
use crate::services::Failure;
use crate::services::directory::End;
use crate::store::Writing;

impl Admission {
    /// The grounds of a petition; an approval that it needs is used up for what the nonce names. What was approved is done on
    /// the grounds on which it was approved. With them comes what the audit keeps.
    ///
    /// # Errors
    /// [`Failure::SecondPerson`], [`Failure::Reason`], [`Failure::Caller`]: it has none.
    pub(super) async fn grounds(
        &self,
        tx: &mut Writing,
        petition: &Petition,
        nonce: &str,
    ) -> Result<(Grounds, Facts), Failure> {
        let approved = self.rules.use_approval(tx, petition, (nonce, self.clock.now())).await?;
        let ticket = match &approved {
            Some(approved) => Some(approved.approval.ticket.clone()),
            None if Gravity::of(petition.kind()).asks_reason => self.rules.reasons.read(&petition.stated().ticket)?,
            None => None,
        };
        let check = approved.as_ref().and_then(|approved| approved.approval.caller.as_ref());
        let grounds = Grounds { ticket, caller: self.rules.caller_check(petition, check)? };
        let outside = self.outside(petition);
        let facts = match petition.task() {
            Task::Reset(_) => grounds.facts(),
            Task::Change(change) if outside.is_empty() => change.facts(),
            Task::Change(change) => change.facts().with(Fact::Outside, outside),
        };
        let facts = facts.with_some(Fact::HandOver, petition.task().hand_over().map(HandOver::name));
        let facts = facts.and(approved.map(|approved| approved.facts()).unwrap_or_default());
        Ok((grounds, facts))
    }

    /// Where mail to an alias ends outside the company's domains, for the record.
    fn outside(&self, petition: &Petition) -> Vec<String> {
        let ends = self.directory.ends(petition.address(), &petition.task().targets()).into_iter();
        ends.filter_map(|end| if let End::Outside(end) = end { Some(end) } else { None }).collect()
    }
}
