//! The calls that create, edit and delete accounts: what goes over the wire, and what of an answer is believed.

use super::scripted::{Scripted, envelope, ok, patient, writer};
use crate::glesys::{Changed, Error};
use crate::model::{AccountSettings, Address, AutoReply, Change, HandOver, Mailbox, OperationState, Quota};

/// Makes a change of Anna's account, as the ledger would.
async fn change(server: &Scripted, change: &Change) -> Result<Changed, Error> {
    let (writer, on) = (writer(&server.connection(), &patient()).unwrap(), Address::parse("anna@example.se").unwrap());
    let turn = writer.turn(change.kind(), &on).await?;
    writer.change(turn, &on, change).await
}

/// The path and the body of the one call.
fn heard(server: &Scripted) -> (String, serde_json::Value) {
    let calls = server.calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    let (head, body) = calls[0].split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().to_owned(), serde_json::from_str(body).unwrap())
}

fn other() -> AccountSettings {
    AccountSettings {
        quota: Quota::Gib(7),
        antispam_level: Some(0),
        antivirus: Some(false),
        reject_spam: Some(true),
        auto_reply: AutoReply {
            on: Some(true), message: Some("Bort\n\"rest\" å".to_owned()), keeps_mail: Some(false)
        },
    }
}

/// Every setting but the storage.
const SETTINGS: &str = r#","antispamlevel":3,"antivirus":"yes","rejectspam":"no","autorespond":"no",
    "autorespondmessage":null,"autorespondsaveemail":"yes""#;
const CREATED: &str = r#","emailaccount":{"emailaccount":"anna@example.se","password":"S3cr3t}pw!"}"#;

#[tokio::test]
async fn a_creation_says_every_setting() {
    let server = Scripted::saying(vec![ok(CREATED)]).await;
    let changed = change(&server, &Change::CreateAccount(other(), HandOver::Shown)).await.unwrap();
    assert_eq!(*changed.password.unwrap().reveal(), "S3cr3t}pw!");
    let body = serde_json::json!({
        "emailaccount": "anna@example.se", "quotaingib": 7, "antispamlevel": 0, "antivirus": "no", "rejectspam": "yes",
        "autorespond": "yes", "autorespondmessage": "Bort\n\"rest\" å", "autorespondsaveemail": "no",
    });
    assert_eq!(heard(&server), ("/email/createaccount".to_owned(), body));
    let server = Scripted::saying(vec![ok(CREATED)]).await;
    change(&server, &Change::CreateAccount(AccountSettings::default(), HandOver::Shown)).await.unwrap();
    assert_eq!(heard(&server).1.get("autorespondmessage"), None, "no text is no argument");
}

#[tokio::test]
async fn a_new_account_of_which_not_all_is_told_is_asked_for_once_more() {
    for told in ["", r#","quotaingib":7"#, SETTINGS, &format!(r#"{SETTINGS},"quotaingib":7,"antivirus":"?""#)] {
        let told = told.replace(r#""antivirus":"yes","#, "");
        let server =
            Scripted::saying(vec![ok(&CREATED.replace(r#","password""#, &format!(r#"{told},"password""#)))]).await;
        let changed = change(&server, &Change::CreateAccount(other(), HandOver::Shown)).await.unwrap();
        assert_eq!((changed.password.is_some(), changed.mailbox), (true, None), "{told}");
    }
    let told = CREATED.replace(r#","password""#, &format!(r#"{SETTINGS},"quotaingib":7,"password""#));
    let server = Scripted::saying(vec![ok(&told)]).await;
    let changed = change(&server, &Change::CreateAccount(other(), HandOver::Shown)).await.unwrap();
    assert!(matches!(changed.mailbox, Some(Mailbox::Account(account)) if account.quota == Quota::Gib(7)));
}

#[tokio::test]
async fn an_edit_says_only_what_differs_down_to_nought_and_nothing() {
    let from = AccountSettings::default();
    for (to, differs) in [
        (AccountSettings { quota: Quota::Gib(2), ..from.clone() }, serde_json::json!({"quotaingib": 2})),
        (AccountSettings { antispam_level: Some(0), ..from.clone() }, serde_json::json!({"antispamlevel": 0})),
        (AccountSettings { antivirus: Some(false), ..from.clone() }, serde_json::json!({"antivirus": "no"})),
        (AccountSettings { reject_spam: Some(true), ..from.clone() }, serde_json::json!({"rejectspam": "yes"})),
    ] {
        let server = Scripted::saying(vec![ok("")]).await;
        change(&server, &Change::EditAccount { from: from.clone(), to }).await.unwrap();
        let mut body = differs;
        body["emailaccount"] = "anna@example.se".into();
        assert_eq!(heard(&server), ("/email/editaccount".to_owned(), body));
    }
    let silent = AutoReply { on: Some(false), message: Some(String::new()), keeps_mail: Some(true) };
    let to = AccountSettings { auto_reply: silent, ..other() };
    let server = Scripted::saying(vec![ok("")]).await;
    change(&server, &Change::EditAccount { from: other(), to }).await.unwrap();
    let body = serde_json::json!({
        "emailaccount": "anna@example.se", "autorespond": "no", "autorespondmessage": "", "autorespondsaveemail": "yes",
    });
    assert_eq!(heard(&server).1, body);
}

#[tokio::test]
async fn an_edit_says_nothing_of_what_nobody_knows() {
    let unknown = || AccountSettings {
        quota: Quota::NotKnown,
        antispam_level: None,
        antivirus: None,
        reject_spam: None,
        auto_reply: AutoReply::default(),
    };
    let only_virus = AccountSettings { antivirus: Some(true), ..unknown() };
    for (from, to, told) in [
        (unknown(), only_virus.clone(), serde_json::json!({"emailaccount": "anna@example.se", "antivirus": "yes"})),
        (other(), unknown(), serde_json::json!({"emailaccount": "anna@example.se"})),
        (other(), only_virus, serde_json::json!({"emailaccount": "anna@example.se", "antivirus": "yes"})),
    ] {
        let server = Scripted::saying(vec![ok("")]).await;
        change(&server, &Change::EditAccount { from, to }).await.unwrap();
        assert_eq!(heard(&server).1, told);
    }
}

#[tokio::test]
async fn a_deletion_calls_the_account_email() {
    let server = Scripted::saying(vec![ok("")]).await;
    change(&server, &Change::DeleteAccount).await.unwrap();
    let body = serde_json::json!({"email": "anna@example.se"});
    assert_eq!(heard(&server), ("/email/delete".to_owned(), body));
}

#[tokio::test]
async fn without_a_password_that_can_be_read_nobody_knows_how_a_creation_went() {
    for payload in [
        "",
        r#","emailaccount":null"#,
        r#","emailaccount":[]"#,
        r#","emailaccount":{"emailaccount":"anna@example.se"}"#,
        r#","emailaccount":{"emailaccount":"anna@example.se","password":""}"#,
        r#","emailaccount":{"emailaccount":"anna@example.se","password":null}"#,
        r#","emailaccount":{"emailaccount":"anna@example.se","password":12345678}"#,
        r#","emailaccount":{"emailaccount":"anna@example.se","password":["S3cr3t}pw!"]}"#,
        // Where a reset has it.
        r#","password":"S3cr3t}pw!""#,
    ] {
        let server = Scripted::saying(vec![ok(payload)]).await;
        let error =
            change(&server, &Change::CreateAccount(AccountSettings::default(), HandOver::Shown)).await.err().unwrap();
        assert_eq!(
            (error.why().state(), error.why().name()),
            (OperationState::Unknown, "unusable_answer"),
            "{payload}"
        );
        assert_eq!(server.calls().len(), 1, "{payload}");
        assert!(!format!("{error} {error:?}").contains("S3cr3t"));
    }
}

#[tokio::test]
async fn what_stands_beside_the_password_may_be_odd() {
    for rest in [
        "",
        r#","quotaingib":"seven","antispamlevel":null,"antivirus":1,"created":[]"#,
        r#","autorespondmessage":{"a":1},"debug":true,"displayname":7"#,
    ] {
        let payload = format!(r#","emailaccount":{{"password":"S3cr3t}}pw!"{rest}}}"#);
        let server = Scripted::saying(vec![ok(&payload)]).await;
        let changed =
            change(&server, &Change::CreateAccount(AccountSettings::default(), HandOver::Shown)).await.unwrap();
        assert!(changed.password.is_some() && changed.mailbox.is_none(), "{rest}");
    }
    // What is told of another address is not taken for this account.
    let payload = r#","emailaccount":{"emailaccount":"bo@example.se","quotaingib":7}"#;
    let server = Scripted::saying(vec![ok(payload)]).await;
    let to = AccountSettings { quota: Quota::Gib(7), ..AccountSettings::default() };
    let edit = Change::EditAccount { from: AccountSettings::default(), to };
    assert!(change(&server, &edit).await.unwrap().mailbox.is_none());
    let payload = format!(r#","emailaccount":{{"emailaccount":"anna@example.se","quotaingib":"7"{SETTINGS}}}"#);
    let server = Scripted::saying(vec![ok(&payload)]).await;
    let Some(Mailbox::Account(anna)) = change(&server, &edit).await.unwrap().mailbox else { panic!("no account") };
    assert_eq!(anna.quota, Quota::Gib(7));
}

#[tokio::test]
async fn a_refusal_that_holds_a_password_is_no_refusal() {
    for payload in [CREATED, r#","emailaccount":{"password":7}"#, r#","password":"S3cr3t}pw!""#] {
        let server = Scripted::saying(vec![envelope("400 Bad Request", "400", "No", payload)]).await;
        let error =
            change(&server, &Change::CreateAccount(AccountSettings::default(), HandOver::Shown)).await.err().unwrap();
        assert_eq!(error.why().state(), OperationState::Unknown, "{payload}");
    }
    let server = Scripted::saying(vec![envelope("400 Bad Request", "400", "It already exists", "")]).await;
    let error =
        change(&server, &Change::CreateAccount(AccountSettings::default(), HandOver::Shown)).await.err().unwrap();
    assert_eq!((error.why().state(), error.why().name()), (OperationState::Refused, "exists"));
}
