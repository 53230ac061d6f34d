//! Whatever is posted as a confirmation: only what was signed is good, and only for whom and what it was signed.

use std::sync::LazyLock;

use aws_lc_rs::hmac;
use jiff::Timestamp;
use nyckel::access::Gate;
use nyckel::model::{Address, OperationId, OperationKind};
use nyckel::services::operations::confirmation::{Confirmation, Page};

static KEY: LazyLock<hmac::Key> = LazyLock::new(|| hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]));

/// The first byte is put in somewhere, which the next two say; the rest is the text.
pub fn check(input: &[u8]) {
    let [sign, low, high, text @ ..] = input else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let (sign, place) = (*sign, u16::from_le_bytes([*low, *high]));
    let gate = Gate::of_the_command_line().expect("a gate");
    let [anna, bo] = ["anna@example.se", "bo@example.se"].map(|address| Address::parse(address).expect("an address"));
    let [anna, bo] = [&anna, &bo].map(|address| Page::On(OperationKind::ResetPassword, address));
    assert_eq!(Confirmation::verify(text, &KEY, gate.asker(), anna), None, "a forgery");

    let after = OperationId::parse("0190a8b4-3f4e-7c3e-8f1a-0123456789ab").ok().filter(|_| sign.is_multiple_of(2));
    let nonce: String = text.chars().filter(char::is_ascii_alphanumeric).take(30).collect();
    let signed = Confirmation { nonce, issued_at: Timestamp::UNIX_EPOCH, after };
    let token = signed.sign(&KEY, gate.asker(), anna);
    assert_eq!(Confirmation::verify(&token, &KEY, gate.asker(), anna).as_ref(), Some(&signed));
    assert_eq!(Confirmation::verify(&token, &KEY, gate.asker(), bo), None, "for another address");
    let mut changed = token.clone().into_bytes();
    let place = usize::from(place) % changed.len();
    if changed[place] != sign
        && let Some(byte) = changed.get_mut(place)
    {
        *byte = sign;
        if let Ok(changed) = String::from_utf8(changed) {
            assert_eq!(Confirmation::verify(&changed, &KEY, gate.asker(), anna), None, "{token} became {changed}");
        }
    }
}
