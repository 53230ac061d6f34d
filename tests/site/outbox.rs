//! Owners of mailboxes are told by mail of resets and lock-outs, once each, whatever becomes of the mail server or of us.

use nyckel::model::AuditKind;
use nyckel::simulator::{Fault, Times};

use crate::stage::{MAIL_PASSWORD, MailServer, Panel, Person, Stage};

const ANNA: &str = "anna@example.se";
const RESET: &str = "email/resetpassword";
const WAITING: &str = "SELECT operation_id FROM outbox WHERE ended IS NULL";
/// The longest wait between two tries, in seconds.
const WAIT: i64 = 30 * 60;

/// A panel with a mail server, and an operator.
async fn at_work() -> (Panel, MailServer, Person) {
    let (stage, server) = Stage::usual().with_mail_server().await;
    let stage = stage.with("NYCKEL_COMPANY", "Räksmörgås AB").with("NYCKEL_HELP_LINE", "08-123 45 67");
    let panel = stage.opens().await;
    let eva = panel.operator("eva").await;
    (panel, server, eva)
}

async fn locks_out(person: &Person, address: &str) {
    let page = person.visits(&format!("/accounts/{address}/lock-out")).await;
    person.presses(&page, "Lock out").await.must_say(200, &[address]);
}

async fn kinds(panel: &Panel) -> [usize; 3] {
    let mut counts = [0; 3];
    let kinds = [AuditKind::MailboxTold, AuditKind::MailboxToldLate, AuditKind::MailboxNotTold];
    for (count, kind) in counts.iter_mut().zip(kinds) {
        *count = panel.audit(kind).await.len();
    }
    counts
}

#[tokio::test]
async fn a_mailbox_is_told_once_of_its_reset_and_of_no_secret() {
    let (panel, server, eva) = at_work().await;
    let page = eva.visits(&format!("/accounts/{ANNA}/reset")).await;
    let page = eva.fills_in(&page, "Reset password", &[("ticket", "INC-812")]).await;
    let password = page.password().unwrap();
    let waits = eva.visits(&format!("/accounts/{ANNA}")).await;
    waits.must_say(200, &["A message to the owner is on its way by email."]);
    for _ in 0..3 {
        panel.delivers().await;
    }
    let [taken] = &server.taken()[..] else { panic!("{:#?}", server.taken()) };
    assert_eq!((taken.from.as_str(), taken.to.as_str()), ("it@example.se", ANNA));
    let text = taken.text();
    for said in [
        "Supporten återställde lösenordet till anna@example.se den 23 november 2026 kl.",
        "The help desk reset the password of anna@example.se on 23 November 2026 at",
        "Reason or ticket: INC-812",
        "Support: 08-123 45 67",
        "Räksmörgås AB",
    ] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    assert!(!text.contains(&password) && !taken.raw.contains(&password) && !text.contains("eva"), "{text}");
    assert!(taken.raw.contains("Auto-Submitted: auto-generated\r\n"), "no automatic reply answers it");
    let event = panel.one(AuditKind::MailboxTold).await;
    assert_eq!((event.address.unwrap().as_str(), event.outcome), (ANNA, None));
    let told = format!("The owner was notified by email ({}).", panel.time_of_day());
    eva.visits(&format!("/accounts/{ANNA}")).await.must_say(200, &[&told]);
    eva.visits(&page.at).await.must_say(200, &[&told]);
}

#[tokio::test]
async fn a_message_about_a_link_holds_neither_link_nor_code() {
    let (panel, server, eva) = at_work().await;
    let page = eva.visits(&format!("/accounts/{ANNA}/reset")).await;
    let page = eva.fills_in(&page, "Reset password", &[("hand_over", "link")]).await;
    let secrets = [page.text("#code"), page.text("#link").rsplit('/').next().unwrap().to_owned()];
    panel.delivers().await;
    let taken = server.taken().remove(0);
    for part in [taken.text(), taken.raw] {
        assert!(secrets.iter().all(|secret| !part.contains(secret.as_str())) && !part.contains("http"), "{part}");
    }
}

#[tokio::test]
async fn lock_outs_are_told_of_one_by_one_and_several_at_once_but_not_what_changed_nothing() {
    let (panel, server, eva) = at_work().await;
    locks_out(&eva, ANNA).await;
    panel.glesys.fault(RESET, Fault::EndBefore, Times::Once);
    eva.resets("carl@example.com").await.must_say(200, &["We don’t know if the password was reset"]);
    panel.delivers().await;
    // Those of one moment go in either order.
    let mut told = server.taken();
    told.sort_by(|one, other| one.to.cmp(&other.to));
    assert_eq!(told.iter().map(|taken| taken.to.as_str()).collect::<Vec<_>>(), [ANNA, "carl@example.com"]);
    assert!(told[0].text().contains("The help desk locked anna@example.se on"), "{}", told[0].text());
    assert!(told[1].text().contains("Whether it was reset is not known"), "{}", told[1].text());
    assert!(told[1].raw.contains("Subject: Om ditt =?utf-8?"), "{}", told[1].raw);

    let page = eva.posts("/domains/example.se/bulk", &[("action", "lock_out"), ("account", "bo")]).await;
    let page = eva.visits(page.header("location")).await;
    eva.presses(&page, &page.text("form[action$='/begin'] button")).await;
    let running = "SELECT id FROM batch WHERE state = 'running'";
    panel.until(move |panel| async move { panel.database.texts(running).await.is_empty() }).await;
    panel.glesys.deny_function(RESET);
    eva.resets("asa@xn--rksmrgs-5wao1o.se").await.must_say(200, &["Password not reset:"]);
    panel.delivers().await;
    assert_eq!(server.taken().len(), 3);
    assert_eq!(server.taken()[2].to, "bo@example.se");
    assert!(panel.database.texts(WAITING).await.is_empty(), "nothing is left of what changed nothing");
    assert_eq!(kinds(&panel).await, [3, 0, 0]);
}

#[tokio::test]
async fn whoever_types_a_reason_is_told_first_that_the_mailbox_gets_it() {
    let told = ["The owner will be notified by email.", "Each owner will be notified by email."];
    let read = "Anyone who reads the mailbox gets to see it, too.";
    let (panel, _server, eva) = at_work().await;
    let chosen = [("action", "lock_out"), ("account", "bo"), ("account", "anna")];
    let several = eva.posts("/domains/example.se/bulk", &chosen).await.header("location").to_owned();
    for (page, several) in
        [(format!("/accounts/{ANNA}/reset"), false), (format!("/accounts/{ANNA}/lock-out"), false), (several, true)]
    {
        eva.visits(&page).await.must_say(200, &[read, told[usize::from(several)]]);
    }
    let silent = Box::pin(panel.replica_that(|panel| panel.config.smtp = None)).await;
    let lisa = silent.operator("lisa").await;
    for page in ["reset", "lock-out"] {
        let page = lisa.visits(&format!("/accounts/{ANNA}/{page}")).await;
        assert!(!page.says(read) && !page.says(told[0]), "nobody is told");
    }
}

#[tokio::test]
async fn what_the_server_took_without_a_word_is_sent_again_as_the_same_message() {
    let (panel, server, eva) = at_work().await;
    eva.resets(ANNA).await;
    server.falls_mute();
    panel.delivers().await;
    server.behaves();
    panel.delivers().await;
    assert_eq!(server.taken().len(), 1, "the server is left alone for a while");
    panel.clock.turn(WAIT);
    panel.delivers().await;
    let [first, second] = &server.taken()[..] else { panic!("{:#?}", server.taken()) };
    assert_eq!(first, second);
    assert!(first.id().ends_with("@example.se>"), "{}", first.id());
    assert_eq!(kinds(&panel).await, [1, 1, 0]);
}

#[tokio::test]
async fn whoever_is_killed_while_sending_leaves_the_message_to_the_next() {
    let (panel, server, eva) = at_work().await;
    eva.resets(ANNA).await;
    // Taken, and then nothing was recorded any more.
    panel.database.run("UPDATE outbox SET tries = 1, due_elapsed = (SELECT elapsed FROM tick) + 120000").await;
    panel.delivers().await;
    assert_eq!(server.taken().len(), 0, "it may be under way");
    panel.clock.turn(121);
    panel.sweeps().await;
    let replica = panel.replica().await;
    tokio::join!(panel.delivers(), replica.delivers());
    assert_eq!((server.taken().len(), kinds(&panel).await), (1, [1, 0, 0]), "and only one sends it");
}

#[tokio::test]
async fn a_wrong_password_at_the_mail_server_is_tried_once_for_all_messages() {
    let (panel, server, eva) = at_work().await;
    server.changes_the_password("another");
    for address in [ANNA, "bo@example.se", "carl@example.com"] {
        assert!(eva.resets(address).await.password().is_some(), "a reset does not mind");
    }
    for _ in 0..3 {
        panel.delivers().await;
    }
    assert_eq!((server.sign_ins(), server.taken().len()), (1, 0));
    let event = panel.one(AuditKind::MailboxToldLate).await;
    assert_eq!(event.outcome.as_deref(), Some("wrong_login"));
    for address in [ANNA, "carl@example.com"] {
        let page = eva.visits(&format!("/accounts/{address}")).await;
        page.must_say(
            200,
            &["has not been notified by email yet: the mail server does not take the panel’s name and password."],
        );
    }
    let auditor = panel.signed_in(nyckel::model::Role::Auditor, "rut").await;
    let audit = auditor.visits("/audit").await;
    audit.must_say(200, &["Message to the mailbox delayed", "does not take the panel’s name and password"]);

    let (code, said) = panel.runs("check").await;
    assert!(code == Some(1) && said.contains("mail server: the mail server does not take"), "{code:?} {said}");
    server.changes_the_password(MAIL_PASSWORD);
    let (code, said) = panel.runs("check").await;
    assert!(code == Some(0) && said.contains("mail server: good"), "{code:?} {said}");
    assert_eq!(server.taken().len(), 0, "a check sends nothing");
    panel.clock.turn(WAIT);
    panel.delivers().await;
    assert_eq!((server.taken().len(), kinds(&panel).await), (3, [3, 1, 0]));
}

#[tokio::test]
async fn one_mailbox_that_is_refused_holds_up_no_other() {
    let (panel, server, eva) = at_work().await;
    server.answers("RCPT TO:<anna@", "550 5.1.1 no such mailbox");
    server.answers("RCPT TO:<bo@", "451 4.7.1 come back later");
    for address in [ANNA, "bo@example.se", "carl@example.com"] {
        eva.resets(address).await;
    }
    panel.delivers().await;
    assert_eq!(server.taken().iter().map(|taken| taken.to.as_str()).collect::<Vec<_>>(), ["carl@example.com"]);
    assert_eq!(panel.one(AuditKind::MailboxNotTold).await.outcome.as_deref(), Some("recipient_refused"));
    assert_eq!(panel.one(AuditKind::MailboxToldLate).await.outcome.as_deref(), Some("deferred"));
    let page = eva.visits(&format!("/accounts/{ANNA}")).await;
    page.must_say(
        200,
        &["The owner was not notified by email: the mail server does not take mail to this address. Tell the owner yourself."],
    );
    server.behaves();
    panel.clock.turn(61);
    panel.delivers().await;
    assert_eq!(server.taken().len(), 2, "as after greylisting; what was refused is not tried again");
    assert_eq!(kinds(&panel).await, [2, 1, 1]);
}

#[tokio::test]
async fn a_server_that_is_gone_may_come_back_and_in_the_end_is_not_waited_for() {
    let (panel, server, eva) = at_work().await;
    server.goes_away().await;
    eva.resets(ANNA).await;
    panel.delivers().await;
    panel.clock.turn(WAIT);
    server.comes_back().await;
    panel.delivers().await;
    assert_eq!((server.taken().len(), kinds(&panel).await), (1, [1, 1, 0]));

    server.goes_away().await;
    let lisa = panel.operator("lisa").await;
    let page = lisa.resets("bo@example.se").await;
    panel.clock.turn(71 * 3600);
    panel.delivers().await;
    assert_eq!(panel.database.texts(WAITING).await.len(), 1);
    panel.clock.turn(3601);
    panel.delivers().await;
    let given_up = panel.one(AuditKind::MailboxNotTold).await;
    assert_eq!(given_up.outcome.as_deref(), Some("server_away"));
    server.comes_back().await;
    panel.clock.turn(WAIT);
    panel.delivers().await;
    assert_eq!(server.taken().len(), 1, "what was given up stays so");
    let id = page.at.rsplit('/').next().unwrap();
    assert_eq!(panel.operation(id).await.state(), nyckel::model::OperationState::Done, "and undoes nothing");
}

#[tokio::test]
async fn a_server_that_talks_to_us_and_takes_nothing_is_not_said_to_be_out_of_reach_alone() {
    let (panel, server, eva) = at_work().await;
    server.answers("EHLO", "502 no such command");
    eva.resets(ANNA).await;
    panel.delivers().await;
    let page = eva.visits("/accounts/anna@example.se").await;
    page.must_say(200, &["not been notified by email yet: the mail server can’t be reached or takes no messages now."]);
    server.behaves();
    panel.clock.turn(WAIT);
    panel.delivers().await;
    assert_eq!((server.taken().len(), kinds(&panel).await), (1, [1, 1, 0]));
}

#[tokio::test]
async fn a_clock_that_is_set_changes_nothing_about_when_a_message_is_sent() {
    let (panel, server, eva) = at_work().await;
    server.goes_away().await;
    eva.resets(ANNA).await;
    panel.delivers().await;
    panel.clock.set_by(10 * 24 * 3600);
    panel.delivers().await;
    assert_eq!(panel.database.texts(WAITING).await.len(), 1);
    panel.clock.set_by(-20 * 24 * 3600);
    panel.clock.turn(WAIT);
    server.comes_back().await;
    panel.delivers().await;
    assert_eq!(server.taken().len(), 1);
}

#[tokio::test]
async fn without_a_mail_server_nobody_is_told_and_what_waited_ends() {
    let silent = crate::stage::panel().await;
    let eva = silent.operator("eva").await;
    eva.resets(ANNA).await;
    assert!(silent.database.texts("SELECT operation_id FROM outbox").await.is_empty());
    assert!(!eva.visits(&format!("/accounts/{ANNA}")).await.says("mailbox"));

    let (panel, server, eva) = at_work().await;
    eva.resets(ANNA).await;
    let off = Box::pin(panel.replica_that(|panel| panel.config.smtp = None)).await;
    off.delivers().await;
    assert_eq!(panel.database.texts(WAITING).await.len(), 1, "another replica may have one");
    let page = eva.visits(&format!("/accounts/{ANNA}")).await;
    page.must_say(200, &["not notified by email: messages to mailboxes were switched off. Tell the owner yourself."]);
    panel.clock.turn(73 * 3600);
    off.delivers().await;
    assert_eq!(panel.one(AuditKind::MailboxNotTold).await.outcome.as_deref(), Some("switched_off"));
    assert_eq!(server.taken().len(), 0);
}

#[tokio::test]
async fn an_address_that_the_server_cant_write_to_is_said_to_be_one() {
    let (stage, server) =
        Stage::of(nyckel::simulator::State::empty().account("åsa@example.se")).with_mail_server().await;
    let panel = stage.opens().await;
    let eva = panel.operator("eva").await;
    eva.resets("åsa@example.se").await;
    panel.delivers().await;
    assert_eq!(server.taken().len(), 0);
    assert_eq!(panel.one(AuditKind::MailboxNotTold).await.outcome.as_deref(), Some("no_international"));
    let page = eva.visits("/accounts/%C3%A5sa@example.se").await;
    page.must_say(
        200,
        &["The owner was not notified by email: the mail server can’t send to an address with such letters"],
    );
}
