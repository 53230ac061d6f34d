//! The running panel: ports and services built once, the router with its layers, start and stop.
//!
//! `cli` calls [`open_store`], [`Built::new`] and [`run`]. Every answer leaves through the layers that are put together
//! in `router`; see there for their order, and in `door` for what is served where.

mod activity;
mod assets;
mod build;
pub mod client;
mod connection;
mod door;
mod headers;
mod health;
mod listen;
mod origin;
mod places;
mod policy;
mod ports;
mod problems;
mod queues;
mod renewal;
mod request_log;
mod router;
mod strangers;
mod stream;

pub use build::{Built, StartProblem, invitation, open_store, sign_in_link, staff_book};
pub use listen::{Listeners, run};
pub use ports::{glesys_reader, mailer, oidc_provider};
pub use router::{Service, owners, panel};
