//! The rule of two people: what takes one who does it and another who has approved it, and whether an approval counts. That is
//! asked anew whenever somebody relies on it: whoever gave it must still be one who may.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::petition::{Petition, Source};
use super::rules::Rules;
use crate::access::{Asker, Denied, holds};
use crate::model::audit_head::hex;
use crate::model::let_in::NOTICED_AFTER;
use crate::model::{
    Address, Approval, ApprovalState, Batch, BatchAction, Elapsed, Fact, Facts, Joint, LetIn, Staff, StaffId,
    WhyLeftOut,
};
use crate::services::Failure;
use crate::services::batches::right_to;
use crate::store::{self, ApprovalStep, Refusal, Transactions, Writing};

/// An approval that counts.
#[derive(Debug)]
pub struct Approved {
    pub approval: Approval,
    /// The sign-in name of who gave it.
    pub by: String,
}

impl Approved {
    /// What the audit keeps of it with what is done.
    pub fn facts(&self) -> Facts {
        let facts = Facts::new().with(Fact::Approval, self.approval.id.as_str());
        facts.with(Fact::ApprovedBy, self.by.as_str())
    }
}

/// The moment for which it is asked whether something counts.
#[derive(Clone, Copy, Debug)]
pub struct At {
    pub now: Timestamp,
    pub elapsed: Elapsed,
}

/// What is known of the staff that says who may do or approve what: read once for all that is judged by it.
#[derive(Debug)]
pub struct Colleagues {
    /// Addresses that are staff members' own.
    pub mailboxes: BTreeSet<Address>,
    let_in: LetIn,
}

impl Colleagues {
    pub async fn read(db: &mut Transactions, now: Timestamp) -> Result<Self, store::Error> {
        Ok(Self { mailboxes: db.staff_mailboxes(now).await?, let_in: db.let_in(now - NOTICED_AFTER).await? })
    }
}

impl Rules {
    /// Whether this takes a second person.
    pub async fn takes_second_person(
        &self,
        db: &mut Transactions,
        joint: &Joint,
        now: Timestamp,
    ) -> Result<bool, store::Error> {
        if self.second_person.is_nothing() {
            return Ok(false);
        }
        Ok(match joint {
            Joint::Batch { action, .. } => self.second_person.is_for_batch(*action),
            Joint::On { kind, address, .. } => {
                let is_protected = self.protects(address, &db.staff_mailboxes(now).await?).is_some();
                self.second_person.is_for(*kind, address, is_protected)
            }
        })
    }

    /// Why an account of a batch is left out from the beginning: it is protected from the asker, or takes a second person by
    /// itself, as the batch takes none.
    pub fn leave_out(
        &self,
        asker: &Asker,
        action: BatchAction,
        address: &Address,
        mailboxes: &BTreeSet<Address>,
    ) -> Option<WhyLeftOut> {
        if self.keep_from(asker, address, mailboxes).is_some() {
            return Some(WhyLeftOut::Protected);
        }
        let is_protected = self.protects(address, mailboxes).is_some();
        let takes_two =
            !self.second_person.is_for_batch(action) && self.second_person.is_for(action.kind(), address, is_protected);
        takes_two.then_some(WhyLeftOut::SecondPerson)
    }

    /// Whether somebody's grants, as they stand, allow to do this, and so to approve that another does.
    pub fn allow_joint(&self, joint: &Joint, staff: &Staff, mailboxes: &BTreeSet<Address>) -> Result<(), Denied> {
        match joint {
            Joint::On { kind, address, .. } => self.allow(*kind, staff, address, mailboxes),
            Joint::Batch { action, domain, .. } if holds(staff, right_to(*action), domain) => Ok(()),
            Joint::Batch { action, domain, .. } => {
                Err(Denied { right: right_to(*action), domain: Some(domain.clone()) })
            }
        }
    }

    /// Whether somebody can approve this for who asks: another person, who may do it themselves and has not come in lately
    /// through the asker, nor the asker through them, nor both through somebody else.
    pub fn can_approve(&self, joint: &Joint, asked_by: &StaffId, by: &Staff, colleagues: &Colleagues) -> bool {
        by.id != *asked_by
            && by.disabled_at.is_none()
            && self.allow_joint(joint, by, &colleagues.mailboxes).is_ok()
            && !colleagues.let_in.are_one(&by.id, asked_by)
    }

    /// The approval with which somebody may do this now, if there is one that counts. Where the way of hand-over is not
    /// chosen yet, any will do.
    pub async fn approved(
        &self,
        db: &mut Transactions,
        asked_by: &StaffId,
        joint: &Joint,
        at: At,
    ) -> Result<Option<Approved>, store::Error> {
        for approval in db.approvals_given(asked_by, joint).await? {
            let is_this = joint.way().is_none_or(|way| approval.joint.way() == Some(way));
            if is_this && counts(db, &approval, at).await? && is_unchanged(db, &approval).await? {
                let (by, colleagues) = (giver(db, &approval).await?, Colleagues::read(db, at.now).await?);
                if let Some(by) = by.filter(|by| self.can_approve(joint, asked_by, by, &colleagues)) {
                    return Ok(Some(Approved { approval, by: by.name.to_string() }));
                }
            }
        }
        Ok(None)
    }

    /// Whether a batch that was begun may go on as it is: the audit tells that it began with these accounts, and where it takes a second person, it
    /// was approved with these accounts. What its own row says, anybody can write who can write into the database.
    ///
    /// # Errors
    /// [`store::Error::Refused`] where it was never begun.
    pub async fn may_go_on(&self, tx: &mut Writing, batch: &Batch, now: Timestamp) -> Result<bool, store::Error> {
        let selection = hex(&tx.selection(&batch.id, batch.action).await?);
        if !tx.is_told_begun(batch, &selection).await? {
            return Err(Refusal::RowEdited("a batch").into());
        }
        let joint = Joint::of_batch(batch, 0);
        if !self.takes_second_person(tx, &joint, now).await? {
            return Ok(true);
        }
        for approval in tx.approvals_given(&batch.staff, &joint).await? {
            if approval.state == ApprovalState::Used && is_unchanged(tx, &approval).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Uses an approval up for what a petition becomes, in the transaction of its intent; `None` where it takes none.
    ///
    /// # Errors
    /// [`Failure::SecondPerson`]: none counts.
    pub async fn use_approval(
        &self,
        tx: &mut Writing,
        petition: &Petition,
        (nonce, now): (&str, Timestamp),
    ) -> Result<Option<Approved>, Failure> {
        // A batch was approved as a whole when it began, where that takes two. Elsewhere its accounts are looked at one by one.
        if matches!(petition.source(), Source::Turn(..)) && self.second_person.bulk {
            return Ok(None);
        }
        let (kind, address, way) = (petition.kind(), petition.address().clone(), petition.task().hand_over());
        self.use_approval_of(tx, &petition.asker().staff.id, Joint::On { kind, address, way }, (nonce, now)).await
    }

    /// The same for what somebody does that is no single operation.
    pub async fn use_approval_of(
        &self,
        tx: &mut Writing,
        asked_by: &StaffId,
        joint: Joint,
        (nonce, now): (&str, Timestamp),
    ) -> Result<Option<Approved>, Failure> {
        if !self.takes_second_person(tx, &joint, now).await? {
            return Ok(None);
        }
        let at = At { now, elapsed: tx.elapsed().await? };
        let Some(approved) = self.approved(tx, asked_by, &joint, at).await? else {
            return Err(Failure::SecondPerson(joint.into()));
        };
        if tx.advance_approval(&approved.approval, &ApprovalStep::UsedFor(nonce), now).await?.is_none() {
            return Err(Failure::SecondPerson(joint.into()));
        }
        Ok(Some(approved))
    }
}

/// Whether an approval was given and its time is not over. One whose operation was never sent has not been used.
pub async fn counts(db: &mut Transactions, approval: &Approval, at: At) -> Result<bool, store::Error> {
    let is_unused = match (approval.state, &approval.nonce) {
        (ApprovalState::Given, _) => true,
        (ApprovalState::Used, Some(nonce)) => db.is_told_unsent(nonce).await?,
        _ => false,
    };
    Ok(is_unused && approval.is_in_time(at.now, at.elapsed))
}

/// Whether a batch is still what was approved.
async fn is_unchanged(db: &mut Transactions, approval: &Approval) -> Result<bool, store::Error> {
    let Joint::Batch { id, action, .. } = &approval.joint else { return Ok(true) };
    Ok(approval.selection == Some(db.selection(id, *action).await?))
}

/// Who gave an approval, as they stand.
pub async fn giver(db: &mut Transactions, approval: &Approval) -> Result<Option<Staff>, store::Error> {
    let Some(by) = &approval.decided_by else { return Ok(None) };
    Ok(db.staff_member(by).await?.map(|record| record.staff))
}
