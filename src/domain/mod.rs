//! Pure rules: what a service point, a day, a role or a statistic is, and what holds between them.
//!
//! Nothing here reads a clock, draws a random number, opens a file or knows a database or HTTP, so every
//! rule can be tested by itself and read by someone who knows the network rather than the program.

pub mod access;
pub mod audit;
pub mod audit_chain;
pub mod code_set;
pub mod codes;
pub mod credit_code;
pub mod digest;
pub mod doubtful;
pub mod estimate;
pub mod id;
pub mod identity;
pub mod income;
pub mod ledgers;
pub mod metrics;
pub mod password;
pub mod path;
pub mod policy;
pub mod region;
pub mod reports;
pub mod roll_up;
pub mod sampling;
mod schema;
pub mod search_keys;
pub mod small_cells;
pub mod text;
pub mod time;
pub mod timeliness;

pub use code_set::CodeSet;
pub use id::Id;
pub use path::PointPath;
pub use text::{Secret, Text};
pub use time::{Day, Instant, Month, Period};
