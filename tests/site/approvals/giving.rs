//! Answering a colleague: who can, with what proof, and what becomes of it.

use nyckel::model::{Act, AuditKind, Fact, Role};

use super::{asks, gives, panel, two};
use crate::stage::{PASSWORD, Panel, Person};

const NOTHING: [(&str, &str); 0] = [];

#[tokio::test]
async fn nobody_approves_what_they_asked_for_themselves() {
    let panel = panel().await;
    let (ada, _) = two(&panel).await;
    let asked = asks(&ada, "shown").await;
    assert!(!asked.says("Approve") && !ada.visits("/").await.has("#for-you"));
    let again = ada.in_another_browser();
    again.signs_in().await;
    again.has_proved(Act::Approve).await;
    let answer = again.posts(&format!("{}/give", asked.at), &[("proof", PASSWORD)]).await;
    answer.must_say(403, &["Not approved: it is your own"]);
    assert!(panel.audit(AuditKind::ApprovalGiven).await.is_empty());
}

#[tokio::test]
async fn an_approval_takes_a_fresh_proof_and_counts_once_however_often_it_is_pressed() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    let asked = asks(&ada, "shown").await;
    let page = olle.visits(&asked.at).await;
    // That somebody signed in a moment ago is no proof for this.
    olle.presses(&page, "Approve").await.must_say(422, &["Show that it is you"]);
    let wrong = olle.fills_in(&page, "Approve", &[("proof", "not this one at all")]).await;
    assert_eq!(wrong.status, 422, "{wrong:#?}");
    assert!(panel.audit(AuditKind::ApprovalGiven).await.is_empty());
    for _ in 0..2 {
        let page = olle.fills_in(&page, "Approve", &[("proof", PASSWORD)]).await;
        page.must_say(200, &["olle approved it on"]);
    }
    panel.one(AuditKind::ApprovalGiven).await;
}

#[tokio::test]
async fn only_who_may_do_it_themselves_sees_and_answers_it() {
    let panel = panel().await;
    let (ada, _) = two(&panel).await;
    let asked = asks(&ada, "shown").await;
    let (eva, vera) = (panel.operator("eva").await, panel.viewer("vera").await);
    let maja = Person::hired(&panel, "maja", &[(Role::Manager, "example.se")]).await;
    maja.signs_in().await;
    for person in [&eva, &vera, &maja] {
        assert!(!person.visits("/").await.has("#for-you"), "{}", person.name);
        person.visits(&asked.at).await.must_say(404, &["No such approval"]);
        for what in ["give", "refuse", "withdraw"] {
            person.has_proved(Act::Approve).await;
            assert_eq!(person.posts(&format!("{}/{what}", asked.at), &NOTHING).await.status, 404, "{what}");
        }
    }
    let gerd = panel.signed_in(Role::Auditor, "gerd").await;
    let page = gerd.visits(&asked.at).await;
    page.must_say(200, &["Requested by ada on", "INC-812"]);
    assert!(page.texts("main button").is_empty(), "an auditor looks: {page:#?}");
    gerd.has_proved(Act::Approve).await;
    assert_eq!(gerd.posts(&format!("{}/give", asked.at), &NOTHING).await.status, 403);
}

#[tokio::test]
async fn a_colleague_refuses_with_a_word_or_takes_back_what_they_gave() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    let asked = asks(&ada, "shown").await;
    let page = olle.visits(&asked.at).await;
    let page = olle.fills_in(&page, "Refuse", &[("word", "Ring <b>first</b>")]).await;
    page.must_say(200, &["olle refused it on"]);
    let page = ada.visits(&asked.at).await;
    page.must_say(200, &["olle refused it on", "“Ring <b>first</b>”"]);
    assert_eq!(panel.one(AuditKind::ApprovalRefused).await.facts.text(Fact::Word), Some("Ring <b>first</b>"));
    ada.clicks(&page, "Ask again").await.must_say(200, &["Reset the password"]);
    let late = olle.posts(&format!("{}/give", asked.at), &NOTHING).await;
    late.must_say(409, &["Not approved: it is over"]);

    let asked = asks(&ada, "shown").await;
    let page = gives(&olle, &asked).await;
    let page = olle.presses(&page, "Take the approval back").await;
    page.must_say(200, &["olle refused it on"]);
    ada.visits("/accounts/anna@example.se/reset").await.must_say(403, &["This takes two people"]);
}

#[tokio::test]
async fn whoever_lets_a_colleague_in_has_no_second_person_in_them() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    lets_in(&panel, &ada, &olle).await;
    let asked = asks(&ada, "shown").await;
    olle.has_proved(Act::Approve).await;
    assert!(!olle.visits("/").await.has("#for-you"));
    let answer = olle.posts(&format!("{}/give", asked.at), &NOTHING).await;
    answer.must_say(403, &["Not approved: it is your own", "whom they let in"]);
    // Nor the other way round: Olle is none for Ada, nor Ada for Olle.
    let other = asks(&olle, "shown").await;
    ada.has_proved(Act::Approve).await;
    assert_eq!(ada.posts(&format!("{}/give", other.at), &NOTHING).await.status, 403);
    let berit = panel.signed_in(Role::Admin, "berit").await;
    gives(&berit, &asked).await.must_say(200, &["berit approved it on"]);
}

/// One lets another in anew, who signs in with it.
async fn lets_in(panel: &Panel, by: &Person, whom: &Person) {
    let id = panel.database.texts(&format!("SELECT id FROM staff WHERE name = '{}'", whom.name)).await.remove(0);
    by.has_proved(Act::ChangeStaff).await;
    let page = by.posts(&format!("/staff/{id}/invite"), &NOTHING).await;
    assert_eq!(page.status, 201, "{page:#?}");
    whom.signs_in().await;
}

#[tokio::test]
async fn nor_in_anyone_who_came_in_through_that_colleague() {
    let panel = panel().await;
    let (ada, olle) = two(&panel).await;
    let (berit, cia) = (panel.signed_in(Role::Admin, "berit").await, panel.signed_in(Role::Admin, "cia").await);
    lets_in(&panel, &ada, &olle).await;
    lets_in(&panel, &olle, &berit).await;
    let asked = asks(&ada, "shown").await;
    assert!(!berit.visits("/").await.has("#for-you"));
    berit.has_proved(Act::Approve).await;
    let answer = berit.posts(&format!("{}/give", asked.at), &NOTHING).await;
    answer.must_say(403, &["Not approved: it is your own", "themselves or through others"]);
    gives(&cia, &asked).await.must_say(200, &["cia approved it on"]);
    // What counts is how it is when it is used.
    lets_in(&panel, &berit, &cia).await;
    ada.visits("/accounts/anna@example.se/reset").await.must_say(403, &["This takes two people"]);
    // It is over once there was time to notice.
    panel.clock.turn(7 * 24 * 3600 + 1);
    for person in [&ada, &berit] {
        person.signs_in().await;
    }
    let asked = asks(&ada, "shown").await;
    gives(&berit, &asked).await.must_say(200, &["berit approved it on"]);
}
