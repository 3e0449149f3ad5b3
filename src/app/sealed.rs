//! Personal fields: sealed on their way into a row, opened on their way out of it.

use crate::{
    auth::{
        Permission, Tx,
        seal::{self, Place},
    },
    domain::{
        Id,
        identity::{mask_identity, mask_phone},
    },
    error::Result,
};

/// A column of personal values.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
}

impl Column {
    fn of(self, row: Id) -> Place {
        Place { table: self.table, column: self.column, row }
    }

    /// Seals a value for a row.
    ///
    /// # Errors
    /// When the value is too long for the cipher, which no field is.
    pub fn seal<P: Permission>(self, tx: &Tx<'_, P>, row: Id, clear: Option<&str>) -> Result<Option<Vec<u8>>> {
        clear.map(|clear| seal::seal(&tx.tools().keys, &tx.tools().edge, self.of(row), clear)).transpose()
    }

    /// Opens a row's value.
    ///
    /// # Errors
    /// It was changed behind the program's back, or the key is another.
    pub fn open<P: Permission>(self, tx: &Tx<'_, P>, row: Id, sealed: Option<&Vec<u8>>) -> Result<Option<String>> {
        sealed.map(|sealed| seal::open(&tx.tools().keys, self.of(row), sealed)).transpose()
    }

    /// A telephone number with its middle hidden.
    ///
    /// # Errors
    /// As for [`Self::open`].
    pub fn masked_phone<P: Permission>(
        self,
        tx: &Tx<'_, P>,
        row: Id,
        sealed: Option<&Vec<u8>>,
    ) -> Result<Option<String>> {
        Ok(self.open(tx, row, sealed)?.map(|clear| mask_phone(&clear)))
    }

    /// An identity number, or a number that contains one, with its middle hidden.
    ///
    /// # Errors
    /// As for [`Self::open`].
    pub fn masked_identity<P: Permission>(
        self,
        tx: &Tx<'_, P>,
        row: Id,
        sealed: Option<&Vec<u8>>,
    ) -> Result<Option<String>> {
        Ok(self.open(tx, row, sealed)?.map(|clear| mask_identity(&clear)))
    }
}
