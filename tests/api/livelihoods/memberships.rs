//! Persons in organisations, and how many of them have a disability.

use serde_json::{Value, json};
use terrace::domain::codes::Role;

use super::{Land, TOWNSHIP, VILLAGE, unknown, until};
use crate::{
    on_both,
    support::{livelihoods as made, trade as things},
    trade::{fault, parts, refused, with},
};

const DISABLED: &str = "members_disabled";

/// A part of a figure as pairs of a name and a number.
fn pairs(named: &[(&str, i64)]) -> Vec<(String, i64)> {
    named.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect()
}

on_both! {
    /// What was entered is answered and found by its filters; role and days are written anew, organisation and person stay.
    async fn a_membership_is_kept(app: TestApp) {
        let land = Land::new(app).await;
        let (_, [member, other]) = land.household(VILLAGE).await;
        let body = land.membership(member, "2026-11-10");
        let made = land.post("memberships", &body).await.expect(201).json();
        let mut right = with(body.clone(), json!({ "version": 1 }));
        for field in ["id", "ends_on", "created_at", "updated_at"] {
            right[field] = made[field].clone();
        }
        assert_eq!((&made, &made["ends_on"]), (&right, &Value::Null));
        let id = made["id"].as_str().unwrap().parse().unwrap();
        for (filter, n) in [
            (format!("organisation_id={}", land.coop), 1),
            (format!("member_id={member}"), 1),
            (format!("member_id={other}"), 0),
            ("role=maker".to_owned(), 1),
            ("role=host".to_owned(), 0),
            ("on=2026-11-09".to_owned(), 0),
            ("on=2026-11-10".to_owned(), 1),
            (format!("service_point_id={}", land.id("c2")), 0),
        ] {
            assert_eq!(land.count(&format!("memberships?{filter}")).await, n, "{filter}");
        }
        let host = land.put("memberships", id, 1, &with(body.clone(), json!({ "role": "host" }))).await.expect(200).json();
        assert_eq!([&host["role"], &host["version"]], [&json!("host"), &json!(2)]);
        refused(&land.put("memberships", id, 1, &body).await, 412, "version.stale");
        fault(&land.put("memberships", id, 2, &with(body.clone(), json!({ "member_id": other }))).await, "/member_id", "fixed");
        let second = land.enter("organisations", &things::organisation(land.id(TOWNSHIP))).await;
        let elsewhere = with(body.clone(), json!({ "organisation_id": second }));
        fault(&land.put("memberships", id, 2, &elsewhere).await, "/organisation_id", "fixed");
        // Nothing of a disability is typed here.
        refused(&land.post("memberships", &with(elsewhere, json!({ "disabled": true }))).await, 400, "request.malformed");
    }

    /// Days have come and lie within those of the organisation, the person is there, and the point is the organisation's.
    async fn what_a_membership_says_is_checked(app: TestApp) {
        let land = Land::new(app).await;
        let (household, [member, other]) = land.household(VILLAGE).await;
        let lasted = json!({ "founded_on": "2026-11-05", "ended_on": "2026-11-20" });
        let lasted = land.enter("organisations", &with(things::organisation(land.id(TOWNSHIP)), lasted)).await;
        for (fields, pointer, code) in [
            (json!({ "role": "king" }), "/role", "unknown_code"),
            (json!({ "starts_on": "2026-11-25" }), "/starts_on", "in_future"),
            (json!({ "ends_on": "2026-11-25" }), "/ends_on", "in_future"),
            (json!({ "ends_on": "2026-11-09" }), "/ends_on", "before_from"),
            (json!({ "service_point_id": land.id("c1") }), "/service_point_id", "not_of_owner"),
            (json!({ "organisation_id": lasted }), "/ends_on", "not_in_force"),
            (json!({ "organisation_id": lasted, "ends_on": "2026-11-21" }), "/ends_on", "not_in_force"),
            (json!({ "organisation_id": lasted, "starts_on": "2026-11-04", "ends_on": "2026-11-20" }), "/starts_on", "not_in_force"),
        ] {
            fault(&land.post("memberships", &with(land.membership(member, "2026-11-10"), fields)).await, pointer, code);
        }
        let within = json!({ "organisation_id": lasted, "starts_on": "2026-11-05", "ends_on": "2026-11-20" });
        land.enter("memberships", &with(land.membership(member, "2026-11-10"), within)).await;
        unknown(&land.post("memberships", &land.membership(household, "2026-11-10")).await, "/member_id");
        unknown(&land.post("memberships", &with(land.membership(member, "2026-11-10"), json!({ "organisation_id": land.partner }))).await, "/organisation_id");
        // Who has left is nobody's member any more, but was until then.
        let left = json!({ "left_on": "2026-11-15", "reason": "模拟离开" });
        land.app.post_to(&land.clerk, &format!("/api/v1/members/{other}/leave"), 1, Some(&left)).await.expect(200);
        fault(&land.post("memberships", &land.membership(other, "2026-11-15")).await, "/member_id", "not_present");
        land.enter("memberships", &until(&land.membership(other, "2026-11-10"), "2026-11-14")).await;
        // Whoever does not reach the person or the organisation enters nothing about either.
        let stranger = land.app.actor(&[(Role::Worker, land.id("c2t1"))]);
        let reply = land.app.post(&stranger, "/api/v1/memberships", &land.membership(member, "2026-11-10")).await;
        unknown(&reply, "/service_point_id");
        let here = land.app.actor(&[(Role::Worker, land.id(VILLAGE))]);
        let reply = land.app.post(&here, "/api/v1/memberships", &land.membership(member, "2026-11-10")).await;
        unknown(&reply, "/service_point_id");
    }

    /// In one organisation a person is one thing at a time: it ends before it begins again. In two, both at once.
    async fn a_person_belongs_once_at_a_time(app: TestApp) {
        let land = Land::new(app).await;
        let (_, [member, _]) = land.household(VILLAGE).await;
        let body = until(&land.membership(member, "2026-11-05"), "2026-11-10");
        let first = land.enter("memberships", &body).await;
        for (from, to) in [("2026-11-10", None), ("2026-11-01", Some("2026-11-05")), ("2026-11-01", None), ("2026-11-06", Some("2026-11-07"))] {
            let other = with(land.membership(member, from), json!({ "role": "seller", "ends_on": to }));
            fault(&land.post("memberships", &other).await, "/member_id", "belongs_already");
        }
        let again = land.enter("memberships", &land.membership(member, "2026-11-11")).await;
        fault(&land.post("memberships", &land.membership(member, "2026-11-24")).await, "/member_id", "belongs_already");
        fault(&land.put("memberships", first, 1, &until(&body, "2026-11-11")).await, "/member_id", "belongs_already");
        fault(&land.put("memberships", first, 1, &with(body, json!({ "ends_on": null }))).await, "/member_id", "belongs_already");
        fault(&land.put("memberships", again, 1, &land.membership(member, "2026-11-10")).await, "/member_id", "belongs_already");
        let second = land.enter("organisations", &things::organisation(land.id("c2"))).await;
        land.enter("memberships", &made::membership(land.id("c2"), second, member, "2026-11-05".parse().unwrap())).await;
        assert_eq!(land.count(&format!("memberships?member_id={member}&on=2026-11-11")).await, 2);
    }

    /// An organisation is not ended before its last member is, nor founded after the first.
    async fn an_organisation_lasts_around_its_members(app: TestApp) {
        let land = Land::new(app).await;
        let (_, [member, _]) = land.household(VILLAGE).await;
        let body = land.membership(member, "2026-11-05");
        let membership = land.enter("memberships", &body).await;
        let days = |fields: Value| with(things::organisation(land.id(TOWNSHIP)), fields);
        refused(&land.put("organisations", land.coop, 1, &days(json!({ "ended_on": "2026-11-20" }))).await, 409, "entries.outside");
        refused(&land.put("organisations", land.coop, 1, &days(json!({ "founded_on": "2026-11-06" }))).await, 409, "entries.outside");
        land.put("memberships", membership, 1, &until(&body, "2026-11-20")).await.expect(200);
        refused(&land.put("organisations", land.coop, 1, &days(json!({ "ended_on": "2026-11-19" }))).await, 409, "entries.outside");
        land.put("organisations", land.coop, 1, &days(json!({ "founded_on": "2026-11-05", "ended_on": "2026-11-20" }))).await.expect(200);
    }

    /// By role at the period's last day, each person once, by the home of that day; a disability is what the register says.
    async fn members_with_disabilities_are_counted(app: TestApp) {
        let land = Land::later(app, 40).await;
        let (makers, sellers) = (land.heads(VILLAGE, 7, true).await, land.heads("c2t1v1", 5, true).await);
        let others = land.heads(VILLAGE, 3, false).await;
        let memberships = land.belong(&makers, "maker", "2026-11-24").await;
        land.belong(&others, "maker", "2026-11-24").await;
        land.belong(&sellers, "seller", "2026-12-05").await;
        let november = land.figures("b", "2026-11", DISABLED).await;
        assert_eq!((&november["total"], parts(&november, "by_kind", "kind")), (&json!(7), pairs(&[("maker", 7)])));
        assert_eq!(november["hidden"], Value::Null);
        let december = land.figures("b", "2026-12", DISABLED).await;
        assert_eq!((&december["total"], parts(&december, "by_kind", "kind")), (&json!(12), pairs(&[("maker", 7), ("seller", 5)])));
        assert_eq!(parts(&december, "by_child", "name"), pairs(&[("模拟c1", 7), ("模拟c2", 5)]));
        assert_eq!(land.rows("b", "2026-12", DISABLED).await, 12);
        // In a second organisation they are hosts as well, and still the same persons.
        let second = land.enter("organisations", &things::organisation(land.id("c2"))).await;
        for (_, member) in &makers[..5] {
            let body = made::membership(land.id("c2"), second, *member, "2026-12-01".parse().unwrap());
            land.enter("memberships", &with(body, json!({ "role": "host" }))).await;
        }
        let figures = land.figures("b", "2026-Q4", DISABLED).await;
        assert_eq!((&figures["total"], parts(&figures, "by_kind", "kind")), (&json!(12), pairs(&[("host", 5), ("maker", 7), ("seller", 5)])));
        assert_eq!(land.rows("b", "2026-Q4", DISABLED).await, 12);

        let ends = |on: &str| until(&land.membership(makers[6].1, "2026-11-24"), on);
        land.put("memberships", memberships[6], 1, &ends("2026-12-31")).await.expect(200);
        assert_eq!(land.branch("2026-12", DISABLED).await, [12, 7, 7, 7]);
        land.put("memberships", memberships[6], 2, &ends("2026-12-30")).await.expect(200);
        assert_eq!(land.branch("2026-12", DISABLED).await, [11, 6, 6, 6]);
        assert_eq!(land.branch("2026-11", DISABLED).await, [7; 4]);
        // They move to another township in the middle of December, one of them is dissolved after that.
        for (household, _) in &makers[..6] {
            let body = json!({ "service_point_id": land.id("c1t2v1"), "reason": "模拟搬迁", "effective_on": "2026-12-15" });
            land.household_act(*household, "transfer", 1, body).await.expect(200);
        }
        let by_township = async |period: &str| [land.total("c1t1", period, DISABLED).await, land.total("c1t2", period, DISABLED).await];
        assert_eq!([by_township("2026-11").await, by_township("2026-12").await], [[7, 0], [0, 6]]);
        let body = json!({ "status": "dissolved", "effective_on": "2026-12-20", "reason": "模拟原因" });
        land.household_act(makers[5].0, "status", 2, body).await.expect(200);
        assert_eq!([by_township("2026-11").await, by_township("2026-12").await], [[7, 0], [0, 5]]);
        // Of whom the register does not say it, it is not counted, at whatever date.
        let path = format!("/api/v1/members/{}", others[0].1);
        let disability = json!({ "disability": { "category": "1", "grade": "4" } });
        land.app.patch(&land.clerk, &path, 1, &disability).await.expect(200);
        assert_eq!(land.total("c1", "2026-11", DISABLED).await, 8);
        land.app.patch(&land.clerk, &path, 2, &json!({ "disability": null })).await.expect(200);
        assert_eq!(land.total("c1", "2026-11", DISABLED).await, 7);
        land.counted_right();
    }

    /// From 1 to 4 nothing is told, neither by point nor by role, nor by what is left of a total; nobody may be told.
    async fn few_members_are_hidden(app: TestApp) {
        let land = Land::later(app, 40).await;
        let (many, few) = (land.heads(VILLAGE, 6, true).await, land.heads("c1t1v2", 4, true).await);
        land.belong(&few, "maker", "2026-11-24").await;
        for point in ["b", "c1", TOWNSHIP, "c1t1v2"] {
            let figures = land.figures(point, "2026-11", DISABLED).await;
            assert_eq!([&figures["total"], &figures["own"], &figures["hidden"]], [&Value::Null, &Value::Null, &json!(true)], "{point}");
            assert_eq!([&figures["by_child"], &figures["by_kind"]], [&json!([]), &json!([])], "{point}");
        }
        land.belong(&many, "seller", "2026-12-01").await;
        // Ten in all, four of whom make things and live in one village.
        for point in ["b", "c1", TOWNSHIP] {
            let figures = land.figures(point, "2026-12", DISABLED).await;
            assert_eq!((&figures["total"], &figures["by_kind"], &figures["hidden"]), (&json!(10), &json!([]), &json!(true)), "{point}");
        }
        let township = land.figures(TOWNSHIP, "2026-12", DISABLED).await;
        assert_eq!([&township["own"], &township["by_child"]], [&Value::Null, &json!([])]);
        for village in [VILLAGE, "c1t1v2"] {
            let figures = land.figures(village, "2026-12", DISABLED).await;
            assert_eq!([&figures["total"], &figures["hidden"]], [&Value::Null, &json!(true)], "{village}: the other would be what is left");
        }
        assert_eq!(land.figures("c2", "2026-12", DISABLED).await["total"], 0);
        // Neither are they told by comparison, in the annual report or on its page.
        let path = format!("/api/v1/service-points/{}/statistics?period=2026-12&metrics={DISABLED}&compare=true", land.id("b"));
        let compared = land.app.get(&land.clerk, &path).await.expect(200).json()["items"][0].clone();
        assert_eq!([&compared["total"], &compared["previous"]["value"], &compared["previous"]["change_bp"]], [&json!(10), &Value::Null, &Value::Null]);
        for (point, value) in [("b", json!(10)), ("c1t1v2", Value::Null)] {
            let path = format!("/api/v1/service-points/{}/annual-report?year=2026", land.id(point));
            let report = land.app.get(&land.clerk, &path).await.expect(200).json();
            let headline = report["headlines"].as_array().unwrap().iter().find(|headline| headline["metric"] == DISABLED).unwrap().clone();
            assert_eq!(headline["value"], value, "{point}");
            let breakdowns = report["breakdowns"].as_array().unwrap();
            let empty = breakdowns.iter().filter(|parts| parts["metric"] == DISABLED).all(|parts| parts["parts"] == json!([]));
            assert!(empty, "{report}");
        }
    }

    /// What tells of persons is not told to who administers.
    async fn administrators_are_told_of_no_persons(app: TestApp) {
        let land = Land::new(app).await;
        land.belong(&land.heads(VILLAGE, 5, true).await, "maker", "2026-11-24").await;
        let personal = [DISABLED, "wage_mean", "wage_median", "households_lifted", "persons_lifted"];
        let admin = land.admin();
        for point in ["b", TOWNSHIP] {
            let path = format!("/api/v1/service-points/{}/statistics?period=2026-11", land.id(point));
            let told = async |who| {
                let figures = land.app.get(who, &path).await.expect(200).json();
                let items = figures["items"].as_array().unwrap().iter();
                items.filter(|item| personal.contains(&item["metric"].as_str().unwrap())).count()
            };
            assert_eq!([told(&land.clerk).await, told(&admin).await], [5, 0], "{point}");
        }
        for metric in personal {
            let path = format!("/api/v1/service-points/{}/statistics?period=2026-11&metrics={metric}", land.id("b"));
            assert_eq!(land.app.get(&admin, &path).await.expect(200).json()["items"], json!([]), "{metric}");
            let rows = format!("/api/v1/service-points/{}/statistics/rows?period=2026-11&metric={metric}", land.id("b"));
            assert_eq!(land.app.get(&admin, &rows).await.status, 403, "{metric}");
        }
    }

    /// When the file of a household is erased, what was counted of its people at past dates stays.
    async fn what_was_counted_stays_when_a_household_is_erased(app: TestApp) {
        let land = Land::later(app, 40).await;
        let heads = land.heads(VILLAGE, 6, true).await;
        land.belong(&heads, "maker", "2026-11-24").await;
        let body = json!({ "status": "dissolved", "effective_on": "2026-12-20", "reason": "模拟原因" });
        land.household_act(heads[0].0, "status", 1, body).await.expect(200);
        let both = async || [land.total("b", "2026-11", DISABLED).await, land.total("b", "2026-12", DISABLED).await];
        assert_eq!(both().await, [6, 5]);
        land.household_act(heads[0].0, "erase", 2, json!({ "reason": "保存期满" })).await.expect(200);
        assert_eq!(both().await, [6, 5]);
        land.counted_right();
    }
}
