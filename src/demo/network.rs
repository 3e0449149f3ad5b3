//! The tree that is embedded in the program, and the people who work in it.

use std::{collections::HashMap, sync::Arc};

use super::{DISTRICT, Progress, REPORTING, assistance::County, people::SIMULATED};
use crate::{
    app::{
        Want,
        accounts::{self, OpenAccount},
        grants::GiveRole,
        idempotence::Made,
        points_import::{self, ImportError},
        service_points::{self, EditServicePoint},
        sessions::{self, ChangePassword},
        setup::{self, SignIn},
    },
    auth::{Gate, Ready, can},
    db::{
        Cost,
        service_points::{Filter, ServicePoint},
    },
    domain::{
        Id, Secret, Text,
        codes::{Role, Tier},
        password::random_password,
    },
    edge::Edge,
    error::{Error, Result},
};

/// The divisions of Longnan, see data/README.md.
const DIVISIONS: &[u8] = include_bytes!("../../data/longnan_divisions.csv");

/// The bureau's name, which every page shows: whoever sees the network sees that nothing in it is real.
pub const BUREAU: &str = "陇南市电子商务发展局（模拟数据）";

/// So many accounts are opened in a transaction.
const CHUNK: usize = 500;

/// A service point, and the account that works there.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The point.
    pub point: Id,
    /// Its name.
    pub name: String,
    /// What its county is known for.
    pub county: &'static County,
    /// Who registers and logs there, and sends in its reports.
    pub worker: Id,
    /// Who reviews the reports from below, and the bureau's own.
    pub reviewer: Option<Id>,
    /// Whether it reports each month.
    pub reports: bool,
    /// The points below, in the order of the tree.
    pub below: Vec<Desk>,
}

/// Imports the tree, and opens every account that works in it.
///
/// # Errors
/// The database's own.
pub async fn found(
    gate: &Arc<Gate>,
    past: &Arc<Edge>,
    progress: &mut impl FnMut(Progress),
) -> Result<(Desk, Vec<SignIn>)> {
    let tree = import(gate, past).await?;
    progress(Progress::Points(tree.len()));
    let (mut sign_ins, mut ids) = (Vec::new(), HashMap::new());
    let posts = posts(&tree);
    let told: Vec<&Post<'_>> = posts.iter().filter(|post| post.told).collect();
    for post in told {
        let (account, sign_in) = open_told(gate, past, post).await?;
        ids.insert((post.point.id, post.role), account);
        sign_ins.push(sign_in);
    }
    setup::announce(gate, &sign_ins).await?;
    let access = gate.operator_in::<can::ManageAccounts>(past);
    let rest: Vec<&Post<'_>> = posts.iter().filter(|post| !post.told).collect();
    for chunk in rest.chunks(CHUNK) {
        let opened = accounts::open_unused(&access, chunk.iter().map(|post| post.request()).collect()).await?;
        for (post, account) in chunk.iter().zip(opened) {
            ids.insert((post.point.id, post.role), account.id);
        }
    }
    progress(Progress::Accounts(posts.len()));
    let mut children: HashMap<Id, Vec<&ServicePoint>> = HashMap::new();
    for point in &tree {
        point.parent_id.into_iter().for_each(|parent| children.entry(parent).or_default().push(point));
    }
    let root = tree.first().ok_or_else(|| Error::internal("the tree that was imported is empty"))?;
    Ok((desk(root, &children, &ids)?, sign_ins))
}

/// Imports the tree and gives the bureau its name; the points, each before those below.
async fn import(gate: &Arc<Gate>, past: &Arc<Edge>) -> Result<Vec<ServicePoint>> {
    let access = gate.operator_in::<can::ManagePoints>(past);
    points_import::import_as(&access, DIVISIONS, false).await.map_err(|error| match error {
        ImportError::Other(error) => error,
        ImportError::Faults(_) => Error::internal("the divisions that the program brings along have faults"),
    })?;
    let all = Want { after: None, limit: 10_000, count: false };
    let points = gate.operator_in::<can::ReadPoints>(past);
    let mut tree = points
        .read(Cost::Slow, (), move |tx, ()| Ok(service_points::list(tx, &Filter::default(), &all)?.items))
        .await?;
    if let Some(root) = tree.first_mut() {
        let name = EditServicePoint { name: Some(Text::new(BUREAU)), ..EditServicePoint::default() };
        let change = Ready(Ok((root.id, root.version, name)));
        *root = access.write(change, |tx, (id, version, name)| service_points::edit(tx, *id, *version, name)).await?;
    }
    Ok(tree)
}

/// A role at a point that somebody is to have.
struct Post<'a> {
    point: &'a ServicePoint,
    role: Role,
    username: String,
    told: bool,
}

impl Post<'_> {
    fn request(&self) -> OpenAccount {
        let role = self.role.labels().0;
        let place = if self.point.tier == Tier::Bureau { "市局" } else { self.point.name.as_str() };
        OpenAccount {
            id: None,
            username: Text::new(&self.username),
            display_name: Text::new(&format!("{SIMULATED}{place}{role}")),
            phone: None,
            grant: GiveRole { role: self.role, service_point_id: self.point.id, valid_from: None, valid_to: None },
        }
    }
}

/// Everybody who works in the network: who signs in for looking around is told how.
fn posts(tree: &[ServicePoint]) -> Vec<Post<'_>> {
    let mut posts = Vec::new();
    let mut shown = [0_usize; 2];
    for point in tree {
        let code = point.region_code.as_deref().unwrap_or_default();
        let mut post = |role: Role, username: String, told: bool| posts.push(Post { point, role, username, told });
        let here = code.starts_with(DISTRICT);
        match point.tier {
            Tier::Bureau => {
                post(Role::Admin, "admin".to_owned(), true);
                post(Role::Auditor, "auditor".to_owned(), true);
                post(Role::Manager, "bureau.manager".to_owned(), true);
                post(Role::Reviewer, "bureau.reviewer".to_owned(), false);
            }
            Tier::County => {
                let slug = County::of(code).slug;
                post(Role::Manager, format!("county.{slug}.manager"), here);
                post(Role::Reviewer, format!("county.{slug}.reviewer"), here);
            }
            Tier::Township => {
                shown[0] += usize::from(here);
                let code = code.get(..9).unwrap_or(code);
                let told = here && shown[0] == 1;
                post(Role::Worker, format!("township.{code}"), told);
                // Who reviews the villages.
                post(Role::Reviewer, format!("township.{code}.reviewer"), told);
            }
            Tier::Village => {
                shown[1] += usize::from(here);
                post(Role::Worker, format!("village.{code}"), here && shown[1] <= 2);
            }
        }
    }
    posts
}

/// Opens an account with a password that is good from the first sign-in on.
async fn open_told(gate: &Arc<Gate>, past: &Arc<Edge>, post: &Post<'_>) -> Result<(Id, SignIn)> {
    let access = gate.operator_in::<can::ManageAccounts>(past);
    let open =
        accounts::open(&access, Ready(Ok(post.request())), |_, opened| match (opened.made, opened.first_password) {
            (Made::New(account), Some(first)) => Ok((account.id, first)),
            _ => Err(Error::internal("the account was not opened")),
        });
    let (account, first) = open.await?;
    // No two passwords of an account are set at the same moment.
    past.advance(1);
    // From the system: a password that comes from the seed would be known to whoever knows the seed.
    let edge = &gate.tools().edge;
    let password = random_password(&mut |bytes: &mut [u8]| edge.fill(bytes));
    let change =
        ChangePassword { current_password: Secret::new(first.as_str()), new_password: Secret::new(password.as_str()) };
    sessions::change_password(&gate.stand_in::<can::ActForSelf>(account, past), Ready(Ok(change))).await?;
    let (tier, role, point) = (post.point.tier, post.role, post.point.name.clone());
    Ok((account, SignIn { tier, role, point, username: post.username.clone(), password }))
}

fn desk(
    point: &ServicePoint,
    children: &HashMap<Id, Vec<&ServicePoint>>,
    ids: &HashMap<(Id, Role), Id>,
) -> Result<Desk> {
    let worker = [Role::Worker, Role::Manager].iter().find_map(|role| ids.get(&(point.id, *role)));
    let below = children.get(&point.id).into_iter().flatten();
    let code = point.region_code.as_deref().unwrap_or_default();
    Ok(Desk {
        point: point.id,
        name: point.name.clone(),
        county: County::of(code),
        reviewer: ids.get(&(point.id, Role::Reviewer)).copied(),
        reports: point.tier == Tier::Bureau || REPORTING.iter().any(|county| code.starts_with(county)),
        worker: *worker.ok_or_else(|| Error::internal("nobody works at a point"))?,
        below: below.map(|child| desk(child, children, ids)).collect::<Result<_>>()?,
    })
}
