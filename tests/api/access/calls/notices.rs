//! Calls about due days, leave for late entries, notices and announcements.

use serde_json::{Value, json};
use terrace::{
    db::{notices, period_exceptions, reporting_rules},
    domain::{
        Id,
        codes::{NoticeKind, Tier},
    },
};

use super::{Case, End, Prepared, upon};
use crate::access::{
    oracle::Verdict::{self, Allowed},
    table::{
        Act::{Ask, Read},
        Target,
    },
    world::World,
};

pub fn notices(world: &mut World, case: &Case<'_>, ready: &mut Prepared) {
    let (held, permission, place) = (ready.who.held.clone(), case.row.permission(), case.place);
    let judged = world.oracle(&held).at(permission, place);
    // What is made is judged by the permission anywhere, and then by what the request refers to.
    let made = |world: &World, refers: Verdict| match world.oracle(&held).anywhere(permission) {
        Allowed => refers,
        nowhere => nowhere,
    };
    let point = world.id(place);
    let ask = |ready: &mut Prepared, body: Value, expected: Verdict| {
        (ready.body, ready.expected) = (Some(body), vec![expected]);
    };
    match case.row.target {
        Target::NewRule => {
            let expected = made(world, world.oracle(&held).at(permission, "b"));
            ask(ready, json!({ "tier": "village", "due_day": 4, "valid_from": "2099-01" }), expected);
        }
        Target::Rule => {
            let expected = world.oracle(&held).anywhere(permission);
            upon(ready, rule(world), Read(""), vec![expected]);
        }
        Target::NewException => {
            let body = json!({ "service_point_id": point, "month": "2026-10", "until_day": "2099-01-01", "reason": "模拟原因" });
            ask(ready, body, made(world, judged.at("/service_point_id")));
        }
        Target::Exception(act) => {
            upon(ready, exception(world, point), act, vec![judged]);
        }
        Target::NewChase => {
            ask(ready, json!({ "month": "2026-10", "within": point }), made(world, judged.at("/within")));
            ready.end = End::Is(200);
        }
        Target::Notice => {
            upon(ready, notice(world, point, NoticeKind::Return), Ask(""), vec![judged]);
        }
        Target::NewAnnouncement => {
            let body = json!({ "service_point_id": point, "title": "模拟公告", "body": "模拟内容" });
            ask(ready, body, made(world, judged.at("/service_point_id")));
        }
        _ => upon(ready, notice(world, point, NoticeKind::Announcement), Read(""), vec![judged]),
    }
}

fn rule(world: &mut World) -> Id {
    let (id, now, created_by, root) =
        (world.app.edge.new_id(), world.app.edge.now(), world.clerk.account, world.id("b"));
    let rule = reporting_rules::ReportingRule {
        id,
        service_point_id: root,
        tier: Tier::Village,
        due_day: 3,
        lock_day: None,
        valid_from: "2099-01".parse().unwrap(),
        created_by,
        request_digest: Vec::new(),
        created_at: now,
    };
    reporting_rules::insert(&mut world.conn, &rule).unwrap();
    id
}

/// Leave for late entries at a point.
pub fn exception(world: &mut World, point: Id) -> Id {
    let (id, now, created_by) = (world.app.edge.new_id(), world.app.edge.now(), world.clerk.account);
    let exception = period_exceptions::PeriodException {
        id,
        service_point_id: point,
        month: "2026-10".parse().unwrap(),
        until_day: "2099-01-01".parse().unwrap(),
        reason: "模拟原因".to_owned(),
        revoked_at: None,
        version: 1,
        created_by,
        request_digest: Vec::new(),
        created_at: now,
        updated_at: now,
    };
    period_exceptions::insert(&mut world.conn, &exception).unwrap();
    id
}

fn notice(world: &mut World, point: Id, kind: NoticeKind) -> Id {
    let is_announcement = kind == NoticeKind::Announcement;
    let text = |is_there: bool| Some("模拟".to_owned()).filter(|_| is_there);
    let notice = notices::Notice {
        id: world.app.edge.new_id(),
        service_point_id: point,
        kind,
        month: "2026-10".parse().ok().filter(|_| !is_announcement),
        chased_on: None,
        report_id: None,
        title: text(is_announcement),
        body: text(true),
        created_by: world.clerk.account,
        request_digest: None,
        policy_document_id: None,
        created_at: world.app.edge.now(),
    };
    assert_eq!(notices::insert(&mut world.conn, std::slice::from_ref(&notice)).unwrap(), 1);
    notice.id
}
