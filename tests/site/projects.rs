//! Several projects at GleSYS: each domain's changes go to its own project, with that project's key, or nowhere.

use nyckel::model::AuditKind;
use nyckel::simulator::{Fault, Simulator, State, Times};

use crate::stage::{Page, Panel, Person, Stage};

const LIST: &str = "email/list";
const RESET: &str = "email/resetpassword";

/// The usual domains in project *Ett*, and in project *Två* other.example with Otto.
fn two() -> Stage {
    Stage::usual().project("Två", "cl67890", "other-key", State::empty().account("otto@other.example"))
}

fn resets_at(simulator: &Simulator) -> (usize, usize) {
    (simulator.calls_to(RESET), simulator.applied(RESET))
}

fn is_broken() -> Fault {
    Fault::Status { http: 503, code: 503, text: String::new(), envelope: false }
}

/// Nobody answers for project *Två*, so often that it is left alone.
async fn goes_away(panel: &Panel) {
    panel.others[0].fault_everywhere(is_broken(), Times::Always);
    for _ in 0..3 {
        panel.built.app.directory.read_all().await;
    }
}

#[tokio::test]
async fn a_reset_goes_to_the_project_of_its_domain_with_that_projects_key() {
    let panel = two().opens().await;
    let eva = panel.operator("eva").await;
    let ett = eva.resets("anna@example.se").await;
    assert_eq!(ett.password(), panel.glesys.password_of("anna@example.se"));
    assert_eq!((resets_at(&panel.glesys), resets_at(&panel.others[0])), ((1, 1), (0, 0)));
    let two = eva.resets("otto@other.example").await;
    assert_eq!(two.password(), panel.others[0].password_of("otto@other.example"));
    assert_eq!((resets_at(&panel.glesys), resets_at(&panel.others[0])), ((1, 1), (1, 1)));
    for simulator in [&panel.glesys as &Simulator, &panel.others[0]] {
        assert!(simulator.calls().iter().all(|call| call.refused.is_none()), "{:?}", simulator.calls());
    }
}

#[tokio::test]
async fn one_list_holds_the_domains_of_all_projects_with_their_labels() {
    let panel = two().opens().await;
    let eva = panel.viewer("eva").await;
    let page = eva.visits("/").await;
    let rows = page.texts("[aria-labelledby=domains] th[scope=row]");
    let expected =
        ["example.com Project Ett", "example.se Project Ett", "other.example Project Två", "räksmörgås.se Project Ett"];
    assert_eq!(rows, expected);
    eva.visits("/?q=otto").await.must_say(200, &["otto@other.example"]);
    let one = Stage::usual().opens().await;
    let page = one.viewer("eva").await.visits("/").await;
    assert!(!page.says("Project"), "a single project needs no name");
}

#[tokio::test]
async fn a_label_is_only_text() {
    let other = State::empty().domain("other.example").domain("example.se");
    let panel = Stage::usual().project("<b>'&{{ 1 }}</b>", "cl67890", "other-key", other).opens().await;
    let page = panel.viewer("eva").await.visits("/").await;
    page.must_say(200, &["Project <b>'&{{ 1 }}</b>", "(Ett, <b>'&{{ 1 }}</b>)"]);
    assert!(!page.has("main b"));
}

#[tokio::test]
async fn a_project_that_is_away_takes_nothing_from_the_others() {
    let panel = two().opens().await;
    let eva = panel.operator("eva").await;
    let confirmation = eva.visits("/accounts/otto@other.example/reset").await;
    panel.clock.turn(120);
    goes_away(&panel).await;
    eva.visits("/").await.must_say(200, &["other.example", "example.se"]);
    eva.visits("/domains/other.example").await.must_say(200, &["otto@other.example", "GleSYS isn’t responding."]);
    let account = eva.visits("/accounts/otto@other.example").await;
    assert!(account.link("Reset password…").is_none());
    let refused = eva.presses(&confirmation, "Reset password").await;
    refused.must_say(503, &["GleSYS has stopped responding.", "Nothing was changed."]);
    assert!(panel.audit(AuditKind::ResetIntent).await.is_empty());
    let before = panel.glesys.calls().len();
    let domain = eva.visits("/domains/example.se").await;
    assert!(!domain.says("GleSYS isn’t responding"));
    assert_eq!(eva.resets("anna@example.se").await.password(), panel.glesys.password_of("anna@example.se"));
    assert!(panel.glesys.calls().len() > before);

    panel.others[0].heal();
    panel.clock.turn(11);
    assert!(panel.built.app.directory.read_all().await);
    let result = eva.resets("otto@other.example").await;
    assert_eq!(result.password(), panel.others[0].password_of("otto@other.example"));
}

/// In project *Ett* two accounts and an alias, which are all that it may have; in project *Två* three accounts, and it may
/// have so many of each, 0 for no word of a limit.
fn one_is_full(most: usize) -> Stage {
    let full =
        State::empty().account("anna@example.se").account("bo@example.se").alias("info@example.se", "bo@example.se");
    let other = ["otto", "olga", "omar"]
        .iter()
        .fold(State::empty(), |state, name| state.account(&format!("{name}@other.example")));
    Stage::of(full.limits(2, 1)).project("Två", "cl67890", "other-key", other.limits(most, most))
}

/// Tries to make an account or an alias of a name that is free.
async fn makes_one(mia: &Person, domain: &str, (button, what): (&str, &str)) -> Page {
    let page = mia.visits(&format!("/domains/{domain}/{what}/new")).await;
    let fields = [("local", what), ("targets", "someone@elsewhere.example")];
    mia.fills_in(&page, button, if what == "aliases" { &fields[..2] } else { &fields[..1] }).await
}

#[tokio::test]
async fn a_project_is_full_by_its_own_count_and_its_own_limit() {
    for most in [0, 100] {
        let panel = one_is_full(most).opens().await;
        let mia = panel.manager("mia").await;
        mia.visits("/domains/example.se").await.must_say(200, &["2 of 2 accounts, 1 of 1 aliases"]);
        let told = if most == 0 { "3 accounts, 0 aliases" } else { "3 of 100 accounts, 0 of 100 aliases" };
        mia.visits("/domains/other.example").await.must_say(200, &[told]);
        let (account, alias) = (("Create account", "accounts"), ("Create alias", "aliases"));
        let refused = makes_one(&mia, "example.se", account).await;
        refused.must_say(422, &["The project is full. GleSYS allows 2 email accounts in this project"]);
        makes_one(&mia, "example.se", alias).await.must_say(422, &["The project has reached its limit of 1 aliases."]);
        for (one, function) in [(account, "email/createaccount"), (alias, "email/createalias")] {
            makes_one(&mia, "other.example", one).await;
            let asked = (panel.glesys.calls_to(function), panel.others[0].calls_to(function));
            assert_eq!(asked, (0, 1), "{function}, limit {most}: only the one that has room, or may have, is asked");
        }
        if most > 0 {
            mia.visits("/domains/other.example").await.must_say(200, &["4 of 100 accounts, 1 of 100 aliases"]);
            mia.visits("/domains/example.se").await.must_say(200, &["2 of 2 accounts, 1 of 1 aliases"]);
        }
    }
}

#[tokio::test]
async fn the_others_are_not_read_again_and_again_while_one_is_away() {
    let panel = two().opens().await;
    goes_away(&panel).await;
    assert!(panel.built.app.directory.read_all().await, "what can be read was read; the next round is the usual one");
}

#[tokio::test]
async fn a_project_that_was_away_at_the_start_comes_when_it_answers() {
    let panel = two().builds_with(|glesys| glesys[1].fault_everywhere(is_broken(), Times::Always)).await;
    panel.built.app.directory.read_all().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/").await;
    page.must_say(200, &["example.se"]);
    assert!(!page.says("other.example"));
    let calls = panel.glesys.calls_to(LIST);
    let page = eva.visits("/accounts/otto@other.example").await;
    assert!(page.status == 502 || page.status == 503, "nobody says that there is no such account: {}", page.status);
    assert_eq!(panel.glesys.calls_to(LIST), calls, "the other project is not asked for it");
    panel.others[0].heal();
    panel.clock.turn(61);
    eva.visits("/").await.must_say(200, &["other.example"]);
    let result = eva.resets("otto@other.example").await;
    assert_eq!(result.password(), panel.others[0].password_of("otto@other.example"));
}

#[tokio::test]
async fn a_domain_that_comes_into_two_projects_is_not_served_and_the_others_go_on() {
    let panel = two().opens().await;
    let eva = panel.operator("eva").await;
    let confirmation = eva.visits("/accounts/anna@example.se/reset").await;
    panel.others[0].change(|state| *state = state.clone().account("anna@example.se"));
    panel.clock.turn(61);
    let page = eva.visits("/").await;
    page.must_say(200, &["example.se is in several GleSYS projects (Ett, Två).", "other.example"]);
    assert!(page.link("example.se").is_none());
    let refused = eva.presses(&confirmation, "Reset password").await;
    refused.must_say(503, &["This domain is in several GleSYS projects", "Nothing was changed."]);
    for path in ["/domains/example.se", "/accounts/anna@example.se", "/accounts/anna@example.se/reset"] {
        eva.visits(path).await.must_say(503, &["This domain is in several GleSYS projects"]);
    }
    assert!(eva.resets("otto@other.example").await.password().is_some());
    assert_eq!((resets_at(&panel.glesys), resets_at(&panel.others[0])), ((0, 0), (1, 1)));
    assert_eq!(panel.audit(AuditKind::ResetIntent).await.len(), 1);

    panel.others[0].change(|state| drop(state.domains.remove("example.se")));
    panel.clock.turn(61);
    let page = eva.visits("/").await;
    assert!(page.link("example.se").is_some() && !page.says("several GleSYS projects"));
    assert!(eva.resets("anna@example.se").await.password().is_some());
}

#[tokio::test]
async fn who_may_not_see_a_domain_does_not_read_that_it_is_in_two_projects() {
    let panel = two().opens().await;
    panel.others[0].change(|state| *state = state.clone().domain("example.se"));
    panel.clock.turn(61);
    let bo = Person::hired(&panel, "bo", &[(nyckel::model::Role::Viewer, "other.example")]).await;
    bo.signs_in().await;
    let page = bo.visits("/").await;
    assert!(page.says("other.example") && !page.body.contains("example.se"));
}

#[tokio::test]
async fn a_domain_that_is_new_is_looked_for_in_all_projects_and_never_guessed() {
    let panel = two().opens().await;
    let eva = panel.operator("eva").await;
    panel.others[0].change(|state| *state = state.clone().account("nora@new.example"));
    panel.clock.turn(11);
    let result = eva.resets("nora@new.example").await;
    assert_eq!(result.password(), panel.others[0].password_of("nora@new.example"));
    let asked_wrongly =
        panel.glesys.calls().iter().any(|call| call.address.as_deref().is_some_and(|a| a.ends_with("new.example")));
    assert!(!asked_wrongly);
    panel.clock.turn(11);
    let calls = || panel.glesys.calls().len() + panel.others[0].calls().len();
    eva.visits("/domains/nowhere.example").await.must_say(404, &["No such domain"]);
    let before = calls();
    eva.visits("/accounts/nobody@nowhere.example").await.must_say(404, &["No such"]);
    assert_eq!(calls(), before, "the lists were read just now");
}

#[tokio::test]
async fn a_replica_that_has_read_nothing_yet_finds_the_project_before_it_begins() {
    let panel = two().opens().await;
    let eva = panel.operator("eva").await;
    let confirmation = eva.visits("/accounts/otto@other.example/reset").await;
    let replica = Box::pin(panel.replica_that(|_| ())).await;
    let result = eva.at(&replica).presses(&confirmation, "Reset password").await;
    assert_eq!(result.password(), panel.others[0].password_of("otto@other.example"));
    assert_eq!((resets_at(&panel.glesys), resets_at(&panel.others[0])), ((0, 0), (1, 1)));
}

#[tokio::test]
async fn the_program_refuses_to_start_while_a_domain_is_in_two_projects() {
    let panel = two().opens().await;
    panel.others[0].change(|state| *state = state.clone().domain("räksmörgås.se"));
    let sentence =
        "the mail domain xn--rksmrgs-5wao1o.se is in several projects (Ett, Två); delete it at GleSYS in all but one";
    let (code, said) = panel.runs("serve").await;
    assert!(code == Some(1) && said.contains(sentence), "{code:?}: {said}");
    let (code, said) = panel.runs("check").await;
    assert!(code == Some(1) && said.contains(sentence), "{code:?}: {said}");
}

#[tokio::test]
async fn nyckel_check_tries_each_project_and_names_it() {
    let panel = two().opens().await;
    let (code, said) = panel.runs("check").await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.ends_with("GleSYS, Ett: good\nGleSYS, Två: good\n"), "{said}");
    panel.others[0].set_credentials("cl67890", "another-key");
    let (code, said) = panel.runs("check").await;
    assert!(code == Some(1) && said.contains("GleSYS, Ett: good\nGleSYS, Två: GleSYS does not accept"), "{said}");
}
