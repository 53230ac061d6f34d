//! Rights as values. A [`Can`], [`CanIn`] or [`CanSome`] exists only because the [`Gate`] found the right to be held;
//! a service that takes one can't be called without it.

use std::marker::PhantomData;
use std::sync::Arc;

use super::asker::{Asker, Proof};
use super::rights::{ManageStaff, ReadAudit, Right, RightName, ViewMail, allows};
use crate::model::look_alike::COMMAND_LINE;
use crate::model::{Address, DomainName, Domains, Grant, Role, Staff, StaffId, StaffName, Theme};

/// Whether a staff member holds a right in a domain, as their grants stand.
pub fn holds(staff: &Staff, right: RightName, domain: &DomainName) -> bool {
    staff.grants.iter().any(|grant| allows(grant.role, right) && grant.covers(domain))
}

/// Whether a staff member holds a right over the whole panel, as their grants stand.
pub fn holds_everywhere(staff: &Staff, right: RightName) -> bool {
    staff.grants.iter().any(|grant| allows(grant.role, right) && grant.domains == Domains::All)
}

/// A right that isn't held.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the right {} is not held", right.code())]
pub struct Denied {
    pub right: RightName,
    /// The domain it was asked for; `None` for the whole panel.
    pub domain: Option<DomainName>,
}

/// The only maker of rights.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Asker>);

impl Gate {
    /// A gate for a staff member whose session was just looked up.
    pub fn new(asker: Asker) -> Self {
        Self(asker.into())
    }

    /// A gate for the command line: whoever can read the data directory and its key is an admin. Only `cli` uses it.
    pub fn of_the_command_line() -> Option<Self> {
        Self::of_the_command_line_run_by(None)
    }

    /// The same, run by this user of the operating system, which the audit keeps in place of a network address.
    pub fn of_the_command_line_run_by(user: Option<String>) -> Option<Self> {
        let staff = Staff {
            id: StaffId("command-line".to_owned()),
            name: StaffName::parse(COMMAND_LINE).ok()?,
            display_name: None,
            language: None,
            theme: Theme::System,
            disabled_at: None,
            second_factor: false,
            single_sign_on: false,
            grants: vec![Grant { role: Role::Admin, domains: Domains::All }],
        };
        Some(Self::new(Asker { staff, proof: Proof::CommandLine, client: user, reference: None }))
    }

    /// Who is asking.
    pub fn asker(&self) -> &Asker {
        &self.0
    }

    /// A right over the whole panel.
    ///
    /// # Errors
    /// [`Denied`] when no grant for all domains gives it.
    pub fn can<R: PanelRight>(&self) -> Result<Can<R>, Denied> {
        if holds_everywhere(&self.0.staff, R::NAME) {
            Ok(Can { asker: self.0.clone(), right: PhantomData })
        } else {
            Err(Denied { right: R::NAME, domain: None })
        }
    }

    /// A right in one domain.
    ///
    /// # Errors
    /// [`Denied`] when no grant gives it there.
    pub fn can_in<R: Right>(&self, domain: &DomainName) -> Result<CanIn<R>, Denied> {
        if holds(&self.0.staff, R::NAME, domain) {
            Ok(CanIn { asker: self.0.clone(), domain: domain.clone(), right: PhantomData })
        } else {
            Err(Denied { right: R::NAME, domain: Some(domain.clone()) })
        }
    }

    /// A right wherever it is held.
    ///
    /// # Errors
    /// [`Denied`] when it is held nowhere.
    pub fn can_some<R: Right>(&self) -> Result<CanSome<R>, Denied> {
        if self.0.staff.grants.iter().any(|grant| allows(grant.role, R::NAME)) {
            Ok(CanSome { asker: self.0.clone(), right: PhantomData })
        } else {
            Err(Denied { right: R::NAME, domain: None })
        }
    }
}

/// A right that has no domain.
pub trait PanelRight: Right {}
impl PanelRight for ReadAudit {}
/// Seeing all domains is seeing the project.
impl PanelRight for ViewMail {}
impl PanelRight for ManageStaff {}

/// Right `R` over the whole panel, held now.
#[derive(Clone, Debug)]
pub struct Can<R> {
    asker: Arc<Asker>,
    right: PhantomData<R>,
}

/// Right `R` in one domain, held now.
#[derive(Clone, Debug)]
pub struct CanIn<R> {
    asker: Arc<Asker>,
    domain: DomainName,
    right: PhantomData<R>,
}

/// Right `R` in at least one domain, held now; [`CanSome::covers`] says in which.
#[derive(Clone, Debug)]
pub struct CanSome<R> {
    asker: Arc<Asker>,
    right: PhantomData<R>,
}

impl<R> Can<R> {
    pub fn asker(&self) -> &Asker {
        &self.asker
    }
}

impl<R: Right> CanIn<R> {
    pub fn asker(&self) -> &Asker {
        &self.asker
    }

    /// Who is asking, for what outlives the request.
    pub fn shared_asker(&self) -> Arc<Asker> {
        self.asker.clone()
    }

    /// Checks that the right is for this address's domain. Every service does so before anything else, so that a right
    /// for one domain can't be used in another.
    ///
    /// # Errors
    /// [`Denied`] when the right is for another domain.
    pub fn is_for(&self, address: &Address) -> Result<(), Denied> {
        if *address.domain() == self.domain {
            Ok(())
        } else {
            Err(Denied { right: R::NAME, domain: Some(address.domain().clone()) })
        }
    }

    /// The one domain that the right is for.
    pub const fn domain(&self) -> &DomainName {
        &self.domain
    }
}

impl<R: Right> CanSome<R> {
    pub fn asker(&self) -> &Asker {
        &self.asker
    }

    /// Whether the right is held in this domain.
    pub fn covers(&self, domain: &DomainName) -> bool {
        holds(&self.asker.staff, R::NAME, domain)
    }

    /// Whether the right is held in every domain, also in those that nobody can name.
    pub fn covers_all(&self) -> bool {
        holds_everywhere(&self.asker.staff, R::NAME)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rights::ResetPasswords;
    use super::*;

    fn gate(grants: &[(Role, &str)]) -> Gate {
        let grants = grants.iter().map(|&(role, domain)| Grant {
            role,
            domains: if domain == "*" { Domains::All } else { Domains::One(DomainName::parse(domain).unwrap()) },
        });
        let Gate(asker) = Gate::of_the_command_line().unwrap();
        let asker = Arc::try_unwrap(asker).unwrap();
        Gate::new(Asker { staff: Staff { grants: grants.collect(), ..asker.staff }, ..asker })
    }

    #[test]
    fn an_operator_in_one_domain_is_only_what_they_are_elsewhere() {
        let gate = gate(&[(Role::Operator, "example.se"), (Role::Viewer, "example.com")]);
        let [se, com, org] = ["example.se", "example.com", "example.org"].map(|d| DomainName::parse(d).unwrap());
        assert!(gate.can_in::<ResetPasswords>(&se).is_ok());
        assert!(gate.can_in::<ResetPasswords>(&com).is_err());
        assert!(gate.can_in::<ViewMail>(&com).is_ok());
        assert!(gate.can_in::<ViewMail>(&org).is_err());
        assert!(!gate.can_some::<ViewMail>().unwrap().covers(&org));
        assert!(gate.can::<ReadAudit>().is_err());
    }

    #[test]
    fn an_auditor_sees_all_and_changes_nothing() {
        let gate = gate(&[(Role::Auditor, "*")]);
        let domain = DomainName::parse("example.se").unwrap();
        assert!(gate.can::<ReadAudit>().is_ok() && gate.can_in::<ViewMail>(&domain).is_ok());
        assert!(gate.can_in::<ResetPasswords>(&domain).is_err() && gate.can::<ManageStaff>().is_err());
    }
}
