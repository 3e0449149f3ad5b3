//! Something altered behind the program's back is named, and by which side.

use diesel::{RunQueryDsl as _, sql_query};
use terrace::app::verify;

use super::*;
use crate::on_both;

async fn findings(desk: &Desk) -> Vec<String> {
    verify::verify(&desk.app.house.gate, None).await.unwrap().reports.lines
}

on_both! {
    /// Each thing that was altered is named at the report of its point, and nothing else is.
    async fn what_was_altered_is_named(app: TestApp) {
        let desk = Desk::new(app).await;
        let household = desk.household("c1t1v1").await;
        desk.record(household, "c1t1v1").await;
        desk.waive("c1t1v2").await.expect(201);
        desk.settle("c1t1v1", false).await;
        desk.settle("c1t1", false).await;
        let found = verify::verify(&desk.app.house.gate, None).await.unwrap();
        assert_eq!((found.reports.count(), found.reports.looked_at), (0, 2), "{:?}", found.reports.lines);
        assert!(found.rows.lines.iter().all(|line| !line.contains("report")), "{:?}", found.rows.lines);
        let village = desk.id("c1t1v1");
        let mut conn = desk.app.conn();
        let mut run = |statement: &str| { sql_query(statement).execute(&mut conn).unwrap(); };
        let is = |column: &str, table: &str, old: &str, new: &str| {
            (format!("UPDATE {table} SET {column} = {new}"), format!("UPDATE {table} SET {column} = {old}"))
        };
        for ((wrong, right), words) in [
            (is("amount_fen", "assistance_records", "500", "501"), "records or households"),
            (is("status", "household_spans", "'active'", "'dissolved'"), "records or households"),
            (is("quantity", "cells", "quantity - 1", "quantity + 1"), "figures"),
        ] {
            run(&wrong);
            let lines = findings(&desk).await;
            run(&if words == "figures" { "UPDATE cells SET quantity = quantity - 1".to_owned() } else { right });
            assert!(lines.iter().any(|line| line.contains(&village.to_string()) && line.ends_with(words)), "{wrong}: {lines:?}");
            assert!(lines.iter().all(|line| line.contains(words)), "{wrong}: {lines:?}");
        }
        assert_eq!(findings(&desk).await, [""; 0]);
        // Frozen figures that are altered do not add up any more, nor give the digest.
        run("UPDATE report_submissions SET figures = replace(figures, '\"value\":500', '\"value\":9')");
        let lines = findings(&desk).await;
        assert!(lines.len() == 2 && lines.iter().all(|line| line.ends_with("figures, digest")), "{lines:?}");
        run("UPDATE report_submissions SET figures = replace(figures, '\"value\":9', '\"value\":500')");
        assert_eq!(findings(&desk).await, [""; 0]);
        // A child's report under an approved parent cannot be another one.
        run("UPDATE reports SET state = 'open' WHERE submission = 1 AND digest IN (SELECT digest FROM report_children)");
        let lines = findings(&desk).await;
        assert!(lines.len() == 1 && lines[0].ends_with("children"), "{lines:?}");
    }
}
