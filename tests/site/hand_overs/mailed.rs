//! The link, sent to its owner by mail: to whom it may go, once, with nothing of it kept, and said as it is.

use nyckel::model::{AuditKind, Fact, Role};

use super::{Passed, count, owner, passed, types};
use crate::stage::{MAIL_PASSWORD, MailServer, Page, Panel, Person, Stage};

const ANNA: &str = "/accounts/anna@example.se/reset";
const HERS: &str = "anna.lind@example.net";
const LEFT: &str = "SELECT operation_id FROM link_mail WHERE ended IS NULL";

async fn at_work(by_mail: &str) -> (Panel, MailServer, Person) {
    let (stage, server) = Stage::usual().with_mail_server().await;
    let stage = stage.with("NYCKEL_LINK_BY_MAIL", by_mail).with("NYCKEL_HELP_LINE", "08-123 45 67");
    let stage = ["PER_STAFF", "PER_ACCOUNT", "TOTAL"]
        .iter()
        .fold(stage, |stage, limit| stage.with(&format!("NYCKEL_RESETS_{limit}"), "off"));
    let panel = stage.opens().await;
    let maria = panel.manager("maria").await;
    (panel, server, maria)
}

async fn has_contact(manager: &Person, address: &str) {
    let page = manager.visits("/accounts/anna@example.se/contact").await;
    manager.fills_in(&page, "Save", &[("contact", address)]).await.must_say(200, &["Saved."]);
}

async fn mails(person: &Person, fields: &[(&str, &str)]) -> Page {
    let page = person.visits(ANNA).await;
    let fields = [&[("hand_over", "link")], fields].concat();
    person.fills_in(&page, "Reset password", &fields).await
}

async fn mails_to(person: &Person, address: &str) -> Page {
    mails(person, &[("mail", "typed"), ("mail_to", address)]).await
}

/// The messages with links, without those that tell the mailbox.
fn links(server: &MailServer) -> Vec<crate::stage::Taken> {
    server.taken().into_iter().filter(|taken| taken.id().contains(".link@")).collect()
}

#[tokio::test]
async fn a_link_goes_to_the_contact_and_its_code_does_not() {
    let (panel, server, maria) = at_work("contact").await;
    has_contact(&maria, HERS).await;
    let eva = panel.operator("eva").await;
    let asks = eva.visits(ANNA).await;
    asks.must_say(200, &["Send the link by email", "To the contact address anna.lind@example.net"]);
    assert!(!asks.has("#mail_to"), "no other address can be typed");
    let page = eva.fills_in(&asks, "Reset password", &[("hand_over", "link"), ("mail", "contact")]).await;
    let sent = format!("The link was sent to anna.lind@example.net by email ({}).", panel.time_of_day());
    page.must_say(201, &[&sent]);
    let Passed { link, code, result } = passed(&panel, &page);
    let secret = link.rsplit('/').next().unwrap().to_owned();

    let [mail] = &links(&server)[..] else { panic!("{:#?}", server.taken()) };
    assert_eq!((mail.from.as_str(), mail.to.as_str()), ("it@example.se", HERS));
    let whole = page.text("#link");
    assert_eq!(mail.text().matches(&whole).count(), 2, "{}", mail.text());
    assert!(!mail.raw.contains(&code) && !mail.text().contains(&code), "{}", mail.text());
    assert!(mail.text().contains("The page asks for a code") && mail.text().contains("08-123 45 67"));
    for (table, rows) in panel.database.dump().await {
        let holds = |what: &str| rows.iter().any(|row| row.contains(what));
        assert!(!holds(&secret) && !holds(&code), "{table} holds the link or its code");
    }

    for kind in [AuditKind::ResetIntent, AuditKind::HandOverMailed] {
        assert_eq!(panel.one(kind).await.facts.text(Fact::MailedTo), Some(HERS), "{kind:?}");
    }
    eva.visits(&result).await.must_say(200, &[&sent]);
    let vera = panel.viewer("vera").await;
    let theirs = vera.visits(&result).await;
    theirs.must_say(200, &["The link was sent to a…@example.net by email"]);
    assert!(!theirs.says(HERS));
    let handed = Passed { link, code: code.clone(), result };
    assert!(types(&owner(&panel), &handed, &code).await.password().is_some());
    for _ in 0..3 {
        panel.delivers().await;
    }
    assert_eq!(links(&server).len(), 1, "it is never sent again");
}

#[tokio::test]
async fn a_typed_address_is_taken_where_the_company_says_so_and_never_the_mailbox_itself() {
    let (panel, server, maria) = at_work("any").await;
    let before = panel.resets();
    for (address, said) in [
        ("anna@example.se", "That is the mailbox itself"),
        ("Anna+x@EXAMPLE.se", "That is the mailbox itself"),
        ("info@example.se", "ends up in the mailbox itself"),
        ("nobody@example.se", "There is no such address in that domain"),
        ("anna@\u{435}xample.net", "mixes letters from different alphabets"),
        ("anna.lind", "Enter an email address"),
        ("a@b.se\r\nBcc: eve@elsewhere.example", "Enter an email address"),
        ("", "Enter an email address"),
    ] {
        let page = mails_to(&maria, address).await;
        page.must_say(422, &[said]);
        assert!(page.has("[name=mail][value=typed][checked]") && page.has("[name=hand_over][value=link][checked]"));
    }
    assert_eq!((panel.resets(), count(&panel, AuditKind::ResetIntent).await), (before, 0));
    let refused = panel.audit(AuditKind::ResetRefused).await;
    assert!(refused.iter().any(|event| event.outcome.as_deref() == Some("mail_to_the_mailbox")), "{refused:?}");
    mails_to(&maria, HERS).await.must_say(201, &["The link was sent to anna.lind@example.net by email"]);
    assert_eq!(links(&server).remove(0).to, HERS);
    // What was chosen for a link means nothing where the password is shown.
    let page = mails(&maria, &[("hand_over", "shown"), ("mail", "typed"), ("mail_to", HERS)]).await;
    assert!(page.password().is_some());
    assert_eq!(links(&server).len(), 1);
}

#[tokio::test]
async fn no_door_leads_past_what_the_company_lets_be_mailed() {
    for by_mail in ["contact", "off"] {
        let (panel, server, maria) = at_work(by_mail).await;
        for fields in [[("mail", "typed"), ("mail_to", HERS)], [("mail", "contact"), ("mail_contact", HERS)]] {
            assert_eq!(mails(&maria, &fields).await.status, 422, "{by_mail} {fields:?}");
        }
        assert_eq!((panel.resets(), server.taken().len()), ((0, 0), 0), "{by_mail}");
        let page = maria.visits(ANNA).await;
        assert_eq!(page.says("This account has no contact address"), by_mail == "contact");
        assert!(!page.has("[name=mail]"));
    }
}

#[tokio::test]
async fn a_contact_that_was_changed_since_gets_nothing() {
    let (panel, server, maria) = at_work("contact").await;
    has_contact(&maria, HERS).await;
    let eva = panel.operator("eva").await;
    let asks = eva.visits(ANNA).await;
    has_contact(&maria, "lind@elsewhere.example").await;
    let page = eva.fills_in(&asks, "Reset password", &[("hand_over", "link"), ("mail", "contact")]).await;
    page.must_say(422, &["The contact address was changed meanwhile.", "lind@elsewhere.example"]);
    assert_eq!((panel.resets(), links(&server).len()), ((0, 0), 0));
}

#[tokio::test]
async fn one_page_posted_twice_is_one_reset_and_one_message() {
    let (panel, server, maria) = at_work("any").await;
    let asks = maria.visits(ANNA).await;
    let fields = [("hand_over", "link"), ("mail", "typed"), ("mail_to", HERS)];
    let press = || maria.fills_in(&asks, "Reset password", &fields);
    tokio::join!(press(), press());
    press().await;
    assert_eq!((panel.resets(), links(&server).len(), count(&panel, AuditKind::HandOverMailed).await), ((1, 1), 1, 1));
}

/// The fault matrix of the mail server, at the one try.
#[tokio::test]
async fn whatever_the_mail_server_does_the_reset_is_done_and_the_page_says_whether_the_link_was_sent() {
    use AuditKind::{HandOverMailUnknown as Unknown, HandOverNotMailed as NotSent};
    type Does = Box<dyn Fn(&MailServer)>;
    let answers =
        |command: &'static str, answer: &'static str| move |server: &MailServer| server.answers(command, answer);
    let rows: [(&str, Does, AuditKind, &str); 9] = [
        ("no such mailbox", Box::new(answers("RCPT", "550 5.1.1 no such mailbox")), NotSent, "recipient_refused"),
        ("greylisted", Box::new(answers("RCPT", "451 4.7.1 come back later")), NotSent, "deferred"),
        ("sender refused", Box::new(answers("MAIL", "553 5.7.1 not you")), NotSent, "sender_refused"),
        ("message refused", Box::new(answers("DATA", "554 5.6.0 no links here")), NotSent, "message_refused"),
        ("ends the talk", Box::new(answers("RCPT", "421 4.3.2 going down")), NotSent, "server_away"),
        ("knows no greeting", Box::new(answers("EHLO", "502 no such command")), NotSent, "server_away"),
        ("no mail server", Box::new(answers("EHLO", "hello yourself")), NotSent, "not_smtp"),
        ("wrong password", Box::new(|server| server.changes_the_password("another")), NotSent, "wrong_login"),
        ("takes it and is cut", Box::new(MailServer::falls_mute), Unknown, "server_away"),
    ];
    for (name, does, kind, outcome) in rows {
        let (panel, server, maria) = at_work("any").await;
        does(&server);
        let page = mails_to(&maria, HERS).await;
        let said = if kind == Unknown {
            "It is not known whether the link was sent to anna.lind@example.net by email"
        } else {
            "The link was not sent to anna.lind@example.net by email:"
        };
        page.must_say(201, &[said, "Pass the link on in another way. The panel does not try again."]);
        let event = panel.one(kind).await;
        assert_eq!(event.outcome.as_deref(), Some(outcome), "{name}");
        assert_eq!((panel.resets(), panel.database.texts(LEFT).await.len()), ((1, 1), 0), "{name}");
        let handed = passed(&panel, &page);
        maria.visits(&handed.result).await.must_say(200, &[said, "reset the password again to send another."]);
        server.behaves();
        server.changes_the_password(MAIL_PASSWORD);
        panel.delivers().await;
        assert_eq!(links(&server).len(), usize::from(kind == Unknown), "{name}: it is not tried again");
        assert!(types(&owner(&panel), &handed, &handed.code).await.password().is_some(), "{name}: the link is good");
    }
    let (panel, server, maria) = at_work("any").await;
    server.goes_away().await;
    let page = mails_to(&maria, HERS).await;
    page.must_say(201, &["The link was not sent to anna.lind@example.net by email: the mail server can’t be reached"]);
    assert_eq!(panel.one(NotSent).await.outcome.as_deref(), Some("server_away"));
}

#[tokio::test]
async fn of_a_reset_that_was_not_done_no_link_is_mailed() {
    use nyckel::simulator::{Fault, Times};
    let (panel, server, maria) = at_work("any").await;
    panel.glesys.fault("email/resetpassword", Fault::EndBefore, Times::Once);
    mails_to(&maria, HERS).await.must_say(200, &["We don’t know if the password was reset"]);
    panel.clock.turn(61);
    panel.glesys.deny_function("email/resetpassword");
    mails_to(&maria, HERS).await.must_say(200, &["Password not reset:"]);
    assert!(links(&server).is_empty());
    assert!(panel.database.texts("SELECT operation_id FROM link_mail").await.is_empty(), "nothing waits");
}

#[tokio::test]
async fn whoever_is_killed_before_it_is_recorded_leaves_it_unknown_and_nobody_sends_it_again() {
    let (panel, server, maria) = at_work("any").await;
    let page = mails_to(&maria, HERS).await;
    let handed = passed(&panel, &page);
    // As a kill leaves it: the outcome is durable, what became of the mail is not.
    panel.database.run("UPDATE link_mail SET ended = NULL, failure = NULL, ended_at = NULL").await;
    maria.visits(&handed.result).await.must_say(200, &["The link is on its way to anna.lind@example.net by email."]);
    panel.sweeps().await;
    assert_eq!(count(&panel, AuditKind::HandOverMailUnknown).await, 0, "it may be under way");
    // A replica that starts knows of no time that nobody has noted yet.
    let replica = panel.replica().await;
    panel.clock.turn(121);
    panel.sweeps().await;
    replica.sweeps().await;
    panel.sweeps().await;
    let event = panel.one(AuditKind::HandOverMailUnknown).await;
    assert_eq!((event.outcome, event.facts.text(Fact::MailedTo)), (None, Some(HERS)));
    let said = "It is not known whether the link was sent to anna.lind@example.net by email.";
    maria.visits(&handed.result).await.must_say(200, &[said, "reset the password again to send another."]);
    panel.delivers().await;
    assert_eq!(links(&server).len(), 1);
    let rut = panel.signed_in(Role::Auditor, "rut").await;
    rut.visits("/audit").await.must_say(200, &["Link sent by email, or maybe not"]);
}

#[tokio::test]
async fn a_stranger_is_not_flooded_with_links_whoever_asks_for_them() {
    let (panel, server, maria) = at_work("any").await;
    let eva = panel.operator("eva").await;
    let replica = panel.replica().await;
    for (round, person) in [&maria, &eva, &maria.at(&replica), &eva, &maria].into_iter().enumerate() {
        let address = if round % 2 == 0 { HERS.to_owned() } else { format!("anna.lind+{round}@example.net") };
        mails_to(person, &address).await.must_say(201, &["The link was sent to"]);
    }
    let full = "The panel sends at most 5 messages an hour to one address";
    for (person, address) in [(&maria, HERS), (&eva, "ANNA.LIND+new@example.net")] {
        mails_to(person, address).await.must_say(422, &[full]);
    }
    mails_to(&eva, "somebody@example.net").await.must_say(201, &["The link was sent to"]);
    assert_eq!(links(&server).len(), 6);
    panel.clock.set_by(-7200);
    mails_to(&panel.operator("lisa").await, HERS).await.must_say(422, &[full]);
    panel.clock.set_by(7200);
    panel.clock.turn(3601);
    panel.sweeps().await;
    panel.sweeps().await;
    mails_to(&panel.operator("olga").await, HERS).await.must_say(201, &["The link was sent to"]);
}

#[tokio::test]
async fn what_was_chosen_outlasts_a_proof_and_a_session() {
    let (panel, _server, _maria) = at_work("any").await;
    let eva = panel.operator("eva").await;
    let asks = eva.visits(ANNA).await;
    panel.clock.turn(13 * 3600);
    let fields = [("hand_over", "link"), ("mail", "typed"), ("mail_to", HERS)];
    let page = eva.fills_in(&asks, "Reset password", &fields).await;
    let page = eva.fills_in(&page, "Sign in", &[("name", "eva"), ("password", crate::stage::PASSWORD)]).await;
    assert_eq!(page.attributes("#mail_to", "value"), [HERS], "{page:#?}");
    assert!(page.has("[name=mail][value=typed][checked]"));
}
