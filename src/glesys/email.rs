//! The vendor's `email` module: what reads, but for the overview.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::functions::{LIST, QUOTA};
use super::rows::Cut;
use super::spelling::Called;
use super::wire::{AskAccount, AskList, ListAnswer, QuotaAnswer};
use super::{Breaker, Error, Questions, Reader, translate};
use crate::model::{Address, DomainName, Function, LeftOut, Mailbox, Usage, WhyUnknown};

/// What GleSYS lists of a domain.
#[derive(Debug)]
pub struct Listed {
    /// Accounts first.
    pub mailboxes: Vec<Mailbox>,
    /// The rows that can't be handled.
    pub left_out: Vec<LeftOut>,
}

impl Reader {
    /// How full an account is; `None` where GleSYS does not say. It tells it one account a call.
    ///
    /// # Errors
    /// [`Error`] as for every call.
    pub async fn usage(&self, address: &Address) -> Result<Option<Usage>, Error> {
        let line = self.0.line_of(QUOTA, address.domain()).await?;
        let emailaccount = &self.0.spellings.text(&Called::Account(address.clone()));
        let answer: QuotaAnswer = line.ask(QUOTA, &AskAccount { emailaccount }).await?;
        Ok(translate::usage(&answer.quota))
    }
}

impl Questions {
    /// Comes with what is called by another text than its address.
    pub(super) async fn listed(
        &self,
        domain: &DomainName,
        filter: Option<&str>,
    ) -> Result<(Listed, Vec<(Called, String)>), Error> {
        let arguments = AskList { domainname: domain.as_str(), filter };
        let read_row = |cut: Cut<'_>| translate::row(domain, &cut);
        let (answer, rows) =
            self.asked(LIST, || self.line.ask_rows::<ListAnswer, _>(LIST, &arguments, read_row)).await?;
        Ok(translate::listed(LIST, answer, rows))
    }

    /// Asks once, and once more if no connection came about the first time.
    pub(super) async fn ask<P: DeserializeOwned>(
        &self,
        function: &'static Function,
        arguments: &impl Serialize,
    ) -> Result<P, Error> {
        self.asked(function, || self.line.ask(function, arguments)).await
    }

    async fn asked<T, F: Future<Output = Result<T, Error>>>(
        &self,
        function: &'static Function,
        call: impl Fn() -> F,
    ) -> Result<T, Error> {
        if !self.breaker.lets_ask() {
            return Err(Error::Away { function });
        }
        let begun_at = self.breaker.uptime();
        let asked = async {
            // The semaphore is never closed; were it, asking without a place would be right.
            let _place = self.places.acquire().await;
            match call().await {
                Err(Error::NotSent { .. }) => call().await,
                answer => answer,
            }
        };
        noted(&self.breaker, begun_at, within(self.total, function, asked).await)
    }
}

/// Gives up a question that takes longer.
pub(super) async fn within<T>(
    total: Duration,
    function: &'static Function,
    question: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let late = Error::Unknown { function, http: None, code: None, why: WhyUnknown::Timeout };
    tokio::time::timeout(total, question).await.unwrap_or(Err(late))
}

/// Tells the breaker how a call went that began then.
pub(super) fn noted<T>(breaker: &Breaker, begun_at: Duration, answer: Result<T, Error>) -> Result<T, Error> {
    match &answer {
        Ok(_) | Err(Error::Refused { .. }) => breaker.answered(),
        Err(Error::NotSent { .. } | Error::Unknown { .. }) => breaker.failed(begun_at),
        // Not called.
        Err(_) => {}
    }
    answer
}
