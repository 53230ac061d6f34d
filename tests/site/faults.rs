//! A form that comes back says all that is wrong with it at once: in the page's title, at the top, and at each field.

use nyckel::model::{Act, Role};

use crate::stage::{PASSWORD, Page, Person, Stage, panel};

/// What the list at the top says, and where it leads.
fn listed(page: &Page) -> Vec<(String, String)> {
    page.texts(".faults li").into_iter().zip(page.attributes(".faults li a", "href")).collect()
}

/// Checks what is listed, that each link leads to something on the page, and that the person begins at the list if it is
/// several and at the field if it is one.
#[track_caller]
fn lists(page: &Page, expected: &[(&str, &str)]) {
    let listed = listed(page);
    let found: Vec<_> = listed.iter().map(|(said, to)| (said.as_str(), to.as_str())).collect();
    assert_eq!((page.status, &found[..]), (422, expected), "{page:#?}");
    for (_, to) in expected {
        let field = to.trim_start_matches('#');
        assert!(page.has(&format!("form [id='{field}']")), "{to} leads nowhere: {page:#?}");
    }
    let begins = page.attributes("[autofocus]", "class");
    assert_eq!(page.has(".faults[role=alert][tabindex='-1'][autofocus]"), expected.len() > 1, "{begins:?}");
    assert_eq!(page.has("form [autofocus]"), expected.len() == 1, "{begins:?}");
}

#[tokio::test]
async fn a_reset_says_at_once_that_check_reason_and_proof_are_missing() {
    let checks = "[way.call-back]\nlabel = \"Called back\"\nasks = \"Number called\"\n\n[[rule]]\nfor = [\"example.se\"]\nways = [\"call-back\"]\n";
    let stage = Stage::usual().with_file("NYCKEL_CALLER_CHECKS_FILE", checks);
    let panel = stage.with("NYCKEL_RESET_REASON", "required").opens().await;
    let eva = panel.operator("eva").await;
    panel.clock.turn(11 * 60);
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    assert!(page.has("form[novalidate]") && !page.has(".faults"));
    assert_eq!(page.text("title"), "Reset the password of anna@example.se – Nyckel");

    let page = eva.presses(&page, "Reset password").await;
    assert_eq!(page.text("title"), "Error: Reset the password of anna@example.se – Nyckel");
    assert_eq!(page.text(".faults h2"), "3 things need correcting");
    let check = ("How did you check who is asking?: Choose how you checked who is asking.", "#caller");
    let reason = ("Reason or ticket: Enter a reason or ticket number.", "#ticket");
    let proof = "Your current password: ";
    lists(&page, &[check, reason, (&format!("{proof}Show that it is you: fill this in."), "#proof")]);
    assert!(page.has("#caller[type=radio][aria-invalid=true]"));

    let page = eva.fills_in(&page, "Reset password", &[("proof", "not the password")]).await;
    lists(&page, &[check, reason, (&format!("{proof}Wrong password."), "#proof")]);

    let page = eva.fills_in(&page, "Reset password", &[("proof", PASSWORD), ("caller", "call-back")]).await;
    lists(&page, &[("Number called: Required for this check.", "#caller-call-back"), reason]);
    assert!(!page.has("#proof"), "who they are is proved by now");

    let values = [("caller", "call-back"), ("caller-call-back", "08-1"), ("ticket", "")];
    let page = eva.fills_in(&page, "Reset password", &values).await;
    lists(&page, &[reason]);
    assert_eq!(page.text(".faults h2"), "One thing needs correcting");
    assert_eq!(panel.resets(), (0, 0));
    let swedish = eva.reading("sv").presses(&page, "Reset password").await;
    assert!(swedish.text("title").starts_with("Fel: Återställ lösenordet för"), "{}", swedish.text("title"));
    assert_eq!(swedish.text(".faults h2"), "En sak behöver rättas");
    let result = eva.fills_in(&page, "Reset password", &[("ticket", "INC-812")]).await;
    assert!(result.password().is_some(), "{result:#?}");
}

#[tokio::test]
async fn nobody_is_signed_in_or_counted_who_leaves_a_field_empty() {
    let panel = Stage::usual().with("NYCKEL_PASSKEYS", "off").opens().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Operator, "*")]).await;
    let page = eva.visits("/sign-in").await;
    let (name, password) =
        (("User name: Enter your user name.", "#name"), ("Password: Enter your password.", "#password"));
    lists(&eva.presses(&page, "Sign in").await, &[name, password]);
    lists(&eva.fills_in(&page, "Sign in", &[("name", " "), ("password", PASSWORD)]).await, &[name]);
    for _ in 0..30 {
        lists(&eva.fills_in(&page, "Sign in", &[("name", "eva")]).await, &[password]);
    }
    let page = eva.fills_in(&page, "Sign in", &[("name", "eva"), ("password", "not the password")]).await;
    page.must_say(422, &["Wrong user name or password."]);
    assert_eq!((page.text("title").as_str(), page.has("#password[autofocus]")), ("Error: Sign in – Nyckel", true));
    eva.signs_in().await;
}

#[tokio::test]
async fn an_invitation_says_at_once_that_name_and_roles_are_missing() {
    let panel = panel().await;
    let ada = panel.admin("ada").await;
    ada.has_proved(Act::ChangeStaff).await;
    let page = ada.visits("/staff/new").await;
    let page = ada.fills_in(&page, "Create invitation link", &[("name", "no!"), ("display_name", " \u{202e}")]).await;
    let listed = listed(&page);
    assert_eq!(listed.iter().map(|(_, to)| to.as_str()).collect::<Vec<_>>(), ["#name", "#display_name", "#everywhere"]);
    assert!(page.text("title").starts_with("Error: "));
    assert!(panel.database.texts("SELECT name FROM staff WHERE name != 'ada'").await.is_empty());
}

#[tokio::test]
async fn a_new_password_of_ones_own_says_all_that_is_wrong_before_anything_is_compared() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/profile").await;
    let page = eva.fills_in(&page, "Change the password", &[("new", "too short")]).await;
    let old = ("Current password: Enter your password.", "#old");
    lists(&page, &[old, ("New password: Use at least 15 characters.", "#new")]);
    lists(&eva.fills_in(&page, "Change the password", &[("new", "six words nobody could guess")]).await, &[old]);
    let before = page.body.find("You will be signed out").unwrap();
    assert!(before < page.body.find("id=\"old\"").unwrap(), "a hint comes before what it is about");
}
