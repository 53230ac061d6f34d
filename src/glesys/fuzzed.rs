//! What the client makes of an answer, for `tests/fuzz`, which comes with a status and bytes instead of a connection. The
//! program itself calls none of it, and holds none of it once it is linked.

use super::functions::{LIST, QUOTA, function_of};
use super::line::made_of;
use super::rows::Rows;
use super::wire::{ListAnswer, QuotaAnswer, ResetAnswer};
use super::{Error, translate};
use crate::model::{DomainName, Mailbox, OneTimePassword, OperationKind, Usage};

/// As `Writer::reset_password`.
pub fn reset(status: u16, body: &[u8]) -> Result<OneTimePassword, Error> {
    let answer: ResetAnswer = made_of(function_of(OperationKind::ResetPassword), status, Ok(body), "")?;
    OneTimePassword::new(answer.password.0).ok_or(Error::unusable(function_of(OperationKind::ResetPassword)))
}

/// As `Reader::list`.
pub fn list(domain: &DomainName, status: u16, body: &[u8]) -> Result<Vec<Mailbox>, Error> {
    let (mut rows, mut kept) = (Rows::new(), Vec::new());
    // Any length will do that the answer's rows are longer than.
    for piece in body.chunks(7).filter(|_| status == 200) {
        rows.take(piece, |cut| kept.push(translate::row(domain, &cut)));
    }
    let body = if status == 200 { rows.left() } else { body };
    let answer: ListAnswer = made_of(LIST, status, Ok(body), "")?;
    Ok(translate::listed(LIST, answer, kept).0.mailboxes)
}

/// As `Reader::usage`.
pub fn usage(status: u16, body: &[u8]) -> Result<Option<Usage>, Error> {
    let answer: QuotaAnswer = made_of(QUOTA, status, Ok(body), "")?;
    Ok(translate::usage(&answer.quota))
}
