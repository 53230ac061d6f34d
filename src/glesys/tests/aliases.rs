//! What is sent to make, change and delete an alias, character for character.

use super::scripted::{Scripted, ok, patient, writer};
use crate::glesys::{Changed, Error};
use crate::model::{Address, Change, Mailbox};

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

async fn change(server: &Scripted, change: &Change) -> Result<Changed, Error> {
    let (writer, on) = (writer(&server.connection(), &patient()).unwrap(), address("info@räka.se"));
    let turn = writer.turn(change.kind(), &on).await?;
    writer.change(turn, &on, change).await
}

/// The first line and the body of the only request.
fn sent(server: &Scripted) -> (String, String) {
    let calls = server.calls();
    assert_eq!(calls.len(), 1);
    let (head, body) = calls[0].split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

#[tokio::test]
async fn making_and_changing_an_alias_send_its_targets_between_commas() {
    let to = vec![address("anna@example.se"), address("bo@räka.se")];
    let edit = Change::EditAlias {
        from: Some(vec!["x@example.se".to_owned()]),
        to: to.iter().map(Address::to_string).collect(),
    };
    for (what, function) in [(Change::CreateAlias(to.clone()), "createalias"), (edit, "editalias")] {
        let alias =
            r#","alias":{"emailalias":"info@xn--rka-qla.se","displayname":"info@räka.se","goto":"anna@example.se"}"#;
        let server = Scripted::saying(vec![ok(alias)]).await;
        let changed = change(&server, &what).await.unwrap();
        let body = r#"{"emailalias":"info@xn--rka-qla.se","goto":"anna@example.se,bo@xn--rka-qla.se"}"#;
        assert_eq!(sent(&server), (format!("POST /email/{function} HTTP/1.1"), body.to_owned()));
        assert!(changed.password.is_none());
        // What GleSYS says that the alias is now counts, not what was sent.
        assert!(
            matches!(changed.mailbox, Some(Mailbox::Alias(alias)) if alias.targets == Some(vec!["anna@example.se".to_owned()]))
        );
    }
}

#[tokio::test]
async fn deleting_an_alias_sends_its_address_as_email() {
    let server = Scripted::saying(vec![ok("")]).await;
    let changed = change(&server, &Change::DeleteAlias(None)).await.unwrap();
    let body = r#"{"email":"info@xn--rka-qla.se"}"#;
    assert_eq!(sent(&server), ("POST /email/delete HTTP/1.1".to_owned(), body.to_owned()));
    assert!(changed.mailbox.is_none());
}

#[tokio::test]
async fn an_answer_about_another_alias_is_done_but_tells_nothing() {
    let alias = r#","alias":{"emailalias":"other@example.com","goto":"anna@example.se"}"#;
    let server = Scripted::saying(vec![ok(alias)]).await;
    let changed = change(&server, &Change::CreateAlias(vec![address("anna@example.se")])).await.unwrap();
    assert!(changed.mailbox.is_none());
}
