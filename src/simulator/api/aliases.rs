//! What changes aliases: create and edit. `delete` is shared with accounts.

use super::Desk;
use super::accounts::new_address;
use super::listings::alias_object;
use crate::model::Address;
use crate::simulator::envelope::{Payload, Refusal};
use crate::simulator::state::{Forward, answers_to, domain_of, key};

/// A new alias.
pub fn create(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let address = new_address(desk, "emailalias")?;
    if desk.state.aliases() >= desk.state.maxaliases {
        return Err(Refusal::new(400, "The maximum number of email aliases is reached"));
    }
    let alias = Forward { goto: targets(desk, "")?, ..Forward::default() };
    let object = alias_object(&address, &alias);
    desk.state.domains.entry(domain_of(&address).to_owned()).or_default().aliases.insert(address, alias);
    Ok(vec![("alias", object)])
}

/// New targets for an alias. What it leads to already is taken, whatever it is.
pub fn edit(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let text = desk.arguments.required("emailalias")?;
    let address = key(&text);
    let held = desk.state.domains.get(domain_of(&address)).and_then(|domain| domain.aliases.get(&address));
    let goto = targets(desk, held.map_or("", |alias| &alias.goto))?;
    let alias = desk.state.domains.get_mut(domain_of(&address)).and_then(|domain| domain.aliases.get_mut(&address));
    let alias = alias.filter(|alias| answers_to(&alias.told, "emailalias", &text));
    let alias = alias.ok_or_else(|| Refusal::unknown("email alias", &text))?;
    alias.goto = goto;
    alias.told.remove("goto");
    Ok(vec![("alias", alias_object(&address, alias))])
}

fn targets(desk: &Desk<'_>, held: &str) -> Result<String, Refusal> {
    let goto = desk.arguments.required("goto")?;
    let is_held = |text: &str| !text.trim().is_empty() && held.split(',').any(|held| held.trim() == text.trim());
    let read = |text: &str| match Address::proper(text) {
        Err(_) if !is_held(text) => Err(Refusal::new(400, "goto must be addresses separated by commas")),
        Ok(address) if !is_held(text) => Ok(address.to_string()),
        _ => Ok(text.trim().to_owned()),
    };
    Ok(goto.split(',').map(read).collect::<Result<Vec<_>, _>>()?.join(","))
}
