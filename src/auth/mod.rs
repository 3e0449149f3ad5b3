//! Who is asking, and what they are handed.
//!
//! The [`Gate`] holds the database and gives it to nobody directly. Whoever wants it names a permission and gets
//! an [`Authorized`] for it; each of its transactions begins by looking up the session and the grants in force,
//! so what was revoked a moment ago no longer counts.

mod authorized;
pub mod chain;
mod ctx;
pub mod keys;
mod passwords;
mod permission;
pub mod seal;
pub mod tokens;
mod turns;
mod tx;

pub use authorized::{Authorized, Gate, Input, Ready, Rules, Tools};
pub use ctx::Ctx;
pub use keys::Keys;
pub use passwords::Passwords;
pub use permission::{Permission, can};
pub use turns::Turns;
pub use tx::Tx;
