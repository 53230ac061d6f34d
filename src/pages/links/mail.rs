//! Links to domains, accounts and aliases, and to what is done with them.

use super::{Links, encode, with_query};
use crate::model::{Address, ApprovalId, Batch, BatchId, DomainName, Joint, Operation, OperationId, OperationKind};

impl Links {
    pub fn domain(&self, domain: &DomainName) -> String {
        format!("{}/domains/{domain}", self.base)
    }

    pub fn domain_export(&self, domain: &DomainName) -> String {
        format!("{}/export", self.domain(domain))
    }

    pub fn costs(&self) -> String {
        format!("{}/costs", self.base)
    }

    /// Changing several accounts of a domain.
    pub fn bulk(&self, domain: &DomainName) -> String {
        format!("{}/bulk", self.domain(domain))
    }

    /// The same with what was chosen for a change that was put together.
    pub fn bulk_again(&self, batch: &Batch) -> String {
        with_query(self.bulk(&batch.domain), &format!("batch={}", batch.id.as_str()))
    }

    /// Where the lock-out of all accounts of a domain is put together.
    pub fn lock_out_all(&self, domain: &DomainName) -> String {
        format!("{}/lock-out", self.domain(domain))
    }

    pub fn batch(&self, batch: &BatchId) -> String {
        format!("{}/batches/{}", self.base, batch.as_str())
    }

    /// The same, saying that what was posted was an earlier page of it.
    pub fn batch_too_late(&self, batch: &BatchId) -> String {
        format!("{}?too-late=1", self.batch(batch))
    }

    /// The same, saying that there was nothing to give out.
    pub fn batch_nothing_given(&self, batch: &BatchId) -> String {
        format!("{}?nothing-given=1", self.batch(batch))
    }

    /// Where links and codes of a batch are given out.
    pub fn batch_links(&self, batch: &BatchId) -> String {
        format!("{}/links", self.batch(batch))
    }

    pub fn batch_revoke(&self, batch: &BatchId) -> String {
        format!("{}/revoke", self.batch(batch))
    }

    pub fn batch_begin(&self, batch: &BatchId) -> String {
        format!("{}/begin", self.batch(batch))
    }

    pub fn batch_stop(&self, batch: &BatchId) -> String {
        format!("{}/stop", self.batch(batch))
    }

    /// Where a colleague is asked to approve something.
    pub fn approvals(&self) -> String {
        format!("{}/approvals/new", self.base)
    }

    /// The same for this.
    pub fn approval_ask(&self, joint: &Joint) -> String {
        match joint {
            Joint::Batch { id, .. } => format!("{}?batch={}", self.approvals(), id.as_str()),
            Joint::On { kind, address, way } => {
                let way = way.map(|way| format!("&hand_over={}", way.name())).unwrap_or_default();
                let (ask, about) = (self.approvals(), encode(address.as_str()));
                format!("{ask}?kind={}&of={about}{way}", kind.name())
            }
        }
    }

    pub fn approval(&self, approval: &ApprovalId) -> String {
        format!("{}/approvals/{}", self.base, approval.as_str())
    }

    /// What is done to an approval by a button.
    pub fn approval_do(&self, approval: &ApprovalId, what: &str) -> String {
        format!("{}/{what}", self.approval(approval))
    }

    /// Where that is done which was approved.
    pub fn approved(&self, joint: &Joint) -> String {
        match joint {
            Joint::Batch { id, .. } => self.batch(id),
            Joint::On { kind: OperationKind::DeleteAccount, address, .. } => self.account_delete(address),
            Joint::On { kind, address, .. } => self.reset_of(*kind, address),
        }
    }

    pub fn account(&self, address: &Address) -> String {
        format!("{}/accounts/{}", self.base, encode(address.as_str()))
    }

    pub fn reset(&self, address: &Address) -> String {
        format!("{}/reset", self.account(address))
    }

    pub fn lock_out(&self, address: &Address) -> String {
        format!("{}/lock-out", self.account(address))
    }

    /// The confirmation page of a reset or a lock-out.
    pub fn reset_of(&self, kind: OperationKind, address: &Address) -> String {
        if kind == OperationKind::LockOut { self.lock_out(address) } else { self.reset(address) }
    }

    pub fn client_settings(&self, address: &Address) -> String {
        format!("{}/client-settings", self.account(address))
    }

    /// The profile for Apple's devices with the address filled in.
    pub fn client_profile(&self, address: &Address) -> String {
        format!("{}/email.mobileconfig", self.client_settings(address))
    }

    /// What anybody may see of a domain's client settings, as it is passed on to owners.
    pub fn told_settings(&self, domain: &DomainName) -> String {
        let links = self.for_owners();
        links.absolute(&links.public_settings(domain))
    }

    fn public_settings(&self, domain: &DomainName) -> String {
        format!("{}/client-settings/{domain}", self.base)
    }

    pub fn public_profile(&self, domain: &DomainName) -> String {
        format!("{}/email.mobileconfig", self.public_settings(domain))
    }

    /// The account, with the news that an edit was made.
    pub fn account_saved(&self, address: &Address, operation: &OperationId) -> String {
        format!("{}?saved={}", self.account(address), operation.as_str())
    }

    pub fn account_edit(&self, address: &Address) -> String {
        format!("{}/edit", self.account(address))
    }

    /// Where managers keep the contact address of an account.
    pub fn contact(&self, address: &Address) -> String {
        format!("{}/contact", self.account(address))
    }

    pub fn account_delete(&self, address: &Address) -> String {
        format!("{}/delete", self.account(address))
    }

    /// Where an account is made in a domain.
    pub fn account_new(&self, domain: &DomainName) -> String {
        format!("{}/accounts/new", self.domain(domain))
    }

    pub fn alias(&self, address: &Address) -> String {
        format!("{}/aliases/{}", self.base, encode(address.as_str()))
    }

    /// The alias, with the news of what was just done to it.
    pub fn alias_after(&self, address: &Address, operation: &OperationId) -> String {
        format!("{}?done={}", self.alias(address), operation.as_str())
    }

    pub fn alias_new(&self, domain: &DomainName) -> String {
        format!("{}/aliases/new", self.domain(domain))
    }

    /// The same, with a target filled in.
    pub fn alias_new_to(&self, target: &Address) -> String {
        format!("{}?target={}", self.alias_new(target.domain()), encode(target.as_str()))
    }

    pub fn alias_edit(&self, address: &Address) -> String {
        format!("{}/edit", self.alias(address))
    }

    pub fn alias_delete(&self, address: &Address) -> String {
        format!("{}/delete", self.alias(address))
    }

    /// How an operation went, and its password where it made one.
    pub fn operation(&self, operation: &OperationId) -> String {
        format!("{}/operations/{}", self.base, operation.as_str())
    }

    /// The form of a change that was not done, which says so; nothing where no form is filled in.
    pub fn form_after(&self, operation: &Operation) -> Option<String> {
        let address = &operation.address;
        let form = match operation.kind {
            OperationKind::CreateAccount => self.account_new(address.domain()),
            OperationKind::EditAccount => self.account_edit(address),
            OperationKind::CreateAlias => self.alias_new(address.domain()),
            OperationKind::EditAlias => self.alias_edit(address),
            OperationKind::ResetPassword
            | OperationKind::LockOut
            | OperationKind::DeleteAccount
            | OperationKind::DeleteAlias => return None,
        };
        Some(format!("{form}?after={}", operation.id.as_str()))
    }

    pub fn seen(&self, operation: &OperationId) -> String {
        format!("{}/seen", self.operation(operation))
    }

    pub fn revoke(&self, operation: &OperationId) -> String {
        format!("{}/revoke", self.operation(operation))
    }

    /// The page on which the owner of a mailbox reads its new password, as it is passed on to them.
    pub fn told_hand_over(&self, link: &str) -> String {
        let links = self.for_owners();
        links.absolute(&format!("{}/hand-over/{link}", links.base))
    }
}
