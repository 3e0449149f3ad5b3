//! What a digest covers: every counted field, and nothing else.

use diesel::{RunQueryDsl as _, sql_query};
use serde_json::json;
use terrace::domain::codes::Role;

use super::*;
use crate::on_both;

on_both! {
    /// Each counted field of a record or household that is altered makes the content another one, and each other field does not.
    async fn a_digest_changes_with_counted_fields_alone(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = desk.household("c1t1v1").await;
        desk.record(household, "c1t1v1").await;
        let sent = desk.submit("c1t1v1", false).await;
        let mut conn = desk.app.conn();
        let counted = [
            ("assistance_records", "quantity", "3", "4"),
            ("assistance_records", "amount_fen", "500", "501"),
            ("assistance_records", "kind", "'training'", "'logistics'"),
            ("assistance_records", "given_on", "'2026-11-25'", "'2026-11-26'"),
            ("assistance_records", "given_on", "'2026-11-25'", "'2026-12-01'"),
            ("assistance_records", "unit", "NULL", "'time'"),
            ("assistance_records", "subkind", "NULL", "'pay'"),
            ("household_spans", "household_type", "'general'", "'monitored'"),
            ("household_spans", "status", "'active'", "'dissolved'"),
            ("households", "registered_on", "'2026-11-24'", "'2026-11-23'"),
            ("household_members", "left_on", "NULL", "'2026-11-30'"),
            ("household_members", "joined_on", "'2026-11-24'", "'2026-12-01'"),
        ];
        let others = [
            ("assistance_records", "note", "NULL", "'另记'"),
            ("assistance_records", "version", "1", "9"),
            ("households", "address", "'模拟地址'", "'他处'"),
            ("households", "external_number", "NULL", "'77'"),
            ("household_members", "leave_reason", "NULL", "'x'"),
            ("household_members", "left_on", "NULL", "'2026-12-01'"),
        ];
        for (fields, changes) in [(&counted[..], true), (&others[..], false)] {
            for (table, column, right, wrong) in fields {
                sql_query(format!("UPDATE {table} SET {column} = {wrong}")).execute(&mut conn).unwrap();
                let month = desk.month("c1t1v1").await;
                assert_eq!(month["differs"]["content"], json!(changes), "{table}.{column} = {wrong}");
                sql_query(format!("UPDATE {table} SET {column} = {right}")).execute(&mut conn).unwrap();
                assert_eq!(desk.month("c1t1v1").await["differs"]["content"], json!(false), "{table}.{column} = {right}");
            }
        }
        assert_eq!(desk.month("c1t1v1").await["report"]["digest"], sent["digest"], "what was frozen stays");
    }

    /// Whoever approves is told when the records are not those that were sent in.
    async fn altered_records_are_not_approved(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = desk.household("c1t1v1").await;
        desk.record(household, "c1t1v1").await;
        let sent = desk.submit("c1t1v1", false).await;
        sql_query("UPDATE assistance_records SET amount_fen = 999").execute(&mut desk.app.conn()).unwrap();
        let reviewer = desk.who(Role::Reviewer, "c1t1");
        let reply = act(&desk.app, &reviewer, &sent, "approve", json!({ "digest": sent["digest"] })).await;
        refused(&reply, 409, "report.content_changed");
        let item = json!({ "report_id": sent["id"], "version": 1, "digest": sent["digest"] });
        let reply = desk.app.post(&reviewer, "/api/v1/reports/approve", &json!({ "items": [item] })).await.expect(422);
        assert_eq!(reply.faults(), [("/items/0/digest".to_owned(), "content_changed".to_owned())]);
    }
}
