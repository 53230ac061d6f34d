//! What ran when the copy was made, and panels that run while an older copy is accepted.

use std::pin::Pin;
use std::time::Duration;

use nyckel::model::{Act, AuditKind, OperationState, Outcome, Role, WhyNot, WhyUnknown};
use nyckel::simulator::{Fault, Times};

use super::{ANEW, accepts, ada_and_eva, comes_back, hired, is_out, is_rolled_back};
use crate::stage::{PASSWORD, Panel, Person, panel};

const RESET: &str = "email/resetpassword";
const ANNA: &str = "anna@example.se";

/// A reset that GleSYS takes its time for; something happens meanwhile. The path of its result.
async fn resets_slowly(panel: &Panel, person: &Person, happens: Pin<Box<impl Future<Output = ()>>>) -> String {
    panel.glesys.fault(RESET, Fault::Slow(Duration::from_millis(600)), Times::Once);
    let happens = async {
        panel.until_called(1).await;
        happens.await;
    };
    tokio::join!(person.confirms(ANNA), happens).0
}

#[tokio::test]
async fn an_operation_that_ran_is_unknown_and_the_account_rests() {
    let panel = panel().await;
    let (_, eva) = ada_and_eva(&panel).await;
    let result = resets_slowly(&panel, &eva, Box::pin(panel.database.keeps("copy"))).await;
    panel.until_at_rest().await;
    let password = panel.glesys.password_of(ANNA);

    let (panel, printed) = is_rolled_back(&panel, &["ada", "eva"]).await;
    let operation = panel.operation(result.rsplit('/').next().unwrap()).await;
    assert_eq!(operation.outcome, Some(Outcome::Not(WhyNot::Unknown(WhyUnknown::RolledBack))));
    let event = panel.one(AuditKind::ResetOutcome).await;
    assert_eq!(event.outcome.as_deref(), Some("unknown: rolled_back"));
    comes_back(&eva, &panel, &printed).await;
    let eva = eva.in_another_browser().at(&panel);
    eva.signs_in_with(ANEW).await;
    let page = eva.visits(&result).await;
    page.must_say(
        200,
        &["We don’t know if the password was reset", "The panel’s database was put back to an older state or repaired"],
    );
    eva.visits("/accounts/anna@example.se/reset").await.must_say(409, &["Not reset yet: wait a moment"]);
    assert_eq!((panel.glesys.password_of(ANNA), panel.resets()), (password, (1, 1)));
    panel.clock.turn(60);
    assert_eq!(eva.resets(ANNA).await.password(), panel.glesys.password_of(ANNA));
}

#[tokio::test]
async fn several_accounts_that_were_being_changed_stand_still() {
    let panel = panel().await;
    let (_, manager) = (panel.admin("ada").await, panel.manager("bo").await);
    let fields = [("action", "auto_reply_off"), ("account", "anna"), ("account", "bo")];
    let proposed = manager.posts("/domains/example.se/bulk", &fields).await;
    let page = proposed.header("location").to_owned();
    manager.posts("/domains/example.se/bulk", &fields).await;
    let id = page.rsplit('/').next().unwrap();
    panel.database.run(&format!("UPDATE batch SET state = 'running', run = 1 WHERE id = '{id}'")).await;
    panel.database.keeps("copy").await;
    let (panel, printed) = is_rolled_back(&panel, &["ada", "bo"]).await;
    let event = panel.one(AuditKind::BatchStopped).await;
    assert_eq!((event.staff_name.as_deref(), event.outcome.as_deref()), (Some("bo"), Some("rolled_back")));
    assert_eq!(
        panel.database.texts("SELECT state FROM batch").await,
        ["stopped"],
        "what nobody confirmed is forgotten"
    );
    comes_back(&manager, &panel, &printed).await;
    let manager = manager.in_another_browser().at(&panel);
    manager.signs_in_with(ANEW).await;
    manager.visits(&page).await.must_say(200, &["The panel’s database was put back to an older state or repaired"]);
    assert_eq!(panel.glesys.calls_to("email/editaccount"), 0);
}

#[tokio::test]
async fn on_every_replica_that_runs_everybody_is_out_at_once() {
    let panel = panel().await;
    let (ada, eva) = ada_and_eva(&panel).await;
    let other = panel.replica().await;
    ada.has_proved(Act::ChangeStaff).await;
    let form = ada.visits("/staff/new").await;
    let confirmation = eva.visits("/accounts/anna@example.se/reset").await;
    let printed = accepts(&panel, &["ada", "eva"]).await.unwrap();
    for panel in [&panel, &other] {
        is_out(&ada, panel).await;
        is_out(&eva, panel).await;
    }
    ada.fills_in(&form, "Create invitation link", &[("name", "mallory"), ("everywhere", "admin")]).await;
    eva.submits(&confirmation).await;
    assert_eq!(panel.database.texts("SELECT name FROM staff ORDER BY name").await, ["ada", "eva"]);
    assert_eq!(panel.resets(), (0, 0));
    assert_eq!(comes_back(&eva, &other, &printed).await.at, "/");
}

#[tokio::test]
async fn what_was_on_its_way_when_it_was_accepted_is_written_nowhere() {
    let panel = panel().await;
    let (_, eva) = ada_and_eva(&panel).await;
    let olle = hired(&panel, "olle", Role::Operator).await;
    let form = [("name", "olle"), ("password", PASSWORD)];
    let keep: &[&str] = &["ada", "eva", "olle"];
    // Both have begun; what the sign-in proves is of an earlier era when it ends, and so is the answer of GleSYS.
    let happens = async {
        let accepted = Box::pin(async { drop(accepts(&panel, keep).await.unwrap()) });
        let page = olle.posts_slowly("/sign-in", &form, accepted).await;
        assert!(page.status >= 400 && olle.cookie().is_none(), "{page:#?}");
    };
    let result = resets_slowly(&panel, &eva, Box::pin(happens)).await;
    panel.until(|panel| async move { panel.resets().1 == 1 }).await;
    panel.built.ledger.stop().await;
    let operation = panel.operation(result.rsplit('/').next().unwrap()).await;
    assert_eq!(operation.state(), OperationState::Unknown, "its answer came too late");
    assert!(panel.database.texts("SELECT operation_id FROM sealed").await.is_empty());
}
