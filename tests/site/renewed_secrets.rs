//! The API key at GleSYS and the secret of single sign-on are replaced while people work.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use nyckel::model::{AuditKind, Role};
use nyckel::simulator::{DEMO_KEY, PROJECT};
use rustix::process::Signal;
use tempfile::NamedTempFile;

use crate::sign_ins::single_sign_on::signs_in;
use crate::stage::Stage;

const ANNA: &str = "anna@example.se";
const BO: &str = "bo@example.se";
const CARL: &str = "carl@example.com";

#[tokio::test]
async fn a_new_api_key_is_used_from_the_signal_on_and_one_that_is_not_taken_never() {
    let file = NamedTempFile::new().unwrap();
    let holds = |key: &str| fs::write(file.path(), key).unwrap();
    holds(DEMO_KEY);
    let stage = Stage::usual().in_real_time().with("NYCKEL_GLESYS_API_KEY", "");
    let panel = stage.with("NYCKEL_GLESYS_API_KEY_FILE", file.path().to_str().unwrap()).opens().await;
    let (served, process) = panel.in_a_process(&[("NYCKEL_LOG", "debug")]).await;
    let olle = served.signed_in(Role::Operator, "olle").await;

    process.is_sent(Signal::HUP);
    process.says("no secret was replaced").await;

    holds("a-key-that-nobody-knows");
    process.is_sent(Signal::HUP);
    process.says("the old one stays in use").await;
    assert_eq!(olle.resets(ANNA).await.password(), panel.glesys.password_of(ANNA));
    assert!(panel.audit(AuditKind::ApiKeyReplaced).await.is_empty());

    panel.glesys.set_credentials(PROJECT, "the-next-key");
    holds("the-next-key");
    process.is_sent(Signal::HUP);
    process.says("it is used from now on").await;
    assert_eq!(olle.resets(BO).await.password(), panel.glesys.password_of(BO));
    olle.visits(&format!("/accounts/{CARL}")).await.must_say(200, &[CARL]);
    let event = panel.one(AuditKind::ApiKeyReplaced).await;
    assert_eq!(event.facts.kept().as_deref(), Some(r#"{"project":"cl12345"}"#));

    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644)).unwrap();
    process.is_sent(Signal::HUP);
    process.says("can't be read again").await;
    assert_eq!(olle.resets(CARL).await.password(), panel.glesys.password_of(CARL));
    for key in [DEMO_KEY, "a-key-that-nobody-knows", "the-next-key"] {
        assert!(!process.log().contains(key), "{key}");
    }
}

#[tokio::test]
async fn while_glesys_is_away_no_key_is_replaced() {
    let panel = Stage::usual().opens().await;
    panel.glesys.goes_away().await;
    let mut config = panel.config.clone();
    config.glesys_projects[0].api_key = "the-next-key".into();
    panel.built.renew(&config, &panel.clock).await;
    panel.glesys.comes_back().await;
    let olle = panel.operator("olle").await;
    assert_eq!(olle.resets(ANNA).await.password(), panel.glesys.password_of(ANNA));
    assert!(panel.audit(AuditKind::ApiKeyReplaced).await.is_empty());
}

#[tokio::test]
async fn each_project_has_its_own_key_replaced() {
    let other = nyckel::simulator::State::empty().account("dora@example.org");
    let panel = Stage::usual().project("Två", "cl67890", "second-key", other).opens().await;
    panel.others[0].set_credentials("cl67890", "the-next-key");
    let mut config = panel.config.clone();
    config.glesys_projects[0].api_key = "nonsense".into();
    config.glesys_projects[1].api_key = "the-next-key".into();
    panel.built.renew(&config, &panel.clock).await;
    let event = panel.one(AuditKind::ApiKeyReplaced).await;
    assert_eq!(event.facts.kept().as_deref(), Some(r#"{"project":"Två"}"#));
    let olle = panel.operator("olle").await;
    assert_eq!(olle.resets(ANNA).await.password(), panel.glesys.password_of(ANNA));
    assert_eq!(olle.resets("dora@example.org").await.password(), panel.others[0].password_of("dora@example.org"));
    panel.admin("ada").await.visits("/audit").await.must_say(200, &["GleSYS API key replaced", "project: “Två”"]);
}

#[tokio::test]
async fn the_secret_of_single_sign_on_is_replaced_when_the_provider_takes_it() {
    let (stage, provider) = Stage::usual().with_provider().await;
    let panel = stage.opens().await;
    provider.knows("eva", &["helpdesk"]);
    let renews = async |secret: &str| {
        let mut config = panel.config.clone();
        config.single_sign_on.as_mut().unwrap().client_secret = secret.into();
        panel.built.renew(&config, &panel.clock).await;
    };
    renews("wrong").await;
    assert_eq!(signs_in(&panel, &provider, "eva").await.1.text(".bar-name"), "eva", "the old one is still shown");

    provider.changes_the_secret("newer");
    assert_eq!(signs_in(&panel, &provider, "eva").await.1.status, 502);
    renews("newer").await;
    assert_eq!(signs_in(&panel, &provider, "eva").await.1.text(".bar-name"), "eva");
    panel.one(AuditKind::ClientSecretReplaced).await;
}
