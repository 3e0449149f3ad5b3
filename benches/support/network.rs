//! The real tree: 1 bureau, 9 counties, 199 townships, 3,290 villages.

use std::{fs::File, path::Path};

use terrace::{
    app::points_import::{self, ImportError},
    db::{Conn, service_points},
    domain::{Id, codes::Tier},
    server::House,
};

use super::Result;

/// The points that something is done at.
pub struct Network {
    /// The root.
    pub bureau: Id,
    /// The counties.
    pub counties: Vec<Id>,
    /// The villages, in the order of the tree.
    pub villages: Vec<Village>,
}

/// A village.
#[derive(Clone, Copy)]
pub struct Village {
    /// The village.
    pub id: Id,
    /// The number of its county in [`Network::counties`].
    pub county: usize,
}

impl Network {
    /// Imports the tree, as `terrace points import` does.
    pub fn import(house: &House, conn: &mut Conn) -> Result<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/longnan_divisions.csv");
        let file = File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let import = points_import::import(&house.gate, file, false);
        actix_web::rt::System::new().block_on(import).map_err(|error| match error {
            ImportError::Faults(faults) => format!("{}: {} faults", path.display(), faults.len()),
            ImportError::Other(error) => error.to_string(),
        })?;
        Self::read(conn)
    }

    fn read(conn: &mut Conn) -> Result<Self> {
        let mut points = service_points::with_region_codes(conn)?;
        points.sort_by(|one, other| one.path.cmp(&other.path));
        let of_tier = |tier| points.iter().filter(move |point| point.tier == tier);
        let counties: Vec<Id> = of_tier(Tier::County).map(|point| point.id).collect();
        let village = |point: &service_points::ServicePoint| {
            let above = point.path.ids();
            let county = counties.iter().position(|county| above.contains(county));
            county.map(|county| Village { id: point.id, county })
        };
        let villages = of_tier(Tier::Village).filter_map(village).collect();
        let bureau = of_tier(Tier::Bureau).next().ok_or("the tree has no root")?.id;
        Ok(Self { bureau, counties, villages })
    }
}
