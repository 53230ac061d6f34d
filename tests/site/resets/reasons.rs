//! The reason or ticket of a reset, as the company wants it.

use nyckel::model::{AuditKind, Fact, Facts};

use crate::stage::{Stage, panel};

const CONFIRM: &str = "/accounts/anna@example.se/reset";

#[tokio::test]
async fn a_reason_may_be_given_and_is_kept() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits(CONFIRM).await;
    assert!(page.says("(optional)") && page.attributes("#ticket", "required").is_empty());
    eva.fills_in(&page, "Reset password", &[("ticket", "  lost it on the train ")]).await;
    let intent = panel.one(AuditKind::ResetIntent).await;
    assert_eq!(intent.facts.text(Fact::Ticket), Some("lost it on the train"));
    let page = eva.visits("/accounts/anna@example.se").await;
    page.must_say(200, &["ticket lost it on the train"]);
    assert!(page.link("ticket lost it on the train").is_none());
}

#[tokio::test]
async fn where_a_ticket_is_required_no_reset_begins_without_one() {
    let stage = Stage::usual()
        .with("NYCKEL_RESET_REASON", "required")
        .with("NYCKEL_RESET_REASON_PATTERN", "INC-[0-9]+")
        .with("NYCKEL_TICKET_URL", "https://help.example.se/browse/{ticket}?x=1");
    let panel = stage.opens().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits(CONFIRM).await;
    assert!(!page.says("(optional)") && page.has("#ticket[required]"));
    page.must_say(200, &["Required. Write it in this form: INC-[0-9]+."]);
    for (typed, sentence) in [
        ("", "Enter a reason or ticket number."),
        ("  ", "Enter a reason or ticket number."),
        ("812", "Write it in this form: INC-[0-9]+."),
        ("INC-812 <script>", "Write it in this form: INC-[0-9]+."),
        (&"9".repeat(201), "At most 200 characters."),
    ] {
        let refused = eva.fills_in(&page, "Reset password", &[("ticket", typed)]).await;
        refused.must_say(422, &[sentence, "Reset the password of"]);
        assert_eq!(refused.attributes("#ticket", "value"), [typed]);
    }
    assert_eq!(panel.resets(), (0, 0));
    let page = eva.fills_in(&page, "Reset password", &[("ticket", "INC-812")]).await;
    assert!(page.password().is_some(), "the same page is still good");
    let page = eva.visits("/accounts/anna@example.se").await;
    assert_eq!(page.link("ticket INC-812").unwrap(), "https://help.example.se/browse/INC-812?x=1");
}

#[tokio::test]
async fn where_nobody_wants_reasons_none_is_asked_for_or_kept() {
    let panel = Stage::usual().with("NYCKEL_RESET_REASON", "off").opens().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits(CONFIRM).await;
    assert!(!page.has("#ticket"));
    eva.fills_in(&page, "Reset password", &[("ticket", "typed all the same")]).await;
    assert_eq!(panel.one(AuditKind::ResetIntent).await.facts, Facts::new().with(Fact::HandOver, "shown"));
}
