//! The kinds of things of trade, training and livelihoods, and their collections.

/// A kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    Partner,
    Agreement,
    Platform,
    Product,
    Campaign,
    Balance,
    Policy,
    Project,
    Indicator,
    Organisation,
    Store,
    Site,
    Coverage,
    Infrastructure,
    Membership,
    Link,
    Sale,
    Livestream,
    Session,
    Attendance,
    Parcels,
    Wage,
    Benefit,
    Payment,
}

impl Thing {
    /// Every kind, with its collection.
    pub const ALL: [(Self, &'static str); 24] = [
        (Self::Partner, "/api/v1/partners"),
        (Self::Agreement, "/api/v1/agreements"),
        (Self::Platform, "/api/v1/platforms"),
        (Self::Product, "/api/v1/products"),
        (Self::Campaign, "/api/v1/campaigns"),
        (Self::Balance, "/api/v1/opening-balances"),
        (Self::Policy, "/api/v1/policy-documents"),
        (Self::Project, "/api/v1/projects"),
        (Self::Indicator, "/api/v1/indicators"),
        (Self::Organisation, "/api/v1/organisations"),
        (Self::Store, "/api/v1/stores"),
        (Self::Site, "/api/v1/logistics-sites"),
        (Self::Coverage, "/api/v1/coverages"),
        (Self::Infrastructure, "/api/v1/village-infrastructure"),
        (Self::Membership, "/api/v1/memberships"),
        (Self::Link, "/api/v1/benefit-links"),
        (Self::Sale, "/api/v1/sales"),
        (Self::Livestream, "/api/v1/livestreams"),
        (Self::Session, "/api/v1/training-sessions"),
        (Self::Attendance, "/api/v1/attendances"),
        (Self::Parcels, "/api/v1/parcels"),
        (Self::Wage, "/api/v1/wages"),
        (Self::Benefit, "/api/v1/benefits"),
        (Self::Payment, "/api/v1/project-payments"),
    ];

    /// The path of its collection.
    pub fn path(self) -> &'static str {
        Self::ALL.iter().find(|(thing, _)| *thing == self).unwrap().1
    }

    /// Whether it is an item of a catalogue.
    pub fn is_item(self) -> bool {
        self <= Self::Indicator
    }

    /// Whether it is an entry of a ledger; what is neither is written anew as a whole, as items are.
    pub fn is_entry(self) -> bool {
        self >= Self::Sale
    }

    /// Whether it lies at villages alone.
    pub fn is_of_villages(self) -> bool {
        matches!(self, Self::Coverage | Self::Infrastructure)
    }

    /// A correction of an entry.
    pub fn correction(self) -> &'static str {
        match self {
            Self::Sale | Self::Livestream => r#"{"orders": 2, "reason": "模拟原因"}"#,
            Self::Session | Self::Attendance => r#"{"minutes": 60, "reason": "模拟原因"}"#,
            Self::Parcels => r#"{"parcels": 2, "reason": "模拟原因"}"#,
            _ => r#"{"amount_fen": 2, "reason": "模拟原因"}"#,
        }
    }
}
