//! Livelihoods: who belongs to organisations and what they earn; which households stores and organisations lift, and what these
//! receive.

mod benefits;
mod links;
mod memberships;
mod requests;
mod wages;

pub use benefits::Benefits;
pub use requests::{CorrectBenefit, CorrectWage, KeepBenefitLink, KeepMembership, LogBenefit, LogWage};
pub use wages::Wages;
