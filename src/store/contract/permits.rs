//! Permits: used once, for what they were made for.

use super::{at, at_once, commit, on_both};
use crate::model::{Act, SessionId};

#[tokio::test(flavor = "multi_thread")]
async fn a_permit_is_used_once_for_its_act_in_its_session() {
    on_both(async |place| {
        let (one, other) = (SessionId("one".to_owned()), SessionId("other".to_owned()));
        for act in Act::ALL {
            assert_eq!(Act::named(act.name()), Some(act));
            commit!(place.store, tx => tx.put_permit(&one, act, at(1)));
        }
        commit!(place.store, tx => tx.put_permit(&one, Act::AddPasskey, at(2)));
        assert_eq!(place.store.read().await.unwrap().permit(&one, Act::AddPasskey).await.unwrap(), Some(at(2)));
        assert_eq!(commit!(place.store, tx => tx.take_permit(&other, Act::AddPasskey)), None);
        let taken = at_once(place, 20, async |_, store| {
            let one = SessionId("one".to_owned());
            commit!(store, tx => tx.take_permit(&one, Act::AddPasskey))
        });
        assert_eq!(taken.await.into_iter().flatten().collect::<Vec<_>>(), [at(2)]);
        assert_eq!(commit!(place.store, tx => tx.take_permit(&one, Act::MakeCodes)), Some(at(1)));
        commit!(place.store, tx => tx.remove_permits_before(at(1)));
        assert_eq!(place.number("SELECT count(*) FROM permit").await, 8);
        commit!(place.store, tx => tx.remove_permits_before(at(2)));
        assert_eq!(place.number("SELECT count(*) FROM permit").await, 0);
    })
    .await;
}
