//! What changes aliases: create and edit. `delete` is shared with accounts.

use super::Desk;
use super::accounts::new_address;
use super::listings::alias_object;
use crate::model::Address;
use crate::simulator::envelope::{Payload, Refusal};
use crate::simulator::state::{Forward, domain_of, key};

/// A new alias.
pub fn create(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let address = new_address(desk, "emailalias")?;
    if desk.state.aliases() >= desk.state.maxaliases {
        return Err(Refusal::new(400, "The maximum number of email aliases is reached"));
    }
    let alias = Forward { goto: targets(desk)?, displayname: None };
    let object = alias_object(&address, &alias);
    desk.state.domains.entry(domain_of(&address).to_owned()).or_default().aliases.insert(address, alias);
    Ok(vec![("alias", object)])
}

/// New targets for an alias.
pub fn edit(desk: &mut Desk<'_>) -> Result<Payload, Refusal> {
    let text = desk.arguments.required("emailalias")?;
    let goto = targets(desk)?;
    let address = key(&text);
    let alias = desk.state.domains.get_mut(domain_of(&address)).and_then(|domain| domain.aliases.get_mut(&address));
    let alias = alias.ok_or_else(|| Refusal::unknown("email alias", &text))?;
    alias.goto = goto;
    Ok(vec![("alias", alias_object(&address, alias))])
}

fn targets(desk: &Desk<'_>) -> Result<String, Refusal> {
    let goto = desk.arguments.required("goto")?;
    let targets: Result<Vec<_>, _> = goto.split(',').map(Address::parse).collect();
    let targets = targets.map_err(|_| Refusal::new(400, "goto must be addresses separated by commas"))?;
    Ok(targets.iter().map(Address::as_str).collect::<Vec<_>>().join(","))
}
