//! The import of a tree of service points from a CSV file with the columns `code,name,parent_code,tier`.
//!
//! The whole file is checked before anything is written, and every fault is told with its line. A point is known by
//! its region code, so the same file can be imported again: what is there stays, what has another name is renamed.
//! A point that would hang elsewhere is a fault: moving is a decision with a date and a reason, not an import.

use std::{
    collections::{HashMap, HashSet},
    io::Read,
    sync::Arc,
};

use super::{audit, roll_up, setup};
use crate::{
    auth::{Authorized, Gate, Ready, Tx, can},
    db::{
        Cost,
        service_points::{self, ServicePoint},
    },
    domain::{
        Id, PointPath, Text,
        codes::{PointStatus, Tier},
        region,
    },
    error::{Error, Result},
};

/// So many rows share a transaction, so that a server at work is never held up for long.
const CHUNK: usize = 500;

/// A fault of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineFault {
    /// The line, from 1; the header is line 1.
    pub line: u64,
    /// What is wrong and what to do.
    pub message: String,
}

/// What an import did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Points opened.
    pub opened: usize,
    /// Points given another name.
    pub renamed: usize,
    /// Points that were there already.
    pub unchanged: usize,
}

/// Why nothing was imported.
#[derive(Debug)]
pub enum ImportError {
    /// The file has these faults.
    Faults(Vec<LineFault>),
    /// Something else.
    Other(Error),
}

impl From<Error> for ImportError {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

#[derive(Clone, Debug)]
struct Row {
    line: u64,
    code: String,
    name: String,
    parent_code: String,
    tier: Tier,
}

#[derive(Clone, Debug)]
enum Step {
    Open(Row),
    Rename(Id, String, Option<String>),
}

/// Imports a file, or only says what that would do.
///
/// # Errors
/// Every fault of the file; nothing was written then.
pub async fn import(gate: &Arc<Gate>, file: impl Read, dry_run: bool) -> Result<Outcome, ImportError> {
    import_as(&gate.operator::<can::ManagePoints>("points import"), file, dry_run).await
}

/// The same for whoever may manage points.
///
/// # Errors
/// As for [`import`].
pub async fn import_as(
    access: &Authorized<can::ManagePoints>,
    file: impl Read,
    dry_run: bool,
) -> Result<Outcome, ImportError> {
    let parsed = parse(file)?;
    let known = access
        .read(Cost::Slow, (), |tx, ()| {
            let mut known = service_points::with_region_codes(tx.conn())?;
            // A root that was made before it had a code takes the file's.
            known.extend(service_points::root(tx.conn())?.filter(|root| root.region_code.is_none()));
            Ok(known)
        })
        .await?;
    let (steps, outcome) = plan(parsed, &known)?;
    if !dry_run {
        for chunk in steps.chunks(CHUNK) {
            access
                .write(Ready(Ok(chunk.to_vec())), |tx, steps| steps.iter().try_for_each(|step| take(tx, step)))
                .await?;
        }
    }
    Ok(outcome)
}

/// What could be read of a file, and what could not.
struct Parsed {
    rows: Vec<Row>,
    faults: Vec<LineFault>,
    /// The codes of lines with faults: their children are not to be told that they have no parent.
    faulty_codes: HashSet<String>,
}

/// Reads the file.
fn parse(mut file: impl Read) -> Result<Parsed, ImportError> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|error| Error::internal(format!("the file cannot be read: {error}")))?;
    let mut lines = Lines { bytes: &bytes, at: 0, line: 1 };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
    let fault = |line, message: &str| LineFault { line, message: message.to_owned() };
    let unreadable = |line, error: &csv::Error| {
        fault(line, &format!("cannot be read: {}; the file must be CSV in UTF-8", reason(error)))
    };
    let header = reader.byte_headers().map_err(|error| ImportError::Faults(vec![unreadable(1, &error)]))?;
    let names: Vec<&[u8]> = header.iter().map(|name| name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name)).collect();
    if names != [b"code".as_slice(), b"name", b"parent_code", b"tier"] {
        return Err(ImportError::Faults(vec![fault(1, "the header must be code,name,parent_code,tier")]));
    }
    let (mut rows, mut faults, mut faulty_codes) = (Vec::new(), Vec::new(), HashSet::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                // The reader goes on with the next line.
                faults.push(unreadable(lines.of(error.position()), &error));
                continue;
            }
        };
        let line = lines.of(record.position());
        if record.len() != 4 {
            faults.push(fault(line, &format!("has {} columns instead of 4", record.len())));
            continue;
        }
        let [code, name, parent_code, tier] = [0, 1, 2, 3].map(|at| Text::new(&record[at]));
        let before = faults.len();
        if !region::is_region_code(&code) {
            faults.push(fault(line, &format!("the code \"{code}\" is not 12 digits")));
        }
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            faults.push(fault(line, "the name must have 1 to 100 printable characters"));
        }
        // The statistical divisions call the top tier by another word.
        let tier = if &*tier == "city" { Some(Tier::Bureau) } else { Tier::from_code(&tier) };
        if tier.is_none() {
            faults.push(fault(line, "the tier must be bureau (or city), county, township or village"));
        }
        if let (Some(tier), true) = (tier, faults.len() == before) {
            let [code, name, parent_code] = [code, name, parent_code].map(Text::into_string);
            rows.push(Row { line, code, name, parent_code, tier });
        } else {
            faulty_codes.insert(code.into_string());
        }
    }
    Ok(Parsed { rows, faults, faulty_codes })
}

/// Counts lines. The reader's own count is that of where it stopped before a record, with the rest of the last line's end
/// and any empty lines still to come.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which a record begins, from 1. Records are asked for in their order.
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let from = position.map_or(self.at, |position| usize::try_from(position.byte()).unwrap_or(self.at));
        let rest = self.bytes.get(from..).unwrap_or_default();
        let begin = from + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.bytes.get(self.at..begin).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = self.at.max(begin);
        self.line
    }
}

fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { err, .. } => format!("column {} is not UTF-8", err.field() + 1),
        _ => error.to_string(),
    }
}

/// Compares the file with the tree.
fn plan(parsed: Parsed, known: &[ServicePoint]) -> Result<(Vec<Step>, Outcome), ImportError> {
    let Parsed { rows, mut faults, faulty_codes } = parsed;
    let by_code: HashMap<&str, &ServicePoint> =
        known.iter().filter_map(|point| Some((point.region_code.as_deref()?, point))).collect();
    let code_of: HashMap<Id, &str> =
        known.iter().filter_map(|point| Some((point.id, point.region_code.as_deref()?))).collect();
    let root = known.iter().find(|point| point.parent_id.is_none());
    let mut tiers: HashMap<&str, (Tier, u64)> = HashMap::new();
    let mut fault = |row: &Row, message: String| faults.push(LineFault { line: row.line, message });
    let mut first_root = None;
    for row in &rows {
        if let Some((_, line)) = tiers.insert(&row.code, (row.tier, row.line)) {
            fault(row, format!("the code {} stands in line {line} already", row.code));
        }
        if row.tier == Tier::Bureau && first_root.replace(row.line).is_some() {
            fault(row, "a network has one root only".to_owned());
        }
    }
    let (mut steps, mut outcome) = (Vec::new(), Outcome::default());
    for row in &rows {
        let present = by_code
            .get(row.code.as_str())
            .copied()
            .or_else(|| root.filter(|root| row.tier == Tier::Bureau && root.region_code.is_none()));
        if row.tier == Tier::Bureau && present.is_none() && root.is_some() {
            fault(row, "the network has another root already".to_owned());
        }
        if let Some(parent_tier) = row.tier.parent() {
            let parent_code = row.parent_code.as_str();
            let found = tiers
                .get(parent_code)
                .map(|(tier, _)| *tier)
                .or_else(|| by_code.get(parent_code).map(|point| point.tier));
            match found {
                None if faulty_codes.contains(parent_code) => {}
                None => fault(row, format!("the parent {parent_code} is neither in the file nor in the network")),
                Some(tier) if tier != parent_tier => fault(
                    row,
                    format!(
                        "a {} hangs under a {}, and {parent_code} is a {}",
                        row.tier.code(),
                        parent_tier.code(),
                        tier.code()
                    ),
                ),
                Some(_) => {}
            }
        }
        match present {
            Some(point) if point.tier != row.tier => {
                fault(row, format!("{} is a {} in the network", row.code, point.tier.code()));
            }
            Some(point)
                if point.parent_id.is_some_and(|parent| code_of.get(&parent) != Some(&row.parent_code.as_str())) =>
            {
                fault(row, format!("{} hangs under another parent in the network; move it there first", row.code));
            }
            Some(point) if point.name != row.name || point.region_code.is_none() => {
                outcome.renamed += 1;
                steps.push(Step::Rename(point.id, row.name.clone(), Some(row.code.clone())));
            }
            Some(_) => outcome.unchanged += 1,
            None => {
                outcome.opened += 1;
                steps.push(Step::Open(row.clone()));
            }
        }
    }
    if !faults.is_empty() {
        faults.sort();
        return Err(ImportError::Faults(faults));
    }
    // Parents before children; within a tier the order of the file.
    steps.sort_by_key(|step| match step {
        Step::Rename(..) => 0,
        Step::Open(row) => row.tier.depth(),
    });
    Ok((steps, outcome))
}

fn take(tx: &mut Tx<'_, can::ManagePoints>, step: &Step) -> Result<()> {
    match step {
        Step::Rename(id, name, region_code) => {
            let before = tx.find(*id, service_points::find_locked)?;
            let after = ServicePoint {
                name: name.clone(),
                region_code: region_code.clone(),
                version: before.version + 1,
                updated_at: tx.now(),
                ..before.clone()
            };
            service_points::update(tx.conn(), &after)?;
            service_points::index_again(tx.conn(), &after)?;
            audit::changed(tx, "service_point.import", &before, &after, None)?;
            roll_up::village(tx, Some(&before), &after)
        }
        // Another import may have been quicker.
        Step::Open(row) if service_points::by_region_code(tx.conn(), &row.code)?.is_some() => Ok(()),
        Step::Open(row) if row.tier == Tier::Bureau => {
            setup::make_root(tx, Some(row.code.clone()), &row.name).map(drop)
        }
        Step::Open(row) => open(tx, row),
    }
}

fn open(tx: &mut Tx<'_, can::ManagePoints>, row: &Row) -> Result<()> {
    let gone = || Error::internal(format!("line {}: the parent {} has gone meanwhile", row.line, row.parent_code));
    let parent = service_points::by_region_code(tx.conn(), &row.parent_code)?.ok_or_else(gone)?;
    // Read again under its lock: a server at work may have moved or closed it.
    let parent = tx.find(parent.id, service_points::find_shared)?;
    if parent.status.ended() {
        return Err(gone());
    }
    let id = tx.new_id();
    let path: PointPath = parent.path.child(id);
    let point = ServicePoint {
        id,
        parent_id: Some(parent.id),
        path,
        tier: row.tier,
        region_code: Some(row.code.clone()),
        name: row.name.clone(),
        status: PointStatus::Active,
        opened_on: tx.today(),
        closed_on: None,
        address: None,
        longitude_e6: None,
        latitude_e6: None,
        contact_name: None,
        contact_phone: None,
        version: 1,
        created_by: None,
        request_digest: None,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    service_points::insert(tx.conn(), &point)?;
    audit::created(tx, "service_point.import", &point)?;
    roll_up::village(tx, None, &point)
}
