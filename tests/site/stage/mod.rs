//! The stage of every story: a panel, a GleSYS, a database, people and what they see.

mod authenticator;
mod database;
mod glesys;
mod log;
mod mail_server;
mod page;
mod panel;
mod person;
mod process;
mod provider;

pub use authenticator::Authenticator;
pub use database::Database;
pub use log::Log;
pub use mail_server::{MAIL_PASSWORD, MailServer, Taken};
pub use page::{Form, Page};
pub use panel::{Panel, Stage, panel};
pub use person::{PASSWORD, Person};
pub use process::{Process, runs};
pub use provider::{Provider, Signs, merge};
