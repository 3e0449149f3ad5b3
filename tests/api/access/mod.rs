//! Who may do what, where: every endpoint, against an oracle that shares nothing with the program's own policy.
//!
//! [`oracle`] says what is right, [`table`] lists the endpoints, [`calls`] calls them. [`walk`] goes through every
//! endpoint × role × relation, [`random`] through actors with several grants, [`lists`] through every page of what is
//! seen; [`hidden`] holds the answers about hidden things against those about nothing, [`effects`] watches rights come
//! and go, [`persons`] what names people.

mod calls;
mod effects;
mod hidden;
mod lists;
mod metrics;
mod oracle;
mod persons;
mod random;
mod table;
mod things;
mod walk;
mod world;
