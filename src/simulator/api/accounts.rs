//! What changes accounts: create, edit, reset the password, delete.

use serde_json::{Value, json};

use super::Desk;
use super::listings::account_object;
use crate::model::Address;
use crate::simulator::arguments::Arguments;
use crate::simulator::envelope::{Payload, Refusal};
use crate::simulator::state::{Mailbox, answers_to, domain_of, key};

/// The largest quota that the simulator sells, in GiB; GleSYS's own limit isn't known.
const MOST_GIB: u64 = 1000;

/// A new account with a generated password; a password that the caller sends is ignored, as GleSYS does since 2023.
pub fn create(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let address = new_address(desk, "emailaccount")?;
    if desk.state.accounts() >= desk.state.maxaccounts {
        return Err(Refusal::new(400, "The maximum number of email accounts is reached"));
    }
    let mut account = Mailbox { created: desk.now, ..Mailbox::default() };
    apply_options(&mut account, desk.arguments)?;
    account.password = desk.new_password();
    let mut object = account_object(&address, &account);
    object["password"] = Value::from(account.password.as_str());
    desk.state.domains.entry(domain_of(&address).to_owned()).or_default().accounts.insert(address, account);
    Ok(vec![("emailaccount", object)])
}

/// Changes what is sent and leaves the rest.
pub fn edit(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let now = desk.now;
    let (address, arguments) = (desk.arguments.required("emailaccount")?, desk.arguments);
    let account = known(desk, &address)?;
    let mut changed = account.clone();
    apply_options(&mut changed, arguments)?;
    changed.modified = Some(now);
    *account = changed;
    Ok(vec![("emailaccount", account_object(&key(&address), account))])
}

/// Makes a new password and says it, once. Each call makes another.
pub fn reset_password(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let address = desk.arguments.required("emailaccount")?;
    known(desk, &address)?;
    let password = desk.new_password();
    known(desk, &address)?.password.clone_from(&password);
    Ok(vec![("password", json!(password))])
}

/// Deletes an account or an alias. The argument is `email`, not `emailaccount`.
pub fn delete(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let address = desk.arguments.required("email")?;
    let address_key = key(&address);
    let gone = desk.state.domains.get_mut(domain_of(&address_key)).is_some_and(|domain| {
        let is_account = domain.accounts.get(&address_key).is_some_and(|of| is_called(of, &address));
        let is_alias = domain.aliases.get(&address_key).is_some_and(|of| answers_to(&of.told, "emailalias", &address));
        is_account && domain.accounts.remove(&address_key).is_some()
            || is_alias && domain.aliases.remove(&address_key).is_some()
    });
    if gone { Ok(Vec::new()) } else { Err(Refusal::unknown("email account or alias", &address)) }
}

fn known<'a>(desk: &'a mut Desk<'_>, address: &str) -> Result<&'a mut Mailbox, Refusal> {
    let account = desk.state.mailbox_mut(&key(address)).filter(|account| is_called(account, address));
    account.ok_or_else(|| Refusal::unknown("email account", address))
}

/// Whether a caller means this account by that text.
pub fn is_called(account: &Mailbox, text: &str) -> bool {
    answers_to(&account.told, "emailaccount", text)
}

/// An address that is valid, in one of the project's domains and not taken yet.
pub fn new_address(desk: &Desk<'_>, argument: &str) -> Result<String, Refusal> {
    let text = desk.arguments.required(argument)?;
    let address =
        Address::proper(&text).map_err(|_| Refusal::new(400, format!("{argument} is not a valid address")))?;
    let name = address.domain().as_str();
    let domain = desk.state.domains.get(name).ok_or_else(|| Refusal::unknown("domain", name))?;
    if domain.accounts.contains_key(address.as_str()) || domain.aliases.contains_key(address.as_str()) {
        return Err(Refusal::new(400, format!("{address} already exists")));
    }
    Ok(address.as_str().to_owned())
}

fn apply_options(account: &mut Mailbox, arguments: &Arguments) -> Result<(), Refusal> {
    if let Some(level) = arguments.number("antispamlevel", 0..=5)? {
        account.antispamlevel = level;
    }
    if let Some(quota) = arguments.number("quotaingib", 1..=MOST_GIB)? {
        account.quotaingib = quota;
    }
    for (name, setting) in [
        ("antivirus", &mut account.antivirus),
        ("autorespond", &mut account.autorespond),
        ("autorespondsaveemail", &mut account.autorespondsaveemail),
        ("rejectspam", &mut account.rejectspam),
    ] {
        if let Some(truth) = arguments.yes(name)? {
            *setting = truth;
        }
    }
    if let Some(message) = arguments.text("autorespondmessage") {
        account.autorespondmessage = Some(message).filter(|message| !message.is_empty());
    }
    account.told.retain(|field, _| field == "emailaccount" || arguments.text(field).is_none());
    Ok(())
}
