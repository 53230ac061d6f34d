//! An answer of many rows, read row by row while it comes; used by [`super::email`].

use reqwest::Response;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::Error;
use super::line::{Line, broken, has_word, made_of, read, whole};
use super::rows::{Cut, Rows};
use crate::model::{Function, WhyUnknown};

/// How many bytes an answer of rows may have in all, and how many rows: some ten times the largest domain that is known
/// of. Never more than a row of it and what is kept of the others is held.
const LONGEST_LIST: usize = 256 * 1024 * 1024;
const MOST_ROWS: usize = 200_000;

impl Line {
    /// Calls a function that answers with rows, of which `read_row` makes what is kept. Comes with what the answer holds
    /// besides.
    pub(super) async fn ask_rows<P: DeserializeOwned, R>(
        &self,
        function: &'static Function,
        arguments: &impl Serialize,
        read_row: impl Fn(Cut<'_>) -> R,
    ) -> Result<(P, Vec<R>), Error> {
        let key = self.key();
        let call = self.send(function, arguments, &key);
        self.noted(function, call, async |response, status| {
            let mut kept = Vec::new();
            let body = match status {
                200 => read_rows(response, self.habits.cap, |cut| kept.push(read_row(cut))).await,
                status if has_word(status) => read(response, self.habits.cap).await,
                _ => Err(WhyUnknown::Unusable),
            };
            Ok((made_of(function, status, whole(&body), key.expose_secret())?, kept))
        })
        .await
    }
}

/// Reads a body and cuts its rows out while it comes. What is left of it has the cap of any body.
async fn read_rows(
    mut response: Response,
    cap: usize,
    mut keep: impl FnMut(Cut<'_>),
) -> Result<Zeroizing<Vec<u8>>, WhyUnknown> {
    let (mut rows, mut length, mut given) = (Rows::new(), 0, 0);
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        length += chunk.len();
        rows.take(&chunk, |cut| {
            given += 1;
            keep(cut);
        });
        if length > LONGEST_LIST || given > MOST_ROWS || rows.left().len() > cap {
            return Err(WhyUnknown::TooLarge);
        }
    }
    Ok(rows.into_left())
}
