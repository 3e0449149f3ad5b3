//! The rows behind figures: each once, worth what the records say, and together the figure.

use std::collections::BTreeSet;

use serde_json::Value;
use terrace::domain::Id;

use super::{super::recount::Book, POINTS};
use crate::support::{Actor, TestApp};

/// A figure of a metric, and the parameters under which its rows are listed.
type Shown = (i64, String);

/// Every figure of an answer of statistics is what its rows add up to.
pub async fn assert_rows(app: &TestApp, actor: &Actor, book: &Book, answer: &Value) {
    let (id, period) = (answer["service_point_id"].as_str().unwrap(), answer["period"].as_str().unwrap());
    for item in answer["items"].as_array().unwrap() {
        let metric = item["metric"].as_str().unwrap();
        let path = format!("{POINTS}/{id}/statistics/rows?metric={metric}&period={period}");
        for (figure, parameters) in shown(item) {
            let rows = app.all_pages(actor, &format!("{path}{parameters}"), 5).await;
            let sum: i64 = rows.iter().map(|row| row["value"].as_i64().unwrap()).sum();
            assert_eq!(sum, figure, "{path}{parameters}: {rows:?}");
            let ids: BTreeSet<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
            assert_eq!(ids.len(), rows.len(), "{path}{parameters}: a row came twice");
            rows.iter().for_each(|row| assert_worth(book, metric, row));
            if let Some(kind) = parameters.strip_prefix("&kind=") {
                let counted =
                    |row: &&Value| ["assistance_record", "ledger_entry"].map(Value::from).contains(&row["object_type"]);
                assert!(rows.iter().filter(counted).all(|row| row["kind"] == kind), "{path}{parameters}: {rows:?}");
            }
        }
    }
}

/// The whole and the own figure, those by kind and those by type, as far as they are shown. No rows add up to a median.
fn shown(item: &Value) -> Vec<Shown> {
    if item["metric"] == "wage_median" {
        return Vec::new();
    }
    let number = |value: &Value| value.as_i64().unwrap();
    let figure = |value: &Value, parameters: &str| Some((value.as_i64()?, parameters.to_owned()));
    let mut figures: Vec<Shown> =
        [figure(&item["total"], ""), figure(&item["own"], "&part=own")].into_iter().flatten().collect();
    for (parts, name) in [("by_kind", "kind"), ("by_type", "type")] {
        let parts = item[parts].as_array().unwrap().iter();
        figures.extend(parts.map(|part| (number(&part["value"]), format!("&{name}={}", part[name].as_str().unwrap()))));
    }
    figures
}

/// A record or an entry is worth what it says, a balance its value; a household as many as it has persons, or one.
fn assert_worth(book: &Book, metric: &str, row: &Value) {
    let id: Id = row["id"].as_str().unwrap().parse().unwrap();
    let value = row["value"].as_i64().unwrap();
    match row["object_type"].as_str().unwrap() {
        "assistance_record" => {
            let record = &book.records[&id];
            let worth = match metric {
                "assistance_count" => 1,
                "assistance_quantity" => record.quantity,
                _ => record.amount_fen.unwrap_or_default(),
            };
            assert_eq!((value, record.state.as_str()), (worth, "active"));
        }
        "ledger_entry" => {
            let entry = &book.entries[&id];
            let worth = match metric {
                "livestream_sessions" | "training_sessions" => 1,
                "sales_orders" | "orders_per_day" | "training_attendances" | "parcels" => entry.quantity,
                _ => entry.amount_fen,
            };
            assert_eq!((value, entry.state.as_str()), (worth, "active"));
        }
        "catalogue_item" => {
            let item = &book.items[&id];
            let worth = match metric {
                "partners" => ("partner", 1),
                "policy_documents" | "policy_documents_issued" => ("policy_document", 1),
                _ => ("opening_balance", item.value.unwrap()),
            };
            assert_eq!((item.catalogue.as_str(), value), worth);
        }
        "store" => assert!(book.stores.contains_key(&id) && value == 1),
        "register_item" => assert!(book.registered[&id].register == "logistics_site" && value == 1),
        "member" if metric == "members_disabled" => {
            let mut belongs = book.register("membership").filter(|membership| membership.member_id == Some(id));
            assert!(book.members[&id].disability_category.is_some() && belongs.next().is_some() && value == 1);
        }
        "member" => assert!(!book.trained_on(id).is_empty() && value == 1),
        "household" => assert!(book.households.contains_key(&id) && (value == 1 || metric.starts_with("persons"))),
        _ => assert!(book.nodes.contains_key(&id) && value == 1),
    }
}
