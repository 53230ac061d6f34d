//! The turn to change something at GleSYS, and the reset. The ledger alone calls them.

use super::email::noted;
use super::functions::function_of;
use super::spelling::Called;
use super::wire::{AskAccount, ResetAnswer};
use super::{Changes, Error, TURN_WITHIN, Turn, Writer};
use crate::model::{Address, Function, OneTimePassword, OperationKind};

impl Writer {
    /// Waits, a little, for a turn to make a change of this kind to an address. It is asked for before anything is recorded.
    ///
    /// # Errors
    /// [`Error::Away`]: the domain's project does not answer. [`Error::Busy`]: too many changes run in it.
    /// [`Error::NoProject`], [`Error::Contested`], or what a project said that may have the domain: it is not known where
    /// to send the change. Nothing was sent.
    pub async fn turn(&self, kind: OperationKind, address: &Address) -> Result<Turn, Error> {
        let function = function_of(kind);
        let project = self.projects.of(function, address.domain()).await?;
        let Changes { breaker, places, .. } = &self.lines[project];
        if breaker.is_open() {
            return Err(Error::Away { function });
        }
        let place = tokio::time::timeout(TURN_WITHIN, places.clone().acquire_owned()).await;
        match place {
            Ok(Ok(place)) => Ok(Turn { domain: address.domain().clone(), project, _place: place }),
            _ => Err(Error::Busy { function }),
        }
    }

    /// Makes GleSYS generate a new password for an account. One call is one request and, at GleSYS, one more reset:
    /// the caller must have recorded its intent, must not drop the future before it ends, and must not call again on an
    /// error of its own accord.
    ///
    /// # Errors
    /// [`Error::NotSent`], [`Error::Contested`]: nothing happened. [`Error::Refused`]: GleSYS did not do it.
    /// [`Error::Unknown`]: it may have been done, and nobody has the new password.
    pub async fn reset_password(&self, turn: Turn, address: &Address) -> Result<OneTimePassword, Error> {
        let function = function_of(OperationKind::ResetPassword);
        let Changes { line, breaker, .. } = self.line_for(function, &turn, address)?;
        let emailaccount = &self.projects.spellings.text(&Called::Account(address.clone()));
        let arguments = AskAccount { emailaccount };
        let begun_at = breaker.uptime();
        let answer: Result<ResetAnswer, Error> = line.ask(function, &arguments).await;
        let answer = noted(breaker, begun_at, answer);
        drop(turn);
        OneTimePassword::new(answer?.password.0).ok_or(Error::unusable(function))
    }

    /// The line of the project that the turn was given for, if the domain is still known to be there.
    pub(super) fn line_for(
        &self,
        function: &'static Function,
        turn: &Turn,
        address: &Address,
    ) -> Result<&Changes, Error> {
        let project = self.projects.home(function, address.domain()).unwrap_or(Err(Error::NoProject { function }))?;
        if *address.domain() == turn.domain && project == turn.project {
            Ok(&self.lines[project])
        } else {
            Err(Error::NoProject { function })
        }
    }
}
