//! What an operation takes of the company's limits, and whether so much is left.

use jiff::SignedDuration;

use super::Admission;
use crate::model::{Address, Allowance, Guarded, Limit, Rate, Staff, Weight};
use crate::services::Failure;
use crate::services::directory::End;
use crate::services::operations::gravity;
use crate::services::operations::petition::{Petition, Source};
use crate::store::{Within, Writing};

impl Admission {
    /// What an operation takes of what limits protect, by where aliases lead as far as the panel knows. What it doesn't
    /// know may lead anywhere. A batch takes something of every account, grave or not.
    pub(super) fn weight(&self, petition: &Petition) -> Option<Weight> {
        let ends = |targets: &[String]| self.directory.ends(petition.address(), targets);
        let weight = gravity::of(petition.kind()).weight(petition.task(), ends);
        let is_batched = matches!(petition.source(), Source::Turn(..));
        weight.or_else(|| is_batched.then_some(Weight::one(Guarded::Batched)))
    }

    /// Where mail to an alias ends outside the company's domains, for the record.
    pub(super) fn outside(&self, petition: &Petition) -> Vec<String> {
        let ends = self.directory.ends(petition.address(), &petition.task().targets()).into_iter();
        ends.filter_map(|end| if let End::Outside(end) = end { Some(end) } else { None }).collect()
    }

    pub(super) async fn within_limits(
        &self,
        tx: &mut Writing,
        on: Guarded,
        staff: &Staff,
        address: &Address,
    ) -> Result<(), Failure> {
        let long = |rate: Option<Rate>| rate.map_or(SignedDuration::ZERO, |rate| rate.per);
        let Allowance { per_staff, per_account, total } = *self.rules.limits.of(on);
        let within = Within { by_staff: long(per_staff), of_account: long(per_account), in_all: long(total) };
        let tried = tx.tried(on, &staff.id, address, &within).await?;
        let reached = [
            (Limit::OfStaff(on), per_staff, tried.by_staff),
            (Limit::OfAccount, per_account, tried.of_account),
            (Limit::OfPanel(on), total, tried.in_all),
        ]
        .into_iter()
        .find(|(_, rate, made)| rate.is_some_and(|rate| *made >= rate.times));
        match reached {
            Some((limit, ..)) => Err(Failure::LimitReached { limit, address: address.clone() }),
            None => Ok(()),
        }
    }
}
