//! What staff see of a hand-over by link: link and code once, then its receipts.

use nyckel::model::{AuditKind, Fact, Role};

use super::{both, confirms_by_link, fields_by_link, resets_by_link};
use crate::stage::{Person, panel};

const ANNA: &str = "/accounts/anna@example.se";

#[tokio::test]
async fn staff_never_see_a_password_that_goes_by_link() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let confirmation = eva.visits("/accounts/anna@example.se/reset").await;
    confirmation.must_say(200, &["Show it to me", "Link and code for the owner", "You never see it."]);
    assert_eq!(confirmation.attributes("[name=hand_over][checked]", "value"), ["shown"]);

    panel.glesys.next_password("Own3r-only}this");
    let result = resets_by_link(&eva).await;
    assert_eq!((result.status, result.text("h1").as_str()), (201, "Link and code for anna@example.se"));
    result.must_say(201, &["by two different ways", "You never see the password."]);
    let shown = both(&result).unwrap();
    assert_eq!((shown.path.len(), shown.code.len()), ("/hand-over/".len() + 43, 8));
    assert!(shown.code.bytes().all(|digit| digit.is_ascii_digit()));
    assert!(!result.attributes("svg.qr path", "d").is_empty(), "the link is shown as a picture too");
    assert_eq!((result.password(), panel.resets()), (None, (1, 1)));
    assert_eq!(panel.glesys.password_of("anna@example.se").as_deref(), Some("Own3r-only}this"));

    let again = eva.visits(&result.at).await;
    again.must_say(200, &["Link and code were shown", "to eva", "can’t be shown again", "Revoke the link"]);
    let account = eva.visits(ANNA).await;
    assert_eq!(account.texts("section[aria-labelledby=history] .mark"), ["Link not read yet"]);
    for form in ["reset", "lock-out"] {
        eva.visits(&format!("{ANNA}/{form}")).await.must_say(200, &["The link that was passed on then becomes void"]);
    }
    for page in [&result, &again, &account] {
        assert!(!page.body.contains("Own3r"), "{} holds the password", page.at);
    }
    for page in [&again, &account] {
        assert!(!page.body.contains(&shown.path) && !page.body.contains(&shown.code), "{} holds them", page.at);
    }
    for kind in [AuditKind::ResetIntent, AuditKind::ResetOutcome, AuditKind::ResetShown] {
        assert_eq!(panel.one(kind).await.facts.text(Fact::HandOver), Some("link"), "{kind:?}");
    }
    eva.posts(&format!("{}/seen", result.at), &[("", ""); 0]).await;
    let audit = panel.admin("ada").await.visits("/audit?address=anna@example.se").await;
    let rows = audit.texts("tbody tr td:nth-child(2)");
    for (row, said) in rows.iter().zip(["Link and code seen on the screen", "Link and code sent to the browser"]) {
        assert!(row.starts_with(said), "staff never had the password: {row}");
    }
}

#[tokio::test]
async fn of_many_looks_at_once_exactly_one_sees_link_and_code() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let fields = fields_by_link(&eva).await;
    let posts = (0..6).map(|_| eva.sends(eva.posting("/accounts/anna@example.se/reset", &fields)));
    let answers = futures_util::future::join_all(posts).await;
    let result = answers[0].header("location").to_owned();
    assert!(answers.iter().all(|answer| answer.status == 303 && answer.header("location") == result), "{answers:#?}");
    assert_eq!(panel.resets(), (1, 1), "the same page posted six times is one reset");

    let page = olle.visits(&result).await;
    page.must_say(200, &["only the session in which eva began it can see them", "Nobody can read the password before"]);
    assert!(!page.says("The owner can read it"), "{page:#?}");
    let looks = futures_util::future::join_all((0..8).map(|_| eva.visits(&result))).await;
    assert_eq!(looks.iter().filter(|page| both(page).is_some()).count(), 1);
    panel.one(AuditKind::ResetShown).await;
}

#[tokio::test]
async fn whoever_may_reset_takes_a_link_back() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let vera = panel.signed_in(Role::Viewer, "vera").await;
    let result = resets_by_link(&eva).await;
    assert_eq!(vera.posts(&format!("{}/revoke", result.at), &[("", ""); 0]).await.status, 403);
    assert!(!vera.visits(&result.at).await.says("Revoke the link"));

    let overview = olle.visits("/").await;
    assert!(overview.texts("section[aria-labelledby=waiting] a").iter().any(|link| link == "anna@example.se"));
    let page = olle.clicks(&overview, "anna@example.se").await;
    let page = olle.presses(&page, "Revoke the link").await;
    page.must_say(200, &["The link was revoked, unread.", "Nobody has the password", "Reset it again."]);
    assert!(panel.database.texts("SELECT operation_id FROM owner_link WHERE sealed IS NOT NULL").await.is_empty());
    let revoked = panel.one(AuditKind::HandOverRevoked).await;
    assert_eq!(revoked.staff_name.as_deref(), Some("olle"));
    assert_eq!(olle.posts(&format!("{}/revoke", result.at), &[("", ""); 0]).await.status, 303, "twice is once");
    panel.one(AuditKind::HandOverRevoked).await;
    let account = eva.visits(ANNA).await;
    assert_eq!(account.texts("section[aria-labelledby=history] .mark"), ["Link revoked, unread"]);
    assert!(!eva.visits("/").await.has("#waiting"));
}

#[tokio::test]
async fn a_link_that_was_revoked_before_staff_opened_it_is_not_shown() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let result = confirms_by_link(&eva).await;
    let page = olle.visits(&result).await;
    olle.presses(&page, "Revoke the link").await;
    let page = eva.visits(&result).await;
    page.must_say(200, &["Link and code were never shown to anyone.", "The link was revoked, unread."]);
    assert!(both(&page).is_none() && !page.says("only the session"), "{page:#?}");
}

#[tokio::test]
async fn link_and_code_that_staff_never_open_leave_nobody_with_the_password() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let result = confirms_by_link(&eva).await;
    panel.clock.turn(301);
    let page = eva.visits(&result).await;
    let unopened =
        ["never shown to anyone", "The link ended, because nobody opened link and code", "Nobody has the password"];
    page.must_say(200, &unopened);
    panel.sweeps().await;
    let page = eva.visits(&result).await;
    page.must_say(200, &unopened);
    assert!(!page.says("ran out"), "{page:#?}");
    assert!(panel.database.texts("SELECT operation_id FROM owner_link WHERE sealed IS NOT NULL").await.is_empty());
    panel.one(AuditKind::HandOverExpired).await;
}

#[tokio::test]
async fn a_later_reset_ends_a_link_and_says_so() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let result = resets_by_link(&eva).await;
    let shown = both(&result).unwrap();
    assert!(eva.resets("anna@example.se").await.password().is_some());
    let page = eva.visits(&result.at).await;
    page.must_say(200, &["The link is void: the password was changed again after this", "Its password was reset"]);
    assert!(panel.database.texts("SELECT operation_id FROM owner_link WHERE sealed IS NOT NULL").await.is_empty());
    let owner = Person::stranger(&panel);
    assert!(!owner.visits(&shown.path).await.says("Show the password"));
    let account = eva.visits(ANNA).await;
    assert_eq!(account.texts("section[aria-labelledby=history] .mark"), ["Shown", "Link overtaken, unread"]);
}

#[tokio::test]
async fn a_new_accounts_password_goes_by_link_too() {
    let panel = panel().await;
    let maja = panel.manager("maja").await;
    let form = maja.visits("/domains/example.se/accounts/new").await;
    panel.glesys.next_password("N3w-owner}only");
    let page = maja.fills_in(&form, "Create account", &[("local", "ny"), ("hand_over", "link")]).await;
    page.must_say(201, &["Link and code for", "ny@example.se"]);
    assert!(both(&page).is_some() && !page.body.contains("N3w-owner"));
    assert_eq!(panel.one(AuditKind::AccountCreateIntent).await.facts.text(Fact::HandOver), Some("link"));
    let account = maja.clicks(&page, "Close").await;
    account.must_say(200, &["Link and code for the new password were shown to you at"]);
    let told = maja.visits(&page.at).await;
    let told = maja.presses(&told, "Revoke the link").await;
    told.must_say(200, &["Nobody has the password. Reset it to get another."]);
    assert!(!told.says("the old one"), "there was none: {told:#?}");
}

#[tokio::test]
async fn of_a_link_that_was_forgotten_nobody_knows_whether_it_was_read() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let result = resets_by_link(&eva).await;
    // As accepting an older copy of the database leaves it.
    let forgotten = "UPDATE owner_link SET ended = 'forgotten', ended_at = 0, salt = NULL, sealed = NULL, mac = NULL";
    panel.database.run(forgotten).await;
    let page = eva.visits(&result.at).await;
    page.must_say(200, &["May have been read:", "Someone may have the password", "Reset it again"]);
    assert!(!page.says("Nobody has the password") && !page.says("Link not read"), "{page:#?}");
}
