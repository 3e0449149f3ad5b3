//! The gate, and what passes through it.

use std::{cell::Cell, collections::HashMap, fmt, marker::PhantomData, sync::Arc};

use super::{Ctx, Keys, Passwords, Permission, chain};
use crate::{
    db::{self, Conn, Cost, Db, QueryResult, installation},
    domain::{
        Day, Id, Instant, PointPath,
        access::{self, Actor, Placed, Reach, Who},
        codes::AccountStatus,
        policy::{Action, Need},
        roll_up::Tally,
    },
    edge::Edge,
    error::{Error, Result},
};

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Seconds after its last renewal at which a session ends.
    pub idle_seconds: i64,
    /// Seconds after its beginning at which a session ends in any case.
    pub session_seconds: i64,
}

/// Everything that requests share. It keeps the database to itself.
#[derive(Debug)]
pub struct Gate {
    db: Db,
    tools: Tools,
}

/// What use cases need besides the database.
#[derive(Debug)]
pub struct Tools {
    /// Time and randomness.
    pub edge: Arc<Edge>,
    /// The installation's keys.
    pub keys: Keys,
    /// The hashing of passwords.
    pub passwords: Passwords,
    /// How long sessions last.
    pub rules: Rules,
}

impl Gate {
    /// From now on every audit event of this database is sealed.
    ///
    /// # Errors
    /// When the database belongs to other keys, or the hashing of passwords does not work.
    pub fn new(db: Db, edge: Arc<Edge>, keys: Keys, rules: Rules) -> Result<Self> {
        let owner = db.at_start(|conn| Ok(installation::claim(conn, installation::KEY_FINGERPRINT, keys.name())?))?;
        if owner != keys.name() {
            return Err(Error::internal(format!(
                "the database belongs to the key {owner}, this one is {}; bring back the key file that was kept apart \
                 (terrace keys import)",
                keys.name()
            )));
        }
        let sealing = keys.clone();
        db.begin_sealing(Arc::new(move |conn: &mut Conn| chain::seal(&sealing, conn)))?;
        let passwords = Passwords::new(&edge)?;
        Ok(Self { db, tools: Tools { edge, keys, passwords, rules } })
    }

    /// What use cases need besides the database.
    pub fn tools(&self) -> &Tools {
        &self.tools
    }

    /// A way to the database for one request. Only the extractor of the API and the commands of the server's own
    /// machine call this.
    pub fn authorize<P: Permission>(self: &Arc<Self>, ctx: Ctx) -> Authorized<P> {
        self.called_by(ctx, Caller::Session)
    }

    /// The same for whoever runs a command on the server's own machine.
    pub fn operator<P: Permission>(self: &Arc<Self>, command: &str) -> Authorized<P> {
        self.called_by(Ctx::command(self.tools.edge.now(), command), Caller::Operator)
    }

    /// The same in a simulated past, for `terrace demo` alone: the moment at which `past` stands, and ids from it. Whatever
    /// must not be guessed still comes from the system.
    pub fn operator_in<P: Permission>(self: &Arc<Self>, past: &Arc<Edge>) -> Authorized<P> {
        self.called_by(Ctx::command(past.now(), DEMO), Caller::Simulated { account: None, past: Arc::clone(past) })
    }

    /// Somebody who never was, in a simulated past, for `terrace demo` alone: an account acts with the grants in force on that
    /// day, and no session is looked up.
    pub fn stand_in<P: Permission>(self: &Arc<Self>, account: Id, past: &Arc<Edge>) -> Authorized<P> {
        let caller = Caller::Simulated { account: Some(account), past: Arc::clone(past) };
        self.called_by(Ctx::command(past.now(), DEMO), caller)
    }

    fn called_by<P: Permission>(self: &Arc<Self>, ctx: Ctx, caller: Caller) -> Authorized<P> {
        Authorized { gate: Arc::clone(self), ctx: Arc::new(ctx), caller, permission: PhantomData }
    }
}

/// What the command that simulates is called.
const DEMO: &str = "demo";

#[derive(Clone, Debug)]
enum Caller {
    Session,
    Operator,
    Simulated { account: Option<Id>, past: Arc<Edge> },
}

/// What a request brings besides its token. It is read only after the caller has been recognised, so that whoever
/// may not ask learns nothing about what was wrong with the question.
pub trait Input: Send + 'static {
    /// What it holds.
    type Value: Send + Sync + 'static;

    /// The value.
    ///
    /// # Errors
    /// What is wrong with the request.
    fn read(self) -> Result<Self::Value>;
}

impl Input for () {
    type Value = ();

    fn read(self) -> Result<()> {
        Ok(())
    }
}

/// An input that is read already.
#[derive(Clone, Debug)]
pub struct Ready<T>(pub Result<T>);

impl<T: Send + Sync + 'static> Input for Ready<T> {
    type Value = T;

    fn read(self) -> Result<T> {
        self.0
    }
}

/// Inputs come in twos and threes.
macro_rules! input_tuples {
    ($($name:ident)+) => {
        impl<$($name: Input),+> Input for ($($name,)+) {
            type Value = ($($name::Value,)+);

            fn read(self) -> Result<Self::Value> {
                #[expect(non_snake_case, reason = "the macro names each value after its type")]
                let ($($name,)+) = self;
                Ok(($($name.read()?,)+))
            }
        }
    };
}
input_tuples!(A B);
input_tuples!(A B C);

/// The right to ask the database for one thing. Handlers get it as an argument and cannot make one.
pub struct Authorized<P> {
    gate: Arc<Gate>,
    ctx: Arc<Ctx>,
    caller: Caller,
    permission: PhantomData<fn() -> P>,
}

impl<P> Clone for Authorized<P> {
    fn clone(&self) -> Self {
        let (gate, ctx) = (Arc::clone(&self.gate), Arc::clone(&self.ctx));
        Self { gate, ctx, caller: self.caller.clone(), permission: PhantomData }
    }
}

impl<P> fmt::Debug for Authorized<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorized").field("ctx", &self.ctx).finish()
    }
}

impl<P: Permission> Authorized<P> {
    /// What use cases need besides the database.
    pub fn tools(&self) -> &Tools {
        &self.gate.tools
    }

    /// Whether the database answers and its tables are up to date.
    ///
    /// # Errors
    /// Why not.
    pub async fn ready(&self) -> Result<()> {
        self.gate.db.ready().await
    }

    /// The circumstances of the request.
    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }

    /// Runs a read for the caller, in one snapshot.
    ///
    /// # Errors
    /// No session or no permission, then what is wrong with the input, then the job's own.
    pub async fn read<I, T, F>(&self, cost: Cost, input: I, job: F) -> Result<T>
    where
        I: Input,
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_, P>, &I::Value) -> Result<T> + Send + 'static,
    {
        let (this, input) = (self.clone(), input.read());
        let run = move |conn: &mut Conn| {
            let mut tx = this.begin(conn)?;
            match input {
                Ok(input) => job(&mut tx, &input),
                Err(error) => tx.reach().and(Err(error)),
            }
        };
        self.gate.db.read(cost, run).await
    }

    /// Runs a write for the caller, in one transaction, and returns when it is durable. The job may run more
    /// than once.
    ///
    /// # Errors
    /// As for [`Self::read`]; nothing was written then.
    pub async fn write<I, T, F>(&self, input: I, job: F) -> Result<T>
    where
        I: Input,
        T: Send + 'static,
        F: Fn(&mut Tx<'_, P>, &I::Value) -> Result<T> + Send + 'static,
    {
        let input = match input.read() {
            Ok(input) => input,
            // The writer is not troubled with a request that cannot be carried out.
            Err(error) => return self.read(Cost::Quick, (), move |tx, ()| tx.reach().and(Err(error))).await,
        };
        let this = self.clone();
        let run = move |conn: &mut Conn| {
            let mut tx = this.begin(conn)?;
            let outcome = job(&mut tx, &input);
            match outcome {
                Err(Error::NotFound | Error::NotFoundAt(_) | Error::NotAllowed(_)) if tx.has_moved()? => {
                    Err(Error::Collision("the caller's grants moved meanwhile".into()))
                }
                Err(error) => Err(error),
                Ok(value) => tx.settle().map(|()| value),
            }
        };
        self.gate.db.write(run).await
    }

    /// Looks up who asks. In the same transaction as what they ask for, so that a grant revoked in between counts.
    fn begin<'a>(&'a self, conn: &'a mut Conn) -> Result<Tx<'a, P>> {
        let actor = match (&self.caller, P::NEED) {
            (Caller::Operator | Caller::Simulated { account: None, .. }, _) => Actor::operator(),
            (Caller::Simulated { account: Some(account), .. }, _) => stand_in(conn, *account, self.ctx.now.day())?,
            (Caller::Session, Need::Nothing) => Actor::nobody(),
            (Caller::Session, need) => identify(conn, &self.ctx, self.gate.tools.rules, need)?,
        };
        let past = match &self.caller {
            Caller::Simulated { past, .. } => Some(&**past),
            Caller::Session | Caller::Operator => None,
        };
        let (now, ids_made, tally) = (self.ctx.now, Cell::new(0), Tally::default());
        let (gate, ctx, paths, permission) = (&*self.gate, &*self.ctx, HashMap::new(), PhantomData);
        Ok(Tx { conn, gate, ctx, actor, past, now, ids_made, tally, paths, permission })
    }
}

/// The session of whoever acts without one.
const NO_SESSION: Id = Id::from_bytes([0; 16]);

fn stand_in(conn: &mut Conn, account: Id, on: Day) -> Result<Actor> {
    let held = db::grants::in_force(conn, account, on)?;
    Ok(Actor { who: Who::Account { id: account, session: NO_SESSION }, held })
}

fn identify(conn: &mut Conn, ctx: &Ctx, rules: Rules, need: Need) -> Result<Actor> {
    let claims = ctx.claims.ok_or(Error::SignInRequired)?;
    let session = db::sessions::state(conn, claims.sid)?.ok_or(Error::SignInRequired)?;
    let stands = session.account_id == claims.sub
        && session.ended_at.is_none()
        && session.status == AccountStatus::Active
        && ctx.now < session.expires_at
        && ctx.now < session.refreshed_at.plus_seconds(rules.idle_seconds);
    if !stands {
        return Err(Error::SignInRequired);
    }
    if session.must_change_password && need != Need::Session {
        return Err(Error::PasswordChangeRequired);
    }
    let held = db::grants::in_force(conn, claims.sub, ctx.now.day())?;
    Ok(Actor { who: Who::Account { id: claims.sub, session: claims.sid }, held })
}

/// One transaction of one caller with one permission.
pub struct Tx<'a, P> {
    conn: &'a mut Conn,
    gate: &'a Gate,
    ctx: &'a Ctx,
    actor: Actor,
    /// Where the simulated past is, when this is part of one.
    past: Option<&'a Edge>,
    now: Instant,
    ids_made: Cell<u16>,
    /// What the transaction adds to the cells in its end.
    tally: Tally,
    paths: HashMap<Id, PointPath>,
    permission: PhantomData<P>,
}

impl<P: Permission> Tx<'_, P> {
    /// The connection, for the query functions of [`crate::db`].
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The account that acts, where only an account can.
    ///
    /// # Errors
    /// [`Error::SignInRequired`] when none does.
    pub fn account_id(&self) -> Result<Id> {
        self.actor.account_id().ok_or(Error::SignInRequired)
    }

    /// The circumstances of the request.
    pub fn ctx(&self) -> &Ctx {
        self.ctx
    }

    /// What use cases need besides the database.
    pub fn tools(&self) -> &Tools {
        &self.gate.tools
    }

    /// The moment at which the request counts.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The day at which the request counts.
    pub fn today(&self) -> Day {
        self.now.day()
    }

    /// Goes on as another account at another moment of a simulated past, so that each row bears who made it and when.
    ///
    /// # Errors
    /// This is no simulation, or the moment lies before its beginning or has not come yet: nobody else chooses who did something
    /// and when.
    pub fn turn_to(&mut self, account: Id, moment: Instant) -> Result<()> {
        if self.past.is_none() || moment < self.ctx.now || moment > self.tools().edge.now() {
            return Err(Error::internal("a moment was chosen outside of a simulated past"));
        }
        if self.actor.account_id() != Some(account) {
            self.actor = stand_in(self.conn, account, self.ctx.now.day())?;
        }
        self.now = moment;
        Ok(())
    }

    /// Notes what the transaction adds to the cells. All of it is added at once in the end, because the counties' rows are the
    /// most wanted. `paths` knows every point of the tally.
    pub fn count(&mut self, tally: Tally, paths: impl IntoIterator<Item = (Id, PointPath)>) {
        self.tally = std::mem::take(&mut self.tally).plus(tally);
        self.paths.extend(paths);
    }

    fn settle(&mut self) -> Result<()> {
        Ok(db::cells::add(self.conn, &self.paths, &self.tally)?)
    }

    /// A new identifier, greater than those this transaction made before: rows made together keep their order.
    pub fn new_id(&self) -> Id {
        self.ids_made.set(self.ids_made.get().wrapping_add(1));
        let random = self.past.unwrap_or(&self.gate.tools.edge).random();
        Id::in_sequence(self.now, self.ids_made.get(), random)
    }

    /// Where the caller has the permission: the condition of every list, and the first check of every create.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] when that is nowhere.
    pub fn reach(&self) -> Result<Reach> {
        let Need::Grant(action) = P::NEED else { return Ok(Reach::default()) };
        let reach = self.actor.reach(action);
        if reach.is_empty() { Err(Error::NotAllowed(action.code())) } else { Ok(reach) }
    }

    /// Opens a row, if the caller has the permission where it lies.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none or it lies outside the caller's scope, [`Error::NotAllowed`] when it
    /// lies inside.
    pub fn admit<T>(&self, placed: Option<Placed<T>>) -> Result<T> {
        let placed = placed.ok_or(Error::NotFound)?;
        Ok(placed.admit(&self.actor, self.action()?)?)
    }

    /// Whether the caller has the permission at a point.
    ///
    /// # Errors
    /// As for [`Self::admit`].
    pub fn check(&self, path: &PointPath) -> Result<()> {
        Ok(access::check(&self.actor, self.action()?, path)?)
    }

    /// Loads and opens a row.
    ///
    /// # Errors
    /// As for [`Self::admit`].
    pub fn find<T>(&mut self, id: Id, find: impl FnOnce(&mut Conn, Id) -> QueryResult<Option<Placed<T>>>) -> Result<T> {
        let action = self.action()?;
        self.find_for(action, id, find)
    }

    /// Loads and opens a row under another permission than the transaction's own, such as seeing the parent of
    /// what is to be changed.
    ///
    /// # Errors
    /// As for [`Self::admit`].
    pub fn find_for<T>(
        &mut self,
        action: Action,
        id: Id,
        find: impl FnOnce(&mut Conn, Id) -> QueryResult<Option<Placed<T>>>,
    ) -> Result<T> {
        let placed = find(self.conn, id)?.ok_or(Error::NotFound)?;
        Ok(placed.admit(&self.actor, action)?)
    }

    /// Whether the caller's grants have come to reach elsewhere since the transaction began: PostgreSQL shows a move
    /// that was committed meanwhile to one statement and not to the one before it.
    fn has_moved(&mut self) -> Result<bool> {
        let Who::Account { id, .. } = self.actor.who else { return Ok(false) };
        let since = self.ctx.now.day();
        Ok(db::grants::in_force(self.conn, id, since)? != self.actor.held)
    }

    fn action(&self) -> Result<Action> {
        match P::NEED {
            Need::Grant(action) => Ok(action),
            Need::Nothing | Need::Session => Err(Error::internal("a permission without an action opens no resource")),
        }
    }
}
