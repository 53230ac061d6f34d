//! Where mail to an alias ends up, hop by hop, as far as the person may see it.

use crate::access::{CanSome, ViewMail};
use crate::model::address::{of_target, readable};
use crate::model::{Address, Alias};
use crate::pages::App;
use crate::services::directory::Stands;
use crate::texts::Texts;

/// How many hops of one alias are shown; nobody reads more.
const MOST_HOPS: usize = 300;

/// A target, of the alias or of one that it leads to.
pub struct Hop {
    pub text: String,
    /// The account or alias there, where it is hosted here and the person may see it.
    pub link: Option<String>,
    /// What there is to say of it beside.
    pub note: &'static str,
    pub is_wrong: bool,
    /// Whether it lies outside the company's domains.
    pub is_outside: bool,
    /// Whether its own targets follow, one step in.
    pub leads_on: bool,
    /// How many lists end behind it.
    pub ends: usize,
}

/// All hops, each followed by its own. A target that was shown already is shown without what follows.
pub fn chain(app: &App, see: &CanSome<ViewMail>, alias: &Alias, say: Texts) -> Vec<Hop> {
    let mut chain = Chain { app, see, say, alias: &alias.address, seen: vec![alias.address.clone()], hops: Vec::new() };
    chain.follow(alias);
    chain.hops
}

struct Chain<'a> {
    app: &'a App,
    see: &'a CanSome<ViewMail>,
    say: Texts,
    alias: &'a Address,
    seen: Vec<Address>,
    hops: Vec<Hop>,
}

impl Chain<'_> {
    fn follow(&mut self, alias: &Alias) {
        // A stack, not recursion: how deep it goes is up to whoever made the aliases.
        let mut stack = vec![alias.targets.clone().unwrap_or_default().into_iter()];
        while let Some(targets) = stack.last_mut() {
            let Some(text) = targets.next().filter(|_| self.hops.len() < MOST_HOPS) else {
                stack.pop();
                if let Some(last) = self.hops.last_mut().filter(|_| !stack.is_empty()) {
                    last.ends += 1;
                }
                continue;
            };
            if let Some(next) = self.hop(&text) {
                stack.push(next.into_iter());
            }
        }
    }

    /// Shows one target. Returns the targets of the alias that stands there, if they are to follow.
    fn hop(&mut self, text: &str) -> Option<Vec<String>> {
        let say = self.say;
        let address = of_target(text);
        let stands = address.as_ref().map_or(Stands::Elsewhere, |address| self.app.directory.stands(self.see, address));
        let is_outside = self.app.directory.is_outside(text, self.alias.domain());
        let (note, is_wrong) = match (&stands, &address) {
            (Stands::Alias(_) | Stands::Both(_), Some(address)) if address == self.alias => {
                (say.target_is_this(), true)
            }
            (Stands::Account, _) => ("", false),
            (Stands::Alias(alias), _) if alias.targets.is_none() => (say.target_is_untold_alias(), false),
            (Stands::Alias(_), _) => (say.target_is_alias(), false),
            (Stands::Both(_), _) => (say.target_is_both(), false),
            (Stands::Nothing, _) => (say.target_is_nothing(), true),
            (Stands::Elsewhere, _) => (say.target_elsewhere(), false),
        };
        let next = match (stands, address.as_ref()) {
            (Stands::Alias(next) | Stands::Both(next), Some(address)) if !self.seen.contains(address) => {
                self.seen.push(address.clone());
                next.targets.filter(|next| !next.is_empty() && self.hops.len() + 1 < MOST_HOPS)
            }
            _ => None,
        };
        let link = address
            .filter(|_| !is_outside && note != say.target_elsewhere())
            .map(|address| self.app.links.account(&address));
        let leads_on = next.is_some();
        self.hops.push(Hop { text: readable(text), link, note, is_wrong, is_outside, leads_on, ends: 0 });
        next
    }
}
