//! The model of the operation: what may happen in which order, walked through on the real services, store and simulator,
//! with everything that must always hold checked after each step ([`invariants`]).
//!
//! [`every_step_and_fault`] and [`clock_steps`] are exhaustive over small sets; [`at_random`] makes up longer stories. The seed is printed;
//! `NYCKEL_WALK_SEED` repeats it and `NYCKEL_WALK_CASES` says how many stories:
//! `NYCKEL_WALK_CASES=2000 cargo test --test site walk -- --nocapture`.

mod at_random;
mod clock_steps;
mod every_step_and_fault;
mod invariants;
mod links;
mod world;
