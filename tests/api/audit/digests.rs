//! The digest of a row's content, computed in two ways.

use diesel::sql_types::{Binary, Nullable};
use serde_json::{Value, json};
use terrace::{
    db::{
        accounts, assistance_records, catalogue_items, doubtful_items, grants, household_members, households,
        inspection_findings, inspection_items, inspections, ledger_entries, notices, organisations, period_exceptions,
        register_items, reporting_rules, reports, service_points, stores, transfer_requests, types::Uid,
    },
    domain::digest::{Digest, content_digest, hex, sha256},
};

use super::*;

/// As the program computes it, from the row as it lies in the database.
pub fn digest_of_row(conn: &mut Conn, object_type: &str, id: Id) -> Digest {
    macro_rules! digest {
        ($find:path) => {
            $find(conn, id).unwrap().unwrap().origin(|row| content_digest(row).unwrap())
        };
    }
    match object_type {
        "service_point" => digest!(service_points::find),
        "account" => digest!(accounts::find),
        "grant" => digest!(grants::find),
        "household" => digest!(households::find),
        "household_member" => digest!(household_members::find),
        "transfer_request" => digest!(transfer_requests::find),
        "report" => digest!(reports::find),
        "report_waiver" => digest!(reports::find_waiver),
        "reporting_rule" => digest!(reporting_rules::find),
        "period_exception" => digest!(period_exceptions::find),
        "notice" => digest!(notices::find),
        "assistance_record" => digest!(assistance_records::find),
        "inspection" => digest!(inspections::find),
        "inspection_item" => digest!(inspection_items::find),
        "inspection_finding" => digest!(inspection_findings::find),
        "doubtful_explanation" => digest!(doubtful_items::find),
        "catalogue_item" => digest!(catalogue_items::find),
        "organisation" => digest!(organisations::find),
        "store" => digest!(stores::find),
        "register_item" => digest!(register_items::find),
        "ledger_entry" => digest!(ledger_entries::find),
        other => panic!("no such type: {other}"),
    }
}

/// As the design says it: SHA-256 of the fields that are there, as JSON without spaces, the names sorted. Built from the
/// answer to the request, which tells all but who made the row and what is sealed or kept to oneself; an answer tells
/// some things that are no content.
pub fn digest_by_hand(conn: &mut Conn, object_type: &str, answer: &Value) -> Digest {
    let mut content: BTreeMap<String, Value> = answer.as_object().unwrap().clone().into_iter().collect();
    let id: Id = answer["id"].as_str().unwrap().parse().unwrap();
    for derived in [
        "village_kind",
        "last_sign_in_at",
        "logged_by",
        "head_name",
        "persons",
        "per_capita_income_fen",
        "framed_by",
        "made_by",
    ] {
        content.remove(derived);
    }
    let plural = if object_type == "ledger_entry" { "ledger_entries".to_owned() } else { format!("{object_type}s") };
    let mut row = Row { conn, table: plural, id };
    if ["catalogue_item", "register_item", "ledger_entry"].contains(&object_type) {
        of_trade(&mut row, object_type, &mut content);
    }
    match object_type {
        // The program draws.
        "inspection_item" => content.insert("stratum_id".to_owned(), row.id("stratum_id")),
        _ => content.insert("created_by".to_owned(), row.id("created_by")),
    };
    if object_type == "report" {
        for told in ["nil", "is_own", "submitted_at", "decided_at", "reason"] {
            content.remove(told);
        }
    }
    if object_type == "reporting_rule" {
        content.insert("service_point_id".to_owned(), row.id("service_point_id"));
    }
    if object_type == "notice" {
        content.remove("read_at");
        content.insert("kind".to_owned(), row.text("kind"));
        if content["kind"] == "chase" {
            content.insert("chased_on".to_owned(), json!(&answer["created_at"].as_str().unwrap()[..10]));
        }
    }
    if object_type == "report_waiver" {
        content.insert("parent_id".to_owned(), row.id("parent_id"));
    }
    if let Some(Value::String(month)) = content.get("period") {
        let month: i32 = month.replace('-', "").parse().unwrap();
        content.insert("period".to_owned(), json!(month));
    }
    if object_type == "transfer_request" {
        content.insert("answered_by".to_owned(), row.id("answered_by"));
    }
    if object_type == "doubtful_explanation" {
        content.remove("explained_by");
        let month = content.remove("month").unwrap();
        content.insert("period".to_owned(), json!(if month.is_null() { 0 } else { 202_611 }));
    }
    if let Some(consent) = content.remove("consent") {
        content.insert("consent_on".to_owned(), consent["given_on"].clone());
        content.insert("consent_form".to_owned(), consent["how"].clone());
    }
    if object_type != "account" && content.remove("phone_masked").is_some() {
        content.insert("phone".to_owned(), row.sealed("phone"));
        content.insert("phone_tail".to_owned(), row.text("phone_tail"));
    }
    if object_type == "household_member" {
        content.remove("identity_masked");
        content.insert("identity_number".to_owned(), row.sealed("identity_number"));
        let disability = content.remove("disability").unwrap();
        content.insert("disability_category".to_owned(), disability["category"].clone());
        content.insert("disability_grade".to_owned(), disability["grade"].clone());
        content.insert("disability_certificate".to_owned(), row.sealed("disability_certificate"));
        content.insert("present".to_owned(), json!(answer["left_on"].is_null()));
        content.insert("leave_reason".to_owned(), row.text("leave_reason"));
    }
    content.remove("phone_masked");
    content.retain(|_, value| !value.is_null());
    sha256(serde_json::to_string(&content).unwrap().as_bytes())
}

/// Items of every catalogue lie in one table, those of registers and entries of every ledger in others: answers have a name of their own for what
/// a column means.
fn of_trade(row: &mut Row<'_>, object_type: &str, content: &mut BTreeMap<String, Value>) {
    let which = match object_type {
        "ledger_entry" => "ledger",
        "register_item" => "register",
        _ => "catalogue",
    };
    let (which, kind) = (which.to_owned(), row.text(which));
    let names: &[(&str, &str)] = match kind.as_str().unwrap() {
        "partner" => &[("reach", "mark")],
        "agreement" | "platform" => &[("partner_id", "parent_id")],
        "product" => &[("category", "kind"), ("origin_code", "place_code"), ("geographical_indication", "mark")],
        "campaign" => &[("overlapping_ids", "")],
        "opening_balance" => &[("metric", "kind"), ("as_of", "starts_on"), ("source", "note")],
        "sale" => &[("on", "on_day"), ("month", ""), ("channel", "kind"), ("orders", "quantity")],
        "livestream" => &[("on", "on_day"), ("host_member_id", "member_id"), ("orders", "quantity")],
        "training_session" => &[("starts_on", "on_day"), ("topic", "kind")],
        "policy_document" => &[
            ("number", "mark"),
            ("issuer", "source"),
            ("topic", "kind"),
            ("issued_on", "starts_on"),
            ("file", "file_digest"),
        ],
        "project" => {
            &[("funding_source", "kind"), ("budget_fen", "value"), ("paid_fen", ""), ("village_ids", "villages")]
        }
        "indicator" => &[("unit", "mark"), ("as_of", "starts_on"), ("definition", "note")],
        "logistics_site" => &[("opened_on", "starts_on"), ("closed_on", "ends_on")],
        "infrastructure" => &[("source", "name")],
        "coverage" => &[],
        "membership" => &[("role", "kind")],
        "benefit_link" => &[("mode", "kind")],
        "parcel" => &[("month", "on_day"), ("site_id", "item_id"), ("direction", "kind"), ("parcels", "quantity")],
        "wage" => &[("month", "on_day"), ("membership_id", "item_id"), ("role", "kind")],
        "benefit" => &[("on", "on_day"), ("link_id", "item_id"), ("mode", "kind")],
        "payment" => &[("on", "on_day"), ("funding_source", "kind")],
        _ => &[("on", "on_day"), ("heads", "quantity")],
    };
    for (told, column) in names {
        let value = content.remove(*told).unwrap_or_else(|| panic!("{kind} does not tell {told}"));
        if !column.is_empty() {
            content.insert((*column).to_owned(), value);
        }
    }
    match kind.as_str().unwrap() {
        "opening_balance" => drop(content.insert("name".to_owned(), json!(""))),
        "coverage" => drop(content.insert("kind".to_owned(), json!(""))),
        "policy_document" => {
            let digest = content["file_digest"]["digest"].clone();
            content.insert("file_digest".to_owned(), digest);
        }
        "project" if content["villages"] == json!([]) => drop(content.remove("villages")),
        _ => {}
    }
    if which == "ledger" {
        // None of the sales that are told here is of a whole month; parcels and wages are.
        let month = content["on_day"].as_str().filter(|text| text.len() == 7).map(|month| format!("{month}-01"));
        content.insert("whole_month".to_owned(), json!(month.is_some()));
        content.extend(month.map(|day| ("on_day".to_owned(), json!(day))));
        let means_nothing: &[(&str, Value)] = match kind.as_str().unwrap() {
            "sale" => &[],
            "livestream" => &[("kind", json!(""))],
            "training_session" => &[("quantity", json!(0)), ("amount_fen", json!(0))],
            "parcel" => &[("amount_fen", json!(0))],
            "wage" | "benefit" | "payment" => &[("quantity", json!(0))],
            _ => &[("kind", row.text("kind")), ("amount_fen", json!(0))],
        };
        content.extend(means_nothing.iter().map(|(column, value)| ((*column).to_owned(), value.clone())));
        // The last day is told as the first where nothing was said.
        if kind == "training_session" && content["ends_on"] == content["on_day"] {
            content.remove("ends_on");
        }
    }
    content.insert(which, kind);
}

/// What no answer tells of a row.
struct Row<'a> {
    conn: &'a mut Conn,
    table: String,
    id: Id,
}

impl Row<'_> {
    fn query(&self, column: &str) -> String {
        format!("SELECT {column} FROM {} WHERE id = ", self.table)
    }

    fn id(&mut self, column: &str) -> Value {
        let query = sql::<Nullable<Uid>>(&self.query(column)).bind::<Uid, _>(self.id);
        json!(query.get_result::<Option<Id>>(self.conn).unwrap())
    }

    fn text(&mut self, column: &str) -> Value {
        let query = sql::<Nullable<Text>>(&self.query(column)).bind::<Uid, _>(self.id);
        json!(query.get_result::<Option<String>>(self.conn).unwrap())
    }

    fn sealed(&mut self, column: &str) -> Value {
        let query = sql::<Nullable<Binary>>(&self.query(column)).bind::<Uid, _>(self.id);
        json!(query.get_result::<Option<Vec<u8>>>(self.conn).unwrap().map(|sealed| hex(&sealed[1..17])))
    }
}
