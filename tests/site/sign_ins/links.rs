//! Sign-in links stand for a password, never for a second factor.

use nyckel::access::Gate;
use nyckel::model::{AuditKind, Role, StaffName};

use super::second_factor::{answers, sets_up};
use crate::stage::{Panel, Person, Stage, panel};

/// A link that the command line makes for an admin.
pub async fn link_for(panel: &Panel, name: &str) -> String {
    let can = Gate::of_the_command_line().unwrap().can().unwrap();
    let staff = &panel.built.app.staff;
    let id = staff.named(&can, &StaffName::parse(name).unwrap()).await.unwrap();
    format!("/sign-in/link/{}", staff.make_sign_in_link(&can, &id).await.unwrap())
}

#[tokio::test]
async fn a_sign_in_link_stands_for_the_password_and_never_for_the_second_factor() {
    let (stage, _provider) = Stage::usual().with_provider().await;
    let panel = stage.opens().await;
    let eva = panel.admin("eva").await;
    let telephone = sets_up(&panel, &eva).await;
    // Passwords are switched off since then.
    let panel = Box::pin(panel.replica_that(|replica| replica.config.local_sign_in = false)).await;
    let eva = eva.at(&panel);
    let link = link_for(&panel, "eva").await;
    let elsewhere = eva.in_another_browser();
    let page = elsewhere.visits(&link).await;
    let half = elsewhere.presses(&page, "Sign in as eva").await;
    assert!(elsewhere.cookie().is_none(), "half a sign-in is none");
    answers(&elsewhere, &half, "000000").await.must_say(422, &["That code didn’t work", "Open the link again"]);
    answers(&elsewhere, &half, &telephone.shows(&panel)).await.must_say(422, &[]);
    assert!(elsewhere.cookie().is_none(), "half a sign-in is good for one code");

    panel.clock.turn(30);
    let (first, second) = (elsewhere.visits(&link).await, elsewhere.visits(&link).await);
    let first = elsewhere.presses(&first, "Sign in as eva").await;
    let second = elsewhere.presses(&second, "Sign in as eva").await;
    let page = answers(&elsewhere, &first, &telephone.shows(&panel)).await;
    assert_eq!(page.text(".bar-name"), "eva");
    let signed_in = panel.audit(AuditKind::SignedIn).await.pop().unwrap();
    assert_eq!(signed_in.facts.kept().as_deref(), Some(r#"{"means":["sign_in_link","code"]}"#));
    let late = eva.in_another_browser();
    answers(&late, &second, &telephone.recovery[0]).await.must_say(422, &[]);
    assert!(late.cookie().is_none(), "and the link lets in once");
    late.visits(&link).await.must_say(404, &["This link can’t be used"]);

    let link = link_for(&panel, "eva").await;
    let page = late.visits(&link).await;
    let half = late.presses(&page, "Sign in as eva").await;
    assert_eq!(answers(&late, &half, &telephone.recovery[1]).await.text(".bar-name"), "eva");
}

#[tokio::test]
async fn whoever_has_no_second_factor_but_must_have_one_sets_it_up_behind_a_link() {
    let panel = Stage::usual().with("NYCKEL_REQUIRE_SECOND_FACTOR", "admins").opens().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Admin, "*")]).await;
    let link = link_for(&panel, "eva").await;
    let page = eva.visits(&link).await;
    let page = eva.presses(&page, "Sign in as eva").await;
    assert!(page.at.starts_with("/sign-in/again?for=set-up-app"), "{}", page.at);
    assert!(eva.visits("/staff").await.at.starts_with("/sign-in/again?for=set-up-app"));
}

#[tokio::test]
async fn a_lost_second_factor_is_taken_away_before_a_link_lets_in() {
    let panel = panel().await;
    let eva = panel.admin("eva").await;
    sets_up(&panel, &eva).await;
    let (link, elsewhere) = (link_for(&panel, "eva").await, eva.in_another_browser());
    let page = elsewhere.visits(&link).await;
    let half = elsewhere.presses(&page, "Sign in as eva").await;
    assert_eq!(half.text("h1"), "Enter your code");
    let can = Gate::of_the_command_line().unwrap().can().unwrap();
    let staff = &panel.built.app.staff;
    let id = staff.named(&can, &StaffName::parse("eva").unwrap()).await.unwrap();
    staff.reset_second_factor(&can, &id).await.unwrap();
    let page = elsewhere.visits(&link).await;
    assert_eq!(elsewhere.presses(&page, "Sign in as eva").await.text(".bar-name"), "eva");
}
