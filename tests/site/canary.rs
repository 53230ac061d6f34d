//! A password that can be recognised anywhere is nowhere but on its page.

use nyckel::simulator::{DEMO_KEY, Fault, Times, Wrong};

use crate::stage::{Log, PASSWORD, Panel, Person, Stage};

const CANARY: &str = "C4nary}Zq7!kWx";
const REPLY: &str = "Replying-Zq7-away";

/// Returns what only pages may hold besides: links and codes.
async fn a_day_at_work(panel: &Panel, eva: &Person) -> Vec<String> {
    panel.glesys.next_password(CANARY);
    let result = eva.confirms("anna.canary@example.se").await;
    eva.visits("/?q=anna.canary").await;
    let page = eva.visits(&result).await;
    assert_eq!(page.password().as_deref(), Some(CANARY));
    eva.posts(&format!("{result}/seen"), &[("", ""); 0]).await;
    eva.clicks(&page, "Close").await;
    eva.visits(&result).await;
    for fault in [
        Fault::HalfAnswer,
        Fault::CodeMismatch { http: 200, code: 500 },
        Fault::CodeMismatch { http: 400, code: 400 },
        Fault::WrongType(Wrong::List),
        Fault::Xml,
    ] {
        panel.clock.turn(601);
        panel.glesys.next_password(CANARY);
        panel.glesys.fault("email/resetpassword", fault, Times::Once);
        assert_eq!(eva.resets("anna.canary@example.se").await.password(), None);
    }
    panel.clock.turn(601);
    panel.glesys.next_password(CANARY);
    eva.confirms("anna.canary@example.se").await;
    panel.clock.turn(301);
    panel.sweeps().await;
    panel.clock.turn(61);
    panel.glesys.next_password(CANARY);
    let page = eva.visits("/accounts/anna.canary@example.se/lock-out").await;
    eva.presses(&page, "Lock out").await.must_say(200, &["Locked out:"]);
    assert_eq!(panel.glesys.password_of("anna.canary@example.se").as_deref(), Some(CANARY));
    several_are_locked_out(panel, eva).await;
    a_new_colleague(panel, eva).await;
    let passed_on = by_link(panel, eva).await;
    eva.in_another_browser().signs_in_with(&format!("{PASSWORD} wrong")).await;
    passed_on
}

/// One password that its owner reads, and one that waits for its owner, after a wrong code.
async fn by_link(panel: &Panel, eva: &Person) -> Vec<String> {
    let mut passed_on = Vec::new();
    for is_read in [true, false] {
        panel.clock.turn(601);
        panel.glesys.next_password(CANARY);
        let page = eva.visits("/accounts/anna.canary@example.se/reset").await;
        let page = eva.fills_in(&page, "Reset password", &[("hand_over", "link")]).await;
        assert!(!page.body.contains(CANARY));
        let (link, code) = (page.text("#link"), page.text("#code"));
        let link = link.rsplit_once('/').unwrap().1.to_owned();
        let (owner, path) = (Person::stranger(panel), format!("/hand-over/{link}"));
        let page = owner.visits(&path).await;
        owner.fills_in(&page, "Show the password", &[("code", "00000000")]).await.must_say(422, &["not the code"]);
        if is_read {
            let page = owner.fills_in(&page, "Show the password", &[("code", &code)]).await;
            assert_eq!(page.password().as_deref(), Some(CANARY));
        }
        eva.visits(&page.at).await;
        passed_on.extend([link, code]);
    }
    passed_on
}

async fn several_are_locked_out(panel: &Panel, eva: &Person) {
    panel.glesys.next_password(CANARY);
    let chosen = [("action", "lock_out"), ("account", "anna.canary")];
    let there = eva.posts("/domains/example.se/bulk", &chosen).await;
    let page = eva.visits(there.header("location")).await;
    let resets = panel.resets().1;
    let page = eva.presses(&page, "Lock out 1 account").await;
    panel.until(move |panel| async move { panel.resets().1 > resets }).await;
    panel.until_at_rest().await;
    assert_eq!(panel.glesys.password_of("anna.canary@example.se").as_deref(), Some(CANARY));
    eva.visits(&page.at).await.must_say(200, &["Locked out"]);
}

/// A new account has a password too, and an automatic reply is its owner's own matter.
async fn a_new_colleague(panel: &Panel, eva: &Person) {
    panel.glesys.next_password(CANARY);
    let page = eva.visits("/domains/example.se/accounts/new").await;
    let values = [("local", "karin.canary"), ("reply", "yes"), ("text", REPLY)];
    let page = eva.fills_in(&page, "Create account", &values).await;
    assert_eq!(page.password().as_deref(), Some(CANARY));
    assert!(!eva.clicks(&page, "Close").await.body.contains(CANARY));
    for fault in [Fault::HalfAnswer, Fault::CodeMismatch { http: 400, code: 400 }, Fault::WrongType(Wrong::List)] {
        panel.clock.turn(61);
        panel.glesys.next_password(CANARY);
        panel.glesys.fault("email/createaccount", fault, Times::Once);
        let page = eva.visits("/domains/example.se/accounts/new").await;
        let local = format!("lars{}.canary", panel.glesys.calls_to("email/createaccount"));
        assert_eq!(eva.fills_in(&page, "Create account", &[("local", &local)]).await.password(), None);
    }
    let page = eva.visits("/accounts/karin.canary@example.se/edit").await;
    eva.fills_in(&page, "Save", &[("text", &format!("{REPLY} again"))]).await.must_say(200, &["Saved."]);
    let page = eva.visits("/accounts/karin.canary@example.se/delete").await;
    eva.fills_in(&page, "Delete account", &[("address", "karin.canary@example.se")]).await.must_say(200, &["Deleted:"]);
}

fn must_not_hold(place: &str, text: &str, (cookie, passed_on): (&str, &[String])) {
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let bytes = |text: &str| format!("{:?}", text.as_bytes());
    let passed_on = passed_on.iter().map(|secret| ("link or code", secret.as_str()));
    let known = [
        ("new password", CANARY),
        ("automatic reply", REPLY),
        ("cookie", cookie),
        ("sign-in password", PASSWORD),
        ("key", DEMO_KEY),
        ("Authorization header", "Y2wxMjM0NTpkZW1vLWtleQ"),
    ];
    for (what, secret) in known.into_iter().chain(passed_on) {
        for form in [secret.to_owned(), hex(secret), bytes(secret).trim_matches(['[', ']']).to_owned()] {
            let found = text.find(&form).map(|at| &text[at.saturating_sub(300)..(at + 100).min(text.len())]);
            assert!(found.is_none(), "{place} holds the {what}: {found:?}");
        }
    }
}

/// Alone in its process under nextest; in one process with the others it only hears more.
#[tokio::test]
async fn no_secret_is_in_the_database_its_files_or_the_log() {
    let all = Log::of_everything();
    let state = nyckel::simulator::State::empty().account("anna.canary@example.se");
    let panel = Stage::of(state).with("NYCKEL_LOG", "trace").with("NYCKEL_FRESH_SIGN_IN", "0").opens().await;
    let eva = panel.manager("eva.canary").await;
    let cookie = eva.cookie().unwrap();
    let cookie = cookie.split_once('=').unwrap().1;
    let passed_on = a_day_at_work(&panel, &eva).await;
    let secrets = (cookie, &passed_on[..]);

    must_not_hold("the database", &format!("{:?}", panel.database.dump().await), secrets);
    if panel.database.is_sqlite() {
        for entry in std::fs::read_dir(panel.database.file().parent().unwrap()).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            must_not_hold(&path.display().to_string(), &String::from_utf8_lossy(&bytes), secrets);
        }
    }
    let log = all.text();
    assert!(log.contains("TRACE") && log.contains("an operation ended"), "the log was not heard: {} bytes", log.len());
    // The simulator is no part of the panel; it runs in this process all the same.
    let log: String = log.lines().filter(|line| !line.contains("nyckel::simulator")).collect::<Vec<_>>().join("\n");
    must_not_hold("the log", &log, secrets);
    let is_detail = |line: &str| line.contains(" DEBUG ") || line.contains(" TRACE ");
    let info: Vec<_> = log.lines().filter(|line| !is_detail(line)).collect();
    assert!(info.iter().any(|line| line.contains("answered")));
    let named: Vec<_> = info.iter().filter(|line| line.contains("canary")).collect();
    assert!(named.is_empty(), "an address or a name is in the log at info: {named:#?}");
}
