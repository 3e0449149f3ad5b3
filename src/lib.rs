//! Terrace: the map of the house.
//!
//! A request goes straight down and comes straight up:
//!
//! ```text
//! server   builds the app, binds the port
//!   api    HTTP only: the table of endpoints, requests, answers, problems; one file per resource
//!   app    use cases: authorize, one transaction, call db; one file per resource
//!   auth   who acts: keys, tokens, sessions, and the gate that hands out the database by permission
//!   db     the only place with query syntax; one file per group of tables
//!   domain pure rules: tiers, days, roles, codes, metrics, digests
//! ```
//!
//! Dependencies point down only; [`error`] is below them all, [`edge`] is where time and randomness come in, [`config`]
//! is every setting, [`commands`] is what the command line can do, and [`demo`] simulates a year through the use cases.
//! Households, say, are `api/households`, `app/households` and `db/households`.

pub mod api;
pub mod app;
pub mod auth;
pub mod commands;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod edge;
pub mod error;
pub mod server;
