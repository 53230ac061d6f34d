//! Before a password is reset somebody has checked who asks, where the company wants it.

use nyckel::model::address_pattern::AddressPattern;
use nyckel::model::{AuditKind, CallerRule, CallerWay, Fact, Wording};
use nyckel::simulator::{Fault, Times};

use crate::stage::{PASSWORD, Page, Panel, Person, Stage, panel};

const RESET: &str = "/accounts/anna@example.se/reset";
const FILE: &str = "NYCKEL_CALLER_CHECKS_FILE";
const CHECKS: &str = r#"
[way.call-back]
label = "Called back"
label_sv = "Ringde upp"
instruction = "Call the number in the register."
instruction_sv = "Ring numret i registret."
asks = "Number called"

[way.seen]
label = "Recognised in person"

[[rule]]
for = ["example.se", "*@räksmörgås.se"]
ways = ["call-back", "seen"]

[[rule]]
for = ["bo@*"]
ways = ["seen"]
"#;

async fn checking() -> Panel {
    Stage::usual().with_file(FILE, CHECKS).opens().await
}

async fn confirms(person: &Person, page: &Page, values: &[(&str, &str)]) -> Page {
    person.fills_in(page, "Reset password", values).await
}

#[tokio::test]
async fn who_asks_is_checked_first_and_how_is_kept_with_the_reset() {
    let panel = checking().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits(RESET).await;
    page.must_say(
        200,
        &["How did you check who is asking?", "Call the number in the register.", "Recognised in person"],
    );
    assert_eq!(page.attributes("[name=caller]", "value"), ["call-back", "seen"]);
    assert!(!page.has("[name=caller][checked]"), "nothing is chosen beforehand");
    let values = [("caller", "call-back"), ("caller-call-back", " 08-123 45 67 "), ("ticket", "812")];
    let result = confirms(&eva, &page, &values).await;
    assert_eq!(result.password(), panel.glesys.password_of("anna@example.se"));
    let said = "Called back (“08-123 45 67”)";
    eva.visits(&result.at).await.must_say(200, &[&format!("Caller check: {said}.")]);
    eva.visits("/accounts/anna@example.se").await.must_say(200, &[&format!("ticket 812, caller check: {said}")]);
    for kind in [AuditKind::ResetIntent, AuditKind::ResetOutcome] {
        let facts = panel.one(kind).await.facts;
        let kept = [Fact::CallerCheck, Fact::CallerLabel, Fact::CallerText].map(|fact| facts.text(fact));
        assert_eq!(kept, [Some("call-back"), Some("Called back"), Some("08-123 45 67")]);
    }
    let ada = panel.admin("ada").await;
    let audit = ada.visits("/audit").await;
    audit.must_say(200, &["caller check: “Called back”", "caller check, stated: “08-123 45 67”"]);
    let export = ada.posts("/audit/export", &[("format", "jsonl")]).await;
    assert!(export.body.contains(r#""caller_check":"call-back","caller_label":"Called back""#), "{}", export.body);
    let asa = eva.reading("sv").visits("/accounts/asa@räksmörgås.se/reset").await;
    asa.must_say(200, &["Hur har du kontrollerat identiteten?", "Ringde upp", "Ring numret i registret."]);
}

#[tokio::test]
async fn without_a_check_that_is_enough_nothing_is_reset_and_nothing_typed_is_lost() {
    let panel = Stage::usual().with_file(FILE, CHECKS).with("NYCKEL_RESET_REASON", "required").opens().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits(RESET).await;
    let long = "9".repeat(201);
    for (values, sentence, code) in [
        ([("caller-call-back", "08-1"), ("caller", "")], "Choose how you checked who is asking.", "caller_missing"),
        ([("caller-call-back", "08-1"), ("caller", "mail")], "What you chose isn’t enough here", "caller_not_enough"),
        ([("caller-call-back", " "), ("caller", "call-back")], "Required for this check", "caller_text_missing"),
        ([("caller-call-back", &long), ("caller", "call-back")], "At most 200 characters.", "caller_text_too_long"),
    ] {
        let values = [values[0], values[1], ("ticket", "INC-812"), ("hand_over", "link")];
        let refused = confirms(&eva, &page, &values).await;
        refused.must_say(422, &[sentence, "Reset the password of"]);
        assert_eq!(refused.attributes("#ticket", "value"), ["INC-812"]);
        assert_eq!(refused.attributes("#caller-call-back", "value"), [values[0].1]);
        assert_eq!(refused.attributes("[name=hand_over][checked]", "value"), ["link"]);
        assert_eq!(refused.attributes("[autofocus]", "name").len(), 1, "the person begins at what is wrong");
        let rows = panel.audit(AuditKind::ResetRefused).await;
        assert_eq!(rows.last().unwrap().outcome.as_deref(), Some(code));
    }
    let both = confirms(&eva, &page, &[("ticket", "")]).await;
    both.must_say(422, &["Choose how you checked who is asking.", "Enter a reason or ticket number."]);
    assert_eq!(panel.resets(), (0, 0));
    let done = confirms(&eva, &page, &[("caller", "seen"), ("ticket", "INC-812")]).await;
    assert!(done.password().is_some(), "the same page is still good");
}

#[tokio::test]
async fn what_is_enough_depends_on_the_address_and_some_need_no_check() {
    let panel = checking().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/bo@example.se/reset").await;
    assert_eq!(page.attributes("[name=caller]", "value"), ["seen"], "each rule about an address must name a way");
    let foreign = [("caller", "call-back"), ("caller-call-back", "08-1")];
    confirms(&eva, &page, &foreign).await.must_say(422, &["What you chose isn’t enough here any longer."]);
    assert!(confirms(&eva, &page, &[("caller", "seen")]).await.password().is_some());
    let page = eva.visits("/accounts/carl@example.com/reset").await;
    assert!(!page.says("How did you check"));
    assert!(confirms(&eva, &page, &foreign).await.password().is_some());
    assert_eq!(panel.audit(AuditKind::ResetIntent).await[1].facts.text(Fact::CallerCheck), None, "nothing was asked");
}

#[tokio::test]
async fn a_lock_out_of_one_account_does_not_wait_for_a_check() {
    let panel = checking().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/anna@example.se/lock-out").await;
    assert!(!page.says("How did you check"));
    eva.presses(&page, "Lock out").await.must_say(200, &["Locked out:"]);
}

#[tokio::test]
async fn what_was_chosen_and_typed_outlasts_a_proof_of_identity_and_the_end_of_a_session() {
    let panel = checking().await;
    let eva = panel.operator("eva").await;
    let values = [("caller", "call-back"), ("caller-call-back", "08 & åäö")];
    let is_there = |page: &Page| {
        assert_eq!(page.attributes("[name=caller][checked]", "value"), ["call-back"], "{page:?}");
        assert_eq!(page.attributes("#caller-call-back", "value"), ["08 & åäö"]);
    };
    panel.clock.turn(9 * 60);
    let page = eva.visits(RESET).await;
    panel.clock.turn(9 * 60);
    let asked = confirms(&eva, &page, &values).await;
    is_there(&asked);
    let back = confirms(&eva, &asked, &[("proof", "not the password")]).await;
    is_there(&back);
    panel.clock.turn(31 * 60);
    let asked = confirms(&eva, &back, &values).await;
    let back = eva.fills_in(&asked, "Sign in", &[("name", "eva"), ("password", PASSWORD)]).await;
    is_there(&back);
    assert_eq!(panel.resets(), (0, 0));
    assert!(eva.presses(&back, "Reset password").await.password().is_some());
}

#[tokio::test]
async fn a_page_from_before_the_rules_were_changed_is_refused_with_what_is_enough_now() {
    let open = panel().await;
    let eva = open.operator("eva").await;
    let page = eva.visits(RESET).await;
    let now = Box::pin(open.replica_that(|panel| {
        let label = Wording { plain: "Letter".to_owned(), swedish: None };
        let way = CallerWay { id: "letter".to_owned(), label, instruction: None, asks: None };
        let rule = CallerRule { of: vec![AddressPattern::parse("*@*").unwrap()], ways: vec!["letter".to_owned()] };
        panel.config.caller_checks.ways.push(way);
        panel.config.caller_checks.rules.push(rule);
    }))
    .await;
    now.built.app.directory.read_all().await;
    let at_now = eva.at(&now);
    let refused = confirms(&at_now, &page, &[("ticket", "812")]).await;
    refused.must_say(422, &["Choose how you checked who is asking.", "Letter"]);
    assert_eq!((refused.attributes("#ticket", "value"), open.resets()), (vec!["812".to_owned()], (0, 0)));
    let refused = confirms(&at_now, &page, &[("caller", "call-back"), ("caller-call-back", "08-1")]).await;
    refused.must_say(422, &["What you chose isn’t enough here any longer.", "Letter", "You typed “08-1”."]);
    let again = confirms(&at_now, &refused, &[("ticket", "812")]).await;
    again.must_say(422, &["Choose how you checked who is asking.", "You typed “08-1”."]);
    assert!(confirms(&at_now, &refused, &[("caller", "letter")]).await.password().is_some());
}

#[tokio::test]
async fn what_is_typed_passes_for_nothing_else() {
    let panel = checking().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits(RESET).await;
    let typed = "1”) caller check: <script>alert(1)</script>";
    let result = confirms(&eva, &page, &[("caller", "call-back"), ("caller-call-back", typed)]).await;
    assert!(result.password().is_some());
    let account = eva.visits("/accounts/anna@example.se").await;
    account.must_say(200, &["Called back (“1\") caller check: <script>alert(1)</script>”)"]);
    assert!(!account.has("main script"));
}

#[tokio::test]
async fn check_says_what_is_wrong_with_the_file() {
    let panel = checking().await;
    let (code, said) = panel.runs("check").await;
    assert_eq!(code, Some(0), "{said}");
    let file = &panel.vars.iter().find(|(name, _)| name == FILE).unwrap().1;
    std::fs::write(file, CHECKS.replace("[\"seen\"]", "[\"call\"]")).unwrap();
    let (code, said) = panel.runs("check").await;
    assert!(said.contains("rule 2: the way call is not known; there are: call-back, seen"), "{said}");
    assert_ne!(code, Some(0));
}

#[tokio::test]
async fn check_names_the_domains_of_settings_that_no_project_has() {
    let stage = Stage::usual().with_file(FILE, &CHECKS.replace("bo@*", "bo@exampel.se"));
    let stage = stage.with("NYCKEL_SECOND_PERSON", "vd@example.com,vd@exampel.com");
    let stage =
        stage.with("NYCKEL_PROTECTED_ACCOUNTS", "*@board.example.se,vd@*").with("NYCKEL_NEVER_SHOWN", "*@exampel.nu");
    let panel = stage.opens().await;
    let (_, said) = panel.runs("check").await;
    let warnings: Vec<_> = said.lines().filter(|line| line.contains("no project has")).collect();
    let expected = [
        (FILE, "exampel.se"),
        ("NYCKEL_SECOND_PERSON", "exampel.com"),
        ("NYCKEL_PROTECTED_ACCOUNTS", "board.example.se"),
        ("NYCKEL_NEVER_SHOWN", "exampel.nu"),
    ];
    let expected = expected.map(|(setting, domain)| {
        format!("warning: {setting} names {domain}, which no project has at GleSYS; is it written right?")
    });
    assert_eq!(warnings, expected, "{said}");
    panel.glesys.fault("email/overview", Fault::CloseBefore, Times::Always);
    let (_, said) = panel.runs("check").await;
    assert!(!said.contains("no project has"), "{said}");
}
