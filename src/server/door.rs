//! The doors: the addresses at which the panel is served, and what at which. `build` makes them, `router` puts the routes
//! behind each, `listen` lets people in.

use std::sync::Arc;

use url::Url;

use super::strangers::Strangers;
use crate::config::Config;
use crate::pages::{App, Links, Panel, is_for_owners};

/// What is served at a door. Everything else is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serves {
    Everything,
    /// What staff need, and nothing of what is for owners of mailboxes.
    Staff,
    /// What owners of mailboxes need, and nothing else.
    Owners,
}

/// An address of its own.
#[derive(Clone)]
pub struct Door {
    pub serves: Serves,
    /// The panel, whose links lead to this door.
    pub app: App,
    /// How people reach it.
    pub url: Url,
    /// What browsers are told of https, where people reach it so.
    pub hsts: Option<&'static str>,
    /// Counts the log lines that strangers cause here.
    pub strangers: Strangers,
}

impl Door {
    /// Whether whoever asks for this path here is an owner, also where no page of theirs is reached.
    pub fn is_for_owners(&self, path: &str) -> bool {
        self.serves == Serves::Owners || is_for_owners(path)
    }

    /// The panel's own door, and the owners' where they have one.
    pub fn both(panel: Panel, config: &Config) -> (Self, Option<Self>) {
        let door = |serves, panel: Panel, url: &Url| Self {
            serves,
            strangers: Strangers::new(panel.clock.clone()),
            app: App(Arc::new(panel)),
            url: url.clone(),
            hsts: config.hsts.header().filter(|_| url.scheme() == "https"),
        };
        let owners = config.owners.as_ref().map(|owners| {
            let links = Links::new(&owners.url, None);
            door(Serves::Owners, Panel { links, ..panel.clone() }, &owners.url)
        });
        let serves = if owners.is_some() { Serves::Staff } else { Serves::Everything };
        (door(serves, panel, &config.public_url), owners)
    }
}
