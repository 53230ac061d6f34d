//! Answering what a colleague asks, and taking a question back.

use super::{Approvals, record};
use crate::access::{Asker, CanSome, ViewMail};
use crate::model::{Act, Approval, ApprovalId, ApprovalState};
use crate::services::Failure;
use crate::services::operations::second_person::{Colleagues, counts};
use crate::services::sign_ins::permits;
use crate::store::{ApprovalStep, Writing};

impl Approvals {
    /// Gives an approval, by somebody who has just proved for it who they are. It counts once.
    ///
    /// # Errors
    /// [`Failure`]: it was not given. [`Failure::ProofTooOld`] where they have not just proved who they are for this.
    pub async fn give(&self, can: &CanSome<ViewMail>, id: &ApprovalId) -> Result<(), Failure> {
        let asker = can.asker();
        let (mut tx, approval) = self.to_answer(asker, id).await?;
        if approval.stands(self.now(), tx.elapsed().await?) != ApprovalState::Asked {
            // Anyone who presses twice has given it already.
            let is_given_by_them = approval.decided_by.as_ref() == Some(&asker.staff.id);
            let is_theirs = approval.state == ApprovalState::Given && is_given_by_them;
            return if is_theirs { Ok(()) } else { Err(Failure::ApprovalTooLate(id.clone())) };
        }
        if !permits::use_up(&mut tx, asker, Act::Approve, self.now()).await? {
            return Err(Failure::ProofTooOld);
        }
        self.step(tx, asker, &approval, &ApprovalStep::GivenBy(&asker.staff.id)).await
    }

    /// Refuses an approval, or takes back what was given and not used, with a word about why not.
    ///
    /// # Errors
    /// [`Failure`]: it stands as it did.
    pub async fn refuse(&self, can: &CanSome<ViewMail>, id: &ApprovalId, word: &str) -> Result<(), Failure> {
        let asker = can.asker();
        let (mut tx, approval) = self.to_answer(asker, id).await?;
        if !self.is_unused(&mut tx, &approval).await? {
            return Err(Failure::ApprovalTooLate(id.clone()));
        }
        let word = Some(word).filter(|word| !word.is_empty());
        self.step(tx, asker, &approval, &ApprovalStep::RefusedBy(&asker.staff.id, word)).await
    }

    /// Takes back what the asker has asked, given or not, as long as it was not used.
    ///
    /// # Errors
    /// [`Failure`]: it stands as it did.
    pub async fn withdraw(&self, can: &CanSome<ViewMail>, id: &ApprovalId) -> Result<(), Failure> {
        let asker = can.asker();
        let mut tx = self.store.write().await?;
        asker.standing(&mut tx).await?;
        let approval = tx.approval(id).await?.filter(|approval| approval.asked_by == asker.staff.id);
        let approval = approval.ok_or(Failure::NoSuchApproval)?;
        if !self.is_unused(&mut tx, &approval).await? {
            return Err(Failure::ApprovalTooLate(id.clone()));
        }
        self.step(tx, asker, &approval, &ApprovalStep::Withdrawn).await
    }

    /// Whether something can still come of it: it is open, or what it was used for was never sent.
    async fn is_unused(&self, tx: &mut Writing, approval: &Approval) -> Result<bool, Failure> {
        Ok(approval.state.is_open() || counts(tx, approval, self.at()).await?)
    }

    /// Begins an answer by somebody who can give one, as their grants stand now.
    async fn to_answer(&self, asker: &Asker, id: &ApprovalId) -> Result<(Writing, Approval), Failure> {
        let mut tx = self.store.write().await?;
        let standing = asker.standing(&mut tx).await?;
        let approval = self.known(&mut tx, asker, id).await?;
        if approval.asked_by == asker.staff.id {
            return Err(Failure::OwnApproval(id.clone()));
        }
        let colleagues = Colleagues::read(&mut tx, self.now()).await?;
        self.rules.allow_joint(&approval.joint, &standing.staff, &colleagues.mailboxes)?;
        if !self.rules.can_approve(&approval.joint, &approval.asked_by, &standing.staff, &colleagues) {
            return Err(Failure::OwnApproval(id.clone()));
        }
        Ok((tx, approval))
    }

    async fn step(
        &self,
        mut tx: Writing,
        asker: &Asker,
        approval: &Approval,
        step: &ApprovalStep<'_>,
    ) -> Result<(), Failure> {
        let now = self.now();
        let next = tx.advance_approval(approval, step, now).await?;
        let next = next.ok_or_else(|| Failure::ApprovalTooLate(approval.id.clone()))?;
        record(&mut tx, asker, &next, now).await?;
        Ok(tx.commit().await?)
    }
}
