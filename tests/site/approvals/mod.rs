//! What the company wants two people for: one asks, another approves, and it is done once.

mod batches;
mod ended;
mod giving;
mod told;
mod using;

use nyckel::model::Role;

use crate::stage::{PASSWORD, Page, Panel, Person, Stage};

const ANNA: &str = "/accounts/anna@example.se";
const ASK: &str = "/approvals/new?kind=reset_password&of=anna@example.se";

/// A panel on which Anna's account is protected, which takes two people.
fn stage() -> Stage {
    Stage::usual().with("NYCKEL_PROTECTED_ACCOUNTS", "anna@example.se").with("NYCKEL_SECOND_PERSON", "protected")
}

async fn panel() -> Panel {
    stage().opens().await
}

/// Ada, who asks, and Olle, who may approve.
async fn two(panel: &Panel) -> (Person, Person) {
    (panel.admin("ada").await, panel.signed_in(Role::Admin, "olle").await)
}

/// Asks for a second person for the reset of Anna's password, for this reason; the page of the approval.
async fn asks(person: &Person, way: &str) -> Page {
    let page = person.visits(ASK).await;
    let page = person.fills_in(&page, "Ask a colleague to approve", &[("ticket", "INC-812"), ("hand_over", way)]).await;
    page.must_say(200, &["A colleague can answer until"]);
    page
}

/// Finds what waits and approves it with a password.
async fn gives(person: &Person, approval: &Page) -> Page {
    let page = person.visits(&approval.at).await;
    person.fills_in(&page, "Approve", &[("proof", PASSWORD)]).await
}

/// Both at once: what was asked by link or to be shown is approved.
async fn approved(ada: &Person, olle: &Person) -> Page {
    let asked = asks(ada, "shown").await;
    gives(olle, &asked).await.must_say(200, &["olle approved it on", "ada can do it until"]);
    ada.visits(&asked.at).await
}
