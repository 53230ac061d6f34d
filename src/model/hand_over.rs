//! How the new password that GleSYS makes is handed over, and how the company lets it be.

use jiff::SignedDuration;

use super::address_pattern::AddressPattern;
use super::coded::coded;
use super::{Address, DomainName, LinkByMail, OperationKind};

coded! {
    /// Who gets the new password.
    pub enum HandOver {
        /// The session that asked for it, once.
        Shown = "shown",
        /// The owner, who opens a link with a code that staff pass on. Staff never see it.
        Link = "link",
        /// Nobody: it is dropped unread, and the account is locked until its next reset.
        Nobody = "nobody",
    }
}

impl HandOver {
    /// The operation that resets a password and hands it over like this.
    pub const fn kind(self) -> OperationKind {
        match self {
            Self::Shown | Self::Link => OperationKind::ResetPassword,
            Self::Nobody => OperationKind::LockOut,
        }
    }
}

/// How the company lets new passwords be handed over.
#[derive(Clone, Debug)]
pub struct HandOverPolicy {
    /// What people choose from, the usual way first. `Nobody` is none of them: it is an action of its own.
    pub offered: Vec<HandOver>,
    /// Accounts whose password staff are never shown.
    pub never_shown: Vec<AddressPattern>,
    /// How long an owner's link can be used.
    pub link_lasts: SignedDuration,
    /// Whether links may go by mail.
    pub by_mail: LinkByMail,
}

impl HandOverPolicy {
    /// The ways that are offered for an address, the usual one first.
    pub fn ways(&self, address: &Address) -> Vec<HandOver> {
        self.unless(self.never_shown.iter().any(|pattern| pattern.fits(address)))
    }

    /// The ways that are offered for an address of a domain that nobody knows yet.
    pub fn ways_in(&self, domain: &DomainName) -> Vec<HandOver> {
        self.unless(self.never_shown.iter().any(|pattern| pattern.fits_all_of(domain)))
    }

    fn unless(&self, never_shown: bool) -> Vec<HandOver> {
        self.offered.iter().copied().filter(|way| *way != HandOver::Shown || !never_shown).collect()
    }

    /// Whether an operation of this kind may hand the password of this address over like that.
    pub fn allows(&self, kind: OperationKind, way: HandOver, address: &Address) -> bool {
        match way {
            HandOver::Nobody => kind == OperationKind::LockOut,
            HandOver::Shown | HandOver::Link => self.ways(address).contains(&way),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_is_never_shown_goes_by_link_or_to_nobody() {
        let policy = HandOverPolicy {
            offered: vec![HandOver::Shown, HandOver::Link],
            never_shown: vec![AddressPattern::parse("*@board.example.se").unwrap()],
            link_lasts: SignedDuration::from_hours(1),
            by_mail: LinkByMail::Off,
        };
        let [anna, vd] = ["anna@example.se", "vd@board.example.se"].map(|address| Address::parse(address).unwrap());
        assert_eq!(policy.ways(&anna), [HandOver::Shown, HandOver::Link]);
        assert_eq!(policy.ways(&vd), [HandOver::Link]);
        let [usual, board] = ["example.se", "board.example.se"].map(|domain| DomainName::parse(domain).unwrap());
        assert_eq!(policy.ways_in(&usual), [HandOver::Shown, HandOver::Link]);
        assert_eq!(policy.ways_in(&board), [HandOver::Link]);
        assert!(!policy.allows(OperationKind::ResetPassword, HandOver::Shown, &vd));
        assert!(!policy.allows(OperationKind::CreateAccount, HandOver::Nobody, &anna));
        assert!(policy.allows(OperationKind::LockOut, HandOver::Nobody, &vd));
    }
}
