//! What the owner of a passkey is told.

use super::{ALONE, adds, eva_with_passkey, named, uses};
use crate::stage::{Authenticator, Person};

#[tokio::test]
async fn a_passkey_that_comes_or_goes_is_told_in_every_session_until_its_owner_has_read_it() {
    let panel = named().opens().await;
    let (eva, mut key) = eva_with_passkey(&panel).await;
    let told = "The passkey “My key” was added.";
    eva.visits("/").await.must_say(200, &["How you sign in has changed", told, "127.0.0.1"]);
    let elsewhere = eva.in_another_browser();
    let page = elsewhere.visits("/sign-in").await;
    let page = uses(&elsewhere, &page, ALONE, &mut key).await;
    page.must_say(200, &[told]);
    eva.reading("sv").visits("/").await.must_say(200, &["Lösennyckeln ”My key” lades till."]);

    // What came after the page was made is still told.
    adds(&eva, &mut Authenticator::at(&panel), "Second").await;
    let page = elsewhere.presses(&page, "I have read this").await;
    assert_eq!(page.at, "/profile");
    page.must_say(200, &["The passkey “Second” was added."]);
    assert!(!page.text(".told").contains(told) && !eva.visits("/").await.says(told));
    let page = elsewhere.presses(&page, "I have read this").await;
    assert_eq!(page.text("h1"), "Confirm it’s you", "this one came after the sign-in");
    elsewhere.signs_out().await;
    let page = uses(&elsewhere, &elsewhere.visits("/sign-in").await, ALONE, &mut key).await;
    let page = elsewhere.presses(&page, "I have read this").await;
    assert!(!page.says("How you sign in has changed"));
    page.must_say(200, &["Changes of how you sign in, the last 90 days", told, "The passkey “Second” was added."]);
    assert!(!Person::stranger(&panel).visits("/sign-in").await.says("How you sign in"));
}
