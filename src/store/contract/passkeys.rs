//! Passkeys, and challenges that are answered once.

use super::{Place, at, at_once, commit, ends_at, on_both};
use crate::model::{PasskeyId, PasskeyLabel, StaffId};
use crate::store::NewPasskey;

async fn add(place: &Place, staff: &StaffId, (id, credential_id): (&str, &str)) -> bool {
    let (id, label) = (PasskeyId(id.to_owned()), PasskeyLabel::read(&format!("label of {id}")).unwrap());
    let new = NewPasskey { id: &id, staff, credential_id, credential: "a key", label: &label, at: at(1) };
    commit!(place.store, tx => tx.add_passkey(&new))
}

#[tokio::test]
async fn a_passkey_is_one_persons_and_known_by_what_its_authenticator_calls_it() {
    on_both(async |place| {
        let (eva, bo) = (place.staff("eva").await, place.staff("bo").await);
        let has_one = async || {
            let mut reading = place.store.read().await.unwrap();
            let staff = reading.staff_member(&eva).await.unwrap().unwrap().staff;
            let credentials = reading.credentials(&staff.name).await.unwrap().unwrap();
            assert_eq!(staff.second_factor, credentials.second_factor);
            staff.second_factor
        };
        assert!(!has_one().await);
        assert!(add(place, &eva, ("one", "AAAA")).await);
        assert!(add(place, &eva, ("two", "BBBB")).await);
        assert!(!add(place, &bo, ("three", "AAAA")).await, "nobody has it twice");
        assert!(has_one().await);
        assert_eq!(place.store.read().await.unwrap().credential_ids_of(&eva).await.unwrap(), ["AAAA", "BBBB"]);
        assert!(place.store.read().await.unwrap().known_passkey("CCCC").await.unwrap().is_none());
        let known = place.store.read().await.unwrap().known_passkey("AAAA").await.unwrap().unwrap();
        assert_eq!((&known.staff, known.name.as_str(), known.disabled, known.generation), (&eva, "eva", false, 0));
        assert_eq!((known.id.0.as_str(), known.credential.as_str()), ("one", "a key"));

        commit!(place.store, tx => tx.passkey_used(&known.id, "the key, used", at(9)));
        let own = place.store.read().await.unwrap().passkeys_of(&eva).await.unwrap();
        let used: Vec<_> = own.iter().map(|own| (own.label.as_str(), own.added_at, own.used_at)).collect();
        assert_eq!(used, [("label of one", at(1), Some(at(9))), ("label of two", at(1), None)]);
        let known = place.store.read().await.unwrap().known_passkey("AAAA").await.unwrap().unwrap();
        assert_eq!(known.credential, "the key, used");

        assert_eq!(commit!(place.store, tx => tx.remove_passkey(&bo, &known.id)), None);
        let label = commit!(place.store, tx => tx.remove_passkey(&eva, &known.id));
        assert_eq!(label.as_deref(), Some("label of one"));
        assert!(has_one().await);
        assert_eq!(commit!(place.store, tx => tx.remove_factors(&eva, None)).passkeys, ["label of two"]);
        assert!(!has_one().await);
        commit!(place.store, tx => tx.disable_staff(&bo, at(2)));
        assert!(add(place, &bo, ("three", "AAAA")).await);
        assert!(place.store.read().await.unwrap().known_passkey("AAAA").await.unwrap().unwrap().disabled);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_is_used_up_once_in_time_and_where_it_belongs() {
    on_both(async |place| {
        for (hash, bound_to) in [("one", "here"), ("two", "here"), ("three", "there")] {
            commit!(place.store, tx => tx.put_ceremony(hash, bound_to, "a challenge", at(300)));
        }
        assert_eq!(commit!(place.store, tx => tx.take_ceremony("one", "there", ends_at(1))), None);
        assert_eq!(commit!(place.store, tx => tx.take_ceremony("one", "here", ends_at(300))), None);
        let taken = at_once(place, 20, |_, store| async move {
            commit!(store, tx => tx.take_ceremony("one", "here", ends_at(299)))
        });
        let taken: Vec<_> = taken.await.into_iter().flatten().collect();
        assert_eq!(taken, ["a challenge"]);

        commit!(place.store, tx => tx.remove_ceremonies_of("here"));
        assert_eq!(place.number("SELECT count(*) FROM ceremony").await, 1);
        commit!(place.store, tx => tx.remove_ceremonies_before(at(299)));
        assert_eq!(place.number("SELECT count(*) FROM ceremony").await, 1);
        commit!(place.store, tx => tx.remove_ceremonies_before(at(300)));
        assert_eq!(place.number("SELECT count(*) FROM ceremony").await, 0);
    })
    .await;
}
