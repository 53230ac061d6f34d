//! Tests of the whole room against a scripted server.

mod aliases;
mod changes;
mod faults;
mod odd;
mod reads;
mod requests;
mod scripted;
