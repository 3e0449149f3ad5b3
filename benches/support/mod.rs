//! What the benchmarks stand on: a fresh database, the real tree, people with tokens, and simulated households and
//! records in numbers. All people are invented, and marked as simulated (模拟).

#![allow(clippy::allow_attributes, dead_code, reason = "not every benchmark uses everything")]

pub mod cells;
pub mod households;
pub mod network;
pub mod people;
pub mod place;
pub mod rows;
pub mod seed;

/// Whatever goes wrong ends a benchmark, with its words.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
