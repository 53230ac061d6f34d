//! Contact addresses count by the key and by what the audit told last; a link's mailing ends once.

use std::time::Duration;

use jiff::SignedDuration;

use super::{Place, address, at, at_once, commit, on_both};
use crate::model::{
    AuditEvent, AuditKind, Contact, ContactLetter, ContactNews, Fact, HeldContact, LetterState, LinkMailEnd,
    OperationId, OperationState, WhyNotMailed, WhyUntold,
};

const HOLD: Duration = Duration::from_mins(2);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn contact(to: &str) -> Contact {
    let (account, set_by) = (address("anna@example.se"), crate::model::StaffId("id of eva".to_owned()));
    Contact { account, address: address(to), set_by, set_at: at(1), account_created: Some(at(0)) }
}

fn told(kind: AuditKind, to: Option<&str>) -> AuditEvent {
    let event = AuditEvent { address: Some(address("anna@example.se")), ..AuditEvent::new(kind, at(1)) };
    AuditEvent { facts: event.facts.clone().with_some(Fact::Contact, to), ..event }
}

async fn sets(place: &Place, to: &str) {
    let mut tx = place.store.write().await.unwrap();
    tx.put_contact(&contact(to)).await.unwrap();
    tx.record(&told(AuditKind::ContactSet, Some(to))).await.unwrap();
    tx.commit().await.unwrap();
}

async fn held(place: &Place) -> HeldContact {
    place.store.read().await.unwrap().contact(&address("anna@example.se")).await.unwrap()
}

#[tokio::test]
async fn a_contact_is_what_the_panel_wrote_last_and_nothing_else() {
    on_both(async |place| {
        place.eva().await;
        let mut told_last = None;
        assert_eq!(held(place).await, HeldContact::None);
        for to in ["one@example.net", "two@example.net"] {
            sets(place, to).await;
            assert_eq!(held(place).await, HeldContact::Known(contact(to)));
            told_last = Some(address(to));
        }
        for edit in [
            "UPDATE contact SET address = 'thief@example.net'",
            "UPDATE contact SET address = 'one@example.net'",
            "UPDATE contact SET address = 'two@example.net', set_at = set_at + 1",
            "UPDATE contact SET set_at = set_at - 1, account_created = NULL",
            "UPDATE contact SET account_created = 0, mac = NULL",
            "UPDATE contact SET address = 'none'",
        ] {
            assert_eq!(place.execute(edit).await.unwrap(), 1);
            assert_eq!(held(place).await, HeldContact::Edited(told_last.clone()), "{edit}");
        }
        // The first one with its own MAC, which held once.
        commit!(place.store, tx => tx.put_contact(&contact("one@example.net")));
        assert_eq!(held(place).await, HeldContact::Edited(told_last), "the audit tells of another");
        assert!(commit!(place.store, tx => tx.remove_contact(&address("anna@example.se"))));
        commit!(place.store, tx => tx.record(&told(AuditKind::ContactRemoved, None)));
        assert!(!commit!(place.store, tx => tx.remove_contact(&address("anna@example.se"))));
        commit!(place.store, tx => tx.put_contact(&contact("two@example.net")));
        assert_eq!(held(place).await, HeldContact::Edited(None), "it was removed");
    })
    .await;
}

async fn mailed(place: &Place, number: u64, to: &str) -> OperationId {
    let id = place.operation(number, &format!("a{number}@example.se")).await;
    commit!(place.store, tx => tx.put_link_mail(&id, &address(to)));
    id
}

#[tokio::test]
async fn a_mailing_ends_once_and_is_unknown_where_nobody_says() {
    on_both(async |place| {
        place.eva().await;
        let id = mailed(place, 1, "one@example.net").await;
        let read = async || place.store.read().await.unwrap().operation(&id).await.unwrap().unwrap().link_mail.unwrap();
        assert_eq!((read().await.to, read().await.ended), (address("one@example.net"), None));
        assert!(commit!(place.store, tx => tx.end_overdue_link_mails(at(1))).is_empty(), "there is no link yet");
        place.end(&id, OperationState::Done, 1).await;
        commit!(place.store, tx => tx.begin_link_mail(&id, HOLD));
        assert!(commit!(place.store, tx => tx.end_overdue_link_mails(at(1))).is_empty(), "somebody sends it");
        let ended = at_once(place, 20, |n, store| {
            let failure = (n % 2 == 1).then_some(WhyNotMailed::Untold(WhyUntold::RecipientRefused));
            let (id, end) = (id.clone(), if failure.is_some() { LinkMailEnd::NotSent } else { LinkMailEnd::Sent });
            async move { commit!(store, tx => tx.end_link_mail(&id, (end, failure), at(2))) }
        });
        assert_eq!(ended.await.into_iter().filter(|ended| *ended).count(), 1);
        let mail = read().await;
        assert_eq!(mail.ended.map(|(end, _)| end == LinkMailEnd::Sent), Some(mail.failure.is_none()));
        place.execute("UPDATE link_mail SET ended = NULL, failure = NULL, over_elapsed = -1").await.unwrap();
        assert_eq!(commit!(place.store, tx => tx.end_overdue_link_mails(at(3))), std::slice::from_ref(&id));
        assert_eq!(read().await.ended, Some((LinkMailEnd::Unknown, at(3))));
        assert!(!commit!(place.store, tx => tx.end_link_mail(&id, (LinkMailEnd::Sent, None), at(4))));
        commit!(place.store, tx => tx.remove_link_mail(&id));
        assert_eq!(place.number("SELECT count(*) FROM link_mail").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_a_stranger_gets_is_counted_by_mailbox_links_and_news_together() {
    on_both(async |place| {
        place.eva().await;
        mailed(place, 1, "one@example.net").await;
        mailed(place, 2, "one+tag@example.net").await;
        mailed(place, 3, "other@example.net").await;
        let id = super::operation_id(99);
        let (account, to, state) =
            (address("anna@example.se"), address("one@example.net"), LetterState { failure: None, ended: None });
        let letter = ContactLetter { id: id.clone(), account, to, news: ContactNews::Removed, at: at(1), state };
        commit!(place.store, tx => tx.put_contact_letter(&letter, Duration::ZERO, Duration::from_hours(72)));
        let lately = commit!(place.store, tx => tx.mailed_lately(&address("one+x@example.net"), HOUR));
        assert_eq!(lately, 3);
        let mut reading = place.store.read().await.unwrap();
        assert_eq!(reading.letters_due(place.store.elapsed(), 10).await.unwrap(), std::slice::from_ref(&id));
        assert_eq!(reading.contact_letter(&id).await.unwrap(), Some(letter.clone()));
        assert_eq!(reading.last_contact_letter(&letter.account).await.unwrap(), Some(letter));
        assert_eq!(reading.operation(&id).await.unwrap(), None);
        drop(reading);
        assert_eq!(commit!(place.store, tx => tx.take_letter(&id, HOLD)), Some(1));
        assert!(commit!(place.store, tx => tx.end_letter(&id, None, at(2))));
        place.execute("UPDATE outbox SET put_elapsed = -1").await.unwrap();
        commit!(place.store, tx => { let now = tx.elapsed().await.unwrap(); tx.forget_contact_letters(now) });
        assert_eq!(place.number("SELECT count(*) FROM outbox").await, 0);
    })
    .await;
}
