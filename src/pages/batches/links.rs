//! Links and codes of a batch: the files in which they are given out, once, and taking them back.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;

use super::show::may_act;
use crate::model::{Holder, LinkEnd, Operation};
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::Guard;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::batches::{BatchView, Files, Given};
use crate::services::csv::Csv;
use crate::services::zip::zip;

pub fn routes() -> Router<App> {
    Router::new().route("/batches/{batch}/links", post(give)).route("/batches/{batch}/revoke", post(revoke))
}

/// What a batch's page says of its links and codes.
#[derive(Default)]
pub(super) struct Links {
    /// Of how many accounts they wait for this session, and until when all of them do.
    pub ready: usize,
    pub until: String,
    /// That they wait for another session; else empty.
    pub elsewhere: String,
    /// Of how many accounts they were given out, and when last.
    pub given: usize,
    pub given_at: String,
    /// How many links wait for their owners.
    pub waiting: usize,
    /// Of how many accounts nobody has the password.
    pub out_of_reach: usize,
}

impl Links {
    pub fn of(layout: &Layout, view: &BatchView, holder: Option<&Holder>) -> Self {
        let (say, times) = (layout.say, &layout.times);
        let made = || view.by_link.values();
        let wait = |operation: &&Operation| operation.is_ready_for(Some(&operation.holder), times.now);
        let (own, others): (Vec<_>, Vec<_>) = made().filter(wait).partition(|made| Some(&made.holder) == holder);
        let first = |operations: &[&Operation]| operations.iter().filter_map(|made| made.sealed_until).min();
        let elsewhere = others.first().zip(first(&others));
        let given: Vec<_> = made().filter_map(|made| made.shown_at).collect();
        let waits = |made: &&Operation| made.shown_at.is_some() && made.link_ended_by(times.now).is_none();
        Self {
            ready: own.len(),
            until: first(&own).map(|until| times.clock(&until)).unwrap_or_default(),
            elsewhere: elsewhere
                .map(|(made, until)| say.links_elsewhere(&made.told_as, &times.clock(&until)))
                .unwrap_or_default(),
            given: given.len(),
            given_at: given.into_iter().max().map(|at| times.full(&at)).unwrap_or_default(),
            waiting: made().filter(|made| made.link.is_some()).filter(waits).count(),
            out_of_reach: view.items.iter().filter(|item| item.is_out_of_reach()).count(),
        }
    }
}

/// How the link of an account stands, in few words, with its tone.
pub(super) fn mark_of(layout: &Layout, made: &Operation) -> (&'static str, &'static str) {
    let (say, end) = (layout.say, made.link_ended_by(layout.times.now));
    match end {
        None if made.shown_at.is_none() => (say.mark_both_ready(), ""),
        None => (say.link_mark(end), ""),
        Some(LinkEnd::Read) => (say.link_mark(end), "good"),
        Some(_) => (say.link_mark(end), "warn"),
    }
}

/// Gives the files: recorded, then sent. They are never made again.
async fn give(
    State(app): State<App>,
    guard: Guard,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let (can, view) = may_act(&app, &guard, &id).await?;
    let batch = &view.batch;
    let csv = Csv::named(field(&fields, "format"), guard.layout.say.0).unwrap_or(Csv::Plain);
    let files = Files { csv, apart: field(&fields, "files") == "two" };
    let given = app.batches.give(&can, &batch.id, files).await?;
    if given.is_empty() {
        return Ok(Redirect::to(&app.links.batch_nothing_given(&batch.id)).into_response());
    }
    let day = app.clock.now().to_zoned(app.zone.clone()).strftime("%Y-%m-%d").to_string();
    let named = |what: &str, ending: &str| format!("{}-{what}-{day}.{ending}", batch.domain);
    let links = |given: &Given| app.links.told_hand_over(given.both.link());
    let codes = |given: &Given| code(csv, given.both.code());
    if !files.apart {
        let rows = given.iter().map(|one| csv.line(&[one.address.as_str(), &links(one), &codes(one)]));
        let text: String = [csv.begin(&["address", "link", "code"])].into_iter().chain(rows).collect();
        return Ok(file(
            &named("links-and-codes", "csv"),
            "text/csv; charset=utf-8; header=present",
            text.into_bytes(),
        ));
    }
    let part = |what: &str, of: &dyn Fn(&Given) -> String| {
        let rows = given.iter().map(|one| csv.line(&[one.address.as_str(), &of(one)]));
        [csv.begin(&["address", what])].into_iter().chain(rows).collect::<String>()
    };
    let parts = [(named("links", "csv"), part("link", &links)), (named("codes", "csv"), part("code", &codes))];
    let bytes = zip(&parts).ok_or(Failure::Stopping)?;
    Ok(file(&named("links-and-codes", "zip"), "application/zip", bytes))
}

fn file(name: &str, content: &'static str, bytes: Vec<u8>) -> Response {
    let name = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, content.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response()
}

/// The code as a cell. What consists of digits alone, a spreadsheet takes for a number, and drops the zeros that it begins with.
fn code(csv: Csv, digits: &str) -> String {
    match (csv, digits.split_at_checked(digits.len() / 2)) {
        (Csv::Excel(_), Some((one, other))) => format!("{one}–{other}"),
        _ => digits.to_owned(),
    }
}

/// Takes all links back.
async fn revoke(State(app): State<App>, guard: Guard, Path(id): Path<String>) -> Result<Redirect, Problem> {
    let (can, view) = may_act(&app, &guard, &id).await?;
    app.batches.revoke(&can, &view.batch.id).await?;
    Ok(Redirect::to(&app.links.batch(&view.batch.id)))
}
