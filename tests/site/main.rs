//! Stories of the panel over HTTP, told by the people who use it.
//!
//! Each story sets its own stage ([`stage`]): a simulated GleSYS, a panel built from explicit settings, and people with
//! cookie jars who see pages. It asserts on what they see, on what GleSYS did, and on what the audit kept. With
//! `NYCKEL_TEST_POSTGRES` (the address of an empty cluster, as a superuser) every story runs on PostgreSQL.

#[cfg(test)]
mod stage;

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod acts;
#[cfg(test)]
mod aliases;
#[cfg(test)]
mod approvals;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod away;
#[cfg(test)]
mod batches;
#[cfg(test)]
mod borders;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod client_settings;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod contacts;
#[cfg(test)]
mod costs;
#[cfg(test)]
mod crawl;
#[cfg(test)]
mod crowds;
#[cfg(test)]
mod damaged;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod domains;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod fault_matrix;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod finding;
#[cfg(test)]
mod gravity;
#[cfg(test)]
mod hand_overs;
#[cfg(test)]
mod hidden;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod json_log;
#[cfg(test)]
mod names;
#[cfg(test)]
mod near;
#[cfg(test)]
mod not_known;
#[cfg(test)]
mod odd_rows;
#[cfg(test)]
mod older_copies;
mod older_logs;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod own_key;
#[cfg(test)]
mod passkeys;
#[cfg(test)]
mod profile;
#[cfg(test)]
mod projects;
#[cfg(test)]
mod real_mail_server;
#[cfg(test)]
mod renewed_secrets;
#[cfg(test)]
mod replicas;
#[cfg(test)]
mod request_log;
#[cfg(test)]
mod resets;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod rollback;
#[cfg(test)]
mod sign_ins;
#[cfg(test)]
mod sockets;
#[cfg(test)]
mod staff;
#[cfg(test)]
mod stopping;
#[cfg(test)]
mod tied;
#[cfg(test)]
mod told_why;
#[cfg(test)]
mod twins;
#[cfg(test)]
mod versions;
#[cfg(test)]
mod walk;
