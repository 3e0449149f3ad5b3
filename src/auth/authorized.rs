//! The gate, and what passes through it.

use std::{fmt, marker::PhantomData, sync::Arc};

use super::{Ctx, Keys, Passwords, Permission, Turns, Tx, chain};
use crate::{
    db::{self, Conn, Cost, Db, installation},
    domain::{
        Day, Id,
        access::{Actor, Who},
        codes::AccountStatus,
        policy::Need,
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
    /// The one verification that may run.
    pub verification: Turns,
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
        Ok(Self { db, tools: Tools { edge, keys, passwords, rules, verification: Turns::default() } })
    }

    /// What use cases need besides the database.
    pub fn tools(&self) -> &Tools {
        &self.tools
    }

    /// Returns when everything that was committed is on the disk, also after [`crate::db::Limits::bulk`].
    ///
    /// # Errors
    /// The database's own.
    pub fn make_durable(&self) -> Result<()> {
        self.db.make_durable()
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

    /// The same caller, asking for something else: who that is and what they may do is looked up in each transaction anyway.
    pub fn under<Q: Permission>(&self) -> Authorized<Q> {
        self.gate.called_by(Ctx::clone(&self.ctx), self.caller.clone())
    }

    /// The server itself, which goes on with what the caller began, also when their session has ended meanwhile.
    pub fn server<Q: Permission>(&self, command: &str) -> Authorized<Q> {
        self.gate.operator(command)
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
        Ok(Tx::begun(conn, (&self.gate.tools, &self.ctx), actor, past))
    }
}

/// The session of whoever acts without one.
const NO_SESSION: Id = Id::from_bytes([0; 16]);

/// An account that acts without a session, with the grants in force on a day.
pub(super) fn stand_in(conn: &mut Conn, account: Id, on: Day) -> Result<Actor> {
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
