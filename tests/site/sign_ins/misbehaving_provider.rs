//! What a provider, or somebody in between, may do: nobody is signed in who should not be, and the page says why.

use std::time::{Duration, Instant};

use nyckel::model::{AuditKind, Fact, Means};
use serde_json::json;

use crate::stage::{Page, Panel, Person, Provider, Signs, Stage, merge};

const BUTTON: &str = "Sign in with Example AB";
const NOT_BELIEVED: &str = "The answer from Example AB couldn’t be verified";
const AWAY: &str = "Example AB isn’t responding.";
const NO_SUCH: &str = "This sign-in was begun in another browser, was used, or is older than ten minutes.";

pub async fn stage() -> (Panel, Provider) {
    let (stage, provider) = Stage::usual().with_provider().await;
    provider.knows("eva", &["helpdesk"]);
    (stage.opens().await, provider)
}

/// Sets out as a stranger; where to.
async fn sets_out(person: &Person) -> String {
    let page = person.visits("/sign-in").await;
    person.presses(&page, BUTTON).await.link("Continue").unwrap()
}

async fn comes_back(person: &Person, back: &str) -> Page {
    let page = person.comes_from_elsewhere(back).await;
    assert_eq!(page.status, 200, "{page:#?}");
    person.presses(&page, "Continue").await
}

/// Signs Eva in and checks that she isn't, with this status, sentence and code.
pub async fn must_fail(panel: &Panel, provider: &Provider, (status, sentence, code): (u16, &str, &str)) {
    let eva = Person::stranger(panel);
    let before = panel.audit(AuditKind::SignInFailed).await.len();
    let there = sets_out(&eva).await;
    let page = comes_back(&eva, &provider.lets(&there, "eva")).await;
    page.must_say(status, &[sentence]);
    assert!(eva.cookie().is_none(), "{code}");
    let failed = panel.audit(AuditKind::SignInFailed).await.split_off(before);
    assert_eq!(failed.len(), 1, "{code}");
    assert_eq!(failed[0].outcome.as_deref(), Some(code));
    assert!(failed[0].facts.get(Fact::Means) == Some(&Means::SingleSignOn.into()), "{failed:?}");
}

pub async fn must_work(panel: &Panel, provider: &Provider) {
    let eva = Person::stranger(panel);
    let there = sets_out(&eva).await;
    let page = comes_back(&eva, &provider.lets(&there, "eva")).await;
    assert_eq!(page.text(".bar-name"), "eva", "{page:#?}");
}

#[tokio::test]
async fn claims_that_are_not_for_us_now_are_not_believed() {
    let (panel, provider) = stage().await;
    let wrong = async |name: &'static str, value: serde_json::Value, code: &str| {
        provider.twists(move |claims| claims[name] = value.clone());
        must_fail(&panel, &provider, (502, NOT_BELIEVED, code)).await;
        // Each time from a network whose rows are recorded singly.
        panel.clock.turn(15 * 60);
    };
    let now = panel.clock.now().as_second();
    wrong("nonce", json!("another"), "wrong_nonce").await;
    wrong("nonce", json!(null), "wrong_nonce").await;
    wrong("aud", json!("another"), "wrong_audience").await;
    wrong("aud", json!(["nyckel", "another"]), "wrong_audience").await;
    wrong("iss", json!("http://127.0.0.1:1"), "wrong_issuer").await;
    wrong("exp", json!(now - 61), "expired").await;
    wrong("iat", json!(now + 365 * 86400), "not_yet").await;
    wrong("sub", json!(null), "bad_subject").await;
    wrong("azp", json!("another"), "wrong_audience").await;
    wrong("nbf", json!(now + 365 * 86400), "not_yet").await;
    for odd in [json!("soon"), json!(null), json!(""), json!({})] {
        wrong("exp", odd, "unreadable").await;
    }
    wrong("auth_time", json!(now + 365 * 86400), "not_yet").await;
    for subject in ["", " ", "a\0b", &"x".repeat(256)] {
        wrong("sub", json!(subject), "bad_subject").await;
    }
    provider.twists(|claims| {
        claims["aud"] = json!(["nyckel", "another"]);
        claims["azp"] = json!("nyckel");
    });
    must_work(&panel, &provider).await;
    provider.twists(|claims| merge(claims, &json!({ "aud": ["nyckel", "nyckel"], "azp": "" })));
    must_work(&panel, &provider).await;
    provider.twists(|claims| claims["exp"] = (claims["iat"].as_i64().unwrap() - 59).into());
    must_work(&panel, &provider).await;
}

#[tokio::test]
async fn a_sign_in_there_must_be_as_strong_as_asked_for() {
    const TOO_WEAK: &str = "not in the way that is asked for here";
    let (stage, provider) = Stage::usual().with_provider().await;
    provider.knows("eva", &["helpdesk"]);
    let stage = stage.with("NYCKEL_OIDC_ACR", "silver gold").with("NYCKEL_OIDC_AMR", "mfa");
    let panel = stage.opens().await;
    assert!(sets_out(&Person::stranger(&panel)).await.contains("acr_values=silver+gold"));
    for (acr, amr) in [
        (json!("gold"), json!(null)),
        (json!("gold"), json!(["pwd"])),
        (json!("bronze"), json!(["pwd", "mfa"])),
        (json!(null), json!(["mfa"])),
    ] {
        provider.twists(move |claims| (claims["acr"], claims["amr"]) = (acr.clone(), amr.clone()));
        must_fail(&panel, &provider, (403, TOO_WEAK, "too_weak")).await;
    }
    provider.twists(|claims| (claims["acr"], claims["amr"]) = (json!("gold"), json!(["pwd", "mfa"])));
    must_work(&panel, &provider).await;
}

#[tokio::test]
async fn groups_that_are_not_told_are_not_the_same_as_no_groups() {
    const NOT_TOLD: &str = "did not say what groups you are in";
    let (panel, provider) = stage().await;
    provider.tells_besides(json!({ "sub": "eva" }));
    must_work(&panel, &provider).await;
    let grants = panel.database.texts("SELECT role FROM staff_grant").await;
    let named_elsewhere = json!({ "groups": null, "_claim_names": { "groups": "src1" }, "_claim_sources": {} });
    for (claims, code) in [
        (json!({ "groups": null }), "groups_missing"),
        (json!({ "groups": { "it": true } }), "groups_unreadable"),
        (json!({ "groups": [{ "name": "it" }] }), "groups_unreadable"),
        (json!({ "groups": ["it", 1] }), "groups_unreadable"),
        (named_elsewhere, "groups_too_many"),
        (json!({ "groups": null, "hasgroups": true }), "groups_too_many"),
        (json!({ "groups": null, "hasgroups": "true" }), "groups_too_many"),
    ] {
        provider.twists(move |said| merge(said, &claims));
        must_fail(&panel, &provider, (403, NOT_TOLD, code)).await;
    }
    provider.twists(|claims| drop(claims.as_object_mut().unwrap().remove("groups")));
    must_fail(&panel, &provider, (403, NOT_TOLD, "groups_missing")).await;
    assert_eq!(panel.database.texts("SELECT role FROM staff_grant").await, grants);
    provider.twists(|claims| claims["groups"] = json!([]));
    must_fail(&panel, &provider, (403, "you are in no group that may sign in here", "no_group")).await;
    assert!(panel.database.texts("SELECT role FROM staff_grant").await.is_empty());
}

#[tokio::test]
async fn only_the_providers_own_signature_counts() {
    let (panel, provider) = stage().await;
    for (signs, code) in [
        (Signs::Forged, "wrong_signature"),
        (Signs::Nothing, "wrong_signature"),
        (Signs::Hs256, "wrong_signature"),
        (Signs::HiddenKey, "unknown_key"),
    ] {
        provider.signs(signs);
        must_fail(&panel, &provider, (502, NOT_BELIEVED, code)).await;
    }
    provider.signs(Signs::Es256);
    must_work(&panel, &provider).await;
}

#[tokio::test]
async fn a_new_key_of_the_providers_is_asked_for_once() {
    let (panel, provider) = stage().await;
    must_work(&panel, &provider).await;
    assert_eq!(provider.times_asked(), 1);
    provider.signs(Signs::NewKey);
    must_work(&panel, &provider).await;
    must_work(&panel, &provider).await;
    assert_eq!(provider.times_asked(), 2);
    provider.signs(Signs::HiddenKey);
    panel.clock.turn(5);
    must_fail(&panel, &provider, (502, NOT_BELIEVED, "unknown_key")).await;
    assert_eq!(provider.times_asked(), 3);
}

#[tokio::test]
async fn an_address_that_is_not_verified_is_nobodys_name() {
    let (panel, provider) = stage().await;
    for verified in [json!(false), json!(null)] {
        provider.knows_as("eva", json!({ "email": "eva@example.se", "email_verified": verified, "groups": ["it"] }));
        let wanted = (403, "Example AB has not verified your e-mail address", "email_not_verified");
        must_fail(&panel, &provider, wanted).await;
    }
    assert!(panel.database.texts("SELECT name FROM staff").await.is_empty());
}

#[tokio::test]
async fn an_answer_works_once_in_the_browser_that_set_out() {
    let (panel, provider) = stage().await;
    let (eva, thief) = (Person::stranger(&panel), Person::stranger(&panel));
    let there = sets_out(&eva).await;
    let back = provider.lets(&there, "eva");
    // Somebody else's browser, with nothing and with a way of its own under way.
    comes_back(&thief, &back).await.must_say(422, &[NO_SUCH]);
    sets_out(&thief).await;
    comes_back(&thief, &back).await.must_say(422, &[NO_SUCH]);
    assert!(thief.cookie().is_none());
    // And the other way round: nobody is signed in as somebody else by a link that they were sent.
    let foreign = provider.lets(&sets_out(&thief).await, "eva");
    comes_back(&eva, &foreign).await.must_say(422, &[NO_SUCH]);

    assert_eq!(comes_back(&eva, &back).await.text(".bar-name"), "eva");
    eva.signs_out().await;
    comes_back(&eva, &back).await.must_say(422, &[NO_SUCH]);
    let codes = panel.audit(AuditKind::SignInFailed).await.into_iter().filter_map(|event| event.outcome);
    assert_eq!(codes.collect::<Vec<_>>(), ["no_such_sign_in"; 4]);
}

#[tokio::test]
async fn looking_at_the_way_back_changes_nothing() {
    let (panel, provider) = stage().await;
    let eva = Person::stranger(&panel);
    let back = provider.lets(&sets_out(&eva).await, "eva");
    let before = panel.database.dump().await;
    for _ in 0..3 {
        eva.comes_from_elsewhere(&back).await.must_say(200, &["Back again"]);
    }
    assert_eq!(panel.database.dump().await, before);
    assert_eq!(comes_back(&eva, &back).await.text(".bar-name"), "eva");
}

#[tokio::test]
async fn whoever_sets_out_on_one_replica_comes_back_on_another_and_in_several_tabs() {
    let (panel, provider) = stage().await;
    let other = panel.replica().await;
    let eva = Person::stranger(&panel);
    let (first, second) = (sets_out(&eva).await, sets_out(&eva).await);
    let page = comes_back(&eva.at(&other), &provider.lets(&first, "eva")).await;
    assert_eq!(page.text(".bar-name"), "eva");
    assert_eq!(comes_back(&eva, &provider.lets(&second, "eva")).await.text(".bar-name"), "eva");
}

#[tokio::test]
async fn ten_minutes_are_enough_to_come_back() {
    let (panel, provider) = stage().await;
    let eva = Person::stranger(&panel);
    let there = sets_out(&eva).await;
    panel.clock.turn(10 * 60);
    assert_eq!(comes_back(&eva, &provider.lets(&there, "eva")).await.text(".bar-name"), "eva");
    let eva = Person::stranger(&panel);
    let there = sets_out(&eva).await;
    panel.clock.turn(10 * 60 + 1);
    comes_back(&eva, &provider.lets(&there, "eva")).await.must_say(422, &[NO_SUCH]);
    panel.sweeps().await;
    assert!(panel.database.texts("SELECT state FROM flow").await.is_empty());
}

#[tokio::test]
async fn what_the_provider_says_instead_of_a_code_is_told() {
    let (panel, provider) = stage().await;
    let eva = Person::stranger(&panel);
    for (answer, status, sentence) in [
        (vec![("error", "access_denied")], 403, "You cancelled at Example AB"),
        (vec![("error", "server_error"), ("error_description", "<b>x</b>")], 503, AWAY),
        (vec![("error", "temporarily_unavailable")], 503, AWAY),
        (vec![("error", "invalid_scope")], 502, "Example AB refused the sign-in."),
        (vec![], 502, "Example AB refused the sign-in."),
        (vec![("code", "made up"), ("iss", "http://127.0.0.1:1")], 502, NOT_BELIEVED),
        // It promised to name itself.
        (vec![("code", "made up")], 502, NOT_BELIEVED),
    ] {
        let back = Provider::sends_back(&sets_out(&eva).await, &answer);
        comes_back(&eva, &back).await.must_say(status, &[sentence]);
    }
    assert!(eva.cookie().is_none());
    let issuer = provider.settings()[0].1.clone();
    let back = Provider::sends_back(&sets_out(&eva).await, &[("code", "made up"), ("iss", &issuer)]);
    comes_back(&eva, &back).await.must_say(502, &["Example AB refused the sign-in."]);
    let told = panel
        .audit(AuditKind::SignInFailed)
        .await
        .into_iter()
        .filter_map(|event| event.facts.text(Fact::ProviderError).map(str::to_owned));
    let told: Vec<String> = told.collect();
    for code in ["server_error", "invalid_grant"] {
        assert!(told.iter().any(|told| told == code), "{code}: {told:?}");
    }
}

#[tokio::test]
async fn where_somebody_was_going_is_not_forgotten_when_it_fails() {
    let (panel, provider) = stage().await;
    let eva = Person::stranger(&panel);
    let page = eva.visits("/accounts/anna@example.se").await;
    let there = eva.presses(&page, BUTTON).await.link("Continue").unwrap();
    let page = comes_back(&eva, &Provider::sends_back(&there, &[("error", "access_denied")])).await;
    let page = eva.is_at_the_provider(&page, BUTTON, (&provider, "eva")).await;
    assert_eq!(page.at, "/accounts/anna@example.se");
    for next in ["https://evil.example/", "//evil.example"] {
        let there = eva.posts("/sign-in/sso", &[("next", next)]).await.link("Continue").unwrap();
        assert_eq!(comes_back(&eva, &provider.lets(&there, "eva")).await.at, "/");
    }
}

#[tokio::test]
async fn a_provider_that_is_away_at_the_start_keeps_nothing_else_waiting_and_may_come_back() {
    let (stage, provider) = Stage::usual().with_provider().await;
    provider.knows("eva", &["helpdesk"]);
    provider.goes_away().await;
    let panel = stage.opens().await;
    let eva = Person::stranger(&panel);
    let page = eva.visits("/sign-in").await;
    assert!(page.has("#password"));
    eva.presses(&page, BUTTON).await.must_say(503, &[AWAY]);
    provider.comes_back().await;
    eva.presses(&page, BUTTON).await.must_say(503, &[AWAY]);
    panel.clock.turn(5);
    must_work(&panel, &provider).await;
    // What is known is enough to set out; without the provider nobody comes in.
    let there = sets_out(&eva).await;
    let back = provider.lets(&there, "eva");
    provider.goes_away().await;
    comes_back(&eva, &back).await.must_say(503, &[AWAY]);
}

#[tokio::test]
async fn a_slow_provider_slows_nobody_else_down() {
    let (panel, provider) = stage().await;
    provider.takes_its_time(Duration::from_hours(1));
    let eva = Person::stranger(&panel);
    let page = eva.visits("/sign-in").await;
    let waits = tokio::spawn({
        let (eva, page) = (eva.clone(), page.clone());
        async move { eva.presses(&page, BUTTON).await }
    });
    panel.until(|_| async { provider.times_asked() > 0 }).await;
    let begun = Instant::now();
    assert_eq!(Person::stranger(&panel).visits("/sign-in").await.status, 200);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    waits.abort();
}

#[tokio::test]
async fn a_provider_that_says_odd_things_of_itself_is_not_used() {
    let (panel, provider) = stage().await;
    let eva = Person::stranger(&panel);
    let page = eva.visits("/sign-in").await;
    let odd = async |name: &'static str, value: &'static str| {
        provider.says_of_itself(move |said| said[name] = value.into());
        panel.clock.turn(5);
        eva.presses(&page, BUTTON).await.must_say(502, &[NOT_BELIEVED]);
    };
    odd("issuer", "https://another.example").await;
    odd("token_endpoint", "http://another.example/token").await;
    odd("authorization_endpoint", "http://another.example/authorize").await;
    odd("authorization_endpoint", "javascript:alert(1)").await;
    odd("jwks_uri", "not an address").await;
    provider.says_of_itself(|said| *said = json!("nothing"));
    panel.clock.turn(5);
    eva.presses(&page, BUTTON).await.must_say(502, &[NOT_BELIEVED]);
    provider.says_of_itself(|_| {});
    panel.clock.turn(5);
    must_work(&panel, &provider).await;
}

#[tokio::test]
async fn nothing_that_is_worth_anything_is_kept() {
    let (panel, provider) = stage().await;
    let eva = Person::stranger(&panel);
    let there = sets_out(&eva).await;
    let asked: std::collections::HashMap<_, _> = url::Url::parse(&there).unwrap().query_pairs().into_owned().collect();
    let dump = format!("{:?}", panel.database.dump().await);
    for secret in ["state", "nonce", "code_challenge"] {
        assert!(!dump.contains(&asked[secret]), "{secret}");
    }
    assert!(dump.contains("flow"));
    must_work(&panel, &provider).await;
}

#[tokio::test]
async fn nobody_fills_the_database_by_setting_out() {
    let (panel, _provider) = stage().await;
    let eva = Person::stranger(&panel);
    for n in 0..305 {
        let status = eva.posts("/sign-in/sso", &[("", ""); 0]).await.status;
        assert_eq!(status, if n < 300 { 200 } else { 429 }, "{n}");
    }
    assert!(panel.audit(AuditKind::SignInLimited).await.len() <= 5);
}
