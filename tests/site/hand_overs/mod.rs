//! The hand-over by link and code: staff pass both on, and the owner of the mailbox reads its new password.

mod astray;
mod door;
mod ended;
mod mailed;
mod policy;
mod reading;
mod staff;
mod tries;

use nyckel::model::AuditKind;

use crate::stage::{Page, Panel, Person, panel};

const ANNA: &str = "anna@example.se";

/// What staff pass on, and where they see what becomes of it.
#[derive(Clone)]
struct Passed {
    /// The link's path.
    link: String,
    code: String,
    /// The path of the operation.
    result: String,
}

/// Resets a password by link: what the page tells to pass on, as somebody copies it.
async fn passes_on(person: &Person, panel: &Panel, address: &str) -> Passed {
    let asks = person.visits(&format!("/accounts/{address}/reset")).await;
    let page = person.fills_in(&asks, "Reset password", &[("hand_over", "link")]).await;
    assert_eq!(page.password(), None, "{page:#?}");
    passed(panel, &page)
}

fn passed(panel: &Panel, page: &Page) -> Passed {
    let link = page.text("#link");
    let base = panel.config.owners_url().as_str().trim_end_matches('/');
    let path = link.strip_prefix(base).unwrap_or_else(|| panic!("{link}")).to_owned();
    Passed { link: path, code: page.text("#code"), result: page.at.clone() }
}

/// Somebody with a browser that has never been here.
fn owner(panel: &Panel) -> Person {
    Person::stranger(panel).called("the owner")
}

/// Opens the link and types a code.
async fn types(owner: &Person, passed: &Passed, code: &str) -> Page {
    let page = owner.visits(&passed.link).await;
    owner.fills_in(&page, "Show the password", &[("code", code)]).await
}

/// Another code than the right one.
fn wrong(passed: &Passed, number: u32) -> String {
    let right: u32 = passed.code.parse().unwrap();
    format!("{:08}", (right + 1 + number) % 100_000_000)
}

/// A page but for its reference, which no two have in common.
fn same(page: &Page) -> (u16, String) {
    (page.status, page.body.replace(page.header("x-request-id"), "…"))
}

/// How many links hold something that could be opened.
async fn closed(panel: &Panel) -> usize {
    panel.database.texts("SELECT operation_id FROM owner_link WHERE sealed IS NOT NULL OR salt IS NOT NULL").await.len()
}

/// An operator, and what they pass on of a reset by link.
async fn at_work() -> (Panel, Person, Passed) {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let passed = passes_on(&eva, &panel, ANNA).await;
    (panel, eva, passed)
}

async fn count(panel: &Panel, kind: AuditKind) -> usize {
    panel.audit(kind).await.len()
}

/// Link and code, as the result page shows them once.
struct Both {
    /// The path below the panel's address.
    path: String,
    code: String,
}

/// What a page shows of link and code, if it does.
fn both(page: &Page) -> Option<Both> {
    let link = page.texts("code#link").pop()?;
    let path = link.find("/hand-over/").map(|at| link[at..].to_owned())?;
    Some(Both { path, code: page.texts("code#code").pop()? })
}

/// Resets anna's password by link and gives the page with link and code.
async fn resets_by_link(person: &Person) -> Page {
    let page = person.visits("/accounts/anna@example.se/reset").await;
    person.fills_in(&page, "Reset password", &[("hand_over", "link")]).await
}

/// The confirmation page of a reset of anna's password by link, as it would be posted.
async fn fields_by_link(person: &Person) -> Vec<(String, String)> {
    let page = person.visits("/accounts/anna@example.se/reset").await;
    let mut fields = page.form("Reset password").fields;
    fields.retain(|(name, _)| name != "hand_over");
    fields.push(("hand_over".to_owned(), "link".to_owned()));
    fields
}

/// Confirms a reset by link without looking at what comes of it; the path of its result.
async fn confirms_by_link(person: &Person) -> String {
    let fields = fields_by_link(person).await;
    let answer = person.sends(person.posting("/accounts/anna@example.se/reset", &fields)).await;
    assert_eq!(answer.status, 303, "{answer:#?}");
    answer.header("location").to_owned()
}
