//! Passkeys: adding them, signing in with them, proving anew who one is.

mod own;
mod refused;
mod signing_in;
mod told;

use nyckel::model::Act;
use serde_json::Value;

use crate::stage::{Authenticator, Page, Panel, Person, Stage};

pub(crate) const ALONE: &str = "Sign in with a passkey";
const USE: &str = "Use a passkey";
const ADD: &str = "Add a passkey";
const NO: &str = "That did not work. Try again, or sign in in another way.";

/// A panel with a name, so that there are passkeys.
pub(crate) fn named() -> Stage {
    Stage::usual().with("NYCKEL_PUBLIC_URL", "http://localhost:8080")
}

/// What the page's script is told when it asks for a challenge.
async fn asks(person: &Person, page: &Page, button: &str) -> Value {
    let form = page.form(button);
    let answer = person.sends(person.posting(&format!("{}/options", form.action), &form.fields)).await;
    assert_eq!(answer.status, 200, "{answer:#?}");
    assert_eq!(answer.header("content-type"), "application/json");
    serde_json::from_str(&answer.body).unwrap()
}

/// What the page's script sends when the browser has answered.
async fn sends(person: &Person, page: &Page, button: &str, asked: &Value, answer: &str) -> Page {
    let fields = [("ceremony", asked["token"].as_str().unwrap()), ("answer", answer)];
    person.fills_in(page, button, &fields).await
}

/// Presses the button and gives the authenticator the PIN.
pub(crate) async fn uses(person: &Person, page: &Page, button: &str, key: &mut Authenticator) -> Page {
    let asked = asks(person, page, button).await;
    let answer = key.signs(&asked["publicKey"]).unwrap();
    sends(person, page, button, &asked, &answer).await
}

/// Adds a passkey under that label, as somebody who is signed in.
async fn adds(person: &Person, key: &mut Authenticator, label: &str) -> Page {
    person.has_proved(Act::AddPasskey).await;
    let page = person.visits("/profile").await;
    let page = person.clicks(&page, "Add a passkey…").await;
    let asked = asks(person, &page, ADD).await;
    let answer = key.makes(&asked["publicKey"]).unwrap();
    let fields = [("label", label), ("ceremony", asked["token"].as_str().unwrap()), ("answer", &answer)];
    person.fills_in(&page, ADD, &fields).await
}

/// Eva, an operator who is signed in, and her authenticator with a passkey.
pub(crate) async fn eva_with_passkey(panel: &Panel) -> (Person, Authenticator) {
    let eva = panel.operator("eva").await;
    let mut key = Authenticator::at(panel);
    adds(&eva, &mut key, "My key").await.must_say(201, &["Your recovery codes"]);
    (eva, key)
}
