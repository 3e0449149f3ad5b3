//! The first steps of an installation, as the README's tour takes them: an administrator, a tree, a manager who writes.

use serde_json::{Value, json};
use terrace::domain::{Day, Id};

use crate::{
    acts::{self, Act},
    client::DAYS,
    desk::{Desk, Server},
    http::{Call, Http},
};

/// Two townships with three villages each, of the never-issued region 999999.
const TREE: &str = "code,name,parent_code,tier
999900000000,模拟市,,city
999999000000,模拟县,999900000000,county
999999001000,模拟一镇,999999000000,township
999999002000,模拟二镇,999999000000,township
999999001201,模拟一村,999999001000,village
999999001202,模拟二村,999999001000,village
999999001203,模拟三村,999999001000,village
999999002201,模拟四村,999999002000,village
999999002202,模拟五村,999999002000,village
999999002203,模拟六村,999999002000,village
";

/// Where the clients work.
pub struct Office {
    /// Where the server listens.
    pub address: String,
    /// The manager's access token: of a session that outlives every server.
    pub token: String,
    /// The top of the tree.
    pub bureau: Id,
    /// Its villages.
    pub villages: Vec<Id>,
    /// The household that every client logs records for.
    pub common: Id,
    /// The day on which the test began. The server's day may be a later one when it ends.
    pub today: Day,
}

impl Office {
    /// Sets everything up, through a server that is killed afterwards like the others.
    pub fn open(desk: &Desk) -> Self {
        let printed = desk.succeeds(&["admin", "create", "--username", "admin"]);
        let first = printed.lines().find_map(|line| line.strip_prefix("password: ")).unwrap();
        desk.write("tree.csv", TREE);
        assert_eq!(desk.succeeds(&["points", "import", "tree.csv"]).trim(), "9 opened, 1 renamed, 0 unchanged");
        let server = Server::start(desk);
        let mut admin = Http::with_token(&desk.address, &enter(desk, "admin", first, "Terraces-in-May-1"));
        let mut find = |code: &str| id(&admin.get(&format!("/service-points?q={code}"))["items"][0]["id"]);
        let codes = TREE.lines().filter(|line| line.ends_with(",village")).map(|line| &line[..12]);
        let (villages, bureau) = (codes.map(&mut find).collect(), find("999900000000"));
        let account = json!({
            "username": "zhang.moni", "display_name": "模拟主管",
            "grant": { "role": "manager", "service_point_id": bureau },
        });
        let opened = admin.expect(&Call::post("/accounts", account), 201);
        let first = opened["first_password"].as_str().unwrap();
        let token = enter(desk, "zhang.moni", first, "Terraces-in-June-2");
        let edge = terrace::edge::Edge::system();
        let (address, common, today) = (desk.address.clone(), edge.new_id(), edge.now().day());
        let office = Self { address, token, bureau, villages, common, today };
        office.connect().expect(&office.common_household().call, 201);
        server.kill();
        office
    }

    /// How the common household was registered.
    pub fn common_household(&self) -> Act {
        let head = json!({ "id": self.common, "name": "模拟户主", "relation": "02", "no_identity_reason": "unknown" });
        acts::register(self.common, self.villages[0], self.today.minus_days(DAYS), vec![head])
    }

    /// A connection of the manager's.
    pub fn connect(&self) -> Http {
        Http::with_token(&self.address, &self.token)
    }
}

/// Signs in for the first time and changes the password; the access token.
fn enter(desk: &Desk, username: &str, first: &str, new: &str) -> String {
    let credentials = json!({ "username": username, "password": first });
    let tokens = Http::new(&desk.address).expect(&Call::post("/auth/sign-in", credentials), 200);
    let token = tokens["access_token"].as_str().unwrap().to_owned();
    let change = json!({ "current_password": first, "new_password": new });
    Http::with_token(&desk.address, &token).expect(&Call::post("/auth/password", change), 204);
    token
}

/// A value that is an id.
#[track_caller]
pub fn id(value: &Value) -> Id {
    value.as_str().unwrap_or_else(|| panic!("no id: {value}")).parse().unwrap()
}
