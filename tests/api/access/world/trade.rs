//! Things of trade and training for the tests to act upon.

use serde_json::Value;
use terrace::{
    db::catalogue_items::{self, CatalogueItem},
    domain::{Id, codes::Catalogue},
};

use super::World;
use crate::{access::table::Thing, support::trade};

impl World {
    /// The thing of this kind at a point that no test takes back.
    pub async fn thing(&mut self, thing: Thing, point: &str) -> Id {
        let key = (thing, point.to_owned());
        if let Some(id) = self.things.get(&key) {
            return *id;
        }
        let id = Box::pin(self.new_thing(thing, point)).await;
        self.things.insert(key, id);
        id
    }

    /// A new thing of this kind at a point. Townships and villages keep no items of catalogues, so items are made in the
    /// database: whoever may read the rest must be refused theirs as well.
    pub async fn new_thing(&mut self, thing: Thing, point: &str) -> Id {
        let body = self.asked(thing, point).await;
        if !thing.is_item() {
            return self.app.post(&self.clerk.actor, thing.path(), &body).await.expect(201).id();
        }
        let text = |field: &str| body[field].as_str().map(str::to_owned);
        let day = |field: &str| body[field].as_str().map(|day| day.parse().unwrap());
        let (id, now) = (self.app.edge.new_id(), self.app.edge.now());
        let catalogue = match thing {
            Thing::Partner => Catalogue::Partner,
            Thing::Agreement => Catalogue::Agreement,
            Thing::Platform => Catalogue::Platform,
            Thing::Product => Catalogue::Product,
            Thing::Campaign => Catalogue::Campaign,
            _ => Catalogue::OpeningBalance,
        };
        let item = CatalogueItem {
            id,
            catalogue,
            service_point_id: self.id(point),
            name: text("name").unwrap_or_default(),
            kind: text("kind").or(text("category")).or(text("metric")),
            parent_id: text("partner_id").map(|id| id.parse().unwrap()),
            place_code: None,
            starts_on: day("starts_on").or(day("as_of")),
            ends_on: day("ends_on"),
            value: body["value"].as_i64(),
            mark: text("reach"),
            note: text("source"),
            version: 1,
            created_by: self.clerk.account,
            request_digest: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        catalogue_items::insert(&mut self.conn, &item).unwrap();
        id
    }

    /// What makes a thing of this kind at a point, or is the whole of one that is there.
    pub async fn asked(&mut self, thing: Thing, point: &str) -> Value {
        let (id, today) = (self.id(point), self.app.today());
        match thing {
            Thing::Partner => trade::partner(id),
            Thing::Agreement => trade::agreement(id, self.thing(Thing::Partner, point).await),
            Thing::Platform => trade::platform(id),
            Thing::Product => trade::product(id),
            Thing::Campaign => trade::campaign(id),
            Thing::Balance => trade::balance(id),
            Thing::Organisation => trade::organisation(id),
            // Whoever may enter stores anywhere sees the platforms of the bureau.
            Thing::Store => trade::store(id, self.thing(Thing::Platform, "b").await, today),
            Thing::Sale => trade::sale(id, today),
            Thing::Livestream => trade::livestream(self.thing(Thing::Store, point).await, today),
            Thing::Session => trade::session(id, today),
            Thing::Attendance => trade::attendance(self.thing(Thing::Session, point).await),
        }
    }

    /// The version of a thing now.
    pub async fn version(&self, thing: Thing, id: Id) -> i64 {
        let item = self.app.get(&self.clerk.actor, &format!("{}/{id}", thing.path())).await.expect(200).json();
        item["version"].as_i64().unwrap()
    }
}
