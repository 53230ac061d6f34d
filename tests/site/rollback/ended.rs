//! Each thing that ended after the copy was made: it lets nobody in and shows nothing.

use nyckel::access::Gate;
use nyckel::access::second_factor::Seed;
use nyckel::model::{Act, AuditKind, Role, StaffName};
use secrecy::{ExposeSecret, SecretString};

use super::{ANEW, ada_and_eva, comes_back, hired, is_out, is_rolled_back};
use crate::passkeys::{ALONE, eva_with_passkey, named, uses};
use crate::stage::{PASSWORD, Panel, Person, Stage, panel};

const REFUSED: &str = "This link can’t be used";
const ANNA: &str = "anna@example.se";

#[tokio::test]
async fn nobody_whose_session_ended_is_signed_in_nor_anybody_else() {
    let panel = panel().await;
    let (ada, eva) = ada_and_eva(&panel).await;
    let bo = panel.admin("bo").await;
    let half = eva.in_another_browser();
    panel.database.keeps("copy").await;
    eva.is_disabled().await;
    let thief = bo.in_another_browser();
    thief.takes_cookie(&bo.cookie().unwrap());
    bo.signs_out().await;
    ada.signs_out().await;

    let (panel, printed) = is_rolled_back(&panel, &["ada"]).await;
    for person in [&ada, &eva, &bo, &thief, &half] {
        is_out(person, &panel).await;
        let refused = person.in_another_browser().at(&panel).signs_in_with(PASSWORD).await;
        assert_eq!(refused.status, 422, "{}: {refused:#?}", person.name);
    }
    assert_eq!(printed.len(), 1);
    let page = comes_back(&ada, &panel, &printed).await;
    assert_eq!((page.at.as_str(), page.text(".bar-name").as_str()), ("/", "ada"));
    let disabled = panel.database.texts("SELECT name FROM staff WHERE disabled_at IS NOT NULL ORDER BY name").await;
    assert_eq!(disabled, ["bo", "eva"]);
}

#[tokio::test]
async fn an_invitation_and_a_sign_in_link_that_were_used_are_used_up() {
    let panel = panel().await;
    let (ada, olle) = (panel.admin("ada").await, hired(&panel, "olle", Role::Admin).await);
    let can = Gate::of_the_command_line().unwrap().can().unwrap();
    let (book, links) = (&panel.built.app.staff, panel.built.app.links.clone());
    let id = book.named(&can, &StaffName::parse("olle").unwrap()).await.unwrap();
    let invited = links.invitation(&book.invite_again(&can, &id).await.unwrap().token);
    let link = links.sign_in_link(&book.make_sign_in_link(&can, &id).await.unwrap());
    panel.database.keeps("copy").await;
    let page = olle.visits(&link).await;
    olle.presses(&page, "Sign in as olle").await;
    let page = olle.visits(&invited).await;
    olle.fills_in(&page, "Set the password", &[("password", ANEW)]).await;

    let (panel, _) = is_rolled_back(&panel, &["ada", "olle"]).await;
    for link in [&invited, &link] {
        let thief = Person::stranger(&panel);
        thief.visits(link).await.must_say(404, &[REFUSED]);
        assert_eq!(thief.posts(link, &[("password", PASSWORD)]).await.status, 404);
    }
    is_out(&ada, &panel).await;
}

#[tokio::test]
async fn a_password_that_was_replaced_and_a_recovery_code_that_was_used_are_good_for_nothing() {
    let panel = panel().await;
    let (ada, eva) = ada_and_eva(&panel).await;
    eva.has_proved(Act::SetUpApp).await;
    let page = eva.clicks(&eva.visits("/profile").await, "Set up…").await;
    let seed = Seed::of_text(&page.text("#key")).unwrap();
    let code = || seed.code_at(panel.clock.now()).unwrap();
    let codes = eva.fills_in(&page, "Turn on", &[("code", &code())]).await.texts(".codes li");
    panel.clock.turn(30);
    panel.database.keeps("copy").await;
    let page = eva.in_another_browser().signs_in_with(PASSWORD).await;
    assert_eq!(eva.fills_in(&page, "Sign in", &[("code", &codes[0])]).await.at, "/");
    let half = eva.in_another_browser();
    let half_way = half.signs_in_with(PASSWORD).await;
    assert_eq!(half_way.text("h1"), "Enter your code");

    let (panel, printed) = is_rolled_back(&panel, &["ada", "eva"]).await;
    let half = half.at(&panel);
    for code in [codes[0].clone(), codes[1].clone(), code()] {
        half.fills_in(&half_way, "Sign in", &[("code", &code)]).await;
        is_out(&half, &panel).await;
    }
    assert_eq!(eva.in_another_browser().at(&panel).signs_in_with(PASSWORD).await.status, 422);
    assert_eq!(comes_back(&eva, &panel, &printed).await.at, "/", "with the new password alone");
    is_out(&ada, &panel).await;
}

#[tokio::test]
async fn a_passkey_that_was_removed_signs_nobody_in() {
    let panel = named().opens().await;
    panel.admin("ada").await;
    let (eva, mut key) = eva_with_passkey(&panel).await;
    panel.database.keeps("copy").await;
    let (panel, _) = is_rolled_back(&panel, &["ada", "eva"]).await;
    let thief = eva.in_another_browser().at(&panel);
    let page = thief.visits("/sign-in").await;
    uses(&thief, &page, ALONE, &mut key).await;
    is_out(&thief, &panel).await;
}

#[tokio::test]
async fn a_password_that_was_shown_is_not_shown_again() {
    let panel = panel().await;
    let (ada, eva) = ada_and_eva(&panel).await;
    let result = eva.confirms(ANNA).await;
    panel.until_at_rest().await;
    panel.database.keeps("copy").await;
    let shown = eva.visits(&result).await.password().unwrap();

    let (panel, printed) = is_rolled_back(&panel, &["ada", "eva"]).await;
    let page = eva.at(&panel).visits(&result).await;
    assert!(page.password().is_none() && !page.body.contains(&shown));
    let again = comes_back(&eva, &panel, &printed).await;
    assert_eq!(again.at, "/");
    let eva = eva.in_another_browser().at(&panel);
    eva.signs_in_with(ANEW).await;
    let page = eva.visits(&result).await;
    assert!(page.password().is_none() && !page.body.contains(&shown), "{page:#?}");
    page.must_say(200, &["Made, but not kept", "does not know whether this password was shown"]);
    assert!(!page.says("within five minutes"), "{page:#?}");
    eva.visits("/accounts/anna@example.se").await.must_say(200, &["Not kept"]);
    panel.one(AuditKind::ResetForgotten).await;
    assert_eq!(panel.glesys.password_of(ANNA), Some(shown));
    assert_eq!(panel.resets(), (1, 1));
    is_out(&ada, &panel).await;
}

#[tokio::test]
async fn a_link_that_was_read_is_not_read_again() {
    let panel = panel().await;
    let (_, eva) = ada_and_eva(&panel).await;
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let page = eva.fills_in(&page, "Reset password", &[("hand_over", "link")]).await;
    let (link, code) = (page.text("#link"), page.text("#code"));
    let link = link[link.find("/hand-over/").unwrap()..].to_owned();
    panel.database.keeps("copy").await;
    let owner = Person::stranger(&panel);
    let read = owner.posts(&link, &[("code", &code)]).await.password();
    assert_eq!(read, panel.glesys.password_of(ANNA));

    let (panel, _) = is_rolled_back(&panel, &["ada", "eva"]).await;
    let owner = owner.at(&panel);
    for page in [owner.visits(&link).await, owner.posts(&link, &[("code", &code)]).await] {
        page.must_say(404, &["This link does not work"]);
        assert_eq!(page.password(), None);
    }
    panel.one(AuditKind::HandOverForgotten).await;
    let opened = "SELECT operation_id FROM owner_link WHERE sealed IS NOT NULL";
    assert!(panel.database.texts(opened).await.is_empty());
}

#[tokio::test]
async fn a_confirmation_from_before_resets_nothing() {
    let panel = panel().await;
    let (_, eva) = ada_and_eva(&panel).await;
    let confirmation = eva.visits("/accounts/anna@example.se/reset").await;
    panel.database.keeps("copy").await;
    assert!(eva.presses(&confirmation, "Reset password").await.password().is_some());
    let (panel, printed) = is_rolled_back(&panel, &["ada", "eva"]).await;
    eva.at(&panel).submits(&confirmation).await;
    comes_back(&eva, &panel, &printed).await;
    let eva = eva.in_another_browser().at(&panel);
    eva.signs_in_with(ANEW).await;
    let page = eva.submits(&confirmation).await;
    assert!(page.status >= 400, "{page:#?}");
    assert_eq!(panel.resets(), (1, 1));
}

#[tokio::test]
async fn the_first_admin_is_not_made_twice_with_one_token() {
    let panel = panel().await;
    let opens = async |panel: &Panel| panel.built.app.sign_ins.open_setup().await.unwrap().unwrap();
    let makes = async |person: &Person, token: &SecretString| {
        let fields = [("token", token.expose_secret()), ("name", "eva"), ("password", PASSWORD)];
        person.posts("/setup", &fields).await;
        person.visits("/").await
    };
    let (eva, old) = (Person::stranger(&panel), opens(&panel).await);
    panel.database.keeps("copy").await;
    assert_eq!(makes(&eva, &old).await.text(".bar-name"), "eva");

    let (panel, printed) = is_rolled_back(&panel, &[]).await;
    assert!(printed.is_empty());
    let (eva, thief) = (eva.at(&panel), Person::stranger(&panel));
    let new = opens(&panel).await;
    assert_eq!(makes(&thief, &old).await.text("h1"), "Set up Nyckel");
    assert_eq!(eva.visits("/").await.text("h1"), "Set up Nyckel");
    assert_eq!(makes(&eva, &new).await.text(".bar-name"), "eva");
}

#[tokio::test]
async fn whoever_signs_in_by_single_sign_on_does_so_anew_if_they_are_kept() {
    let (stage, provider) = Stage::usual().with_provider().await;
    let panel = stage.opens().await;
    panel.admin("ada").await;
    for name in ["boss", "eva"] {
        provider.knows(name, &["it"]);
    }
    let signs_in = async |panel: &Panel, name: &str| {
        let person = Person::stranger(panel).called(name);
        let page = person.visits("/sign-in").await;
        person.is_at_the_provider(&page, "Sign in with Example AB", (&provider, name)).await;
        person
    };
    let (boss, eva) = (signs_in(&panel, "boss").await, signs_in(&panel, "eva").await);
    let late = Person::stranger(&panel).called("boss");
    let there = late.presses(&late.visits("/sign-in").await, "Sign in with Example AB").await;
    let back = provider.lets(&there.link("Continue").unwrap(), "boss");
    panel.database.keeps("copy").await;

    let (panel, printed) = is_rolled_back(&panel, &["boss"]).await;
    assert_eq!(printed, [("boss".to_owned(), None)]);
    for person in [&boss, &eva] {
        is_out(person, &panel).await;
    }
    let late = late.at(&panel);
    let page = late.comes_from_elsewhere(&back).await;
    late.presses(&page, "Continue").await;
    is_out(&late, &panel).await;
    assert_eq!(signs_in(&panel, "boss").await.visits("/staff").await.status, 200);
    assert_eq!(signs_in(&panel, "eva").await.visits("/").await.text("h1"), "Sign in", "eva is disabled");
}
