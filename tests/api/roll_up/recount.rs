//! What every number must be, counted a second way: from the rows of the records and the parents of the points alone,
//! one record at a time, without paths, cells or the program's own queries.

use std::collections::BTreeMap;

use diesel::{Queryable, RunQueryDsl as _};
use serde_json::{Value, json};
use terrace::{
    db::Conn,
    domain::{Day, Id},
};

diesel::table! {
    use diesel::sql_types::*;
    use terrace::db::types::Uid;

    #[sql_name = "service_points"]
    nodes (id) {
        id -> Uid,
        parent_id -> Nullable<Uid>,
        tier -> Text,
        name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use terrace::db::types::Uid;

    #[sql_name = "assistance_records"]
    given (id) {
        id -> Uid,
        household_id -> Uid,
        service_point_id -> Uid,
        kind -> Text,
        given_on -> Date,
        quantity -> BigInt,
        state -> Text,
        created_by -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use terrace::db::types::Uid;

    cells (service_point_id, ledger, period, kind) {
        service_point_id -> Uid,
        ledger -> Text,
        period -> Integer,
        kind -> Text,
        n -> BigInt,
        quantity -> BigInt,
    }
}

/// A point: its parent, tier and name.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct Node {
    pub id: Id,
    pub parent_id: Option<Id>,
    pub tier: String,
    pub name: String,
}

/// A record as it lies in the database.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct Given {
    pub id: Id,
    pub household_id: Id,
    pub giver: Id,
    pub kind: String,
    pub given_on: Day,
    pub quantity: i64,
    pub state: String,
    pub created_by: Id,
}

/// A cell's key: point, ledger, month as year × 100 + month, kind.
type Key = (Id, String, i32, String);

/// A number of records and the sum of their quantities.
type Sum = (i64, i64);

/// Everything that the numbers follow from.
pub struct Book {
    pub nodes: BTreeMap<Id, Node>,
    pub records: BTreeMap<Id, Given>,
}

impl Book {
    pub fn read(conn: &mut Conn) -> Self {
        let nodes: Vec<Node> = nodes::table.load(conn).unwrap();
        let records: Vec<Given> = given::table.load(conn).unwrap();
        Self {
            nodes: nodes.into_iter().map(|node| (node.id, node)).collect(),
            records: records.into_iter().map(|record| (record.id, record)).collect(),
        }
    }

    /// The records that count.
    fn counted(&self) -> impl Iterator<Item = &Given> {
        self.records.values().filter(|record| record.state == "active")
    }

    /// A point and every point above it, by parents.
    fn upwards(&self, id: Id) -> impl Iterator<Item = &Node> {
        std::iter::successors(self.nodes.get(&id), |node| self.nodes.get(&node.parent_id?))
    }

    fn is_below_or_at(&self, id: Id, top: Id) -> bool {
        self.upwards(id).any(|node| node.id == top)
    }

    /// The cells that there must be and what they must hold: a village's, a township's and a county's the total of what is
    /// below it and its own, the bureau's its own alone.
    pub fn expected_cells(&self) -> BTreeMap<Key, Sum> {
        let mut cells = BTreeMap::<Key, Sum>::new();
        for record in self.counted() {
            for node in self.upwards(record.giver) {
                if node.tier != "bureau" || node.id == record.giver {
                    let month = record.given_on.to_string()[..7].replace('-', "").parse().unwrap();
                    let cell = cells.entry((node.id, "assistance".to_owned(), month, record.kind.clone())).or_default();
                    *cell = (cell.0 + 1, cell.1 + record.quantity);
                }
            }
        }
        cells
    }

    /// The whole answer that a point's statistics must be.
    pub fn expected_statistics(&self, id: Id, period: &str) -> Value {
        let in_period: Vec<&Given> = self.counted().filter(|record| is_within(record.given_on, period)).collect();
        let sum = |belongs: &dyn Fn(&Given) -> bool| {
            let belonging = in_period.iter().filter(|record| belongs(record));
            belonging.fold((0, 0), |sum, record| (sum.0 + 1, sum.1 + record.quantity))
        };
        let below = |record: &Given, top: Id| self.is_below_or_at(record.giver, top);
        let total = sum(&|record| below(record, id));
        let own = sum(&|record| record.giver == id);
        // Children in the order of the tree, which among siblings is that of their ids.
        let children: Vec<(&Node, Sum)> = self
            .nodes
            .values()
            .filter(|node| node.parent_id == Some(id))
            .map(|child| (child, sum(&|record| below(record, child.id))))
            .collect();
        let mut kinds: Vec<&str> = in_period.iter().map(|record| record.kind.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let kinds: Vec<(&str, Sum)> = kinds
            .into_iter()
            .map(|kind| (kind, sum(&|record| record.kind == kind && below(record, id))))
            .filter(|(_, sum)| sum.0 > 0)
            .collect();
        let item = |metric: &str, of: fn(Sum) -> i64| {
            let by_child: Vec<Value> = children
                .iter()
                .map(|(child, sum)| json!({ "service_point_id": child.id, "name": child.name, "value": of(*sum) }))
                .collect();
            let by_kind: Vec<Value> =
                kinds.iter().map(|(kind, sum)| json!({ "kind": kind, "value": of(*sum) })).collect();
            json!({ "metric": metric, "total": of(total), "own": of(own), "by_child": by_child, "by_kind": by_kind })
        };
        let items = [item("assistance_count", |sum| sum.0), item("assistance_quantity", |sum| sum.1)];
        json!({ "service_point_id": id, "period": period, "items": items })
    }
}

/// The cells that there are and hold anything.
pub fn kept_cells(conn: &mut Conn) -> BTreeMap<Key, Sum> {
    let rows: Vec<(Id, String, i32, String, i64, i64)> = cells::table.load(conn).unwrap();
    rows.into_iter()
        .map(|(id, ledger, month, kind, n, quantity)| ((id, ledger, month, kind), (n, quantity)))
        .filter(|(_, sum)| *sum != (0, 0))
        .collect()
}

/// Whether a day lies in a period, by their spelling.
fn is_within(day: Day, period: &str) -> bool {
    let day = day.to_string();
    match period.split_once("-Q") {
        Some((year, quarter)) => {
            let months = match quarter {
                "1" => ["01", "02", "03"],
                "2" => ["04", "05", "06"],
                "3" => ["07", "08", "09"],
                "4" => ["10", "11", "12"],
                other => panic!("no such quarter: {other}"),
            };
            day.starts_with(year) && months.contains(&&day[5..7])
        }
        None => period == "all" || day.starts_with(&format!("{period}-")),
    }
}

/// What must hold of any answer, whatever the numbers: the total is the own and the children's, and the kinds'.
pub fn assert_sums(answer: &Value) {
    let items = answer["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    for item in items {
        let sum = |parts: &str| -> i64 {
            item[parts].as_array().unwrap().iter().map(|part| part["value"].as_i64().unwrap()).sum()
        };
        assert_eq!(item["total"].as_i64(), item["own"].as_i64().map(|own| own + sum("by_child")), "{answer}");
        assert_eq!(item["total"].as_i64(), Some(sum("by_kind")), "{answer}");
        assert!(item["own"].as_i64() >= Some(0), "{answer}");
    }
}
