//! A form that is sent after its session has ended: nothing is done, and what was typed is there again after signing in.

use nyckel::model::Role;

use super::second_factor::{answers, sets_up};
use crate::stage::{PASSWORD, Page, Panel, Person, Stage, panel};

const RESET: &str = "/accounts/anna@example.se/reset";
const EDIT: &str = "/accounts/anna@example.se/edit";
const KEPT: &str = "You were no longer signed in, so nothing was done. What you typed is kept";
const LOST: &str = "You were no longer signed in, so nothing was done. Sign in to go back";

/// A form, its button, and what is typed.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// Fills a form in, sends it half an hour too late, and sees the page to sign in on.
async fn sends_too_late(person: &Person, panel: &Panel, (form, button): (&str, &str), typed: &[(&str, &str)]) -> Page {
    let form = person.visits(form).await;
    panel.clock.turn(31 * 60);
    let page = person.fills_in(&form, button, typed).await;
    page.must_say(200, &[KEPT]);
    assert!(typed.iter().all(|(_, value)| value.len() < 6 || !page.at.contains(value)), "{}", page.at);
    page
}

async fn signs_in_there(person: &Person, page: &Page) -> Page {
    let page = person.fills_in(page, "Sign in", &[("name", &person.name), ("password", PASSWORD)]).await;
    // What gives others access asks for a proof of its own.
    if page.text("h1") == "Confirm it’s you" {
        person.fills_in(&page, "Continue", &[("password", PASSWORD)]).await
    } else {
        page
    }
}

/// What stands in a field, of whatever kind it is.
fn stands(page: &Page, button: &str, name: &str) -> Vec<String> {
    page.form(button).fields.into_iter().filter(|(field, _)| field == name).map(|(_, value)| value).collect()
}

#[tokio::test]
async fn what_was_typed_into_any_form_is_there_again_after_signing_in() {
    let panel = panel().await;
    let eva = panel.admin("eva").await;
    let olle = Person::hired(&panel, "olle", &[(Role::Viewer, "example.se")]).await;
    olle.signs_in().await;
    eva.has_proved(nyckel::model::Act::ChangeStaff).await;
    let staff = eva.visits("/staff").await.link("olle").unwrap();
    let (roles, names) = (format!("{staff}/edit"), format!("{staff}/names"));
    let forms: [Case<'_>; 11] = [
        (RESET, "Reset password", &[("ticket", "INC-812")]),
        ("/accounts/anna@example.se/lock-out", "Lock out", &[("ticket", "INC-813")]),
        (EDIT, "Save", &[("quota", "7"), ("reply", "yes"), ("text", "Away <i>\r\nback")]),
        ("/domains/example.se/accounts/new", "Create account", &[("local", "new"), ("quota", "3")]),
        ("/domains/example.se/aliases/new", "Create alias", &[("local", "team"), ("targets", "anna@example.se")]),
        ("/aliases/info@example.se/edit", "Save", &[("targets", "bo@example.se\r\nanna@example.se")]),
        ("/domains/example.se/bulk", "Continue", &[("action", "quota"), ("quota", "8"), ("account", "bo")]),
        (
            "/staff/new",
            "Create invitation link",
            &[("name", "mia"), ("display_name", "Mia Å"), ("in:example.se", "operator")],
        ),
        (&roles, "Save", &[("auditor", "yes"), ("in:example.se", "manager")]),
        (&names, "Save", &[("name", "olle.ek"), ("display_name", "Olle Ek")]),
        ("/profile", "Save", &[("display_name", "Eva Lind"), ("language", "sv"), ("theme", "dark")]),
    ];
    for (form, button, typed) in forms {
        eva.has_proved(nyckel::model::Act::ChangeStaff).await;
        let calls = panel.glesys.calls().len();
        let page = sends_too_late(&eva, &panel, (form, button), typed).await;
        let page = signs_in_there(&eva, &page).await;
        assert!(page.at.starts_with(&format!("{form}?draft=")), "{form}: {}", page.at);
        for (name, value) in typed {
            assert_eq!(stands(&page, button, name), [*value], "{form} {name}");
        }
        let changes = ["resetpassword", "editaccount", "createaccount", "editalias", "createalias"];
        let changes = changes.map(|name| panel.glesys.calls_to(&format!("email/{name}")));
        assert_eq!(changes, [0; 5], "{form}: {calls}");
    }
    // It is sent with the button, and only then.
    let page = sends_too_late(&eva, &panel, (EDIT, "Save"), &[("quota", "9")]).await;
    let page = signs_in_there(&eva, &page).await;
    eva.presses(&page, "Save").await.must_say(200, &["Saved."]);
    assert_eq!(panel.glesys.calls_to("email/editaccount"), 1);
}

#[tokio::test]
async fn nobody_else_finds_what_was_typed() {
    let panel = panel().await;
    let eva = panel.manager("eva").await;
    let olle = Person::hired(&panel, "olle", &[(Role::Manager, "*")]).await;
    let page = sends_too_late(&eva, &panel, (EDIT, "Save"), &[("quota", "77")]).await;
    let page = signs_in_there(&eva.clone().called("olle"), &page).await;
    assert_eq!((page.status, stands(&page, "Save", "quota") == ["77"]), (200, false), "{}", page.at);
    let elsewhere = page.at.clone();
    drop(olle);
    // Nor the same person under the same address, once somebody else was here.
    eva.signs_out().await;
    eva.signs_in().await;
    assert_ne!(stands(&eva.visits(&elsewhere).await, "Save", "quota"), ["77"]);
}

#[tokio::test]
async fn whoever_has_the_cookie_of_an_ended_session_puts_nothing_into_its_owners_form() {
    let panel = panel().await;
    let eva = panel.manager("eva").await;
    let thief = eva.in_another_browser();
    thief.takes_cookie(&eva.cookie().unwrap());
    let page =
        sends_too_late(&eva, &panel, ("/aliases/info@example.se/edit", "Save"), &[("targets", "bo@example.se")]).await;
    let planted = thief.posts("/aliases/info@example.se/edit", &[("targets", "evil@example.com"), ("base", "")]).await;
    assert_eq!(planted.status, 303);
    let page = signs_in_there(&eva, &page).await;
    page.must_say(200, &["info@example.se"]);
    assert!(!page.says("evil@example.com"));
}

#[tokio::test]
async fn a_stranger_leaves_nothing_and_a_person_no_more_than_one_form() {
    let panel = panel().await;
    let eva = panel.manager("eva").await;
    let drafts = async || panel.database.texts("SELECT CAST(count(*) AS TEXT) FROM draft").await;
    let typed = [("targets", "bo@example.se"), ("local", "x")];
    let nobody = eva.in_another_browser();
    for cookie in [None, Some("nyckel=AAAAAAAAAAAAAAAAAAAAAA"), Some("nyckel=x")] {
        cookie.inspect(|cookie| nobody.takes_cookie(cookie));
        let answer = nobody.posts("/domains/example.se/aliases/new", &typed).await;
        assert!(answer.header("location").contains("undone=lost"), "{answer:#?}");
    }
    assert_eq!(drafts().await, ["0"]);
    panel.clock.turn(31 * 60);
    for _ in 0..3 {
        let answer = eva.posts("/domains/example.se/aliases/new", &typed).await;
        assert!(answer.header("location").contains("undone=kept"), "{answer:#?}");
    }
    let large = "x".repeat(300 * 1024);
    assert_eq!(eva.posts("/domains/example.se/aliases/new", &[("targets", &large)]).await.status, 413);
    assert_eq!(drafts().await, ["1"]);
    panel.clock.turn(31 * 60);
    panel.sweeps().await;
    assert_eq!(drafts().await, ["0"]);
}

#[tokio::test]
async fn a_form_that_lay_open_overnight_keeps_what_was_typed_and_one_of_the_day_before_says_what_is_lost() {
    let panel = panel().await;
    let eva = panel.manager("eva").await;
    let form = eva.visits(EDIT).await;
    panel.clock.turn(20 * 60 * 60);
    panel.sweeps().await;
    let page = eva.fills_in(&form, "Save", &[("quota", "7")]).await;
    page.must_say(200, &[KEPT]);
    let page = signs_in_there(&eva, &page).await;
    assert_eq!(stands(&page, "Save", "quota"), ["7"]);
    panel.clock.turn(40 * 60 * 60);
    panel.sweeps().await;
    let page = eva.fills_in(&page, "Save", &[("quota", "8")]).await;
    page.must_say(200, &[LOST]);
    let page = signs_in_there(&eva, &page).await;
    assert!(page.at.starts_with(EDIT), "{}", page.at);
}

#[tokio::test]
async fn a_second_factor_and_another_path_lead_back_to_what_was_typed_too() {
    let panel = Stage::usual().with("NYCKEL_PUBLIC_URL", "http://localhost/nyckel").opens().await;
    let eva = panel.manager("eva").await;
    let telephone = sets_up(&panel, &eva).await;
    let page = sends_too_late(&eva, &panel, (EDIT, "Save"), &[("quota", "7")]).await;
    let half = eva.fills_in(&page, "Sign in", &[("name", "eva"), ("password", "wrong")]).await;
    let half = eva.fills_in(&half, "Sign in", &[("name", "eva"), ("password", PASSWORD)]).await;
    let page = answers(&eva, &half, &telephone.shows(&panel)).await;
    assert_eq!(
        (page.at.starts_with("/nyckel/accounts/"), stands(&page, "Save", "quota")),
        (true, vec!["7".to_owned()])
    );
}

#[tokio::test]
async fn single_sign_on_leads_back_to_what_was_typed_too() {
    let (stage, provider) = Stage::usual().with_provider().await;
    let panel = stage.opens().await;
    provider.knows("eva", &["helpdesk"]);
    let (eva, _) = super::single_sign_on::signs_in(&panel, &provider, "eva").await;
    let page = sends_too_late(&eva, &panel, (RESET, "Reset password"), &[("ticket", "INC-812")]).await;
    let page = eva.is_at_the_provider(&page, "Sign in with Example AB", (&provider, "eva")).await;
    assert_eq!((stands(&page, "Reset password", "ticket"), panel.resets()), (vec!["INC-812".to_owned()], (0, 0)));
}

#[tokio::test]
async fn a_button_that_is_pressed_too_late_leads_back_to_its_page() {
    let panel = panel().await;
    let eva = panel.admin("eva").await;
    let olle = Person::hired(&panel, "olle", &[(Role::Viewer, "example.se")]).await;
    let staff = eva.visits(&format!("{}?done=saved", eva.visits("/staff").await.link("olle").unwrap())).await;
    let profile = eva.visits("/profile").await;
    panel.clock.turn(31 * 60);
    let page = eva.presses(&staff, "Disable account").await;
    page.must_say(200, &[LOST]);
    let page = signs_in_there(&eva, &page).await;
    assert_eq!(page.at, staff.at);
    olle.signs_in().await;
    panel.clock.turn(31 * 60);
    let typed = [("old", PASSWORD), ("new", "another four words of it")];
    let page = eva.fills_in(&profile, "Change the password", &typed).await;
    page.must_say(200, &[LOST]);
    assert!(panel.database.texts("SELECT session_id FROM draft").await.is_empty(), "no password is kept");
    // Another tab may have given the session a new cookie, so nobody says that it has ended.
    eva.presses(&profile, "Sign out").await.must_say(200, &[LOST]);
}
