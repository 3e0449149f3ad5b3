//! One transaction of a caller, and what it may touch.

use std::{cell::Cell, collections::HashMap, marker::PhantomData};

use super::{Ctx, Permission, Tools, authorized::stand_in, chain};
use crate::{
    db::{self, Conn, QueryResult, audit_events::AuditEvent},
    domain::{
        Day, Id, Instant, PointPath,
        access::{self, Actor, Placed, Reach, Who},
        policy::{Action, Need},
        roll_up::Tally,
    },
    edge::Edge,
    error::{Error, Result},
};

/// One transaction of one caller with one permission.
pub struct Tx<'a, P> {
    conn: &'a mut Conn,
    tools: &'a Tools,
    ctx: &'a Ctx,
    actor: Actor,
    /// Where the simulated past is, when this is part of one.
    past: Option<&'a Edge>,
    now: Instant,
    ids_made: Cell<u16>,
    /// What is written in its end: the events, and what is added to the cells.
    events: Vec<AuditEvent>,
    tally: Tally,
    paths: HashMap<Id, PointPath>,
    permission: PhantomData<P>,
}

impl<'a, P: Permission> Tx<'a, P> {
    /// A transaction that has begun, for an actor who was recognised in it.
    pub(super) fn begun(
        conn: &'a mut Conn,
        (tools, ctx): (&'a Tools, &'a Ctx),
        actor: Actor,
        past: Option<&'a Edge>,
    ) -> Self {
        let (now, ids_made, permission) = (ctx.now, Cell::new(0), PhantomData);
        let (events, tally, paths) = (Vec::new(), Tally::default(), HashMap::new());
        Self { conn, tools, ctx, actor, past, now, ids_made, events, tally, paths, permission }
    }
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
        self.tools
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

    /// Notes an event. All are written in the end of the transaction, many by one statement.
    pub fn tell(&mut self, event: AuditEvent) {
        self.events.push(event);
    }

    /// Writes what was noted: the last statements of the transaction.
    ///
    /// # Errors
    /// The database's own.
    pub(super) fn settle(&mut self) -> Result<()> {
        chain::write(&self.tools.keys, self.conn, &self.events)?;
        Ok(db::cells::add(self.conn, &self.paths, &self.tally)?)
    }

    /// A new identifier, greater than those this transaction made before: rows made together keep their order.
    pub fn new_id(&self) -> Id {
        self.ids_made.set(self.ids_made.get().wrapping_add(1));
        let random = self.past.unwrap_or(&self.tools.edge).random();
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
    pub(super) fn has_moved(&mut self) -> Result<bool> {
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
