//! Passkeys: the relying party's half of `WebAuthn`. It makes challenges and checks answers; what is in between, the store
//! keeps. User verification is always required, so that a passkey counts as two factors.

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use url::Url;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Uuid,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::model::{StaffId, StaffName};

/// What authenticators call the panel.
const NAME: &str = "Nyckel";
/// The longest that the standard allows a credential's id to be, in bytes.
const LONGEST_ID: usize = 1023;

/// The panel as authenticators know it: by its public name. Cloned freely.
#[derive(Clone)]
pub struct RelyingParty(Arc<Webauthn>);

/// A challenge on its way.
pub struct Challenge {
    /// What the browser is asked: its `publicKey`, in JSON.
    pub options: String,
    /// What its answer is checked against.
    pub state: String,
}

/// What a new passkey is known by.
pub struct NewCredential {
    /// Its id, in base64url.
    pub id: String,
    /// Its public key and counter, as the store keeps them.
    pub key: String,
}

/// A passkey's answer to a challenge, as it came; nothing of it is proved.
pub struct Assertion(PublicKeyCredential);

impl RelyingParty {
    /// The relying party of a public URL; `None` when that has a number for a host, for which there are no passkeys.
    pub fn of(public_url: &Url) -> Option<Self> {
        let host = public_url.domain().filter(|host| host.parse::<IpAddr>().is_err())?;
        let webauthn = WebauthnBuilder::new(host, public_url).ok()?.rp_name(NAME).build().ok()?;
        Some(Self(Arc::new(webauthn)))
    }

    /// Asks for a new passkey, other than those that the person has.
    pub fn ask_for_new(&self, staff: &StaffId, name: &StaffName, known: &[String]) -> Option<Challenge> {
        let user = Uuid::parse_str(&staff.0).ok()?;
        let known = known.iter().filter_map(|id| URL_SAFE_NO_PAD.decode(id).ok()).collect();
        let (options, state) =
            self.0.start_passkey_registration(user, name.as_str(), name.as_str(), Some(known)).ok()?;
        let mut options = serde_json::to_value(options).ok()?;
        // The library leaves this to the authenticator; without it nobody signs in by passkey alone.
        let selection = options.pointer_mut("/publicKey/authenticatorSelection")?.as_object_mut()?;
        selection.insert("residentKey".to_owned(), "required".into());
        selection.insert("requireResidentKey".to_owned(), true.into());
        Some(Challenge { options: options["publicKey"].to_string(), state: serde_json::to_string(&state).ok()? })
    }

    /// Checks the answer to [`RelyingParty::ask_for_new`].
    pub fn check_new(&self, state: &str, answer: &str) -> Option<NewCredential> {
        let state: PasskeyRegistration = serde_json::from_str(state).ok()?;
        let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).ok()?;
        let passkey = self.0.finish_passkey_registration(&answer, &state).map_err(refused).ok()?;
        if passkey.cred_id().len() > LONGEST_ID {
            return None;
        }
        let id = URL_SAFE_NO_PAD.encode(passkey.cred_id());
        Some(NewCredential { id, key: serde_json::to_string(&passkey).ok()? })
    }

    /// Asks for a proof by one of these passkeys; by any where none is named.
    pub fn ask(&self, known: &[String]) -> Option<Challenge> {
        let (options, state) = self.0.start_discoverable_authentication().ok()?;
        let mut options = serde_json::to_value(options).ok()?;
        let known: Vec<Value> = known.iter().map(|id| json!({ "type": "public-key", "id": id })).collect();
        let public_key = options.get_mut("publicKey")?.as_object_mut()?;
        public_key.insert("allowCredentials".to_owned(), known.into());
        public_key.remove("extensions");
        Some(Challenge { options: options["publicKey"].to_string(), state: serde_json::to_string(&state).ok()? })
    }

    /// Checks the answer to [`RelyingParty::ask`] against the passkey that it names; the passkey as it is to be kept from
    /// now on. An answer that names another owner, or whose counter has stood still, is refused.
    pub fn check(&self, state: &str, answer: &Assertion, owner: &StaffId, key: &str) -> Option<String> {
        let state: DiscoverableAuthentication = serde_json::from_str(state).ok()?;
        let mut passkey: Passkey = serde_json::from_str(key).ok()?;
        if answer.names().is_some_and(|named| named != *owner) {
            return None;
        }
        let result = self.0.finish_discoverable_authentication_v2(&answer.0, state, &passkey).map_err(refused).ok()?;
        passkey.update_credential(&result)?;
        serde_json::to_string(&passkey).ok()
    }
}

impl Assertion {
    /// Reads what the browser sent.
    pub fn read(answer: &str) -> Option<Self> {
        serde_json::from_str(answer).ok().map(Self)
    }

    /// The id of the passkey that it says it is from, in base64url.
    pub fn credential_id(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.get_credential_id())
    }

    /// Whose it says it is; authenticators may leave that out where they were asked for one passkey in particular.
    pub fn names(&self) -> Option<StaffId> {
        let user = self.0.get_user_unique_id()?;
        Some(StaffId(Uuid::from_slice(user).map(|id| id.to_string()).unwrap_or_default()))
    }
}

/// Why an answer was refused is for whoever looks for a fault, not for whoever sent it.
#[expect(clippy::needless_pass_by_value, reason = "map_err hands the error over")]
fn refused(error: webauthn_rs::prelude::WebauthnError) {
    tracing::debug!(?error, "a passkey's answer was refused");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name_and_follow_the_public_url_alone() {
        let party = |url: &str| RelyingParty::of(&Url::parse(url).unwrap());
        for url in ["http://127.0.0.1:8080", "http://[::1]:8080", "https://192.0.2.7/nyckel"] {
            assert!(party(url).is_none(), "{url}");
        }
        for (url, id) in [
            ("http://localhost:8080", "localhost"),
            ("https://nyckel.example.se", "nyckel.example.se"),
            ("https://intra.example.se/nyckel/", "intra.example.se"),
        ] {
            let asked = party(url).unwrap().ask(&[]).unwrap();
            let options: Value = serde_json::from_str(&asked.options).unwrap();
            assert_eq!(options["rpId"], id);
            assert_eq!(options["userVerification"], "required");
        }
    }

    #[test]
    fn a_new_passkey_must_be_one_that_signs_in_by_itself() {
        let party = RelyingParty::of(&Url::parse("https://nyckel.example.se").unwrap()).unwrap();
        let staff = StaffId("019ab000-0000-7000-8000-000000000001".to_owned());
        let asked = party.ask_for_new(&staff, &StaffName::parse("eva").unwrap(), &["AQID".to_owned()]).unwrap();
        let options: Value = serde_json::from_str(&asked.options).unwrap();
        let selection = &options["authenticatorSelection"];
        assert_eq!(selection["residentKey"], "required");
        assert_eq!(selection["userVerification"], "required");
        assert_eq!(options["attestation"], "none");
        assert_eq!(options["excludeCredentials"][0]["id"], "AQID");
    }
}
