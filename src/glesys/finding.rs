//! What stands at an address, however GleSYS spells it; used by the calls.

use super::email::Listed;
use super::functions::LIST;
use super::projects::Projects;
use super::spelling::Called;
use super::{Error, Questions, Reader, TURN_WITHIN, Writer};
use crate::model::{Address, DomainName, Function, Mailbox, OperationKind, WhyRefused};

impl Reader {
    /// Every account and alias of a domain, read row by row, however many there are.
    ///
    /// # Errors
    /// [`Error`] as for every call.
    pub async fn list(&self, domain: &DomainName) -> Result<Listed, Error> {
        self.0.list(domain).await
    }

    /// The account and the alias of exactly this address; both may be there. Nothing also when GleSYS does not know its
    /// domain, in any project.
    ///
    /// # Errors
    /// [`Error`] as for every call.
    pub async fn find(&self, address: &Address) -> Result<Vec<Mailbox>, Error> {
        self.0.find(address).await
    }
}

impl Projects {
    async fn list(&self, domain: &DomainName) -> Result<Listed, Error> {
        let (listed, spelt) = self.line_of(LIST, domain).await?.listed(domain, None).await?;
        self.spellings.of_domain(domain, spelt);
        Ok(listed)
    }

    async fn find(&self, address: &Address) -> Result<Vec<Mailbox>, Error> {
        let called = [Called::Account(address.clone()), Called::Alias(address.clone())];
        let [account, alias] = called.map(|called| self.spellings.text(&called));
        let Some(mut found) = self.called(address, &account).await? else { return Ok(Vec::new()) };
        if alias != account {
            let others = self.called(address, &alias).await?.unwrap_or_default();
            found.extend(others.into_iter().filter(|other| !found.contains(other)).collect::<Vec<_>>());
            found.sort_by_key(|mailbox| matches!(mailbox, Mailbox::Alias(_)));
        }
        if found.is_empty() && !self.spellings.are_known_in(address.domain()) {
            // It may be spelt otherwise, and be found by that alone. A list that can't be had leaves it at that.
            let listed = self.list(address.domain()).await.map(|listed| listed.mailboxes).unwrap_or_default();
            found.extend(listed.into_iter().filter(|mailbox| mailbox.address() == address));
        }
        Ok(found)
    }

    /// What is called by this text at an address. `None`: its domain is in no project.
    async fn called(&self, address: &Address, text: &str) -> Result<Option<Vec<Mailbox>>, Error> {
        let found = async { self.line_of(LIST, address.domain()).await?.listed(address.domain(), Some(text)).await };
        match found.await {
            Ok((found, spelt)) => {
                self.spellings.of_some(spelt);
                Ok(Some(found.mailboxes.into_iter().filter(|mailbox| mailbox.address() == address).collect()))
            }
            Err(Error::Refused { why: WhyRefused::UnknownAddress, .. } | Error::NoProject { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The line of a domain's project.
    pub(super) async fn line_of(&self, function: &'static Function, domain: &DomainName) -> Result<&Questions, Error> {
        Ok(&self.lines[self.of(function, domain).await?])
    }
}

impl Writer {
    /// Asks, for a little while, how GleSYS spells an address, where nothing was read of its domain yet. If GleSYS does not
    /// say, a change names the address as it is.
    pub async fn learn_spelling(&self, kind: OperationKind, address: &Address) {
        let is_new = matches!(kind, OperationKind::CreateAccount | OperationKind::CreateAlias);
        if !is_new && !self.projects.spellings.are_known_in(address.domain()) {
            let found = tokio::time::timeout(TURN_WITHIN, self.projects.find(address)).await;
            tracing::debug!(is_told = matches!(found, Ok(Ok(_))), "asked how GleSYS spells an address");
        }
    }
}
