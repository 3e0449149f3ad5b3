//! The kinds of things of trade and training, and their collections.

/// A kind of thing of trade and training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    Partner,
    Agreement,
    Platform,
    Product,
    Campaign,
    Balance,
    Organisation,
    Store,
    Sale,
    Livestream,
    Session,
    Attendance,
}

impl Thing {
    /// Every kind, with its collection.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::Partner, "/api/v1/partners"),
        (Self::Agreement, "/api/v1/agreements"),
        (Self::Platform, "/api/v1/platforms"),
        (Self::Product, "/api/v1/products"),
        (Self::Campaign, "/api/v1/campaigns"),
        (Self::Balance, "/api/v1/opening-balances"),
        (Self::Organisation, "/api/v1/organisations"),
        (Self::Store, "/api/v1/stores"),
        (Self::Sale, "/api/v1/sales"),
        (Self::Livestream, "/api/v1/livestreams"),
        (Self::Session, "/api/v1/training-sessions"),
        (Self::Attendance, "/api/v1/attendances"),
    ];

    /// The path of its collection.
    pub fn path(self) -> &'static str {
        Self::ALL.iter().find(|(thing, _)| *thing == self).unwrap().1
    }

    /// Whether it is an item of a catalogue.
    pub fn is_item(self) -> bool {
        self <= Self::Balance
    }
}
