//! The contact address of an account: managers keep it, everybody who had been it is told, and nobody else makes it one.

use nyckel::model::{AuditKind, Fact, Role};

use crate::stage::{MailServer, Page, Panel, Person, Stage};

const ANNA: &str = "anna@example.se";
const PAGE: &str = "/accounts/anna@example.se/contact";
const HERS: &str = "anna.lind@example.net";
const OTHER: &str = "lind@elsewhere.example";
const EDITED: &str = "changed outside the panel, so it is not used";

async fn at_work() -> (Panel, MailServer, Person) {
    let (stage, server) = Stage::usual().with_mail_server().await;
    let panel = stage.with("NYCKEL_LINK_BY_MAIL", "contact").with("NYCKEL_HELP_LINE", "08-123 45 67").opens().await;
    let maria = panel.manager("maria").await;
    (panel, server, maria)
}

async fn sets(person: &Person, address: &str) -> Page {
    let page = person.visits(PAGE).await;
    person.fills_in(&page, "Save", &[("contact", address)]).await
}

async fn kept(panel: &Panel) -> Vec<String> {
    panel.database.texts("SELECT address FROM contact").await
}

/// What the page of a reset offers as the contact.
async fn offered(person: &Person) -> Vec<String> {
    person.visits("/accounts/anna@example.se/reset").await.attributes("[name=mail_contact]", "value")
}

#[tokio::test]
async fn a_contact_is_kept_by_managers_and_whoever_had_been_it_is_told() {
    let (panel, server, maria) = at_work().await;
    sets(&maria, " Anna.Lind@Example.NET ").await.must_say(200, &["Saved.", "Set by maria"]);
    maria.visits("/accounts/anna@example.se").await.must_say(200, &["Contact address", HERS]);
    panel.delivers().await;
    assert!(server.taken().is_empty(), "there was nobody to tell");
    let set = panel.one(AuditKind::ContactSet).await;
    assert_eq!((set.address.unwrap().as_str(), set.facts.text(Fact::Contact)), (ANNA, Some(HERS)));
    assert_eq!(set.staff_name.as_deref(), Some("maria"));

    let page = sets(&maria, OTHER).await;
    page.must_say(200, &["Saved.", "A message to anna.lind@example.net is on its way by email."]);
    panel.delivers().await;
    let told = format!("anna.lind@example.net was notified by email ({}).", panel.time_of_day());
    let page = maria.visits(PAGE).await;
    page.must_say(200, &[&told]);
    maria.presses(&page, "Remove it").await.must_say(200, &["Removed."]);
    panel.delivers().await;
    panel.delivers().await;
    let [changed, removed] = &server.taken()[..] else { panic!("{:#?}", server.taken()) };
    assert_eq!((changed.to.as_str(), removed.to.as_str()), (HERS, OTHER));
    for (message, said) in [
        (changed, "was the contact address of anna@example.se"),
        (changed, "it was replaced by another."),
        (changed, "byttes den ut mot en annan."),
        (removed, "it was removed."),
        (removed, "08-123 45 67"),
    ] {
        assert!(message.text().contains(said), "{said}: {}", message.text());
    }
    assert!(!changed.text().contains(OTHER) && !changed.text().contains("maria"), "{}", changed.text());
    let gone = panel.one(AuditKind::ContactRemoved).await;
    assert_eq!((gone.facts.text(Fact::Contact), gone.facts.text(Fact::ContactBefore)), (None, Some(OTHER)));
    let told = panel.audit(AuditKind::MailboxTold).await;
    assert_eq!(told.iter().filter_map(|event| event.facts.text(Fact::MailedTo)).count(), 2);
    assert!(kept(&panel).await.is_empty());
    let rut = panel.signed_in(Role::Auditor, "rut").await;
    rut.visits("/audit")
        .await
        .must_say(200, &["Contact address set", "anna.lind@example.net → lind@elsewhere.example"]);
}

#[tokio::test]
async fn the_mailbox_itself_and_what_leads_to_it_are_no_contact_of_it() {
    let (panel, _server, maria) = at_work().await;
    for (address, said) in [
        (ANNA, "That is the mailbox itself"),
        ("ANNA+private@example.se", "That is the mailbox itself"),
        ("info@example.se", "ends up in the mailbox itself"),
        ("info+x@example.se", "ends up in the mailbox itself"),
        ("anna", "Enter an email address"),
        ("a b@example.net", "Enter an email address"),
        ("anna@localhost", "Enter an email address"),
        ("*@example.net", "Enter an email address"),
        ("anna@example.net, bo@example.net", "Enter an email address"),
        ("Anna <anna@example.net>", "Enter an email address"),
        ("<script>alert(1)</script>@example.net", "Enter an email address"),
        ("", "Enter an email address"),
    ] {
        let page = sets(&maria, address).await;
        page.must_say(422, &[said]);
        assert_eq!(page.attributes("#contact", "value"), [address], "what was typed is kept");
    }
    panel.glesys.change(|state| *state = std::mem::take(state).alias("*@example.se", "anna@example.se"));
    panel.built.app.directory.read_all().await;
    sets(&maria, "nobody@example.se").await.must_say(422, &["ends up in the mailbox itself"]);
    sets(&maria, "bo@example.se").await.must_say(200, &["Saved."]);
    assert_eq!(kept(&panel).await, ["bo@example.se"]);
}

#[tokio::test]
async fn only_managers_change_it_with_a_fresh_proof_and_nobody_a_protected_one() {
    let (stage, _server) = Stage::usual().with_mail_server().await;
    let stage = stage.with("NYCKEL_LINK_BY_MAIL", "any").with("NYCKEL_PROTECTED_ACCOUNTS", "bo@example.se");
    let panel = stage.opens().await;
    let (maria, eva, vera) = (panel.manager("maria").await, panel.operator("eva").await, panel.viewer("vera").await);
    sets(&maria, HERS).await.must_say(200, &["Saved."]);
    eva.visits(PAGE).await.must_say(403, &[]);
    assert_eq!(eva.posts(PAGE, &[("contact", OTHER), ("seen", HERS)]).await.status, 403);
    eva.visits("/accounts/anna@example.se").await.must_say(200, &[HERS, "Only managers can do this."]);
    assert!(!vera.visits("/accounts/anna@example.se").await.says(HERS), "it is not theirs to know");
    maria.visits("/accounts/bo@example.se/contact").await.must_say(403, &[]);
    let answer = maria.posts("/accounts/bo@example.se/contact", &[("contact", OTHER), ("seen", "")]).await;
    assert_eq!(answer.status, 403);
    maria.visits("/accounts/nobody@example.se/contact").await.must_say(404, &[]);

    panel.clock.turn(601);
    assert!(maria.posts(PAGE, &[("do", "remove"), ("seen", HERS)]).await.header("location").contains("/sign-in/again"));
    let page = maria.visits(PAGE).await;
    page.must_say(200, &["Confirm it’s you"]);
    assert_eq!(kept(&panel).await, [HERS]);
}

#[tokio::test]
async fn of_two_who_change_it_at_once_the_second_learns_of_the_first() {
    let (panel, server, maria) = at_work().await;
    sets(&maria, HERS).await;
    let petra = panel.manager("petra").await;
    let (hers, theirs) = (maria.visits(PAGE).await, petra.visits(PAGE).await);
    petra.fills_in(&theirs, "Save", &[("contact", OTHER)]).await.must_say(200, &["Saved."]);
    let page = maria.fills_in(&hers, "Save", &[("contact", "third@example.net")]).await;
    page.must_say(422, &["The contact address was changed meanwhile."]);
    maria.presses(&hers, "Remove it").await.must_say(422, &["The contact address was changed meanwhile."]);
    assert_eq!(kept(&panel).await, [OTHER]);
    // A double click is one change, and one message.
    petra.fills_in(&theirs, "Save", &[("contact", OTHER)]).await.must_say(200, &["Saved."]);
    panel.delivers().await;
    assert_eq!((server.taken().len(), panel.audit(AuditKind::ContactSet).await.len()), (1, 2));
}

#[tokio::test]
async fn what_is_written_past_the_panel_is_no_contact_nor_is_an_older_one_put_back() {
    let (panel, server, maria) = at_work().await;
    let row = "SELECT account || '|' || address || '|' || set_by || '|' || set_at FROM contact";
    sets(&maria, HERS).await;
    assert_eq!(offered(&maria).await, [HERS]);
    let before = panel.database.texts(row).await;
    panel.database.run("CREATE TABLE before AS SELECT * FROM contact").await;
    panel.database.run("UPDATE contact SET address = 'thief@elsewhere.example'").await;
    assert!(offered(&maria).await.is_empty());
    maria.visits("/accounts/anna@example.se/reset").await.must_say(200, &[EDITED]);
    maria.visits(PAGE).await.must_say(200, &[EDITED]);
    sets(&maria, OTHER).await.must_say(200, &["Saved."]);
    panel.delivers().await;
    assert_eq!(server.taken().remove(0).to, HERS, "whom the panel knew is told, not the thief");

    panel.database.run("DELETE FROM contact").await;
    panel.database.run("INSERT INTO contact SELECT * FROM before").await;
    assert_eq!(panel.database.texts(row).await, before);
    assert!(offered(&maria).await.is_empty(), "its MAC holds, but the audit tells of a later one");
    maria.visits(PAGE).await.must_say(200, &[EDITED]);
}

#[tokio::test]
async fn whoever_removes_a_contact_past_the_panel_does_not_keep_it_from_being_told() {
    let (panel, server, maria) = at_work().await;
    sets(&maria, HERS).await;
    panel.database.run("DELETE FROM contact").await;
    maria.visits(PAGE).await.must_say(200, &[EDITED]);
    sets(&maria, OTHER).await.must_say(200, &["Saved."]);
    panel.delivers().await;
    assert_eq!(server.taken().remove(0).to, HERS);
    panel.database.run("DELETE FROM contact").await;
    let page = maria.visits(PAGE).await;
    maria.presses(&page, "Remove it").await.must_say(200, &["Removed."]);
    assert!(!maria.visits(PAGE).await.says(EDITED));
    panel.delivers().await;
    assert_eq!(server.taken().remove(1).to, OTHER);
}

#[tokio::test]
async fn a_contact_ends_with_its_account() {
    let (panel, server, maria) = at_work().await;
    sets(&maria, HERS).await;
    let page = maria.visits("/accounts/anna@example.se/delete").await;
    maria.fills_in(&page, "Delete account", &[("address", ANNA)]).await;
    assert!(kept(&panel).await.is_empty());
    let gone = panel.one(AuditKind::ContactRemoved).await;
    assert!(gone.operation.is_some() && gone.facts.text(Fact::ContactBefore) == Some(HERS));
    panel.delivers().await;
    assert_eq!(server.taken().remove(0).to, HERS);
}

#[tokio::test]
async fn a_stranger_is_not_flooded_with_news_of_contacts() {
    let (panel, server, maria) = at_work().await;
    for round in 0..5 {
        sets(&maria, HERS).await.must_say(200, &["Saved."]);
        sets(&maria, &format!("other{round}@elsewhere.example")).await.must_say(200, &["Saved."]);
    }
    sets(&maria, HERS).await.must_say(422, &["The panel sends at most 5 messages an hour to one address"]);
    // What is kept can be removed all the same.
    let page = maria.visits(PAGE).await;
    maria.presses(&page, "Remove it").await.must_say(200, &["Removed."]);
    for _ in 0..3 {
        panel.delivers().await;
    }
    assert_eq!(server.taken().iter().filter(|taken| taken.to == HERS).count(), 5);
    assert!(kept(&panel).await.is_empty());
}

#[tokio::test]
async fn whoever_has_had_all_messages_of_an_hour_is_told_in_the_next_that_they_are_the_contact_no_more() {
    let (panel, server, maria) = at_work().await;
    sets(&maria, HERS).await;
    for round in 0..5 {
        for address in [HERS.to_owned(), format!("other{round}@elsewhere.example")] {
            let page = maria.visits("/accounts/bo@example.se/contact").await;
            maria.fills_in(&page, "Save", &[("contact", &address)]).await.must_say(200, &["Saved."]);
        }
    }
    sets(&maria, OTHER).await.must_say(200, &["Saved.", "A message to anna.lind@example.net is on its way by email."]);
    let told = async || {
        for _ in 0..3 {
            panel.delivers().await;
        }
        server.taken().iter().filter(|taken| taken.to == HERS).count()
    };
    assert_eq!(told().await, 5);
    panel.clock.turn(3601);
    panel.sweeps().await;
    panel.sweeps().await;
    assert_eq!(told().await, 6);
}

#[tokio::test]
async fn where_links_do_not_go_by_mail_the_page_says_so_and_can_still_remove_one() {
    let (panel, _server, maria) = at_work().await;
    sets(&maria, HERS).await;
    let silent = Box::pin(panel.replica_that(|panel| panel.config.smtp = None)).await;
    let petra = silent.manager("petra").await;
    let page = petra.visits(PAGE).await;
    page.must_say(200, &["Links are not sent by email at the moment"]);
    assert!(!petra.visits("/accounts/anna@example.se").await.says("Contact address"));
    petra.presses(&page, "Remove it").await.must_say(200, &["Removed."]);
    assert!(kept(&panel).await.is_empty());
}
