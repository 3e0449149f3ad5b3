//! Terrace.
pub mod app;
pub mod auth;
pub mod db;
pub mod domain;
pub mod edge;
pub mod error;
