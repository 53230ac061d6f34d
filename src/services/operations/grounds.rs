//! On what grounds an operation is admitted: its reason or ticket, who has approved it, and what the audit keeps of it.

use super::Admission;
use super::petition::{Petition, Task};
use super::rules::Gravity;
use crate::model::{Fact, Facts, HandOver};
use crate::services::Failure;
use crate::services::directory::End;
use crate::store::Writing;

/// The grounds of an operation.
#[derive(Debug)]
pub(super) struct Grounds {
    /// The reason or ticket, as the company wants it.
    pub ticket: Option<String>,
    /// What the audit keeps of it.
    pub facts: Facts,
}

impl Admission {
    /// The grounds of a petition; an approval that it needs is used up for what the nonce names. What was approved is done for
    /// the reason for which it was approved.
    ///
    /// # Errors
    /// [`Failure::SecondPerson`], [`Failure::Reason`]: it has none.
    pub(super) async fn grounds(&self, tx: &mut Writing, petition: &Petition, nonce: &str) -> Result<Grounds, Failure> {
        let approved = self.rules.use_approval(tx, petition, (nonce, self.clock.now())).await?;
        let ticket = match &approved {
            Some(approved) => Some(approved.approval.ticket.clone()),
            None if Gravity::of(petition.kind()).asks_reason => self.rules.reasons.read(petition.reason())?,
            None => None,
        };
        let outside = self.outside(petition);
        let facts = match petition.task() {
            Task::Reset(_) => Facts::new().with_some(Fact::Ticket, ticket.clone()),
            Task::Change(change) if outside.is_empty() => change.facts(),
            Task::Change(change) => change.facts().with(Fact::Outside, outside),
        };
        let facts = facts.with_some(Fact::HandOver, petition.task().hand_over().map(HandOver::name));
        let facts = facts.and(approved.map(|approved| approved.facts()).unwrap_or_default());
        Ok(Grounds { ticket, facts })
    }

    /// Where mail to an alias ends outside the company's domains, for the record.
    fn outside(&self, petition: &Petition) -> Vec<String> {
        let ends = self.directory.ends(petition.address(), &petition.task().targets()).into_iter();
        ends.filter_map(|end| if let End::Outside(end) = end { Some(end) } else { None }).collect()
    }
}
