//! Every endpoint × role × relation between the caller's grant and what is called for.

use terrace::{
    api,
    domain::{codes::AccountStatus, policy},
};

use super::{
    calls::{Case, Findings, prepare},
    oracle::{Held, ROLES, Role, Verdict},
    table::{Need, Row, Target, table},
    world::{Person, Standing, World},
};
use crate::{on_both, support::Actor};

/// The grant is at the county `c1`. Each relation with a point, and with a second point that makes a difference to
/// moves, transfers, records and grants.
const RELATIONS: [(&str, &str, &str); 6] = [
    ("the own point", "c1", "b"),
    ("a child", "c1t1", "c1"),
    ("a descendant", "c1t1v1", "c1t2"),
    ("an ancestor", "b", "c1"),
    ("a sibling", "c2", "c1t1"),
    ("a point of a sibling's branch", "c2t1v1", "c1t1"),
];

fn needs_second_point(row: &Row) -> bool {
    matches!(
        row.target,
        Target::Move
            | Target::Transfer
            | Target::Request(_)
            | Target::Answer(_)
            | Target::Record(_)
            | Target::NewRequest
            | Target::NewRecord
            | Target::NewBatch
            | Target::NewGrant
    )
}

/// The table here is the program's table: nothing is left out, nothing is left over, and each endpoint asks for the
/// permission that the design gives it.
#[test]
fn every_endpoint_is_walked() {
    for endpoint in api::endpoints() {
        let (method, path) = (endpoint.method.as_str(), endpoint.path);
        let need = match endpoint.need {
            policy::Need::Nothing => Need::Nothing,
            policy::Need::Session => Need::Session,
            policy::Need::Grant(action) => Need::Permission(action.code()),
        };
        if !path.starts_with("/api/") {
            assert_eq!(need, Need::Nothing, "{method} {path} is outside /api/, where no test of access goes: move it");
            continue;
        }
        let row = table().iter().find(|row| (row.method, row.path) == (method, path)).unwrap_or_else(|| {
            panic!(
                "{method} {path} ({need:?}) is an endpoint whose access nobody tests. Add to the table in \
                 tests/api/access/table.rs: row(\"{method}\", \"{path}\", <the permission of access.md>, Target::…). If no \
                 Target fits, add one, and to `prepare` in calls.rs how its target is made and what the oracle says; if \
                 the permission is new, add its row of access.md to MATRIX in oracle.rs"
            )
        });
        assert_eq!(row.need, need, "{method} {path}: the test, from access.md, and the program disagree");
    }
    for row in table() {
        let there =
            api::endpoints().iter().any(|endpoint| (endpoint.method.as_str(), endpoint.path) == (row.method, row.path));
        assert!(
            there,
            "{} {} is no endpoint any more: take it out of the table in tests/api/access/table.rs",
            row.method, row.path
        );
    }
}

async fn walk(world: &mut World, findings: &mut Findings, words: &str, who: &Person, place: &str, other: &str) {
    for row in table() {
        let plain = Case { theirs: vec![Held::new(Role::Worker, place)], ..Case::at(row, place) };
        let second = needs_second_point(row).then(|| Case { other, ..plain.clone() });
        for case in [Some(plain), second].into_iter().flatten() {
            let ready = prepare(world, who, &case).await;
            let words = format!("{words} {} ({})", case.place, case.other);
            findings.add(&words, row, ready.judged(world).await);
        }
    }
}

on_both! {
    /// A grant in force, of each role, towards each relation.
    async fn each_role_reaches_each_relation_as_designed(app: TestApp) {
        let mut world = World::new(app).await;
        let mut findings = Findings::default();
        for role in ROLES {
            let who = world.person(&[Held::new(role, "c1")]);
            for (relation, place, other) in RELATIONS {
                let words = format!("{} at c1 towards {relation}", role.code());
                walk(&mut world, &mut findings, &words, &who, place, other).await;
            }
        }
        findings.none();
    }

    /// A grant that was revoked, has run out or has not begun is as good as none.
    async fn a_grant_that_is_not_in_force_allows_nothing(app: TestApp) {
        let mut world = World::new(app).await;
        let mut findings = Findings::default();
        for role in ROLES {
            let held = Held { from: -9, ..Held::new(role, "c1") };
            for (state, held) in [
                ("revoked", Held { revoked: true, ..held.clone() }),
                ("run out", Held { to: Some(-1), ..held.clone() }),
                ("not begun", Held { from: 1, ..held }),
            ] {
                let who = world.person_at("c1", &[held], Standing::default());
                let words = format!("{} at c1, {state}, towards", role.code());
                walk(&mut world, &mut findings, &words, &who, "c1", "c1t1").await;
            }
        }
        findings.none();
    }

    /// Who I am says which account I have, and of no point that my grants do not reach: not even, once they are gone, of
    /// the one that keeps the account.
    async fn who_i_am_tells_of_no_point_out_of_scope(app: TestApp) {
        let mut world = World::new(app).await;
        let (here, gone) = (Held::new(Role::Worker, "c1t1"), Held { revoked: true, ..Held::new(Role::Worker, "c2") });
        for held in [vec![here.clone()], vec![here, gone.clone()], vec![gone]] {
            let who = world.person_at(&held[0].point, &held, Standing::default());
            let reply = world.app.get(&who.actor, "/api/v1/me").await.expect(200);
            assert_eq!(reply.json()["account"]["id"], who.account.to_string());
            assert_eq!(world.leaks(&held, &reply), [""; 0], "with {held:?}: {}", reply.text());
        }
    }

    /// The first and the last day of a grant belong to it.
    async fn a_grant_is_in_force_from_its_first_to_its_last_day(app: TestApp) {
        let mut world = World::new(app).await;
        let who = world.person(&[Held { to: Some(0), ..Held::new(Role::Auditor, "c1") }]);
        app_sees(&world, &who, "c1t1", 200).await;
        app_sees(&world, &who, "c2", 404).await;
    }

    /// Everybody who may manage accounts, towards themselves.
    async fn nobody_manages_themselves(app: TestApp) {
        let mut world = World::new(app).await;
        let mut findings = Findings::default();
        for role in ROLES {
            for point in ["b", "c1"] {
                let who = world.person(&[Held::new(role, point)]);
                for row in table() {
                    let case = Case { own: true, ..Case::at(row, point) };
                    let ready = prepare(&mut world, &who, &case).await;
                    if matches!(row.target, Target::Account(_) | Target::Grant(_) | Target::NewGrant | Target::Session) {
                        findings.add(&format!("{} at {point} towards themselves", role.code()), row, ready.judged(&mut world).await);
                    }
                }
            }
        }
        findings.none();
    }

    /// Each role gives, and manages in others, the roles that it may: at its own point, below and nowhere else, and
    /// for an account that holds something more than what is dealt with.
    async fn a_role_is_given_and_managed_only_by_those_who_may(app: TestApp) {
        let mut world = World::new(app).await;
        let mut findings = Findings::default();
        for giver in [Role::Manager, Role::Admin] {
            let who = world.person(&[Held::new(giver, "c1")]);
            for role in ROLES {
                let elsewhere = [None, Some(Held::new(Role::Worker, "c2")), Some(Held { from: 5, ..Held::new(Role::Admin, "c1") })];
                for more in elsewhere {
                    let theirs: Vec<Held> = [Held::new(role, "c1t1")].into_iter().chain(more).collect();
                    let words = format!("{} at c1 towards {theirs:?}", giver.code());
                    for row in table() {
                        if matches!(row.target, Target::Account(_) | Target::Grant(_) | Target::NewGrant | Target::NewAccount) {
                            let case = Case { role, theirs: theirs.clone(), ..Case::at(row, "c1t1") };
                            let ready = prepare(&mut world, &who, &case).await;
                            findings.add(&words, row, ready.judged(&mut world).await);
                        }
                    }
                }
            }
        }
        findings.none();
    }

    /// Without a session that stands, every endpoint but the way in answers 401 and nothing else, whatever is asked.
    async fn without_a_session_there_is_nothing(app: TestApp) {
        let mut world = World::new(app).await;
        let mut findings = Findings::default();
        let all: Vec<Held> = ROLES.iter().map(|role| Held::new(*role, "b")).collect();
        let strangers = strangers(&mut world, &all).await;
        // Without a grant, so that nothing is made for calls that are refused.
        let maker = world.person_at("c1", &[], Standing::default());
        for row in table() {
            let case = Case { theirs: vec![Held::new(Role::Worker, "c1")], ..Case::at(row, "c1") };
            let mut ready = prepare(&mut world, &maker, &case).await;
            if row.need != Need::Nothing {
                ready.expected = vec![Verdict::SignIn];
            }
            for (words, actor) in &strangers {
                ready.who.actor = actor.clone();
                findings.add(words, row, ready.judged(&mut world).await);
            }
        }
        findings.none();
    }

    /// Someone with every right at the bureau, but with a password that must be changed, gets to the account and the
    /// sessions, and to nothing else.
    async fn a_first_password_opens_nothing_but_its_change(app: TestApp) {
        let mut world = World::new(app).await;
        let mut findings = Findings::default();
        let all: Vec<Held> = ROLES.iter().map(|role| Held::new(*role, "b")).collect();
        let who = world.person_at("b", &all, Standing { must_change_password: true, ..Standing::default() });
        for row in table() {
            let case = Case { own: true, ..Case::at(row, "b") };
            let mut ready = prepare(&mut world, &who, &case).await;
            if matches!(row.need, Need::Permission(_)) {
                ready.expected = vec![Verdict::ChangePassword];
            }
            findings.add("with a first password", row, ready.judged(&mut world).await);
        }
        findings.none();
    }
}

async fn app_sees(world: &World, who: &Person, point: &str, status: u16) {
    let path = format!("/api/v1/service-points/{}", world.id(point));
    world.app.get(&who.actor, &path).await.expect(status);
}

/// Everybody whom no session stands for, though most of them hold every right.
async fn strangers(world: &mut World, all: &[Held]) -> Vec<(&'static str, Actor)> {
    let suspended = world.person_at("b", all, Standing { status: AccountStatus::Suspended, ..Standing::default() });
    let [ended, one, other] = [(); 3].map(|()| world.person(all));
    world.app.post(&ended.actor, "/api/v1/auth/sign-out", &serde_json::Value::Null).await.expect(204);
    let token = one.actor.token.clone().unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (head, _) = signed.split_once('.').unwrap();
    let forged = format!("{head}.{}.{signature}", other.actor.token.as_deref().unwrap().split('.').nth(1).unwrap());
    let (edge, app) = (&world.app.edge, &world.app);
    vec![
        ("without a token", Actor::nobody()),
        ("with no token at all", Actor::with_token("nonsense")),
        ("with a token of another signature", Actor::with_token(forged)),
        ("with an unsigned token", Actor::with_token(format!("{signed}."))),
        ("with a token for a session that never was", Actor::with_token(app.token(one.account, edge.new_id()))),
        ("with a token for somebody else's session", Actor::with_token(app.token(one.account, other.session))),
        ("with an ended session", ended.actor),
        ("with a suspended account", suspended.actor),
    ]
}
