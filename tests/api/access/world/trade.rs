//! Things of catalogues, registers and ledgers for the tests to act upon.

use serde_json::Value;
use terrace::{
    db::{
        catalogue_items::{self, CatalogueItem},
        files::{self, File},
        register_items::{self, RegisterItem},
    },
    domain::{
        Id,
        codes::{Catalogue, RegisterKind},
        digest::{hex, sha256},
    },
};

use super::World;
use crate::{
    access::table::Thing,
    support::{livelihoods, trade},
};

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

    /// A new thing of this kind at a point.
    pub async fn new_thing(&mut self, thing: Thing, point: &str) -> Id {
        let body = Box::pin(self.asked(thing, point)).await;
        let id = if thing.is_item() {
            self.new_item_of(thing, point, &body)
        } else if thing.is_of_villages() && !point.contains('v') {
            self.new_register_item(thing, point, &body)
        } else {
            self.app.post(&self.clerk.actor, thing.path(), &body).await.expect(201).id()
        };
        self.made_things.push((thing, point.to_owned(), id, body));
        id
    }

    /// What a thing was made of.
    pub fn whole(&self, id: Id) -> Value {
        self.made_things.iter().find(|(.., made, _)| *made == id).unwrap().3.clone()
    }

    /// Townships and villages keep no items of catalogues, so items are made in the database: whoever may read the rest must be
    /// refused theirs as well.
    fn new_item_of(&mut self, thing: Thing, point: &str, body: &Value) -> Id {
        let text = |field: &str| body[field].as_str().map(str::to_owned);
        let day = |field: &str| body[field].as_str().map(|day| day.parse().unwrap());
        let (id, now) = (self.app.edge.new_id(), self.app.edge.now());
        let catalogue = match thing {
            Thing::Partner => Catalogue::Partner,
            Thing::Agreement => Catalogue::Agreement,
            Thing::Platform => Catalogue::Platform,
            Thing::Product => Catalogue::Product,
            Thing::Campaign => Catalogue::Campaign,
            Thing::Policy => Catalogue::PolicyDocument,
            Thing::Project => Catalogue::Project,
            Thing::Indicator => Catalogue::Indicator,
            _ => Catalogue::OpeningBalance,
        };
        let file = File {
            digest: hex(&sha256(b"%PDF-")),
            media_type: "application/pdf".to_owned(),
            content: b"%PDF-".to_vec(),
            created_at: now,
        };
        files::keep(&mut self.conn, &file).unwrap();
        let item = CatalogueItem {
            id,
            catalogue,
            service_point_id: self.id(point),
            name: text("name").unwrap_or_default(),
            kind: ["kind", "category", "metric", "topic", "funding_source"].into_iter().find_map(text),
            parent_id: text("partner_id").map(|id| id.parse().unwrap()),
            place_code: None,
            starts_on: ["starts_on", "as_of", "issued_on"].into_iter().find_map(day),
            ends_on: day("ends_on"),
            value: body["value"].as_i64().or(body["budget_fen"].as_i64()),
            mark: ["reach", "number", "unit"].into_iter().find_map(text),
            note: text("definition").or(text("source")),
            version: 1,
            created_by: self.clerk.account,
            request_digest: Vec::new(),
            created_at: now,
            updated_at: now,
            source: text("issuer").or(text("source")),
            decimals: body["decimals"].as_i64(),
            file_digest: (thing == Thing::Policy).then_some(file.digest),
            villages: None,
        };
        catalogue_items::insert(&mut self.conn, &item).unwrap();
        id
    }

    /// What lies at villages alone is made in the database elsewhere: it must be hidden there as well.
    fn new_register_item(&mut self, thing: Thing, point: &str, body: &Value) -> Id {
        let (id, now) = (self.app.edge.new_id(), self.app.edge.now());
        let item = RegisterItem {
            id,
            register: if thing == Thing::Coverage { RegisterKind::Coverage } else { RegisterKind::Infrastructure },
            service_point_id: self.id(point),
            kind: body["kind"].as_str().unwrap_or_default().to_owned(),
            name: None,
            partner_id: None,
            site_id: body["site_id"].as_str().map(|id| id.parse().unwrap()),
            store_id: None,
            organisation_id: None,
            household_id: None,
            member_id: None,
            starts_on: body["starts_on"].as_str().unwrap().parse().unwrap(),
            ends_on: None,
            version: 1,
            created_by: self.clerk.account,
            request_digest: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        register_items::insert(&mut self.conn, &item).unwrap();
        id
    }

    /// What makes a thing of this kind at a point. What of something is told once is told of something new.
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
            Thing::Policy => livelihoods::policy(id),
            Thing::Project => livelihoods::project(id),
            Thing::Indicator => livelihoods::indicator(id),
            Thing::Site => livelihoods::site(id, self.thing(Thing::Partner, "b").await, today),
            Thing::Coverage => livelihoods::coverage(id, self.thing(Thing::Site, point).await, today),
            Thing::Infrastructure => livelihoods::infrastructure(id, today),
            Thing::Membership => {
                let organisation = self.new_thing(Thing::Organisation, point).await;
                livelihoods::membership(id, organisation, self.member(point).await, today)
            }
            Thing::Link => {
                let organisation = self.thing(Thing::Organisation, point).await;
                livelihoods::link(id, organisation, self.household(point).await, today)
            }
            Thing::Parcels => {
                livelihoods::parcels(self.new_thing(Thing::Site, point).await, &today.month().to_string())
            }
            Thing::Wage => {
                livelihoods::wage(self.new_thing(Thing::Membership, point).await, &today.month().to_string())
            }
            Thing::Benefit => livelihoods::benefit(self.thing(Thing::Link, point).await, today),
            Thing::Payment => livelihoods::payment(self.thing(Thing::Project, point).await, today),
        }
    }

    /// The version of a thing now.
    pub async fn version(&self, thing: Thing, id: Id) -> i64 {
        let item = self.app.get(&self.clerk.actor, &format!("{}/{id}", thing.path())).await.expect(200).json();
        item["version"].as_i64().unwrap()
    }
}
