//! The words of the network and their labels in both languages, each in this one place.
//!
//! Words that the program decides by (tiers, roles, states) are enums. Words that only classify (household
//! types, kinds of assistance) are lists of entries with validity dates, because they drift: a row keeps the
//! code it was written with, and an entry that has ended still has its label.

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, Type},
    },
};

use super::Day;

mod audit;
mod lists;
mod persons;

pub use audit::*;
pub use lists::*;
pub use livelihoods::*;
pub use persons::*;
pub use process::*;
pub use review::*;
pub use trade::*;

/// Declares an enum with a code and two labels for each variant.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every variant, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code that the API and the databases use.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The label in Chinese and in English.
            pub const fn labels(self) -> (&'static str, &'static str) {
                match self { $(Self::$variant => ($zh, $en)),+ }
            }

            /// The variant with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.code() == code)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let codes = Self::ALL.iter().map(|word| word.code());
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes)).into()
            }
        }

        impl ToSchema for $name {}
    };
}

mod livelihoods;
mod process;
mod review;
mod trade;

words! {
    /// The four levels of the network, the highest first. A point's parent is of the tier just above.
    Tier {
        /// The municipal bureau, the root of the tree.
        Bureau = "bureau", "市局", "Municipal bureau";
        /// A county service centre.
        County = "county", "县级服务中心", "County service centre";
        /// A township service station.
        Township = "township", "乡镇服务站", "Township service station";
        /// A village service point.
        Village = "village", "村级服务点", "Village service point";
    }
}

impl Tier {
    /// The tier just above; the bureau has none.
    pub const fn parent(self) -> Option<Self> {
        match self {
            Self::Bureau => None,
            Self::County => Some(Self::Bureau),
            Self::Township => Some(Self::County),
            Self::Village => Some(Self::Township),
        }
    }

    /// The number of points on the path from the root: 1 for the bureau.
    pub const fn depth(self) -> usize {
        self as usize + 1
    }
}

words! {
    /// Where a service point is in its life.
    PointStatus {
        /// Set up, not yet at work.
        Planned = "planned", "筹建", "Planned";
        /// At work.
        Active = "active", "运行", "Active";
        /// Paused; takes no new households or records.
        Suspended = "suspended", "暂停", "Suspended";
        /// Ended; its history stays.
        Closed = "closed", "关闭", "Closed";
        /// Ended by being merged into another.
        Merged = "merged", "合并", "Merged";
    }
}

impl PointStatus {
    /// Whether the point has ended, so that nothing about it changes any more.
    pub const fn ended(self) -> bool {
        matches!(self, Self::Closed | Self::Merged)
    }
}

words! {
    /// What a grant lets an account do; see [`crate::domain::policy`].
    Role {
        /// Registers households and logs assistance.
        Worker = "worker", "业务员", "Worker";
        /// Reviews what lower points send in.
        Reviewer = "reviewer", "审核员", "Reviewer";
        /// Answers for a point.
        Manager = "manager", "负责人", "Manager";
        /// Sees everything and changes nothing.
        Auditor = "auditor", "审计员", "Auditor";
        /// Opens accounts and points, sees no business data.
        Admin = "admin", "系统管理员", "Administrator";
    }
}

words! {
    /// Whether an account may be used.
    AccountStatus {
        /// May sign in.
        Active = "active", "启用", "Active";
        /// May not; its sessions have ended.
        Suspended = "suspended", "停用", "Suspended";
    }
}

words! {
    /// Whether a household is still served.
    HouseholdStatus {
        /// Lives here.
        Active = "active", "在册", "Active";
        /// Has left the area.
        MovedAway = "moved_away", "迁出", "Moved away";
        /// Exists no more.
        Dissolved = "dissolved", "销户", "Dissolved";
    }
}

words! {
    /// Whether an assistance record counts.
    RecordState {
        /// Counts.
        Active = "active", "有效", "Active";
        /// Was taken back, with a reason; counts nowhere.
        Voided = "voided", "作废", "Voided";
    }
}

words! {
    /// What became of the request to take over a household.
    TransferState {
        /// Nobody has answered yet.
        Pending = "pending", "待答复", "Pending";
        /// The household moved to the point that asked.
        Accepted = "accepted", "已同意", "Accepted";
        /// It stays where it is, with a reason.
        Refused = "refused", "已拒绝", "Refused";
        /// The point that asked wants it no more.
        Withdrawn = "withdrawn", "已撤回", "Withdrawn";
    }
}

words! {
    /// What kind of village a village division is, from the last three digits of its region code.
    VillageKind {
        /// A village committee, 200 and above.
        Committee = "committee", "村民委员会", "Village committee";
        /// A residents' community, 001 to 199.
        Community = "community", "社区居民委员会", "Residents' community";
    }
}

/// One word of a code list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The code that rows keep.
    pub code: &'static str,
    /// The label in Chinese.
    pub zh: &'static str,
    /// The label in English.
    pub en: &'static str,
    /// The first day on which the word may be used, as `YYYY-MM-DD`; none means always.
    pub valid_from: Option<&'static str>,
    /// The last day on which the word may be used; none means still.
    pub valid_to: Option<&'static str>,
}

/// A list of words that classify.
#[derive(Clone, Copy, Debug)]
pub struct CodeList {
    /// The list's own code.
    pub code: &'static str,
    /// The list's name in Chinese.
    pub zh: &'static str,
    /// The list's name in English.
    pub en: &'static str,
    /// The standard or rule that the words come from, if one does.
    pub standard: Option<&'static str>,
    /// The words, in the order in which they are shown.
    pub entries: &'static [Entry],
}

impl CodeList {
    /// Whether the code may be used on that day.
    pub fn allows(&self, code: &str, on: Day) -> bool {
        self.entries.iter().any(|entry| {
            entry.code == code
                && entry.valid_from.is_none_or(|from| *from <= *on.to_string())
                && entry.valid_to.is_none_or(|to| *on.to_string() <= *to)
        })
    }
}

const fn entry(code: &'static str, zh: &'static str, en: &'static str) -> Entry {
    Entry { code, zh, en, valid_from: None, valid_to: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_counts_between_its_days() {
        const WORDS: &[Entry] =
            &[Entry {
                valid_from: Some("2016-01-01"), valid_to: Some("2020-12-31"), ..entry("old", "贫困户", "Poor")
            }];
        let list = CodeList { code: "t", zh: "", en: "", standard: None, entries: WORDS };
        let on = |day: &str| list.allows("old", day.parse().unwrap());
        assert!(on("2016-01-01") && on("2020-12-31"));
        assert!(!on("2015-12-31") && !on("2021-01-01"));
    }

    #[test]
    fn each_tier_is_one_deeper_than_its_parent() {
        for tier in Tier::ALL {
            assert_eq!(tier.depth(), tier.parent().map_or(0, Tier::depth) + 1);
            assert_eq!(Tier::from_code(tier.code()), Some(*tier));
        }
    }
}
