//! Policy documents and their files. A document is published by an announcement that names it, which tells who has read it.

use super::{KeepPolicyDocument, Keeping, find_in, item, kept_in, text};
use crate::{
    app::{
        audit, expect_version,
        input::Faults,
        registers::{Kept, Register},
        roll_up,
    },
    auth::{Permission, Tx, can},
    db::{
        Conn, QueryResult,
        catalogue_items::{self, CatalogueItem},
        files::{self, File},
        service_points::ServicePoint,
    },
    domain::{
        Id,
        access::Placed,
        codes::{Catalogue, POLICY_TOPICS},
        digest::{hex, sha256},
    },
    error::{Error, Result},
};

/// What a file may be: a portable document, or a picture of its page. What is published is not for editing.
pub const MEDIA_TYPES: &[&str] = &["application/pdf", "image/png", "image/jpeg"];

impl Register for KeepPolicyDocument {
    kept_in!(Catalogue::PolicyDocument);

    const ACTIONS: [&'static str; 2] = ["policy_document.enter", "policy_document.edit"];

    fn row(
        &self,
        _tx: &mut Keeping<'_>,
        faults: &mut Faults,
        kept: Kept,
        before: Option<&CatalogueItem>,
    ) -> Result<CatalogueItem> {
        faults.code(&POLICY_TOPICS, &self.topic, self.issued_on, "/topic");
        faults.unless(self.issued_on <= kept.updated_at.day(), "/issued_on", "in_future");
        faults.unless(self.ends_on.is_none_or(|last| self.issued_on <= last), "/ends_on", "before_from");
        Ok(CatalogueItem {
            kind: Some(self.topic.to_string()),
            mark: Some(self.number.to_string()),
            source: Some(self.issuer.to_string()),
            starts_on: Some(self.issued_on),
            ends_on: self.ends_on,
            note: text(&self.note),
            file_digest: before.and_then(|before| before.file_digest.clone()),
            ..item(Catalogue::PolicyDocument, self.service_point_id, &self.name, kept)
        })
    }

    fn count(
        tx: &mut Keeping<'_>,
        point: &ServicePoint,
        before: Option<&CatalogueItem>,
        after: &CatalogueItem,
    ) -> Result<()> {
        let was = before.map(|before| roll_up::policy(before).tally()).unwrap_or_default();
        tx.count(roll_up::policy(after).tally().since(was), [(point.id, point.path.clone())]);
        Ok(())
    }
}

/// Puts a file to a policy document, in the place of the one that it had, which is kept for whoever audits. The same content is kept
/// once.
///
/// # Errors
/// The document is unknown or has changed; the content is none of the kinds that are taken.
pub fn bring_file(tx: &mut Keeping<'_>, id: Id, version: i64, content: &[u8]) -> Result<CatalogueItem> {
    catalogue_items::lock(tx.conn(), id)?;
    let before = tx.find(id, |conn, id| find_in(conn, id, Catalogue::PolicyDocument))?;
    expect_version(before.version, version)?;
    let media_type = infer::get(content).map(|kind| kind.mime_type());
    let Some(media_type) = media_type.filter(|found| MEDIA_TYPES.contains(found)) else {
        return Err(Error::invalid("", "file_type"));
    };
    let (digest, now) = (hex(&sha256(content)), tx.now());
    let file =
        File { digest: digest.clone(), media_type: media_type.to_owned(), content: content.to_vec(), created_at: now };
    files::keep(tx.conn(), &file)?;
    let after =
        CatalogueItem { file_digest: Some(digest), version: before.version + 1, updated_at: now, ..before.clone() };
    catalogue_items::update(tx.conn(), &after)?;
    audit::changed(tx, "policy_document.file", &before, &after, None)?;
    Ok(after)
}

/// The media type of the file of a policy document, if it has one.
///
/// # Errors
/// The database's own.
pub fn media_type<P: Permission>(tx: &mut Tx<'_, P>, document: &CatalogueItem) -> Result<Option<String>> {
    match &document.file_digest {
        Some(digest) => Ok(files::media_type(tx.conn(), digest)?),
        None => Ok(None),
    }
}

/// The file of a policy document.
///
/// # Errors
/// There is no such document within reach, or it has no file.
pub fn file(tx: &mut Tx<'_, can::ReadCatalogues>, id: Id) -> Result<File> {
    let document = tx.find(id, |conn, id| find_in(conn, id, Catalogue::PolicyDocument))?;
    let file = document.file_digest.map(|digest| files::find(tx.conn(), &digest)).transpose()?.flatten();
    file.ok_or(Error::NotFound)
}
