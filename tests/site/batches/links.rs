//! Resetting several accounts whose owners get links and codes, which staff download one time.

use nyckel::model::{AuditKind, Fact};
use nyckel::simulator::{Fault, Times};

use super::{Gate, away, begins, ends, manager, marks, selects};
use crate::stage::{Page, Panel, Person, Stage, panel as usual_panel};

const RESET: &str = "email/resetpassword";
const ONE: [(&str, &str); 2] = [("format", "csv"), ("files", "one")];

async fn panel() -> Panel {
    Stage::of(away()).opens().await
}

/// Resets these accounts by link, and gives the page on which their links and codes wait.
async fn resets(panel: &Panel, person: &Person, accounts: &[&str]) -> Page {
    let page = selects(person, "give_links", accounts).await;
    let page = begins(person, &page).await;
    ends(panel, person, &page).await
}

async fn downloads(person: &Person, page: &Page, fields: &[(&str, &str)]) -> Page {
    person.posts(&format!("{}/links", page.at), fields).await
}

/// The rows of a file, without its heading and the mark for Excel.
fn rows(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let separator = if text.lines().next().unwrap().contains(';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// What an owner reads with a row of the file.
async fn reads(panel: &Panel, link: &str, code: &str) -> Option<String> {
    let base = panel.config.owners_url().as_str().trim_end_matches('/');
    let owner = Person::stranger(panel).called("the owner");
    let page = owner.visits(link.strip_prefix(base).unwrap()).await;
    owner.fills_in(&page, "Show the password", &[("code", code)]).await.password()
}

fn password(panel: &Panel, account: &str) -> Option<String> {
    panel.glesys.password_of(&format!("{account}@example.se"))
}

#[tokio::test]
async fn owners_of_several_accounts_get_links_and_codes_that_are_given_out_once_and_recorded_first() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let form = eva.visits("/domains/example.se/bulk").await;
    assert_eq!(form.attributes("#action option", "value"), ["", "give_links", "lock_out"]);
    let page = selects(&eva, "give_links", &["a0", "a1"]).await;
    page.must_say(
        200,
        &["Will be reset 2", "Stay until it is finished", "the file is worth as much as all the passwords"],
    );
    assert_eq!(panel.resets(), (0, 0), "nothing is sent before it is confirmed");
    let page = eva.fills_in(&page, "Reset 2 passwords", &[("ticket", "INC-812")]).await;
    let page = ends(&panel, &eva, &page).await;
    page.must_say(200, &["Finished on", "Links and codes of 2 accounts are ready.", "once, until"]);
    assert_eq!(marks(&page), ["Link and code ready"; 2]);
    assert!(!page.has("tbody a[href*='/operations/']"), "nobody uses a showing up by a click on the list");
    assert!(panel.audit(AuditKind::BatchShown).await.is_empty());

    let file = downloads(&eva, &page, &ONE).await;
    assert_eq!((file.status, file.header("cache-control")), (200, "no-store"));
    assert!(file.header("content-disposition").starts_with("attachment; filename=\"example.se-links-and-codes-"));
    let found = rows(&file.body);
    assert_eq!([found[0][0].as_str(), found[1][0].as_str()], ["a0@example.se", "a1@example.se"]);
    assert!(found.iter().all(|row| row.len() == 3 && row[2].len() == 8), "{found:?}");
    let shown = panel.one(AuditKind::BatchShown).await.facts.kept().unwrap();
    assert!(shown.ends_with(r#""give_links":true,"accounts":2,"format":"csv"}"#), "{shown}");
    let each = panel.audit(AuditKind::ResetShown).await;
    assert!(each.len() == 2 && each.iter().all(|event| event.facts.text(Fact::HandOver) == Some("link")), "{each:?}");

    let again = downloads(&eva, &page, &ONE).await;
    assert_eq!(again.status, 303, "there is never a second");
    let page = eva.visits(again.header("location")).await;
    page.must_say(200, &["Nothing was given out", "Links and codes of 2 accounts were given out, the last on"]);
    assert_eq!((marks(&page), page.has("form[action$='/links']")), (vec!["Link not read yet".to_owned(); 2], false));
    for (row, account) in found.iter().zip(["a0", "a1"]) {
        let secret = password(&panel, account).unwrap();
        assert!(!file.body.contains(&secret) && !page.body.contains(&row[2]));
        assert_eq!(reads(&panel, &row[1], &row[2]).await, Some(secret));
    }
    assert_eq!(marks(&eva.visits(&page.at).await), ["Read by link"; 2]);
    let begun = panel.one(AuditKind::BatchBegun).await;
    assert_eq!(begun.facts.text(Fact::Ticket), Some("INC-812"));
}

#[tokio::test]
async fn links_and_codes_can_go_apart_and_a_spreadsheet_keeps_both_as_they_are() {
    let state = away().account("=cmd@example.se");
    let panel = Stage::of(state).opens().await;
    let eva = panel.operator("eva").await;
    let page = resets(&panel, &eva, &["=cmd", "a0"]).await;
    let file = downloads(&eva, &page, &[("format", "excel"), ("files", "two")]).await;
    assert_eq!(file.header("content-type"), "application/zip");
    assert!(file.body.starts_with("PK") && file.header("content-disposition").ends_with(".zip\""));
    let parts: Vec<_> = file.body.split('\u{feff}').skip(1).collect();
    let parts: Vec<_> = parts.iter().map(|part| rows(part.split("PK").next().unwrap())).collect();
    let (links, codes) = (&parts[0], &parts[1]);
    assert_eq!((links[0][0].as_str(), codes[0][0].as_str()), ("'=cmd@example.se", "'=cmd@example.se"));
    assert!(links.iter().all(|row| row.len() == 2 && row[1].contains("/hand-over/")), "{links:?}");
    // Digits alone would lose the zeros that they begin with.
    assert!(codes.iter().all(|row| row.len() == 2 && row[1].chars().count() == 9 && row[1].contains('–')), "{codes:?}");
    assert_eq!(reads(&panel, &links[1][1], &codes[1][1]).await, password(&panel, "a0"));
    assert!(panel.one(AuditKind::BatchShown).await.facts.kept().unwrap().contains(r#""apart":true"#));
}

#[tokio::test]
async fn of_several_who_download_at_once_one_gets_the_file() {
    let panel = panel().await;
    let other = panel.replica().await;
    let eva = panel.operator("eva").await;
    let page = resets(&panel, &eva, &["a0", "a1", "a2"]).await;
    let there = eva.at(&other);
    let posts = [&eva, &there, &eva, &there].map(|person| downloads(person, &page, &ONE));
    let answers = futures_util::future::join_all(posts).await;
    let files: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!((files.len(), rows(&files[0].body).len()), (1, 3));
    let others = answers.iter().filter(|answer| answer.status == 303);
    assert!(others.filter(|answer| answer.header("location").ends_with("?nothing-given=1")).count() == 3);
    assert_eq!(
        (panel.audit(AuditKind::BatchShown).await.len(), panel.audit(AuditKind::ResetShown).await.len()),
        (1, 3)
    );
}

#[tokio::test]
async fn an_account_that_a_colleague_resets_before_the_download_is_left_out_of_the_file() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let page = resets(&panel, &eva, &["a0", "a1"]).await;
    let shown = olle.resets("a1@example.se").await;
    let file = downloads(&eva, &page, &ONE).await;
    assert_eq!(rows(&file.body).iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["a0@example.se"]);
    let page = eva.visits(&page.at).await;
    assert_eq!(marks(&page), ["Link not read yet", "Link overtaken, unread"]);
    assert_eq!(password(&panel, "a1"), shown.password(), "what was shown works");
    assert!(!page.says("Try 1 account again"));
}

#[tokio::test]
async fn what_was_not_downloaded_in_time_nobody_has_and_it_is_tried_again() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = resets(&panel, &eva, &["a0", "a1"]).await;
    panel.clock.turn(5 * 60 + 1);
    panel.sweeps().await;
    assert_eq!(downloads(&eva, &page, &ONE).await.status, 303);
    let page = eva.visits(&page.at).await;
    page.must_say(200, &["Nobody has the passwords of 2 accounts: their links ended, unread.", "Try 2 accounts again"]);
    assert_eq!(marks(&page), ["Link over, unread"; 2]);
    let page = begins(&eva, &page).await;
    let page = ends(&panel, &eva, &page).await;
    let found = rows(&downloads(&eva, &page, &ONE).await.body);
    assert_eq!((found.len(), panel.resets()), (2, (4, 4)));
    assert_eq!(reads(&panel, &found[0][1], &found[0][2]).await, password(&panel, "a0"));
}

#[tokio::test]
async fn only_the_session_that_had_them_made_can_download_links_and_codes() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let page = resets(&panel, &eva, &["a0", "a1"]).await;
    let elsewhere = eva.in_another_browser();
    elsewhere.signs_in().await;
    for person in [&olle, &elsewhere] {
        let seen = person.visits(&page.at).await;
        seen.must_say(200, &["for the session in which eva had them made"]);
        assert!(!seen.has("form[action$='/links']"));
        assert_eq!(downloads(person, &page, &ONE).await.status, 303);
    }
    assert_eq!(downloads(&panel.viewer("vera").await, &page, &ONE).await.status, 404);
    assert_eq!(rows(&downloads(&eva, &page, &ONE).await.body).len(), 2, "nobody has used anything up");
}

#[tokio::test]
async fn links_that_went_astray_are_taken_back_together_and_made_anew() {
    let panel = panel().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let page = resets(&panel, &eva, &["a0", "a1", "a2"]).await;
    let found = rows(&downloads(&eva, &page, &ONE).await.body);
    assert!(reads(&panel, &found[0][1], &found[0][2]).await.is_some());
    let page = olle.visits(&page.at).await;
    page.must_say(200, &["If the file did not arrive or went astray, revoke the links"]);
    let page = olle.presses(&page, "Revoke 2 links").await;
    assert_eq!(marks(&page), ["Read by link", "Link revoked, unread", "Link revoked, unread"]);
    assert_eq!(panel.audit(AuditKind::HandOverRevoked).await.len(), 2);
    assert!(panel.database.texts("SELECT operation_id FROM owner_link WHERE sealed IS NOT NULL").await.is_empty());
    let page = olle.presses(&page, "Try 2 accounts again").await;
    let page = ends(&panel, &olle, &page).await;
    assert_eq!(rows(&downloads(&olle, &page, &ONE).await.body).len(), 2, "what an owner has read stays theirs");
}

#[tokio::test]
async fn without_a_recorded_showing_there_is_no_file_and_one_spoiled_seal_keeps_no_other_back() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = resets(&panel, &eva, &["a0", "a1", "a2"]).await;
    panel.database.run("ALTER TABLE audit RENAME TO audit_away").await;
    let refused = downloads(&eva, &page, &ONE).await;
    assert!(refused.status == 503 && !refused.body.contains("/hand-over/"), "{refused:#?}");
    panel.database.run("ALTER TABLE audit_away RENAME TO audit").await;
    let of = |account| format!("operation_id = (SELECT id FROM operation WHERE address = '{account}@example.se')");
    let other = format!("SELECT ciphertext FROM sealed WHERE {}", of("a0"));
    panel.database.run(&format!("UPDATE sealed SET ciphertext = ({other}) WHERE {}", of("a1"))).await;
    let found = rows(&downloads(&eva, &page, &ONE).await.body);
    assert_eq!(found.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["a0@example.se", "a2@example.se"]);
    assert_eq!(marks(&eva.visits(&page.at).await)[1], "Link and code ready", "it is not said to have been shown");
}

#[tokio::test]
async fn a_run_stops_before_the_first_links_are_over_and_goes_on_after_the_download() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = selects(&eva, "give_links", &["a0", "a1", "a2", "a3"]).await;
    let gate = Gate::before(&panel, RESET);
    let page = begins(&eva, &page).await;
    gate.is_full(&panel).await;
    panel.clock.turn(3 * 60 + 1);
    gate.opens();
    let page = ends(&panel, &eva, &page).await;
    page.must_say(200, &["Download them, then continue with the rest.", "Continue with the rest"]);
    assert_eq!(rows(&downloads(&eva, &page, &ONE).await.body).len(), 2);
    let page = begins(&eva, &eva.visits(&page.at).await).await;
    let page = ends(&panel, &eva, &page).await;
    assert_eq!(rows(&downloads(&eva, &page, &ONE).await.body).len(), 2);
}

#[tokio::test]
async fn links_for_several_are_given_only_where_the_company_offers_them_and_to_whom_may_be_reset() {
    let closed = Stage::of(away()).with("NYCKEL_HAND_OVER", "shown").opens().await;
    let eva = closed.operator("eva").await;
    assert_eq!(eva.visits("/domains/example.se/bulk").await.attributes("#action option", "value"), ["lock_out"]);
    selects(&eva, "give_links", &["a0"]).await.must_say(422, &["Choose what to change."]);

    let many = (0..101).fold(away(), |state, n| state.account(&format!("m{n}@example.se")));
    let panel = Stage::of(many).with("NYCKEL_PROTECTED_ACCOUNTS", "a0@example.se").opens().await;
    let eva = panel.operator("eva").await;
    let names: Vec<_> = (0..101).map(|n| format!("m{n}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    selects(&eva, "give_links", &names).await.must_say(422, &["Select at most 100 accounts."]);
    let page = resets(&panel, &eva, &["a0", "a1"]).await;
    assert_eq!(marks(&page), ["Left out", "Link and code ready"]);
    assert_eq!(rows(&downloads(&eva, &page, &ONE).await.body).len(), 1);
}

#[tokio::test]
async fn resets_of_several_have_limits_of_their_own_and_leave_single_ones_theirs() {
    let limits =
        Stage::of(away()).with("NYCKEL_BULK_RESETS_PER_STAFF", "2/hour").with("NYCKEL_RESETS_PER_STAFF", "1/hour");
    let panel = limits.opens().await;
    let eva = panel.operator("eva").await;
    let page = selects(&eva, "give_links", &["a0", "a1", "a2"]).await;
    page.must_say(200, &["No more than 2 can be reset in the time of the limit."]);
    let page = begins(&eva, &page).await;
    let page = ends(&panel, &eva, &page).await;
    page.must_say(200, &["The person who started it has reached their limit", "Continue with the rest"]);
    assert_eq!(panel.one(AuditKind::BatchStopped).await.outcome.as_deref(), Some("bulk_resets_of_staff"));
    assert_eq!(rows(&downloads(&eva, &page, &ONE).await.body).len(), 2);
    assert!(eva.resets("a3@example.se").await.password().is_some());
}

#[tokio::test]
async fn an_account_that_is_locked_out_or_unknown_meanwhile_says_so_and_what_is_unknown_is_tried_again() {
    let panel = Stage::of(away()).gives_up_after(150).opens().await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let page = selects(&eva, "give_links", &["a0", "a1"]).await;
    let theirs = olle.visits("/accounts/a0@example.se/lock-out").await;
    olle.presses(&theirs, "Lock out").await;
    panel.glesys.fault(RESET, Fault::HangAfter, Times::Once);
    let page = begins(&eva, &page).await;
    let page = ends(&panel, &eva, &page).await;
    assert_eq!(marks(&page), ["Left out", "Unknown"]);
    page.must_say(200, &["It has been locked out since the accounts were chosen.", "nobody has the new password"]);
    panel.clock.turn(61);
    let page = eva.presses(&page, "Try 1 account again").await;
    let page = ends(&panel, &eva, &page).await;
    assert_eq!(marks(&page), ["Left out", "Link and code ready"]);
}

#[tokio::test]
async fn a_manager_gives_links_in_swedish_and_two_people_where_the_company_wants_that() {
    let panel = Stage::of(away()).with("NYCKEL_SECOND_PERSON", "bulk").opens().await;
    let mia = manager(&panel, "mia").await.reading("sv");
    let page = selects(&mia, "give_links", &["a0"]).await;
    page.must_say(200, &["Återställ lösenord med länk och kod", "Kommer att återställas"]);
    assert!(!page.has("form[action$='/begin'] button"), "a colleague has to approve it first");
    assert_eq!(mia.posts(&format!("{}/begin", page.at), &[("run", "0")]).await.status, 403);
    assert_eq!(panel.resets(), (0, 0));
    let usual = usual_panel().await;
    let mia = usual.manager("mia").await.reading("sv");
    let page = resets(&usual, &mia, &["anna"]).await;
    page.must_say(200, &["Länk och kod för 1 konto är klara."]);
    let file = downloads(&mia, &page, &[("format", "excel"), ("files", "one")]).await;
    assert!(file.body.starts_with("\u{feff}\"address\";\"link\";\"code\""), "{file:#?}");
    mia.visits(&page.at).await.must_say(200, &["Länk och kod för 1 konto lämnades ut den", "Återkalla 1 länk"]);
}
