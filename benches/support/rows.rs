//! Very many rows, written as plain SQL of many rows a statement: the same text for both databases, but for how an id
//! and bytes are spelled.

use std::fmt::Write as _;

use diesel::connection::SimpleConnection as _;
use terrace::{
    db::Conn,
    domain::{Day, Id, Instant},
};

use super::Result;

/// Rows of a statement.
pub const STATEMENT: usize = 500;
/// Rows of a transaction, about.
pub const TRANSACTION: usize = 50_000;

/// A value in a column.
pub enum Value<'v> {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// Text.
    Text(&'v str),
    /// Bytes.
    Bytes(&'v [u8]),
    /// An id.
    Id(Id),
    /// A day.
    Day(Day),
    /// An instant.
    Instant(Instant),
}

/// Rows of one table that wait to be written.
pub struct Rows {
    head: String,
    tail: String,
    sqlite: bool,
    text: String,
}

impl Rows {
    /// No rows yet of a table with these columns, separated by commas.
    pub fn of(conn: &Conn, table: &str, columns: &str) -> Self {
        let sqlite = matches!(conn, Conn::Sqlite(_));
        Self {
            head: format!("INSERT INTO {table} ({columns}) VALUES "),
            tail: String::new(),
            sqlite,
            text: String::new(),
        }
    }

    /// The same, but a row with the same key takes the new values.
    pub fn or_replaced(mut self, key: &str, values: &[&str]) -> Self {
        let values: Vec<String> = values.iter().map(|value| format!("{value} = excluded.{value}")).collect();
        self.tail = format!(" ON CONFLICT ({key}) DO UPDATE SET {}", values.join(", "));
        self
    }

    /// Adds a row.
    pub fn push(&mut self, values: &[Value<'_>]) -> Result<()> {
        self.text.push_str(if self.text.is_empty() { self.head.as_str() } else { "," });
        for (at, value) in values.iter().enumerate() {
            self.text.push(if at == 0 { '(' } else { ',' });
            self.write(value)?;
        }
        self.text.push(')');
        Ok(())
    }

    /// Writes what waits.
    pub fn flush(&mut self, conn: &mut Conn) -> Result<()> {
        if !self.text.is_empty() {
            self.text.push_str(&self.tail);
            conn.batch_execute(&self.text)?;
            self.text.clear();
        }
        Ok(())
    }

    fn write(&mut self, value: &Value<'_>) -> std::fmt::Result {
        let out = &mut self.text;
        match value {
            Value::Null => out.write_str("NULL"),
            Value::Int(number) => write!(out, "{number}"),
            Value::Bool(yes) if self.sqlite => out.write_str(if *yes { "1" } else { "0" }),
            Value::Bool(yes) => out.write_str(if *yes { "TRUE" } else { "FALSE" }),
            // Nothing here holds a quotation mark; one that did would fail and not be written wrongly.
            Value::Text(text) => write!(out, "'{text}'"),
            Value::Id(id) if self.sqlite => write!(out, "X'{}'", id.simple()),
            Value::Id(id) => write!(out, "'{id}'"),
            Value::Bytes(bytes) => {
                out.write_str(if self.sqlite { "X'" } else { "'\\x" })?;
                bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}"))?;
                out.write_str("'")
            }
            Value::Day(day) => write!(out, "'{day}'"),
            Value::Instant(instant) => write!(out, "'{}'", instant.naive_utc().format("%F %T%.6f")),
        }
    }
}

/// Does something in one transaction.
pub fn together<T>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
    conn.batch_execute("BEGIN")?;
    let done = work(conn)?;
    conn.batch_execute("COMMIT")?;
    Ok(done)
}
