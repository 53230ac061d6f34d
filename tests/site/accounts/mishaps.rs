//! GleSYS slow, cut off, failing or away: one call, the right one of three worlds, and a directory that is right again.

use std::time::Duration;

use nyckel::model::{OperationKind, OperationState};
use nyckel::simulator::{Fault, Times};

use super::{CREATE, DELETE, EDIT, account, calls};
use crate::stage::{Page, Panel, Person, Stage};

const ANNA: &str = "anna@example.se";
const KARIN: &str = "karin@example.se";

/// One of the three changes, as a person makes it.
#[derive(Clone, Copy)]
struct Made {
    function: &'static str,
    kind: OperationKind,
    /// What the page is called when it was done, not done, unknown.
    titles: [&'static str; 3],
}

const CHANGES: [Made; 3] = [
    Made {
        function: EDIT,
        kind: OperationKind::EditAccount,
        titles: ["anna@example.se", "Not changed: anna@example.se", "May have been changed: anna@example.se"],
    },
    Made {
        function: DELETE,
        kind: OperationKind::DeleteAccount,
        titles: ["Deleted: anna@example.se", "Not deleted: anna@example.se", "May have been deleted: anna@example.se"],
    },
    Made {
        function: CREATE,
        kind: OperationKind::CreateAccount,
        titles: [
            "New account, with the password for karin@example.se",
            "Not created: karin@example.se",
            "May have been created: karin@example.se",
        ],
    },
];

async fn does(person: &Person, function: &str) -> Page {
    let (path, button, values) = match function {
        EDIT => (format!("/accounts/{ANNA}/edit"), "Save", ("quota", "5")),
        DELETE => (format!("/accounts/{ANNA}/delete"), "Delete account", ("address", ANNA)),
        _ => ("/domains/example.se/accounts/new".to_owned(), "Create account", ("local", "karin")),
    };
    let page = person.visits(&path).await;
    person.fills_in(&page, button, &[values]).await
}

/// Whether the change is there at GleSYS.
fn is_made(panel: &Panel, function: &str) -> bool {
    match function {
        EDIT => account(panel, ANNA).is_some_and(|anna| anna.quotaingib == 5),
        DELETE => account(panel, ANNA).is_none(),
        _ => account(panel, KARIN).is_some(),
    }
}

/// The domain's page tells what GleSYS has, whatever the panel believed before.
async fn directory_must_be_right(panel: &Panel, person: &Person, function: &str) {
    panel.glesys.heal();
    let page = person.visits("/domains/example.se").await;
    let rows = page.texts("tbody tr");
    let of = |address: &str| rows.iter().find(|row| row.starts_with(address));
    let told = match function {
        EDIT => of(ANNA).is_some_and(|row| row.contains("5 GiB")),
        DELETE => of(ANNA).is_none(),
        _ => of(KARIN).is_some(),
    };
    assert_eq!(told, is_made(panel, function), "{function}: {rows:?}");
}

#[tokio::test]
async fn each_change_is_one_call_and_the_page_says_which_world_it_is() {
    let status = |http| Fault::Status { http, code: http, text: "No".to_owned(), envelope: true };
    for Made { function, kind, titles } in CHANGES {
        for (fault, state) in [
            (Fault::Slow(Duration::from_millis(50)), OperationState::Done),
            (Fault::CloseAfter, OperationState::Unknown),
            (Fault::CloseBefore, OperationState::Unknown),
            (Fault::HalfAnswer, OperationState::Unknown),
            (Fault::HangAfter, OperationState::Unknown),
            (Fault::Html, OperationState::Unknown),
            (status(503), OperationState::Unknown),
            (status(401), OperationState::Refused),
        ] {
            let panel = Stage::usual().gives_up_after(200).opens().await;
            let mia = panel.manager("mia").await;
            let told = format!("{function} {fault:?}");
            panel.glesys.fault(function, fault, Times::Once);
            let page = does(&mia, function).await;
            let title = match state {
                OperationState::Done => titles[0],
                OperationState::Refused => titles[1],
                _ => titles[2],
            };
            assert_eq!(page.text("h1"), title, "{told}");
            assert_eq!(calls(&panel, function).0, 1, "{told}");
            let outcome = panel.one(kind.outcome()).await.outcome.unwrap();
            assert_eq!(outcome.split(": ").next(), Some(state.name()), "{told}");
            directory_must_be_right(&panel, &mia, function).await;
        }
    }
}

#[tokio::test]
async fn an_account_that_may_have_been_made_rests_and_is_then_reset() {
    let panel = Stage::usual().gives_up_after(200).opens().await;
    let mia = panel.manager("mia").await;
    panel.glesys.fault(CREATE, Fault::HangAfter, Times::Once);
    let page = does(&mia, CREATE).await;
    page.must_say(200, &["Check whether the account exists now. If it does, reset its password"]);
    let account = mia.clicks(&page, "Go to the account").await;
    account.must_say(200, &["The last attempt may still go through. Try again after"]);
    panel.clock.turn(61);
    let page = mia.visits(&format!("/accounts/{KARIN}/reset")).await;
    assert_eq!(mia.presses(&page, "Reset password").await.password(), panel.glesys.password_of(KARIN));
}

#[tokio::test]
async fn what_was_not_done_leads_back_to_its_form_and_never_to_what_is_not_there() {
    let panel = Stage::usual().opens().await;
    let mia = panel.manager("mia").await;
    let refuses = |function, http, text: &str| {
        let fault = Fault::Status { http, code: http, text: text.to_owned(), envelope: true };
        panel.glesys.fault(function, fault, Times::Once);
    };
    refuses(CREATE, 401, "No permission");
    let page = does(&mia, CREATE).await;
    page.must_say(200, &["Not created: karin@example.se"]);
    assert_eq!(page.texts(".ways a"), ["Back to the form", "Go to the domain"]);
    let form = mia.clicks(&page, "Back to the form").await;
    form.must_say(200, &["Not created: karin@example.se. The panel’s API key may not call email/createaccount."]);
    assert_eq!(form.attributes("#local", "value"), ["karin"]);
    assert!(!form.at.contains("karin"), "no link holds what was typed: {}", form.at);
    // Whoever did not fill it in is led to what is there.
    let olle = panel.manager("olle").await;
    assert_eq!(olle.visits(&page.at).await.texts(".ways a"), ["Go to the domain"]);
    assert!(!olle.visits(&form.at).await.says("Not created"));
    assert!(mia.presses(&form, "Create account").await.password().is_some());

    refuses(EDIT, 400, "quotaingib is too large");
    assert_eq!(does(&mia, EDIT).await.status, 422);
    // GleSYS took so long that the form could not wait for it.
    let operation = panel.one(OperationKind::EditAccount.outcome()).await.operation.unwrap();
    let page = mia.visits(&format!("/operations/{}", operation.as_str())).await;
    let form = mia.clicks(&page, "Back to the form").await;
    assert_eq!(
        (form.status, form.texts("#quota-problem")),
        (200, vec!["GleSYS did not accept this much storage.".into()])
    );
    assert_eq!(olle.visits(&page.at).await.texts(".ways a"), ["Go to the account", "Go to the domain"]);
    mia.fills_in(&form, "Save", &[("quota", "5")]).await.must_say(200, &["Saved."]);

    refuses(DELETE, 400, "Could not find it");
    let page = does(&mia, DELETE).await;
    page.must_say(200, &["Not deleted: anna@example.se"]);
    assert_eq!(page.texts(".ways a"), ["Go to the domain"]);
}

#[tokio::test]
async fn a_form_survives_what_passes_and_nothing_typed_is_lost() {
    let panel = Stage::usual().gives_up_after(300).opens().await;
    let (mia, olle) = (panel.manager("mia").await, panel.manager("olle").await);
    let edit = mia.visits(&format!("/accounts/{ANNA}/edit")).await;
    let new = mia.visits("/domains/example.se/accounts/new").await;
    let kept = |page: &Page, status, sentence: &str| {
        page.must_say(status, &[sentence]);
        assert_eq!(page.texts("#text"), ["A long text"], "{sentence}");
    };
    let text = [("text", "A long text")];
    // Somebody else's change runs, and then nobody knows how it ended.
    panel.glesys.fault(EDIT, Fault::HangBefore, Times::Once);
    let (_, page) = tokio::join!(does(&olle, EDIT), async {
        panel.until(|panel| async move { calls(&panel, EDIT).0 == 1 }).await;
        mia.fills_in(&edit, "Save", &text).await
    });
    kept(&page, 409, "Not done: a change is running");
    let page = mia.presses(&page, "Save").await;
    kept(&page, 409, "Not done: wait a moment");
    panel.clock.turn(61);
    // The form lies open for longer than it is good for.
    for _ in 0..13 {
        panel.clock.turn(10 * 60);
        mia.visits("/").await;
    }
    let page = mia.presses(&page, "Save").await;
    kept(&page, 422, "The form was open for too long");
    mia.presses(&page, "Save").await.must_say(200, &["Saved."]);
    let page = mia.fills_in(&new, "Create account", &[("local", "karin"), text[0]]).await;
    assert_eq!(page.text("h1"), "Confirm it’s you", "a proof is asked for first");
    assert_eq!((calls(&panel, EDIT), calls(&panel, CREATE)), ((2, 1), (0, 0)));
}

#[tokio::test]
async fn a_glesys_that_is_away_is_told_above_the_form_and_nothing_typed_is_lost() {
    let panel = Stage::usual().opens().await;
    let mia = panel.manager("mia").await;
    let edit = mia.visits(&format!("/accounts/{ANNA}/edit")).await;
    let new = mia.visits("/domains/example.se/accounts/new").await;
    panel.glesys.goes_away().await;
    let refused = mia.fills_in(&edit, "Save", &[("quota", "5"), ("text", "Kept")]).await;
    refused.must_say(502, &["GleSYS couldn’t do it.", "Nothing was changed."]);
    assert_eq!(
        (refused.attributes("#quota", "value"), refused.texts("#text")),
        (vec!["5".to_owned()], vec!["Kept".to_owned()])
    );
    let kept = mia.fills_in(&new, "Create account", &[("local", "karin")]).await;
    assert_eq!((kept.status / 100, kept.attributes("#local", "value")), (5, vec!["karin".to_owned()]));
    panel.glesys.comes_back().await;
    panel.clock.turn(11);
    panel.built.app.directory.read_all().await;
    mia.presses(&refused, "Save").await.must_say(200, &["Saved."]);
    assert!(mia.presses(&kept, "Create account").await.password().is_some());
    for function in [EDIT, CREATE] {
        assert_eq!(calls(&panel, function), (1, 1));
    }
}

#[tokio::test]
async fn a_database_that_is_away_lets_nothing_be_sent() {
    let panel = Stage::usual().opens().await;
    let mia = panel.manager("mia").await;
    let page = mia.visits(&format!("/accounts/{ANNA}/edit")).await;
    panel.database.run("ALTER TABLE operation RENAME TO gone").await;
    let refused = mia.fills_in(&page, "Save", &[("quota", "5")]).await;
    refused.must_say(503, &["The panel can’t save anything at the moment"]);
    assert_eq!(calls(&panel, EDIT), (0, 0));
}
